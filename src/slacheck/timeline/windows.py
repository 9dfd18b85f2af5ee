"""One period of one agreement as instants: what is in force, what has passed, what is excused, what counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Period

Partial = Literal["agreed-part", "absent-is-up", "whole", "not-settled"]


@dataclass(frozen=True)
class Window:
    """``[start, end)`` is the whole period; ``[lo, hi)`` its part that is judged and has passed by ``as_of``.

    ``service`` is the time inside ``[lo, hi)`` within service hours, ``counted`` the part of it that a measure counts.
    ``excess`` is the part of that which went beyond an allowance and counts as down time whatever was measured;
    ``forgiven`` the part that never counts as down; ``excused`` is what was taken out. ``nominal`` is the length that
    stands for the real one where the agreement says so. Microseconds UTC.
    """

    period: Period
    start: int
    end: int
    lo: int
    hi: int
    agreed_end: int
    service: Intervals
    counted: Intervals
    excused: Intervals = ()
    excess: Intervals = ()
    forgiven: Intervals = ()
    nominal: int | None = None

    @property
    def not_in_force(self) -> int:
        return (self.lo - self.start) + (self.end - self.agreed_end)

    @property
    def future(self) -> int:
        return self.agreed_end - self.hi

    @property
    def running(self) -> bool:
        return self.hi < self.agreed_end

    @cached_property
    def outside(self) -> int:
        """How much of ``[lo, hi)`` lies outside service hours."""
        return (self.hi - self.lo) - intervals.length(self.service)

    @cached_property
    def excluded(self) -> int:
        """How much service time was taken out."""
        return intervals.length(self.service) - intervals.length(self.counted)

    @cached_property
    def length(self) -> int:
        """How much time counts: with a nominal length that, less what was taken out."""
        real = intervals.length(self.counted)
        return real if self.nominal is None else max(0, real + self.nominal - (self.end - self.start))

    def part(self, start: int, end: int) -> Window:
        """The same period of which only ``[start, end)`` is judged, as if nothing else of it were in force.

        What a nominal length adds or takes away is shared out by the length of the parts, so that the parts of a
        period add up to the whole of it. Before anything is taken out of the window. Empty where nothing is left.
        """
        lo, agreed_end = max(self.lo, start), min(self.agreed_end, end)
        agreed_end = max(lo, agreed_end)
        hi = min(agreed_end, max(lo, self.hi))
        nominal = self.nominal
        if nominal is not None and self.agreed_end > self.lo:
            real, agreed = self.end - self.start, self.agreed_end - self.lo
            shares = [(nominal - real) * (each - self.lo) // agreed for each in (lo, agreed_end)]
            nominal = real + shares[1] - shares[0]
        service, counted, forgiven = (
            intervals.clip(each, lo, hi) if lo < hi else () for each in (self.service, self.counted, self.forgiven)
        )
        return replace(
            self,
            lo=lo,
            hi=hi,
            agreed_end=agreed_end,
            service=service,
            counted=counted,
            forgiven=forgiven,
            nominal=nominal,
        )

    def during(self, service: Intervals) -> Window:
        """The same window with ``service`` as its service hours."""
        inside = intervals.clip(service, self.lo, self.hi)
        forgiven = intervals.intersection(self.forgiven, inside)
        return replace(self, service=inside, counted=inside, forgiven=forgiven)

    def excusing(self, excused: Intervals, excess: Intervals = (), forgiven: Intervals = ()) -> Window:
        """The same window less ``excused``; what is excused by one exclusion is no excess of another."""
        excused = intervals.union(self.excused, intervals.clip(excused, self.lo, self.hi))
        counted = intervals.difference(self.counted, excused)
        forgiven = intervals.intersection(intervals.union(self.forgiven, forgiven), counted)
        excess = intervals.union(self.excess, intervals.clip(excess, self.lo, self.hi))
        excess = intervals.difference(intervals.difference(excess, excused), forgiven)
        return replace(self, counted=counted, excused=excused, excess=excess, forgiven=forgiven)

    @property
    def measured(self) -> Intervals:
        """Counted time whose state is read from the observations."""
        return intervals.difference(intervals.difference(self.counted, self.excess), self.forgiven)


def window(
    period: Period,
    bounds: tuple[int, int],
    agreed: tuple[int, int],
    as_of: int,
    partial: Partial = "agreed-part",
    nominal: int | None = None,
) -> Window:
    """The window of ``period`` (``bounds``), in force during ``agreed``, seen at ``as_of``; all in microseconds.

    ``partial`` says what becomes of a period of which only a part is in force: the part is judged, or the whole of
    it, with the absent part up or as it was measured.
    """
    absent: Intervals = ()
    if partial in ("absent-is-up", "whole") and agreed != bounds:
        if partial == "absent-is-up":
            absent = intervals.difference((bounds,), intervals.union([agreed]))
        agreed = bounds
    lo, end = agreed
    hi = min(end, max(lo, as_of))
    whole = intervals.union([(lo, hi)] if lo < hi else [])
    forgiven = intervals.clip(absent, lo, hi) if lo < hi else ()
    return Window(period, *bounds, lo, hi, end, whole, whole, forgiven=forgiven, nominal=nominal)
