"""Sheets of workbooks, read cell by cell as they stand: what is in them, what is not, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from slacheck.engine.duck import DuckScratch
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export, Exports
from slacheck.sources.source import Source
from slacheck.timeline.zones import zone
from tests.sources.opener import us, words
from tests.sources.workbook import Cell, Date, Raw, workbook

pytest.importorskip("python_calamine", reason="the extra 'excel' is not installed")

# Days since 1899-12-30: 46296 is 2026-10-01.
Rows = dict[int, list[Cell]]
TICKETS: Rows = {
    2: ["id", "opened", "resolved", "minutes", "vip"],
    3: ["T1", Date(46296.5), Date(46296.75), 5.0, True],
    5: ["T2", Date(46296), None, 0.1, False],
    6: ["T3\nb", Date(46297.25), Date(46298), 12345678901234, True],
}
TERMS = {"shape": "cases", "columns": {"id": "id", "opened": "opened", "resolved": "resolved"}, "timezone": "UTC"}


def opened(scratch: DuckScratch, folder: Path, terms: dict[str, Any], name: str = "t.xlsx") -> Export:
    source = Source.model_validate({"path": name, **TERMS, **terms})
    wanted = words(["vip"], ["minutes"], ["opened", "resolved"])
    return Exports(scratch).open("tickets", source, wanted, folder, None, zone("UTC"))


def refused(folder: Path, terms: dict[str, Any], name: str = "t.xlsx") -> list[Problem]:
    with DuckScratch() as scratch, pytest.raises(DataError) as caught:
        opened(scratch, folder, terms, name)
    return list(caught.value.problems)


def test_cells_are_read_as_they_stand_and_rows_counted_as_in_the_sheet(tmp_path: Path) -> None:
    workbook(tmp_path / "t.xlsx", {"Tickets": TICKETS})
    with DuckScratch() as scratch:
        export = opened(scratch, tmp_path, {})
        columns = [export.words["id"], export.words["vip"], export.numbers["minutes"]]
        columns += [export.instants["opened"], export.instants["resolved"]]
        rows = sorted(scratch.rows(export.frame.select("rowid", *columns)))
        places = [export.place(row) for row, *_ in rows]
    assert [row[1:] for row in rows] == [
        ("T1", "true", 5 * 10**18, us("2026-10-01T12:00"), us("2026-10-01T18:00")),
        ("T2", "false", 10**17, us("2026-10-01T00:00"), None),
        ("T3\nb", "true", 12345678901234 * 10**18, us("2026-10-02T06:00"), us("2026-10-03T00:00")),
    ]
    assert places == ["t.xlsx:3", "t.xlsx:5", "t.xlsx:6"]


def test_a_sheet_is_named_or_counted(tmp_path: Path) -> None:
    workbook(tmp_path / "t.xlsx", {"Notes": {1: ["read me"]}, "Tickets": TICKETS})
    for sheet in ("Tickets", "2"):
        with DuckScratch() as scratch:
            assert opened(scratch, tmp_path, {"sheet": sheet}).reading.rows == 3
    (problem,) = refused(tmp_path, {})
    assert (problem.code, problem.message) == ("sheet", "has 2 sheets")
    assert problem.help == "write sheet: NAME on the source; there are: 'Notes', 'Tickets'"
    (problem,) = refused(tmp_path, {"sheet": "Ticket"})
    assert problem.message == "has no sheet 'Ticket'"
    (problem,) = refused(tmp_path, {"sheet": "1"})[:1]
    assert problem.help == "there are: 'read me'"


def test_an_error_is_no_empty_cell(tmp_path: Path) -> None:
    broken: Rows = {**TICKETS, 7: ["T4", Date(46297), Raw('t="e"><f>B7/0</f><v>#DIV/0!</v>'), 1, True]}
    workbook(tmp_path / "t.xlsx", {"Tickets": broken})
    (problem,) = refused(tmp_path, {})
    assert (problem.place, problem.cell) == ("t.xlsx, row 7, column 'resolved'", "#DIV/0!")
    with DuckScratch() as scratch:
        assert opened(scratch, tmp_path, {"nulls": ["#DIV/0!"]}).reading.rows == 4


def test_of_a_formula_the_saved_value_counts_and_there_must_be_one(tmp_path: Path) -> None:
    saved: Rows = {**TICKETS, 7: ["T4", Raw('s="1"><f>B3+1</f><v>46297.5</v>'), None, 1, True]}
    workbook(tmp_path / "t.xlsx", {"Tickets": saved})
    with DuckScratch() as scratch:
        export = opened(scratch, tmp_path, {})
        found = scratch.rows(export.frame.select("rowid", export.instants["opened"]))
        assert max(found)[1] == us("2026-10-02T12:00")
    for unsaved in ("><f>B3+1</f>", "><f>B3+1</f><v></v>", '><f t="shared" si="0"/><v/>'):
        workbook(tmp_path / "t.xlsx", {"Tickets": {**TICKETS, 7: ["T4", Raw(unsaved), None, 1, True]}})
        (problem,) = refused(tmp_path, {})
        assert (problem.row, "a formula without its value in B7" in problem.message) == (7, True)


def test_what_cannot_be_a_sheet_of_records_is_refused_before_it_is_read(tmp_path: Path) -> None:
    far: Rows = {**TICKETS, 1_000_000: [Raw('r="XFD1000000"><v>1</v>')]}
    workbook(tmp_path / "t.xlsx", {"Tickets": far})
    path = tmp_path / "t.xlsx"
    # A reference stands in each cell once: the one that is far away takes the place of its own.
    content = {entry: zipfile.ZipFile(path).read(entry) for entry in zipfile.ZipFile(path).namelist()}
    sheet = content["xl/worksheets/sheet1.xml"].replace(b'<c r="A1000000" r="XFD1000000"', b'<c r="XFD1000000"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for entry, data in {**content, "xl/worksheets/sheet1.xml": sheet}.items():
            out.writestr(entry, data)
    assert [problem.code for problem in refused(tmp_path, {})] == ["too-large"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for entry, data in content.items():
            out.writestr(entry, data)
        with out.open("xl/padding.xml", "w") as padding:
            for _ in range(600):
                padding.write(b" " * 1024 * 1024)
    assert [problem.code for problem in refused(tmp_path, {})] == ["too-large"]


def test_damaged_workbooks_and_archives_that_are_none_are_told(tmp_path: Path) -> None:
    workbook(tmp_path / "whole.xlsx", {"Tickets": TICKETS})
    (tmp_path / "t.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:900])
    assert [problem.code for problem in refused(tmp_path, {})] == ["damaged-file"]
    (tmp_path / "t.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    assert [problem.code for problem in refused(tmp_path, {}, "t.xls")] == ["damaged-file"]
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as out:
        out.writestr("tickets.csv", "id,opened\n")
    assert [problem.code for problem in refused(tmp_path, {})] == ["binary-file"]
    (tmp_path / "t.csv").write_text("id,opened,resolved,minutes,vip\n")
    assert [problem.code for problem in refused(tmp_path, {"sheet": "1"}, "t.csv")] == ["sheet"]
