"""docs/lint.md and docs/lint say what the pages of lint say. SLACHECK_GOLDEN=write writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slacheck.lint import pages
from tests.lint.written import BEGIN, END, as_markdown, as_table

DOCS = Path(__file__).parents[2] / "docs"
PAGES = pages()


def _kept(path: Path, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", PAGES)
def test_a_code_has_its_page_in_the_docs(code: str) -> None:
    text = as_markdown(code, PAGES[code])
    assert _kept(DOCS / "lint" / f"{code}.md", text) == text


def test_no_page_is_left_of_a_code_that_is_gone() -> None:
    assert {path.stem for path in (DOCS / "lint").glob("*")} == set(PAGES)


def test_every_code_stands_in_the_list() -> None:
    page = (DOCS / "lint.md").read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    text = head + BEGIN + as_table(PAGES) + END + rest.split(END)[1]
    assert _kept(DOCS / "lint.md", text) == text
