"""What differs between two agreements, as a model; its JSON Schema is versioned."""

from __future__ import annotations

from typing import Literal

from slacheck.language.quantities import Kind
from slacheck.statement import DayText, Exact, LineVerdict, NumberText, Part

Gains = Literal["customer", "provider", "neither", "depends"]
Sort = Literal["terms", "data", "words"]


class Stands(Part):
    """Where something is written: in a file, or (line 0) as an argument of the command line."""

    file: str
    line: int


class TermChange(Part):
    """One key that is otherwise.

    ``key`` is its path in the new agreement, or in the old one where it is gone. ``sort`` is ``terms``, ``data`` (how
    an export is read), or ``words`` (what is only printed). ``gains`` is who is better off for certain when nothing
    else changes; ``depends`` is everything that is not certain. ``before`` and ``after`` are as written, null where
    nothing is. ``since`` is the day from which the two differ in this, where amendments make it later than the first.
    """

    key: str
    subject: str
    text: str
    sort: Sort
    gains: Gains
    before: str | None
    after: str | None
    old: Stands | None
    new: Stands | None
    since: DayText | None = None


class Compared(Part):
    """One of the two agreements: ``as_of`` is the day of the amendment that is meant, where one file is compared."""

    id: str
    title: str
    file: str
    sha256: str
    as_of: DayText | None = None


class Side(Part):
    """A level of one period under one of the agreements; what is owed is null where nothing bounds it."""

    verdict: LineVerdict
    target: str
    unit: Kind
    best: Exact | None
    worst: Exact | None
    open_above: bool
    points: bool
    owed_least: NumberText
    owed_most: NumberText | None


class LineBeside(Part):
    """A level under both; null where it is not promised."""

    level: str
    of_class: str
    subject: str
    title: str
    before: Side | None
    after: Side | None


class Sum(Part):
    """What is owed in one currency under both, and what the new agreement adds to it at least and at most.

    Where nothing bounds a sum it is null, and so is what rests on it.
    """

    currency: str
    before_least: NumberText
    before_most: NumberText | None
    after_least: NumberText
    after_most: NumberText | None
    more_least: NumberText | None
    more_most: NumberText | None


class PeriodBeside(Part):
    """One period, or part of one, under both agreements; null where one has none."""

    label: str
    title: str
    before: str | None
    after: str | None
    lines: tuple[LineBeside, ...]
    sums: tuple[Sum, ...]


class Difference(Part):
    """The JSON document: two agreements, what changed in their terms, and the same periods under both.

    ``periods`` is null where no period was asked for; ``totals`` are the sums of all of them. ``settings`` are the
    arguments that make the new agreement of the old one, where it is no other file.
    """

    slacheck_diff: Literal[1] = 1
    old: Compared
    new: Compared
    settings: tuple[str, ...] = ()
    changes: tuple[TermChange, ...]
    periods: tuple[PeriodBeside, ...] | None = None
    totals: tuple[Sum, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether a verdict or an amount could be another: words alone cannot make it one."""
        return any(change.sort != "words" for change in self.changes)
