"""``slacheck what-if``: the same months under other terms, and how far each level was from its bands."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import ci, exits, screen
from slacheck.cli.usage import UsageError, reported

if TYPE_CHECKING:
    from slacheck.agreement.setting import Setting


@reported("nothing was settled")
def run(
    agreement: Path,
    *,
    period: str,
    set_to: Sequence[str],
    without: Sequence[str],
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
    format: str,
) -> int:
    """Print both side by side, or where nothing is changed the reach of every level. Raises UsageError and
    SlacheckError, the problems of a change with its argument."""
    from slacheck.agreement.setting import Setting

    settings = [_setting(text) for text in set_to]
    settings += [Setting(f"--without {key}", key) for key in without]
    if settings:
        return _beside(agreement, settings, period, data, history, as_of, format)

    from slacheck.agreement.loading import load
    from slacheck.cli.settling import given_for, instant
    from slacheck.comparing import reaches
    from slacheck.evaluation import evaluate
    from slacheck.reports.reach import FORMATS

    _known(format, FORMATS)
    file = load(agreement)
    found = reaches(file, evaluate([file], period, instant(as_of), given_for(data), history))
    exits.show(ci.inert(FORMATS[format](found, screen.view(sys.stdout))))
    return exits.MET


def _beside(
    agreement: Path,
    settings: Sequence[Setting],
    period: str,
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
    format: str,
) -> int:
    from slacheck.agreement.loading import load
    from slacheck.agreement.setting import load_with
    from slacheck.cli.diff import beside
    from slacheck.comparing import set_compared
    from slacheck.reports.diff import FORMATS

    _known(format, FORMATS)
    before, after = load(agreement), load_with(agreement, settings)
    found = beside(
        set_compared(before, after, [each.argument for each in settings]), before, after, period, data, history, as_of
    )
    exits.show(ci.inert(FORMATS[format](found, screen.view(sys.stdout))))
    return exits.MET


def _known(format: str, formats: Collection[str]) -> None:
    if format not in formats:
        raise UsageError(f"--format takes {', '.join(formats)} here; not '{format}'")


def _setting(text: str) -> Setting:
    from slacheck.agreement.setting import Setting

    key, sign, value = text.partition("=")
    if not (key.strip() and sign and value.strip()):
        raise UsageError(f"--set takes KEY=VALUE, such as service_levels.availability.target='>= 99.5%'; not '{text}'")
    return Setting(f"--set {text}", key.strip(), value)
