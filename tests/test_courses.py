"""The course of a line: where in its period it was down, excluded, unknown or outside, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from slacheck import courses
from slacheck.measures import course
from slacheck.statement import CourseShown, Line
from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import Document, assert_course, assert_courses, run, write

LATER = instant_of(datetime(2026, 10, 1), zone("UTC"))
HEAD: Document = {"timezone": "UTC", "period": "day"}
LOG = {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to"}}
PROBES = {"path": "probes.csv", "shape": "samples", "columns": {"at": "t", "state": "s"}, "hold": "2h"}


def levels(**measures: Any) -> Document:
    return {
        name.replace("_", "-"): {"measure": {"kind": "availability", **measure}, "target": ">= 99%"}
        for name, measure in measures.items()
    }


def spans(of: CourseShown | None) -> list[tuple[str, str, str]]:
    assert of is not None
    return [(each.state, each.start[5:16], each.end[5:16]) for each in of.spans]


def settled(folder: Path, agreement: Document, period: str, as_of: int = LATER) -> list[Line]:
    (statement,) = run(folder, {**HEAD, **agreement}, period, as_of)
    assert_courses([statement])
    return list(statement.lines)


def test_a_working_day_with_a_lunch_break_works_and_an_outage_across_both(tmp_path: Path) -> None:
    write(tmp_path, "log.csv", ("from", "to"), [("2026-09-07T10:00Z", "2026-09-07T14:00Z")])
    write(tmp_path, "works.csv", ("from", "to"), [("2026-09-07T10:30Z", "2026-09-07T11:00Z")])
    agreement = {
        "sources": {"log": LOG, "works": {**LOG, "path": "works.csv"}},
        "calendars": {"desk": {"hours": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}}},
        "exclusions": {"planned": {"from": "works"}},
        "service_levels": levels(desk={"from": "log", "hours": "desk", "excluding": ["planned"]}),
    }
    (line,) = settled(tmp_path, agreement, "2026-09-07")
    assert spans(line.course) == [
        ("outside", "09-07T00:00", "09-07T09:00"),
        ("down", "09-07T10:00", "09-07T10:30"),
        ("excluded", "09-07T10:30", "09-07T11:00"),
        ("down", "09-07T11:00", "09-07T12:00"),
        ("outside", "09-07T12:00", "09-07T13:00"),
        ("down", "09-07T13:00", "09-07T14:00"),
        ("outside", "09-07T17:00", "09-08T00:00"),
    ]
    assert line.course is not None
    assert (line.course.start, line.course.end) == (None, None)


def test_samples_that_stop_in_a_running_week_that_began_before_the_agreement(tmp_path: Path) -> None:
    rows = [("2026-09-08T12:00Z", "up"), ("2026-09-08T13:00Z", "down"), ("2026-09-08T14:30Z", "up")]
    write(tmp_path, "probes.csv", ("t", "s"), rows)
    agreement = {
        "period": "week",
        "effective": "2026-09-08",
        "sources": {"probes": PROBES},
        "service_levels": levels(up={"from": "probes"}),
    }
    (line,) = settled(tmp_path, agreement, "2026-W37", instant_of(datetime(2026, 9, 9, 6), zone("UTC")))
    assert spans(line.course) == [
        ("not-in-force", "09-07T00:00", "09-08T00:00"),
        ("unknown", "09-08T00:00", "09-08T12:00"),
        ("down", "09-08T13:00", "09-08T14:30"),
        ("unknown", "09-08T16:30", "09-09T06:00"),
        ("future", "09-09T06:00", "09-14T00:00"),
    ]


def test_what_is_too_short_to_be_an_outage_is_up_and_excess_is_down(tmp_path: Path) -> None:
    outages = [("2026-09-07T01:00Z", "2026-09-07T01:10Z"), ("2026-09-07T02:00Z", "2026-09-07T02:30Z")]
    write(tmp_path, "log.csv", ("from", "to"), outages)
    write(tmp_path, "works.csv", ("from", "to"), [("2026-09-07T20:00Z", "2026-09-07T22:00Z")])
    agreement = {
        "sources": {"log": LOG, "works": {**LOG, "path": "works.csv"}},
        "exclusions": {"planned": {"from": "works", "allowance": "1h per day", "excess": "downtime"}},
        "outages": {"long": {"from": "log", "lasting": ">= 15m"}},
        "service_levels": levels(up={"from": "long", "excluding": ["planned"]}),
    }
    (line,) = settled(tmp_path, agreement, "2026-09-07")
    assert spans(line.course) == [
        ("down", "09-07T02:00", "09-07T02:30"),
        ("excluded", "09-07T20:00", "09-07T21:00"),
        ("down", "09-07T21:00", "09-07T22:00"),
    ]


def test_each_subject_has_its_own_and_intervals_without_a_request_are_left_out(tmp_path: Path) -> None:
    counts = [
        (host, f"2026-09-07T{hour:02d}:00Z", 0 if hour == empty else 10, 10 if hour == bad else 0)
        for host, empty, bad in (("a", 3, 5), ("b", 7, 8))
        for hour in range(24)
        if (host, hour) != ("b", 20)
    ]
    write(tmp_path, "counts.csv", ("host", "t", "n", "b"), counts)
    columns = {"at": "t", "total": "n", "bad": "b"}
    agreement = {
        "sources": {"counts": {"path": "counts.csv", "shape": "counts", "columns": columns, "interval": "1h"}},
        "outages": {"bad": {"from": "counts", "when": {"bad_share": "> 5%", "each": "1h"}}},
        "service_levels": {"up": {**levels(up={"from": "bad"})["up"], "per": "host", "empty_interval": "skip"}},
    }
    a, b = settled(tmp_path, agreement, "2026-09-07")
    assert spans(a.course) == [("excluded", "09-07T03:00", "09-07T04:00"), ("down", "09-07T05:00", "09-07T06:00")]
    assert spans(b.course) == [
        ("excluded", "09-07T07:00", "09-07T08:00"),
        ("down", "09-07T08:00", "09-07T09:00"),
        ("unknown", "09-07T20:00", "09-07T21:00"),
    ]


def test_a_level_with_a_period_of_its_own_says_from_when_to_when(tmp_path: Path) -> None:
    write(tmp_path, "log.csv", ("from", "to"), [("2026-08-20T10:00Z", "2026-08-20T11:00Z")])
    rolling = levels(up={"from": "log"})["up"] | {"period": {"rolling": "30 days"}}
    agreement = {"sources": {"log": LOG}, "service_levels": {"up": rolling}}
    (line,) = settled(tmp_path, agreement, "2026-09-07")
    assert spans(line.course) == [("down", "08-20T10:00", "08-20T11:00")]
    assert line.course is not None
    assert (line.course.start, line.course.end) == ("2026-08-09T00:00:00Z", "2026-09-08T00:00:00Z")


def test_lines_whose_time_does_not_add_up_to_a_period_have_none(tmp_path: Path) -> None:
    """Of nominal thirty minutes a whole day was down: no stretch of the day is the half hour that counts."""
    write(tmp_path, "log.csv", ("from", "to"), [("2026-09-07T00:00Z", "2026-09-08T00:00Z")])
    nominal = {"period": {"every": "day", "length": "30m"}, "sources": {"log": LOG}}
    (statement,) = run(tmp_path, {**HEAD, **nominal, "service_levels": levels(up={"from": "log"})}, "2026-09-07", LATER)
    (line,) = statement.lines
    assert line.balance is not None
    assert line.balance.down < 24 * 3_600_000_000
    assert line.course is None


def outages(minutes: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(f"2026-09-07T00:{at:02d}Z", f"2026-09-07T00:{at + length:02d}Z") for at, length in minutes]


def test_of_many_the_shortest_are_left_out_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "log.csv", ("from", "to"), outages([(0, 3), (10, 1), (20, 2), (30, 1), (40, 4)]))
    agreement = {
        "sources": {"log": LOG},
        "calendars": {"desk": {"hours": {"mon": ["00:00-01:00", "02:00-03:00", "04:00-05:00"]}}},
        "service_levels": levels(up={"from": "log", "hours": "desk"}),
    }
    monkeypatch.setattr(course, "MOST_SPANS", 2)
    (line,) = settled(tmp_path, agreement, "2026-09-07")
    assert spans(line.course) == [
        ("down", "09-07T00:00", "09-07T00:03"),
        ("down", "09-07T00:40", "09-07T00:44"),
        ("outside", "09-07T01:00", "09-07T02:00"),
        ("outside", "09-07T05:00", "09-08T00:00"),
    ]
    assert line.course is not None
    # Three outages of 1, 2 and 1 minutes, and one of the hours between.
    assert (line.course.left_out, line.course.left_out_time) == (4, 64 * 60_000_000)
    assert_course(line)


def test_of_many_lines_the_gravest_have_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        "log.csv",
        ("host", "from", "to"),
        [(host, "2026-09-07T00:00Z", "2026-09-07T00:01Z") for host in "abd"],
    )
    with (tmp_path / "log.csv").open("a", encoding="utf-8") as file:
        file.write("c,2026-09-07T01:00Z,2026-09-07T23:00Z\n")
    level = {**levels(up={"from": "log"})["up"], "per": "host"}
    monkeypatch.setattr(courses, "MOST_LINES", 2)
    (statement,) = run(
        tmp_path, {**HEAD, "sources": {"log": LOG}, "service_levels": {"up": level}}, "2026-09-07", LATER
    )
    assert [line.subject for line in statement.lines if line.course is not None] == ["a", "c"]
