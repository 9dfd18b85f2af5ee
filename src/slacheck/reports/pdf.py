"""The statements as PDF: the document that people read on pages of A4, archival, with the JSON inside."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

from slacheck.reports import json as as_json
from slacheck.reports.charts.credits import credit_bars
from slacheck.reports.charts.history import history
from slacheck.reports.charts.palette import LIGHT, literal_style
from slacheck.reports.charts.small import between, squares
from slacheck.reports.charts.strip import PAPER, strip
from slacheck.reports.charts.values import CreditHistory, History, Range, Squares, Strip
from slacheck.reports.document import document
from slacheck.reports.document.shapes import Document
from slacheck.reports.view import View
from slacheck.statement import Statements

# Archival, of any level of structure, with a file inside.
_STANDARD: Final = "a-3a"
_FAMILY: Final = "'Libertinus Serif'"


def render(statements: Statements, view: View) -> bytes:
    """The PDF: the same bytes for the same statements and view, whatever fonts, zone and locale the machine has."""
    shown = [document(each, view, f"s{number}") for number, each in enumerate(statements.statements, 1)]
    made = max((each.period.end for each in statements.statements), default="2000-01-01T00:00:00Z")
    return pages(shown, datetime.fromisoformat(made).astimezone(UTC), as_json.render(statements, view))


def pages(documents: Sequence[Document], made: datetime, inside: str) -> bytes:
    """The documents as one PDF that says it was made at ``made``, with ``inside`` as its attachment."""
    import typst

    plain = _Plain()
    shown = [plain.of(each) for each in documents]
    given = {
        "documents": shown,
        "title": shown[0]["heading"]["title"] if len(shown) == 1 else f"{len(shown)} statements",
        "made": [made.year, made.month, made.day],
        "missing": plain.missing,
        "colours": LIGHT,
    }
    compiled = typst.compile(
        _template("statement.typ"),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"documents": json.dumps(given), "statement": inside},
        pdf_standards=_STANDARD,
        timestamp=made,
    )
    assert isinstance(compiled, bytes)
    return compiled


def _template(name: str) -> bytes:
    return (files("slacheck.reports") / "templates" / name).read_bytes()


class _Plain:
    """Documents as what JSON holds: pictures drawn, fractions as decimals, letters that no font has written out."""

    def __init__(self) -> None:
        self._pictures = 0
        self._missing = False

    @property
    def missing(self) -> str:
        """What to say of letters that were written out."""
        if not self._missing:
            return ""
        return "Characters that the fonts of this page do not have stand here by their numbers, such as U+65E5."

    def of(self, value: Any) -> Any:
        match value:
            case str():
                return self._written(value)
            case Strip():
                drawn = self._picture(
                    lambda prefix, style: strip(value, width=PAPER, prefix=prefix, style=style), value
                )
                return {
                    **drawn,
                    "title": self._written(value.title),
                    "states": [[state, self._written(word)] for state, word in value.states],
                }
            case History():
                return self._picture(lambda prefix, style: history(value, prefix=prefix, style=style), value)
            case CreditHistory():
                drawn = self._picture(lambda prefix, style: credit_bars(value, prefix=prefix, style=style), value)
                return {
                    **drawn,
                    "title": self._written(value.title),
                    "names": [self._written(name) for name in value.names],
                    "open": any(bar.open != 0 for bar in value.bars),
                }
            case Range():
                return self._picture(lambda prefix, style: between(value, prefix=prefix, style=style), value)
            case Squares():
                return self._picture(lambda prefix, style: squares(value, prefix=prefix, style=style), value)
            case Fraction():
                return f"{float(value):.4f}"
            case tuple() | list():
                return [self.of(each) for each in value]
        if is_dataclass(value):
            return {field.name: self.of(getattr(value, field.name)) for field in fields(value)}
        return value

    def _picture(
        self, draw: Callable[[str, str], str], value: Strip | History | CreditHistory | Range | Squares
    ) -> dict[str, Any]:
        self._pictures += 1
        svg = draw(f"p{self._pictures}", literal_style(_FAMILY))
        description = "" if isinstance(value, Squares) else value.description
        alt = f"{value.title}. {description}".strip()
        return {"svg": self._written(svg, in_picture=True), "alt": self._written(alt)}

    def _written(self, text: str, *, in_picture: bool = False) -> str:
        written = written_out(text, in_picture=in_picture)
        self._missing = self._missing or written != text
        return written


def written_out(text: str, *, in_picture: bool = False) -> str:
    """``text`` with every letter that the fonts do not have by its number: a page would show an empty box.

    A picture has the letters of the page's own font alone, as no other one steps in there.
    """
    starts, ends = _ranges("letters-of-pictures.txt" if in_picture else "letters.txt")

    def has(letter: str) -> bool:
        at = bisect_right(starts, ord(letter)) - 1
        return letter == "\n" or (at >= 0 and ord(letter) <= ends[at])

    return "".join(letter if has(letter) else f"U+{ord(letter):04X}" for letter in text)


@cache
def _ranges(name: str) -> tuple[list[int], list[int]]:
    """Letters as ranges: where each starts, and where it ends."""
    lines = [line.partition("-") for line in _template(name).decode().split()]
    return [int(first, 16) for first, _, _ in lines], [int(last or first, 16) for first, _, last in lines]
