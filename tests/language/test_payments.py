"""Payments and caps: what one row pays, read exactly; what is none is refused with advice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from slacheck.language.payments import Cap, Capped, Paid, Pay
from slacheck.language.quantities import CivilLength

TYPES: dict[str, Any] = {"Paid": TypeAdapter(Paid), "Capped": TypeAdapter(Capped)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10%", Pay("10%", share=Fraction(1, 10))),
        ("20% of monthly", Pay("20% of monthly", share=Fraction(1, 5), fee="monthly")),
        ("33.3%", Pay("33.3%", share=Fraction(333, 1000))),
        (" 1500.00 ", Pay("1500.00", amount=Decimal("1500.00"))),
        ("3 days", Pay("3 days", days=Fraction(3))),
        ("1 day of yearly", Pay("1 day of yearly", days=Fraction(1), fee="yearly")),
        ("0.5 points", Pay("0.5 points", points=Fraction(1, 2))),
        ("bonus 7500.00", Pay("bonus 7500.00", amount=Decimal("7500.00"), bonus=True)),
        ("bonus 2% of monthly", Pay("bonus 2% of monthly", share=Fraction(1, 50), fee="monthly", bonus=True)),
    ],
)
def test_a_payment_means_what_its_text_says(text: str, expected: Pay) -> None:
    assert TYPES["Paid"].validate_python(text) == expected


@pytest.mark.parametrize(
    ("text", "size", "form", "needs_fee", "unit"),
    [
        ("10%", Fraction(1, 10), ("share", None), True, "money"),
        ("bonus 10% of x", Fraction(-1, 10), ("share", "x"), True, "money"),
        ("2 days", Fraction(2), ("days", None), True, "money"),
        ("5.00", Fraction(5), ("amount", None), False, "money"),
        ("4 points", Fraction(4), ("points", None), False, "points"),
    ],
)
def test_payments_of_one_form_are_ordered_by_their_size(
    text: str, size: Fraction, form: tuple[str, str | None], needs_fee: bool, unit: str
) -> None:
    read = Pay.read(text)
    assert (read.size, read.form, read.needs_fee, read.unit) == (size, form, needs_fee, unit)


@pytest.mark.parametrize(
    ("text", "per", "rolling", "of_stretch"),
    [
        ("20% of monthly", "", None, False),
        ("100.00 per case", "case", None, False),
        ("100% of charge per circuit", "circuit", None, False),
        ("8% of subscription per term", "term", None, True),
        ("500.00 per year", "year", None, True),
        ("1000.00 per 12 months", "", CivilLength(12, "month"), True),
    ],
)
def test_a_cap_says_what_it_bounds_together(text: str, per: str, rolling: CivilLength | None, of_stretch: bool) -> None:
    read = Cap.read(text)
    assert (read.per, read.rolling, read.of_stretch) == (per, rolling, of_stretch)
    assert read.pay == Pay.read(text.split(" per ")[0])


@pytest.mark.parametrize(
    ("name", "text", "message", "help"),
    [
        ("Paid", "20 of monthly", "'20' is neither a percentage nor days", "write 20% of monthly"),
        ("Paid", "all", "not a credit: 'all'", "write 10%, 20% of monthly, 1500.00, 3 days or 2 points"),
        ("Paid", "2 points of monthly", "points are of no fee: '2 points of monthly'", "write 2 points"),
        ("Capped", "2 points", "not a cap: '2 points'", "a cap is an amount, a share of a fee, or days of one"),
        ("Capped", "bonus 5.00", "not a cap: 'bonus 5.00'", "a cap is an amount"),
    ],
)
def test_what_is_no_payment_says_what_to_write(name: str, text: str, message: str, help: str) -> None:
    with pytest.raises(ValidationError) as error:
        TYPES[name].validate_python(text)
    (details,) = error.value.errors()
    assert message in details["msg"]
    assert help in details["ctx"]["help"]


@pytest.mark.parametrize("name", sorted(TYPES))
def test_editors_see_examples_that_are_read_and_accept_bare_numbers(name: str) -> None:
    schema = TYPES[name].json_schema()
    assert schema["description"]
    assert "number" in schema["type"]
    for example in schema["examples"]:
        TYPES[name].validate_python(str(example))
