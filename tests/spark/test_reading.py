"""CSV read by Spark in many pieces: the same table as by DuckDB, row for row; what is odd is left to the driver."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from slacheck.engine import text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, Reading, read
from slacheck.engine.scratch import Scratch
from slacheck.engine.spark import scratch as spark_scratch
from slacheck.engine.spark.scratch import SparkScratch

COLUMNS = [
    Column("t", ("day", "time"), text_rules.instant()),
    Column("v", ("value",), text_rules.number(3), required=False),
    Column("w", ("value",), text_rules.number(18, wide=True), required=False),
    Column("word", ("name",), text_rules.text(), required=False),
]
HEADER = "name,day,time,value\n"
WORDS = ["plain", "", " padded ", '"quoted, with a comma"', '"a ""word"""', "ö\u00a0", "n/a", '""', "it's", "\\", "`"]


def rows(count: int, seed: int = 1) -> str:
    chance = random.Random(seed)
    lines = []
    for number in range(count):
        time = chance.choice(["08:00", "08:00:00.25Z", "25:00", "23:59+02:00"])
        value = chance.choice(["1.5", "-2", "1e2", "0.0001", "", "n/a", "x", "12345678901234567.5"])
        lines.append(f"{chance.choice(WORDS)}{number},2026-10-{chance.randint(0, 31):02},{time},{value}"
                     if number % 3 else f"{chance.choice(WORDS)},2026-10-05,{time},{value}")  # fmt: skip
    return "\n".join(line for line in lines if not line.startswith('"') or '"' + "," in line) + "\n"


@pytest.fixture(autouse=True)
def _pieces(spark: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every file is read by Spark, in pieces of a kilobyte."""
    monkeypatch.setattr(spark_scratch, "NATIVE_FROM", 0)
    spark.conf.set("spark.sql.files.maxPartitionBytes", "1024")
    spark.conf.set("spark.sql.files.openCostInBytes", "1")
    yield
    spark.conf.unset("spark.sql.files.maxPartitionBytes")
    spark.conf.unset("spark.sql.files.openCostInBytes")


def reading(scratch: Scratch, paths: list[Path]) -> Reading:
    return read(scratch, [open_file(path, path.name) for path in paths], COLUMNS, nulls=("n/a",))


def table(of: Reading) -> list[tuple[Any, ...]]:
    return sorted(of.scratch.rows(of.frame))


def native(scratch: SparkScratch, of: Reading) -> list[bool]:
    """Of each file: whether Spark has read it."""
    return [frame is not None for _, frame in scratch._begun[of.table].pieces]


def same(scratch: SparkScratch, paths: list[Path]) -> list[bool]:
    """Read ``paths`` with both engines, compare, and tell which of them Spark has read."""
    with DuckScratch() as duck:
        expected = reading(duck, paths)
        rows = table(expected)
        found = reading(scratch, paths)
        assert table(found) == rows
        assert [part.rows for part in found.parts] == [part.rows for part in expected.parts]
        assert [found.place(row) for row in range(found.rows)] == [expected.place(row) for row in range(expected.rows)]
    return native(scratch, found)


def test_files_in_pieces_are_one_table_in_their_order(scratch: SparkScratch, tmp_path: Path) -> None:
    """The one in the middle has a line end within quotes, so that it is read at the driver."""
    whole, quoted, packed, empty = (tmp_path / each for each in ("a.csv", "b.csv", "c.csv.gz", "d.csv"))
    whole.write_text(HEADER + rows(400) + "\n\n" + rows(40, 2), encoding="utf-8")
    quoted.write_text(HEADER + '"two\nlines",2026-10-05,08:00Z,1\nx,2026-10-05,08:00Z,2\n', encoding="utf-8")
    packed.write_bytes(gzip.compress((HEADER + rows(50, 3)).encode()))
    empty.write_text(HEADER, encoding="utf-8")
    assert same(scratch, [whole, quoted, packed, empty]) == [True, False, True, True]


@pytest.mark.parametrize(
    ("content", "by_spark"),
    [
        (HEADER.replace(",", ";") + rows(60).replace(",", ";").replace(".", ","), True),
        (HEADER.replace("\n", "\r\n") + rows(60).replace("\n", "\r\n"), True),
        ("\ufeff" + HEADER + rows(30), True),
        (HEADER + "x,2026-10-05,08:00Z,1,\n", False),
        ("\n" + HEADER + "x,2026-10-05,08:00Z,1\n", False),
        ("sep=,\n" + HEADER + "x,2026-10-05,08:00Z,1\n", False),
    ],
    ids=["semicolons", "CRLF", "a mark", "a cell too many", "a blank line above", "Excel's note"],
)  # fmt: skip
def test_shapes_are_read_alike_by_whoever_can(
    scratch: SparkScratch, tmp_path: Path, content: str, by_spark: bool
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8", newline="")
    assert same(scratch, [path]) == [by_spark]


def test_a_path_that_hadoop_would_take_for_a_pattern_is_read_at_the_driver(
    scratch: SparkScratch, tmp_path: Path
) -> None:
    path = tmp_path / "a[1].csv"
    path.write_text(HEADER + "x,2026-10-05,08:00Z,1\n", encoding="utf-8")
    assert same(scratch, [path]) == [False]


def test_forgiven_rows_stay_where_they_are(scratch: SparkScratch, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + rows(30), encoding="utf-8")
    found = reading(scratch, [path])
    before = table(found)
    bad = [row[0] for row in before if row[-1]]
    assert len(bad) > 3
    scratch.forgive(found.table, scratch.give("rows", {"rowid": "BIGINT"}, [(row,) for row in bad[:2]]))
    after = [(*row[:-1], 0) if row[0] in bad[:2] else row for row in before]
    assert table(found) == after
