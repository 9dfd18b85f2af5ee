"""Down time from counts: intervals whose share of bad requests is too high."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.slots import Empty, Operator, SlotRule, slot_spells
from slacheck.outages.members import cut, members, refuse_cuts, together
from slacheck.outages.wanted import NOT_UP, SKIPPED, STRIDE, UNKNOWN, Built, Down, Wanted
from slacheck.problems import DataError
from slacheck.sources.exempt import without
from slacheck.sources.opening import Export, no_match

_NONE, _ONE = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)
_EMPTY: dict[str, Empty] = {"good": "up", "bad": "down", "skip": "skip", "missing": "unknown"}
_OPERATOR: dict[str, Operator] = {">": ">", ">=": ">="}


def build(
    scratch: Scratch,
    wanted: Sequence[Wanted],
    chosen: Sequence[int],
    built: Built,
    floor: int,
    until: int,
    as_of: int,
) -> None:
    """Build the rules ``chosen``, which read the same counts told apart in the same way.

    A row whose interval has not ended by ``as_of`` is not known yet. Raises DataError where no row satisfies the
    conditions.
    """
    first = wanted[chosen[0]]
    export = first.exports[0]
    of = first.rule.quorum.column if first.rule.quorum else None
    for index in chosen:
        refuse_cuts(export, wanted[index].cuts, (first.per, of))
    matching = without(scratch, export, export.matching(first.rule.where, *first.where), first.exempt)
    if not export.any(matching) and export.reading.rows:
        raise DataError([no_match(export)])
    whose = members(scratch, first.per, of, export, matching)
    records = whose.numbered(export, matching)
    width = export.source.width
    known = records.filter(nw.col("r_at") <= as_of - width if width else nw.col("r_at") < as_of)
    counts = known.select("k", g=nw.lit(0, nw.Int64), t=nw.col("r_at"), total=total(export), good=good(export))
    numbers = [built.signal() for _ in chosen]
    rules = [_rule(wanted[index], number) for index, number in zip(chosen, numbers, strict=True)]
    spells = slot_spells(scratch, counts, rules, floor, until, {0: len(whose.names)}).select("g", "k", "s", "e")
    if any(wanted[index].cuts for index in chosen):
        of_signal = {
            number + each: wanted[index].cuts
            for index, number in zip(chosen, numbers, strict=True)
            for each in range(STRIDE)
        }
        spells = cut(scratch, spells, whose, of_signal)
    shown = records.select("rowid", "k", t=nw.col("r_at"))
    if whose.groups is not None:
        least = {
            number: quorum.least
            for index, number in zip(chosen, numbers, strict=True)
            if (quorum := wanted[index].rule.quorum)
        }
        spells = together(scratch, spells, whose, least)
        shown = shown.join(whose.groups, on="k", how="inner").select("rowid", "t", k="m")
    built.spells.append(spells)
    for index, number in zip(chosen, numbers, strict=True):
        each = wanted[index]
        built.found[index] = Down(
            number,
            number + NOT_UP,
            number + UNKNOWN,
            whose.group_names,
            ((export, shown),),
            least=0 if each.later else each.rule.least,
            skipped=number + SKIPPED if each.empty == "skip" else None,
            outages=each.as_outages,
        )
        if each.as_outages:
            down = spells.filter(nw.col("g").is_in([number, number + NOT_UP]))
            built.pieces.append(down.with_columns(o=nw.col("s")).select("g", "k", "o", "s", "e"))


def _rule(each: Wanted, number: int) -> SlotRule:
    bad, source = each.rule.bad_intervals, each.exports[0].source
    assert bad is not None
    bound = bad.bad_share.bounds[0]
    return SlotRule(
        stream=0,
        each=bad.each,
        origin=each.origin,
        row_width=source.width,
        share=bound.value,
        operator=_OPERATOR[bound.operator],
        empty=_EMPTY[each.empty or "missing"],
        absent=source.absent_rows,
        down=number,
        not_up=number + NOT_UP,
        unknown=number + UNKNOWN,
        skipped=number + SKIPPED,
        minimum=bad.minimum,
    )


def total(export: Export) -> nw.Expr:
    """All requests of a row."""
    return nw.col("r_total") if "total" in export.source.columns else _ONE


def good(export: Export) -> nw.Expr:
    """The good requests of a row."""
    source = export.source
    if source.good is not None:
        return nw.when(export.matches(source.good)).then(_ONE).otherwise(_NONE)
    if source.bad is not None:
        return nw.when(export.matches(source.bad)).then(_NONE).otherwise(_ONE)
    if "good" in source.columns:
        return nw.col("r_good")
    return nw.col("r_total") - nw.col("r_bad")
