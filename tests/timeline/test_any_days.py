"""Stretches of civil days that end at any instant, against the local clock read one minute at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from slacheck.timeline import zones
from slacheck.timeline.any_days import any_days

MINUTE = 60_000_000
HOUR = 60 * MINUTE
CHANGES = [
    ("Europe/London", "2026-03-27", "2026-04-03", 3),
    ("Europe/London", "2026-10-23", "2026-10-30", 3),
    ("Australia/Lord_Howe", "2026-10-02", "2026-10-09", 2),
    ("Pacific/Apia", "2011-12-27", "2012-01-04", 2),
    ("Asia/Kathmandu", "2026-01-01", "2026-01-05", 3),
    # Two changes, one at either end of some stretches.
    ("America/New_York", "2026-03-07", "2026-11-06", 238),
]


def begin_of(end: int, days: int, zone: ZoneInfo) -> int:
    """The same local time some days before: the first of two, or the change that skips it."""
    wall = zones.local(end, zone).replace(tzinfo=None, fold=0) - timedelta(days=days)
    try:
        return zones.instant_of(wall, zone)
    except zones.AmbiguousTime as twice:
        return twice.earlier
    except zones.NonexistentTime as skipped:
        return next(each.at for each in zones.changes(zone, skipped.earlier - 1, skipped.later + 1))


@pytest.mark.parametrize(("name", "first", "last", "days"), CHANGES)
def test_each_end_has_the_stretch_that_its_local_clock_says(name: str, first: str, last: str, days: int) -> None:
    zone = zones.zone(name)
    lo, hi = (zones.midnight(datetime.fromisoformat(day).date(), zone) for day in (first, last))
    found = list(any_days(days, lo, hi, zone))
    assert found[0].lo == lo
    assert found[-1].hi == hi
    step = max(MINUTE * 7, (hi - lo) // 4000 // MINUTE * MINUTE)
    for end in range(lo + step, hi + 1, step):
        wanted = begin_of(end, days, zone)
        own = [each for each in found if each.lo < end <= each.hi]
        if own:
            assert [end - each.width for each in own] == [wanted], zones.written(end)
        else:
            # One of those that begin with a change: the last of them holds it.
            longest = next(each for each in found if end <= each.lo)
            assert longest.hi - longest.width == wanted, zones.written(end)


def test_thirty_days_over_a_change_of_the_clocks_are_an_hour_shorter() -> None:
    """In spring 30 days have 719 hours, in autumn 721."""
    zone = zones.zone("Europe/Berlin")
    april = zones.midnight(datetime(2026, 4, 20).date(), zone)
    november = zones.midnight(datetime(2026, 11, 20).date(), zone)
    assert {each.width for each in any_days(30, april, april + 24 * HOUR, zone)} == {719 * HOUR}
    assert {each.width for each in any_days(30, november, november + 24 * HOUR, zone)} == {721 * HOUR}
