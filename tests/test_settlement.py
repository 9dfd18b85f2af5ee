"""What a line costs, what all lines cost together, and the last day on which it can be claimed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Promise
from slacheck.language.quantities import CivilLength, Comparison
from slacheck.measures.measure import Measured
from slacheck.settlement import Settled, civil_after, credit, total
from slacheck.statement import Amount, Credit
from slacheck.timeline.periods import Cycle, Period, containing
from slacheck.verdicts import Judgement, judge

OCTOBER = containing(Cycle("month"), date(2026, 10, 1))
TARGET = Comparison.read(">= 99.9%")
BANDS = {"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}}


def agreement(currency: str | None = "EUR", fee: str = "12000.00", **keys: Any) -> Agreement:
    written: dict[str, Any] = {"slacheck": "1", "id": "a", "provider": "P", "customer": "C", "timezone": "UTC"}
    if currency:
        written |= {"currency": currency, "fees": {"monthly": fee}}
    return Agreement.model_validate(written | keys)


def level(target: str = ">= 99.9%", remedy: dict[str, Any] | None = BANDS, **keys: Any) -> Promise:
    kind = "availability" if "%" in target else "reported-value"
    written = {"measure": {"kind": kind, "from": "x"}, "target": target} | ({"credit": remedy} if remedy else {})
    return Promise.model_validate(written | keys)


def settled(promised: Promise, *values: Fraction | str, of: Agreement | None = None, scale: int = 1) -> Settled:
    numbers = [Fraction(value) for value in values]
    coverage = Fraction(1) if len(numbers) == 1 else Fraction(1, 2)
    measured = Measured(numbers[0], numbers[-1], coverage, Fraction(scale))
    target = promised.target.binding
    assert target is not None
    judgement = judge(measured, target, promised.missing, promised.coverage, "")
    found = credit(promised, judgement, measured, of or agreement(), target)
    assert found is not None
    return found


def amounts(found: Settled) -> tuple[str, str]:
    assert (Decimal(found.credit.least.amount), Decimal(found.credit.most.amount)) == (found.least, found.most)
    return found.credit.least.amount, found.credit.most.amount


@pytest.mark.parametrize(
    ("value", "expected"), [("0.999", "0.00"), ("0.9989", "1200.00"), ("0.9899", "3000.00"), ("0.94", "12000.00")]
)
def test_a_credit_is_paid_on_a_breach_only(value: str, expected: str) -> None:
    assert amounts(settled(level(), value)) == (expected, expected)


def test_an_open_verdict_costs_between_nothing_and_what_the_worst_value_costs() -> None:
    assert amounts(settled(level(), "0.9995", "0.985")) == ("0.00", "3000.00")


def test_a_breach_that_is_certain_costs_at_least_what_its_best_value_costs() -> None:
    assert amounts(settled(level(), "0.998", "0.94")) == ("1200.00", "12000.00")


def test_between_the_bounds_a_dearer_row_than_at_either_end_is_seen() -> None:
    remedy = {"kind": "bands", "of": "monthly", "bands": {">= 99%, < 99.9%": "10%", "else": "0"}}
    assert amounts(settled(level(remedy=remedy), "0.9995", "0.98")) == ("0.00", "1200.00")


def test_a_two_sided_target_costs_what_either_side_may_cost() -> None:
    remedy = {"kind": "bands", "bands": {"< 5": "10.00", "> 7": "50.00"}}
    promised = level(">= 5, <= 7", remedy)
    assert amounts(settled(promised, "4", "8")) == ("0.00", "50.00")
    assert amounts(settled(promised, "1", "8")) == ("0.00", "50.00")
    assert amounts(settled(promised, "9", "8")) == ("50.00", "50.00")


def test_a_level_without_a_credit_and_an_agreement_without_money_cost_nothing_at_all() -> None:
    breach = Judgement("breached", Fraction(0), Fraction(0))
    assert credit(level(remedy=None), breach, None, agreement(), TARGET) is None
    assert credit(level(), breach, None, agreement(currency=None), TARGET) is None


def test_what_does_not_apply_costs_nothing() -> None:
    found = credit(level(), Judgement("not-applicable", None, None, "no requests"), None, agreement(), TARGET)
    assert found is not None
    assert amounts(found) == ("0.00", "0.00")


def test_a_value_that_was_never_delivered_may_cost_the_dearest_row() -> None:
    remedy = {"kind": "bands", "bands": {"< 4.2": "10.00", "< 3": "50.00"}}
    found = credit(
        level(">= 4.2", remedy), Judgement("indeterminate", None, None, "no value"), None, agreement(), TARGET
    )
    assert found is not None
    assert amounts(found) == ("0.00", "50.00")


def test_a_value_that_was_never_delivered_may_cost_the_cap_of_the_line() -> None:
    remedy = {"kind": "per-unit", "each": "1", "counting": "full", "pays": "10.00", "cap": "25.00"}
    found = credit(
        level(">= 4.2", remedy), Judgement("indeterminate", None, None, "no value"), None, agreement(), TARGET
    )
    assert found is not None
    assert amounts(found) == ("0.00", "25.00")


def test_a_deemed_breach_costs_what_its_worst_value_costs_and_never_nothing() -> None:
    deemed = level(missing="breach")
    assert amounts(settled(deemed, "1", "0.985")) == ("3000.00", "3000.00")
    assert amounts(settled(deemed, "1", "0.9995")) == ("1200.00", "1200.00")


@pytest.mark.parametrize(
    ("currency", "fee", "expected"),
    [("EUR", "100.05", "10.01"), ("JPY", "105", "11"), ("KWD", "100.005", "10.001"), ("IQD", "100.005", "10.001")],
)
def test_a_line_is_rounded_half_up_in_the_minor_unit(currency: str, fee: str, expected: str) -> None:
    assert amounts(settled(level(), "0.9989", of=agreement(currency, fee))) == (expected, expected)


def test_the_order_is_exact_amount_rounding_then_cap_of_the_line() -> None:
    remedy = BANDS | {"cap": "5% of monthly"}
    found = settled(level(remedy=remedy), "0.9989", of=agreement(fee="100.09"))
    assert amounts(found) == ("5.00", "5.00")
    assert found.credit.most.exact == "10009/1000"
    assert found.credit.steps_most == (
        "band < 99.9%",
        "10% of monthly",
        "10.01 EUR, rounded",
        "cap 5% of monthly: 5.00 EUR",
    )


def test_a_cap_that_is_just_reached_takes_nothing_away() -> None:
    found = settled(level(remedy=BANDS | {"cap": "1200.00"}), "0.9989")
    assert amounts(found) == ("1200.00", "1200.00")
    assert not any("cap" in step for step in found.credit.steps_most)


@given(st.integers(0, 1000), st.integers(0, 1000), st.sampled_from(("full", "started", "linear")))
def test_units_cost_more_the_worse_the_value_and_least_never_exceeds_most(one: int, other: int, counting: str) -> None:
    remedy = {"kind": "per-unit", "of": "monthly", "each": "0.7%", "counting": counting, "pays": "3%", "cap": "50%"}
    worst, best = sorted((Fraction(one, 1000), Fraction(other, 1000)))
    found = settled(level(remedy=remedy), best, worst)
    assert found.least == settled(level(remedy=remedy), best).least
    assert found.most == settled(level(remedy=remedy), worst).most
    assert Decimal(0) <= found.least <= found.most <= Decimal(6000)


def line(least: str, most: str) -> tuple[str, Settled]:
    shown = Credit(least=Amount(amount=least, exact="0/1"), most=Amount(amount=most, exact="0/1"))
    return "a", Settled(shown, Decimal(least), Decimal(most))


@pytest.mark.parametrize(
    ("cap", "expected", "steps"),
    [
        ([], ("30.00", "70.00"), []),
        ("1% of monthly", ("30.00", "70.00"), ["cap 1% of monthly = 120.00 EUR: not reached"]),
        ("70.00", ("30.00", "70.00"), ["cap 70.00 = 70.00 EUR: reached"]),
        ("20.00", ("20.00", "20.00"), ["cap 20.00 = 20.00 EUR: reached"]),
        (["50.00", "40.00"], ("30.00", "40.00"), ["cap 50.00 = 50.00 EUR: reached", "cap 40.00 = 40.00 EUR: reached"]),
    ],
)
def test_the_sum_of_all_lines_is_bounded_by_every_cap(cap: Any, expected: tuple[str, str], steps: list[str]) -> None:
    found = total(agreement(settlement={"cap": cap}), [line("10.00", "40.00"), line("20.00", "30.00")], OCTOBER)
    assert found is not None
    assert (found.least, found.most) == expected
    assert found.steps == ("sum of 2 lines: 30.00 to 70.00 EUR", *steps)


def test_a_cap_is_rounded_down_to_the_minor_unit() -> None:
    found = total(agreement("JPY", "999", settlement={"cap": "20% of monthly"}), [line("500", "500")], OCTOBER)
    assert found is not None
    assert found.most == "199"


def test_there_is_no_total_without_money_or_lines() -> None:
    assert total(agreement(currency=None), [line("1.00", "1.00")], OCTOBER) is None
    assert total(agreement(), [], OCTOBER) is None


def test_there_is_nothing_to_claim_where_nothing_can_be_owed() -> None:
    promised = agreement(settlement={"claim": {"within": "30 days", "after": "period-end"}})
    paid, free = (total(promised, [line("0.00", most)], OCTOBER) for most in ("0.01", "0.00"))
    assert paid is not None
    assert free is not None
    assert (paid.claim_by, free.claim_by) == ("2026-11-30", None)


def test_the_decimal_context_of_the_program_around_changes_no_total() -> None:
    with localcontext() as context:
        context.prec = 3
        found = total(agreement(), [line("0.00", "12345.67"), line("0.00", "0.01")], OCTOBER)
    assert found is not None
    assert found.most == "12345.68"


def period(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end), "by hand")


@pytest.mark.parametrize(
    ("start", "end", "length", "expected"),
    [
        ("2026-10-01", "2026-11-01", CivilLength(30, "day"), "2026-11-30"),
        ("2026-10-01", "2026-11-01", CivilLength(0, "day"), "2026-10-31"),
        ("2026-10-01", "2026-11-01", CivilLength(2, "week"), "2026-11-14"),
        ("2026-10-01", "2026-11-01", CivilLength(1, "month"), "2026-11-30"),
        ("2026-11-01", "2026-12-01", CivilLength(1, "month"), "2026-12-31"),
        ("2026-12-01", "2027-01-01", CivilLength(2, "month"), "2027-02-28"),
        ("2027-12-01", "2028-01-01", CivilLength(2, "month"), "2028-02-29"),
        ("2028-02-01", "2028-03-01", CivilLength(1, "year"), "2029-02-28"),
        ("2027-02-01", "2027-03-01", CivilLength(1, "year"), "2028-02-29"),
        # A billing cycle: the same day of the month, or the last one where it is missing.
        ("2026-01-15", "2026-02-15", CivilLength(1, "month"), "2026-03-14"),
        ("2025-12-31", "2026-01-31", CivilLength(1, "month"), "2026-02-28"),
        ("2025-12-30", "2026-01-30", CivilLength(1, "month"), "2026-02-28"),
        ("2026-02-28", "2026-03-31", CivilLength(1, "month"), "2026-04-30"),
        ("2026-01-31", "2026-02-28", CivilLength(1, "month"), "2026-03-27"),
    ],
)
def test_a_civil_length_counts_from_the_last_day_and_keeps_the_end_of_the_month(
    start: str, end: str, length: CivilLength, expected: str
) -> None:
    assert civil_after(period(start, end), length).isoformat() == expected


@pytest.mark.parametrize(
    ("cycle", "day", "expected"),
    [(Cycle("month"), "2026-10-01", "2026-12-31"), (Cycle("month", date(2026, 1, 31)), "2026-01-31", "2026-04-29")],
)
def test_periods_are_counted_in_their_own_cycle(cycle: Cycle, day: str, expected: str) -> None:
    found = civil_after(containing(cycle, date.fromisoformat(day)), CivilLength(2, "period"))
    assert found.isoformat() == expected


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(0, 100),
    st.sampled_from(("day", "week", "month", "quarter", "year")),
)
def test_more_months_never_lead_to_an_earlier_day_and_never_into_another_month(
    day: date, months: int, every: Any
) -> None:
    of = containing(Cycle(every, date(2020, 1, 31)), day)
    last = date.fromordinal(of.end.toordinal() - 1)
    found = civil_after(of, CivilLength(months, "month"))
    assert found >= last
    assert (found.year * 12 + found.month) - (last.year * 12 + last.month) == months
    assert found < civil_after(of, CivilLength(months + 1, "month"))


def test_working_days_are_never_taken_for_months() -> None:
    with pytest.raises(ValueError, match="need a calendar"):
        civil_after(OCTOBER, CivilLength(2, "working day"))
