"""The dearest row that matches is paid, rows never add, and a worse value never costs less."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from slacheck.language.quantities import Comparison
from slacheck.remedies.bands import Bands
from slacheck.remedies.remedy import Miss
from tests.remedies.priced import Priced, texts

PRICES = Priced({"monthly": Fraction(12000)})
TARGET = Comparison.read(">= 99.9%")
NESTED = {"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}
DISJOINT = {">= 99.0%, < 99.9%": "10%", ">= 95.0%, < 99.0%": "25%", "< 95.0%": "100%"}


def bands(table: dict[str, Any], **more: Any) -> Bands:
    return Bands.model_validate({"kind": "bands", "of": "monthly", "bands": table, **more})


def owed(remedy: Bands, value: Fraction, target: Comparison = TARGET) -> Fraction:
    return remedy.owed(Miss(value, target, Fraction(1)), PRICES).exact


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.99899999", 1200), ("0.99", 1200), ("0.98999999", 3000), ("0.95", 3000), ("0.94999999", 12000), ("0", 12000)],
)
def test_each_edge_belongs_to_the_row_that_its_operator_says(value: str, expected: int) -> None:
    assert owed(bands(NESTED), Fraction(value)) == expected
    assert owed(bands(DISJOINT), Fraction(value)) == expected


@given(st.integers(0, 998999), st.integers(0, 998999))
def test_a_worse_value_never_costs_less_and_both_ways_to_write_a_table_agree(one: int, other: int) -> None:
    worse, better = sorted((Fraction(one, 10**6), Fraction(other, 10**6)))
    assert owed(bands(NESTED), worse) >= owed(bands(NESTED), better)
    assert owed(bands(NESTED), worse) == owed(bands(DISJOINT), worse)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_turns_show_the_least_and_the_most_of_every_value_between(one: int, other: int) -> None:
    low, high = sorted((Fraction(one, 10**6), Fraction(other, 10**6)))
    remedy = bands({"< 99.9%, >= 99%": "10%", "< 98%": "25%", "else": "0"})

    def cost(value: Fraction) -> Fraction:
        return Fraction(0) if TARGET.holds(value) else owed(remedy, value)

    seen = {cost(value) for value in remedy.turns(low, high, TARGET)}
    for step in range(101):
        assert cost(low + (high - low) * Fraction(step, 100)) in seen


def test_rows_never_add() -> None:
    found = bands(NESTED).owed(Miss(Fraction(1, 2), TARGET, Fraction(1)), PRICES)
    assert found.exact == 12000
    assert texts(found) == ["band < 95.0%", "monthly", "100% of monthly"]


def test_else_is_paid_where_no_row_matches() -> None:
    remedy = bands({"< 99.0%": "25%", "else": "5.00"})
    assert owed(remedy, Fraction("0.995")) == 5
    assert owed(remedy, Fraction("0.98")) == 3000


def test_a_breach_that_is_deemed_costs_the_mildest_row_that_pays_whatever_else_the_table_says() -> None:
    met = Fraction("0.9995")
    assert owed(bands(NESTED), met) == 1200
    assert owed(bands(NESTED | {">= 99.9%": "0"}), met) == 1200
    assert owed(bands({"< 99.0%": "25%", "else": "0"}), met) == 3000


def test_the_most_that_a_table_can_pay_is_its_dearest_row() -> None:
    for table, most in ((NESTED, 12000), ({"< 4": "10.00", "else": "20.00"}, 20)):
        found = bands(table).most(PRICES)
        assert found is not None
        assert found.exact == most


@pytest.mark.parametrize(
    ("table", "code", "inside"),
    [
        ("10%", "wrong-shape", []),
        ({}, "wrong-shape", []),
        ({"99.9%": "10%"}, "not-a-comparison", ["99.9%"]),
        ({"< 99.9%": "a tenth"}, "not-a-credit", ["< 99.9%"]),
        ({"< 99.9%": ["10%"]}, "wrong-shape", ["< 99.9%"]),
        ({"< 99.9%": None}, "empty", ["< 99.9%"]),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_at_its_key(table: Any, code: str, inside: list[str]) -> None:
    with pytest.raises(ValidationError) as error:
        bands(table)
    (details,) = error.value.errors()
    assert (details["type"], details["ctx"]["inside"]) == (code, inside)


@pytest.mark.parametrize(
    ("row", "help"),
    [
        ("< 99.9", "write < 99.9%"),
        (">= 99, < 99.9", "write >= 99%, < 99.9%"),
        ("> 5m", "the target is a share"),
    ],
)
def test_a_row_in_another_unit_than_the_target_is_refused(row: str, help: str) -> None:
    (fault,) = bands({row: "10%"}).faults(TARGET, "share")
    assert (fault.code, fault.help, fault.inside) == ("unit", help, ("bands", row))
