"""What repeated failure entitles to: which periods made a right arise, or why that cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping

from slacheck.agreement.agreement import Agreement, Right
from slacheck.settlement import civil_after
from slacheck.statement import RightState
from slacheck.timeline.periods import Period, leading_to, title
from slacheck.verdicts import Verdict

History = Mapping[tuple[str, str], Verdict]


def states(agreement: Agreement, period: Period, history: History) -> tuple[RightState, ...]:
    """The state of every right at the end of ``period``.

    ``history`` holds the gravest verdict per level and period label, as far as this run settled them. A period that
    it lacks is unknown; one before the agreement began does not count.
    """
    return tuple(_state(name, right, agreement, period, history) for name, right in agreement.rights.items())


def _state(name: str, right: Right, agreement: Agreement, period: Period, history: History) -> RightState:
    span = right.when.of_last or right.when.breached
    looked = list(leading_to(period, span, agreement.effective))[::-1]
    verdicts = [(each, history.get((right.when.level, each.label))) for each in looked]
    breached = [each for each, verdict in verdicts if verdict == "breached"]
    open_ones = [each for each, verdict in verdicts if verdict in (None, "indeterminate")]
    counted = f"{len(breached)} of {span} periods breached"
    if len(breached) >= right.when.breached:
        # It arose with the last of the breaches, which may lie before the period.
        arose = breached[-1]
        use_by = civil_after(arose, right.exercise_within).isoformat() if right.exercise_within else None
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
