"""What ``evaluate`` does with a ledger: keeps its statements in it, and says what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli import exits
from slacheck.statement import Statements
from slacheck.version import VERSION

if TYPE_CHECKING:
    from slacheck.ledger import Kept, Ledger


def opened(path: Path) -> Ledger:
    """The ledger at ``path``, to be entered; it is made where there is none."""
    from slacheck.ledger import Ledger

    return Ledger(path, write=True)


@contextmanager
def keeping(ledger: Ledger, statements: Statements, reason: str) -> Iterator[list[Kept]]:
    """Keep the statements when the block ends. Raises LedgerError."""
    now = datetime.now(tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    with ledger.keeping(statements.statements, VERSION, now, reason) as kept:
        yield kept


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
