"""The other side of a reconciliation: the same agreement, with some of its sources read from somewhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field, ValidationError

from slacheck.agreement.checks import findings
from slacheck.agreement.checks.finding import meant
from slacheck.agreement.loading import AgreementFile
from slacheck.language.places import problems_of
from slacheck.language.terms import Terms
from slacheck.language.yaml_text import Document, read_file
from slacheck.problems import AgreementError, DataError, Problem
from slacheck.sources.source import Source


class SourcesFile(Terms):
    """A file with nothing but sources, written as in an agreement."""

    sources: dict[str, Source] = Field(min_length=1)


@dataclass(frozen=True)
class Side:
    """An agreement and where its sources are read from; ``others`` are those that the other side has elsewhere."""

    file: AgreementFile
    data: Mapping[str, Sequence[str]]
    others: frozenset[str]


def other_side(
    file: AgreementFile, data: Mapping[str, Sequence[str]], against: Mapping[str, Sequence[str]], sources: Path | None
) -> Side:
    """The side that reads ``against`` by the agreement's own mapping, and the sources of a file by theirs.

    What is not named is read from the same place as on the first side. Raises AgreementError with everything that is
    wrong with the file of sources, DataError for names that no source has.
    """
    names = {name for version in file.versions for name in version.agreement.sources}
    unknown = [name for name in against if name not in names]
    if unknown:
        raise DataError(
            Problem(
                f"--against {name}",
                code="unknown-name",
                message=f"the agreement has no source '{name}'",
                help=meant(name, sorted(names)),
            )
            for name in unknown
        )
    if sources is None:
        return Side(_again(file, {}), {**data, **against}, frozenset(against))
    document = read_file(sources)
    found = _read(document, names)
    other = _again(file, found)
    _checked(other, found, document)
    directory = os.path.relpath(Path(os.path.realpath(sources)).parent)
    read = {
        name: [path if path == "-" else os.path.normpath(os.path.join(directory, path)) for path in source.path]
        for name, source in found.items()
    }
    return Side(other, {**data, **read, **against}, frozenset(against) | set(found))


def _read(document: Document, names: set[str]) -> dict[str, Source]:
    try:
        found = SourcesFile.model_validate(document.data).sources
    except ValidationError as error:
        raise AgreementError(problems_of(error, SourcesFile, document)) from None
    unknown = [name for name in found if name not in names]
    if unknown:
        raise AgreementError(
            document.problem(
                document.place(("sources", name), "key"),
                "unknown-name",
                f"the agreement has no source '{name}'",
                meant(name, sorted(names)),
            )
            for name in unknown
        )
    return found


def _again(file: AgreementFile, found: Mapping[str, Source]) -> AgreementFile:
    """The agreement once more, with its versions, so that its statements are those of another."""
    versions = tuple(
        replace(
            each,
            agreement=each.agreement.model_copy(
                update={"sources": {name: found.get(name, own) for name, own in each.agreement.sources.items()}}
            ),
        )
        for each in file.versions
    )
    for each in versions:
        # Each knows all of them, so that they cannot be given before they are made.
        object.__setattr__(each, "versions", versions)
    return versions[0]


def _checked(file: AgreementFile, found: Mapping[str, Source], document: Document) -> None:
    """What the agreement cannot mean with these sources, where it could with its own."""
    problems: list[Problem] = []
    for version in file.versions:
        for finding in findings(version.agreement):
            if finding.weight == "warning":
                continue
            own = finding.steps[:1] == ("sources",) and finding.steps[1] in found
            text = document if own else version.document
            place = text.place(finding.steps, "key" if finding.at == "key" else "value")
            problems.append(text.problem(place, finding.code, finding.message, finding.help))
    if problems:
        raise AgreementError(dict.fromkeys(problems))
