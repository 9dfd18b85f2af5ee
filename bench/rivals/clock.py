"""The service time of October 2026, worked out again: Monday to Saturday, 06:00 to 22:00 in Berlin, less works."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOLD = 120_000_000


def instant(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


BEGIN, END = instant(datetime(2026, 10, 1, tzinfo=ZONE)), instant(datetime(2026, 11, 1, tzinfo=ZONE))


def service(folder: Path) -> list[tuple[int, int]]:
    """What counts, as intervals [start, end) in microseconds."""
    with (folder / "works.csv").open(encoding="utf-8") as stream:
        works = sorted(
            (instant(datetime.fromisoformat(row["start"])), instant(datetime.fromisoformat(row["end"])))
            for row in csv.DictReader(stream)
        )
    found = []
    for number in range(31):
        day = date(2026, 10, 1) + timedelta(number)
        if day.weekday() == 6:
            continue
        lo, hi = (instant(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)) for hour in (6, 22))
        for start, end in works:
            if end <= lo or start >= hi:
                continue
            if start > lo:
                found.append((lo, start))
            lo = max(lo, end)
            if lo >= hi:
                break
        if lo < hi:
            found.append((lo, hi))
    return found


def readings(counted: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """From which instant the clock reads what, and whether it runs from then on."""
    found, passed, at = [], 0, BEGIN
    for lo, hi in counted:
        if at < lo:
            found.append((at, passed, 0))
        found.append((lo, passed, 1))
        passed, at = passed + hi - lo, hi
    return [*found, (at, passed, 0)]
