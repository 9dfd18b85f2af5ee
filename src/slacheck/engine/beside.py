"""The time of two subjects side by side: what was up here and down there, to the microsecond, stretch by stretch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import IS_DOWN, QUALIFIES, SKIPPED, UNKNOWN, CountedSpells

Frame = nw.LazyFrame[Any]
State = Literal["up", "down", "unknown", "not-counted"]

STATES: tuple[State, ...] = ("up", "down", "unknown", "not-counted")
_UP, _DOWN, _DARK, _OFF = range(4)

# What may hold at one instant on one side, a bit each; those of the other side stand that many bits higher.
_BIT_DOWN, _BIT_UNKNOWN, _BIT_SKIPPED, _BIT_OFF, _BIT_FORCED = (1 << bit for bit in range(5))
_SIDE = 32
_END = _SIDE * _SIDE


class Sided(NamedTuple):
    """One ``side`` (0 or 1) of a ``pair``: a subject ``k`` of a request of counted spells."""

    pair: int
    side: int
    request: int
    k: int


class OwnTime(NamedTuple):
    """Time [s, e) of one side in which its spells say nothing: it does not count, or is ``forced`` to be down."""

    pair: int
    side: int
    forced: bool
    s: int
    e: int


class PairedTally(NamedTuple):
    """How many stretches a pair has in which one state holds here and one there, and their microseconds."""

    pair: int
    here: State
    there: State
    number: int
    time: int


class PairedStretch(NamedTuple):
    """A stretch [s, e), as long as it can be, in which one state holds here and another one there."""

    pair: int
    here: State
    there: State
    s: int
    e: int


def side_by_side(
    scratch: Scratch,
    spells: CountedSpells,
    sides: Sequence[Sided],
    own: Sequence[OwnTime],
    windows: Sequence[tuple[int, int, int]],
    limit: int,
) -> tuple[list[PairedTally], list[PairedStretch]]:
    """Cut the window (pair, start, end) of every pair into stretches of one state on each side, and add them up.

    The tallies of a pair add up to its window. Of the stretches in which the sides differ the ``limit`` longest of each
    pair are given, longest first, then by their start; tallies are in order of pair and states. All pairs travel
    through one query; it reads the spells, never the samples.
    """
    t, m, code, side = (nw.col(name) for name in ("t", "m", "code", "side"))
    asked = scratch.give("sides", dict.fromkeys(("p", "side", "r", "k"), "BIGINT"), sides)
    given = [
        *((each.pair, each.side, _BIT_FORCED if each.forced else _BIT_OFF, each.s, each.e) for each in own),
        *((pair, 0, 0, start, end) for pair, start, end in windows),
    ]
    table = scratch.give("own_time", dict.fromkeys(("p", "side", "w", "cs", "ce"), "BIGINT"), given)
    last = [(pair, end, _END) for pair, _, end in windows]
    ends = scratch.give("window_ends", dict.fromkeys(("p", "t", "m"), "BIGINT"), last)
    of_sides = (
        spells.frame.filter(nw.col("ce") > nw.col("cs"))
        .select(
            w=_weight(),
            cs="cs",
            ce="ce",
            r=nw.col("r").cast(nw.Int64),
            k=nw.col("k").cast(nw.Int64),
        )
        .filter(nw.col("w") > 0)
        .join(asked, on=["r", "k"], how="inner")
        .select("p", "side", "w", "cs", "ce")
    )
    both = nw.concat([of_sides, table]).with_columns(w=nw.when(side == 1).then(nw.col("w") * _SIDE).otherwise("w"))
    points = nw.concat(
        [both.select("p", t="cs", m="w"), both.select("p", t="ce", m=nw.col("w") * -1), ends.select("p", "t", "m")]
    )
    marks = points.group_by("p", "t").agg(m=m.sum().cast(nw.Int64)).select("p", "t", "m")
    both_states = _state(m % _SIDE) * 4 + _state(m // _SIDE)
    states = (
        marks.with_columns(m=m.cum_sum().over("p", order_by="t").cast(nw.Int64))
        .select("p", "t", code=nw.when(m >= _END).then(nw.lit(-1, nw.Int64)).otherwise(both_states))
        .with_columns(before=code.shift(1).over("p", order_by="t"))
        .filter(nw.col("before").is_null() | (code != nw.col("before")))
        .with_columns(e=t.shift(-1).over("p", order_by="t"))
        .filter(code >= 0)
        .select("p", "code", s="t", e="e", less=t - nw.col("e"))
    )
    states = scratch.keep(states, "beside")
    sums = states.group_by("p", "code").agg(n=nw.len(), time=nw.col("less").sum()).select("p", "code", "n", "time")
    apart = states.filter(code % 5 != 0)
    longest = (
        apart.with_columns(place=nw.col("s").cum_count().over("p", order_by=["less", "s"]))
        .filter(nw.col("place") <= limit)
        .select("p", "less", "s", "e", "code")
    )
    tallies = [
        PairedTally(pair, *_named(which), int(n), -int(time)) for pair, which, n, time in sorted(scratch.rows(sums))
    ]
    stretches = [PairedStretch(pair, *_named(which), s, e) for pair, _, s, e, which in sorted(scratch.rows(longest))]
    return tallies, stretches


def _weight() -> nw.Expr:
    """The bit of a spell; 0 for those that say nothing here."""
    nothing = nw.lit(0, nw.Int64)
    skipped = nw.when(nw.col("kind") == SKIPPED).then(nw.lit(_BIT_SKIPPED, nw.Int64)).otherwise(nothing)
    dark = nw.when(nw.col("kind") == UNKNOWN).then(nw.lit(_BIT_UNKNOWN, nw.Int64)).otherwise(skipped)
    return nw.when(IS_DOWN & QUALIFIES).then(nw.lit(_BIT_DOWN, nw.Int64)).otherwise(dark)


def _state(m: nw.Expr) -> nw.Expr:
    """The state of one side from its bits: forced down time first, then what does not count."""

    def has(bit: int) -> nw.Expr:
        return m % (2 * bit) >= bit

    def of(state: int) -> nw.Expr:
        return nw.lit(state, nw.Int64)

    lit = nw.when(has(_BIT_UNKNOWN)).then(of(_DARK)).otherwise(of(_UP))
    skipped = nw.when(has(_BIT_SKIPPED)).then(of(_OFF)).otherwise(lit)
    down = nw.when(has(_BIT_DOWN)).then(of(_DOWN)).otherwise(skipped)
    off = nw.when(has(_BIT_OFF)).then(of(_OFF)).otherwise(down)
    return nw.when(has(_BIT_FORCED)).then(of(_DOWN)).otherwise(off)


def _named(code: int) -> tuple[State, State]:
    here, there = divmod(int(code), 4)
    return STATES[here], STATES[there]
