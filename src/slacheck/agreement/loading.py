"""An agreement file becomes an agreement, or every problem it has, each at its line and column."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, cast

from pydantic import ValidationError

from slacheck import claims_made, corrections
from slacheck.agreement.agreement import Agreement
from slacheck.agreement.amendments import CODE, Settled, Version, out_of_term, terms_digest, told, versions
from slacheck.agreement.checks import findings
from slacheck.agreement.checks.finding import Steps
from slacheck.agreement.checks.names import unused, used_only
from slacheck.agreement.classes import written_out
from slacheck.calendars.resolving import Calendars
from slacheck.claims_made import ClaimsFile
from slacheck.corrections import CorrectionsFile
from slacheck.language.places import problems_of
from slacheck.language.terms import EMPTY, nothing_behind
from slacheck.language.yaml_text import Document, read_file
from slacheck.problems import AgreementError, Problem


@dataclass(frozen=True)
class AgreementFile:
    """A loaded agreement with the file it stands in; ``digest`` is the SHA-256 of the file's bytes.

    ``calendars`` are its calendars, ready to be asked, ``corrections`` and ``claims`` the files that it names.
    ``warnings`` are what may be meant and yet deserves a remark.

    Each amendment makes a version, an agreement file of its own for the civil days ``[since, before)`` (None: no such
    end). ``versions`` are all of them in order, headed by the agreement as it was first, and every one has them;
    without amendments it is alone. ``settled`` says what becomes of a period in which ``since`` lies. ``terms`` is the
    SHA-256 of the terms of the version, whatever amendments are added later.
    """

    agreement: Agreement
    document: Document
    label: str
    directory: Path
    digest: str
    calendars: Calendars
    corrections: CorrectionsFile | None = None
    terms: str = ""
    since: date | None = None
    before: date | None = None
    settled: Settled = "apart"
    warnings: tuple[Problem, ...] = ()
    claims: ClaimsFile | None = None
    versions: tuple[AgreementFile, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.versions:
            object.__setattr__(self, "versions", (self,))

    @property
    def first(self) -> AgreementFile:
        """The agreement before any amendment, which is the same for all versions: what stands for the agreement."""
        return self.versions[0]

    @property
    def until(self) -> date | None:
        """The last day in force after all amendments."""
        return self.versions[-1].agreement.until


def load(path: str | Path, changed: Callable[[Document], Document] | None = None) -> AgreementFile:
    """Read and check one agreement file, with the calendar files, the corrections and the claims that it names.

    ``changed`` makes another document of it before anything else, whose parts need not all be used. Amendments become
    ``versions`` of it. Raises AgreementError with every problem of the file, or of those beside it.
    """
    label = str(path)
    document = read_file(Path(path), label)
    document = changed(document) if changed else document
    read, problems = versions(document)
    wrong = _Wrong()
    validated = [_validated(each, wrong) for each in read]
    for earlier, version, amended in zip(validated, read[1:], validated[1:], strict=False):
        if earlier is not None:
            problems += out_of_term(version, earlier.agreement, amended.agreement if amended else None)
    checked = [each for each in validated if each is not None]
    doubts = _check(checked, wrong, all_valid=not (problems or changed) and len(checked) == len(validated))
    if problems or wrong.found:
        raise AgreementError(_ordered([*problems, *wrong.told()]))
    directory = Path(os.path.realpath(path)).parent
    files: list[AgreementFile] = []
    for version, agreement, written in checked:
        needed = _with_known_sources(used_only(agreement), files)
        calendars = Calendars(needed.calendars, needed.zone, directory, label)
        wrong.add(version, calendars.problems())
        terms, since, before, settled = terms_digest(version.document), version.since, version.before, version.settled
        files.append(
            AgreementFile(
                needed, written, label, directory, document.digest, calendars, None, terms, since, before, settled
            )
        )
    problems += wrong.told()
    corrected: CorrectionsFile | None = None
    try:
        corrected = _corrections(files, directory)
    except AgreementError as error:
        problems += error.problems
    claims: dict[str, ClaimsFile] = {}
    try:
        claims = _claims(files, directory)
    except AgreementError as error:
        problems += error.problems
    if problems:
        raise AgreementError(dict.fromkeys(problems))
    files = [
        replace(
            each,
            corrections=corrected,
            claims=claims.get(each.agreement.settlement.claims_made or ""),
            warnings=tuple(own),
        )
        for each, own in zip(files, doubts, strict=True)
    ]
    for each in files:
        # Each knows all of them, so that they cannot be given before they are made.
        object.__setattr__(each, "versions", tuple(files))
    return files[0]


class _Checked(NamedTuple):
    """A valid version: its agreement, and its document with classes written out."""

    version: Version
    agreement: Agreement
    document: Document


def _with_known_sources(agreement: Agreement, earlier: Sequence[AgreementFile]) -> Agreement:
    """The same agreement, its sources those of the version before where they are alike: a pipe is read but once."""
    known = earlier[-1].agreement.sources if earlier else {}
    sources = {name: known[name] if known.get(name) == each else each for name, each in agreement.sources.items()}
    return agreement.model_copy(update={"sources": sources})


class _Wrong:
    """What is wrong with the versions, each thing once: an amendment that leaves it as it was adds nothing."""

    def __init__(self) -> None:
        self.found: dict[Problem, Version] = {}

    def add(self, version: Version, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.found.setdefault(problem, version)

    def told(self) -> list[Problem]:
        return [told(version, problem) for problem, version in self.found.items()]


def _validated(version: Version, wrong: _Wrong) -> _Checked | None:
    """A version as its models read it; None where they refuse it."""
    document = written_out(version.document)
    try:
        return _Checked(version, Agreement.model_validate(document.data), document)
    except ValidationError as error:
        told = list(problems_of(error, Agreement, document))
        if any(problem.code == EMPTY for problem in told):
            # A mapping is read no further than its first empty key.
            places = {(problem.line, problem.column) for problem in told}
            told += (each for each in _empty(version.document) if (each.line, each.column) not in places)
        wrong.add(version, told)
    return None


def _empty(document: Document) -> Iterator[Problem]:
    """Every key with nothing behind it, so that all of them are told at once."""
    waiting: list[Steps] = [()]
    while waiting:
        steps = waiting.pop()
        data = document.value(steps)
        if isinstance(data, dict):
            for key, value in data.items():
                if value is None:
                    place = document.place((*steps, key), "key")
                    yield document.problem(place, EMPTY, *nothing_behind(key))
            waiting += [(*steps, key) for key in data]
        elif isinstance(data, list):
            waiting += [(*steps, index) for index in range(len(data))]


def _check(checked: Sequence[_Checked], wrong: _Wrong, all_valid: bool) -> list[list[Problem]]:
    """The checks on the meaning of every version; returns what only deserves a remark in each.

    A thing is unused where no version uses it, which only shows when all of them are valid.
    """
    of_each = [list(findings(each.agreement)) for each in checked]
    idle = [{each.steps for each in own if unused(each)} for own in of_each]
    doubts: list[list[Problem]] = [[] for _ in checked]
    for each, own, doubted in zip(checked, of_each, doubts, strict=True):
        for finding in own:
            if unused(finding) and not (all_valid and _in_all(finding.steps, checked, idle)):
                continue
            place = each.document.place(finding.steps, cast(Literal["key", "value"], finding.at))
            problem = each.document.problem(place, finding.code, finding.message, finding.help)
            if finding.weight == "warning":
                doubted.append(replace(problem, weight="warning"))
            else:
                wrong.add(each.version, [problem])
    return [_ordered(own) for own in doubts]


def _in_all(steps: Steps, checked: Sequence[_Checked], idle: Sequence[Collection[Steps]]) -> bool:
    """Whether no version that has the thing uses it."""
    return all(steps in own or each.document.route(steps)[0] != steps for each, own in zip(checked, idle, strict=True))


def _ordered(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda each: (each.line, each.column, each.code, each.message))


def _corrections(files: Sequence[AgreementFile], directory: Path) -> CorrectionsFile | None:
    """The corrections of an agreement. Raises AgreementError with everything that is wrong with their file.

    A correction is right where it is right for one version.
    """
    agreement = files[0].agreement
    if agreement.corrections is None:
        return None
    found = corrections.load(directory / agreement.corrections, agreement.corrections)
    known: dict[str, corrections.Correctable] = {}
    wrong: list[Problem] | None = None
    of_each = [_correctable(each.agreement) for each in files]
    for levels in of_each:
        known |= levels
    for levels in of_each:
        here = corrections.problems(found, known | levels, agreement.zone)
        wrong = here if wrong is None else [problem for problem in wrong if problem in here]
    if not wrong:
        wrong = list(_values_of_parts(found, files))
    if wrong:
        raise AgreementError(wrong)
    return found


def _claims(files: Sequence[AgreementFile], directory: Path) -> dict[str, ClaimsFile]:
    """The files of claims by the name that the agreement gives them. Raises AgreementError with all of their problems.

    A claim is right where some version has its level.
    """
    agreement = files[0].agreement
    named = dict.fromkeys(each.agreement.settlement.claims_made for each in files)
    levels = list(dict.fromkeys(name for each in files for name in each.agreement.service_levels))
    found: dict[str, ClaimsFile] = {}
    wrong: list[Problem] = []
    for name in named:
        if name is None:
            continue
        try:
            found[name] = claims_made.load(directory / name, name)
        except AgreementError as error:
            wrong += error.problems
            continue
        wrong += claims_made.problems(found[name], levels, agreement.period.cycle, agreement.zone)
    if wrong:
        raise AgreementError(wrong)
    return found


def _correctable(agreement: Agreement) -> dict[str, corrections.Correctable]:
    levels: dict[str, corrections.Correctable] = {}
    for name, level in agreement.service_levels.items():
        promise = next(iter(level.promises.values()))
        kind = promise.target.kind or "number"
        levels[name] = corrections.Correctable(agreement.period.cycle, kind, promise.measure.reads == "time")
    return levels


def _values_of_parts(found: CorrectionsFile, files: Sequence[AgreementFile]) -> Iterator[Problem]:
    """Values for periods that are settled in parts: nothing says what the value of each part was."""
    agreement = files[0].agreement
    cuts = [each.since for each in files if each.since and each.settled == "apart"]
    for index, entry in enumerate(found.entries):
        if entry.value is None:
            continue
        period = corrections.period_of(entry, agreement.period.cycle, agreement.zone)
        for cut in cuts:
            if period.start < cut < period.end:
                place = found.document.place(("corrections", index, "value"))
                message = (
                    f"{entry.period} is settled in parts, before and from {cut} on, and the value is one of neither"
                )
                help = "correct stretches of time, or write settled: period-end on the amendment"
                yield found.document.problem(place, CODE, message, help)
                break


def load_all(paths: Sequence[str | Path]) -> list[AgreementFile]:
    """Load every file; raises one AgreementError with the problems of all of them."""
    loaded: list[AgreementFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            loaded.append(load(path))
        except AgreementError as error:
            problems += error.problems
    if problems:
        raise AgreementError(problems)
    return loaded
