"""So much for each unit of shortfall: full, started or linear, from the target or from beyond it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from slacheck.language.quantities import HOUR, MINUTE, Comparison
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.remedy import Miss
from tests.remedies.priced import Priced, texts

PRICES = Priced({"monthly": Fraction(1000)})
FLOOR = Comparison.read(">= 99%")


def per_unit(**keys: Any) -> PerUnit:
    return PerUnit.model_validate({"kind": "per-unit", "of": "monthly", **keys})


def owed(remedy: PerUnit, value: Fraction, target: Comparison = FLOOR, scale: Fraction = Fraction(1)) -> Fraction:
    return remedy.owed(Miss(value, target, scale), PRICES).exact


@pytest.mark.parametrize(
    ("counting", "value", "units"),
    [
        ("full", "0.98", 1),
        ("full", "0.98000001", 0),
        ("full", "0.97000001", 1),
        ("started", "0.98", 1),
        ("started", "0.97999999", 2),
        ("started", "0.98999999", 1),
        ("linear", "0.975", Fraction(3, 2)),
    ],
)
def test_a_unit_counts_when_full_when_started_or_in_part(counting: str, value: str, units: Fraction) -> None:
    assert owed(per_unit(each="1%", counting=counting, pays="10.00"), Fraction(value)) == units * 10


def test_48_hours_down_in_744_cost_645_hundredths_of_the_fee() -> None:
    remedy = per_unit(each="1%", beyond="100%", counting="linear", pays="1%")
    assert owed(remedy, Fraction(744 - 48, 744)) == Fraction(48, 744) * 1000


def test_a_time_counts_the_down_time_beyond_what_the_target_allows() -> None:
    service = 720 * HOUR
    remedy = per_unit(each="1h", counting="started", pays="100.00")
    allowed = service // 100
    for beyond, units in ((1, 1), (HOUR, 1), (HOUR + 1, 2), (5 * HOUR + MINUTE, 6)):
        value = Fraction(service - allowed - beyond, service)
        assert owed(remedy, value, scale=Fraction(service)) == units * 100


def test_a_ceiling_counts_what_lies_above_it() -> None:
    remedy = per_unit(each="1h", counting="started", pays="25.00")
    target = Comparison.read("<= 4h")
    assert owed(remedy, Fraction(4 * HOUR + 1), target) == 25
    assert owed(remedy, Fraction(6 * HOUR), target) == 50
    assert owed(remedy, Fraction(HOUR), target) == 0


def test_nothing_lies_beyond_a_value_that_is_better() -> None:
    remedy = per_unit(each="1%", beyond="95%", counting="linear", pays="1%")
    assert owed(remedy, Fraction("0.98")) == 0
    assert owed(remedy, Fraction("0.94")) == 10


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(("full", "started", "linear")), st.integers(1, 5000)
)
def test_a_worse_value_never_costs_less_and_full_linear_and_started_lie_in_that_order(
    one: int, other: int, counting: str, each: int
) -> None:
    worse, better = sorted((Fraction(one, 10**6), Fraction(other, 10**6)))
    keys = {"each": f"{each / 1000}%", "pays": "10%"}
    remedy = per_unit(counting=counting, **keys)
    assert owed(remedy, worse) >= owed(remedy, better)
    full, linear, started = (owed(per_unit(counting=word, **keys), worse) for word in ("full", "linear", "started"))
    assert full <= linear <= started <= full + 100


def test_the_steps_show_units_and_what_each_pays() -> None:
    found = per_unit(each="1%", counting="started", pays="10%").owed(
        Miss(Fraction("0.975"), FLOOR, Fraction(1)), PRICES
    )
    assert found.exact == 200
    assert texts(found) == ["1.5 units of 1%, started: 2", "monthly", "2 x 10% of monthly"]


def test_only_so_many_units_of_a_period_bound_what_units_can_cost() -> None:
    for bounded, most in (({}, None), ({"at_most": "3 per day"}, None), ({"at_most": "3 per period"}, 300)):
        found = per_unit(each="1%", counting="full", pays="10%", **bounded).most(PRICES)
        assert (found.exact if found else None) == most


@pytest.mark.parametrize(
    ("keys", "target", "code", "inside", "help"),
    [
        ({}, "= 100%", "target-shape", ("kind",), 'such as ">= 99.9%"'),
        ({}, ">= 98%, < 99%", "target-shape", ("kind",), 'such as ">= 99.9%"'),
        ({"each": "1"}, ">= 99%", "unit", ("each",), "write 1%"),
        ({"each": "0%"}, ">= 99%", "unit", ("each",), "write a unit above zero"),
        ({"beyond": "100"}, ">= 99%", "unit", ("beyond",), "write 100%"),
        ({"beyond": "5m"}, ">= 99%", "unit", ("beyond",), ""),
        ({"beyond": "120%"}, ">= 99%", "unit", ("beyond",), "shares lie between 0% and 100%"),
    ],
)
def test_what_cannot_be_counted_beside_the_target_is_refused(
    keys: dict[str, str], target: str, code: str, inside: tuple[str, ...], help: str
) -> None:
    remedy = per_unit(**{"each": "1%", "counting": "full", "pays": "10.00", **keys})
    (fault,) = remedy.faults(Comparison.read(target), "share")
    assert (fault.code, fault.inside, fault.help) == (code, inside, help)


def test_counting_has_no_default_and_a_unit_must_be_a_value() -> None:
    with pytest.raises(ValidationError) as error:
        per_unit(each="an hour", pays="10.00")
    assert {(details["type"], details["loc"][-1]) for details in error.value.errors()} == {
        ("not-a-value", "each"),
        ("missing", "counting"),
    }
