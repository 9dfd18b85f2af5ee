"""Levels over sources of different kinds are settled in one run, as agreements have them."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

import slacheck

HEADER = "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\nperiod: day\n"

PROBES = ("availability", "{path: probes.csv, shape: samples, columns: {at: at, state: state}, hold: until-next}")
LOG = ("availability", "{path: log.csv, shape: events, columns: {start: start, end: end}}")
SUMS = (
    "success-rate",
    "{path: sums.csv, shape: counts, columns: {at: at, total: all, bad: bad}, absent_rows: empty}",
)
ROWS = ("success-rate", '{path: rows.csv, shape: counts, columns: {at: at}, bad: {status: "500"}, absent_rows: empty}')

FILES = {
    "probes.csv": "at,state,host\n2026-10-05T00:00:00Z,up,x\n2026-10-05T12:00:00Z,down,x\n",
    "log.csv": "start,end,host\n2026-10-05T00:00:00Z,2026-10-05T12:00:00Z,x\n",
    "sums.csv": "at,all,bad,host\n2026-10-05T00:00:00Z,10,5,x\n",
    "rows.csv": "at,status,host\n2026-10-05T00:00:00Z,200,x\n2026-10-05T00:00:00Z,500,x\n",
}


@pytest.mark.parametrize(("first_per", "second_per"), [*product(["", ", per: host"], repeat=2)])
@pytest.mark.parametrize(("first", "second"), [(PROBES, LOG), (LOG, PROBES), (SUMS, ROWS), (ROWS, SUMS)])
def test_two_kinds_of_source_stand_beside_each_other(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], first_per: str, second_per: str
) -> None:
    """Each of the sources was good for half of the day, or of the requests."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    agreement = tmp_path / "agreement.yaml"
    agreement.write_text(
        f"{HEADER}sources:\n  one: {first[1]}\n  two: {second[1]}\nservice_levels:\n"
        f'  first: {{measure: {{kind: {first[0]}, from: one}}, target: ">= 40%"{first_per}}}\n'
        f'  second: {{measure: {{kind: {second[0]}, from: two}}, target: ">= 60%"{second_per}}}\n',
        encoding="utf-8",
    )
    statement = slacheck.evaluate(agreement, period="2026-10-05", as_of=datetime(2026, 10, 7, tzinfo=UTC))
    values = [line.worst.fraction for line in statement.lines if line.worst is not None]
    assert values == [Fraction(1, 2), Fraction(1, 2)]
    assert [line.verdict for line in statement.lines] == ["met", "breached"]
