"""The words of an agreement that read an export."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words that read a source: as text, as numbers and as instants. One word may be read in several ways."""

    text: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    instants: frozenset[str] = frozenset()

    def __or__(self, other: Words) -> Words:
        return Words(self.text | other.text, self.numbers | other.numbers, self.instants | other.instants)
