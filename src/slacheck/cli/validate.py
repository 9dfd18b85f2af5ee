"""``slacheck validate``: check agreement files, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from slacheck.agreement.loading import load_all
from slacheck.cli import exits


def run(files: Sequence[Path]) -> int:
    """Raises AgreementError with the problems of all files."""
    for loaded in load_all(files):
        exits.remark(list(dict.fromkeys(each for version in loaded.versions for each in version.warnings)))
        levels = len(loaded.agreement.service_levels)
        said = "no service level" if not levels else f"{levels} service level{'' if levels == 1 else 's'}"
        amendments = len(loaded.versions) - 1
        if amendments:
            said += f", {amendments} amendment{'' if amendments == 1 else 's'}"
        exits.tell(f"{loaded.label}: valid, {said}")
    return exits.MET
