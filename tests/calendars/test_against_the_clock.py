"""Random weeks of hours against a look at the local clock of every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.calendars.calendar import Calendar
from slacheck.calendars.hours import WEEKDAYS
from slacheck.calendars.resolving import Calendars
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals

MINUTE = 60_000_000
DAY = 1440
WEEK = 7 * DAY
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"),
    *("America/Sao_Paulo", "America/St_Johns", "Africa/Casablanca", "America/Havana", "UTC"),
)
# Monday to Monday around changes of one or another of these clocks, and an Apia without a Friday.
MONDAYS = (
    *(
        date(2026, 3, 23),
        date(2026, 3, 2),
        date(2026, 10, 19),
        date(2026, 10, 26),
        date(2026, 3, 30),
        date(2026, 9, 28),
    ),
    *(
        date(2011, 12, 26),
        date(2010, 11, 1),
        date(2018, 2, 12),
        date(2017, 10, 9),
        date(2026, 2, 9),
        date(2026, 3, 16),
        date(2026, 6, 1),
    ),
)


@st.composite
def weeks(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Spans of a week that do not overlap, as minutes since Monday; the last may run over the week's end."""
    unit = draw(st.sampled_from((1, 30, 360)))
    most = WEEK // unit
    cuts = sorted(draw(st.sets(st.integers(0, most - 1), min_size=2, max_size=12)))
    moved = draw(st.integers(0, most - 1))
    spans = [(a, b) for a, b in list(pairwise(cuts))[::2]]
    return [((a + moved) % most * unit, min(((a + moved) % most + b - a) * unit, (a + moved) % most * unit + DAY - 1))
            for a, b in spans]  # fmt: skip


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def written(spans: list[tuple[int, int]]) -> dict[str, Any]:
    days: dict[str, Any] = {}
    for start, end in spans:
        begins, ends = start % DAY, end - start // DAY * DAY
        text = f"{clock(begins)}-{clock(ends if ends <= DAY else ends - DAY)}"
        days.setdefault(WEEKDAYS[start // DAY], []).append(text)
    return {"hours": days}


def calendars(place: str, **terms: Any) -> Calendars:
    return Calendars({name: Calendar.model_validate(value) for name, value in terms.items()}, ZoneInfo(place), Path())


def window(monday: date) -> tuple[int, int]:
    """Minutes since 1970 of a week and a day on both sides, UTC."""
    begins = int((datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - EPOCH).total_seconds()) // 60
    return begins - DAY, begins + WEEK + DAY


def looked_up(spans: list[tuple[int, int]], place: str, monday: date) -> Intervals:
    """For every span: from the first minute whose local time is in it to the last one.

    A midnight ends a day at its first minute, as everywhere.
    """
    zone = ZoneInfo(place)
    lo, hi = window(monday)
    walls: list[int] = []
    base = datetime(monday.year, monday.month, monday.day)
    for minute in range(lo - 2 * DAY, hi + 2 * DAY):
        local = (EPOCH + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None)
        walls.append((local - base) // timedelta(minutes=1))
    found = []
    for start, end in spans:
        for week in (-1, 0, 1):
            opens, closes = start + week * WEEK, end + week * WEEK
            inside = [index for index, wall in enumerate(walls) if opens <= wall < closes]
            if closes % DAY == 0:
                next_day = (
                    min(index for index, wall in enumerate(walls) if closes <= wall) if closes <= max(walls) else 0
                )
                inside = [index for index in inside if not next_day or index < next_day]
            if inside:
                found.append(((lo - 2 * DAY + inside[0]) * MINUTE, (lo - 2 * DAY + inside[-1] + 1) * MINUTE))
    return intervals.clip(intervals.union(found), lo * MINUTE, hi * MINUTE)


@settings(max_examples=50)
@given(weeks(), st.sampled_from(PLACES), st.sampled_from(MONDAYS))
def test_every_minute_counts_when_its_local_time_does(spans: list[tuple[int, int]], place: str, monday: date) -> None:
    lo, hi = window(monday)
    made = calendars(place, desk=written(spans))
    assert made.service("desk", lo * MINUTE, hi * MINUTE) == looked_up(spans, place, monday)


@given(weeks(), st.sampled_from(PLACES), st.sampled_from(MONDAYS), st.lists(st.integers(0, WEEK), max_size=5))
def test_a_window_may_be_asked_for_in_parts(
    spans: list[tuple[int, int]], place: str, monday: date, cuts: list[int]
) -> None:
    lo, hi = window(monday)
    made = calendars(place, desk=written(spans))
    edges = [lo, *sorted(lo + cut for cut in cuts), hi]
    parts = (made.service("desk", a * MINUTE, b * MINUTE) for a, b in pairwise(edges))
    assert intervals.union(*parts) == made.service("desk", lo * MINUTE, hi * MINUTE)


@given(weeks(), weeks(), st.sampled_from(PLACES), st.sampled_from(MONDAYS))
def test_calendars_together_are_the_algebra_of_their_times(
    left: list[tuple[int, int]], right: list[tuple[int, int]], place: str, monday: date
) -> None:
    lo, hi = (edge * MINUTE for edge in window(monday))
    made = calendars(
        place,
        a=written(left),
        b=written(right),
        both={"all_of": ["a", "b"]},
        either={"any_of": ["a", "b"]},
        less={"all_of": ["a"], "except": ["b"]},
        rest={"except": ["a", "b"]},
        same={"all_of": ["always", "a"]},
    )
    a, b, both, either, less, rest, same = (
        made.service(name, lo, hi) for name in ("a", "b", "both", "either", "less", "rest", "same")
    )
    assert both == intervals.intersection(a, b)
    assert either == intervals.union(a, b)
    assert less == intervals.difference(a, b)
    assert rest == intervals.difference(((lo, hi),), either)
    assert same == a
    days = (monday, monday + timedelta(days=7))
    assert made.days("same", *days) == made.days("a", *days)
    assert made.days("either", *days) == tuple(sorted({*made.days("a", *days), *made.days("b", *days)}))


@given(
    weeks(),
    st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kathmandu")),
    st.integers(1, 20),
    st.sampled_from(("02:00-06:00", "22:00-05:30")),
)
def test_a_world_moved_by_weeks_moves_the_answer(
    spans: list[tuple[int, int]], place: str, moved: int, nightly: str
) -> None:
    # From May to the end of September none of these clocks is changed.
    lo, hi = window(date(2026, 5, 4))
    by = moved * WEEK
    made = calendars(place, desk=written(spans), night={"every": "monday", "hours": nightly})
    for name in ("desk", "night"):
        here = made.service(name, lo * MINUTE, hi * MINUTE)
        there = made.service(name, (lo + by) * MINUTE, (hi + by) * MINUTE)
        assert there == tuple((start + by * MINUTE, end + by * MINUTE) for start, end in here)
        days = made.days(name, date(2026, 5, 4), date(2026, 5, 18))
        ahead = timedelta(weeks=moved)
        assert made.days(name, date(2026, 5, 4) + ahead, date(2026, 5, 18) + ahead) == tuple(d + ahead for d in days)
