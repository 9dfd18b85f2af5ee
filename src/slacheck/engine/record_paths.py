"""The words for where records stand inside a JSON document, and where a column stands inside a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# A key in double quotes may hold anything; a bare one no sign of the grammar.
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\["\\])+)"|(?P<bare>[^.\[\]{}"+][^.\[\]{}+]*)|(?P<open>\[\]|\{\})|(?P<sign>[.+])'
)
_COLUMN = re.compile(
    r'(?:^|\.)(?:"(?P<quoted>(?:[^"\\]|\\["\\])+)"|(?P<bare>[^.\[\]{}"][^.\[\]{}]*))|\[(?P<index>\d{1,9})\]'
)

Opens = Literal["items", "values", "what-stands-there"]
Step = str | int


class PathFault(ValueError):
    """A path that cannot be meant; ``at`` is the character, from 0, where it goes wrong."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Door:
    """One step from a record to those inside it: the ``keys`` that lead to a container, and how it is opened.

    ``items`` are those of a list, ``values`` those of an object; ``what-stands-there`` are the items of a list, or an
    object as a single record. Of lists that stand side by side (``beside``) the items of one position are one record.
    """

    keys: tuple[str, ...]
    opens: Opens
    beside: tuple[tuple[str, ...], ...] = ()

    @property
    def written(self) -> str:
        """The door as a path has it: ``metric.values[]``."""
        if self.beside:
            return "+".join(f"{written(keys)}[]" for keys in self.beside)
        return written(self.keys) + {"items": "[]", "values": "{}", "what-stands-there": ""}[self.opens]


@dataclass(frozen=True)
class RecordsPath:
    """Where the records of a document stand: one door behind the other."""

    doors: tuple[Door, ...]

    def prefix(self, depth: int) -> str:
        """The path of the records behind the first ``depth`` doors, as columns are written from the top."""
        return joined(door.written for door in self.doors[:depth])

    @property
    def plain(self) -> str | None:
        """The dotted keys of a path that leads to one list of records; None where there is more to it."""
        (first, *further) = self.doors
        return written(first.keys) if not further and first.opens == "what-stands-there" and first.keys else None


def joined(parts: Iterator[str] | Sequence[str]) -> str:
    """Parts of a path one behind the other; what begins with a bracket needs no point before it."""
    path = ""
    for part in parts:
        path += part if not path or part[:1] in "[{" else f".{part}"
    return path


def written(keys: Sequence[str]) -> str:
    """Keys as a path has them, in quotes where they need them."""
    return ".".join(json.dumps(key, ensure_ascii=False) if re.search(r'[.\[\]{}"+]', key) else key for key in keys)


def records_path(text: str) -> RecordsPath:
    """Read a path such as ``data.result[].values[]``; ``$`` is the whole document as one record.

    Raises PathFault with the character where it goes wrong.
    """
    if text == "$":
        return RecordsPath((Door((), "what-stands-there"),))
    doors: list[Door] = []
    keys: list[str] = []
    beside: list[tuple[str, ...]] = []
    before = "start"
    for kind, word, at in _tokens(text):
        if kind == "key" and before in ("start", ".", "+"):
            keys.append(word)
        elif word == "." and (before == "key" or (before == "open" and not beside)):
            pass
        elif word == "[]" and beside and before == "key":
            beside.append(tuple(keys))
            keys = []
        elif kind == "open" and not beside and before in ("start", "key", "open"):
            doors.append(Door(tuple(keys), "items" if word == "[]" else "values"))
            keys = []
        elif word == "+" and before == "open" and (beside or (doors[-1].keys and doors[-1].opens == "items")):
            beside = beside or [doors.pop().keys]
        else:
            raise PathFault(f"'{word}' does not belong here", at)
        before = word if kind == "sign" else kind
    if before not in ("key", "open") or (beside and before == "key"):
        raise PathFault("the path ends too early", max(len(text) - 1, 0))
    if beside:
        doors.append(Door((), "items", tuple(beside)))
    elif keys:
        doors.append(Door(tuple(keys), "what-stands-there"))
    return RecordsPath(tuple(doors))


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, word, where it begins): ``key``, ``open`` or ``sign``."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            if re.match(r"\[\d", text[position:]):
                raise PathFault("records are all items of a list, '[]', not one of them", position)
            raise PathFault(f"'{text[position]}' does not belong here", position)
        quoted, bare = found["quoted"], found["bare"]
        if quoted is None and bare is None:
            yield "open" if found["open"] else "sign", found.group(), position
        else:
            yield "key", _unquoted(quoted) if bare is None else bare, position
        position = found.end()


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def steps(column: str) -> tuple[Step, ...] | None:
    """Where a column such as ``acknowledgements[0].at`` or ``[1]`` leads inside a record; None for no such path."""
    found: list[Step] = []
    position = 0
    while position < len(column):
        step = _COLUMN.match(column, position)
        if step is None:
            return None
        if step["index"] is not None:
            found.append(int(step["index"]))
        else:
            found.append(step["bare"] if step["quoted"] is None else _unquoted(step["quoted"]))
        position = step.end()
    return tuple(found) or None


def ways(column: str) -> tuple[tuple[Step, ...], ...]:
    """How a column may be reached in a record: as one literal key first, then where its path leads."""
    led = steps(column)
    return ((column,),) if led is None or led == (column,) else ((column,), led)


def pointer(way: Sequence[Step]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in way)


def standing(record: Any, column: str) -> list[Any]:
    """What stands in a parsed record where the ways of ``column`` lead; nothing where none of them leads anywhere."""
    found = []
    for way in ways(column):
        value, there = record, True
        for step in way:
            if isinstance(value, dict) and str(step) in value:
                value = value[str(step)]
            elif isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                there = False
                break
        if there:
            found.append(value)
    return found
