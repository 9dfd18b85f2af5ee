"""What tests of the real binary share: where it is, a small agreement, and a day of probes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BINARY = Path(sys.executable).parent / "slacheck"

AGREEMENT = """\
slacheck: 1
id: acme-web
title: Web hosting for Acme
provider: Northwind Hosting
customer: Acme Ltd
timezone: Europe/London
currency: GBP
period: day
fees: {monthly: 400.00}
sources:
  probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}
service_levels:
  availability:
    measure: {kind: availability, from: probes}
    target: ">= 99.9%"
    credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 99.0%": 25%}}
"""

DAY = "2026-10-05"


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str


Slacheck = Callable[..., Ran]


def hear_signals() -> None:
    """What a process does to hear signals, as the binary, that whoever runs the tests ignores, as nohup does."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def minutes(down: range = range(0), *, day: str = DAY, skip: range = range(0)) -> str:
    """One probe a minute in local summer time of Europe/London, from the hour before the day."""
    lines = ["timestamp,status"]
    for minute in range(-60, 1440):
        if minute in skip:
            continue
        hour, rest = divmod(minute % 1440, 60)
        date = day if minute >= 0 else f"{day[:-2]}{int(day[-2:]) - 1:02d}"
        lines.append(f"{date}T{hour:02d}:{rest:02d}:00+01:00,{'down' if minute in down else 'up'}")
    return "\n".join(lines) + "\n"
