"""Days that come again: ``first sunday``, or a rule of iCalendar (RFC 5545, 3.3.10)."""

from __future__ import annotations

import difflib
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from slacheck.language.quantities import Unreadable
from slacheck.language.scalars import scalar_text
from slacheck.language.terms import refusal

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_WEEKDAY_CODES = "MO|TU|WE|TH|FR|SA|SU"
_LOOKS = 'write first sunday, last friday, monday, or a rule such as "FREQ=MONTHLY;BYDAY=1SU"'

# Every pattern of the Gregorian calendar comes within this many years.
_SEARCHED_YEARS = 60
_OLDEST_START = 1900
# A rule is followed for so many years at once; the year before them is for weeks that reach over.
_BLOCK = 20


def _numbers(largest: int, *, signed: bool = True) -> re.Pattern[str]:
    known = "|".join(str(number) for number in range(largest, 0, -1))
    one = f"{'[+-]?' if signed else ''}0*(?:{known})"
    return re.compile(f"{one}(?:,{one})*")


_WEEKDAY_LIST = re.compile(
    rf"(?:[+-]?[0-9]{{1,2}})?(?:{_WEEKDAY_CODES})(?:,(?:[+-]?[0-9]{{1,2}})?(?:{_WEEKDAY_CODES}))*"
)
_PARTS = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile("0*[1-9][0-9]{0,2}"),
    "COUNT": re.compile("0*[1-9][0-9]{0,4}"),
    "UNTIL": re.compile("[0-9]{8}"),
    "BYDAY": _WEEKDAY_LIST,
    "BYMONTHDAY": _numbers(31),
    "BYYEARDAY": _numbers(366),
    "BYWEEKNO": _numbers(53),
    "BYMONTH": _numbers(12, signed=False),
    "BYSETPOS": _numbers(366),
    "WKST": re.compile(_WEEKDAY_CODES),
}
_NAMES_A_DAY = ("BYDAY", "BYMONTHDAY", "BYYEARDAY")


@dataclass(frozen=True)
class Every:
    """Which days: the parts of a ``rule``, or a ``weekday`` (Monday 0) with its place in the month.

    ``place`` is -1 for the last one, 0 for each.
    """

    text: str
    weekday: int | None = None
    place: int = 0
    rule: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def read(text: str) -> Every:
        """Raises Unreadable."""
        written = text.strip()
        if "=" in written:
            return Every(written, rule=tuple(_rule(written.removeprefix("RRULE:")).items()))
        *ordinal, weekday = written.split() or [""]
        if weekday not in _WEEKDAYS or len(ordinal) > 1 or (ordinal and ordinal[0] not in _ORDINALS):
            raise Unreadable(f"'{text}' is no day that comes again", _meant(written))
        return Every(written, _WEEKDAYS.index(weekday), _ORDINALS[ordinal[0]] if ordinal else 0)

    @property
    def needs_start(self) -> str:
        """Why the days depend on the day on which the rule starts, or nothing."""
        parts = dict(self.rule)
        if int(parts.get("INTERVAL", "1")) > 1:
            return "INTERVAL counts from the day on which the rule starts"
        if "COUNT" in parts:
            return "COUNT counts from the day on which the rule starts"
        if self.rule and parts["FREQ"] != "DAILY" and not any(part in parts for part in _NAMES_A_DAY):
            return f"{parts['FREQ']} takes its day from the day on which the rule starts"
        return ""


def _meant(written: str) -> str:
    known = [*_WEEKDAYS, *(f"{place} {day}" for place in _ORDINALS for day in _WEEKDAYS)]
    close = difflib.get_close_matches(written.casefold(), known, n=1, cutoff=0.7)
    return f"did you mean '{close[0]}'?" if close else _LOOKS


def _rule(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            raise Unreadable(f"the rule has {name}", "a rule names days here; their times stand behind 'hours'")
        if name == "DTSTART":
            raise Unreadable("the rule has DTSTART", "write the day on which it starts behind 'from'")
        if name not in _PARTS:
            close = difflib.get_close_matches(name, _PARTS, n=1)
            help = f"did you mean '{close[0]}'?" if close else f"parts of a rule are {', '.join(_PARTS)}"
            raise Unreadable(f"the rule has an unknown part '{name}'", help)
        if name in parts:
            raise Unreadable(f"the rule has {name} twice", "write each part once")
        if not _PARTS[name].fullmatch(value):
            raise Unreadable(f"the rule's {name} cannot be '{value}'", _advice(name))
        parts[name] = value
    if "FREQ" not in parts:
        raise Unreadable("the rule does not say how often", "add FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    _refuse_contradictions(parts)
    return parts


def _advice(name: str) -> str:
    match name:
        case "FREQ":
            return "it is DAILY, WEEKLY, MONTHLY or YEARLY; times of the day stand behind 'hours'"
        case "UNTIL":
            return "write the last day, as in UNTIL=20261231"
        case "BYDAY":
            return "write weekdays, as in MO,WE or 1SU or -1FR"
    return "see RFC 5545, 3.3.10"


def _refuse_contradictions(parts: dict[str, str]) -> None:
    frequency = parts["FREQ"]
    if "COUNT" in parts and "UNTIL" in parts:
        raise Unreadable("the rule has COUNT and UNTIL", "write one of them")
    if "UNTIL" in parts:
        _until(parts["UNTIL"])
    if frequency in ("DAILY", "WEEKLY") and re.search("[0-9]", parts.get("BYDAY", "")):
        raise Unreadable(f"{frequency} has no {parts['BYDAY']}", "a numbered weekday needs FREQ=MONTHLY or YEARLY")
    if "BYWEEKNO" in parts and (frequency != "YEARLY" or "BYDAY" not in parts):
        raise Unreadable("BYWEEKNO names no day", "write it with FREQ=YEARLY and BYDAY")
    if "BYYEARDAY" in parts and frequency != "YEARLY":
        raise Unreadable("BYYEARDAY is for FREQ=YEARLY", "write FREQ=YEARLY, or BYMONTHDAY")
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        raise Unreadable("FREQ=WEEKLY has no BYMONTHDAY", "write FREQ=MONTHLY, or BYDAY")


def _until(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable(f"UNTIL={text} is no day of the calendar", _advice("UNTIL")) from None


def ever(every: Every, start: date | None) -> bool:
    """Whether any day matches."""
    if every.weekday is not None:
        return True
    parts = dict(every.rule)
    last = _until(parts.pop("UNTIL")) if "UNTIL" in parts else date.max
    first = start or date(max(1, min(last.year, _OLDEST_START) - _SEARCHED_YEARS), 1, 1)
    day = next(_followed(parts, first), None)
    return day is not None and day <= last


@lru_cache(maxsize=4096)
def matching(every: Every, start: date | None, year: int) -> frozenset[date]:
    """The days of a year that match; ``start`` is the first day on which the rule may apply."""
    if every.weekday is not None:
        return frozenset(_weekdays(every.weekday, every.place, year))
    return frozenset(day for day in _ruled(every, start, year // _BLOCK) if day.year == year)


def _weekdays(weekday: int, place: int, year: int) -> Iterator[date]:
    for month in range(1, 13):
        first, length = monthrange(year, month)
        days = range((weekday - first) % 7 + 1, length + 1, 7)
        for day in days if place == 0 else [days[place - 1 if place > 0 else place]]:
            yield date(year, month, day)


@lru_cache(maxsize=512)
def _ruled(every: Every, start: date | None, block: int) -> tuple[date, ...]:
    """The days of a rule in a block of years, and some before it."""
    parts = dict(every.rule)
    first, last = date(max(block * _BLOCK - 1, 1), 1, 1), date(min(block * _BLOCK + _BLOCK - 1, MAXYEAR), 12, 31)
    if "UNTIL" in parts:
        last = min(last, _until(parts.pop("UNTIL")))
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    if start and every.needs_start:
        first = start
    if last < first:
        return ()
    # The limit is ours, never COUNT's: a rule that comes seldom would be followed to the year 9999.
    parts["UNTIL"] = f"{last.year:04}{last.month:02}{last.day:02}"
    return tuple(day for day in islice(_followed(parts, first), count) if start is None or start <= day)


def _followed(parts: dict[str, str], first: date) -> Iterator[date]:
    """The days of a rule that starts on ``first``."""
    from dateutil.rrule import rrulestr

    text = ";".join(f"{name}={value}" for name, value in parts.items())
    for at in rrulestr(text, dtstart=datetime.combine(first, time())):
        yield at.date()


def _every(value: object) -> Every:
    if isinstance(value, Every):
        return value
    text = scalar_text(value, "a day that comes again")
    try:
        return Every.read(text)
    except Unreadable as unreadable:
        raise refusal("every", str(unreadable), unreadable.help) from None


Recurring = Annotated[
    Every,
    PlainValidator(_every),
    WithJsonSchema(
        {
            "type": "string",
            "$comment": "days that come again",
            "description": "Days that come again: a weekday, its place in the month, or a rule of iCalendar.",
            "examples": ["first sunday", "last friday", "monday", "FREQ=MONTHLY;BYDAY=1SU"],
        }
    ),
]
