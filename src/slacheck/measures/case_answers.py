"""Cases timed: the answers of every measure that reads how long cases took, in few passes over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.engine.case_clock import CaseRequest, case_lengths
from slacheck.engine.case_tally import CaseBound, CaseCount, Column, case_counts, near_the_top
from slacheck.engine.order_statistics import Basic, Quantile, basic, quantiles
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer, Ask, CaseUnit, Stretch
from slacheck.measures.case_days import clock_of, day_table, deadline_table
from slacheck.measures.case_limits import CaseLimit, limit_of, terms_of
from slacheck.measures.case_records import Shares, cases_of, out_of_order, pauses_of, request_of
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.facts import RecordFacts
from slacheck.measures.measure import CaseTally, LengthTally
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistics import Plain
from slacheck.measures.streams import streams
from slacheck.sources.opening import Export

Frame = nw.LazyFrame[Any]

WORST_SHOWN = 20
_PLACES_SHOWN = 5
# Beyond every limit, and what the engine holds as an integer.
_BEYOND = 2**61


def answer(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    """Time the cases of every ask on its own clock and answer for each subject, or for each case.

    A per-case ask without a case gets one nameless answer. Raises DataError for conditions that no record satisfies,
    and where a calendar that has no later day would have to say when a case is due or begins.
    """
    position, found = streams(scratch, asks)
    live = [index for index, ask in enumerate(asks) if ask.window.lo < ask.window.hi]
    limits = {index: limit_of(asks[index]) for index in live}
    shared = Shares()
    requests = [request_of(index, asks[index], limits[index], position[index], shared) for index in live]
    timed = _Timed({}, {}, {}, {}, {}, RecordFacts(scratch, ()))
    if requests:
        records = [found[timing.stream][:2] for timing, _ in shared.timings]
        timed = _timed(scratch, asks, limits, requests, shared, records)
    return [_answers(ask, index, found[position[index]][2].names, timed) for index, ask in enumerate(asks)]


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
    """What is known by (ask, subject): counts, sums and statistics of closed and of all cases, rows, and remarks.

    ``facts`` are those of single cases.
    """

    counts: Mapping[tuple[int, int], CaseCount]
    sums: Mapping[tuple[int, int], tuple[Basic | None, Basic]]
    quantiles: Mapping[tuple[int, int], Fraction | None]
    rows: Mapping[tuple[int, int], Sequence[_Row]]
    remarks: Mapping[tuple[int, int], tuple[str, ...]]
    facts: RecordFacts


def _timed(
    scratch: Scratch,
    asks: Sequence[Ask],
    limits: Mapping[int, CaseLimit],
    requests: Sequence[CaseRequest],
    shared: Shares,
    records: Sequence[tuple[Export, Frame]],
) -> _Timed:
    """``records`` are those of each timing."""
    cases = cases_of(scratch, shared, records, requests)
    windows = scratch.give(
        "windows",
        dict.fromkeys(("q", "g", "lo", "hi", "as_of"), "BIGINT"),
        [(each.id, each.stream, each.lo, each.hi, each.as_of) for each in requests],
    )
    wrong = scratch.keep(out_of_order(cases, windows), "wrong")
    lengths = case_lengths(
        scratch,
        cases.filter(~nw.col("d").is_null(), ~nw.col("s").is_null()),
        pauses_of(scratch, shared),
        requests,
        lambda number, lo, hi: clock_of(shared.clocks[number][1], lo, hi),
        lambda number, lo, hi: day_table(shared.days[number][1], shared.days[number][0][1], lo, hi),
        lambda number, lo, hi: deadline_table(shared.deadlines[number][1], shared.deadlines[number][0][1], lo, hi),
    )
    bounds = [
        CaseBound(index, limit.column, limit.least, limit.most)
        for index, limit in limits.items()
        if isinstance(asks[index].measure, ShareWithin)
    ]
    counts: list[CaseCount] = []
    if bounds:
        counts = case_counts(scratch, _never_within(lengths, wrong, limits), bounds)
    valued = _unknown_below_zero(lengths, wrong, asks, limits).with_columns(v=_value(limits))
    sums, statistics = _statistics(scratch, valued, asks, limits)
    exports = {each.id: records[each.stream][0] for each in requests}
    rows = _rows(scratch, valued, asks, exports)
    return _Timed(
        {(each.request, each.k): each for each in counts},
        sums,
        statistics,
        rows,
        _remarks(scratch, cases, windows, wrong, asks, limits, exports),
        RecordFacts(scratch, [(asks[q], (each.row for each in of)) for (q, _), of in rows.items()]),
    )


def _never_within(lengths: Frame, wrong: Frame, limits: Mapping[int, CaseLimit]) -> Frame:
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


def _unknown_below_zero(lengths: Frame, wrong: Frame, asks: Sequence[Ask], limits: Mapping[int, CaseLimit]) -> Frame:
    """``lengths`` with what cannot have ended before it started as still open: it took at least no time."""
    mistaken = [index for index in limits if asks[index].above_zero and isinstance(asks[index].measure, Elapsed)]
    if not mistaken:
        return lengths
    flagged = wrong.filter(nw.col("q").is_in(mistaken)).with_columns(wrong=nw.lit(1))
    is_wrong, none = nw.col("wrong") == 1, nw.lit(0, nw.Int64)
    return lengths.join(flagged, on=["q", "k", "r"], how="left").with_columns(
        open=nw.when(is_wrong).then(nw.lit(1, nw.Int64)).otherwise(nw.col("open")),
        elapsed=nw.when(is_wrong).then(none).otherwise(nw.col("elapsed")),
        days=nw.when(is_wrong & ~nw.col("days").is_null()).then(none).otherwise(nw.col("days")),
    )


def _value(limits: Mapping[int, CaseLimit]) -> nw.Expr:
    """The column that each request reads."""
    value = nw.col("elapsed")
    for name in ("days", "late_by"):
        wanted = [index for index, limit in limits.items() if limit.column == name]
        if wanted:
            value = nw.when(nw.col("q").is_in(wanted)).then(nw.col(name)).otherwise(value)
    return value


def _statistics(
    scratch: Scratch, valued: Frame, asks: Sequence[Ask], limits: Mapping[int, CaseLimit]
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
        Quantile(2 * index + part, 2 * index + part, measure.statistic.share, measure.statistic.by(measure.method))
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
    alone, rows = nw.col("q").is_in(single), valued.select("q", "k", "r", "s", "e", "open", "v", "paused")
    worst = _ranked(near_the_top(scratch, rows.filter(~alone) if single else rows, WORST_SHOWN))
    fetched = scratch.rows(worst.filter(nw.col("place") <= WORST_SHOWN))
    if single:
        fetched += scratch.rows(_ranked(rows.filter(alone)))
    names: dict[tuple[int, int], str] = {}
    for export in {id(export): export for export in exports.values()}.values():
        shown = sorted({row for q, _, _, row, *_ in fetched if exports[q] is export})
        table = scratch.give("shown", {"shown": "BIGINT"}, [(row,) for row in shown])
        of_export = export.frame.join(table, left_on="rowid", right_on="shown", how="inner").select("rowid", "r_id")
        names.update({(id(export), row): name for row, name in scratch.rows(of_export)})
    found: dict[tuple[int, int], list[_Row]] = {}
    for q, k, _, row, start, end, running, value, paused in sorted(fetched):
        name = names[id(exports[q]), row]
        found.setdefault((q, k), []).append(_Row(row, name, start, end, running == 1, value, paused))
    return found


def _ranked(rows: Frame) -> Frame:
    worst_first = nw.col("r").cum_count().over("q", "k", order_by=["less", "s", "r"])
    ranked = rows.with_columns(less=nw.col("v") * -1).with_columns(place=worst_first)
    return ranked.select("q", "k", "place", "r", "s", "e", "open", "v", "paused")


def _remarks(
    scratch: Scratch,
    cases: Frame,
    windows: Frame,
    wrong: Frame,
    asks: Sequence[Ask],
    limits: Mapping[int, CaseLimit],
    exports: Mapping[int, Export],
) -> dict[tuple[int, int], tuple[str, ...]]:
    """What is odd about the cases of each (ask, subject)."""
    d, s = nw.col("d"), nw.col("s")
    aside = (
        cases.filter(d.is_null() | s.is_null())
        .join(windows, on="g", how="inner")
        .filter(d.is_null() | ((d >= nw.col("lo")) & (d < nw.col("hi")) & (d < nw.col("as_of"))))
        .with_columns(undated=nw.when(d.is_null()).then(nw.lit(1)).otherwise(nw.lit(0)))
        .group_by("q", "k", "undated")
        .agg(n=nw.len())
        .select("q", "k", "undated", "n")
    )
    found: dict[tuple[int, int], list[str]] = {}
    for q, k, undated, n in sorted(scratch.rows(aside)):
        terms, between = terms_of(asks[q])
        missing = terms.dated_by if undated and terms.dated_by else str(between.start)
        text = f"{_said(n, 'case has', 'cases have')} no {missing} and {'is' if n == 1 else 'are'} left out"
        found.setdefault((q, k), []).append(text)
    told = [index for index, limit in limits.items() if limit.told]
    for (q, k), (n, rows) in _disorder(scratch, wrong, told).items():
        said = _said(n, "case ends before it starts", "cases end before they start")
        text = f"{said}: {exports[q].places(rows, n)}"
        found.setdefault((q, k), []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def _said(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


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
    return Answer(name, tally, remarks=timed.remarks.get((index, k), ()), rows=rows, cases=cases, of=name)


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
            said = timed.facts.of(ask, row.row)
            found.append(
                Answer(
                    subject,
                    tally,
                    rows=1,
                    cases=(_stretch(ask, row),),
                    of=name,
                    facts=said.facts,
                    figures=said.figures,
                    moments=said.moments,
                    began=row.start,
                    ended=None if row.open else row.end,
                    record=row.name,
                )
            )
    found.sort(key=lambda each: each.subject)
    remarks = [text for k in range(len(names)) for text in timed.remarks.get((index, k), ())]
    first = found[0] if found else Answer("", LengthTally(0, 0, None, None), rows=0)
    return [replace(first, remarks=tuple(dict.fromkeys(remarks))), *found[1:]]


def _stretch(ask: Ask, row: _Row) -> Stretch:
    place = ask.exports[0].place(row.row)
    return Stretch(
        row.start, row.end, row.value, place, name=row.name, open=row.open, paused=row.paused, unit=_unit(ask)
    )


def _unit(ask: Ask) -> CaseUnit:
    limit = limit_of(ask)
    if limit.column == "days":
        return "working-days" if limit.working else "days"
    return "late-by" if limit.column == "late_by" else "length"
