"""What a calendar may say, and what it is told when it cannot be meant."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from slacheck.calendars.calendar import Calendar
from slacheck.calendars.references import faults, resting_on
from slacheck.language.json_schema import for_editors
from slacheck.language.places import problems_of
from slacheck.language.scalars import Name
from slacheck.language.terms import Terms
from slacheck.language.yaml_text import read_file

DESK = {"mon-fri": "09:00-17:30"}


class Calendars(Terms):
    calendars: dict[Name, Calendar]


def refused(terms: Any) -> tuple[str, str, list[str | int]]:
    """Message, help, and the steps to what is meant."""
    with pytest.raises(ValidationError) as error:
        Calendar.model_validate(terms)
    (details,) = error.value.errors()
    return details["msg"], details["ctx"]["help"], [*details["loc"], *details["ctx"]["inside"]]


@pytest.mark.parametrize(
    "terms",
    [
        {"hours": {"mon-fri": "09:00-17:30", "sat": "10:00-14:00"}},
        {"hours": {"mon-fri": ["09:00-12:00", "13:00-17:00"], "sat,sun": "10:00-12:00 , 13:00 - 14:00"}},
        {"hours": {"sat-mon": "22:00-06:00", "wed": "00:00-24:00"}},
        {"hours": {"daily": "22:00-00:00", "holidays": "10:00-12:00"}, "holidays": {"plus": "2026-12-24"}},
        {"hours": {"fri": "22:00-06:00", "sat": "06:00-22:00"}},
        {"hours": {"mon": "09:00-17:00, 22:00-21:00"}},
        {"hours": DESK, "holidays": {"country": "GB", "subdivision": "ENG", "plus": ["2026-12-24"]}},
        {"hours": DESK, "holidays": {"country": "US", "observed": "no", "minus": ["2026-10-12"]}},
        {"hours": DESK, "except": "freeze", "timezone": "Asia/Kathmandu"},
        {"every": "last friday", "hours": "22:00-02:00"},
        {"every": "FREQ=MONTHLY;BYDAY=1SU", "hours": "02:00-06:00, 12:00-13:00"},
        {"every": "RRULE:FREQ=WEEKLY;INTERVAL=2", "from": "2026-01-04", "hours": ["02:00-06:00"]},
        {"every": "FREQ=DAILY", "hours": "02:00-06:00"},
        {"every": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "hours": "02:00-06:00"},
        {
            "seasons": [
                {"from": "04-01", "to": "10-31", "hours": DESK},
                {"from": "11-01", "to": "02-29", "hours": {"mon-fri": "10:00-16:00"}},
            ]
        },
        {"file": "windows.ics", "timezone": "Europe/Berlin"},
        {"all_of": ["a", "b"]},
        {"any_of": ["a", "always"], "except": ["c"]},
        {"except": ["c"]},
    ],
)
def test_these_are_ways_of_saying_which_hours_count(terms: Any) -> None:
    assert Calendar.model_validate(terms) is not None


@pytest.mark.parametrize(
    ("hours", "message", "help", "steps"),
    [
        ({"mon": "9:00-17:00"}, "'9:00-17:00' has an hour of one digit", "write 09:00-17:00", ["mon"]),
        ({"mon": "09:00"}, "'09:00' is no span of hours", "hours look like", ["mon"]),
        ({"mon": "closed"}, "'closed' is no span of hours", "hours look like", ["mon"]),
        ({"mon": ["09:00-12:00", "noon"]}, "'noon' is no span of hours", "hours look like", ["mon", 1]),
        ({"mon": "09:00-09:00"}, "'09:00-09:00' is no time at all", "leave it out", ["mon"]),
        ({"mon": "00:00-00:00"}, "'00:00-00:00' is no time at all", "write 00:00-24:00", ["mon"]),
        ({"mon": "24:00-06:00"}, "'24:00-06:00' has a time that no clock shows", "24:00 may end", ["mon"]),
        ({"mon": "09:00-17:60"}, "'09:00-17:60' has a time that no clock shows", "", ["mon"]),
        ({"mon": "09:00-24:01"}, "'09:00-24:01' has a time that no clock shows", "", ["mon"]),
        ({"mon": "09:00-12:00, 11:59-13:00"}, "the hours 09:00-12:00 and 11:59-13:00 overlap", "once", ["mon"]),
        ({"mon": []}, "hours of a day are wanted here", "hours look like", ["mon"]),
        ({"monday": "09:00-17:00"}, "'monday' is no day of the week", "did you mean 'mon'?", ["monday"]),
        ({"mon-frei": "09:00-17:00"}, "'frei' is no day of the week", "did you mean 'fri'?", ["mon-frei"]),
        ({"holiday": "09:00-17:00"}, "'holiday' is no day of the week", "did you mean 'holidays'?", ["holiday"]),
        ({"weekday": "09:00-17:00"}, "'weekday' is no day of the week", "", ["weekday"]),
        (
            {"mon-fri": "09:00-17:00", "wed": "18:00-20:00"},
            "the hours of wed stand behind 'mon-fri' and behind 'wed'",
            "write the hours of a day once",
            ["wed"],
        ),
        (
            {"fri": "22:00-06:00", "sat": "05:59-10:00"},
            "22:00-06:00 on fri runs into 05:59-10:00 on sat",
            "write each hour once",
            ["sat"],
        ),
        (
            {"mon": "05:00-10:00", "sun": "22:00-06:00"},
            "22:00-06:00 on sun runs into 05:00-10:00 on mon",
            "write each hour once",
            ["mon"],
        ),
        ({}, "a mapping of days to hours is wanted here", "", []),
        ("09:00-17:00", "nothing says on which days", "daily", []),
        (
            {"mon": "09:00-17:00", "holidays": "10:00-11:00"},
            "nothing says which days are holidays",
            "add",
            ["holidays"],
        ),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_at_their_day(
    hours: Any, message: str, help: str, steps: list[str]
) -> None:
    said, advice, at = refused({"hours": hours})
    assert said.startswith(message)
    assert help in advice
    assert at == ["hours", *steps]


@pytest.mark.parametrize(
    ("every", "message", "help"),
    [
        ("fifth sunday", "'fifth sunday' is no day that comes again", ""),
        ("first sonday", "'first sonday' is no day", "did you mean 'first sunday'?"),
        ("Sunday", "'Sunday' is no day", "did you mean 'sunday'?"),
        ("1st sunday", "'1st sunday' is no day", "did you mean"),
        ("FREQ=MONTLY;BYDAY=1SU", "the rule's FREQ cannot be 'MONTLY'", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=HOURLY", "the rule's FREQ cannot be 'HOURLY'", "behind 'hours'"),
        ("FREQ=MONTHLY;BYDAY=1XX", "the rule's BYDAY cannot be '1XX'", "1SU"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "the rule's BYMONTHDAY cannot be '32'", "RFC 5545"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "the rule's BYMONTHDAY cannot be '0'", "RFC 5545"),
        ("FREQ=DAILY;INTERVAL=0", "the rule's INTERVAL cannot be '0'", ""),
        ("FREQ=DAILY;BYDAYS=MO", "the rule has an unknown part 'BYDAYS'", "did you mean 'BYDAY'?"),
        ("FREQ=DAILY;FREQ=DAILY", "the rule has FREQ twice", ""),
        ("BYDAY=MO", "the rule does not say how often", "add FREQ"),
        ("FREQ=DAILY;BYHOUR=3", "the rule has BYHOUR", "behind 'hours'"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "the rule has COUNT and UNTIL", ""),
        ("FREQ=DAILY;UNTIL=20260231", "UNTIL=20260231 is no day of the calendar", "UNTIL=20261231"),
        ("FREQ=WEEKLY;BYDAY=1MO", "WEEKLY has no 1MO", "MONTHLY"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "INTERVAL counts from the day on which the rule starts", "add from"),
        ("FREQ=DAILY;COUNT=5", "COUNT counts from the day on which the rule starts", "add from"),
        ("FREQ=WEEKLY", "WEEKLY takes its day from the day on which the rule starts", "add from"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "no day matches", "its parts"),
        ("FREQ=MONTHLY;BYDAY=6MO", "no day matches", "its parts"),
    ],
)
def test_a_day_that_never_comes_again_is_refused_with_what_to_write(every: str, message: str, help: str) -> None:
    said, advice, at = refused({"every": every, "hours": "02:00-06:00"})
    assert said.startswith(message)
    assert help in advice
    assert at == ["every"]


def test_a_rule_that_ends_before_it_starts_is_refused() -> None:
    said, _, _ = refused({"every": "FREQ=DAILY;UNTIL=20251231", "from": "2026-01-01", "hours": "02:00-06:00"})
    assert said == "no day matches 'FREQ=DAILY;UNTIL=20251231'"


@pytest.mark.parametrize(
    ("terms", "message", "help", "steps"),
    [
        ({}, "nothing says which hours count", "write one of hours", []),
        ({"holidays": {"plus": ["2026-12-24"]}}, "nothing says which hours count", "", []),
        ({"hours": DESK, "file": "a.ics"}, "'hours' and 'file' both say which hours count", "one of them", ["file"]),
        ({"all_of": ["a"], "any_of": ["b"]}, "'all_of' and 'any_of' both say", "", ["any_of"]),
        ({"every": "monday", "seasons": []}, "'every' and 'seasons' both say", "", ["seasons"]),
        ({"every": "monday"}, "'every' has no hours", "add hours", ["every"]),
        ({"every": "monday", "hours": DESK}, "'every' names the days already", "behind every", ["hours"]),
        (
            {"every": "monday", "from": "2026-01-01", "hours": "02:00-06:00"},
            "'from' has nothing to start",
            "",
            ["from"],
        ),
        ({"hours": DESK, "from": "2026-01-01"}, "'from' has nothing to start", "leave it out", ["from"]),
        ({"seasons": []}, "there is no season", "", ["seasons"]),
        ({"all_of": ["a"], "holidays": {"plus": "2026-12-24"}}, "'holidays' needs hours or seasons", "", ["holidays"]),
        ({"except": ["a"], "timezone": "UTC"}, "'timezone' needs hours of its own", "made of", ["timezone"]),
        ({"hours": DESK, "timezone": "Europe/Berlim"}, "unknown time zone 'Europe/Berlim'", "", ["timezone"]),
        ({"file": None}, "nothing stands behind 'file'", "", ["file"]),
    ],
)
def test_a_calendar_says_its_hours_in_exactly_one_way(terms: Any, message: str, help: str, steps: list[str]) -> None:
    said, advice, at = refused(terms)
    assert said.startswith(message)
    assert help in advice
    assert at == steps


@pytest.mark.parametrize(
    ("holidays", "message", "help", "steps"),
    [
        ({"country": "UK"}, "no holidays are known of a country 'UK'", "did you mean 'GB'?", ["country"]),
        ({"country": "gb"}, "no holidays are known of a country 'gb'", "did you mean 'GB'?", ["country"]),
        ({"country": "Germany"}, "no holidays are known of a country 'Germany'", "did you mean 'DE'?", ["country"]),
        ({"country": "QQ"}, "no holidays are known of a country 'QQ'", "two letters of ISO 3166", ["country"]),
        (
            {"country": "GB", "subdivision": "England"},
            "GB has no subdivision 'England'",
            "did you mean 'ENG'? GB has ENG, NIR, SCT, WLS",
            ["subdivision"],
        ),
        ({"country": "GB", "subdivision": "EN"}, "GB has no subdivision 'EN'", "did you mean 'ENG'?", ["subdivision"]),
        ({"subdivision": "ENG", "plus": "2026-12-24"}, "'subdivision' needs a country", "", ["subdivision"]),
        ({"observed": "no", "plus": "2026-12-24"}, "'observed' needs a country", "", ["observed"]),
        ({"minus": "2026-12-24"}, "'minus' needs a country", "", ["minus"]),
        ({}, "no holidays are named", "", []),
        ({"country": "GB", "observed": "nein"}, "'nein' is not one of yes, no", "write yes or no", ["observed"]),
        ({"country": "GB", "minus": "2026-12-24"}, "2026-12-24 is no holiday of GB", "leave it out", ["minus", 0]),
        ({"country": "GB", "minus": "2200-12-25"}, "the holidays of GB are known from", "", ["minus", 0]),
        (
            {"country": "GB", "minus": "2026-12-25", "plus": "2026-12-25"},
            "2026-12-25 stands behind 'plus' and behind 'minus'",
            "",
            ["minus", 0],
        ),
    ],
)
def test_holidays_that_nobody_knows_are_refused_with_the_nearest_name(
    holidays: Any, message: str, help: str, steps: list[str | int]
) -> None:
    said, advice, at = refused({"hours": DESK, "holidays": holidays})
    assert said.startswith(message)
    assert help in advice
    assert at == ["holidays", *steps]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (("04-01", "09-30"), ("09-30", "03-31"), "the seasons 04-01 to 09-30 and 09-30 to 03-31 both hold 09-30"),
        (("11-01", "02-28"), ("01-01", "01-05"), "the seasons 11-01 to 02-28 and 01-01 to 01-05 both hold 01-01"),
        (("11-01", "02-29"), ("02-29", "03-31"), "the seasons 11-01 to 02-29 and 02-29 to 03-31 both hold 02-29"),
    ],
)
def test_seasons_that_overlap_are_refused(first: tuple[str, str], second: tuple[str, str], message: str) -> None:
    seasons = [{"from": opens, "to": closes, "hours": DESK} for opens, closes in (first, second)]
    assert refused({"seasons": seasons})[::2] == (message, ["seasons", 1])


@pytest.mark.parametrize(("day", "message"), [("02-30", "'02-30' is no day"), ("4-1", "not a day of the year: '4-1'")])
def test_a_season_begins_on_a_day_of_the_year(day: str, message: str) -> None:
    said, _, at = refused({"seasons": [{"from": day, "to": "09-30", "hours": DESK}]})
    assert said.startswith(message)
    assert at == ["seasons", 0, "from"]


def test_every_problem_of_a_file_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text(
        "calendars:\n"
        "  desk:\n"
        "    hours:\n"
        "      fri: 22:00-06:00\n"
        "      sat: [05:00-07:00, 08:00-09:00]\n"
        "    holidays: {country: DE, subdivision: HX}\n"
        "  patch: {every: frist sunday, hours: 02:00-06:00}\n"
        "  windows: {fiel: windows.ics}\n",
        encoding="utf-8",
    )
    document = read_file(path, "agreement.yaml")
    with pytest.raises(ValidationError) as error:
        Calendars.model_validate(document.data)
    found = [(p.line, p.column, p.message) for p in problems_of(error.value, Calendars, document)]
    assert found == [
        (5, 7, "22:00-06:00 on fri runs into 05:00-07:00 on sat"),
        (6, 42, "DE has no subdivision 'HX'"),
        (7, 18, "'frist sunday' is no day that comes again"),
        (8, 13, "unknown key 'fiel' in calendars.windows"),
    ]


def model(**terms: Any) -> dict[str, Calendar]:
    return {name.replace("_", "-"): Calendar.model_validate(value) for name, value in terms.items()}


def test_names_that_lead_nowhere_are_found_with_the_one_that_was_meant() -> None:
    found = list(
        faults(
            model(desk={"hours": DESK}, night={"all_of": ["dessk", "always"], "except": "desk"}, odd={"except": "zz"})
        )
    )
    assert found == [
        (("calendars", "night", "all_of", 0), "unknown-name", "no calendar 'dessk'", "did you mean 'desk'?"),
        (("calendars", "odd", "except"), "unknown-name", "no calendar 'zz'", "there is: desk, night, odd, always"),
    ]


def test_a_calendar_may_not_rest_on_itself() -> None:
    circle = model(
        a={"any_of": ["b", "x"]}, b={"all_of": ["c"]}, c={"except": ["a"]}, x={"hours": DESK}, d={"any_of": "a"}
    )
    assert [(steps, message) for steps, _, message, _ in faults(circle)] == [
        (("calendars", "a", "any_of"), "the calendar 'a' rests on itself: a, b, c, a")
    ]
    assert [fault[1] for fault in faults(model(a={"except": "a"}))] == ["circle"]


def test_always_is_built_in() -> None:
    assert [fault[:2] for fault in faults(model(always={"hours": DESK}))] == [
        (("calendars", "always"), "reserved-name")
    ]


def test_what_a_calendar_rests_on_is_known_at_every_depth() -> None:
    terms = model(
        a={"any_of": ["b", "always"]}, b={"all_of": ["c"], "except": ["d"]}, c={"hours": DESK}, d={"hours": DESK}
    )
    assert resting_on(terms, "a") == {"b", "c", "d"}
    assert resting_on(terms, "c") == frozenset()
    assert resting_on(terms, "always") == frozenset()


def test_the_schema_knows_every_key() -> None:
    schema = for_editors(Calendars.model_json_schema(by_alias=True), "calendars")
    assert json.loads(json.dumps(schema)) == schema
    known = schema["$defs"]["Calendar"]["properties"]
    assert {*known} == {
        *("hours", "every", "from", "seasons", "holidays", "file", "all_of", "any_of", "except", "timezone"),
    }
    assert {"$ref": "#/$defs/Week"} in known["hours"]["anyOf"]
    assert {"string", "array"} <= {part["type"] for part in known["hours"]["anyOf"] if "type" in part}
    assert schema["$defs"]["Week"]["type"] == "object"
    assert schema["$defs"]["Season"]["required"] == ["from", "to", "hours"]


def test_nothing_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys; from slacheck.calendars.calendar import Calendar; from slacheck.calendars import resolving\n"
        "Calendar.model_validate({'hours': {'mon': '09:00-17:00'}, 'holidays': {'plus': ['2026-12-24']}})\n"
        "Calendar.model_validate({'every': 'monday', 'hours': '09:00-17:00'})\n"
        "print(*{'holidays', 'icalendar', 'recurring_ical_events', 'dateutil'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == ""
