"""How the rows of an export follow each other in their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import placed

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Steps:
    """The steps from a row to the next one of the same file: how many go to a later instant, how many to an earlier."""

    later: int
    earlier: int

    @property
    def newest_first(self) -> bool:
        """Whether most of them go back in time."""
        return self.earlier > self.later

    @property
    def against(self) -> int:
        """How many go the other way than most."""
        return min(self.later, self.earlier)


def steps(scratch: Scratch, frame: Frame, files: Sequence[int], instant: str, subject: Sequence[str]) -> Steps:
    """The steps of the rows of ``frame``, which has ``rowid``, ``instant`` and the columns of the ``subject``.

    ``files`` are the rowids at which files begin. From one file to the next is no step.

    Where some go back in time and most rows stand below one of the same subject, only steps within a subject count: the
    file goes through one subject after the other. Otherwise all do.
    """
    columns = [nw.col(name) for name in dict.fromkeys(["rowid", instant, *subject])]
    frame = frame.select(*columns, f=placed(nw.col("rowid"), files[1:]))
    every = _counted(scratch, frame, instant, ())
    if not every.steps.earlier or not subject:
        return every.steps
    own = _counted(scratch, frame, instant, subject)
    return own.steps if 2 * own.pairs > every.pairs else every.steps


class _Pairs(NamedTuple):
    """How many rows stand below one of the same file and subject, and the steps between these."""

    pairs: int
    steps: Steps


def _counted(scratch: Scratch, frame: Frame, instant: str, subject: Sequence[str]) -> _Pairs:
    names = ["rowid", "f", instant, *subject]
    frame = frame.select(*names)
    t, before = nw.col(instant), nw.col(f"above_{instant}")
    together = reduce(and_, (nw.col(f"above_{name}") == nw.col(name) for name in ("f", *subject)))

    def number(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64)).sum()

    def counted(rows: Frame) -> list[int]:
        sums = (
            number(nw.col("above_rowid") > nw.col("rowid")),
            number(together),
            number(together & (t > before)),
            number(together & (t < before)),
        )
        ((*values,),) = scratch.rows(rows.select(**{f"n{index}": each for index, each in enumerate(sums)}))
        return [int(value or 0) for value in values]

    misplaced, pairs, later, earlier = counted(scratch.above(frame, names))
    if misplaced:
        # A join on the way here has mixed the rows: sorted, which takes longer.
        above = {f"above_{name}": nw.col(name).shift(1).over(order_by="rowid") for name in names}
        _, pairs, later, earlier = counted(frame.with_columns(**above))
    return _Pairs(pairs, Steps(later, earlier))
