"""Registers joined to records and looked up, compared with numbers worked by hand and with a plain loop."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.language.conditions import read
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export
from slacheck.sources.registers import Lacking, Sum, enriched, facts, figures, sums
from tests.sources.opener import Opener, us, words

TICKETS = """
    ticket,line,opened
    T-1,c-1,2026-10-01T00:00:00Z
    T-2,c-9,2026-10-02T00:00:00Z
    T-3,c-2,2026-10-03T00:00:00Z
    T-4,,2026-10-04T00:00:00Z
    T-5,c-1,2026-10-05T00:00:00Z
"""
TICKET_TERMS: dict[str, Any] = {"shape": "cases", "columns": {"id": "ticket", "circuit": "line"}}
CIRCUITS = "ref,access,charge,installed\nc-2,on-net,250.50,2025-01-01\nc-1,off-net,1200,\nc-3,on-net,1,2025-01-01\n"
CIRCUIT_TERMS: dict[str, Any] = {
    "shape": "register",
    "key": "circuit",
    "columns": {"circuit": "ref", "tier": "access", "mrc": "charge"},
}


def tickets(opener: Opener) -> Export:
    return opener("tickets", TICKETS, TICKET_TERMS, words(["circuit"], instants=["opened"]))


def problems(opener: Opener, csv: str, terms: dict[str, Any]) -> list[Problem]:
    with pytest.raises(DataError) as raised:
        opener("circuits", csv, terms)
    return list(raised.value.problems)


def test_facts_join_every_record_with_the_key(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"], ["mrc"], ["installed"]))
    asked = words(["circuit", "tier"], ["mrc"], ["opened", "installed"])
    found, lacking = enriched(opener.scratch, tickets(opener), {"circuits": circuits}, asked)
    columns = ["r_id", found.words["tier"], found.numbers["mrc"], found.instants["installed"]]
    assert opener.rows(found, columns) == [
        ("T-1", "off-net", 1200 * 10**18, None),
        ("T-2", None, None, None),
        ("T-3", "on-net", 25050 * 10**16, us("2025-01-01T00:00")),
        ("T-4", None, None, None),
        ("T-5", "off-net", 1200 * 10**18, None),
    ]
    # T-2 leads nowhere, and T-4 leads to nothing at all.
    assert lacking == (Lacking("circuits", 2, 0, "tickets.csv:3", ("c-9",)),)
    matching = found.matching(read({"tier": "off-net", "mrc": ">= 1200"}))
    assert opener.scratch.rows(matching.select("rowid").sort("rowid")) == [(0,), (4,)]
    assert found.place(4) == "tickets.csv:6"


def test_nothing_is_joined_where_no_register_is_asked(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS)
    export = tickets(opener)
    assert enriched(opener.scratch, export, {"circuits": circuits}, words(["circuit"])) == (export, ())


def test_units_of_a_register_go_with_its_words(opener: Opener) -> None:
    terms = {**CIRCUIT_TERMS, "columns": {"circuit": "ref", "wait": "wait_s"}, "units": {"wait": "s"}}
    circuits = opener("circuits", "ref,wait_s\nc-1,90\nc-2,30\n", terms, words(numbers=["wait"]))
    found, _ = enriched(opener.scratch, tickets(opener), {"circuits": circuits}, words(numbers=["wait"]))
    matching = found.matching(read({"wait": "> 1m"}))
    assert opener.scratch.rows(matching.select("r_id").sort("r_id")) == [("T-1",), ("T-5",)]


def test_two_registers_may_be_joined_one_after_the_other(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"]))
    extra = {"shape": "register", "key": "circuit", "columns": {"circuit": "c", "weight": "w"}}
    weights = opener("weights", "c,w\nc-9,2\n", extra, words(numbers=["weight"]))
    asked = words(["tier"], ["weight"])
    found, lacking = enriched(opener.scratch, tickets(opener), {"circuits": circuits, "weights": weights}, asked)
    rows = opener.rows(found, [found.words["tier"], found.numbers["weight"]])
    assert rows == [("off-net", None), (None, 2 * 10**18), ("on-net", None), (None, None), ("off-net", None)]
    assert [(each.register, each.records, each.place) for each in lacking] == [
        ("circuits", 2, "tickets.csv:3"),
        ("weights", 4, "tickets.csv:2"),
    ]


def test_a_key_of_two_words_needs_both(opener: Opener) -> None:
    terms = {"shape": "register", "key": ["class", "region"], "columns": {"fee": "eur"}}
    fees = opener("fees", "class,region,eur\nstd,eu,1\nstd,us,2\ncold,eu,3\n", terms, words(["fee"]))
    csv = "n,class,region\n1,std,us\n2,cold,us\n3,cold,eu\n4,std,\n"
    export = opener("orders", csv, {"shape": "cases", "columns": {"id": "n"}}, words(["class", "region"]))
    found, lacking = enriched(opener.scratch, export, {"fees": fees}, words(["fee"]))
    assert opener.rows(found, [found.words["fee"]]) == [("2",), (None,), ("3",), (None,)]
    assert lacking == (Lacking("fees", 2, 0, "orders.csv:3", ("cold", "us")),)


DATED: dict[str, Any] = {
    "shape": "register",
    "key": "circuit",
    "columns": {"circuit": "ref", "valid_from": "since", "tier": "access"},
}


def test_the_row_in_force_at_the_record_s_instant_counts(opener: Opener) -> None:
    csv = """
        ref,since,access
        c-1,2026-10-05T00:00:00Z,gold
        c-2,2026-10-03T00:00:00.000001Z,gold
        c-1,2026-09-01,bronze
        c-1,2026-10-05T00:00:00.000001Z,late
        c-9,2026-10-01,
    """
    circuits = opener("circuits", csv, DATED, words(["tier"]))
    export = tickets(opener)
    found, lacking = enriched(
        opener.scratch, export, {"circuits": circuits}, words(["tier"]), export.instants["opened"]
    )
    # T-5 is of the very instant from which gold holds; T-3 comes a microsecond too early for any row of c-2; the cell
    # of c-9 is empty, which is a fact, and not a row that is missing.
    assert opener.rows(found, [found.words["tier"]]) == [("bronze",), (None,), (None,), (None,), ("gold",)]
    assert lacking == (Lacking("circuits", 2, 1, "tickets.csv:4", ("c-2",)),)


def test_a_record_without_an_instant_has_no_row_in_force(opener: Opener) -> None:
    circuits = opener("circuits", "ref,since,access\nc-1,2026-09-01,gold\n", DATED, words(["tier"]))
    export = opener("tickets", "ticket,line,opened\nT-1,c-1,\n", TICKET_TERMS, words(["circuit"], instants=["opened"]))
    found, lacking = enriched(
        opener.scratch, export, {"circuits": circuits}, words(["tier"]), export.instants["opened"]
    )
    assert opener.rows(found, ["r_id", found.words["tier"]]) == [("T-1", None)]
    assert lacking == (Lacking("circuits", 1, 0, "tickets.csv:2", ("c-1",)),)


def test_a_dated_register_joins_events_by_their_start(opener: Opener) -> None:
    csv = "from,to,circuit\n2026-10-02T00:00:00Z,,c-1\n2026-08-01T00:00:00Z,,c-1\n"
    export = opener("log", csv, {"shape": "events", "columns": {"start": "from", "end": "to"}}, words(["circuit"]))
    circuits = opener("circuits", "ref,since,access\nc-1,2026-09-01,gold\n", DATED, words(["tier"]))
    found, _ = enriched(opener.scratch, export, {"circuits": circuits}, words(["tier"]), "r_start")
    assert opener.rows(found, [found.words["tier"]]) == [("gold",), (None,)]


FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(["a", "b", "c"])
DAYS = st.integers(1, 28)


@FEW
@given(
    rows=st.dictionaries(st.tuples(KEYS, DAYS), st.integers(0, 99), min_size=1, max_size=12),
    records=st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d", ""]), DAYS), min_size=1, max_size=12),
)
def test_facts_in_force_are_those_that_a_loop_finds(
    opener: Opener, rows: dict[tuple[str, int], int], records: list[tuple[str, int]]
) -> None:
    csv = "\n".join(["ref,since,access", *(f"{key},2026-10-{day:02},{fact}" for (key, day), fact in rows.items())])
    circuits = opener("circuits", csv, DATED, words(["tier"]))
    lines = [f"T-{n},{key},2026-10-{day:02}" for n, (key, day) in enumerate(records)]
    export = opener(
        "tickets",
        "\n".join(["ticket,line,opened", *lines]),
        TICKET_TERMS,
        words(["circuit"], instants=["opened"]),
    )
    found, lacking = enriched(
        opener.scratch, export, {"circuits": circuits}, words(["tier"]), export.instants["opened"]
    )

    def in_force(key: str, day: int) -> str | None:
        begun = [(since, fact) for (other, since), fact in rows.items() if other == key and since <= day]
        return str(max(begun)[1]) if begun else None

    expected = [in_force(key, day) for key, day in records]
    assert [cell for (cell,) in opener.rows(found, [found.words["tier"]])] == expected
    assert sum(each.records for each in lacking) == expected.count(None)
    known = {key for key, _ in rows}
    early = sum(in_force(key, day) is None and key in known for key, day in records)
    assert sum(each.early for each in lacking) == early
    for day in (1, 15, 28):
        at = facts(opener.scratch, circuits, ["tier"], us(f"2026-10-{day:02}T00:00"))
        assert at == {(key,): {"tier": in_force(key, day)} for key in sorted(known) if in_force(key, day) is not None}


def test_two_rows_of_one_key_are_refused(opener: Opener) -> None:
    (problem,) = problems(opener, "ref,access,charge\nc-1,a,1\nc-2,a,1\nc-1,a,1\n", CIRCUIT_TERMS)
    assert (problem.place, problem.code) == ("circuits.csv, row 4, column 'ref'", "duplicate-key")
    assert problem.message == "'c-1' stands here and in row 2"
    assert "valid_from" in problem.help


def test_two_rows_of_one_key_and_instant_are_refused(opener: Opener) -> None:
    csv = "ref,since,access\nc-1,2026-10-01,a\nc-1,2026-10-02,a\nc-1,2026-10-01T00:00:00Z,b\n"
    (problem,) = problems(opener, csv, DATED)
    assert (problem.place, problem.code) == ("circuits.csv, row 4, column 'ref'", "duplicate-key")
    assert problem.message == "'c-1' stands here and in row 2, valid from the same instant"


def test_rows_of_two_words_repeat_only_where_both_do(opener: Opener) -> None:
    terms = {"shape": "register", "key": ["class", "region"], "columns": {"fee": "eur"}}
    (problem,) = problems(opener, "class,region,eur\nstd,eu,1\nstd,us,2\nstd,eu,3\n", terms)
    assert problem.message == "'std, eu' stands here and in row 2"


def test_a_row_needs_its_key_and_its_date(opener: Opener) -> None:
    found = problems(opener, "ref,since,access\n,2026-10-01,a\nc-1,,a\nc-2,1st of May,a\n", DATED)
    assert [(problem.row, problem.field, problem.code) for problem in found] == [
        (2, "ref", "missing-cell"),
        (3, "since", "missing-cell"),
        (4, "since", "bad-time"),
    ]


def test_a_naive_date_of_a_register_is_named(opener: Opener) -> None:
    (problem,) = problems(opener, "ref,since,access\nc-1,2026-10-01 08:00,a\n", DATED)
    assert (problem.code, problem.place) == ("no-zone", "circuits.csv, row 2, column 'since'")


def test_where_chooses_the_rows_of_a_register(opener: Opener) -> None:
    terms = {**CIRCUIT_TERMS, "where": {"state": ["live"]}}
    csv = "ref,access,charge,state\nc-1,a,1,closed\nc-1,b,2,live\n,,,closed\n"
    circuits = opener("circuits", csv, terms, words(["tier", "state"]))
    assert facts(opener.scratch, circuits, ["tier"]) == {("c-1",): {"tier": "b"}}


def test_a_word_of_two_registers_is_refused(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"]))
    other = opener("other", CIRCUITS, CIRCUIT_TERMS, words(["tier"]))
    with pytest.raises(DataError, match="'tier' stands in the registers 'a' and 'b'"):
        enriched(opener.scratch, tickets(opener), {"b": circuits, "a": other}, words(["tier"]))


def test_exports_must_have_been_opened_with_the_words(opener: Opener) -> None:
    bare = opener("circuits", CIRCUITS, CIRCUIT_TERMS)
    with pytest.raises(ValueError, match=r"'circuits' was opened without the words \['tier'\]"):
        enriched(opener.scratch, tickets(opener), {"circuits": bare}, words(["tier"]))
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"]))
    export = opener("tickets", TICKETS, TICKET_TERMS)
    with pytest.raises(ValueError, match=r"'tickets' was opened without the words \['circuit'\]"):
        enriched(opener.scratch, export, {"circuits": circuits}, words(["tier"]))
    dated = opener("circuits", "ref,since,access\nc-1,2026-10-01,a\n", DATED, words(["tier"]))
    with pytest.raises(ValueError, match="no instant"):
        enriched(opener.scratch, tickets(opener), {"circuits": dated}, words(["tier"]))


def test_facts_are_looked_up_by_key(opener: Opener) -> None:
    terms = {**CIRCUIT_TERMS, "units": {"mrc": "ms"}}
    circuits = opener("circuits", CIRCUITS, terms, words(["tier", "installed"], ["mrc"]))
    assert facts(opener.scratch, circuits, ["tier", "installed"]) == {
        ("c-1",): {"tier": "off-net", "installed": None},
        ("c-2",): {"tier": "on-net", "installed": "2025-01-01"},
        ("c-3",): {"tier": "on-net", "installed": "2025-01-01"},
    }
    # 250.5 ms are 250,500 microseconds.
    assert figures(opener.scratch, circuits, ["mrc"])["c-2",] == {"mrc": Fraction(250_500)}


def test_figures_keep_every_digit(opener: Opener) -> None:
    terms = {**CIRCUIT_TERMS, "units": {"mrc": "%"}}
    circuits = opener("circuits", "ref,access,charge\nc-1,a,99.95\nc-2,a,\n", terms, words(numbers=["mrc"]))
    assert figures(opener.scratch, circuits, ["mrc"]) == {
        ("c-1",): {"mrc": Fraction("0.9995")},
        ("c-2",): {"mrc": None},
    }


def test_a_register_without_a_key_holds_facts_for_everything(opener: Opener) -> None:
    seats = opener(
        "seats", "licensed\n120\n", {"shape": "register", "columns": {"users": "licensed"}}, words(["users"])
    )
    assert facts(opener.scratch, seats, ["users"]) == {(): {"users": "120"}}
    two = opener(
        "two", "licensed\n120\n130\n", {"shape": "register", "columns": {"users": "licensed"}}, words(["users"])
    )
    with pytest.raises(DataError, match=r"two.csv, row 3: 'two' has no key, and two.csv:2 says"):
        facts(opener.scratch, two, ["users"])
    terms = {"shape": "register", "columns": {"users": "licensed", "valid_from": "since"}}
    dated = opener("dated", "licensed,since\n130,2026-10-02\n120,2026-10-01\n", terms, words(["users"]))
    assert facts(opener.scratch, dated, ["users"], us("2026-10-01T23:00")) == {(): {"users": "120"}}
    assert facts(opener.scratch, dated, ["users"], us("2026-09-30T23:00")) == {}


INVOICES: dict[str, Any] = {
    "shape": "register",
    "key": ["class", "region"],
    "columns": {"class": "tier", "region": "region", "at": "month", "bill": "amount"},
}
BILLS = """
    tier,region,month,amount
    std,eu,2026-10,0.1
    std,eu,2026-10-31T23:59:59Z,0.2
    std,us,2026-10,1
    std,us,2026-10-15,
    std,eu,2026-11,1000
    cold,eu,2026-09-30,1000
"""
OCTOBER = (us("2026-10-01T00:00"), us("2026-11-01T00:00"))


def test_amounts_of_a_window_are_summed_exactly(opener: Opener) -> None:
    bills = opener("bills", BILLS, INVOICES, words(numbers=["bill"]))
    assert sums(opener.scratch, bills, "bill", OCTOBER) == {
        ("std", "eu"): Sum(Fraction(3, 10), 2, 0),
        ("std", "us"): Sum(Fraction(1), 2, 1),
    }
    assert sums(opener.scratch, bills, "bill", OCTOBER, by=["class"]) == {("std",): Sum(Fraction(13, 10), 4, 1)}
    assert sums(opener.scratch, bills, "bill", OCTOBER, by=()) == {(): Sum(Fraction(13, 10), 4, 1)}
    assert sums(opener.scratch, bills, "bill", (0, 1)) == {}
    with pytest.raises(ValueError, match="summed"):
        facts(opener.scratch, bills, ["class"])
    with pytest.raises(ValueError, match=r"without the words \['bill'\]"):
        facts(opener.scratch, bills, ["bill"])


def test_an_undated_register_is_summed_whole_and_a_dated_one_never(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"], ["mrc"]))
    assert sums(opener.scratch, circuits, "mrc", by=["tier"]) == {
        ("off-net",): Sum(Fraction(1200), 1, 0),
        ("on-net",): Sum(Fraction("251.5"), 2, 0),
    }
    with pytest.raises(ValueError, match="cannot be summed so"):
        sums(opener.scratch, circuits, "mrc", OCTOBER)
    dated = opener("dated", "ref,since,access\nc-1,2026-10-01,1\n", DATED, words(numbers=["tier"]))
    with pytest.raises(ValueError, match="cannot be summed so"):
        sums(opener.scratch, dated, "tier", OCTOBER)


def test_a_join_keeps_every_record_once(opener: Opener) -> None:
    circuits = opener("circuits", CIRCUITS, CIRCUIT_TERMS, words(["tier"]))
    export = tickets(opener)
    found, _ = enriched(opener.scratch, export, {"circuits": circuits}, words(["tier"]))
    again, lacking = enriched(opener.scratch, found, {"circuits": circuits}, words(["tier"]))
    assert (again, lacking) == (found, ())
    ((rows, different),) = opener.scratch.rows(found.frame.select(rows=nw.len(), different=nw.col("rowid").n_unique()))
    assert rows == different == 5
