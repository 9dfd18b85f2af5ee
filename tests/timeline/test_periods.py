"""Periods tile the calendar, start where their anchor says without drift, and are named for people and for machines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.timeline.periods import Cycle, Every, Period, after, before, containing, leading_to, starting_in, title
from slacheck.timeline.zones import SECOND, zone

HOUR = 3600 * SECOND
YEARS = st.dates(date(1950, 1, 1), date(2150, 1, 1))
CYCLES = st.builds(Cycle, st.sampled_from(get_args(Every)), st.none() | YEARS)


def starts(cycle: Cycle, lo: date, hi: date) -> list[str]:
    return [str(period.start) for period in starting_in(cycle, lo, hi)]


@given(CYCLES, YEARS)
def test_every_day_is_in_exactly_one_period_and_periods_join(cycle: Cycle, day: date) -> None:
    period = containing(cycle, day)
    assert period.start <= day < period.end
    assert before(period).end == period.start
    assert after(period).start == period.end
    assert after(before(period)) == period == before(after(period))
    assert containing(cycle, period.start) == period == containing(cycle, period.end - timedelta(days=1))


@given(CYCLES, YEARS, st.integers(0, 6), st.none() | st.integers(0, 400))
def test_the_periods_that_lead_to_one_join_and_end_after_the_beginning(
    cycle: Cycle, day: date, count: int, ago: int | None
) -> None:
    since = None if ago is None else day - timedelta(days=ago)
    found = list(leading_to(containing(cycle, day), count, since))
    every = [containing(cycle, day)]
    while len(every) < count:
        every.append(before(every[-1]))
    assert found == [each for each in every[:count] if since is None or each.end > since]


@given(CYCLES)
def test_a_period_starts_on_the_anchor(cycle: Cycle) -> None:
    if cycle.anchor is not None:
        assert containing(cycle, cycle.anchor).start == cycle.anchor


@given(CYCLES, YEARS, st.integers(0, 900))
def test_the_periods_that_start_in_a_stretch_are_those_one_finds_day_by_day(cycle: Cycle, lo: date, days: int) -> None:
    each_day = [lo + timedelta(days=n) for n in range(days)]
    expected = [period for day in each_day if (period := containing(cycle, day)).start == day]
    assert starting_in(cycle, lo, lo + timedelta(days=days)) == expected


@given(CYCLES, YEARS, st.integers(-40, 40))
def test_any_start_is_as_good_an_anchor_as_another_unless_the_end_of_a_month_clamped_it(
    cycle: Cycle, day: date, away: int
) -> None:
    period = containing(cycle, day)
    if cycle.anchor is None or cycle.anchor.day <= 28 or cycle.every in ("day", "week"):
        other = containing(Cycle(cycle.every, period.start), day + timedelta(days=away))
        assert (other.start, other.end) == (
            containing(cycle, day + timedelta(days=away)).start,
            containing(cycle, day + timedelta(days=away)).end,
        )


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (date(2026, 1, 31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]),
        (date(2026, 1, 30), ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30", "2026-06-30"]),
        (date(2026, 1, 29), ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29", "2026-06-29"]),
        (date(2026, 8, 31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]),
        (date(2026, 2, 28), ["2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28", "2026-05-28", "2026-06-28"]),
        (date(2025, 10, 15), ["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15", "2026-05-15", "2026-06-15"]),
    ],
)
def test_a_month_anchored_on_day_29_to_31_ends_with_short_months_and_does_not_drift(
    anchor: date, expected: list[str]
) -> None:
    assert starts(Cycle("month", anchor), date(2026, 1, 1), date(2026, 7, 1)) == expected


@pytest.mark.parametrize(("day", "february"), [(29, "2028-02-29"), (30, "2028-02-29"), (31, "2028-02-29")])
def test_in_a_leap_year_february_clamps_to_the_29th(day: int, february: str) -> None:
    assert starts(Cycle("month", date(2027, 12, day)), date(2028, 2, 1), date(2028, 3, 1)) == [february]


def test_a_year_from_a_leap_day_returns_to_it_every_fourth_year() -> None:
    cycle = Cycle("year", date(2024, 2, 29))
    assert starts(cycle, date(2024, 1, 1), date(2029, 1, 1)) == [
        *("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"),
    ]
    assert starts(cycle, date(1900, 1, 1), date(1901, 1, 1)) == ["1900-02-28"]


def test_a_fiscal_quarter_starts_every_third_month_from_its_anchor() -> None:
    assert starts(Cycle("quarter", date(2026, 2, 1)), date(2026, 1, 1), date(2027, 1, 1)) == [
        *("2026-02-01", "2026-05-01", "2026-08-01", "2026-11-01"),
    ]
    assert starts(Cycle("quarter", date(2025, 11, 30)), date(2026, 1, 1), date(2027, 1, 1)) == [
        *("2026-02-28", "2026-05-30", "2026-08-30", "2026-11-30"),
    ]


def test_weeks_start_on_monday_or_on_the_day_of_the_anchor() -> None:
    assert starts(Cycle("week"), date(2026, 10, 1), date(2026, 10, 20)) == ["2026-10-05", "2026-10-12", "2026-10-19"]
    assert starts(Cycle("week", date(2020, 1, 1)), date(2026, 10, 1), date(2026, 10, 20)) == [
        *("2026-10-07", "2026-10-14"),
    ]


@pytest.mark.parametrize(
    ("cycle", "day", "label", "words"),
    [
        (Cycle("day"), date(2026, 10, 5), "2026-10-05", "5 October 2026"),
        (Cycle("week"), date(2026, 10, 4), "2026-W40", "week 40 of 2026"),
        (Cycle("month"), date(2026, 10, 31), "2026-10", "October 2026"),
        (Cycle("quarter"), date(2026, 9, 30), "2026-Q3", "Q3 2026"),
        (Cycle("quarter"), date(2026, 12, 31), "2026-Q4", "Q4 2026"),
        (Cycle("quarter"), date(2026, 1, 1), "2026-Q1", "Q1 2026"),
        (Cycle("quarter"), date(2026, 4, 1), "2026-Q2", "Q2 2026"),
        (Cycle("year"), date(2026, 6, 1), "2026", "2026"),
        (
            Cycle("month", date(2026, 1, 15)),
            date(2026, 11, 14),
            "2026-10-15..2026-11-14",
            "15 October to 14 November 2026",
        ),
        (
            Cycle("month", date(2026, 1, 15)),
            date(2026, 12, 15),
            "2026-12-15..2027-01-14",
            "15 December 2026 to 14 January 2027",
        ),
        (
            Cycle("year", date(2020, 2, 1)),
            date(2026, 2, 1),
            "2026-02-01..2027-01-31",
            "1 February 2026 to 31 January 2027",
        ),
        (Cycle("week", date(2026, 1, 1)), date(2026, 1, 7), "2026-01-01..2026-01-07", "1 January to 7 January 2026"),
        (
            Cycle("month", date(2026, 1, 31)),
            date(2026, 3, 1),
            "2026-02-28..2026-03-30",
            "28 February to 30 March 2026",
        ),
    ],
)
def test_a_period_has_a_label_and_a_title(cycle: Cycle, day: date, label: str, words: str) -> None:
    period = containing(cycle, day)
    assert (period.label, title(period)) == (label, words)


@pytest.mark.parametrize(
    ("day", "label", "start"),
    [
        (date(2024, 12, 30), "2025-W01", date(2024, 12, 30)),
        (date(2024, 12, 29), "2024-W52", date(2024, 12, 23)),
        (date(2027, 1, 3), "2026-W53", date(2026, 12, 28)),
        (date(2021, 1, 1), "2020-W53", date(2020, 12, 28)),
        (date(2027, 1, 4), "2027-W01", date(2027, 1, 4)),
        (date(2026, 1, 1), "2026-W01", date(2025, 12, 29)),
    ],
)
def test_a_week_at_the_turn_of_the_year_belongs_to_its_iso_year(day: date, label: str, start: date) -> None:
    week = containing(Cycle("week"), day)
    assert (week.label, week.start, week.end) == (label, start, start + timedelta(days=7))


@pytest.mark.parametrize(
    ("every", "anchor", "label"),
    [
        ("day", date(2020, 5, 17), "2026-10-05"),
        ("week", date(2026, 1, 5), "2026-W41"),
        ("month", date(2026, 2, 1), "2026-10"),
        ("quarter", date(2026, 4, 1), "2026-Q4"),
        ("year", date(2020, 1, 1), "2026"),
    ],
)
def test_an_anchor_that_only_repeats_the_calendar_changes_no_name(every: Every, anchor: date, label: str) -> None:
    anchored = Cycle(every, anchor)
    assert anchored.calendar
    assert containing(anchored, date(2026, 10, 5)) == containing(Cycle(every), date(2026, 10, 5))
    assert containing(anchored, date(2026, 10, 5)).label == label


@pytest.mark.parametrize(
    "cycle",
    [
        Cycle("week", date(2026, 1, 6)),
        Cycle("month", date(2026, 1, 31)),
        Cycle("quarter", date(2026, 2, 1)),
        Cycle("quarter", date(2026, 1, 2)),
        Cycle("year", date(2026, 4, 1)),
    ],
)
def test_any_other_anchor_leaves_the_calendar(cycle: Cycle) -> None:
    assert not cycle.calendar
    assert ".." in containing(cycle, date(2026, 10, 5)).label


@pytest.mark.parametrize(
    ("name", "month", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 1), 31 * 24 + 1),
        ("Europe/Berlin", date(2026, 3, 1), 31 * 24 - 1),
        ("America/New_York", date(2026, 11, 1), 30 * 24 + 1),
        ("America/New_York", date(2026, 3, 1), 31 * 24 - 1),
        ("Australia/Sydney", date(2026, 4, 1), 30 * 24 + 1),
        ("Australia/Sydney", date(2026, 10, 1), 31 * 24 - 1),
        ("Asia/Tokyo", date(2026, 10, 1), 31 * 24),
        ("Europe/Berlin", date(2028, 2, 1), 29 * 24),
        ("Pacific/Apia", date(2011, 12, 1), 30 * 24),
    ],
)
def test_a_month_is_as_long_as_its_clocks_make_it(name: str, month: date, hours: int) -> None:
    start, end = containing(Cycle("month"), month).window(zone(name))
    assert end - start == hours * HOUR


@given(CYCLES, YEARS, st.sampled_from(["Europe/Berlin", "Australia/Sydney", "America/Sao_Paulo", "Pacific/Apia"]))
def test_the_windows_of_neighbours_meet(cycle: Cycle, day: date, name: str) -> None:
    period = containing(cycle, day)
    assert period.window(zone(name))[1] == after(period).window(zone(name))[0]


def test_a_period_made_by_hand_has_no_neighbours_but_a_title() -> None:
    term = Period(date(2026, 1, 10), date(2028, 1, 10), "term")
    assert title(term) == "10 January 2026 to 9 January 2028"
    assert title(Period(date(2026, 1, 10), date(2026, 1, 11), "year-1")) == "10 January 2026"
    with pytest.raises(ValueError, match="made without its cycle"):
        after(term)
    with pytest.raises(ValueError, match="made without its cycle"):
        before(term)


def test_a_period_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        containing(Cycle("month"), date(9999, 12, 1))
    with pytest.raises(OverflowError):
        containing(Cycle("quarter", date(2026, 2, 1)), date(1, 1, 1))
