"""What weighted down time is: compared with adding up the affected instant by instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.weights import (
    Overlapping,
    WeightConflict,
    Weighted,
    WeightedRequest,
    WeightedTally,
    weighted,
)

Row = tuple[int, ...]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MINUTE = 60_000_000
HOW: dict[int, Overlapping] = {1: "sum", 2: "highest", 3: "union", 4: "longest"}


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def records_frame(scratch: Scratch, rows: Sequence[tuple[int | None, ...]]) -> nw.LazyFrame[Any]:
    return scratch.give("records", {"g": "INTEGER", "k": "INTEGER", **dict.fromkeys("rsewn", "BIGINT")}, rows)


def overlap(a: Row, b: Row) -> bool:
    return a[:2] == b[:2] and bool(set(range(a[3], a[4])) & set(range(b[3], b[4])))


def naive(rows: Sequence[Row], requests: Sequence[WeightedRequest], clocks: Sequence[Any]) -> Weighted:
    """Of (g, k, r, s, e, w, n)."""
    standing: list[Row] = []
    for row in sorted(rows, key=lambda row: (row[3] - row[4], row[3], row[2])):
        if HOW.get(row[0]) != "longest" or not any(overlap(row, x) for x in standing):
            standing.append(row)
    standing = [row for row in standing if row[0] in HOW]
    conflicts: dict[tuple[int, int], WeightConflict] = {}
    for row in sorted(standing, key=lambda row: (row[3], row[2])):
        earlier = [x for x in standing if (x[3], x[2]) < (row[3], row[2]) and overlap(x, row) and x[6] != row[6]]
        if earlier:
            other = max((max((y[4], y[2]) for y in earlier if y[6] == n)) for n in {y[6] for y in earlier})
            conflicts.setdefault((row[0], row[1]), WeightConflict(row[0], row[1], row[2], other[1]))
    tallies = []
    for request in requests:
        for k in sorted({row[1] for row in standing if row[0] == request.down}):
            groups: dict[int, int] = {}
            for x in range(request.lo, request.hi):
                on = [row for row in standing if row[:2] == (request.down, k) and row[3] <= x < row[4]]
                if on and any(lo <= x < hi for lo, hi in clocks[request.clock]):
                    affected = [row[5] for row in on]
                    n = on[0][6]
                    at_once = min(sum(affected), n) if HOW[request.down] == "sum" else max(affected)
                    groups[n] = groups.get(n, 0) + at_once
            if groups and (request.down, k) not in conflicts:
                tallies.append(WeightedTally(request.id, k, tuple(sorted(groups.items()))))
    return Weighted(tuple(tallies), tuple(conflicts[of] for of in sorted(conflicts)))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[WeightedRequest], list[list[tuple[int, int]]]]:
    rows: list[Row] = []
    totals = draw(st.sampled_from([[10], [10], [7, 10]]))
    for r in range(draw(st.integers(0, 20))):
        g, k, s, length = (draw(st.integers(*span)) for span in ((1, 5), (1, 2), (0, 40), (1, 12)))
        # The total changes with time, as it does from month to month; at times within a run, which is a conflict.
        n = totals[s >= 20] if len(totals) > 1 else totals[0]
        rows.append((g, k, 50 - r, s, s + length, draw(st.integers(0, n)), n))
    clocks = [
        [
            (lo, lo + length)
            for lo, length in draw(st.lists(st.tuples(st.integers(-5, 50), st.integers(0, 30)), max_size=3))
        ]
        for _ in range(2)
    ]
    requests = [
        WeightedRequest(number, draw(st.integers(1, 4)), lo, lo + draw(st.integers(1, 40)), draw(st.integers(0, 1)))
        for number, lo in enumerate(draw(st.lists(st.integers(-5, 40), min_size=1, max_size=6)))
    ]
    return rows, requests, clocks


@FEW
@given(world=worlds(), data=st.data())
def test_weighted_time_is_what_adding_up_every_instant_gives(
    scratch: Scratch, world: tuple[list[Row], list[WeightedRequest], list[list[tuple[int, int]]]], data: st.DataObject
) -> None:
    rows, requests, clocks = world
    records = records_frame(scratch, data.draw(st.permutations(rows)))
    assert weighted(scratch, records, HOW, requests, dict(enumerate(clocks))) == naive(rows, requests, clocks)


def hour(scratch: Scratch, rows: Sequence[tuple[int | None, ...]]) -> Weighted:
    requests = [WeightedRequest(g, g, 0, 60 * MINUTE, 0) for g in HOW]
    return weighted(scratch, records_frame(scratch, rows), HOW, requests, {0: [(0, 60 * MINUTE)]})


def test_user_minutes_of_two_incidents_at_once(scratch: Scratch) -> None:
    # Z7: incident length times users affected. 30 min of 60 users and 20 min of 50, of 100, together for 10 min.
    # sum: 20 x 60 + 10 x 100 (not 110) + 10 x 50 = 2,700; highest: 30 x 60 + 10 x 50 = 2,300; longest: 1,800.
    rows = [(g, 1, r, s * MINUTE, e * MINUTE, w, 100) for g in HOW for r, s, e, w in ((1, 0, 30, 60), (2, 20, 40, 50))]
    assert hour(scratch, rows) == Weighted(
        tuple(
            WeightedTally(g, 1, ((100, user_minutes * MINUTE),))
            for g, user_minutes in ((1, 2700), (2, 2300), (3, 2300), (4, 1800))
        ),
        (),
    )


def test_a_share_of_customers_whose_number_changes_is_exact(scratch: Scratch) -> None:
    # C1: outage minutes times the affected share: 9 min x 1/3 + 7 min x 2/7 = 5 min.
    rows = [(1, 1, 1, 0, 9 * MINUTE, 1, 3), (1, 1, 2, 9 * MINUTE, 16 * MINUTE, 2, 7)]
    (tally,) = hour(scratch, rows).tallies
    assert tally.groups == ((3, 9 * MINUTE), (7, 14 * MINUTE))
    assert sum(Fraction(lost, n) for n, lost in tally.groups) == 5 * MINUTE


def test_numbers_beyond_64_bits_are_exact(scratch: Scratch) -> None:
    top = 2**63 - 1
    rows = [(g, 1, r, 0, 60 * MINUTE, top - r, top) for g in HOW for r in (1, 2)]
    assert [each.groups for each in hour(scratch, rows).tallies] == [
        ((top, lost * 60 * MINUTE),) for lost in (top, top - 1, top - 1, top - 1)
    ]


def test_records_that_contradict_each_other_or_themselves_are_told_and_not_weighed(scratch: Scratch) -> None:
    rows: list[tuple[int | None, ...]] = [
        (1, 1, 1, 0, 30, 5, 10),
        (1, 1, 2, 10, 20, 5, 10),
        (1, 1, 3, 25, 40, 5, 11),
        (1, 2, 4, 0, 10, 5, 10),
        (1, 2, 5, 10, 20, 5, 11),
        (2, 1, 6, 0, 9, 11, 10),
        (2, 2, 7, 0, 9, 0, 0),
        (2, 3, 8, 0, 9, None, 10),
        (2, 4, 9, 0, 9, 1, None),
        (3, 1, 10, 0, 9, -1, 10),
        (9, 1, 11, 0, 9, 11, 10),
    ]
    got = hour(scratch, rows)
    assert got.tallies == (WeightedTally(1, 2, ((10, 50), (11, 50))),)
    assert got.conflicts == (
        WeightConflict(1, 1, 3, 1),
        WeightConflict(2, 1, 6, None),
        WeightConflict(2, 2, 7, None),
        WeightConflict(2, 3, 8, None),
        WeightConflict(2, 4, 9, None),
        WeightConflict(3, 1, 10, None),
    )


def test_a_record_that_affects_nobody_is_a_sum_of_nothing(scratch: Scratch) -> None:
    assert hour(scratch, [(2, 1, 1, 0, 9, 0, 10)]).tallies == (WeightedTally(2, 1, ((10, 0),)),)
    assert hour(scratch, []) == Weighted((), ())
    # Before the window and after it: between two records nothing is down.
    apart = [(g, 1, r, s * MINUTE, (s + 5) * MINUTE, 4, 10) for g in HOW for r, s in ((1, -9), (2, 70))]
    assert hour(scratch, apart) == Weighted((), ())
    with pytest.raises(ValueError, match="1 records have no end"):
        hour(scratch, [(2, 1, 1, 0, None, 0, 10)])
