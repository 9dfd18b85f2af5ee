"""Time that was down, up or unknown: the answers of every measure that reads an outage rule, in few passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import TimeRequest, WorstSpell, counted_spells, time_tallies, worst_spells
from slacheck.measures.asking import Answer, Ask, Stretch
from slacheck.measures.measure import TimeTally
from slacheck.outages.building import Down, Wanted, build
from slacheck.sources.opening import Export
from slacheck.timeline import intervals
from slacheck.timeline.windows import Window

WORST_SHOWN = 20


def answer(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
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
