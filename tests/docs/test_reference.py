"""The pages of the reference are those that the models write, whole, and every link in them leads somewhere."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from slacheck.agreement.keys import keys
from tests.docs.reference import FOLDER, ROOT, page_of, pages

PAGES = pages()
# What pydantic and typer say of a model and of an option is worded otherwise in other releases.
SAME_RELEASES = f"pydantic=={version('pydantic')}\n" in (ROOT / "constraints.txt").read_text("utf-8")


@pytest.mark.skipif(not SAME_RELEASES, reason="other releases than those that the pages were written with")
def test_no_page_is_stale() -> None:
    stale = [name for name, text in PAGES.items() if not _same(name, text)]
    assert stale == [], "run make reference"
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES)


def _same(name: str, text: str) -> bool:
    path = FOLDER / name
    return path.exists() and path.read_text(encoding="utf-8") == text


def test_every_key_stands_on_the_page_of_its_part() -> None:
    for key in keys():
        # What stands beside any credit stands on one page, and the kind of a page is its title.
        page = PAGES[page_of(key.part)] + (PAGES["credit-modifiers.md"] if "credit" in page_of(key.part) else "")
        assert f"\n| `{key.name}` |" in page or key.name == "kind", key.dotted


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub and mkdocs make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_link_leads_to_a_heading() -> None:
    followed = 0
    for name, text in PAGES.items():
        for target, anchor in re.findall(r"\]\(([^)#]*)(#[^)]*)?\)", re.sub(r"`[^`]*`", "", text)):
            followed += 1
            if target.startswith("../"):
                assert (FOLDER / target).exists(), (name, target)
                continue
            assert (target or name) in PAGES, (name, target)
            assert not anchor or anchor[1:] in anchors(PAGES[target or name]), (name, target, anchor)
    assert followed > 200


def test_tables_have_as_many_cells_as_their_head() -> None:
    for name, text in PAGES.items():
        rows = [line for line in text.splitlines() if line.startswith("|")]
        for row in rows:
            cells = len(re.findall(r"(?<!\\)\|", row)) - 1
            assert cells in (2, 3, 4, 5), (name, row)


def test_every_page_is_led_to() -> None:
    assert {f"({name})" for name in PAGES if name != "README.md"} <= set(re.findall(r"\(\S+\.md\)", PAGES["README.md"]))
    assert "docs/reference/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")
