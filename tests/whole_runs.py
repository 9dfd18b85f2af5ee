"""Whole runs, from files to lines: what the tests that compare them with an oracle write, run and read."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import Line, Statement

Document = dict[str, Any]


def examples(most: int) -> settings:
    return settings(
        max_examples=most,
        derandomize=True,
        deadline=None,
        database=None,
        # One run takes up to a second: shrinking would take minutes.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def write(folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def run(folder: Path, agreement: Document, period: str, as_of: int) -> list[Statement]:
    whole = {"slacheck": 1, "id": "hosting", "provider": "Northwind", "customer": "Acme", **agreement}
    (folder / "agreement.yaml").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return evaluate([load(folder / "agreement.yaml")], period, as_of, {})


def lines_of(statements: Sequence[Statement]) -> dict[tuple[str, str, str], Line]:
    found = {(each.period.label, line.level, line.subject): line for each in statements for line in each.lines}
    assert len(found) == sum(len(each.lines) for each in statements)
    return found


def exact(value: object) -> Fraction | None:
    return None if value is None else value.fraction  # type: ignore[attr-defined]
