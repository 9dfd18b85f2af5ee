"""What is known about a line, for the registers that hold its fees."""

from __future__ import annotations

from slacheck.fees.worth import Whose
from slacheck.judging import Judged
from slacheck.planning.charging import whose as told


def whose(judged: Judged) -> Whose:
    """The values of the words that tell the rows of registers apart: subject, class, conditions, facts of a record."""
    asking, answer = judged.asking, judged.answer
    facts = {word: text for word, text in answer.facts.items() if text is not None} if answer is not None else {}
    return told(asking.settling.agreement, asking.promised, answer.of if answer is not None else "", facts)
