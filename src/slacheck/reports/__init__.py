"""Statements in, a document out: one file per format, imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, cast

from slacheck.reports.view import View

if TYPE_CHECKING:
    # The command line asks for the names of formats before it knows whether there will be a statement.
    from slacheck.statement import Statements

__all__ = ["FORMATS", "Report", "View", "by_suffix"]


@dataclass(frozen=True)
class Report:
    """One format: the name that people write, which is its file's name, and the endings of the files it is kept in.

    ``needs`` is a library that only an extra of the same name as the format installs; such a format may be ``binary``.
    One that is ``on_screen`` is fitted to the screen it is printed on; every other is the same bytes everywhere.
    Only one that is ``for_people`` follows the locale of a view.
    """

    name: str
    suffixes: tuple[str, ...]
    needs: str = ""
    binary: bool = False
    on_screen: bool = False
    for_people: bool = False

    def render(self, statements: Statements, view: View) -> str:
        """The whole document of a format that is text, one newline at its end."""
        return cast("str", self._module().render(statements, self._seen(view)))

    def written(self, statements: Statements, view: View) -> bytes:
        """The whole document of any format as a file holds it, text as UTF-8."""
        if self.binary:
            return cast("bytes", self._module().render(statements, self._seen(view)))
        return self.render(statements, view).encode()

    @property
    def installed(self) -> bool:
        """Whether the library that it needs is there; it is not imported."""
        return not self.needs or find_spec(self.needs) is not None

    def _seen(self, view: View) -> View:
        return view if self.for_people else replace(view, locale="")

    def _module(self) -> Any:
        return import_module(f"{__name__}.{self.name}")


# One line a format: a new file in this room is added here and nowhere else.
FORMATS: dict[str, Report] = {
    "terminal": Report("terminal", (".txt",), on_screen=True, for_people=True),
    "json": Report("json", (".json",), on_screen=True),
    "html": Report("html", (".html", ".htm"), for_people=True),
    "csv": Report("csv", (".csv",)),
    "markdown": Report("markdown", (".md", ".markdown"), for_people=True),
    "junit": Report("junit", (".xml",)),
    "github": Report("github", ()),
    "gitlab": Report("gitlab", ()),
    "openmetrics": Report("openmetrics", (".prom",)),
    "pdf": Report("pdf", (".pdf",), needs="typst", binary=True, for_people=True),
    "excel": Report("excel", (".xlsx",), needs="xlsxwriter", binary=True),
}


def by_suffix(path: str | PathLike[str]) -> str | None:
    """The name of the format that a file's ending stands for, in any case of letters; None where it stands for none."""
    lowered = fspath(path).lower()
    return next((name for name, report in FORMATS.items() if lowered.endswith(report.suffixes)), None)
