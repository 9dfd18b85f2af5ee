"""Dated tallies: how many records have their instant within a window, in time that counts on its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.clock import HOUR, Clocks, joined, segments, spans_of
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class DatedRequest:
    """One window [lo, hi) over the records of one stream, in microseconds."""

    id: int
    stream: int
    lo: int
    hi: int
    clock: int


@dataclass(frozen=True)
class DatedRecord:
    """One record that counts: its row and its instant."""

    request: int
    k: int
    t: int
    row: int


def dated_records(
    scratch: Scratch,
    records: Frame,
    requests: Sequence[DatedRequest],
    clocks: Clocks,
    own: Sequence[tuple[int, int, int]] = (),
) -> Frame:
    """The records (g, k, t, row) whose t lies in a window and in counted time; a stored table r, k, t, row.

    ``own`` are other clocks of single subjects over the same window: (request, k, clock). Raises ValueError for a
    window without time.
    """
    spans = spans_of([(each.clock, each.lo, each.hi) for each in requests])
    asked = scratch.give(
        "dated",
        dict.fromkeys(("r", "g", "lo", "hi", "c"), "BIGINT"),
        [(each.id, each.stream, each.lo, each.hi, each.clock) for each in requests],
    )
    t = nw.col("t")
    met = records.join(asked, on="g", how="inner").filter(t >= nw.col("lo"), t < nw.col("hi"))
    width = HOUR
    if own:
        width = 24 * HOUR
        windows = {each.id: (each.lo, each.hi) for each in requests}
        spans |= {clock: windows[request] for request, _, clock in own}
        table = scratch.give("own_clocks", dict.fromkeys(("r", "k", "own"), "BIGINT"), own)
        met = met.join(table, on=["r", "k"], how="left").with_columns(c=nw.coalesce("own", "c").cast(nw.Int64))
    cut = segments(clocks, spans, width)
    counted = joined(met, cut.table(scratch), cut.width, "t").filter(nw.col("inside_clock") == 1)
    return scratch.keep(counted.select("r", "k", "t", "row"), "dated")


def dated_counts(scratch: Scratch, counted: Frame) -> dict[tuple[int, int], int]:
    """How many records count, by (request, k). A subject without one is not there."""
    sums = counted.group_by("r", "k").agg(n=nw.len()).select("r", "k", "n")
    return {(r, k): n for r, k, n in sorted(scratch.rows(sums))}


def each_record(scratch: Scratch, counted: Frame, limit: int | None = None) -> list[DatedRecord]:
    """Every record that counts, or the first ``limit`` of each request and subject, by (request, k, t, row)."""
    if limit is not None:
        counted = counted.with_columns(place=nw.col("t").cum_count().over("r", "k", order_by=["t", "row"]))
        counted = counted.filter(nw.col("place") <= limit)
    return [DatedRecord(*row) for row in sorted(scratch.rows(counted.select("r", "k", "t", "row")))]
