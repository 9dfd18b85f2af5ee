"""Cases as they are read: ids, named instants, words read in several ways, and rows that stand there twice."""

from __future__ import annotations

from typing import Any

import pytest

from slacheck.language.conditions import read
from slacheck.problems import DataError, Problem
from slacheck.sources.cases import order_of
from tests.sources.opener import Opener, us, words

TERMS: dict[str, Any] = {"shape": "cases", "columns": {"id": "number", "opened": "opened_at"}}
INSTANTS = words(instants=["opened", "resolved"])


def problems(opener: Opener, csv: str, terms: dict[str, Any], asked: Any = INSTANTS) -> list[Problem]:
    with pytest.raises(DataError) as raised:
        opener("tickets", csv, terms, asked)
    return list(raised.value.problems)


def test_named_instants_are_microseconds_of_utc_or_nothing(opener: Opener) -> None:
    csv = """
        number,opened_at,resolved
        A-1,2026-10-01T08:00:00+02:00,2026-10-01T09:30:00.5Z
        A-2,2026-10-02,
    """
    export = opener("tickets", csv, TERMS, INSTANTS, civil="Europe/London")
    assert opener.rows(export, ["r_id", export.instants["opened"], export.instants["resolved"]]) == [
        ("A-1", us("2026-10-01T06:00"), us("2026-10-01T09:30:00.5")),
        # A date is the midnight of the agreement's zone: summer time in London.
        ("A-2", us("2026-10-01T23:00"), None),
    ]


def test_instants_follow_time_format_nulls_and_the_zone_of_the_source(opener: Opener) -> None:
    terms = {**TERMS, "time_format": "%d.%m.%Y %H:%M", "timezone": "Europe/Berlin", "nulls": ["NULL"]}
    csv = "number,opened_at,resolved\nA-1,01.12.2026 08:00,NULL\n"
    export = opener("tickets", csv, terms, INSTANTS)
    assert opener.rows(export, [export.instants["opened"], export.instants["resolved"]]) == [
        (us("2026-12-01T07:00"), None)
    ]


def test_one_word_may_be_text_and_instant_and_number(opener: Opener) -> None:
    terms = {**TERMS, "time_format": "epoch-seconds"}
    export = opener(
        "tickets", "number,opened_at\n7,1790812800\n", terms, words(["opened", "id"], ["opened", "id"], ["opened"])
    )
    columns = [export.words["opened"], export.numbers["opened"], export.instants["opened"], export.words["id"]]
    assert opener.rows(export, columns) == [("1790812800", 1790812800 * 10**18, 1790812800 * 10**6, "7")]
    assert export.words["id"] == "r_id"


def test_a_role_that_is_an_instant_is_not_read_twice(opener: Opener) -> None:
    terms = {"shape": "events", "columns": {"start": "from", "end": "to", "seen": "noticed"}}
    csv = "from,to,noticed\n2026-10-01T00:00:00Z,,2026-10-01T00:05:00Z\n"
    export = opener("log", csv, terms, words(instants=["start", "end", "seen"]))
    assert (export.instants["start"], export.instants["end"]) == ("r_start", "r_end")
    assert opener.rows(export, [export.instants["seen"], "r_end"]) == [(us("2026-10-01T00:05"), None)]


def test_words_of_cases_may_be_called_like_roles_of_other_shapes(opener: Opener) -> None:
    terms = {"shape": "cases", "columns": {"id": "n", "start": "a", "at": "b"}}
    export = opener("jobs", "n,a,b\n1,2026-10-01,\n", terms, words(instants=["start"], text=["at"]))
    assert opener.rows(export, [export.instants["start"], export.words["at"]]) == [(us("2026-10-01T00:00"), None)]


def test_a_cell_that_is_no_instant_is_named(opener: Opener) -> None:
    csv = "number,opened_at,resolved\nA-1,2026-10-01T08:00:00Z,\nA-2,2026-10-01T08:00:00Z,soon\n"
    (problem,) = problems(opener, csv, TERMS)
    assert (problem.place, problem.code) == ("tickets.csv, row 3, column 'resolved'", "bad-time")


def test_an_hour_that_the_clocks_skip_is_named(opener: Opener) -> None:
    # Berlin goes from 02:00 to 03:00 on 2026-03-29.
    csv = "number,opened_at,resolved\nA-1,2026-03-29 01:59,2026-03-29 02:30\n"
    (problem,) = problems(opener, csv, {**TERMS, "timezone": "Europe/Berlin"})
    assert (problem.place, problem.code) == ("tickets.csv, row 2, column 'resolved'", "unclear-time")
    assert "skip" in problem.message


def test_an_hour_that_the_clocks_show_twice_is_named_unless_it_is_said_which(opener: Opener) -> None:
    csv = "number,opened_at,resolved\nA-1,2026-10-25 01:00,2026-10-25 02:30\n"
    (problem,) = problems(opener, csv, {**TERMS, "timezone": "Europe/Berlin"})
    assert (problem.place, problem.code) == ("tickets.csv, row 2, column 'resolved'", "unclear-time")
    said = {**TERMS, "timezone": "Europe/Berlin", "ambiguous_times": "later"}
    export = opener("tickets", csv, said, INSTANTS)
    assert opener.rows(export, [export.instants["resolved"]]) == [(us("2026-10-25T01:30"),)]


def test_a_time_without_a_zone_is_refused_and_its_column_named(opener: Opener) -> None:
    csv = "number,opened_at,resolved\nA-1,2026-10-01T08:00:00Z,2026-10-01 09:00\n"
    (problem,) = problems(opener, csv, TERMS)
    assert (problem.code, problem.field) == ("no-zone", "resolved")


def test_every_case_has_an_id(opener: Opener) -> None:
    (problem,) = problems(opener, "number,opened_at,resolved\n,2026-10-01T08:00:00Z,\n", TERMS)
    assert (problem.place, problem.code) == ("tickets.csv, row 2, column 'number'", "missing-cell")


def test_a_case_that_stands_twice_is_refused_with_both_rows(opener: Opener) -> None:
    csv = """
        number,opened_at,resolved
        A-1,2026-10-01T08:00:00Z,
        A-2,2026-10-01T08:00:00Z,
        A-1,2026-10-01T08:00:00Z,2026-10-01T09:00:00Z
        A-1,2026-10-01T08:00:00Z,2026-10-01T10:00:00Z
    """
    (problem,) = problems(opener, csv, TERMS)
    assert (problem.place, problem.code) == ("tickets.csv, row 4, column 'number'", "duplicate-case")
    assert problem.message == "the case 'A-1' stands here and in row 2; 3 rows in all"
    assert "repeats: last" in problem.help


def test_cases_of_two_files_are_told_apart_by_the_file(opener: Opener) -> None:
    opener.write("more", "number,opened_at,resolved\nA-1,2026-10-01T09:00:00Z,")
    csv = "number,opened_at,resolved\nA-1,2026-10-01T08:00:00Z,\n"
    (problem,) = problems(opener, csv, {**TERMS, "path": ["tickets.csv", "more.csv"]})
    assert (problem.path, problem.row) == ("more.csv", 2)
    assert problem.message == "the case 'A-1' stands here and in tickets.csv, row 2"


def test_five_repeated_cases_are_shown_and_all_are_counted(opener: Opener) -> None:
    rows = "\n".join(f"A-{n},2026-10-01T08:00:00Z," for n in [*range(7), *range(7)])
    found = problems(opener, f"number,opened_at,resolved\n{rows}\n", TERMS)
    assert [problem.row for problem in found] == [9, 10, 11, 12, 13, 0]
    assert found[-1].message == "7 cases stand in more than one row; 5 are shown"


def test_rows_that_where_drops_are_no_repetition(opener: Opener) -> None:
    terms = {**TERMS, "where": {"kind": ["state"]}}
    csv = "number,opened_at,resolved,kind\nA-1,2026-10-01T08:00:00Z,,state\nA-1,yesterday,,comment\n"
    export = opener("tickets", csv, terms, words(text=["kind"], instants=["opened"]))
    assert opener.rows(export, ["r_id"]) == [("A-1",)]


LAST = {**TERMS, "repeats": "last"}


def test_the_last_row_of_a_case_may_stand_for_it(opener: Opener) -> None:
    opener.write("more", "number,opened_at,resolved\nA-2,2026-10-01T08:00:00Z,2026-10-01T12:00:00Z")
    csv = """
        number,opened_at,resolved
        A-1,2026-10-01T08:00:00Z,2026-10-01T11:00:00Z
        A-2,2026-10-01T08:00:00Z,
        A-1,2026-10-01T08:00:00Z,
    """
    export = opener("tickets", csv, {**LAST, "path": ["tickets.csv", "more.csv"]}, INSTANTS)
    rows = opener.rows(export, ["r_id", export.instants["resolved"]])
    assert rows == [("A-1", None), ("A-2", us("2026-10-01T12:00"))]
    assert export.replaced == 2
    assert [export.place(rowid) for (rowid,) in opener.scratch.rows(export.frame.select("rowid").sort("rowid"))] == [
        "tickets.csv:4",
        "more.csv:2",
    ]


def test_cells_of_a_row_that_is_replaced_are_not_looked_at_but_its_id_is(opener: Opener) -> None:
    csv = "number,opened_at,resolved\nA-1,soon,\nA-1,2026-10-01T08:00:00Z,\n"
    assert opener("tickets", csv, LAST, INSTANTS).replaced == 1
    (problem,) = problems(opener, f"{csv},soon,\n", LAST, words(instants=["resolved"]))
    assert (problem.row, problem.field) == (4, "number")
    # Without an id nothing tells that a row is replaced.
    nameless = problems(opener, f"{csv},soon,\n,soon,\n", LAST, words(instants=["resolved"]))
    assert [problem.row for problem in nameless] == [4, 5]
    (late,) = problems(opener, "number,opened_at,resolved\nA-1,2026-10-01T08:00:00Z,\nA-1,soon,\n", LAST)
    assert (late.row, late.field) == (3, "opened_at")


def test_where_reads_the_last_row_of_a_case(opener: Opener) -> None:
    terms = {**LAST, "where": {"severity": ["hard"]}}
    csv = "number,opened_at,severity\nA-1,2026-10-01,hard\nA-2,2026-10-01,hard\nA-1,2026-10-01,soft\n"
    export = opener("tickets", csv, terms, words(text=["severity"], instants=["opened"]))
    assert opener.rows(export, ["r_id"]) == [("A-2",)]


def test_units_and_the_decimal_mark_decide_what_a_cell_is(opener: Opener) -> None:
    terms = {**TERMS, "units": {"rate": "%", "part": "fraction", "wait": "min"}, "decimal": ","}
    csv = 'number,opened_at,rate,part,wait\nA-1,2026-10-01,"99,9","0,25","1,5"\nA-2,2026-10-01,100,"0,75",2\n'
    export = opener("tickets", csv, terms, words(numbers=["rate", "part", "wait"]))
    for condition, ids in (
        ({"rate": "> 99.9%"}, ["A-2"]),
        ({"rate": "= 99.9%"}, ["A-1"]),
        ({"part": ">= 75%"}, ["A-2"]),
        ({"part": "< 25.000001%"}, ["A-1"]),
        ({"wait": "<= 90s"}, ["A-1"]),
    ):
        matching = opener.scratch.rows(export.matching(read(condition)).select("r_id"))
        assert [row[0] for row in matching] == ids


def test_grouped_thousands_are_refused_where_the_comma_is_the_decimal_mark(opener: Opener) -> None:
    csv = "number,opened_at,cost\nA-1,2026-10-01,1.234\n"
    (problem,) = problems(opener, csv, {**TERMS, "decimal": ","}, words(numbers=["cost"]))
    assert (problem.code, problem.field, problem.row) == ("two-readings", "cost", 2)


def test_cases_whose_instants_are_out_of_order_are_counted_and_shown(opener: Opener) -> None:
    late, early = "2026-10-01T09:00:00Z", "2026-10-01T08:00:00Z"
    wrong = [f"B-{n},{late},{early}" for n in range(6)]
    rows = "\n".join([f"A-1,{early},{late}", f"A-2,{late},", f"A-3,,{early}", f"A-4,{late},{late}", *wrong])
    export = opener("tickets", f"number,opened_at,resolved\n{rows}\n", TERMS, INSTANTS)
    found = order_of(opener.scratch, export, "opened", "resolved")
    assert found.rows == 6
    assert found.places == tuple(f"tickets.csv:{row}" for row in range(6, 11))
    none = order_of(opener.scratch, export, "opened", "opened")
    assert (none.rows, none.places) == (0, ())


def test_an_empty_export_of_cases_must_be_declared(opener: Opener) -> None:
    (problem,) = problems(opener, "number,opened_at,resolved\n", TERMS)
    assert problem.code == "no-rows"
    assert "absent_rows: empty" in problem.help
    assert opener.rows(opener("tickets", "number,opened_at,resolved\n", {**TERMS, "absent_rows": "empty"}), []) == []
