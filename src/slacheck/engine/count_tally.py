"""Count tallies: totals and good ones of a stream of counts within a window, and how much of its grid was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw

from slacheck.engine.clock import Clock, Clocks, joined, segments, spans_of, united
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class CountRequest:
    """One window [lo, hi) over one stream. ``width`` is the length of one interval of its grid, which begins at
    lo, all in microseconds; 0 = the stream has no known grid. ``starts`` are those of intervals of unequal length
    instead, in order and from lo on: each ends where the next begins, the last at hi."""

    id: int
    stream: int
    lo: int
    hi: int
    clock: int
    width: int
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class CountTally:
    """Sums of one subject within one request's window, over rows whose instant lies in counted time.

    ``present`` is the number of grid slots that begin in counted time and have such a row, never more than
    ``expected_slots``; None without a grid.
    """

    request: int
    k: int
    total: int
    good: int
    rows: int
    present: int | None


def count_tallies(
    scratch: Scratch, counts: Frame, requests: Sequence[CountRequest], clocks: Clocks
) -> list[CountTally]:
    """Sum counts (g = stream, k, t, total, good) per request and subject, by (request, k).

    A subject without a counted row has no tally. Raises ValueError for a window without time, or whose intervals do not
    begin with it.
    """
    if any(each.starts and each.starts[0] != each.lo for each in requests):
        raise ValueError("the first interval of a window begins with the window")
    cut = segments(clocks, spans_of([(request.clock, request.lo, request.hi) for request in requests]))
    table = cut.table(scratch)
    asked = scratch.give(
        "requests",
        dict.fromkeys(("r", "g", "lo", "hi", "c", "width"), "BIGINT"),
        # Without a grid the window is one slot: width 0 would be a division by zero, which DuckDB refuses.
        [(each.id, each.stream, each.lo, each.hi, each.clock, each.width or each.hi - each.lo) for each in requests],
    )
    t, lo, hi, width = (nw.col(name) for name in ("t", "lo", "hi", "width"))
    inside = nw.col("inside_clock")

    def whole(name: str) -> nw.Expr:
        return nw.col(name).cast(nw.Decimal(38, 0)).sum()

    met = counts.join(asked, on="g", how="inner").filter(t >= lo, t < hi)
    met = joined(met, table, cut.width, "t").filter(inside == 1)
    slots = (
        _placed(scratch, met.with_columns(slot=t - (t - lo) % width), requests)
        .group_by("r", "k", "c", "slot")
        .agg(total=whole("total"), good=whole("good"), rows=nw.len())
    )
    sums = (
        joined(slots, table, cut.width, "slot")
        .group_by("r", "k")
        .agg(total=whole("total"), good=whole("good"), rows=whole("rows"), present=whole("inside_clock"))
        .select("r", "k", "total", "good", "rows", "present")
    )
    gridded = {request.id for request in requests if request.width or request.starts}
    tallies = []
    for row in sorted(scratch.rows(sums)):
        number, k, total, good, rows, present = (int(value) for value in row)
        tallies.append(CountTally(number, k, total, good, rows, present if number in gridded else None))
    return tallies


def _placed(scratch: Scratch, met: Frame, requests: Sequence[CountRequest]) -> Frame:
    """``met`` with the ``slot`` of requests whose intervals have starts of their own."""
    rows = [(each.id, begin, until) for each in requests for begin, until in pairwise([*each.starts, each.hi])]
    if not rows:
        return met
    own = scratch.give("starts", dict.fromkeys(("r", "begin", "until"), "BIGINT"), rows)
    t, begin, until = nw.col("t"), nw.col("begin"), nw.col("until")
    names = met.collect_schema().names()
    apart = sorted({each.id for each in requests if each.starts})
    placed = met.filter(nw.col("r").is_in(apart)).join(own, on="r", how="inner").filter(t >= begin, t < until)
    return nw.concat([met.filter(~nw.col("r").is_in(apart)), placed.with_columns(slot=begin).select(*names)])


def expected_slots(clock: Clock, lo: int, hi: int, width: int) -> int:
    """The number of grid slots lo, lo + width, ... before hi that begin in counted time.

    Raises ValueError when width is not positive.
    """
    if width <= 0:
        raise ValueError(f"a grid cannot have slots of {width} microseconds")
    clipped = ((max(start, lo), min(end, hi)) for start, end in united(clock))
    return sum(-((lo - end) // width) + ((lo - start) // width) for start, end in clipped if start < end)
