"""How amounts came about, step by step: what is written, exactly, and that nothing in a file changes the layout."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from slacheck.reports import View
from slacheck.reports.derivation import render
from slacheck.reports.steps import exactly
from slacheck.statement import Statement, Statements
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import statements as made
from tests.reports.test_terminal import hostile, hostile_all_over

GOLDEN_TEXTS = Path(__file__).parent / "golden"

GOLDEN: dict[str, tuple[Callable[[], Statement], View]] = {
    "explain-crossing": (costs.crossing, View()),
    "explain-crossing-60": (costs.crossing, View(60)),
    "explain-crossing-ascii": (costs.crossing, View(ascii=True)),
    "explain-bonus": (costs.bonus, View()),
    "explain-points": (costs.points, View()),
    "explain-no-bound": (costs.no_bound, View()),
    "explain-either-way": (costs.either_way, View()),
    "explain-cases": (cases.cases, View()),
    "explain-whole": (made.whole, View(100, colour=True)),
}
SHOWN = {name: make for name, (make, _) in GOLDEN.items()} | {"hostile": hostile, "all-over": hostile_all_over}


def shown(statement: Statement, view: View | None = None, level: str | None = None) -> str:
    return render(made.document(statement), view or View(), level)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_derivation_is_the_one_that_was_agreed(name: str) -> None:
    make, view = GOLDEN[name]
    assert shown(make(), view) == (GOLDEN_TEXTS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_view_or_ends_in_blanks(name: str, width: int) -> None:
    for line in shown(SHOWN[name](), View(width)).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("name", SHOWN)
def test_ascii_is_ascii(name: str) -> None:
    assert shown(SHOWN[name](), View(ascii=True)).isascii()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0.00"),
        ("1200", "1,200.00"),
        ("-360.5", "-360.50"),
        ("1/8", "0.125"),
        ("1234567/8", "154,320.875"),
        ("280/3", "93.333333333333... = 280/3"),
        ("-2/3", "-0.666666666666... = -2/3"),
        ("-1/3000000000000", "-0.000000000000... = -1/3000000000000"),
    ],
)
def test_a_number_is_written_whole_or_with_twelve_digits_and_its_fraction(value: str, text: str) -> None:
    assert exactly(Fraction(value), 2) == text


def test_a_fraction_that_nobody_can_read_is_left_out() -> None:
    assert exactly(Fraction(1, 3**90)) == "0.000000000000..."


@given(st.integers(-(10**15), 10**15), st.integers(0, 12), st.integers(0, 4))
def test_a_decimal_is_written_as_it_is(units: int, digits: int, least: int) -> None:
    value = Fraction(units, 10**digits)
    assert Fraction(exactly(value, least).replace(",", "")) == value


@given(st.integers(-(10**9), 10**9), st.sampled_from([3, 7, 11, 13, 3000]))
def test_what_does_not_end_is_cut_toward_zero(units: int, denominator: int) -> None:
    value = Fraction(units, denominator)
    digits, dots, _ = exactly(value).replace(",", "").partition("...")
    assert bool(dots) == (value.denominator % 3 == 0 or value.denominator in (7, 11, 13))
    assert 0 <= abs(value) - abs(Fraction(digits)) < Fraction(1, 10**12)


def test_one_level_alone_has_its_lines_and_no_total() -> None:
    text = shown(made.whole(), level="api-errors")
    assert "API errors" in text
    assert "Availability" not in text
    assert "Total" not in text


def test_a_mean_of_too_many_digits_is_not_said_to_be_exact() -> None:
    mean = made.exact(Fraction(10**800, 10**800 + 1))
    line = made.line("Up", ">= 99%", "met", 1, 1, (0, 0)).model_copy(update={"best": mean, "worst": mean})
    assert mean is not None
    assert mean.exact is None
    assert "to 18 places" in shown(made.statement(line, total=None))


def test_statements_are_parted_and_none_reads_as_none() -> None:
    one = shown(costs.points())
    assert render(made.document(costs.points(), costs.points()), View()) == f"{one}\n{'═' * 80}\n\n{one}"
    assert render(Statements(statements=()), View()) == "No statement: no agreement was in force.\n"
