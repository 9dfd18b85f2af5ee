"""What the pictures show, as values: times and amounts without loss, and beside them the words that name them.

Nothing in it is laid out. Words are made by whoever knows the reader (``reports/document``).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from slacheck.statement import LineVerdict, SpanState

StripState = Literal["up"] | SpanState
Lane = Literal["whole", "first", "second"]


@dataclass(frozen=True)
class Piece:
    """A stretch of a row, ``[start, end)`` in microseconds of its axis.

    Where the clocks are put back an hour happens twice: ``first`` and ``second`` are its two times, each half as high.
    """

    state: StripState
    start: int
    end: int
    lane: Lane = "whole"
    title: str = ""


@dataclass(frozen=True)
class StripRow:
    """A row, such as a day: what fills it, pieces that cover others behind them, and what stands at its right."""

    label: str
    pieces: tuple[Piece, ...]
    note: str = ""
    heavy: bool = False


@dataclass(frozen=True)
class Strip:
    """A period in rows of ``axis`` microseconds on the clock; ``states`` are those that occur, with their words."""

    title: str
    description: str
    axis: int
    ticks: tuple[tuple[int, str], ...]
    rows: tuple[StripRow, ...]
    states: tuple[tuple[StripState, str], ...]


@dataclass(frozen=True)
class Point:
    """One period of a level: its value, or both ends of it; ``verdict`` is None where nothing is known of it.

    ``label`` and ``year`` stand under it, ``text`` is the value as people read it.
    """

    label: str
    year: str = ""
    verdict: LineVerdict | None = None
    best: Fraction | None = None
    worst: Fraction | None = None
    text: str = ""
    now: bool = False


@dataclass(frozen=True)
class History:
    """The periods of a level in the order of time, the last of them that of the statement, and its targets."""

    title: str
    description: str
    points: tuple[Point, ...]
    targets: tuple[tuple[Fraction, str], ...] = ()
    binding: bool = True


@dataclass(frozen=True)
class Share:
    """What one level costs in a period; ``name`` is its place in ``CreditHistory.names``."""

    name: int
    amount: Fraction


@dataclass(frozen=True)
class CreditBar:
    """A period's credits: what is owed of each level, and what may be added (``open``; None: nothing bounds it).

    ``known`` is false where nothing is known of the period.
    """

    label: str
    year: str = ""
    shares: tuple[Share, ...] = ()
    open: Fraction | None = Fraction(0)
    text: str = ""
    now: bool = False
    known: bool = True


@dataclass(frozen=True)
class CreditHistory:
    """The credits of periods in the order of time; ``ticks`` are amounts with their words, ``cap`` that of the last."""

    title: str
    description: str
    names: tuple[str, ...]
    bars: tuple[CreditBar, ...]
    ticks: tuple[tuple[Fraction, str], ...]
    cap: tuple[Fraction, str] | None = None


@dataclass(frozen=True)
class Range:
    """The best and the worst case of a value beside its targets, each with its words."""

    title: str
    description: str
    best: tuple[Fraction, str]
    worst: tuple[Fraction, str]
    targets: tuple[tuple[Fraction, str], ...]


@dataclass(frozen=True)
class Squares:
    """The verdicts of periods in the order of time, the last of them that of the statement; None: nothing known."""

    title: str
    verdicts: tuple[LineVerdict | None, ...]
    binding: bool = True
