"""The statements as PDF: the document that people read on pages of A4, archival, with the JSON inside."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final
from unicodedata import bidirectional

from slacheck.reports import json as as_json
from slacheck.reports.charts.credits import credit_bars
from slacheck.reports.charts.history import history
from slacheck.reports.charts.palette import LIGHT, literal_style
from slacheck.reports.charts.small import between, squares
from slacheck.reports.charts.strip import PAPER, strip
from slacheck.reports.charts.values import CreditHistory, History, Range, Squares, Strip
from slacheck.reports.document import document
from slacheck.reports.document.shapes import Document
from slacheck.reports.figures import Figures
from slacheck.reports.view import View
from slacheck.statement import Statement, Statements

# Archival, of any level of structure, with a file inside.
_STANDARD: Final = "a-3a"
_FAMILY: Final = "'Libertinus Serif'"
# Letters, numbers and marks of what runs from right to left, as Unicode calls them.
_LEFTWARDS: Final = ("R", "AL", "AN", "RLE", "RLO", "RLI")


def render(statements: Statements, view: View) -> bytes:
    """The PDF: the same bytes for the same statements and view, whatever fonts, zone and locale the machine has."""
    shown = [_document(each, view, f"s{number}") for number, each in enumerate(statements.statements, 1)]
    made = max((each.period.end for each in statements.statements), default="2000-01-01T00:00:00Z")
    return pages(shown, datetime.fromisoformat(made).astimezone(UTC), as_json.render(statements, view), _remark(view))


def _document(statement: Statement, view: View, anchor: str) -> Document:
    if _can_write(view.locale):
        return document(statement, view, anchor)
    # The command is still that which gives these bytes.
    plain = document(statement, replace(view, locale=""), anchor)
    return replace(plain, footer=document(statement, view, anchor).footer)


def _remark(view: View) -> str:
    return (
        ""
        if _can_write(view.locale)
        else f"Figures and dates are in English: this page cannot write those of '{view.locale}'."
    )


@cache
def _can_write(locale: str) -> bool:
    """Whether the figures and dates of a locale can be read on a page, whose words run from left to right.

    A date that is half letters of another direction changes its order there, and one of numbers of letters is none.
    """
    figures = Figures(locale=locale)
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 8)]
    written = [figures.money("-1234567.50", "USD"), figures.span(Fraction(-1, 8), Fraction(1, 8), "share")]
    for each in days:
        written += [figures.day(each), figures.weekday(each), figures.month(each), figures.period(each[:7], each)]
    return all(
        written_out(text, in_picture=True) == text and not any(bidirectional(letter) in _LEFTWARDS for letter in text)
        for text in written
    )


def pages(documents: Sequence[Document], made: datetime, inside: str, remark: str = "") -> bytes:
    """The documents as one PDF that says it was made at ``made``, with ``inside`` as its attachment.

    ``remark`` is about the writing itself, and stands at the top of each.
    """
    import typst

    plain = _Plain()
    shown = [plain.of(each) for each in documents]
    given = {
        "documents": shown,
        "title": shown[0]["heading"]["title"] if len(shown) == 1 else f"{len(shown)} statements",
        "made": [made.year, made.month, made.day],
        "remarks": [each for each in (remark, plain.missing) if each],
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
