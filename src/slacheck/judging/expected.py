"""Expected beside minimum levels: a value between them is no breach by itself, but so many in so many periods are.

Known are the periods of the run; a period that it lacks may have been below the expected level or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from slacheck.agreement.level import Promise
from slacheck.judging.judged import Judged
from slacheck.language.targets import Often
from slacheck.planning import Settling
from slacheck.settlement import credit
from slacheck.statement import ExpectedShown, Line
from slacheck.timeline.periods import Period, leading_to
from slacheck.verdicts import Judgement, judge

# Nothing: there was nothing to measure in a period that was judged.
Held = Literal["met", "missed", "open", "nothing"]
_Key = tuple[str, str, str, str]


def expected_levels(
    settlings: Sequence[Settling], judged: Mapping[int, Sequence[Judged]]
) -> dict[int, Sequence[Judged]]:
    """Every line with a pair of levels, told how it stands to the expected one, and judged anew where that decides."""
    known: dict[int, _Known] = {}
    for settling in settlings:
        own = known.setdefault(id(settling.file), _Known())
        own.judged.add(settling.window.period.label)
        for each in judged[id(settling)]:
            held = _held(settling, each)
            if held is not None:
                own.lines[_key(each.line, settling.window.period)] = held
    found: dict[int, Sequence[Judged]] = {}
    for settling in settlings:
        own = known[id(settling.file)]
        found[id(settling)] = [_told(settling, each, own) if own.lines else each for each in judged[id(settling)]]
    return found


@dataclass
class _Known:
    """What the periods of a run say: how each line stands to its expected level, and which periods were judged."""

    lines: dict[_Key, Held] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)

    def of(self, line: Line, period: Period) -> Held | None:
        """None where nothing is known of the period; a line that a judged period does not have measured nothing."""
        return self.lines.get(_key(line, period), "nothing" if period.label in self.judged else None)


def _key(line: Line, period: Period) -> _Key:
    return line.level, line.of_class, line.subject, period.label


def _promise(settling: Settling, line: Line) -> Promise:
    promises = settling.agreement.service_levels[line.level].promises
    return promises[line.of_class] if line.of_class in promises else next(iter(promises.values()))


def _held(settling: Settling, each: Judged) -> Held | None:
    """How a line stands to its expected level; None where it has none. A rule for few records stands in for it."""
    target = _promise(settling, each.line).target
    if target.expected is None:
        return None
    if each.line.verdict == "not-applicable":
        return "nothing"
    if each.measured is None:
        return "open"
    verdict = each.few or judge(each.measured, target.expected, "bounds", None, "").verdict
    return "met" if verdict == "met" else "missed" if verdict == "breached" else "open"


def _told(settling: Settling, each: Judged, known: _Known) -> Judged:
    line, period = each.line, settling.window.period
    held = known.lines.get(_key(line, period))
    promise = _promise(settling, line)
    target = promise.target
    if held is None or held == "nothing" or target.expected is None or each.measured is None:
        return each
    missed, undecided = (
        (0, 0) if target.below_expected is None else _counted(settling, line, known, target.below_expected)
    )
    often = target.below_expected
    shown = ExpectedShown(
        target=target.expected.text,
        met={"met": True, "missed": False, "open": None}[held],
        missed=missed,
        undecided=undecided,
        default_at=often.count if often else None,
        of=often.of if often else None,
    )
    told = replace(each, line=line.model_copy(update={"expected": shown}))
    if often is None or line.verdict not in ("met", "indeterminate") or held == "met":
        return told
    if missed >= often.count and held == "missed":
        return _judged_anew(
            settling, told, promise, "breached", f"below the expected level in {missed} of {often.of} periods"
        )
    if missed + undecided >= often.count:
        reason = f"below the expected level in {missed} of {often.of} periods, {undecided} more are not known"
        return _judged_anew(settling, told, promise, "indeterminate", reason)
    return told


def _counted(settling: Settling, line: Line, known: _Known, often: Often) -> tuple[int, int]:
    """In how many of the last periods the level was missed, and in how many that is not known."""
    agreement = settling.agreement
    effective = (agreement.effective, agreement.service_levels[line.level].effective)
    starts = max((each for each in effective if each), default=None)
    held = [known.of(line, period) for period in leading_to(settling.window.period, often.of, starts)]
    return held.count("missed"), held.count(None) + held.count("open")


def _judged_anew(
    settling: Settling, each: Judged, promise: Promise, verdict: Literal["breached", "indeterminate"], reason: str
) -> Judged:
    target, measured = promise.target.binding, each.measured
    assert target is not None
    assert measured is not None
    kpi = each.line.role == "kpi"
    deemed = verdict == "breached"
    judgement = Judgement(verdict, measured.best, measured.worst, reason, deemed=deemed)
    settled = credit(promise, judgement, measured, settling.agreement, target)
    update = {
        "verdict": "missed" if kpi and verdict == "breached" else verdict,
        "reason": reason,
        "credit": settled.credit if settled else None,
    }
    return replace(each, line=each.line.model_copy(update=update), settled=settled)
