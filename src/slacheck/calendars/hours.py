"""Hours as people write them: spans of the wall clock, and a week of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from slacheck.language.json_schema import shared
from slacheck.language.quantities import DAY, HOUR, MINUTE
from slacheck.language.terms import refusal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY, HOLIDAYS = "daily", "holidays"

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")
_RANGE = re.compile(r"(\S+?)\s*-\s*(\S+)")
_SPANS_LOOK = 'hours look like "09:00-17:30", or "09:00-12:00, 13:00-17:00"'
_DAYS_LOOK = "days are mon to sun, mon-fri, 'mon, wed', daily, or holidays"


@dataclass(frozen=True)
class Span:
    """``[start, end)`` in microseconds of the wall clock since the midnight of the day it begins on.

    ``end`` lies beyond 24 hours for a span that runs into the next day.
    """

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end if self.end <= DAY else self.end - DAY)}"


Spans = tuple[Span, ...]
"""The spans that begin on one day, in order, none overlapping."""


@dataclass(frozen=True)
class Week:
    """The spans that begin on each weekday, Monday first. ``holidays`` replaces them on a holiday: none by default."""

    days: tuple[Spans, ...]
    holidays: Spans
    text: str


def spans_text(spans: Spans) -> str:
    return " and ".join(map(str, spans))


def read_spans(value: object) -> Spans:
    """A span, several joined by a comma, or a list of spans. Raises PydanticCustomError."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        spans = [_span(text, ()) for text in value.split(",")]
    elif isinstance(value, list) and value:
        spans = [_span(text, (index,)) for index, text in enumerate(value)]
    else:
        raise refusal("hours", "hours of a day are wanted here", _SPANS_LOOK)
    spans.sort(key=lambda span: span.start)
    for earlier, later in pairwise(spans):
        if later.start < earlier.end:
            raise refusal("overlap", f"the hours {earlier} and {later} overlap", "write each hour once")
    return tuple(spans)


def read_week(value: object) -> Week:
    """A mapping of days to their hours. Raises PydanticCustomError."""
    if isinstance(value, Week):
        return value
    if not isinstance(value, Mapping) or not value:
        raise refusal("hours", "a mapping of days to hours is wanted here", 'write {mon-fri: "09:00-17:30"}')
    days: dict[int, Spans] = {}
    keys: dict[int, str] = {}
    holidays: Spans = ()
    for key, written in value.items():
        spans = _under(key, written)
        if key == HOLIDAYS:
            holidays = spans
            continue
        for day in _days(key):
            if day in keys:
                message = f"the hours of {WEEKDAYS[day]} stand behind '{keys[day]}' and behind '{key}'"
                raise refusal("day-twice", message, "write the hours of a day once", inside=[key], at="key")
            days[day], keys[day] = spans, key
    _refuse_spill(days, keys)
    text = ", ".join(f"{key} {spans_text(read_spans(spans))}" for key, spans in value.items() if key != HOLIDAYS)
    return Week(tuple(days.get(day, ()) for day in range(7)), holidays, text)


def _under(key: str, value: object) -> Spans:
    try:
        return read_spans(value)
    except PydanticCustomError as refused:
        context = refused.context or {}
        inside = [key, *context.get("inside", ())]
        raise refusal(refused.type, refused.message(), context.get("help", ""), inside=inside) from None


def _refuse_spill(days: Mapping[int, Spans], keys: Mapping[int, str]) -> None:
    """Refuse hours that run into those of the next day; Monday follows Sunday."""
    begun = [(day * DAY + span.start, day, span) for day in sorted(days) for span in days[day]]
    if not begun:
        return
    first = (begun[0][0] + 7 * DAY, *begun[0][1:])
    for (at, day, span), (next_at, next_day, following) in pairwise([*begun, first]):
        if next_at < at - span.start + span.end:
            raise refusal(
                "overlap",
                f"{span} on {WEEKDAYS[day]} runs into {following} on {WEEKDAYS[next_day]}",
                "write each hour once",
                inside=[keys[next_day]],
                at="key",
            )


def _days(key: str) -> Iterator[int]:
    if key == DAILY:
        yield from range(7)
        return
    for part in key.split(","):
        between = _RANGE.fullmatch(part.strip())
        if between is None:
            yield _weekday(part.strip(), key)
            continue
        first, last = (_weekday(name, key) for name in between.groups())
        yield from (day % 7 for day in range(first, (last if first <= last else last + 7) + 1))


def _weekday(name: str, key: str) -> int:
    if name in WEEKDAYS:
        return WEEKDAYS.index(name)
    close = difflib.get_close_matches(name.casefold()[:3], WEEKDAYS, n=1)
    meant = difflib.get_close_matches(key.casefold(), (DAILY, HOLIDAYS), n=1, cutoff=0.8)
    help = f"did you mean '{meant[0] if meant else close[0]}'?" if meant or close else _DAYS_LOOK
    raise refusal("not-a-day", f"'{name}' is no day of the week", help, inside=[key], at="key")


def _span(text: object, inside: tuple[int, ...]) -> Span:
    found = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise refusal("hours", f"'{text}' is no span of hours", _SPANS_LOOK, inside=inside)
    opens, opens_min, closes, closes_min = map(int, found.groups())
    start, end = opens * HOUR + opens_min * MINUTE, closes * HOUR + closes_min * MINUTE
    if len(found[1]) < 2 or len(found[3]) < 2:
        raise refusal(
            "hours", f"'{text}' has an hour of one digit", f"write {_clock(start)}-{_clock(end)}", inside=inside
        )
    if max(opens_min, closes_min) > 59 or start >= DAY or end > DAY:
        help = "times run from 00:00 to 23:59; 24:00 may end a span"
        raise refusal("hours", f"'{text}' has a time that no clock shows", help, inside=inside)
    if start == end:
        help = "write 00:00-24:00 for the whole day" if start == 0 else "leave it out, or write its end"
        raise refusal("hours", f"'{text}' is no time at all", help, inside=inside)
    return Span(start, end if start < end else end + DAY)


def _clock(microseconds: int) -> str:
    hour, minute = divmod(microseconds // MINUTE, 60)
    return f"{hour:02}:{minute:02}"


_SPANS_SCHEMA: list[dict[str, Any]] = [
    {"type": "string", "$comment": "spans", "examples": ["09:00-17:30", "22:00-06:00", "00:00-24:00"]},
    {"type": "array", "items": {"type": "string"}, "minItems": 1},
]
_WEEK_SCHEMA: dict[str, Any] = {
    "type": "object",
    "$comment": "hours of a week",
    "description": "Days (mon to sun, mon-fri, 'mon, wed', daily, holidays) and the hours that begin on them.",
    "additionalProperties": {"anyOf": _SPANS_SCHEMA},
    "minProperties": 1,
    "examples": [{"mon-fri": "09:00-17:30", "sat": "10:00-14:00"}],
}

Weekly = Annotated[Week, PlainValidator(read_week), shared("Week", _WEEK_SCHEMA)]
Hours = Annotated[
    Week | Spans,
    PlainValidator(lambda value: read_spans(value) if isinstance(value, (str, list, tuple)) else read_week(value)),
    WithJsonSchema({"anyOf": [{"$shared": "Week"}, *_SPANS_SCHEMA]}),
]
