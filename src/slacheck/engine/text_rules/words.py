"""Words, as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from slacheck.engine.text_rules.rule import Complaint


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
