"""Exports of probes and the agreements over them. Numbers are spread by multiplying with primes: nothing is drawn, and
every machine makes the same files.

One row per service and minute of October 2026 in Berlin (44,700 minutes: the clocks go back), service by service within
each minute, as a monitoring database gives them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

MINUTES = 44_700
SERVICES = 250
# 2026-09-30T22:00:00Z, which is the midnight in Berlin.
START = 1_790_805_600

# Spread evenly over 0 .. 1,000,002, by service and minute.
_SPREAD = "(({m}) * 15485863 + s * 32452843) % 1000000007 % 1000003"
CALM = f"{_SPREAD.format(m='m')} % 500 = 0"
FLAPPING = "(m + s) % 2 = 1"
# Seven minutes at a time: after two of them nothing is known.
FEW_GAPS = f"{_SPREAD.format(m='m // 7')} % 5000 = 0"
MANY_GAPS = f"{_SPREAD.format(m='m // 7')} % 5 = 0"


@dataclass(frozen=True)
class Probes:
    """An export: how many services and minutes it has, when a service is down, which rows are missing, and how often
    each of the others stands there. A minute may be of another length, ``every`` milliseconds; ``value`` gives readings
    instead of states."""

    name: str
    services: int = SERVICES
    minutes: int = MINUTES
    down: str = CALM
    gap: str = FEW_GAPS
    times: int = 1
    every: int = 60_000
    value: bool = False

    def write(self, folder: Path) -> int:
        """Write the export, the works beside it and one agreement over both; how many rows it has."""
        path = folder / f"{self.name}.csv"
        form = "%Y-%m-%dT%H:%M:%SZ" if self.every % 1000 == 0 else "%Y-%m-%dT%H:%M:%S.%gZ"
        time = f"strftime(make_timestamp(m * {self.every * 1000} + {START * 1_000_000}), '{form}')"
        width = len(str(self.services - 1))
        spread = _SPREAD.format(m="m")
        said = (
            f"(({spread}) % 1000 / 10)::DECIMAL(4,1) AS value"
            if self.value
            else f"CASE WHEN {self.down} THEN 'down' ELSE 'up' END AS state"
        )
        duckdb.execute("SET enable_progress_bar = false")
        ((rows,),) = duckdb.execute(
            f"COPY (SELECT {time} AS at, 'service-' || lpad(s::VARCHAR, {width}, '0') AS service, {said}"
            f" FROM (SELECT i // {self.services} AS m, i % {self.services} AS s"
            f" FROM range({self.services} * {self.minutes}) AS numbers(i)), range({self.times})"
            f" WHERE NOT ({self.gap})) TO '{path}' (HEADER, DELIMITER ',')"
        ).fetchall()
        _write_works(folder / "works.csv")
        (folder / f"{self.name}.yaml").write_text(agreement(self), encoding="utf-8")
        return int(rows)


def _write_works(path: Path) -> None:
    """Two hundred works of five to sixty minutes."""
    begun = [(n * 7919 % (MINUTES - 100), 5 + n * 104729 % 55) for n in range(200)]
    duckdb.execute("CREATE OR REPLACE TEMP TABLE works (lo BIGINT, minutes BIGINT)")
    duckdb.executemany("INSERT INTO works VALUES (?, ?)", begun)
    form = "'%Y-%m-%dT%H:%M:%SZ'"
    duckdb.execute(
        f"COPY (SELECT strftime(make_timestamp(lo * 60000000 + {START * 1_000_000}), {form}) AS start,"
        f" strftime(make_timestamp((lo + minutes) * 60000000 + {START * 1_000_000}), {form}) AS end"
        " FROM works ORDER BY lo)"
        f" TO '{path}' (HEADER, DELIMITER ',')"
    )


def agreement(probes: Probes, levels: int = 1) -> str:
    """Availability within service hours, less works; of several levels each has hours, or a threshold, of its own."""
    # As long as two of its minutes: of rows that are far apart all else would be unknown time.
    hold = max(2, 2 * probes.every // 60_000)
    columns = "{at: at, value: value}" if probes.value else "{at: at, state: state}"
    calendars = "".join(f'  hours-{n}: {{hours: {{mon-sat: "{6 - n % 6:02}:00-22:00"}}}}\n' for n in range(levels))
    outages = "".join(f"  slow-{n}: {{from: probes, when: {{value: '> {80 - n}'}}}}\n" for n in range(levels))
    named = "".join(
        f"  availability-{n}:\n"
        "    per: service\n"
        f"    measure: {{kind: availability, from: {f'slow-{n}' if probes.value else 'probes'},"
        f" hours: hours-{n}, excluding: [works]}}\n"
        '    target: ">= 99.5%"\n'
        for n in range(levels)
    )
    return f"""\
slacheck: 1
id: probes
provider: Provider
customer: Customer
timezone: Europe/Berlin
calendars:
{calendars}sources:
  probes: {{path: {probes.name}.csv, shape: samples, columns: {columns}, hold: {hold}m}}
  works: {{path: works.csv, shape: events, columns: {{start: start, end: end}}}}
exclusions:
  works: {{from: works}}
{f"outages:{chr(10)}{outages}" if probes.value else ""}service_levels:
{named}"""
