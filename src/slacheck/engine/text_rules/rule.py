"""What every rule for text gives: SQL for the engine and the same in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

# The Unicode spaces, which DuckDB's trim takes away; a tab is none. Naming a set of one's own costs ten times as much.
BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


@dataclass(frozen=True)
class Complaint:
    """Why one cell cannot be read: the fields of a Problem that depend on the rule."""

    code: str
    message: str
    help: str


class TextRule(Protocol):
    """How the text of a cell becomes integers (or a word). ``read`` and the SQL give the same for every text.

    The SQL is written over the name of a VARCHAR column that is trimmed of BLANKS and NULL where there is no value.
    """

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        """Per column of the result: what is appended to the column's name, and its DuckDB type."""

    def values(self, text: str) -> tuple[str, ...]:
        """One SQL expression per ending; the first is NULL where the text does not fit."""

    def accepted(self, value: str) -> str:
        """SQL condition over the first result: it may be kept. NULL counts as no."""

    def read(self, text: str) -> tuple[int | str, ...] | None:
        """What ``values`` gives for a trimmed text, in Python; None where the text cannot be read."""

    def complain(self, text: str) -> Complaint:
        """Explain a text for which ``read`` gives None."""


@runtime_checkable
class QuickRule(TextRule, Protocol):
    """A rule that knows its commonest texts at a glance, before a cell is trimmed."""

    def quick(self, cell: str) -> tuple[str, ...]:
        """SQL over a cell as it stands: what ``values`` gives, and a first NULL for all texts but the commonest."""

    def is_quick(self, text: str) -> bool:
        """Whether the text is one of these. It may say so of more than there are."""
