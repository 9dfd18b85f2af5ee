"""The stretches of civil time that are judged one by one: days, weeks, months, quarters, years, with any anchor."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import count as naturals
from typing import Literal
from zoneinfo import ZoneInfo

from slacheck.timeline.zones import midnight

Every = Literal["day", "week", "month", "quarter", "year"]

# Of a period of the calendar.
FEWEST_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
MOST_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}

# A Monday and the first day of a year, hence of a quarter and a month: one anchor for every cycle of the calendar.
_CALENDAR = date(2001, 1, 1)
_DAYS: dict[Every, int] = {"day": 1, "week": 7}
_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "year": 12}
_CALENDAR_LABEL = re.compile("([0-9]{4})(?:-(?:Q([1-4])|W([0-9]{2})|(0[1-9]|1[0-2])))?")
# Written out because strftime follows the locale.
_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Cycle:
    """How often a period starts, and on which days: ``anchor`` is any day on which one does.

    Without an anchor periods are those of the calendar, and weeks start on Monday. An anchor on day 29 to 31 is the
    last day of a shorter month and comes back in the next one: 31 January, 28 February, 31 March.
    """

    every: Every
    anchor: date | None = None

    @property
    def calendar(self) -> bool:
        """Whether its periods are those of the calendar: without an anchor, or with one where the calendar has one."""
        return self.anchor is None or containing(Cycle(self.every), self.anchor).start == self.anchor


@dataclass(frozen=True)
class Period:
    """The civil days from ``start`` to before ``end``. ``label`` names it, and can be asked for.

    ``cycle`` is the one it belongs to; a period made by hand has none, and no neighbours.
    """

    start: date
    end: date
    label: str
    cycle: Cycle | None = field(default=None, compare=False, repr=False)

    def window(self, zone: ZoneInfo) -> tuple[int, int]:
        """The instants ``[start, end)`` of the period in a zone, in microseconds UTC."""
        return midnight(self.start, zone), midnight(self.end, zone)


def containing(cycle: Cycle, day: date) -> Period:
    """The period that a day is in. Raises OverflowError where it leaves the years 1 to 9999."""
    return _period(cycle, _index(cycle, day))


def starting_in(cycle: Cycle, lo: date, hi: date) -> list[Period]:
    """The periods that start on a day in ``[lo, hi)``, in order. Raises OverflowError as ``containing`` does."""
    index = _index(cycle, lo)
    if _start(cycle, index) < lo:
        index += 1
    found = []
    while _start(cycle, index) < hi:
        found.append(_period(cycle, index))
        index += 1
    return found


def after(period: Period) -> Period:
    """The next period of the same cycle. Raises ValueError for a period made by hand."""
    return containing(_cycle_of(period), period.end)


def before(period: Period) -> Period:
    """The previous period of the same cycle. Raises ValueError for a period made by hand."""
    return containing(_cycle_of(period), period.start - timedelta(days=1))


def leading_to(period: Period, count: int | None, since: date | None, first: date | None = None) -> Iterator[Period]:
    """``period`` and those before it, ``count`` in all or as many as there are, the latest first; none that ends by
    ``since`` or begins before ``first``.

    They end with the first year of the calendar.
    """
    for number in range(count) if count is not None else naturals():
        if number:
            try:
                period = before(period)
            except OverflowError:
                return
        if (since is not None and period.end <= since) or (first is not None and period.start < first):
            return
        yield period


def before_by(day: date, count: int, unit: str) -> date:
    """The day ``count`` days, weeks, months or years before ``day``; a month that has no such day ends with its last.

    Raises ValueError for another unit, OverflowError where it leaves the years 1 to 9999.
    """
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    if unit not in ("month", "year"):
        raise ValueError(f"no civil days in a {unit}")
    year, month = divmod(day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1), 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"no day {count} {unit}s before {day}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def title(period: Period) -> str:
    """The period in words that follow no locale: ``October 2026``, ``15 October to 14 November 2026``."""
    if named := _CALENDAR_LABEL.fullmatch(period.label):
        year, quarter, week, month = named.groups()
        if quarter:
            return f"Q{quarter} {year}"
        if week:
            return f"week {int(week)} of {year}"
        return f"{_NAMES[int(month) - 1]} {year}" if month else year
    last = period.end - timedelta(days=1)
    if period.start == last:
        return day_in_words(last)
    opening = day_in_words(period.start)
    if period.start.year == last.year:
        opening = opening.removesuffix(f" {last.year:04}")
    return f"{opening} to {day_in_words(last)}"


def day_in_words(day: date) -> str:
    """``5 October 2026``, whatever the locale."""
    return f"{day.day} {_NAMES[day.month - 1]} {day.year:04}"


def _cycle_of(period: Period) -> Cycle:
    if period.cycle is None:
        raise ValueError(f"the period {period.label} was made without its cycle, nothing says what comes next to it")
    return period.cycle


def _period(cycle: Cycle, index: int) -> Period:
    start, end = _start(cycle, index), _start(cycle, index + 1)
    return Period(start, end, _label(cycle, start, end), cycle)


def _label(cycle: Cycle, start: date, end: date) -> str:
    # A cycle whose anchor only repeats the calendar has the same periods, so they have the same names.
    if not cycle.calendar:
        return f"{start}..{end - timedelta(days=1)}"
    year = f"{start.year:04}"
    match cycle.every:
        case "day":
            return str(start)
        case "week":
            week = start.isocalendar()
            return f"{week.year:04}-W{week.week:02}"
        case "month":
            return f"{year}-{start.month:02}"
        case "quarter":
            return f"{year}-Q{start.month // 3 + 1}"
        case "year":
            return year


def _index(cycle: Cycle, day: date) -> int:
    """Which period a day is in, counted from the one that starts on the anchor."""
    anchor = cycle.anchor or _CALENDAR
    if cycle.every in _DAYS:
        return (day - anchor).days // _DAYS[cycle.every]
    index = ((day.year - anchor.year) * 12 + day.month - anchor.month) // _MONTHS[cycle.every]
    return index if _start(cycle, index) <= day else index - 1


def _start(cycle: Cycle, index: int) -> date:
    """The first day of a period: always counted from the anchor, so that a clamped day 29 to 31 does not drift."""
    anchor = cycle.anchor or _CALENDAR
    if cycle.every in _DAYS:
        return anchor + timedelta(days=index * _DAYS[cycle.every])
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + index * _MONTHS[cycle.every], 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"no date in the year {year}")
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))
