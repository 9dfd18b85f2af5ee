"""What every part of a statement is made of: numbers without loss, and text that is read again as numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from slacheck.money import decimal_text

_LONGEST_BITS: Final = 2000

# Statements are read again as history: what later amounts are worked out with is a number, and no endless one.
FractionText = Annotated[str, Field(pattern="^-?[0-9]{1,700}/[1-9][0-9]{0,699}$")]
NumberText = Annotated[str, Field(pattern="^-?[0-9]{1,400}([.][0-9]{1,100})?$")]
DayText = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
LineVerdict = Literal["met", "breached", "missed", "indeterminate", "not-applicable"]


class Part(BaseModel):
    """Frozen, and nothing beside what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Exact(Part):
    """A number without loss: ``exact`` is a fraction, ``decimal`` is it to 18 places (a share as 0.999).

    The mean of thousands of rates is a fraction of tens of thousands of digits: above 2,000 bits ``exact`` is null.
    Verdicts and amounts are worked out with the fraction all the same.
    """

    exact: FractionText | None
    decimal: NumberText

    @staticmethod
    @lru_cache(maxsize=10_000)
    def of(value: Fraction) -> Exact:
        # Kept: of a hundred thousand lines most have one of few values.
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        exact = f"{value.numerator}/{value.denominator}" if bits <= _LONGEST_BITS else None
        return Exact(exact=exact, decimal=decimal_text(value, 18))

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.exact or self.decimal)
