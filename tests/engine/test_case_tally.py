"""What is made of case lengths: compared with plain loops over the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.engine.case_tally import (
    CaseBound,
    CaseCount,
    CaseRow,
    CaseSum,
    Column,
    case_counts,
    case_rows,
    case_sums,
    near_the_top,
    values,
    worst_cases,
)
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch

Row = tuple[int | None, ...]
NAMES = ("q", "k", "r", "d", "s", "e", "open", "elapsed", "paused", "days", "late_by")
FEW = settings(max_examples=40)
COLUMNS: list[Column] = ["elapsed", "days", "late_by"]
HUGE = 2**62


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def lengths_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    return scratch.give("lengths", dict.fromkeys(NAMES, "BIGINT"), rows)


small = st.integers(-3, 3)
# The number of a case is its place; request 1 has not asked for days.
lengths_rows = st.lists(
    st.tuples(*[st.integers(0, 1), st.integers(1, 2), *[small] * 3, st.integers(0, 1), *[small] * 4]), max_size=25
).map(
    lambda drawn: [
        (q, k, r, d, s, e, opened, elapsed, paused, None if q else days, late_by)
        for r, (q, k, d, s, e, opened, elapsed, paused, days, late_by) in enumerate(drawn)
    ]
)


def cell(row: Row, name: str) -> int:
    value = row[NAMES.index(name)]
    assert value is not None
    return value


def has(row: Row, column: Column) -> bool:
    return row[NAMES.index(column)] is not None


def case_row(row: Row, column: Column) -> CaseRow:
    q, k, r, d, s, e, opened, _, paused, _, _ = (value if value is not None else 0 for value in row)
    return CaseRow(q, k, r, d, s, e, opened == 1, cell(row, column), paused)


@st.composite
def case_bounds(draw: st.DrawFn) -> CaseBound:
    request = draw(st.integers(0, 2))
    column = draw(st.sampled_from(COLUMNS)) if request == 0 else "elapsed"
    least, most = draw(st.none() | small), draw(st.none() | small)
    if least is not None and most is not None:
        least, most = min(least, most), max(least, most)
    return CaseBound(request, column, least, most)


bound_lists = st.lists(case_bounds(), min_size=1, max_size=6)


@FEW
@given(rows=lengths_rows, bounds=bound_lists)
def test_counts_are_what_plain_loops_give(scratch: Scratch, rows: list[Row], bounds: list[CaseBound]) -> None:
    expected = []
    for number, bound in enumerate(bounds):
        least = -HUGE if bound.least is None else bound.least
        most = HUGE if bound.most is None else bound.most
        for k in (1, 2):
            mine = [row for row in rows if row[:2] == (bound.request, k)]
            kinds = []
            for row in mine:
                v = cell(row, bound.column)
                if cell(row, "open"):
                    kinds.append("late" if v > most else "open")
                else:
                    kinds.append("late" if v > most else "early" if v < least else "within")
            if mine:
                early, late = kinds.count("early"), kinds.count("early") + kinds.count("late")
                counted = (len(mine), kinds.count("within"), kinds.count("open"), late, early)
                expected.append(CaseCount(number, bound.request, k, *counted))
    found = case_counts(scratch, lengths_frame(scratch, rows), bounds)
    assert found == expected
    assert all(each.total == each.within + each.open_within + each.late for each in found)


def test_each_kind_of_case_by_hand(scratch: Scratch) -> None:
    # Two to four hours, say: closed after 1, 2, 4, 5; open since 1, 4, 5.
    shown = [(1, 0), (2, 0), (4, 0), (5, 0), (1, 1), (4, 1), (5, 1)]
    rows: list[Row] = [(0, 1, r, 0, 0, v, opened, v, 0, None, None) for r, (v, opened) in enumerate(shown)]
    table = lengths_frame(scratch, rows)
    bounds = [CaseBound(0, "elapsed", 2, 4), CaseBound(0, "elapsed", None, 4), CaseBound(0, "elapsed", None, None)]
    assert case_counts(scratch, table, bounds) == [
        CaseCount(0, 0, 1, total=7, within=2, open_within=2, late=3, early=1),
        CaseCount(1, 0, 1, total=7, within=3, open_within=2, late=2, early=0),
        CaseCount(2, 0, 1, total=7, within=4, open_within=3, late=0, early=0),
    ]


def test_a_limit_on_what_was_not_asked_for_is_an_error(scratch: Scratch) -> None:
    table = lengths_frame(scratch, [(4, 1, 0, 0, 0, 9, 0, 9, 0, 2, None), (5, 1, 0, 0, 0, 9, 0, 9, 0, None, None)])
    assert [each.total for each in case_counts(scratch, table, [CaseBound(4, "days", None, 2)])] == [1]
    with pytest.raises(ValueError, match="request 5 has not asked for days"):
        case_counts(scratch, table, [CaseBound(4, "days", None, 2), CaseBound(5, "days", None, 2)])


@FEW
@given(rows=lengths_rows, column=st.sampled_from(COLUMNS), limit=st.integers(0, 4))
def test_sums_and_rows_are_what_plain_loops_give(scratch: Scratch, rows: list[Row], column: Column, limit: int) -> None:
    table = lengths_frame(scratch, rows)
    sums = []
    for q in (0, 1):
        for k in (1, 2):
            mine = [row for row in rows if row[:2] == (q, k) and has(row, column)]
            closed = [cell(row, column) for row in mine if not cell(row, "open")]
            opened = [cell(row, column) for row in mine if cell(row, "open")]
            if mine:
                least, greatest = min(closed, default=None), max(closed, default=None)
                sums.append(CaseSum(q, k, len(closed), sum(closed), least, greatest, len(opened), sum(opened)))
    assert case_sums(scratch, table, column) == sums
    all_rows = [case_row(row, column) for row in rows if has(row, column)]
    assert case_rows(scratch, table, column) == sorted(all_rows, key=lambda x: (x.request, x.d, x.k, x.r))
    worst = []
    for q in (0, 1):
        mine_sorted = sorted((x for x in all_rows if x.request == q), key=lambda x: (-x.value, x.s, x.k, x.r))
        worst += mine_sorted[:limit]
    assert worst_cases(scratch, table, column, limit) == worst
    closed_values = sorted((x.request, x.k, x.value) for x in all_rows if not x.open)
    assert sorted(scratch.rows(values(table, column))) == closed_values


@pytest.mark.parametrize("most", [1, 20])
def test_what_is_near_the_top_of_many_holds_the_worst(scratch: Scratch, most: int) -> None:
    # Request 0: values that come again, and some below zero. Request 1: all alike. Request 2: every row in one of the
    # lanes. Request 3: fewer rows than are wanted.
    drawn = [(0, r * 7919 % 4001 - 100, r) for r in range(9000)]
    drawn += [(1, 5, r) for r in range(300)] + [(2, r, r * 256) for r in range(300)] + [(3, r, r) for r in range(3)]
    table = scratch.give("many", dict.fromkeys(("q", "v", "r", "k"), "BIGINT"), [(*row, 1) for row in drawn])
    left = scratch.rows(near_the_top(scratch, table, most).select("q", "v", "r"))
    for q in range(4):
        mine = sorted((-v, r) for of, v, r in drawn if of == q)
        assert sorted((-v, r) for of, v, r in left if of == q)[:most] == mine[:most]
    assert len(set(left)) == len(left)
    # What is spread over the lanes is looked at no more: 9,000 rows are at most a few dozen.
    assert sum(q == 0 for q, *_ in left) <= 4 * most


def test_what_is_near_the_top_of_few_is_all(scratch: Scratch) -> None:
    table = scratch.give("few", dict.fromkeys(("q", "v", "r", "k"), "BIGINT"), [(0, r, r, 1) for r in range(100)])
    assert len(scratch.rows(near_the_top(scratch, table, 1))) == 100
    nothing = scratch.give("none", dict.fromkeys(("q", "v", "r", "k"), "BIGINT"), [])
    assert scratch.rows(near_the_top(scratch, nothing, 1)) == []


def test_sums_are_exact_beyond_64_bits(scratch: Scratch) -> None:
    rows: list[Row] = [(0, 1, r, 0, 0, HUGE, 0, HUGE, 0, None, None) for r in range(4)]
    table = lengths_frame(scratch, rows)
    assert case_sums(scratch, table, "elapsed") == [CaseSum(0, 1, 4, 4 * HUGE, HUGE, HUGE, 0, 0)]
    assert case_sums(scratch, table, "days") == []


def test_a_column_that_is_none(scratch: Scratch) -> None:
    table = lengths_frame(scratch, [])
    with pytest.raises(ValueError, match="no paused"):
        case_sums(scratch, table, cast("Column", "paused"))
    with pytest.raises(ValueError, match="no paused"):
        case_counts(scratch, table, [CaseBound(0, cast("Column", "paused"), None, None)])


def test_a_limit_that_nothing_can_keep_is_refused(scratch: Scratch) -> None:
    with pytest.raises(ValueError, match="nothing lies between 3 and 2"):
        case_counts(scratch, lengths_frame(scratch, []), [CaseBound(0, "elapsed", 3, 2)])
