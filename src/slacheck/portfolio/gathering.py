"""The statements of a portfolio: made now from agreements, of which some may fail, or taken as they were kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slacheck import past_statements
from slacheck.agreement.loading import AgreementFile, load
from slacheck.evaluation import evaluate
from slacheck.ledger import Ledger, LedgerError
from slacheck.past_statements import Shelf
from slacheck.planning.windows import periods
from slacheck.problems import AgreementError, DataError, PeriodError, Problem
from slacheck.progress import SILENT, Progress
from slacheck.statement import Statement
from slacheck.timeline import zones
from slacheck.timeline.asking import days_named, own_period


@dataclass(frozen=True)
class Unsettled:
    """An agreement without a statement: its file where it could be read, and why. ``idle``: it is not in force."""

    label: str
    problems: tuple[Problem, ...]
    file: AgreementFile | None = None
    idle: bool = False


@dataclass(frozen=True)
class Gathered:
    """The statements that there are, and the agreements that have none."""

    statements: tuple[Statement, ...]
    unsettled: tuple[Unsettled, ...] = ()


def made(
    paths: Sequence[str | Path],
    period: str,
    as_of: int,
    shelf: Shelf | None = None,
    progress: Progress = SILENT,
) -> Gathered:
    """Settle every agreement; one that is invalid, or whose data cannot be read, leaves the others as they are.

    All are settled in one run. Where that fails, the run is halved until those that fail stand alone: one bad agreement
    of 200 costs eight more rounds, most of which read half as much as the one before. Raises PeriodError for a period
    that nobody can mean, LedgerError and EngineError.
    """
    if not own_period(period):
        days_named(period, zones.zone("UTC"), as_of)
    unsettled: list[Unsettled] = []
    ready: list[AgreementFile] = []
    # A file that is named in two ways is one, by the name that comes first in the alphabet.
    named = {os.path.realpath(path): path for path in sorted(map(str, paths), reverse=True)}
    for path in sorted(named.values()):
        try:
            file = load(path)
        except AgreementError as error:
            unsettled.append(Unsettled(path, error.problems))
            continue
        try:
            periods(file, period, as_of)
        except PeriodError as error:
            idle = any(problem.code == "not-in-force" for problem in error.problems)
            unsettled.append(Unsettled(file.label, error.problems, file, idle))
            continue
        ready.append(file)
    for file in _called_alike(ready):
        problem = Problem(
            file.label,
            code="duplicate-id",
            message=f"another file of the portfolio has the id '{file.agreement.id}' too",
            help="give every agreement an id of its own; statements are told apart by it",
        )
        unsettled.append(Unsettled(file.label, (problem,), file))
        ready.remove(file)
    statements, failed = _settled(ready, period, as_of, shelf, progress)
    return Gathered(tuple(statements), (*unsettled, *failed))


def _called_alike(files: Sequence[AgreementFile]) -> list[AgreementFile]:
    """All files that share an id: which of them is meant must not depend on their order."""
    of: dict[str, list[AgreementFile]] = {}
    for file in files:
        of.setdefault(file.agreement.id, []).append(file)
    return [file for alike in of.values() if len(alike) > 1 for file in alike]


def _settled(
    files: Sequence[AgreementFile], period: str, as_of: int, shelf: Shelf | None, progress: Progress
) -> tuple[list[Statement], list[Unsettled]]:
    if not files:
        return [], []
    try:
        return evaluate(files, period, as_of, {}, progress=progress, shelf=shelf), []
    except LedgerError:
        raise
    except (AgreementError, DataError, PeriodError) as error:
        if len(files) == 1:
            return [], [Unsettled(files[0].label, error.problems, files[0])]
    middle = len(files) // 2
    first = _settled(files[:middle], period, as_of, shelf, progress)
    second = _settled(files[middle:], period, as_of, shelf, progress)
    return [*first[0], *second[0]], [*first[1], *second[1]]


def kept(ledger: Ledger | None, given: Sequence[str | Path], period: str | None, as_of: int) -> Gathered:
    """Statements made before: the last of each period of a ledger, and those of files; nothing is evaluated.

    ``period`` names days, and periods that start in them are taken; ``last-period`` is the last that each agreement
    has, None takes all. What settles a period goes before what was made while it ran. Raises PeriodError, LedgerError,
    and DataError for files that cannot be read or say two things of one period.
    """
    found = [(each.file.label, each.statement) for each in past_statements.read(given)]
    if ledger is not None:
        found += [(str(ledger.path), ledger.statement(entry)) for entry in ledger.entries()]
    statements = _one_each(found)
    if period is None:
        return Gathered(tuple(statements))
    if own_period(period):
        last: dict[str, str] = {}
        for each in statements:
            last[each.agreement.id] = max(last.get(each.agreement.id, ""), each.period.first_day)
        return Gathered(tuple(each for each in statements if each.period.first_day == last[each.agreement.id]))
    return Gathered(tuple(each for each in statements if _starts_in(each, period, as_of)))


def _starts_in(statement: Statement, period: str, as_of: int) -> bool:
    first, end = days_named(period, zones.zone(statement.period.timezone), as_of)
    return first.isoformat() <= statement.period.first_day < end.isoformat()


def _one_each(found: Iterable[tuple[str, Statement]]) -> list[Statement]:
    """One statement of each part of a period. The same one from two places counts once; two that differ are refused."""
    settled: dict[tuple[str, ...], tuple[str, Statement]] = {}
    running: dict[tuple[str, ...], tuple[str, Statement]] = {}
    problems: list[Problem] = []
    for label, statement in found:
        into: dict[tuple[str, ...], tuple[str, Statement]] = running if statement.period.running else settled
        key = _part_of(statement)
        before = into.setdefault(key, (label, statement))
        if before[1] != statement:
            message = f"'{key[0]}' has two different statements of {key[1]}; the other is of {before[0]}"
            help = "name the one that holds; a portfolio counts each period once"
            problems.append(Problem(label, code="history", message=message, help=help))
    if problems:
        raise DataError(dict.fromkeys(problems))
    over = {key[:2] for key in settled}
    return [*_statements(settled), *(each for each in _statements(running) if _part_of(each)[:2] not in over)]


def _statements(found: Mapping[tuple[str, ...], tuple[str, Statement]]) -> list[Statement]:
    return [statement for _, statement in found.values()]


def _part_of(statement: Statement) -> tuple[str, ...]:
    part = statement.period.part
    return statement.agreement.id, statement.period.label, part.first_day if part else ""
