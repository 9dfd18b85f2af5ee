"""Names of statistics: mean, median, least, greatest, sum, and percentiles with their method."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from slacheck.language.scalars import scalar_text
from slacheck.language.terms import refusal

Plain = Literal["mean", "min", "max", "sum"]
Method = Literal["nearest-rank", "r6", "r7"]
MethodTerm = Annotated[
    Method | None,
    Field(
        description="How a percentile is taken: nearest-rank unless said, or interpolated as r6 and r7 have it.",
        examples=["nearest-rank", "r7"],
    ),
]

_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,6})?|100)")
_PLAIN: tuple[Plain, ...] = ("mean", "min", "max", "sum")


@dataclass(frozen=True)
class Statistic:
    """A plain statistic, or the ``share`` below which the asked value lies (a median is 1/2)."""

    text: str
    plain: Plain | None
    share: Fraction | None

    def by(self, method: Method | None) -> Method:
        """As said; else a median is the mean of the two in the middle, and a percentile is by nearest rank."""
        return method or ("r7" if self.text == "median" else "nearest-rank")


def _read(value: object) -> Statistic:
    if isinstance(value, Statistic):
        return value
    text = scalar_text(value, "a statistic").strip()
    for plain in _PLAIN:
        if text == plain:
            return Statistic(text, plain, None)
    if text == "median":
        return Statistic(text, None, Fraction(1, 2))
    found = _PERCENTILE.fullmatch(text)
    if not found:
        raise refusal("statistic", f"no statistic '{text}'", "write mean, median, min, max, sum, or a percentile: p95")
    return Statistic(text, None, Fraction(found[1]) / 100)


StatisticTerm = Annotated[
    Statistic,
    PlainValidator(_read),
    WithJsonSchema(
        {
            "type": "string",
            "$comment": "a statistic",
            "description": "mean, median, min, max, sum, or a percentile such as p95 or p99.9.",
            "examples": ["mean", "median", "p95"],
        }
    ),
]
