"""Weighted down time: how many were affected for how long, as exact sums for each total they are a share of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import groupby, pairwise
from typing import Any, Literal

import narwhals as nw

from slacheck.engine.clock import Clocks, read, segments, spans_of
from slacheck.engine.outage_shapes import edges, longest_only, refuse_improper, swept, with_runs
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]
Overlapping = Literal["sum", "highest", "union", "longest"]

_SUM, _HIGHEST, _LONGEST = 0, 1, 2
_HOW: dict[Overlapping, int] = {"sum": _SUM, "highest": _HIGHEST, "union": _HIGHEST, "longest": _LONGEST}
_PIECE = ("g", "k", "s", "e", "w", "n")
_RUN = ("g", "k", "run")


@dataclass(frozen=True)
class WeightedRequest:
    """The records of one rule within one window [lo, hi), in microseconds."""

    id: int
    down: int
    lo: int
    hi: int
    clock: int


@dataclass(frozen=True)
class WeightedTally:
    """Down time of one subject within one request's window, for each total n in rising order: (n, affected times
    counted microseconds). The sum of w_us / n over the groups is the down time weighted by the share affected."""

    request: int
    k: int
    groups: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class WeightConflict:
    """A record that contradicts another one, which it overlaps, on the total; ``other`` None: that contradicts itself
    (no total, less than nobody affected, or more than there are)."""

    g: int
    k: int
    r: int
    other: int | None


@dataclass(frozen=True)
class Weighted:
    """Tallies, and the conflicts for which the subjects (g, k) they stand in have none."""

    tallies: tuple[WeightedTally, ...]
    conflicts: tuple[WeightConflict, ...]


def weighted(
    scratch: Scratch,
    records: Frame,
    overlapping: Mapping[int, Overlapping],
    requests: Sequence[WeightedRequest],
    clocks: Clocks,
) -> Weighted:
    """Weigh records (g, k, r, s, e, w of n affected) per request and subject, by (request, k).

    Where records of one (g, k) overlap, at each instant ``sum`` adds up the affected, never beyond n; ``highest``
    takes the greatest; ``union`` is the same: one outage, in which the fewer are taken to be among the more.
    ``longest`` first drops records like ``longest_only``. A rule that ``overlapping`` does not name is not weighed.
    A subject without counted time has no tally; a group whose records affect nobody is there with 0. Of conflicts on
    the total the first of each (g, k) is told. Raises ValueError for a window without time and like
    ``refuse_improper``.
    """
    refuse_improper(scratch, records)
    conflicts, proper = _judged(scratch, _chosen(scratch, records, overlapping))
    how = nw.col("how")
    pieces = nw.concat([_sum(scratch, proper.filter(how == _SUM)), _highest(scratch, proper.filter(how != _SUM))])
    return Weighted(_tallies(scratch, pieces, requests, clocks), conflicts)


def _chosen(scratch: Scratch, records: Frame, overlapping: Mapping[int, Overlapping]) -> Frame:
    """The records of the rules to weigh, as integers with ``how``, less those that a longer one replaces; stored."""
    asked = scratch.give(
        "overlapping", {"g": "BIGINT", "how": "BIGINT"}, [(g, _HOW[how]) for g, how in sorted(overlapping.items())]
    )
    columns = ("g", "k", "r", "s", "e", "w", "n", "how")
    named = scratch.keep(
        records.join(asked, on="g", how="inner").select(*(nw.col(name).cast(nw.Int64) for name in columns)), "weighed"
    )
    if "longest" not in overlapping.values():
        return named
    how = nw.col("how")
    longest = longest_only(scratch, named.filter(how == _LONGEST)).kept
    return scratch.keep(nw.concat([named.filter(how != _LONGEST), longest]), "weighed")


def _judged(scratch: Scratch, records: Frame) -> tuple[tuple[WeightConflict, ...], Frame]:
    """The conflicts, and the records of the subjects without one, each with the run it is in; a stored table."""
    w, n = nw.col("w"), nw.col("n")
    # Not sane where either is missing: what is null is not true.
    sane = (n >= 1) & (w >= 0) & (w <= n)
    runs = scratch.keep(
        with_runs(records).with_columns(
            insane=nw.when(sane).then(nw.lit(0)).otherwise(nw.lit(1)),
            # Somewhere along a run of overlapping records with two totals, two of its records meet that differ.
            torn=nw.when(n.min().over(*_RUN) != n.max().over(*_RUN)).then(nw.lit(1)).otherwise(nw.lit(0)),
        ),
        "runs",
    )
    insane, torn = nw.col("insane") == 1, nw.col("torn") == 1
    found = [WeightConflict(g, k, r, None) for g, k, r in scratch.rows(runs.filter(insane).select("g", "k", "r"))]
    found += _differing(sorted(scratch.rows(runs.filter(torn, ~n.is_null()).select("g", "k", "s", "r", "e", "n"))))
    in_conflict = runs.filter(insane | torn).select("g", "k").unique()
    proper = scratch.keep(runs.join(in_conflict, on=["g", "k"], how="anti"), "proper")
    return tuple(sorted(found, key=lambda each: (each.g, each.k, each.other is not None, each.r))), proper


def _differing(rows: Sequence[tuple[int, ...]]) -> Iterator[WeightConflict]:
    """Of each (g, k) the first record, by (s, r), that overlaps an earlier one with another total."""
    for (g, k), members in groupby(rows, key=lambda row: row[:2]):
        last: dict[int, tuple[int, int]] = {}
        for *_, s, r, e, n in members:
            rivals = [other for total, (reach, other) in last.items() if total != n and reach > s]
            if rivals:
                yield WeightConflict(g, k, r, rivals[0])
                break
            last[n] = max(last.get(n, (e, r)), (e, r))


def _sum(scratch: Scratch, records: Frame) -> Frame:
    """Disjoint pieces (g, k, s, e, w, n): the affected of all records at once, at most n."""
    keys = (*_RUN, "n")
    level, t, n = nw.col("level"), nw.col("t"), nw.col("n")
    levels = swept(edges(records, keys, nw.col("w")), keys)
    capped = nw.when(level < n).then(level).otherwise(n)
    pieces = levels.with_columns(e=t.shift(-1).over(*keys, order_by="t")).filter(~nw.col("e").is_null())
    return scratch.keep(pieces.select("g", "k", s=t, e=nw.col("e"), w=capped.cast(nw.Int64), n=n), "summed")


def _highest(scratch: Scratch, records: Frame) -> Frame:
    """Disjoint pieces (g, k, s, e, w, n): the greatest number affected by one record at a time."""
    w, s, e = nw.col("w"), nw.col("s"), nw.col("e")
    level = records.group_by(*_RUN, "n").agg(s=s.min(), e=e.max(), low=w.min(), high=w.max())
    even = level.filter(nw.col("low") == nw.col("high")).select("g", "k", "s", "e", w=nw.col("high"), n=nw.col("n"))
    # The greatest of those that are still on cannot be had from running sums: runs of several weights are few, and
    # are walked through here.
    uneven = records.with_columns(low=w.min().over(*_RUN), high=w.max().over(*_RUN)).filter(
        nw.col("low") != nw.col("high")
    )
    rows = sorted(scratch.rows(uneven.select(*_RUN, "s", "e", "w", "n")))
    walked = scratch.give("walked", dict.fromkeys(_PIECE, "BIGINT"), _walked(rows))
    return scratch.keep(nw.concat([even.select(*_PIECE), walked]), "highest")


def _walked(rows: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Pieces (g, k, s, e, w, n) of (g, k, run, s, e, w, n), which come in order."""
    for (g, k, _), members in groupby(rows, key=lambda row: row[:3]):
        run = list(members)
        instants = sorted({instant for row in run for instant in row[3:5]})
        on: list[tuple[int, int]] = []
        upcoming = 0
        for start, end in pairwise(instants):
            while upcoming < len(run) and run[upcoming][3] <= start:
                heappush(on, (-run[upcoming][5], run[upcoming][4]))
                upcoming += 1
            while on[0][1] <= start:
                heappop(on)
            yield g, k, start, end, -on[0][0], run[0][6]


def _tallies(
    scratch: Scratch, pieces: Frame, requests: Sequence[WeightedRequest], clocks: Clocks
) -> tuple[WeightedTally, ...]:
    cut = segments(clocks, spans_of([(request.clock, request.lo, request.hi) for request in requests]))
    asked = scratch.give(
        "requests",
        dict.fromkeys(("r", "g", "lo", "hi", "c"), "BIGINT"),
        [(request.id, request.down, request.lo, request.hi, request.clock) for request in requests],
    )
    s, e, lo, hi = (nw.col(name) for name in ("s", "e", "lo", "hi"))
    met = (
        pieces.join(asked, on="g", how="inner")
        .filter(s < hi, e > lo)
        .select("r", "k", "c", "w", "n", cs=nw.max_horizontal(s, lo), ce=nw.min_horizontal(e, hi))
    )
    counted = nw.col("at_ce") - nw.col("at_cs")
    # 19 digits each: a product of two of 38 has no type, and one of two integers overflows.
    product = nw.col("w").cast(nw.Decimal(19, 0)) * nw.col("counted").cast(nw.Decimal(19, 0))
    sums = (
        read(scratch, met, cut, {"cs": "at_cs", "ce": "at_ce"})
        .with_columns(counted=counted)
        .filter(nw.col("counted") > 0)
        .with_columns(product=product.cast(nw.Decimal(38, 0)))
        .group_by("r", "k", "n")
        .agg(lost=nw.col("product").sum())
        .select("r", "k", "n", "lost")
    )
    rows = sorted(tuple(int(value) for value in row) for row in scratch.rows(sums))
    return tuple(
        WeightedTally(request, k, tuple((n, lost) for _, _, n, lost in group))
        for (request, k), group in groupby(rows, key=lambda row: row[:2])
    )
