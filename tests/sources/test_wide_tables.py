"""Tables with a series in each column: read as records, with the rows of the file."""

from __future__ import annotations

from typing import Any

import pytest

from slacheck.problems import DataError, Problem
from tests.sources.opener import Opener, us, words

TERMS: dict[str, Any] = {
    "shape": "samples",
    "wide": "Time",
    "columns": {"at": "Time", "series": "series", "value": "value"},
    "nulls": ["null"],
}


def problems(opener: Opener, csv: str, terms: dict[str, Any] = TERMS) -> list[Problem]:
    with pytest.raises(DataError) as caught:
        opener("wide", csv, terms, words(["series"]))
    return list(caught.value.problems)


def test_each_cell_is_a_record_of_its_series_and_an_empty_one_is_none(opener: Opener) -> None:
    csv = """Time,a's,b
        2026-10-01T00:00:00Z,1,2.5

        2026-10-01T01:00:00Z,,null
        2026-10-01T02:00:00Z,3,4"""
    export = opener("wide", csv, TERMS, words(["series"]))
    rows = opener.rows(export, ["r_at", export.words["series"], "r_value"])
    assert rows == [
        (us("2026-10-01T00:00"), "a's", 10**18),
        (us("2026-10-01T00:00"), "b", 25 * 10**17),
        (us("2026-10-01T02:00"), "a's", 3 * 10**18),
        (us("2026-10-01T02:00"), "b", 4 * 10**18),
    ]
    places = [export.place(row) for (row,) in sorted(opener.scratch.rows(export.frame.select("rowid")))]
    assert places == ["wide.csv:2", "wide.csv:2", "wide.csv:5", "wide.csv:5"]


def test_a_cell_that_is_no_number_is_told_with_its_row(opener: Opener) -> None:
    (problem,) = problems(opener, "Time,a,b\n2026-10-01T00:00:00Z,1,2\n2026-10-01T01:00:00Z,3,x")
    assert (problem.row, problem.cell, problem.field) == (3, "x", "value")


def test_two_series_of_one_name_and_a_column_that_is_not_there_are_refused(opener: Opener) -> None:
    (problem,) = problems(opener, "Time,a,a\n2026-10-01T00:00:00Z,1,2")
    assert problem.message == "two columns are called 'a'"
    (problem,) = problems(opener, "time,a,b\n2026-10-01T00:00:00Z,1,2")
    assert problem.message == "no column 'Time'"


def test_only_a_table_may_be_wide(opener: Opener) -> None:
    (opener.folder / "wide.csv").write_text('[{"Time": 1}]')
    with pytest.raises(DataError) as caught:
        opener("wide", '[{"Time": 1}]', {**TERMS, "format": "json"})
    assert [problem.code for problem in caught.value.problems] == ["wide"]
