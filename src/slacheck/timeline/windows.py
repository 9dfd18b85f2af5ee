"""One period of one agreement as instants: what is in force, what has passed, what is excused, what counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Period


@dataclass(frozen=True)
class Window:
    """``[start, end)`` is the whole period; ``[lo, hi)`` its part that is in force and has passed by ``as_of``.

    ``counted`` is the time inside ``[lo, hi)`` that a measure counts. ``excess`` is the part of it that went beyond
    an allowance and counts as down time whatever was measured; ``excused`` is what was taken out. Microseconds UTC.
    """

    period: Period
    start: int
    end: int
    lo: int
    hi: int
    agreed_end: int
    counted: Intervals
    excused: Intervals = ()
    excess: Intervals = ()

    @property
    def not_in_force(self) -> int:
        return (self.lo - self.start) + (self.end - self.agreed_end)

    @property
    def future(self) -> int:
        return self.agreed_end - self.hi

    @property
    def running(self) -> bool:
        return self.hi < self.agreed_end

    def excusing(self, excused: Intervals, excess: Intervals) -> Window:
        """The same window less ``excused``; what is excused by one exclusion is no excess of another."""
        excused = intervals.clip(excused, self.lo, self.hi)
        excess = intervals.difference(intervals.clip(excess, self.lo, self.hi), excused)
        counted = intervals.difference(self.counted, excused)
        return replace(self, counted=counted, excused=excused, excess=excess)

    @property
    def measured(self) -> Intervals:
        """Counted time whose state is read from the observations."""
        return intervals.difference(self.counted, self.excess)


def window(period: Period, bounds: tuple[int, int], agreed: tuple[int, int], as_of: int) -> Window:
    """The window of ``period`` (``bounds``), in force during ``agreed``, seen at ``as_of``; all in microseconds."""
    lo, end = agreed
    hi = min(end, max(lo, as_of))
    return Window(period, *bounds, lo, hi, end, intervals.union([(lo, hi)] if lo < hi else []))
