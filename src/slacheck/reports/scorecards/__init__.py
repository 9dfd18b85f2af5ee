"""A scorecard in, a document out: one file per format, imported when it is used."""

from __future__ import annotations

from importlib import import_module
from os import PathLike, fspath
from typing import TYPE_CHECKING, Final, cast

from slacheck.reports.view import View

if TYPE_CHECKING:
    from slacheck.portfolio import Scorecard

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "terminal": (".txt",),
    "json": (".json",),
    "csv": (".csv",),
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm"),
}
"""Each format with the endings of the files it is kept in."""


def render(card: Scorecard, format: str, view: View) -> str:
    """The whole document, one newline at its end."""
    if format == "json":
        from slacheck.reports.json import document

        return document(card, view)
    return cast("str", import_module(f"{__name__}.{format}").render(card, view))


def by_suffix(path: str | PathLike[str]) -> str | None:
    """The format that a file's ending stands for; None where it stands for none."""
    lowered = fspath(path).lower()
    return next((name for name, endings in FORMATS.items() if lowered.endswith(endings)), None)
