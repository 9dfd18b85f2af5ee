"""What is odd about the instants of cases: a last one before the first is for the statement, no reason to stop."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.sources.opening import Export

_SHOWN = 5


@dataclass(frozen=True)
class Disorder:
    """How many records have their second instant before the first, and the places of some, in the order of rows."""

    rows: int
    places: tuple[str, ...]


def order_of(scratch: Scratch, export: Export, first: str, last: str) -> Disorder:
    """The records of ``export`` in which the instants ``first`` and ``last`` both stand and ``last`` is the earlier."""
    early, late = nw.col(export.instants[first]), nw.col(export.instants[last])
    wrong = export.frame.filter(late < early)
    ((rows,),) = scratch.rows(wrong.select(rows=nw.len()))
    shown = scratch.rows(wrong.select("rowid").sort("rowid").head(_SHOWN)) if rows else []
    return Disorder(rows, tuple(export.place(row) for (row,) in shown))
