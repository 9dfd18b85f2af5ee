"""Intervals without a row, compared with plain loops, and worked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.interval_gaps import Filled, IntervalRequest, interval_gaps
from slacheck.engine.sample_quality import Gap, Gaps
from slacheck.engine.scratch import Scratch

Interval = tuple[int, int]
Row = tuple[int, int, int]
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def naive(rows: Sequence[Row], request: IntervalRequest, worst: int) -> Filled:
    found: list[Gap] = []
    repeated = 0
    for k in range(request.subjects):
        instants = [t for g, subject, t in rows if (g, subject) == (request.stream, k)]
        counts = [sum(begin <= t < end for t in instants) for begin, end in request.intervals]
        repeated += sum(max(0, count - 1) for count in counts)
        run: list[Interval] = []
        for interval, count in zip([*request.intervals, (0, 0)], [*counts, 1], strict=True):
            if not count:
                run.append(interval)
            elif run:
                found.append(Gap(k, run[0][0], run[-1][1], sum(end - begin for begin, end in run)))
                run = []
    of = {k: [each.length for each in found if each.k == k] for k in range(request.subjects)}
    ranked = sorted((k for k in of if of[k]), key=lambda k: (-sum(of[k]), k))
    longest = min(found, key=lambda gap: (-gap.length, gap.start, gap.k), default=None)
    told = Gaps(
        len(found),
        sum(each.length for each in found),
        len(ranked),
        longest,
        tuple((k, len(of[k]), sum(of[k]), max(of[k])) for k in ranked[:worst]),
    )
    return Filled(told, repeated)


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(-5, 40)), max_size=40),
    width=st.integers(1, 6),
    lo=st.integers(-3, 8),
    kept=st.sets(st.integers(0, 9), min_size=1),
    own=st.lists(st.integers(-5, 40), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_gaps_are_what_a_walk_over_the_intervals_finds(
    scratch: Scratch, rows: list[Row], width: int, lo: int, kept: set[int], own: list[int]
) -> None:
    frame = scratch.give("counts", dict.fromkeys("gkt", "BIGINT"), rows)
    grid = tuple((lo + i * width, lo + (i + 1) * width) for i in sorted(kept))
    requests = [IntervalRequest(5, 0, grid, 3), IntervalRequest(6, 1, grid[:1], 2), IntervalRequest(7, 1, (), 3)]
    found = interval_gaps(scratch, frame, requests, width, 2)
    assert found == {each.id: naive(rows, each, 2) for each in requests}

    lengths = IntervalRequest(1, 0, tuple(pairwise(own)), 3)
    assert interval_gaps(scratch, frame, [lengths], None, 2) == {1: naive(rows, lengths, 2)}


def test_two_intervals_in_a_row_are_one_gap(scratch: Scratch) -> None:
    """Rows of 10 at 0, 10, 40, 41; the third to the fifth are expected of 0 to 60, and of the second subject all."""
    rows = [(0, 0, 0), (0, 0, 10), (0, 0, 40), (0, 0, 41)]
    frame = scratch.give("counts", dict.fromkeys("gkt", "BIGINT"), rows)
    grid = tuple((begin, begin + 10) for begin in range(0, 60, 10))
    told = interval_gaps(scratch, frame, [IntervalRequest(0, 0, grid, 2)], 10, 3)
    # The first lacks 20 to 40 and 50 to 60, the second everything: 30 and 60, in 2 and 1 gaps.
    assert told == {0: Filled(Gaps(3, 90, 2, Gap(1, 0, 60, 60), ((1, 1, 60, 60), (0, 2, 30, 20))), 1)}
