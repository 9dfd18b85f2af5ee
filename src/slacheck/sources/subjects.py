"""Subjects of an export: the names that a column tells apart, numbered in the order of their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Subjects:
    """``names[k]`` is the subject with number k; one nameless subject where nothing tells subjects apart."""

    column: str | None
    names: tuple[str, ...]
    table: Frame | None

    def numbered(self, export: Export, frame: Frame) -> Frame:
        """``frame`` with the subject's number as ``k``."""
        if self.column is None or self.table is None:
            return frame.with_columns(k=nw.lit(0, nw.Int64))
        name = export.words[self.column]
        return frame.join(self.table, left_on=name, right_on="subject", how="inner")


def subjects(scratch: Scratch, column: str | None, frames: list[tuple[Export, Frame]]) -> Subjects:
    """Every subject that ``frames`` name, sorted, so that numbers do not depend on the order of rows."""
    if column is None:
        return Subjects(None, ("",), None)
    seen: set[str] = set()
    for export, frame in frames:
        found = {name for (name,) in scratch.rows(distinct(frame, export.words[column]))}
        if None in found:
            raise DataError([_nameless(scratch, export, frame, column)])
        seen |= found
    names = tuple(sorted(seen))
    table = scratch.give("subjects", {"subject": "VARCHAR", "k": "BIGINT"}, [(name, k) for k, name in enumerate(names)])
    return Subjects(column, names, table)


def _nameless(scratch: Scratch, export: Export, frame: Frame, column: str) -> Problem:
    empty = frame.filter(nw.col(export.words[column]).is_null()).select(row=nw.col("rowid").min(), rows=nw.len())
    ((row, rows),) = scratch.rows(empty)
    message = f"no value, but 'per' tells subjects apart by it, in {rows} {'row' if rows == 1 else 'rows'}"
    help = "fill it in, or leave such rows out with 'where'"
    return export.reading.problem(row, "missing-cell", message, help, " ".join(export.source.headers(column)))
