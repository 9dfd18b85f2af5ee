"""Expected beside minimum levels: a value between them is no breach by itself, but so many in so many periods are.

Known are the periods of the run and those of statements that were given; any other may have been below it or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from slacheck.agreement.level import Promise
from slacheck.history import History
from slacheck.judging.judged import Judged
from slacheck.language.targets import Often
from slacheck.planning import Settling
from slacheck.statement import ExpectedShown, Line
from slacheck.timeline.periods import Period, leading_to
from slacheck.verdicts import Judgement, judge

# Nothing: there was nothing to measure in a period that was judged.
Held = Literal["met", "missed", "open", "nothing"]


def expected_levels(settling: Settling, judged: Sequence[Judged], history: History) -> list[Judged]:
    """Every line with a pair of levels, told how it stands to the expected one, and judged anew where that decides."""
    if all(each.promise.target.expected is None for each in settling.agreement.promised()):
        return list(judged)
    return [_told(settling, each, history) for each in judged]


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


def _told(settling: Settling, each: Judged, history: History) -> Judged:
    promise = _promise(settling, each.line)
    target, held = promise.target, _held(settling, each)
    if held is None or held == "nothing" or target.expected is None or each.measured is None:
        return each
    often = target.below_expected
    missed, undecided = (0, 0) if often is None else _counted(settling, each.line, held, history, often)
    shown = ExpectedShown(
        target=target.expected.text,
        met={"met": True, "missed": False, "open": None}[held],
        missed=missed,
        undecided=undecided,
        default_at=often.count if often else None,
        of=often.of if often else None,
    )
    told = replace(each, line=each.line.model_copy(update={"expected": shown}))
    if often is None or each.line.verdict not in ("met", "indeterminate") or held == "met":
        return told
    if missed >= often.count and held == "missed":
        return _judged_anew(told, "breached", f"below the expected level in {missed} of {often.of} periods")
    if missed + undecided >= often.count:
        reason = f"below the expected level in {missed} of {often.of} periods, {undecided} more are not known"
        return _judged_anew(told, "indeterminate", reason)
    return told


def _counted(settling: Settling, line: Line, now: Held, history: History, often: Often) -> tuple[int, int]:
    """In how many of the last periods the level was missed, and in how many that is not known."""
    agreement = settling.agreement
    effective = (agreement.effective, agreement.service_levels[line.level].effective)
    starts = max((each for each in effective if each), default=None)
    earlier = islice(leading_to(settling.window.period, often.of, starts), 1, None)
    held = [now, *(_held_in(settling, line, period, history) for period in earlier)]
    return held.count("missed"), held.count(None) + held.count("open")


def _held_in(settling: Settling, line: Line, period: Period, history: History) -> Held | None:
    """How the line stood in an earlier period; a known period that has no such line measured nothing of it."""
    lines = history.lines(settling, period, line.level, line.of_class, line.subject)
    if lines is None:
        return None
    states: set[Held] = {_of_line(each) for each in lines}
    order: tuple[Held, ...] = ("missed", "open", "met")
    return next((each for each in order if each in states), "nothing")


def _of_line(line: Line) -> Held:
    if line.expected is None:
        return "open" if line.verdict == "indeterminate" else "nothing"
    return "open" if line.expected.met is None else "met" if line.expected.met else "missed"


def _judged_anew(each: Judged, verdict: Literal["breached", "indeterminate"], reason: str) -> Judged:
    assert each.measured is not None
    judgement = Judgement(verdict, each.measured.best, each.measured.worst, reason, deemed=True)
    shown = "missed" if each.line.role == "kpi" and verdict == "breached" else verdict
    line = each.line.model_copy(update={"verdict": shown, "reason": reason})
    return replace(each, line=line, judgement=judgement)
