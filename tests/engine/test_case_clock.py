"""What a case's length is: worked by hand, and compared with plain loops over counted intervals and local dates."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.engine.case_clock import CaseRequest, DayRow, DayRule, case_lengths, day_rows
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.timeline import zones

Interval = tuple[int, int]
Case = tuple[int, int, int, int, int, int | None]  # g, k, r, d, s, e
Pause = tuple[int, int, int, int, int | None]  # p, g, r, s, e
Row = tuple[int | None, ...]  # q, k, r, d, s, e, open, elapsed, paused, days, late_by

Kind = TypeVar("Kind")

MINUTE = 60_000_000
HOUR = 60 * MINUTE
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
BERLIN = 0
# Each zone: weekdays from nine to five, the clock of id zone; nights over midnight, zone + 10; always, zone + 20.
NIGHT, ALWAYS = 10, 20
# Day tables: working days, of id zone; all days, zone + 10.
ALL_DAYS = 10
FAR = 2**60


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def days_between(lo: int, hi: int, zone: int) -> Iterator[date]:
    info = zones.zone(ZONES[zone])
    day = zones.day_of(lo, info) - timedelta(days=1)
    while day <= zones.day_of(hi, info):
        yield day
        day += timedelta(days=1)


def at(zone: int, day: date, hour: int, minute: int = 0) -> int:
    return zones.instant_of(datetime(day.year, day.month, day.day, hour, minute), zones.zone(ZONES[zone]))


def berlin(text: str) -> int:
    return zones.instant_of(datetime.fromisoformat(text), zones.zone(ZONES[BERLIN]))


def wall(t: int, zone: int) -> tuple[date, int]:
    """The local date of an instant and the local time in microseconds since midnight."""
    local = zones.local(t, zones.zone(ZONES[zone])).replace(tzinfo=None)
    return local.date(), (local - datetime.combine(local.date(), datetime.min.time())) // timedelta(microseconds=1)


def clock(number: int, lo: int, hi: int) -> list[Interval]:
    kind, zone = number // 10 * 10, number % 10
    if kind == ALWAYS:
        return [(lo, hi)]
    days = days_between(lo, hi, zone)
    if kind == NIGHT:
        return [(at(zone, day, 22), at(zone, day + timedelta(days=1), 6)) for day in days]
    return [(at(zone, day, 9), at(zone, day, 17)) for day in days if day.weekday() < 5]


def counts(table: int, day: date) -> bool:
    return table >= ALL_DAYS or day.weekday() < 5


def day_table(number: int, lo: int, hi: int) -> list[DayRow]:
    zone = number % 10
    info = zones.zone(ZONES[zone])
    parts = []
    for day in days_between(lo, hi, zone):
        start, end = zones.midnight(day, info), zones.midnight(day + timedelta(days=1), info)
        cuts = [start, *(change.at for change in zones.changes(info, start + 1, end - 1)), end]
        for part, after in pairwise(cuts):
            parts.append((day.toordinal(), part, after, int(counts(number, day)), wall(part, zone)[1]))
    return day_rows(parts)


def due(zone: int, s: int) -> int:
    """Reported before noon: 19:00 on the next day; else noon of the day after."""
    day, time = wall(s, zone)
    return at(zone, day + timedelta(days=1), 19) if time < 12 * HOUR else at(zone, day + timedelta(days=2), 12)


def deadlines(zone: int, lo: int, hi: int) -> list[tuple[int, int, int]]:
    info = zones.zone(ZONES[zone])
    rows = []
    for day in days_between(lo, hi, zone):
        start, noon, end = zones.midnight(day, info), at(zone, day, 12), zones.midnight(day + timedelta(days=1), info)
        rows += [(start, noon, due(zone, start)), (noon, end, due(zone, noon))]
    return rows


def lengths(
    scratch: Scratch, cases: Sequence[Case], pauses: Sequence[Pause] | None, requests: Sequence[CaseRequest]
) -> list[Row]:
    given_cases = scratch.give("given", dict.fromkeys(("g", "k", "r", "d", "s", "e"), "BIGINT"), cases)
    given_pauses = None
    if pauses is not None:
        # A pause stream holds the pauses of the cases of one stream.
        held = [(p * 100 + g, r, s, e) for p, g, r, s, e in pauses]
        given_pauses = scratch.give("held", dict.fromkeys(("p", "r", "s", "e"), "BIGINT"), held)
        requests = [
            each if each.pauses is None else replace(each, pauses=each.pauses * 100 + each.stream) for each in requests
        ]
    table = case_lengths(scratch, given_cases, given_pauses, requests, clock, day_table, deadlines)
    assert table.collect_schema().names() == [
        *("q", "k", "r", "d", "s", "e", "open", "elapsed", "paused", "days", "late_by")
    ]
    return sorted(scratch.rows(table))


def measured(intervals: Sequence[Interval], s: int, e: int) -> list[Interval]:
    return [(max(lo, s), min(hi, e)) for lo, hi in intervals if max(lo, s) < min(hi, e)]


def total(intervals: Sequence[Interval]) -> int:
    return sum(hi - lo for lo, hi in intervals)


def days_by_dates(rule: DayRule, s: int, e: int) -> int:
    """The least n such that e is not past the end of the n-th counting day after the day of s."""
    zone = rule.table % 10
    day, time = wall(s, zone)
    n = 0
    while not (wall(e, zone) <= (day, time) if rule.same_time else wall(e, zone)[0] <= day):
        day += timedelta(days=1)
        while not counts(rule.table, day):
            day += timedelta(days=1)
        n += 1
    return n


def expected(cases: Sequence[Case], pauses: Sequence[Pause], requests: Sequence[CaseRequest]) -> list[Row]:
    return sorted(
        row(request, case, pauses)
        for request in requests
        for case in cases
        if case[0] == request.stream and request.lo <= case[3] < request.hi and case[3] < request.as_of
    )


def row(request: CaseRequest, case: Case, pauses: Sequence[Pause]) -> Row:
    g, k, r, d, s, end = case
    opened = end is None or end > request.as_of
    e = request.as_of if end is None or opened else end
    a = min(s, e) if opened else s
    counted = clock(request.clock, min(a, e) - 8 * 24 * HOUR, max(a, e) + HOUR)
    pieces = inside = measured(counted, a, e)
    for p, of, number, lo, hi in pauses:
        if (p, of, number) == (request.pauses, g, r):
            hi = request.as_of if hi is None else hi
            if lo < hi:
                pieces = [*(x for piece in pieces for x in measured([piece], -FAR, lo) + measured([piece], hi, FAR))]
    elapsed = total(pieces) if a <= e else -total(measured(counted, e, a))
    paused = total(inside) - total(pieces)
    ended = e
    if paused:
        ended, left = a, elapsed
        for lo, hi in inside:
            if left > 0:
                ended, left = min(hi, lo + left), left - (hi - lo)
    days = late_by = None
    if request.days is not None:
        days = days_by_dates(request.days, a, ended) if a <= ended else -days_by_dates(request.days, ended, a)
    if request.deadlines is not None:
        late_by = ended - due(request.deadlines, s)
    return request.id, k, r, d, s, e, int(opened), elapsed, paused, days, late_by


# Around the clock changes of 2025 in the three zones.
CHANGES = [date(2025, 3, 9), date(2025, 3, 30), date(2025, 4, 6), date(2025, 10, 5), date(2025, 10, 26)]


@dataclass
class Dice:
    """Random instants near one clock change; most of them on the half hour, so that they meet edges."""

    random: random.Random
    middle: int

    def instant(self, reach: int) -> int:
        t = self.middle + self.random.randrange(-reach * 24, reach * 24) * HOUR
        return t + self.random.choice([0, 0, 30 * MINUTE, self.random.randrange(HOUR)])

    def maybe(self, chance: float, value: Kind) -> Kind | None:
        return value if self.random.random() < chance else None

    def case(self, r: int) -> Case:
        s = self.instant(6)
        e = s + self.random.choice([0, 1, 30, 200, 200]) * self.random.randrange(-5, 40) * 30 * MINUTE
        return self.random.randrange(2), self.random.randrange(3), r, self.instant(5), s, self.maybe(0.85, e)

    def pause(self, cases: Sequence[Case]) -> Pause:
        g, _, r, _, s, _ = self.random.choice(cases)
        lo = s + self.random.randrange(-6, 100) * self.random.choice([HOUR, HOUR, 30 * MINUTE])
        hi = lo + self.random.choice([0, 1, 8 * HOUR, 16 * HOUR, 70 * HOUR, self.random.randrange(99 * HOUR)])
        return self.random.randrange(2), g, r, lo, self.maybe(0.9, hi)

    def request(self, number: int) -> CaseRequest:
        zone = self.random.randrange(3)
        rule = DayRule(self.random.choice([zone, zone + ALL_DAYS]), self.random.random() < 0.5)
        return CaseRequest(
            number,
            stream=self.random.randrange(2),
            lo=self.instant(1) - 4 * 24 * HOUR,
            hi=self.instant(1) + 4 * 24 * HOUR,
            clock=self.random.choice([zone, zone, zone + NIGHT, zone + ALWAYS]),
            as_of=self.instant(2) + 3 * 24 * HOUR,
            pauses=self.maybe(0.8, self.random.randrange(2)),
            days=self.maybe(0.7, rule),
            deadlines=self.maybe(0.7, zone),
        )


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32))
def test_lengths_are_what_plain_loops_give(scratch: Scratch, seed: int) -> None:
    drawn = random.Random(seed)
    day = drawn.choice(CHANGES)
    dice = Dice(drawn, at(drawn.randrange(3), day, 0))
    cases = [dice.case(r) for r in range(60)]
    pauses = [dice.pause(cases) for _ in range(90)]
    requests = [dice.request(number) for number in range(6)]
    assert lengths(scratch, cases, pauses, requests) == expected(cases, pauses, requests)


class Length(NamedTuple):
    open: int
    elapsed: int
    paused: int
    days: int
    late_by: int


def one(
    scratch: Scratch,
    s: str,
    e: str | None,
    *pauses: tuple[str, str | None],
    as_of: str = "2025-12-01",
    same_time: bool = False,
    number: int = BERLIN,
) -> Length:
    """One case on Berlin working hours; its deadline is that of ``due``."""
    start = berlin(s)
    rule = DayRule(BERLIN, same_time)
    request = CaseRequest(7, 1, start, start + 1, number, berlin(as_of), 3, rule, BERLIN)
    held = [(3, 1, 5, berlin(lo), None if hi is None else berlin(hi)) for lo, hi in pauses]
    [found] = lengths(scratch, [(1, 2, 5, start, start, None if e is None else berlin(e))], held, [request])
    assert found == row(request, (1, 2, 5, start, start, None if e is None else berlin(e)), held)
    assert found[:5] == (7, 2, 5, start, start)
    open_, elapsed, paused, days, late_by = found[6:]
    assert open_ is not None
    assert elapsed is not None
    assert paused is not None
    assert days is not None
    assert late_by is not None
    return Length(open_, elapsed, paused, days, late_by)


def test_a_weekend_and_a_clock_change_take_no_service_time(scratch: Scratch) -> None:
    # Friday 24 October 2025 16:00 to Monday 10:00: an hour each. The clocks go back on Sunday.
    found = one(scratch, "2025-10-24T16:00", "2025-10-27T10:00")
    assert (found.elapsed, found.days) == (2 * HOUR, 1)
    # Due on Sunday 12:00: 22 hours of Sunday afternoon and Monday morning late.
    assert found.late_by == 22 * HOUR


def test_outside_hours_the_clock_stands(scratch: Scratch) -> None:
    # Saturday morning to Monday 20:00: Monday's eight hours. Sunday alone: nothing.
    assert one(scratch, "2025-11-08T09:00", "2025-11-10T20:00").elapsed == 8 * HOUR
    assert one(scratch, "2025-11-08T09:00", "2025-11-09T20:00").elapsed == 0
    # Exactly at close of business, and at opening.
    assert one(scratch, "2025-11-10T09:00", "2025-11-10T17:00").elapsed == 8 * HOUR
    assert one(scratch, "2025-11-10T17:00", "2025-11-11T09:00").elapsed == 0


def test_a_night_shift_is_an_hour_longer_when_the_clocks_go_back(scratch: Scratch) -> None:
    assert one(scratch, "2025-10-25T20:00", "2025-10-26T12:00", number=BERLIN + NIGHT).elapsed == 9 * HOUR
    assert one(scratch, "2025-03-29T20:00", "2025-03-30T12:00", number=BERLIN + NIGHT).elapsed == 7 * HOUR


def test_overlapping_pauses_count_once(scratch: Scratch) -> None:
    # Monday 09:00 to 17:00; out of it 10-12, 11-13, 13-14 and 15-15, and what lies before 9:30: four and a half hours.
    pauses = [
        ("2025-11-10T10:00", "2025-11-10T12:00"),
        ("2025-11-10T11:00", "2025-11-10T13:00"),
        ("2025-11-10T10:30", "2025-11-10T10:45"),
        ("2025-11-10T13:00", "2025-11-10T14:00"),
        ("2025-11-10T15:00", "2025-11-10T15:00"),
        ("2025-11-07T12:00", "2025-11-10T09:30"),
        ("2025-11-10T17:00", "2025-11-10T18:00"),
    ]
    found = one(scratch, "2025-11-10T09:00", "2025-11-10T17:00", *pauses)
    assert (found.elapsed, found.paused) == (3 * HOUR + 30 * MINUTE, 4 * HOUR + 30 * MINUTE)


@pytest.mark.parametrize(
    ("pauses", "hours"),
    [
        # One within the other; one after the other with an hour between; touching; three at once from 12 to 13.
        ([(10, 16), (12, 13)], 6),
        ([(14, 16), (10, 13)], 5),
        ([(10, 12), (12, 15)], 5),
        ([(10, 13), (12, 15), (11, 16)], 6),
        # Of three, the last alone stands apart: 10 to 14 and 15 to 16.
        ([(10, 13), (12, 14), (15, 16)], 5),
    ],
)
def test_pauses_count_in_every_arrangement(scratch: Scratch, pauses: Sequence[tuple[int, int]], hours: int) -> None:
    day = "2025-11-10T"
    held = [(f"{day}{lo:02}:00", f"{day}{hi:02}:00") for lo, hi in pauses]
    assert one(scratch, f"{day}09:00", f"{day}17:00", *held).paused == hours * HOUR


def test_a_pause_over_the_whole_case_leaves_its_start(scratch: Scratch) -> None:
    # From Saturday to Tuesday: the earliest reading of zero is Friday's 17:00, but a case does not end before it began.
    found = one(scratch, "2025-11-08T09:00", "2025-11-11T12:00", ("2025-11-01T00:00", "2025-11-20T00:00"))
    assert found == Length(0, 0, 11 * HOUR, 0, berlin("2025-11-08T09:00") - berlin("2025-11-09T19:00"))


def test_a_case_without_length(scratch: Scratch) -> None:
    found = one(scratch, "2025-11-10T10:00", "2025-11-10T10:00", ("2025-11-10T09:00", None), same_time=True)
    assert found[:4] == (0, 0, 0, 0)


def test_an_end_before_the_start_is_negative_and_not_paused(scratch: Scratch) -> None:
    # Monday 11:00 back to Friday 16:00: three hours, one working day.
    found = one(scratch, "2025-11-10T11:00", "2025-11-07T16:00", ("2025-11-07T16:30", "2025-11-10T10:00"))
    assert found[:4] == (0, -3 * HOUR, 0, -1)
    assert found.late_by == berlin("2025-11-07T16:00") - berlin("2025-11-11T19:00")
    # From Friday 10:00 to Monday 11:00 takes a second day at the same time.
    assert one(scratch, "2025-11-10T11:00", "2025-11-07T10:00", same_time=True).days == -2


def test_an_open_case_and_its_open_pause_last_until_now(scratch: Scratch) -> None:
    found = one(scratch, "2025-11-10T09:00", None, as_of="2025-11-11T10:00")
    assert found[:4] == (1, 9 * HOUR, 0, 1)
    found = one(scratch, "2025-11-10T09:00", None, ("2025-11-10T12:00", None), as_of="2025-11-11T10:00")
    # Over, so far, at Monday 12:00.
    assert found[:4] == (1, 3 * HOUR, 6 * HOUR, 0)
    assert found.late_by == berlin("2025-11-10T12:00") - berlin("2025-11-11T19:00")


def test_what_happens_after_the_instant_of_looking_is_not_known(scratch: Scratch) -> None:
    at_ten = berlin("2025-11-10T10:00")
    request = CaseRequest(0, 1, at_ten - 99 * HOUR, at_ten + 99 * HOUR, BERLIN, at_ten, None, DayRule(BERLIN, False))
    cases: list[Case] = [
        (1, 1, 0, at_ten - HOUR, at_ten - HOUR, at_ten),
        (1, 1, 1, at_ten - HOUR, at_ten - HOUR, at_ten + 1),
        # Begins later than it is dated, and later than the look at it.
        (1, 1, 2, at_ten - 1, at_ten + HOUR, None),
        (1, 1, 3, at_ten - 1, at_ten + HOUR, at_ten + 2 * HOUR),
        (1, 1, 4, at_ten, at_ten, None),
    ]
    assert [(r[2], *r[4:10]) for r in lengths(scratch, cases, None, [request])] == [
        (0, at_ten - HOUR, at_ten, 0, HOUR, 0, 0),
        (1, at_ten - HOUR, at_ten, 1, HOUR, 0, 0),
        (2, at_ten + HOUR, at_ten, 1, 0, 0, 0),
        (3, at_ten + HOUR, at_ten, 1, 0, 0, 0),
    ]


def test_paused_over_the_weekend_means_over_on_friday_at_close(scratch: Scratch) -> None:
    # Paused Monday 9 to 10: the clock shows what it showed on Friday from 17:00 on; Friday 17:00 is the end.
    found = one(scratch, "2025-11-07T09:00", "2025-11-10T10:00", ("2025-11-10T08:00", "2025-11-10T10:00"))
    assert found[:4] == (0, 8 * HOUR, HOUR, 0)
    assert found.late_by == berlin("2025-11-07T17:00") - berlin("2025-11-08T19:00")
    # A microsecond less of pause: over on Monday at 9 and a microsecond.
    pause = ("2025-11-10T09:00:00.000001", "2025-11-10T10:00")
    found = one(scratch, "2025-11-07T09:00", "2025-11-10T10:00", pause)
    assert (found.elapsed, found.days) == (8 * HOUR + 1, 1)
    assert found.late_by == berlin("2025-11-10T09:00:00.000001") - berlin("2025-11-08T19:00")
    # A pause that lies outside of hours pauses nothing: the end stays on Saturday, which belongs to Monday.
    found = one(scratch, "2025-11-07T09:00", "2025-11-08T10:00", ("2025-11-08T08:00", "2025-11-08T10:00"))
    assert found[:4] == (0, 8 * HOUR, 0, 1)


@pytest.mark.parametrize(
    ("s", "e", "whole", "same_time"),
    [
        ("2025-11-06T14:00", "2025-11-06T23:59:59.999999", 0, 1),
        ("2025-11-06T14:00", "2025-11-06T14:00", 0, 0),
        # Midnight begins Friday.
        ("2025-11-06T14:00", "2025-11-07T00:00", 1, 1),
        ("2025-11-06T14:00", "2025-11-07T14:00", 1, 1),
        ("2025-11-06T14:00", "2025-11-07T14:00:00.000001", 1, 2),
        # Saturday and Sunday belong to Monday, whatever the time.
        ("2025-11-06T14:00", "2025-11-08T20:00", 2, 2),
        ("2025-11-06T14:00", "2025-11-10T14:00", 2, 2),
        ("2025-11-06T14:00", "2025-11-10T15:00", 2, 3),
        # Begun on a Saturday: Monday is the first day.
        ("2025-11-08T14:00", "2025-11-09T15:00", 1, 1),
        ("2025-11-08T14:00", "2025-11-10T15:00", 1, 2),
        ("2025-11-08T14:00", "2025-11-08T15:00", 0, 1),
        # The clocks go back on Sunday 26 October 2025: the same time on Monday is 73 hours after Friday.
        ("2025-10-24T14:00", "2025-10-27T14:00", 1, 1),
        ("2025-10-24T14:00", "2025-10-27T14:00:01", 1, 2),
        # They go forward on Sunday 30 March 2025; on the day itself 04:00 is later than 01:30.
        ("2025-03-28T14:00", "2025-03-31T14:00", 1, 1),
        ("2025-03-28T14:00", "2025-03-31T14:00:01", 1, 2),
        ("2025-03-30T01:30", "2025-03-30T04:00", 0, 1),
    ],
)
def test_days_by_the_end_of_the_day_and_by_the_same_time(
    scratch: Scratch, s: str, e: str, whole: int, same_time: int
) -> None:
    assert one(scratch, s, e).days == whole
    assert one(scratch, s, e, same_time=True).days == same_time


def test_the_repeated_hour_is_read_as_wall_time(scratch: Scratch) -> None:
    # 02:30 for the second time, an hour after 02:30, is not past 02:30 of that day; 30 minutes later 03:00 is.
    second = berlin("2025-10-26T03:00") - 30 * MINUTE
    requests = [CaseRequest(0, 1, 0, second, BERLIN + ALWAYS, second + 1, days=DayRule(BERLIN + ALL_DAYS, True))]
    cases: list[Case] = [
        (1, 1, 0, 1, second - HOUR, second),
        (1, 1, 1, 1, second - HOUR, second + 1),
        (1, 1, 2, 1, second - 25 * HOUR, second),
    ]
    assert [(r[7], r[9]) for r in lengths(scratch, cases, None, requests)] == [(HOUR, 0), (HOUR + 1, 1), (25 * HOUR, 1)]


def test_tables_are_asked_once_for_all_that_their_cases_need(scratch: Scratch) -> None:
    asked: list[tuple[str, int, int, int]] = []

    def clock_of(number: int, lo: int, hi: int) -> list[Interval]:
        asked.append(("clock", number, lo, hi))
        return [(0, 40)]

    def days_of(number: int, lo: int, hi: int) -> list[DayRow]:
        asked.append(("days", number, lo, hi))
        return [DayRow(0, lo, hi, 0, 1, 0)]

    def due_of(number: int, lo: int, hi: int) -> list[tuple[int, int, int]]:
        asked.append(("due", number, lo, hi))
        return [(lo, hi, 3)]

    cases = scratch.give("given", dict.fromkeys("gkrdse", "BIGINT"), [(1, 1, 1, 5, 10, 30), (1, 1, 2, 15, 20, 9)])
    requests = [
        CaseRequest(0, 1, 0, 10, 4, 100, days=DayRule(8, False), deadlines=2),
        CaseRequest(1, 1, 10, 20, 4, 100, days=DayRule(8, True), deadlines=2),
        # Nothing is dated here: its clock is not asked for.
        CaseRequest(2, 1, 50, 90, 5, 100, days=DayRule(9, True), deadlines=3),
    ]
    table = case_lengths(scratch, cases, None, requests, clock_of, days_of, due_of)
    assert sorted(scratch.rows(table.select("q", "elapsed", "days", "late_by"))) == [(0, 20, 0, 27), (1, -11, -1, 6)]
    assert asked == [("clock", 4, 9, 31), ("days", 8, 9, 31), ("due", 2, 10, 21)]


def test_no_case_at_all(scratch: Scratch) -> None:
    assert lengths(scratch, [], [], [CaseRequest(0, 1, 0, 10, BERLIN, 10, 1, DayRule(BERLIN, True), BERLIN)]) == []


def test_a_case_that_no_table_holds_is_an_error_and_never_a_lost_row(scratch: Scratch) -> None:
    cases = scratch.give("given", dict.fromkeys("gkrdse", "BIGINT"), [(1, 1, 1, 5, 10, 30), (1, 1, 2, 5, 10, 20)])
    request = CaseRequest(0, 1, 0, 10, 0, 100, days=DayRule(8, False), deadlines=2)

    def run(days: Sequence[DayRow], due_rows: Sequence[tuple[int, int, int]]) -> None:
        case_lengths(scratch, cases, None, [request], lambda *_: [], lambda *_: days, lambda *_: due_rows)

    with pytest.raises(LookupError, match="1 of the cases"):
        run([DayRow(0, 0, 30, 0, 1, 0)], [(0, 40, 7)])
    with pytest.raises(LookupError, match="2 of the cases"):
        run([DayRow(0, 0, 40, 0, 1, 0)], [(0, 10, 7), (11, 40, 7)])
    with pytest.raises(ValueError, match="overlaps"):
        run([DayRow(0, 0, 40, 0, 1, 0)], [(0, 11, 7), (10, 40, 7)])


def test_requests_that_cannot_be(scratch: Scratch) -> None:
    with pytest.raises(ValueError, match="no time"):
        lengths(scratch, [], [], [CaseRequest(0, 1, 5, 5, 0, 9)])
    with pytest.raises(ValueError, match="there are none"):
        lengths(scratch, [], None, [CaseRequest(0, 1, 5, 6, 0, 9, pauses=1)])
    with pytest.raises(ValueError, match="one id"):
        lengths(scratch, [], [], [CaseRequest(0, 1, 5, 6, 0, 9), CaseRequest(0, 2, 5, 6, 0, 9)])


def test_counting_days_are_numbered() -> None:
    parts = [(5, 0, 10, 1, 0), (6, 10, 12, 1, 0), (6, 12, 20, 1, 3), (7, 20, 30, 0, 0), (8, 30, 40, 1, 0)]
    assert [row.before for row in day_rows(parts)] == [0, 1, 1, 2, 2]
    with pytest.raises(ValueError, match="day 6"):
        day_rows([(6, 10, 12, 1, 0), (6, 12, 20, 0, 3)])
    with pytest.raises(ValueError, match="day 5"):
        day_rows([(6, 10, 12, 1, 0), (5, 12, 20, 0, 3)])
