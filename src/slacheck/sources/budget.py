"""How many bad rows an agreement lets an export have: none, a number, or a share of those that were read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from slacheck.language.scalars import read_percentage, scalar_text
from slacheck.language.terms import refusal

_FORM = re.compile(r"skip +at +most +([0-9]{1,9}|[0-9]{1,2}(?:\.[0-9]{1,9})? ?%)")


@dataclass(frozen=True)
class Budget:
    """At most ``rows``, or a ``share`` of the rows that were read; ``text`` is how it was written."""

    text: str
    rows: int = 0
    share: Fraction | None = None

    def most(self, read: int) -> int:
        """How many of ``read`` rows may be bad."""
        return self.rows if self.share is None else int(self.share * read)

    def __str__(self) -> str:
        return self.text


def _read(value: object) -> Budget | None:
    if value is None or isinstance(value, Budget):
        return value
    text = " ".join(scalar_text(value, "fail, or how many rows to skip").split())
    if text == "fail":
        return None
    found = _FORM.fullmatch(text)
    if found is None:
        help = "write fail, skip at most 10 or skip at most 0.1%"
        raise refusal("bad-rows", f"not what to do with a bad row: '{text}'", help)
    if found[1].endswith("%"):
        return Budget(text, share=read_percentage(found[1].replace(" ", "")))
    return Budget(text, int(found[1]))


OnBadRow = Annotated[
    Budget | None,
    BeforeValidator(_read),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "fail, or how many bad rows to leave out at most: a number, or a share of the rows read",
            "examples": ["fail", "skip at most 10", "skip at most 0.1%"],
        }
    ),
]
