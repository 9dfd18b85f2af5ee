"""Whether all outages of one side are those of the other, some hours earlier or later: clocks or zones that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from slacheck.language.quantities import HOUR, MINUTE
from slacheck.reconciling.result import Shift
from slacheck.statement.parts import Exact
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals

# Zones differ by quarters of an hour, at most from -12:00 to +14:00.
_QUARTER, _FARTHEST = 15 * MINUTE, 26 * HOUR
_ALIKE, _AS_IS = Fraction(9, 10), Fraction(1, 2)
_LEAST_OUTAGES = 2


def shift_between(here: Sequence[tuple[int, int]], there: Sequence[tuple[int, int]]) -> Shift | None:
    """The one offset that explains the difference, from the down time of both sides; None where there is none.

    At least two outages a side; moved by it, they share nine tenths of the time that either is down, and less than half
    as they stand. Tried are every quarter of an hour up to 26 hours, and the commonest distances of starts.
    """
    ours, theirs = intervals.union(here), intervals.union(there)
    if min(len(ours), len(theirs)) < _LEAST_OUTAGES:
        return None
    as_is = _shared(ours, theirs)
    if as_is >= _AS_IS:
        return None
    distances = Counter(b - a for a, _ in ours for b, _ in theirs if abs(b - a) <= _FARTHEST)
    common = [by for by, _ in sorted(distances.items(), key=lambda each: (-each[1], abs(each[0]), each[0]))[:10]]
    quarters = range(-_FARTHEST, _FARTHEST + 1, _QUARTER)
    tried = {by: _shared(_moved(ours, by), theirs) for by in (*common, *quarters) if by}
    by = min(tried, key=lambda each: (-tried[each], abs(each), each))
    return Shift(by=by, alike=Exact.of(tried[by]), as_is=Exact.of(as_is)) if tried[by] >= _ALIKE else None


def _moved(of: Intervals, by: int) -> Intervals:
    return tuple((start + by, end + by) for start, end in of)


def _shared(ours: Intervals, theirs: Intervals) -> Fraction:
    """How much of the time that either is down both are."""
    either = intervals.length(intervals.union((*ours, *theirs)))
    return Fraction(intervals.length(intervals.intersection(ours, theirs)), either) if either else Fraction(1)
