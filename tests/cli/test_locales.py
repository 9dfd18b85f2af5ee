"""Figures by locale: other marks and another order, the same digits, and every promise of the plain ones."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison
from slacheck.reports import FORMATS, View, local
from slacheck.reports.figures import Figures
from slacheck.statement import Statements
from tests.binary import Slacheck
from tests.reports import statements as made
from tests.reports.golden_files import FOLDER

# Commas for points, blanks for groups, groups of two, a sign before, symbols behind, other minus signs.
LOCALES = ["de", "fr", "hi", "tr", "en_US", "en_IN", "de_CH", "pl", "sv", "he", "ar", "ja", "pt_BR", "es", "cs"]
NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def read(text: str, locale: str) -> Fraction:
    """A number of a locale read back by Babel, its signs taken off."""
    bare = re.sub(r"[\u200e\u200f\u061c%£]|JPY", "", text).replace("\N{MINUS SIGN}", "-").strip(f" {NO_BREAK}{NARROW}")
    negative = bare.startswith("-")
    number = parse_decimal(bare.lstrip("-").strip(f" {NO_BREAK}{NARROW}"), locale=locale)
    return -Fraction(number) if negative else Fraction(number)


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("de", f"-1.234.567,50{NO_BREAK}£"),
        ("fr", f"-1{NARROW}234{NARROW}567,50{NO_BREAK}£GB"),
        ("hi", "-£12,34,567.50"),
        ("tr", "-£1.234.567,50"),
        ("en_US", "-£1,234,567.50"),
        ("de_CH", "£-1\N{RIGHT SINGLE QUOTATION MARK}234\N{RIGHT SINGLE QUOTATION MARK}567.50"),
        ("", "-£1,234,567.50"),
    ],
)
def test_money_is_written_as_people_there_do(locale: str, shown: str) -> None:
    assert Figures(locale=locale).money("-1234567.50", "GBP") == shown


def test_no_figure_turns_the_direction_of_reading() -> None:
    for locale in ("ar", "he", "fa"):
        figures, third = Figures(locale=locale), Fraction(-1, 3)
        texts = [figures.money("-12.00", "GBP"), figures.span(third, third, "share"), figures.day("2026-03-01")]
        assert not re.search("[\u200e\u200f\u061c]", "".join(texts))


def test_a_symbol_of_letters_keeps_its_distance() -> None:
    assert Figures(locale="en_US").money("12.00", "CHF") == f"CHF{NO_BREAK}12.00"
    assert Figures(locale="de").money("12.00", "CHF") == f"12,00{NO_BREAK}CHF"


def test_amounts_are_never_rounded() -> None:
    """Babel rounds 2.345 to 2.34, and half yen away."""
    assert Figures(locale="en_US").money("2.345", "GBP") == "£2.345"
    assert Figures(locale="en_US").money("1234.5", "JPY") == "¥1,234.5"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("de", f"99,522{NO_BREAK}%"), ("tr", "%99,522"), ("fr", f"99,522{NO_BREAK}%"), ("hi", "99.522%")],
)
def test_percentages_keep_their_decimals_and_have_their_sign(locale: str, shown: str) -> None:
    value = Fraction(99522, 100_000)
    assert Figures(locale=locale).span(value, value, "share") == shown


def test_dates_months_and_lengths() -> None:
    german, czech = Figures(locale="de"), Figures(locale="cs")
    assert german.day("2026-11-30") == "30.11.2026"
    assert german.weekday("2026-12-25", 2026) == "Fr., 25. Dez."
    assert german.period("2026-10", "October 2026") == "Oktober 2026"
    assert czech.period("2026-10", "October 2026") == "říjen 2026"
    assert german.period("2026-Q3", "Q3 2026") == "Q3 2026"
    assert german.duration(5_443_800_000) == "1:30:43,8"
    assert german.count(44_700) == "44.700"


def test_where_ascii_alone_can_be_shown_it_is_kept_to() -> None:
    for locale in LOCALES:
        figures = Figures(ascii=True, locale=locale)
        texts = [figures.money("-1234567.50", "GBP"), figures.count(1_234_567), figures.day("2026-03-01")]
        texts += [figures.period("2026-03", "March 2026"), figures.span(Fraction(1, 3), Fraction(1, 3), "share")]
        assert all(text.isascii() for text in texts), texts


@given(st.integers(0, 10**60), st.integers(0, 10**9 - 1), st.sampled_from(LOCALES))
def test_a_number_is_read_back_as_it_was(whole: int, rest: int, locale: str) -> None:
    text = local.number(f"{whole:,}.{rest:09d}", locale)
    symbols = Locale.parse(locale).number_symbols
    symbols = symbols.get("latn", symbols)
    plain = text.replace(symbols["group"], "").replace(symbols["decimal"], ".")
    assert Decimal(plain) == Decimal(f"{whole}.{rest:09d}")


@given(
    st.fractions(min_value=0, max_value=1),
    st.sampled_from([">= 99.9%", "< 99.99%", "<= 1%", "> 50%"]),
    st.sampled_from(["de", "fr", "tr", "hi", "en_US"]),
)
def test_what_is_shown_is_on_the_side_of_the_target_on_which_the_value_is(
    value: Fraction, target: str, locale: str
) -> None:
    comparison = Comparison.read(target)
    shown = Figures(locale=locale).span(value, value, "share", [comparison])
    if not shown.startswith("just"):
        assert comparison.holds(read(shown, locale) / 100) == comparison.holds(value)


# Older releases of Babel have older data, with other names of months.
@pytest.mark.skipif("latn" not in Locale.parse("de").number_symbols, reason="an older Babel has older data")
@pytest.mark.parametrize("locale", ["de", "fr", "hi", "tr"])
def test_the_statement_is_the_one_that_was_agreed(locale: str) -> None:
    text = FORMATS["terminal"].render(made.document(made.whole()), View(locale=locale))
    path: Path = FOLDER / f"whole.{locale}.txt"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.for_people and each.installed])
def test_what_machines_read_has_no_locale(name: str) -> None:
    document: Statements = made.document(made.whole())
    assert FORMATS[name].written(document, View(locale="de")) == FORMATS[name].written(document, View())


@pytest.mark.parametrize("name", ["html", "markdown", "terminal"])
def test_what_people_read_follows_it(name: str) -> None:
    text = FORMATS[name].written(made.document(made.whole()), View(locale="de")).decode()
    assert "1.200,00" in text
    assert "1,200.00" not in text


def test_the_environment_chooses_no_locale(slacheck: Slacheck, folder: Path) -> None:
    plain = slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05", LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8")
    assert "£0.00" in plain.out or "nothing is owed" in plain.out
    assert plain.out == slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05", LC_ALL="C").out


@pytest.mark.parametrize(
    ("name", "told"), [("de_XX", "did you mean 'de'?"), ("zz", "such as de, en_GB"), ("", "such as")]
)
def test_a_locale_that_does_not_exist_is_refused(slacheck: Slacheck, folder: Path, name: str, told: str) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05", "--locale", name)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_explain_follows_it_too(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("explain", "agreement.yaml", "--period", "2026-10-05", "--locale", "de")
    assert "0,00 £" in ran.out.replace(NO_BREAK, " ")
