"""Many subjects of one promise, of which most have measured the same."""

from __future__ import annotations

from slacheck.judging.judged import Judged
from slacheck.judging.line import Subject, evidence, judged, remarks
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer
from slacheck.measures.measure import TimeTally
from slacheck.planning import Asking


class Alike:
    """The lines of one promise, of many subjects of which most have measured the same: that is judged once."""

    def __init__(self, asking: Asking, target: Comparison | None) -> None:
        self._asking, self._target = asking, target
        self._known: dict[TimeTally, Judged] = {}
        # Beside what was measured nothing of the subject enters its verdict.
        self._plain = not (asking.corrections or asking.promised.promise.low_volume or asking.ask.record)

    def judged(self, answer: Answer) -> Judged:
        """The line of one subject; raises as ``judged`` does."""
        asking, tally = self._asking, answer.tally
        told = answer.of in asking.facts or answer.of in asking.figures
        if told or not self._plain or not isinstance(tally, TimeTally) or answer.window is not None:
            return judged(asking, Subject(answer, self._target))
        known = self._known.get(tally)
        if known is None:
            known = self._known[tally] = judged(asking, Subject(answer, self._target))
            return known
        line = known.line.model_copy(update={"subject": answer.subject, **evidence(answer)})
        said = remarks(asking, answer)
        return Judged(line, asking, answer, known.target, known.judgement, known.measured, said, known.few)
