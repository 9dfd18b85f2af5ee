"""Gaps of counts: the intervals of a grid that should have a row and have none, in a row one gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import narwhals as nw

from slacheck.engine.sample_quality import Gaps, summed
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

Interval = tuple[int, int]


@dataclass(frozen=True)
class IntervalRequest:
    """The ``intervals`` [begin, end) of which each should have a row, in order and disjoint, of each of ``subjects``
    (0 to n - 1) of one stream of counts."""

    id: int
    stream: int
    intervals: tuple[Interval, ...]
    subjects: int


@dataclass(frozen=True)
class Filled:
    """The ``gaps`` of one request, and how many rows stand in its intervals beyond the first of each."""

    gaps: Gaps
    repeated: int


def interval_gaps(
    scratch: Scratch, counts: Frame, requests: Sequence[IntervalRequest], width: int | None, worst: int
) -> dict[int, Filled]:
    """Look for rows (g = stream, k, t) in every interval of ``requests``, with the ``worst`` subjects of each.

    Intervals that follow each other in the request and are both empty are one gap, however much time lies between
    them. ``width`` is that of all intervals, which then begin at one distance from each other (modulo ``width``, per
    request); None where they have lengths of their own.
    """
    expected = {each.id: each.intervals for each in requests if each.intervals and each.subjects}
    if not expected:
        return {each.id: Filled(Gaps(), 0) for each in requests}
    table = scratch.give("expected", dict.fromkeys(("r", "g", "i", "s", "e", "past"), "BIGINT"), _rows(requests))
    counted = scratch.keep(_present(scratch, counts, table, requests, width), "present")
    present = counted.select("r", "k", "i")
    of_subjects = counted.group_by("r", "k").agg(n=nw.len())
    rows = {r: int(n) for r, n in scratch.rows(counted.group_by("r").agg(n=(nw.col("n") - 1).sum()))}
    sizes = scratch.give(
        "sizes", {"r": "BIGINT", "size": "BIGINT"}, [(r, len(intervals)) for r, intervals in expected.items()]
    )
    everyone = scratch.give(
        "everyone",
        {"r": "BIGINT", "k": "BIGINT"},
        [(each.id, k) for each in requests if each.id in expected for k in range(each.subjects)],
    ).join(sizes, on="r", how="inner")
    n, size = nw.col("n"), nw.col("size")
    lacking = everyone.join(of_subjects, on=["r", "k"], how="left").filter(n.is_null() | (n < size))
    lacking = scratch.keep(lacking.select("r", "k", "size"), "lacking")
    # One interval before the first and one after the last stand as if present: what lies between two is a gap.
    marks = nw.concat(
        [
            present.join(lacking.select("r", "k"), on=["r", "k"], how="semi").select("r", "k", "i"),
            lacking.select("r", "k", i=nw.lit(-1, nw.Int64)),
            lacking.select("r", "k", i=size),
        ]
    )
    i, following = nw.col("i"), nw.col("following")
    runs = (
        marks.with_columns(following=i.shift(-1).over("r", "k", order_by="i"))
        .filter(following > i + 1)
        .select("r", "k", first=i + 1, last=following - 1)
    )
    begins = table.select("r", first="i", s="s", before="past")
    ends = table.select("r", last="i", e="e", own_begin="s", after="past")
    length = nw.col("after") - nw.col("before") + nw.col("e") - nw.col("own_begin")
    met = runs.join(begins, on=["r", "first"], how="inner").join(ends, on=["r", "last"], how="inner")
    found = summed(scratch, met.select("r", "k", "s", "e", length=length), [each.id for each in requests], worst)
    return {each.id: Filled(found[each.id], rows.get(each.id, 0)) for each in requests}


def _rows(requests: Sequence[IntervalRequest]) -> list[tuple[int, ...]]:
    """Per interval: request, stream, position, begin, end, and how long those before it are together."""
    rows: list[tuple[int, ...]] = []
    for each in requests:
        past = accumulate((end - begin for begin, end in each.intervals), initial=0)
        rows += [
            (each.id, each.stream, i, begin, end, before)
            for i, ((begin, end), before) in enumerate(zip(each.intervals, past, strict=False))
        ]
    return rows


def _present(
    scratch: Scratch, counts: Frame, table: Frame, requests: Sequence[IntervalRequest], width: int | None
) -> Frame:
    """The intervals (r, k, i) that have a row, and how many (n)."""
    t = nw.col("t")
    if width is None:
        met = counts.join(table.select("r", "g", "i", "s", "e"), on="g", how="inner").filter(
            t >= nw.col("s"), t < nw.col("e")
        )
    else:
        phases: Mapping[int, int] = {each.id: each.intervals[0][0] % width for each in requests if each.intervals}
        grids = scratch.give(
            "grids",
            dict.fromkeys(("r", "g", "phase", "lo", "hi"), "BIGINT"),
            [
                (each.id, each.stream, phases[each.id], each.intervals[0][0], each.intervals[-1][1])
                for each in requests
                if each.id in phases
            ],
        )
        placed = (
            counts.join(grids, on="g", how="inner")
            .filter(t >= nw.col("lo"), t < nw.col("hi"))
            .with_columns(s=t - (t - nw.col("phase")) % width)
        )
        met = placed.select("r", "k", "s").join(table.select("r", "s", "i"), on=["r", "s"], how="inner")
    return met.group_by("r", "k", "i").agg(n=nw.len()).select("r", "k", "i", n=nw.col("n").cast(nw.Int64))
