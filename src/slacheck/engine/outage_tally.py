"""Outage tallies: each outage by itself, be it one record or several of one cause, with its time on a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from slacheck.engine.clock import HOUR, Clocks, read, segments, spans_of
from slacheck.engine.outage_shapes import edges, swept, while_on
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]
Belongs = Literal["split", "start", "end"]

_BELONGS: dict[Belongs, int] = {"split": 0, "start": 1, "end": 2}


@dataclass(frozen=True)
class OutageRequest:
    """The outages of one rule within one window [lo, hi), in microseconds.

    ``split``: every outage that meets the window, cut at its edges. ``start``, ``end``: the outages whose first start
    or last end is an instant of the window, whole; the clock must then tell what counts outside the window too. An
    outage counts when the wall time of its united records, not clipped, is at least ``least``.
    """

    id: int
    down: int
    lo: int
    hi: int
    clock: int
    belongs: Belongs = "split"
    least: int = 0


@dataclass(frozen=True)
class OutageLength:
    """One outage ``o`` of one subject: first start, last end, and microseconds of its united records.

    ``wall`` is all of it; ``counted`` what the clock counts within the window; ``whole`` what the clock counts
    anywhere, or ``counted`` again where the request splits outages.
    """

    request: int
    k: int
    o: int
    start: int
    end: int
    wall: int
    counted: int
    whole: int


@dataclass(frozen=True)
class OutageTally:
    """The outages of one subject within one request whose ``whole`` is not 0: how many, its sum and its greatest.

    Outages are counted apart: where two overlap, both have the time. total / outages is the mean time to restore.
    """

    request: int
    k: int
    outages: int
    total: int
    longest: int


def outage_lengths(scratch: Scratch, records: Frame, requests: Sequence[OutageRequest], clocks: Clocks) -> Frame:
    """Measure each outage of records (g, k, o, s, e); a stored table r, k, o, s, e, wall, counted, whole.

    Records of one (g, k, o) are one outage and may overlap; their union counts, the calm between them does not.
    Raises ValueError for a window without time.
    """
    spans = spans_of([(request.clock, request.lo, request.hi) for request in requests])
    asked = scratch.give(
        "requests",
        dict.fromkeys(("r", "g", "lo", "hi", "c", "belongs", "least"), "BIGINT"),
        [(x.id, x.down, x.lo, x.hi, x.clock, _BELONGS[x.belongs], x.least) for x in requests],
    )
    met = scratch.keep(_met(_pieces(records), asked), "met")
    reach = met.group_by("c").agg(start=nw.col("from").min(), end=nw.col("to").max()).select("c", "start", "end")
    for clock, start, end in scratch.rows(reach):
        lo, hi = spans[clock]
        spans[clock] = (min(lo, start), max(hi, end))
    # Days, as for tickets: an outage that is not cut may reach far, and there are few of them.
    cut = segments(clocks, spans, 24 * HOUR)
    timed = read(scratch, met, cut, {"cs": "at_cs", "ce": "at_ce", "from": "at_from", "to": "at_to"})

    def total(expression: nw.Expr) -> nw.Expr:
        return expression.cast(nw.Decimal(38, 0)).sum()

    lengths = (
        timed.with_columns(clipped=nw.col("at_ce") - nw.col("at_cs"), all=nw.col("at_to") - nw.col("at_from"))
        .group_by("r", "k", "o", "begin", "end", "wall")
        .agg(counted=total(nw.col("clipped")), whole=total(nw.col("all")))
    )
    columns = ("r", "k", "o", "begin", "end", "wall", "counted", "whole")
    return scratch.keep(lengths.select(*(nw.col(name).cast(nw.Int64) for name in columns)), "outage_lengths")


def _pieces(records: Frame) -> Frame:
    """The united time of each outage (g, k, o, s, e) with its first start, last end and wall time."""
    keys = ("g", "k", "o")
    s, e = nw.col("s"), nw.col("e")
    levels = swept(edges(records, keys, nw.lit(1)), keys)
    return while_on(levels, keys, nw.col("level") >= 1).with_columns(
        begin=s.min().over(*keys),
        end=e.max().over(*keys),
        wall=(e - s).sum().over(*keys).cast(nw.Int64),
    )


def _met(pieces: Frame, asked: Frame) -> Frame:
    """The pieces of the outages that a request asks for: [cs, ce) clipped to the window, [from, to) as they count."""
    s, e, lo, hi, begin, end, belongs = (nw.col(name) for name in ("s", "e", "lo", "hi", "begin", "end", "belongs"))
    split = belongs == _BELONGS["split"]
    chosen = (
        (split & (s < hi) & (e > lo))
        | ((belongs == _BELONGS["start"]) & (begin >= lo) & (begin < hi))
        | ((belongs == _BELONGS["end"]) & (end >= lo) & (end < hi))
    )
    return (
        pieces.join(asked, on="g", how="inner")
        .filter(nw.col("wall") >= nw.col("least"), chosen)
        # Both ends into the window: a piece outside it is left with no length.
        .with_columns(
            cs=nw.min_horizontal(nw.max_horizontal(s, lo), hi), ce=nw.min_horizontal(nw.max_horizontal(e, lo), hi)
        )
        .with_columns(
            nw.when(split).then(nw.col("cs")).otherwise(s).alias("from"),
            nw.when(split).then(nw.col("ce")).otherwise(e).alias("to"),
        )
        .select("r", "k", "o", "c", "begin", "end", "wall", "cs", "ce", "from", "to")
    )


def each_outage(scratch: Scratch, lengths: Frame) -> list[OutageLength]:
    """Every outage that ``outage_lengths`` measured, by (request, k, start, o), those without counted time too."""
    columns = ("r", "k", "begin", "o", "end", "wall", "counted", "whole")
    return [
        OutageLength(r, k, o, start, end, wall, counted, whole)
        for r, k, start, o, end, wall, counted, whole in sorted(scratch.rows(lengths.select(*columns)))
    ]


def outage_tallies(scratch: Scratch, lengths: Frame) -> list[OutageTally]:
    """Sum what ``outage_lengths`` measured, by (request, k). A subject without an outage has no tally."""
    whole = nw.col("whole")
    sums = (
        lengths.filter(whole > 0)
        .group_by("r", "k")
        .agg(outages=nw.len(), total=whole.cast(nw.Decimal(38, 0)).sum(), longest=whole.max())
        .select("r", "k", "outages", "total", "longest")
    )
    return [OutageTally(*(int(value) for value in row)) for row in sorted(scratch.rows(sums))]
