"""The rows of an export that cannot be used: an error, or skipped and listed as far as the agreement lets them be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine import bad_cells
from slacheck.engine.distinct import distinct
from slacheck.engine.reading import Reading
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources.budget import Budget

Frame = nw.LazyFrame[Any]

LISTED = 100
"""So many rows that were skipped are kept with their reasons."""
_SHOWN = 5


@dataclass(frozen=True)
class Wrong:
    """Rows that are wrong for one reason. ``rows`` has their ``rowid``, ``field`` is the header of what is wrong.

    Where ``cell`` names a column of ``rows``, the message holds ``{cell}``. ``grouped`` tells the first row of each
    cell, and how many rows have it, instead of the first rows.
    """

    rows: Frame
    field: str
    code: str
    message: str
    help: str = ""
    cell: str = ""
    grouped: bool = False


class BadRows:
    """The bad rows of one reading, found step by step; ``count`` is how many were skipped."""

    def __init__(self, scratch: Scratch, name: str, budget: Budget | None, reading: Reading) -> None:
        self._scratch = scratch
        self._name = name
        self._budget = budget
        self._reading = reading
        self._listed = [each for part in reading.parts for each in part.dropped.problems]
        self.count = 0
        if reading.dropped:
            self._spend(reading.dropped, list)

    def problems(self) -> tuple[Problem, ...]:
        """The first of the rows that were skipped, each with what is wrong with it, in the order of the files."""
        order = {file.label: index for index, file in enumerate(self._reading.files)}
        found = sorted(self._listed, key=lambda each: (order[each.path], each.row))
        return tuple(found[:LISTED])

    def unreadable(self, kept: Frame) -> Frame:
        """``kept`` without the rows that have a cell which cannot be read. Raises DataError for more than may be."""
        if self._budget is None:
            if problems := bad_cells.problems(self._scratch, self._reading):
                raise DataError(problems)
            return kept
        bad = nw.col("bad") != 0
        ((rows,),) = self._scratch.rows(self._reading.frame.filter(bad).select(rows=nw.len()))
        if not rows:
            return kept
        self._spend(rows, lambda: bad_cells.problems(self._scratch, self._reading))
        self._listed += bad_cells.problems(self._scratch, self._reading, LISTED, summed=False)
        return kept.filter(~bad)

    def wrong(self, frame: Frame, reasons: Sequence[Wrong]) -> tuple[Frame, list[Problem]]:
        """``frame`` without the rows that are wrong, or all of it and what is wrong where none may be skipped.

        Raises DataError for more than may be skipped.
        """
        if self._budget is None:
            return frame, [problem for each in reasons for problem in self._told(each)]
        if not reasons:
            return frame, []
        every = self._scratch.keep(
            distinct(nw.concat([each.rows.select("rowid") for each in reasons]), "rowid"), "skipped"
        )
        ((rows,),) = self._scratch.rows(every.select(rows=nw.len()))
        if not rows:
            return frame, []
        self._spend(rows, lambda: [problem for each in reasons for problem in self._told(each)])
        self._listed += [problem for each in reasons for problem in self._first(each, LISTED)]
        return frame.join(every, on="rowid", how="anti"), []

    def _spend(self, rows: int, told: Callable[[], list[Problem]]) -> None:
        assert self._budget is not None
        self.count += rows
        read = self._reading.rows + self._reading.dropped
        most = self._budget.most(read)
        if self.count <= most:
            return
        allowed = f"{most:,}, {self._budget.text.removeprefix('skip at most ')} of them" if self._budget.share else most
        message = f"{self.count:,} of {read:,} rows of '{self._name}' are bad; on_bad_row skips at most {allowed}"
        label = self._reading.files[0].label
        raise DataError([*self._listed[:_SHOWN], *told(), Problem(label, code="bad-rows", message=message)])

    def _told(self, wrong: Wrong) -> list[Problem]:
        if not wrong.grouped:
            return self._first(wrong, _SHOWN)
        groups = wrong.rows.group_by(wrong.cell).agg(row=nw.col("rowid").min(), rows=nw.len())
        found = self._scratch.rows(groups.select(wrong.cell, "row", "rows").sort("row").head(_SHOWN))
        return [
            self._problem(wrong, row, cell, f", in {rows} {'row' if rows == 1 else 'rows'}")
            for cell, row, rows in found
        ]

    def _first(self, wrong: Wrong, most: int) -> list[Problem]:
        columns = ["rowid", wrong.cell] if wrong.cell else ["rowid"]
        found = self._scratch.rows(wrong.rows.select(*columns).sort("rowid").head(most))
        return [self._problem(wrong, row, *cell) for row, *cell in found]

    def _problem(self, wrong: Wrong, row: int, cell: str | None = None, more: str = "") -> Problem:
        message = wrong.message.replace("{cell}", cell or "") + more
        return self._reading.problem(row, wrong.code, message, wrong.help, wrong.field, cell)
