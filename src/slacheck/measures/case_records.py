"""Cases laid out for one pass: their instants and pauses, and everything that several asks share."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

import narwhals as nw

from slacheck.engine.case_clock import CaseRequest, DayRule
from slacheck.engine.scratch import Scratch
from slacheck.engine.wide import floored
from slacheck.language.limits import Deadlines
from slacheck.language.moments import Moment
from slacheck.measures.asking import Ask, Cut
from slacheck.measures.case_days import closed
from slacheck.measures.case_limits import CaseLimit, terms_of
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export
from slacheck.timeline.zones import DAY

Frame = nw.LazyFrame[Any]
Key = TypeVar("Key", bound=Hashable)

_NONE = nw.lit(None, nw.Int64)


@dataclass(frozen=True)
class _Timing:
    """Cases of one stream of records with one start, end and date. ``opening`` moves the start to the next opening.

    A case that ends before that opening takes no time; with ``due`` it keeps the opening as its start.
    """

    stream: int
    start: Moment
    end: Moment
    dated_by: str | None
    opening: int | None
    due: bool
    less: str | None


class _Shared(Generic[Key]):
    """What several asks have in common, numbered in the order of its coming, each with one of the asks."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._asks: list[Ask] = []

    def number(self, key: Key, ask: Ask) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._asks)
            self._asks.append(ask)
        return self._numbers[key]

    def __iter__(self) -> Iterator[tuple[Key, Ask]]:
        return iter(zip(self._numbers, self._asks, strict=True))

    def __getitem__(self, number: int) -> tuple[Key, Ask]:
        return list(self._numbers)[number], self._asks[number]


class Shares:
    """Everything that asks share, so that each table is built once."""

    def __init__(self) -> None:
        self.timings: _Shared[_Timing] = _Shared()
        self.openings: _Shared[Hashable] = _Shared()
        self.clocks: _Shared[Hashable] = _Shared()
        self.days: _Shared[tuple[Hashable, bool]] = _Shared()
        self.deadlines: _Shared[tuple[Hashable, Deadlines]] = _Shared()
        self.pauses: _Shared[tuple[int, tuple[Cut, ...]]] = _Shared()  # by the id of the export, for all its cases


def request_of(index: int, ask: Ask, limit: CaseLimit, stream: int, shared: Shares) -> CaseRequest:
    terms, between = terms_of(ask)
    hours = (id(ask.calendars), ask.hours)
    opening = shared.openings.number(hours, ask) if terms.received == "next-opening" else None
    timing = _Timing(
        stream, between.start, between.end, terms.dated_by, opening, limit.deadlines is not None, terms.paused
    )
    number = shared.timings.number(timing, ask)
    # Exclusions that are tied to records are no part of the clock; all others of an agreement are the same by name.
    general = terms.excluding if len(terms.excluding) > len(ask.cuts) + len(ask.exempt) else ()
    days = shared.days.number((hours, limit.working), ask) if limit.column == "days" else None
    return CaseRequest(
        index,
        number,
        ask.window.lo,
        ask.window.hi,
        shared.clocks.number((hours, general), ask),
        ask.as_of,
        shared.pauses.number((id(ask.exports[0]), ask.cuts), ask) if ask.cuts else None,
        None if days is None else DayRule(days, terms.until == "same-time"),
        shared.deadlines.number((hours, limit.deadlines), ask) if limit.deadlines else None,
    )


def cases_of(
    scratch: Scratch, shared: Shares, records: Sequence[tuple[Export, Frame]], requests: Sequence[CaseRequest]
) -> Frame:
    """Rows g (timing), k, r (row of the export), d, s and e, and x where a case says it stood still; stored.

    Those dated outside all windows are left out. The start is moved to the next opening where that is agreed.
    """
    lo, hi = min(each.lo for each in requests), max(each.hi for each in requests)
    parts = []
    stopped = any(timing.less is not None for timing, _ in shared.timings)
    moved = any(timing.opening is not None for timing, _ in shared.timings)
    for number, ((timing, _), (export, frame)) in enumerate(zip(shared.timings, records, strict=True)):
        start = _instant(export, timing.start)
        dated = start if timing.dated_by is None else nw.col(export.instants[timing.dated_by])
        more: dict[str, nw.Expr] = {"x": _less(export, timing.less)} if stopped else {}
        if moved:
            more["opening"] = _NONE if timing.opening is None else nw.lit(timing.opening).cast(nw.Int64)
            more["due"] = nw.lit(int(timing.due)).cast(nw.Int64)
        parts.append(
            frame.select(
                g=nw.lit(number).cast(nw.Int64),
                k=nw.col("k").cast(nw.Int64),
                r=nw.col("rowid").cast(nw.Int64),
                d=dated.cast(nw.Int64),
                s=start.cast(nw.Int64),
                e=_instant(export, timing.end).cast(nw.Int64),
                **more,
            )
        )
    d = nw.col("d")
    cases = scratch.keep(nw.concat(parts).filter(d.is_null() | ((d >= lo) & (d < hi))), "cases")
    if moved:
        cases = scratch.keep(_received(scratch, cases, shared), "received")
    return cases


def _less(export: Export, word: str | None) -> nw.Expr:
    """The microseconds that a column says a case stood still; an empty cell says that it did not."""
    if word is None:
        return nw.lit(0, nw.Int64)
    whole = floored(nw.col(export.numbers[word]) * int(export.source.worth(word)), 10**SCALE)
    return nw.when(nw.col(export.numbers[word]).is_null()).then(nw.lit(0, nw.Int64)).otherwise(whole.cast(nw.Int64))


def _instant(export: Export, moment: Moment) -> nw.Expr:
    columns = [nw.col(export.instants[word]) for word in moment.words]
    if len(columns) == 1:
        return columns[0]
    if moment.pick == "first":
        return nw.min_horizontal(*columns)
    absent = reduce(or_, [column.is_null() for column in columns])
    return nw.when(~absent).then(nw.max_horizontal(*columns))


def _received(scratch: Scratch, cases: Frame, shared: Shares) -> Frame:
    """``cases`` with each start at the first instant, from it on, at which its calendar is open."""
    s, e = nw.col("s"), nw.col("e")
    spans = scratch.rows(
        cases.filter(~nw.col("opening").is_null(), ~s.is_null())
        .group_by("opening")
        .agg(first=s.min(), last=s.max())
        .select("opening", "first", "last")
    )
    rows = [
        (number, at, lo, hi, opens)
        for number, first, last in sorted(spans)
        for lo, hi, opens in closed(shared.openings[number][1], first, last)
        for at in range(lo - lo % DAY, hi, DAY)
    ]
    table = scratch.give("closed", dict.fromkeys(("opening", "bucket", "lo", "hi", "opens"), "BIGINT"), rows)
    # Stretches of one bucket do not overlap, so that the join finds none or one of them for each case.
    opens = nw.col("opens")
    moved = (
        cases.filter(~nw.col("opening").is_null())
        .with_columns(bucket=s - s % DAY)
        .join(table, on=["opening", "bucket"], how="inner")
        .filter(s >= nw.col("lo"), s < nw.col("hi"))
        .select("g", "r", "opens")
    )
    ends_before = (e < opens) & (nw.col("due") == 0)
    return cases.join(moved, on=["g", "r"], how="left").with_columns(
        raw=s,
        s=nw.when(opens.is_null() | (e < s)).then(s).otherwise(nw.when(ends_before).then(e).otherwise(opens)),
    )


def out_of_order(cases: Frame, windows: Frame) -> Frame:
    """The cases (q, k, r) that ended before they started."""
    d, e, s = nw.col("d"), nw.col("e"), nw.col("raw" if "raw" in cases.collect_schema().names() else "s")
    return (
        cases.filter(e < s)
        .join(windows, on="g", how="inner")
        .filter(d >= nw.col("lo"), d < nw.col("hi"), d < nw.col("as_of"), e <= nw.col("as_of"))
        .select("q", "k", "r")
    )


def pauses_of(scratch: Scratch, shared: Shares) -> Frame | None:
    """Pauses of all cases of each export: p (pause stream), r, s and e, from exclusions that carry the same values."""
    tables: dict[Cut, Frame] = {}
    parts = []
    for number, ((_, cuts), ask) in enumerate(shared.pauses):
        export = ask.exports[0]
        for cut in cuts:
            names = [f"cut_{index}" for index in range(len(cut.columns))]
            if cut not in tables and cut.log is not None:
                log = cut.log.frame(cut.columns)
                tables[cut] = log if cut.log.export.source.shape == "events" else scratch.keep(log, "pauses")
            if cut not in tables:
                rows: list[tuple[str | int, ...]] = [
                    (*key, start, end) for key, stretches in cut.stretches for start, end in stretches
                ]
                columns = {**dict.fromkeys(names, "VARCHAR"), "cut_start": "BIGINT", "cut_end": "BIGINT"}
                tables[cut] = scratch.give("cuts", columns, rows)
            keys = [export.words[word] for word in cut.columns]
            parts.append(
                export.frame.join(tables[cut], left_on=keys, right_on=names, how="inner").select(
                    p=nw.lit(number).cast(nw.Int64),
                    r=nw.col("rowid").cast(nw.Int64),
                    s=nw.col("cut_start"),
                    e=nw.col("cut_end"),
                )
            )
    return nw.concat(parts) if parts else None
