"""Statements in, text out: one file per format, imported when it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from os import PathLike, fspath
from typing import cast

from slacheck.reports.view import View
from slacheck.statement import Statements

__all__ = ["FORMATS", "Report", "View", "by_suffix"]


@dataclass(frozen=True)
class Report:
    """One format: the name that people write, which is its file's name, and the endings of the files it is kept in."""

    name: str
    suffixes: tuple[str, ...]

    def render(self, statements: Statements, view: View) -> str:
        """The whole document, one newline at its end."""
        module = import_module(f"{__name__}.{self.name}")
        return cast("Callable[[Statements, View], str]", module.render)(statements, view)


# One line a format: a new file in this room is added here and nowhere else.
FORMATS: dict[str, Report] = {
    "terminal": Report("terminal", (".txt",)),
    "json": Report("json", (".json",)),
}


def by_suffix(path: str | PathLike[str]) -> str | None:
    """The name of the format that a file's ending stands for, in any case of letters; None where it stands for none."""
    lowered = fspath(path).lower()
    return next((name for name, report in FORMATS.items() if lowered.endswith(report.suffixes)), None)
