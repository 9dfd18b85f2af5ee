"""Records of two exports beside each other: matched by a key or by overlap, and how much they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import FOREVER

Frame = nw.LazyFrame[Any]
Kind = Literal["instant", "number", "text"]


class Compared(NamedTuple):
    """A column that both sides have; of several records of one key the least is compared, of numbers the sum."""

    name: str
    kind: Kind


class Difference(NamedTuple):
    """How many matched records differ in one column, how much more there has in sum, and the greatest distance.

    The last two are microseconds of instants, and 0 of text; where one side alone has no value the record differs.
    """

    name: str
    number: int
    more: int
    most: int


class Shown(NamedTuple):
    """One record, by its key: what each side has in column ``name`` (empty: it is on one side only), and its rows."""

    key: tuple[str, ...]
    name: str
    here: int | str | None
    there: int | str | None
    row_here: int | None
    row_there: int | None


class Matched(NamedTuple):
    """How many keys lie in the stretch on both sides, and on one alone; the differences, and some of the records."""

    both: int
    only_here: int
    only_there: int
    differences: tuple[Difference, ...]
    shown: tuple[Shown, ...]


def by_key(
    scratch: Scratch, here: Frame, there: Frame, keys: Sequence[str], columns: Sequence[Compared], most: int
) -> Matched:
    """Match records (rowid, ``within``, ``keys``, ``columns``) by their keys, where one of the two lies ``within``.

    ``within`` is 1 or 0; an empty cell of a key is a key of its own. Of each kind of difference ``most`` are shown, the
    greatest first, then by key.
    """
    names = [f"key_{index}" for index in range(len(keys))]
    a, b = (scratch.keep(_grouped(frame, keys, names, columns), "side") for frame in (here, there))
    theirs = {name: f"{name}_b" for name in ("rowid", "within", *_values(columns))}
    met = a.join(b.rename(theirs), on=names, how="inner").filter((nw.col("within") == 1) | (nw.col("within_b") == 1))
    met = scratch.keep(met.select(*names, *theirs, *theirs.values()), "met")
    none = nw.lit(0, nw.Int64)
    sums = {"both": nw.len()}
    for index, column in enumerate(columns):
        differs = _differs(index)
        sums[f"n_{index}"] = nw.when(differs).then(nw.lit(1, nw.Int64)).otherwise(none).sum()
        if column.kind != "text":
            more = nw.col(f"c_{index}_b") - nw.col(f"c_{index}")
            sums[f"s_{index}"], sums[f"m_{index}"] = more.sum(), more.abs().max()
    ((both, *found),) = scratch.rows(met.select(**sums))
    told = dict(zip(list(sums)[1:], (int(each or 0) for each in found), strict=True))
    differences = tuple(
        Difference(column.name, told[f"n_{index}"], told.get(f"s_{index}", 0), told.get(f"m_{index}", 0))
        for index, column in enumerate(columns)
    )
    shown: list[Shown] = []
    alone = []
    for at, (one, other) in enumerate(((a, b), (b, a))):
        only = one.filter(nw.col("within") == 1).join(other.select(*names), on=names, how="anti")
        ((number,),) = scratch.rows(only.select(n=nw.len()))
        alone.append(int(number))
        rows = scratch.rows(only.select(*names, "rowid").sort(*names).head(most)) if number else []
        for *key, row in sorted(rows):
            shown.append(Shown(tuple(key), "", None, None, *((row, None) if at == 0 else (None, row))))
    for index, (column, each) in enumerate(zip(columns, differences, strict=True)):
        if each.number:
            less = nw.lit(0, nw.Int64)
            if column.kind != "text":
                less = (nw.col(f"c_{index}_b") - nw.col(f"c_{index}")).abs().fill_null(-1) * -1
            values = (f"c_{index}", f"c_{index}_b", "rowid", "rowid_b")
            rows = scratch.rows(
                met.filter(_differs(index)).select(*names, *values, less=less).sort("less", *names).head(most)
            )
            rows = sorted(rows, key=lambda row: (row[-1], row[: len(names)]))
            shown += [Shown(tuple(row[: len(names)]), column.name, *row[len(names) : -1]) for row in rows]
    return Matched(int(both), alone[0], alone[1], differences, tuple(shown))


def _values(columns: Sequence[Compared]) -> list[str]:
    return [f"c_{index}" for index in range(len(columns))]


def _grouped(frame: Frame, keys: Sequence[str], names: Sequence[str], columns: Sequence[Compared]) -> Frame:
    """One row for each key. Instants among the keys become text, so that every key has one kind."""
    cast = frame.select(
        "rowid",
        "within",
        **{name: nw.col(key).cast(nw.String).fill_null("") for name, key in zip(names, keys, strict=True)},
        **{f"c_{index}": nw.col(column.name) for index, column in enumerate(columns)},
    )
    of: dict[str, nw.Expr] = {}
    values: list[nw.Expr] = []
    for index, column in enumerate(columns):
        name = f"c_{index}"
        of[name] = nw.col(name).sum() if column.kind == "number" else nw.col(name).min()
        # The sum of nothing would be 0.
        of[f"filled_{index}"] = nw.col(name).count()
        values.append(nw.when(nw.col(f"filled_{index}") > 0).then(nw.col(name)).alias(name))
    grouped = cast.group_by(*names).agg(rowid=nw.col("rowid").min(), within=nw.col("within").max(), **of)
    return grouped.select(*names, "rowid", "within", *values)


def _differs(index: int) -> nw.Expr:
    one, other = nw.col(f"c_{index}"), nw.col(f"c_{index}_b")
    return ((one != other) | (one.is_null() != other.is_null())).fill_null(True) & ~(one.is_null() & other.is_null())


def by_overlap(scratch: Scratch, here: Frame, there: Frame, keys: Sequence[str], most: int) -> Matched:
    """Match events (rowid, ``within``, s, e; e null: goes on) of the same ``keys``: those that share any time.

    ``both`` counts the events of here that share time with one of there.
    """
    names = [f"key_{index}" for index in range(len(keys))]
    frames = [
        frame.select(
            "rowid",
            "within",
            "s",
            # An event without length is one all the same.
            e=nw.max_horizontal(nw.col("e").fill_null(FOREVER), nw.col("s") + 1),
            **{name: nw.col(key).cast(nw.String).fill_null("") for name, key in zip(names, keys, strict=True)},
            all=nw.lit(1, nw.Int64),
        )
        for frame in (here, there)
    ]
    shown: list[Shown] = []
    alone = []
    for at, (one, other) in enumerate((frames, frames[::-1])):
        only = scratch.keep(_untouched(one, other, names), "alone")
        ((number,),) = scratch.rows(only.select(n=nw.len()))
        alone.append(int(number))
        rows = scratch.rows(only.select(*names, "s", "rowid").sort("s", *names, "rowid").head(most))
        for *key, start, row in sorted(rows, key=lambda each: (each[-2], each)):
            shown.append(Shown((*key, f"{start}"), "", None, None, *((row, None) if at == 0 else (None, row))))
    ((within,),) = scratch.rows(frames[0].filter(nw.col("within") == 1).select(n=nw.len()))
    return Matched(int(within) - alone[0], alone[0], alone[1], (), tuple(shown))


def _untouched(one: Frame, other: Frame, names: Sequence[str]) -> Frame:
    """The events of ``one`` that lie within and share no time with any of ``other``.

    Of those that begin before an event ends, the last to end must end after it begins: a running maximum answers that
    without comparing pairs.
    """
    nothing = nw.lit(-FOREVER, nw.Int64)
    zero, first = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)
    marks = nw.concat(
        [
            one.select(*names, "all", "rowid", "within", "s", at="e", asks=zero, reach=nothing),
            other.select(*names, "all", "rowid", "within", "s", at="s", asks=first, reach="e"),
        ]
    )
    reached = nw.col("reach").cum_max().over("all", *names, order_by=["at", "asks"])
    return marks.with_columns(reach=reached).filter(
        nw.col("asks") == 0, nw.col("within") == 1, nw.col("reach") <= nw.col("s")
    )
