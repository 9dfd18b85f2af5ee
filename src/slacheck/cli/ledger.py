"""What ``evaluate`` does with a ledger: keeps its statements in it, and says what became of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import exits
from slacheck.statement import Statements
from slacheck.version import VERSION

if TYPE_CHECKING:
    from slacheck.ledger import Kept, Ledger


def opened(path: Path, *, write: bool = True) -> Ledger:
    """The ledger at ``path``, to be entered; it is made where there is none, unless it is only read."""
    from slacheck.ledger import Ledger

    return Ledger(path, write=write)


def keep(ledger: Ledger, statements: Statements, reason: str) -> list[Kept]:
    """Keep all statements of a run, now. Raises LedgerError, with none of them kept."""
    return ledger.keep(statements.statements, VERSION, time.time_ns() // 1_000, reason)


def tell_kept(kept: Sequence[Kept], path: Path | None) -> None:
    """Say on stderr what is in the ledger now."""
    if not kept:
        return
    from slacheck.reports.changes import words
    from slacheck.reports.layout import harmless

    for each in kept:
        key = each.entry.key
        name = harmless(f"{key.agreement} {key.period}" + (f" ({key.part})" if key.part else ""))
        if not each.new:
            exits.tell(f"{path} has {name} already")
        elif each.against is None:
            exits.tell(f"kept {name} in {path}")
        else:
            exits.tell(f"kept {name} in {path} as number {each.entry.number}: {harmless(each.entry.reason)}")
            for line in words(each.against):
                exits.tell(f"  {line}")
