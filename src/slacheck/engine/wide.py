"""Whole numbers of more than 64 bits: INT128 on DuckDB, decimals of 38 digits without a fraction on Spark."""

from __future__ import annotations

import narwhals as nw

WIDE = nw.Int128


def wide(number: int) -> nw.Expr:
    """``number`` as a literal. Spark is handed whole numbers in 64 bits only, but text of any length."""
    return nw.lit(number) if -(2**63) < number < 2**63 else nw.lit(str(number)).cast(WIDE)


def floored(number: nw.Expr, by: nw.Expr | int) -> nw.Expr:
    """``number // by`` for a positive ``by``, exact up to a quotient of 32 digits; beyond them it is null on Spark.

    Spark divides whole numbers as doubles, and wide ones to six decimal places: only a multiple is divided exactly.
    """
    whole = number.cast(WIDE)
    return (whole - whole % by) // by
