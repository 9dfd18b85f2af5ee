"""Time tallies: how long a signal was on within a window, on the clock of that window, and the worst spells.

All requests of a run (levels, agreements, periods) travel as rows of one table through one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import narwhals as nw

from slacheck.engine.bounds import bounds
from slacheck.engine.clock import HOUR, Clock, Clocks, passed, segments, spans_of, united
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

_DOWN, _NOT_UP, UNKNOWN, SKIPPED, _ALIKE = range(5)
IS_DOWN, _IS_NOT_UP = nw.col("kind").is_in([_DOWN, _ALIKE]), nw.col("kind").is_in([_NOT_UP, _ALIKE])
QUALIFIES = nw.col("long")


@dataclass(frozen=True)
class TimeRequest:
    """One window [lo, hi) of one level, in microseconds.

    ``down``, ``not_up`` and ``unknown`` are signal ids; the last two are None where nothing is ever unknown. A
    spell of ``down`` or ``not_up`` qualifies when its whole wall length, not clipped, is at least ``least``.
    ``skipped`` is the signal of time that is not judged, if there is one; ``only`` are the subjects asked for, if not
    all. Spells of ``alike`` are those of both ``down`` and ``not_up``.
    """

    id: int
    down: int
    not_up: int | None
    unknown: int | None
    lo: int
    hi: int
    clock: int
    least: int = 0
    skipped: int | None = None
    only: tuple[int, ...] | None = None
    alike: int | None = None


class OwnClock(NamedTuple):
    """Another ``clock`` for one subject of a request, over the same window."""

    request: int
    k: int
    clock: int


@dataclass(frozen=True)
class TimeTally:
    """Counted microseconds of one subject within one request's window.

    ``down`` and ``not_up`` sum the qualifying spells, ``down_raw`` all spells of down, ``unknown`` all of
    unknown; without unknown time ``not_up`` equals ``down``. ``outages`` is the number of qualifying spells of
    down with any counted time, ``longest`` the counted length of the longest one. ``longest_not_up``, where it is asked
    for, is that of the longest qualifying spell of not up; ``skipped`` sums the spells of that signal.
    """

    request: int
    k: int
    down: int
    down_raw: int
    not_up: int
    unknown: int
    outages: int
    longest: int
    longest_not_up: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class WorstSpell:
    """One spell [s, e) with any counted time, the part [cs, ce) within the window, and its counted microseconds."""

    request: int
    k: int
    s: int
    e: int
    cs: int
    ce: int
    counted: int


SpellState = Literal["down", "unknown", "skipped"]
_STATES: dict[int, SpellState] = {_DOWN: "down", UNKNOWN: "unknown", SKIPPED: "skipped"}


class CourseSpell(NamedTuple):
    """The part [s, e) within the window of a spell with any counted time."""

    request: int
    k: int
    state: SpellState
    s: int
    e: int


class CourseTally(NamedTuple):
    """How many spells of one state a subject has, and their counted microseconds."""

    request: int
    k: int
    state: SpellState
    number: int
    time: int


@dataclass(frozen=True)
class CountedSpells:
    """Every spell that meets a window of ``requests``, with its counted time: what tallies and evidence read.

    ``frame`` has r (request), kind, k, s, e, long (whether it has the least length), cs, ce, counted.
    """

    frame: Frame
    requests: tuple[TimeRequest, ...]


def counted_spells(
    scratch: Scratch,
    spells: Frame,
    requests: Sequence[TimeRequest],
    clocks: Clocks,
    own: Sequence[OwnClock] = (),
) -> CountedSpells:
    """Clip spells (g, k, s, e; disjoint per (g, k)) to the windows of their requests and read the clocks, once.

    Raises ValueError for a window without time or a request with only one of ``not_up`` and ``unknown``.
    """
    signals = {request.id: _signals(request) for request in requests}
    spans = spans_of([(request.clock, request.lo, request.hi) for request in requests])
    apart = {each.request for each in own}
    # Where all of a window counts the clock is the wall's: nothing to look up and nothing to store.
    whole = [each for each in requests if each.id not in apart and _counts_whole(clocks[each.clock], each.lo, each.hi)]
    others = [each for each in requests if each not in whole]
    frames = []
    if whole or not requests:
        met = _met(scratch, spells, whole, signals)
        frames.append(met.with_columns(counted=nw.col("ce") - nw.col("cs")).select(*_COUNTED))
    if others:
        met = _met(scratch, spells, others, signals)
        width = HOUR
        if own:
            # A clock for each of many subjects: by the day, so that their segments stay few.
            width = 24 * HOUR
            windows = {each.id: (each.lo, each.hi) for each in others}
            spans |= {each.clock: windows[each.request] for each in own}
            table = scratch.give("own_clocks", dict.fromkeys(("r", "k", "own"), "BIGINT"), own)
            names = met.collect_schema().names()
            clock = nw.coalesce("own", "c").cast(nw.Int64)
            met = met.join(table, on=["r", "k"], how="left").with_columns(c=clock).select(*names)
        used = {each.clock for each in others} | {each.clock for each in own}
        cut = segments(clocks, {number: span for number, span in spans.items() if number in used}, width)
        frames.append(passed(scratch, met, cut, "cs", "ce").select(*_COUNTED))
    return CountedSpells(nw.concat(frames), tuple(requests))


_COUNTED = ("r", "kind", "k", "s", "e", "long", "cs", "ce", "counted")


def _counts_whole(clock: Clock, lo: int, hi: int) -> bool:
    return any(start <= lo and hi <= end for start, end in united(clock))


def _met(
    scratch: Scratch,
    spells: Frame,
    requests: Sequence[TimeRequest],
    signals: dict[int, tuple[int | None, ...]],
) -> Frame:
    columns = ("r", "kind", "g", "lo", "hi", "c", "least")
    rows = {
        whole: [
            (request.id, kind, signal, request.lo, request.hi, request.clock, request.least, *k)
            for request in requests
            if (request.only is None) == whole
            for kind, signal in enumerate(signals[request.id])
            if signal is not None
            for k in ([()] if request.only is None else [(k,) for k in request.only])
        ]
        for whole in (True, False)
    }
    frames = []
    if rows[True] or not rows[False]:
        asked = scratch.give("requests", dict.fromkeys(columns, "BIGINT"), rows[True])
        frames.append(spells.join(asked, on="g", how="inner"))
    if rows[False]:
        asked = scratch.give("requests", dict.fromkeys((*columns, "k"), "BIGINT"), rows[False])
        frames.append(spells.join(asked, on=["g", "k"], how="inner"))
    s, e, lo, hi = (nw.col(name) for name in ("s", "e", "lo", "hi"))
    return (
        nw.concat([frame.select("k", "s", "e", *columns) for frame in frames])
        .filter(s < hi, e > lo)
        # Narrow: there may be as many as samples.
        .select(
            *(nw.col(name).cast(nw.Int32) for name in ("r", "k", "c")),
            "s",
            "e",
            kind=nw.col("kind").cast(nw.Int8),
            long=e - s >= nw.col("least"),
            cs=nw.max_horizontal(s, lo),
            ce=nw.min_horizontal(e, hi),
        )
    )


def _signals(request: TimeRequest) -> tuple[int | None, ...]:
    if (request.not_up is None) != (request.unknown is None):
        raise ValueError(f"request {request.id} names one of not_up and unknown without the other")
    return request.down, request.not_up, request.unknown, request.skipped, request.alike


def time_tallies(scratch: Scratch, spells: CountedSpells, longest_not_up: bool = False) -> list[TimeTally]:
    """Sum the spells per request and subject, by (request, k).

    A subject without any spell of the request's signals in the window has no row: all its sums are 0.
    """
    counted, kind = nw.col("counted"), nw.col("kind")

    def total(condition: nw.Expr) -> nw.Expr:
        # Spells of one signal and subject do not overlap: their sum is no longer than the window, and fits.
        return nw.when(condition).then(counted).otherwise(nw.lit(0)).sum()

    def greatest(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(counted).otherwise(nw.lit(0)).max()

    outage = IS_DOWN & QUALIFIES & (counted > 0)
    sums = {
        "down": total(IS_DOWN & QUALIFIES),
        "down_raw": total(IS_DOWN),
        "not_up": total(_IS_NOT_UP & QUALIFIES),
        "unknown": total(kind == UNKNOWN),
        "outages": nw.when(outage).then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
        "longest": greatest(outage),
    }
    if longest_not_up:
        sums["longest_not_up"] = greatest(_IS_NOT_UP & QUALIFIES)
    if any(request.skipped is not None for request in spells.requests):
        sums["skipped"] = total(kind == SKIPPED)
    found = scratch.rows(spells.frame.group_by("r", "k").agg(**sums).select("r", "k", *sums))
    certain = {request.id for request in spells.requests if request.not_up is None}
    tallies = []
    for number, k, *values in sorted(found):
        row = dict(zip(sums, map(int, values), strict=True))
        if number in certain:
            row["not_up"] = row["down"]
        tallies.append(TimeTally(number, k, **row))
    return tallies


def worst_spells(scratch: Scratch, spells: CountedSpells, limit: int) -> tuple[list[WorstSpell], list[WorstSpell]]:
    """The ``limit`` longest qualifying spells of down, and of unknown, of each request.

    Both lists are in order of request, then longest on the clock first, then s, then k.
    """
    counted, unknown = nw.col("counted"), nw.col("kind") == UNKNOWN
    of = nw.when(unknown).then(nw.lit(UNKNOWN)).otherwise(nw.lit(_DOWN))
    chosen = spells.frame.filter(counted > 0, unknown | (IS_DOWN & QUALIFIES)).with_columns(of=of, less=counted * -1)
    worst = (
        _near_the_worst(scratch, chosen, ["of", "r"], limit)
        .with_columns(place=nw.col("s").cum_count().over("of", "r", order_by=["less", "s", "k"]))
        .filter(nw.col("place") <= limit)
        .select("of", "r", "less", "s", "k", "e", "cs", "ce")
    )
    lists: dict[int, list[WorstSpell]] = {_DOWN: [], UNKNOWN: []}
    for which, number, less, s, k, e, cs, ce in sorted(scratch.rows(worst)):
        lists[which].append(WorstSpell(number, k, s, e, cs, ce, -less))
    return lists[_DOWN], lists[UNKNOWN]


def course_spells(
    scratch: Scratch, spells: CountedSpells, subjects: Sequence[tuple[int, int]], limit: int
) -> tuple[list[CourseSpell], list[CourseTally]]:
    """What was not up of some subjects (request, k): of each the ``limit`` longest spells, and how many there are.

    Spells of down that do not qualify are up. Both lists are in order of request, k, then state, then s.
    """
    counted, kind, less = nw.col("counted"), nw.col("kind"), nw.col("less")
    asked = scratch.give("course_subjects", dict.fromkeys(("r", "k"), "BIGINT"), sorted(subjects))
    down = IS_DOWN & QUALIFIES
    state = nw.when(down).then(nw.lit(_DOWN, nw.Int8)).otherwise(kind)
    chosen = (
        spells.frame.join(asked, on=["r", "k"], how="semi")
        .filter(counted > 0, down | kind.is_in([UNKNOWN, SKIPPED]))
        .select("r", "k", "s", "cs", "ce", state=state, less=counted * -1)
    )
    chosen = scratch.keep(chosen, "course")
    sums = chosen.group_by("r", "k", "state").agg(n=nw.len(), time=less.sum())
    longest = (
        _near_the_worst(scratch, chosen, ["r", "k"], limit)
        .with_columns(place=nw.col("s").cum_count().over("r", "k", order_by=["less", "s", "state"]))
        .filter(nw.col("place") <= limit)
    )
    columns = ("r", "k", "state", "cs", "ce")
    found = sorted(scratch.rows(longest.select(*columns)))
    totals = sorted(scratch.rows(sums.select("r", "k", "state", "n", "time")))
    return (
        [CourseSpell(r, k, _STATES[of], cs, ce) for r, k, of, cs, ce in found],
        [CourseTally(r, k, _STATES[of], int(n), -int(time)) for r, k, of, n, time in totals],
    )


# Fewer rows are put in order at once.
_MANY = 100_000


def _near_the_worst(scratch: Scratch, chosen: Frame, of: list[str], limit: int) -> Frame:
    """``chosen`` less rows that are not among the ``limit`` first by (less, s) of each ``of``; some stay."""
    ((rows,),) = scratch.rows(chosen.select(n=nw.len()))
    if rows <= _MANY:
        return chosen
    s, less, most, latest = (nw.col(name) for name in ("s", "less", "most", "latest"))
    lane = s + nw.col("k")
    longest = bounds(scratch, chosen, of, "less", limit, lane).rename({"bound": "most"})
    near = chosen.join(longest, on=of, how="left").filter(most.is_null() | (less <= most))
    # Of many that are as long the first begin before long.
    earliest = bounds(scratch, near.filter(less == most), of, "s", limit, lane).rename({"bound": "latest"})
    return near.join(earliest, on=of, how="left").filter(latest.is_null() | (less < most) | (s <= latest))


def qualifying(
    scratch: Scratch, spells: CountedSpells, requests: Sequence[int]
) -> list[tuple[int, bool, int, int, int]]:
    """The qualifying spells of some requests, clipped: (request, whether of down or else of not up, k, cs, ce)."""
    chosen = spells.frame.filter(nw.col("r").is_in(list(requests)), IS_DOWN | _IS_NOT_UP, QUALIFIES)
    rows = scratch.rows(chosen.select("r", "kind", "k", "cs", "ce"))
    which = {_DOWN: (True,), _NOT_UP: (False,), _ALIKE: (True, False)}
    return sorted((r, is_down, k, cs, ce) for r, of, k, cs, ce in rows for is_down in which[of])
