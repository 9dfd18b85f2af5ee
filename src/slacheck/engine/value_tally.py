"""Value tallies: how many values a stream delivers within a window, the least and the greatest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class ValueRequest:
    """One window [lo, hi) over one stream, in microseconds."""

    id: int
    stream: int
    lo: int
    hi: int


@dataclass(frozen=True)
class ValueTally:
    """Values of one subject within one request's window, as the integers that the stream carries."""

    request: int
    k: int
    count: int
    least: int
    greatest: int


def value_tallies(scratch: Scratch, values: Frame, requests: Sequence[ValueRequest]) -> list[ValueTally]:
    """Sum up values (g = stream, k, t, v) per request and subject, by (request, k). No value, no tally."""
    asked = scratch.give(
        "requests",
        dict.fromkeys(("r", "g", "lo", "hi"), "BIGINT"),
        [(each.id, each.stream, each.lo, each.hi) for each in requests],
    )
    t, v = nw.col("t"), nw.col("v")
    tallied = (
        values.join(asked, on="g", how="inner")
        .filter(t >= nw.col("lo"), t < nw.col("hi"))
        .group_by("r", "k")
        .agg(count=nw.len(), least=v.min(), greatest=v.max())
        .select("r", "k", "count", "least", "greatest")
    )
    return sorted(
        (ValueTally(*(int(cell) for cell in row)) for row in scratch.rows(tallied)),
        key=lambda tally: (tally.request, tally.k),
    )
