"""Whole numbers of more than 64 bits: INT128 on DuckDB, decimals of 38 digits without a fraction on Spark."""

from __future__ import annotations

import narwhals as nw

WIDE = nw.Int128

# A double counts every whole number up to 2**53, and tells halves up to here; longer quotients have two parts.
_SHORT = 15
_BASE = 10**14


def wide(number: int) -> nw.Expr:
    """``number`` as a literal. Spark is handed whole numbers in 64 bits only, but text of any length."""
    return nw.lit(number) if -(2**63) < number < 2**63 else nw.lit(str(number)).cast(WIDE)


def floored(number: nw.Expr, by: nw.Expr | int, digits: int = 28) -> nw.Expr:
    """``number // by``, exact on every engine: of up to 37 digits, by up to 22 (positive), a quotient of ``digits``.

    Spark divides doubles and refuses what is beyond them. Of a multiple, and half of the divisor more, the floor is
    right whichever way they round.
    """
    whole, divisor = number.cast(WIDE), (wide(by) if isinstance(by, int) else by).cast(WIDE)
    if digits <= _SHORT:
        return ((whole - whole % divisor) * 2 + divisor) // (divisor * 2)
    step = divisor * _BASE
    high = (whole - whole % step + divisor * (_BASE // 2)) // step
    return high.cast(WIDE) * _BASE + floored(whole % step, divisor, _SHORT)
