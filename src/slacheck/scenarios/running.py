"""Each scenario becomes exports, and its agreement is settled on them by the one evaluation there is."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from slacheck.agreement.loading import AgreementFile
from slacheck.evaluation import evaluate
from slacheck.exclusions.spans import Fault
from slacheck.language.quantities import Unreadable
from slacheck.planning.windows import periods
from slacheck.problems import PeriodError, Problem, SlacheckError
from slacheck.scenarios.cells import Export
from slacheck.scenarios.judging import differences
from slacheck.scenarios.loading import TestFile
from slacheck.scenarios.outcome import Outcome
from slacheck.scenarios.spans import point
from slacheck.scenarios.telling import Cover, Told, rows, silent
from slacheck.sources.source import Source
from slacheck.statement import Statement
from slacheck.timeline import zones
from slacheck.timeline.periods import before_by, containing

# The end of the year 2199: whatever period is named has passed.
_ALL_PASSED = 7_258_118_400_000_000


def run(file: TestFile, wanted: str = "") -> Iterator[Outcome]:
    """Run the scenarios of a file whose names have ``wanted`` in them, one after the other."""
    for number, scenario in enumerate(file.tests.scenarios):
        if wanted.lower() in scenario.name.lower():
            yield _run(file, number)


def _run(file: TestFile, number: int) -> Outcome:
    scenario = file.tests.scenarios[number]
    empty = Outcome(file, number, scenario)
    try:
        statement = _statement(file, number)
    except Told as told:
        return replace(empty, problems=tuple(file.problem(each) for each in told.faults))
    except PeriodError as error:
        steps = ("scenarios", number, "period")
        faults = (Fault(steps, each.code, each.message, each.help) for each in error.problems)
        return replace(empty, problems=tuple(file.problem(each) for each in faults))
    except SlacheckError as error:
        steps = ("scenarios", number, "name")
        faults = (Fault(steps, each.code, _said(each), each.help) for each in error.problems)
        return replace(empty, problems=tuple(file.problem(each) for each in faults))
    return replace(empty, statement=statement, differences=tuple(differences(file, number, statement)))


def _said(problem: Problem) -> str:
    place = f"the data of '{Path(problem.path).stem}'" if problem.row or problem.field else Path(problem.path).name
    where = f", row {problem.row}" if problem.row else ""
    return f"{place}{where}: {problem.message}"


def _statement(file: TestFile, number: int) -> Statement:
    """The statement of the last period of a scenario. Raises Told and SlacheckError."""
    scenario, steps = file.tests.scenarios[number], ("scenarios", number)
    agreement = _tested(file.agreement)
    zone = agreement.agreement.zone
    as_of = _ALL_PASSED
    if scenario.as_of is not None:
        try:
            as_of = point(scenario.as_of.text, zone)
        except Unreadable as unreadable:
            raise Told([Fault((*steps, "as_of"), "unclear-time", str(unreadable), unreadable.help)]) from None
    cover = _cover(agreement, scenario.period, as_of)
    with tempfile.TemporaryDirectory(prefix="slacheck-test-") as folder:
        data = _exports(file, number, agreement, cover, Path(folder))
        made = evaluate([agreement], scenario.period, as_of, data)[-1]
        text = made.model_dump_json()
        return Statement.model_validate_json(text.replace(f"{folder}/", "")) if folder in text else made


def _tested(file: AgreementFile) -> AgreementFile:
    """The agreement without what happened to it in truth, its sources without the containers of their exports."""
    made: list[AgreementFile] = []
    for version in file.versions:
        sources = {name: _plain(source) for name, source in version.agreement.sources.items()}
        agreement = version.agreement.model_copy(update={"sources": sources})
        claims = replace(version.claims, entries=()) if version.claims else None
        made.append(replace(version, agreement=agreement, corrections=None, claims=claims, versions=()))
    for each in made:
        # Each knows all of them, so that they cannot be given before they are made.
        object.__setattr__(each, "versions", tuple(made))
    return made[0]


def _plain(source: Source) -> Source:
    """The source as it reads a plain table; a log of which nothing is told is one in which nothing happened."""
    container = {"records": (), "wide": (), "sheet": None, "encoding": None, "thousands": None, "format": None}
    return source.model_copy(update=container | ({"absent_rows": "empty"} if source.is_log else {}))


def _cover(file: AgreementFile, text: str, as_of: int) -> Cover:
    """From the first instant that any level looks at to the last one of the periods, or to where they are seen.

    Raises PeriodError.
    """
    agreement = file.versions[-1].agreement
    windows = [window for _, window in periods(file, text, as_of)]
    first = min(window.period.start for window in windows)
    begins = [first]
    for level in agreement.service_levels.values():
        terms = level.period
        if terms is not None and terms.rolling is not None:
            begins.append(before_by(first, terms.rolling.count, terms.rolling.unit))
        elif terms is not None:
            begins.append(containing(terms.cycle, first).start)
    begun = min(begins)
    if agreement.effective is not None:
        begun = max(begun, agreement.effective)
    bounds = [window.period.window(agreement.zone) for window in windows]
    end = min(max(hi for _, hi in bounds), as_of)
    return Cover((zones.midnight(begun, agreement.zone), end), tuple(sorted({lo for lo, _ in bounds})))


def _exports(
    file: TestFile, number: int, agreement: AgreementFile, cover: Cover, folder: Path
) -> dict[str, Sequence[Any]]:
    scenario = file.tests.scenarios[number]
    wrong: list[Fault] = []
    found: dict[str, Sequence[Any]] = {}
    last = agreement.versions[-1].agreement
    every = {name: version.agreement for version in agreement.versions for name in version.agreement.sources}
    for name, holder in every.items():
        export = Export(name, last if name in last.sources else holder)
        told, steps = _told(scenario.data, name, ("scenarios", number, "data"))
        if not steps:
            told, steps = _told(file.tests.data, name, ("data",))
        if isinstance(told, dict) and set(told) == {"file"}:
            found[name] = [Path(file.label).parent / str(told["file"])]
            continue
        try:
            made = rows(export, told, cover) if steps else silent(export, cover)
        except Told as refused:
            inside = steps or ("scenarios", number, "name")
            wrong += (replace(fault, steps=(*inside, *fault.steps)) for fault in refused.faults)
            continue
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(export.headers(made))
            writer.writerows(export.lines(made))
        found[name] = [path]
    if wrong:
        raise Told(wrong)
    return found


def _told(data: Mapping[str, Any], name: str, steps: tuple[str | int, ...]) -> tuple[Any, tuple[str | int, ...]]:
    return (data[name], (*steps, name)) if name in data else (None, ())
