"""Numbers of an agreement are read exactly, and a comparison holds as its text says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.quantities import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    CivilLength,
    Comparison,
    Quantity,
    Unreadable,
    as_percentages,
    length,
)

DECIMALS = st.decimals(min_value=0, max_value=1000, places=3)
OPERATORS = st.sampled_from((">=", "<=", ">", "<", "="))


def naive(measured: Decimal, text: str) -> bool:
    """Whether ``measured`` satisfies the plain numbers of ``text``, worked out on decimals."""
    for side in text.split(","):
        sign = side.strip().rstrip("0123456789.").strip()
        value = Decimal(side.strip()[len(sign) :].strip())
        answers = {
            ">=": measured >= value,
            "<=": measured <= value,
            ">": measured > value,
            "<": measured < value,
            "=": measured == value,
        }
        if not answers[sign]:
            return False
    return True


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("99.9%", "share", Fraction(999, 1000)),
        ("99.9 %", "share", Fraction(999, 1000)),
        ("0.1%", "share", Fraction(1, 1000)),
        ("4.2", "number", Fraction(21, 5)),
        ("-3", "number", Fraction(-3)),
        ("7m29s", "length", Fraction(449 * SECOND)),
        ("0.5d", "length", Fraction(12 * HOUR)),
        ("100ms", "length", Fraction(SECOND, 10)),
    ],
)
def test_a_value_is_read_exactly_with_its_kind(text: str, kind: str, value: Fraction) -> None:
    found = Quantity.read(text)
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "text", ["", "%", "1e3", "1_000", "1,000", "99,9%", ".5", "5.", "5 m", "5M", "٣", "--1", "9" * 5000]
)
def test_what_is_no_value_is_refused_in_words(text: str) -> None:
    with pytest.raises(Unreadable, match="not a value"):
        Quantity.read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90 * SECOND), ("5m", 5 * MINUTE), ("2d", 48 * HOUR), ("1h30m", 90 * MINUTE), ("0.001ms", 1), ("0s", 0)],
)
def test_letters_are_exact_time(text: str, expected: int) -> None:
    assert length(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("0.0001ms", "'0.0001ms' is finer than a microsecond", "the finest length is 0.001ms"),
        ("2 days", "'2 days' is a civil length; an exact length is wanted here", "write letters, such as 2d"),
        ("99999999999d", "'99999999999d' is longer than a hundred years", "write a shorter length"),
        ("soon", "not a length of time: 'soon'", "lengths look like 90s, 5m, 4h, 7m29s or 2d"),
    ],
)
def test_a_length_that_cannot_be_meant_says_what_to_write(text: str, message: str, help: str) -> None:
    with pytest.raises(Unreadable) as refused:
        length(text)
    assert (str(refused.value), refused.value.help) == (message, help)


@pytest.mark.parametrize("text", ["30 days", "1 day", "2 working days", "12 months", "1 year", "2 periods", "3 weeks"])
def test_a_civil_length_is_written_back_as_it_was_read(text: str) -> None:
    assert str(CivilLength.read(text)) == text


@pytest.mark.parametrize(
    "text", ["101 years", "9999999 days", "9" * 5000 + " days", "1300 months", "40000 working days"]
)
def test_a_civil_length_beyond_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="longer than a hundred years"):
        CivilLength.read(text)


@pytest.mark.parametrize("text", ["30d", "days", "-1 days", "1.5 days", "30days"])
def test_what_is_no_civil_length_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="not a civil length"):
        CivilLength.read(text)


@given(OPERATORS, DECIMALS, DECIMALS)
def test_one_sided_comparisons_hold_as_their_text_says(operator: str, value: Decimal, measured: Decimal) -> None:
    text = f"{operator} {value}"
    compared = Comparison.read(text)
    for each in (measured, value):
        assert compared.holds(Fraction(each)) is naive(each, text)


@given(st.sampled_from((">=", ">")), DECIMALS, st.sampled_from(("<=", "<")), DECIMALS, DECIMALS, st.booleans())
def test_two_sided_comparisons_hold_as_their_text_says_or_are_refused_as_impossible(
    floor: str, low: Decimal, ceiling: str, high: Decimal, measured: Decimal, turned: bool
) -> None:
    sides = [f"{floor}{low}", f"{ceiling} {high}"]
    text = ", ".join(reversed(sides) if turned else sides)
    possible = low < high or (low == high and (floor, ceiling) == (">=", "<="))
    if not possible:
        with pytest.raises(Unreadable, match="nothing can satisfy"):
            Comparison.read(text)
        return
    compared = Comparison.read(text)
    for each in (measured, low, high):
        assert compared.holds(Fraction(each)) is naive(each, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">= 99.9%", True),
        ("> 99.9%", True),
        ("<= 5m", False),
        ("< 5m", False),
        ("= 100%", None),
        (">= 98%, < 99%", None),
    ],
)
def test_a_floor_is_missed_by_lower_values_and_a_ceiling_by_higher_ones(text: str, expected: bool | None) -> None:
    assert Comparison.read(text).lower_is_worse is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("99.9%", "not a comparison: '99.9%'"),
        ("=> 99.9%", "not a value: '> 99.9%'"),
        ("!= 5", "not a comparison: '!= 5'"),
        (">= 5, >= 7", "both sides of '>= 5, >= 7' bound it in the same way"),
        ("= 5, = 5", "both sides of '= 5, = 5' bound it in the same way"),
        (">= 98%, < 99", "'>= 98%, < 99' mixes units"),
        ("> 1, < 2, < 3", "'> 1, < 2, < 3' compares more than twice"),
        ("<= 2 weeks", "not a value: '2 weeks'"),
        ("", "not a comparison: ''"),
    ],
)
def test_a_comparison_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        Comparison.read(text)
    assert str(refused.value) == message


def test_plain_numbers_are_shown_as_the_percentages_that_were_meant() -> None:
    assert as_percentages(">= 98, < 99") == ">= 98%, < 99%"
    assert Comparison.read(as_percentages(">= 99.9")).bounds == Comparison.read(">= 99.9%").bounds


def test_a_day_in_letters_is_24_hours() -> None:
    assert length("1d") == DAY == 24 * HOUR
