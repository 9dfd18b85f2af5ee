"""``slacheck portfolio``: many agreements, or their statements, on one scorecard."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import bar, ci, exits, locales, screen
from slacheck.cli.ledger import opened
from slacheck.cli.output import write_all
from slacheck.cli.settling import instant
from slacheck.cli.usage import UsageError, failing, reported
from slacheck.reports.scorecards import FORMATS, by_suffix, render

if TYPE_CHECKING:
    from slacheck.portfolio import By, Gathered


@reported("no scorecard was made")
def run(
    *,
    files: Sequence[Path],
    period: str | None,
    statements: Sequence[Path],
    ledger: Path | None,
    by: str | None,
    as_of: str,
    outputs: Sequence[Path],
    format: str,
    fail_on: str,
    locale: str | None,
) -> int:
    """Print or write the scorecard and return the exit code, 3 where an agreement is not settled."""
    failing_on = failing(fail_on)
    if format not in FORMATS:
        raise UsageError(f"--format takes {', '.join(FORMATS)}; not '{format}'")
    grouping = _grouping(by)
    if not files and not statements and ledger is None:
        raise UsageError("name agreement files, or --ledger or --statements with statements made before")
    if files and statements:
        raise UsageError("agreements are settled and --statements are settled already; name one or the other")
    formats = _formats(outputs, [*files, *statements, *([ledger] if ledger else [])])
    people = locales.chosen(locale)
    seen_at = instant(as_of)

    from slacheck.portfolio import kept, made, scorecard

    with contextlib.ExitStack() as open:
        shelf = open.enter_context(opened(ledger, write=False)) if ledger else None
        if files:
            progress = open.enter_context(bar.shown())
            gathered = made(files, period or "last-period", seen_at, shelf, progress)
        else:
            gathered = kept(shelf, statements, period, seen_at)
    card = scorecard(gathered, grouping)
    write_all([(path, render(card, name, ci.view(people)).encode()) for path, name in formats])
    if not outputs:
        text = render(card, format, screen.view(sys.stdout, people))
        exits.show(ci.inert(text) if format == "terminal" else text)
    for path, _ in formats:
        exits.tell(f"wrote {path}")
    return _code(gathered, card.agreements.all, failing_on)


def _code(gathered: Gathered, agreements: int, failing_on: frozenset[str]) -> int:
    wrong = [each for each in gathered.unsettled if not each.idle]
    if wrong:
        problems = [problem for each in wrong for problem in each.problems]
        exits.complain(problems, f"{len(wrong)} of {agreements} agreements not settled")
        return exits.INVALID
    return exits.code_for(gathered.statements, failing_on)


def _grouping(by: str | None) -> By | None:
    from slacheck.portfolio import BY

    found = next((each for each in BY if each == by), None)
    if by is not None and found is None:
        raise UsageError(f"--by takes {', '.join(BY)}; not '{by}'")
    return found


def _formats(outputs: Sequence[Path], read: Sequence[Path]) -> list[tuple[Path, str]]:
    taken = {os.path.realpath(each) for each in read}
    found: list[tuple[Path, str]] = []
    for path in outputs:
        name = by_suffix(path)
        if name is None:
            endings = ", ".join(each[0] for each in FORMATS.values())
            raise UsageError(f"no format is known for '{path}': end it in one of {endings}")
        if (place := os.path.realpath(path)) in taken:
            raise UsageError(f"'{path}' is read or written by this run already; choose another --output")
        taken.add(place)
        found.append((path, name))
    return found
