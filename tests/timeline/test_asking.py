"""What people write after --period means the periods that start in the days they name, or is refused with advice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import PeriodError
from slacheck.timeline.asking import MOST, asked
from slacheck.timeline.periods import Cycle, Every, containing
from slacheck.timeline.zones import instant_of, zone

BERLIN = "Europe/Berlin"
AS_OF = "2026-11-24 12:00"
FIFTEENTH = Cycle("month", date(2026, 1, 15))
FISCAL = Cycle("quarter", date(2026, 2, 1))
CONTRACT = Cycle("year", date(2024, 3, 1))


def labels(text: str, cycle: Cycle, as_of: str = AS_OF, name: str = BERLIN) -> list[str]:
    """The labels of what is asked for; ``as_of`` is a time UTC."""
    instant = instant_of(datetime.fromisoformat(as_of), zone("UTC"))
    return [period.label for period in asked(text, cycle, zone(name), instant)]


def refused(text: str, cycle: Cycle, as_of: str = AS_OF, name: str = BERLIN) -> tuple[str, str]:
    """Message and help of the one problem that is raised."""
    with pytest.raises(PeriodError) as error:
        labels(text, cycle, as_of, name)
    (problem,) = error.value.problems
    assert (problem.path, problem.code) == ("--period", "period")
    return problem.message, problem.help


@pytest.mark.parametrize(
    ("text", "cycle", "expected"),
    [
        ("2026-10", Cycle("month"), ["2026-10"]),
        (" 2026-10 ", Cycle("month"), ["2026-10"]),
        ("2026-Q3", Cycle("quarter"), ["2026-Q3"]),
        ("2026-q3", Cycle("quarter"), ["2026-Q3"]),
        ("2025", Cycle("year"), ["2025"]),
        ("2026-W40", Cycle("week"), ["2026-W40"]),
        ("2026-w01", Cycle("week"), ["2026-W01"]),
        ("2020-W53", Cycle("week"), ["2020-W53"]),
        ("2026-10-05", Cycle("day"), ["2026-10-05"]),
        ("2024-02-29..2024-02-29", Cycle("day"), ["2024-02-29"]),
        ("2026-Q3", Cycle("month"), ["2026-07", "2026-08", "2026-09"]),
        ("2025", Cycle("quarter"), ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
        ("2026-02", Cycle("week"), ["2026-W06", "2026-W07", "2026-W08", "2026-W09"]),
        ("2025-12..2026-02", Cycle("month"), ["2025-12", "2026-01", "2026-02"]),
        ("2026-01 .. 2026-02", Cycle("month"), ["2026-01", "2026-02"]),
        ("2025-Q4..2026-Q1", Cycle("quarter"), ["2025-Q4", "2026-Q1"]),
        ("2024..2025", Cycle("year"), ["2024", "2025"]),
        ("2025-W52..2026-W01", Cycle("week"), ["2025-W52", "2026-W01"]),
        ("2026-10-30..2026-11-02", Cycle("day"), ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"]),
        ("2026-07..2026-09", Cycle("quarter"), ["2026-Q3"]),
        ("2026-02-01..2026-02-28", Cycle("month"), ["2026-02"]),
    ],
)
def test_a_text_names_the_periods_that_start_in_its_days(text: str, cycle: Cycle, expected: list[str]) -> None:
    assert labels(text, cycle) == expected


@pytest.mark.parametrize(
    ("text", "cycle", "expected"),
    [
        ("2026-10", FIFTEENTH, ["2026-10-15..2026-11-14"]),
        ("2026-10-15", FIFTEENTH, ["2026-10-15..2026-11-14"]),
        ("2026-W42", FIFTEENTH, ["2026-10-15..2026-11-14"]),
        ("2026-02", Cycle("month", date(2026, 1, 31)), ["2026-02-28..2026-03-30"]),
        ("2026-03", Cycle("month", date(2026, 1, 31)), ["2026-03-31..2026-04-29"]),
        ("2026-08", FISCAL, ["2026-08-01..2026-10-31"]),
        ("2026-Q3", FISCAL, ["2026-08-01..2026-10-31"]),
        ("2026", CONTRACT, ["2026-03-01..2027-02-28"]),
        ("2026-03", CONTRACT, ["2026-03-01..2027-02-28"]),
        ("2023", CONTRACT, ["2023-03-01..2024-02-29"]),
        ("2026-10-15..2026-11-14", FIFTEENTH, ["2026-10-15..2026-11-14"]),
        ("2025", FISCAL, ["2025-02-01..2025-04-30", "2025-05-01..2025-07-31", "2025-08-01..2025-10-31",
                          "2025-11-01..2026-01-31"]),
    ],
)  # fmt: skip
def test_with_an_anchor_any_stretch_in_which_one_starts_names_it(text: str, cycle: Cycle, expected: list[str]) -> None:
    assert labels(text, cycle) == expected


@pytest.mark.parametrize(
    ("text", "cycle", "message", "help"),
    [
        ("2026-11", Cycle("quarter"), "'2026-11' is shorter than a quarter", "settled by quarter: write 2026-Q4"),
        ("2026-10", Cycle("quarter"), "'2026-10' is shorter than a quarter", "settled by quarter: write 2026-Q4"),
        ("2026-10..2026-11", Cycle("quarter"), "is shorter than a quarter", "write 2026-Q4"),
        ("2026-W40", Cycle("month"), "'2026-W40' is shorter than a month", "by month: write 2026-09 or 2026-10"),
        ("2026-10-01", Cycle("month"), "is shorter than a month", "write 2026-10"),
        ("2026-10-05", Cycle("week"), "is shorter than a week", "write 2026-W41"),
        ("2026-Q1", Cycle("year"), "is shorter than a year", "write 2026"),
        ("this-month", Cycle("quarter"), "'this-month' is shorter than a quarter", "write 2026-Q4"),
        ("2026-10", Cycle("quarter", date(2026, 1, 1)), "is shorter than a quarter", "write 2026-Q4"),
    ],
)
def test_less_than_a_period_of_the_calendar_is_refused_with_the_period_to_write(
    text: str, cycle: Cycle, message: str, help: str
) -> None:
    said, advice = refused(text, cycle)
    assert message in said
    assert advice.endswith(help)
    assert advice.startswith("this agreement is settled by ")


def test_a_stretch_in_which_no_anchored_period_starts_is_refused_with_the_periods_around_it() -> None:
    assert refused("2026-10", FISCAL) == (
        "no period starts in '2026-10'",
        "this agreement is settled by quarter from 2026-02-01: write 2026-08-01..2026-10-31",
    )
    assert refused("2026-W41", FIFTEENTH)[1].endswith("month from 2026-01-15: write 2026-09-15..2026-10-14")
    assert refused("2026-10", CONTRACT)[1].endswith("write 2026-03-01..2027-02-28")


def test_the_period_that_a_refusal_advises_is_accepted() -> None:
    for text, cycle in [("2026-10", FISCAL), ("2026-11", Cycle("quarter")), ("2026-10", CONTRACT)]:
        advised = refused(text, cycle)[1].rpartition("write ")[2]
        assert labels(advised, cycle) == [advised]


@pytest.mark.parametrize(
    ("text", "every", "expected"),
    [
        ("this-day", "day", "2026-11-24"),
        ("last-day", "day", "2026-11-23"),
        ("this-week", "week", "2026-W48"),
        ("last-week", "week", "2026-W47"),
        ("this-month", "month", "2026-11"),
        ("last-month", "month", "2026-10"),
        ("Last-Month", "month", "2026-10"),
        ("this-quarter", "quarter", "2026-Q4"),
        ("last-quarter", "quarter", "2026-Q3"),
        ("this-year", "year", "2026"),
        ("last-year", "year", "2025"),
        ("this-period", "quarter", "2026-Q4"),
        ("last-period", "quarter", "2026-Q3"),
    ],
)
def test_last_and_this_count_from_the_day_it_is(text: str, every: Every, expected: str) -> None:
    assert labels(text, Cycle(every)) == [expected]


@pytest.mark.parametrize(
    ("text", "cycle", "expected"),
    [
        ("this-period", FIFTEENTH, "2026-11-15..2026-12-14"),
        ("last-period", FIFTEENTH, "2026-10-15..2026-11-14"),
        ("this-month", FIFTEENTH, "2026-11-15..2026-12-14"),
        ("last-month", FIFTEENTH, "2026-10-15..2026-11-14"),
        ("last-period", FISCAL, "2026-08-01..2026-10-31"),
        ("last-period", CONTRACT, "2025-03-01..2026-02-28"),
    ],
)
def test_the_last_and_this_period_are_those_of_the_agreement(text: str, cycle: Cycle, expected: str) -> None:
    assert labels(text, cycle) == [expected]


def test_last_year_of_an_agreement_settled_by_month_is_twelve_periods() -> None:
    assert labels("last-year", Cycle("month")) == [f"2025-{month:02}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("name", "as_of", "this", "last"),
    [
        ("America/New_York", "2026-11-01 00:30", "2026-10", "2026-09"),
        ("America/New_York", "2026-11-01 03:59:59.999999", "2026-10", "2026-09"),
        ("America/New_York", "2026-11-01 04:00", "2026-11", "2026-10"),
        ("UTC", "2026-11-01 00:30", "2026-11", "2026-10"),
        ("Europe/Berlin", "2026-10-31 23:00", "2026-11", "2026-10"),
        ("Europe/Berlin", "2026-10-31 22:59:59.999999", "2026-10", "2026-09"),
        ("Australia/Sydney", "2026-10-31 13:00", "2026-11", "2026-10"),
        ("Pacific/Auckland", "2026-12-31 11:00", "2027-01", "2026-12"),
    ],
)
def test_what_month_it_is_depends_on_the_zone_of_the_agreement(name: str, as_of: str, this: str, last: str) -> None:
    assert labels("this-month", Cycle("month"), as_of, name) == [this]
    assert labels("last-month", Cycle("month"), as_of, name) == [last]


def test_last_week_at_the_turn_of_the_year_is_a_week_of_the_iso_year() -> None:
    assert labels("last-week", Cycle("week"), "2027-01-04 12:00") == ["2026-W53"]
    assert labels("this-week", Cycle("week"), "2027-01-01 12:00") == ["2026-W53"]


def test_a_period_that_has_not_begun_is_refused() -> None:
    assert refused("2026-12", Cycle("month")) == (
        "2026-12 has not begun",
        "it is 2026-11-24 in Europe/Berlin: write 2026-10, or 2026-11, which is under way",
    )
    assert refused("2026-12", FIFTEENTH)[0] == "2026-12-15..2027-01-14 ('2026-12') has not begun"
    assert "has not begun" in refused("2027..2028", Cycle("month"))[0]
    assert "has not begun" in refused("this-month", FIFTEENTH, "2026-11-10 12:00")[0]


def test_a_period_begins_with_its_first_instant_in_the_zone() -> None:
    assert labels("2026-11", Cycle("month"), "2026-10-31 23:00") == ["2026-11"]
    assert "has not begun" in refused("2026-11", Cycle("month"), "2026-10-31 22:59:59.999999")[0]


def test_of_several_periods_those_not_yet_begun_are_left_out() -> None:
    assert labels("2026-10..2027-03", Cycle("month")) == ["2026-10", "2026-11"]
    assert labels("2026", Cycle("quarter"), "2026-08-01 00:00") == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert labels("this-year", Cycle("month"), "2026-02-10 00:00") == ["2026-01", "2026-02"]


def test_a_day_that_the_clocks_skipped_is_no_period() -> None:
    assert labels("2011-12-29..2011-12-31", Cycle("day"), name="Pacific/Apia") == ["2011-12-29", "2011-12-31"]
    assert refused("2011-12-30", Cycle("day"), name="Pacific/Apia") == (
        "2011-12-30 was skipped by the clocks of Pacific/Apia",
        "name the day before or after",
    )


def test_a_range_of_mixed_kinds_is_refused() -> None:
    assert refused("2026-01..2026-Q2", Cycle("month")) == (
        "'2026-01..2026-Q2' runs from a month to a quarter",
        "write both ends in the same way: 2026-01..2026-06",
    )


def test_a_range_that_runs_backwards_is_refused_with_the_right_one() -> None:
    assert refused("2026-06..2026-01", Cycle("month")) == (
        "'2026-06..2026-01' ends before it begins",
        "write 2026-01..2026-06",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-13", "there is no month 2026-13 in the calendar"),
        ("2026-00", "there is no month 2026-00 in the calendar"),
        ("2026-Q5", "there is no quarter 2026-Q5 in the calendar"),
        ("2026-Q0", "there is no quarter 2026-Q0 in the calendar"),
        ("2025-W53", "there is no week 2025-W53 in the calendar"),
        ("2026-W00", "there is no week 2026-W00 in the calendar"),
        ("2026-02-29", "there is no day 2026-02-29 in the calendar"),
        ("2026-01..2026-13", "there is no month 2026-13 in the calendar"),
        ("0206-10", "the year of '0206-10' is not between 1900 and 2999"),
        ("9999", "the year of '9999' is not between 1900 and 2999"),
        ("october", "'october' names no period"),
        ("", "'' names no period"),
        ("..", "'..' names no period"),
        ("2026-01..", "'2026-01..' names no period"),
        ("2026-01..2026-02..2026-03", "'2026-01..2026-02..2026-03' names no period"),
        ("2026-1", "'2026-1' names no period"),
        ("10/2026", "'10/2026' names no period"),
        ("20261005", "'20261005' names no period"),
        ("２０２６-10", "'２０２６-10' names no period"),
        ("last-month..this-month", "'last-month..this-month' names no period"),
    ],
)
def test_a_text_that_names_no_days_is_refused_with_the_forms_to_write(text: str, message: str) -> None:
    said, advice = refused(text, Cycle("month"))
    assert said == message
    for form in ("2026-10", "2026-Q3", "2026-W40", "2026-10-05", "2026-01..2026-06", "last-month", "last-period"):
        assert form in advice


@pytest.mark.parametrize(
    ("text", "meant"), [("last month", "last-month"), ("lastmonth", "last-month"), ("this-periode", "this-period")]
)
def test_a_misspelt_word_is_refused_with_the_one_that_was_meant(text: str, meant: str) -> None:
    assert refused(text, Cycle("month")) == (f"'{text}' names no period", f"did you mean {meant}?")


def test_at_most_1200_periods_are_asked_for_at_once() -> None:
    assert len(labels("1920..2019", Cycle("month"))) == MOST == 1200
    assert refused("1919..2019", Cycle("month")) == (
        "'1919..2019' names 1212 periods, at most 1200 are settled at once",
        "name a shorter range",
    )
    # What has not begun does not count.
    assert len(labels("2026-11..2999-12", Cycle("month"))) == 1


@given(
    st.builds(
        Cycle, st.sampled_from(get_args(Every)), st.none() | st.dates(date(1990, 1, 1), date(2040, 12, 31))
    ),
    st.dates(date(1950, 1, 1), date(2026, 11, 24)),
)  # fmt: skip
def test_the_label_of_a_period_asks_for_that_period(cycle: Cycle, day: date) -> None:
    period = containing(cycle, day)
    assert labels(period.label, cycle) == [period.label]


@given(
    st.builds(Cycle, st.sampled_from(get_args(Every)), st.none() | st.dates(date(1990, 1, 1), date(2040, 12, 31))),
    st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    st.integers(1, 800),
)
def test_a_range_of_days_is_found_day_by_day_or_refused(cycle: Cycle, lo: date, days: int) -> None:
    text = f"{lo}..{lo + timedelta(days=days - 1)}"
    each_day = [containing(cycle, lo + timedelta(days=n)) for n in range(days)]
    expected = [p.label for n, p in enumerate(each_day) if p.start == lo + timedelta(days=n)]
    if not expected or (cycle.calendar and lo + timedelta(days=days) < containing(Cycle(cycle.every, lo), lo).end):
        assert "write " in refused(text, cycle)[1]
    else:
        assert labels(text, cycle) == expected
