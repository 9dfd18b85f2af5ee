"""What crosses lines: sums, the dearest, one of each incident, pairs, critical failure, points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.settlement.hand import Contract, Value, amounts, counted, credit_of, sure, total, total_of


def fixed(amount: str, **more: Any) -> dict[str, Any]:
    return {"target": "<= 5", "credit": {"kind": "fixed", "pays": amount}, **more}


def units(**more: Any) -> dict[str, Any]:
    """Ten for each unit beyond five."""
    credit = {"kind": "per-unit", "each": "1", "counting": "full", "pays": "10.00"}
    return {"target": "<= 5", "credit": credit, **more}


def settled(levels: dict[str, Any], settlement: dict[str, Any], *values: Value, **keys: Any) -> Any:
    return Contract(levels, settlement=settlement, **keys).settle("2026-10-01", *values)


LEVELS = {"a": fixed("10.00"), "b": fixed("30.00"), "c": fixed("20.00")}
ALL = [Value(name, 6) for name in "abc"]


def test_sum_and_highest() -> None:
    assert total(settled(LEVELS, {}, *ALL)) == ("60.00", "60.00")
    found = settled(LEVELS, {"combine": "highest"}, *ALL)
    assert total(found) == ("30.00", "30.00")
    assert counted(found) == [("0.00", "0.00"), ("30.00", "30.00"), ("0.00", "0.00")]
    assert sure(found) == ["10.00", "30.00", "20.00"]
    assert credit_of(found.lines[0]).counted_because == "the dearest line alone is paid: b"


def test_highest_leaves_a_bonus_in() -> None:
    levels = LEVELS | {
        "d": {"target": "<= 5", "credit": {"kind": "bands", "bands": {"> 5": "1.00", "<= 1": "bonus 4.00"}}}
    }
    assert total(settled(levels, {"combine": "highest"}, *ALL, Value("d", 0))) == ("26.00", "26.00")


def test_one_of_each_incident() -> None:
    levels = {"a": units(per="case"), "b": fixed("35.00", per="case")}
    values = [
        Value("a", 8, record="1", facts={"incident": "i"}), Value("b", 6, record="2", facts={"incident": "i"}),
        Value("a", 9, record="3", facts={"incident": "j"}), Value("b", 6, record="4", facts={"incident": "j"}),
        Value("a", 6, record="5", facts={"incident": None}), Value("a", 6, record="6"),
    ]  # fmt: skip
    found = settled(levels, {"combine": {"one_per": "incident"}}, *values)
    assert [least for least, _ in counted(found)] == ["0.00", "35.00", "40.00", "0.00", "10.00", "10.00"]
    assert total(found) == ("95.00", "95.00")


def test_of_a_pair_the_dearer_side_is_paid_for_each_subject() -> None:
    levels = {"a": units(per="circuit"), "b": fixed("15.00", per="circuit"), "c": fixed("10.00", per="circuit")}
    values = [
        Value("a", 7, subject="x"), Value("b", 6, subject="x"), Value("c", 6, subject="x"),
        Value("a", 8, subject="y"), Value("b", 6, subject="y"), Value("c", 6, subject="y"),
        Value("a", 7, subject="z"), Value("b", 6, subject="w"),
    ]  # fmt: skip
    found = settled(levels, {"exclusive": [{"either": "a", "or": ["b", "c"]}]}, *values)
    # 20 against 25; 30 against 25; alone.
    paid = [least for least, _ in counted(found)]
    assert paid == ["0.00", "15.00", "10.00", "30.00", "0.00", "0.00", "20.00", "15.00"]
    assert credit_of(found.lines[0]).counted_because == "not paid beside b and c, which are dearer"


def test_an_open_pair_costs_at_least_the_dearer_at_their_least() -> None:
    levels = {"a": units(), "b": fixed("15.00")}
    pair = {"exclusive": [{"either": "a", "or": "b"}]}
    assert total(settled(levels, pair, Value("a", 5, 8), Value("b", 6))) == ("15.00", "30.00")


def test_pairs_that_share_a_level_are_bounded_on_both_sides() -> None:
    """a 10, b 9 to 11, c 5: where b is 9, a and c are paid (15); where it is 11, b alone."""
    bands = {"kind": "bands", "bands": {"> 5, <= 7": "9.00", "> 7": "11.00"}}
    levels = {"a": fixed("10.00"), "b": {"target": "<= 5", "credit": bands}, "c": fixed("5.00")}
    pairs = {"exclusive": [{"either": "a", "or": "b"}, {"either": "b", "or": "c"}]}
    found = {value: total(settled(levels, pairs, Value("a", 6), Value("b", value), Value("c", 6))) for value in (6, 8)}
    assert found == {6: ("15.00", "15.00"), 8: ("11.00", "11.00")}
    least, most = total(settled(levels, pairs, Value("a", 6), Value("b", 6, 8), Value("c", 6)))
    assert float(least) <= 11
    assert most is not None
    assert float(most) >= 15


def test_a_pair_before_the_dearest_alone_is_bounded_on_both_sides() -> None:
    """Together 8 to 12 against 10, then the dearest alone: 10 where they lose, 6 where they win."""
    bands = {"kind": "bands", "bands": {"> 5, <= 7": "2.00", "> 7": "6.00"}}
    levels = {"a": fixed("6.00"), "b": {"target": "<= 5", "credit": bands}, "c": fixed("10.00")}
    terms = {"exclusive": [{"either": ["a", "b"], "or": "c"}], "combine": "highest"}
    found = [
        total(settled(levels, terms, Value("a", 6), Value("b", *value), Value("c", 6)))
        for value in ((6,), (8,), (6, 8))
    ]
    assert found[:2] == [("10.00", "10.00"), ("6.00", "6.00")]
    least, most = found[2]
    assert float(least) <= 6
    assert most is not None
    assert float(most) >= 10


def test_a_critical_failure_replaces_what_is_not_critical() -> None:
    levels = {"crash": fixed("50.00"), "a": fixed("80.00"), "b": fixed("30.00")}
    terms = {"critical": "crash"}
    found = settled(levels, terms, Value("crash", 6), Value("a", 6), Value("b", 6))
    assert total(found) == ("50.00", "50.00")
    assert credit_of(found.lines[1]).counted_because == "a critical failure replaces it"
    assert total(settled(levels, terms, Value("crash", 5), Value("a", 6), Value("b", 6))) == ("110.00", "110.00")
    assert total(settled(levels, terms, Value("crash", 5, 6), Value("a", 6), Value("b", 6))) == ("0.00", "110.00")


@pytest.mark.parametrize("terms", [{"combine": "highest"}, {"exclusive": [{"either": "a", "or": "crash"}]}])
def test_a_critical_failure_is_paid_although_a_line_that_it_replaces_is_dearer(terms: dict[str, Any]) -> None:
    levels = {"crash": fixed("50.00"), "a": fixed("80.00")}
    assert total(settled(levels, terms | {"critical": "crash"}, Value("crash", 6), Value("a", 6))) == ("50.00", "50.00")


TABLE = {"kind": "bands", "of": "monthly", "bands": {"<= 3": "0", "> 3, <= 10": "1%", "> 10": "2%"}}


@pytest.mark.parametrize(("points", "expected"), [(3, "0.00"), (4, "120.00"), (10, "120.00"), (11, "240.00")])
def test_points_of_all_lines_are_turned_into_money_by_a_table(points: int, expected: str) -> None:
    levels = {"a": fixed("1 point"), "b": fixed(f"{points - 1} points"), "c": fixed("5.00")}
    found = settled(levels, {"points": TABLE}, *ALL)
    assert sure(found) == ["1", str(points - 1), "5.00"]
    assert total(found)[0] == f"{float(expected) + 5:.2f}"
    shown = total_of(found).points
    assert shown is not None
    assert shown.least == str(points)


def test_open_points_are_bounded_by_the_table_or_its_cap() -> None:
    levels = {"a": fixed("11 points")}
    assert total(settled(levels, {"points": TABLE}, Value("a", 5, 6))) == ("0.00", "240.00")
    table = {"kind": "per-unit", "each": "1 point", "counting": "full", "pays": "10.00"}
    open_level = {
        "a": {"target": "<= 5", "credit": {"kind": "per-unit", "each": "1", "counting": "full", "pays": "1 point"}}
    }
    running = Value("a", 8, open_above=True)
    assert total(settled(open_level, {"points": table}, running)) == ("30.00", None)
    assert total(settled(open_level, {"points": table | {"cap": "75.00"}}, running)) == ("30.00", "75.00")
    assert total(settled(open_level, {"points": table, "cap": "75.00"}, running)) == ("30.00", "75.00")


def test_points_of_an_unknown_fee_are_bounded_by_a_cap_that_is_known() -> None:
    fees = {"charge": {"from": "bill", "column": "charge"}}
    table = {"kind": "bands", "of": "charge", "bands": {"> 0": "1%"}}
    levels = {"a": fixed("1 point"), "b": fixed("30.00")}
    values = [Value("a", 6), Value("b", 6)]
    found = settled(levels, {"points": table}, *values, fees=fees, bill={"x": ""})
    assert total(found) == ("30.00", None)
    found = settled(levels, {"points": table | {"cap": "10.00"}}, *values, fees=fees, bill={"x": ""})
    assert total(found) == ("30.00", "40.00")


def test_the_least_credit_of_the_points_table_is_kept() -> None:
    table = {"kind": "per-unit", "each": "1 point", "counting": "full", "pays": "1.00"}
    for what, expected in (("drop", "0.00"), ("raise", "5.00")):
        terms = {"points": table | {"minimum": {"above": "5.00", "else": what}}}
        assert total(settled({"a": fixed("3 points")}, terms, Value("a", 6))) == (expected, expected)


def test_points_and_money_are_added_and_told_in_steps() -> None:
    levels = {"a": fixed("4 points"), "b": fixed("30.00")}
    found = settled(levels, {"points": TABLE, "cap": "100.00"}, Value("a", 6), Value("b", 6))
    assert total(found) == ("100.00", "100.00")
    kinds = [(step.kind, step.exact) for step in total_of(found).steps_most]
    assert kinds == [
        ("combined", "30/1"), ("points", "4/1"), ("band", None), ("fee", "12000/1"), ("rate", "120/1"),
        ("combined", "150/1"), ("cap", "100/1"),
    ]  # fmt: skip


def test_an_unknown_fee_leaves_the_most_open_and_a_cap_bounds_it() -> None:
    fees = {"charge": {"from": "bill", "column": "charge"}}
    level = {"a": {"per": "circuit", "target": "<= 5", "credit": {"kind": "fixed", "of": "charge", "pays": "10%"}}}
    values = [Value("a", 6, subject="x"), Value("a", 6, subject="y"), Value("a", 1, subject="w")]
    found = settled(level, {}, *values, fees=fees, bill={"x": "100.00", "y": ""})
    assert amounts(found) == [("10.00", "10.00"), ("0.00", None), ("0.00", "0.00")]
    assert total(found) == ("10.00", None)
    assert "'charge' is empty in b.csv:3" in credit_of(found.lines[1]).open_because
    assert total(settled(level, {"cap": "50.00"}, *values, fees=fees, bill={"x": "100.00"})) == ("10.00", "50.00")
