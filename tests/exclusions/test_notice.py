"""Notice in working days: the start's time of day on the n-th working day before it, that instant included."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slacheck.exclusions import Candidate, Exclusion, notice_given
from slacheck.language.quantities import HOUR
from slacheck.timeline.zones import instant_of, zone
from tests.exclusions.calendars import Fake, at, weekdays

BERLIN = zone("Europe/Berlin")
# German Unity Day, a Saturday in 2026, and the Thursday before it, which the office takes off too.
HOLIDAYS = (date(2026, 10, 1), date(2026, 10, 3))
CALENDARS = Fake(BERLIN, {"office": weekdays(*HOLIDAYS), "never": lambda _: []})


def exclusion(notice: str, calendar: str = "office") -> Exclusion:
    return Exclusion.model_validate({"from": "log", "notice": notice, "calendar": calendar})


def ruled(notice: str, announced: str, start: str, calendar: str = "office") -> str:
    told, begin = at(announced, BERLIN), at(start, BERLIN)
    record = Candidate(begin, begin + HOUR, told, "log.csv, row 2")
    return notice_given(exclusion(notice, calendar), record, BERLIN, CALENDARS)


@pytest.mark.parametrize(
    ("announced", "start", "given"),
    [
        # June 2026 has no holiday; the 1st is a Monday. From Monday to Monday at one time of day: five working days.
        ("2026-06-01 10:00", "2026-06-08 10:00", 5),
        ("2026-06-01 10:00:00.000001", "2026-06-08 10:00", 4),
        ("2026-06-01 23:00", "2026-06-08 10:00", 4),
        ("2026-06-01 00:00", "2026-06-08 10:00", 5),
        # On Saturday at 02:00 five of them have passed since Monday at 02:00.
        ("2026-06-01 02:00", "2026-06-06 02:00", 5),
        ("2026-06-01 02:01", "2026-06-06 02:00", 4),
        ("2026-05-31 23:59", "2026-06-06 02:00", 5),
        # The weekend adds nothing, at whatever time of day it is announced.
        ("2026-06-05 10:00", "2026-06-08 10:00", 1),
        ("2026-06-05 11:00", "2026-06-08 10:00", 0),
        ("2026-06-06 03:00", "2026-06-08 10:00", 0),
        ("2026-06-06 03:00", "2026-06-09 02:00", 1),
        ("2026-06-08 09:00", "2026-06-08 10:00", 0),
        # Thursday the 1st is a holiday, so of that week four are left.
        ("2026-09-28 10:00", "2026-10-05 10:00", 4),
        ("2026-09-25 10:00", "2026-10-05 10:00", 5),
        # The day has 25 hours on 25 October, and the time of day is kept all the same.
        ("2026-10-23 10:00", "2026-10-26 10:00", 1),
    ],
)
def test_how_many_working_days_lie_between(announced: str, start: str, given: int) -> None:
    for wanted in range(1, 8):
        said = f"announced {given} working day{'' if given == 1 else 's'} before; {wanted} working days needed"
        expected = "" if given >= wanted else said
        assert ruled(f"{wanted} working days", announced, start) == expected


def test_the_fifth_business_day_before_a_start_on_a_wednesday() -> None:
    """SAP asks for five business days. Before Wednesday 17 June 2026: Tue 16, Mon 15, Fri 12, Thu 11, Wed 10."""
    assert ruled("5 working days", "2026-06-10 20:00", "2026-06-17 20:00") == ""
    late = ruled("5 working days", "2026-06-10 20:01", "2026-06-17 20:00")
    assert late == "announced 4 working days before; 5 working days needed"


def test_what_is_told_when_it_was_never_announced_or_only_afterwards() -> None:
    record = Candidate(0, HOUR, None, "log.csv, row 2")
    assert (
        notice_given(exclusion("1 working day"), record, BERLIN, CALENDARS) == "never announced; 1 working day needed"
    )
    after = ruled("1 working day", "2026-06-08 10:01", "2026-06-08 10:00")
    assert after == "announced after it began; 1 working day needed"


def test_a_calendar_without_working_days_ends_the_search_at_the_announcement() -> None:
    said = ruled("1 working day", "2020-06-08 10:00", "2026-06-08 10:00", "never")
    assert said == "announced 0 working days before; 1 working day needed"


def test_an_announcement_of_long_ago_asks_the_calendar_for_no_more_than_it_needs() -> None:
    calendars = Fake(BERLIN, {"office": weekdays()})
    record = Candidate(at("2026-06-08 10:00", BERLIN), at("2026-06-08 11:00", BERLIN), at("1990-01-01", BERLIN), "")
    assert notice_given(exclusion("5 working days"), record, BERLIN, calendars) == ""
    ((name, first, end),) = calendars.asked
    assert (name, end) == ("office", date(2026, 6, 8))
    assert first > date(2026, 1, 1)  # type: ignore[operator]


def test_without_calendars_working_days_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="names a calendar"):
        notice_given(exclusion("5 working days"), Candidate(HOUR, HOUR, 0, ""), BERLIN)


DAYS = st.integers(0, 25)


@settings(max_examples=150)
@given(DAYS, st.integers(0, 23), DAYS, st.integers(0, 23), st.integers(1, 12), st.frozensets(DAYS, max_size=4))
@example(0, 10, 7, 10, 5, frozenset())
def test_it_is_the_nth_working_day_backwards_at_the_same_time_of_day(
    told_day: int, told_hour: int, more: int, hour: int, wanted: int, off: frozenset[int]
) -> None:
    """Against a walk back from the start, day by day. July and August have no change of the clocks."""
    base = datetime(2026, 7, 1)
    office = weekdays(*(base.date() + timedelta(days=each) for each in off))
    told = base + timedelta(days=told_day, hours=told_hour)
    start = base + timedelta(days=told_day + more, hours=hour)
    if told > start:
        return
    latest, left = start, wanted
    while left:
        latest -= timedelta(days=1)
        left -= bool(office(latest.date()))
    record = Candidate(instant_of(start, BERLIN), instant_of(start, BERLIN), instant_of(told, BERLIN), "")
    said = notice_given(exclusion(f"{wanted} working days"), record, BERLIN, Fake(BERLIN, {"office": office}))
    assert (said == "") is (told <= latest)
