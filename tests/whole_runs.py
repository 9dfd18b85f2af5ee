"""Whole runs, from files to lines: what the tests that compare them with an oracle write, run and read."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import MOST_LINES, Line, Statement, gravest_first

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
    assert_courses(statements)
    return found


def wherever_written(lines: Mapping[tuple[str, str, str], Line]) -> dict[tuple[str, str, str], Line]:
    """The lines without the place of their levels, which depends on what else the agreement says."""
    return {key: line.model_copy(update={"agreement_line": 0}) for key, line in lines.items()}


def assert_courses(statements: Sequence[Statement]) -> None:
    """The gravest lines with a balance have a course, and no others; each adds up to the balance."""
    for statement in statements:
        of_time = [at for at in gravest_first(statement.lines, MOST_LINES) if statement.lines[at].balance is not None]
        assert sorted(of_time) == [at for at, line in enumerate(statement.lines) if line.course is not None]
        for at in of_time:
            assert_course(statement.lines[at])


def assert_course(line: Line) -> None:
    """What was not up, span by span, adds up to the balance; in order, and no two overlap or touch alike."""
    balance, course = line.balance, line.course
    assert balance is not None
    assert course is not None
    before, sums = None, dict[str, int]()
    for each in course.spans:
        start, end = microseconds_of(each.start), microseconds_of(each.end)
        assert start < end
        assert before is None or before[0] < start or (before[0] == start and before[1] != each.state)
        before = (end, each.state)
        sums[each.state] = sums.get(each.state, 0) + end - start
    told = [sums.get(state, 0) for state in ("down", "excluded", "unknown", "outside", "not-in-force", "future")]
    held = [balance.down, balance.excluded, balance.unknown, balance.outside, balance.not_in_force, balance.future]
    if course.left_out == 0:
        assert course.left_out_time == 0
        assert told == held
    assert all(a <= b for a, b in zip(told, held, strict=True))
    assert sum(told) + course.left_out_time == sum(held)


def microseconds_of(instant: str) -> int:
    """An instant of a statement in microseconds."""
    return (datetime.fromisoformat(instant) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def exact(value: object) -> Fraction | None:
    return None if value is None else value.fraction  # type: ignore[attr-defined]
