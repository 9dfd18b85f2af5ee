"""How far the first rows of a group reach, without putting all of them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]

# Prime, so that instants and numbers at equal distances are spread over all lanes.
LANES = 251


def bounds(scratch: Scratch, frame: Frame, of: Sequence[str], column: str, most: int, lane: nw.Expr) -> Frame:
    """For each ``of`` a ``bound`` that ``column`` of at least ``most`` rows does not exceed; a stored table.

    A group whose rows lie in fewer lanes than that has none. ``lane`` is any whole number that spreads the rows.
    """
    # Of lanes that have no row in common, ``most`` have one within the bound, and so are as many rows.
    lanes = frame.with_columns(lane=lane % LANES).group_by(*of, "lane").agg(bound=nw.col(column).min())
    placed = lanes.with_columns(place=nw.col("lane").cum_count().over(*of, order_by=["bound", "lane"]))
    return scratch.keep(placed.filter(nw.col("place") == most).select(*of, "bound"), "bounds")
