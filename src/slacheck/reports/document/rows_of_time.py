"""A period laid out on its clock: rows of days, weeks or months, hours that happen twice in two lanes."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from slacheck.reports.charts.values import Lane, Piece, Strip, StripRow, StripState
from slacheck.reports.figures import instant
from slacheck.reports.layout import Page
from slacheck.statement import Balance, CourseShown, Line, Statement
from slacheck.timeline import zones

_HOUR = 3600 * zones.SECOND
_DAY = 24 * _HOUR
# So many days have a row each; a longer period has one for each week, and a still longer one for each month.
_DAYS, _WEEKS = 40, 190
_MOST_MONTHS = 60
_ORIGIN = datetime(1970, 1, 1)

STATES: dict[StripState, str] = {
    "up": "up",
    "down": "down",
    "excluded": "excluded",
    "unknown": "unknown",
    "outside": "outside service hours",
    "not-in-force": "not in force",
    "future": "still to come",
}
# What is worth a title of its own; the others are told by the legend.
_NAMED: tuple[StripState, ...] = ("down", "excluded", "unknown")


@dataclass(frozen=True)
class _Clock:
    """A stretch of civil time ``[start, end)``, microseconds as if UTC, in which the clock runs on."""

    start: int
    end: int
    lane: Lane


@dataclass(frozen=True)
class _Row:
    """Civil time ``[start, end)`` under a label; ``note`` is what is odd about its length."""

    start: int
    end: int
    label: str
    note: str = ""


def strip(page: Page, statement: Statement, line: Line) -> Strip | None:
    """The strip of a line; None where nothing is known of its course, or its period is longer than five years."""
    course, balance = line.course, line.balance
    if course is None or balance is None:
        return None
    start, end = _bounds(statement, course)
    zone = zones.zone(statement.period.timezone)
    first, last = zones.local(start, zone).date(), zones.local(end - 1, zone).date()
    rows, axis, ticks = _rows(page, statement, first, last)
    if len(rows) > _MOST_MONTHS:
        return None
    filled: list[list[Piece]] = [[] for _ in rows]
    down = [0] * len(rows)
    for clock in _clocks(start, end, statement):
        for number, piece in _cut(rows, clock, "up", ""):
            filled[number].append(piece)
    for span in course.spans:
        begins, ends = max(instant(span.start), start), min(instant(span.end), end)
        title = _title(page, statement, span.state, begins, ends) if span.state in _NAMED else ""
        for clock in _clocks(begins, ends, statement):
            for number, piece in _cut(rows, clock, span.state, title):
                filled[number].append(piece)
                down[number] += piece.end - piece.start if span.state == "down" else 0
    used = {piece.state for pieces in filled for piece in pieces}
    return Strip(
        title=f"{page.name(line.title, 60)}: how the period went",
        description=_description(
            page,
            balance,
            course,
            twice=any(each.lane != "whole" and each.state in _NAMED for row in filled for each in row),
        ),
        axis=axis,
        ticks=ticks,
        rows=tuple(
            StripRow(row.label, tuple(pieces), page.figures.duration(time) if time else row.note, heavy=time > 0)
            for row, pieces, time in zip(rows, filled, down, strict=True)
        ),
        states=tuple((state, word) for state, word in STATES.items() if state in used),
    )


def _bounds(statement: Statement, course: CourseShown) -> tuple[int, int]:
    """The period of the line, which is the statement's where it has none of its own."""
    return instant(course.start or statement.period.start), instant(course.end or statement.period.end)


def _clocks(start: int, end: int, statement: Statement) -> Iterator[_Clock]:
    """Instants as civil time, apart where the clocks change; the hour before and after they are put back in lanes."""
    if start >= end:
        return
    zone = zones.zone(statement.period.timezone)
    # A stretch may begin within the hour that follows a change, or end in the one before it.
    changes = [each for each in zones.changes(zone, start - _DAY, end + _DAY) if each.after < each.before]
    edges = {start, end, *(each.at for each in zones.changes(zone, start, end))}
    for change in changes:
        edges |= {change.at - (change.before - change.after), change.at + (change.before - change.after)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    for begins, ends in pairwise(cuts):
        offset = zones.offset_at(begins, zone)
        lane: Lane = "whole"
        for change in changes:
            moved = change.before - change.after
            if change.at - moved <= begins < change.at:
                lane = "first"
            elif change.at <= begins < change.at + moved:
                lane = "second"
        yield _Clock(begins + offset, ends + offset, lane)


def _cut(rows: Sequence[_Row], clock: _Clock, state: StripState, title: str) -> Iterator[tuple[int, Piece]]:
    for number, row in enumerate(rows):
        begins, ends = max(clock.start, row.start), min(clock.end, row.end)
        if begins < ends:
            yield number, Piece(state, begins - row.start, ends - row.start, clock.lane, title)


def _rows(
    page: Page, statement: Statement, first: date, last: date
) -> tuple[list[_Row], int, tuple[tuple[int, str], ...]]:
    """The rows, the length of their axis, and its ticks."""
    days = (last - first).days + 1
    if days <= _DAYS:
        hours = tuple((hour * _HOUR, f"{hour:02d}") for hour in range(0, 25, 3))
        return [_day(page, statement, first + timedelta(days=at)) for at in range(days)], _DAY, hours
    if days <= _WEEKS:
        monday = first - timedelta(days=first.weekday())
        weeks = range(((last - monday).days) // 7 + 1)
        rows = [_row(page.figures.weekday((monday + timedelta(days=7 * at)).isoformat(), first.year),
                     monday + timedelta(days=7 * at), 7) for at in weeks]  # fmt: skip
        names = (
            (at * _DAY, page.figures.weekday((monday + timedelta(days=at)).isoformat()).split()[0].rstrip(","))
            for at in range(7)
        )
        return rows, 7 * _DAY, tuple(names)
    rows, month = [], first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        rows.append(_row(f"{page.figures.month(month.isoformat())} {month.year:04d}", month, length))
        month += timedelta(days=length)
    return rows, 31 * _DAY, tuple(((day - 1) * _DAY, str(day)) for day in (1, 5, 10, 15, 20, 25, 30))


def _row(label: str, first: date, days: int, note: str = "") -> _Row:
    start = (datetime(first.year, first.month, first.day) - _ORIGIN) // timedelta(microseconds=1)
    return _Row(start, start + days * _DAY, label, note)


def _day(page: Page, statement: Statement, day: date) -> _Row:
    zone = zones.zone(statement.period.timezone)
    length = zones.midnight(day + timedelta(days=1), zone) - zones.midnight(day, zone)
    hours, rest = divmod(length, _HOUR)
    note = "" if length == _DAY else f"{page.figures.duration(length) if rest else f'{hours} h'} day"
    return _row(page.figures.weekday(day.isoformat(), day.year), day, 1, note)


def _title(page: Page, statement: Statement, state: StripState, start: int, end: int) -> str:
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    begun = page.figures.moment(zones.written(start), zone, year)
    return f"{STATES[state]}: {page.figures.duration(end - start)} from {begun}"


def _description(page: Page, balance: Balance, course: CourseShown, *, twice: bool) -> str:
    parts = [(balance.down, "down"), (balance.excluded, "excluded"), (balance.unknown, "unknown")]
    told = ", ".join(f"{page.figures.duration(time)} {word}" for time, word in parts if time) or "no time down"
    if course.left_out:
        rest = page.figures.duration(course.left_out_time)
        told += f"; {page.figures.count(course.left_out)} shorter stretches of {rest} together are not drawn"
    return f"{told}; the time that the clocks ran twice is drawn one above the other" if twice else told
