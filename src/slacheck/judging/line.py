"""One line: a value measured, rounded where that is agreed, compared, and what the breach costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from slacheck.agreement.classes import PROMISES
from slacheck.agreement.level_terms import Misses
from slacheck.judging.judged import Judged
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Answer, Stretch
from slacheck.measures.measure import (
    CaseTally,
    CountTally,
    LengthTally,
    LevelTally,
    Measured,
    RateTally,
    RecordTally,
    TimeTally,
    ValueTally,
    WeightedTally,
)
from slacheck.planning import Asking
from slacheck.problems import DataError, Problem
from slacheck.statement import (
    Balance,
    BeforeCorrections,
    CasesCounted,
    CaseShown,
    CorrectionShown,
    Counted,
    Exact,
    Line,
    LineVerdict,
    StretchShown,
)
from slacheck.timeline import intervals, zones
from slacheck.timeline.windows import Window
from slacheck.verdicts import Judgement, judge, oriented

_SHOWN = 20


@dataclass(frozen=True)
class Subject:
    """What a line is about: an answer and its target. ``rolled`` up from ``of`` subjects, ``value`` is theirs."""

    answer: Answer
    target: Comparison | None
    value: Measured | None = None
    rolled: bool = False
    of: int = 0


def idle(asking: Asking) -> Judged:
    """The line of a promise of which nothing can be asked in this period."""
    promised = asking.promised
    return Judged(
        Line(
            level=promised.level_name,
            of_class=promised.of_class,
            period=asking.period,
            title=promised.level.title or _titled(promised.level_name),
            clause=promised.promise.clause,
            role=promised.level.role,
            subject="",
            measure=promised.promise.measure.kind,
            unit=promised.promise.target.kind or "number",
            target=promised.promise.target.text,
            verdict="not-applicable",
            reason=asking.idle,
            best=None,
            worst=None,
            margin_in="value",
            margin_best=None,
            margin_worst=None,
            coverage=None,
            missing=promised.promise.missing,
            agreement_line=_agreement_line(asking),
        ),
        asking,
    )


def judged(asking: Asking, subject: Subject) -> Judged:
    """The line of one subject. Raises DataError where data is missing that may not be."""
    promise, answer = asking.promised.promise, subject.answer
    if answer.of in asking.facts or answer.of in asking.figures:
        answer = replace(answer, facts=asking.facts.get(answer.of, {}), figures=asking.figures.get(answer.of, {}))
    measured = subject.value if subject.rolled else _measured(asking, answer)
    found = asking.corrected(answer.subject) if asking.corrections else None
    if found is not None and found.value is not None:
        measured = Measured(found.value.value, found.value.value, Fraction(1))
    if promise.missing == "error" and _incomplete(answer, measured):
        raise DataError([_missing_is_an_error(asking, answer)])
    exact = measured
    measured = _rounded(asking, measured)
    target = subject.target
    if target is None:
        judgement = Judgement("indeterminate", None, None, f"no '{promise.target.column}' is known for it")
        shown = _shown(asking, subject, exact, None, judgement)
        said = remarks(asking, answer)
        return Judged(shown, asking, answer, judgement=judgement, measured=measured, remarks=said)
    low, judgement = _low_volume(asking, subject, measured)
    if low is None:
        judgement = _judgement(asking, subject, measured, target)
    shown = _shown(asking, subject, exact, target, judgement)
    if promise.rounded is not None and exact != measured and not judgement.reason:
        shown = shown.model_copy(update={"reason": f"compared as agreed, rounded to {promise.rounded.to.text}"})
    if low is not None:
        shown = shown.model_copy(update={"target": low})
    few = None if low is None else judgement.verdict
    return Judged(shown, asking, answer, target, judgement, measured, remarks(asking, answer), few)


def foreseen(asking: Asking, answer: Answer, target: Comparison) -> Judgement:
    """How a line would be judged that was answered so, by its target alone."""
    promise = asking.promised.promise
    measured = _rounded(asking, _measured(asking, answer))
    return judge(measured, target, promise.missing, promise.coverage, _nothing(answer))


def corrected(asking: Asking, after: Judged, before: Judged | None) -> Judged:
    """The line with the corrections that were made to it, and what it was without them."""
    found = asking.corrected(after.line.subject)
    if found is None:
        return after
    zone = asking.settling.agreement.zone
    shown = tuple(
        CorrectionShown(
            author=each.author,
            date=each.date.isoformat(),
            reason=each.reason,
            what=each.what,
            start=zones.written(each.stretch.window(zone)[0]) if each.stretch else None,
            end=zones.written(each.stretch.window(zone)[1]) if each.stretch else None,
            value=each.value.text if each.value else None,
        )
        for each in found.entries
    )
    was = before.line if before else None
    line = after.line.model_copy(
        update={
            "corrections": shown,
            "before": BeforeCorrections(verdict=was.verdict, best=was.best, worst=was.worst) if was else None,
        }
    )
    return replace(after, line=line)


def remarks(asking: Asking, answer: Answer) -> tuple[str, ...]:
    return tuple(f"{asking.promised.named}: {remark}" for remark in answer.remarks)


def _rounded(asking: Asking, measured: Measured | None) -> Measured | None:
    rounded = asking.promised.promise.rounded
    if measured is None or rounded is None:
        return measured
    return replace(measured, best=rounded.value(measured.best), worst=rounded.value(measured.worst))


def _measured(asking: Asking, answer: Answer) -> Measured | None:
    promise = asking.promised.promise
    measured = promise.measure.measured(answer.tally, promise.missing, promise.empty_interval)
    if promise.coverage is not None and measured is not None and not promise.coverage.holds(measured.coverage):
        # Too little is known for the policy to speak: what is missing may be anything.
        measured = promise.measure.measured(answer.tally, "bounds", promise.empty_interval)
    if measured is not None and promise.target.kind in ("days", "working-days"):
        measured = replace(measured, margin_in="days")
    return measured


def _judgement(asking: Asking, subject: Subject, measured: Measured | None, target: Comparison) -> Judgement:
    promise, answer = asking.promised.promise, subject.answer
    nothing = _nothing(answer)
    lacking = isinstance(answer.tally, ValueTally) or (
        isinstance(answer.tally, LevelTally) and answer.tally.missing > 0
    )
    if lacking and measured is None and promise.missing == "bounds":
        return Judgement("indeterminate", None, None, nothing)
    found = judge(measured, target, promise.missing, promise.coverage, nothing)
    turned = asking.ask.record == "case" and any(each.backwards for each in answer.cases)
    if turned and found.verdict == "indeterminate":
        return replace(found, reason="how long it took cannot be told")
    return found


def _low_volume(asking: Asking, subject: Subject, measured: Measured | None) -> tuple[str | None, Judgement]:
    """The rule for few records: what it compares with and how that comes out; None where there are enough."""
    low, answer = asking.promised.promise.low_volume, subject.answer
    none = Judgement("not-applicable", None, None, "")
    volume = answer.volume
    if low is None or subject.rolled or volume is None or volume >= low.below or measured is None:
        return None, none
    fewer = f"fewer than {low.below:,}"
    if not isinstance(low.then, Misses):
        return asking.promised.promise.target.text, replace(
            none, reason=f"{volume:,}, {fewer}: not applicable as agreed"
        )
    least, most = _misses(answer)
    found = judge(Measured(Fraction(least), Fraction(most), Fraction(1)), low.then.misses, "bounds", None, "")
    said = f"{least:,} of {volume:,} missed" if least == most else f"{least:,} to {most:,} of {volume:,} missed"
    # A breach by the number of misses has no value of its own: it costs at least the mildest that a breach costs.
    deemed = found.verdict in ("breached", "indeterminate")
    judgement = replace(found, best=measured.best, worst=measured.worst, reason=f"{said}; {fewer}", deemed=deemed)
    return f"{low.then.misses.text} misses", judgement


def _misses(answer: Answer) -> tuple[int, int]:
    match answer.tally:
        case CaseTally(late=late, open_within=running):
            return late, late + running
        case CountTally(total=total, good=good):
            return total - good, total - good
    return 0, 0


def _nothing(answer: Answer) -> str:
    match answer.tally:
        case TimeTally(service=service) if service:
            return "no outage in the period"
        case TimeTally() | WeightedTally():
            return "no service time in the period"
        case CountTally() | RateTally():
            return "no requests in the period"
        case CaseTally() | LengthTally():
            return "no case in the period"
        case LevelTally(missing=missing) if missing:
            return f"{missing} of the values that it is made of {'is' if missing == 1 else 'are'} not known"
        case LevelTally():
            return "none of its levels is applicable"
        case ValueTally(count=count) if count:
            return "no stretch of that length holds enough values"
    return "no value was delivered"


def _incomplete(answer: Answer, measured: Measured | None) -> bool:
    if isinstance(answer.tally, ValueTally):
        return measured is None
    if isinstance(answer.tally, LevelTally) and answer.tally.missing:
        return True
    return measured is not None and measured.coverage < 1


def _missing_is_an_error(asking: Asking, answer: Answer) -> Problem:
    ask = asking.ask
    where = ""
    if answer.unknown:
        where = f", first from {zones.written(min(stretch.start for stretch in answer.unknown))}"
    of = f" of {answer.subject}" if answer.subject else ""
    label = ask.exports[0].files[0].label if ask.exports else asking.settling.file.label
    return Problem(
        label,
        code="missing-data",
        message=f"data is missing for '{asking.promised.named}'{of} in {ask.window.period.label}{where}",
        help=f"{asking.settling.file.label} says missing: error; complete the export, or choose another policy",
    )


def _shown(
    asking: Asking, subject: Subject, measured: Measured | None, target: Comparison | None, judgement: Judgement
) -> Line:
    promised, answer = asking.promised, subject.answer
    level, promise = promised.level, promised.promise
    seen = oriented(measured, target) if measured and target else measured
    tally = None if subject.rolled else answer.tally
    window = answer.window or asking.ask.window
    verdict: LineVerdict = judgement.verdict
    margins = target is not None and seen is not None
    # Of several subjects, or of one outage, no time adds up to a period.
    whole = not subject.of and asking.ask.record is None and not asking.ask.sliding
    return Line(
        level=promised.level_name,
        of_class=promised.of_class,
        period=asking.period,
        title=level.title or _titled(promised.level_name),
        clause=promise.clause,
        role=level.role,
        subject=answer.subject,
        measure=promise.measure.kind,
        unit=(target.kind if target else promise.target.kind) or "number",
        target=target.text if target and promise.target.column else promise.target.text,
        verdict="missed" if level.role == "kpi" and verdict == "breached" else verdict,
        reason=judgement.reason,
        best=Exact.of(seen.best) if seen else None,
        worst=Exact.of(seen.worst) if seen else None,
        open_above=seen.open_above if seen else False,
        margin_in=seen.margin_in if seen else "value",
        margin_best=_margin(target, seen.scale, seen.best) if margins and target and seen else None,
        margin_worst=_margin(target, seen.scale, seen.worst) if margins and target and seen else None,
        coverage=Exact.of(seen.coverage) if seen else None,
        missing=promise.missing,
        # One outage, judged by itself, is no balance of a period.
        balance=_balance(window, tally) if isinstance(tally, TimeTally) and whole else None,
        counted=_counted(answer, tally) if isinstance(tally, (CountTally, RecordTally, RateTally)) else None,
        cases=_cases(tally) if isinstance(tally, (CaseTally, LengthTally)) else None,
        subjects=subject.of,
        outages=tally.outages if isinstance(tally, TimeTally) else 0,
        longest=tally.longest if isinstance(tally, TimeTally) else 0,
        **evidence(answer),
        record_of=answer.of if asking.ask.record is not None else "",
        facts=dict(answer.facts) if asking.ask.record is not None else {},
        agreement_line=_agreement_line(asking),
    )


def _agreement_line(asking: Asking) -> int:
    promised = asking.promised
    steps = ("service_levels", promised.level_name, PROMISES, promised.of_class)
    return asking.settling.file.document.place(steps, "key").line


def evidence(answer: Answer) -> dict[str, Any]:
    """The records that a line shows, by their fields."""
    return {
        "worst_outages": _stretches(answer.outages) if answer.outages else (),
        "worst_cases": _case_rows(answer.cases) if answer.cases else (),
        "unknown_stretches": _stretches(answer.unknown) if answer.unknown else (),
        "dropped": _stretches(answer.dropped) if answer.dropped else (),
    }


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:].replace("-", " ").replace("_", " ")


@lru_cache(maxsize=10_000)
def _margin(target: Comparison, scale: Fraction, value: Fraction) -> Exact:
    """How far ``value`` is on the right side of the nearest bound (negative: on the wrong one), times the scale."""
    distances = [
        (value - bound.value) if bound.operator[0] == ">" else (bound.value - value)
        for bound in target.bounds
        if bound.operator != "="
    ] or [-abs(value - target.bounds[0].value)]
    return Exact.of(min(distances) * scale)


def _balance(window: Window, tally: TimeTally) -> Balance:
    real, outside = window.end - window.start, window.outside
    period = real if window.nominal is None else window.nominal
    return Balance(
        period=period,
        not_in_force=window.not_in_force,
        future=window.future,
        outside=outside,
        # Taken out by exclusions, or left out of the service time because nothing was asked for in it.
        excluded=(window.hi - window.lo) - outside + (period - real) - tally.service,
        unknown=tally.unknown,
        up=tally.service - tally.down - tally.unknown,
        down=tally.down,
        beyond_allowance=intervals.length(window.excess),
    )


def _counted(answer: Answer, tally: CountTally | RecordTally | RateTally) -> Counted:
    match tally:
        case CountTally():
            return Counted(
                total=tally.total,
                good=tally.good,
                rows=answer.rows or 0,
                intervals_expected=tally.expected,
                intervals_present=tally.present,
            )
        case RateTally():
            present = tally.busy + tally.idle
            return Counted(
                total=tally.total,
                good=tally.good,
                rows=answer.rows,
                intervals_expected=present + tally.absent,
                intervals_present=present,
                intervals_idle=tally.idle,
            )
        case RecordTally():
            return Counted(total=tally.count, good=0, rows=answer.rows or 0, intervals_expected=0, intervals_present=0)


def _cases(tally: CaseTally | LengthTally) -> CasesCounted:
    if isinstance(tally, LengthTally):
        return CasesCounted(total=tally.closed + tally.open, open=tally.open)
    return CasesCounted(
        total=tally.total, open=tally.open_within, within=tally.within, late=tally.late, early=tally.early
    )


def _stretches(stretches: Sequence[Stretch]) -> tuple[StretchShown, ...]:
    return tuple(
        StretchShown(
            start=zones.written(each.start),
            end=zones.written(each.end),
            counted=each.counted,
            place=each.place,
            cause=each.cause,
        )
        for each in stretches[:_SHOWN]
    )


def _case_rows(stretches: Sequence[Stretch]) -> tuple[CaseShown, ...]:
    return tuple(
        CaseShown(
            case=each.name,
            start=zones.written(each.start),
            end=None if each.open and not each.backwards else zones.written(each.end),
            length=each.counted,
            unit=each.unit,
            paused=each.paused,
            place=each.place,
        )
        for each in stretches[:_SHOWN]
    )
