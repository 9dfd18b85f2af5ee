"""Rights and claims: names that lead nowhere, rights that can never arise, claims that nobody could make in time."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.agreement.level import Level
from slacheck.agreement.right_terms import (
    AverageOf,
    BreachedPeriods,
    CreditsAtCap,
    FailuresWithin,
    PointsWithin,
    Right,
    ShareOfFailing,
    Simple,
    counts_claims,
    levels_of,
    subjects_apart,
)
from slacheck.agreement.settlement_terms import Claim
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.quantities import CivilLength, Comparison, Kind

_KINDS: dict[Kind, str] = {
    "share": "a percentage",
    "length": "a length of time",
    "number": "a number",
    "days": "days",
    "working-days": "working days",
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with rights, claims and payments."""
    for name, right in agreement.rights.items():
        yield from _right(agreement, ("rights", name), right)
    yield from _claims(agreement)
    for steps, hours in _calendars(agreement):
        if hours is not None and hours not in agreement.calendars:
            if hours == ALWAYS:
                message, help = f"'{ALWAYS}' has no working days", "name a calendar, or write calendar days"
                yield Finding(steps, "calendar", message, help)
            else:
                help = meant(hours, agreement.calendars)
                yield Finding(steps, "unknown-name", f"no calendar '{hours}'", help)


def _calendars(agreement: Agreement) -> Iterator[tuple[Steps, str | None]]:
    for name, right in agreement.rights.items():
        yield ("rights", name, "hours"), right.hours
    for steps, claim in _stages(agreement):
        yield (*steps, "hours"), claim.hours
    if agreement.settlement.pay is not None:
        yield ("settlement", "pay", "hours"), agreement.settlement.pay.hours


def _right(agreement: Agreement, steps: Steps, right: Right) -> Iterator[Finding]:
    if right.exercise_within is not None and right.exercise_within.count == 0:
        message = "the right can never be used: its time is over when the statement is made"
        yield Finding((*steps, "exercise_within"), "never", message, "write at least 1 day, or leave it out")
    columns: dict[str, Steps] = {}
    for inside, condition in right.conditions():
        place = (*steps, *inside)
        yield from _levels(agreement, place, condition)
        yield from _never(agreement, place, condition)
        if not subjects_apart(condition):
            continue
        for name, _ in levels_of(condition):
            level = agreement.service_levels.get(name)
            if level is not None and level.by_subject and level.per is not None:
                columns.setdefault(level.per.word, place)
    if len(columns) > 1:
        one, other, *_ = columns
        message = f"one part of the right is judged per {one}, another per {other}"
        help = "write whole: true on one, or a right for each"
        yield Finding(columns[other], "subjects", message, help)


def _levels(agreement: Agreement, steps: Steps, condition: Simple) -> Iterator[Finding]:
    for name, inside in levels_of(condition):
        place, level = (*steps, *inside), agreement.service_levels.get(name)
        if level is None:
            help = meant(name, agreement.service_levels)
            yield Finding(place, "unknown-name", f"no service level '{name}'", help)
        elif isinstance(condition, AverageOf):
            yield from _averaged(steps, name, level, condition)
        elif isinstance(condition, PointsWithin):
            if not any(each.credit is not None and each.credit.in_points for each in level.promises.values()):
                yield Finding(place, "never", f"'{name}' never earns a point", "name levels whose credits are points")
        elif level.role == "kpi":
            help = "name a service level, or write average"
            yield Finding(place, "kpi-right", f"'{name}' is a KPI: it is never breached", help)
        elif isinstance(condition, ShareOfFailing) and not level.by_subject:
            message = f"'{name}' has no subjects that a share could be of"
            yield Finding(place, "subjects", message, "write per: COLUMN on the level, or count breached periods")
    if isinstance(condition, (BreachedPeriods, FailuresWithin, AverageOf)) and condition.whole:
        levels = [agreement.service_levels.get(name) for name, _ in levels_of(condition)]
        if all(level is not None and not level.by_subject for level in levels):
            message = "no level here has subjects, so that 'whole' says nothing"
            yield Finding((*steps, "whole"), "no-effect", message, "leave it out", "key")


def _averaged(steps: Steps, name: str, level: Level, condition: AverageOf) -> Iterator[Finding]:
    if level.per is not None and level.per.record is not None:
        message = f"'{name}' has a value for each {level.per.record}, not one for a period"
        yield Finding((*steps, "average"), "average", message, "average a level over all of them")
    elif len(level.promises) > 1 and not level.pooled:
        message = f"'{name}' has a value for each class, not one for a period"
        yield Finding(
            (*steps, "average"), "average", message, "write pooled: true on the level, or a level of one class"
        )
    kinds = {promise.target.kind for promise in level.promises.values()} - {None}
    if kinds and condition.is_.kind not in kinds:
        kind = kinds.pop() or "number"
        message = f"'{name}' is measured as {_KINDS[kind]}, not as {_KINDS[condition.is_.kind]}"
        number = condition.is_.kind == "number" and kind == "share"
        yield Finding((*steps, "is"), "unit", message, f'write "{condition.is_.text}%"' if number else "")
    if condition.is_.lower_is_worse is None:
        message = "an average is compared to one side"
        yield Finding((*steps, "is"), "comparison", message, 'write a comparison such as "< 97%"')


def _never(agreement: Agreement, steps: Steps, condition: Simple) -> Iterator[Finding]:
    """Conditions that nothing can satisfy."""
    match condition:
        case BreachedPeriods() | ShareOfFailing() if condition.of_last and condition.breached > condition.of_last:
            message = f"{condition.breached} of {condition.of_last} periods can never be breached"
            yield Finding((*steps, "breached"), "never", message, "write breached no greater than of_last")
        case CreditsAtCap() if condition.of_last and condition.credits_at_cap > condition.of_last:
            message = f"{condition.credits_at_cap} of {condition.of_last} periods can never be at their cap"
            yield Finding((*steps, "credits_at_cap"), "never", message, "write it no greater than of_last")
    match condition:
        case FailuresWithin():
            yield from _stretch(agreement, (*steps, "over"), condition.over)
        case PointsWithin():
            yield from _stretch(agreement, (*steps, "over"), condition.over)
            yield from _amount((*steps, "points"), condition.points, "number", 'write "> 0" or more, such as ">= 12"')
            credits = [promised.promise.credit for promised in agreement.promised()]
            if not condition.levels and not any(credit is not None and credit.in_points for credit in credits):
                message = "no level earns points"
                yield Finding((*steps, "points"), "never", message, "write credits in points: 2 points")
        case CreditsAtCap():
            terms = agreement.settlement
            if terms.at_risk is None and not any(not cap.per or cap.of_stretch for cap in terms.cap):
                message = "nothing caps the total, so that no cap is ever reached"
                yield Finding(
                    (*steps, "credits_at_cap"), "never", message, "write settlement: {cap: 10% of FEE}", "key"
                )
        case ShareOfFailing():
            yield from _amount((*steps, "share_of_subjects"), condition.share_of_subjects, "share", 'such as ">= 30%"')
    if counts_claims(condition) and not agreement.settlement.claim:
        message = "nothing says by when a breach must be claimed"
        help = "write settlement: {claim: {within: 30 days, after: period-end}}"
        yield Finding((*steps, "claimed"), "never", message, help, "key")


def _amount(steps: Steps, compared: Comparison, kind: Kind, help: str) -> Iterator[Finding]:
    """Faults of a comparison that must be reached from below."""
    if compared.kind != kind:
        message = f"{_KINDS[kind]} is wanted here, not {_KINDS[compared.kind]}"
        yield Finding(steps, "unit", message, help)
    elif compared.lower_is_worse is not True or compared.holds(min(compared.edges) * 0):
        message = f"'{compared.text}' holds where nothing failed at all"
        yield Finding(steps, "comparison", message, help)
    elif kind == "share" and not compared.holds(max(compared.edges) * 0 + 1):
        yield Finding(steps, "never", f"no share is '{compared.text}'", help)


def _stretch(agreement: Agreement, steps: Steps, over: CivilLength) -> Iterator[Finding]:
    """A stretch that has no room for a period of the agreement."""
    if over.unit == "working day":
        yield Finding(steps, "stretch", "a stretch is not counted in working days", "write 30 days or 12 months")
        return
    every = agreement.period.every
    if over.unit in ("month", "year"):
        fits = over.count * (12 if over.unit == "year" else 1) >= _MONTHS.get(every, 0) and over.count > 0
    elif over.unit == "period":
        fits = over.count > 0
    else:
        fits = over.count * (7 if over.unit == "week" else 1) >= _LONGEST[every]
    if not fits:
        message = f"{over} have no room for a {every}, and a right is counted period by period"
        help = f"write a longer stretch, or a level with period: {{rolling: {over}}} and count its breaches"
        yield Finding(steps, "never", message, help)


def _stages(agreement: Agreement) -> Iterator[tuple[Steps, Claim]]:
    several = len(agreement.settlement.claim) > 1
    for index, claim in enumerate(agreement.settlement.claim):
        yield ("settlement", "claim") + ((index,) if several else ()), claim


def _claims(agreement: Agreement) -> Iterator[Finding]:
    terms = agreement.settlement
    by_record = any(
        level.per is not None and level.per.record is not None for level in agreement.service_levels.values()
    )
    for steps, claim in _stages(agreement):
        if claim.within.count == 0 and claim.cycle is None and claim.after not in ("awareness", "ticket-closed"):
            message = "the claim is over on the last day of the period at the latest, before any statement of it exists"
            yield Finding((*steps, "within"), "never", message, "write at least 1 day")
        if claim.after == "awareness" and not by_record:
            message = "no level is judged record by record, so that nothing is ever known of one"
            help = "write per: case, event or outage on a level, or after: period-end"
            yield Finding((*steps, "after"), "never", message, help)
    if terms.claims_made is not None and not terms.claim:
        message = "nothing says by when a credit must be claimed"
        help = "write claim: {within: 30 days, after: period-end} beside it"
        yield Finding(("settlement", "claims_made"), "claim", message, help, "key")
