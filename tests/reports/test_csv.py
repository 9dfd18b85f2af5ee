"""The statement as CSV: RFC 4180, numbers that anything reads, and nothing that a spreadsheet computes."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison
from slacheck.reports import FORMATS, View
from slacheck.reports.csv import COLUMNS
from slacheck.statement import Exact, Statement, Statements
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import statements as made
from tests.reports.golden_files import STATEMENTS, agreed
from tests.reports.hostile_statements import with_text

NUMBERS = [
    "best",
    "worst",
    "margin_best",
    "margin_worst",
    "coverage",
    "credit_least",
    "credit_most",
    "counted_least",
    "counted_most",
    "total_least",
    "total_most",
    "agreement_line",
]
_RECORD = re.compile(r'(?:(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n))*')
_CELL = re.compile(r'("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)')


def records(text: str) -> list[list[str]]:
    """The cells of RFC 4180's grammar; anything that it does not allow fails."""
    assert _RECORD.fullmatch(text)
    found: list[list[str]] = [[]]
    for cell, end in _CELL.findall(text):
        found[-1].append(cell[1:-1].replace('""', '"') if cell.startswith('"') else cell)
        if end != ",":
            found.append([])
    assert found.pop() == []
    return found


def rows(statement: Statement) -> list[dict[str, str]]:
    head, *others = records(FORMATS["csv"].render(made.document(statement), View()))
    assert all(len(each) == len(head) for each in others)
    return [dict(zip(head, each, strict=True)) for each in others]


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_rows_are_those_that_were_agreed(name: str) -> None:
    content, golden = agreed(name, "csv", ".csv")
    assert content == golden


def test_a_row_says_what_was_measured_and_what_it_costs() -> None:
    """742 h less 2:39:00 down are 0.996428..., 742 h / 1000 less 2:39:00 are -6868.8 s."""
    row = rows(made.whole())[0]
    said = {
        "agreement": "acme-web",
        "period": "2026-10",
        "start": "2026-09-30T23:00:00Z",
        "end": "2026-11-01T00:00:00Z",
        "statement_verdict": "breached",
        "level": "availability",
        "class": "",
        "subject": "",
        "verdict": "breached",
        "target": ">= 99.9%",
        "unit": "ratio",
        "best": "0.996428571428571429",
        "worst": "0.996428571428571429",
        "margin_unit": "seconds",
        "margin_best": "-6868.8",
        "currency": "GBP",
        "credit_least": "1200.00",
        "credit_most": "1200.00",
        "total_most": "1800.00",
        "agreement_line": "",
    }
    assert {name: row[name] for name in said} == said


def test_what_is_not_known_is_empty() -> None:
    unmeasured = rows(made.whole())[3]
    assert [unmeasured[name] for name in ("best", "worst", "margin_best", "coverage")] == ["", "", "", ""]
    assert rows(costs.no_bound())[1]["credit_most"] == ""
    kpi = rows(made.whole())[2]
    assert [kpi[name] for name in ("currency", "credit_least", "claim_by")] == ["", "", ""]


def test_what_still_runs_has_no_worst() -> None:
    """200 minutes so far of 4 hours: at best that is it, at worst anything; 40 minutes are left at best."""
    row = next(each for each in rows(cases.cases()) if each["level"] == "restoration")
    assert [row[name] for name in ("unit", "best", "worst", "margin_best", "margin_worst")] == [
        "seconds", "12000", "", "2400", "",
    ]  # fmt: skip


def test_of_a_floor_what_still_runs_has_no_best() -> None:
    given = {"unit": "number", "margin_in": "value", "open_above": True}
    row = rows(made.statement(made.line("Visits", ">= 3", "indeterminate", 2, 2, (-1, -1), **given)))[0]
    assert [row[name] for name in ("best", "worst", "margin_best", "margin_worst")] == ["", "2", "", "-1"]


def test_points_are_named_in_place_of_a_currency() -> None:
    assert [(row["currency"], row["credit_least"]) for row in rows(costs.points())] == [
        ("points", "6"), ("points", "8"), ("points", "0"),
    ]  # fmt: skip


def test_a_decimal_is_never_on_the_other_side_of_the_target() -> None:
    value = Fraction("0.999") - Fraction(1, 10**30)
    row = rows(made.statement(made.line("Up", ">= 99.9%", "breached", value, value, (-1, -1))))[0]
    assert row["best"] == "0.998" + "9" * 27
    beyond = Exact(exact=None, decimal="0.999")
    line = made.line("Up", ">= 99.9%", "breached", value, value, (-1, -1)).model_copy(
        update={"best": beyond, "worst": beyond}
    )
    assert Fraction(rows(made.statement(line))[0]["best"]) < Fraction("0.999")


@given(st.integers(0, 2**1000), st.integers(1, 2**1000))
def test_every_decimal_compares_as_its_fraction_does(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    against = Comparison.read(">= 99.9%")
    row = rows(made.statement(made.line("Up", ">= 99.9%", "met", value, value, (1, 1))))[0]
    shown = Fraction(row["worst"])
    assert against.holds(shown) == against.holds(value)
    assert abs(shown - value) <= Fraction(1, 10**18)


def _computes(cell: str) -> bool:
    return re.search(r"(^|;)\s*[=+\-@＝＋－＠\t\r]", cell) is not None


@given(st.text() | st.sampled_from(["=1+1", "-2", "@SUM(A1)", "+44 1", "a;=1", "＝1", "\t=1", " =1", '"=1', "\r=1"]))
def test_no_text_becomes_a_formula_a_row_or_a_control(text: str) -> None:
    found = rows(with_text(made.whole(), text))
    assert len(found) == 4
    for row in found:
        assert list(row) == list(COLUMNS)
        for name, cell in row.items():
            if name in NUMBERS:
                assert re.fullmatch(r"(-?\d+(\.\d+)?)?", cell)
            else:
                assert not _computes(cell)
                assert not re.search("[\x00-\x1f\x7f-\x9f]", cell)


def test_a_quote_is_added_only_where_it_is_needed() -> None:
    row = rows(with_text(made.whole(), 'Smith, O\'Neill; "x" - a=b'))[0]
    assert row["provider"] == 'Smith, O\'Neill; "x" - a=b'
    assert rows(with_text(made.whole(), "-5 °C"))[0]["provider"] == "'-5 °C"


def test_another_reader_finds_the_same_cells(tmp_path: object) -> None:
    import duckdb

    path = f"{tmp_path}/hostile.csv"
    with open(path, "wb") as file:
        file.write(agreed("hostile", "csv", ".csv")[0])
    found = duckdb.read_csv(path, all_varchar=True, header=True, delimiter=",", quotechar='"')
    assert found.columns == list(COLUMNS)
    mine = [[cell or None for cell in row.values()] for row in rows(STATEMENTS["hostile"]())]
    assert [list(row) for row in found.fetchall()] == mine


def test_without_lines_there_is_a_header() -> None:
    assert records(FORMATS["csv"].render(Statements(statements=()), View())) == [list(COLUMNS)]
