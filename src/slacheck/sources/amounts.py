"""Amounts of money that a register holds, added up per key in many stretches at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export

Frame = nw.LazyFrame[Any]

SHOWN = 3
"""So many rows of a sum are named."""


class Wanted(NamedTuple):
    """The amounts of the column ``word`` in ``[lo, hi)``, microseconds UTC.

    Of a register with ``at`` the rows of that stretch are added, of one with ``valid_from`` the row in force just
    before ``hi`` counts; of an undated one every row.
    """

    word: str
    lo: int
    hi: int


class Billed(NamedTuple):
    """The amounts of one key: its ``cells``, the sum in parts of 10**-SCALE, how many rows it is of, the first of them
    in their order, and the first whose cell is empty."""

    cells: tuple[str | None, ...]
    parts: int
    rows: int
    first: tuple[int, ...]
    empty: int | None

    @property
    def total(self) -> Fraction:
        return Fraction(self.parts, 10**SCALE)


def amounts(
    scratch: Scratch, register: Export, facts: Sequence[str], wanted: Sequence[Wanted]
) -> dict[Wanted, list[Billed]]:
    """What the rows of every key come to, for everything ``wanted``, in one query.

    Rows are told apart by the key and by ``facts``, further columns read as text. Raises DataError where two rows of a
    dated register without a key are in force at once.
    """
    each = list(dict.fromkeys(wanted))
    found: dict[Wanted, list[Billed]] = {one: [] for one in each}
    if not each:
        return found
    names = [f"k{index}" for index in range(len(register.source.key) + len(facts))]
    rows = _rows(scratch, register, facts, names, each)
    if "valid_from" in register.source.columns:
        latest = nw.col("t").max().over("wanted", *names[: len(register.source.key)])
        rows = rows.with_columns(latest=latest).filter(nw.col("t") == nw.col("latest"))
    number = nw.col("one").cum_sum().over("wanted", *names, order_by="rowid")
    value, rowid = nw.col("value"), nw.col("rowid")
    placed = rows.with_columns(number=number).with_columns(
        second=nw.when(nw.col("number") == 2).then(rowid),
        third=nw.when(nw.col("number") == 3).then(rowid),
        empty=nw.when(value.is_null()).then(rowid),
    )
    summed = placed.group_by("wanted", *names).agg(
        total=value.cast(nw.Decimal(38, 0)).sum(),
        rows=nw.len(),
        first=rowid.min(),
        second=nw.col("second").min(),
        third=nw.col("third").min(),
        empty=nw.col("empty").min(),
    )
    columns = ["wanted", *names, "total", "rows", "first", "second", "third", "empty"]
    for number_of, *rest in scratch.rows(summed.select(*columns).sort("wanted", "first")):
        *cells, total, count, first, second, third, empty = rest
        places = tuple(place for place in (first, second, third) if place is not None)
        found[each[number_of]].append(Billed(tuple(cells), int(total or 0), count, places, empty))
    if "valid_from" in register.source.columns and not register.source.key:
        _once(register, found)
    return found


def _rows(
    scratch: Scratch, register: Export, facts: Sequence[str], names: Sequence[str], wanted: Sequence[Wanted]
) -> Frame:
    """The rows that each of ``wanted`` may read: ``wanted`` (its number), ``rowid``, ``value``, ``t``, the cells."""
    source = register.source
    word = {word: index for index, word in enumerate(dict.fromkeys(each.word for each in wanted))}
    asked = scratch.give(
        "wanted",
        {"wanted": "BIGINT", "word": "BIGINT", "lo": "BIGINT", "hi": "BIGINT"},
        [(index, word[each.word], each.lo, each.hi) for index, each in enumerate(wanted)],
    )
    cells = {name: nw.col(register.words[each]) for name, each in zip(names, (*source.key, *facts), strict=True)}
    dated = next((role for role in ("at", "valid_from") if role in source.columns), None)
    t = nw.col(f"r_{dated}") if dated else nw.lit(0, nw.Int64)
    columns = [
        register.frame.select(
            "rowid",
            **cells,
            value=nw.col(register.numbers[each]),
            t=t,
            word=nw.lit(index, nw.Int64),
            one=nw.lit(1, nw.Int64),
        )
        for each, index in word.items()
    ]
    rows = nw.concat(columns, how="vertical").join(asked, on="word", how="inner")
    if dated == "at":
        rows = rows.filter(nw.col("t") >= nw.col("lo"))
    return rows.filter(nw.col("t") < nw.col("hi")) if dated else rows


def _once(register: Export, found: dict[Wanted, list[Billed]]) -> None:
    for billed in found.values():
        first, *again = sorted(row for each in billed for row in each.first) or [0]
        if again:
            message = f"'{register.name}' has no key, and {register.place(first)} holds from the same instant"
            help = "name the column that tells its rows apart: key: COLUMN"
            raise DataError([register.reading.problem(again[0], "two-rows", message, help)])
