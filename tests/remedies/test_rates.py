"""Tables of rates: all units at the rate reached, or each at its own; counted units are whole, others measured."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.rates import at_rates
from slacheck.remedies.remedy import Miss
from slacheck.remedies.tables import read_table
from tests.remedies.priced import Priced

NONE = Priced({})
BROADBAND = {"<= 3": "2.00", "> 3": "4.00"}
RATCHET = {"<= 20": "0.00", "> 20, <= 100": "3.00", "> 100, <= 200": "3.60", "> 200": "4.50"}


def cost(table: dict[str, str], units: Fraction | int, marginal: bool, whole: bool = True) -> Fraction:
    return at_rates(read_table(table), Fraction(units), marginal, whole, None, NONE).exact


@pytest.mark.parametrize(("days", "slab", "marginal"), [(0, 0, 0), (1, 2, 2), (3, 6, 6), (4, 16, 10), (10, 40, 34)])
def test_days_of_delay_are_paid_at_the_rate_reached_or_each_at_its_own(days: int, slab: int, marginal: int) -> None:
    """Three days at 2.00 and every further one at 4.00; as a slab the fourth day raises all of them."""
    assert cost(BROADBAND, days, marginal=False) == slab
    assert cost(BROADBAND, days, marginal=True) == marginal


def test_a_ratchet_of_points_is_worked_by_hand() -> None:
    """250 points: 20 x 0 + 80 x 3.00 + 100 x 3.60 + 50 x 4.50."""
    assert cost(RATCHET, 250, marginal=True) == 240 + 360 + 225


@given(st.permutations([("<= 2", "5.00"), ("> 2, <= 6", "3.00"), ("else", "1.00")]), st.integers(0, 12))
def test_the_order_of_rows_is_irrelevant_and_else_takes_what_is_left(rows: list[tuple[str, str]], units: int) -> None:
    by_hand = sum((5 if unit <= 2 else 3 if unit <= 6 else 1) for unit in range(1, units + 1))
    assert cost(dict(rows), units, marginal=True) == by_hand


@given(st.fractions(0, 8, max_denominator=60), st.fractions(0, 8, max_denominator=60))
def test_a_further_part_of_a_unit_never_costs_less_whichever_side_an_edge_belongs_to(
    one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    for table in ({"< 4": "1.00", ">= 4": "3.00"}, {"<= 4": "1.00", "> 4": "3.00"}):
        assert cost(table, low, marginal=True, whole=False) <= cost(table, high, marginal=True, whole=False)
        by_hand = min(high, Fraction(4)) + 3 * max(Fraction(0), high - 4)
        assert cost(table, high, marginal=True, whole=False) == by_hand


def test_whole_units_are_numbered_from_one() -> None:
    assert cost({"< 4": "1.00", ">= 4": "3.00"}, 4, marginal=True) == 3 + 3
    assert cost({"<= 4": "1.00", "> 4": "3.00"}, 4, marginal=True) == 4


def test_linear_units_are_measured_and_the_others_counted() -> None:
    def owed(counting: str) -> Fraction:
        table = {"< 4": "1.00", ">= 4": "3.00"}
        keys = {"kind": "per-unit", "each": "1%", "counting": counting, "scale": "marginal", "pays": table}
        target = Comparison.read(">= 99%")
        return PerUnit.model_validate(keys).owed(Miss(Fraction("0.95"), target, Fraction(1)), NONE).exact

    assert (owed("linear"), owed("full"), owed("started")) == (4, 6, 6)
