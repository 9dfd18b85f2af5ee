"""Down time from samples: states that hold from one to the next, or values that satisfy a condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import Alike, SampleFacts, Signal, sample_facts, sample_spells
from slacheck.language.conditions import Condition
from slacheck.outages.members import Members, cut, members, refuse_cuts, together
from slacheck.outages.wanted import ALIKE, NOT_UP, STRIDE, UNKNOWN, Built, Down, Seen, Wanted
from slacheck.problems import Problem
from slacheck.sources.columns import state_words
from slacheck.sources.exempt import without
from slacheck.sources.opening import Export, no_match

Frame = nw.LazyFrame[Any]

# Three bits a rule: down, not up, unknown. Twenty rules fill what the engine can test of one integer.
_DOWN, _NOT_UP, _UNKNOWN = 1, 2, 4
RULES_AT_ONCE = 20


def shared(each: Wanted) -> tuple[object, ...]:
    """What rules over samples or counts have in common that one pass over them can answer."""
    return (*shared_by_all(each), str(_conditions(each)[0]))


def shared_by_all(each: Wanted) -> tuple[object, ...]:
    """The same of samples, whichever subjects a rule is for: many customers may share one export."""
    quorum = each.rule.quorum.column if each.rule.quorum else None
    return (id(each.exports[0]), str(_conditions(each)[1]), each.per, quorum, each.exempt)


def _conditions(each: Wanted) -> tuple[list[Condition], list[Condition]]:
    """The conditions that choose subjects by their names, and all others."""
    every = [condition for condition in (each.rule.where, *each.where) if condition is not None]
    if each.per is None or each.rule.quorum or each.cuts or each.exempt:
        return [], every
    of_names = [each for each in every if not {*each.compared()}]
    of_names = [condition for condition in of_names if {*condition.columns()} == {each.per}]
    return of_names, [condition for condition in every if condition not in of_names]


def _kind(each: Wanted) -> str:
    """Rules that are of one kind call the same samples down, and share their signals."""
    apart = id(each) if each.rule.quorum or each.cuts else 0
    return f"{each.rule.condition} {apart}"


def passes(wanted: Sequence[Wanted], members: Sequence[int]) -> Iterator[list[int]]:
    """Those of ``members`` that one pass can build: as many as have no more than so many kinds."""
    kinds: dict[str, list[int]] = {}
    for index in members:
        kinds.setdefault(_kind(wanted[index]), []).append(index)
    groups = list(kinds.values())
    for start in range(0, len(groups), RULES_AT_ONCE):
        yield [index for group in groups[start : start + RULES_AT_ONCE] for index in group]


def build(
    scratch: Scratch,
    wanted: Sequence[Wanted],
    chosen: Sequence[int],
    built: Built,
    floor: int,
    until: int,
    edges: Sequence[int] = (),
) -> Iterator[Problem]:
    """Build the rules ``chosen``, which share one pass; yields states that contradict each other.

    Samples are counted between ``edges``, those of the windows that are asked for.
    """
    first = wanted[chosen[0]]
    export = first.exports[0]
    of = first.rule.quorum.column if first.rule.quorum else None
    for index in chosen:
        refuse_cuts(export, wanted[index].cuts, (first.per, of))
    matching = without(scratch, export, export.matching(*_conditions(first)[1]), first.exempt)
    whose = members(scratch, first.per, of, export, matching)
    only = {index: _only(wanted[index], whose) for index in chosen}
    if not whose.names or not export.any(matching) or any(ks == () for ks in only.values()):
        yield no_match(export)
        return
    lacking = [*_lacking(export, [wanted[index] for index in chosen])]
    if lacking:
        yield from lacking
        return
    records = whose.numbered(export, matching)
    asked_for = {k for ks in only.values() for k in (range(len(whose.names)) if ks is None else ks)}
    if len(asked_for) < len(whose.names):
        table = scratch.give("asked_for", {"k": "BIGINT"}, [(k,) for k in sorted(asked_for)])
        records = records.join(table, on="k", how="semi")
    bits = nw.lit(0, nw.Int64)
    signals: list[Signal] = []
    of_kind: dict[str, int] = {}
    numbers = []
    for index in chosen:
        kind = _kind(wanted[index])
        if kind in of_kind:
            numbers.append(of_kind[kind])
            continue
        weight, number = 8 ** len(of_kind), built.signal()
        of_kind[kind] = number
        numbers.append(number)
        bits = bits + _bits(wanted[index]) * weight
        signals += [
            Signal(number, _DOWN * weight, when_unknown=False),
            Signal(number + NOT_UP, _NOT_UP * weight, when_unknown=True),
            Signal(number + UNKNOWN, _UNKNOWN * weight, when_unknown=True),
        ]
    ends: Frame | None = None
    if "until" in export.source.columns:
        unclear = nw.lit(sum((_NOT_UP + _UNKNOWN) * 8**position for position in range(len(of_kind))), nw.Int64)
        # A state of no length is none.
        bits = nw.when(nw.col("r_until") == nw.col("r_at")).then(unclear).otherwise(bits)
        ends = _own_ends(records, unclear)
    records = records.with_columns(state_bits=bits)
    samples = records.select("k", t=nw.col("r_at"), b="state_bits")
    # Where spells are only added up, those of down that are not up alike need not stand there twice.
    whole_ones = whose.groups is not None or any(wanted[index].as_outages for index in chosen)
    alike = [] if whole_ones else [Alike(n + ALIKE, n, n + NOT_UP, n + UNKNOWN) for n in of_kind.values()]
    found = sample_spells(scratch, samples, signals, export.source.held, floor, until, ends, edges, alike)
    facts = tuple(sample_facts(scratch, found))
    yield from _conflicts(scratch, export, records, whose, facts)
    spells = found.spells.select("g", "k", "s", "e")
    if any(wanted[index].cuts for index in chosen):
        spells = cut(
            scratch,
            spells,
            whose,
            {
                number + each: wanted[index].cuts
                for index, number in zip(chosen, numbers, strict=True)
                for each in range(STRIDE)
            },
        )
    shown = records.select("rowid", "k", t=nw.col("r_at"))
    if whose.groups is not None:
        least = {
            number: quorum.least
            for index, number in zip(chosen, numbers, strict=True)
            if (quorum := wanted[index].rule.quorum)
        }
        spells = together(scratch, spells, whose, least)
        shown = shown.join(whose.groups, on="k", how="inner").select("rowid", "t", k="m")
        facts = _of_groups(scratch, whose, facts)
    built.spells.append(spells)
    shown_by = ((export, shown),)
    whole: set[int] = set()
    unknown = None if ends is None else numbers[0] + UNKNOWN
    for index, number in zip(chosen, numbers, strict=True):
        each = wanted[index]
        built.found[index] = Down(
            number,
            number + NOT_UP,
            number + UNKNOWN,
            whose.group_names,
            shown_by,
            least=0 if each.later else each.rule.least,
            outages=each.as_outages,
            facts=facts,
            seen=Seen(found, whose.names, unknown, only[index]),
            only=only[index],
            alike=number + ALIKE if alike else None,
        )
        if each.as_outages and number not in whole:
            whole.add(number)
            down = spells.filter(nw.col("g").is_in([number, number + NOT_UP]))
            built.pieces.append(down.with_columns(o=nw.col("s")).select("g", "k", "o", "s", "e"))


def _only(each: Wanted, whose: Members) -> tuple[int, ...] | None:
    """The subjects that the conditions on names leave; None where there are no such conditions."""
    of_names = _conditions(each)[0]
    if not of_names:
        return None
    return tuple(k for k, name in enumerate(whose.names) if all(condition.of_word(name) for condition in of_names))


def _of_groups(scratch: Scratch, whose: Members, facts: Sequence[SampleFacts]) -> tuple[SampleFacts, ...]:
    """The facts of members added up for their groups."""
    assert whose.groups is not None
    of = dict(scratch.rows(whose.groups.select("k", "m")))
    found: dict[int, SampleFacts] = {}
    for fact in facts:
        k = of[fact.k]
        before = found.get(k)
        found[k] = replace(fact, k=k) if before is None else replace(before, within=before.within + fact.within)
    return tuple(found[k] for k in sorted(found))


def _own_ends(records: Frame, unclear: nw.Expr) -> Frame:
    """The ends (k, t, b) of samples that have one and are followed by no other sample until then: from there on
    nothing is known."""
    begins, ends = nw.col("r_at"), nw.col("r_until")
    following = records.with_columns(r_next=begins.shift(-1).over("k", order_by=["r_at", "rowid"]))
    alone = following.filter(ends > begins, nw.col("r_next").is_null() | (nw.col("r_next") > ends))
    return alone.select("k", t=ends, b=unclear)


def _lacking(export: Export, rules: Sequence[Wanted]) -> Iterator[Problem]:
    """What an export of a preset turned out not to have."""
    if all(each.rule.condition is not None for each in rules) or "state" in export.source.columns:
        if not export.source.holds:
            message = f"the samples '{export.name}' do not say how long a state holds"
            help = "write hold: 2m on the source, a little over the interval of the samples"
            yield Problem(export.files[0].label, code="hold", message=message, help=help)
        return
    message = f"the samples '{export.name}' have no column for 'state'"
    yield Problem(export.files[0].label, code="shape", message=message, help="say 'when' time is down on the outage")


def _bits(each: Wanted) -> nw.Expr:
    """0 for up, down and not up for down, not up and unknown for unknown."""
    export = each.exports[0]
    # 64 bits from the start: the engine takes small literals for 32, which the weight of an eleventh rule overflows.
    down, unclear, up = (nw.lit(bits, nw.Int64) for bits in (_DOWN + _NOT_UP, _NOT_UP + _UNKNOWN, 0))
    empty = export.source.empty_values == "unknown"
    if each.rule.condition is not None:
        matched = nw.when(export.matches(each.rule.condition)).then(down).otherwise(up)
        cells = [nw.col(export.numbers[word]).is_null() for word in sorted({*each.rule.condition.compared()})]
        if not empty or not cells:
            return matched
        return nw.when(nw.any_horizontal(*cells, ignore_nulls=False)).then(unclear).otherwise(matched)
    states, number = export.source.states, {word: place for place, word in enumerate(state_words(export.source))}
    state = nw.col("r_state")
    unsaid = state.is_in([number[word] for word in states.unknown])
    unsaid = unsaid | state.is_null() if empty else unsaid
    is_down = state.is_in([number[word] for word in states.down])
    unknown = nw.when(unsaid).then(unclear).otherwise(up)
    return nw.when(is_down).then(down).otherwise(unknown if states.unknown or empty else up)


def _conflicts(
    scratch: Scratch, export: Export, records: Frame, whose: Members, facts: Sequence[SampleFacts]
) -> Iterator[Problem]:
    for fact in facts:
        if fact.conflict_at is None:
            continue
        at = records.filter(nw.col("r_at") == fact.conflict_at, nw.col("k") == fact.k)
        # The first record of each state: two that disagree.
        first = at.group_by("state_bits").agg(row=nw.col("rowid").min())
        rows = sorted(row for (row,) in scratch.rows(first.select("row")))[:2]
        of = f" of '{whose.names[fact.k]}'" if whose.keys else ""
        help = (
            "keep the true one"
            if whose.keys
            else "keep the true one, or say which column tells subjects apart with per: COLUMN"
        )
        yield export.problem(
            rows[-1],
            "at",
            "two-states",
            f"two states{of} at one instant, here and at {export.place(rows[0])}; {fact.conflicts} such instants",
            help,
        )
