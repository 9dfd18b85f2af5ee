"""What is read of an export: the roles of its shape, and the words of an agreement as text, numbers or instants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from slacheck.engine import text_rules
from slacheck.engine.reading import Column
from slacheck.sources.matching import SCALE
from slacheck.sources.source import Source
from slacheck.sources.words import Words
from slacheck.timeline import zones

_SINCE = re.compile(r"seconds since (\S+)Z")

# The roles that hold instants, and whether every record needs one.
_INSTANTS: Mapping[str, Mapping[str, bool]] = {
    "samples": {"at": True, "until": False},
    "counts": {"at": True},
    "events": {"start": True, "end": False, "announced": False},
    "cases": {},
    "register": {"valid_from": True, "at": True},
}


@dataclass(frozen=True)
class Wanted:
    """The columns to read, and behind which of them each word stands."""

    columns: tuple[Column, ...]
    text: Mapping[str, str]
    numbers: Mapping[str, str]
    instants: Mapping[str, str]


def wanted(source: Source, words: Words) -> Wanted:
    """The roles as ``r_ROLE``, the words as ``t_0``.. (text), ``n_0``.. (numbers) and ``i_0``.. (instants).

    A role that already is what a word is read as stands for the word. The key of a register is always read.
    """
    columns = list(_roles(source))
    text = {"id": "r_id"} if source.shape == "cases" else {}
    for index, word in enumerate(sorted((words.text | {*source.key}) - text.keys())):
        text[word] = f"t_{index}"
        columns.append(Column(text[word], source.headers(word), text_rules.text(), word in source.key))
    numbers: dict[str, str] = {}
    for index, word in enumerate(sorted(words.numbers)):
        numbers[word] = f"n_{index}"
        columns.append(Column(numbers[word], source.headers(word), _figures(source, word), False))
    roles = _INSTANTS[source.shape].keys() & source.columns.keys()
    instants = {word: f"r_{word}" for word in words.instants & roles}
    for index, word in enumerate(sorted(words.instants - roles - source.events.keys())):
        instants[word] = f"i_{index}"
        columns.append(Column(instants[word], source.headers(word), _times(source), False))
    return Wanted(tuple(columns), text, numbers, instants)


def _times(source: Source) -> text_rules.TextRule:
    if source.time_format is None:
        return text_rules.instant()
    since = _SINCE.fullmatch(source.time_format)
    if since:
        base = datetime.fromisoformat(since[1]).replace(tzinfo=UTC)
        return text_rules.seconds_since(zones.instant_of(base.replace(tzinfo=None), zones.zone("UTC")))
    return text_rules.instant(source.time_format)


def _figures(source: Source, word: str) -> text_rules.TextRule:
    unit = source.units.get(word)
    if unit in text_rules.LENGTHS:
        return text_rules.length(unit, SCALE)
    # A fraction has no sign of its own.
    behind = None if unit == "fraction" else unit
    return text_rules.number(SCALE, source.decimal, wide=True, thousands=source.thousands, unit=behind)


def _roles(source: Source) -> Iterator[Column]:
    instants = _INSTANTS[source.shape]
    for role, headers in source.columns.items():
        match source.shape, role:
            case _ if role in instants:
                yield Column(f"r_{role}", headers, _times(source), instants[role])
            case "cases", ("id" | "event"):
                yield Column(f"r_{role}", headers, text_rules.text(), True)
            case "cases", "at" if source.repeats in ("latest", "events"):
                yield Column("r_at", headers, _times(source), True)
            case "samples", "state":
                yield Column("r_state", headers, text_rules.among(state_words(source)), source.empty_values == "refuse")
            case "samples", "value":
                yield Column(
                    "r_value", headers, _figures(source, role), source.empty_values == "refuse" and not source.wide
                )
            case "counts", ("total" | "good" | "bad"):
                yield Column(f"r_{role}", headers, text_rules.count(source.decimal, source.thousands), True)
            case "events", "cause":
                yield Column("r_cause", headers, text_rules.text(), False)


def state_words(source: Source) -> tuple[str, ...]:
    """The words for states, in the order by which ``r_state`` numbers them; what it holds beyond them is none."""
    states = source.states
    return tuple(dict.fromkeys((*states.down, *states.unknown, *states.up)))
