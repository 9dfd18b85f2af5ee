"""The worst stretch of a length, against every stretch there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slacheck.measures.continuous import most_records, most_time
from slacheck.timeline import intervals

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=6).map(
    lambda spans: intervals.union((start, start + length) for start, length in spans)
)


@given(SPANS, st.integers(1, 25), st.integers(0, 40), st.integers(1, 40))
def test_no_stretch_holds_more_time(down: intervals.Intervals, width: int, lo: int, length: int) -> None:
    hi = lo + length
    every = [
        (sum(1 for second in range(end - width, end) if any(s <= second < e for s, e in down)), end)
        for end in range(lo + 1, hi + 1)
    ]
    most = max(time for time, _ in every)
    assert most_time(down, width, lo, hi) == (most, next(end for time, end in every if time == most))


@given(st.lists(st.integers(0, 60), max_size=10), st.integers(1, 25), st.integers(0, 40), st.integers(1, 40))
def test_no_stretch_holds_more_records(instants: list[int], width: int, lo: int, length: int) -> None:
    hi = lo + length
    every = [(sum(end - width <= instant < end for instant in instants), end) for end in range(lo + 1, hi + 1)]
    most = max(count for count, _ in every)
    assert most_records(instants, width, lo, hi) == (most, next(end for count, end in every if count == most))


def test_three_outages_in_thirty_days_across_the_month() -> None:
    day = 86_400_000_000
    outages = [20 * day, 35 * day, 49 * day, 60 * day]
    assert most_records(outages, 30 * day, 31 * day, 59 * day) == (3, 49 * day + 1)
    assert most_records(outages, 29 * day, 31 * day, 59 * day) == (2, 35 * day + 1)


def test_time_in_a_stretch_that_cuts_an_outage() -> None:
    # A stretch of 30 that ends at 40 holds [28, 40) alone, one that ends at 30 all of [0, 10) and two of the other.
    assert most_time(((0, 10), (28, 40)), 30, 20, 40) == (12, 30)
