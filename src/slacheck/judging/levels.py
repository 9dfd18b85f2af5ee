"""The lines of one level: one per class and subject, or fewer where classes and subjects are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from slacheck.agreement.level_terms import ShareOfSubjects
from slacheck.history import History, Past
from slacheck.judging.alike import Alike
from slacheck.judging.judged import Judged, Levels
from slacheck.judging.line import Subject, corrected, idle, judged
from slacheck.language.quantities import Comparison
from slacheck.measures import pooling
from slacheck.measures.asking import Answer
from slacheck.measures.composite import Composite
from slacheck.measures.measure import LevelTally, Measured
from slacheck.planning import Asking
from slacheck.problems import DataError, Problem

_OTHERS_SHOWN = 5

Answered = tuple[Asking, Sequence[Answer]]


class Asked(NamedTuple):
    """What a promise asked and was answered: with its corrections, and (where there are any) without them."""

    asking: Asking
    answers: Sequence[Answer]
    before: Sequence[Answer] = ()


def lines(level: Sequence[Asked], others: Levels, history: History) -> list[Judged]:
    """The lines of one level in one statement; ``others`` are those of the levels judged before it.

    Raises DataError for a subject that was declared and has no row, and for ``missing: error`` where something is
    missing.
    """
    after = _lines([(each.asking, each.answers) for each in level], others, history)
    if not any(each.asking.corrections for each in level):
        return after
    uncorrected = [
        (replace(each.asking, ask=each.asking.before or each.asking.ask, corrections=()), each.before) for each in level
    ]
    before = {_name(each): each for each in _lines(uncorrected, others, history)}
    return [corrected(level[0].asking, each, before.get(_name(each))) for each in after]


def _name(judged: Judged) -> tuple[str, str, str]:
    return judged.line.of_class, judged.line.subject, judged.line.period


def _lines(level: Sequence[Answered], others: Levels, history: History) -> list[Judged]:
    found: list[Judged] = []
    for period in dict.fromkeys(asking.period for asking, _ in level):
        of_period = [(asking, answers) for asking, answers in level if asking.period == period]
        asked = []
        for asking, answers in of_period:
            if asking.idle:
                found.append(idle(asking))
            elif asking.ask.record is not None and not answers:
                found.append(idle(replace(asking, idle=f"no {asking.ask.record} in the period")))
            elif isinstance(measure := asking.promised.promise.measure, Composite):
                periods: list[Mapping[str, Sequence[Judged | Past]] | None] = [
                    others,
                    *history.levels_before(asking.settling, measure.periods - 1),
                ]
                asked.append((asking, [_composed(measure, periods)]))
            else:
                asked.append((asking, list(_declared(asking, answers))))
        if asked and asked[0][0].promised.level.pooled:
            asked = [_pooled_classes(asked)]
        for asking, answers in asked:
            found += _subjects(asking, answers)
    return found


def _composed(measure: Composite, periods: Sequence[Mapping[str, Sequence[Judged | Past]] | None]) -> Answer:
    """The values of the levels in each of ``periods``, of which the first is this one; None: nothing is known of it."""
    values: list[tuple[Measured, Fraction]] = []
    missing = 0
    for levels in periods:
        for name in measure.of:
            if levels is None:
                missing += 1
                continue
            known = [each.measured for each in levels[name] if each.measured is not None]
            missing += sum(1 for each in levels[name] if each.measured is None and _unknown(each))
            # Only a weighted mean has weights; each shares its own out among its lines.
            values += [(v, measure.weights[name] / len(known) if measure.weights else Fraction(1)) for v in known]
    return Answer("", LevelTally(tuple(values), missing))


def _unknown(each: Judged | Past) -> bool:
    """Whether a line without a value had, or may have had, one."""
    return each.line.verdict == "indeterminate" or (isinstance(each, Past) and each.lost)


def _pooled_classes(asked: Sequence[Answered]) -> tuple[Asking, list[Answer]]:
    """Classes with one verdict: their records are added up, subject by subject, each under its own limit."""
    first = asked[0][0]
    whole = replace(first, promised=replace(first.promised, of_class=""))
    by_subject: dict[str, list[Answer]] = {}
    for _, answers in asked:
        for answer in answers:
            by_subject.setdefault(answer.subject, []).append(answer)
    return whole, [_together(subject, by_subject[subject]) for subject in sorted(by_subject)]


def _together(subject: str, answers: Sequence[Answer]) -> Answer:
    rows = [answer.rows for answer in answers if answer.rows is not None]
    return Answer(
        subject,
        pooling.pooled([answer.tally for answer in answers]),
        outages=tuple(sorted((each for a in answers for each in a.outages), key=lambda s: (-s.counted, s.start))),
        unknown=tuple(sorted((each for a in answers for each in a.unknown), key=lambda s: (-s.counted, s.start))),
        dropped=tuple(each for a in answers for each in a.dropped),
        remarks=tuple(dict.fromkeys(each for a in answers for each in a.remarks)),
        rows=sum(rows) if rows else None,
        cases=tuple(sorted((each for a in answers for each in a.cases), key=lambda s: (-s.counted, s.start))),
        of=answers[0].of if subject else "",
    )


def _subjects(asking: Asking, answers: Sequence[Answer]) -> Iterator[Judged]:
    roll_up = asking.promised.level.roll_up
    if roll_up == "each" or not answers:
        if asking.targets is None:
            yield from map(Alike(asking, _one_target(asking)).judged, answers)
            return
        for answer in answers:
            yield judged(asking, Subject(answer, _target(asking, answer)))
        return
    if roll_up == "pooled":
        yield judged(asking, Subject(_together("", answers), _one_target(asking), of=len(answers)))
        return
    promise = asking.promised.promise
    values = [promise.measure.measured(answer.tally, promise.missing, promise.empty_interval) for answer in answers]
    known = [
        (answer, value)
        for answer, value in zip(answers, values, strict=True)
        if value is not None and not _too_few(asking, answer)
    ]
    whole = replace(_without_records(answers), remarks=tuple(dict.fromkeys(r for a in answers for r in a.remarks)))
    target = _one_target(asking)
    if not known:
        nothing = judged(asking, Subject(whole, target, value=None, rolled=True))
        too_few = promise.low_volume is not None and any(value is not None for value in values)
        yield _nobody_counts(nothing) if too_few else nothing
        return
    measured = [value for _, value in known]
    if isinstance(roll_up, ShareOfSubjects):
        value = pooling.share_of(measured, roll_up.share_of)
    elif roll_up == "mean":
        value = pooling.mean(measured)
    else:
        assert target is not None
        value = pooling.worst(measured, target)
    yield judged(asking, Subject(whole, target, value=value, rolled=True, of=len(known)))


def _nobody_counts(nothing: Judged) -> Judged:
    """There are records, and no subject has enough of them to count."""
    level, low = nothing.asking.promised.level, nothing.asking.promised.promise.low_volume
    assert level.per is not None
    assert low is not None
    reason = f"no {level.per.column} with {low.below:,} or more in the period"
    return replace(nothing, line=nothing.line.model_copy(update={"reason": reason}))


def _too_few(asking: Asking, answer: Answer) -> bool:
    low = asking.promised.promise.low_volume
    return low is not None and (answer.volume or 0) < low.below


def _without_records(answers: Sequence[Answer]) -> Answer:
    return Answer("", answers[0].tally)


def _one_target(asking: Asking) -> Comparison | None:
    return asking.promised.promise.target.binding


def _target(asking: Asking, answer: Answer) -> Comparison | None:
    if asking.targets is None:
        return _one_target(asking)
    return asking.targets.get(answer.subject)


def _declared(asking: Asking, answers: Sequence[Answer]) -> Iterator[Answer]:
    per = asking.promised.level.per
    if per is None or not per.subjects:
        yield from answers
        return
    by_name = {answer.subject: answer for answer in answers}
    absent = [subject for subject in per.subjects if subject not in by_name]
    if absent:
        label = asking.ask.exports[0].files[0].label
        raise DataError(
            Problem(
                label,
                code="no-subject",
                message=f"no row for {per.column} '{subject}', which '{asking.promised.named}' of "
                f"{asking.settling.file.label} lists",
                help=f"the export names {', '.join(sorted(by_name)[:5]) or 'no one'}",
            )
            for subject in absent
        )
    others = [subject for subject in by_name if subject not in per.subjects]
    named = ", ".join(f"'{subject}'" for subject in others[:_OTHERS_SHOWN])
    more = f" and {len(others) - _OTHERS_SHOWN} more" if len(others) > _OTHERS_SHOWN else ""
    remark = (f"not judged, since only other values of {per.column} are listed: {named}{more}",) if others else ()
    for subject in per.subjects:
        yield replace(by_name[subject], remarks=(*by_name[subject].remarks, *remark))
