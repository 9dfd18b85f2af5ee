"""Numbers as people read them: never on the other side of a target, never rounder than they are."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison, Kind
from slacheck.reports.figures import Figures

SHARES = st.fractions(0, 1)
FIGURES = Figures()
LONDON = ZoneInfo("Europe/London")
NEAR = Fraction(1, 10**25)


def one(value: Fraction | str, unit: Kind = "share", *targets: str) -> str:
    exact = Fraction(value)
    return FIGURES.span(exact, exact, unit, [Comparison.read(target) for target in targets])


def read(text: str) -> Fraction:
    """What a reader takes a share for; next to nothing is as good as a hair's breadth."""
    if hair := re.fullmatch(r"just (under|over) ([\d.]+)%", text):
        return Fraction(hair[2]) / 100 + (-NEAR if hair[1] == "under" else NEAR)
    return Fraction(text.removesuffix("%").replace(",", "")) / 100


@st.composite
def measured(draw: st.DrawFn) -> tuple[Fraction, Comparison]:
    """A share and a target, often closer to one another than any number of digits tells."""
    edge = draw(st.integers(0, 100_000))
    operator = draw(st.sampled_from([">=", ">", "<=", "<", "="]))
    target = Comparison.read(f"{operator} {Decimal(edge) / 1000}%")
    away = draw(st.sampled_from([Fraction(0), *(Fraction(1, 10**places) for places in range(3, 30))]))
    close = target.bounds[0].value + draw(st.sampled_from([-1, 1])) * away * draw(st.fractions(0, 1))
    return min(max(draw(st.sampled_from([close, draw(SHARES)])), Fraction(0)), Fraction(1)), target


@given(measured())
@example((Fraction("0.99899999999999999999999999999"), Comparison.read(">= 99.9%")))
@example((Fraction("0.9989999"), Comparison.read(">= 99.9%")))
@example((Fraction("0.99900001"), Comparison.read("<= 99.9%")))
def test_the_share_shown_meets_the_target_exactly_when_the_value_does(case: tuple[Fraction, Comparison]) -> None:
    value, target = case
    assert target.holds(read(FIGURES.span(value, value, "share", [target]))) == target.holds(value)


@given(measured())
def test_only_exactly_everything_is_100_percent_and_only_nothing_is_0(case: tuple[Fraction, Comparison]) -> None:
    value, target = case
    shown = read(FIGURES.span(value, value, "share", [target]))
    assert (shown == 1) == (value == 1)
    assert (shown == 0) == (value == 0)


@given(measured(), SHARES)
def test_both_ends_of_a_range_compare_as_the_values_do(case: tuple[Fraction, Comparison], other: Fraction) -> None:
    value, target = case
    text = FIGURES.span(value, other, "share", [target])
    low, _, high = text.partition("..")
    for shown, exact in zip((low, high or low), sorted((value, other)), strict=True):
        assert target.holds(read(shown)) == target.holds(exact)


@given(SHARES, SHARES)
def test_a_range_runs_upwards(one: Fraction, other: Fraction) -> None:
    low, _, high = FIGURES.span(one, other, "share").partition("..")
    assert not high or read(low) < read(high)


@given(SHARES)
def test_a_share_has_at_least_three_decimals_unless_it_is_all_or_nothing(value: Fraction) -> None:
    assert value in (0, 1) or re.fullmatch(r"\d+\.\d{3,20}%|just .*", one(value))


@given(st.integers(-(10**16), 10**16))
def test_a_length_shown_is_the_length(microseconds: int) -> None:
    text = FIGURES.duration(microseconds)
    hours, minutes, seconds = text.removeprefix("-").split(":")
    size = (int(hours) * 3600 + int(minutes) * 60) * 10**6 + Fraction(seconds) * 10**6
    assert (-size if text.startswith("-") else size) == microseconds


@pytest.mark.parametrize(
    ("value", "unit", "targets", "text"),
    [
        ("0.99522", "share", [">= 99.9%"], "99.522%"),
        ("0.9999999", "share", [], "99.99999%"),
        ("1", "share", [], "100%"),
        ("0", "share", [], "0%"),
        ("0.9990004", "share", [">= 99.9%"], "99.900%"),
        ("0.9990004", "share", ["> 99.9%"], "99.90004%"),
        ("0.9989996", "share", [">= 99.9%"], "99.89996%"),
        ("0.9989996", "share", [], "99.900%"),
        ("0.99899999999999999999999", "share", [">= 99.9%"], "just under 99.9%"),
        ("4.05", "number", [">= 4.2"], "4.05"),
        ("1234567.5", "number", [], "1,234,567.5"),
        ("22/7", "number", [], "3.143"),
        ("-0.00001", "number", [], "-0.00001"),
        ("90000000", "length", [], "0:01:30"),
        ("-7543800000", "length", [], "-2:05:43.8"),
        ("268200000000", "length", [], "74:30:00"),
        ("1", "days", [], "1 day"),
        ("2", "working-days", ["<= 2 working days"], "2 working days"),
        ("2.5", "days", [], "2.5 days"),
        ("2.0001", "working-days", ["<= 2 working days"], "2.0001 working days"),
        ("20000001/10000000", "days", ["<= 2 days"], "2.0000001 days"),
        ("200000000000000000000001/100000000000000000000000", "days", ["<= 2 days"], "just over 2 days"),
        ("1000000/3", "length", [], "0:00:00.333"),
        ("1/3", "length", [], "0:00:00.0000003"),
    ],
)
def test_numbers_read_like_this(value: str, unit: Kind, targets: list[str], text: str) -> None:
    assert one(value, unit, *targets) == text


@pytest.mark.parametrize(
    ("best", "worst", "margin_in", "unit", "text"),
    [
        ("-5280000000", "-5280000000", "time", "share", "-1:28:00"),
        ("2640000000", "-3600000000", "time", "share", "-1:00:00..0:44:00"),
        ("2.9", "2.1", "requests", "share", "2 requests"),
        ("1.5", "1.5", "requests", "share", "1 request"),
        ("0.5", "-0.5", "requests", "share", "-1..0 requests"),
        ("-1.1", "-3.1", "cases", "share", "-4..-2 cases"),
        ("1.9", "1.9", "cases", "share", "1 case"),
        ("-0.01", "-0.01", "cases", "share", "-1 case"),
        ("-1", "-1", "days", "working-days", "-1 working day"),
        ("2", "-3", "days", "days", "-3..2 days"),
        ("0.5", "0.5", "days", "share", "0.5 days"),
        ("-0.15", "-0.15", "value", "number", "-0.15"),
        ("-0.00378", "-0.00378", "value", "share", "-0.378 points"),
    ],
)
def test_margins_read_like_this(best: str, worst: str, margin_in: str, unit: Kind, text: str) -> None:
    assert FIGURES.margin(Fraction(best), Fraction(worst), margin_in, unit) == text


def test_requests_are_rounded_toward_the_breach() -> None:
    assert FIGURES.margin(Fraction(-1, 1000), Fraction(-1, 1000), "requests", "share") == "-1 request"
    assert FIGURES.margin(Fraction(999, 1000), Fraction(999, 1000), "requests", "share") == "0 requests"


@pytest.mark.parametrize(
    ("amount", "currency", "text", "plain"),
    [
        ("1200.00", "GBP", "£1,200.00", "GBP 1,200.00"),
        ("-0.50", "EUR", "-€0.50", "-EUR 0.50"),
        ("1200", "JPY", "¥1,200", "JPY 1,200"),
        ("1.234", "KWD", "KWD 1.234", "KWD 1.234"),
        ("5", "USD", "$5.00", "$5.00"),
        ("123456789012345678901234567890.12", "CHF", *["CHF 123,456,789,012,345,678,901,234,567,890.12"] * 2),
    ],
)
def test_money_reads_like_this(amount: str, currency: str, text: str, plain: str) -> None:
    assert FIGURES.money(amount, currency) == text
    assert Figures(ascii=True).money(amount, currency) == plain


def test_amounts_inside_a_step_are_money_and_everything_else_stays() -> None:
    step = "sum of 3 lines: 0.00 to 1600.00 GBP, 10% of GBPs 5"
    assert FIGURES.with_money(step, "GBP") == "sum of 3 lines: £0.00 to £1,600.00, 10% of GBPs 5"
    assert FIGURES.money_span("0.00", "600.00", "GBP") == "£0.00..£600.00"


def test_instants_are_on_the_local_clock_and_the_hour_that_happens_twice_is_told_apart() -> None:
    assert FIGURES.moment("2026-10-13T14:02:00Z", LONDON, 2026) == "Tue 13 Oct 15:02"
    assert FIGURES.moment("2026-10-13T14:02:03.25Z", LONDON) == "Tue 13 Oct 2026 15:02:03.25"
    assert FIGURES.moment("2026-10-25T00:30:00Z", LONDON, 2026) == "Sun 25 Oct 01:30+01:00"
    assert FIGURES.moment("2026-10-25T01:30:00Z", LONDON, 2026) == "Sun 25 Oct 01:30+00:00"
    assert FIGURES.moment("2025-12-31T23:00:00Z", LONDON, 2026) == "Wed 31 Dec 2025 23:00"


def test_a_civil_day_is_named_and_counted() -> None:
    assert FIGURES.weekday("2026-12-25", 2026) == "Fri 25 Dec"
    assert FIGURES.weekday("2027-01-01", 2026) == "Fri 1 Jan 2027"
    assert [FIGURES.ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th",
    ]  # fmt: skip


@given(st.fractions(0, 9), st.integers(0, 9), st.sampled_from(["<=", "<", ">=", ">"]))
def test_days_shown_meet_the_target_exactly_when_the_value_does(value: Fraction, days: int, operator: str) -> None:
    target = Comparison.read(f"{operator} {days} days")
    found = FIGURES.span(value, value, "days", [target])
    hair = {"just under": -NEAR, "just over": NEAR}.get(" ".join(found.split()[:2]), Fraction(0))
    number = Fraction(found.split()[2 if hair else 0])
    assert target.holds(number + hair) == target.holds(value)


def test_a_period_says_how_long_it_is_and_when_the_clocks_changed() -> None:
    assert FIGURES.length_of_period("2026-09-30T23:00:00Z", "2026-11-01T00:00:00Z") == "745 h"
    assert FIGURES.length_of_period("2025-12-31T00:00:00Z", "2026-12-31T00:30:00Z") == "8760:30:00"
    year = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
    assert FIGURES.clock_changes(*year, LONDON) == ["forward 1 h on 29 Mar 2026", "back 1 h on 25 Oct 2026"]
    assert FIGURES.clock_changes(*year, ZoneInfo("UTC")) == []
    howe = FIGURES.clock_changes(*year, ZoneInfo("Australia/Lord_Howe"))
    assert howe == ["back 30 min on 5 Apr 2026", "forward 30 min on 4 Oct 2026"]


def test_a_locale_is_not_changed_by_one_that_was_used_before() -> None:
    """Babel's own data of German names its months alone in Japanese once those of Japanese were looked up."""
    names = {"ja": "11月 2026", "de": "November 2026", "cs": "listopad 2026", "fr": "novembre 2026"}
    for locale, name in [*names.items(), *reversed(names.items())]:
        assert Figures(locale=locale).period("2026-11", "November 2026") == name
