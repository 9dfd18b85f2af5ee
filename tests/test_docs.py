"""README and documentation are run, so that they cannot drift from what slacheck does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from tests.binary import BINARY
from tests.fenced import fenced

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]
# Its commands follow each other in an empty folder: tests/docs/test_tutorial.py.
IN_ORDER = ROOT / "docs" / "tutorial.md"


def blocks(kind: str) -> list[tuple[str, str]]:
    """Every fenced block of ``kind``, with the name of its page."""
    pages = [page for page in PAGES if page != IN_ORDER]
    return [(str(page.relative_to(ROOT)), block) for page in pages for block in fenced(page.read_text(), kind)]


def spoken(arguments: list[str]) -> str:
    """Both streams of a run of the real binary in the repository's root."""
    done = subprocess.run(  # noqa: S603
        [str(BINARY), *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(("page", "block"), blocks("console"))
def test_a_command_prints_what_the_page_shows(page: str, block: str) -> None:
    command, _, shown = block.partition("\n")
    program, *arguments = command.removeprefix("$ ").split()
    assert program == "slacheck"
    assert spoken(arguments).strip() == shown.strip()


@pytest.mark.parametrize(("page", "block"), blocks("python"))
def test_python_runs(page: str, block: str) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-c", block], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(("page", "block"), [each for each in blocks("yaml") if each[1].startswith("slacheck:")])
def test_an_agreement_on_a_page_loads(page: str, block: str, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(block)
    assert load(tmp_path / "agreement.yaml").agreement.id


def test_every_exit_code_of_the_program_is_documented() -> None:
    from slacheck.cli import exits

    table = {int(code) for code in re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)}
    assert table == {exits.MET, exits.BREACH, exits.USAGE, exits.INVALID, exits.INDETERMINATE, exits.BUG}


def test_there_is_something_to_run() -> None:
    assert len(blocks("console")) >= 2
    assert blocks("python")


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
