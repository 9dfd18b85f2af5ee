"""The pictures of the README: that of the terminal is what is printed, and none asks for anything elsewhere."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from tests.docs.pictures import PICTURE, ROOT, drawn


@pytest.mark.skipif(not version("rich").startswith("15."), reason="other releases of rich draw otherwise")
def test_the_picture_of_the_terminal_is_what_is_printed() -> None:
    assert drawn() == PICTURE.read_text(encoding="utf-8")


def test_no_picture_asks_for_anything() -> None:
    """Its namespace and the comment that says what drew it are addresses that nothing opens."""
    bare = re.sub(r"<!--.*?-->|xmlns=\S+", "", PICTURE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"https?:|url\((?!#)|@import|href", bare)


def test_the_readme_shows_both_pictures() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {"docs/pictures/terminal.svg", "docs/pictures/report.png"} <= set(shown)
    assert all((ROOT / name).exists() for name in shown)
    assert (ROOT / "docs/pictures/report.png").read_bytes().startswith(b"\x89PNG\r\n")
