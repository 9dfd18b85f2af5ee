"""Whether a record was announced in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slacheck.exclusions.exclusion import Exclusion
from slacheck.exclusions.origins import Calendars, Candidate, asked
from slacheck.timeline import zones

# Working days are looked for in twice as many days as they usually take, and ever further back where those are few.
_DAYS_PER_WORKING_DAY = 3


def notice_given(exclusion: Exclusion, candidate: Candidate, zone: ZoneInfo, calendars: Calendars | None = None) -> str:
    """Why the notice fails, or nothing.

    Hours are counted exactly. Days are civil days of the agreement's zone, at the same time of day: what starts on the
    10th at 12:00 is announced one day before until the 9th at 12:00, that instant included. Working days are those of
    the exclusion's calendar before the day of the start, again at the same time of day: with n of them the notice must
    be given until the start's time of day on the n-th of these days, counted backwards. From Monday to Friday, what
    starts on a Monday at 10:00 is announced 5 working days before until the Monday before at 10:00; what starts on a
    Saturday at 02:00, until the Monday before at 02:00.
    """
    notice = exclusion.notice
    if notice is None:
        return ""
    if candidate.announced is None:
        return f"never announced; {notice.text} needed"
    if notice.exact is not None:
        in_time = candidate.announced + notice.exact <= candidate.start
        return "" if in_time else f"announced too late; {notice.text} needed"
    assert notice.civil is not None
    start = zones.local(candidate.start, zone).replace(tzinfo=None)
    announced = zones.local(candidate.announced, zone).replace(tzinfo=None)
    if notice.counts_working_days:
        if candidate.announced > candidate.start:
            return f"announced after it began; {notice.text} needed"
        assert exclusion.calendar is not None
        given = _working_days(asked(calendars), exclusion.calendar, announced, start, notice.civil.count)
        said = f"{given} working day{'' if given == 1 else 's'}"
        return "" if given >= notice.civil.count else f"announced {said} before; {notice.text} needed"
    days = notice.civil.count * (7 if notice.civil.unit == "week" else 1)
    return "" if announced <= start - timedelta(days=days) else f"announced too late; {notice.text} needed"


def _working_days(calendars: Calendars, name: str, announced: datetime, start: datetime, enough: int) -> int:
    """How many working days lie between two local times; more than ``enough`` need not be counted.

    Each working day before the day of ``start`` counts from the time of day of ``start`` on.
    """
    told, day = announced.date(), start.date()
    reach = _DAYS_PER_WORKING_DAY * enough + 14
    while True:
        all_days = (day - told).days <= reach
        found = calendars.days(name, told if all_days else day - timedelta(days=reach), day)
        if all_days:
            return sum(1 for each in found if each > told or announced.time() <= start.time())
        if len(found) >= enough:
            return len(found)
        reach *= 2
