"""Problems: what went wrong, where it stands, and what to do about it, as values that are collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file that somebody wrote or exported.

    ``message`` starts with what did not happen or what stands there; ``help`` says what to write instead.
    A problem of a text file has ``line`` and ``column`` (both from 1) and ``excerpt``, the source line itself;
    ``width`` is how many characters the caret underlines. A problem of an export has ``row`` (the header is
    row 1, as in a spreadsheet), ``cell``, and of text the ``line`` on which the row starts, which is another number
    below a cell with a line end. A ``warning`` stops nothing.
    """

    path: str
    line: int = 0
    column: int = 0
    code: str = "invalid"
    message: str = ""
    help: str = ""
    excerpt: str = ""
    width: int = 1
    row: int = 0
    field: str = ""
    cell: str | None = None
    weight: Literal["error", "warning"] = "error"

    @property
    def place(self) -> str:
        """``file:line:column`` for text, ``file, row N (line M), column 'x'`` for an export, else the bare path."""
        if self.row:
            line = f" (line {self.line})" if self.line not in (0, self.row) else ""
            return f"{self.path}, row {self.row}{line}" + (f", column '{self.field}'" if self.field else "")
        if self.line:
            return f"{self.path}:{self.line}:{self.column}"
        return f"{self.path}, column '{self.field}'" if self.field else self.path


class SlacheckError(Exception):
    """The agreement or the data cannot be used. ``problems`` holds every reason found, in the order of the files.

    ``undone`` says in the words of who asked what was not done because of it.
    """

    undone = "nothing was evaluated"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(f"{p.place}: {p.message}" for p in self.problems))


class AgreementError(SlacheckError):
    """An agreement file cannot be read or says something that cannot be meant."""


class DataError(SlacheckError):
    """An export cannot be read, or does not say what the agreement needs."""


class PeriodError(SlacheckError):
    """The period that was asked for does not exist in the agreement, or has not begun."""


class EngineError(SlacheckError):
    """The engine that was asked for is not there, or gave up."""
