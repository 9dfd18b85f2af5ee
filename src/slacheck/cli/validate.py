"""``slacheck validate``: check agreement files, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from slacheck.agreement.chain import chained, rests
from slacheck.agreement.loading import AgreementFile, load_all
from slacheck.cli import ci, exits
from slacheck.cli.usage import UsageError, reported
from slacheck.problems import AgreementError, Problem


@reported()
def run(files: Sequence[Path], format: str = "terminal") -> int:
    """Raises AgreementError with the problems of all files; as a document they are printed on stdout instead."""
    if format != "terminal":
        return _document(files, format)
    for loaded in _read(files):
        exits.remark(_warnings(loaded))
        levels = len(loaded.agreement.service_levels)
        said = "no service level" if not levels else f"{levels} service level{'' if levels == 1 else 's'}"
        amendments = len(loaded.versions) - 1
        if amendments:
            said += f", {amendments} amendment{'' if amendments == 1 else 's'}"
        exits.tell(f"{loaded.label}: valid, {said}")
    return exits.MET


def _document(files: Sequence[Path], format: str) -> int:
    from slacheck.reports.complaints import COMPLAINTS

    if format not in COMPLAINTS:
        raise UsageError(f"--format takes terminal, {', '.join(COMPLAINTS)}; not '{format}'")
    problems: list[Problem] = []
    code = exits.MET
    try:
        for loaded in _read(files):
            problems += _warnings(loaded)
    except AgreementError as error:
        problems += error.problems
        code = exits.INVALID
    exits.show_bytes(COMPLAINTS[format](problems, ci.view()).encode())
    if ci.on_github() and format != "github":
        ci.annotate_problems(problems)
    return code


def _read(files: Sequence[Path]) -> list[AgreementFile]:
    """The agreements, all of them valid with those that they rest on."""
    read = load_all(files)
    resting = [each for each in read if rests(each)]
    problems: dict[Problem, None] = {}
    for each in resting:
        try:
            chained(each)
        except AgreementError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise AgreementError(problems)
    return read


def _warnings(loaded: AgreementFile) -> list[Problem]:
    if not any(version.warnings for version in loaded.versions):
        return []
    from slacheck.lint import remarks

    return list(remarks(loaded))
