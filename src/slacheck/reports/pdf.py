"""The statements as PDF: the document that people read on pages of A4, archival, with the JSON inside."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

from slacheck.reports import json as as_json
from slacheck.reports.charts.credits import credit_bars
from slacheck.reports.charts.history import history
from slacheck.reports.charts.palette import literal_style
from slacheck.reports.charts.small import between, squares
from slacheck.reports.charts.strip import PAPER, strip
from slacheck.reports.charts.values import CreditHistory, History, Range, Squares, Strip
from slacheck.reports.document import document
from slacheck.reports.view import View
from slacheck.statement import Statements

# Archival, of any level of structure, with a file inside.
_STANDARD: Final = "a-3a"
_FAMILY: Final = "'Libertinus Serif'"


def render(statements: Statements, view: View) -> bytes:
    """The PDF: the same bytes for the same statements and view, whatever fonts, zone and locale the machine has."""
    import typst

    shown = [document(each, view, f"s{number}") for number, each in enumerate(statements.statements, 1)]
    made = max((each.period.end for each in statements.statements), default="2000-01-01T00:00:00Z")
    instant = datetime.fromisoformat(made).astimezone(UTC)
    plain = _Plain()
    documents = [plain.of(each) for each in shown]
    given = {
        "documents": documents,
        "title": documents[0]["heading"]["title"] if len(documents) == 1 else f"{len(documents)} statements",
        "made": [instant.year, instant.month, instant.day],
        "missing": plain.missing,
    }
    inputs = {"documents": json.dumps(given), "statement": as_json.render(statements, view)}
    compiled = typst.compile(
        _template("statement.typ"),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=_STANDARD,
        timestamp=instant,
    )
    assert isinstance(compiled, bytes)
    return compiled


def _template(name: str) -> bytes:
    return (files("slacheck.reports") / "templates" / name).read_bytes()


class _Plain:
    """Documents as what JSON holds: pictures drawn, fractions as decimals, letters that no font has written out."""

    def __init__(self) -> None:
        self._pictures = 0
        self._letters: dict[str, None] = {}

    @property
    def missing(self) -> str:
        """What to say of letters that were written out."""
        if not self._letters:
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
                return {**drawn, "states": [[state, self._written(word)] for state, word in value.states]}
            case History():
                return self._picture(lambda prefix, style: history(value, prefix=prefix, style=style), value)
            case CreditHistory():
                return self._picture(lambda prefix, style: credit_bars(value, prefix=prefix, style=style), value)
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
        return {"svg": self._written(svg), "alt": self._written(alt)}

    def _written(self, text: str) -> str:
        """``text`` with every letter that the fonts do not have by its number: a page would show an empty box."""
        unknown = {letter for letter in set(text) if not _has(letter)}
        if not unknown:
            return text
        self._letters.update(dict.fromkeys(sorted(unknown)))
        return "".join(f"U+{ord(letter):04X}" if letter in unknown else letter for letter in text)


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """The letters that the fonts inside typst have, as ranges: where each starts, and where it ends."""
    lines = _template("glyphs.txt").decode().split()
    ends = [line.partition("-") for line in lines]
    return [int(first, 16) for first, _, _ in ends], [int(last or first, 16) for first, _, last in ends]


def _has(letter: str) -> bool:
    starts, ends = _ranges()
    at = bisect_right(starts, ord(letter)) - 1
    return letter == "\n" or (at >= 0 and ord(letter) <= ends[at])
