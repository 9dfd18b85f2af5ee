"""Rounding as agreements name it, exact: to a multiple of a unit, in a mode."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Mode = Literal["half-up", "half-even", "down", "up"]


def rounded_to(exact: Fraction, unit: Fraction, mode: Mode) -> Fraction:
    """``exact`` at the nearest multiple of ``unit``; ``down`` is towards zero, ``up`` and ``half-up`` away from it."""
    units = abs(exact) / unit
    whole = units.numerator // units.denominator
    rest = units - whole
    half = Fraction(1, 2)
    rises = {
        "half-up": rest >= half,
        "half-even": rest > half or (rest == half and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[mode]
    rounded = (whole + rises) * unit
    return -rounded if exact < 0 else rounded
