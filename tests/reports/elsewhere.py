"""Documents made in other processes, whose order of hashes, zone, locale and home are others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from slacheck.statement import Statements

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from slacheck.reports import FORMATS, View
from slacheck.statement import Statements
found = Statements.model_validate_json(sys.stdin.buffer.read())
sys.stdout.buffer.write(FORMATS[sys.argv[1]].written(found, View()))
"""
_PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"},
    {"PYTHONHASHSEED": "77", "TZ": "America/Lima", "LANG": "C", "LC_ALL": "C", "HOME": "/nowhere"},
)


def written_elsewhere(format: str, statements: Statements) -> list[bytes]:
    """The statements in a format, from each of the processes."""
    return [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PROGRAM, format],
            cwd=ROOT,
            env={**os.environ, **place},
            input=statements.model_dump_json().encode(),
            capture_output=True,
            check=True,
        ).stdout
        for place in _PLACES
    ]
