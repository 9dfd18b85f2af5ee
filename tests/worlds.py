"""Random schedules in zones whose clocks change: what the tests of civil hours draw, write and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from slacheck.statement import Line
from tests import oracle_hours as oracle
from tests.oracle_hours import Flags, Grid, Look, Moment, Week
from tests.whole_runs import Document, write

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1)


# --- where and when ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A zone, and a week (its Monday) in which something happens to its clocks."""

    zone: str
    monday: date
    year: int
    week: int

    @property
    def label(self) -> str:
        return f"{self.year}-W{self.week:02}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def place(zone: str, monday: str) -> Place:
    day = date.fromisoformat(monday)
    year, week, weekday = day.isocalendar()
    assert weekday == 1
    return Place(zone, day, year, week)


PLACES = [
    place("Europe/Berlin", "2026-03-23"),  # forward on Sunday, 02:00 to 03:00
    place("Europe/Berlin", "2026-10-19"),  # back on Sunday, 03:00 to 02:00
    place("America/New_York", "2026-03-02"),  # forward on Sunday
    place("America/New_York", "2026-10-26"),  # back on Sunday, 02:00 to 01:00
    place("Australia/Lord_Howe", "2026-03-30"),  # back by half an hour on Sunday, 02:00 to 01:30
    place("Australia/Lord_Howe", "2026-09-28"),  # forward by half an hour on Sunday
    place("Asia/Kathmandu", "2026-05-04"),  # 5 h 45 min, no change
    place("Pacific/Apia", "2011-12-26"),  # no Friday, 30 December
    place("Pacific/Apia", "2011-09-19"),  # forward on Saturday, 03:00 to 04:00
    place("UTC", "2026-06-01"),
]
BEFORE, AFTER = 10, 30


def grid_of(where: Place, width: int = 60) -> Grid:
    return oracle.grid(where.zone, where.monday - timedelta(days=BEFORE), BEFORE + 7 + AFTER, width)


# --- what hypothesis draws ---------------------------------------------------------------------------------------

WEEKS: list[tuple[tuple[Moment, ...], ...]] = [
    tuple((((540, 1020),) if day < 5 else ()) for day in range(7)),
    tuple((((510, 720), (780, 1050)) if day < 5 else ((600, 840),)) for day in range(7)),
    tuple(((22 * 60, 30 * 60),) for _ in range(7)),
    tuple((((1080, 1440),) if day < 5 else ((0, 1440),)) for day in range(7)),
    tuple(((0, 1440),) for _ in range(7)),
    # Within the hour that is skipped, or happens twice.
    tuple(((105, 135), (150, 165)) for _ in range(7)),
    tuple(((15, 150), (200, 1430)) for _ in range(7)),
]


@st.composite
def weeks(draw: st.DrawFn, where: Place) -> Week:
    """Hours of every kind: several spans a day, overnight, 24:00; holidays in the week before, this and the next."""
    if draw(st.booleans()):
        days = draw(st.sampled_from(WEEKS))
    else:
        drawn: list[tuple[Moment, ...]] = []
        for _ in range(7):
            cuts = sorted(draw(st.sets(st.integers(0, 96), max_size=4)))
            edges = [15 * cut for cut in cuts[: len(cuts) // 2 * 2]]
            drawn.append(tuple(zip(edges[::2], edges[1::2], strict=True)))
        # Every other evening runs into the next day, as far as nothing begins there.
        for day in range(0, 7, draw(st.integers(2, 5))):
            following = drawn[(day + 1) % 7]
            until = min(following[0][0], 600) if following else 480
            last = drawn[day][-1][1] if drawn[day] else 1200
            if until > 0 and last < 1425 and (day < 6 or drawn[0]):
                drawn[day] = (*drawn[day], (1425, 1440 + until))
        days = tuple(drawn)
        if not any(days):
            days = WEEKS[0]
    offsets = draw(st.sets(st.integers(-3, 12), max_size=3))
    holidays = frozenset(where.monday + timedelta(days=offset) for offset in offsets)
    special = draw(st.sampled_from([(), (), ((600, 720),)]))
    return Week(days, holidays, special if holidays else ())


def clock_text(minutes: int) -> str:
    minutes = minutes if minutes <= 1440 else minutes - 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


def spans_written(spans: Sequence[Moment]) -> list[str]:
    return [f"{clock_text(start)}-{clock_text(end)}" for start, end in spans]


def calendar_written(week: Week) -> Document:
    hours: Document = {DAY_NAMES[day]: spans_written(spans) for day, spans in enumerate(week.days) if spans}
    if week.special:
        hours["holidays"] = spans_written(week.special)
    found: Document = {"hours": hours}
    if week.holidays:
        found["holidays"] = {"plus": [day.isoformat() for day in sorted(week.holidays)]}
    return found


@dataclass(frozen=True, repr=False)
class Excuse:
    """One exclusion: where its time comes from, its effect, and its steps."""

    document: Document
    effect: str
    flags: Flags

    def __repr__(self) -> str:
        return f"Excuse({self.document}, {self.effect!r})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(frozen=True)
class Listed:
    """Spans that the agreement lists, by the local clock where ``local``, and one whole day of the week (0 to 6)."""

    spans: tuple[Moment, ...]
    day: int
    local: bool


@dataclass(frozen=True)
class World:
    """Everything but the observations: a place, calendars, exclusions, and how it is looked at."""

    where: Place
    on: Grid
    calendars: Mapping[str, Week]
    excuses: Mapping[str, Excuse]
    works: tuple[Moment, ...]
    listed: Listed
    looks: tuple[tuple[str, Look], ...]
    asked: str
    as_of: int
    terms: Document

    def hours(self, name: str) -> Flags:
        return (oracle.always(self.on) if name == "always" else oracle.service(self.on, self.calendars[name]))[0]

    def taken(self, excluding: Sequence[str]) -> tuple[Flags, Flags]:
        """The steps that are excluded, and those that never count as down."""
        nothing = [False] * len(self.on)
        chosen = [self.excuses[name] for name in excluding]
        out = [each.flags for each in chosen if each.effect == "service-time"]
        never = [each.flags for each in chosen if each.effect != "service-time"]
        return (oracle.either(*out) if out else nothing), (oracle.either(*never) if never else nothing)


EFFECTS = ("service-time", "downtime", "good")


def instant_text(on: Grid, step: int, local: bool) -> str:
    """An instant as an agreement writes it: with its offset, or by the local clock where that is clear."""
    wall = on.walls[step]
    clear = on.walls.count(wall) == 1
    if local and clear:
        return (_EPOCH + timedelta(seconds=wall)).isoformat(sep=" ", timespec="minutes")
    return on.text(step)


@st.composite
def stretches_of(draw: st.DrawFn, lo: int, hi: int, most: int) -> tuple[Moment, ...]:
    found = []
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(lo, hi - 1))
        start -= start % draw(st.sampled_from([1, 15, 60]))
        length = draw(st.sampled_from([1, 9, 10, 11, 30, 60, 90, 60, 480, 1500]))
        found.append((start, start + length))
    return tuple(found)


def excuses_of(
    on: Grid, where: Place, weekly: Week, works: Sequence[Moment], listed: Listed, effects: Sequence[str]
) -> dict[str, Excuse]:
    spans: list[Document] = [
        {"start": instant_text(on, start, listed.local), "end": instant_text(on, end, listed.local)}
        for start, end in listed.spans
    ]
    day = where.monday + timedelta(days=listed.day)
    whole = on.of_days(day, day + timedelta(days=1))
    if whole[0] < whole[1]:
        spans.append({"start": day.isoformat(), "end": day.isoformat()})
    return {
        "works": Excuse({"from": "works"}, effects[0], oracle.inside(on, works)),
        "weekly": Excuse({"during": "weekly"}, effects[1], oracle.service(on, weekly)[0]),
        "listed": Excuse({"spans": spans}, effects[2], oracle.inside(on, (*listed.spans, whole))),
    }


@st.composite
def worlds(draw: st.DrawFn, by_day: bool | None = None, places: Sequence[Place] = PLACES) -> World:
    where = draw(st.sampled_from(places))
    on = grid_of(where)
    lo, hi = on.of_days(where.monday, where.monday + timedelta(days=7))
    calendars = {"desk": draw(weeks(where)), "weekly": draw(weeks(where))}
    effects = draw(st.permutations(EFFECTS))
    works = draw(stretches_of(lo - 600, hi + 600, 6))
    listed = draw(stretches_of(lo - 600, hi + 600, 3))
    noted = Listed(listed, draw(st.integers(0, 6)), draw(st.booleans()))
    excuses = excuses_of(on, where, calendars["weekly"], works, noted, effects)
    looked = draw(st.integers(0, 3))
    as_of = hi + draw(st.sampled_from([0, 1, 4000]))
    if looked == 0:
        as_of = draw(st.integers(lo + 1, hi - 1))
    force = where.monday
    terms: Document = {"timezone": where.zone, "period": "week"}
    if draw(st.integers(0, 4)) == 0:
        force = where.monday + timedelta(days=draw(st.integers(1, 3)))
        terms["effective"] = force.isoformat()
        as_of = max(as_of, on.of_days(force, hi_day(where))[0] + 1)
    start = on.of_days(force, hi_day(where))[0]
    daily = draw(st.booleans()) if by_day is None else by_day
    if not daily:
        return World(
            where,
            on,
            calendars,
            excuses,
            works,
            noted,
            ((where.label, Look(lo, hi, start, as_of)),),
            where.label,
            as_of,
            terms,
        )
    looks = []
    for offset in range(7):
        day = where.monday + timedelta(days=offset)
        first, end = on.of_days(day, day + timedelta(days=1))
        # A day that the clocks skipped is no period.
        if day >= force and first < min(end, as_of):
            looks.append((day.isoformat(), Look(first, end, start, as_of)))
    terms["period"] = "day"
    asked = f"{where.monday}..{where.sunday}"
    return World(where, on, calendars, excuses, works, noted, tuple(looks), asked, as_of, terms)


def hi_day(where: Place) -> date:
    return where.monday + timedelta(days=7)


# --- running -----------------------------------------------------------------------------------------------------


def microseconds(on: Grid, step: int) -> int:
    moment = on.first + timedelta(seconds=step * on.width)
    return round((moment.replace(tzinfo=None) - _EPOCH).total_seconds()) * 1_000_000


def balanced(line: Line) -> tuple[int, ...]:
    found = line.balance
    assert found is not None
    parts = (found.not_in_force, found.future, found.outside, found.excluded, found.unknown, found.up, found.down)
    assert found.period == sum(parts), line.level
    return (*parts, line.outages, line.longest)


@st.composite
def outage_logs(draw: st.DrawFn, world: World) -> dict[str, tuple[tuple[int, int | None], ...]]:
    """Per host stretches of down time; some overlap, some touch, some have no end."""
    found: dict[str, tuple[tuple[int, int | None], ...]] = {}
    lo, hi = world.on.of_days(world.where.monday, hi_day(world.where))
    for host in ("db", "web"):
        closed: list[tuple[int, int | None]] = list(draw(stretches_of(lo - 600, hi + 600, 9)))
        if draw(st.booleans()):
            _, end = closed[0]
            assert end is not None
            closed.append((end, end + draw(st.sampled_from([5, 10, 120]))))
        if draw(st.integers(0, 4)) == 0:
            closed.append((draw(st.integers(lo, hi)), None))
        found[host] = tuple(closed)
    return found


@st.composite
def probes(draw: st.DrawFn, world: World) -> tuple[dict[str, dict[int, str]], int | None]:
    lo, _ = world.on.of_days(world.where.monday, hi_day(world.where))
    found: dict[str, dict[int, str]] = {}
    for host in ("db", "web"):
        # One early sample makes sure that something is known of every host.
        at = draw(st.integers(lo, lo + 300))
        samples = {at: draw(st.sampled_from(["up", "down"]))}
        for _ in range(draw(st.integers(3, 60))):
            at += draw(st.sampled_from([1, 5, 9, 10, 11, 60, 61, 240, 700]))
            samples[at] = draw(st.sampled_from(["up", "up", "down", "down", "unknown"]))
        found[host] = samples
    return found, draw(st.sampled_from([None, 5, 60, 240, 720]))


def assert_same(found: Mapping[Any, object], expected: Mapping[Any, object]) -> None:
    """The first few differences say more than two long mappings."""
    keys = sorted({*found, *expected})
    different = [(key, found.get(key), expected.get(key)) for key in keys if found.get(key) != expected.get(key)]
    told = "\n".join(f"{key}: found {one}, expected {other}" for key, one, other in different[:6])
    assert not different, f"{len(different)} of {len(keys)} differ:\n{told}"


def write_works(folder: Path, world: World) -> None:
    rows = [(world.on.text(start), world.on.text(end)) for start, end in world.works]
    write(folder, "works.csv", ("from", "to"), rows)
