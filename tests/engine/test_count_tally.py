"""What count tallies are: compared with plain loops over the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.count_tally import CountRequest, CountTally, count_tallies, expected_slots
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch

Row = tuple[int, ...]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def counts_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    columns = {"g": "BIGINT", "k": "INTEGER", "t": "BIGINT", "total": "BIGINT", "good": "BIGINT"}
    return scratch.give("counts", columns, rows)


def inside(clock: Sequence[tuple[int, int]], t: int) -> bool:
    return any(lo <= t < hi for lo, hi in clock)


def disjoint(cuts: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(set(cuts))
    return [(s, e) for s, e in zip(ordered[::2], ordered[1::2], strict=False)]


intervals = st.lists(st.integers(-10, 60), max_size=10).map(disjoint)
huge = st.sampled_from([0, 1, 5, 2**62, 2**63 - 1])
count_rows = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 2), st.integers(-10, 60), huge, huge), max_size=30)
request_lists = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-10, 40), st.integers(1, 30), st.integers(0, 2), st.integers(0, 7)),
    min_size=1,
    max_size=5,
).map(lambda rows: [CountRequest(i, g, lo, lo + n, c, width) for i, (g, lo, n, c, width) in enumerate(rows)])


@FEW
@given(
    rows=count_rows,
    requests=request_lists,
    clocks=st.fixed_dictionaries(dict.fromkeys(range(3), intervals)),
    data=st.data(),
)
def test_tallies_are_what_plain_loops_give(
    scratch: Scratch,
    rows: list[Row],
    requests: list[CountRequest],
    clocks: dict[int, list[tuple[int, int]]],
    data: st.DataObject,
) -> None:
    expected = []
    for request in requests:
        clock, lo = clocks[request.clock], request.lo
        for k in (1, 2):
            mine = [
                row
                for row in rows
                if row[:2] == (request.stream, k) and lo <= row[2] < request.hi and inside(clock, row[2])
            ]
            present = None
            if request.width:
                seen = {lo + (row[2] - lo) // request.width * request.width for row in mine}
                present = sum(inside(clock, slot) for slot in seen)
                assert present <= expected_slots(clock, lo, request.hi, request.width)
            if mine:
                total, good = sum(row[3] for row in mine), sum(row[4] for row in mine)
                expected.append(CountTally(request.id, k, total, good, len(mine), present))
    for order in (rows, data.draw(st.permutations(rows))):
        assert count_tallies(scratch, counts_frame(scratch, order), requests, clocks) == expected


@given(clock=intervals, lo=st.integers(-10, 40), length=st.integers(1, 40), width=st.integers(1, 50))
def test_expected_slots_are_the_grid_points_in_counted_time(
    clock: list[tuple[int, int]], lo: int, length: int, width: int
) -> None:
    assert expected_slots(clock, lo, lo + length, width) == sum(
        inside(clock, slot) for slot in range(lo, lo + length, width)
    )


def test_sums_stay_exact_beyond_64_bits(scratch: Scratch) -> None:
    rows = [(1, 1, t, 2**63 - 1, 2**62 + 1) for t in range(40)]
    (tally,) = count_tallies(scratch, counts_frame(scratch, rows), [CountRequest(0, 1, 0, 40, 0, 1)], {0: [(0, 40)]})
    assert tally == CountTally(0, 1, 40 * (2**63 - 1), 40 * (2**62 + 1), 40, 40)


def test_a_row_off_the_grid_does_not_stand_in_for_a_missing_slot(scratch: Scratch) -> None:
    """The clock starts in the middle of slot 0: the row of that half counts, the slot is not an expected one."""
    clock = [(5, 30)]
    rows = [(1, 1, 7, 1, 1), (1, 1, 10, 1, 1)]
    (tally,) = count_tallies(scratch, counts_frame(scratch, rows), [CountRequest(0, 1, 0, 30, 0, 10)], {0: clock})
    assert (tally.rows, tally.present, expected_slots(clock, 0, 30, 10)) == (2, 1, 2)


def test_a_grid_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="slots of 0"):
        expected_slots([(0, 10)], 0, 10, 0)
