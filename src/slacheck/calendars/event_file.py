"""The events of an iCalendar file (RFC 5545), read strictly: what its readers pass over in silence is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from slacheck.calendars.wall_clock import WallClock, wall
from slacheck.problems import AgreementError, Problem
from slacheck.timeline import zones
from slacheck.timeline.zones import DAY

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_ZONE = re.compile(r';TZID="?([^":;]+)"?', re.IGNORECASE)
_TOO_OFTEN = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)|BYSECOND=|BYMINUTE=[0-9]+,", re.IGNORECASE)
_FILE_ZONE = "X-WR-TIMEZONE"
_SHOWN = 160


@dataclass(frozen=True)
class Event:
    """``[start, end)`` in microseconds UTC, and the local day it counts for."""

    day: date
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    """A content line, unfolded: where it begins, its name and all of it; ``event`` counts the events from 0."""

    number: int
    name: str
    text: str
    event: int | None


@dataclass(frozen=True)
class _Moment:
    """A local time in a zone; ``whole`` is a day rather than a time."""

    at: datetime
    zone: ZoneInfo
    whole: bool


class EventFile:
    """A file that was read and checked. Raises AgreementError with what is wrong in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        text = self._text()
        self._lines = list(_content_lines(text))
        problems = list(self._suspicious())
        if not problems:
            self._calendar = self._parsed(text)
            # A word of Google's and Apple's that the standard does not know: readers move times by it in silence.
            self._named_zone = str(self._calendar.pop(_FILE_ZONE, ""))
            problems = list(self._broken())
        if problems:
            raise AgreementError(problems)

    def events(self, lo: int, hi: int, zone: ZoneInfo) -> list[Event]:
        """What happens in ``[lo, hi)``, uncut, in order of time; times without a zone are in ``zone``.

        An event of whole days, and one of more than 24 hours, counts for each of its days; any other for the day it
        begins on. Cancelled events are no events. Raises AgreementError.
        """
        import recurring_ical_events

        first, last = (datetime.fromtimestamp(at // 1_000_000, UTC) for at in (lo - 2 * DAY, hi + 2 * DAY))
        try:
            found = recurring_ical_events.of(self._calendar, components=["VEVENT"]).between(first, last)
        except (ValueError, KeyError, TypeError, OverflowError) as refused:
            raise AgreementError([self._problem(f"its events cannot be told: {_short(refused)}")]) from None
        events: list[Event] = []
        for component in found:
            if str(component.get("STATUS", "")).upper() != "CANCELLED":
                self._refuse_two_zones(component, zone)
                start = _moment(component.decoded("DTSTART"), zone)
                events += _instances(start, _moment(component.decoded("DTEND"), zone))
        return sorted(
            (e for e in events if e.start < e.end and e.start < hi and lo < e.end), key=lambda e: (e.start, e.end)
        )

    def _refuse_two_zones(self, component: Any, zone: ZoneInfo) -> None:
        """A time without a zone is the calendar's, unless the file speaks of another one."""
        start = component.decoded("DTSTART")
        if self._named_zone in ("", zone.key) or not isinstance(start, datetime) or start.tzinfo is not None:
            return
        line = next(line for line in self._lines if line.name == _FILE_ZONE)
        message = f"the file is in {self._named_zone}, but its times without a zone would be read in {zone.key}"
        raise AgreementError([self._at(line, message, f"add timezone: {self._named_zone} beside file")])

    def _text(self) -> str:
        try:
            return self._path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            problem = self._problem("there is no such file", help="files are looked for from the agreement's directory")
        except UnicodeDecodeError as broken:
            number = self._path.read_bytes()[: broken.start].count(b"\n") + 1
            problem = self._problem("it is not UTF-8", number, help="save it as UTF-8")
        except OSError as refused:
            problem = self._problem(f"the file cannot be read: {refused.strerror}")
        raise AgreementError([problem])

    def _suspicious(self) -> Iterator[Problem]:
        """What can be seen in single lines."""
        if not self._lines or self._lines[0].text.upper() != "BEGIN:VCALENDAR":
            yield self._problem("it is no iCalendar file", 1, help="its first line is BEGIN:VCALENDAR")
            return
        yield from self._unbalanced()
        for line in self._lines:
            if line.event is None:
                continue
            if line.name == "RRULE" and _TOO_OFTEN.search(line.text):
                yield self._problem("an event comes more often than a window can", line.number, line.text)
            if (named := _ZONE.search(line.text.partition(":")[0])) and not _known_zone(named[1]):
                help = "name a zone of the tz database, such as Europe/Berlin"
                yield self._problem(f"unknown time zone '{named[1]}'", line.number, line.text, help)

    def _unbalanced(self) -> Iterator[Problem]:
        opened: list[_Line] = []
        calendars = 0
        for line in self._lines:
            word = line.text.partition(":")[2].upper()
            if line.name == "BEGIN":
                if word == "VCALENDAR":
                    calendars += 1
                    if calendars == 2:
                        help = "give each a file of its own, and join them with any_of"
                        yield self._problem("there are two calendars in the file", line.number, line.text, help)
                opened.append(line)
            elif line.name == "END" and (not opened or opened.pop().text.partition(":")[2].upper() != word):
                yield self._problem(f"{line.text} ends what did not begin", line.number, line.text)
                return
        if opened:
            yield self._problem(
                f"{opened[-1].text} has no end: the file is cut off", opened[-1].number, opened[-1].text
            )

    def _parsed(self, text: str) -> Any:
        import icalendar

        try:
            return icalendar.Calendar.from_ical(text)
        except (ValueError, KeyError, IndexError, TypeError) as refused:
            line = next((line for line in self._lines if line.text in str(refused)), None)
            message = f"it cannot be read: {_short(refused)}"
            raise AgreementError(
                [self._problem(message, line.number if line else 0, line.text if line else "")]
            ) from None

    def _broken(self) -> Iterator[Problem]:
        """What can be seen in single events."""
        seen: set[tuple[str, str]] = set()
        for index, event in enumerate(self._calendar.walk("VEVENT")):
            instance = self._line(index, "RECURRENCE-ID")
            identity = (str(event.get("UID", "")), instance.text if instance else "")
            if identity[0] and identity in seen:
                # A reader keeps one of them and says nothing.
                yield self._at(self._line(index, "UID"), "an event of this UID stands above", "give each event its own")
            seen.add(identity)
            errors = [(str(name or ""), message) for name, message in event.errors]
            for name, message in errors:
                line = self._line(index, name) or next(
                    (li for li in self._lines if li.text and li.text in message), None
                )
                yield self._at(line or self._line(index, "BEGIN"), f"it cannot be read: {_short(message)}")
            if not errors and str(event.get("STATUS", "")).upper() != "CANCELLED":
                yield from self._unfit(index, event)

    def _unfit(self, index: int, event: Any) -> Iterator[Problem]:
        begin = self._line(index, "BEGIN")
        if "DTSTART" not in event:
            yield self._at(begin, "an event has no DTSTART")
            return
        start = event.decoded("DTSTART")
        whole = not isinstance(start, datetime)
        line = self._line(index, "DTEND") or self._line(index, "DURATION") or begin
        if "DTEND" in event:
            end = event.decoded("DTEND")
            if isinstance(end, datetime) == whole:
                yield self._at(line, "an event has a time at one end and a day at the other")
            elif not whole and (end.tzinfo is None) != (start.tzinfo is None):
                yield self._at(line, "an event has a time in a zone at one end and one without at the other")
            elif _as_utc(end) <= _as_utc(start):
                yield self._at(
                    line, "an event ends before it has lasted", "DTEND is the time, or the day, after its last"
                )
        elif "DURATION" in event:
            if event.decoded("DURATION") <= timedelta():
                yield self._at(line, "an event has no length")
        elif not whole:
            yield self._at(begin, "an event has no end", "add DTEND or DURATION")

    def _line(self, event: int, name: str) -> _Line | None:
        return next((line for line in self._lines if line.event == event and line.name == name.upper()), None)

    def _at(self, line: _Line | None, message: str, help: str = "") -> Problem:
        return self._problem(message, line.number if line else 0, line.text if line else "", help)

    def _problem(self, message: str, line: int = 0, excerpt: str = "", help: str = "") -> Problem:
        width = max(1, len(excerpt))
        column = 1 if line else 0
        return Problem(str(self._path), line, column, "calendar-file", message, help, excerpt, width)


def _content_lines(text: str) -> Iterator[_Line]:
    """The lines of a file, the folded ones joined, without blank ones."""
    joined: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line[:1] in (" ", "\t") and joined:
            joined[-1] = (joined[-1][0], joined[-1][1] + line[1:])
        elif line.strip():
            joined.append((number, line.rstrip()))
    event, inside = -1, False
    for number, line in joined:
        name = re.split("[;:]", line, maxsplit=1)[0].upper()
        if line.upper() == "BEGIN:VEVENT":
            event, inside = event + 1, True
        yield _Line(number, name, line, event if inside else None)
        inside = inside and line.upper() != "END:VEVENT"


def _known_zone(name: str) -> bool:
    try:
        zones.zone(name)
    except ValueError:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        return name in WINDOWS_TO_OLSON
    return True


def _as_utc(end: date | datetime) -> datetime:
    """Something that can be compared: of a time without a zone, or a day, as it stands."""
    if not isinstance(end, datetime):
        return datetime(end.year, end.month, end.day)
    return end.astimezone(UTC).replace(tzinfo=None) if end.tzinfo else end


def _moment(value: date | datetime, zone: ZoneInfo) -> _Moment:
    if not isinstance(value, datetime):
        return _Moment(datetime(value.year, value.month, value.day), zone, True)
    own = value.tzinfo if isinstance(value.tzinfo, ZoneInfo) else None
    if value.tzinfo is not None and own is None:
        value, own = value.astimezone(UTC), ZoneInfo("UTC")
    return _Moment(value.replace(tzinfo=None), own or zone, False)


def _instances(start: _Moment, end: _Moment) -> Iterator[Event]:
    clock = WallClock(start.zone, start.at.date(), max(start.at, end.at).date())
    opens, closes = (int((moment.at - _EPOCH) // _MICROSECOND) for moment in (start, end))
    if end.zone != start.zone:
        until = WallClock(end.zone, end.at.date(), end.at.date()).end(closes)
    else:
        until = clock.end(closes)
    begin = clock.start(opens)
    if not start.whole and until - begin <= DAY:
        yield Event(start.at.date(), begin, until)
        return
    day = start.at.date()
    while begin < until:
        following = clock.start(wall(day) + DAY)
        yield Event(day, begin, min(following, until))
        begin, day = following, day + timedelta(days=1)


def _short(error: object) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
