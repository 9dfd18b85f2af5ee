"""One small export in every format and packing, read as an agreement would have it read."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

from slacheck.agreement.loading import load
from slacheck.engine import bad_cells, text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, read
from slacheck.evaluation import evaluate
from slacheck.problems import DataError
from slacheck.statement import Statement
from tests.fuzz.invariants import Fault, fault
from tests.sources.preset_cases import CASES
from tests.sources.workbook import workbook
from tests.whole_runs import run

_ROWS = [
    {
        "time": f"2026-10-05T00:{minute:02d}:00Z",
        "state": "down" if minute == 3 else "up",
        "ms": f"{minute}.5",
        "of": word,
    }
    for minute, word in enumerate(["a", "b, c", 'say "x"', "line\nbreak", "é", "NULL", "=1+1", " spaced "])
]
_AGREEMENT = """\
slacheck: 1
id: fuzz
title: A day of probes
provider: P
customer: C
timezone: Europe/London
period: day
sources:
  probes: {path: EXPORT, shape: samples, columns: {at: time, state: state, of: of}, hold: 2m}
service_levels:
  up: {measure: {kind: availability, from: probes}, per: of, target: ">= 90%"}
"""
_NEVER = 7_258_118_400_000_000


@cache
def exports() -> dict[str, bytes]:
    """The same eight records, by the name of a file of each format."""
    names = list(_ROWS[0])
    quoted = [",".join('"' + row[name].replace('"', '""') + '"' for name in names) for row in _ROWS]
    csv = "\n".join([",".join(names), *quoted, ""]).encode()
    plain = [[row[name].replace("\n", " ") for name in names] for row in _ROWS]
    tsv = "\n".join("\t".join(row) for row in [names, *plain]).encode()
    lines = "\n".join(json.dumps(row) for row in _ROWS).encode()
    found = {
        "probes.csv": csv,
        "semicolons.csv": b"sep=;\r\n" + "\r\n".join(";".join(row) for row in [names, *plain]).encode(),
        "probes.tsv": tsv,
        "probes.json": json.dumps(_ROWS, indent=1).encode(),
        "wrapped.json": json.dumps({"status": "ok", "data": {"items": _ROWS}}).encode(),
        "probes.ndjson": lines,
        "probes.csv.gz": gzip.compress(csv, mtime=0),
        "probes.ndjson.gz": gzip.compress(lines, mtime=0),
    }
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        place = Path(folder)
        (place / "rows.csv").write_bytes(csv)
        rows = f"SELECT * FROM read_csv('{place}/rows.csv', header = true, all_varchar = true)"
        workbook(place / "probes.xlsx", {"Probes": dict(enumerate([names, *plain], 1))})
        found["probes.xlsx"] = (place / "probes.xlsx").read_bytes()
        for name, options in (
            ("probes.parquet", "FORMAT parquet"),
            ("zstd.parquet", "FORMAT parquet, COMPRESSION zstd"),
            ("probes.csv.zst", "FORMAT csv, COMPRESSION zstd"),
            ("probes.json.zst", "FORMAT json, COMPRESSION zstd"),
        ):
            connection.execute(f"COPY ({rows}) TO '{place / name}' ({options})")
            found[name] = (place / name).read_bytes()
    return found


class Reader:
    """Reads damaged exports, many of them in one scratch database; close it at the end."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="slacheck-fuzz-")
        self._place = Path(self._folder.name)
        self._scratch: DuckScratch | None = None
        self._read = 0

    def close(self) -> None:
        if self._scratch:
            self._scratch.__exit__(None, None, None)
            self._scratch = None
        self._folder.cleanup()

    def settled(self, name: str, content: bytes) -> Fault | None:
        """The whole way: an agreement that reads the export, and its statement."""
        agreement = self._place / "agreement.yaml"
        records = ", records: data.items" if name.startswith("wrapped") else ""
        agreement.write_text(_AGREEMENT.replace("EXPORT", f"{name}{records}"), encoding="utf-8")
        (self._place / name).write_bytes(content)

        def run() -> Sequence[Statement]:
            return evaluate([load(agreement)], "2026-10-05", _NEVER, {})

        return fault(run, {name: content} if _is_text(name) else {})

    def preset(self, name: str, content: bytes) -> Fault | None:
        """An export of a product, settled by the shortest agreement."""
        case = CASES[name]
        (self._place / case.name).write_bytes(content)

        def run_case() -> Sequence[Statement]:
            return run(self._place, case.agreement, "2026-10-01", _NEVER)

        return fault(run_case, {case.name: content})

    def read(self, name: str, content: bytes) -> Fault | None:
        """Only the reading, many times as fast: every cell by a rule for times, numbers or words."""
        (self._place / name).write_bytes(content)
        self._read += 1
        if self._scratch is not None and self._read % 200 == 0:
            self._scratch.__exit__(None, None, None)
            self._scratch = None
        if self._scratch is None:
            self._scratch = DuckScratch(self._place).__enter__()
        return fault(lambda: self._records(name), {name: content} if _is_text(name) else {})

    def _records(self, name: str) -> Sequence[Statement]:
        assert self._scratch is not None
        columns = [
            Column("at", ("time",), text_rules.instant(None)),
            Column("state", ("state",), text_rules.text()),
            Column("ms", ("ms",), text_rules.number(6), required=False),
            Column("of", ("of",), text_rules.text(), required=False),
        ]
        file = open_file(self._place / name, name)
        reading = read(self._scratch, [file], columns, ["data.items"] if name.startswith("wrapped") else [], ("NULL",))
        try:
            if found := bad_cells.problems(self._scratch, reading):
                raise DataError(found)
            for rowid in range(min(reading.rows, 20)):
                reading.place(rowid)
        finally:
            self._scratch.fetch(f'DROP TABLE "{reading.table}"')
        return ()


def _is_text(name: str) -> bool:
    return name.endswith((".csv", ".tsv", ".json", ".ndjson"))
