"""The last step: everything that is known of one agreement in one period, put into its statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from slacheck import rights
from slacheck.calendars.calendar import ALWAYS
from slacheck.corrections import without_a_line
from slacheck.data_quality import Data, inputs, notes, sources
from slacheck.earlier_periods import earlier_periods
from slacheck.exclusions import Candidate, stated, use
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.measures.measure import OfRecords
from slacheck.planning import Settling
from slacheck.settlement import Settled
from slacheck.statement import (
    AgreementShown,
    AllowanceShown,
    CalendarShown,
    ExclusionShown,
    HolidayShown,
    Line,
    PeriodPartShown,
    PeriodShown,
    RightState,
    Statement,
    overall,
)
from slacheck.timeline import intervals, zones
from slacheck.timeline.periods import day_in_words, title


def statement(
    settling: Settling, judged: Sequence[Judged], settled: Settled, history: History, data: Data
) -> Statement:
    """The statement of one agreement for one period: its lines, settled, with rights, exclusions and data quality."""
    agreement, window = settling.agreement, settling.window
    shown = settled.lines
    entitled = rights.states(settling, settled, history)
    remarks = [*(remark for each in judged for remark in each.remarks), *settled.remarks]
    return Statement(
        agreement=AgreementShown(
            id=agreement.id,
            title=agreement.title or agreement.id,
            kind=agreement.kind,
            provider=agreement.provider,
            customer=agreement.customer,
            file=settling.file.label,
            sha256=settling.file.digest,
            terms=settling.file.terms,
        ),
        period=PeriodShown(
            label=window.period.label,
            title=title(window.period),
            first_day=window.period.start.isoformat(),
            last_day=(window.period.end - timedelta(days=1)).isoformat(),
            start=zones.written(window.start),
            end=zones.written(window.end),
            timezone=agreement.timezone,
            as_of=zones.written(window.hi) if window.running else None,
            running=window.running,
            part=_part(settling),
        ),
        verdict=overall(shown),
        lines=shown,
        total=settled.total,
        rights=entitled,
        calendars=tuple(_calendars(settling)),
        exclusions=_exclusions(settling),
        allowances=tuple(_allowances(settling)),
        inputs=inputs(settling),
        sources=sources(settling, data),
        history=history.rests_on(settling),
        earlier=earlier_periods(settling, shown, history),
        data=(
            *notes(settling, data, shown, [*_idle_corrections(settling, shown), *remarks]),
            *history.notes(settling, _undecided(settled, entitled)),
        ),
        notes=(*_amended(settling), *agreement.notes),
    )


def _undecided(settled: Settled, entitled: Sequence[RightState]) -> bool:
    """Whether a verdict, an amount or a right is open."""
    return (
        any(line.verdict == "indeterminate" for line in settled.lines)
        or (settled.total is not None and not settled.total.certain)
        or any(right.state == "undecided" for right in entitled)
    )


def _part(settling: Settling) -> PeriodPartShown | None:
    part = settling.part
    if part is None:
        return None
    start, end = part.window(settling.agreement.zone)
    return PeriodPartShown(
        title=part.title,
        first_day=part.start.isoformat(),
        last_day=(part.end - timedelta(days=1)).isoformat(),
        start=zones.written(start),
        end=zones.written(end),
        after=part.after.isoformat() if part.after else None,
        before=part.before.isoformat() if part.before else None,
    )


def _amended(settling: Settling) -> Iterator[str]:
    """The amendments that do not split what is settled here."""
    what = "part of the period" if settling.part else "period"
    for day in settling.amended:
        yield f"amended on {day_in_words(day)}; the whole {what} is settled by the terms in force at its end"


def _idle_corrections(settling: Settling, lines: Sequence[Line]) -> Iterator[str]:
    """Corrections of this period that no line takes up."""
    label = settling.window.period.label
    settled = [(line.level, line.subject, label) for line in lines if not line.period]
    # Without any line of the period nothing could be said to be missing.
    for entry in without_a_line(settling.entries, settled or [("", None, label)]):
        of = f" of '{entry.subject}'" if entry.subject else ""
        yield f"corrections: no line of '{entry.level}'{of} takes up what {entry.author} wrote on {entry.date}"


def _exclusions(settling: Settling) -> tuple[ExclusionShown, ...]:
    users = {
        name: tuple(level for level, each in settling.agreement.service_levels.items() if name in each.excluding)
        for name in settling.agreement.exclusions
    }
    return tuple(
        ExclusionShown(
            exclusion=ruling.exclusion,
            levels=users[ruling.exclusion],
            start=zones.written(ruling.candidate.start),
            end=zones.written(ruling.candidate.end),
            place=ruling.candidate.place,
            refused=ruling.refused,
            excused=sum(end - start for start, end in ruling.excused),
            excess=sum(end - start for start, end in ruling.excess),
            outside=sum(end - start for start, end in ruling.outside),
            partly=ruling.partly,
            holds_for=ruling.candidate.key or (),
            reason=ruling.candidate.reason,
            effect=settling.agreement.exclusions[ruling.exclusion].effect,
        )
        for rulings in settling.rulings.values()
        for ruling in rulings
    )


def _allowances(settling: Settling) -> Iterator[AllowanceShown]:
    agreement, window = settling.agreement, settling.window
    for name, exclusion in agreement.exclusions.items():
        if exclusion.allowance is None or window.lo >= window.hi:
            continue
        span = window.lo, window.hi
        cycle, zone = agreement.period.cycle, agreement.zone
        records: Sequence[Candidate] = settling.candidates[name]
        if exclusion.from_ is None:
            records = stated(exclusion, span, cycle, zone, settling.calendars)
        for each in use(name, exclusion, records, span, cycle, zone, settling.calendars):
            yield AllowanceShown(
                exclusion=name,
                allowance=each.text,
                stretch=each.stretch,
                holds_for=each.key or (),
                counts=each.counts,
                allowed=each.allowed,
                used=each.used,
            )


def _calendars(settling: Settling) -> Iterator[CalendarShown]:
    """The calendars whose time the levels count."""
    users: dict[str, list[str]] = {}
    for promised in settling.agreement.promised():
        measure = promised.promise.measure
        if isinstance(measure, OfRecords) and measure.hours not in (None, ALWAYS):
            users.setdefault(str(measure.hours), []).append(promised.level_name)
    period = settling.part or settling.window.period
    start, end = period.window(settling.agreement.zone)
    for name, levels in users.items():
        yield CalendarShown(
            name=name,
            text=settling.calendars.shown(name),
            levels=tuple(dict.fromkeys(levels)),
            service=intervals.length(settling.calendars.service(name, start, end)),
            holidays=tuple(
                HolidayShown(day=each.day.isoformat(), name=each.name)
                for each in settling.calendars.holidays(name, period.start, period.end)
            ),
        )
