"""The clock: how much counted time has passed at an instant, as an equi-join over integer segments.

A clock is a list of counted intervals [lo, hi) in microseconds: service time less exclusions. The counted
length of a stretch is the difference of two readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch

Clock = Sequence[tuple[int, int]]
Clocks = Mapping[int, Clock]

HOUR = 3_600_000_000

_COLUMNS = ("c", "bucket", "lo", "hi", "cum", "inside")


@dataclass(frozen=True)
class Segments:
    """Rows (c, bucket, lo, hi, cum, inside), cut at multiples of ``width``, that cover the span of each clock.

    A clock ``c`` reads ``cum + (t - lo) * inside`` at every t of [lo, hi); bucket is lo less lo % width. The end
    of the span is covered too, by a segment of one microsecond.
    """

    rows: tuple[tuple[int, int, int, int, int, int], ...]
    width: int

    def table(self, scratch: Scratch) -> nw.LazyFrame[Any]:
        """Hand the rows to the engine."""
        return scratch.give("segments", dict.fromkeys(_COLUMNS, "BIGINT"), self.rows)


def segments(clocks: Clocks, spans: Mapping[int, tuple[int, int]], width: int = HOUR) -> Segments:
    """Cut the span [P0, P1] of each clock into segments. Readings begin with 0 at P0."""
    rows = [
        (number, *segment)
        for number, (start, end) in sorted(spans.items())
        for segment in _cut(clocks[number], start, end, width)
    ]
    return Segments(tuple(rows), width)


def spans_of(windows: Sequence[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """The stretch that each clock must cover, from (clock, lo, hi) of every request."""
    spans: dict[int, tuple[int, int]] = {}
    for number, lo, hi in windows:
        if lo >= hi:
            raise ValueError(f"no time between {lo} and {hi}")
        start, end = spans.get(number, (lo, hi))
        spans[number] = (min(start, lo), max(end, hi))
    return spans


def _cut(clock: Clock, start: int, end: int, width: int) -> Iterator[tuple[int, int, int, int, int]]:
    cum = 0
    for lo, hi, inside in (*_runs(clock, start, end), (end, end + 1, 0)):
        while lo < hi:
            bucket = lo - lo % width
            edge = min(hi, bucket + width)
            yield bucket, lo, edge, cum, inside
            cum += (edge - lo) * inside
            lo = edge


def _runs(clock: Clock, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    at = start
    for lo, hi in united(clock):
        lo, hi = max(lo, start), min(hi, end)
        if lo >= hi:
            continue
        if at < lo:
            yield at, lo, 0
        yield lo, hi, 1
        at = hi
    if at < end:
        yield at, end, 0


def united(clock: Clock) -> list[tuple[int, int]]:
    """The same counted time as disjoint intervals in order, none empty, none touching the next."""
    intervals: list[tuple[int, int]] = []
    for lo, hi in sorted(clock):
        if lo >= hi:
            continue
        if intervals and lo <= intervals[-1][1]:
            intervals[-1] = (intervals[-1][0], max(intervals[-1][1], hi))
        else:
            intervals.append((lo, hi))
    return intervals


def reading(clock: Clock, t: int) -> int:
    """Counted microseconds of ``clock`` before the instant ``t``, from its first interval on."""
    return sum(min(hi, t) - lo for lo, hi in united(clock) if lo < t)


def joined(frame: nw.LazyFrame[Any], table: nw.LazyFrame[Any], width: int, column: str) -> nw.LazyFrame[Any]:
    """Join the segment (bucket, lo, hi, cum, inside, each with the suffix ``_clock``) of the instant ``column``.

    ``frame`` has c, the clock. A row whose instant lies outside the span of its clock is lost: clip first.
    """
    t = nw.col(column)
    named = table.select("c", *(nw.col(name).alias(f"{name}_clock") for name in _COLUMNS[1:]))
    return (
        frame.with_columns(bucket_clock=t - t % width)
        .join(named, on=["c", "bucket_clock"], how="inner")
        .filter(t >= nw.col("lo_clock"), t < nw.col("hi_clock"))
    )


def read(
    scratch: Scratch, frame: nw.LazyFrame[Any], cut: Segments, columns: Mapping[str, str], rows: int | None = None
) -> nw.LazyFrame[Any]:
    """Add to ``frame``, which has c (the clock), the reading at each instant column; a stored table.

    ``columns`` maps an instant column to the name of its reading; the instants must lie in the span of the
    clock, both ends included. Raises LookupError when one does not: no row is ever lost in silence. ``rows`` is how
    many ``frame`` has, where that is known.
    """
    after = scratch.keep(with_readings(frame, cut.table(scratch), cut.width, columns), "read")
    _refuse_lost((_rows(scratch, frame) if rows is None else rows) - _rows(scratch, after))
    return after


def _refuse_lost(lost: int) -> None:
    if lost:
        raise LookupError(f"{lost} of the instants lie outside the span of their clock")


def passed(scratch: Scratch, frame: nw.LazyFrame[Any], cut: Segments, start: str, end: str) -> nw.LazyFrame[Any]:
    """Add to ``frame``, which has c (the clock), ``counted``: what passes on it between two instant columns.

    Stored. The instants must lie in the span of the clock, both ends included; raises LookupError like ``read``.
    """
    names = frame.collect_schema().names()
    table, since, counted = cut.table(scratch), nw.col(start), nw.col("counted")
    # Most stretches end in the segment they begin in, and need not be looked up twice.
    near = nw.col(end) <= nw.col("hi_clock")
    whole = (nw.col(end) - since) * nw.col("inside_clock")
    at_start = nw.col("cum_clock") + (since - nw.col("lo_clock")) * nw.col("inside_clock")
    begun = scratch.keep(
        joined(frame, table, cut.width, start).select(
            *names, near=near, counted=nw.when(near).then(whole).otherwise(at_start)
        ),
        "passed",
    )
    _refuse_lost(_rows(scratch, frame) - _rows(scratch, begun))
    far = read(scratch, begun.filter(~nw.col("near")), cut, {end: "at_end"})
    far = far.with_columns(counted=nw.col("at_end") - counted)
    return nw.concat([each.select(*names, "counted") for each in (begun.filter("near"), far)])


def with_readings(
    frame: nw.LazyFrame[Any], table: nw.LazyFrame[Any], width: int, columns: Mapping[str, str]
) -> nw.LazyFrame[Any]:
    """``read`` for instants that are known to lie in the span of their clock, of a table handed in; nothing is stored.

    A row with another instant is lost.
    """
    names = frame.collect_schema().names()
    for column, name in columns.items():
        counted = nw.col("cum_clock") + (nw.col(column) - nw.col("lo_clock")) * nw.col("inside_clock")
        names = [*names, name]
        frame = joined(frame, table, width, column).with_columns(counted.alias(name)).select(*names)
    return frame


def _rows(scratch: Scratch, frame: nw.LazyFrame[Any]) -> int:
    count: int = scratch.rows(frame.select(n=nw.len()))[0][0]
    return count
