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
    from slacheck.reports.figures import Figures
    from slacheck.reports.layout import harmless

    counted = Figures().counted
    seen: dict[str, None] = {}
    for statement in reading.statements.statements:
        agreement = statement.agreement
        seen.setdefault(f"agreement {harmless(agreement.file)}, sha256 {agreement.sha256[:_DIGITS]}")
        for each in statement.inputs:
            name = f"{harmless(each.source)}: {harmless(each.file)}"
            seen.setdefault(f"{name}, {counted(each.rows, 'row')}, sha256 {each.sha256[:_DIGITS]}")
        for earlier in statement.history:
            seen.setdefault(f"earlier statement of {harmless(earlier.period)}: {harmless(earlier.file)}")
    for line in seen:
        exits.tell(f"read {line}")
    made = counted(len(reading.statements.statements), "statement")
    exits.tell(f"{made} in {time.monotonic() - begun:.2f} s")
