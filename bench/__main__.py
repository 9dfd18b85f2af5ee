"""``python -m bench``: run the rows that are asked for, print what they take, and write it into docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import table
from bench.rows import ROWS, Measured, Sizes


def main() -> int:
    asked = _asked()
    sizes = Sizes(asked.minutes, asked.tickets, asked.agreements, asked.rounds)
    measured: dict[str, list[Measured]] = {}
    for name in asked.rows or ROWS:
        print(f"{name}: {(ROWS[name].__doc__ or '').partition(chr(10))[0]}", flush=True)
        with TemporaryDirectory(prefix="bench-", dir=asked.directory) as folder:
            measured[name] = list(ROWS[name](Path(folder), sizes))
        for each in measured[name]:
            held = "" if each.kept is None else "kept" if each.kept else "MISSED"
            print(f"  {each.who}: {each.ran.wall:.2f} s  {each.ratio}  {each.bar} {held}", flush=True)
        if not asked.keep and sizes == Sizes(rounds=sizes.rounds):
            table.write({name: measured[name]}, sizes)
    return 0


def _asked() -> argparse.Namespace:
    usual = Sizes()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], help="rows of the table; without any, all of them")
    parser.add_argument("--minutes", type=int, default=usual.minutes, help="minutes of probes, of each of 250 services")
    parser.add_argument("--tickets", type=int, default=usual.tickets)
    parser.add_argument("--agreements", type=int, default=usual.agreements)
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="runs of each command; medians are taken")
    parser.add_argument("--directory", type=Path, help="where the data is made and removed again (5 GB for all rows)")
    parser.add_argument("--keep", action="store_true", help="leave docs/performance.md as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
