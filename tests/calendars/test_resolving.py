"""Civil hours as instants, worked by hand from the offsets of the tz database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from slacheck.calendars.calendar import Calendar
from slacheck.calendars.resolving import Calendars, Holiday
from slacheck.problems import AgreementError
from slacheck.timeline.zones import zone

EPOCH = datetime(1970, 1, 1)
HOUR = 3_600_000_000


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def calendars(place: str = "UTC", **terms: Any) -> Calendars:
    named = {name.replace("_", "-"): Calendar.model_validate(value) for name, value in terms.items()}
    return Calendars(named, zone(place), Path("nowhere"), "sla.yaml")


def service(place: str, terms: Any, lo: str, hi: str) -> list[tuple[str, str]]:
    """The service time of one calendar, as UTC to the second."""
    found = calendars(place, desk=terms).service("desk", us(lo), us(hi))
    return [(written(start), written(end)) for start, end in found]


def written(instant: int) -> str:
    return (EPOCH + timedelta(microseconds=instant)).isoformat(sep=" ", timespec="minutes")


def days(place: str, terms: Any, first: str, end: str) -> list[str]:
    found = calendars(place, desk=terms).days("desk", date.fromisoformat(first), date.fromisoformat(end))
    return [str(day) for day in found]


@pytest.mark.parametrize(
    ("place", "hours", "day", "expected"),
    [
        # Berlin: 02:00 CET is 03:00 CEST at 01:00Z on 29 March; 03:00 CEST is 02:00 CET at 01:00Z on 25 October.
        ("Europe/Berlin", "00:00-24:00", "2026-03-29", ("2026-03-28 23:00", "2026-03-29 22:00")),
        ("Europe/Berlin", "01:00-04:00", "2026-03-29", ("2026-03-29 00:00", "2026-03-29 02:00")),
        ("Europe/Berlin", "02:30-05:00", "2026-03-29", ("2026-03-29 01:00", "2026-03-29 03:00")),
        ("Europe/Berlin", "01:00-02:30", "2026-03-29", ("2026-03-29 00:00", "2026-03-29 01:00")),
        ("Europe/Berlin", "01:00-02:00", "2026-03-29", ("2026-03-29 00:00", "2026-03-29 01:00")),
        ("Europe/Berlin", "03:00-04:00", "2026-03-29", ("2026-03-29 01:00", "2026-03-29 02:00")),
        ("Europe/Berlin", "02:15-02:45", "2026-03-29", None),
        ("Europe/Berlin", "00:00-24:00", "2026-10-25", ("2026-10-24 22:00", "2026-10-25 23:00")),
        ("Europe/Berlin", "01:00-04:00", "2026-10-25", ("2026-10-24 23:00", "2026-10-25 03:00")),
        ("Europe/Berlin", "02:30-05:00", "2026-10-25", ("2026-10-25 00:30", "2026-10-25 04:00")),
        ("Europe/Berlin", "01:00-02:30", "2026-10-25", ("2026-10-24 23:00", "2026-10-25 01:30")),
        ("Europe/Berlin", "02:15-02:45", "2026-10-25", ("2026-10-25 00:15", "2026-10-25 01:45")),
        # 02:00 happens twice, but every time before it happened once.
        ("Europe/Berlin", "01:00-02:00", "2026-10-25", ("2026-10-24 23:00", "2026-10-25 00:00")),
        ("Europe/Berlin", "03:00-04:00", "2026-10-25", ("2026-10-25 02:00", "2026-10-25 03:00")),
        # Lord Howe moves by half an hour: +10:30 to +11 at 15:30Z on 3 October, back at 15:00Z on 4 April.
        ("Australia/Lord_Howe", "00:00-24:00", "2026-10-04", ("2026-10-03 13:30", "2026-10-04 13:00")),
        ("Australia/Lord_Howe", "02:00-03:00", "2026-10-04", ("2026-10-03 15:30", "2026-10-03 16:00")),
        ("Australia/Lord_Howe", "00:00-24:00", "2026-04-05", ("2026-04-04 13:00", "2026-04-05 13:30")),
        ("America/New_York", "00:00-24:00", "2026-03-08", ("2026-03-08 05:00", "2026-03-09 04:00")),
        ("America/New_York", "00:00-24:00", "2026-11-01", ("2026-11-01 04:00", "2026-11-02 05:00")),
        ("America/New_York", "09:00-17:00", "2026-03-08", ("2026-03-08 13:00", "2026-03-08 21:00")),
        ("Asia/Kathmandu", "09:00-17:00", "2026-01-04", ("2026-01-04 03:15", "2026-01-04 11:15")),
        # Havana puts its clocks back at 01:00, so midnight happens twice, and the night before ends at the first.
        ("America/Havana", "00:00-24:00", "2026-11-01", ("2026-11-01 04:00", "2026-11-02 05:00")),
    ],
)
def test_hours_are_those_of_the_wall_clock(place: str, hours: str, day: str, expected: tuple[str, str] | None) -> None:
    terms = {"hours": {"sun": hours}}
    noon = datetime.fromisoformat(f"{day} 12:00")
    lo, hi = noon - timedelta(days=2), noon + timedelta(days=2)
    assert service(place, terms, str(lo), str(hi)) == ([expected] if expected else [])
    assert days(place, terms, str(lo.date()), str(hi.date())) == ([day] if expected else [])


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        ("America/Havana", "2026-10-31", ("2026-11-01 00:00", "2026-11-01 04:00")),
        # Newfoundland (UTC-2:30 in summer) put its clocks back at 00:01, to 23:01 of the day before.
        ("America/St_Johns", "2010-11-06", ("2010-11-06 22:30", "2010-11-07 02:30")),
    ],
)
def test_the_night_before_midnight_happens_twice_ends_at_the_first(
    place: str, day: str, expected: tuple[str, str]
) -> None:
    until = str(date.fromisoformat(day) + timedelta(days=3))
    assert service(place, {"hours": {"sat": "20:00-24:00"}}, day, until) == [expected]


def test_a_day_that_was_skipped_has_no_hours_and_is_no_working_day() -> None:
    # Samoa went from 29 December 2011, 24:00 (UTC-10) to 31 December, 00:00 (UTC+14), at 10:00Z on the 30th.
    terms = {"hours": {"daily": "09:00-17:00"}}
    assert service("Pacific/Apia", terms, "2011-12-29 12:00", "2012-01-01 12:00") == [
        ("2011-12-29 19:00", "2011-12-30 03:00"),
        ("2011-12-30 19:00", "2011-12-31 03:00"),
        ("2011-12-31 19:00", "2012-01-01 03:00"),
    ]
    assert days("Pacific/Apia", terms, "2011-12-29", "2012-01-01") == ["2011-12-29", "2011-12-31"]
    whole = {"hours": {"daily": "00:00-24:00"}}
    assert service("Pacific/Apia", whole, "2011-12-29", "2012-01-02") == [("2011-12-29 00:00", "2012-01-02 00:00")]
    always = calendars("Pacific/Apia")
    assert len(always.days("always", date(2011, 12, 29), date(2012, 1, 1))) == 2


def test_hours_overnight_run_into_the_next_week() -> None:
    # 4 January 2026 is a Sunday.
    terms = {"hours": {"sun": "22:00-06:00"}}
    assert service("UTC", terms, "2026-01-04", "2026-01-06") == [("2026-01-04 22:00", "2026-01-05 06:00")]
    assert service("UTC", terms, "2026-01-05", "2026-01-06") == [("2026-01-05 00:00", "2026-01-05 06:00")]
    assert service("UTC", terms, "2026-01-05 05:30", "2026-01-05 05:45") == [("2026-01-05 05:30", "2026-01-05 05:45")]
    assert days("UTC", terms, "2026-01-04", "2026-01-12") == ["2026-01-04", "2026-01-11"]


def test_hours_that_touch_are_one() -> None:
    terms = {"hours": {"daily": "00:00-12:00, 12:00-24:00"}}
    assert service("Europe/Berlin", terms, "2026-03-01", "2026-04-30") == [("2026-03-01 00:00", "2026-04-30 00:00")]


def test_the_weeks_of_an_office_in_berlin() -> None:
    # Friday 27 March, Monday 30 March 2026: an hour earlier in UTC after the change.
    terms = {"hours": {"mon-fri": "09:00-17:30"}}
    assert service("Europe/Berlin", terms, "2026-03-27", "2026-03-31") == [
        ("2026-03-27 08:00", "2026-03-27 16:30"),
        ("2026-03-30 07:00", "2026-03-30 15:30"),
    ]


def test_a_calendar_may_have_a_zone_of_its_own() -> None:
    terms = {"hours": {"mon": "09:00-17:00"}, "timezone": "America/New_York"}
    assert service("Europe/Berlin", terms, "2026-01-05", "2026-01-06") == [("2026-01-05 14:00", "2026-01-05 22:00")]
    made = calendars("Europe/Berlin", ny=terms)
    assert (made.zone("ny").key, made.zone("always").key) == ("America/New_York", "Europe/Berlin")


ENGLAND = {"country": "GB", "subdivision": "ENG"}


def test_the_bank_holidays_of_england_in_2026() -> None:
    # https://www.gov.uk/bank-holidays, England and Wales: 28 December stands in for Boxing Day, a Saturday.
    official = ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]
    made = calendars("Europe/London", desk={"hours": {"mon-fri": "09:00-17:30"}, "holidays": ENGLAND})
    working = made.days("desk", date(2026, 1, 1), date(2027, 1, 1))
    weekdays = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    missing = [f"{day:%m-%d}" for day in weekdays if day.weekday() < 5 and day not in working]
    assert missing == official
    assert len(working) == 261 - 8
    named = made.holidays("desk", date(2026, 12, 1), date(2026, 12, 28))
    assert named == (Holiday(date(2026, 12, 25), "Christmas Day"), Holiday(date(2026, 12, 26), "Boxing Day"))


@pytest.mark.parametrize(
    ("more", "day", "holiday"),
    [
        ({"plus": ["2026-12-24"]}, "2026-12-24", True),
        ({"minus": ["2026-12-25"]}, "2026-12-25", False),
        ({"observed": "no"}, "2026-12-28", False),
        ({"observed": "yes"}, "2026-12-28", True),
        ({"country": "GB", "subdivision": "SCT"}, "2026-04-06", False),  # no Easter Monday in Scotland
    ],
)
def test_days_are_added_and_taken_back(more: Any, day: str, holiday: bool) -> None:
    terms = {"hours": {"daily": "09:00-17:00"}, "holidays": ENGLAND | more}
    after = str(date.fromisoformat(day) + timedelta(days=1))
    assert days("Europe/London", terms, day, after) == ([] if holiday else [day])


def test_a_holiday_of_next_year_may_be_made_up_for_in_this_one() -> None:
    # New Year's Day 2022 was a Saturday: federal offices closed on Friday, 31 December 2021 (5 U.S.C. 6103(b)).
    terms = {"hours": {"mon-fri": "09:00-17:00"}, "holidays": {"country": "US"}}
    assert days("America/New_York", terms, "2021-12-30", "2022-01-05") == ["2021-12-30", "2022-01-03", "2022-01-04"]


def test_names_of_holidays_do_not_follow_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = {"hours": {"daily": "09:00-17:00"}, "holidays": {"country": "DE", "subdivision": "HE"}}
    names = set()
    for machine in ("de_DE.UTF-8", "en_US.UTF-8", "C"):
        monkeypatch.setenv("LANG", machine)
        monkeypatch.setenv("LC_ALL", machine)
        found = calendars("Europe/Berlin", **{machine[:2]: terms}).holidays(
            machine[:2], date(2026, 4, 3), date(2026, 4, 4)
        )
        names.add(found)
    assert names == {(Holiday(date(2026, 4, 3), "Good Friday"),)}


def test_hours_that_began_before_a_holiday_run_to_their_end() -> None:
    terms = {"hours": {"daily": "22:00-06:00"}, "holidays": {"plus": "2026-12-25"}}
    assert service("UTC", terms, "2026-12-24 12:00", "2026-12-27") == [
        ("2026-12-24 22:00", "2026-12-25 06:00"),
        ("2026-12-26 22:00", "2026-12-27 00:00"),
    ]


def test_hours_may_be_kept_on_holidays() -> None:
    terms = {
        "hours": {"mon-fri": "09:00-17:00", "holidays": "10:00-12:00"},
        "holidays": {"plus": ["2026-12-25", "2026-12-26"]},
    }
    assert service("UTC", terms, "2026-12-24", "2026-12-29") == [
        ("2026-12-24 09:00", "2026-12-24 17:00"),
        ("2026-12-25 10:00", "2026-12-25 12:00"),
        ("2026-12-26 10:00", "2026-12-26 12:00"),
        ("2026-12-28 09:00", "2026-12-28 17:00"),
    ]


def test_a_year_whose_holidays_nobody_knows_is_refused() -> None:
    made = calendars("UTC", desk={"hours": {"mon": "09:00-17:00"}, "holidays": {"country": "GB"}})
    with pytest.raises(AgreementError) as refused:
        made.service("desk", us("2150-01-01"), us("2150-02-01"))
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("sla.yaml", "unknown-holidays")
    assert problem.message.startswith("the calendar 'desk' cannot be told: the holidays of GB are known from")
    assert "plus" in problem.help


def test_a_year_whose_holidays_are_known_in_part_is_refused() -> None:
    # India's moon-based holidays end with 2035.
    made = calendars("UTC", desk={"hours": {"mon": "09:00-17:00"}, "holidays": {"country": "IN"}})
    assert made.service("desk", us("2035-01-02"), us("2036-01-01"))
    with pytest.raises(AgreementError, match="2036"):
        made.service("desk", us("2036-01-02"), us("2036-02-01"))


def test_seasons_reach_over_the_new_year() -> None:
    terms = {
        "seasons": [
            {"from": "11-01", "to": "02-29", "hours": {"daily": "08:00-16:00"}},
            {"from": "03-01", "to": "09-30", "hours": {"daily": "06:00-18:00"}},
        ]
    }
    assert service("UTC", terms, "2027-02-28", "2027-03-02") == [
        ("2027-02-28 08:00", "2027-02-28 16:00"),
        ("2027-03-01 06:00", "2027-03-01 18:00"),
    ]
    assert service("UTC", terms, "2026-12-31", "2027-01-02") == [
        ("2026-12-31 08:00", "2026-12-31 16:00"),
        ("2027-01-01 08:00", "2027-01-01 16:00"),
    ]
    # October is in no season.
    assert days("UTC", terms, "2026-09-30", "2026-11-02") == ["2026-09-30", "2026-11-01"]
    assert days("UTC", terms, "2028-02-28", "2028-03-02") == ["2028-02-28", "2028-02-29", "2028-03-01"]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("first sunday", ["2026-01-04", "2026-02-01", "2026-03-01"]),
        ("FREQ=MONTHLY;BYDAY=1SU", ["2026-01-04", "2026-02-01", "2026-03-01"]),
        ("last friday", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("fourth wednesday", ["2026-01-28", "2026-02-25", "2026-03-25"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-01-31", "2026-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", ["2026-03-29"]),
        ("FREQ=DAILY;UNTIL=20260102;BYDAY=TH,FR", ["2026-01-01", "2026-01-02"]),
    ],
)
def test_days_come_again(every: str, expected: list[str]) -> None:
    terms = {"every": every, "hours": "02:00-06:00"}
    assert days("UTC", terms, "2026-01-01", "2026-04-01") == expected


def test_a_weekday_alone_is_each_of_them() -> None:
    terms = {"every": "monday", "hours": "02:00-06:00"}
    assert days("UTC", terms, "2026-01-01", "2026-01-20") == ["2026-01-05", "2026-01-12", "2026-01-19"]


@pytest.mark.parametrize(
    ("every", "start", "expected"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", "2025-12-22", ["2026-01-05", "2026-01-19"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "1999-01-04", ["2026-01-12", "2026-01-26"]),  # 705 and 706 fortnights on
        ("FREQ=DAILY;COUNT=3", "2025-12-31", ["2026-01-01", "2026-01-02"]),
        ("FREQ=MONTHLY", "2025-01-15", ["2026-01-15"]),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-01-13", ["2026-01-19", "2026-01-26"]),
    ],
)
def test_a_rule_counts_from_its_start(every: str, start: str, expected: list[str]) -> None:
    terms = {"every": every, "from": start, "hours": "02:00-06:00"}
    assert days("UTC", terms, "2026-01-01", "2026-02-01") == expected


@pytest.mark.parametrize("start", [None, "2016-06-01"])
def test_the_first_day_of_each_week_is_told_in_the_week_of_new_year_too(start: str | None) -> None:
    # Years are followed twenty at a time, from 2020 among others; that year began on a Wednesday.
    terms = {"every": "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", "hours": "02:00-06:00"}
    terms |= {"from": start} if start else {}
    assert days("UTC", terms, "2019-12-28", "2020-01-12") == ["2019-12-30", "2020-01-06"]


def test_a_window_overnight_begins_on_its_day() -> None:
    # Sunday, 1 March 2026.
    terms = {"every": "first sunday", "hours": "22:00-02:00, 12:00-13:00"}
    assert service("UTC", terms, "2026-02-27", "2026-03-03") == [
        ("2026-03-01 12:00", "2026-03-01 13:00"),
        ("2026-03-01 22:00", "2026-03-02 02:00"),
    ]


NIGHT = {"hours": {"fri": "22:00-06:00"}}
DAY = {"hours": {"mon-fri": "08:00-18:00"}}
FREEZE = {"hours": {"daily": "07:00-09:00"}}


def test_calendars_are_put_together() -> None:
    # Friday, 2 January 2026.
    made = calendars(
        day=DAY,
        freeze=FREEZE,
        night=NIGHT,
        both={"all_of": ["day", "freeze"]},
        either={"any_of": ["day", "night"]},
        less={"any_of": ["day", "night"], "except": ["freeze"]},
        rest={"except": ["day", "night"]},
        own={"hours": {"fri": "06:00-10:00"}, "except": "freeze"},
    )

    def found(name: str) -> list[tuple[str, str]]:
        return [(written(s)[8:], written(e)[8:]) for s, e in made.service(name, us("2026-01-02"), us("2026-01-04"))]

    assert found("both") == [("02 08:00", "02 09:00")]
    assert found("either") == [("02 08:00", "02 18:00"), ("02 22:00", "03 06:00")]
    assert found("less") == [("02 09:00", "02 18:00"), ("02 22:00", "03 06:00")]
    assert found("rest") == [("02 00:00", "02 08:00"), ("02 18:00", "02 22:00"), ("03 06:00", "04 00:00")]
    assert found("own") == [("02 06:00", "02 07:00"), ("02 09:00", "02 10:00")]
    assert found("always") == [("02 00:00", "04 00:00")]
    assert made.used_by("less") == {"day", "night", "freeze"}


def test_a_working_day_is_one_on_which_hours_begin() -> None:
    made = calendars(
        night=NIGHT,
        same={"all_of": ["night", "always"]},
        late={"all_of": ["always", "night"], "except": ["evening"]},
        evening={"hours": {"fri": "20:00-24:00"}},
        mornings={"hours": {"daily": "08:00-12:00"}},
        afternoons={"hours": {"daily": "13:00-17:00"}},
        never={"all_of": ["mornings", "afternoons"]},
        shut={"any_of": ["mornings"], "except": ["always"]},
    )
    span = (date(2026, 1, 1), date(2026, 1, 6))
    friday = (date(2026, 1, 2),)
    assert made.days("night", *span) == made.days("same", *span) == made.days("late", *span) == friday
    assert made.days("never", *span) == made.days("shut", *span) == ()
    assert len(made.days("always", *span)) == 5
    assert made.days("always", date(2026, 1, 1), date(2026, 1, 1)) == ()


def test_two_countries_work_on_the_days_on_which_both_do() -> None:
    # 25 May 2026 is a holiday in England and Memorial Day, 3 July is for Independence Day, 31 August is England's.
    made = calendars(
        london={"hours": {"mon-fri": "00:00-24:00"}, "holidays": ENGLAND},
        new_york={"hours": {"mon-fri": "00:00-24:00"}, "holidays": {"country": "US"}},
        both={"all_of": ["london", "new-york"]},
    )
    window = (date(2026, 5, 1), date(2026, 9, 5))
    working = made.days("both", *window)
    closed = [date(2026, 5, 1) + timedelta(days=n) for n in range(127)]
    expected = [date(2026, 5, 4), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3), date(2026, 8, 31)]
    assert [day for day in closed if day.weekday() < 5 and day not in working] == expected
    assert {holiday.day for holiday in made.holidays("both", *window)} == {*expected, date(2026, 7, 4)}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (
            {"hours": {"mon-fri": "09:00-17:30", "sat": "10:00-14:00"}, "holidays": ENGLAND | {"plus": ["2026-12-24"]}},
            "mon-fri 09:00-17:30, sat 10:00-14:00; no hours on holidays of GB-ENG, 2026-12-24",
        ),
        ({"hours": {"mon": ["08:00-12:00", "13:00-24:00"]}}, "mon 08:00-12:00 and 13:00-24:00"),
        (
            {"hours": {"mon": "22:00-06:00", "holidays": "10:00-12:00"}, "holidays": {"plus": "2026-12-24"}},
            "mon 22:00-06:00; 10:00-12:00 on 2026-12-24",
        ),
        (
            {"hours": {"mon": "08:00-09:00"}, "holidays": {"country": "US", "observed": "no", "minus": "2026-10-12"}},
            "mon 08:00-09:00; no hours on holidays of all of US as dated, without 2026-10-12",
        ),
        ({"every": "first sunday", "hours": "02:00-06:00"}, "first sunday 02:00-06:00"),
        (
            {"every": "FREQ=WEEKLY;INTERVAL=2", "from": "2026-01-04", "hours": "02:00-06:00", "timezone": "UTC"},
            "FREQ=WEEKLY;INTERVAL=2 from 2026-01-04, 02:00-06:00; in UTC",
        ),
        (
            {"seasons": [{"from": "11-01", "to": "03-31", "hours": {"daily": "08:00-16:00"}}]},
            "11-01 to 03-31: daily 08:00-16:00",
        ),
        ({"file": "windows.ics"}, "the events of windows.ics"),
        ({"all_of": ["a", "b"], "except": ["c"]}, "all of a, b except c"),
        ({"any_of": ["a", "b"]}, "any of a, b"),
        ({"except": ["a", "b"]}, "always except a, b"),
    ],
)
def test_a_calendar_is_shown_on_one_line(terms: Any, expected: str) -> None:
    assert calendars(desk=terms).shown("desk") == expected
    assert calendars().shown("always") == "always"


def test_an_empty_window_holds_nothing() -> None:
    made = calendars(desk=DAY)
    assert made.service("desk", us("2026-01-02 10:00"), us("2026-01-02 10:00")) == ()
    assert made.service("always", us("2026-01-02"), us("2026-01-01")) == ()
    assert made.days("desk", date(2026, 1, 3), date(2026, 1, 2)) == ()


def test_no_calendar_of_a_name_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        calendars().service("desk", 0, HOUR)
