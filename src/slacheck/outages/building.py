"""Down time built: from the exports behind every rule of a run to spells of down, not up and unknown, in few passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import FOREVER
from slacheck.outages import bad_intervals, logs, states
from slacheck.outages.wanted import NOT_UP, STRIDE, Built, Down, Dropped, Seen, TakenOut, Wanted
from slacheck.problems import DataError, Problem

__all__ = ["Built", "Down", "Dropped", "Seen", "TakenOut", "Wanted", "build"]

Frame = nw.LazyFrame[Any]


def build(scratch: Scratch, wanted: Sequence[Wanted], floor: int, as_of: int, edges: Sequence[int] = ()) -> Built:
    """Build every rule of ``wanted``; ``found`` of the result is keyed by position.

    Nothing is known from ``as_of`` on: spells end by then, and a record of a log that begins later drops no other.
    What is still down at ``as_of`` may turn out to last: at worst it does, so that it counts however short it is now.
    Rules that read the same records of samples share one pass over them, which counts them between ``edges``. Raises
    DataError where a state is both up and down at one instant, or where no record satisfies a rule's conditions.
    """
    built = Built()
    # Spells are looked for in some time, however short.
    until = max(as_of, floor + 1)
    of_states: dict[tuple[object, ...], list[int]] = {}
    of_counts: dict[tuple[object, ...], list[int]] = {}
    of_logs: list[int] = []
    for index, each in enumerate(wanted):
        match each.exports[0].source.shape:
            case "events" | "cases":
                of_logs.append(index)
            case "counts":
                of_counts.setdefault(states.shared(each), []).append(index)
            case _:
                of_states.setdefault(states.shared_by_all(each), []).append(index)
    problems: list[Problem] = []
    for members in of_states.values():
        for chosen in states.passes(wanted, members):
            problems += states.build(scratch, wanted, chosen, built, floor, until, edges)
    if problems:
        raise DataError(problems)
    for members in of_counts.values():
        bad_intervals.build(scratch, wanted, members, built, floor, until, as_of)
    if of_logs:
        logs.build(scratch, wanted, of_logs, built, until, as_of)
    built.spells = [_lasting_on(spells, as_of) for spells in built.spells]
    return built


def _lasting_on(spells: Frame, as_of: int) -> Frame:
    """Spells of not up that reach ``as_of`` without an end: windows clip them, and a least length cannot drop them."""
    open_at_worst = (nw.col("e") == as_of) & (nw.col("g") % STRIDE == NOT_UP)
    end = nw.when(open_at_worst).then(nw.lit(FOREVER)).otherwise(nw.col("e"))
    return spells.select("g", "k", "s", e=end)
