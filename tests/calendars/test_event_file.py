"""The events of iCalendar files, and what is refused of them with its line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from slacheck.calendars.calendar import Calendar
from slacheck.calendars.resolving import Calendars
from slacheck.problems import AgreementError, Problem
from slacheck.timeline.zones import zone

EPOCH = datetime(1970, 1, 1)


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def event(*lines: str, uid: str = "1") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]


def made(directory: Path, *lines: str, place: str = "Europe/Berlin", bare: bool = False, **more: Any) -> Calendars:
    head, tail = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN"], ["END:VCALENDAR"]
    whole = lines if bare else (*head, *lines, *tail)
    (directory / "windows.ics").write_bytes("".join(f"{line}\r\n" for line in whole).encode())
    terms = {"windows": Calendar.model_validate({"file": "windows.ics", **more})}
    return Calendars(terms, zone(place), directory)


def service(calendars: Calendars, lo: str = "2026-01-01", hi: str = "2027-01-01") -> list[tuple[str, str]]:
    found = calendars.service("windows", us(lo), us(hi))
    return [tuple((EPOCH + timedelta(microseconds=at)).isoformat(" ", "minutes") for at in span) for span in found]  # type: ignore[misc]


def refused(calendars: Calendars) -> Problem:
    with pytest.raises(AgreementError) as error:
        calendars.service("windows", us("2026-01-01"), us("2027-01-01"))
    assert error.value.problems == calendars.problems()
    return error.value.problems[0]


def test_a_rule_keeps_the_wall_clock_and_its_exceptions(tmp_path: Path) -> None:
    lines = event(
        "DTSTART;TZID=Europe/Berlin:20260315T020000",
        "DTEND;TZID=Europe/Berlin:20260315T060000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Berlin:20260322T020000",
    )
    # In New York's agreement all the same. On 29 March 02:00 does not exist: the window opens with the change (01:00Z).
    assert service(made(tmp_path, *lines, place="America/New_York")) == [
        ("2026-03-15 01:00", "2026-03-15 05:00"),
        ("2026-03-29 01:00", "2026-03-29 04:00"),
        ("2026-04-05 00:00", "2026-04-05 04:00"),
    ]


def test_an_instance_may_be_moved_or_cancelled(tmp_path: Path) -> None:
    lines = [
        *event("DTSTART:20260105T200000Z", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;COUNT=3"),
        *event("RECURRENCE-ID:20260112T200000Z", "DTSTART:20260113T210000Z", "DTEND:20260113T220000Z"),
        *event("RECURRENCE-ID:20260119T200000Z", "DTSTART:20260119T200000Z", "STATUS:CANCELLED"),
        *event("DTSTART:20260201T200000Z", "DTEND:20260201T210000Z", "STATUS:CANCELLED", uid="2"),
    ]
    assert service(made(tmp_path, *lines)) == [
        ("2026-01-05 20:00", "2026-01-05 22:00"),
        ("2026-01-13 21:00", "2026-01-13 22:00"),
    ]


def test_times_without_a_zone_are_in_the_calendar_s(tmp_path: Path) -> None:
    lines = event("DTSTART:20260105T020000", "DTEND:20260105T060000")
    assert service(made(tmp_path, *lines)) == [("2026-01-05 01:00", "2026-01-05 05:00")]
    assert service(made(tmp_path, *lines, timezone="Asia/Kathmandu")) == [("2026-01-04 20:15", "2026-01-05 00:15")]


def test_an_event_far_from_greenwich_is_found_by_its_instants(tmp_path: Path) -> None:
    lines = event("DTSTART:20260105T020000", "DTEND:20260105T060000")
    apia, honolulu = (made(tmp_path, *lines, place=place) for place in ("Pacific/Apia", "Pacific/Honolulu"))
    assert service(apia, "2026-01-04 14:00", "2026-01-04 15:00") == [("2026-01-04 14:00", "2026-01-04 15:00")]
    assert service(honolulu, "2026-01-05 13:00", "2026-01-05 14:00") == [("2026-01-05 13:00", "2026-01-05 14:00")]


def test_a_zone_may_have_its_name_from_windows(tmp_path: Path) -> None:
    name = "W. Europe Standard Time"
    lines = event(f'DTSTART;TZID="{name}":20260105T020000', f"DTEND;TZID={name}:20260105T060000")
    assert service(made(tmp_path, *lines, place="UTC")) == [("2026-01-05 01:00", "2026-01-05 05:00")]


def test_whole_days_are_those_of_the_calendar_s_zone(tmp_path: Path) -> None:
    # 29 March 2026 has 23 hours in Berlin.
    lines = [
        *event("DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330"),
        *event("DTSTART;VALUE=DATE:20260501", uid="2"),
    ]
    calendars = made(tmp_path, *lines)
    assert service(calendars) == [("2026-03-27 23:00", "2026-03-29 22:00"), ("2026-04-30 22:00", "2026-05-01 22:00")]
    found = calendars.days("windows", date(2026, 1, 1), date(2027, 1, 1))
    assert found == (date(2026, 3, 28), date(2026, 3, 29), date(2026, 5, 1))


def test_an_event_of_more_than_a_day_counts_for_each_of_its_days(tmp_path: Path) -> None:
    lines = [
        *event("DTSTART:20260105T220000", "DTEND:20260106T060000"),
        *event("DTSTART:20260112T220000", "DTEND:20260114T060000", uid="2"),
    ]
    calendars = made(tmp_path, *lines, place="UTC")
    found = calendars.days("windows", date(2026, 1, 1), date(2026, 2, 1))
    assert found == (date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 14))
    assert service(calendars)[1] == ("2026-01-12 22:00", "2026-01-14 06:00")


def test_an_event_that_began_long_ago_is_found(tmp_path: Path) -> None:
    lines = event("DTSTART:20240101T000000Z", "DTEND:20260601T000000Z")
    calendars = made(tmp_path, *lines)
    assert service(calendars, "2026-03-01", "2026-03-02") == [("2026-03-01 00:00", "2026-03-02 00:00")]
    assert service(calendars, "2026-05-31", "2026-06-02") == [("2026-05-31 00:00", "2026-06-01 00:00")]
    assert service(calendars, "2026-06-01", "2026-06-02") == []


def test_a_file_of_another_zone_is_not_read_in_the_calendar_s_in_silence(tmp_path: Path) -> None:
    floating = ["X-WR-TIMEZONE:America/New_York", *event("DTSTART:20260105T020000", "DTEND:20260105T060000")]
    with pytest.raises(AgreementError, match="the file is in America/New_York, but its times") as error:
        service(made(tmp_path, *floating))
    assert error.value.problems[0].line == 4
    assert error.value.problems[0].help == "add timezone: America/New_York beside file"
    told = made(tmp_path, *floating, timezone="America/New_York")
    assert service(told) == [("2026-01-05 07:00", "2026-01-05 11:00")]
    # Its rule is in UTC and stays there, in summer too.
    fixed = event("DTSTART:20260105T020000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;INTERVAL=6")
    assert service(made(tmp_path, floating[0], *fixed))[1] == ("2026-07-05 02:00", "2026-07-05 03:00")


def test_two_events_of_one_uid_are_refused(tmp_path: Path) -> None:
    lines = [*event("DTSTART:20260105T020000Z", "DURATION:PT1H"), *event("DTSTART:20260106T020000Z", "DURATION:PT1H")]
    problem = refused(made(tmp_path, *lines))
    assert (problem.line, problem.message) == (11, "an event of this UID stands above")


def test_a_calendar_without_events_has_no_time(tmp_path: Path) -> None:
    assert service(made(tmp_path)) == []


def test_lines_may_be_folded_and_bytes_marked(tmp_path: Path) -> None:
    calendars = made(tmp_path, *event("DTSTART:20260105T02", " 0000Z", "DTEND:20260105T060000Z", "SUMMARY:Wartung – A"))
    path = tmp_path / "windows.ics"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n"))
    assert service(calendars) == [("2026-01-05 02:00", "2026-01-05 06:00")]


# The event's lines are 4 BEGIN, 5 UID, 6 DTSTAMP, 7 and on what stands here.
@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["DTSTART;TZID=Mars/Here:20260301T020000", "DTEND:20260301T060000"], 7, "unknown time zone 'Mars/Here'"),
        (["DTSTART:2026-03-01", "DTEND:20260301T060000"], 7, "it cannot be read: "),
        (["DTSTART 20260301", "DTEND:20260301T060000"], 7, "it cannot be read: Content line could not be parsed"),
        (["DTSTART:20260301T020000", "DTEND:20260301T060000", "RRULE:FREQ=WEEKLYY"], 9, "it cannot be read: "),
        (["DTSTART:20260301T020000", "DTEND:20260301T060000", "EXDATE:nope"], 9, "it cannot be read: "),
        (["DTSTART:20260301T020000Z", "DTEND:20260301T060000Z", "RRULE:FREQ=HOURLY"], 9, "an event comes more often"),
        (["DTSTART:20260301T020000", "DTEND:20260301T010000"], 8, "an event ends before it has lasted"),
        (["DTSTART:20260301T020000", "DTEND:20260301T020000"], 8, "an event ends before it has lasted"),
        (["DTSTART:20260301T020000", "DURATION:PT0S"], 8, "an event has no length"),
        (["DTSTART:20260301T020000", "DTEND:20260301T030000Z"], 8, "an event has a time in a zone at one end"),
        (["DTSTART:20260301T020000"], 4, "an event has no end"),
        (["DTEND:20260301T020000"], 4, "an event has no DTSTART"),
        (["DTSTART:20260301T020000", "DTEND;VALUE=DATE:20260302"], 8, "an event has a time at one end and a day"),
    ],
)
def test_an_event_that_cannot_be_meant_is_refused_at_its_line(
    tmp_path: Path, lines: list[str], line: int, message: str
) -> None:
    problem = refused(made(tmp_path, *event(*lines)))
    assert (problem.path, problem.code, problem.line) == (str(tmp_path / "windows.ics"), "calendar-file", line)
    assert problem.message.startswith(message)
    assert len(problem.message) < 250


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["date;from;to", "2026-01-01;02:00;06:00"], 1, "it is no iCalendar file"),
        ([], 1, "it is no iCalendar file"),
        (
            ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1"],
            3,
            "BEGIN:VEVENT has no end: the file is cut off",
        ),
        (["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VCALENDAR"], 3, "END:VCALENDAR ends what did not begin"),
        (["BEGIN:VCALENDAR", "END:VCALENDAR"] * 2, 3, "there are two calendars in the file"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, lines: list[str], line: int, message: str) -> None:
    problem = refused(made(tmp_path, *lines, bare=True))
    assert (problem.line, problem.message) == (line, message)


def test_every_event_that_cannot_be_meant_is_told(tmp_path: Path) -> None:
    calendars = made(tmp_path, *event("DTSTART:20260301T020000"), *event("DTEND:20260301T020000", uid="2"))
    assert [problem.line for problem in calendars.problems()] == [4, 9]


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    calendars = made(tmp_path)
    path = tmp_path / "windows.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\r\nX-NAME:W\xe4rme\r\nEND:VCALENDAR\r\n")
    assert (refused(calendars).line, refused(calendars).message) == (2, "it is not UTF-8")
    path.unlink()
    assert refused(calendars).message == "there is no such file"
    path.mkdir()
    assert refused(calendars).message.startswith("the file cannot be read")
