"""What counts as a time, a number or a word; the SQL and the Python of a rule give the same for every text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine import text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import BLANKS, QuickRule, TextRule

DAY = 86_400_000_000
NEW_YEAR = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
PATTERNS = (
    "%d.%m.%Y %H:%M",
    "%d/%b/%Y:%H:%M:%S %z",
    "%m/%d/%y %I:%M:%S.%f %p",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%A, %d %B %Y",
    "%Y-%j",
    "%G-W%V-%u %H:%M",
    "it's [%Y]-(%m)|%d 100%% \\",
)
RULES: dict[str, TextRule] = {
    "iso": text_rules.instant(),
    **{unit: text_rules.instant(unit) for unit in text_rules.EPOCHS},
    "since": text_rules.seconds_since(NEW_YEAR),
    **{pattern: text_rules.instant(pattern) for pattern in PATTERNS},
    "whole": text_rules.number(0),
    "number": text_rules.number(6),
    "fine": text_rules.number(9),
    "comma": text_rules.number(3, ","),
    "commas": text_rules.number(18, thousands=",", wide=True),
    "points": text_rules.number(2, ",", thousands="."),
    "quotes": text_rules.number(6, thousands="'", unit="ms"),
    "blanks": text_rules.number(18, ",", thousands=" ", unit="%", wide=True),
    "with-unit": text_rules.number(6, unit="s"),
    "wide": text_rules.number(18, wide=True),
    "count": text_rules.count(),
    "counts": text_rules.count(thousands=","),
    **{form: text_rules.length(form, 18) for form in text_rules.LENGTHS},
    "text": text_rules.text(),
    "among": text_rules.among(("up", "it's", " down", "")),
}


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def by_sql(scratch: Scratch, rule: TextRule, texts: list[str]) -> list[tuple[int | str, ...] | None]:
    values = rule.values("t")
    named = ", ".join(f"{value} AS v{i}" for i, value in enumerate(values))
    kept = ", ".join(f"v{i}" for i in range(len(values)))
    rows = scratch.door.fetch(
        f"SELECT coalesce({rule.accepted('v0')}, false), {kept}"
        f" FROM (SELECT n, {named} FROM (SELECT unnest(?::VARCHAR[]) AS t, generate_subscripts(?, 1) AS n)) ORDER BY n",
        [texts, texts],
    )
    return [tuple(row[1:]) if row[0] else None for row in rows]


@pytest.mark.parametrize(
    ("text", "moment", "kind"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR, 0),
        ("2026-01-01T00:00:00z", NEW_YEAR, 0),
        ("2026-01-01 02:00+02", NEW_YEAR, 0),
        ("2026-01-01T02:00:00.000000+0200", NEW_YEAR, 0),
        ("2025-12-31T22:30:00-01:30", NEW_YEAR, 0),
        ("2025-12-31T24:00Z", NEW_YEAR, 0),
        ("2025-12-31 24:00:00.000", NEW_YEAR, 1),
        ("2026-01-01 00:00", NEW_YEAR, 1),
        ("2026-01-01T00:00:00.123456789", NEW_YEAR + 123_456, 1),
        ("1969-12-31T23:59:59.9999999Z", -1, 0),
        ("2026-01-01", NEW_YEAR, 2),
        ("2026-01", NEW_YEAR, 2),
    ],
)
def test_a_time_is_iso_8601_with_its_kind(scratch: Scratch, text: str, moment: int, kind: int) -> None:
    rule = text_rules.instant()
    assert rule.read(text) == (moment, kind)
    assert by_sql(scratch, rule, [text]) == [(moment, kind)]


NO_TIMES = [
    "03:17.4", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "2026/01/01", "2026-01-01T", "2026-01-01T1:00",
    "2026-01-01T24:01", "2026-01-01T24:00:00.5", "2026-01-01T24:00:00.0000001", "2026-01-01T25:00", "2026-01-01T00:60",
    "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890", "2026-01-01Z",
    "2026-01-01 00:00 +02:00", "2026-01-01T00:00+24:00", "2026-01-01T00:00+02:60", "2026-01-01T00:00+2", "0026-01-01",
    "2026-01-01T00:00+02:", "2026-01-01t00:00", "infinity", "now", "today", "epoch", "2026-01-01 (BC)", "20260101",
    "2026-01-01 00:00 Europe/Berlin", "2026-01-01 ", "٢٠٢٦-01-01", "10000-01-01", "9999-12-31T24:00Z", "-2026-01-01",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_refused_however_generous_a_cast_would_be(scratch: Scratch, text: str) -> None:
    rule = text_rules.instant()
    assert rule.read(text) is None
    assert by_sql(scratch, rule, [text]) == [None]
    assert rule.complain(text).message == f"not a time: '{text}'"


def test_a_time_without_its_date_is_never_minutes() -> None:
    complaint = text_rules.instant().complain("03:17.4")
    assert (complaint.code, "spreadsheet" in complaint.help) == ("bad-time", True)


@pytest.mark.parametrize(
    ("unit", "text", "moment"),
    [
        ("epoch-seconds", "1664376185.491", 1_664_376_185_491_000),
        ("epoch-seconds", "4042.0", 4_042_000_000),
        ("epoch-seconds", "-0.0000001", -1),
        ("epoch-seconds", "0.9999999999999999999", 999_999),
        ("epoch-seconds", "1.664376185491e9", 1_664_376_185_491_000),
        ("epoch-milliseconds", "1664376185491.9999", 1_664_376_185_491_999),
        ("epoch-microseconds", "-1.5", -2),
        ("epoch-nanoseconds", "-1", -1),
        ("epoch-nanoseconds", "1664376185491000999", 1_664_376_185_491_000),
    ],
)
def test_epochs_are_exact_and_floored_below_a_microsecond(scratch: Scratch, unit: str, text: str, moment: int) -> None:
    rule = text_rules.instant(unit)
    assert rule.read(text) == (moment, 0)
    assert by_sql(scratch, rule, [text]) == [(moment, 0)]


def test_milliseconds_declared_as_seconds_are_no_time(scratch: Scratch) -> None:
    rule = text_rules.instant("epoch-seconds")
    assert by_sql(scratch, rule, ["1664376185491"]) == [rule.read("1664376185491")] == [None]
    assert "check the unit" in rule.complain("1664376185491").help


@pytest.mark.parametrize("text", [f"-{2**63}.5", str(2**63), f"{2**63 - 1}.9", "-1e300", "1e999"])
@pytest.mark.parametrize("name", [*text_rules.EPOCHS, "since"])
def test_numbers_at_the_edge_of_64_bits_are_no_time_and_no_crash(scratch: Scratch, name: str, text: str) -> None:
    rule = RULES[name]
    expected = rule.read(text)
    assert by_sql(scratch, rule, [text]) == [expected]
    assert expected is None or name == "epoch-nanoseconds"


def test_seconds_count_from_a_declared_instant(scratch: Scratch) -> None:
    rule = text_rules.seconds_since(NEW_YEAR)
    assert by_sql(scratch, rule, ["86400.25", "x"]) == [(NEW_YEAR + DAY + 250_000, 0), None]
    assert rule.read("86400.25") == (NEW_YEAR + DAY + 250_000, 0)


@pytest.mark.parametrize(
    ("pattern", "text", "result"),
    [
        ("%d.%m.%Y %H:%M", "01.01.2026 00:05", (NEW_YEAR + 300_000_000, 1)),
        ("%d.%m.%Y %H:%M", "1.1.2026 0:05", (NEW_YEAR + 300_000_000, 1)),
        ("%d.%m.%Y %H:%M", "01.01.2026 24:00", None),
        ("%d.%m.%Y %H:%M", "31.02.2026 00:00", None),
        ("%d.%m.%Y", "01.01.2026", (NEW_YEAR, 2)),
        ("%d/%b/%Y:%H:%M:%S %z", "01/jan/2026:01:00:00 +0100", (NEW_YEAR, 0)),
        ("%m/%d/%y %I:%M:%S.%f %p", "01/01/26 12:00:00.5 am", (NEW_YEAR + 500_000, 1)),
        ("%Y%m%d%H%M%S", "20260101000001", (NEW_YEAR + 1_000_000, 1)),
        ("%Y%m%d%H%M%S", "2026110000001", None),
        ("it's [%Y]-(%m)|%d 100%% \\", "it's [2026]-(01)|01 100% \\", (NEW_YEAR, 2)),
        ("%d.%m.%Y %H:%M", "01.01.2026 00:05 ", None),
    ],
)
def test_a_pattern_is_read_strictly(scratch: Scratch, pattern: str, text: str, result: tuple[int, int] | None) -> None:
    rule = text_rules.instant(pattern)
    assert rule.read(text) == result
    assert by_sql(scratch, rule, [text]) == [result]


@pytest.mark.parametrize(
    "form",
    [
        "iso",
        "epoch",
        "%Y-%m-%j",
        "%G-W%V",
        "%H:%M",
        "%Y-%m-%d %I:%M",
        "%Y-%Y-%m-%d",
        "%Y-%m-%d %",
        "%y %Y-%m-%d",
        "%Y-%m-%d %M",
    ],
)
def test_a_form_that_cannot_be_meant_is_a_value_error(form: str) -> None:
    with pytest.raises(ValueError, match=r"time format|directive|does not say|needs|leaves out"):
        text_rules.instant(form)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5", 1_500_000), ("-0.000001", -1), ("+7", 7_000_000), ("1.5000000000", 1_500_000), ("25e-1", 2_500_000),
     ("1E3", 1_000_000_000), ("007", 7_000_000), ("9223372036854.775807", 2**63 - 1)],
)  # fmt: skip
def test_a_number_is_an_integer_at_its_scale(scratch: Scratch, text: str, value: int) -> None:
    rule = text_rules.number(6)
    assert rule.read(text) == (value,)
    assert by_sql(scratch, rule, [text]) == [(value,)]


@pytest.mark.parametrize(
    "text", ["1.0000001", "1e-7", "9223372036854.775808", "1_000", "1,5", ".5", "5.", "0x10", "nan", "inf", "1 000",
             "99%", "--1", "1e", "1e1000", "١", "- 1", "1.2.3", "true"],
)  # fmt: skip
def test_a_number_is_never_rounded_and_never_guessed(scratch: Scratch, text: str) -> None:
    rule = text_rules.number(6)
    assert rule.read(text) is None
    assert by_sql(scratch, rule, [text]) == [None]
    assert rule.complain(text).code == "bad-number"


def test_why_a_number_is_bad_is_said() -> None:
    assert text_rules.number(2).complain("1.234").message == "too many decimal places: '1.234'"
    assert text_rules.number(2).complain("1e99").message == "too large: '1e99'"
    assert text_rules.number(2).complain("1,5").help == 'write decimal: "," on the source'
    assert text_rules.count().complain("12.5").message == "not a whole number: '12.5'"
    assert text_rules.count().complain("-3").message == "not a count: '-3' is negative"
    assert text_rules.count().complain("many").message == "not a number: 'many'"


def test_a_count_is_whole_and_not_negative(scratch: Scratch) -> None:
    texts = ["12", "12.0", "1.2e1", "-0", "12.5", "-1", ""]
    wanted = [(12,), (12,), (12,), (0,), None, None, None]
    assert by_sql(scratch, text_rules.count(), texts) == wanted
    assert [text_rules.count().read(text) for text in texts] == wanted


def test_a_declared_comma_refuses_the_point(scratch: Scratch) -> None:
    rule, texts = text_rules.number(3, ","), ["1,5", "1.5", "1.000,5", "7"]
    assert by_sql(scratch, rule, texts) == [(1500,), None, None, (7000,)]
    assert [rule.read(text) for text in texts] == [(1500,), None, None, (7000,)]


def test_a_scale_or_mark_that_does_not_exist_is_a_value_error() -> None:
    for scale, mark in ((19, "."), (-1, "."), (0, ";")):
        with pytest.raises(ValueError, match=r"decimal mark|a scale"):
            text_rules.number(scale, mark)


_TIMES = st.builds(
    "{:04}-{:02}-{:02}{}{:02}:{:02}{}{}".format,
    st.integers(998, 10_001), st.integers(0, 13), st.integers(0, 32), st.sampled_from("T t_"),
    st.integers(0, 25), st.integers(0, 61),
    st.sampled_from(["", ":00", ":59", ":60", ":1", ":00.0", ":00.000000001", ":30.9999999", ":00.1234567891", "."]),
    st.sampled_from(["", "Z", "z", "+02", "-0230", "+14:00", "+23:59", "+24", " +02", "+2", "-00:00", "Z ", "+02:"]),
)  # fmt: skip
_NUMBERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+", " ", "--"]),
    st.one_of(st.integers(0, 10**20).map(str), st.sampled_from(["", "0", "007", str(2**63 - 1), str(2**63)])),
    st.sampled_from(["", ".", ",5", ".0", ".5", ".000001", ".0000001", ".123456789", ".99999999999999999999", ".50"]),
    st.sampled_from(["", "e", "e3", "E-3", "e+9", "e-25", "e20", "e999", "e-999", "e1000", "f"]),
)  # fmt: skip
_GROUPED = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+"]),
    st.lists(st.sampled_from(["1", "12", "123", "000", "012", "1234"]), min_size=1, max_size=5).flatmap(
        lambda groups: st.sampled_from([mark.join(groups) for mark in ",.' \u00a0\u202f\u2009\u2019"])
    ),
    st.sampled_from(["", ".5", ",25", ".000", ",1234567", "e3"]),
    st.sampled_from(["", "", "ms", " ms", "%", " %", "\u00a0%", "s", " m s", "\tms"]),
)
_LENGTHS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+"]),
    st.sampled_from(["", "1 day ", "2 days, ", "1d ", "3.", "P1DT", "PT", "P1W", "P2D", "P", "P1Y", "0d "]),
    st.sampled_from(["4:30", "04:30:00", "27:15:59", "23:59:59.25", "4H30M", "90M", "1.5S", "1:2:3", "24:60", "T"]),
    st.sampled_from(["", "", ".5", "S", ".123456789", ".1234567890", ",5"]),
)
_WRITTEN = st.builds(
    lambda moment, pattern, cut: moment.strftime(pattern)[: None if cut == 0 else -cut],
    st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(PATTERNS),
    st.sampled_from([0, 0, 0, 1, 3]),
)
_NEAR = st.text("0123456789-+:.TZ eE,/'%", max_size=26)
_ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


TEXTS = st.one_of(_TIMES, _NUMBERS, _GROUPED, _LENGTHS, _WRITTEN, _NEAR, _ANY)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
@pytest.mark.parametrize("name", list(RULES))
def test_the_sql_and_the_python_of_a_rule_agree(scratch: Scratch, name: str, texts: list[str]) -> None:
    trimmed = [text.strip(BLANKS) for text in texts]
    assert by_sql(scratch, RULES[name], trimmed) == [RULES[name].read(text) for text in trimmed]


def odd_times() -> list[str]:
    """Times with every letter in the place of each digit, and with odd letters in the place of any two."""
    letters = [*map(chr, range(1, 128)), "é", "٣", "\u00a0", "\u2003"]
    odd = " \t+-.:TZ019/,"
    found: dict[str, None] = {}
    for time in ("2026-10-31T12:34:56Z", "2024-02-29 23:59:59"):
        found[time] = None
        for place in range(len(time)):
            found |= dict.fromkeys(time[:place] + letter + time[place + 1 :] for letter in letters)
        digits = [place for place, letter in enumerate(time) if letter.isdigit()]
        for (first, second), (one, other) in product(combinations(digits, 2), product(odd, odd)):
            found[time[:first] + one + time[first + 1 : second] + other + time[second + 1 :]] = None
    return list(found)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("iso", odd_times()),
        ("among", ["up", "UP", "down", " down", "it's", "", "up ", "other"]),
    ],
)
def test_what_a_rule_knows_at_a_glance_is_what_it_reads(scratch: Scratch, name: str, texts: list[str]) -> None:
    rule = RULES[name]
    assert isinstance(rule, QuickRule)
    seen = ", ".join(f"{value} AS q{i}" for i, value in enumerate(rule.quick("t")))
    given = "SELECT unnest(?::VARCHAR[]) AS t"
    rows = scratch.door.fetch(
        f"SELECT * FROM (SELECT t, {rule.accepted('q0')}, * EXCLUDE t FROM (SELECT t, {seen} FROM ({given})))"
        " WHERE q0 IS NOT NULL",
        [texts],
    )
    assert len(rows) >= 2
    for text, accepted, *values in rows:
        assert rule.is_quick(text)
        assert rule.read(text) == (tuple(values) if accepted else None), text


def test_a_word_for_no_value_that_looks_like_a_time_is_none(scratch: Scratch) -> None:
    rule = RULES["iso"]
    assert isinstance(rule, QuickRule)
    assert rule.is_quick("9999-12-31T23:59:59Z")
    assert not rule.is_quick("2026-10-31")
