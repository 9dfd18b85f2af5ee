"""One line on its way into a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer
from slacheck.measures.measure import Measured
from slacheck.planning import Asking
from slacheck.statement import Line
from slacheck.verdicts import Judgement, Verdict


@dataclass(frozen=True)
class Judged:
    """One line without its money: what was asked and answered, the value, and how it was judged.

    ``judgement`` is None where nothing could be asked. ``few`` is the verdict of the rule for few records, where that
    stood in for the target.
    """

    line: Line
    asking: Asking
    answer: Answer | None = None
    target: Comparison | None = None
    judgement: Judgement | None = None
    measured: Measured | None = None
    remarks: tuple[str, ...] = ()
    few: Verdict | None = None


# The lines of one statement, by level.
Levels = Mapping[str, Sequence[Judged]]
