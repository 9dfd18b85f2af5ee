"""What the levels of a run ask for, answered in few passes: sums per level, period and subject, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.engine.count_tally import CountRequest, count_tallies, expected_slots
from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import TimeRequest, WorstSpell, counted_spells, time_tallies, worst_spells
from slacheck.engine.value_tally import ValueRequest, value_tallies
from slacheck.language.conditions import Condition
from slacheck.measures.measure import CountTally, Tally, TimeTally, ValueTally
from slacheck.outages.building import Down, Wanted, build
from slacheck.outages.rule import Outage
from slacheck.problems import DataError, Problem
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export, no_match
from slacheck.sources.subjects import Subjects, subjects
from slacheck.timeline import intervals
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]

WORST_SHOWN = 20
# Of 64 bits, as counts are: streams of different types cannot be laid together.
_NONE, _ONE = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)


@dataclass(frozen=True)
class Ask:
    """One level in one period: its records, told apart by ``per``, and the time that counts."""

    reads: str
    exports: tuple[Export, ...]
    rule: Outage
    where: Condition | None
    per: str | None
    window: Window


@dataclass(frozen=True)
class Stretch:
    """One outage or one unknown stretch: its whole length, the counted part, and the record that shows its start."""

    start: int
    end: int
    counted: int
    place: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Answer:
    """One subject's tally in one period. ``rows`` is how many records lie in the window, where that is known."""

    subject: str
    tally: Tally
    outages: tuple[Stretch, ...] = ()
    unknown: tuple[Stretch, ...] = ()
    dropped: tuple[Stretch, ...] = ()
    remarks: tuple[str, ...] = ()
    rows: int | None = None


def answers(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
    """Answer every ask, in their order, each with one answer per subject in the order of names."""
    found: dict[int, list[Answer]] = {}
    for reads, answer in (("time", _time), ("counts", _counts), ("values", _values)):
        chosen = [index for index, ask in enumerate(asks) if ask.reads == reads]
        if chosen:
            found.update(zip(chosen, answer(scratch, [asks[index] for index in chosen], until), strict=True))
    return [found[index] for index in range(len(asks))]


def _time(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
    wanted = list({_identity(ask): _wanted(ask) for ask in asks}.values())
    order = {key: number for number, key in enumerate({_identity(ask): None for ask in asks})}
    # Time that nobody observed before a period may be the beginning of an outage that is long enough to count.
    floor = min(ask.window.lo - ask.rule.least for ask in asks)
    # An outage that goes on beyond the last period must show whether it is long enough to count.
    horizon = min(until, max(ask.window.hi + ask.rule.least for ask in asks))
    built = build(scratch, wanted, floor, max(horizon, floor + 1), until)
    downs = [built.found[order[_identity(ask)]] for ask in asks]
    live = [index for index, ask in enumerate(asks) if ask.window.lo < ask.window.hi]
    clocks = {index: asks[index].window.measured for index in live}
    requests = [
        TimeRequest(
            index,
            downs[index].down,
            downs[index].not_up,
            downs[index].unknown,
            asks[index].window.lo,
            asks[index].window.hi,
            index,
            asks[index].rule.least,
        )
        for index in live
    ]
    counted = counted_spells(scratch, built.frame, requests, clocks)
    tallied = {(tally.request, tally.k): tally for tally in time_tallies(scratch, counted)}
    worst, unknown = worst_spells(scratch, counted, WORST_SHOWN)
    places = _places(scratch, downs, worst)
    outages, stretches = _by_line(worst, places), _by_line(unknown, {})
    result: list[list[Answer]] = []
    for index, (ask, down) in enumerate(zip(asks, downs, strict=True)):
        forced = intervals.length(intervals.intersection(ask.window.excess, ask.window.counted))
        service = intervals.length(ask.window.counted)
        rows = {fact.k: fact.within for fact in down.facts}
        of_ask: list[Answer] = []
        for k, name in enumerate(down.subjects.names):
            tally = tallied.get((index, k))
            time = TimeTally(service, forced, forced, 0)
            if tally is not None:
                time = TimeTally(
                    service,
                    tally.down + forced,
                    tally.not_up + forced,
                    tally.unknown,
                    tally.outages,
                    tally.longest,
                )
            of_ask.append(
                Answer(
                    name,
                    time,
                    tuple(outages.get((index, k), ())),
                    tuple(stretches.get((index, k), ())),
                    _dropped(down, k, ask.window),
                    down.remarks,
                    rows.get(k),
                )
            )
        result.append(of_ask)
    return result


def _identity(ask: Ask) -> tuple[object, ...]:
    return (tuple(id(export) for export in ask.exports), str(ask.rule), str(ask.where), ask.per)


def _wanted(ask: Ask) -> Wanted:
    return Wanted(ask.exports, ask.rule, ask.where, ask.per)


def _dropped(down: Down, k: int, window: Window) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(each.start, each.end, 0, each.export.place(each.row))
        for each in down.dropped
        if each.k == k and each.start < window.hi and each.end > window.lo
    )


Place = tuple[str, str]


def _by_line(
    spells: Sequence[WorstSpell], places: Mapping[tuple[int, int, int], Place]
) -> dict[tuple[int, int], list[Stretch]]:
    """Spells per ask and subject, in the order given."""
    found: dict[tuple[int, int], list[Stretch]] = {}
    for spell in spells:
        place, cause = places.get((spell.request, spell.k, spell.s), ("", ""))
        found.setdefault((spell.request, spell.k), []).append(Stretch(spell.s, spell.e, spell.counted, place, cause))
    return found


def _places(scratch: Scratch, downs: Sequence[Down], worst: Sequence[WorstSpell]) -> dict[tuple[int, int, int], Place]:
    """The first record at the start of each spell: its file and row, and its cause where the log carries one."""
    spells: dict[int, list[WorstSpell]] = {}
    for spell in worst:
        spells.setdefault(id(downs[spell.request]), []).append(spell)
    found: dict[tuple[int, int, int], Place] = {}
    for down in {id(down): down for down in downs}.values():
        own = spells.get(id(down), [])
        if not own:
            continue
        sought = scratch.give("starts", {"k": "INTEGER", "t": "BIGINT"}, sorted({(spell.k, spell.s) for spell in own}))
        known: dict[tuple[int, int], Place] = {}
        for export, records in reversed(down.records):
            at = records.join(sought, on=["k", "t"], how="inner").group_by("k", "t").agg(row=nw.col("rowid").min())
            rows = scratch.rows(at.select("k", "t", "row"))
            causes = _causes(scratch, export, [row for _, _, row in rows])
            known.update({(k, t): (export.place(row), causes.get(row, "")) for k, t, row in rows})
        for spell in own:
            found[spell.request, spell.k, spell.s] = known.get((spell.k, spell.s), ("", ""))
    return found


def _causes(scratch: Scratch, export: Export, rows: Sequence[int]) -> dict[int, str]:
    if not rows or "cause" not in export.source.columns or export.source.shape != "events":
        return {}
    chosen = export.frame.filter(nw.col("rowid").is_in(list(rows))).select("rowid", "r_cause")
    return {row: cause or "" for row, cause in scratch.rows(chosen)}


def _streams(scratch: Scratch, asks: Sequence[Ask]) -> tuple[list[int], list[tuple[Export, Frame, Subjects]]]:
    """The distinct streams of records behind ``asks``, and which of them each ask reads."""
    order: dict[tuple[object, ...], int] = {}
    streams: list[tuple[Export, Frame, Subjects]] = []
    problems: list[Problem] = []
    for ask in asks:
        if _identity(ask) in order:
            continue
        order[_identity(ask)] = len(streams)
        export = ask.exports[0]
        matching = export.matching(ask.where)
        if not export.any(matching) and export.reading.rows:
            problems.append(no_match(export))
        named = subjects(scratch, ask.per, [(export, matching)])
        streams.append((export, named.numbered(export, matching), named))
    if problems:
        raise DataError(problems)
    return [order[_identity(ask)] for ask in asks], streams


def _counts(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    position, streams = _streams(scratch, asks)
    frames = [
        records.select(
            "k",
            g=nw.lit(stream).cast(nw.Int64),
            t=nw.col("r_at"),
            total=_total(export),
            good=_good(export),
        )
        for stream, (export, records, _) in enumerate(streams)
    ]
    live = [index for index, ask in enumerate(asks) if ask.window.lo < _ended(ask)]
    requests = [
        CountRequest(index, position[index], asks[index].window.lo, _ended(asks[index]), index, _width(asks[index]))
        for index in live
    ]
    clocks = {
        index: intervals.clip(asks[index].window.counted, asks[index].window.lo, _ended(asks[index])) for index in live
    }
    tallied = {(each.request, each.k): each for each in count_tallies(scratch, nw.concat(frames), requests, clocks)}
    result: list[list[Answer]] = []
    for index, ask in enumerate(asks):
        width = _width(ask)
        window = ask.window
        expected = expected_slots(clocks[index], window.lo, _ended(ask), width) if width and index in live else 0
        of_ask: list[Answer] = []
        for k, name in enumerate(streams[position[index]][2].names):
            tally = tallied.get((index, k))
            if tally is None:
                of_ask.append(Answer(name, CountTally(0, 0, expected, 0), rows=0))
            else:
                present = tally.present or 0
                of_ask.append(Answer(name, CountTally(tally.total, tally.good, expected, present), rows=tally.rows))
        result.append(of_ask)
    return result


def _ended(ask: Ask) -> int:
    """Where the last interval that has ended ends: while a period runs, the interval under way is not judged."""
    window, width = ask.window, ask.exports[0].source.interval
    if not window.running or not width:
        return window.hi
    return window.hi - (window.hi - window.lo) % width


def _width(ask: Ask) -> int:
    source = ask.exports[0].source
    return 0 if source.absent_rows == "empty" else source.interval or 0


def _total(export: Export) -> nw.Expr:
    return nw.col("r_total") if "total" in export.source.columns else _ONE


def _good(export: Export) -> nw.Expr:
    source = export.source
    if source.good is not None:
        return nw.when(export.matches(source.good)).then(_ONE).otherwise(_NONE)
    if source.bad is not None:
        return nw.when(export.matches(source.bad)).then(_NONE).otherwise(_ONE)
    if "good" in source.columns:
        return nw.col("r_good")
    return nw.col("r_total") - nw.col("r_bad")


def _values(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    position, streams = _streams(scratch, asks)
    frames = [
        records.select("k", g=nw.lit(stream).cast(nw.Int64), t=nw.col("r_at"), v=nw.col("r_value"))
        for stream, (_, records, _) in enumerate(streams)
    ]
    requests = [ValueRequest(index, position[index], ask.window.lo, ask.window.hi) for index, ask in enumerate(asks)]
    tallied = {(each.request, each.k): each for each in value_tallies(scratch, nw.concat(frames), requests)}
    return [
        [_value(name, tallied.get((index, k))) for k, name in enumerate(streams[position[index]][2].names)]
        for index in range(len(asks))
    ]


def _value(name: str, tally: Any) -> Answer:
    if tally is None:
        return Answer(name, ValueTally(0, None, None), rows=0)
    least, greatest = (Fraction(value, 10**SCALE) for value in (tally.least, tally.greatest))
    return Answer(name, ValueTally(tally.count, least, greatest), rows=tally.count)
