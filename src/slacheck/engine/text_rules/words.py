"""Words, as they stand or by their place in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slacheck.engine.text_rules.rule import BLANKS, Complaint


@dataclass(frozen=True)
class Text:
    """Words as they stand, trimmed."""

    endings: tuple[tuple[str, str], ...] = (("", "VARCHAR"),)

    def values(self, text: str) -> tuple[str, ...]:
        return (text,)

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        return (text,)

    def complain(self, text: str) -> Complaint:
        return Complaint("bad-cell", f"cannot be read: '{text}'", "")


@dataclass(frozen=True)
class AsWritten(Text):
    """Words with the blanks around them, for a look at what stands in the file; no word is taken for no value."""


@dataclass(frozen=True)
class Among:
    """Words of a list, by their position in it; any other word has the length of the list."""

    words: tuple[str, ...]
    endings: tuple[tuple[str, str], ...] = (("", "SMALLINT"),)

    def values(self, text: str) -> tuple[str, ...]:
        place = f"CASE {text} {self._steps(self.words)} ELSE {len(self.words)} END" if self.words else "0"
        return (f"CASE WHEN {text} IS NOT NULL THEN {place} END",)

    def quick(self, cell: str) -> tuple[str, ...]:
        words = [word for word in self.words if self.is_quick(word)]
        return (f"CASE {cell} {self._steps(words)} END",) if words else ()

    def is_quick(self, text: str) -> bool:
        return text in self.words and text == text.strip(BLANKS) != ""

    def _steps(self, words: Sequence[str]) -> str:
        return " ".join(f"WHEN {literal(word)} THEN {self.words.index(word)}" for word in words)

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        return (self.words.index(text) if text in self.words else len(self.words),)

    def complain(self, text: str) -> Complaint:
        return Complaint("bad-cell", f"cannot be read: '{text}'", "")


def literal(word: str) -> str:
    """``word`` as an SQL string."""
    return "'" + word.replace("'", "''") + "'"
