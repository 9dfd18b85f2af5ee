"""Outages judged by how much of them counts: those whose counted length, beyond any window too, is long enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.clock import HOUR, Clocks, read, segments
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class LeastCounted:
    """The outages of the signal ``of`` that meet the window [lo, hi), as those of ``signal``.

    One stays when at least ``least`` microseconds of all its pieces count on ``clock``, or when it lasts to ``still``
    or beyond (None: never).
    """

    signal: int
    of: int
    lo: int
    hi: int
    clock: int
    least: int
    still: int | None = None


def reach(
    scratch: Scratch, pieces: Frame, windows: Sequence[tuple[int, int, int, int]], until: int
) -> dict[int, tuple[int, int]]:
    """From where to where the outages go that meet a window (id, signal, lo, hi), by id; at most to ``until``.

    ``pieces`` have g, k, o, s, e. An id that no outage meets is not there.
    """
    asked = scratch.give("windows", dict.fromkeys(("w", "g", "lo", "hi"), "BIGINT"), windows)
    met = _whole(pieces).join(asked, on="g", how="inner").filter(_MEETS)
    found = met.group_by("w").agg(start=nw.col("begin").min(), end=nw.col("end").max())
    rows = scratch.rows(found.select("w", "start", "end"))
    return {number: (start, min(end, until)) for number, start, end in rows}


_MEETS = (nw.col("begin") < nw.col("hi")) & (nw.col("end") > nw.col("lo"))


def _whole(pieces: Frame) -> Frame:
    keys = ("g", "k", "o")
    return pieces.with_columns(begin=nw.col("s").min().over(*keys), end=nw.col("e").max().over(*keys))


def long_enough(
    scratch: Scratch,
    pieces: Frame,
    judgements: Sequence[LeastCounted],
    clocks: Clocks,
    spans: dict[int, tuple[int, int]],
    own: Sequence[tuple[int, int, int]] = (),
) -> Frame:
    """The pieces (g, k, o, s, e) of the outages that are long enough, under their new signals; a stored table.

    ``spans`` says how far each clock must be read: over all of every outage (``reach``). ``own`` are other clocks for
    single subjects: (signal, k, clock).
    """
    asked = scratch.give(
        "judgements",
        dict.fromkeys(("signal", "g", "lo", "hi", "c", "least", "still"), "BIGINT"),
        [(x.signal, x.of, x.lo, x.hi, x.clock, x.least, x.still) for x in judgements],
    )
    met = _whole(pieces).join(asked, on="g", how="inner").filter(_MEETS)
    if own:
        table = scratch.give("own_judges", dict.fromkeys(("signal", "k", "own"), "BIGINT"), own)
        clock = nw.coalesce("own", "c").cast(nw.Int64)
        met = met.join(table, on=["signal", "k"], how="left").with_columns(c=clock)
    ends = scratch.give(
        "judged_spans",
        dict.fromkeys(("c", "last"), "BIGINT"),
        [(number, hi) for number, (_, hi) in sorted(spans.items())],
    )
    columns = ("signal", "k", "o", "s", "e", "c", "least", "still", "end", "begun", "upto")
    # What may go on for ever is read as far as the clock goes.
    begun, upto = (nw.min_horizontal(nw.col(name), nw.col("last")) for name in ("s", "e"))
    met = met.join(ends, on="c", how="inner").with_columns(begun=begun, upto=upto)
    timed = read(scratch, met.select(*columns), segments(clocks, spans, 24 * HOUR), {"begun": "at_s", "upto": "at_e"})
    counted = (nw.col("at_e") - nw.col("at_s")).sum().over("signal", "k", "o")
    enough = (nw.col("counted") >= nw.col("least")) | (nw.col("end") >= nw.col("still")).fill_null(False)
    kept = timed.with_columns(counted=counted).filter(enough)
    return scratch.keep(
        kept.select("k", "o", "s", "e", g=nw.col("signal")).select("g", "k", "o", "s", "e"), "long_enough"
    )
