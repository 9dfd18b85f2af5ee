"""What repeated failure entitles to: which periods made a right arise, or why that cannot be decided."""

from __future__ import annotations

from slacheck.agreement.agreement import Right
from slacheck.history import History
from slacheck.planning import Settling
from slacheck.settlement import Settled, civil_after
from slacheck.statement import RightState, overall
from slacheck.timeline.periods import Period, leading_to, title
from slacheck.verdicts import Verdict


def states(settling: Settling, settled: Settled, history: History) -> tuple[RightState, ...]:
    """The state of every right at the end of the period of ``settling``.

    A period that neither the run nor its history has is unknown; one before the agreement began does not count.
    """
    return tuple(_state(name, right, settling, settled, history) for name, right in settling.agreement.rights.items())


def _verdict(settling: Settling, settled: Settled, history: History, level: str, period: Period) -> Verdict | None:
    """The gravest verdict of a level in a period; None where it is not known."""
    if period.label == settling.window.period.label:
        return overall(tuple(line for line in settled.lines if line.level == level))
    statements = history.statements(settling, period)
    if statements is None:
        return None
    return overall(tuple(line for each in statements for line in each.lines if line.level == level))


def _state(name: str, right: Right, settling: Settling, settled: Settled, history: History) -> RightState:
    span = right.when.of_last or right.when.breached
    looked = list(leading_to(settling.window.period, span, settling.agreement.effective))[::-1]
    verdicts = [(each, _verdict(settling, settled, history, right.when.level, each)) for each in looked]
    breached = [each for each, verdict in verdicts if verdict == "breached"]
    open_ones = [each for each, verdict in verdicts if verdict in (None, "indeterminate")]
    counted = f"{len(breached)} of {span} periods breached"
    if len(breached) >= right.when.breached:
        # It arose with the last of the breaches, which may lie before the period.
        arose = breached[-1]
        use_by = (
            civil_after(arose, right.exercise_within, settling.calendars, None).isoformat()
            if right.exercise_within
            else None
        )
        named = ", ".join(title(each) for each in breached)
        return RightState(
            name=name,
            state="arose",
            reason=f"{counted}: {named}",
            periods=tuple(each.label for each in breached),
            use_by=use_by,
        )
    if len(breached) + len(open_ones) >= right.when.breached:
        missing = ", ".join(title(each) for each in open_ones)
        return RightState(name=name, state="undecided", reason=f"{counted}; not decided: {missing}")
    return RightState(name=name, state="not-arisen", reason=counted)
