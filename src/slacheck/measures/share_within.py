"""Share within limit: cases done in time, or values within a bound, among all."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from slacheck.language.limits import Deadlines, LimitTerm
from slacheck.language.moments import BetweenTerm
from slacheck.language.quantities import Comparison, Kind
from slacheck.language.scalars import Text
from slacheck.language.terms import refusal
from slacheck.measures.measure import (
    CaseTally,
    CountTally,
    Dated,
    EmptyInterval,
    Measured,
    Missing,
    Paused,
    Reading,
    Received,
    Tally,
    Until,
)


class ShareWithin(Dated):
    """The share of cases that were done within a limit, or of values within a bound.

    Formula: within / all. A case belongs to the period of its first instant (or of ``dated_by``); its length runs from
    the first instant of ``between`` to the second on the clock of ``hours``, less the pauses that
    ``excluding`` matches to the case and what the column ``paused`` says. ``limit`` is a length (at most so much), a
    comparison (``">= 0s, <= 5m"``: too early fails too), a number of days, or a table of deadlines by the hour of the
    start.

    A limit in days is a deadline: the end of the n-th day (``until: end-of-day``, the default), or the same time of
    that day (``until: same-time``); of ``working days`` those that the calendar of ``hours`` serves count. ``received:
    next-opening`` reads a case that comes outside service hours as if it came when they next begin.

    Units: a share; the margin is in cases.

    Clause: "90 % of calls within 7 minutes 29 seconds" (emergency ambulance contracts, by zone); "95 % of priority 2
    incidents within 8 service hours" (ITIL practice).

    Example:

        measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
        target: ">= 95%"

    Edge cases: a case that still runs is late once its limit has passed and unknown before; a case that ends before
    it starts is told, and is never within its limit unless the limit has a lower side that allows it. No case is not
    applicable.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("share",))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "breach", "error"))

    kind: Literal["share-within"]
    between: BetweenTerm | None = Field(
        None, description="The two instants of a case between which it is timed.", examples=[["opened", "responded"]]
    )
    value: Text | None = Field(
        None, description="The column whose number is compared, instead of the length of a case.", examples=["latency"]
    )
    limit: LimitTerm | None = Field(
        None,
        description="What a case or value must keep to: a length at most, a comparison, days or working days, or "
        "deadlines by the hour of the start.",
        examples=["4h", "2 working days", {"00:00-12:00": "19:00 same day", "12:00-24:00": "12:00 next working day"}],
    )
    until: Until = "end-of-day"
    received: Received = "at-once"
    paused: Paused = None

    @model_validator(mode="after")
    def _one(self) -> ShareWithin:
        if (self.between is None) == (self.value is None):
            help = "write between: [opened, resolved] for cases, value: latency for values"
            raise refusal("share-within", "one of 'between' and 'value' is wanted", help)
        if self.value is not None and isinstance(self.limit, Deadlines):
            raise refusal("limit", "a value has no deadline", "write a comparison", inside=["limit"])
        if self.between is not None and isinstance(self.limit, Comparison) and self.limit.columns:
            help = "write by: COLUMN with a limit for each class"
            raise refusal("limit", "the limit of a case is a length, not one per column", help, inside=["limit"])
        days = isinstance(self.limit, Comparison) and self.limit.kind in ("days", "working-days")
        if self.until == "same-time" and not days:
            raise refusal("until", "'until' belongs to a limit in days", "", inside=["until"], at="key")
        return self

    @property
    def reads(self) -> Reading:
        return "cases" if self.between else "counts"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        if isinstance(tally, CountTally):
            if tally.total == 0:
                return None
            value = Fraction(tally.good, tally.total)
            return Measured(value, value, Fraction(1), Fraction(tally.total), "requests")
        assert isinstance(tally, CaseTally)
        if tally.total == 0:
            return None
        total = tally.total - (tally.open_within if missing == "exclude" else 0)
        unknown = 0 if missing == "exclude" else tally.open_within
        if total == 0:
            return Measured(Fraction(1), Fraction(0), Fraction(0), Fraction(tally.total), "cases")
        coverage = Fraction(tally.total - tally.open_within, tally.total)
        best, worst = Fraction(tally.within + unknown, total), Fraction(tally.within, total)
        return Measured(best, worst, coverage, Fraction(total), "cases")
