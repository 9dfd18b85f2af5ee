"""Time taken out of one member of a quorum, and what cannot be taken out of states."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

import slacheck
from slacheck.problems import DataError
from slacheck.statement import Line

HEAD = "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\nperiod: day\n"
SOURCES = """sources:
  gauges: {path: gauges.csv, shape: samples, columns: {at: at, state: state}, hold: until-next}
  works: {path: works.csv, shape: events, columns: {start: start, end: end}}
exclusions:
  works: {from: works, matching: sensor}
"""
GAUGES = """at,room,sensor,state
2026-09-15T00:00:00Z,hall,a,up
2026-09-15T00:00:00Z,hall,b,up
2026-09-15T00:00:00Z,cellar,a,up
2026-09-15T02:00:00Z,hall,a,down
2026-09-15T06:00:00Z,hall,a,up
2026-09-15T04:00:00Z,hall,b,down
2026-09-15T08:00:00Z,hall,b,up
2026-09-15T10:00:00Z,cellar,a,down
2026-09-15T12:00:00Z,cellar,a,up
"""
WORKS = "sensor,start,end\na,2026-09-15T03:00:00Z,2026-09-15T05:00:00Z\nb,2026-09-15T11:00:00Z,2026-09-15T12:00:00Z\n"


def lines(directory: Path, rest: str) -> dict[str, Line]:
    (directory / "agreement.yaml").write_text(HEAD + SOURCES + rest, encoding="utf-8")
    (directory / "gauges.csv").write_text(GAUGES, encoding="utf-8")
    (directory / "works.csv").write_text(WORKS, encoding="utf-8")
    statement = slacheck.evaluate(
        directory / "agreement.yaml", period="2026-09-15", as_of=datetime(2026, 10, 1, tzinfo=UTC)
    )
    return {line.subject: line for line in statement.lines}


def test_work_on_one_sensor_is_taken_out_of_that_sensor_in_every_room(tmp_path: Path) -> None:
    """Hall: a is out 02-03 and 05-06 beside the work on it, b 04-08: five. Cellar: a is out 10-12."""
    found = lines(
        tmp_path,
        "outages:\n  any: {from: gauges, quorum: 1 of sensor}\nservice_levels:\n"
        "  range: {per: room, measure: {kind: availability, from: any, excluding: [works]}, target: '>= 99%'}\n",
    )
    assert {name: line.best.fraction for name, line in found.items() if line.best} == {
        "cellar": Fraction(22, 24),
        "hall": Fraction(19, 24),
    }


def test_all_members_of_a_group_are_those_that_it_has(tmp_path: Path) -> None:
    """Both of the hall at once, without the work on a: 05 to 06. The cellar has one sensor, which is all of it."""
    found = lines(
        tmp_path,
        "outages:\n  every: {from: gauges, quorum: all of sensor}\nservice_levels:\n"
        "  range: {per: room, measure: {kind: availability, from: every, excluding: [works]}, target: '>= 99%'}\n",
    )
    assert {name: line.best.fraction for name, line in found.items() if line.best} == {
        "cellar": Fraction(22, 24),
        "hall": Fraction(23, 24),
    }


def test_time_is_not_taken_out_of_states_by_a_column_that_does_not_tell_them_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        lines(
            tmp_path,
            "outages:\n  any: {from: gauges, where: {room: hall, sensor: a}}\nservice_levels:\n"
            "  range: {measure: {kind: availability, from: any, excluding: [works]}, target: '>= 99%'}\n",
        )
    assert [problem.code for problem in refused.value.problems] == ["matching"]


def test_two_states_of_one_member_are_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(
        HEAD
        + SOURCES.split("exclusions", maxsplit=1)[0].split("  works", maxsplit=1)[0]
        + "outages:\n  any: {from: gauges, quorum: 1 of sensor}\nservice_levels:\n"
        "  range: {measure: {kind: availability, from: any}, target: '>= 99%'}\n",
        encoding="utf-8",
    )
    (tmp_path / "gauges.csv").write_text(
        "at,sensor,state\n2026-09-15T00:00:00Z,a,up\n2026-09-15T00:00:00Z,a,down\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="two states of 'a' at one instant"):
        slacheck.evaluate(tmp_path / "agreement.yaml", period="2026-09-15", as_of=datetime(2026, 10, 1, tzinfo=UTC))
