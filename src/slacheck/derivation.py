"""How an amount came about: steps, as a person would write them on paper."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

StepKind = Literal[
    "fee",
    "measured",
    "band",
    "units",
    "rate",
    "points",
    "factor",
    "repeat",
    "minimum",
    "rounding",
    "cap",
    "pool",
    "combined",
    "returned",
    "bound",
    "unknown",
]


@dataclass(frozen=True)
class Step:
    """One step: what was applied and why, and the exact value after it where it has one (money or points)."""

    kind: StepKind
    text: str
    exact: Fraction | None = None
