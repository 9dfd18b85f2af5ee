"""``--verbose``: what a run read and how long it took, on stderr. Nothing of it is in a statement."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from slacheck.cli import exits

if TYPE_CHECKING:
    from slacheck.statement import Statements

_DIGITS = 12


class Reading:
    """What is told when the run ends."""

    def __init__(self) -> None:
        self.statements: Statements | None = None


@contextmanager
def told(verbose: bool) -> Iterator[Reading]:
    """Tell, where it is asked for, of the statements that the block puts into what it is given."""
    begun, reading = time.monotonic(), Reading()
    yield reading
    if not verbose or reading.statements is None:
        return
    from slacheck.reports.layout import harmless

    seen: dict[str, None] = {}
    for statement in reading.statements.statements:
        agreement = statement.agreement
        seen.setdefault(f"agreement {harmless(agreement.file)}, sha256 {agreement.sha256[:_DIGITS]}")
        for each in statement.inputs:
            rows = f"{each.rows:,} {'row' if each.rows == 1 else 'rows'}"
            name = f"{harmless(each.source)}: {harmless(each.file)}"
            seen.setdefault(f"{name}, {rows}, sha256 {each.sha256[:_DIGITS]}")
        for earlier in statement.history:
            seen.setdefault(f"earlier statement of {harmless(earlier.period)}: {harmless(earlier.file)}")
    for line in seen:
        exits.tell(f"read {line}")
    count = len(reading.statements.statements)
    exits.tell(f"{count} {'statement' if count == 1 else 'statements'} in {time.monotonic() - begun:.2f} s")
