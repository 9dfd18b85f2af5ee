"""What one breach costs by each kind of credit, worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.settlement.hand import Contract, Value, amounts, sure, texts, total

BANDS = {"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}}
HOUR = 3_600_000_000
OCTOBER = 744 * HOUR


def one(credit: dict[str, Any], target: str, *values: Any, day: str = "2026-10-01", **keys: Any) -> Any:
    """The amount of one line: of a certain value, or least and most of best and worst."""
    more = {key: keys.pop(key) for key in ("scale", "open_above", "days", "figures", "facts") if key in keys}
    level = {"target": target, "credit": credit} | keys.pop("level", {})
    return Contract({"a": level}, **keys).settle(day, Value("a", *values, **more))


@pytest.mark.parametrize(
    ("value", "expected"), [("0.999", "0.00"), ("0.9989", "1200.00"), ("0.9899", "3000.00"), ("0.94", "12000.00")]
)
def test_the_dearest_band_that_matches_is_paid(value: str, expected: str) -> None:
    assert sure(one(BANDS, ">= 99.9%", value)) == [expected]


def test_bands_over_a_range_cost_what_any_value_in_it_may_cost() -> None:
    assert amounts(one(BANDS, ">= 99.9%", "0.9995", "0.985")) == [("0.00", "3000.00")]
    assert amounts(one(BANDS, ">= 99.9%", "0.998", "0.94")) == [("1200.00", "12000.00")]
    between = {"kind": "bands", "of": "monthly", "bands": {">= 99%, < 99.9%": "10%", "else": "0"}}
    assert amounts(one(between, ">= 99.9%", "0.9995", "0.98")) == [("0.00", "1200.00")]


def test_a_bonus_is_earned_beyond_a_dead_band_when_the_target_is_met() -> None:
    """Met from 95 on, a bonus of 2 % from 98 on (of 12,000: 240), 5 % owed below 95: 600."""
    bands = {"kind": "bands", "of": "monthly", "bands": {"< 95%": "5%", ">= 98%": "bonus 2%"}}
    found = [sure(one(bands, ">= 95%", value)) for value in ("0.94", "0.95", "0.9799", "0.98")]
    assert found == [["600.00"], ["0.00"], ["0.00"], ["-240.00"]]
    assert amounts(one(bands, ">= 95%", "1", "0.9")) == [("-240.00", "600.00")]
    assert amounts(one(bands, ">= 95%", None)) == [("-240.00", "600.00")]


def test_an_overshoot_is_a_share_of_the_bound() -> None:
    """55 ms beside 50 ms is 10 % beyond, which is no more than 10 %."""
    bands = {"kind": "bands", "reads": "overshoot", "bands": {"> 0%, <= 10%": "10.00", "> 10%": "30.00"}}
    for value, expected in ((50_000, "0.00"), (55_000, "10.00"), (55_001, "30.00")):
        assert sure(one(bands, "<= 50ms", value)) == [expected]
    assert amounts(one(bands, "<= 50ms", 51_000, 60_000)) == [("10.00", "30.00")]
    floor = {"kind": "bands", "reads": "overshoot", "bands": {"> 0%, <= 10%": "10.00", "> 10%": "30.00"}}
    assert [sure(one(floor, ">= 80", value)) for value in (80, 72, 71)] == [["0.00"], ["10.00"], ["30.00"]]


@pytest.mark.parametrize(
    ("counting", "value", "expected"),
    [
        # 99.5 less 98.25 are 1.25 points, 2.5 units of half a point; 99.5 - 98.5 are exactly two.
        *(("full", "0.9825", "240.00"), ("started", "0.9825", "360.00"), ("linear", "0.9825", "300.00")),
        *((counting, "0.985", "240.00") for counting in ("full", "started", "linear")),
    ],
)
def test_units_are_counted_full_started_or_in_part(counting: str, value: str, expected: str) -> None:
    credit = {"kind": "per-unit", "of": "monthly", "each": "0.5%", "counting": counting, "pays": "1%"}
    assert sure(one(credit, ">= 99.5%", value)) == [expected]


def test_units_may_be_counted_from_beyond_the_target() -> None:
    """98 % beside a target of 99: two points short of 100, 2 % of 12,000; 99 % is met and costs nothing."""
    credit = {"kind": "per-unit", "of": "monthly", "each": "1%", "beyond": "100%", "counting": "linear", "pays": "1%"}
    assert [sure(one(credit, ">= 99%", value)) for value in ("0.98", "0.99")] == [["240.00"], ["0.00"]]


@pytest.mark.parametrize(
    ("hours", "expected"),
    # T7: the first two hours or part of them 10 %, each further hour or part 5 %, at most 25 % of 1,000.
    [("0", "0.00"), ("1/60", "100.00"), ("2", "100.00"), ("121/60", "150.00"), ("3", "150.00"),
     ("4", "200.00"), ("9", "250.00")],
)  # fmt: skip
def test_a_first_unit_of_its_own(hours: str, expected: str) -> None:
    credit = {
        "kind": "per-unit", "of": "monthly", "each": "1h", "counting": "started", "pays": "5%",
        "first": {"each": "2h", "pays": "10%"}, "cap": "25%",
    }  # fmt: skip
    assert sure(one(credit, "<= 0m", Fraction(hours) * HOUR, fees={"monthly": "1000.00"})) == [expected]


def test_no_more_units_than_so_many_a_day_or_a_period() -> None:
    credit = {"kind": "per-unit", "each": "1h", "counting": "full", "pays": "2.00", "at_most": "5 per period"}
    assert [sure(one(credit, "<= 0m", hours * HOUR)) for hours in (4, 5, 6)] == [["8.00"], ["10.00"], ["10.00"]]
    daily = credit | {"at_most": "12 per day"}
    # Two civil days, of which the first is full: at most 24 units.
    found = one(daily, "<= 0m", 30 * HOUR, days=2, level={"per": "outage"})
    assert sure(found) == ["48.00"]


def test_a_slab_pays_all_units_at_the_rate_that_is_reached() -> None:
    """T11: more than 12 working days; 13 to 15 two pounds a day; on the 16th four for all of them from the 13th on."""
    credit = {
        "kind": "per-unit", "each": "1", "counting": "started", "scale": "slab",
        "pays": {"<= 3": "2.00", "> 3": "4.00"},
    }  # fmt: skip
    assert [sure(one(credit, "<= 12", day)) for day in (12, 13, 15, 16)] == [["0.00"], ["2.00"], ["6.00"], ["16.00"]]


MARGINAL = {
    "kind": "per-unit", "each": "1 point", "counting": "full", "scale": "marginal",
    "pays": {"<= 20": "0", "> 20, <= 100": "3.00", "> 100, <= 200": "3.60", "> 200": "4.50"},
}  # fmt: skip


@pytest.mark.parametrize(
    # P1: 120 points are 80 at 3.00 and 20 at 1.2 times that: 240 + 72. 210: 240 + 360 + 45.
    ("points", "expected"), [("20", "0.00"), ("21", "3.00"), ("120", "312.00"), ("210", "645.00")],
)  # fmt: skip
def test_a_marginal_table_pays_each_unit_at_its_own_rate(points: str, expected: str) -> None:
    contract = Contract(
        {"a": {"target": "<= 0", "credit": {"kind": "fixed", "pays": f"{points} points"}}},
        settlement={"points": MARGINAL},
    )
    assert total(contract.settle("2026-10-01", Value("a", 1))) == (expected, expected)


def test_whole_linear_units_cost_what_those_around_them_cost() -> None:
    """2.5 at 1.00 and 0.5 at 2.00: a table of linear units is read as a stretch at 3 as it is at 2.999."""
    credit = {
        "kind": "per-unit", "each": "1", "counting": "linear", "scale": "marginal",
        "pays": {"<= 2.5": "1.00", "> 2.5": "2.00"},
    }  # fmt: skip
    values = ("2.99", "3", "3.01")
    assert [sure(one(credit, "<= 0", value)) for value in values] == [["3.48"], ["3.50"], ["3.52"]]


def test_where_else_stands_in_a_marginal_table_says_nothing() -> None:
    rows = {"<= 2": "1.00", "else": "5.00"}
    for pays in (rows, dict(reversed(rows.items()))):
        credit = {"kind": "per-unit", "each": "1", "counting": "full", "scale": "marginal", "pays": pays}
        assert sure(one(credit, "<= 0", 3)) == ["7.00"]


@pytest.mark.parametrize(
    # An hour of 744 costs 1,000 / 744; of 720, 672 and 696 (a leap year) more. Ten and fifty times that.
    ("day", "times", "expected"),
    [("2026-10-01", 10, "13.44"), ("2026-09-01", 10, "13.89"), ("2026-02-01", 10, "14.88"),
     ("2028-02-01", 50, "71.84")],
)  # fmt: skip
def test_lost_time_is_so_often_the_fee_for_it(day: str, times: int, expected: str) -> None:
    hours = {"2026-10-01": 744, "2026-09-01": 720, "2026-02-01": 672, "2028-02-01": 696}[day]
    credit = {"kind": "lost-time", "of": "monthly", "times": str(times)}
    value = 1 - Fraction(1, hours)
    fees = {"monthly": "1000.00"}
    assert sure(one(credit, ">= 99.99%", value, day=day, scale=Fraction(hours * HOUR), fees=fees)) == [expected]
    assert sure(one(credit, "<= 0m", HOUR, day=day, fees=fees)) == [expected]


def test_lost_time_in_a_month_of_730_hours_and_beyond_the_target() -> None:
    nominal: Any = {"period": {"every": "month", "length": "730h"}, "fees": {"monthly": "1460.00"}}
    credit = {"kind": "lost-time", "of": "monthly", "times": "10"}
    assert sure(one(credit, "<= 0m", HOUR, **nominal)) == ["20.00"]
    beyond = credit | {"beyond": "target"}
    assert sure(one(beyond, "<= 2h", 3 * HOUR, **nominal)) == ["20.00"]
    assert sure(one(beyond, "<= 2h", 2 * HOUR, **nominal)) == ["0.00"]


def test_fixed_days_of_a_fee_and_a_share_of_a_pool() -> None:
    assert sure(one({"kind": "fixed", "pays": "32.31"}, "<= 0", 7)) == ["32.31"]
    days = {"kind": "fixed", "of": "yearly", "pays": "5 days"}
    year = {"yearly": {"amount": "50000.00", "for": "year"}}
    found = one(days, "<= 0", 1, fees=year)
    # 5/365 of 50,000 are 684.9315...
    assert sure(found) == ["684.93"]
    assert found.lines[0].credit.most.exact == "50000/73"
    assert sure(one(days, "<= 0", 1, day="2028-02-01", fees=year)) == ["683.06"]
    pool = {"kind": "pool", "pool": "availability", "allocation": "40%"}
    at_risk = {"at_risk": {"amount": "10% of monthly", "pools": {"availability": "50%"}}}
    found = one(pool, "<= 0", 1, fees={"monthly": "100000.00"}, settlement=at_risk)
    assert (sure(found), total(found)) == (["2000.00"], ("2000.00", "2000.00"))


def test_a_breach_that_no_band_covers_is_not_decided() -> None:
    """Only beside a target of a register, which is not known when the agreement is checked."""
    credit = {"kind": "bands", "bands": {"< 99%": "10.00"}}
    found = one(credit, ">= 99.5%", "0.992")
    assert amounts(found) == [("0.00", None)]
    assert "no band covers" in found.lines[0].credit.open_because


def test_what_still_runs_costs_at_least_what_it_costs_so_far() -> None:
    credit = {"kind": "per-unit", "each": "1", "counting": "started", "pays": "6.46"}
    assert amounts(one(credit, "<= 0", 10, open_above=True)) == [("64.60", None)]
    assert amounts(one(credit | {"cap": "387.60"}, "<= 0", 10, open_above=True)) == [("64.60", "387.60")]
    assert total(one(credit, "<= 0", 10, open_above=True, settlement={"cap": "100.00"})) == ("64.60", "100.00")


def test_what_still_runs_may_yet_come_into_a_target_of_two_sides_or_pass_a_band() -> None:
    two_sided = {"kind": "bands", "bands": {"< 5": "10.00", "> 7": "50.00"}}
    assert amounts(one(two_sided, ">= 5, <= 7", 3, open_above=True)) == [("0.00", "50.00")]
    gap = {"kind": "bands", "bands": {"> 5, <= 10": "10.00", "else": "0"}}
    assert amounts(one(gap, "<= 5", 8, open_above=True)) == [("0.00", "10.00")]


def test_what_still_runs_under_a_floor_may_earn_the_bonus() -> None:
    bands = {"kind": "bands", "bands": {"< 5": "10.00", ">= 8": "bonus 4.00"}}
    assert amounts(one(bands, ">= 5", 3, open_above=True)) == [("-4.00", "10.00")]
    assert amounts(one(bands, ">= 5", 6, open_above=True)) == [("-4.00", "0.00")]


def test_the_steps_are_told_in_order() -> None:
    found = one(BANDS | {"cap": "5% of monthly"}, ">= 99.9%", "0.9989", fees={"monthly": "100.09"})
    assert sure(found) == ["5.00"]
    assert found.lines[0].credit.most.exact == "10009/1000"
    assert texts(found) == [
        "band < 99.9%", "monthly 100.09", "10% of monthly", "rounded half-up to 10.01",
        "monthly 100.09", "cap 5% of monthly",
    ]  # fmt: skip
