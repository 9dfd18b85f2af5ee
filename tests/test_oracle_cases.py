"""How long cases took, from files to lines, compared with an evaluator that walks every minute of the local clock."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from slacheck.statement import Line
from tests import oracle_hours as oracle
from tests.oracle_hours import Case, Clock, Due, Timed, Week
from tests.whole_runs import Document, exact, examples, lines_of, run, write
from tests.worlds import (
    World,
    assert_same,
    calendar_written,
    grid_of,
    microseconds,
    place,
    worlds,
    write_works,
)

MINUTE = 60_000_000
HOUR = 60


# --- what hypothesis draws ---------------------------------------------------------------------------------------


@st.composite
def tickets(draw: st.DrawFn, world: World) -> tuple[Case, ...]:
    """Cases of which some begin before the period, some end before they begin, and some still run."""
    lo, hi = world.on.of_days(world.where.monday, world.where.monday + timedelta(days=7))
    ((_, look),) = world.looks
    # No case may need a day beyond the grid.
    last = len(world.on) - 12 * 24 * HOUR
    found = []
    for number in range(draw(st.integers(4, 22))):
        start = draw(st.integers(lo - 300, hi + 300))
        start -= start % draw(st.sampled_from([1, 1, 15, 60]))
        if not number:
            # One that is there for certain: no case at all would be the wrong export.
            start = draw(st.integers(look.force, min(look.as_of - 1, look.force + 60)))
        length = draw(
            st.sampled_from([0, 1, 59, 60, 61, 240, 480, 481, 1440, 1440, 1500, 2880, 4320, 5000, 9000, -30, -1500])
        )
        length += draw(st.sampled_from([0, 0, 0, 7, 30, 123]))
        end = None if draw(st.integers(0, 5)) == 0 else min(start + length, last)
        pauses: list[tuple[int, int | None]] = []
        for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
            at = start + draw(st.integers(-120, max(200, length)))
            lasts = draw(st.sampled_from([1, 30, 60, 240, 1440, 3000]))
            pauses.append((at, None if draw(st.integers(0, 9)) == 0 else at + lasts))
            if draw(st.integers(0, 3)) == 0:
                # The same again, and one that follows at once.
                pauses += [pauses[-1], (at + lasts, at + lasts + 15)]
        found.append(Case(f"T{number:02}", start, end, tuple(pauses)))
    return tuple(draw(st.permutations(found)))


@dataclass(frozen=True)
class Asked:
    """One level: the calendar, what is taken out, and what is asked of the length."""

    document: Document
    target: str
    hours: str = "always"
    excluding: tuple[str, ...] = ()
    paused: bool = False
    opening: bool = False
    least: int | None = None
    most: int | None = None
    days: str = ""
    same_time: bool = False
    due: tuple[Due, ...] = ()
    statistic: str = ""
    per_case: bool = False

    def written(self, number: int) -> Document:
        excluding = [*self.excluding, *(["waiting"] if self.paused else [])]
        measure: Document = {
            **self.document,
            "from": "tickets",
            "between": ["opened", "resolved"],
            "excluding": excluding,
        }
        if self.hours != "always":
            measure["hours"] = self.hours
        if self.opening:
            measure["received"] = "next-opening"
        if self.same_time:
            measure["until"] = "same-time"
        found: Document = {"measure": measure, "target": self.target}
        if self.per_case:
            found["per"] = "case"
        return found


def within(limit: str, most: int, **more: object) -> Asked:
    return Asked({"kind": "share-within", "limit": limit}, ">= 90%", most=most, **more)  # type: ignore[arg-type]


def elapsed(statistic: str, target: str = "<= 4h", **more: object) -> Asked:
    return Asked({"kind": "elapsed", "statistic": statistic}, target, statistic=statistic, **more)  # type: ignore[arg-type]


TABLE = {"00:00-12:00": "19:00 same day", "12:00-24:00": "12:00 next working day"}
TABLE_DUE = (Due(43_200, 68_400, 0, False), Due(86_400, 43_200, 1, True))
WORKING_TABLE = {"00:00-08:30": "02:30 same working day", "08:30-24:00": "17:00 in 2 working days"}
WORKING_DUE = (Due(30_600, 9_000, 0, True), Due(86_400, 61_200, 2, True))
DAYS_TABLE = {"00:00-24:00": "24:00 next day"}
DAYS_DUE = (Due(86_400, 86_400, 1, False),)
PER_CASE: Document = {"kind": "elapsed"}

ASKED: tuple[Asked, ...] = (
    within("4h", 240),
    within("8h", 480, hours="desk"),
    within("8h", 480, hours="desk", excluding=("works", "listed"), paused=True),
    within("4h", 240, hours="desk", excluding=("weekly", "works")),
    within(">= 30m, < 24h", 1439, least=30, hours="desk", paused=True),
    within("4h", 240, hours="weekly", excluding=("works",), opening=True),
    within("1 day", 1, days="days"),
    within("1 day", 1, days="days", same_time=True, paused=True),
    within("1 working day", 1, days="working", hours="desk"),
    within("2 working days", 2, days="working", hours="desk", paused=True),
    within("2 working days", 2, days="working", hours="desk", same_time=True, paused=True, opening=True),
    within("1 working day", 1, days="working", hours="weekly", same_time=True, excluding=("listed",), paused=True),
    within("1 working day", 1, days="working", hours="desk", opening=True),
    Asked({"kind": "share-within", "limit": TABLE}, ">= 90%", hours="desk", due=TABLE_DUE),
    Asked({"kind": "share-within", "limit": WORKING_TABLE}, ">= 90%", hours="weekly", due=WORKING_DUE, paused=True),
    Asked({"kind": "share-within", "limit": WORKING_TABLE}, ">= 90%", hours="desk", due=WORKING_DUE, opening=True),
    Asked({"kind": "share-within", "limit": DAYS_TABLE}, ">= 90%", due=DAYS_DUE),
    elapsed("mean"),
    elapsed("mean", hours="desk", paused=True),
    elapsed("median", hours="weekly", excluding=("works",), paused=True),
    elapsed("p90", hours="desk", opening=True),
    elapsed("max", "<= 2 working days", hours="desk", days="working"),
    elapsed("mean", "<= 2 days", days="days", same_time=True, paused=True),
    Asked(PER_CASE, "<= 4h", hours="desk", paused=True, excluding=("listed",), per_case=True),
    Asked(PER_CASE, "<= 2 working days", hours="desk", days="working", paused=True, per_case=True),
    Asked(PER_CASE, "<= 2 working days", hours="weekly", days="working", same_time=True, opening=True, per_case=True),
)

# --- comparing ---------------------------------------------------------------------------------------------------


def timed_all(world: World, cases: Sequence[Case], asked: Asked, clock: Clock) -> list[tuple[Case, Timed, int]]:
    """Every case that is dated in the period and has begun, with the value that is asked of it."""
    ((_, look),) = world.looks
    found = []
    for case in cases:
        if not max(look.lo, look.force) <= case.start < min(look.hi, look.as_of):
            continue
        timed = oracle.timed(case, clock, look.as_of, asked.paused, asked.opening, bool(asked.due))
        if asked.days:
            working = clock.working if asked.days == "working" else None
            value = oracle.days_taken(world.on, timed, working, asked.same_time)
        elif asked.due:
            value = timed.over - oracle.due_at(world.on, timed.start, asked.due, clock.working)
        else:
            value = timed.elapsed
        found.append((case, timed, value))
    return found


Seen = tuple[object, ...]


def expected_of(name: str, asked: Asked, found: Sequence[tuple[Case, Timed, int]]) -> dict[tuple[str, str], Seen]:
    unit = 1 if asked.days else MINUTE
    if asked.statistic or asked.per_case:
        # What ends before it begins is a mistake: its length is not known.
        found = [
            (case, replace(timed, open=True), 0) if timed.backwards else (case, timed, value)
            for case, timed, value in found
        ]
    if asked.per_case:
        return {
            (name, case.name): (Fraction(value * unit), Fraction(value * unit), timed.open, 1, int(timed.open))
            for case, timed, value in found
        } or {(name, ""): (None, None, False, 0, 0)}
    if not asked.statistic:
        most = 0 if asked.due else asked.most
        assert most is not None
        counts = oracle.against([(timed, value) for _, timed, value in found], asked.least, most, asked.least is None)
        seen = (counts.total, counts.running, counts.within, counts.late, counts.early)
        if not counts.total:
            return {(name, ""): (None, None, False, *seen)}
        best = Fraction(counts.within + counts.running, counts.total)
        return {(name, ""): (best, Fraction(counts.within, counts.total), False, *seen)}
    values = [value for _, _, value in found]
    running = sum(timed.open for _, timed, _ in found)
    if not values:
        return {(name, ""): (None, None, False, 0, 0)}
    if asked.statistic == "mean":
        value = Fraction(sum(values), len(values))
    elif asked.statistic == "max":
        value = Fraction(max(values))
    elif asked.statistic == "median":
        ranked = sorted(values)
        value = Fraction(ranked[(len(values) - 1) // 2] + ranked[len(values) // 2], 2)
    else:
        value = Fraction(oracle.nearest_rank(values, 90))
    return {(name, ""): (value * unit, value * unit, running > 0, len(values), running)}


def seen(line: Line) -> Seen:
    cases = line.cases
    assert cases is not None
    parts = (cases.total, cases.open)
    if cases.within is not None:
        parts = (*parts, cases.within, cases.late, cases.early)  # type: ignore[assignment]
    return (exact(line.best), exact(line.worst), line.open_above, *parts)


def clocks(world: World, asked: Sequence[Asked]) -> dict[tuple[str, tuple[str, ...]], Clock]:
    found: dict[tuple[str, tuple[str, ...]], Clock] = {}
    for each in asked:
        key = each.hours, each.excluding
        if key not in found:
            hours, working = (
                oracle.always(world.on)
                if each.hours == "always"
                else oracle.service(world.on, world.calendars[each.hours])
            )
            out, never = world.taken(each.excluding)
            found[key] = Clock(hours, oracle.without(oracle.without(hours, out), never), working)
    return found


def agreement_of(world: World, levels: Mapping[str, Asked]) -> Document:
    events = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    excluded = {name for each in levels.values() for name in each.excluding}
    hours = {each.hours for each in levels.values()} | excluded
    return {
        **world.terms,
        "sources": {
            "tickets": {
                "path": "tickets.csv",
                "shape": "cases",
                "columns": {"id": "ticket", "opened": "opened", "resolved": "resolved"},
            },
            "works": {"path": "works.csv", **events},
            "pauses": {
                "path": "pauses.csv",
                "shape": "events",
                "columns": {"id": "ticket", "start": "on", "end": "off"},
            },
        },
        "calendars": {name: calendar_written(week) for name, week in world.calendars.items() if name in hours},
        "exclusions": {
            **{name: each.document for name, each in world.excuses.items() if name in excluded},
            "waiting": {"from": "pauses", "matching": "id"},
        },
        "service_levels": {name: each.written(0) for name, each in levels.items()},
    }


def settled(world: World, cases: Sequence[Case], levels: Mapping[str, Asked]) -> dict[tuple[str, str], Seen]:
    on = world.on
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [(c.name, on.text(c.start), "" if c.end is None else on.text(c.end)) for c in cases]
        write(folder, "tickets.csv", ("ticket", "opened", "resolved"), rows)
        nobody = ("T99", on.text(0), on.text(len(on)))
        pauses = [nobody] + [
            (case.name, on.text(start), "" if end is None else on.text(end))
            for case in cases
            for start, end in case.pauses
        ]
        write(folder, "pauses.csv", ("ticket", "on", "off"), pauses)
        write_works(folder, world)
        statements = run(folder, agreement_of(world, levels), world.asked, microseconds(on, world.as_of))
    return {(level, subject): seen(line) for (_, level, subject), line in lines_of(statements).items()}


@examples(12)
@given(data=st.data())
def test_cases_took_what_walking_every_minute_finds(data: st.DataObject) -> None:
    world = data.draw(worlds(by_day=False))
    cases = data.draw(tickets(world))
    levels = {f"level-{number:02}": each for number, each in enumerate(ASKED)}
    made = clocks(world, ASKED)
    expected: dict[tuple[str, str], Seen] = {}
    for name, asked in levels.items():
        clock = made[asked.hours, asked.excluding]
        expected |= expected_of(name, asked, timed_all(world, cases, asked, clock))
    assert_same(settled(world, cases, levels), expected)


def test_a_day_that_the_zone_skipped_is_no_working_day() -> None:
    """Samoa had no 30 December 2011, and so no evening of it: what comes on the 29th is due on the 31st.

    It came at 10:00 on the 29th and was done at 11:00 on the 31st, an hour early; hours are 22:00 to 06:00 every day.
    """
    where = place("Pacific/Apia", "2011-12-26")
    on = grid_of(where)
    opened, _ = on.of_days(where.monday + timedelta(days=3), where.sunday)
    done, _ = on.of_days(where.monday + timedelta(days=5), where.sunday)
    rows = [("T1", on.text(opened + 600), on.text(done + 660))]
    nights = Week(tuple(((22 * 60, 30 * 60),) for _ in range(7)))
    document: Document = {
        "timezone": where.zone,
        "period": "week",
        "sources": {
            "tickets": {
                "path": "tickets.csv",
                "shape": "cases",
                "columns": {"id": "ticket", "opened": "opened", "resolved": "resolved"},
            }
        },
        "calendars": {"nights": calendar_written(nights)},
        "service_levels": {
            name: {
                "measure": {
                    "kind": "share-within",
                    "from": "tickets",
                    "between": ["opened", "resolved"],
                    "hours": "nights",
                    "limit": limit,
                },
                "target": ">= 90%",
            }
            for name, limit in (("table", {"00:00-24:00": "12:00 next working day"}), ("days", "1 working day"))
        },
    }
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), "tickets.csv", ("ticket", "opened", "resolved"), rows)
        lines = lines_of(run(Path(name), document, where.label, microseconds(on, len(on))))
    assert {level: line.verdict for (_, level, _), line in lines.items()} == {"table": "met", "days": "met"}
