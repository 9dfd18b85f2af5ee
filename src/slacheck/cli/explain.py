"""``slacheck explain``: a page of the manual, what a key is, or how every amount of an agreement came about."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from slacheck.cli import bar, exits, locales, reading, screen
from slacheck.cli.ledger import opened
from slacheck.cli.settling import settled
from slacheck.cli.usage import UsageError, reported


@reported()
def run(
    what: str,
    *,
    period: str,
    level: str | None,
    data: Sequence[str],
    history: Sequence[Path],
    ledger: Path | None,
    as_of: str,
    locale: str | None,
    verbose: bool,
) -> int:
    """Print a page, or explain an agreement where ``what`` is a file or ends like one. Raises SlacheckError."""
    # A page is a page, whatever lies in the folder where it is asked for.
    if what.lower().endswith((".yaml", ".yml")) or (os.path.isfile(what) and not _known(what)):
        return _amounts(Path(what), period, level, data, history, ledger, as_of, locales.chosen(locale), verbose)
    if level is not None or data or history or ledger or locale or verbose:
        options = "--level, --data, --history, --ledger, --locale and --verbose"
        raise UsageError(f"'{what}' is no agreement file, and {options} are read with one")
    return _manual(what)


def _pages() -> dict[str, str]:
    from slacheck.agreement.manual import pages

    return pages()


def _known(name: str) -> bool:
    """Whether something in the manual or the language is called so."""
    from slacheck.agreement.keys import called

    return name in _pages() or bool(called(name))


def _manual(name: str) -> int:
    """Print what is called ``name``: the page of a kind, a part or a code of lint, or what a key is."""
    from slacheck.agreement.keys import called, close, parts
    from slacheck.lint import pages as codes
    from slacheck.reports.keys import listed, render

    pages = _pages() | codes()
    if name in pages:
        exits.show(f"{name}\n\n{pages[name]}\n")
        of = next((keys for part, keys in parts().items() if part[-1:] == (name,)), [])
        if of:
            exits.show(f"\nKeys (slacheck explain {name}.{of[-1].name} tells more of one):\n\n{listed(of)}")
        return exits.MET
    found = called(name)
    if not found:
        meant = close(name, pages)
        others = f"there is {', '.join(_pages())}, every code of lint and every key"
        there = f"did you mean '{meant}'?" if meant else others
        raise UsageError(f"neither a page of the manual nor a key of the language is called '{name}'; {there}")
    exits.show(render(found, parts()))
    return exits.MET


def _amounts(
    file: Path,
    period: str,
    level: str | None,
    data: Sequence[str],
    history: Sequence[Path],
    ledger: Path | None,
    as_of: str,
    locale: str,
    verbose: bool,
) -> int:
    """Print the derivation of every amount. What the verdict is leaves the exit code as it is."""
    from slacheck.reports.derivation import render
    from slacheck.reports.rows_behind import rows_behind

    with reading.told(verbose) as told, bar.shown() as progress, contextlib.ExitStack() as open:
        shelf = open.enter_context(opened(ledger, write=False)) if ledger else None
        statements = settled([file], period, data, history, as_of, progress, shelf=shelf)
        told.statements = statements
    levels = {line.level for statement in statements.statements for line in statement.lines}
    if level is not None and level not in levels:
        close = difflib.get_close_matches(level, levels, n=1)
        there = f"did you mean '{close[0]}'?" if close else f"there is {', '.join(sorted(levels)) or 'none'}"
        raise UsageError(f"no level '{level}' in the period; {there}")
    exits.show(render(statements, screen.view(sys.stdout, locale), level, rows_behind))
    return exits.MET
