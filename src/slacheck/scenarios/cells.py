"""Cells of an export as its source writes them: the form of its times, its units, its decimal sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.usage import words_read
from slacheck.language.quantities import Quantity, Unreadable
from slacheck.money import decimal_text
from slacheck.scenarios.spans import is_point, point
from slacheck.sources.forms import ROLES
from slacheck.sources.source import Source
from slacheck.timeline import zones

_INSTANTS = frozenset({"at", "until", "start", "end", "valid_from", "announced"})
_NUMBERS = frozenset({"value", "total", "good", "bad"})
_EPOCHS = {"epoch-seconds": 1_000_000, "epoch-milliseconds": 1_000, "epoch-microseconds": 1}
_SINCE = "seconds since "
_MOST_DIGITS = 15


class Export:
    """What is known of one source: its words, how each is read, and how its cells are written."""

    def __init__(self, name: str, agreement: Agreement) -> None:
        self.name, self.zone = name, agreement.zone
        self.source: Source = agreement.sources[name]
        read = words_read(agreement)[name]
        roles = frozenset(ROLES[self.source.shape]) | {"announced"}
        own = roles & self.source.columns.keys()
        self.instants = read.instants | (own & _INSTANTS) | self.source.events.keys()
        self.numbers = read.numbers | (own & _NUMBERS)
        self.words = frozenset(self.source.columns) | read.text | self.numbers | self.instants
        conditions = (self.source.where, self.source.good, self.source.bad)
        for condition in (each for each in conditions if each is not None):
            self.words |= frozenset(condition.equalled()) | frozenset(condition.compared())
        self.states = "state" in self.source.columns
        # An empty column of a record would stand before the fact that a register has.
        facts = (each.columns.keys() for each in agreement.sources.values() if each.shape == "register")
        self._elsewhere = frozenset(word for words in facts for word in words) - self.source.columns.keys()

    def state(self, kind: str) -> str:
        """The word of the export for ``up``, ``down`` or ``unknown``; empty where it has none."""
        return next(iter(getattr(self.source.states, kind)), "")

    def cell(self, word: str, text: str, begun: int | None) -> str | int:
        """The cell of ``word``: an instant in microseconds UTC where it is one, else its text.

        ``begun`` is the first instant of the record, from which a length counts. Raises Unreadable.
        """
        if word in self.instants and text.strip():
            if begun is not None and (after := _after(text)) is not None:
                return begun + after
            return point(text, self.zone)
        if is_point(text):
            return point(text, self.zone)
        return self._number(word, text) if word in self.numbers else text

    def _number(self, word: str, text: str) -> str:
        try:
            quantity = Quantity.read(text)
        except Unreadable:
            return text
        value = quantity.value
        if quantity.kind in ("length", "share"):
            if self.source.kind(word) != quantity.kind:
                raise Unreadable(
                    f"'{word}' of '{self.name}' is no {'length of time' if quantity.kind == 'length' else 'share'}",
                    "write the number as the export has it",
                )
            value = Fraction(value) / self.source.worth(word)
        digits = decimal_text(value, _MOST_DIGITS)
        if Fraction(digits) != value:
            raise Unreadable(f"'{text}' cannot be written as a decimal in the unit of '{word}'", "write another value")
        return digits.replace(".", self.source.decimal)

    def lines(self, rows: Sequence[Mapping[str, str | int]]) -> Iterator[list[str]]:
        """Each row as its cells below ``headers``."""
        headers = {header: number for number, header in enumerate(self.headers(rows))}
        same: dict[str, str] | None = None
        stands: list[str] = []
        for row in rows:
            # A stream repeats everything but its instants.
            fixed: dict[str, str] = {word: cell for word, cell in row.items() if isinstance(cell, str)}
            if fixed != same:
                same, stands = fixed, [""] * len(headers)
                for word, text in fixed.items():
                    stands[headers[self.source.headers(word)[0]]] = text
            line = stands.copy()
            for word, at in row.items():
                if isinstance(at, int):
                    own = self.source.headers(word)
                    if len(own) == 1:
                        line[headers[own[0]]] = self._instant(at)
                        continue
                    for header, part in zip(own, self._instant(at).split(" ", len(own) - 1), strict=False):
                        line[headers[header]] = part
            yield line

    def headers(self, rows: Sequence[Mapping[str, str | int]]) -> list[str]:
        """Every header that anything of the agreement may read, and those of ``rows``."""
        told = {word for row in rows for word in row}
        words = [*self.source.columns, *sorted((self.words - self._elsewhere | told) - self.source.columns.keys())]
        return list(dict.fromkeys(header for word in words for header in self.source.headers(word)))

    def _instant(self, at: int) -> str:
        form = self.source.time_format
        if form is None:
            return zones.written(at).replace("T", " ")
        if form == "epoch-nanoseconds":
            return f"{at}000"
        if form in _EPOCHS:
            return decimal_text(Fraction(at, _EPOCHS[form]), 6)
        if form.startswith(_SINCE):
            since = datetime.fromisoformat(form.removeprefix(_SINCE).removesuffix("Z"))
            return decimal_text(Fraction(at - zones.instant_of(since, zones.zone("UTC")), 1_000_000), 6)
        zone = zones.zone(self.source.timezone) if self.source.timezone else zones.zone("UTC")
        return zones.local(at, zone).strftime(form)


def _after(text: str) -> int | None:
    """A length of time that stands in the place of an instant; None where it is none."""
    try:
        quantity = Quantity.read(text.strip().removeprefix("after").strip())
    except Unreadable:
        return None
    return int(quantity.value) if quantity.kind == "length" else None
