"""Files of scenarios are found, read, and checked against the agreement that each is for."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from slacheck.agreement.loading import AgreementFile, load
from slacheck.exclusions.spans import Fault
from slacheck.language.entries_file import read_entries
from slacheck.language.yaml_text import Document, read_file
from slacheck.problems import AgreementError, Problem
from slacheck.scenarios.terms import Scenario, Tests

ENDINGS = (".test.yaml", ".test.yml")


@dataclass(frozen=True)
class TestFile:
    """A loaded file of scenarios with the agreement that it is for."""

    __test__ = False

    tests: Tests
    document: Document
    label: str
    agreement: AgreementFile

    def problem(self, fault: Fault) -> Problem:
        """A fault at its place in this file; steps that end in ``[key]`` point at the key."""
        at_key = fault.steps[-1:] == ("[key]",)
        steps = fault.steps[:-1] if at_key else fault.steps
        place = self.document.place(steps, "key" if at_key else "value")
        return self.document.problem(place, fault.code, fault.message, fault.help)


def found(paths: Sequence[Path]) -> list[Path]:
    """The files of scenarios that ``paths`` name: themselves, those in a folder, or the one beside an agreement.

    Raises AgreementError where there is none.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files += _of(path)
        except AgreementError as error:
            problems += error.problems
    if problems:
        raise AgreementError(problems)
    return list({os.path.realpath(path): path for path in files}.values())


def load_tests(paths: Sequence[Path]) -> list[TestFile]:
    """Read every file. Raises AgreementError with every problem of all of them, and of their agreements."""
    loaded: list[TestFile] = []
    problems: list[Problem] = []
    agreements: dict[str, AgreementFile] = {}
    for path in paths:
        try:
            loaded.append(_load(path, agreements))
        except AgreementError as error:
            problems += error.problems
    if problems:
        raise AgreementError(dict.fromkeys(problems))
    return loaded


def _of(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.name.endswith(ENDINGS) and each.is_file())
        if not inside:
            raise _none(str(path), f"there is no file of scenarios in this folder: none ends in {ENDINGS[0]}")
        return inside
    if path.name.endswith(ENDINGS):
        return [path]
    if "slacheck_test" in read_file(path).data:
        return [path]
    beside = [path.with_name(path.stem + ending) for ending in ENDINGS]
    there = [each for each in beside if each.is_file()]
    if not there:
        raise _none(str(path), f"there are no scenarios beside this agreement: no file '{beside[0].name}'")
    return there


def _none(label: str, message: str) -> AgreementError:
    return AgreementError([Problem(label, code="no-scenarios", message=message, help="see docs/testing.md")])


def _load(path: Path, agreements: dict[str, AgreementFile]) -> TestFile:
    try:
        tests, document, _ = read_entries(path, str(path), Tests, "slacheck_test: 1")
    except AgreementError as error:
        # Of a file that is no scenario yet, read_entries speaks of a list.
        raise AgreementError(
            replace(each, help=each.help.replace(":' and a list", "' and scenarios:")) for each in error.problems
        ) from None
    wanted = path.parent / tests.agreement
    key = os.path.realpath(wanted)
    if key not in agreements:
        if not wanted.is_file():
            place = document.place(("agreement",))
            message = f"there is no agreement '{tests.agreement}'"
            raise AgreementError([document.problem(place, "no-file", message, "its path starts in this folder")])
        agreements[key] = load(wanted)
    file = TestFile(tests, document, str(path), agreements[key])
    wrong = [file.problem(fault) for fault in _faults(file)]
    if wrong:
        raise AgreementError(sorted(wrong, key=lambda each: (each.line, each.column, each.message)))
    return file


def _faults(file: TestFile) -> Iterator[Fault]:
    agreement = [version.agreement for version in file.agreement.versions]
    sources = list(dict.fromkeys(name for each in agreement for name in each.sources))
    levels = {name: level for each in agreement for name, level in each.service_levels.items()}
    rights = list(dict.fromkeys(name for each in agreement for name in each.rights))
    yield from _known(file.tests.data, sources, "source", ("data",))
    names: dict[str, int] = {}
    for number, scenario in enumerate(file.tests.scenarios):
        steps = ("scenarios", number)
        if scenario.name in names:
            message = f"two scenarios are called '{scenario.name}'"
            yield Fault((*steps, "name"), "same-name", message, "give each a name of its own")
        names[scenario.name] = number
        yield from _known(scenario.data, sources, "source", (*steps, "data"))
        yield from _known(scenario.expect.levels, list(levels), "service level", (*steps, "expect", "levels"))
        yield from _known(scenario.expect.rights, rights, "right", (*steps, "expect", "rights"))
        yield from _classes(scenario, {n: tuple(level.promises) for n, level in levels.items()}, steps)
        if scenario.period.strip().lower().startswith(("last-", "this-")):
            message = f"'{scenario.period}' is another period on another day"
            yield Fault((*steps, "period"), "period", message, "write the name of the period, such as 2026-03")


def _classes(scenario: Scenario, levels: dict[str, tuple[str, ...]], steps: tuple[str | int, ...]) -> Iterator[Fault]:
    for name, lines in scenario.expect.levels.items():
        for number, line in enumerate(lines):
            if line.of_class is not None and name in levels and line.of_class not in levels[name]:
                inside = (*steps, "expect", "levels", name, number, "class")
                yield from _known([line.of_class], list(levels[name]), f"class of '{name}'", inside, at_key=False)


def _known(
    words: Collection[str], known: Sequence[str], what: str, steps: tuple[str | int, ...], *, at_key: bool = True
) -> Iterator[Fault]:
    for word in words:
        if word not in known:
            close = difflib.get_close_matches(word, known, n=1)
            named = ", ".join(each for each in known if each) or "nothing"
            help = f"did you mean '{close[0]}'?" if close else f"there is: {named}"
            yield Fault((*steps, word, "[key]") if at_key else steps, "unknown-name", f"no {what} '{word}'", help)
