"""Time and memory of settling a hundred thousand circuits in one run; run as a script.

Each circuit has a reported value, a fee of its own in a register, bands and a cap; all of them together have a cap. The
whole run goes through the library, from two CSV files to one statement. Beside it stands a bare loop over decimals that
knows the answer's shape: every number of it is compared.
"""

from __future__ import annotations

import resource
import sys
import tracemalloc
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from slacheck import evaluation
from slacheck.agreement.loading import load
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.planning import Settling
from slacheck.settlement import Settled, settle
from slacheck.statement import Statement

CIRCUITS = 100_000
AS_OF = 1_798_761_600_000_000
CENT = Decimal("0.01")

AGREEMENT = """\
slacheck: 1
id: circuits
provider: Carrier
customer: Acme
timezone: UTC
currency: EUR
fees: {charge: {from: charges, column: charge}, base: 5000000.00}
sources:
  charges: {path: charges.csv, shape: register, key: circuit, columns: {circuit: circuit, charge: charge}}
  delays: {path: delays.csv, shape: samples, columns: {at: at, value: delay, circuit: circuit}}
service_levels:
  delay:
    per: circuit
    measure: {kind: reported-value, from: delays}
    target: "<= 45"
    credit:
      kind: bands
      of: charge
      bands: {"> 45": 5%, "> 60": 12.5%, "> 80": 50%}
      cap: 20% of charge
settlement: {cap: 20% of base}
"""


def circuits() -> list[tuple[str, Decimal, Decimal]]:
    """Name, delay and charge; numbers are spread by multiplying with a prime: the same on every machine."""
    return [
        (f"c{n:06}", Decimal(n * 15485863 % 9000) / 100, Decimal(20_000 + n * 32452843 % 500_000) / 100)
        for n in range(CIRCUITS)
    ]


def write(folder: Path, rows: Sequence[tuple[str, Decimal, Decimal]]) -> None:
    (folder / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    charges = "".join(f"{name},{charge}\n" for name, _, charge in rows)
    (folder / "charges.csv").write_text(f"circuit,charge\n{charges}", encoding="utf-8")
    delays = "".join(f"2026-10-31T12:00:00Z,{name},{delay}\n" for name, delay, _ in rows)
    (folder / "delays.csv").write_text(f"at,circuit,delay\n{delays}", encoding="utf-8")


def bare(rows: Sequence[tuple[str, Decimal, Decimal]]) -> tuple[list[Decimal], Decimal]:
    """The credits and their total, with nothing said about how they came about."""
    credits = []
    for _, delay, charge in rows:
        share = next((pays for edge, pays in BANDS if delay > edge), Decimal(0))
        credit = (charge * share).quantize(CENT, ROUND_HALF_UP)
        credits.append(min(credit, (charge * Decimal("0.2")).quantize(CENT, ROUND_DOWN)))
    return credits, min(sum(credits, Decimal(0)), Decimal("1000000.00"))


BANDS = ((80, Decimal("0.5")), (60, Decimal("0.125")), (45, Decimal("0.05")))


class Watched:
    """The settlement with a watch on it: seconds, and bytes at the peak where ``memory`` is asked for."""

    def __init__(self, memory: bool) -> None:
        self.memory, self.took, self.cpu, self.peak = memory, 0.0, 0.0, 0

    def __call__(self, settling: Settling, judged: Sequence[Judged], history: History) -> Settled:
        if self.memory:
            tracemalloc.start()
        begun, used = perf_counter(), process_time()
        found = settle(settling, judged, history)
        self.took, self.cpu = self.took + perf_counter() - begun, self.cpu + process_time() - used
        if self.memory:
            self.peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found


def run(folder: Path, memory: bool) -> tuple[Statement, Watched, float]:
    """The statement, the watch, and the seconds of CPU of the whole run."""
    watched: Any = Watched(memory)
    evaluation.settle = watched  # type: ignore[attr-defined]
    begun = process_time()
    try:
        (statement,) = evaluation.evaluate([load(folder / "agreement.yaml")], "2026-10", AS_OF, {})
    finally:
        evaluation.settle = settle  # type: ignore[attr-defined]
    return statement, watched, process_time() - begun


def main() -> int:
    rows = circuits()
    begun = process_time()
    credits, total = bare(rows)
    loop = process_time() - begun
    print(f"bare loop over decimals: {loop:.2f} s of CPU for {CIRCUITS:,}; total {total:,} EUR")
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, rows)
        statement, watched, took = run(folder, memory=False)
        whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"settlement: {watched.took:.2f} s, {watched.cpu:.2f} s of CPU, {watched.cpu / loop:.0f} times the loop")
        print(f"whole run: {took:.2f} s of CPU")
        print(f"peak memory of the whole run: {whole:,.0f} MiB")
        by_name = {line.subject: line.credit for line in statement.lines}
        assert statement.total is not None
        differ = sum(
            (each := by_name[name]) is None or Decimal(each.counted_most or 0) != credit or not each.certain
            for (name, *_), credit in zip(rows, credits, strict=True)
        )
        same = Decimal(statement.total.least) == total == Decimal(statement.total.most or 0)
        print(f"credits that differ from the loop: {differ}; the total is {'the same' if same else 'ANOTHER'}")
        del statement, by_name
        _, watched, _ = run(folder, memory=True)
        print(f"peak memory of the settlement (with tracemalloc): {watched.peak / 2**20:,.0f} MiB")
    return 0 if same and not differ else 1


if __name__ == "__main__":
    sys.exit(main())
