"""Write humidity.csv of this example: two sensors, a reading an hour, seeded; the other exports are written by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIRST, LAST = datetime(2013, 10, 31, 22), datetime(2014, 1, 1, 1)

# sensor, first reading, readings, relative humidity in percent
SPECIAL = (
    ("A", datetime(2013, 11, 6, 10), 5, 61.2),
    ("B", datetime(2013, 11, 20, 8), 1, 61.0),
    ("A", datetime(2013, 12, 11, 2), 2, 39.8),
)
# No reading of this sensor: three are missing.
SILENT = ("B", datetime(2013, 12, 2, 4), 3)


def readings(dice: random.Random) -> Iterator[tuple[datetime, str, float]]:
    at = FIRST
    while at <= LAST:
        for sensor in ("A", "B"):
            humidity = round(44 + 12 * dice.random(), 1)
            for name, start, count, special in SPECIAL:
                if sensor == name and start <= at < start + timedelta(hours=count):
                    humidity = special
            name, start, count = SILENT
            if not (sensor == name and start <= at < start + timedelta(hours=count)):
                yield at, sensor, humidity
        at += timedelta(hours=1)


def main() -> None:
    dice = random.Random(20131101)
    lines = [f'{at:%Y-%m-%d %H:%M:%S},{sensor},"{str(rh).replace(".", ",")}"\n' for at, sensor, rh in readings(dice)]
    (HERE / "humidity.csv").write_text("time,sensor,rh\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
