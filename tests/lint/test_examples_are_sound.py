"""What is meant to be copied passes lint, or says in place why not; and whatever loads can be linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.lint import lint
from slacheck.problems import AgreementError
from tests.fenced import fenced

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*/agreement.yaml")), ids=lambda path: path.parent.name
)
def test_an_example_passes_or_carries_its_reasons(path: Path) -> None:
    assert lint(load(path)).found == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_an_agreement_on_a_page_passes_or_carries_its_reasons(page: Path, tmp_path: Path) -> None:
    for block in fenced(page.read_text(encoding="utf-8"), "yaml"):
        if block.startswith("slacheck:"):
            (tmp_path / "agreement.yaml").write_text(block, encoding="utf-8")
            assert lint(load(tmp_path / "agreement.yaml")).found == ()


def test_whatever_loads_can_be_linted_and_every_finding_has_a_place() -> None:
    linted = 0
    for path in sorted((ROOT / "tests" / "cases").glob("*/agreement.yaml")):
        try:
            loaded = load(path)
        except AgreementError:
            continue
        for problem in lint(loaded).found:
            assert problem.message
            assert problem.help
            assert problem.excerpt == loaded.document.lines[problem.line - 1]
            assert problem.excerpt[problem.column - 1 :].strip()
        linted += 1
    assert linted > 100
