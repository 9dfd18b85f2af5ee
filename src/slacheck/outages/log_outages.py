"""Outages made of records: which records are one outage, whether it is long enough, and what is taken out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.outage_shapes import edges, same_cause, swept, while_on
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import FOREVER
from slacheck.engine.wide import WIDE, floored
from slacheck.outages.wanted import NOT_UP, Wanted
from slacheck.problems import DataError, Problem

Frame = nw.LazyFrame[Any]

# Pieces of one record, at most; a record has so many numbers of its own.
PIECES = 2**16
_DIGITS = 18
_MOST = 2**62


def parted(
    scratch: Scratch, records: Frame, rules: Mapping[int, Wanted], cuts: Frame | None, open_ended: bool
) -> Frame:
    """Records (g, k, r, s, e, cause, w, n, running) as pieces of outages, with o, the outage that each belongs to.

    Outages that are too short are gone. Where an outage that still runs may yet be long enough (``open_ended``), the
    signal ``g + NOT_UP`` has those that are, and those that may be. ``cuts`` (g, k, r, s, e) is taken out of records,
    after their outage was judged: an outage with a hole is one outage.
    """
    whole = _outages(scratch, records, rules)
    least = scratch.give(
        "least",
        {"g": "BIGINT", "least": "BIGINT"},
        [(number, 0 if each.later else each.rule.least) for number, each in rules.items()],
    )
    judged = scratch.keep(whole.join(_walls(whole), on=["g", "k", "o"], how="inner").join(least, on="g"), "judged")
    enough = nw.col("wall") >= nw.col("least")
    names = ("g", "k", "r", "o", "s", "e", "w", "n")
    kept = judged.filter(enough).select(*names)
    at_worst = [number for number, each in rules.items() if each.rule.least > 0] if open_ended else []
    if at_worst:
        may_last = judged.filter(nw.col("g").is_in(at_worst), enough | (nw.col("still") == 1))
        kept = nw.concat([kept, may_last.select(*names).with_columns(g=nw.col("g") + NOT_UP)])
    if cuts is None:
        return kept.with_columns(r=nw.col("r") * PIECES)
    if at_worst:
        # In integers again: what is added to a signal stays of 64 bits.
        again = cuts.filter(nw.col("g").is_in(at_worst)).with_columns(g=nw.col("g") + NOT_UP)
        cuts = nw.concat([cuts, again])
    return _without(scratch.keep(kept, "whole"), cuts)


def _outages(scratch: Scratch, records: Frame, rules: Mapping[int, Wanted]) -> Frame:
    """Records with o: those of one cause, or those that overlap or touch."""
    within = {
        number: each.rule.same_cause_within for number, each in rules.items() if each.rule.same_cause_within is not None
    }
    names = ("g", "k", "r", "s", "e", "w", "n", "running", "o")
    if not within:
        return _touching(records).select(*names)
    caused = nw.col("g").is_in(sorted(within))
    joined = same_cause(scratch, records.filter(caused), within)
    if len(within) == len(rules):
        return joined.select(*names)
    return nw.concat([joined.select(*names), _touching(records.filter(~caused)).select(*names)])


def _touching(records: Frame) -> Frame:
    order, reach = ["s", "e", "r"], nw.col("reach")
    # Not null: cum_max answers null in a row that is null itself.
    nothing = nw.lit(-FOREVER, nw.Int64)
    return (
        records.with_columns(reach=nw.col("e").cum_max().over("g", "k", order_by=order))
        .with_columns(reach=reach.shift(1).over("g", "k", order_by=order).fill_null(-FOREVER))
        .with_columns(o=nw.when(nw.col("s") > reach).then(nw.col("s")).otherwise(nothing))
        .with_columns(o=nw.col("o").cum_max().over("g", "k", order_by=order))
    )


def _walls(records: Frame) -> Frame:
    """The united length of each outage, and whether it still runs."""
    keys = ("g", "k", "o")
    on = while_on(swept(edges(records, keys, nw.lit(1)), keys), keys, nw.col("level") >= 1)
    walls = on.group_by(*keys).agg(wall=(nw.col("e") - nw.col("s")).sum())
    still = records.group_by(*keys).agg(still=nw.col("running").max())
    return walls.join(still, on=list(keys), how="inner").select(
        *keys, wall=nw.col("wall").cast(nw.Int64), still="still"
    )


def _without(records: Frame, cuts: Frame) -> Frame:
    """Records less what is taken out of them: as many pieces as are left, each with a number of its own."""
    keys = ("g", "k", "r")
    has = distinct(cuts, *keys)
    touched = records.join(has, on=list(keys), how="semi")
    # Less than nothing where time is taken out, however often.
    marks = nw.concat([edges(touched, keys, nw.lit(1)), edges(cuts, keys, nw.lit(-2))])
    left = while_on(swept(marks, keys), keys, nw.col("level") == 1)
    pieces = (
        touched.drop("s", "e")
        .join(left, on=list(keys), how="inner")
        .with_columns(piece=nw.col("s").cum_count().over(*keys, order_by="s"))
        .with_columns(r=nw.col("r") * PIECES + nw.col("piece"))
    )
    names = ("g", "k", "r", "o", "s", "e", "w", "n")
    untouched = records.join(has, on=list(keys), how="anti").with_columns(r=nw.col("r") * PIECES)
    return nw.concat([_integers(untouched, names), _integers(pieces, names)])


def _integers(frame: Frame, names: tuple[str, ...]) -> Frame:
    wide = ("w", "n")
    return frame.select(*(nw.col(name).cast(WIDE if name in wide else nw.Int64) for name in names))


def in_whole_numbers(scratch: Scratch, pieces: Frame, worth: Mapping[int, tuple[int, int]]) -> Frame:
    """The pieces (g, k, r, o, s, e, w, n) of weighed rules with whole numbers whose ratio is the same; a stored table.

    ``w`` and ``n`` come in units of 10**-18: both are divided by the greatest power of ten that leaves every number of
    their rule whole. ``worth`` is what their units make of the ratio. Raises ValueError through ``DataError`` where a
    number has more digits than can be multiplied.
    """
    sums = {}
    for digits in range(_DIGITS):
        # How many numbers are not whole when the last ``digits`` digits are kept only.
        rest = [nw.col(name) % 10 ** (_DIGITS - digits) != 0 for name in ("w", "n")]
        odd = nw.when(rest[0] | rest[1]).then(nw.lit(1)).otherwise(nw.lit(0))
        sums[f"d{digits}"] = odd.sum()
    signals = scratch.rows(pieces.group_by("g").agg(**sums).select("g", *sums))
    rows = []
    for g, *counts in signals:
        digits = next((place for place, number in enumerate(counts) if number == 0), _DIGITS)
        times = worth.get(g, worth.get(g - NOT_UP, (1, 1)))
        rows.append((g, 10 ** (_DIGITS - digits), *times))
    table = scratch.give("units", dict.fromkeys(("g", "unit", "up", "below"), "BIGINT"), rows)
    unit = nw.col("unit").cast(WIDE)

    def in_units(name: str, by: str) -> nw.Expr:
        return floored(nw.col(name), unit) * nw.col(by).cast(WIDE)

    def beyond_units(name: str) -> nw.Expr:
        """More than can be divided: ``unit`` is at most 10**18. A number that is missing is told elsewhere."""
        return (nw.col(name) > unit * _MOST) | (nw.col(name) < unit * -_MOST)

    fits = ~(beyond_units("w") | beyond_units("n")).fill_null(False)
    joined = pieces.join(table, on="g", how="inner").with_columns(fits=fits)
    whole = {name: nw.when(nw.col("fits")).then(in_units(name, by)) for name, by in (("w", "up"), ("n", "below"))}
    wide = scratch.keep(joined.with_columns(**whole), "wide_weights")
    w, n = nw.col("w"), nw.col("n")
    too_wide = ~nw.col("fits") | (w > _MOST) | (n > _MOST) | (w < -_MOST)
    ((beyond,),) = scratch.rows(wide.filter(too_wide).select(rows=nw.len()))
    if beyond:
        raise DataError(
            [
                Problem(
                    "weight",
                    code="too-many-digits",
                    message=f"not weighed: the numbers affected have too many digits in {beyond} records",
                    help="round them in the export",
                )
            ]
        )
    names = ("g", "k", "r", "o", "s", "e", "w", "n")
    return wide.select(*(nw.col(name).cast(nw.Int64) for name in names))
