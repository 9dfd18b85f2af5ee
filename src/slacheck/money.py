"""Money: exact decimals, and the one place that rounds them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor

# ISO 4217, list one: everything else has two. The CLDR gives the digits that shops use (none for RSD or IQD) instead.
_DIGITS = {
    currency: digits
    for digits, currencies in (
        (0, ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV")),
        (0, ("XAF", "XOF", "XPF")),
        (3, ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")),
        (4, ("CLF", "UYW")),
    )
    for currency in currencies
}


def minor_digits(currency: str) -> int:
    """Digits after the point in ``currency`` (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


def places(amount: str) -> int:
    """Digits after the point that an amount is written with."""
    exponent = Decimal(amount).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


@cache
def known_currencies() -> frozenset[str]:
    """The codes of ISO 4217, current and historic."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


@cache
def withdrawn(currency: str) -> date | None:
    """The last day on which ``currency`` was money in some country; None where it still is."""
    from babel.core import get_global

    rows = [row for rows in get_global("territory_currencies").values() for row in rows if row[0] == currency]
    ends = [row[2] for row in rows]
    return date(*max(ends)) if ends and all(ends) else None


def minor_unit(currency: str) -> Fraction:
    """The least amount that can be paid in ``currency``: 1/100 for EUR, 1 for JPY."""
    return Fraction(1, 10 ** minor_digits(currency))


def written(amount: Fraction, currency: str) -> str:
    """An amount in whole minor units as plain decimal text with all its digits: ``1200.00``, ``12`` for JPY."""
    return str(rounded(amount, currency))


def rounded(exact: Fraction, currency: str) -> Decimal:
    """``exact`` in the currency's minor unit, halves away from zero."""
    digits = minor_digits(currency)
    scaled = exact * 10**digits
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return _minor(-whole if scaled < 0 else whole, digits)


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
    return _minor(floor(exact * 10**digits), digits)


def _minor(units: int, digits: int) -> Decimal:
    # Made from text: arithmetic of decimals follows the context of the thread, and this must not.
    return Decimal(f"{units}E-{digits}")
