"""What stands beside a credit: factors, repeated failure, rounding, the least that is paid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from slacheck.problems import DataError
from slacheck.verdicts import Judgement
from tests.settlement.hand import Contract, Value, amounts, sure, total, total_of

FIXED = {"kind": "fixed", "pays": "10.00"}
POINTS = {"kind": "per-unit", "each": "1 point", "counting": "full", "pays": "100.00"}


def test_repeat_points_double_after_a_breach_in_the_period_before_and_do_not_compound() -> None:
    """One point, then three doubled, then three doubled: never four times."""
    repeat = {"breaches_in": "previous-period", "times": {">= 1": "2"}}
    levels = {
        name: {"target": "<= 5", "credit": {"kind": "fixed", "pays": f"{points}", "repeat": repeat}}
        for name, points in (("small", "1 point"), ("large", "3 points"))
    }
    levels["both"] = {
        "target": "<= 5",
        "credit": {"kind": "bands", "bands": {"> 5, <= 7": "1 point", "> 7": "3 points"}, "repeat": repeat},
    }
    contract = Contract(levels, settlement={"points": POINTS}, effective="2026-07-01")
    months = [contract.settle(f"2026-{month:02}-01", Value("both", value)) for month, value in ((7, 6), (8, 9), (9, 9))]
    assert [sure(month) for month in months] == [["1"], ["6"], ["6"]]
    assert [total(month)[0] for month in months] == ["100.00", "600.00", "600.00"]
    assert sure(contract.settle("2026-10-01", Value("both", 5))) == ["0"]
    assert sure(contract.settle("2026-11-01", Value("both", 9))) == ["3"]


def test_repeat_of_an_unknown_period_is_open_and_before_the_beginning_nothing_is_unknown() -> None:
    repeat = {"breaches_in": "previous-period", "times": {">= 1": "2"}}
    level = {"a": {"target": "<= 5", "credit": FIXED | {"repeat": repeat}}}
    assert amounts(Contract(level).settle("2026-10-01", Value("a", 6))) == [("10.00", "20.00")]
    assert sure(Contract(level, effective="2026-10-01").settle("2026-10-01", Value("a", 6))) == ["10.00"]


def test_repeat_counts_this_period_among_so_many_months() -> None:
    repeat = {"breaches_in": "3 months", "times": {">= 2": "1.5", ">= 3": "2"}}
    contract = Contract({"a": {"target": "<= 5", "credit": FIXED | {"repeat": repeat}}}, effective="2026-07-01")
    values = [(7, 6), (8, 6), (9, 6), (10, 1), (11, 6)]
    found = [sure(contract.settle(f"2026-{month:02}-01", Value("a", value)))[0] for month, value in values]
    # In November September counts beside it.
    assert found == ["10.00", "15.00", "20.00", "0.00", "15.00"]


def test_repeat_in_the_period_counts_records_with_the_same_words_and_multiplies_later_ones_only() -> None:
    """More than four: 1.5 times; more than eight: twice (P1). Another criterion counts for itself."""
    repeat = {"breaches_in": "period", "same": ["criterion"], "times": {"> 4": "1.5", "> 8": "2"}}
    level = {"per": "case", "target": "<= 5", "credit": FIXED | {"repeat": repeat}}
    contract = Contract({"a": level})
    # Given the other way round than they began.
    values = [Value("a", 6, record=f"c{n}", began=n, facts={"criterion": "heat"}) for n in reversed(range(10))]
    values += [Value("a", 6, record="d", began=20, facts={"criterion": "light"})]
    values += [Value("a", 1, record="e", began=0, facts={"criterion": "light"})]
    found = dict(zip([value.record for value in values], sure(contract.settle("2026-10-01", *values)), strict=True))
    assert [found[f"c{n}"] for n in range(10)] == ["10.00"] * 4 + ["15.00"] * 4 + ["20.00"] * 2
    assert (found["d"], found["e"]) == ("10.00", "0.00")


def test_only_every_third_breach_is_paid_and_an_unknown_month_leaves_it_open() -> None:
    repeat = {"breaches_in": "4 months", "only_every": "3"}
    level = {"per": "case", "target": "<= 5", "credit": FIXED | {"repeat": repeat}}
    records = [Value("a", 6, record=f"c{n}", began=n) for n in range(7)]
    alone = sure(Contract({"a": level}, effective="2026-10-01").settle("2026-10-01", *records))
    assert alone == ["0.00", "0.00", "10.00", "0.00", "0.00", "10.00", "0.00"]
    # Nobody knows which one of them a breach is where the months before are not known.
    assert amounts(Contract({"a": level}).settle("2026-10-01", records[0])) == [("0.00", "10.00")]
    contract = Contract({"a": level}, effective="2026-07-01")
    months = [contract.settle(f"2026-{month:02}-01", Value("a", 6, record="c", began=1)) for month in range(7, 12)]
    # In November July no longer counts: three breaches in four months, and this is the fourth.
    assert [sure(month)[0] for month in months] == ["0.00", "0.00", "10.00", "0.00", "0.00"]
    both = FIXED | {"repeat": repeat | {"times": {">= 6": "2"}}}
    found = sure(Contract({"a": level | {"credit": both}}, effective="2026-10-01").settle("2026-10-01", *records))
    assert found == ["0.00", "0.00", "10.00", "0.00", "0.00", "20.00", "0.00"]


def test_a_bonus_is_not_multiplied_by_repeated_failure() -> None:
    repeat = {"breaches_in": "previous-period", "times": {">= 1": "2"}}
    bands = {"kind": "bands", "bands": {"> 5": "10.00", "<= 1": "bonus 4.00"}, "repeat": repeat}
    contract = Contract({"a": {"target": "<= 5", "credit": bands}}, effective="2026-09-01")
    found = [sure(contract.settle(f"2026-{month:02}-01", Value("a", value)))[0] for month, value in ((9, 6), (10, 1))]
    assert found == ["10.00", "-4.00"]
    contract.settle("2026-11-01", Value("a", 6))
    assert amounts(contract.settle("2026-12-01", Value("a", 1, 6))) == [("-4.00", "20.00")]


def record(credit: dict[str, Any], **value: Any) -> Any:
    contract = Contract({"a": {"per": "case", "target": "<= 5", "credit": credit}})
    return contract.settle("2026-10-01", Value("a", 6, **value))


def test_factors_of_a_table_and_of_a_number_multiply() -> None:
    """10.00 x 0.5 (unavailable but used) x 2.25."""
    credit = FIXED | {"factors": [{"used": {"yes": "0.5", "else": "1"}}, "weight"]}
    weight = {"weight": Fraction(9, 4)}
    assert sure(record(credit, facts={"used": "yes"}, figures=weight)) == ["11.25"]
    assert sure(record(credit, facts={"used": "no"}, figures=weight)) == ["22.50"]


def test_a_factor_that_is_not_known_leaves_the_most_open_under_a_cap() -> None:
    credit = FIXED | {"factors": [{"used": {"yes": "0.5"}}]}
    assert amounts(record(credit, facts={"used": "maybe"})) == [("0.00", None)]
    assert amounts(record(credit, facts={"used": None})) == [("0.00", None)]
    assert amounts(record(FIXED | {"factors": "weight", "cap": "30.00"})) == [("0.00", "30.00")]


def test_a_bonus_whose_factor_is_not_known_is_refused() -> None:
    bands = {"kind": "bands", "bands": {"> 5": "10.00", "<= 1": "bonus 4.00"}, "factors": "weight"}
    contract = Contract({"a": {"per": "case", "target": "<= 5", "credit": bands}})
    with pytest.raises(DataError) as refused:
        contract.settle("2026-10-01", Value("a", 1))
    assert [problem.code for problem in refused.value.problems] == ["no-fee"]


@pytest.mark.parametrize(
    ("minimum", "paid", "expected"),
    [("drop", "5.00", "0.00"), ("drop", "5.01", "5.01"), ("raise", "5.00", "5.00"), ("raise", "0.01", "5.00"),
     ("raise", "5.01", "5.01"), ("raise", "0", "0.00")],
)  # fmt: skip
def test_a_credit_that_is_not_above_the_least_is_dropped_or_raised(minimum: str, paid: str, expected: str) -> None:
    credit = {"kind": "fixed", "pays": paid, "minimum": {"above": "5.00", "else": minimum}}
    assert sure(Contract({"a": {"target": "<= 5", "credit": credit}}).settle("2026-10-01", Value("a", 6))) == [expected]


def test_what_is_raised_never_exceeds_a_cap_and_uses_it_up() -> None:
    credit = {"kind": "fixed", "pays": "1.00", "minimum": {"above": "5.00", "else": "raise"}, "cap": "12.00"}
    contract = Contract({"a": {"per": "case", "target": "<= 5", "credit": credit}})
    found = contract.settle("2026-10-01", *(Value("a", 6, record=str(n), began=n) for n in range(4)))
    assert sure(found) == ["5.00", "5.00", "2.00", "0.00"]
    assert total(found) == ("12.00", "12.00")


def test_what_is_dropped_leaves_the_cap_to_others() -> None:
    credit = {"kind": "fixed", "pays": "6.00", "factors": "w", "minimum": {"above": "5.00", "else": "drop"}}
    contract = Contract({"a": {"per": "case", "target": "<= 5", "credit": credit | {"cap": "12.00"}}})
    factors = [Fraction(1, 2), Fraction(1), Fraction(1, 6), Fraction(1)]
    values = [Value("a", 6, record=str(n), began=n, figures={"w": factor}) for n, factor in enumerate(factors)]
    assert sure(contract.settle("2026-10-01", *values)) == ["0.00", "6.00", "0.00", "6.00"]


@pytest.mark.parametrize(
    ("currency", "fee", "expected"),
    [("EUR", "100.05", "10.01"), ("JPY", "105", "11"), ("KWD", "100.005", "10.001"), ("IQD", "100.005", "10.001")],
)
def test_a_line_is_rounded_half_up_in_the_minor_unit(currency: str, fee: str, expected: str) -> None:
    credit = {"kind": "fixed", "of": "monthly", "pays": "10%"}
    contract = Contract({"a": {"target": "<= 5", "credit": credit}}, currency=currency, fees={"monthly": fee})
    assert sure(contract.settle("2026-10-01", Value("a", 6))) == [expected]


@pytest.mark.parametrize(
    ("rounding", "paid", "expected"),
    [
        # 10.125 and 10.375 are halves of 0.05 and of 0.25.
        *(({"mode": mode}, "10.125", amount) for mode, amount in (("half-up", "10.13"), ("half-even", "10.12"))),
        *(({"mode": mode}, "10.129", amount) for mode, amount in (("down", "10.12"), ("up", "10.13"))),
        ({"to": "0.25", "mode": "half-even"}, "10.375", "10.50"), ({"to": "0.25", "mode": "down"}, "10.375", "10.25"),
        ({"to": "1"}, "10.49", "10.00"), ({"to": "5", "mode": "up"}, "10.01", "15.00"),
    ],
)  # fmt: skip
def test_rounding_as_agreed(rounding: dict[str, str], paid: str, expected: str) -> None:
    credit = {"kind": "fixed", "pays": paid, "rounding": rounding}
    assert sure(Contract({"a": {"target": "<= 5", "credit": credit}}).settle("2026-10-01", Value("a", 6))) == [expected]


def test_rounding_of_the_total_alone_rounds_nothing_before() -> None:
    """Three times 0.004 are 0.012, and with points worth 0.004 they are 0.016: 0.02, not 0.00."""
    levels = {name: {"target": "<= 5", "credit": {"kind": "fixed", "pays": "0.004"}} for name in "abc"}
    levels["p"] = {"target": "<= 5", "credit": {"kind": "fixed", "pays": "1 point"}}
    points = POINTS | {"pays": "0.004"}
    contract = Contract(levels, settlement={"rounding": {"at": "total"}, "points": points})
    found = contract.settle("2026-10-01", *(Value(name, 6) for name in "abcp"))
    assert total(found) == ("0.02", "0.02")
    assert [step.exact for step in total_of(found).steps_most][-2:] == ["2/125", "1/50"]


def test_a_rule_for_few_records_that_is_open_costs_nothing_or_a_breach() -> None:
    """One or two misses of nine, one is allowed: whatever the share is, it may be no breach, or one."""
    bands = {"kind": "bands", "bands": {"< 90%": "10.00", "< 50%": "50.00"}}
    contract = Contract({"a": {"target": ">= 90%", "credit": bands}})
    open_one = Judgement("indeterminate", Fraction(8, 9), Fraction(7, 9), "1 to 2 missed", deemed=True)
    found = contract.settle("2026-10-01", Value("a", Fraction(8, 9), Fraction(7, 9), judgement=open_one))
    assert amounts(found) == [("0.00", "10.00")]


def test_an_expected_level_missed_perhaps_too_often_costs_nothing_or_the_mildest_breach() -> None:
    bands = {"kind": "bands", "bands": {"< 90%": "10.00", "< 50%": "50.00"}}
    contract = Contract({"a": {"target": ">= 90%", "credit": bands}})
    open_one = Judgement("indeterminate", Fraction(95, 100), Fraction(95, 100), "4 of 12, perhaps", deemed=True)
    found = contract.settle("2026-10-01", Value("a", Fraction(95, 100), judgement=open_one))
    assert amounts(found) == [("0.00", "10.00")]


def test_a_verdict_of_met_costs_nothing_even_where_a_bonus_is_agreed() -> None:
    """Few records, and no more misses than are allowed: 88.9 % is met."""
    bands = {"kind": "bands", "bands": {"< 90%": "10.00", ">= 99%": "bonus 5.00"}}
    contract = Contract({"a": {"target": ">= 90%", "credit": bands}})
    met = Judgement("met", Fraction(8, 9), Fraction(8, 9), "1 of 9 missed")
    assert sure(contract.settle("2026-10-01", Value("a", Fraction(8, 9), judgement=met))) == ["0.00"]


def test_missing_data_that_is_deemed_a_breach_costs_what_its_worst_value_costs() -> None:
    bands = {"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%", "< 99.0%": "25%"}}
    contract = Contract({"a": {"target": ">= 99.9%", "missing": "breach", "credit": bands}})
    assert sure(contract.settle("2026-10-01", Value("a", "1", "0.985"))) == ["3000.00"]
    assert sure(contract.settle("2026-10-01", Value("a", "1", "0.9995"))) == ["1200.00"]
