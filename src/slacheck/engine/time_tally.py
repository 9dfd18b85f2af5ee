"""Time tallies: how long a signal was on within a window, on the clock of that window, and the worst spells.

All requests of a run (levels, agreements, periods) travel as rows of one table through one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.clock import Clocks, read, segments, spans_of
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

_DOWN, _NOT_UP, _UNKNOWN = 0, 1, 2
_QUALIFIES = nw.col("e") - nw.col("s") >= nw.col("least")


@dataclass(frozen=True)
class TimeRequest:
    """One window [lo, hi) of one level, in microseconds.

    ``down``, ``not_up`` and ``unknown`` are signal ids; the last two are None where nothing is ever unknown. A
    spell of ``down`` or ``not_up`` qualifies when its whole wall length, not clipped, is at least ``least``.
    """

    id: int
    down: int
    not_up: int | None
    unknown: int | None
    lo: int
    hi: int
    clock: int
    least: int = 0


@dataclass(frozen=True)
class TimeTally:
    """Counted microseconds of one subject within one request's window.

    ``down`` and ``not_up`` sum the qualifying spells, ``down_raw`` all spells of down, ``unknown`` all of
    unknown; without unknown time ``not_up`` equals ``down``. ``outages`` is the number of qualifying spells of
    down with any counted time, ``longest`` the counted length of the longest one.
    """

    request: int
    k: int
    down: int
    down_raw: int
    not_up: int
    unknown: int
    outages: int
    longest: int


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


@dataclass(frozen=True)
class CountedSpells:
    """Every spell that meets a window of ``requests``, with its counted time: what tallies and evidence read.

    ``frame`` is a stored table: r (request), kind, k, s, e, least, cs, ce, counted.
    """

    frame: Frame
    requests: tuple[TimeRequest, ...]


def counted_spells(scratch: Scratch, spells: Frame, requests: Sequence[TimeRequest], clocks: Clocks) -> CountedSpells:
    """Clip spells (g, k, s, e; disjoint per (g, k)) to the windows of their requests and read the clocks, once.

    Raises ValueError for a window without time or a request with only one of ``not_up`` and ``unknown``.
    """
    cut = segments(clocks, spans_of([(request.clock, request.lo, request.hi) for request in requests]))
    asked = scratch.give(
        "requests",
        dict.fromkeys(("r", "kind", "g", "lo", "hi", "c", "least"), "BIGINT"),
        [
            (request.id, kind, signal, request.lo, request.hi, request.clock, request.least)
            for request in requests
            for kind, signal in enumerate(_signals(request))
            if signal is not None
        ],
    )
    s, e, lo, hi = (nw.col(name) for name in ("s", "e", "lo", "hi"))
    met = (
        spells.join(asked, on="g", how="inner")
        .filter(s < hi, e > lo)
        .select("r", "kind", "k", "c", "s", "e", "least", cs=nw.max_horizontal(s, lo), ce=nw.min_horizontal(e, hi))
    )
    timed = read(scratch, met, cut, {"cs": "from_reading", "ce": "to_reading"})
    counted = timed.select(
        "r", "kind", "k", "s", "e", "least", "cs", "ce", counted=nw.col("to_reading") - nw.col("from_reading")
    )
    return CountedSpells(counted, tuple(requests))


def _signals(request: TimeRequest) -> tuple[int, int | None, int | None]:
    if (request.not_up is None) != (request.unknown is None):
        raise ValueError(f"request {request.id} names one of not_up and unknown without the other")
    return request.down, request.not_up, request.unknown


def time_tallies(scratch: Scratch, spells: CountedSpells) -> list[TimeTally]:
    """Sum the spells per request and subject, by (request, k).

    A subject without any spell of the request's signals in the window has no row: all its sums are 0.
    """
    counted, kind = nw.col("counted"), nw.col("kind")

    def total(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(counted).otherwise(nw.lit(0)).cast(nw.Decimal(38, 0)).sum()

    outage = (kind == _DOWN) & _QUALIFIES & (counted > 0)
    sums = (
        spells.frame.group_by("r", "k")
        .agg(
            down=total((kind == _DOWN) & _QUALIFIES),
            down_raw=total(kind == _DOWN),
            not_up=total((kind == _NOT_UP) & _QUALIFIES),
            unknown=total(kind == _UNKNOWN),
            outages=nw.when(outage).then(nw.lit(1)).otherwise(nw.lit(0)).sum(),
            longest=nw.when(outage).then(counted).otherwise(nw.lit(0)).max(),
        )
        .select("r", "k", "down", "down_raw", "not_up", "unknown", "outages", "longest")
    )
    certain = {request.id for request in spells.requests if request.not_up is None}
    tallies = []
    for row in sorted(scratch.rows(sums)):
        number, k, down, down_raw, not_up, unknown, outages, longest = (int(value) for value in row)
        worst = down if number in certain else not_up
        tallies.append(TimeTally(number, k, down, down_raw, worst, unknown, outages, longest))
    return tallies


def worst_spells(scratch: Scratch, spells: CountedSpells, limit: int) -> tuple[list[WorstSpell], list[WorstSpell]]:
    """The ``limit`` longest qualifying spells of down, and of unknown, of each request.

    Both lists are in order of request, then longest on the clock first, then s, then k.
    """
    counted, kind = nw.col("counted"), nw.col("kind")
    worst = (
        spells.frame.filter(counted > 0, (kind == _UNKNOWN) | ((kind == _DOWN) & _QUALIFIES))
        .with_columns(less=counted * -1)
        .with_columns(place=nw.col("s").cum_count().over("kind", "r", order_by=["less", "s", "k"]))
        .filter(nw.col("place") <= limit)
        .select("kind", "r", "less", "s", "k", "e", "cs", "ce")
    )
    lists: dict[int, list[WorstSpell]] = {_DOWN: [], _UNKNOWN: []}
    for of, number, less, s, k, e, cs, ce in sorted(scratch.rows(worst)):
        lists[of].append(WorstSpell(number, k, s, e, cs, ce, -less))
    return lists[_DOWN], lists[_UNKNOWN]
