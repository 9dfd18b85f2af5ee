"""``slacheck diff``: what changed between two agreements, and what that would have changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import ci, exits, screen
from slacheck.cli.usage import UsageError, reported

if TYPE_CHECKING:
    from slacheck.agreement.loading import AgreementFile
    from slacheck.comparing import Difference


@reported("nothing was compared")
def run(
    old: Path,
    new: Path | None,
    *,
    format: str,
    exit_code: bool,
    period: str | None,
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
) -> int:
    """Print what is otherwise. Raises UsageError and SlacheckError, with the problems of both files."""
    from slacheck.reports.diff import FORMATS

    if format not in FORMATS:
        raise UsageError(f"--format takes {', '.join(FORMATS)}; not '{format}'")
    if period is None and (data or history):
        raise UsageError("--data and --history are read for a period: write --period 2026-10 beside them")
    if new is None and period is not None:
        raise UsageError("--period is settled under two agreements: name OLD and NEW")
    difference = _compared(old, new, period, data, history, as_of)
    exits.show(ci.inert(FORMATS[format](difference, screen.view(sys.stdout))))
    return exits.BREACH if exit_code and difference.differs else exits.MET


def _compared(
    old: Path, new: Path | None, period: str | None, data: Sequence[str], history: Sequence[Path], as_of: str
) -> Difference:
    from slacheck.agreement.loading import load, load_all
    from slacheck.comparing import compared, versions_compared

    if new is None:
        file = load(old)
        if len(file.versions) == 1:
            raise UsageError(f"{old} has no amendments; name the file it is compared with")
        return versions_compared(file)
    # The same file twice is no difference, and must not be taken for one given by mistake.
    before, after = load_all([old, new]) if old != new else [load(old)] * 2
    difference = compared(before, after)
    return difference if period is None else beside(difference, before, after, period, data, history, as_of)


def beside(
    difference: Difference,
    before: AgreementFile,
    after: AgreementFile,
    period: str,
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
) -> Difference:
    """``difference`` with the same months under both. Raises UsageError and SlacheckError."""
    from slacheck.cli.settling import given_for, instant
    from slacheck.comparing import with_periods
    from slacheck.evaluation import evaluate

    at, given = instant(as_of), given_for(data)
    if any("-" in paths for paths in given.values()):
        raise UsageError("--data is read under both agreements; standard input can be read once: name a file")
    sources = [{name for version in file.versions for name in version.agreement.sources} for file in (before, after)]
    # A name that only one of them knows is given to that one; what neither knows is refused by both.
    own = [
        {name: paths for name, paths in given.items() if name in known or not any(name in each for each in sources)}
        for known in sources
    ]
    both = [evaluate([file], period, at, mapped, history) for file, mapped in zip((before, after), own, strict=True)]
    return with_periods(difference, before, after, both[0], both[1])
