"""Write the exports of this example: a made-up quarter of probes, a maintenance log and a survey, seeded."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20261031

# Months of Europe/London as instants in UTC; the clocks go back on 25 October. The first export begins two minutes
# early, so that a state is known when August begins.
MONTHS = {
    "2026-08": ("2026-07-31T22:58", "2026-08-31T23:00"),
    "2026-09": ("2026-08-31T23:00", "2026-09-30T23:00"),
    "2026-10": ("2026-09-30T23:00", "2026-11-01T00:00"),
}

# from, to, announced_at, note
MAINTENANCE = (
    ("2026-08-22T01:00:00Z", "2026-08-22T03:00:00Z", "2026-08-14T09:30:00Z", "database upgrade"),
    ("2026-09-12T20:00:00Z", "2026-09-13T05:30:00Z", "2026-09-01T08:00:00Z", "move to the new data centre"),
    ("2026-10-17T02:00:00Z", "2026-10-17T03:00:00Z", "2026-10-14T15:45:00Z", "urgent router change"),
    ("2026-10-27T03:00:00Z", "2026-10-27T04:30:00Z", "2026-10-22T02:00:00Z", "storage firmware"),
)

SURVEY = (("2026-08", "4.3"), ("2026-09", "3.9"), ("2026-10", "4.4"))

# The first failing probe and the first good one after it.
OUTAGES = (
    ("2026-08-12T13:04:12", "2026-08-12T14:33:42"),
    ("2026-09-24T08:41:05", "2026-09-24T10:10:35"),
    ("2026-10-25T00:21:40", "2026-10-25T01:51:14"),
)

# No probe in these minutes: 22 probes are missing.
SILENCE = ("2026-09-18T10:11", "2026-09-18T10:33")

BLIPS_PER_MONTH = 9
SLOW_SPELLS_PER_MONTH = 14


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def probes(dice: random.Random, month: str) -> Iterator[tuple[datetime, str]]:
    """One probe a minute, up to 20 seconds late, with short failures that no clause counts and slow spells."""
    start, end = (moment(text) for text in MONTHS[month])
    minutes = int((end - start) / timedelta(minutes=1))
    special = _special(dice, minutes)
    quiet = [moment(text) for text in SILENCE]
    outages = [(moment(lo), moment(hi)) for lo, hi in OUTAGES]
    works = [(moment(lo), moment(hi)) for lo, hi, *_ in MAINTENANCE]
    for index in range(minutes):
        minute = start + timedelta(minutes=index)
        late = int(dice.random() * 21) if index else 0
        at = minute + timedelta(seconds=late)
        for edge in (edge for outage in outages for edge in outage):
            if minute <= edge < minute + timedelta(minutes=1):
                at = edge
        if quiet[0] <= minute < quiet[1]:
            continue
        if any(lo <= at < hi for lo, hi in outages):
            yield at, "timeout" if index % 3 else "down"
        elif any(lo <= minute < hi for lo, hi in works):
            yield at, "down"
        else:
            yield at, special.get(index, "up")


def _special(dice: random.Random, minutes: int) -> dict[int, str]:
    """Minutes with another state than up. Blips last one to three probes, well below five minutes, and stand apart."""
    states: dict[int, str] = {}
    for _ in range(SLOW_SPELLS_PER_MONTH):
        first = int(dice.random() * (minutes - 60))
        for index in range(first, first + 3 + int(dice.random() * 25)):
            states[index] = "degraded"
    room = minutes // BLIPS_PER_MONTH
    for blip in range(BLIPS_PER_MONTH):
        first = blip * room + 30 + int(dice.random() * (room - 60))
        for index in range(first, first + 1 + int(dice.random() * 3)):
            states[index] = "timeout" if dice.random() < 0.5 else "down"
    return states


def main() -> None:
    dice = random.Random(SEED)
    for month in MONTHS:
        lines = [f"{at.isoformat()}Z,{state}\n" for at, state in probes(dice, month)]
        text = "timestamp,status\n" + "".join(lines)
        with (HERE / f"probes-{month}.csv.gz").open("wb") as file:
            file.write(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    for name, header, rows in (
        ("maintenance.csv", ("from", "to", "announced_at", "note"), MAINTENANCE),
        ("survey.csv", ("month", "score"), SURVEY),
    ):
        with (HERE / name).open("w", newline="", encoding="utf-8") as table:
            csv.writer(table, lineterminator="\n").writerows((header, *rows))


if __name__ == "__main__":
    main()
