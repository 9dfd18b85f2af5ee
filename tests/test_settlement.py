"""What all lines cost together, when there is nothing to settle, and the last day on which it can be claimed."""

from __future__ import annotations

from datetime import date
from decimal import localcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.calendars.calendar import Calendar
from slacheck.calendars.resolving import Calendars
from slacheck.language.quantities import CivilLength
from slacheck.settlement import civil_after
from slacheck.timeline.periods import Cycle, Period, containing
from slacheck.verdicts import Judgement
from tests.settlement.hand import Contract, Value, amounts, credit_of, sure, texts, total, total_of

OCTOBER = containing(Cycle("month"), date(2026, 10, 1))
UTC = ZoneInfo("UTC")
NONE = Calendars({}, UTC, Path())
BANDS = {"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%", "< 99.0%": "25%", "< 95.0%": "100%"}}
LEVELS: dict[str, Any] = {
    "up": {"target": ">= 99.9%", "credit": BANDS | {"cap": "20% of monthly"}, "clause": "4.1"},
    "answer": {"target": "<= 5", "credit": {"kind": "per-unit", "each": "1", "counting": "full", "pays": "100.00"}},
}


def test_a_line_is_exact_then_rounded_then_capped_and_all_lines_are_summed_and_capped() -> None:
    level = Contract(LEVELS, fees={"monthly": "1000.07"}, settlement={"cap": "25% of monthly", "clause": "9"})
    found = level.settle("2026-10-01", Value("up", "0.98"), Value("answer", 7))
    # 25 % of 1,000.07 are 250.0175, 250.02 rounded; at most 200.014, 200.01 for the line, 250.01 for all.
    assert sure(found) == ["200.01", "200.00"]
    assert texts(found) == [
        "band < 99.0%", "monthly 1,000.07", "25% of monthly", "rounded half-up to 250.02",
        "monthly 1,000.07", "cap 20% of monthly",
    ]  # fmt: skip
    credit = credit_of(found.lines[0])
    assert (credit.least.exact, credit.at_cap) == ("100007/400", True)
    assert {step.clause for step in credit.least.steps} == {"4.1"}
    assert total(found) == ("250.01", "250.01")
    assert [(step.kind, step.exact, step.clause) for step in total_of(found).steps_most] == [
        ("combined", "40001/100", "9"), ("fee", "100007/100", "9"), ("cap", "25001/100", "9"),
    ]  # fmt: skip


def test_there_is_no_money_without_a_currency_or_a_credit() -> None:
    free = Contract(LEVELS, currency=None)
    found = free.settle("2026-10-01", Value("up", "0.98"))
    assert (found.total, found.lines[0].credit) == (None, None)
    unpaid = Contract({"up": {"target": ">= 99.9%"}}).settle("2026-10-01", Value("up", "0.98"))
    assert (unpaid.total, unpaid.lines[0].credit) == (None, None)


def test_what_does_not_apply_costs_nothing_and_what_was_never_delivered_anything() -> None:
    idle = Judgement("not-applicable", None, None, "no requests")
    found = Contract(LEVELS).settle("2026-10-01", Value("up", None, judgement=idle), Value("answer", None))
    assert amounts(found) == [("0.00", "0.00"), ("0.00", None)]
    assert credit_of(found.lines[1]).open_because == "no value was delivered"
    assert total(found) == ("0.00", None)
    assert amounts(Contract(LEVELS).settle("2026-10-01", Value("up", None))) == [("0.00", "2400.00")]


def test_there_is_nothing_to_claim_where_nothing_can_be_owed() -> None:
    level = Contract(LEVELS, settlement={"claim": {"within": "30 days", "after": "period-end"}})
    found = level.settle("2026-10-01", Value("up", "1", "0.99"), Value("answer", 5))
    assert [credit_of(line).claim_by for line in found.lines] == ["2026-11-30", None]
    assert total_of(found).claim_by == "2026-11-30"
    assert total_of(level.settle("2026-10-01", Value("up", "1"), Value("answer", 5))).claim_by is None


def test_a_payment_that_comes_by_itself_has_a_last_day() -> None:
    pay = {"how": "automatic", "within": "30 days"}
    level = Contract(LEVELS, settlement={"pay": pay})
    assert total_of(level.settle("2026-10-01", Value("answer", 6))).pay_by == "2026-11-30"
    assert total_of(level.settle("2026-11-01", Value("answer", 5))).pay_by is None


def test_the_decimal_context_of_the_program_around_changes_no_total() -> None:
    with localcontext() as context:
        context.prec = 3
        found = Contract(LEVELS, fees={"monthly": "12345.67"}).settle(
            "2026-10-01", Value("up", "0.998"), Value("answer", 6)
        )
    assert total(found) == ("1334.57", "1334.57")


def test_working_days_are_those_of_their_calendar() -> None:
    """Two working days after Saturday 31 October: Monday and Tuesday."""
    office = Calendars({"office": Calendar.model_validate({"hours": {"mon-fri": "09:00-17:00"}})}, UTC, Path())
    assert civil_after(OCTOBER, CivilLength(2, "working day"), office, "office") == date(2026, 11, 3)
    assert civil_after(OCTOBER, CivilLength(20, "working day"), office, "office") == date(2026, 11, 27)


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
    assert civil_after(period(start, end), length, NONE, None).isoformat() == expected


@pytest.mark.parametrize(
    ("cycle", "day", "expected"),
    [(Cycle("month"), "2026-10-01", "2026-12-31"), (Cycle("month", date(2026, 1, 31)), "2026-01-31", "2026-04-29")],
)
def test_periods_are_counted_in_their_own_cycle(cycle: Cycle, day: str, expected: str) -> None:
    found = civil_after(containing(cycle, date.fromisoformat(day)), CivilLength(2, "period"), NONE, None)
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
    found = civil_after(of, CivilLength(months, "month"), NONE, None)
    assert found >= last
    assert (found.year * 12 + found.month) - (last.year * 12 + last.month) == months
    assert found < civil_after(of, CivilLength(months + 1, "month"), NONE, None)


def test_working_days_are_never_taken_for_months() -> None:
    with pytest.raises(ValueError, match="need a calendar"):
        civil_after(OCTOBER, CivilLength(2, "working day"), NONE, None)
