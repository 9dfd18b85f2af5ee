"""By when a credit must be claimed, and by when it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from slacheck.agreement.settlement_terms import Claim
from slacheck.calendars.resolving import Calendars
from slacheck.judging import Judged
from slacheck.language.quantities import CivilLength
from slacheck.planning import Settling
from slacheck.timeline import zones
from slacheck.timeline.periods import Period, after, before_by


def claim_by(settling: Settling, judged: Judged) -> date | None:
    """The last day on which a credit of the line may be claimed: the earliest that a stage of the claim allows.

    None where no claim is agreed, or where the day that it counts from is not known. Of a line over a whole period the
    first of its outages or cases is its incident.
    """
    days = [day for claim in settling.agreement.settlement.claim for day in _by(settling, judged, claim)]
    return min(days, default=None)


def _by(settling: Settling, judged: Judged, claim: Claim) -> Iterator[date]:
    period = settling.window.period
    if claim.after in ("period-end", "eligibility", "billing-cycle-end"):
        yield civil_after(period, claim.within, settling.calendars, claim.hours)
        return
    begun = _anchor(settling, judged, claim)
    if begun is not None:
        yield day_after(begun, claim.within, period, settling.calendars, claim.hours)


def _anchor(settling: Settling, judged: Judged, claim: Claim) -> date | None:
    answer, zone = judged.answer, settling.agreement.zone
    if answer is None:
        return None
    if claim.after == "awareness":
        known = answer.moments.get(claim.known or "")
        return zones.day_of(known, zone) if known is not None else None
    stretches = sorted((*answer.outages, *answer.cases), key=lambda each: each.start)
    if claim.after == "incident":
        return zones.day_of(stretches[0].start, zone) if stretches else None
    ended = [zones.day_of(max(each.start, each.end - 1), zone) for each in stretches if not each.open]
    return min(ended, default=None)


def civil_after(period: Period, length: CivilLength, calendars: Calendars, hours: str | None) -> date:
    """The last day of ``length`` counted from the last day of ``period``. Months keep the month's end."""
    return day_after(period.end - timedelta(days=1), length, period, calendars, hours)


def day_after(day: date, length: CivilLength, period: Period, calendars: Calendars, hours: str | None) -> date:
    """The last day of ``length`` after ``day``; periods are counted from that of the statement.

    From the last day of a month whole months lead to the last day of a month. Working days are those of the calendar
    ``hours``. Raises ValueError for working days without a calendar.
    """
    if length.unit in ("day", "week"):
        return day + timedelta(days=length.count * (7 if length.unit == "week" else 1))
    if length.unit == "period":
        end = period
        for _ in range(length.count):
            end = after(end)
        return end.end - timedelta(days=1)
    if length.unit == "working day":
        if hours is None:
            raise ValueError("working days need a calendar")
        return _working(day, length.count, calendars, hours)
    following = day + timedelta(days=1)
    if following.day == 1:
        return before_by(following, -length.count, length.unit) - timedelta(days=1)
    return before_by(day, -length.count, length.unit)


def _working(day: date, count: int, calendars: Calendars, hours: str) -> date:
    span = 2 * count + 14
    while True:
        found = calendars.days(hours, day + timedelta(days=1), day + timedelta(days=1 + span))
        if len(found) >= count:
            return found[count - 1] if count else day
        span *= 2
        if span > 40_000:
            raise ValueError(f"the calendar '{hours}' has no {count} working days")
