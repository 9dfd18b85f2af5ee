"""What is known about a line, for the registers that hold its fees."""

from __future__ import annotations

from slacheck.fees.worth import Whose
from slacheck.judging import Judged
from slacheck.planning.charging import whose as told


def whose(judged: Judged) -> Whose:
    """The values of the words that tell the rows of registers apart: subject, class, conditions, facts of the record."""
    return told(judged.asking.settling.agreement, judged.asking.promised)
