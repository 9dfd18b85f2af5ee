"""Every code of lint has a page, whose first agreement has the fault and whose second has none."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.agreement.manual import pages as manual
from slacheck.lint import lint, pages
from tests.lint.scaffold import loaded

PAGES = pages()
SECTIONS = ("Why", "Fix", "Silent", "Before", "After")


def example(page: str, head: str) -> str:
    found = re.search(rf"^{head}:\n\n((?: {{4}}.*\n?|\n)+)", page, re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[1]).strip() + "\n"


@pytest.mark.parametrize("code", PAGES)
def test_a_page_has_every_section(code: str) -> None:
    assert [each for each in SECTIONS if not re.search(rf"^{each}:", PAGES[code], re.MULTILINE)] == []
    assert PAGES[code].splitlines()[0].strip()


@pytest.mark.parametrize("code", PAGES)
def test_the_fault_of_a_page_is_found_and_the_fix_leaves_none(code: str, tmp_path: Path) -> None:
    before = lint(loaded(tmp_path, example(PAGES[code], "Before")))
    assert [problem.code for problem in before.found] == [code]
    assert before.found[0].help
    assert before.found[0].line > 0
    after = lint(loaded(tmp_path, example(PAGES[code], "After")))
    assert [(problem.code, problem.message) for problem in after.found] == []


def test_no_code_is_the_name_of_a_page_of_the_manual() -> None:
    assert set(PAGES) & set(manual()) == set()


@pytest.mark.parametrize("code", PAGES)
def test_a_code_is_written_as_codes_are(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


@pytest.mark.parametrize("code", [code for code in PAGES if not code.startswith("allow-")])
@pytest.mark.parametrize("above", [False, True], ids=["beside", "above"])
def test_every_finding_can_be_allowed_where_it_stands(code: str, above: bool, tmp_path: Path) -> None:
    file = loaded(tmp_path, example(PAGES[code], "Before"))
    line = lint(file).found[0].line
    lines = list(file.document.lines)
    comment = f"# slacheck: allow[{code}] agreed"
    if above:
        lines.insert(line - 1, " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip())) + comment)
    else:
        lines[line - 1] += f"  {comment}"
    (tmp_path / "agreement.yaml").write_text("\n".join(lines), encoding="utf-8")
    linted = lint(load(tmp_path / "agreement.yaml"))
    assert (linted.found, linted.allowed) == ((), 1)
