"""How a statement is to be shown: what the caller knows of the screen, and of the reader's wishes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """``width`` is that of the screen in columns; ``colour`` allows escape sequences; ``ascii`` allows nothing else.
    ``folder`` is where the run stands and ``repository`` the root of what it checks, both absolute; both are empty
    where files are to be named as they were given. ``locale`` is how figures and dates are written for people, plain
    English where it is empty.

    All of it is the caller's decision, so that the same statement and view give the same bytes everywhere.
    """

    width: int = 80
    colour: bool = False
    ascii: bool = False
    folder: str = ""
    repository: str = ""
    locale: str = ""
