"""Records that stand in an export more than once: which they are, and the last of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from slacheck.engine.reading import Reading
from slacheck.engine.scratch import Scratch
from slacheck.problems import Problem

Frame = nw.LazyFrame[Any]

_SHOWN = 5


def last_of_each(scratch: Scratch, reading: Reading, column: str) -> tuple[Frame, int]:
    """The last row, in the order of the files and their rows, of each value of ``column``, and how many rows are not.

    Rows without a value stand for nothing else; they are unreadable anyway.
    """
    frame = reading.frame.filter(~nw.col(column).is_null())
    last = scratch.keep(frame.group_by(column).agg(last=nw.col("rowid").max()).select("last"), "last")
    ((rows,),) = scratch.rows(last.select(rows=nw.len()))
    ((every,),) = scratch.rows(frame.select(rows=nw.len())) if rows < reading.rows else ((rows,),)
    if rows == every:
        return frame, 0
    return scratch.keep(frame.join(last, left_on="rowid", right_on="last", how="semi"), "last"), every - rows


def repeated(
    scratch: Scratch, reading: Reading, frame: Frame, columns: Sequence[str], field: str, told: Repeated
) -> Iterator[Problem]:
    """One problem per value of ``columns`` that several rows have, naming the first two; then how many there are."""
    rowid = nw.col("rowid")
    groups = frame.group_by(*columns).agg(first=rowid.min(), rows=nw.len()).filter(nw.col("rows") > 1)
    shown = scratch.keep(groups.sort("first").head(_SHOWN), "repeats")
    pairs = (
        frame.select("rowid", *columns)
        .join(shown, on=list(columns), how="inner")
        .filter(rowid != nw.col("first"))
        .group_by(*columns, "first", "rows")
        .agg(again=rowid.min())
        .select("first", "again", "rows", *columns)
        .sort("first")
    )
    found = scratch.rows(pairs)
    for first, again, rows, *value in found:
        yield told.problem(reading, field, (first, again), rows, value)
    if len(found) == _SHOWN:
        ((values,),) = scratch.rows(groups.select(values=nw.len()))
        if values > _SHOWN:
            yield Problem(
                reading.files[0].label,
                code=told.code,
                message=f"{values} {told.many} stand in more than one row; {_SHOWN} are shown",
                help=told.help,
            )


class Repeated:
    """How a repetition is told: ``message`` holds ``{value}``; ``many`` names several of them."""

    def __init__(self, code: str, message: str, many: str, help: str) -> None:
        self.code = code
        self.message = message
        self.many = many
        self.help = help

    def problem(
        self, reading: Reading, field: str, pair: tuple[int, int], rows: int, value: Sequence[object]
    ) -> Problem:
        (label, _), (other, number) = reading.place(pair[1]), reading.place(pair[0])
        shown = ", ".join(str(part) for part in value if isinstance(part, str))
        before = f"row {number}" if other == label else f"{other}, row {number}"
        message = self.message.format(value=shown, before=before)
        if rows > 2:
            message += f"; {rows} rows in all"
        return reading.problem(pair[1], self.code, message, self.help, field)
