"""Which records are excused: notice in time, allowance by civil stretch, every instant once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.exclusions import Candidate, Exclusion, notice_given, rule
from slacheck.language.quantities import HOUR, MINUTE
from slacheck.timeline import intervals
from slacheck.timeline.periods import Cycle
from slacheck.timeline.zones import instant_of, zone

BERLIN = zone("Europe/Berlin")
UTC = zone("UTC")
MONTH = Cycle("month")


def exclusion(**keys: Any) -> Exclusion:
    return Exclusion.model_validate({"from": "log", **keys})


def at(text: str, place: Any = BERLIN) -> int:
    return instant_of(datetime.fromisoformat(text), place)


def record(start: int, end: int, announced: int | None = None, place: str = "") -> Candidate:
    return Candidate(start, end, announced, place or f"log.csv, row {start}")


def notice(text: str, start: str, announced: str | None) -> str:
    begin = at(start)
    told = at(announced) if announced else None
    return notice_given(exclusion(notice=text), record(begin, begin + HOUR, told), BERLIN)


@pytest.mark.parametrize(
    ("text", "start", "announced", "in_time"),
    [
        ("24h", "2026-06-10 12:00", "2026-06-09 12:00", True),
        ("24h", "2026-06-10 12:00", "2026-06-09 12:00:00.000001", False),
        ("1 day", "2026-06-10 12:00", "2026-06-09 12:00", True),
        ("1 day", "2026-06-10 12:00", "2026-06-09 12:00:00.000001", False),
        ("2 weeks", "2026-06-15 12:00", "2026-06-01 12:00", True),
        # The clocks go forward on 29 March 2026: that day has 23 hours, and is a day of notice all the same.
        ("1 day", "2026-03-29 12:00", "2026-03-28 12:00", True),
        ("24h", "2026-03-29 12:00", "2026-03-28 12:00", False),
        ("24h", "2026-03-29 12:00", "2026-03-28 11:00", True),
        # They go back on 25 October 2026, a day of 25 hours.
        ("1 day", "2026-10-25 12:00", "2026-10-24 12:30", False),
        ("24h", "2026-10-25 12:00", "2026-10-24 12:30", True),
        ("24h", "2026-10-25 12:00", "2026-10-24 13:00", True),
        # The same time of day does not exist on the day before.
        ("1 day", "2026-03-30 02:30", "2026-03-29 03:00", False),
        ("1 day", "2026-03-30 02:30", "2026-03-29 01:59", True),
    ],
)
def test_notice_in_days_keeps_the_time_of_day_and_in_hours_counts_them(
    text: str, start: str, announced: str, in_time: bool
) -> None:
    assert notice(text, start, announced) == ("" if in_time else f"announced too late; {text} needed")


def test_what_was_never_announced_fails_every_notice() -> None:
    assert notice("1 day", "2026-06-10 12:00", None) == "never announced; 1 day needed"


def test_without_a_notice_nothing_needs_to_be_announced() -> None:
    assert notice_given(exclusion(), record(0, HOUR), BERLIN) == ""


def test_an_allowance_starts_anew_with_each_month_and_a_record_across_the_edge_is_cut() -> None:
    midnight = at("2026-11-01 00:00")
    log = [record(midnight - 3 * HOUR, midnight + 3 * HOUR)]
    october = rule("a", exclusion(allowance="2h per month"), log, (midnight - 24 * HOUR, midnight), MONTH, BERLIN)
    november = rule("a", exclusion(allowance="2h per month"), log, (midnight, midnight + 24 * HOUR), MONTH, BERLIN)
    assert october[0].excused == ((midnight - 3 * HOUR, midnight - HOUR),)
    assert october[0].excess == ((midnight - HOUR, midnight),)
    assert november[0].excused == ((midnight, midnight + 2 * HOUR),)
    assert november[0].excess == ((midnight + 2 * HOUR, midnight + 3 * HOUR),)


def test_a_longer_allowance_is_used_up_by_records_before_the_window() -> None:
    log = [
        record(at("2026-02-10 08:00"), at("2026-02-10 11:00")),
        record(at("2026-09-10 08:00"), at("2026-09-10 12:00")),
    ]
    window = at("2026-09-01"), at("2026-10-01")
    (september,) = rule("a", exclusion(allowance="4h per year"), log, window, MONTH, BERLIN)
    assert intervals.length(september.excused) == HOUR
    assert intervals.length(september.excess) == 3 * HOUR


def test_an_allowance_per_month_of_a_billing_cycle_follows_the_cycle() -> None:
    cycle = Cycle("month", datetime(2026, 1, 15).date())
    log = [
        record(at("2026-06-14 20:00"), at("2026-06-14 23:00")),
        record(at("2026-06-15 01:00"), at("2026-06-15 04:00")),
    ]
    rulings = rule("a", exclusion(allowance="3h per month"), log, (at("2026-06-01"), at("2026-07-01")), cycle, BERLIN)
    assert [intervals.length(each.excess) for each in rulings] == [0, 0]
    by_week = rule("a", exclusion(allowance="3h per week"), log, (at("2026-06-01"), at("2026-07-01")), cycle, BERLIN)
    assert [intervals.length(each.excess) for each in by_week] == [0, 0]
    by_quarter = rule(
        "a", exclusion(allowance="3h per quarter"), log, (at("2026-06-01"), at("2026-07-01")), cycle, BERLIN
    )
    assert [intervals.length(each.excess) for each in by_quarter] == [0, 3 * HOUR]


def test_a_refused_record_uses_no_allowance_and_hides_no_other() -> None:
    late = record(0, 2 * HOUR, announced=-HOUR, place="late")
    good = record(HOUR, 3 * HOUR, announced=-48 * HOUR, place="good")
    terms = exclusion(notice="24h", allowance="2h per month")
    first, second = rule("a", terms, [good, late], (0, 24 * HOUR), MONTH, UTC)
    assert (first.candidate.place, first.refused, first.excused) == ("late", "announced too late; 24h needed", ())
    assert second.excused == ((HOUR, 3 * HOUR),)


def test_overlapping_records_are_excused_once_and_use_the_allowance_once() -> None:
    log = [record(0, 4 * HOUR), record(2 * HOUR, 6 * HOUR), record(3 * HOUR, 5 * HOUR)]
    rulings = rule("a", exclusion(allowance="5h per month"), log, (0, 24 * HOUR), MONTH, UTC)
    assert [each.excused for each in rulings] == [((0, 4 * HOUR),), ((4 * HOUR, 5 * HOUR),), ()]
    assert [each.excess for each in rulings] == [(), ((5 * HOUR, 6 * HOUR),), ()]
    assert {ruling.exclusion for ruling in rulings} == {"a"}
    assert sum(end - start for ruling in rulings for start, end in ruling.excused) == 5 * HOUR


RECORDS = st.lists(
    st.tuples(st.integers(0, 60 * 24), st.integers(0, 600)).map(
        lambda t: record(t[0] * HOUR, (t[0] + t[1] // 60) * HOUR + t[1] % 60 * MINUTE)
    ),
    max_size=6,
)


@given(RECORDS, st.integers(1, 20), st.randoms(use_true_random=False))
def test_excused_and_excess_are_the_log_once_within_the_allowance_in_whatever_order_it_stands(
    log: list[Candidate], hours: int, shuffle: Any
) -> None:
    terms = exclusion(allowance=f"{hours}h per month")
    window = (0, 90 * 24 * HOUR)
    rulings = rule("a", terms, log, window, MONTH, UTC)
    mixed = list(log)
    shuffle.shuffle(mixed)
    assert rule("a", terms, mixed, window, MONTH, UTC) == rulings
    excused = intervals.union(*(each.excused for each in rulings))
    excess = intervals.union(*(each.excess for each in rulings))
    # No instant twice, none lost.
    parts = [part for each in rulings for part in (each.excused, each.excess)]
    assert sum(map(intervals.length, parts)) == intervals.length(intervals.union(excused, excess))
    assert intervals.union(excused, excess) == intervals.union((each.start, each.end) for each in log)
    for month in (("1970-01-01", "1970-02-01"), ("1970-02-01", "1970-03-01"), ("1970-03-01", "1970-04-01")):
        lo, hi = (at(text, UTC) for text in month)
        inside, beyond = intervals.clip(excused, lo, hi), intervals.clip(excess, lo, hi)
        assert intervals.length(inside) <= hours * HOUR
        if beyond:
            # The allowance goes to what comes first.
            assert intervals.length(inside) == hours * HOUR
            assert inside[-1][1] <= beyond[0][0]


@given(RECORDS, st.integers(0, 30 * 24), st.integers(0, 30 * 24))
def test_a_window_sees_its_part_of_what_the_whole_log_is_granted(log: list[Candidate], start: int, width: int) -> None:
    terms = exclusion(allowance="5h per month")
    whole = rule("a", terms, log, (0, 90 * 24 * HOUR), MONTH, UTC)
    lo, hi = start * HOUR, (start + width) * HOUR
    part = rule("a", terms, log, (lo, hi), MONTH, UTC)
    for name in ("excused", "excess"):
        seen = intervals.union(*(getattr(each, name) for each in part))
        assert seen == intervals.clip(intervals.union(*(getattr(each, name) for each in whole)), lo, hi)
