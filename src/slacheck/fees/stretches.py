"""The stretch that a fee pays for, in one period: its days, its length, and how messages call it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from slacheck.fees.fee import Span
from slacheck.language.quantities import CivilLength
from slacheck.timeline.periods import Cycle, Every, Period, before_by, containing, title
from slacheck.timeline.zones import midnight


@dataclass(frozen=True)
class Dates:
    """When an agreement is in force, and how it is cut into periods. ``nominal`` is in microseconds.

    ``part`` are the civil days ``[start, end)`` of a period that an amendment splits, where a part of it is settled.
    """

    zone: ZoneInfo
    cycle: Cycle
    effective: date | None = None
    until: date | None = None
    nominal: int | None = None
    part: tuple[date, date] | None = None

    def in_force(self, period: Period) -> tuple[date, date]:
        """The days ``[start, end)`` of ``period`` that are in force; start and end are equal where none is."""
        start = max(period.start, self.effective or period.start)
        end = min(period.end, self.until + timedelta(days=1) if self.until else period.end)
        if self.part is not None and period.start <= self.part[0] < period.end:
            start, end = max(start, self.part[0]), min(end, self.part[1])
        return (start, end) if start < end else (period.start, period.start)

    def of_part(self, period: Period) -> Fraction:
        """The share by days of what is in force of ``period`` that lies in the part which is settled; 1 without one."""
        start, end = self.in_force(period)
        first, last = replace(self, part=None).in_force(period)
        return Fraction((end - start).days, (last - first).days) if first < last else Fraction(1)


@dataclass(frozen=True)
class Stretch:
    """The civil days ``[start, end)`` that a fee is about, and what it pays for: ``days``, and ``length`` in
    microseconds. ``part`` are the days in force and all days, where a period is in force in part only."""

    start: date
    end: date
    days: Fraction
    length: Fraction
    named: str
    part: tuple[int, int] | None = None


def is_period(wanted: Span | CivilLength | None, dates: Dates) -> bool:
    """Whether a fee for ``wanted`` is one for the period."""
    return wanted is None or wanted == dates.cycle.every


def stretch(wanted: Span | CivilLength | None, period: Period, dates: Dates) -> Stretch:
    """What a fee for ``wanted`` pays for in ``period``.

    ``term`` needs the dates of the agreement (ValueError). Raises OverflowError beyond the years 1 to 9999.
    """
    if is_period(wanted, dates):
        return _of_period(period, dates)
    if wanted == "day":
        every = _of_period(period, dates)
        if not every.days:
            every = whole(every, period, dates)
        first = period.start + timedelta(days=1)
        return Stretch(period.start, first, Fraction(1), every.length / every.days, every.named)
    if isinstance(wanted, CivilLength):
        start = before_by(period.end, wanted.count, wanted.unit)
        return _plain(start, period.end, f"the {wanted} to {period.end - timedelta(days=1)}", dates)
    if wanted == "term":
        if dates.effective is None or dates.until is None:
            raise ValueError("the term of an agreement without dates")
        return _plain(dates.effective, dates.until + timedelta(days=1), "the term", dates)
    assert wanted is not None
    around = containing(_cycle(wanted, dates), dates.in_force(period)[0])
    return _plain(around.start, around.end, title(around), dates)


def _cycle(every: Every, dates: Dates) -> Cycle:
    if every == "year" and dates.effective is not None:
        return Cycle(every, dates.effective)
    # The anchor of a month says nothing about the day on which weeks begin.
    return Cycle(every, None if every == "week" else dates.cycle.anchor)


def _plain(start: date, end: date, named: str, dates: Dates) -> Stretch:
    length = midnight(end, dates.zone) - midnight(start, dates.zone)
    return Stretch(start, end, Fraction((end - start).days), Fraction(length), named)


def _of_period(period: Period, dates: Dates) -> Stretch:
    """A nominal length is shared out by civil days, so that an hour of a part costs what an hour of the whole does."""
    start, end = dates.in_force(period)
    days, every = (end - start).days, (period.end - period.start).days
    if dates.nominal is not None:
        length = Fraction(dates.nominal * days, every)
    else:
        length = Fraction(midnight(end, dates.zone) - midnight(start, dates.zone))
    part = (days, every) if days != every else None
    return Stretch(period.start, period.end, Fraction(days), length, title(period), part)


def whole(found: Stretch, period: Period, dates: Dates) -> Stretch:
    """The stretch of a period as if all of it were in force."""
    return _of_period(period, Dates(dates.zone, dates.cycle, nominal=dates.nominal)) if found.part else found
