"""Cases timed: the answers of every measure that reads how long cases took, in few passes over all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import ceil, floor
from operator import or_
from typing import Any, Generic, TypeVar

import narwhals as nw

from slacheck.calendars.wall_clock import WallClock, wall
from slacheck.engine.case_clock import CaseRequest, DayRow, DayRule, case_lengths, day_rows
from slacheck.engine.case_tally import CaseBound, CaseCount, Column, case_counts
from slacheck.engine.order_statistics import Basic, Quantile, basic, quantiles
from slacheck.engine.scratch import Scratch
from slacheck.language.limits import Deadlines, Due
from slacheck.language.moments import Between, Moment
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer, Ask, Cut, Stretch
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import CaseTally, LengthTally
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistics import Plain
from slacheck.measures.streams import streams
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export
from slacheck.timeline import zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.zones import DAY

Frame = nw.LazyFrame[Any]
Key = TypeVar("Key", bound=Hashable)

WORST_SHOWN = 20

_PLACES_SHOWN = 5
# Beyond every limit, and what the engine holds as an integer.
_BEYOND = 2**61
# A calendar is asked for ever later days until it opens again, for about four years.
_AHEAD, _FARTHEST = 16, 1500
_ONE_DAY = timedelta(days=1)
_NONE = nw.lit(None, nw.Int64)


def answer(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    """Time the cases of every ask on its own clock and answer for each subject, or for each case.

    A per-case ask without a case gets one nameless answer. Raises DataError for conditions that no record satisfies,
    and where a calendar that has no later day would have to say when a case is due or begins.
    """
    position, found = streams(scratch, asks)
    live = [index for index, ask in enumerate(asks) if ask.window.lo < ask.window.hi]
    limits = {index: _limit(asks[index]) for index in live}
    shared = _Shares()
    requests = [_request(index, asks[index], limits[index], position[index], shared) for index in live]
    timed = _Timed({}, {}, {}, {}, {})
    if requests:
        records = [found[timing.stream][:2] for timing, _ in shared.timings]
        timed = _timed(scratch, asks, limits, requests, shared, records)
    return [_answers(ask, index, found[position[index]][2].names, timed) for index, ask in enumerate(asks)]


@dataclass(frozen=True)
class _Limit:
    """What is read of a case, and between which values it is within its limit.

    ``strict``: a case that ends before it starts is never within it; ``told``: there is a remark about such cases.
    """

    column: Column
    least: int | None = None
    most: int | None = None
    strict: bool = False
    told: bool = True
    working: bool = False
    deadlines: Deadlines | None = None


def _terms(ask: Ask) -> tuple[ShareWithin | Elapsed, Between]:
    measure = ask.measure
    assert isinstance(measure, (ShareWithin, Elapsed))
    assert measure.between is not None
    return measure, measure.between


def _limit(ask: Ask) -> _Limit:
    measure, _ = _terms(ask)
    limit = measure.limit if isinstance(measure, ShareWithin) else None
    if limit is None:
        return _Limit("days" if ask.unit in ("days", "working-days") else "elapsed", working=ask.unit == "working-days")
    if isinstance(limit, Deadlines):
        return _Limit("late_by", most=0, strict=True, deadlines=limit)
    least, most = _sides(limit)
    days = limit.kind in ("days", "working-days")
    if least is not None and most is not None and least > most:
        least, most = None, -_BEYOND
    # What may take no time at all is measured from the instant when it is due, and may well end before it.
    strict = least is None and most is not None and most > 0
    told = strict or least is not None or days
    return _Limit("days" if days else "elapsed", least, most, strict, told, limit.kind == "working-days")


def _sides(limit: Comparison) -> tuple[int | None, int | None]:
    """The least and the greatest integer that satisfy the comparison."""
    least, most = None, None
    for bound in limit.bounds:
        if bound.operator in (">=", "=", ">"):
            least = floor(bound.value) + 1 if bound.operator == ">" else ceil(bound.value)
        if bound.operator in ("<=", "=", "<"):
            most = ceil(bound.value) - 1 if bound.operator == "<" else floor(bound.value)
    return least, most


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


class _Shares:
    """Everything that asks share, so that each table is built once."""

    def __init__(self) -> None:
        self.timings: _Shared[_Timing] = _Shared()
        self.openings: _Shared[Hashable] = _Shared()
        self.clocks: _Shared[Hashable] = _Shared()
        self.days: _Shared[tuple[Hashable, bool]] = _Shared()
        self.deadlines: _Shared[tuple[Hashable, Deadlines]] = _Shared()
        self.pauses: _Shared[tuple[int, tuple[Cut, ...]]] = _Shared()


def _request(index: int, ask: Ask, limit: _Limit, stream: int, shared: _Shares) -> CaseRequest:
    terms, between = _terms(ask)
    hours = (id(ask.calendars), ask.hours)
    opening = shared.openings.number(hours, ask) if terms.received == "next-opening" else None
    timing = _Timing(stream, between.start, between.end, terms.dated_by, opening, limit.deadlines is not None)
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
        shared.pauses.number((number, ask.cuts), ask) if ask.cuts else None,
        None if days is None else DayRule(days, terms.until == "same-time"),
        shared.deadlines.number((hours, limit.deadlines), ask) if limit.deadlines else None,
    )


@dataclass(frozen=True)
class _Row:
    """One case: its record and id, when it started and ended (or was seen last), and its value."""

    row: int
    name: str
    start: int
    end: int
    open: bool
    value: int
    paused: int


@dataclass(frozen=True)
class _Timed:
    """What is known by (ask, subject): counts, sums and statistics of closed and of all cases, rows, and remarks."""

    counts: Mapping[tuple[int, int], CaseCount]
    sums: Mapping[tuple[int, int], tuple[Basic | None, Basic]]
    quantiles: Mapping[tuple[int, int], Fraction | None]
    rows: Mapping[tuple[int, int], Sequence[_Row]]
    remarks: Mapping[tuple[int, int], tuple[str, ...]]


def _timed(
    scratch: Scratch,
    asks: Sequence[Ask],
    limits: Mapping[int, _Limit],
    requests: Sequence[CaseRequest],
    shared: _Shares,
    records: Sequence[tuple[Export, Frame]],
) -> _Timed:
    """``records`` are those of each timing."""
    cases = _cases(scratch, shared, records, requests)
    windows = scratch.give(
        "windows",
        dict.fromkeys(("q", "g", "lo", "hi", "as_of"), "BIGINT"),
        [(each.id, each.stream, each.lo, each.hi, each.as_of) for each in requests],
    )
    wrong = scratch.keep(_wrong(cases, windows), "wrong")
    lengths = case_lengths(
        scratch,
        cases.filter(nw.col("exempt") == 0, ~nw.col("d").is_null(), ~nw.col("s").is_null()),
        _pauses(scratch, shared, records),
        requests,
        lambda number, lo, hi: _clock(shared.clocks[number][1], lo, hi),
        lambda number, lo, hi: _day_table(shared.days[number][1], shared.days[number][0][1], lo, hi),
        lambda number, lo, hi: _deadline_table(shared.deadlines[number][1], shared.deadlines[number][0][1], lo, hi),
    )
    bounds = [
        CaseBound(index, limit.column, limit.least, limit.most)
        for index, limit in limits.items()
        if isinstance(asks[index].measure, ShareWithin)
    ]
    counts: list[CaseCount] = []
    if bounds:
        counts = case_counts(scratch, _never_within(lengths, wrong, limits), bounds)
    valued = lengths.with_columns(v=_value(limits))
    sums, statistics = _statistics(scratch, valued, asks, limits)
    exports = {each.id: records[each.stream][0] for each in requests}
    return _Timed(
        {(each.request, each.k): each for each in counts},
        sums,
        statistics,
        _rows(scratch, valued, asks, exports),
        _remarks(scratch, cases, windows, wrong, asks, limits, exports),
    )


def _cases(
    scratch: Scratch, shared: _Shares, records: Sequence[tuple[Export, Frame]], requests: Sequence[CaseRequest]
) -> Frame:
    """Rows g (timing), k, r (row of the export), d, s, e and ``exempt``; stored.

    Those dated outside all windows are left out. The start is moved to the next opening where that is agreed.
    """
    lo, hi = min(each.lo for each in requests), max(each.hi for each in requests)
    parts = []
    for number, ((timing, ask), (export, frame)) in enumerate(zip(shared.timings, records, strict=True)):
        frame, exempt = _exempt(scratch, ask, export, frame)
        start = _instant(export, timing.start)
        dated = start if timing.dated_by is None else nw.col(export.instants[timing.dated_by])
        opening = _NONE if timing.opening is None else nw.lit(timing.opening).cast(nw.Int64)
        parts.append(
            frame.select(
                g=nw.lit(number).cast(nw.Int64),
                k=nw.col("k").cast(nw.Int64),
                r=nw.col("rowid").cast(nw.Int64),
                d=dated.cast(nw.Int64),
                s=start.cast(nw.Int64),
                e=_instant(export, timing.end).cast(nw.Int64),
                exempt=exempt,
                opening=opening,
                due=nw.lit(int(timing.due)).cast(nw.Int64),
            )
        )
    d = nw.col("d")
    cases = scratch.keep(nw.concat(parts).filter(d.is_null() | ((d >= lo) & (d < hi))), "cases")
    if any(timing.opening is not None for timing, _ in shared.timings):
        cases = scratch.keep(_received(scratch, cases, shared), "received")
    return cases


def _instant(export: Export, moment: Moment) -> nw.Expr:
    columns = [nw.col(export.instants[word]) for word in moment.words]
    if len(columns) == 1:
        return columns[0]
    if moment.pick == "first":
        return nw.min_horizontal(*columns)
    absent = reduce(or_, [column.is_null() for column in columns])
    return nw.when(~absent).then(nw.max_horizontal(*columns))


def _exempt(scratch: Scratch, ask: Ask, export: Export, frame: Frame) -> tuple[Frame, nw.Expr]:
    """The records, and 1 for those that a register says do not count."""
    found: list[nw.Expr] = []
    for number, exempt in enumerate(ask.exempt):
        if not exempt.keys:
            continue
        names, flag = [f"exempt_{number}_{index}" for index in range(len(exempt.columns))], f"exempt_{number}"
        keys: list[tuple[str | int, ...]] = [(*key, 1) for key in sorted(exempt.keys)]
        table = scratch.give("exempt", {**dict.fromkeys(names, "VARCHAR"), flag: "BIGINT"}, keys)
        frame = frame.join(table, left_on=[export.words[word] for word in exempt.columns], right_on=names, how="left")
        found.append(~nw.col(flag).is_null())
    one, none = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    return frame, nw.when(reduce(or_, found)).then(one).otherwise(none) if found else none


def _received(scratch: Scratch, cases: Frame, shared: _Shares) -> Frame:
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
        for lo, hi, opens in _closed(shared.openings[number][1], first, last)
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


def _closed(ask: Ask, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The stretches (start, end, next opening) from ``first`` to ``last`` in which the calendar is closed."""
    ahead = _AHEAD
    service: Intervals = ()
    while not service or service[-1][1] <= last:
        if ahead > _FARTHEST:
            raise DataError([_no_later(ask, zones.written(last))])
        service, ahead = ask.calendars.service(ask.hours, first, last + ahead * DAY), ahead * 2
    at = first
    for lo, hi in service:
        if at < lo and at <= last:
            yield at, lo, lo
        at = hi


def _no_later(ask: Ask, when: str) -> Problem:
    return Problem(
        ask.exports[0].files[0].label,
        code="no-later-day",
        message=f"the calendar '{ask.hours}' counts no time after {when}, where a case must wait for it",
        help="extend the calendar",
    )


def _wrong(cases: Frame, windows: Frame) -> Frame:
    """The cases (q, k, r) that ended before they started."""
    d, e, s = nw.col("d"), nw.col("e"), nw.col("raw" if "raw" in cases.collect_schema().names() else "s")
    return (
        cases.filter(nw.col("exempt") == 0, e < s)
        .join(windows, on="g", how="inner")
        .filter(d >= nw.col("lo"), d < nw.col("hi"), d < nw.col("as_of"), e <= nw.col("as_of"))
        .select("q", "k", "r")
    )


def _pauses(scratch: Scratch, shared: _Shares, records: Sequence[tuple[Export, Frame]]) -> Frame | None:
    """Pauses of the cases: p (pause stream), g, r, s and e, from the exclusions that carry the same values."""
    tables: dict[Cut, Frame] = {}
    parts = []
    for number, ((timing, cuts), _) in enumerate(shared.pauses):
        export, frame = records[timing]
        for cut in cuts:
            names = [f"cut_{index}" for index in range(len(cut.columns))]
            if cut not in tables:
                rows: list[tuple[str | int, ...]] = [
                    (*key, start, end) for key, stretches in cut.stretches for start, end in stretches
                ]
                columns = {**dict.fromkeys(names, "VARCHAR"), "cut_start": "BIGINT", "cut_end": "BIGINT"}
                tables[cut] = scratch.give("cuts", columns, rows)
            keys = [export.words[word] for word in cut.columns]
            parts.append(
                frame.join(tables[cut], left_on=keys, right_on=names, how="inner").select(
                    p=nw.lit(number).cast(nw.Int64),
                    g=nw.lit(timing).cast(nw.Int64),
                    r=nw.col("rowid").cast(nw.Int64),
                    s=nw.col("cut_start"),
                    e=nw.col("cut_end"),
                )
            )
    return nw.concat(parts) if parts else None


def _clock(ask: Ask, lo: int, hi: int) -> Intervals:
    if ask.whole_clock is not None:
        return ask.whole_clock(lo, hi)
    return ask.calendars.service(ask.hours, lo, hi)


def _day_table(ask: Ask, working: bool, lo: int, hi: int) -> list[DayRow]:
    """The local days that hold [lo, hi): all of them count, or those on which the calendar's hours begin."""
    zone = ask.calendars.zone(ask.hours)
    first, end = zones.day_of(lo, zone), zones.day_of(hi - 1, zone) + _ONE_DAY
    counting = set(ask.calendars.days(ask.hours, first, end)) if working else None
    return day_rows(
        (day.toordinal(), start, stop, int(counting is None or day in counting), at)
        for day, start, stop, at in _parts(ask, first, end)
    )


def _parts(ask: Ask, first: date, end: date) -> Iterator[tuple[date, int, int, int]]:
    """The parts [start, stop) of each day that have one offset from UTC, and the local time at their start.

    Local times are microseconds since the day's midnight; where the clocks are put back across it they may lie before.
    """
    zone = ask.calendars.zone(ask.hours)
    for day in _days(first, end):
        start, stop = zones.midnight(day, zone), zones.midnight(day + _ONE_DAY, zone)
        cuts = [start, *(change.at for change in zones.changes(zone, start + 1, stop)), stop]
        for part, after in pairwise(cuts):
            if part < after:
                local = zones.local(part, zone).replace(tzinfo=None) - datetime(day.year, day.month, day.day)
                yield day, part, after, local // timedelta(microseconds=1)


def _days(first: date, end: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), end.toordinal()))


def _deadline_table(ask: Ask, limit: Deadlines, lo: int, hi: int) -> list[tuple[int, int, int]]:
    """Stretches [start, stop) of the days that hold [lo, hi), and the instant when what starts in one is due."""
    zone = ask.calendars.zone(ask.hours)
    first, last = zones.day_of(lo, zone), zones.day_of(hi - 1, zone)
    later = {working: _later(ask, limit, working, first, last) for working in {row.working for row in limit.rows}}
    clock = WallClock(zone, first, max(days[-1] for days in later.values()))
    found = []
    for day, start, stop, at in _parts(ask, first, last + _ONE_DAY):
        for row in limit.rows:
            opens = start + row.lo - at if row.lo else start
            closes = start + row.hi - at if row.hi < DAY else stop
            opens, closes = max(opens, start), min(closes, stop)
            if opens < closes:
                found.append((opens, closes, clock.start(wall(_due_day(later[row.working], day, row)) + row.at)))
    return found


def _later(ask: Ask, limit: Deadlines, working: bool, first: date, last: date) -> Sequence[date]:
    """The days from ``first`` on that count, as many after ``last`` as the deadlines need."""
    needed = max(1, *(row.days for row in limit.rows if row.working == working))
    ahead = _AHEAD
    while ahead <= _FARTHEST:
        end = last + timedelta(days=ahead)
        zone = ask.calendars.zone(ask.hours)
        days = (
            ask.calendars.days(ask.hours, first, end)
            if working
            # A day that the zone skipped is none.
            else [day for day in _days(first, end) if zones.midnight(day, zone) < zones.midnight(day + _ONE_DAY, zone)]
        )
        if len(days) - bisect_right(days, last) >= needed:
            return days
        ahead *= 2
    raise DataError([_no_later(ask, last.isoformat())])


def _due_day(days: Sequence[date], day: date, row: Due) -> date:
    """The n-th of ``days`` after ``day``; for n = 0 the day itself or, where it does not count, the next that does."""
    return days[bisect_right(days, day) + row.days - 1 if row.days else bisect_left(days, day)]


def _never_within(lengths: Frame, wrong: Frame, limits: Mapping[int, _Limit]) -> Frame:
    """``lengths`` with what ended before it started beyond every limit, where no limit allows for it."""
    strict = [index for index, limit in limits.items() if limit.strict]
    if not strict:
        return lengths
    flagged = wrong.filter(nw.col("q").is_in(strict)).with_columns(wrong=nw.lit(1))
    beyond, is_wrong = nw.lit(_BEYOND).cast(nw.Int64), nw.col("wrong") == 1

    def judged(name: Column) -> nw.Expr:
        column = nw.col(name)
        return nw.when(is_wrong & ~column.is_null()).then(beyond).otherwise(column)

    return lengths.join(flagged, on=["q", "k", "r"], how="left").with_columns(
        elapsed=judged("elapsed"), days=judged("days"), late_by=judged("late_by")
    )


def _value(limits: Mapping[int, _Limit]) -> nw.Expr:
    """The column that each request reads."""
    value = nw.col("elapsed")
    for name in ("days", "late_by"):
        wanted = [index for index, limit in limits.items() if limit.column == name]
        if wanted:
            value = nw.when(nw.col("q").is_in(wanted)).then(nw.col(name)).otherwise(value)
    return value


def _statistics(
    scratch: Scratch, valued: Frame, asks: Sequence[Ask], limits: Mapping[int, _Limit]
) -> tuple[dict[tuple[int, int], tuple[Basic | None, Basic]], dict[tuple[int, int], Fraction | None]]:
    """Sums by (ask, subject), of closed cases and of all; quantiles by (2 * ask for closed, one more for all, k)."""
    wanted = {
        index: measure
        for index in limits
        if isinstance(measure := asks[index].measure, Elapsed) and asks[index].record is None
    }
    if not wanted:
        return {}, {}
    q = nw.col("q")
    asked = valued.filter(q.is_in(list(wanted)))
    both = nw.concat(
        [
            asked.filter(nw.col("open") == 0).select("k", "v", q=q * 2),
            asked.select("k", "v", q=q * 2 + 1),
        ]
    )
    values = scratch.keep(both.select("q", "k", "v"), "values")
    summed = {(each.q, each.k): each for each in basic(scratch, values)}
    sums = {(q // 2, k): (summed.get((q - 1, k)), each) for (q, k), each in summed.items() if q % 2}
    shares = [
        Quantile(2 * index + part, 2 * index + part, measure.statistic.share, measure.method)
        for index, measure in wanted.items()
        if measure.statistic is not None and measure.statistic.share is not None
        for part in (0, 1)
    ]
    if not shares:
        return sums, {}
    return sums, quantiles(scratch, values.filter(q.is_in([each.request for each in shares])), shares)


def _rows(
    scratch: Scratch, valued: Frame, asks: Sequence[Ask], exports: Mapping[int, Export]
) -> dict[tuple[int, int], list[_Row]]:
    """The worst cases of each (ask, subject), worst first; all of them where each gets an answer of its own."""
    single = [index for index in exports if asks[index].record == "case"]
    ranked = valued.with_columns(less=nw.col("v") * -1).with_columns(
        place=nw.col("r").cum_count().over("q", "k", order_by=["less", "s", "r"])
    )
    shown = nw.col("place") <= WORST_SHOWN
    fetched = scratch.rows(
        ranked.filter(shown | nw.col("q").is_in(single) if single else shown).select(
            "q", "k", "place", "r", "s", "e", "open", "v", "paused"
        )
    )
    names: dict[tuple[int, int], str] = {}
    for export in {id(export): export for export in exports.values()}.values():
        rows = sorted({row for q, _, _, row, *_ in fetched if exports[q] is export})
        table = scratch.give("shown", {"shown": "BIGINT"}, [(row,) for row in rows])
        of_export = export.frame.join(table, left_on="rowid", right_on="shown", how="inner").select("rowid", "r_id")
        names.update({(id(export), row): name for row, name in scratch.rows(of_export)})
    found: dict[tuple[int, int], list[_Row]] = {}
    for q, k, _, row, start, end, running, value, paused in sorted(fetched):
        name = names[id(exports[q]), row]
        found.setdefault((q, k), []).append(_Row(row, name, start, end, running == 1, value, paused))
    return found


def _remarks(
    scratch: Scratch,
    cases: Frame,
    windows: Frame,
    wrong: Frame,
    asks: Sequence[Ask],
    limits: Mapping[int, _Limit],
    exports: Mapping[int, Export],
) -> dict[tuple[int, int], tuple[str, ...]]:
    """What is odd about the cases of each (ask, subject)."""
    d, s, exempt = nw.col("d"), nw.col("s"), nw.col("exempt")
    none, undated, unbegun = (nw.lit(number, nw.Int64) for number in range(3))
    aside = (
        cases.filter((exempt == 1) | d.is_null() | s.is_null(), ~((exempt == 1) & d.is_null()))
        .join(windows, on="g", how="inner")
        .filter(d.is_null() | ((d >= nw.col("lo")) & (d < nw.col("hi")) & (d < nw.col("as_of"))))
        .with_columns(
            why=nw.when(exempt == 1).then(none).otherwise(nw.when(d.is_null()).then(undated).otherwise(unbegun))
        )
        .group_by("q", "k", "why")
        .agg(n=nw.len())
        .select("q", "k", "why", "n")
    )
    found: dict[tuple[int, int], list[str]] = {}
    for q, k, why, n in sorted(scratch.rows(aside)):
        terms, between = _terms(asks[q])
        missing = terms.dated_by if why == 1 and terms.dated_by else str(between.start)
        text = (
            f"{_cases_said(n)} exempt and left out"
            if why == 0
            else f"{_cases_said(n, 'has', 'have')} no '{missing}' and {'is' if n == 1 else 'are'} left out"
        )
        found.setdefault((q, k), []).append(text)
    told = [index for index, limit in limits.items() if limit.told]
    for (q, k), (n, rows) in _disorder(scratch, wrong, told).items():
        places = ", ".join(exports[q].place(row) for row in rows)
        more = f" and {n - len(rows):,} more" if n > len(rows) else ""
        text = f"{_cases_said(n, 'ends before it starts', 'end before they start')}: {places}{more}"
        found.setdefault((q, k), []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def _cases_said(n: int, one: str = "is", many: str = "are") -> str:
    return f"{n:,} case {one}" if n == 1 else f"{n:,} cases {many}"


def _disorder(scratch: Scratch, wrong: Frame, told: Sequence[int]) -> dict[tuple[int, int], tuple[int, list[int]]]:
    """How many cases ended before they started, and the first rows of them."""
    if not told:
        return {}
    counted = (
        wrong.filter(nw.col("q").is_in(list(told)))
        .with_columns(place=nw.col("r").cum_count().over("q", "k", order_by="r"), n=nw.len().over("q", "k"))
        .filter(nw.col("place") <= _PLACES_SHOWN)
        .select("q", "k", "r", "n")
    )
    found: dict[tuple[int, int], tuple[int, list[int]]] = {}
    for q, k, row, n in sorted(scratch.rows(counted)):
        found.setdefault((q, k), (n, []))[1].append(row)
    return found


def _answers(ask: Ask, index: int, names: Sequence[str], timed: _Timed) -> list[Answer]:
    if ask.record == "case":
        return _each(ask, index, names, timed)
    return [_answer(ask, index, k, name, timed) for k, name in enumerate(names)]


def _answer(ask: Ask, index: int, k: int, name: str, timed: _Timed) -> Answer:
    tally: CaseTally | LengthTally
    if isinstance(ask.measure, ShareWithin):
        count = timed.counts.get((index, k))
        tally = CaseTally(0, 0, 0, 0, 0)
        if count is not None:
            tally = CaseTally(count.total, count.within, count.open_within, count.late, count.early)
        rows = tally.total
    else:
        tally = _lengths(ask, index, k, timed)
        rows = tally.closed + tally.open
    cases = tuple(_stretch(ask, row) for row in timed.rows.get((index, k), ()))
    return Answer(name, tally, remarks=timed.remarks.get((index, k), ()), rows=rows, cases=cases)


def _lengths(ask: Ask, index: int, k: int, timed: _Timed) -> LengthTally:
    measure = ask.measure
    assert isinstance(measure, Elapsed)
    assert measure.statistic is not None
    if (index, k) not in timed.sums:
        return LengthTally(0, 0, None, None)
    closed, whole = timed.sums[index, k]
    count = closed.count if closed else 0
    if measure.statistic.plain is None:
        of_closed, of_all = (timed.quantiles.get((2 * index + part, k)) for part in (0, 1))
    else:
        of_closed, of_all = (_plain(each, measure.statistic.plain) for each in (closed, whole))
    return LengthTally(count, whole.count - count, of_closed, of_all)


def _plain(values: Basic | None, statistic: Plain) -> Fraction | None:
    if values is None:
        return None
    match statistic:
        case "mean":
            return Fraction(values.total, values.count)
        case "sum":
            return Fraction(values.total)
        case "min":
            return Fraction(values.least)
        case "max":
            return Fraction(values.greatest)


def _each(ask: Ask, index: int, names: Sequence[str], timed: _Timed) -> list[Answer]:
    """One answer per case, in the order of their names; what is odd is told with the first."""
    found: list[Answer] = []
    for k, name in enumerate(names):
        for row in timed.rows.get((index, k), ()):
            value = Fraction(row.value)
            tally = LengthTally(int(not row.open), int(row.open), None if row.open else value, value)
            subject = f"{name} {row.name}" if name else row.name
            found.append(Answer(subject, tally, rows=1, cases=(_stretch(ask, row),)))
    found.sort(key=lambda each: each.subject)
    remarks = [text for k in range(len(names)) for text in timed.remarks.get((index, k), ())]
    first = found[0] if found else Answer("", LengthTally(0, 0, None, None), rows=0)
    return [replace(first, remarks=tuple(dict.fromkeys(remarks))), *found[1:]]


def _stretch(ask: Ask, row: _Row) -> Stretch:
    place = ask.exports[0].place(row.row)
    return Stretch(row.start, row.end, row.value, place, name=row.name, open=row.open, paused=row.paused)
