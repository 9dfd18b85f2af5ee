"""What deserves a mark beside a line of an agreement: levels that are not met, and what is wrong with its text."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from slacheck.problems import Problem
from slacheck.reports.crediting import paid
from slacheck.reports.layout import Page, harmless
from slacheck.reports.remarks import aimed_at
from slacheck.reports.view import View
from slacheck.reports.wording import line_name, margin, measured, more, within_level
from slacheck.statement import Line, LineVerdict, RightState, Statement, Statements

Weight = Literal["error", "warning", "notice"]

_TOLD = 3
_LONGEST = 1000
_WEIGHTS: dict[LineVerdict, Weight] = {"breached": "error", "indeterminate": "warning", "missed": "notice"}
_ORDER: tuple[Weight, ...] = ("error", "warning", "notice")


@dataclass(frozen=True)
class Annotation:
    """One mark: how grave it is, what it says, and the place; ``line`` and ``column`` are 0 where there is none.

    ``check`` is what was looked at, and ``key`` tells the mark from every other whatever was measured.
    """

    weight: Weight
    check: str
    title: str
    message: str
    path: str
    line: int = 0
    column: int = 0
    key: tuple[str, ...] = ()


def of_statements(statements: Statements, view: View) -> list[Annotation]:
    """One for each level that is not met and each right that stands, the gravest first."""
    found = [each for statement in statements.statements for each in _of_statement(statement, view)]
    return sorted(found, key=lambda each: _ORDER.index(each.weight))


def of_problems(problems: Iterable[Problem], view: View) -> list[Annotation]:
    """One for each problem, in the order given; where there is no line of text, at the file."""
    page = Page(view)
    return [
        Annotation(
            weight=problem.weight,
            check=problem.code,
            title=page.clean(problem.code),
            message=page.name("; ".join(each for each in (problem.message, problem.help) if each), _LONGEST),
            path=in_repository(problem.path, view),
            # Of an export the row counts, and lines of it are not what is checked in.
            line=0 if problem.row else problem.line,
            column=0 if problem.row else problem.column,
            key=(problem.path, problem.code, problem.message),
        )
        for problem in problems
    ]


def in_repository(path: str, view: View) -> str:
    """``path`` from the root of the repository, with slashes; as it was given where it is outside, or none is known."""
    given = posixpath.normpath(PurePath(path).as_posix())
    if view.repository:
        whole = posixpath.join(PurePath(view.folder).as_posix(), given)
        inside = posixpath.relpath(whole, PurePath(view.repository).as_posix())
        given = given if inside.startswith("../") else inside
    return harmless(given)


def gist(page: Page, line: Line, currency: str) -> str:
    """A line in a sentence: what was measured against what, how far it is off, what that costs, and why it is so."""
    parts = [
        f"measured {measured(page, line)}" if line.best else measured(page, line),
        f"target {aimed_at(page, line)}",
    ]
    if (far := margin(page, line)) != "-":
        parts.append(f"margin {far}")
    if credit := paid(page, line, currency):
        parts.append(f"credit {credit}")
    return f"{', '.join(parts)}{'; ' if line.reason else ''}{page.clean(line.reason)}"


def currency_of(statement: Statement) -> str:
    """The currency of the statement's amounts, empty where it has none."""
    return statement.total.currency if statement.total else ""


def _of_statement(statement: Statement, view: View) -> Iterator[Annotation]:
    page = Page(view)
    by_level: dict[str, list[Line]] = {}
    for line in statement.lines:
        by_level.setdefault(line.level, []).append(line)
    for lines in by_level.values():
        verdicts = {line.verdict for line in lines}
        verdict = next((each for each in _WEIGHTS if each in verdicts), None)
        if verdict is not None:
            yield _of_level(page, statement, verdict, [line for line in lines if line.verdict == verdict], view)
    for right in statement.rights:
        if right.state == "arose":
            yield _of_right(page, statement, right, view)


def _of_level(page: Page, statement: Statement, verdict: LineVerdict, lines: Sequence[Line], view: View) -> Annotation:
    first, currency = lines[0], currency_of(statement)
    named = page.name(first.title) if len(lines) > 1 else line_name(page, first)
    told = [
        (f"{within_level(page, line, 60)}: " if len(lines) > 1 else "") + gist(page, line, currency)
        for line in lines[:_TOLD]
    ]
    if len(lines) > _TOLD:
        told.append(f"and {more(page, len(lines) - _TOLD)}")
    return Annotation(
        weight=_WEIGHTS[verdict],
        check=verdict,
        title=f"{named} {verdict}, {_period(page, statement)}",
        message="\n".join(told),
        path=in_repository(statement.agreement.file, view),
        line=first.agreement_line,
        key=(*_key(statement), first.level, verdict),
    )


def _of_right(page: Page, statement: Statement, right: RightState, view: View) -> Annotation:
    name = page.name(right.name) + (f" of {page.name(right.subject)}" if right.subject else "")
    until = f"; to be used by {page.figures.day(right.use_by)}" if right.use_by else ""
    return Annotation(
        weight="notice",
        check="right",
        title=f"right {name} arose, {_period(page, statement)}",
        message=page.clean(right.reason) + until,
        path=in_repository(statement.agreement.file, view),
        key=(*_key(statement), "right", right.name, right.subject),
    )


def _period(page: Page, statement: Statement) -> str:
    period = statement.period
    return page.name(period.part.title if period.part else period.title, 60)


def _key(statement: Statement) -> tuple[str, ...]:
    period = statement.period
    return (statement.agreement.id, period.label, period.part.first_day if period.part else "")
