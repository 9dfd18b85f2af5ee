"""Calendars as tables for cases: when they are closed, which days count, and when what starts is due."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from slacheck.calendars.wall_clock import WallClock, wall
from slacheck.engine.case_clock import DayRow, day_rows
from slacheck.language.limits import Deadlines, Due
from slacheck.measures.asking import Ask
from slacheck.problems import DataError, Problem
from slacheck.timeline import zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.zones import DAY

_ONE_DAY = timedelta(days=1)
# A calendar is asked for ever later days until it opens again, for about four years.
_AHEAD, _FARTHEST = 16, 1500


def clock_of(ask: Ask, lo: int, hi: int) -> Intervals:
    if ask.whole_clock is not None:
        return ask.whole_clock(lo, hi)
    return ask.calendars.service(ask.hours, lo, hi)


def closed(ask: Ask, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The stretches (start, end, next opening) from ``first`` to ``last`` in which the calendar is closed."""
    ahead = _AHEAD
    service: Intervals = ()
    while not service or service[-1][1] <= last:
        if ahead > _FARTHEST:
            raise DataError([_no_later(ask, zones.written(last))])
        service, ahead = ask.calendars.service(ask.hours, first, last + ahead * DAY), ahead * 2
    at = first
    for lo, hi in service:
        if at < lo and at <= last:
            yield at, lo, lo
        at = hi


def _no_later(ask: Ask, when: str) -> Problem:
    return Problem(
        ask.exports[0].files[0].label,
        code="no-later-day",
        message=f"the calendar '{ask.hours}' counts no time after {when}, where a case must wait for it",
        help="extend the calendar",
    )


def day_table(ask: Ask, working: bool, lo: int, hi: int) -> list[DayRow]:
    """The local days that hold [lo, hi): all of them count, or those on which the calendar's hours begin."""
    zone = ask.calendars.zone(ask.hours)
    first, end = zones.day_of(lo, zone), zones.day_of(hi - 1, zone) + _ONE_DAY
    counting = set(ask.calendars.days(ask.hours, first, end)) if working else None
    return day_rows(
        (day.toordinal(), start, stop, int(counting is None or day in counting), at)
        for day, start, stop, at in _parts(ask, first, end)
    )


def deadline_table(ask: Ask, limit: Deadlines, lo: int, hi: int) -> list[tuple[int, int, int]]:
    """Stretches [start, stop) of the days that hold [lo, hi), and the instant when what starts in one is due."""
    zone = ask.calendars.zone(ask.hours)
    first, last = zones.day_of(lo, zone), zones.day_of(hi - 1, zone)
    later = {working: _later(ask, limit, working, first, last) for working in {row.working for row in limit.rows}}
    clock = WallClock(zone, first, max(days[-1] for days in later.values()))
    found = []
    for day, start, stop, at in _parts(ask, first, last + _ONE_DAY):
        for row in limit.rows:
            opens = start + row.lo - at if row.lo else start
            closes = start + row.hi - at if row.hi < DAY else stop
            opens, closes = max(opens, start), min(closes, stop)
            if opens < closes:
                found.append((opens, closes, clock.start(wall(_due_day(later[row.working], day, row)) + row.at)))
    return found


def _parts(ask: Ask, first: date, end: date) -> Iterator[tuple[date, int, int, int]]:
    """The parts [start, stop) of each day that have one offset from UTC, and the local time at their start.

    Local times are microseconds since the day's midnight; where the clocks are put back across it they may lie before.
    """
    zone = ask.calendars.zone(ask.hours)
    for day in _days(first, end):
        start, stop = zones.midnight(day, zone), zones.midnight(day + _ONE_DAY, zone)
        cuts = [start, *(change.at for change in zones.changes(zone, start + 1, stop)), stop]
        for part, after in pairwise(cuts):
            if part < after:
                local = zones.local(part, zone).replace(tzinfo=None) - datetime(day.year, day.month, day.day)
                yield day, part, after, local // timedelta(microseconds=1)


def _days(first: date, end: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), end.toordinal()))


def _later(ask: Ask, limit: Deadlines, working: bool, first: date, last: date) -> Sequence[date]:
    """The days from ``first`` on that count, as many after ``last`` as the deadlines need."""
    needed = max(1, *(row.days for row in limit.rows if row.working == working))
    ahead = _AHEAD
    while ahead <= _FARTHEST:
        end = last + timedelta(days=ahead)
        zone = ask.calendars.zone(ask.hours)
        days = (
            ask.calendars.days(ask.hours, first, end)
            if working
            # A day that the zone skipped is none.
            else [day for day in _days(first, end) if zones.midnight(day, zone) < zones.midnight(day + _ONE_DAY, zone)]
        )
        if len(days) - bisect_right(days, last) >= needed:
            return days
        ahead *= 2
    raise DataError([_no_later(ask, last.isoformat())])


def _due_day(days: Sequence[date], day: date, row: Due) -> date:
    """The n-th of ``days`` after ``day``; for n = 0 the day itself or, where it does not count, the next that does."""
    return days[bisect_right(days, day) + row.days - 1 if row.days else bisect_left(days, day)]
