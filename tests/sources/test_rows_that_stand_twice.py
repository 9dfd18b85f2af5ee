"""A row that stands there twice counts once, twice or not at all, as its shape says; never without a word."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from slacheck.problems import DataError, Problem
from slacheck.sources.source import Source
from slacheck.statement import Line
from tests.sources.opener import us
from tests.whole_runs import run

SEEN = us("2027-01-01T00:00")
COUNTS = {"shape": "counts", "columns": {"at": "time", "total": "n", "bad": "bad"}, "absent_rows": "empty"}
VALUES = {"shape": "samples", "columns": {"at": "time", "value": "n"}}
ERRORS = ({"kind": "error-rate", "from": "x"}, "<= 50%")
MEAN = ({"kind": "statistic", "from": "x", "statistic": "mean"}, "<= 100")


def line(
    folder: Path, terms: dict[str, Any], measure: tuple[dict[str, Any], str], files: dict[str, str], *paths: str
) -> Line:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    agreement = {
        "timezone": "UTC",
        "sources": {"x": {"path": list(paths or files), **terms}},
        "service_levels": {"level": {"measure": measure[0], "target": measure[1]}},
    }
    (statement,) = run(folder, agreement, "2026-10", SEEN)
    return statement.lines[0]


def value(found: Line) -> Fraction:
    assert found.best is not None
    return found.best.fraction


def refused(folder: Path, terms: dict[str, Any], measure: tuple[dict[str, Any], str], files: dict[str, str]) -> Problem:
    with pytest.raises(DataError) as caught:
        line(folder, terms, measure, files)
    (problem,) = caught.value.problems
    return problem


FIRST = "time,n,bad\n2026-10-01T00:00Z,100,1\n2026-10-02T00:00Z,100,7\n"
SECOND = "time,n,bad\n2026-10-02T00:00Z,100,7\n2026-10-03T00:00Z,100,1\n"


def test_one_export_under_two_names_is_refused(tmp_path: Path) -> None:
    for terms, measure in ((COUNTS, ERRORS), (VALUES, MEAN)):
        problem = refused(tmp_path, terms, measure, {"a.csv": FIRST, "b.csv": FIRST})
        assert (problem.code, problem.path) == ("file-twice", "b.csv")
        assert problem.message == "the same file as a.csv, byte by byte: its rows would count twice"


def test_files_without_a_row_may_be_alike(tmp_path: Path) -> None:
    log = {"shape": "events", "columns": {"start": "a", "end": "b"}, "absent_rows": "empty"}
    measure = ({"kind": "count", "from": "x"}, "< 3")
    assert value(line(tmp_path, log, measure, {"a.csv": "a,b\n", "b.csv": "a,b\n"})) == 0


def test_a_row_of_two_exports_that_overlap_is_refused_or_counted_as_declared(tmp_path: Path) -> None:
    """1 + 7 + 1 of 300 are bad; with the row of 2 October counted twice it is 16 of 400."""
    files = {"a.csv": FIRST, "b.csv": SECOND}
    problem = refused(tmp_path, COUNTS, ERRORS, files)
    assert (problem.code, problem.path, problem.row) == ("row-twice", "b.csv", 2)
    assert problem.message == "stands in a.csv too, row 3, and would count twice"
    assert value(line(tmp_path, {**COUNTS, "repeats": "once"}, ERRORS, files)) == Fraction(9, 300)
    assert value(line(tmp_path, {**COUNTS, "repeats": "once"}, ERRORS, files, "b.csv", "a.csv")) == Fraction(9, 300)
    assert value(line(tmp_path, {**COUNTS, "repeats": "all"}, ERRORS, files)) == Fraction(16, 400)


def test_values_of_two_exports_that_overlap_are_too(tmp_path: Path) -> None:
    files = {"a.csv": "time,n\n2026-10-01T00:00Z,10\n2026-10-02T00:00Z,40\n", "b.csv": "time,n\n2026-10-02T00:00Z,40\n"}
    assert refused(tmp_path, VALUES, MEAN, files).code == "row-twice"
    assert value(line(tmp_path, {**VALUES, "repeats": "once"}, MEAN, files)) == 25
    assert value(line(tmp_path, {**VALUES, "repeats": "all"}, MEAN, files)) == 30


def test_rows_that_differ_in_a_column_nobody_reads_are_two(tmp_path: Path) -> None:
    """Two hosts with the same counts in the same minute, told apart by a column that the agreement does not use."""
    files = {f"{host}.csv": f"time,n,bad,host\n2026-10-01T00:00Z,100,1,{host}\n" for host in ("a", "b")}
    assert value(line(tmp_path, COUNTS, ERRORS, files)) == Fraction(2, 200)


def test_exports_one_after_the_other_are_not_compared(tmp_path: Path) -> None:
    files = {"a.csv": FIRST, "b.csv": FIRST.replace("-10-0", "-10-1")}
    assert value(line(tmp_path, COUNTS, ERRORS, files)) == Fraction(16, 400)


def test_a_row_twice_in_one_file_is_two_rows(tmp_path: Path) -> None:
    """Two requests in one millisecond look like that. Where rows are of intervals the statement tells it."""
    assert value(line(tmp_path, COUNTS, ERRORS, {"a.csv": FIRST + FIRST.split("\n", 1)[1]})) == Fraction(16, 400)


def test_samples_of_states_that_stand_twice_change_nothing(tmp_path: Path) -> None:
    states = "time,status\n2026-10-01T00:00Z,up\n2026-10-02T00:00Z,down\n2026-10-03T00:00Z,up\n"
    terms = {"shape": "samples", "columns": {"at": "time", "state": "status"}, "hold": "until-next"}
    measure = ({"kind": "availability", "from": "x"}, ">= 90%")
    again = {"a.csv": states, "b.csv": states.replace("2026-10-03", "2026-10-04")}
    once = value(line(tmp_path, terms, measure, {"a.csv": states}))
    assert once == Fraction(30, 31)
    assert value(line(tmp_path, terms, measure, again)) == once


EVENTS = {"shape": "events", "columns": {"start": "a", "end": "b"}}
COUNT = ({"kind": "count", "from": "x"}, "< 3")
DOWN = ({"kind": "availability", "from": "x"}, ">= 90%")
LOG = "a,b,id\n2026-10-02T00:00Z,2026-10-03T00:00Z,1\n"


def test_an_event_of_two_exports_is_refused_or_declared_and_down_only_once(tmp_path: Path) -> None:
    files = {"a.csv": LOG + "2026-10-05T00:00Z,,2\n", "b.csv": LOG}
    assert refused(tmp_path, EVENTS, COUNT, files).code == "row-twice"
    assert value(line(tmp_path, {**EVENTS, "repeats": "once"}, COUNT, files)) == 2
    assert value(line(tmp_path, {**EVENTS, "repeats": "all"}, COUNT, files)) == 3
    # Down for one day, and from 5 October on for 27 days: twice down at once is down.
    assert value(line(tmp_path, {**EVENTS, "repeats": "all"}, DOWN, files)) == Fraction(3, 31)


@pytest.mark.parametrize(
    ("terms", "repeats"),
    [
        (COUNTS, "last"),
        (COUNTS, "latest"),
        (EVENTS, "last"),
        ({"shape": "samples", "columns": {"at": "a", "state": "b"}}, "all"),
        ({"shape": "cases", "columns": {"id": "a"}}, "once"),
        ({"shape": "register", "columns": {"x": "a"}, "key": "k"}, "once"),
    ],
)
def test_what_repeats_means_depends_on_the_shape(terms: dict[str, Any], repeats: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"path": "x.csv", **terms, "repeats": repeats})
    assert caught.value.errors()[0]["type"] == "shape"
