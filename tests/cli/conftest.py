"""The real binary, run in a scrubbed environment, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, BINARY, Ran, Slacheck, minutes

# PYTHONPATH says which copy of slacheck is under test where it is not the installed one.
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "PYTHONPATH")


@pytest.fixture
def slacheck(tmp_path: Path) -> Slacheck:
    """Run ``slacheck ARGUMENTS...`` in the test's own folder."""
    kept = {key: value for key, value in os.environ.items() if key in _KEPT}

    def run(*arguments: str, stdin: bytes = b"", **extra: str) -> Ran:
        done = subprocess.run(  # noqa: S603  (the binary under test)
            [str(BINARY), *arguments],
            cwd=tmp_path,
            env={**kept, "COLUMNS": "80", "PYTHONUTF8": "1", **extra},
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ran.err
        return ran

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good agreement and a day of probes without any outage."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "probes.csv").write_text(minutes())
    return tmp_path
