"""What the terminal can show: colour, width, and characters beyond ASCII."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from slacheck.reports.view import View


def colour(stream: TextIO) -> bool:
    """Colour only on a terminal, never with NO_COLOR (no-color.org) or a dumb terminal."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """Columns of the terminal; 80 where there is none, so that a pipe always gives the same bytes."""
    return shutil.get_terminal_size((80, 24)).columns if stream.isatty() else 80


def ascii_only(stream: TextIO) -> bool:
    """Whether the stream's encoding has no box-drawing characters."""
    try:
        "─✗".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def view(stream: TextIO, locale: str = "") -> View:
    """How a statement is to be shown on the stream."""
    return View(width=width(stream), colour=colour(stream), ascii=ascii_only(stream), locale=locale)
