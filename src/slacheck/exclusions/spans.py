"""Stretches of time that people write by hand: instants, local times of a zone, or whole civil days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, WithJsonSchema

from slacheck.exclusions.limits import reader
from slacheck.language.quantities import Unreadable
from slacheck.language.scalars import Text
from slacheck.language.terms import Terms
from slacheck.timeline import zones

# A guess at the rules of a zone is worth nothing beyond these, as for the periods that people ask for.
_YEARS = range(1900, 3000)
_WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_FORMS = "write 2026-10-03T02:00:00Z, a local time such as 2026-10-03 02:00, or a whole day such as 2026-10-03"


@dataclass(frozen=True)
class Point:
    """A point of time as it was written.

    ``wall`` is naive: the time in UTC of an ``instant``, the local time of a ``local`` one, the midnight of a ``day``.
    """

    form: Literal["instant", "local", "day"]
    wall: datetime
    text: str

    @staticmethod
    def read(text: str) -> Point:
        """Raises Unreadable."""
        written = text.strip()
        found = _WRITTEN.fullmatch(written)
        if not found:
            raise Unreadable(f"not a point of time: '{text}'", _FORMS)
        day, hour, minute, second, fraction, offset = found.groups()
        if int(day[:4]) not in _YEARS:
            raise Unreadable(f"the year of '{text}' is not between {_YEARS[0]} and {_YEARS[-1]}", _FORMS)
        try:
            wall = datetime.fromisoformat(day)
        except ValueError:
            raise Unreadable(f"'{text}' is no day of the calendar") from None
        if hour is None:
            return Point("day", wall, written)
        time = timedelta(
            hours=int(hour),
            minutes=int(minute),
            seconds=int(second or 0),
            microseconds=int((fraction or "0").ljust(6, "0")),
        )
        # 24:00 is the end of the day.
        if int(minute) > 59 or int(second or 0) > 59 or time > timedelta(days=1):
            raise Unreadable(f"'{text}' is no time of the day", "hours go from 00:00 to 24:00")
        if offset is None:
            return Point("local", wall + time, written)
        return Point("instant", wall + time - _offset(offset, text), written)

    def begins(self, zone: ZoneInfo) -> int:
        """The instant in microseconds UTC; of a day its first.

        Raises zones.AmbiguousTime or zones.NonexistentTime for a local time that a change of the clocks leaves open.
        """
        if self.form == "instant":
            return zones.instant_of(self.wall, zones.zone("UTC"))
        if self.form == "day":
            return zones.midnight(self.wall.date(), zone)
        return zones.instant_of(self.wall, zone)

    def ends(self, zone: ZoneInfo) -> int:
        """The instant before which a stretch ends that ends here: a day is included. Raises as ``begins`` does."""
        if self.form == "day":
            return zones.midnight(self.wall.date() + timedelta(days=1), zone)
        return self.begins(zone)


def _offset(written: str, text: str) -> timedelta:
    if written == "Z":
        return timedelta()
    hours, minutes = int(written[1:3]), int(written[-2:])
    if hours > 23 or minutes > 59:
        raise Unreadable(f"the offset of '{text}' is longer than a day", "offsets look like Z, +02:00 or -05:30")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if written[0] == "-" else offset


Written = Annotated[
    Point,
    reader(Point, "a point of time", "not-a-time", Point.read),
    WithJsonSchema(
        {
            "type": "string",
            "$comment": "a point of time",
            "description": "An instant with its offset, a local time of the agreement's zone, or a whole civil day.",
            "examples": ["2026-10-03T02:00:00Z", "2026-10-03 02:00", "2026-10-03"],
        }
    ),
]


@dataclass(frozen=True)
class Fault:
    """What cannot be meant, found only with the zone at hand: the keys that lead to it, and how to say it."""

    steps: tuple[str | int, ...]
    code: str
    message: str
    help: str


class Stretch(Terms):
    """Time from ``start`` to before ``end``; an ``end`` that is a whole day is included."""

    start: Written = Field(
        description="The first instant: with its offset, in local time, or a whole day.",
        examples=["2026-10-03 02:00", "2026-10-03"],
    )
    end: Written = Field(
        description="The instant after the last one, or the last whole day.",
        examples=["2026-10-03 06:00", "2026-10-04"],
    )

    def window(self, zone: ZoneInfo) -> tuple[int, int]:
        """``[start, end)`` in microseconds UTC. Raises as ``Point.begins`` does where there are ``faults``."""
        return self.start.begins(zone), self.end.ends(zone)

    def faults(self, zone: ZoneInfo) -> Iterator[Fault]:
        """Local times that do not exist or happen twice, and an end that is not after the start."""
        unclear = False
        for step, moment in (("start", self.start), ("end", self.end)):
            try:
                moment.begins(zone)
            except (zones.AmbiguousTime, zones.NonexistentTime) as error:
                unclear = True
                help = "write it with its offset, such as 2026-10-03T02:00:00+02:00"
                yield Fault((step,), "unclear-time", str(error), help)
        if unclear:
            return
        start, end = self.window(zone)
        if end <= start:
            help = "'end' is the instant after its last, or the last whole day"
            yield Fault(("end",), "dates", f"it ends at {self.end.text}, not after its start {self.start.text}", help)


class Span(Stretch):
    """One stretch that is excused as it stands, and why."""

    reason: Text | None = Field(
        None, description="Why it is excused; shown in the statement.", examples=["move of the data centre"]
    )
