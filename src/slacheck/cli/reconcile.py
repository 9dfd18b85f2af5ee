"""``slacheck reconcile``: two exports of the same thing, side by side."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from slacheck.cli import bar, ci, exits, locales, screen
from slacheck.cli.settling import given_for, instant
from slacheck.cli.usage import UsageError, reported

_FORMATS = ("terminal", "json", "csv")
_FAIL_ON = ("disagreement", "indeterminate", "never")


@reported("nothing was reconciled")
def run(
    *,
    file: Path,
    period: str,
    against: Sequence[str],
    sources: Path | None,
    data: Sequence[str],
    history: Sequence[Path],
    sides: str,
    as_of: str,
    format: str,
    fail_on: str,
    locale: str | None,
) -> int:
    """Print what two sides say, and return the exit code. Raises SlacheckError, with nothing printed."""
    if format not in _FORMATS:
        raise UsageError(f"--format takes {', '.join(_FORMATS)}; not '{format}'")
    failing = frozenset(word.strip() for word in fail_on.split(","))
    if not failing <= set(_FAIL_ON) or (len(failing) > 1 and "never" in failing):
        raise UsageError(
            f"--fail-on takes disagreement, indeterminate, both joined by a comma, or never; not '{fail_on}'"
        )
    names = tuple(name.strip() for name in sides.split(","))
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise UsageError(f"--sides takes two names with a comma between them, such as ours,theirs; not '{sides}'")
    if not against and sources is None:
        raise UsageError("say what the other side has: --against NAME=PATH, or --sources FILE")
    given, other_given, seen_at = given_for(data), given_for(against, "--against"), instant(as_of)
    if any("-" in paths for paths in given.values()) and any("-" in paths for paths in other_given.values()):
        raise UsageError("standard input can be read once: only one of --data and --against may be '-'")
    people = locales.chosen(locale)

    from slacheck.agreement.loading import load
    from slacheck.reconciling import other_side, reconcile

    loaded = load(file)
    other = other_side(loaded, given, other_given, sources)
    with bar.shown() as progress:
        found = reconcile(loaded, other, period, seen_at, given, (names[0], names[1]), history, progress)

    from slacheck.reports import reconciliation

    if format == "terminal":
        exits.show(ci.inert(reconciliation.render(found, screen.view(sys.stdout, people))))
    else:
        exits.show_bytes(reconciliation.DOCUMENTS[format](found, ci.view(people)).encode())
    if found.outcome == "disagree" and "disagreement" in failing:
        return exits.BREACH
    if found.outcome != "agree" and "indeterminate" in failing:
        return exits.INDETERMINATE
    return exits.MET
