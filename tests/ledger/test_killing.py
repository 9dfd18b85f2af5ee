"""Nothing is lost and nothing is half there, whenever a process is killed; SLACHECK_KILLS says how often."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed")
ROOT = Path(__file__).parents[2]


def test_a_killed_process_leaves_all_of_a_run_or_nothing(tmp_path: Path) -> None:
    kills = int(os.environ.get("SLACHECK_KILLS", "60"))
    command = [sys.executable, "-m", "tests.ledger.killing", str(kills), str(tmp_path / "ledger.db")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["kills"], found["lost"], found["halves"], found["check"]) == (kills, 0, 0, "ok")
    assert found["rows"] == found["read"] >= 3 * found["kept"] > 0
