"""The windows to judge: those of the periods that were asked for, and those of levels with a period of their own."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Level
from slacheck.agreement.level_terms import LevelPeriod
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.period_terms import PeriodTerms
from slacheck.problems import PeriodError, Problem
from slacheck.timeline import zones
from slacheck.timeline.any_days import Ends, any_days
from slacheck.timeline.asking import asked
from slacheck.timeline.periods import Period, before_by, containing, starting_in, title
from slacheck.timeline.windows import Window, window


def periods(file: AgreementFile, text: str, as_of: int) -> list[Window]:
    """The windows of the periods that ``text`` names. Raises PeriodError where the agreement is in force in none."""
    agreement = file.agreement
    found: list[Window] = []
    for period in asked(text, agreement.period.cycle, agreement.zone, as_of):
        start, end = agreement.in_force(period.start, period.end)
        if start >= end:
            continue
        if zones.midnight(start, agreement.zone) < as_of:
            found.append(_window(agreement, agreement.period, period, start, end, as_of))
    if not found:
        said = [
            f"from {agreement.effective}" if agreement.effective else "",
            f"until {agreement.until}" if agreement.until else "",
        ]
        force = " ".join(part for part in said if part)
        raise PeriodError(
            [
                Problem(
                    file.label,
                    code="not-in-force",
                    message=f"the agreement '{agreement.id}' is not in force in {text}",
                    help=f"it is in force {force}" if force else "ask for a period that has begun",
                )
            ]
        )
    return found


def _window(agreement: Agreement, terms: PeriodTerms, period: Period, start: date, end: date, as_of: int) -> Window:
    zone = agreement.zone
    agreed = zones.midnight(start, zone), zones.midnight(end, zone)
    return window(period, period.window(zone), agreed, as_of, terms.partial, terms.length)


def of_level(agreement: Agreement, level: Level, whole: Window, as_of: int) -> list[tuple[Window, str, str]]:
    """The windows of ``level`` that the statement of ``whole`` shows: each with the name of its period, where that is
    another, and why nothing can be asked in it (or nothing).

    A level with a cycle of its own shows the periods that end in the statement's; a rolling one the stretch that ends
    with it.
    """
    if level.period is None:
        periods = [whole.period]
    elif level.period.rolling is not None:
        periods = [_rolling(level.period, whole.period)]
    else:
        periods = _ending_in(level.period, whole.period)
        if not periods:
            current = containing(level.period.cycle, whole.period.end - timedelta(days=1))
            last = current.end - timedelta(days=1)
            return [(whole, title(current), f"its period ends on {last}")]
    found: list[tuple[Window, str, str]] = []
    for period in periods:
        start, end = agreement.in_force(period.start, period.end)
        if level.effective:
            start = max(start, level.effective)
        if level.until:
            end = min(end, level.until + timedelta(days=1))
        name = "" if period is whole.period else _titled(level, period)
        if start >= end:
            found.append((whole, name, "not in force"))
        elif (level.period or agreement.period).partial == "not-settled" and (start, end) != (period.start, period.end):
            found.append((whole, name, "only a part of the period is in force, and such a period is not settled"))
        else:
            own = _window(agreement, level.period or agreement.period, period, start, end, as_of)
            found.append((own, name, ""))
    return found


def _titled(level: Level, period: Period) -> str:
    if level.period is not None and level.period.judged == "continuously":
        return f"any {level.period.rolling}"
    return title(period)


def sliding(level: Level, whole: Window, zone: ZoneInfo) -> tuple[Ends, ...]:
    """The stretches that a level judged continuously looks at: those that end within the period."""
    terms = level.period
    if terms is None or terms.rolling is None or terms.judged != "continuously" or whole.lo >= whole.hi:
        return ()
    days = terms.rolling.count * (7 if terms.rolling.unit == "week" else 1)
    return tuple(any_days(days, whole.lo, whole.hi, zone))


def _rolling(terms: LevelPeriod, period: Period) -> Period:
    assert terms.rolling is not None
    if terms.judged == "continuously":
        # The first stretch ends with the first instant of the period.
        start = before_by(period.start, terms.rolling.count, terms.rolling.unit)
        return Period(start, period.end, f"any {terms.rolling} to {period.label}")
    start = before_by(period.end, terms.rolling.count, terms.rolling.unit)
    return Period(start, period.end, f"{start}..{period.end - timedelta(days=1)}")


def _ending_in(terms: LevelPeriod, period: Period) -> list[Period]:
    first = containing(terms.cycle, period.start)
    found = [first] if first.start < period.start else []
    found += starting_in(terms.cycle, period.start, period.end)
    return [each for each in found if period.start < each.end <= period.end]
