"""Down time built: from the exports behind every rule of a run to spells of down, not up and unknown, in few passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import (
    FOREVER,
    SampleFacts,
    Signal,
    event_spells,
    events_standing,
    sample_facts,
    sample_spells,
)
from slacheck.language.conditions import Condition
from slacheck.outages.rule import Outage
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export, no_match
from slacheck.sources.subjects import Subjects, subjects

Frame = nw.LazyFrame[Any]

# Three bits a rule: down, not up, unknown. Twenty rules fill what the engine can test of one integer.
_DOWN, _NOT_UP, _UNKNOWN = 1, 2, 4
_RULES_AT_ONCE = 20


@dataclass(frozen=True)
class Wanted:
    """Down time by one rule, of the records that also satisfy ``where``, told apart by ``per``."""

    exports: tuple[Export, ...]
    rule: Outage
    where: tuple[Condition, ...]
    per: str | None


@dataclass(frozen=True)
class Down:
    """Where the down time of one rule is found: signal ids, subjects, and the records to show as evidence.

    ``not_up`` and ``unknown`` are None for logs of events, where what no record calls down is up; a running period
    with a least length has them, because an outage that is still open may yet last.
    """

    down: int
    not_up: int | None
    unknown: int | None
    subjects: Subjects
    records: tuple[tuple[Export, Frame], ...]
    facts: tuple[SampleFacts, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A record that gave way to one of a log named before its own; instants in microseconds."""

    k: int
    start: int
    end: int
    export: Export
    row: int


@dataclass
class Built:
    """The spells of every rule of a run in one frame (g, k, s, e)."""

    spells: list[Frame] = field(default_factory=list)
    found: dict[int, Down] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        return nw.concat(self.spells)


def build(scratch: Scratch, wanted: Sequence[Wanted], floor: int, until: int, as_of: int) -> Built:
    """Build every rule of ``wanted``; ``found`` of the result is keyed by position.

    Spells end by ``until``; a record of a log that begins at ``as_of`` or later is not known yet and drops no other.
    What is still down at ``as_of`` may turn out to last: at worst it does, so that it counts however short it is now.
    Rules that read the same records of samples share one pass over them. Raises DataError where a state is both up
    and down at one instant, or where no record satisfies a rule's conditions.
    """
    built = Built()
    groups: dict[tuple[object, ...], list[int]] = {}
    events: list[int] = []
    for index, each in enumerate(wanted):
        if each.exports[0].source.shape == "events":
            events.append(index)
            continue
        conditions = str((each.rule.where, each.where))
        groups.setdefault((id(each.exports[0]), conditions, each.per), []).append(index)
    problems: list[Problem] = []
    for members in groups.values():
        for start in range(0, len(members), _RULES_AT_ONCE):
            chosen = members[start : start + _RULES_AT_ONCE]
            problems += _samples(scratch, wanted, chosen, built, floor, until)
    if problems:
        raise DataError(problems)
    if events:
        _events(scratch, wanted, events, built, until, as_of)
    if until == as_of:
        built.spells = [_lasting_on(spells, as_of) for spells in built.spells]
    return built


def _lasting_on(spells: Frame, as_of: int) -> Frame:
    """Spells of not up that reach ``as_of`` without an end: windows clip them, and a least length cannot drop them."""
    open_at_worst = (nw.col("e") == as_of) & (nw.col("g") % 3 == 1)
    end = nw.when(open_at_worst).then(nw.lit(FOREVER)).otherwise(nw.col("e"))
    return spells.select("g", "k", "s", e=end)


def _bits(each: Wanted) -> nw.Expr:
    """0 for up, down and not up for down, not up and unknown for unknown."""
    export = each.exports[0]
    # 64 bits from the start: the engine takes small literals for 32, which the weight of an eleventh rule overflows.
    down, unclear, up = (nw.lit(bits, nw.Int64) for bits in (_DOWN + _NOT_UP, _NOT_UP + _UNKNOWN, 0))
    if each.rule.condition is not None:
        return nw.when(export.matches(each.rule.condition)).then(down).otherwise(up)
    states = export.source.states
    state = nw.col("r_state")
    unknown = nw.when(state.is_in(list(states.unknown))).then(unclear).otherwise(up)
    return nw.when(state.is_in(list(states.down))).then(down).otherwise(unknown if states.unknown else up)


def _samples(
    scratch: Scratch, wanted: Sequence[Wanted], members: list[int], built: Built, floor: int, until: int
) -> Iterator[Problem]:
    first = wanted[members[0]]
    export = first.exports[0]
    matching = export.matching(first.rule.where, *first.where)
    named = subjects(scratch, first.per, [(export, matching)])
    if not named.names or not export.any(matching):
        yield no_match(export)
        return
    records = named.numbered(export, matching)
    bits = nw.lit(0, nw.Int64)
    signals: list[Signal] = []
    base = 3 * len(built.found)
    for position, index in enumerate(members):
        weight = 8**position
        bits = bits + _bits(wanted[index]) * weight
        signals += [
            Signal(base + 3 * position, _DOWN * weight, when_unknown=False),
            Signal(base + 3 * position + 1, _NOT_UP * weight, when_unknown=True),
            Signal(base + 3 * position + 2, _UNKNOWN * weight, when_unknown=True),
        ]
    samples = records.select("k", t=nw.col("r_at"), b=bits)
    found = sample_spells(scratch, samples, signals, export.source.hold, floor, until)
    facts = tuple(sample_facts(scratch, found))
    yield from _conflicts(scratch, export, records, named, facts)
    built.spells.append(found.spells.select("g", "k", "s", "e"))
    shown = records.select("rowid", "k", t=nw.col("r_at"))
    for position, index in enumerate(members):
        ids = base + 3 * position
        built.found[index] = Down(ids, ids + 1, ids + 2, named, ((export, shown),), facts)


def _conflicts(
    scratch: Scratch, export: Export, records: Frame, named: Subjects, facts: Sequence[SampleFacts]
) -> Iterator[Problem]:
    for fact in facts:
        if fact.conflict_at is None:
            continue
        at = records.filter(nw.col("r_at") == fact.conflict_at, nw.col("k") == fact.k)
        rows = [row for (row,) in scratch.rows(at.select("rowid").sort("rowid").head(2))]
        of = f" of '{named.names[fact.k]}'" if named.column else ""
        help = (
            "keep the true one, or say which column tells subjects apart with per: COLUMN"
            if named.column is None
            else "keep the true one"
        )
        yield export.problem(
            rows[-1],
            "at",
            "two-states",
            f"two states{of} at one instant, here and at {export.place(rows[0])}; {fact.conflicts} such instants",
            help,
        )


def _events(
    scratch: Scratch, wanted: Sequence[Wanted], members: list[int], built: Built, until: int, as_of: int
) -> None:
    frames: list[Frame] = []
    first_overrides: list[Frame] = []
    for index in members:
        each = wanted[index]
        matching = [(export, export.matching(each.rule.where, *each.where)) for export in each.exports]
        # A subject whose records are all too slight to be outages was up: it is judged, not forgotten.
        named = subjects(scratch, each.per, [(export, export.matching(*each.where)) for export in each.exports])
        signal = 3 * len(built.found)
        records = tuple((export, named.numbered(export, frame)) for export, frame in matching)
        shown = tuple(
            (export, frame.select("rowid", "k", t=nw.col("r_start"), e=nw.col("r_end"))) for export, frame in records
        )
        if each.per is not None and not named.names and any(export.reading.rows for export in each.exports):
            help = "check the values; a condition on the outage rule, not on the measure, leaves such subjects up"
            raise DataError([no_match(each.exports[0], help)])
        remarks = tuple(
            f"no record of '{export.name}' satisfies the conditions of this level; read as no outage"
            for export, frame in matching
            if (each.rule.where or each.where) and export.reading.rows and not export.any(frame)
        )
        open_ended = until == as_of and each.rule.least > 0
        not_up, unknown = (signal + 1, signal + 2) if open_ended else (None, None)
        built.found[index] = Down(signal, not_up, unknown, named, shown, remarks=remarks)
        for precedence, (_, frame) in enumerate(shown):
            placed = frame.select(
                "k", "e", r=nw.col("rowid"), g=nw.lit(signal), p=nw.lit(precedence), s=nw.col("t")
            ).select(*(nw.col(name).cast(nw.Int64) for name in ("r", "g", "k", "p", "s", "e")))
            # A record without any length is no time: it is down for nobody and overlaps nothing.
            known = placed.filter(nw.col("s") < as_of, nw.col("e").is_null() | (nw.col("e") > nw.col("s")))
            (first_overrides if each.rule.overlapping == "first" else frames).append(known)
    if first_overrides:
        candidates = nw.concat(first_overrides)
        standing = events_standing(scratch, candidates).select("r", "g", "k", "p", "s", "e")
        frames.append(standing)
        _note_dropped(scratch, wanted, members, built, candidates.join(standing, on=["g", "p", "r"], how="anti"), until)
    events = nw.concat(frames).select("g", "k", "s", "e")
    spells = event_spells(scratch, events, until).select("g", "k", "s", "e")
    built.spells.append(spells)
    at_worst = [built.found[index].down for index in members if built.found[index].not_up is not None]
    if at_worst:
        built.spells.append(spells.filter(nw.col("g").is_in(at_worst)).select(g=nw.col("g") + 1, k="k", s="s", e="e"))


def _note_dropped(
    scratch: Scratch, wanted: Sequence[Wanted], members: list[int], built: Built, dropped: Frame, until: int
) -> None:
    """Keep what ``overlapping: first`` dropped: the statement says so, record by record."""
    by_signal: dict[int, list[Dropped]] = {}
    exports = {built.found[index].down: wanted[index].exports for index in members}
    for row, g, k, p, s, e in sorted(scratch.rows(dropped.select("r", "g", "k", "p", "s", "e")), key=str):
        by_signal.setdefault(g, []).append(Dropped(k, s, until if e is None else e, exports[g][p], row))
    for index in members:
        own = sorted(by_signal.get(built.found[index].down, []), key=lambda each: (each.start, each.end, each.row))
        built.found[index] = replace(built.found[index], dropped=tuple(own))
