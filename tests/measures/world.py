"""Agreements settled in a folder of their own, and what a day looks like to a plain loop."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import Line

Span = tuple[int, int]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONDAY = 1_788_739_200_000_000  # 2026-09-07T00:00:00Z
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATER = MONDAY + 100 * DAY


def written(instant: int) -> str:
    return (EPOCH + timedelta(microseconds=instant)).isoformat()


def settled(
    files: Mapping[str, Sequence[Sequence[object]]],
    terms: Mapping[str, Any],
    period: str = "2026-09-07",
    as_of: int = LATER,
) -> dict[tuple[str, str], Line]:
    """The lines of one statement by level and subject. The first row of each file is its header."""
    head = {
        "slacheck": 1,
        "id": "x",
        "provider": "Provider",
        "customer": "Customer",
        "timezone": "UTC",
        "period": "day",
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, rows in files.items():
            with (folder / file).open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows(rows)
        (folder / "agreement.yaml").write_text(json.dumps({**head, **terms}), encoding="utf-8")
        (statement,) = evaluate([load(folder / "agreement.yaml")], period, as_of, {})
    return {(line.level, line.subject): line for line in statement.lines}


def inside(instant: int, spans: Sequence[Span]) -> bool:
    return any(start <= instant < end for start, end in spans)


@dataclass(frozen=True)
class Taken:
    """Stretches of one log: (start, end, host or region)."""

    rows: tuple[tuple[int, int, str], ...]

    def of(self, name: str) -> list[Span]:
        return [(start, end) for start, end, whose in self.rows if whose == name]

    def file(self, whose: str) -> list[Sequence[object]]:
        return [("from", "to", whose), *((written(start), written(end), name) for start, end, name in self.rows)]
