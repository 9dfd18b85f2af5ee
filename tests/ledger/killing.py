"""Processes that keep statements and are killed: ``python -m tests.ledger.killing KILLS FILE`` prints what was left.

Each child keeps three statements at a time, for as long as it lives, and writes a byte when they are kept.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from slacheck.ledger import Ledger
from slacheck.statement import Statement
from tests.reports import statements as made

TOGETHER = 3


def several(child: int, turn: int) -> list[Statement]:
    """Statements of agreements that no other child and no other turn has."""
    whole = made.whole()
    return [
        whole.model_copy(update={"agreement": whole.agreement.model_copy(update={"id": f"a{child}-{turn}-{number}"})})
        for number in range(TOGETHER)
    ]


def _keep_on(path: Path, child: int, told: int) -> None:
    turn = 0
    with Ledger(path, write=True) as ledger:
        while True:
            ledger.keep(several(child, turn), "0", 1_793_491_200_000_000)
            os.write(told, b".")
            turn += 1


def main(kills: int, path: Path) -> dict[str, int | str]:
    """Kill so many children at instants of chance, and count what they said was kept and what is there."""
    chance = random.Random(20261126)
    acknowledged = lost = halves = 0
    for child in range(kills):
        reading, telling = os.pipe()
        pid = os.fork()
        if pid == 0:
            _keep_on(path, child, telling)
        os.close(telling)
        time.sleep(chance.uniform(0.0, 0.06))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        said = 0
        while block := os.read(reading, 65536):
            said += len(block)
        os.close(reading)
        acknowledged += said
        if not path.exists():
            continue
        with sqlite3.connect(path) as connection:
            pattern = f"a{child}-%"
            (there,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'statements'").fetchone()
            count = 0
            if there:
                (count,) = connection.execute(
                    "SELECT count(*) FROM statements WHERE agreement LIKE ?", (pattern,)
                ).fetchone()
        connection.close()
        halves += count % TOGETHER != 0
        # What was kept in the last instant may not have been told any more.
        lost += not said <= count // TOGETHER <= said + 1
    with sqlite3.connect(path) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        (rows,) = connection.execute("SELECT count(*) FROM statements").fetchone()
    connection.close()
    with Ledger(path) as ledger:
        read = len([ledger.statement(each) for each in ledger.entries(every=True)])
    return {
        "kills": kills,
        "kept": acknowledged,
        "lost": lost,
        "halves": halves,
        "rows": rows,
        "read": read,
        "check": whole,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), Path(sys.argv[2]))))
