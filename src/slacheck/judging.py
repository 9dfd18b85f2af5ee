"""From one level's answers to the lines of a statement: measured, compared, and what the breach costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from slacheck.agreement.level import Level
from slacheck.language.quantities import Comparison
from slacheck.measures.measure import CountTally, Measured, TimeTally, ValueTally
from slacheck.measures.tallying import Answer, Ask, Stretch
from slacheck.planning import Settling
from slacheck.problems import DataError, Problem
from slacheck.settlement import Settled, credit
from slacheck.statement import Balance, Counted, Exact, Line, StretchShown
from slacheck.timeline import intervals, zones
from slacheck.timeline.windows import Window
from slacheck.verdicts import Judgement, judge, oriented

_SHOWN = 20
_OTHERS_SHOWN = 5


@dataclass(frozen=True)
class Judged:
    """One line with its settled credit."""

    line: Line
    settled: Settled | None
    remarks: tuple[str, ...] = ()


def lines(settling: Settling, name: str, level: Level, ask: Ask, answers: Sequence[Answer]) -> list[Judged]:
    """One line per subject. Raises DataError for a subject that was declared and has no row, and for
    ``missing: error`` where something is missing."""
    chosen = list(_declared(settling, name, level, ask, answers))
    return [_line(settling, name, level, ask, answer) for answer in chosen]


def _declared(settling: Settling, name: str, level: Level, ask: Ask, answers: Sequence[Answer]) -> Iterator[Answer]:
    if level.per is None or not level.per.subjects:
        yield from answers
        return
    by_name = {answer.subject: answer for answer in answers}
    absent = [subject for subject in level.per.subjects if subject not in by_name]
    if absent:
        label = ask.exports[0].files[0].label
        raise DataError(
            Problem(
                label,
                code="no-subject",
                message=f"no row for {level.per.column} '{subject}', which '{name}' of {settling.file.label} lists",
                help=f"the export names {', '.join(sorted(by_name)[:5]) or 'no one'}",
            )
            for subject in absent
        )
    others = [subject for subject in by_name if subject not in level.per.subjects]
    named = ", ".join(f"'{subject}'" for subject in others[:_OTHERS_SHOWN])
    more = f" and {len(others) - _OTHERS_SHOWN} more" if len(others) > _OTHERS_SHOWN else ""
    remark = (f"not judged, since only other values of {level.per.column} are listed: {named}{more}",) if others else ()
    for subject in level.per.subjects:
        yield replace(by_name[subject], remarks=(*by_name[subject].remarks, *remark))


def _line(settling: Settling, name: str, level: Level, ask: Ask, answer: Answer) -> Judged:
    measured = level.measure.measured(answer.tally, level.missing)
    if level.coverage is not None and measured is not None and not level.coverage.holds(measured.coverage):
        # Too little is known for the policy to speak: what is missing may be anything.
        measured = level.measure.measured(answer.tally, "bounds")
    nothing = _nothing(answer)
    if level.missing == "error" and _incomplete(answer, measured):
        raise DataError([_missing_is_an_error(settling, name, ask, answer)])
    if nothing == "no value was delivered" and measured is None and level.missing == "bounds":
        judgement = Judgement("indeterminate", None, None, nothing)
    else:
        judgement = judge(measured, level.target, level.missing, level.coverage, nothing)
    settled = credit(level, judgement, measured, settling.agreement)
    shown = _shown(name, level, ask.window, answer, measured, judgement, settled)
    return Judged(shown, settled, tuple(f"{name}: {remark}" for remark in answer.remarks))


def _nothing(answer: Answer) -> str:
    match answer.tally:
        case TimeTally():
            return "no service time in the period"
        case CountTally():
            return "no requests in the period"
        case ValueTally():
            return "no value was delivered"


def _incomplete(answer: Answer, measured: Measured | None) -> bool:
    if isinstance(answer.tally, ValueTally):
        return measured is None
    return measured is not None and measured.coverage < 1


def _missing_is_an_error(settling: Settling, name: str, ask: Ask, answer: Answer) -> Problem:
    where = ""
    if answer.unknown:
        where = f", first from {zones.written(min(stretch.start for stretch in answer.unknown))}"
    of = f" of {answer.subject}" if answer.subject else ""
    return Problem(
        ask.exports[0].files[0].label,
        code="missing-data",
        message=f"data is missing for '{name}'{of} in {ask.window.period.label}{where}",
        help=f"{settling.file.label} says missing: error; complete the export, or choose another policy",
    )


def _shown(
    name: str,
    level: Level,
    window: Window,
    answer: Answer,
    measured: Measured | None,
    judgement: Judgement,
    settled: Settled | None,
) -> Line:
    seen = oriented(measured, level.target) if measured else None
    tally = answer.tally
    return Line(
        level=name,
        title=level.title or _titled(name),
        clause=level.clause,
        role=level.role,
        subject=answer.subject,
        measure=level.measure.kind,
        unit=level.measure.unit,
        target=level.target.text,
        verdict="missed" if level.role == "kpi" and judgement.verdict == "breached" else judgement.verdict,
        reason=judgement.reason,
        best=Exact.of(seen.best) if seen else None,
        worst=Exact.of(seen.worst) if seen else None,
        margin_in=seen.margin_in if seen else "value",
        margin_best=_margin(level.target, seen, seen.best) if seen else None,
        margin_worst=_margin(level.target, seen, seen.worst) if seen else None,
        coverage=Exact.of(seen.coverage) if seen else None,
        missing=level.missing,
        balance=_balance(window, tally) if isinstance(tally, TimeTally) else None,
        counted=(
            Counted(
                total=tally.total,
                good=tally.good,
                rows=answer.rows or 0,
                intervals_expected=tally.expected,
                intervals_present=tally.present,
            )
            if isinstance(tally, CountTally)
            else None
        ),
        outages=tally.outages if isinstance(tally, TimeTally) else 0,
        longest=tally.longest if isinstance(tally, TimeTally) else 0,
        worst_outages=_stretches(answer.outages),
        unknown_stretches=_stretches(answer.unknown),
        dropped=_stretches(answer.dropped),
        credit=settled.credit if settled else None,
    )


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:].replace("-", " ").replace("_", " ")


def _margin(target: Comparison, measured: Measured, value: Fraction) -> Exact:
    """How far ``value`` is on the right side of the nearest bound (negative: on the wrong one), times the scale."""
    distances = [
        (value - bound.value) if bound.operator[0] == ">" else (bound.value - value)
        for bound in target.bounds
        if bound.operator != "="
    ] or [-abs(value - target.bounds[0].value)]
    return Exact.of(min(distances) * measured.scale)


def _balance(window: Window, tally: TimeTally) -> Balance:
    return Balance(
        period=window.end - window.start,
        not_in_force=window.not_in_force,
        future=window.future,
        excluded=(window.hi - window.lo) - intervals.length(window.counted),
        unknown=tally.unknown,
        up=tally.service - tally.down - tally.unknown,
        down=tally.down,
        beyond_allowance=intervals.length(window.excess),
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
