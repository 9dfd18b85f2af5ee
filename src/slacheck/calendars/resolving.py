"""The calendars of an agreement as time: which instants count, on which days, and what is a holiday."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from slacheck.calendars import public_holidays, recurring
from slacheck.calendars.calendar import ALWAYS, Calendar
from slacheck.calendars.event_file import EventFile
from slacheck.calendars.hours import Spans, Week, spans_text
from slacheck.calendars.references import resting_on
from slacheck.calendars.wall_clock import WallClock, wall
from slacheck.problems import AgreementError, Problem
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.zones import DAY

_AGREED = "as agreed"


@dataclass(frozen=True, order=True)
class Holiday:
    """A day on which a calendar keeps its holiday hours, or none."""

    day: date
    name: str


class _Piece(NamedTuple):
    """Time ``[start, end)`` that counts, in microseconds UTC, and the civil day whose hours it belongs to."""

    start: int
    end: int
    day: date


class Calendars:
    """The calendars of one agreement. ``terms`` have no faults; times are microseconds UTC, days civil days.

    ``zone`` is the agreement's, ``directory`` where its files are looked for, ``label`` the file it stands in. A name
    that is no calendar raises KeyError. Every answer raises AgreementError where a calendar file cannot be read or the
    holidays of a year are not known.
    """

    def __init__(
        self, terms: Mapping[str, Calendar], zone: ZoneInfo, directory: Path, label: str = "agreement"
    ) -> None:
        self._terms = dict(terms)
        self._zone = zone
        self._directory = directory
        self._label = label
        # Bounded, and gone with this object.
        self._pieces = lru_cache(maxsize=512)(self._found)
        self._holidays_in = lru_cache(maxsize=4096)(self._read_holidays)
        self._file = lru_cache(maxsize=None)(EventFile)
        self._services = lru_cache(maxsize=512)(self._united)

    def service(self, name: str, lo: int, hi: int) -> Intervals:
        """The time in ``[lo, hi)`` that counts."""
        return self._services(name, lo, hi)

    def days(self, name: str, first: date, end: date) -> tuple[date, ...]:
        """The civil days in ``[first, end)`` on which hours begin that leave some time: the working days, in order.

        The day is the one the hours are written for, in the zone of the calendar that has them; where ``all_of`` cuts
        the hours of two days out of one another it is the earlier one. A day that a zone skipped is none.
        """
        zone = self.zone(name)
        lo, hi = (zones.midnight(_shifted(day, by), zone) for day, by in ((first, -2), (end, 2)))
        days = {piece.day for piece in self._pieces(name, lo, hi) if first <= piece.day < end}
        return tuple(day for day in sorted(days) if zones.midnight(day, zone) < zones.midnight(_shifted(day, 1), zone))

    def holidays(self, name: str, first: date, end: date) -> tuple[Holiday, ...]:
        """The holidays in ``[first, end)`` of a calendar and of those that ``all_of`` and ``any_of`` put together."""
        if name == ALWAYS or first >= end:
            return ()
        terms = self._terms[name]
        found: set[Holiday] = set()
        for other in (*(terms.all_of or ()), *(terms.any_of or ())):
            found.update(self.holidays(other, first, end))
        if terms.holidays is not None:
            for year in range(first.year, _shifted(end, -1).year + 1):
                found.update(Holiday(day, title) for day, title in self._holidays_in(name, year).items())
        return tuple(sorted(holiday for holiday in found if first <= holiday.day < end))

    def shown(self, name: str) -> str:
        """The calendar on one line, for the statement."""
        if name == ALWAYS:
            return ALWAYS
        terms = self._terms[name]
        text = "; ".join(_parts(terms))
        if terms.except_ is not None:
            text += f" except {', '.join(terms.except_)}"
        return f"{text}; in {terms.timezone}" if terms.timezone else text

    def used_by(self, name: str) -> frozenset[str]:
        """The names of the calendars it rests on, at any depth; ``always`` is none."""
        return resting_on(self._terms, name)

    def zone(self, name: str) -> ZoneInfo:
        """The zone its hours are read in."""
        own = None if name == ALWAYS else self._terms[name].timezone
        return self._zone if own is None else zones.zone(own)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the calendar files, read now."""
        found: list[Problem] = []
        for terms in self._terms.values():
            if terms.file is not None:
                try:
                    self._file(self._directory / terms.file)
                except AgreementError as refused:
                    found += refused.problems
        return tuple(dict.fromkeys(found))

    def _united(self, name: str, lo: int, hi: int) -> Intervals:
        if name == ALWAYS:
            return ((lo, hi),) if lo < hi else ()
        return intervals.union((piece.start, piece.end) for piece in self._pieces(name, lo, hi))

    def _found(self, name: str, lo: int, hi: int) -> tuple[_Piece, ...]:
        """What counts in ``[lo, hi)``, cut to it, in order. Pieces of ``any_of`` and of a file may overlap."""
        if lo >= hi:
            return ()
        terms = None if name == ALWAYS else self._terms[name]
        found: Iterable[_Piece]
        if terms is None:
            found = self._whole_days(self._zone, lo, hi)
        elif terms.hours is not None or terms.seasons:
            found = self._written(name, terms, lo, hi)
        elif terms.file is not None:
            events = self._file(self._directory / terms.file).events(lo, hi, self.zone(name))
            found = (_Piece(event.start, event.end, event.day) for event in events)
        elif terms.all_of is not None:
            found = self._pieces(terms.all_of[0], lo, hi)
            for other in terms.all_of[1:]:
                found = _common(found, self._pieces(other, lo, hi))
        else:
            found = {piece for other in terms.any_of or (ALWAYS,) for piece in self._pieces(other, lo, hi)}
        if terms is not None and terms.except_ is not None:
            found = _without(found, intervals.union(*(self.service(other, lo, hi) for other in terms.except_)))
        return tuple(sorted(_cut(found, lo, hi)))

    def _whole_days(self, zone: ZoneInfo, lo: int, hi: int) -> Iterator[_Piece]:
        days = _days_around(lo, hi, zone)
        clock = WallClock(zone, days[0], days[-1])
        for day in days:
            yield _Piece(clock.start(wall(day)), clock.start(wall(day) + DAY), day)

    def _written(self, name: str, terms: Calendar, lo: int, hi: int) -> Iterator[_Piece]:
        zone = self.zone(name)
        days = _days_around(lo, hi, zone)
        clock = WallClock(zone, days[0], days[-1])

        def pieces(day: date, spans: Spans) -> list[_Piece]:
            begins = wall(day)
            edges = ((clock.start(begins + span.start), clock.end(begins + span.end)) for span in spans)
            return list(_cut((_Piece(start, end, day) for start, end in edges), lo, hi))

        for day in days:
            usual, special = _spans(terms, day)
            kept, instead = pieces(day, usual), pieces(day, special)
            # The holidays of a year are asked for only where they matter: they may not be known.
            if terms.holidays is not None and (kept or instead) and day in self._holidays_in(name, day.year):
                kept = instead
            yield from kept

    def _read_holidays(self, name: str, year: int) -> dict[date, str]:
        terms = self._terms[name].holidays
        assert terms is not None
        found = {day: _AGREED for day in terms.plus if day.year == year}
        if terms.country is None:
            return found
        try:
            known = public_holidays.in_year(terms.country, terms.subdivision, terms.observed, year)
        except public_holidays.UnknownYear as unknown:
            help = "list the days behind 'plus', and leave the country out"
            message = f"the calendar '{name}' cannot be told: {unknown}"
            raise AgreementError([Problem(self._label, code="unknown-holidays", message=message, help=help)]) from None
        return found | {day: title for day, title in known if day not in terms.minus}


def _spans(terms: Calendar, day: date) -> tuple[Spans, Spans]:
    """The spans that begin on a day: the usual ones, and those it has as a holiday."""
    if terms.every is not None:
        assert isinstance(terms.hours, tuple)
        return (terms.hours if day in recurring.matching(terms.every, terms.from_, day.year) else ()), ()
    week = terms.hours or next((s.hours for s in terms.seasons if s.holds(day)), None)
    if week is None:
        return (), ()
    assert isinstance(week, Week)
    return week.days[day.weekday()], week.holidays


def _days_around(lo: int, hi: int, zone: ZoneInfo) -> list[date]:
    """The local days that ``[lo, hi)`` touches, and the day before, whose hours may run into the first."""
    first = _shifted(zones.local(lo, zone).date(), -1)
    last = zones.local(hi, zone).date()
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


def _shifted(day: date, by: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + by, date.min.toordinal()), date.max.toordinal()))


def _cut(pieces: Iterable[_Piece], lo: int, hi: int) -> Iterator[_Piece]:
    for start, end, day in pieces:
        if (start := max(start, lo)) < (end := min(end, hi)):
            yield _Piece(start, end, day)


def _common(left: Iterable[_Piece], right: tuple[_Piece, ...]) -> set[_Piece]:
    """What is in a piece of both, on the earlier of their two days; ``right`` is in order."""
    longest = max((piece.end - piece.start for piece in right), default=0)
    starts = [piece.start for piece in right]
    found: set[_Piece] = set()
    for piece in left:
        near = right[bisect_left(starts, piece.start - longest) : bisect_left(starts, piece.end)]
        for other in near:
            start, end = max(piece.start, other.start), min(piece.end, other.end)
            if start < end:
                found.add(_Piece(start, end, min(piece.day, other.day)))
    return found


def _without(pieces: Iterable[_Piece], taken: Intervals) -> Iterator[_Piece]:
    starts, ends = [start for start, _ in taken], [end for _, end in taken]
    for piece in pieces:
        within = taken[bisect_left(ends, piece.start) : bisect_left(starts, piece.end)]
        for start, end in intervals.difference(((piece.start, piece.end),), within):
            yield _Piece(start, end, piece.day)


def _parts(terms: Calendar) -> Iterator[str]:
    """How a calendar says its hours, in words."""
    if terms.every is not None:
        assert isinstance(terms.hours, tuple)
        start = f" from {terms.from_}," if terms.from_ else ""
        yield f"{terms.every.text}{start} {spans_text(terms.hours)}"
    elif terms.file is not None:
        yield f"the events of {terms.file}"
    elif terms.all_of is not None:
        yield f"all of {', '.join(terms.all_of)}"
    elif terms.any_of is not None:
        yield f"any of {', '.join(terms.any_of)}"
    elif isinstance(terms.hours, Week):
        yield terms.hours.text
    elif terms.seasons:
        for season in terms.seasons:
            special = f", holidays {spans_text(season.hours.holidays)}" if season.hours.holidays else ""
            yield f"{season}: {season.hours.text}{special}"
    else:
        yield ALWAYS
    if terms.holidays is not None:
        yield from _holiday_parts(terms)


def _holiday_parts(terms: Calendar) -> Iterator[str]:
    if isinstance(terms.hours, Week) and terms.hours.holidays:
        yield f"{spans_text(terms.hours.holidays)} on {terms.holidays}"
    elif any(week.holidays for _, week in terms.weeks):
        yield f"holidays are {terms.holidays}"
    else:
        yield f"no hours on {terms.holidays}"
