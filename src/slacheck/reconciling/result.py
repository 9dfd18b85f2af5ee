"""What two exports say of one agreement and period: line by line, and where they disagree. Its schema is versioned."""

from __future__ import annotations

from typing import Literal

from slacheck.statement import AgreementShown, Input, Line, PeriodShown
from slacheck.statement.parts import Exact, LineVerdict, NumberText, Part

Alike = Literal["same", "differs", "open"]
State = Literal["up", "down", "unknown", "not-counted"]


class Cell(Part):
    """The time, in microseconds, in which one state holds ``here`` and one ``there``, in so many stretches."""

    here: State
    there: State
    time: int
    stretches: int


class Stretch(Part):
    """A stretch ``[start, end)`` of one state here and another there, ``time`` microseconds long.

    ``place_here`` and ``place_there`` are the record (file:row) that each side rests on; empty where none says so.
    ``exclusions`` are the records of exclusions that touch it.
    """

    here: State
    there: State
    start: str
    end: str
    time: int
    place_here: str = ""
    place_there: str = ""
    exclusions: tuple[str, ...] = ()


class Decided(Part):
    """The longest ``stretches``, of ``time`` microseconds together, after which one side's verdict is the other's.

    ``adopts`` is the side that takes them over from the other, ``verdict`` what its verdict becomes. ``stretches`` is
    null where even all of them do not change it.
    """

    adopts: Literal["here", "there"]
    verdict: LineVerdict
    stretches: int | None
    time: int


class Shift(Part):
    """All of the down time there is that of here, later by ``by`` microseconds (below zero: earlier).

    So moved the two share ``alike`` of the time that either is down, and as they stand ``as_is`` of it.
    """

    by: int
    alike: Exact
    as_is: Exact


class TimeBeside(Part):
    """The time of the line's period by the state on each side: the cells add up to ``period``.

    ``disagreements`` are the longest stretches in which the sides differ, longest first; so many more are
    ``left_out``.
    """

    period: int
    cells: tuple[Cell, ...]
    disagreements: tuple[Stretch, ...] = ()
    left_out: int = 0
    decided: tuple[Decided, ...] = ()
    shift: Shift | None = None


class LineBeside(Part):
    """One line on both sides; null on a side that has no such line, because nobody there knows its subject.

    ``value``, ``verdict`` and ``amount`` tell whether the sides differ: ``open`` where missing data could make it so.
    ``more_least`` and ``more_most`` are how much more there owes than here (null: nothing bounds it), without what
    crosses lines; ``touched`` is whether the line reads anything that the sides have from different exports.
    """

    level: str
    of_class: str
    period: str
    subject: str
    touched: bool
    here: Line | None
    there: Line | None
    value: Alike
    verdict: Alike
    amount: Alike
    more_least: NumberText | None = None
    more_most: NumberText | None = None
    time: TimeBeside | None = None


class TotalBeside(Part):
    """What is owed on each side, after everything that crosses lines; null where nothing bounds it."""

    currency: str
    here_least: NumberText
    here_most: NumberText | None
    there_least: NumberText
    there_most: NumberText | None
    amount: Alike
    more_least: NumberText | None
    more_most: NumberText | None


class WordBeside(Part):
    """A word or role in which matched records differ: how many, how much more there has in sum, the greatest distance.

    Instants in microseconds, of counts requests, of other numbers exactly; null of text.
    """

    word: str
    kind: Literal["instant", "number", "text"]
    differ: int
    more: NumberText | None
    most: NumberText | None


class RecordShown(Part):
    """A record that stands on one side only (``word`` empty), or what each side has in ``word``, with its file:row."""

    key: tuple[str, ...]
    word: str
    here: str | None = None
    there: str | None = None
    place_here: str = ""
    place_there: str = ""


class RecordsBeside(Part):
    """The records of one source on both sides, those of the periods asked for.

    They are matched by the same values of ``matched_by``, or by ``overlap`` in time where nothing names them. Rows of
    the same key count once: numbers are added up. ``shown`` are some of them, the greatest differences first.
    """

    source: str
    shape: Literal["samples", "counts", "events", "cases", "register"]
    matched_by: tuple[str, ...]
    overlap: bool
    both: int
    only_here: int
    only_there: int
    words: tuple[WordBeside, ...] = ()
    shown: tuple[RecordShown, ...] = ()


class PeriodBeside(Part):
    """One period, or the part of one that an amendment splits."""

    period: PeriodShown
    lines: tuple[LineBeside, ...]
    total: TotalBeside | None
    inputs_here: tuple[Input, ...]
    inputs_there: tuple[Input, ...]


class Reconciliation(Part):
    """The envelope: an agreement, the names of its two sides, and every period.

    ``outcome`` is ``agree`` where every verdict and amount is the same, ``disagree`` where one is not, ``open``
    where none is known to differ and missing data could make one differ. ``sources`` are those that the sides have
    from different exports.
    """

    slacheck_reconciliation: Literal[1] = 1
    agreement: AgreementShown
    here: str
    there: str
    sources: tuple[str, ...]
    records: tuple[RecordsBeside, ...]
    outcome: Literal["agree", "disagree", "open"]
    periods: tuple[PeriodBeside, ...]
