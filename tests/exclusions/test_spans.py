"""Stretches written by hand: with an offset, in the agreement's zone, or as whole days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.exclusions import Exclusion, Point, Stretch
from slacheck.language.quantities import HOUR, SECOND, Unreadable
from slacheck.timeline.zones import DAY, instant_of, zone
from tests.exclusions.calendars import at

UTC = zone("UTC")
BERLIN = zone("Europe/Berlin")
KATHMANDU = zone("Asia/Kathmandu")


def stretch(start: str, end: str) -> Stretch:
    return Stretch.model_validate({"start": start, "end": end})


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-03T02:00:00Z", at("2026-10-03 02:00", UTC)),
        ("2026-10-03 02:00Z", at("2026-10-03 02:00", UTC)),
        ("2026-10-03T02:00:00+02:00", at("2026-10-03 00:00", UTC)),
        ("2026-10-03T02:00:00 -0530", at("2026-10-03 07:30", UTC)),
        ("2026-10-03T24:00:00Z", at("2026-10-04 00:00", UTC)),
        # Germany is two hours before Greenwich on this day, and one hour from 25 October on.
        ("2026-10-03 02:00", at("2026-10-03 00:00", UTC)),
        ("2026-10-26T02:00:30", at("2026-10-26 01:00", UTC) + 30 * SECOND),
        ("2026-10-03 02:00:00.25", at("2026-10-03 00:00", UTC) + SECOND // 4),
        ("2026-10-03 24:00", at("2026-10-03 22:00", UTC)),
        ("2026-10-03", at("2026-10-02 22:00", UTC)),
    ],
)
def test_when_a_point_of_time_is_in_berlin(text: str, instant: int) -> None:
    assert Point.read(text).begins(BERLIN) == instant


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "2026-10", "03.10.2026", "2026-10-3", "2026-02-29", "2026-10-03 2:00", "2026-10-03 25:00"),
        *("2026-10-03 24:01", "2026-10-03 02:60", "2026-10-03T02:00:60Z", "2026-10-03T02:00+24:00", "1899-12-31"),
        *("2026-10-03 02", "2026-10-03Z", "2026-10-03T02:00:00.1234567Z"),
    ],
)
def test_what_is_no_point_of_time(text: str) -> None:
    with pytest.raises(Unreadable):
        Point.read(text)


def test_the_last_day_is_included_and_a_day_may_have_25_hours() -> None:
    start, end = stretch("2026-10-24", "2026-10-25").window(BERLIN)
    assert (start, end) == (at("2026-10-24 00:00", BERLIN), at("2026-10-26 00:00", BERLIN))
    assert end - start == 49 * HOUR
    start, end = stretch("2026-10-03 12:00", "2026-10-03").window(KATHMANDU)
    assert end - start == 12 * HOUR


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-10-03", "2026-10-03", []),
        ("2026-10-03 02:00", "2026-10-03 02:00", [("end", "dates")]),
        ("2026-10-04", "2026-10-03", [("end", "dates")]),
        # 02:30 in Berlin is 00:30 in UTC.
        ("2026-10-03 02:30", "2026-10-03T00:30:00Z", [("end", "dates")]),
        ("2026-10-03 02:30", "2026-10-03T00:31:00Z", []),
        # The clocks are put back from 03:00 to 02:00 on 25 October, and forward from 02:00 to 03:00 on 29 March.
        ("2026-10-25 02:30", "2026-10-25 04:00", [("start", "unclear-time")]),
        ("2026-10-25 01:30", "2026-10-25 02:00", [("end", "unclear-time")]),
        ("2026-03-29 02:00", "2026-03-29 02:59", [("start", "unclear-time"), ("end", "unclear-time")]),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", []),
    ],
)
def test_what_a_zone_finds_wrong(start: str, end: str, found: list[tuple[str, str]]) -> None:
    faults = list(stretch(start, end).faults(BERLIN))
    assert [(*fault.steps, fault.code) for fault in faults] == found
    assert all(fault.message and fault.help for fault in faults)


def test_the_faults_of_an_exclusion_lead_to_the_span() -> None:
    spans = [{"start": "2026-10-03", "end": "2026-10-03"}, {"start": "2026-03-29 02:30", "end": "2026-03-30"}]
    (fault,) = Exclusion.model_validate({"spans": spans}).faults(BERLIN)
    assert fault.steps == ("spans", 1, "start")
    assert "does not exist in Europe/Berlin" in fault.message


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
    st.integers(-23 * 60, 23 * 60),
)
def test_a_time_with_its_offset_is_what_the_standard_library_reads(wall: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{wall.isoformat(timespec='microseconds')}{sign}{hours:02}:{rest:02}"
    read = datetime.fromisoformat(text)
    offset = read.utcoffset()
    assert offset is not None
    assert Point.read(text).begins(BERLIN) == instant_of(read.replace(tzinfo=None) - offset, UTC)


@given(st.dates(datetime(1975, 1, 1).date(), datetime(2090, 1, 1).date()), st.integers(0, 40))
def test_whole_days_join_without_a_hole(day: object, more: int) -> None:
    first = datetime.fromisoformat(str(day))
    last = first + timedelta(days=more)
    following = last + timedelta(days=1)
    one = stretch(str(first.date()), str(last.date())).window(BERLIN)
    two = stretch(str(following.date()), str(following.date())).window(BERLIN)
    assert one[1] == two[0]
    assert abs(one[1] - one[0] - (more + 1) * DAY) <= HOUR
