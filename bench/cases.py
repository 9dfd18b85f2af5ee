"""Time the length of a million cases with about a million overlapping pauses, in two zones; run as a script.

Beside it stands a plain loop over the ``businesstimedelta`` library, without pauses, on the first 2,000 cases.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from time import perf_counter, process_time
from typing import Any

import narwhals as nw

from slacheck.engine.case_clock import CaseRequest, DayRow, DayRule, case_lengths, day_rows
from slacheck.engine.case_tally import CaseBound, case_counts, case_sums, worst_cases
from slacheck.engine.clock import Clock
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.timeline import zones

CASES = 1_000_000
SAMPLE = 2_000
ZONES = ("Europe/Berlin", "America/New_York")
SECOND = 1_000_000
HOUR = 3_600 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = (datetime(2025, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
AS_OF = (datetime(2026, 1, 10, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)

# Numbers are spread by multiplying with a prime: the same cases on every machine.
CASES_SQL = f"""
SELECT i % 2 AS g, i % 50 AS k, i AS r, s AS d, s, CASE WHEN i % 100 <> 99 THEN s + length END AS e, length
FROM (
    SELECT i, {START} + (i * 15485863) % 31536000 * {SECOND} AS s, (i * 32452843) % 432000 * {SECOND} AS length
    FROM range({CASES}) AS numbers(i)
)
"""
# None, one or two pauses each; of two, the second begins before the first ends.
PAUSES_SQL = """
SELECT g AS p, r, s + length // 4 AS s, s + length // 2 AS e FROM {cases} WHERE r % 3 > 0
UNION ALL SELECT g, r, s + length // 8 * 3, s + length // 4 * 3 FROM {cases} WHERE r % 3 = 2
"""


def office_hours(number: int, lo: int, hi: int) -> Clock:
    """Monday to Friday, nine to five, in the zone of that number."""
    zone = zones.zone(ZONES[number])
    first, last = zones.day_of(lo, zone), zones.day_of(hi, zone)
    days = [datetime(first.year, first.month, first.day) + timedelta(n) for n in range((last - first).days + 1)]
    return [
        (zones.instant_of(day.replace(hour=9), zone), zones.instant_of(day.replace(hour=17), zone))
        for day in days
        if day.weekday() < 5
    ]


def working_days(number: int, lo: int, hi: int) -> list[DayRow]:
    """Local days; a change of the clocks within one is of no account here, where limits are whole days."""
    zone = zones.zone(ZONES[number])
    first, last = zones.day_of(lo, zone), zones.day_of(hi, zone)
    days = [first + timedelta(n) for n in range((last - first).days + 2)]
    edges = [zones.midnight(day, zone) for day in days]
    return day_rows(
        (day.toordinal(), edges[n], edges[n + 1], int(day.weekday() < 5), 0) for n, day in enumerate(days[:-1])
    )


def measure(
    scratch: Scratch, cases: nw.LazyFrame[Any], pauses: nw.LazyFrame[Any], days: bool
) -> tuple[nw.LazyFrame[Any], float, float]:
    """Run the lengths once and print how long they took; with them, the seconds and those of CPU."""
    requests = [
        CaseRequest(zone, zone, START, AS_OF, zone, AS_OF, zone, DayRule(zone, False) if days else None)
        for zone in range(len(ZONES))
    ]
    begun, used = perf_counter(), process_time()
    lengths = case_lengths(scratch, cases, pauses, requests, office_hours, working_days, lambda *_: ())
    took, cpu = perf_counter() - begun, process_time() - used
    what = "with working days" if days else "elapsed and paused"
    print(f"{what}: {took:.2f} s ({cpu:.2f} s of CPU), {CASES / took:,.0f} cases per second")
    return lengths, took, cpu


def tallies(scratch: Scratch, lengths: nw.LazyFrame[Any]) -> None:
    """Print how long what is made of the lengths takes."""
    begun = perf_counter()
    counts = case_counts(scratch, lengths, [CaseBound(zone, "elapsed", None, 16 * HOUR) for zone in range(len(ZONES))])
    sums = case_sums(scratch, lengths, "elapsed")
    worst_cases(scratch, lengths, "elapsed", 20)
    took = perf_counter() - begun
    total, late = sum(each.total for each in counts), sum(each.late for each in counts)
    hours = sum(each.sum for each in sums) // HOUR
    print(f"counts, sums and the worst twenty: {took:.2f} s; {total:,} cases, {late:,} late, {hours:,} hours of closed")


def library(scratch: Scratch, lengths: nw.LazyFrame[Any]) -> tuple[float, float] | None:
    """Seconds and seconds of CPU per case of a loop over ``businesstimedelta``, None without it.

    Prints on how many cases the two disagree.
    """
    try:
        business: Any = import_module("businesstimedelta")
        pytz: Any = import_module("pytz")
    except ImportError:
        print("businesstimedelta: not installed, nothing to compare with (pip install businesstimedelta)")
        return None
    rules = [
        business.Rules(
            [
                business.WorkDayRule(
                    start_time=time(9),
                    end_time=time(17),
                    working_days=[0, 1, 2, 3, 4],
                    tz=pytz.timezone(name),
                )
            ]
        )
        for name in ZONES
    ]
    sample = lengths.filter(nw.col("r") < SAMPLE).select("q", "s", "e", total=nw.col("elapsed") + nw.col("paused"))
    rows: Sequence[tuple[int, int, int, int]] = sorted(scratch.rows(sample))
    pairs = [(q, pytz.utc.localize(_naive(s)), pytz.utc.localize(_naive(e))) for q, s, e, _ in rows]
    begun, used = perf_counter(), process_time()
    found = [rules[q].difference(s, e).timedelta // timedelta(microseconds=1) for q, s, e in pairs]
    took, cpu = perf_counter() - begun, process_time() - used
    differ = sum(ours != theirs for (*_, ours), theirs in zip(rows, found, strict=True))
    print(
        f"businesstimedelta, no pauses: {took:.2f} s ({cpu:.2f} s of CPU) for {SAMPLE:,}, {SAMPLE / took:,.0f} a second"
    )
    print(f"cases of these whose unpaused length differs from ours: {differ}")
    return took / SAMPLE, cpu / SAMPLE


def _naive(t: int) -> datetime:
    return (EPOCH + timedelta(microseconds=t)).replace(tzinfo=None)


def main() -> int:
    with DuckScratch() as scratch:
        scratch.store("cases", CASES_SQL)
        scratch.store("pauses", PAUSES_SQL.format(cases="cases"))
        cases, pauses = scratch.table("cases").drop("length"), scratch.table("pauses")
        print(f"{CASES:,} cases, {scratch.fetch('SELECT count(*) FROM pauses')[0][0]:,} pauses, {len(ZONES)} zones")
        lengths, took, cpu = measure(scratch, cases, pauses, days=False)
        tallies(scratch, lengths)
        measure(scratch, cases, pauses, days=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"peak memory: {peak / 1024:,.0f} MiB")
        theirs = library(scratch, lengths)
        if theirs is not None:
            wall, used = theirs[0] * CASES / took, theirs[1] * CASES / cpu
            print(f"ours with pauses, the library's without: {wall:,.0f} times as fast, {used:,.0f} times by CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
