"""One line on its way into a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slacheck.measures.measure import Measured
from slacheck.settlement import Settled
from slacheck.statement import Line
from slacheck.verdicts import Verdict


@dataclass(frozen=True)
class Judged:
    """One line with its settled credit and the value that other levels may be made of.

    ``few`` is the verdict of the rule for few records, where that stood in for the target.
    """

    line: Line
    settled: Settled | None
    measured: Measured | None = None
    remarks: tuple[str, ...] = ()
    few: Verdict | None = None


# The lines of one statement, by level.
Levels = Mapping[str, Sequence[Judged]]
