"""docs/ledger.md is run from its top to its end, in a copy of an example."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.binary import BINARY

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/ledger.md"
_PAIR = re.compile(r"^```sh\n(?P<commands>.*?)^```\n\n```text\n(?P<shown>.*?)^```$", re.MULTILINE | re.DOTALL)
# The one thing that the clock decides.
_KEPT_ON = re.compile(r"\d{1,2} \w{3} \d{4}$", re.MULTILINE)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the page is written for a shell and its programs")


def spoken(page: str, folder: Path) -> Iterator[tuple[str, str]]:
    """What the page shows of each block of commands, and what they print now."""
    path = f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}"
    for pair in _PAIR.finditer(page):
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-ec", pair["commands"]],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=True,
        )
        yield pair["shown"], _KEPT_ON.sub("2 Nov 2026", done.stdout)


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples/web-hosting", folder)
    return folder


def test_the_page_shows_what_its_commands_print(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = list(spoken(page, copied(tmp_path / "example")))
    assert len(found) == 4
    for shown, printed in found:
        # The day it is kept on may have one digit or two.
        assert re.sub(" +", " ", printed) == re.sub(" +", " ", shown)
    assert (tmp_path / "example/statements.json").exists()
