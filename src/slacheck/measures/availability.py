"""Availability: the share of service time that is not down."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from slacheck.language.quantities import Kind
from slacheck.measures.measure import (
    EmptyInterval,
    Measured,
    Missing,
    OfRecords,
    Reading,
    Tally,
    TimeTally,
    WeightedTally,
)


class Availability(OfRecords):
    """The share of service time that was not down.

    Formula: (service time - down) / service time. Service time is the agreed part of the period within ``hours``,
    less excluded time; down time is built by an outage rule or by a source with down states or events, overlaps
    counted once. A rule with a ``weight`` counts each outage by the share that it affected: down is then the sum of
    length x affected / total.

    Units: a share; the margin is in time.

    Clause: "Monthly uptime percentage: minutes in the month less downtime, divided by minutes in the month" (IBM
    Cloud service description, October 2019: 360 minutes down in a 31-day month is 99.19 %).

    Example:

        measure: {kind: availability, from: probes, excluding: [planned]}
        target: ">= 99.9%"

    Edge cases: time that is neither up nor down is unknown, and gives a best and a worst value. A level without any
    service time in the period is not applicable. With ``lasting`` on the outage rule the worst value also counts
    short outages that unknown time could have made long enough. Intervals that ``empty_interval: skip`` leaves out
    are no service time.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("share",))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "up", "down", "breach", "error"))

    kind: Literal["availability"]

    @property
    def reads(self) -> Reading:
        return "time"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, (TimeTally, WeightedTally))
        if tally.service == 0:
            return None
        if isinstance(tally, WeightedTally):
            lost = sum((Fraction(weighted, n) for n, weighted in tally.groups), Fraction(0))
            value = 1 - lost / tally.service
            return Measured(value, value, Fraction(1), Fraction(tally.service), "time")
        known = tally.service - tally.unknown
        coverage = Fraction(known, tally.service)
        best = Fraction(tally.service - tally.down, tally.service)
        worst = Fraction(tally.service - tally.down_at_worst, tally.service)
        scale = Fraction(tally.service)
        if missing == "up":
            worst = best
        elif missing == "down":
            best = worst
        elif missing == "exclude" and known > 0:
            best = worst = Fraction(known - tally.down, known)
            scale = Fraction(known)
        return Measured(best, worst, coverage, scale, "time")
