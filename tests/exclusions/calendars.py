"""Calendars as an exclusion asks for them, made of a few local hours: no calendar of the language is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals

# A day and the hours of it that are in: [from, to), 24 is the end of the day.
Hours = Callable[[date], list[tuple[int, int]]]


def at(text: str, place: ZoneInfo) -> int:
    """The instant of a local time such as 2026-10-03 02:00."""
    return zones.instant_of(datetime.fromisoformat(text), place)


@dataclass(frozen=True)
class Fake:
    """``hours`` by the name of a calendar; its working days are those with hours. ``asked`` notes what was asked."""

    zone: ZoneInfo
    hours: Mapping[str, Hours]
    asked: list[tuple[str, object, object]] = field(default_factory=list)

    def service(self, name: str, lo: int, hi: int) -> Intervals:
        self.asked.append((name, lo, hi))
        day, last = zones.day_of(lo, self.zone), zones.day_of(hi, self.zone)
        found: list[tuple[int, int]] = []
        while day <= last:
            found += [(self._hour(day, start), self._hour(day, end)) for start, end in self.hours[name](day)]
            day += timedelta(days=1)
        return intervals.clip(intervals.union(found), lo, hi)

    def days(self, name: str, first: date, end: date) -> tuple[date, ...]:
        self.asked.append((name, first, end))
        every = (first + timedelta(days=number) for number in range((end - first).days))
        return tuple(day for day in every if self.hours[name](day))

    def _hour(self, day: date, hour: int) -> int:
        if hour == 24:
            return zones.midnight(day + timedelta(days=1), self.zone)
        return zones.instant_of(datetime(day.year, day.month, day.day, hour), self.zone)


def weekdays(*holidays: date) -> Hours:
    """Monday to Friday from 9 to 17, but for the holidays."""
    return lambda day: [(9, 17)] if day.weekday() < 5 and day not in holidays else []
