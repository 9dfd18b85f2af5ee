"""Values that count: those of a stream whose instant lies in the counted time of a window, ready for statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.clock import Clocks, joined, segments, spans_of
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class ValueRequest:
    """One window [lo, hi) over one stream, in microseconds."""

    id: int
    stream: int
    lo: int
    hi: int
    clock: int


def counted_values(scratch: Scratch, values: Frame, requests: Sequence[ValueRequest], clocks: Clocks) -> Frame:
    """The values (g = stream, k, t, v) whose t lies in counted time of a request, as (q = request, k, t, v); stored.

    A value that is null stays. Raises ValueError for a window without time.
    """
    cut = segments(clocks, spans_of([(request.clock, request.lo, request.hi) for request in requests]))
    asked = scratch.give(
        "requests",
        dict.fromkeys(("q", "g", "lo", "hi", "c"), "BIGINT"),
        [(each.id, each.stream, each.lo, each.hi, each.clock) for each in requests],
    )
    t = nw.col("t")
    met = values.join(asked, on="g", how="inner").filter(t >= nw.col("lo"), t < nw.col("hi"))
    counted = joined(met, cut.table(scratch), cut.width, "t").filter(nw.col("inside_clock") == 1)
    return scratch.keep(counted.select("q", "k", "t", "v"), "counted_values")


def lacking(scratch: Scratch, counted: Frame) -> dict[tuple[int, int], int]:
    """How many values of (q, k, t, v) are null, by (q, k); only where there are some."""
    found = counted.filter(nw.col("v").is_null()).group_by("q", "k").agg(n=nw.len()).select("q", "k", "n")
    return {(int(q), int(k)): int(n) for q, k, n in scratch.rows(found)}
