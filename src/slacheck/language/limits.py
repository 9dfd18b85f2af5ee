"""Limits on a length: a length, a comparison, a number of days, or a table of deadlines by the hour of the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from slacheck.language.quantities import MINUTE, Comparison, Unreadable
from slacheck.language.scalars import scalar_text
from slacheck.language.terms import refusal

_CLOCK = r"([01][0-9]|2[0-3]|24):([0-5][0-9])"
_SPAN = re.compile(rf"{_CLOCK}-{_CLOCK}")
_DUE = re.compile(rf"{_CLOCK}(?:\s+(same|next) day|\s+(same|next) working day|\s+in ([1-9][0-9]?) (working )?days?)?")
_DAY = 24 * 60 * MINUTE


@dataclass(frozen=True)
class Due:
    """A record that starts at ``lo <= time of day < hi`` is due at ``at`` of the ``days``-th day after its own.

    Times of day in microseconds of the local clock; ``working`` counts the days of the level's calendar alone.
    """

    lo: int
    hi: int
    at: int
    days: int
    working: bool


@dataclass(frozen=True)
class Deadlines:
    """A whole day of ``rows`` without a hole."""

    rows: tuple[Due, ...]
    text: str


Limit = Comparison | Deadlines


def _clock(hour: str, minute: str) -> int:
    return (int(hour) * 60 + int(minute)) * MINUTE


def _due(span: str, due: object) -> Due:
    starts = _SPAN.fullmatch(span.strip())
    if not starts or starts[1] + starts[2] >= starts[3] + starts[4] or (starts[3] == "24" and starts[4] != "00"):
        raise refusal("limit", f"not a part of a day: '{span}'", 'write "00:00-12:00"', inside=[span], at="key")
    found = _DUE.fullmatch(due.strip()) if isinstance(due, str) else None
    if not found or (found[1] == "24" and found[2] != "00"):
        help = 'write "19:00 same day", "12:00 next working day" or "17:00 in 2 working days"'
        raise refusal("limit", f"no deadline can be read behind '{span}'", help, inside=[span])
    if found[5]:
        days, working = int(found[5]), bool(found[6])
    else:
        days, working = (1 if "next" in (found[3], found[4]) else 0), found[4] is not None
    return Due(_clock(starts[1], starts[2]), _clock(starts[3], starts[4]), _clock(found[1], found[2]), days, working)


def _table(value: Mapping[str, object]) -> Deadlines:
    rows = sorted((_due(span, due) for span, due in value.items()), key=lambda row: row.lo)
    at = 0
    for row in rows:
        if row.lo != at:
            hole = "overlap" if row.lo < at else "leave a hole"
            raise refusal("limit", f"the parts of the day {hole}", "cover 00:00-24:00 once")
        at = row.hi
    if at != _DAY:
        raise refusal("limit", "the parts of the day leave a hole", "cover 00:00-24:00 once")
    return Deadlines(tuple(rows), "; ".join(f"{span}: {due}" for span, due in value.items()))


def read(value: object) -> Limit:
    """A bare length means at most. Raises PydanticCustomError."""
    if isinstance(value, (Comparison, Deadlines)):
        return value
    if isinstance(value, Mapping) and value:
        return _table(value)
    text = scalar_text(value, "a limit").strip()
    try:
        return Comparison.read(text if text[:1] in "<>=" else f"<= {text}", per_column=True)
    except Unreadable as unreadable:
        raise refusal("limit", str(unreadable), unreadable.help) from None


LimitTerm = Annotated[
    Limit,
    PlainValidator(read),
    WithJsonSchema(
        {
            "type": ["string", "object"],
            "$comment": "a limit",
            "description": "A length or a number of days (at most so much), a comparison, or deadlines by the hour of "
            "the start.",
            "examples": ["4h", "2 working days", ">= 0s, <= 5m", {"00:00-12:00": "19:00 same day"}],
        }
    ),
]
