"""Cases timed end to end: by hand where clocks change or instants are odd, and against a count minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.agreement.loading import load
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer, Ask
from slacheck.measures.case_answers import answer
from slacheck.measures.measure import CaseTally, LengthTally
from slacheck.planning import asks, plan
from slacheck.problems import DataError
from slacheck.timeline.zones import instant_of

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
UTC = ZoneInfo("UTC")
HEAD = "slacheck: 1\nid: tickets\nprovider: Provider\ncustomer: Customer\ntimezone: "
Found = dict[str, list[Answer]]


def lengths(closed: int, running: int, of_closed: int | None, of_all: int | None) -> LengthTally:
    known, known_of_all = (None if value is None else Fraction(value) for value in (of_closed, of_all))
    return LengthTally(closed, running, known, known_of_all)


def us(text: str) -> int:
    return instant_of(datetime.fromisoformat(text), UTC)


def asked(
    folder: Path, zone: str, terms: str, files: Mapping[str, str], period: str, as_of: str, scratch: Scratch
) -> dict[str, Ask]:
    """What the agreement asks, by level and class; files are written as they stand, less the blanks of their lines."""
    (folder / "agreement.yaml").write_text(HEAD + zone + "\n" + dedent(terms), encoding="utf-8")
    for name, text in files.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found: dict[str, Ask] = {}
    for settling in plan([load(folder / "agreement.yaml")], period, us(as_of), {}, scratch):
        found.update({f"{each.promised.named}": each.ask for each in asks(scratch, settling)})
    return found


def answered(
    folder: Path, zone: str, terms: str, files: Mapping[str, str], period: str = "2026-06", as_of: str = "2027-01-01"
) -> Found:
    with DuckScratch() as scratch:
        found = asked(folder, zone, terms, files, period, as_of, scratch)
        return dict(zip(found, answer(scratch, list(found.values()), us(as_of)), strict=True))


TICKETS = """
    sources:
      tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
    calendars:
      desk: {hours: {mon-fri: "09:00-17:00"}}
    service_levels:
      restore:
        measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: LIMIT}
        target: ">= 90%"
"""


@pytest.mark.parametrize("limit", ["4h", "1 working day", '{"00:00-24:00": 19:00 next working day}'])
def test_a_case_that_ends_before_it_starts_is_told_and_never_within(tmp_path: Path, limit: str) -> None:
    """B ends two hours before it starts, at night, when no clock has moved and no day has passed between them."""
    rows = """
        ticket,opened,resolved
        A,2026-06-01T10:00:00Z,2026-06-01T11:00:00Z
        B,2026-06-01T22:00:00Z,2026-06-01T20:00:00Z
    """
    (only,) = answered(tmp_path, "UTC", TICKETS.replace("LIMIT", limit), {"tickets": rows})["restore"]
    assert only.tally == CaseTally(total=2, within=1, open_within=0, late=1, early=0)
    assert only.remarks == ("1 case ends before it starts: tickets.csv:3",)


def test_a_limit_with_a_lower_side_says_itself_what_an_early_end_is(tmp_path: Path) -> None:
    rows = """
        ticket,opened,resolved
        A,2026-06-01T12:00:00Z,2026-06-01T11:00:00Z
        B,2026-06-01T22:00:00Z,2026-06-01T20:00:00Z
    """
    (only,) = answered(tmp_path, "UTC", TICKETS.replace("LIMIT", '">= 0s, <= 4h"'), {"tickets": rows})["restore"]
    assert only.tally == CaseTally(total=2, within=1, open_within=0, late=1, early=1)
    assert only.remarks == ("2 cases end before they start: tickets.csv:2, tickets.csv:3",)


def test_places_of_odd_cases_are_five_at_most(tmp_path: Path) -> None:
    rows = "ticket,opened,resolved\n" + "\n".join(
        f"T{n},2026-06-01T12:00:0{n}Z,2026-06-01T12:00:00Z" for n in range(1, 8)
    )
    (only,) = answered(tmp_path, "UTC", TICKETS.replace("LIMIT", "4h"), {"tickets": rows})["restore"]
    places = ", ".join(f"tickets.csv:{row}" for row in range(2, 7))
    assert only.remarks == (f"7 cases end before they start: {places} and 2 more",)


def test_what_has_no_start_or_no_date_is_left_out_and_told(tmp_path: Path) -> None:
    """Dated by ``opened``: B has not begun, C belongs to no period, D has begun in another and counts for nothing."""
    terms = """
        sources:
          tickets:
            {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, taken: taken, resolved: resolved}}
        service_levels:
          restore:
            measure: {kind: share-within, from: tickets, between: [taken, resolved], dated_by: opened, limit: 4h}
            target: ">= 90%"
    """
    rows = """
        ticket,opened,taken,resolved
        A,2026-06-01T10:00:00Z,2026-06-01T11:00:00Z,2026-06-01T12:00:00Z
        B,2026-06-02T10:00:00Z,,2026-06-02T12:00:00Z
        C,,2026-06-03T10:00:00Z,2026-06-03T12:00:00Z
        D,2026-05-02T10:00:00Z,,
    """
    (only,) = answered(tmp_path, "UTC", terms, {"tickets": rows})["restore"]
    assert only.tally == CaseTally(total=1, within=1, open_within=0, late=0, early=0)
    assert only.rows == 1
    assert only.remarks == ("1 case has no taken and is left out", "1 case has no opened and is left out")


def test_first_of_needs_one_instant_and_last_of_all(tmp_path: Path) -> None:
    """A: alarm before the call, both repairs done after 3 h. B: no alarm; one repair missing, so it runs: 10 h."""
    terms = """
        sources:
          faults: {path: faults.csv, shape: cases, columns: {id: fault}}
        service_levels:
          restore:
            per: case
            measure:
              kind: elapsed
              from: faults
              between: [{first_of: [alarm, called]}, {last_of: [power, line]}]
            target: "<= 4h"
    """
    rows = """
        fault,alarm,called,power,line
        A,2026-06-01T10:00:00Z,2026-06-01T10:30:00Z,2026-06-01T13:00:00Z,2026-06-01T11:00:00Z
        B,,2026-06-01T10:00:00Z,,2026-06-01T11:00:00Z
        C,,,,2026-06-01T11:00:00Z
    """
    a, b = answered(tmp_path, "UTC", terms, {"faults": rows}, as_of="2026-06-01T20:00")["restore"]
    assert (a.subject, a.tally) == ("A", lengths(1, 0, 3 * HOUR, 3 * HOUR))
    assert (b.subject, b.tally) == ("B", lengths(0, 1, None, 10 * HOUR))
    assert a.remarks == ("1 case has no first of alarm, called and is left out",)


def test_a_period_without_a_case_has_one_nameless_answer_for_each(tmp_path: Path) -> None:
    terms = (
        TICKETS.replace("LIMIT", "4h")
        + """
      each:
        per: case
        measure: {kind: elapsed, from: tickets, between: [opened, resolved]}
        target: "<= 4h"
    """
    )
    rows = "ticket,opened,resolved\nA,2026-05-01T10:00:00Z,2026-05-01T12:00:00Z"
    found = answered(tmp_path, "UTC", terms, {"tickets": rows})
    assert [each.tally for each in found["restore"]] == [CaseTally(0, 0, 0, 0, 0)]
    assert [(each.subject, each.tally) for each in found["each"]] == [("", lengths(0, 0, None, None))]


def test_evidence_is_the_worst_of_each_subject_with_its_record(tmp_path: Path) -> None:
    """25 tickets of 1 to 25 minutes in the north, one open in the south: 20 and 1 are shown, worst first."""
    terms = """
        sources:
          tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
          waiting: {path: waiting.csv, shape: events, columns: {start: start, end: end}}
        exclusions:
          customer: {from: waiting, matching: [ticket, area]}
        service_levels:
          restore:
            per: area
            measure:
              {kind: share-within, from: tickets, between: [opened, resolved], excluding: [customer], limit: 10m}
            target: ">= 90%"
    """
    rows = "ticket,area,opened,resolved\nS,south,2026-06-01T10:00:00Z,\n" + "\n".join(
        f"N{n},north,2026-06-01T10:00:00Z,2026-06-01T10:{n:02}:00Z" for n in range(1, 26)
    )
    waiting = """
        ticket,area,start,end
        N25,north,2026-06-01T10:01:00Z,2026-06-01T10:03:00Z
        N24,south,2026-06-01T10:01:00Z,2026-06-01T10:03:00Z
    """
    north, south = answered(tmp_path, "UTC", terms, {"tickets": rows, "waiting": waiting}, as_of="2026-06-01T10:30")[
        "restore"
    ]
    assert north.tally == CaseTally(total=25, within=10, open_within=0, late=15, early=0)
    assert [case.name for case in north.cases] == ["N24", "N23", "N25", *(f"N{n}" for n in range(22, 5, -1))]
    first, third = north.cases[0], north.cases[2]
    assert (first.counted, first.paused, first.place, first.open) == (24 * MINUTE, 0, "tickets.csv:26", False)
    assert (third.counted, third.paused) == (23 * MINUTE, 2 * MINUTE)
    (only,) = south.cases
    assert (only.name, only.open, only.end, only.counted) == ("S", True, us("2026-06-01T10:30"), 30 * MINUTE)
    assert south.tally == CaseTally(total=1, within=0, open_within=0, late=1, early=0)


DUE = """
    sources:
      faults: {path: faults.csv, shape: cases, columns: {id: fault, reported: reported, restored: restored}}
    service_levels:
      restore:
        measure:
          kind: share-within
          from: faults
          between: [reported, restored]
          limit: {"00:00-02:30": 02:30 next day, "02:30-24:00": 24:00 same day}
        target: ">= 60%"
"""


def test_a_due_time_that_the_clocks_skip_is_the_instant_of_the_change(tmp_path: Path) -> None:
    """Berlin, 29 March 2026: 02:30 does not exist, the clocks change at 01:00 UTC. 24:00 of the 29th is 22:00 UTC."""
    rows = """
        fault,reported,restored
        A,2026-03-28T01:00:00Z,2026-03-29T01:00:00Z
        B,2026-03-28T01:00:00Z,2026-03-29T01:00:01Z
        C,2026-03-29T01:00:00Z,2026-03-29T22:00:00Z
        D,2026-03-29T00:59:59Z,2026-03-30T00:30:00Z
    """
    (only,) = answered(tmp_path, "Europe/Berlin", DUE, {"faults": rows}, "2026-03")["restore"]
    assert only.tally == CaseTally(total=4, within=3, open_within=0, late=1, early=0)
    by_name = {case.name: case.counted for case in only.cases}
    assert by_name == {"A": 0, "B": SECOND, "C": 0, "D": 0}


def test_a_due_time_that_comes_twice_is_the_first(tmp_path: Path) -> None:
    """Berlin, 25 October 2026: 02:30 is 00:30 and 01:30 UTC, the clocks change at 01:00 UTC.

    C starts at the second 02:15 and D at the first 02:45: the row is that of the local time, both times.
    """
    rows = """
        fault,reported,restored
        A,2026-10-24T00:00:00Z,2026-10-25T00:30:00Z
        B,2026-10-24T00:00:00Z,2026-10-25T00:30:01Z
        C,2026-10-25T01:15:00Z,2026-10-26T01:30:00Z
        D,2026-10-25T00:45:00Z,2026-10-25T23:00:01Z
    """
    (only,) = answered(tmp_path, "Europe/Berlin", DUE, {"faults": rows}, "2026-10")["restore"]
    assert {case.name: case.counted for case in only.cases} == {"A": 0, "B": SECOND, "C": 0, "D": SECOND}


def test_a_table_of_deadlines_waits_for_the_next_opening(tmp_path: Path) -> None:
    """Comes on Friday at 20:00, is received on Monday at 9: due that day at 19:00. What is done at once is in time."""
    terms = TICKETS.replace("LIMIT", '{"00:00-12:00": 19:00 same day, "12:00-24:00": 12:00 same day}').replace(
        "hours: desk", "received: next-opening, hours: desk"
    )
    rows = """
        ticket,opened,resolved
        A,2026-06-05T20:00:00Z,2026-06-08T19:00:00Z
        B,2026-06-05T20:00:00Z,2026-06-08T19:00:01Z
        C,2026-06-05T20:00:00Z,2026-06-05T21:00:00Z
    """
    (only,) = answered(tmp_path, "UTC", terms, {"tickets": rows})["restore"]
    assert only.tally == CaseTally(total=3, within=2, open_within=0, late=1, early=0)
    assert only.remarks == ()


def test_what_is_done_before_it_is_received_took_no_time(tmp_path: Path) -> None:
    """A comes at 20:00 and is done at 21:00: nought days, nought hours. B is done before it comes: nobody knows."""
    terms = """
        sources:
          tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
        calendars:
          desk: {hours: {mon-fri: "09:00-17:00"}}
        service_levels:
          share:
            measure:
              kind: share-within
              from: tickets
              between: [opened, resolved]
              hours: desk
              received: next-opening
              limit: ">= 0 days, <= 1 day"
            target: ">= 90%"
          days:
            per: case
            measure: {kind: elapsed, from: tickets, between: [opened, resolved], hours: desk, received: next-opening}
            target: "<= 1 working day"
          hours:
            per: case
            measure: {kind: elapsed, from: tickets, between: [opened, resolved], hours: desk, received: next-opening}
            target: "<= 8h"
    """
    rows = """
        ticket,opened,resolved
        A,2026-06-02T20:00:00Z,2026-06-02T21:00:00Z
        B,2026-06-02T20:00:00Z,2026-06-02T15:00:00Z
        C,2026-06-02T20:00:00Z,2026-06-03T11:00:00Z
    """
    found = answered(tmp_path, "UTC", terms, {"tickets": rows})
    assert [each.tally for each in found["share"]] == [CaseTally(3, 3, 0, 0, 0)]
    unknown = lengths(0, 1, None, 0)
    assert [each.tally for each in found["days"]] == [lengths(1, 0, 0, 0), unknown, lengths(1, 0, 0, 0)]
    assert [each.tally for each in found["hours"]] == [lengths(1, 0, 0, 0), unknown, lengths(1, 0, 2 * HOUR, 2 * HOUR)]
    assert found["hours"][0].remarks == ("1 case ends before it starts: tickets.csv:3",)


def test_a_calendar_that_never_opens_again_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "desk.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//slacheck//test//EN\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n"
        "DTSTART:20260601T090000Z\nDTEND:20260601T170000Z\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n"),
        encoding="utf-8",
        newline="",
    )
    rows = "ticket,opened,resolved\nA,2026-06-05T20:00:00Z,2026-06-08T19:00:00Z"
    for limit in ("4h", '{"00:00-24:00": 19:00 next working day}'):
        terms = TICKETS.replace("LIMIT", limit).replace('{hours: {mon-fri: "09:00-17:00"}}', "{file: desk.ics}")
        if limit == "4h":
            terms = terms.replace("hours: desk", "received: next-opening, hours: desk")
        with pytest.raises(DataError) as refused:
            answered(tmp_path, "UTC", terms, {"tickets": rows})
        assert [problem.code for problem in refused.value.problems] == ["no-later-day"]


def test_general_exclusions_stop_every_clock_of_their_level(tmp_path: Path) -> None:
    """A freeze of two hours stops the clock of one level, before the period too; the other counts through."""
    terms = """
        sources:
          tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
        exclusions:
          freeze: {spans: [{start: 2026-07-01T00:00:00Z, end: 2026-07-01T02:00:00Z}]}
        service_levels:
          with:
            measure:
              {kind: elapsed, from: tickets, between: [opened, resolved], excluding: [freeze], statistic: max}
            target: "<= 4h"
          without:
            measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: max}
            target: "<= 4h"
    """
    rows = "ticket,opened,resolved\nA,2026-06-30T22:00:00Z,2026-07-01T03:00:00Z"
    found = answered(tmp_path, "UTC", terms, {"tickets": rows})
    assert [each.tally for each in found["with"]] == [lengths(1, 0, 3 * HOUR, 3 * HOUR)]
    assert [each.tally for each in found["without"]] == [lengths(1, 0, 5 * HOUR, 5 * HOUR)]


def test_statistics_of_subjects_with_and_without_closed_cases(tmp_path: Path) -> None:
    """North: 1 h and 3 h closed, 5 h so far open: median of the closed 2 h (of both), of all 3 h. South: 4 h so far."""
    terms = """
        sources:
          tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
        service_levels:
          median:
            per: area
            measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: median}
            target: "<= 4h"
          mean:
            per: area
            measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: mean}
            target: "<= 4h"
    """
    rows = """
        ticket,area,opened,resolved
        A,north,2026-06-01T10:00:00Z,2026-06-01T11:00:00Z
        B,north,2026-06-01T10:00:00Z,2026-06-01T13:00:00Z
        C,north,2026-06-01T15:00:00Z,
        D,south,2026-06-01T16:00:00Z,
        E,west,2026-05-01T16:00:00Z,
    """
    found = answered(tmp_path, "UTC", terms, {"tickets": rows}, as_of="2026-06-01T20:00")
    assert [each.subject for each in found["median"]] == ["north", "south", "west"]
    assert [each.tally for each in found["median"]] == [
        lengths(2, 1, 2 * HOUR, 3 * HOUR),
        lengths(0, 1, None, 4 * HOUR),
        lengths(0, 0, None, None),
    ]
    assert [each.tally for each in found["mean"]][:2] == [
        lengths(2, 1, 2 * HOUR, 3 * HOUR),
        lengths(0, 1, None, 4 * HOUR),
    ]


# March 2026 in Berlin, minute by minute: the clocks change on the 29th, the 16th is a holiday.
BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(2026, 2, 20, tzinfo=UTC)
SPAN = 60 * 24 * 60
LOCAL = [(EPOCH + timedelta(minutes=minute)).astimezone(BERLIN).replace(tzinfo=None) for minute in range(SPAN)]
HOLIDAY = date(2026, 3, 16)
RANDOM = """
    sources:
      tickets: {path: tickets.csv, shape: cases, columns: {id: ticket, opened: opened, resolved: resolved}}
      waiting: {path: waiting.csv, shape: events, columns: {start: start, end: end}}
    calendars:
      desk: {hours: {mon-fri: "09:00-17:00"}, holidays: {plus: [2026-03-16]}}
    exclusions:
      customer: {from: waiting, matching: ticket}
    service_levels:
      hours:
        measure: {BETWEEN, hours: desk, excluding: [customer], limit: 8h}
        target: ">= 90%"
      end-of-day:
        measure: {BETWEEN, hours: desk, limit: 2 working days}
        target: ">= 90%"
      same-time:
        measure: {BETWEEN, hours: desk, limit: 2 working days, until: same-time}
        target: ">= 90%"
      received:
        measure: {BETWEEN, hours: desk, limit: 2 working days, until: same-time, received: next-opening}
        target: ">= 90%"
      days:
        measure: {BETWEEN, limit: 3 days}
        target: ">= 90%"
      table:
        measure:
          kind: share-within
          from: tickets
          between: [opened, resolved]
          hours: desk
          limit: {"00:00-12:00": 19:00 next day, "12:00-24:00": 12:00 in 2 working days}
        target: ">= 90%"
""".replace("BETWEEN", "kind: share-within, from: tickets, between: [opened, resolved]")


def works(day: date) -> bool:
    return day.weekday() < 5 and day != HOLIDAY


def serves(minute: int) -> bool:
    return works(LOCAL[minute].date()) and 9 <= LOCAL[minute].hour < 17


SERVED = [0, *accumulate(int(serves(minute)) for minute in range(SPAN))]


@dataclass(frozen=True)
class Ticket:
    """Minutes since EPOCH; the pauses may overlap, and stick out."""

    start: int
    end: int | None
    pauses: Sequence[tuple[int, int]]


def nth(day: date, n: int, counts: bool) -> date:
    """The n-th day after ``day``, of all or of the working ones."""
    while n:
        day += timedelta(days=1)
        n -= works(day) or not counts
    return day


def in_days(start: int, end: int, n: int, working: bool, same_time: bool) -> bool:
    s, e = LOCAL[start], LOCAL[end]
    due = nth(s.date(), n, working)
    return e.date() < due or (e.date() == due and (not same_time or e.time() <= s.time()))


def within(ticket: Ticket, end: int) -> dict[str, bool]:
    """Which limits have not passed at ``end``."""
    start = ticket.start
    paused = {minute for lo, hi in ticket.pauses for minute in range(max(lo, start), min(hi, end))}
    counted = SERVED[end] - SERVED[start] - sum(map(serves, paused))
    opening = next(minute for minute in range(start, SPAN) if serves(minute))
    local = LOCAL[start]
    if local.hour < 12:
        due = datetime.combine(nth(local.date(), 1, False), datetime.min.time()) + timedelta(hours=19)
    else:
        due = datetime.combine(nth(local.date(), 2, True), datetime.min.time()) + timedelta(hours=12)
    return {
        "hours": counted <= 8 * 60,
        "end-of-day": in_days(start, end, 2, True, False),
        "same-time": in_days(start, end, 2, True, True),
        "received": end < opening or in_days(opening, end, 2, True, True),
        "days": in_days(start, end, 3, False, False),
        # The clocks change at night, so that noon and 19:00 come once a day and order local times as they are.
        "table": LOCAL[end] <= due,
    }


MARCH = 9 * 24 * 60
TICKET = st.builds(
    lambda start, long, pauses: Ticket(
        start, None if long is None else start + long, [(start + at, start + at + length) for at, length in pauses]
    ),
    st.integers(MARCH, MARCH + 29 * 24 * 60),
    st.none() | st.integers(0, 400) | st.integers(0, 7 * 24 * 60),
    st.lists(st.tuples(st.integers(-600, 5000), st.integers(1, 3000)), max_size=3),
)


@settings(max_examples=8)
@given(st.lists(TICKET, min_size=1, max_size=60), st.integers(MARCH + 20 * 24 * 60, MARCH + 35 * 24 * 60))
def test_every_limit_agrees_with_a_count_minute_by_minute(
    tmp_path_factory: pytest.TempPathFactory, tickets: list[Ticket], seen: int
) -> None:
    def written(minute: int | None) -> str:
        return "" if minute is None else f"{(EPOCH + timedelta(minutes=minute)).isoformat()}"

    rows = "ticket,opened,resolved\n" + "\n".join(
        f"T{n},{written(each.start)},{written(each.end)}" for n, each in enumerate(tickets)
    )
    waiting = "ticket,start,end\nnobody,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z\n" + "\n".join(
        f"T{n},{written(lo)},{written(hi)}" for n, each in enumerate(tickets) for lo, hi in each.pauses
    )
    expected = {name: CaseTally(0, 0, 0, 0, 0) for name in ("hours", *within(tickets[0], tickets[0].start))}
    for ticket in tickets:
        inside = datetime(2026, 3, 1) <= LOCAL[ticket.start] < datetime(2026, 4, 1)
        if not inside or ticket.start >= seen:
            continue
        closed = ticket.end is not None and ticket.end <= seen
        end = ticket.end if closed and ticket.end is not None else seen
        for name, held in within(ticket, end).items():
            old = expected[name]
            expected[name] = CaseTally(
                old.total + 1,
                old.within + (held and closed),
                old.open_within + (held and not closed),
                old.late + (not held),
                0,
            )
    as_of = (EPOCH + timedelta(minutes=seen)).replace(tzinfo=None).isoformat()
    files = {"tickets": rows, "waiting": waiting}
    found = answered(tmp_path_factory.mktemp("random"), "Europe/Berlin", RANDOM, files, "2026-03", as_of)
    assert {name: each.tally for name, (each,) in found.items()} == expected
