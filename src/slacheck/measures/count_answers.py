"""Records counted: the answers of every measure that reads good ones among all, in few passes over each stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.engine.clock import joined, segments
from slacheck.engine.count_tally import CountRequest, count_tallies, expected_slots
from slacheck.engine.count_tally import CountTally as Counted
from slacheck.engine.scratch import Scratch
from slacheck.engine.slots import (
    Absent,
    MeanRequest,
    SlotMean,
    WorstSlot,
    counted_slots,
    exact_sum,
    slot_means,
    worst_slots,
)
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer, Ask, Stretch
from slacheck.measures.measure import CountTally, RateTally
from slacheck.measures.rates import Rate
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.streams import FORGIVEN, LEFT_OUT, Laid, Part, laid
from slacheck.sources.matching import SCALE, compared
from slacheck.sources.opening import Export
from slacheck.sources.source import Source
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]

WORST_SHOWN = 20

# Of 64 bits, as counts are: streams of different types cannot be laid together.
_NONE, _ONE = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)

_Key = tuple[int, int]


def answer(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
    """A record counts when its instant lies in time that counts; in forgiven time it is good, whatever it was.

    Of intervals of which a mean is asked, those count in which such an instant may lie: that of a row, where the rows
    have a width of their own. Where a number is compared, a record without it is left out and told.
    """
    records = laid(scratch, asks, _columns, _said, lambda ask: _width(ask) > 0)
    summed = _sums(scratch, asks, records)
    means = _means(scratch, asks, records, until)
    return [
        list(_rates(ask, index, records, means) if _each(ask) else _counts(ask, index, records, summed))
        for index, ask in enumerate(asks)
    ]


# --- what a record counts ------------------------------------------------------------------------------------------


def _said(ask: Ask) -> object:
    measure = ask.measure
    if isinstance(measure, ShareWithin):
        return (measure.value, measure.limit)
    return (str(measure.good), str(measure.bad)) if isinstance(measure, Rate) else ()


def _columns(ask: Ask, export: Export) -> Mapping[str, nw.Expr]:
    total, good = _total(ask, export), _good(ask, export)
    if ask.cuts:
        mark = nw.col("mark")
        good = nw.when(mark == FORGIVEN).then(total).otherwise(good)
        # A row that is left out is no row that is missing.
        total, good = (nw.when(mark == LEFT_OUT).then(_NONE).otherwise(each) for each in (total, good))
    return {"total": total, "good": good}


def _total(ask: Ask, export: Export) -> nw.Expr:
    if isinstance(ask.measure, ShareWithin):
        # A row that counts none is one without a number.
        numbers = [_number(ask.measure, export), *_scaling(ask.measure, export)]
        return (
            nw.when(nw.any_horizontal(*(each.is_null() for each in numbers), ignore_nulls=False))
            .then(_NONE)
            .otherwise(_ONE)
        )
    return nw.col("r_total") if _is_counted(export.source) else _ONE


def _is_counted(source: Source) -> bool:
    return source.shape == "counts" and "total" in source.columns


def _good(ask: Ask, export: Export) -> nw.Expr:
    source, measure = export.source, ask.measure
    if isinstance(measure, ShareWithin):
        assert measure.value is not None
        assert isinstance(measure.limit, Comparison)
        scale = 10**SCALE / source.worth(measure.value)
        within = compared(_number(measure, export), measure.limit, scale, export.numbers)
        return nw.when(within).then(_ONE).otherwise(_NONE)
    assert isinstance(measure, Rate)
    good, bad = (source.good, source.bad) if source.shape == "counts" else (measure.good, measure.bad)
    if good is not None:
        return nw.when(export.matches(good)).then(_ONE).otherwise(_NONE)
    if bad is not None:
        return nw.when(export.matches(bad)).then(_NONE).otherwise(_ONE)
    return nw.col("r_good") if "good" in source.columns else nw.col("r_total") - nw.col("r_bad")


def _number(measure: ShareWithin, export: Export) -> nw.Expr:
    assert measure.value is not None
    return nw.col(export.figures(measure.value))


def _scaling(measure: ShareWithin, export: Export) -> list[nw.Expr]:
    """The cells that the limit is multiplied with."""
    words = measure.limit.columns if isinstance(measure.limit, Comparison) else ()
    return [nw.col(export.numbers[word]) for word in words]


# --- windows and their grids ---------------------------------------------------------------------------------------


def _each(ask: Ask) -> int:
    """The length of the intervals whose mean is asked for; 0 where counts are summed."""
    return (ask.measure.mean_of_each or 0) if isinstance(ask.measure, Rate) else 0


def _width(ask: Ask) -> int:
    """The length of a row's interval, where a missing row is unknown; otherwise 0."""
    source = ask.exports[0].source
    return 0 if source.absent_rows == "empty" else source.width or 0


def _days(ask: Ask, window: Window) -> tuple[int, ...]:
    """The midnights at which the civil days begin of which a row each is wanted; nothing for other intervals."""
    source = ask.exports[0].source
    if not source.daily or source.absent_rows == "empty":
        return ()
    return tuple(_midnights(ask, window, _ended(ask, window)))


def _midnights(ask: Ask, window: Window, until: int) -> Iterator[int]:
    day = zones.day_of(window.lo, ask.zone)
    while (begin := zones.midnight(day, ask.zone)) < until:
        if begin >= window.lo:
            yield begin
        day += timedelta(days=1)


def _ended(ask: Ask, window: Window) -> int:
    """Where the last interval that has ended ends: while a period runs, the interval under way is not judged."""
    source = ask.exports[0].source
    width = _each(ask) or source.width
    if window.running and source.daily and not width:
        return max(window.lo, zones.midnight(zones.day_of(window.hi, ask.zone), ask.zone))
    if not window.running or not width:
        return window.hi
    return window.hi - (window.hi - window.lo) % width


def _counted(ask: Ask, part: Part) -> Intervals:
    return intervals.clip(part.window.counted, part.window.lo, _ended(ask, part.window))


def _live(asks: Sequence[Ask], records: Laid, mean: bool) -> Iterator[tuple[int, Part, Ask]]:
    for index, part in enumerate(records.parts):
        ask = asks[part.ask]
        if bool(_each(ask)) == mean and part.window.lo < _ended(ask, part.window):
            yield index, part, ask


# --- sums ----------------------------------------------------------------------------------------------------------


@dataclass
class _Sums:
    of: Mapping[_Key, Counted] = field(default_factory=dict)
    forgiven: Mapping[_Key, Counted] = field(default_factory=dict)
    expected: Mapping[int, int] = field(default_factory=dict)


def _sums(scratch: Scratch, asks: Sequence[Ask], records: Laid) -> _Sums:
    requests: list[CountRequest] = []
    clocks: dict[int, Intervals] = {}
    expected: dict[int, int] = {}
    beyond = len(records.parts)
    for index, part, ask in _live(asks, records, mean=False):
        lo, hi, width = part.window.lo, _ended(ask, part.window), _width(ask)
        days = _days(ask, part.window)
        clocks[index] = _counted(ask, part)
        requests.append(CountRequest(index, part.stream, lo, hi, index, width, days))
        if days:
            expected[index] = sum(intervals.contains(clocks[index], begin) for begin in days)
        elif width:
            expected[index] = expected_slots(clocks[index], lo, hi, width)
        forgiven = intervals.intersection(part.window.forgiven, clocks[index])
        if forgiven:
            clocks[beyond + index] = forgiven
            requests.append(CountRequest(beyond + index, part.stream, lo, hi, beyond + index, 0))
    if not requests:
        return _Sums()
    found = count_tallies(scratch, records.frame, requests, clocks)
    return _Sums(
        {(each.request, each.k): each for each in found if each.request < beyond},
        {(each.request - beyond, each.k): each for each in found if each.request >= beyond},
        expected,
    )


def _counts(ask: Ask, index: int, records: Laid, sums: _Sums) -> Iterator[Answer]:
    for k, name, part in records.answering(index):
        expected = sums.expected.get(part, 0)
        own, remarks = _own(records, part), records.undated[index]
        tally = sums.of.get((part, k))
        if tally is None:
            yield Answer(name, CountTally(0, 0, expected, 0), remarks=remarks, rows=0, window=own, of=name)
            continue
        good = tally.good
        if (forgiven := sums.forgiven.get((part, k))) is not None:
            good += forgiven.total - forgiven.good
        if isinstance(ask.measure, ShareWithin) and tally.rows > tally.total:
            remarks = (*remarks, _lacking(ask.measure, name, tally.rows - tally.total))
        counted = CountTally(tally.total, good, expected, tally.present or 0)
        yield Answer(name, counted, remarks=remarks, rows=tally.rows, window=own, of=name)


def _own(records: Laid, part: int) -> Window | None:
    return records.parts[part].window if records.parts[part].k is not None else None


def _lacking(measure: ShareWithin, subject: str, count: int) -> str:
    of = f" of {subject}" if subject else ""
    return f"{count:,} {'record' if count == 1 else 'records'}{of} without '{measure.value}' left out"


# --- means of intervals --------------------------------------------------------------------------------------------


@dataclass
class _Means:
    of: Mapping[_Key, SlotMean] = field(default_factory=dict)
    worst: Mapping[_Key, list[WorstSlot]] = field(default_factory=dict)
    expected: Mapping[int, int] = field(default_factory=dict)


def _means(scratch: Scratch, asks: Sequence[Ask], records: Laid, until: int) -> _Means:
    live = list(_live(asks, records, mean=True))
    if not live:
        return _Means()
    masked = {index: part for index, part, ask in live if not _plain(ask, part)}
    free = max(part.stream for part in records.parts) + 1
    requests: list[MeanRequest] = []
    clocks: dict[int, Intervals] = {}
    for index, part, ask in live:
        lo, each, row = part.window.lo, _each(ask), _width(ask)
        clocks[index] = _slots_of(_counted(ask, part), lo, each, row)
        stream = free + index if index in masked else part.stream
        hi = _ended(ask, part.window)
        absent: Absent = "unknown" if row else "empty"
        requests.append(MeanRequest(index, stream, lo, hi, index, each, lo, row or None, absent))
    # An interval is judged by all its rows, also by those beyond the period; what is not known yet is not among them.
    known = records.frame.filter(nw.col("t") < until).select("g", "k", "t", "total", "good")
    if masked:
        known = nw.concat([known, _masked(scratch, known, asks, masked, free)])
    slots = counted_slots(scratch, known, requests, clocks)
    worst: dict[_Key, list[WorstSlot]] = {}
    for each_slot in worst_slots(scratch, slots, WORST_SHOWN):
        worst.setdefault((each_slot.request, each_slot.k), []).append(each_slot)
    means = {(each.request, each.k): each for each in slot_means(scratch, slots)}
    return _Means(means, worst, slots.expected)


def _plain(ask: Ask, part: Part) -> bool:
    """Whether every record of a window counts as it is."""
    lo, hi = part.window.lo, _ended(ask, part.window)
    return _counted(ask, part) == ((lo, hi),) and not intervals.clip(part.window.forgiven, lo, hi)


def _slots_of(counted: Intervals, lo: int, each: int, row: int) -> Intervals:
    """Time in which the intervals begin that count: those with a row (or any instant) that begins in counted time."""
    found = []
    for start, end in counted:
        first = start + (lo - start) % row if row else start
        if first < end:
            found.append((first - (first - lo) % each, end))
    return intervals.union(found)


def _masked(scratch: Scratch, known: Frame, asks: Sequence[Ask], parts: Mapping[int, Part], free: int) -> Frame:
    """The records of each part, as a stream of its own: outside counted time they are there, but count nothing."""
    clocks: dict[int, Intervals] = {}
    spans: dict[int, tuple[int, int]] = {}
    rows = []
    for index, part in parts.items():
        ask = asks[part.ask]
        lo, hi, each = part.window.lo, _ended(ask, part.window), _each(ask)
        last = hi + (lo - hi) % each
        counted = intervals.union(_counted(ask, part), [(hi, last)])
        clocks[2 * index] = counted
        clocks[2 * index + 1] = intervals.difference(counted, part.window.forgiven)
        spans |= {2 * index: (lo, last), 2 * index + 1: (lo, last)}
        rows.append((part.stream, free + index, lo, last, 2 * index))
    cut = segments(clocks, spans)
    table = cut.table(scratch)
    asked = scratch.give("masked", dict.fromkeys(("g", "own", "lo", "last", "c"), "BIGINT"), rows)
    t, total, good = nw.col("t"), nw.col("total"), nw.col("good")
    met = known.join(asked, on="g", how="inner").filter(t >= nw.col("lo"), t < nw.col("last"))
    columns = ("own", "k", "t", "total", "good", "c")
    counts = joined(met, table, cut.width, "t").select(*columns, counts=nw.col("inside_clock"))
    as_it_is = joined(counts.with_columns(c=nw.col("c") + 1), table, cut.width, "t")
    kept = nw.when(nw.col("counts") == 1)
    return as_it_is.select(
        "k",
        "t",
        g=nw.col("own"),
        total=kept.then(total).otherwise(_NONE),
        good=kept.then(nw.when(nw.col("inside_clock") == 1).then(good).otherwise(total)).otherwise(_NONE),
    ).select("g", "k", "t", "total", "good")


def _rates(ask: Ask, index: int, records: Laid, means: _Means) -> Iterator[Answer]:
    unknown = bool(_width(ask))
    for k, name, part in records.answering(index):
        own, remarks = _own(records, part), records.undated[index]
        mean = means.of.get((part, k))
        if mean is None:
            absent = means.expected.get(part, 0)
            idle, absent = (0, absent) if unknown else (absent, 0)
            yield Answer(name, RateTally(Fraction(0), 0, idle, absent), remarks=remarks, window=own, of=name)
            continue
        idle = mean.empty + (0 if unknown else mean.absent)
        total = sum(size * number for size, _, number in mean.groups)
        good = sum(good for _, good, _ in mean.groups)
        tally = RateTally(exact_sum(mean.groups), mean.slots, idle, mean.absent if unknown else 0, total, good)
        if mean.incomplete:
            remarks = (*remarks, _incomplete(name, mean.incomplete))
        worst = means.worst.get((part, k), ())
        yield Answer(name, tally, outages=tuple(map(_stretch, worst)), remarks=remarks, window=own, of=name)


def _incomplete(subject: str, count: int) -> str:
    of = f" of {subject}" if subject else ""
    return f"{count:,} {'interval' if count == 1 else 'intervals'}{of} with rows missing, and so unknown"


def _stretch(slot: WorstSlot) -> Stretch:
    """One of the worst intervals, as evidence."""
    return Stretch(slot.s, slot.e, slot.e - slot.s, cause=f"{slot.total - slot.good:,} of {slot.total:,} bad")
