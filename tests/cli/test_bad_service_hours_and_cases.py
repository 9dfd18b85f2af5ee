"""What is wrong with hours, holidays, recurrences, pauses and cases: told with its place, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary import Slacheck

HEAD = """\
slacheck: 1
id: desk
provider: P
customer: C
timezone: Europe/London
"""
TICKETS = """\
sources:
  tickets:
    path: tickets.csv
    shape: cases
    columns: {id: number, opened: opened, resolved: resolved, priority: priority}
    timezone: Europe/London
"""
LEVEL = """\
service_levels:
  resolution:
    measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 4h}
    target: ">= 95%"
    by: priority
    classes: {P1: {}, else: {limit: 8h}}
"""
ROWS = """\
number,opened,resolved,priority
1,2026-10-05 09:00,2026-10-05 10:00,P1
2,2026-10-06 09:00,2026-10-06 15:00,P2
"""


def calendar(text: str) -> str:
    return f"{HEAD}{TICKETS}calendars:\n  desk: {text}\n{LEVEL}"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('{hours: {mon-fri: "09:00-12:00, 11:00-17:00"}}', "overlap", "overlap"),
        ('{hours: {mon: "22:00-06:00", tue: "05:00-09:00"}}', "overlap", "tue"),
        ('{hours: {mon-fri: "09:00-09:00"}}', "hours", "09:00-09:00"),
        ('{hours: {mon-fri: "09:00-25:00"}}', "hours", "25:00"),
        ('{hours: {monday: "09:00-17:00"}}', "not-a-day", "monday"),
        ("{hours: {}}", "hours", ""),
        ('{hours: {mon-fri: "09:00-17:00"}, holidays: {country: GX}}', "unknown-holidays", "GX"),
        ('{hours: {mon-fri: "09:00-17:00"}, holidays: {country: GB, subdivision: ENX}}', "unknown-holidays", "ENX"),
        ('{hours: {mon-fri: "09:00-17:00"}, timezone: Europe/Londn}', "timezone", "did you mean 'Europe/London'?"),
        ('{every: "FREQ=MONTLY;BYDAY=1SU", hours: "02:00-06:00"}', "every", "MONTLY"),
        ('{every: fifth sunday, hours: "02:00-06:00"}', "every", "fifth sunday"),
        ("{all_of: [desk2]}", "unknown-name", "desk2"),
        ("{except: [desk]}", "circle", "desk"),
        ("{file: nowhere.ics}", "calendar-file", "nowhere.ics"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_at_their_place(
    slacheck: Slacheck, tmp_path: Path, text: str, code: str, said: str
) -> None:
    (tmp_path / "agreement.yaml").write_text(calendar(text))
    ran = slacheck("validate", "agreement.yaml")
    assert ran.code == 3
    assert f"error[{code}]" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert code == "calendar-file" or "agreement.yaml:1" in ran.err


def test_a_broken_calendar_file_is_told_with_its_line(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(calendar("{file: windows.ics}"))
    (tmp_path / "windows.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:tomorrow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    ran = slacheck("validate", "agreement.yaml")
    assert ran.code == 3
    assert "windows.ics:5" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("hours: desk, limit: 4h", "hours: desc, limit: 4h", "unknown-name", "did you mean 'desk'?"),
        ("hours: desk, limit: 4h", "limit: 4h", "unused", "nothing uses the calendar 'desk'"),
        (", limit: 4h", "", "no-limit", "of the class 'P1'"),
        ("limit: 4h", "limit: 1d", "days", "write 1 working day, or 24h for 24 counted hours"),
        ("limit: 4h", "limit: 4 hours", "limit", "4 hours"),
        ("limit: 4h", 'limit: {"00:00-12:00": "19:00 same day"}', "limit", "leave a hole"),
        ("limit: 4h", 'limit: "<= 95%"', "unit", "is no length of time"),
        ("by: priority", "by: [priority]", "wrong-shape", "text is wanted"),
        ("between: [opened, resolved]", "between: [opened]", "between", "two instants are wanted here"),
        ("between: [opened, resolved], ", "", "share-within", "one of 'between' and 'value' is wanted"),
        ("{P1: {}, else: {limit: 8h}}", "{}", "classes", "no class is named"),
        ("    by: priority\n", "", "by", "nothing says which records are of the class 'P1'"),
        ("{P1: {}, else: {limit: 8h}}", "{P1: {lmit: 2h}, else: {limit: 8h}}", "unknown-key", "did you mean 'limit'?"),
        ("share-within, from", "elapsed, statistic: p101, from", "statistic", "no statistic 'p101'"),
    ],
)
def test_a_level_of_cases_that_cannot_be_meant_is_refused_at_its_place(
    slacheck: Slacheck, tmp_path: Path, old: str, new: str, code: str, said: str
) -> None:
    text = calendar('{hours: {mon-fri: "09:00-17:00"}}')
    assert old in text
    (tmp_path / "agreement.yaml").write_text(text.replace(old, new))
    ran = slacheck("validate", "agreement.yaml")
    assert ran.code == 3
    assert f"error[{code}]" in ran.err
    assert said in ran.err
    assert "agreement.yaml:1" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3,2026-03-29 01:30,2026-03-30 10:00,P1", "the clocks of Europe/London skip"),
        ("3,2026-10-25 01:30,2026-10-26 10:00,P1", "show twice"),
        ("3,05/10/2026 09:00,2026-10-05 10:00,P1", "opened"),
        (",2026-10-05 09:00,2026-10-05 10:00,P1", "number"),
        ("2,2026-10-05 09:00,2026-10-05 10:00,P1", "the case '2' stands here"),
    ],
)
def test_a_case_that_cannot_be_read_is_told_with_file_and_row(
    slacheck: Slacheck, tmp_path: Path, row: str, said: str
) -> None:
    (tmp_path / "agreement.yaml").write_text(calendar('{hours: {mon-fri: "09:00-17:00"}}'))
    (tmp_path / "tickets.csv").write_text(f"{ROWS}{row}\n")
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--as-of", "2026-11-20T00:00:00Z")
    assert ran.code == 3
    assert said in ran.err
    assert "tickets.csv" in ran.err
    assert "row 4" in ran.err
    assert "Traceback" not in ran.err


def test_a_case_closed_before_it_was_opened_is_told_and_never_met(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(calendar('{hours: {mon-fri: "09:00-17:00"}}'))
    (tmp_path / "tickets.csv").write_text(f"{ROWS}3,2026-10-07 12:00,2026-10-07 11:00,P1\n")
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--as-of", "2026-11-20T00:00:00Z")
    assert ran.code == 1
    assert "tickets.csv:4" in ran.out
    assert "before" in ran.out


PAUSES = """\
  pauses: {path: pauses.csv, shape: events, columns: {start: from, end: to, number: ticket}}
exclusions:
  waiting: {from: pauses, matching: number}
"""


def paused(tmp_path: Path, rows: str) -> None:
    text = calendar('{hours: {mon-fri: "09:00-17:00"}}').replace("id: number", "number: number, id: number")
    text = text.replace("calendars:", f"{PAUSES}calendars:").replace("limit: 4h", "limit: 4h, excluding: [waiting]")
    (tmp_path / "agreement.yaml").write_text(text.replace("matching: number", "matching: number"))
    (tmp_path / "tickets.csv").write_text(ROWS)
    (tmp_path / "pauses.csv").write_text(f"ticket,from,to\n{rows}\n")


def test_a_pause_that_ends_before_it_starts_is_refused(slacheck: Slacheck, tmp_path: Path) -> None:
    paused(tmp_path, "2,2026-10-06T10:00:00Z,2026-10-06T09:00:00Z")
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--as-of", "2026-11-20T00:00:00Z")
    assert ran.code == 3
    assert "pauses.csv" in ran.err
    assert "the end lies before the start" in ran.err


def test_a_pause_that_never_ends_is_told_and_runs_on(slacheck: Slacheck, tmp_path: Path) -> None:
    paused(tmp_path, "2,2026-10-06T09:00:00Z,")
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--as-of", "2026-11-20T00:00:00Z")
    assert ran.code == 0
    assert "pauses.csv:2 never ends" in ran.out


def test_a_percentile_of_nothing_is_not_applicable(slacheck: Slacheck, tmp_path: Path) -> None:
    text = calendar('{hours: {mon-fri: "09:00-17:00"}}')
    level = LEVEL.replace("share-within", "elapsed, statistic: p95").replace(", limit: 4h", "")
    level = level.replace('">= 95%"', '"<= 4h"').replace(
        "classes: {P1: {}, else: {limit: 8h}}", "classes: {P1: {}, P9: {}}"
    )
    (tmp_path / "agreement.yaml").write_text(text.replace(LEVEL, level))
    (tmp_path / "tickets.csv").write_text(ROWS)
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-10", "--as-of", "2026-11-20T00:00:00Z")
    assert "no case in the period" in ran.out
    assert "Traceback" not in ran.err
