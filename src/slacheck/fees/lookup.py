"""The rows of a register found by what is known about a line: by dictionary, never by a walk over all rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod

from slacheck.sources.amounts import SHOWN, Billed

Values = Mapping[str, frozenset[str]]

# Sums over fewer rows than this are made anew.
_WORTH_KEEPING = 8


@dataclass(frozen=True)
class Whose:
    """What is known about the line: per word the values that its records may have.

    ``but`` holds values that they do not have (those of the other classes, for the class ``else``).
    """

    of: Values
    but: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What the rows of a line come to. ``first`` are the first of its rows, ``empty`` is one whose cell is empty;
    ``absent`` are values of the line that no row has, by word."""

    total: Fraction
    rows: int
    first: tuple[int, ...]
    empty: int | None
    absent: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Table:
    """The amounts of one column of a register, in one stretch, by the words of its key and then ``facts``.

    ``place`` names a row as evidence does.
    """

    def __init__(
        self, key: Sequence[str], facts: Sequence[str], rows: Sequence[Billed], place: Callable[[int], str]
    ) -> None:
        self._key, self._words, self._rows = tuple(key), (*key, *facts), rows
        self._indexes: dict[tuple[str, ...], dict[tuple[str | None, ...], list[Billed]]] = {}
        self._found: dict[tuple[object, ...], Found | None] = {}
        self.place = place

    def asked(self, whose: Whose) -> tuple[Values, Values]:
        """The part of ``whose`` that tells rows apart: the key and, where it leaves a word of that open, facts."""
        pinned = all(word in whose.of for word in self._key)
        words = self._key if pinned and self._key else self._words
        of = {word: whose.of[word] - whose.but.get(word, frozenset()) for word in words if word in whose.of}
        but = {word: whose.but[word] for word in words if word in whose.but and word not in of}
        return of, but

    def found(self, whose: Whose) -> Found | None:
        """The rows of a line put together; None where there is none."""
        of, but = self.asked(whose)
        known = (tuple(of.items()), tuple(but.items()))
        if known in self._found:
            return self._found[known]
        rows = [row for row in self._matching(of) if self._allowed(row, but)]
        found = self._together(rows, of) if rows else None
        if len(rows) >= _WORTH_KEEPING:
            self._found[known] = found
        return found

    def _matching(self, of: Values) -> Iterable[Billed]:
        words = tuple(of)
        if words not in self._indexes:
            at = [self._words.index(word) for word in words]
            index: dict[tuple[str | None, ...], list[Billed]] = {}
            for row in self._rows:
                index.setdefault(tuple(row.cells[i] for i in at), []).append(row)
            self._indexes[words] = index
        index = self._indexes[words]
        if prod(len(values) for values in of.values()) > len(index):
            # More combinations than there are: look at those that are.
            return [
                row
                for cells, rows in index.items()
                if all(cell in of[word] for word, cell in zip(words, cells, strict=True))
                for row in rows
            ]
        return [row for cells in product(*(sorted(of[word]) for word in words)) for row in index.get(cells, ())]

    def _allowed(self, row: Billed, but: Values) -> bool:
        return all(row.cells[self._words.index(word)] not in values for word, values in but.items())

    def _together(self, rows: Collection[Billed], of: Values) -> Found:
        absent = []
        for word, values in of.items():
            at = self._words.index(word)
            if len(values) > 1 and (without := values - {row.cells[at] for row in rows}):
                absent.append((word, tuple(sorted(without))))
        return Found(
            total=sum((row.total for row in rows), Fraction(0)),
            rows=sum(row.rows for row in rows),
            first=tuple(sorted(rowid for row in rows for rowid in row.first)[:SHOWN]),
            empty=min((row.empty for row in rows if row.empty is not None), default=None),
            absent=tuple(absent),
        )
