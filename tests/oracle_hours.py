"""A second evaluator for local time: it walks the minutes of a zone one by one, and nothing of the package is used.

A ``Grid`` is a stretch of time cut into steps of a minute (or a second); instants and lengths are numbers of steps.
The local clock of each step is asked of ``zoneinfo``; a set of time is a list with one flag per step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_DAY_OF_SECONDS = 86_400

Flags = list[bool]
Moment = tuple[int, int]


@dataclass(frozen=True, eq=False, repr=False)
class Grid:
    """Steps of ``width`` seconds from ``first``; ``walls`` is the local time of each, in seconds "as if UTC"."""

    zone: str
    first: datetime
    width: int
    walls: Sequence[int]

    def __repr__(self) -> str:
        return f"Grid({self.zone!r}, {self.first:%Y-%m-%d}, {self.width})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    def __len__(self) -> int:
        return len(self.walls)

    def day(self, step: int) -> int:
        """The ordinal of the local day of a step."""
        return _FIRST_DAY + self.walls[step] // _DAY_OF_SECONDS

    def clock(self, step: int) -> int:
        """The local time of day of a step, in seconds."""
        return self.walls[step] % _DAY_OF_SECONDS

    def text(self, step: int) -> str:
        """The instant at which a step begins, ISO 8601 in UTC."""
        return (self.first + timedelta(seconds=step * self.width)).isoformat().replace("+00:00", "Z")

    def of_days(self, first: date, end: date) -> Moment:
        """The steps ``[lo, hi)`` of the local days from ``first`` to before ``end``."""
        return self._first_from(first.toordinal()), self._first_from(end.toordinal())

    def _first_from(self, day: int) -> int:
        return next(step for step in range(len(self)) if self.day(step) >= day)


@cache
def grid(zone: str, first: date, days: int, width: int = 60) -> Grid:
    """``days`` times 24 hours from midnight UTC of ``first``."""
    place = ZoneInfo(zone)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    walls = []
    for step in range(days * _DAY_OF_SECONDS // width):
        instant = start + timedelta(seconds=step * width)
        offset = instant.astimezone(place).utcoffset()
        assert offset is not None
        walls.append(int((instant - _EPOCH + offset).total_seconds()))
    return Grid(zone, start, width, walls)


@dataclass(frozen=True)
class Week:
    """Spans (start, end) in minutes of the wall clock since the midnight of the day on which they begin, Monday first.

    ``holidays`` are days that have ``special`` spans instead.
    """

    days: tuple[tuple[Moment, ...], ...]
    holidays: frozenset[date] = frozenset()
    special: tuple[Moment, ...] = ()

    def of(self, day: int) -> tuple[Moment, ...]:
        return self.special if date.fromordinal(day) in self.holidays else self.days[date.fromordinal(day).weekday()]


@lru_cache(maxsize=4)
def service(on: Grid, week: Week) -> tuple[Flags, frozenset[int]]:
    """The steps within the hours of ``week``, and the days on which hours begin that leave any.

    Hours are all time from the first step whose wall time is not before their start to the last whose wall time is
    before their end. A day that the zone skips is none.
    """
    found: dict[tuple[int, Moment], Moment] = {}
    exists: set[int] = set()
    today, possible = 0, list[tuple[int, Moment]]()
    for step, wall in enumerate(on.walls):
        if on.day(step) != today:
            today = on.day(step)
            exists.add(today)
            possible = [(day, span) for day in (today - 1, today) for span in week.of(day)]
        for day, span in possible:
            since = wall - (day - _FIRST_DAY) * _DAY_OF_SECONDS
            if span[0] * 60 <= since < span[1] * 60:
                first, _ = found.get((day, span), (step, step))
                found[day, span] = first, step
    flags = [False] * len(on)
    for first, last in found.values():
        for step in range(first, last + 1):
            flags[step] = True
    return flags, frozenset(day for day, _ in found if day in exists)


def always(on: Grid) -> tuple[Flags, frozenset[int]]:
    return [True] * len(on), frozenset(on.day(step) for step in range(0, len(on), 60))


def inside(on: Grid, stretches: Iterable[tuple[int, int | None]]) -> Flags:
    """The steps that lie in any of ``stretches``; one without an end goes on."""
    flags = [False] * len(on)
    for start, end in stretches:
        for step in range(max(0, start), len(on) if end is None else min(end, len(on))):
            flags[step] = True
    return flags


def either(*sets: Flags) -> Flags:
    return [any(flags) for flags in zip(*sets, strict=True)]


def both(left: Flags, right: Flags) -> Flags:
    return [one and other for one, other in zip(left, right, strict=True)]


def without(left: Flags, right: Flags) -> Flags:
    return [one and not other for one, other in zip(left, right, strict=True)]


# --- time --------------------------------------------------------------------------------------------------------


def states(on: Grid, samples: Iterable[tuple[int, str]], hold: int | None) -> list[str]:
    """The state at every step: that of the newest sample, for ``hold`` steps at most, else unknown."""
    at = dict(samples)
    found = []
    newest, since = "unknown", 0
    for step in range(len(on)):
        if step in at:
            newest, since = at[step], step
        found.append("unknown" if hold is not None and step >= since + hold else newest)
    return found


@dataclass(frozen=True)
class Balance:
    """Where the steps of a period went; ``worst`` is down time if all that is unknown were down.

    ``begun`` are the counted lengths of the outages that begin in the period, whole, and ``running`` says whether one
    of them goes on. ``begun_counted`` is how many of them begin in time that counts, ``begun_for_certain`` how many do
    whatever the unknown steps were.
    """

    period: int
    not_in_force: int
    future: int
    outside: int
    excluded: int
    unknown: int
    up: int
    down: int
    worst: int
    outages: int
    longest: int
    longest_at_worst: int
    begun: tuple[int, ...]
    running: bool
    begun_counted: int
    begun_for_certain: int

    @property
    def service(self) -> int:
        return self.unknown + self.up + self.down


@dataclass(frozen=True)
class Look:
    """A period ``[lo, hi)``, in force from ``force`` on, seen at ``as_of``."""

    lo: int
    hi: int
    force: int
    as_of: int


@dataclass(frozen=True)
class Outages:
    """The runs of steps that are outages, and those that would be if all that is unknown were down."""

    certain: Sequence[Moment]
    at_worst: Sequence[Moment]


def outages(state: Sequence[str], as_of: int, enough: Callable[[int], bool]) -> Outages:
    """An outage counts where its whole length is ``enough``; at worst what goes on at ``as_of`` becomes long enough."""
    certain = _long(state, ("down",), as_of, enough, still_open=False)
    return Outages(certain, _long(state, ("down", "unknown"), as_of, enough, still_open=True))


def balance(state: Sequence[str], runs: Outages, look: Look, hours: Flags, excluded: Flags, forgiven: Flags) -> Balance:
    """Put every step of the period into one class."""
    places = dict.fromkeys(("not_in_force", "future", "outside", "excluded", "unknown", "up", "down"), 0)
    longs, at_worst = runs.certain, runs.at_worst
    counted, counted_at_worst = [0] * len(longs), [0] * len(at_worst)
    run = {step: number for number, (lo, hi) in enumerate(longs) for step in range(lo, hi)}
    run_at_worst = {step: number for number, (lo, hi) in enumerate(at_worst) for step in range(lo, hi)}
    for step in range(look.lo, look.hi):
        if step < look.force:
            place = "not_in_force"
        elif step >= look.as_of:
            place = "future"
        elif not hours[step]:
            place = "outside"
        elif excluded[step]:
            place = "excluded"
        elif forgiven[step]:
            place = "up"
        else:
            if step in run_at_worst:
                counted_at_worst[run_at_worst[step]] += 1
            if state[step] == "unknown":
                place = "unknown"
            elif step in run:
                place = "down"
                counted[run[step]] += 1
            else:
                place = "up"
        places[place] += 1

    def counts(step: int) -> bool:
        inside = max(look.lo, look.force) <= step < min(look.hi, look.as_of)
        return inside and _counted((step, step + 1), hours, excluded, forgiven) > 0

    begun = [(lo, hi) for lo, hi in longs if max(look.lo, look.force) <= lo < look.hi]
    return Balance(
        period=look.hi - look.lo,
        **places,
        worst=sum(counted_at_worst),
        outages=sum(1 for steps in counted if steps),
        longest=max(counted, default=0),
        longest_at_worst=max(counted_at_worst, default=0),
        begun=tuple(length for run_of in begun if (length := _counted(run_of, hours, excluded, forgiven))),
        running=any(hi == look.as_of for _, hi in begun),
        begun_counted=sum(1 for lo, _ in begun if counts(lo)),
        begun_for_certain=sum(1 for run_of in at_worst if _begins(run_of, [lo for lo, _ in longs], counts)),
    )


def _begins(at_worst: Moment, starts: Sequence[int], counts: Callable[[int], bool]) -> bool:
    """Whether the outage that a run of steps that were not up holds begins at a step that counts, wherever it began."""
    lo, hi = at_worst
    first = min((start for start in starts if lo <= start < hi and counts(start)), default=None)
    return first is not None and all(counts(step) for step in range(lo, first + 1))


def _counted(run: Moment, hours: Flags, excluded: Flags, forgiven: Flags) -> int:
    return sum(1 for step in range(*run) if hours[step] and not excluded[step] and not forgiven[step])


def _long(
    state: Sequence[str], on: Sequence[str], as_of: int, enough: Callable[[int], bool], still_open: bool
) -> list[Moment]:
    """The runs of steps in one of the states ``on`` that are long enough, or may yet become it."""
    found: list[Moment] = []
    start: int | None = None
    for step in range(as_of + 1):
        if step < as_of and state[step] in on:
            start = step if start is None else start
            continue
        if start is not None and (enough(step - start) or (still_open and step == as_of)):
            found.append((start, step))
        start = None
    return found


# --- cases -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One case: from ``start`` to ``end`` (None: still runs), with pauses (start, end) that may overlap or go on."""

    name: str
    start: int
    end: int | None
    pauses: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True)
class Clock:
    """The ``hours`` of a calendar, those that count (``counts``: less what is excluded), and its ``working`` days."""

    hours: Flags
    counts: Flags
    working: frozenset[int]


@dataclass(frozen=True)
class Timed:
    """A case on a clock, seen at an instant. ``over`` is where it ended less its pauses; ``backwards``: too early."""

    start: int
    end: int
    over: int
    elapsed: int
    open: bool
    backwards: bool = False


def timed(case: Case, clock: Clock, as_of: int, paused: bool, next_opening: bool, due: bool = False) -> Timed:
    """Walk the case step by step. ``due``: a deadline is asked for, which a moved start is due from."""
    end = as_of if case.end is None or case.end > as_of else case.end
    is_open = case.end is None or case.end > as_of
    start = case.start
    backwards = not is_open and end < start
    if next_opening and not backwards:
        while not clock.hours[start]:
            start += 1
        if not is_open and end < start and not due:
            start = end
    if is_open and start > as_of:
        return Timed(start, end, end, 0, True)
    if end < start:
        return Timed(start, end, end, -sum(clock.counts[end:start]), is_open, backwards)
    running = clock.counts[start:end]
    gross = sum(running)
    if paused:
        for lo, hi in case.pauses:
            for step in range(max(lo, start), end if hi is None else min(hi, end)):
                running[step - start] = False
    elapsed = sum(running)
    over = end
    if elapsed < gross:
        over, left = start, elapsed
        while left:
            left -= clock.counts[over]
            over += 1
    return Timed(start, end, over, elapsed, is_open)


def days_taken(on: Grid, case: Timed, working: frozenset[int] | None, same_time: bool) -> int:
    """The least n such that the case ended by the n-th counting day after the day it began on.

    By its end, or with ``same_time`` by the time of day at which the case began. None of ``working``: every day counts.
    """
    if case.open and case.over < case.start:
        return 0
    if case.over < case.start:
        back = Timed(case.over, case.start, case.start, 0, case.open)
        return -days_taken(on, back, working, same_time)
    began, ended = on.day(case.start), on.day(case.over)
    exists = {on.day(step) for step in range(case.start, case.over + 1)}
    n, day = 0, began
    while True:
        in_time = on.clock(case.over) <= on.clock(case.start) if same_time else True
        if ended < day or (ended == day and in_time):
            return n
        day += 1
        while not (working is None or day in working) or not (day in exists or day > ended):
            day += 1
        n += 1


@dataclass(frozen=True)
class Due:
    """What starts before ``before`` (seconds of the day) is due at ``at`` of the ``days``-th counting day after."""

    before: int
    at: int
    days: int
    working: bool


def due_at(on: Grid, start: int, table: Sequence[Due], working: frozenset[int]) -> int:
    """The step at which a case that starts at ``start`` is due: the first not before the deadline by the wall clock."""
    row = next(each for each in table if on.clock(start) < each.before)
    days = sorted({on.day(step) for step in range(0, len(on), 60)})
    counting = [day for day in days if not row.working or day in working]
    if row.days:
        day = [each for each in counting if each > on.day(start)][row.days - 1]
    else:
        day = next(each for each in counting if each >= on.day(start))
    due = (day - _FIRST_DAY) * _DAY_OF_SECONDS + row.at
    return next(step for step in range(len(on)) if on.walls[step] >= due)


@dataclass(frozen=True)
class Cases:
    """How cases stand to a limit; ``running`` may yet be late."""

    total: int
    running: int
    within: int
    late: int
    early: int


def against(values: Sequence[tuple[Timed, int]], least: int | None, most: int, strict: bool) -> Cases:
    """Each case with its value; ``strict``: one that ended before it began is never within."""
    within = late = early = running = 0
    for case, value in values:
        beyond = value > most or (strict and case.backwards)
        if beyond:
            late += 1
        elif case.open:
            running += 1
        elif least is not None and value < least:
            late += 1
            early += 1
        else:
            within += 1
    return Cases(len(values), running, within, late, early)


def nearest_rank(values: Sequence[int], percent: int) -> int:
    return sorted(values)[max(1, ceil(len(values) * percent / 100)) - 1]
