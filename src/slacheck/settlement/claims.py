"""By when a credit must be claimed, whether it was, and by when it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from slacheck.agreement.settlement_terms import Claim
from slacheck.calendars.resolving import Calendars
from slacheck.judging import Judged
from slacheck.language.quantities import CivilLength
from slacheck.measures.down_time import WORST_SHOWN
from slacheck.planning import Settling
from slacheck.statement import Line
from slacheck.timeline import zones
from slacheck.timeline.periods import Cycle, Period, after, before_by, containing

# What counts from a record, and not from the period.
_OF_RECORDS = ("incident", "awareness", "ticket-closed")
Claimed = Literal["in-time", "late", "not-claimed"]


def claim_stages(settling: Settling, judged: Judged) -> tuple[date | None, ...]:
    """The last day of each stage in which a credit of the line may be claimed, in the order agreed.

    None where the day that a stage counts from is not known. Of a line over a whole period the first of its outages or
    cases is its incident, which is not known where there are more of them than a statement shows.
    """
    return tuple(_by(settling, judged, claim) for claim in settling.agreement.settlement.claim)


def period_claim_by(settling: Settling, period: Period) -> date | None:
    """The last day on which anything of a period may be claimed; None where that depends on incidents."""
    rules = settling.agreement.settlement.claim
    days = [_from_period(settling, period, claim) for claim in rules]
    return min((day for day in days if day is not None), default=None) if None not in days else None


def claimed(settling: Settling, line: Line, period: Period, by: date | None) -> Claimed | None:
    """Whether a line of a period was claimed until the statement is seen, ``by`` being the last day to do so.

    None without a file of claims, and where there is a claim and its last day is not known.
    """
    file = settling.file.claims
    if file is None:
        return None
    known_by = [each for each in (line.subject, line.record_of) if each]
    on = file.made(line.level, period.label, known_by, seen_on(settling))
    if on is None:
        return "not-claimed"
    return None if by is None else "in-time" if on <= by else "late"


def claimed_in_time(settling: Settling, line: Line, period: Period) -> bool | None:
    """Whether a breached line was claimed in time; None where that is not known, or where it still can be."""
    written = line.credit.claim_by if line.credit is not None else None
    by = date.fromisoformat(written) if written else period_claim_by(settling, period)
    found = claimed(settling, line, period, by)
    if found == "not-claimed":
        return False if by is not None and seen_on(settling) > by else None
    return None if found is None else found == "in-time"


def seen_on(settling: Settling) -> date:
    """The day on which the statement is seen."""
    return zones.day_of(settling.as_of, settling.agreement.zone)


def not_claimed(settling: Settling, lines: Sequence[Line]) -> tuple[str, ...]:
    """What a statement says of credits that are paid when they are claimed, and were not claimed in time."""
    pay = settling.agreement.settlement.pay
    if pay is None or pay.how != "on-claim":
        return ()
    found: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        credit = line.credit
        if credit is None or credit.claim_by is None or credit.claimed not in ("late", "not-claimed"):
            continue
        if credit.claimed == "late" or seen_on(settling) > date.fromisoformat(credit.claim_by):
            found.setdefault((line.level, credit.claimed, credit.claim_by), []).append(line)
    return tuple(_remark(*key, of_key) for key, of_key in found.items())


def _remark(level: str, how: str, by: str, lines: Sequence[Line]) -> str:
    said = "claimed late" if how == "late" else "not claimed"
    of = f" of {lines[0].subject}" if lines[0].subject else ""
    more = f" and {len(lines) - 1:,} more" if len(lines) > 1 else ""
    until = f"it could be claimed until {by}"
    return f"{level}: the credit{of}{more} was {said}, {until}; it is shown and counted all the same"


def _by(settling: Settling, judged: Judged, claim: Claim) -> date | None:
    period = settling.window.period
    if claim.after not in _OF_RECORDS:
        return _from_period(settling, period, claim)
    begun = _anchor(settling, judged, claim)
    return None if begun is None else day_after(begun, claim.within, period, settling.calendars, claim.hours)


def _from_period(settling: Settling, period: Period, claim: Claim) -> date | None:
    if claim.after in _OF_RECORDS:
        return None
    if claim.cycle is not None:
        period = containing(Cycle("month", claim.cycle), period.end - timedelta(days=1))
    return civil_after(period, claim.within, settling.calendars, claim.hours)


def _anchor(settling: Settling, judged: Judged, claim: Claim) -> date | None:
    answer, zone = judged.answer, settling.agreement.zone
    if answer is None:
        return None
    if claim.after == "awareness":
        known = answer.moments.get(claim.known or "")
        return zones.day_of(known, zone) if known is not None else None
    stretches = (*answer.outages, *answer.cases)
    if judged.asking.ask.record is None and len(stretches) >= WORST_SHOWN:
        # Only the worst are at hand, and an earlier one may be none of them.
        return None
    if claim.after == "incident":
        return min((zones.day_of(each.start, zone) for each in stretches), default=None)
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
