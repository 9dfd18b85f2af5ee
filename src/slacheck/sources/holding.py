"""Which source holds a word: the records themselves, or a register that they lead to by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from slacheck.sources.forms import ROLES
from slacheck.sources.source import Source
from slacheck.sources.words import Words

# The records themselves: no source can be called so.
OWN: Final = ""


@dataclass(frozen=True)
class Held:
    """What a source holds: the words of its ``columns`` and, where its files were looked at, ``headers``.

    A header that a word is mapped to has that name alone: its own may be the word of a register. ``Exports.headers``
    looks at the files; without them a register can be told only from what is mapped.
    """

    source: Source
    headers: frozenset[str] = frozenset()

    def __contains__(self, word: object) -> bool:
        mapped = self.source.columns
        own = word in mapped or word in self.source.events
        return own or (word in self.headers and all(word not in headers for headers in mapped.values()))

    def tells(self, word: str, records: Held) -> bool:
        """Whether this register has ``word`` for the records of another source: a fact, and a key that they have."""
        source = self.source
        if source.shape != "register" or "at" in source.columns or not source.key:
            return False
        fact = word in self and word not in ROLES["register"] and word not in source.key
        return fact and all(each in records for each in source.key)


def holders(word: str, records: Held, registers: Mapping[str, Held]) -> tuple[str, ...]:
    """Who holds ``word`` of ``records``: OWN, or the names of registers, sorted; more than one name is unclear.

    A word that nobody is known to hold is OWN: reading the records tells whether there is such a column.
    """
    if word in records:
        return (OWN,)
    return tuple(sorted(name for name, held in registers.items() if held.tells(word, records))) or (OWN,)


@dataclass(frozen=True)
class Division:
    """The words of some records by who holds them. ``own`` has the keys too; ``unclear`` are words of two registers."""

    own: Words
    registers: Mapping[str, Words]
    unclear: Mapping[str, tuple[str, ...]]


def divided(words: Words, records: Held, registers: Mapping[str, Held]) -> Division:
    """Whom to ask for each word, so that ``registers.enriched`` can put them together again."""
    found = {word: holders(word, records, registers) for word in sorted(words.text | words.numbers | words.instants)}
    unclear = {word: names for word, names in found.items() if len(names) > 1}

    def held_by(name: str) -> Words:
        def mine(some: frozenset[str]) -> frozenset[str]:
            return frozenset(word for word in some if found[word] == (name,))

        return Words(mine(words.text), mine(words.numbers), mine(words.instants))

    names = sorted({names[0] for names in found.values() if len(names) == 1} - {OWN})
    keys = frozenset(word for name in names for word in registers[name].source.key)
    return Division(held_by(OWN) | Words(text=keys), {name: held_by(name) for name in names}, unclear)
