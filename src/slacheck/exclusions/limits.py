"""What an exclusion asks before it excuses, and how much it excuses: notices and allowances, read from text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast, get_args

from pydantic import PlainValidator, WithJsonSchema

from slacheck.language.quantities import CivilLength, Unreadable, length
from slacheck.language.scalars import scalar_text
from slacheck.language.terms import refusal

Per = Literal["day", "week", "month", "quarter", "year", "period"]

_COUNT = re.compile("[0-9]{1,6}")


@dataclass(frozen=True)
class Notice:
    """How long before its start a record must have been announced.

    Exactly one of the two is given: ``exact`` in microseconds (``24h``), or ``civil`` in days, weeks or working days.
    """

    exact: int | None
    civil: CivilLength | None
    text: str

    @property
    def counts_working_days(self) -> bool:
        """Whether a calendar is needed to count it."""
        return self.civil is not None and self.civil.unit == "working day"

    @staticmethod
    def read(text: str) -> Notice:
        """``24h``, ``5 days``, ``2 weeks`` or ``5 working days``. Raises Unreadable."""
        try:
            civil = CivilLength.read(text)
        except Unreadable:
            return Notice(_above_zero(text), None, text.strip())
        if civil.unit not in ("day", "week", "working day"):
            raise Unreadable(f"a notice of '{text}' cannot be counted", "write hours (24h) or days (5 days)")
        return Notice(None, civil, text.strip())


@dataclass(frozen=True)
class Allowance:
    """How much is excused in each civil stretch: ``length`` (microseconds) of time, or ``count`` records."""

    length: int | None
    count: int | None
    per: Per
    text: str

    @staticmethod
    def read(text: str) -> Allowance:
        """``4h per month``, ``10h per year``, ``12 per year``, ``4h per period``. Raises Unreadable."""
        amount, _, per = (part.strip() for part in text.strip().partition(" per "))
        if per not in get_args(Per):
            raise Unreadable(
                f"not an allowance: '{text}'", "allowances look like 4h per month, 10h per year or 12 per year"
            )
        stretch = cast(Per, per)
        if not _COUNT.fullmatch(amount):
            return Allowance(_above_zero(amount), None, stretch, text.strip())
        if int(amount) == 0:
            raise Unreadable(f"'{text}' excuses nothing", "write a number above zero, or leave the exclusion out")
        return Allowance(None, int(amount), stretch, text.strip())


def _above_zero(text: str) -> int:
    exact = length(text)
    if exact == 0:
        raise Unreadable(f"'{text}' is no time at all", "write a length above zero")
    return exact


def reader(kind: type, wanted: str, code: str, read: Callable[[str], object]) -> PlainValidator:
    """Reads text with ``read`` and passes on what is a ``kind`` already."""

    def validate(value: object) -> object:
        if isinstance(value, kind):
            return value
        text = scalar_text(value, wanted)
        try:
            return read(text)
        except Unreadable as unreadable:
            raise refusal(code, str(unreadable), unreadable.help) from None

    return PlainValidator(validate)


Announced = Annotated[
    Notice,
    reader(Notice, "a notice", "not-a-notice", Notice.read),
    WithJsonSchema(
        {
            "type": "string",
            "$comment": "a notice",
            "description": "How long before the start it must have been announced: exact, in days, or in working days.",
            "examples": ["5 days", "2 weeks", "24h", "5 working days"],
        }
    ),
]
Allowed = Annotated[
    Allowance,
    reader(Allowance, "an allowance", "not-an-allowance", Allowance.read),
    WithJsonSchema(
        {
            "type": "string",
            "$comment": "an allowance",
            "description": "So much exact time, or so many records, in each day, week, month, quarter, year or period.",
            "examples": ["4h per month", "10h per year", "12 per year", "4h per period"],
        }
    ),
]
