"""What bounds credits: a line, the records of a subject, one record, a column, stretches of time, all lines."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from slacheck.planning.parts import PeriodPart
from tests.settlement.hand import Contract, Value, amounts, counted, credit_of, sure, total, total_of

SIXTY = {"kind": "fixed", "pays": "60.00"}


def contract(cap: Any, per: Any = None, settlement: Any = None, **keys: Any) -> Contract:
    credit = SIXTY | ({"cap": cap} if cap else {})
    level = {"target": "<= 5", "credit": credit} | ({"per": per} if per else {})
    return Contract({"a": level}, **keys, **({"settlement": settlement} if settlement else {}))


def records(*names: str, subject: str = "", value: tuple[int, ...] = (6,), **facts: str) -> list[Value]:
    return [
        Value("a", value[0], (*value, None)[1], record=name, subject=subject, began=int(name[1:]), facts=facts)
        for name in names
    ]  # fmt: skip


def test_a_bare_cap_bounds_a_line_and_says_whether_it_is_reached() -> None:
    for cap, paid, reached in (("59.99", "59.99", True), ("60.00", "60.00", True), ("60.01", "60.00", False)):
        found = contract(cap).settle("2026-10-01", Value("a", 6))
        assert (sure(found), credit_of(found.lines[0]).at_cap) == ([paid], reached)
        steps = credit_of(found.lines[0]).least.steps
        assert any(step.kind == "cap" for step in steps) is (paid == "59.99")


def test_a_cap_is_rounded_down_to_the_minor_unit_and_one_of_an_unknown_fee_is_not_known() -> None:
    assert sure(contract("5% of monthly", fees={"monthly": "1000.19"}).settle("2026-10-01", Value("a", 6))) == ["50.00"]
    fees = {"charge": {"from": "bill", "column": "charge"}}
    known = contract("50% of charge", "circuit", fees=fees, bill={"x": "100.00", "y": ""})
    found = known.settle(
        "2026-10-01", Value("a", 6, subject="x"), Value("a", 6, subject="y"), Value("a", 6, subject="z")
    )
    assert amounts(found) == [("50.00", "50.00"), ("0.00", "60.00"), ("0.00", "60.00")]
    assert [credit_of(line).at_cap for line in found.lines] == [True, None, None]


def test_a_bare_cap_on_a_level_of_records_bounds_those_of_a_subject_together() -> None:
    found = contract("100.00", ["circuit", "case"]).settle(
        "2026-10-01", *records("r1", "r2", "r3", subject="x"), *records("r4", subject="y")
    )
    assert sure(found) == ["60.00", "40.00", "0.00", "60.00"]
    assert total(found) == ("160.00", "160.00")


def test_a_cap_for_each_case_bounds_each() -> None:
    found = contract("50.00 per case", "case").settle("2026-10-01", *records("r1", "r2"))
    assert sure(found) == ["50.00", "50.00"]


def test_several_caps_are_used_by_what_is_paid_in_whatever_order_they_stand() -> None:
    """50 for each, 120 together: 50, 50 and 20."""
    for caps in (["50.00 per case", "120.00"], ["120.00", "50.00 per case"]):
        assert sure(contract(caps, "case").settle("2026-10-01", *records("r1", "r2", "r3"))) == [
            "50.00",
            "50.00",
            "20.00",
        ]


def test_a_cap_by_a_column_bounds_the_records_with_the_same_value() -> None:
    values = [*records("r1", "r2", area="north"), *records("r3", area="south"), *records("r4", "r5")]
    # Without an area each stands for itself.
    assert sure(contract("100.00 per area", "case").settle("2026-10-01", *values)) == [
        "60.00",
        "40.00",
        "60.00",
        "60.00",
        "60.00",
    ]
    level = contract(None, "case", {"cap": "100.00 per area"})
    found = level.settle("2026-10-01", *values)
    assert counted(found) == [("60.00", "60.00"), ("40.00", "40.00"), *[("60.00", "60.00")] * 3]
    assert total(found) == ("280.00", "280.00")


def test_caps_by_nested_columns_at_settlement_are_used_by_what_is_paid() -> None:
    """50 an incident, 100 an area: two incidents of 60 in one area are 50 and 50 in either order of the caps."""
    values = [*records("r1", area="n", incident="i"), *records("r2", area="n", incident="j")]
    for caps in (["50.00 per incident", "100.00 per area"], ["100.00 per area", "50.00 per incident"]):
        assert total(contract(None, "case", {"cap": caps}).settle("2026-10-01", *values)) == ("100.00", "100.00")


def test_lines_that_share_a_cap_are_bounded_whatever_the_others_come_to_and_add_up_to_no_more() -> None:
    """The first may cost nothing or 60, the second costs 60, 100 together: the second is paid 40 to 60; the third
    nothing to 40; together exactly 100 where the first is owed, and 100 where it is not."""
    values = [*records("r1", value=(4, 6)), *records("r2", "r3")]
    found = contract("100.00", "case").settle("2026-10-01", *values)
    assert amounts(found) == [("0.00", "60.00"), ("40.00", "60.00"), ("0.00", "40.00")]
    assert total(found) == ("100.00", "100.00")
    assert counted(found) == [("0.00", "60.00"), ("60.00", "40.00"), ("40.00", "0.00")]
    assert [credit_of(line).at_cap for line in found.lines] == [False, None, True]


def test_an_open_line_without_bound_is_bounded_by_a_shared_cap() -> None:
    credit = {"kind": "per-unit", "each": "1", "counting": "full", "pays": "10.00", "cap": "100.00"}
    level = Contract({"a": {"per": "case", "target": "<= 5", "credit": credit}})
    running = Value("a", 7, record="r1", began=1, open_above=True)
    found = level.settle("2026-10-01", running, Value("a", 12, record="r2", began=2))
    # At least 20 so far: of 70 at most 70, and nothing where the first takes all.
    assert amounts(found) == [("20.00", "100.00"), ("0.00", "70.00")]
    assert total(found) == ("90.00", "100.00")


MONTHS = [f"{2025 + month // 12}-{month % 12 + 1:02}-01" for month in range(14)]


@pytest.mark.parametrize("where", ["line", "settlement"])
@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        # 150 in twelve months: 60, 60, 30; in the thirteenth month January is gone, in the 14th February.
        ("150.00 per 12 months", [60, 60, 30, *[0] * 9, 60, 60]),
        ("150.00 per year", [60, 60, 30, *[0] * 9, 60, 60]),
        ("100.00 per quarter", [60, 40, 0] * 4 + [60, 40]),
        ("500.00 per term", [60] * 8 + [20] + [0] * 5),
        ("100.00 per 2 periods", [60, 40] * 7),
    ],
)
def test_caps_over_stretches_of_time(where: str, cap: str, expected: list[int]) -> None:
    level = (
        contract(cap, effective="2025-01-01")
        if where == "line"
        else contract(None, settlement={"cap": cap}, effective="2025-01-01")
    )
    found = [total(level.settle(day, Value("a", 6))) for day in MONTHS]
    assert found == [(f"{paid}.00", f"{paid}.00") for paid in expected]


@pytest.mark.parametrize("where", ["line", "settlement"])
def test_a_cap_over_periods_that_are_not_known_is_not_decided(where: str) -> None:
    cap = "100.00 per 12 months"
    level = contract(cap) if where == "line" else contract(None, settlement={"cap": cap})
    found = level.settle("2026-10-01", Value("a", 6))
    assert total(found) == ("0.00", "60.00")
    if where == "settlement":
        assert total_of(found).at_cap is None
    found = level.settle("2026-11-01", Value("a", 6))
    assert total(found) == ("0.00", "60.00")


@pytest.mark.parametrize("where", ["line", "settlement"])
def test_open_credits_of_earlier_periods_leave_the_rest_of_a_cap_open(where: str) -> None:
    cap = "100.00 per 2 periods"
    keys: dict[str, Any] = {"effective": "2026-09-01"}
    level = contract(cap, **keys) if where == "line" else contract(None, settlement={"cap": cap}, **keys)
    level.settle("2026-09-01", Value("a", 4, 6))
    assert total(level.settle("2026-10-01", Value("a", 6))) == ("40.00", "60.00")
    assert total(level.settle("2026-11-01", Value("a", 6))) == ("40.00", "60.00")


def test_earlier_open_lines_that_exclude_each_other_bound_a_cap_from_both_sides() -> None:
    """In September either 'a' (30 to 90) or 'b' (60) is paid: of 100 in two months 'b' has 40 to 100 left."""
    levels = {
        "a": {"target": "<= 5", "credit": {"kind": "per-unit", "each": "1", "counting": "full", "pays": "30.00"}},
        "b": {"target": "<= 5", "credit": SIXTY | {"cap": "100.00 per 2 periods"}},
    }
    level = Contract(levels, settlement={"exclusive": [{"either": "a", "or": "b"}]}, effective="2026-09-01")
    found = level.settle("2026-09-01", Value("a", 6, 8), Value("b", 6))
    assert total(found) == ("60.00", "90.00")
    found = level.settle("2026-10-01", Value("a", 1), Value("b", 6))
    assert amounts(found)[1] == ("40.00", "60.00")


def test_caps_of_all_lines_are_nested_and_told_in_steps() -> None:
    levels = {name: {"target": "<= 5", "credit": SIXTY} for name in "ab"}
    level = Contract(levels, settlement={"cap": ["1% of monthly", "100.00", "90.005"]})
    found = level.settle("2026-10-01", Value("a", 6), Value("b", 6))
    assert total(found) == ("90.00", "90.00")
    assert total_of(found).at_cap is True
    steps = [(step.kind, step.text, step.exact) for step in total_of(found).steps_most]
    assert steps == [
        ("combined", "sum of 2 lines", "120/1"),
        ("fee", "monthly 12,000.00", "12000/1"),
        ("cap", "cap 1% of monthly, 120, not reached", "120/1"),
        ("cap", "cap 100.00", "100/1"),
        ("cap", "cap 90.005", "90/1"),
    ]


def test_whether_the_cap_of_an_unknown_fee_is_reached_is_not_known() -> None:
    fees = {"charge": {"from": "bill", "column": "charge"}}
    level = Contract(
        {"a": {"target": "<= 5", "credit": SIXTY}}, bill={"x": ""}, fees=fees, settlement={"cap": "5% of charge"}
    )
    found = level.settle("2026-10-01", Value("a", 6))
    assert (total(found), total_of(found).at_cap) == (("0.00", "60.00"), None)


def test_an_amount_at_risk_is_never_exceeded_and_one_that_is_not_known_bounds_nothing_for_sure() -> None:
    at_risk = {"at_risk": {"amount": "10% of monthly", "pools": {}}}
    level = Contract({"a": {"target": "<= 5", "credit": SIXTY}}, fees={"monthly": "100.09"}, settlement=at_risk)
    # 10.009: no cent more than that.
    assert total(level.settle("2026-10-01", Value("a", 6))) == ("10.00", "10.00")
    fees = {"charge": {"from": "bill", "column": "charge"}}
    at_risk = {"at_risk": {"amount": "10% of charge", "pools": {}}}
    level = Contract({"a": {"target": "<= 5", "credit": SIXTY}}, bill={"x": ""}, fees=fees, settlement=at_risk)
    assert total(level.settle("2026-10-01", Value("a", 6))) == ("0.00", "60.00")


def parts(*days: str) -> list[PeriodPart]:
    edges = [date.fromisoformat(day) for day in days]
    return [PeriodPart(start, end) for start, end in pairwise(edges)]


@pytest.mark.parametrize("cap", ["100.00", "100.00 per 12 months", "100.00 per quarter", "100.00 per term"])
@pytest.mark.parametrize("where", ["line", "settlement"])
def test_the_parts_of_a_period_share_a_cap_that_is_an_amount(where: str, cap: str) -> None:
    keys: dict[str, Any] = {"effective": "2026-10-01"}
    level = contract(cap, **keys) if where == "line" else contract(None, settlement={"cap": cap}, **keys)
    first, second = parts("2026-10-01", "2026-10-11", "2026-11-01")
    found = [total(level.settle("2026-10-01", Value("a", 6), part=part)) for part in (first, second)]
    assert found == [("60.00", "60.00"), ("40.00", "40.00")]


def test_a_cap_that_is_a_share_of_a_fee_is_shared_by_days() -> None:
    """Two days of 31 of 3,100 are 200, a tenth of them 20; the other 29 days allow 290."""
    level = contract("10% of monthly", fees={"monthly": "3100.00"})
    first, second = parts("2026-10-01", "2026-10-03", "2026-11-01")
    found = [total(level.settle("2026-10-01", Value("a", 6), part=part)) for part in (first, second)]
    assert found == [("20.00", "20.00"), ("60.00", "60.00")]
