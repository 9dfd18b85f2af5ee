"""The workbook: read back by programs that did not write it, every value as in the JSON, and no text that computes."""

from __future__ import annotations

import io
import os
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from slacheck.reports import FORMATS, View
from slacheck.reports.layout import harmless
from slacheck.statement import Statement
from tests.reports import statements as made
from tests.reports.elsewhere import written_elsewhere
from tests.reports.golden_files import FOLDER, STATEMENTS
from tests.reports.hostile_statements import with_text

pytest.importorskip("xlsxwriter", reason="the extra 'excel' is not installed")
openpyxl = pytest.importorskip("openpyxl")
calamine = pytest.importorskip("python_calamine")

SHEETS = ["Summary", "Levels", "Outages and cases", "Derivation", "Data"]
Rows = list[dict[str, Any]]


def written(*statements: Statement) -> bytes:
    return FORMATS["excel"].written(made.document(*statements), View())


def sheets(content: bytes) -> dict[str, Rows]:
    """Every sheet as openpyxl reads it, each row by the headings."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found: dict[str, Rows] = {}
    for sheet in book:
        heads, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_value_of_the_statement_is_there(name: str) -> None:
    document = made.document(STATEMENTS[name]())
    found = sheets(FORMATS["excel"].written(document, View()))
    assert list(found) == SHEETS
    statements = document.statements
    assert len(found["Summary"]) == len(statements)
    lines = [line for statement in statements for line in statement.lines]
    assert len(found["Levels"]) == len(lines)
    for row, statement in zip(found["Summary"], statements, strict=True):
        assert row["Verdict"] == statement.verdict.replace("-", " ")
        if statement.total:
            assert Fraction(str(row["Owed at least"])) == Fraction(statement.total.least)
            assert (row["Owed at most"] is None) == (statement.total.most is None)
    for row, line in zip(found["Levels"], lines, strict=True):
        assert row["Level"].replace("_xFFFE_", "\ufffe") == harmless(line.level)
        assert row["Verdict"] == line.verdict.replace("-", " ")
        if line.best is not None and line.unit == "share":
            assert row["Measured best"] == pytest.approx(float(line.best.decimal), rel=1e-12)
            assert row["Best, exactly"] == line.best.exact
        if line.credit is not None:
            assert Fraction(str(row["Credit at least"])) == Fraction(line.credit.least.amount)
    shown = [row for row in found["Outages and cases"] if row["What"] == "outage"]
    outages = [each for line in lines for each in line.worst_outages]
    assert [row["From UTC"] for row in shown] == [each.start for each in outages]
    places = [(row["File and row"] or "").replace("_xFFFE_", "\ufffe") for row in shown]
    assert places == [harmless(each.place) for each in outages]
    for row, each in zip(shown, outages, strict=True):
        counted = row["Counted"]
        exact = counted if isinstance(counted, timedelta) else timedelta(days=float(counted or 0))
        assert abs(exact - timedelta(microseconds=each.counted)) < timedelta(milliseconds=1)
    steps = [row for row in found["Derivation"] if row["What"] == "amount"]
    assert len(steps) >= sum(line.credit is not None for line in lines)


@pytest.mark.parametrize("name", ["whole", "cases", "points"])
def test_the_cells_are_those_that_were_agreed(name: str) -> None:
    """As text, since the bytes are also those of the library that packs them."""
    book = openpyxl.load_workbook(io.BytesIO(written(STATEMENTS[name]())))
    lines = [
        f"{sheet.title}!{cell.coordinate}\t{cell.value!r}\t{cell.number_format}"
        for sheet in book
        for row in sheet
        for cell in row
        if cell.value is not None
    ]
    path = FOLDER / f"{name}.xlsx.txt"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == path.read_text(encoding="utf-8").splitlines()


def test_instants_stand_on_the_clock_of_the_zone_and_in_utc() -> None:
    """1 October 2026 in London begins at 23:00 UTC the day before."""
    (row,) = sheets(written(made.whole()))["Summary"]
    assert row["From"] == datetime(2026, 10, 1)
    assert row["From UTC"] == "2026-09-30T23:00:00Z"
    assert row["To"] == datetime(2026, 11, 1)
    assert row["Zone"] == "Europe/London"


def test_days_are_days() -> None:
    claimed = made.statement(made.breached(), total=made.total("1200.00", "1200.00", claim_by="2026-11-30"))
    (row,) = sheets(written(claimed))["Summary"]
    day = row["Claim by"]
    assert (day.date() if isinstance(day, datetime) else day) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20", "@SUM(A1)", "{=1}", '=HYPERLINK("http://x.test")', "-2", "1e5", "x" * 40000]
)
def test_text_stays_text(text: str) -> None:
    content = written(with_text(made.whole(), text))
    found = sheets(content)
    (row, *_) = found["Summary"]
    assert isinstance(row["Title"], str)
    assert row["Title"][:30] == text[:30]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" and cell.hyperlink is None for sheet in book for line in sheet for cell in line)


@pytest.mark.parametrize("text", ["a\x1b[2J", "nul\x00", "two\nlines", "\ud83d", "\ufffe"])
def test_what_no_cell_can_hold_is_escaped(text: str) -> None:
    assert list(sheets(written(with_text(made.whole(), text)))) == SHEETS


def test_another_reader_reads_the_same() -> None:
    content = written(made.whole(), *costs_and_cases())
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == SHEETS
    ours = sheets(content)
    for name in SHEETS:
        heads, *rows = book.get_sheet_by_name(name).to_python()
        assert len(rows) == len(ours[name])
        for row, other in zip(rows, ours[name], strict=True):
            for head, cell in zip(heads, row, strict=True):
                if isinstance(other[head], str):
                    assert cell == other[head]


def costs_and_cases() -> list[Statement]:
    return [make() for name, make in STATEMENTS.items() if name != "whole"]


def test_several_statements_share_the_sheets() -> None:
    found = sheets(written(made.whole(), made.whole()))
    assert list(found) == SHEETS
    assert len(found["Summary"]) == 2


def test_it_prints_large_enough_to_be_read() -> None:
    """A sheet across pages has no more than 200 characters on each, and says on each whose row it is."""
    for sheet in openpyxl.load_workbook(io.BytesIO(written(made.whole()))):
        wide = sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1])
        across = sheet.page_setup.fitToWidth or 1
        assert (across - 1) * 200 < wide <= across * 200 + 40
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.print_title_cols == "$A:$C") == (across > 1)


def test_of_no_statement_there_are_headings() -> None:
    assert {name: rows for name, rows in sheets(written()).items() if rows} == {}


def test_the_same_bytes_come_from_any_process() -> None:
    here = written(made.whole())
    assert written_elsewhere("excel", made.document(made.whole())) == [here, here]


def test_a_sheet_that_is_full_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slacheck.reports.sheets._ROWS", 4)
    rows = sheets(written(*[made.whole()] * 5))["Summary"]
    assert len(rows) == 3
    assert rows[-1]["Agreement"] == "and 3 more, which no sheet holds: they are in the JSON"
