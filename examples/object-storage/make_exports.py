"""Write the request counts of this example: a billing month of 5-minute rows by class and region, seeded."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIRST, LAST = datetime(2026, 9, 14, 22), datetime(2026, 10, 15, 2)
STEP = timedelta(minutes=5)

# class, region, requests of a busy interval, hours of the day without any
SERIES = (
    ("standard", "eu-west", 900, ()),
    ("standard", "us-east", 1400, ()),
    ("standard", "ap-south", 40, (0, 1, 2, 3, 4, 5)),
    ("standard-ia", "eu-west", 60, (1, 2, 3, 4)),
    ("intelligent", "us-east", 80, (1, 2, 3)),
)

# class, region, first bad interval, intervals, requests that fail in a hundred
INCIDENTS = (
    ("standard", "eu-west", datetime(2026, 9, 22, 9), 40, 35),
    ("standard", "us-east", datetime(2026, 9, 30, 14), 12, 40),
    ("standard", "ap-south", datetime(2026, 10, 6, 10), 12, 100),
    ("standard-ia", "eu-west", datetime(2026, 10, 3, 8), 120, 100),
)


def rows(dice: random.Random) -> Iterator[tuple[datetime, str, str, int, int]]:
    at = FIRST
    while at < LAST:
        for storage, region, busy, quiet in SERIES:
            if at.hour in quiet:
                continue
            total = busy * (40 + 4 * min(at.hour, 24 - at.hour)) // 100 + int(dice.random() * busy / 10)
            bad = 1 if dice.random() < 0.01 else 0
            for name, where, start, count, share in INCIDENTS:
                if (name, where) == (storage, region) and start <= at < start + count * STEP:
                    bad = total * share // 100
            yield at, storage, region, total, min(bad, total)
        at += STEP


def main() -> None:
    dice = random.Random(20260915)
    lines = [f"{at.isoformat()}Z,{name},{region},{total},{bad}\n" for at, name, region, total, bad in rows(dice)]
    text = "window_start,class,region,requests,server_errors\n" + "".join(lines)
    (HERE / "requests.csv.gz").write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
