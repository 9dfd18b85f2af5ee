"""Money: exact decimals, and the one place that rounds them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache


@cache
def minor_digits(currency: str) -> int:
    """Digits after the point in ``currency`` (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


@cache
def known_currencies() -> frozenset[str]:
    """The codes of ISO 4217, current and historic."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def rounded(exact: Fraction, currency: str) -> Decimal:
    """``exact`` in the currency's minor unit, halves away from zero."""
    digits = minor_digits(currency)
    scaled = exact * 10**digits
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    sign = -1 if scaled < 0 else 1
    return Decimal(sign * whole).scaleb(-digits)


def decimal_text(value: Fraction, digits: int = 12) -> str:
    """``value`` as decimal text: exact where it ends within ``digits`` places, rounded half up otherwise."""
    scaled = value * 10**digits
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    # Digits put together as text: a Decimal keeps 28 of them, and a year in microseconds to 18 places has 32.
    units, fraction = divmod(whole, 10**digits)
    text = f"{units}.{fraction:0{digits}d}".rstrip("0").rstrip(".") if digits else str(units)
    return f"-{text}" if value < 0 and whole else text


def capped(exact: Fraction, currency: str) -> Decimal:
    """``exact`` in the currency's minor unit, never above it: what a cap allows."""
    digits = minor_digits(currency)
    return Decimal((exact * 10**digits).__floor__()).scaleb(-digits)
