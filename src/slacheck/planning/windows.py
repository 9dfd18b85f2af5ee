"""The windows to judge: those of the periods that were asked for, and those of levels with a period of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Level
from slacheck.agreement.level_terms import LevelPeriod
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.period_terms import PeriodTerms
from slacheck.planning.parts import PeriodPart, Share, cuts_of, shares
from slacheck.planning.settling import Settling
from slacheck.problems import PeriodError, Problem
from slacheck.timeline import zones
from slacheck.timeline.any_days import Ends, any_days
from slacheck.timeline.asking import asked
from slacheck.timeline.periods import Period, before_by, containing, starting_in, title
from slacheck.timeline.windows import Window, window


def periods(file: AgreementFile, text: str, as_of: int) -> list[tuple[Share, Window]]:
    """The windows of the periods that ``text`` names, or of their parts, each with the version that settles it.

    Raises PeriodError where the agreement is in force in none.
    """
    agreement = file.versions[-1].agreement
    found: list[tuple[Share, Window]] = []
    for period in asked(text, agreement.period.cycle, agreement.zone, as_of):
        start, end = agreement.in_force(period.start, period.end)
        if start >= end:
            continue
        for share in shares(file, period):
            begins = max(start, share.part.start) if share.part else start
            if zones.midnight(begins, agreement.zone) < as_of:
                own = _window(agreement, agreement.period, period, start, end, as_of)
                found.append((share, _part(own, share.part, agreement.zone)))
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


def _part(window: Window, part: PeriodPart | None, zone: ZoneInfo) -> Window:
    return window.part(*part.window(zone)) if part else window


def of_level(settling: Settling, level: Level) -> list[tuple[Window, str, str]]:
    """The windows of ``level`` that a statement shows: each with the name of its period, where that is another than the
    statement's, and why nothing can be asked in it (or nothing).

    A level with a cycle of its own shows the periods that end in the statement's; a rolling one the stretch that ends
    with it. In a part of a period they end in the part, or with it. A period of the level's own is cut by amendments
    as the statement's is; a stretch that rolls reaches back before them.
    """
    agreement, whole, part = settling.agreement, settling.window, settling.part
    span = replace(whole.period, start=part.start, end=part.end) if part else whole.period
    periods: list[tuple[Period, PeriodPart | None]]
    if level.period is None:
        periods = [(whole.period, part)]
    elif level.period.rolling is not None:
        periods = [(_rolling(level.period, span), None)]
    else:
        periods = _own_periods(level.period, span, cuts_of(settling.file))
        if not periods:
            current = containing(level.period.cycle, span.end - timedelta(days=1))
            last = current.end - timedelta(days=1)
            return [(whole, title(current), f"its period ends on {last}")]
    found: list[tuple[Window, str, str]] = []
    for period, cut in periods:
        start, end = settling.file.versions[-1].agreement.in_force(period.start, period.end)
        if level.effective:
            start = max(start, level.effective)
        if level.until:
            end = min(end, level.until + timedelta(days=1))
        name = "" if period is whole.period else _titled(level, period, cut)
        if start >= end:
            found.append((whole, name, "not in force"))
        elif (level.period or agreement.period).partial == "not-settled" and (start, end) != (period.start, period.end):
            found.append((whole, name, "only a part of the period is in force, and such a period is not settled"))
        else:
            own = _window(agreement, level.period or agreement.period, period, start, end, settling.as_of)
            judged = _part(own, cut, agreement.zone)
            found.append((judged, name, "" if judged.lo < judged.agreed_end else "not in force"))
    return found


def _titled(level: Level, period: Period, cut: PeriodPart | None) -> str:
    if level.period is not None and level.period.judged == "continuously":
        return f"any {level.period.rolling}"
    return f"{title(period)}, {title(Period(cut.start, cut.end, ''))}" if cut else title(period)


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


def _own_periods(terms: LevelPeriod, span: Period, cuts: Sequence[date]) -> list[tuple[Period, PeriodPart | None]]:
    """The periods of a cycle that end in ``span``, and the one that an amendment cuts off at its end."""
    last = containing(terms.cycle, span.end - timedelta(days=1))
    found = _ending_in(terms, span)
    if span.end in cuts and last.end > span.end:
        found.append(last)
    shown: list[tuple[Period, PeriodPart | None]] = []
    for period in found:
        after = max((each for each in cuts if period.start < each <= span.start), default=None)
        before = span.end if span.end < period.end else None
        cut = PeriodPart(after or period.start, before or period.end, after, before)
        shown.append((period, cut if after or before else None))
    return shown
