"""What is otherwise in another statement: verdicts, values and amounts, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from slacheck.statement.line import Line
from slacheck.statement.parts import Exact
from slacheck.statement.whole import Statement

What = Literal[
    "verdict", "best", "worst", "credit at least", "credit at most", "owed at least", "owed at most", "right"
]


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: of a line, of a right (``subject`` is its name), or of the whole where it is empty.

    ``before`` and ``after`` are a verdict, a state, or a number written out exactly; None where there was none.
    """

    what: What
    before: str | None
    after: str | None
    level: str = ""
    of_class: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Comparison:
    """All changes of one statement against another; lines that only one of them has are ``gone`` and ``new``."""

    before: Statement
    after: Statement
    changes: tuple[Change, ...]
    gone: tuple[Line, ...]
    new: tuple[Line, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not (self.changes or self.gone or self.new)


def compared(before: Statement, after: Statement) -> Comparison:
    """Compare two statements, of one period or of two of one agreement."""
    old, new = ({_name(line): line for line in each.lines} for each in (before, after))
    changes = list(_whole(before, after))
    for name, line in new.items():
        if name in old:
            changes += _line(old[name], line)
    gone = tuple(line for name, line in old.items() if name not in new)
    added = tuple(line for name, line in new.items() if name not in old)
    return Comparison(before, after, tuple(changes), gone, added)


def _name(line: Line) -> tuple[str, str, str, str]:
    return line.level, line.of_class, line.subject, line.period


def _whole(before: Statement, after: Statement) -> Iterator[Change]:
    if before.verdict != after.verdict:
        yield Change("verdict", before.verdict, after.verdict)
    old, new = before.total, after.total
    amounts: tuple[tuple[What, str | None, str | None], ...] = (
        ("owed at least", old.least if old else None, new.least if new else None),
        ("owed at most", old.most if old else None, new.most if new else None),
    )
    for what, was, now in amounts:
        if was != now:
            yield Change(what, was, now)
    states = [{(right.name, right.subject): right.state for right in each.rights} for each in (before, after)]
    for name, subject in dict.fromkeys((*states[0], *states[1])):
        was, now = (each.get((name, subject)) for each in states)
        if was != now:
            yield Change("right", was, now, subject=f"{name}: {subject}" if subject else name)


def _line(before: Line, after: Line) -> Iterator[Change]:
    old, new = before.credit, after.credit
    pairs: tuple[tuple[What, str | None, str | None], ...] = (
        ("verdict", before.verdict, after.verdict),
        ("best", _exact(before.best), _exact(after.best)),
        ("worst", _exact(before.worst), _exact(after.worst)),
        ("credit at least", old.least.amount if old else None, new.least.amount if new else None),
        ("credit at most", _most(before), _most(after)),
    )
    for what, was, now in pairs:
        if was != now:
            yield Change(what, was, now, after.level, after.of_class, after.subject)


def _most(line: Line) -> str | None:
    return line.credit.most.amount if line.credit and line.credit.most else None


def _exact(shown: Exact | None) -> str | None:
    return None if shown is None else shown.exact or shown.decimal
