"""Every example runs and gives the statement that is committed beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.binary import BINARY

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/agreement.yaml"))


def test_there_are_at_least_three_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize(("format", "kept"), [("terminal", "statement.txt"), ("json", "statement.json")])
def test_an_example_gives_its_committed_statement(example: Path, format: str, kept: str) -> None:
    arguments = (example / "run.txt").read_text().split()
    done = subprocess.run(  # noqa: S603
        [str(BINARY), "evaluate", *arguments, "--format", format, "--fail-on", "never"],
        cwd=example,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout == (example / kept).read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_says_where_its_data_come_from(example: Path) -> None:
    text = (example / "README.md").read_text()
    assert "licence" in text.lower() or "generated" in text.lower()
