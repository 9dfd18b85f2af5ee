"""The parts of a window add up to its period, whatever is in force, has passed or is excused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals, union
from slacheck.timeline.periods import Cycle, containing
from slacheck.timeline.windows import Window, window

PERIOD = containing(Cycle("month"), date(2026, 10, 1))
STRETCHES = st.lists(
    st.tuples(st.integers(-20, 120), st.integers(0, 40)).map(lambda t: (t[0], t[0] + t[1])), max_size=5
)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    lo = draw(st.integers(0, 100))
    return window(PERIOD, (0, 100), (lo, draw(st.integers(lo, 100))), draw(st.integers(-50, 150)))


def everything(left: Intervals, right: Intervals) -> int:
    return intervals.length(intervals.intersection(left, right))


@given(windows())
def test_a_window_is_what_is_not_in_force_what_is_to_come_and_what_counts(found: Window) -> None:
    assert found.not_in_force + found.future + intervals.length(found.counted) == 100
    assert found.running is (found.future > 0)
    assert min(found.not_in_force, found.future) >= 0


@given(windows(), STRETCHES, STRETCHES)
def test_what_is_excused_no_longer_counts_and_excess_counts_but_is_not_measured(
    found: Window, excused: list[tuple[int, int]], excess: list[tuple[int, int]]
) -> None:
    after = found.excusing(union(excused), union(excess))
    assert intervals.length(after.counted) + intervals.length(after.excused) == intervals.length(found.counted)
    assert everything(after.excess, after.excused) == 0
    assert everything(after.excess, after.counted) == intervals.length(after.excess)
    assert union(after.measured, after.excess) == after.counted
    assert everything(after.measured, after.excess) == 0


@pytest.mark.parametrize(
    ("agreed", "as_of", "expected"),
    [
        ((0, 100), 100, (0, 100, 0, 0, False)),
        ((0, 100), 99, (0, 99, 0, 1, True)),
        ((30, 100), 1000, (30, 100, 30, 0, False)),
        ((30, 60), 40, (30, 40, 70, 20, True)),
        ((30, 60), 10, (30, 30, 70, 30, True)),
        ((0, 60), 60, (0, 60, 40, 0, False)),
    ],
)
def test_a_window_ends_where_the_agreement_or_the_present_does(
    agreed: tuple[int, int], as_of: int, expected: tuple[int, int, int, int, bool]
) -> None:
    found = window(PERIOD, (0, 100), agreed, as_of)
    assert (found.lo, found.hi, found.not_in_force, found.future, found.running) == expected
