"""Numbers affected that contradict each other or say nothing: refused with the place of the record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import slacheck
from slacheck.problems import DataError

AGREEMENT = """slacheck: 1
id: a
provider: P
customer: C
timezone: UTC
period: day
sources:
  log: {path: log.csv, shape: events, columns: {start: start, end: end, hit: hit, users: users}}
outages:
  part: {from: log, weight: {affected: hit, total: users}}
service_levels:
  uptime: {measure: {kind: availability, from: part}, target: ">= 99%"}
"""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["10:00,11:00,5,10", "10:30,10:40,5,20"], ["weight", "log.csv:2"]),
        (["10:00,11:00,11,10"], ["weight", "'hit' of 'users'"]),
        (["10:00,11:00,1,0"], ["weight", "'hit' of 'users'"]),
        (["10:00,11:00,,10"], ["weight", "a number is missing"]),
        (["10:00,11:00,0.000000000000000001,99999999999"], ["too-many-digits", "too many digits"]),
    ],
)
def test_a_share_that_cannot_be_is_refused(tmp_path: Path, rows: list[str], said: list[str]) -> None:
    (tmp_path / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    cells = [row.split(",") for row in rows]
    text = "".join(f"2026-09-15T{s}:00Z,2026-09-15T{e}:00Z,{hit},{users}\n" for s, e, hit, users in cells)
    (tmp_path / "log.csv").write_text("start,end,hit,users\n" + text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        slacheck.evaluate(tmp_path / "agreement.yaml", period="2026-09-15", as_of=datetime(2026, 10, 1, tzinfo=UTC))
    (problem,) = refused.value.problems
    assert problem.code == said[0]
    assert said[1] in problem.message
