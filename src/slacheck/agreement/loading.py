"""An agreement file becomes an agreement, or every problem it has, each at its line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pydantic import ValidationError

from slacheck import corrections
from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import findings
from slacheck.agreement.classes import written_out
from slacheck.calendars.resolving import Calendars
from slacheck.corrections import CorrectionsFile
from slacheck.language.places import problems_of
from slacheck.language.yaml_text import Document, read_file
from slacheck.problems import AgreementError, Problem


@dataclass(frozen=True)
class AgreementFile:
    """A loaded agreement with the file it stands in; ``digest`` is the SHA-256 of the file's bytes.

    ``calendars`` are its calendars, ready to be asked, ``corrections`` the file of corrections that it names.
    """

    agreement: Agreement
    document: Document
    label: str
    directory: Path
    digest: str
    calendars: Calendars
    corrections: CorrectionsFile | None = None


def load(path: str | Path) -> AgreementFile:
    """Read and check one agreement file, with the calendar files and the corrections that it names.

    Raises AgreementError with every problem of the file, or of those beside it.
    """
    label = str(path)
    document = written_out(read_file(Path(path), label))
    try:
        agreement = Agreement.model_validate(document.data)
    except ValidationError as error:
        raise AgreementError(problems_of(error, Agreement, document)) from None
    problems: list[Problem] = []
    for finding in findings(agreement):
        place = document.place(finding.steps, cast(Literal["key", "value"], finding.at))
        problems.append(document.problem(place, finding.code, finding.message, finding.help))
    if problems:
        raise AgreementError(sorted(dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.code, p.message)))
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    directory = Path(path).resolve().parent
    calendars = Calendars(agreement.calendars, agreement.zone, directory, label)
    problems += calendars.problems()
    corrected: CorrectionsFile | None = None
    try:
        corrected = _corrections(agreement, directory)
    except AgreementError as error:
        problems += error.problems
    if problems:
        raise AgreementError(dict.fromkeys(problems))
    return AgreementFile(agreement, document, label, directory, digest, calendars, corrected)


def _corrections(agreement: Agreement, directory: Path) -> CorrectionsFile | None:
    """The corrections of an agreement. Raises AgreementError with everything that is wrong with their file."""
    if agreement.corrections is None:
        return None
    found = corrections.load(directory / agreement.corrections, agreement.corrections)
    levels: dict[str, corrections.Correctable] = {}
    for name, level in agreement.service_levels.items():
        promise = next(iter(level.promises.values()))
        kind = promise.target.kind or "number"
        levels[name] = corrections.Correctable(agreement.period.cycle, kind, promise.measure.reads == "time")
    wrong = corrections.problems(found, levels, agreement.zone)
    if wrong:
        raise AgreementError(wrong)
    return found


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
