"""Money is exact until it is rounded once, half up, in the minor unit of its currency; a cap never rounds up."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.money import capped, decimal_text, known_currencies, minor_digits, rounded

CURRENCIES = st.sampled_from(("EUR", "JPY", "KWD", "CLF", "RSD"))
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("BHD", 3), ("IQD", 3), ("RSD", 2), ("HUF", 2)],
)
def test_minor_units_are_those_of_iso_4217_and_not_what_shops_round_to(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits
    assert currency in known_currencies()


@given(AMOUNTS, CURRENCIES)
def test_rounding_is_that_of_decimal_half_up(amount: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-minor_digits(currency))
    found = rounded(Fraction(amount), currency)
    assert found == amount.quantize(unit, ROUND_HALF_UP)
    assert found.as_tuple().exponent == unit.as_tuple().exponent


@given(AMOUNTS.filter(lambda amount: amount >= 0), CURRENCIES)
def test_a_cap_in_minor_units_is_never_above_the_cap(amount: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-minor_digits(currency))
    assert capped(Fraction(amount), currency) == amount.quantize(unit, ROUND_FLOOR)


@pytest.mark.parametrize(
    ("exact", "currency", "text"),
    [
        (Fraction(1, 200), "EUR", "0.01"),
        (Fraction(-1, 200), "EUR", "-0.01"),
        (Fraction(1, 201), "EUR", "0.00"),
        (Fraction(2, 3), "EUR", "0.67"),
        (Fraction(1, 2), "JPY", "1"),
        (Fraction(1, 2000), "KWD", "0.001"),
        (Fraction(100), "KWD", "100.000"),
        (Fraction(10**30 + 1, 3), "EUR", "333333333333333333333333333333.67"),
    ],
)
def test_an_amount_carries_exactly_its_minor_digits(exact: Fraction, currency: str, text: str) -> None:
    assert f"{rounded(exact, currency):f}" == text


def test_the_decimal_context_of_the_program_around_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(rounded(Fraction(1234567, 100), "EUR")) == "12345.67"
        assert str(capped(Fraction(1234567, 100), "EUR")) == "12345.67"


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=1000), st.integers(0, 12))
def test_decimal_text_is_half_up_and_without_idle_zeros(value: Fraction, digits: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        expected = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    found = decimal_text(value, digits)
    assert Decimal(found) == expected
    assert found == "0" or not found.startswith("-0") or "." in found
    assert not ("." in found and found.endswith(("0", ".")))
