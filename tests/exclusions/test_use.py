"""How much of an allowance is used, stretch by stretch, up to the end of the window."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from slacheck.exclusions import AllowanceUse, Candidate, Exclusion, rule, use
from slacheck.language.quantities import HOUR
from slacheck.timeline import intervals
from slacheck.timeline.periods import Cycle
from slacheck.timeline.zones import zone
from tests.exclusions.calendars import Fake, at

BERLIN = zone("Europe/Berlin")
MONTH = Cycle("month")


def exclusion(**keys: Any) -> Exclusion:
    return Exclusion.model_validate({"from": "log", **keys})


def record(start: str, length: int, *key: str) -> Candidate:
    begin = at(start, BERLIN)
    return Candidate(begin, begin + length * HOUR, None, f"log.csv, {start}", key or None)


def window(lo: str, hi: str) -> tuple[int, int]:
    return at(f"{lo} 00:00", BERLIN), at(f"{hi} 00:00", BERLIN)


def used(terms: Exclusion, log: list[Candidate], lo: str, hi: str, cycle: Cycle = MONTH) -> list[tuple[object, ...]]:
    """Per stretch: its label, its key, and hours or records that are allowed, used and left."""
    found = use("planned", terms, log, window(lo, hi), cycle, BERLIN)
    size = {"time": HOUR, "records": 1}
    return [
        (each.stretch, each.key, each.allowed // size[each.counts], each.used // size[each.counts])
        for each in found
        if each.left == each.allowed - each.used >= 0
    ]


LOG = [record("2026-03-10 02:00", 3), record("2026-09-10 02:00", 4), record("2026-10-20 02:00", 2)]


def test_a_year_is_used_by_records_before_the_window_and_by_none_after_it() -> None:
    terms = exclusion(allowance="8h per year")
    assert used(terms, LOG, "2026-09-01", "2026-10-01") == [("2026", None, 8, 7)]
    assert used(terms, LOG, "2026-10-01", "2026-11-01") == [("2026", None, 8, 8)]
    assert used(terms, LOG, "2027-01-01", "2027-02-01") == [("2027", None, 8, 0)]
    assert used(exclusion(allowance="5 per year"), LOG, "2026-09-01", "2026-10-01") == [("2026", None, 5, 2)]


def test_all_of_a_line_of_the_statement() -> None:
    (line,) = use(
        "planned", exclusion(allowance="4h per month"), LOG, window("2026-09-01", "2026-10-01"), MONTH, BERLIN
    )
    assert line == AllowanceUse(
        exclusion="planned",
        text="4h per month",
        stretch="2026-09",
        first_day="2026-09-01",
        key=None,
        counts="time",
        allowed=4 * HOUR,
        used=4 * HOUR,
    )
    assert line.left == 0


def test_every_stretch_that_the_window_touches_is_there() -> None:
    log = [record("2026-09-30 23:00", 2)]
    assert used(exclusion(allowance="2h per week"), log, "2026-10-01", "2026-10-12") == [
        ("2026-W40", None, 2, 2),
        ("2026-W41", None, 2, 0),
    ]
    assert used(exclusion(allowance="2h per day"), log, "2026-09-30", "2026-10-02") == [
        ("2026-09-30", None, 2, 1),
        ("2026-10-01", None, 2, 1),
    ]
    cycle = Cycle("month", date(2026, 1, 15))
    assert [each[0] for each in used(exclusion(allowance="2h per period"), log, "2026-09-15", "2026-10-15", cycle)] == [
        "2026-09-15..2026-10-14"
    ]


def test_a_number_of_records_counts_those_that_start_in_the_stretch() -> None:
    log = [record("2026-09-30 23:00", 2), record("2026-10-05 02:00", 1), record("2026-10-06 02:00", 1)]
    terms = exclusion(allowance="1 per month")
    assert used(terms, log, "2026-10-01", "2026-11-01") == [("2026-10", None, 1, 1)]
    assert used(terms, log[:1], "2026-10-01", "2026-11-01") == [("2026-10", None, 1, 0)]


def test_every_key_with_a_record_has_its_own_line() -> None:
    log = [
        record("2026-10-05 02:00", 1, "paris"),
        record("2026-10-06 02:00", 3, "berlin"),
        record("2026-09-06 02:00", 2, "rome"),
        record("2026-10-06 02:00", 2),
    ]
    assert used(exclusion(allowance="2h per month", matching="site"), log, "2026-10-01", "2026-11-01") == [
        ("2026-10", ("berlin",), 2, 2),
        ("2026-10", ("paris",), 2, 1),
    ]


def test_what_lies_outside_the_window_or_was_announced_too_late_uses_nothing() -> None:
    nights = Fake(BERLIN, {"night": lambda _: [(0, 4)]})
    log = [record("2026-10-05 02:00", 4)]
    terms = exclusion(within="night", allowance="3h per month")
    (line,) = use("planned", terms, log, window("2026-10-01", "2026-11-01"), MONTH, BERLIN, nights)
    assert line.used == 2 * HOUR
    assert used(exclusion(notice="1 day", allowance="3h per month"), log, "2026-10-01", "2026-11-01") == [
        ("2026-10", None, 3, 0)
    ]


def test_nothing_without_an_allowance_or_without_a_window() -> None:
    assert use("planned", exclusion(), LOG, window("2026-10-01", "2026-11-01"), MONTH, BERLIN) == ()
    assert used(exclusion(allowance="2h per day"), LOG, "2026-10-01", "2026-10-01") == []


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 23), st.integers(0, 40)), max_size=8),
    st.sampled_from(["day", "week", "month"]),
    st.integers(1, 28),
    st.integers(1, 10),
)
def test_what_is_used_is_what_is_excused(log: list[tuple[int, int, int]], per: str, first: int, days: int) -> None:
    """Windows one after the other see, in the end, as much used as was excused in the whole stretch."""
    records = [record(f"2026-06-{day:02} {hour:02}:00", length) for day, hour, length in log]
    terms = exclusion(allowance=f"5h per {per}")
    lo = at(f"2026-06-{first:02} 00:00", BERLIN)
    part = (lo, lo + days * 24 * HOUR)
    ever = window("2026-05-01", "2026-09-01")
    excused = intervals.union(*(each.excused for each in rule("planned", terms, records, ever, MONTH, BERLIN)))
    for each in use("planned", terms, records, part, MONTH, BERLIN):
        start = at(f"{each.first_day} 00:00", BERLIN)
        end = {"day": start + 24 * HOUR, "week": start + 7 * 24 * HOUR, "month": start + 31 * 24 * HOUR}[per]
        if each.stretch == "2026-06":
            end -= 24 * HOUR
        assert each.used == intervals.length(intervals.clip(excused, start, min(end, part[1])))
