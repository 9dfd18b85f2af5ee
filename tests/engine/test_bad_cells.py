"""Every bad cell is shown as it was written, with its file, row, column and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slacheck.engine import bad_cells, text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, Reading, read
from slacheck.engine.scratch import Scratch
from slacheck.problems import Problem

COLUMNS = [
    Column("at", ("time",), text_rules.instant()),
    Column("n", ("n",), text_rules.count()),
    Column("m", ("m",), text_rules.number(2), required=False),
]


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def reading(scratch: Scratch, folder: Path, files: dict[str, bytes], columns: list[Column] = COLUMNS) -> Reading:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return read(scratch, [open_file(folder / name, name) for name in files], columns, nulls=["n/a"])


def shown(problems: list[Problem]) -> list[tuple[str, int, str, str | None, str]]:
    return [(problem.path, problem.row, problem.field, problem.cell, problem.code) for problem in problems]


def test_a_clean_reading_has_no_problems(scratch: Scratch, tmp_path: Path) -> None:
    found = reading(scratch, tmp_path, {"x.csv": b"time,n,m\n2026-01-01,1,\n"})
    assert bad_cells.problems(scratch, found) == []


def test_bad_cells_are_shown_as_written_with_their_place(scratch: Scratch, tmp_path: Path) -> None:
    files = {
        "x.csv": b'time,n,m\n2026-01-01,1,\n\n2026-13-01 00:00,"1 2",1.234\n2026-01-01, n/a ,\n',
        "y.csv": b"m;n;time\n1;2;2026-01-01\n1;2;03:17.4\n",
    }
    problems = bad_cells.problems(scratch, reading(scratch, tmp_path, files))
    assert shown(problems) == [
        ("x.csv", 4, "time", "2026-13-01 00:00", "bad-time"),
        ("x.csv", 4, "n", "1 2", "bad-number"),
        ("x.csv", 4, "m", "1.234", "bad-number"),
        ("x.csv", 5, "n", " n/a ", "missing-cell"),
        ("y.csv", 3, "time", "03:17.4", "bad-time"),
    ]
    assert problems[0].message == "not a time: '2026-13-01 00:00'"
    assert problems[0].help == "times look like 2026-10-01T00:00:00Z; another form is declared with `time_format`"
    assert problems[2].message == "too many decimal places: '1.234'"
    assert "spreadsheet" in problems[4].help


def test_more_bad_rows_than_shown_are_counted(scratch: Scratch, tmp_path: Path) -> None:
    found = reading(scratch, tmp_path, {"x.csv": b"time,n,m\n" + b"2026-01-01,x,\n" * 30 + b"2026-01-01,1,\n"})
    problems = bad_cells.problems(scratch, found, limit=3)
    assert [problem.row for problem in problems] == [2, 3, 4, 0]
    assert problems[-1].message == "30 of 31 rows have cells that cannot be read; 3 are shown"
    assert len(bad_cells.problems(scratch, found, limit=30)) == 30


def test_joined_cells_are_shown_together(scratch: Scratch, tmp_path: Path) -> None:
    columns = [Column("at", ("day", "hour"), text_rules.instant())]
    found = reading(scratch, tmp_path, {"x.csv": b"day,hour\n2026-01-01,25:00\n2026-01-01,\n"}, columns)
    problems = bad_cells.problems(scratch, found)
    assert shown(problems) == [
        ("x.csv", 2, "day hour", "2026-01-01 25:00", "bad-time"),
        ("x.csv", 3, "day hour", "2026-01-01 ", "bad-time"),
    ]


def test_json_records_are_counted_from_one(scratch: Scratch, tmp_path: Path) -> None:
    content = b'[{"time": "2026-01-01", "n": 1, "m": 1}, {"time": 5, "n": true}, "x", {"n": {"k": 1}, "time": null}]'
    problems = bad_cells.problems(scratch, reading(scratch, tmp_path, {"x.json": content}))
    assert shown(problems) == [
        ("x.json", 2, "time", "5", "bad-time"),
        ("x.json", 2, "n", "true", "bad-number"),
        ("x.json", 3, "", '"x"', "bad-record"),
        ("x.json", 4, "time", "", "missing-cell"),
        ("x.json", 4, "n", '{"k":1}', "bad-number"),
    ]


def test_parquet_cells_are_shown_as_text(scratch: Scratch, tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    scratch.door.fetch(
        f"COPY (SELECT 'infinity'::TIMESTAMP AS time, 1.5::DOUBLE AS n, 1 AS m) TO '{target}' (FORMAT parquet)"
    )
    found = reading(scratch, tmp_path, {"x.parquet": target.read_bytes()})
    assert shown(bad_cells.problems(scratch, found)) == [
        ("x.parquet", 1, "time", "infinity", "bad-time"),
        ("x.parquet", 1, "n", "1.5", "bad-number"),
    ]


def test_a_repaired_file_keeps_the_rows_of_the_original(scratch: Scratch, tmp_path: Path) -> None:
    found = reading(scratch, tmp_path, {"x.csv": b"time,n,m\r\n\r\n2026-01-01,1,\n2026-01-01,x,\r\n"})
    assert shown(bad_cells.problems(scratch, found)) == [("x.csv", 4, "n", "x", "bad-number")]


def test_a_bad_row_far_inside_a_large_file_is_found(scratch: Scratch, tmp_path: Path) -> None:
    content = b"time,n,m\n" + b"2026-01-01,1,\n" * 250_000 + b"2026-01-01,1,x\n" + b"2026-01-01,1,\n" * 250_000
    found = reading(scratch, tmp_path, {"x.csv": content})
    assert shown(bad_cells.problems(scratch, found)) == [("x.csv", 250_002, "m", "x", "bad-number")]


def test_a_very_long_cell_is_cut_in_the_message_only(scratch: Scratch, tmp_path: Path) -> None:
    found = reading(scratch, tmp_path, {"x.csv": b"time,n,m\n2026-01-01," + b"9x" * 500 + b",\n"})
    (problem,) = bad_cells.problems(scratch, found)
    assert len(problem.message) < 120
    assert problem.cell == "9x" * 500
