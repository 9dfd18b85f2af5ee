"""A loop over businesstimedelta: of each ticket the business time, less that of its pauses, put together by hand.

It prints how many tickets of each desk were opened in each month, and how many of them took too long.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import businesstimedelta
import pytz

folder, limit = Path(sys.argv[1]), timedelta(hours=16)
ZONES = {"berlin": "Europe/Berlin", "new-york": "America/New_York"}
rules = {
    desk: businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(
                start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4], tz=pytz.timezone(zone)
            )
        ]
    )
    for desk, zone in ZONES.items()
}


def moment(text: str) -> datetime:
    found: datetime = pytz.utc.localize(datetime.fromisoformat(text.removesuffix("Z")))
    return found


def length(rule: Any, start: datetime, end: datetime) -> timedelta:
    found: timedelta = rule.difference(start, end).timedelta
    return found


pauses = defaultdict(list)
with (folder / "pauses.csv").open(encoding="utf-8") as stream:
    for row in csv.DictReader(stream):
        pauses[row["id"]].append((moment(row["start"]), moment(row["end"])))
found: dict[str, dict[str, list[int]]] = {desk: defaultdict(lambda: [0, 0]) for desk in ZONES}
with (folder / "tickets.csv").open(encoding="utf-8") as stream:
    for row in csv.DictReader(stream):
        rule, opened, resolved = rules[row["desk"]], moment(row["opened"]), moment(row["resolved"])
        counted, reach = length(rule, opened, resolved), opened
        for start, end in sorted(pauses[row["id"]]):
            end = min(end, resolved)
            if end > reach:
                counted -= length(rule, max(start, reach), end)
                reach = end
        month = found[row["desk"]][row["opened"][:7]]
        month[0] += 1
        month[1] += counted > limit
json.dump(found, sys.stdout)
