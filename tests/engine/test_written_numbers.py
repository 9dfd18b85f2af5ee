"""Numbers as exports write them: grouped, with their unit, as a clock shows a length; two readings are refused."""

from __future__ import annotations

import pytest

from slacheck.engine import text_rules


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "value"),
    [
        (".", ",", "1,234", 123_400),
        (".", ",", "-12,345,678.9", -1_234_567_890),
        (".", ",", "1234.5", 123_450),
        (",", ".", "1.234.567,89", 123_456_789),
        (".", "'", "1'234'567", 123_456_700),
        (".", "'", "1\u2019234", 123_400),
        (",", " ", "1\u202f234,5", 123_450),
        (",", " ", "1\u00a0234 567", 123_456_700),
    ],
)
def test_declared_groups_are_read(decimal: str, thousands: str, text: str, value: int) -> None:
    assert text_rules.number(2, decimal, thousands=thousands).read(text) == (value,)


@pytest.mark.parametrize(
    "text",
    ["1,23", "12,34,567", "1234,567", "0,123", "1,234,", ",123", "1,,234", "1.234,567", "1,234e3x", "3,87,16,91"],
)
def test_groups_are_of_three_digits_or_there_are_none(text: str) -> None:
    assert text_rules.number(6, thousands=",").read(text) is None


@pytest.mark.parametrize(
    ("text", "decimal", "message", "help"),
    [
        (
            "1,234",
            ".",
            "'1,234' is 1234 or 1.234",
            'say which on the source: thousands: "," for 1234, decimal: "," for 1.234',
        ),
        (
            "-1.234",
            ",",
            "'-1.234' is -1234 or -1.234",
            'say which on the source: thousands: "." for -1234, decimal: "." for -1.234',
        ),
    ],
)
def test_a_number_with_two_readings_says_both(text: str, decimal: str, message: str, help: str) -> None:
    complaint = text_rules.number(6, decimal).complain(text)
    assert (complaint.code, complaint.message, complaint.help) == ("two-readings", message, help)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("1,234,567", 'write thousands: "," on the source'),
        ("1,234.5", 'write thousands: "," on the source'),
        ("1.234,5", 'write decimal: "," and thousands: "." on the source'),
        ("1,5", 'write decimal: "," on the source'),
        ("1 234", 'write thousands: " " on the source'),
        ("1\u202f234,5", 'write decimal: "," and thousands: " " on the source'),
        ("1'234", 'write thousands: "\'" on the source'),
        ("3,87,16,91,111", "its digits are not in groups of three: has a spreadsheet changed it? Export it again"),
        ("12 %", "write units: {WORD: '%'}"),
        ("250 ms", "write units: {WORD: ms}"),
        ("many", "numbers look like 1234.5; `thousands` and `units` on the source say what else they hold"),
    ],
)
def test_what_would_read_a_number_is_said(text: str, help: str) -> None:
    assert text_rules.number(6).complain(text).help == help


def test_a_count_has_one_reading_where_the_other_is_not_whole() -> None:
    complaint = text_rules.count().complain("1,234")
    assert (complaint.code, complaint.help) == ("bad-number", 'write thousands: "," on the source')


def test_a_unit_stands_behind_the_number_only_where_it_is_declared() -> None:
    rule = text_rules.number(2, unit="ms")
    texts = ["250 ms", "250ms", "250", "2.5\u00a0ms", "1e3 ms", "250 s", "250 m s", "ms"]
    assert [rule.read(text) for text in texts] == [
        (25_000,),
        (25_000,),
        (25_000,),
        (250,),
        (100_000,),
        None,
        None,
        None,
    ]
    assert rule.complain("2 s").message == "not in ms: '2 s'"
    assert text_rules.number(2, unit="%").read("99.95 %") == (9995,)
    assert text_rules.number(2, thousands=",", unit="s").read("1,234.5 s") == (123_450,)


@pytest.mark.parametrize(
    ("form", "text", "tenths"),
    [
        ("hours-minutes-seconds", "27:15:59.9", 981_599),
        ("hours-minutes-seconds", "1 day, 03:15:59,9", 981_599),
        ("hours-minutes-seconds", "1.03:15:59.9", 981_599),
        ("hours-minutes-seconds", "-0:00:01", -10),
        ("hours-minutes", "27:15", 981_000),
        ("hours-minutes", "1d 3:15", 981_000),
        ("minutes-seconds", "27:15", 16_350),
        ("iso-8601", "PT4H30M", 162_000),
        ("iso-8601", "P1DT2H", 936_000),
        ("iso-8601", "P1W", 6_048_000),
        ("iso-8601", "-PT0.5S", -5),
    ],
)
def test_a_length_as_a_clock_shows_it(form: str, text: str, tenths: int) -> None:
    assert text_rules.length(form, 9).read(text) == (tenths * 10**8,)


@pytest.mark.parametrize(
    ("form", "text", "help"),
    [
        ("hours-minutes-seconds", "27:15", "units: hours-minutes or minutes-seconds reads it"),
        ("hours-minutes", "PT4H", "units: iso-8601 reads it"),
        ("iso-8601", "P1M", "lengths look like PT4H30M or P1DT2H; years and months have no exact length"),
        ("iso-8601", "P", "lengths look like PT4H30M or P1DT2H; years and months have no exact length"),
        ("hours-minutes", "1 day 24:00", "lengths look like 27:15 or 1 day 03:15"),
    ],
)
def test_a_length_in_another_form_is_refused(form: str, text: str, help: str) -> None:
    assert text_rules.length(form, 9).read(text) is None
    assert text_rules.length(form, 9).complain(text).help == help


def test_marks_that_contradict_each_other_are_a_value_error() -> None:
    for decimal, thousands in ((",", ","), (".", "."), (".", ";")):
        with pytest.raises(ValueError, match="decimal mark"):
            text_rules.number(0, decimal, thousands=thousands)
    with pytest.raises(ValueError, match="no form"):
        text_rules.length("fortnights", 0)
