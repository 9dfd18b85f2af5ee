"""Records dated in counted time, and outages judged by what of them counts: compared with looking at each instant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.dated_tally import DatedRecord, DatedRequest, dated_counts, dated_records, each_record
from slacheck.engine.duck import DuckScratch
from slacheck.engine.outage_judging import LeastCounted, long_enough, reach
from slacheck.engine.scratch import Scratch

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
clocks = st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 12)).map(lambda x: (x[0], sum(x))), max_size=4)
PIECE = dict.fromkeys(("g", "k", "o", "s", "e"), "BIGINT")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def counts(clock: list[tuple[int, int]], t: int) -> bool:
    return any(lo <= t < hi for lo, hi in clock)


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(-5, 60)), max_size=20),
    of_all=clocks,
    of_one=clocks,
    window=st.tuples(st.integers(-5, 30), st.integers(1, 30)),
    limit=st.sampled_from([None, 2]),
)
def test_records_count_in_their_window_on_the_clock_of_their_subject(
    scratch: Scratch,
    rows: list[tuple[int, int, int]],
    of_all: list[tuple[int, int]],
    of_one: list[tuple[int, int]],
    window: tuple[int, int],
    limit: int | None,
) -> None:
    lo, hi = window[0], sum(window)
    records = scratch.give(
        "records", dict.fromkeys(("g", "k", "t", "row"), "BIGINT"), [(*each, row) for row, each in enumerate(rows)]
    )
    requests = [DatedRequest(g, g, lo, hi, 0) for g in (0, 1)]
    counted = dated_records(scratch, records, requests, {0: of_all, 7: of_one}, [(1, 2, 7)])
    expected = sorted(
        (g, k, t, row)
        for row, (g, k, t) in enumerate(rows)
        if lo <= t < hi and counts(of_one if (g, k) == (1, 2) else of_all, t)
    )
    numbers = {key: sum(each[:2] == key for each in expected) for key in {each[:2] for each in expected}}
    assert dated_counts(scratch, counted) == numbers
    shown = [
        DatedRecord(*each)
        for index, each in enumerate(expected)
        if limit is None or sum(other[:2] == each[:2] for other in expected[:index]) < limit
    ]
    assert each_record(scratch, counted, limit) == shown


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(-20, 60), st.integers(1, 9)), max_size=9),
    of_all=clocks,
    of_one=clocks,
    least=st.integers(1, 9),
    still=st.sampled_from([None, 40]),
)
def test_an_outage_stays_when_enough_of_all_its_pieces_counts(
    scratch: Scratch,
    rows: list[tuple[int, int, int, int]],
    of_all: list[tuple[int, int]],
    of_one: list[tuple[int, int]],
    least: int,
    still: int | None,
) -> None:
    """Pieces beyond the window count too; an outage with none of it in the window is not asked for."""
    pieces = [(5, k, o, s, s + length) for k, o, s, length in rows]
    frame = scratch.give("pieces", PIECE, pieces)
    outages = {(k, o): [(s, e) for _, i, j, s, e in pieces if (i, j) == (k, o)] for _, k, o, _, _ in pieces}
    met = {key: each for key, each in outages.items() if min(s for s, _ in each) < 30 and max(e for _, e in each) > 10}
    span = reach(scratch, frame, [(3, 5, 10, 30)], 50)
    ends = [end for each in met.values() for piece in each for end in piece]
    assert span == ({3: (min(ends), min(50, max(ends)))} if met else {})
    lo, hi = span.get(3, (10, 30))
    spans = dict.fromkeys((0, 1), (min(lo, 10), max(hi, 30)))
    judged = long_enough(
        scratch,
        frame,
        [LeastCounted(9, 5, 10, 30, 0, least, still)],
        {0: of_all, 1: of_one},
        spans,
        [(9, 1, 1)],
    )

    def stays(k: int, each: list[tuple[int, int]]) -> bool:
        clock = of_one if k == 1 else of_all
        last = spans[0][1]
        counted = sum(counts(clock, t) for s, e in each for t in range(s, min(e, last)))
        return counted >= least or (still is not None and max(e for _, e in each) >= still)

    expected = sorted((9, k, o, s, e) for (k, o), each in met.items() if stays(k, each) for s, e in each)
    assert sorted(scratch.rows(judged)) == expected
