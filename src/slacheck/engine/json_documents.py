"""One JSON document around records: where they stand, found without building the document in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from mmap import mmap
from typing import Any

_BLANK = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[^][{},: \t\r\n]++")
_PLAIN = rb'[^][{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb"\[(?:%b)*+\]|\{(?:%b)*+\}" % (_PLAIN, _PLAIN)
_INNER = rb"%b|%b" % (_PLAIN, _FLAT)
_DEEP = rb"\[(?:%b)*+\]|\{(?:%b)*+\}" % (_INNER, _INNER)
# To the next bracket, over all strings and all shallow lists and objects on the way.
_BRACKET = re.compile(rb"(?:%b|%b)*+([][{}])" % (_PLAIN, _DEEP), re.DOTALL)
# Whole items of a list that are shallow themselves, each with its comma.
_SCALAR_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^][{},:" \t\r\n]++'
_ITEM = rb"[ \t\r\n]*+(?:%b|%b)[ \t\r\n]*+," % (_DEEP, _SCALAR_TEXT)
_ITEMS = re.compile(rb"(?:%b)*+" % _ITEM, re.DOTALL)
_ONE_ITEM = re.compile(_ITEM, re.DOTALL)
_KINDS = {b"[": "a list", b"{": "an object", b'"': "a text", b"t": "true", b"f": "false", b"n": "null"}


class BrokenDocument(Exception):
    """The brackets of the text do not match, or something stands behind the document."""


def find(text: bytes | mmap, keys: Sequence[str]) -> tuple[int, int] | str:
    """Begin and end (bytes, half-open) of what stands behind ``keys``, one inside the other, or why nothing does.

    Raises BrokenDocument; the inside of what is found is not checked.
    """
    root = _blank(text, 0)
    end = _end(text, root)
    if _blank(text, end) != len(text):
        raise BrokenDocument
    return inside(text, (root, end), keys) or "nothing stands there"


def inside(text: bytes | mmap, place: tuple[int, int], keys: Sequence[str]) -> tuple[int, int] | None:
    """Begin and end of what stands behind ``keys`` in the value at ``place``, or None."""
    for key in keys:
        member = next(((start, stop) for name, start, stop in members(text, place[0]) if name == key), None)
        if member is None:
            return None
        place = member
    return place


def kind(text: bytes | mmap, position: int) -> str:
    """What begins at ``position``: ``a list``, ``an object``, ``a text`` .."""
    return _KINDS.get(text[position : position + 1], "a number")


def members(text: bytes | mmap, position: int) -> Iterator[tuple[str, int, int]]:
    """(key, begin, end) of each value of the object at ``position``; nothing where no object stands."""
    if text[position : position + 1] != b"{":
        return
    position = _blank(text, position + 1)
    while text[position : position + 1] != b"}":
        name = _STRING.match(text, position)
        if name is None:
            raise BrokenDocument
        position = _blank(text, name.end())
        if text[position : position + 1] != b":":
            raise BrokenDocument
        position = _blank(text, position + 1)
        end = _end(text, position)
        yield json.loads(name.group()), position, end
        position = _next(text, end)


def stretches(text: bytes | mmap, position: int, size: int) -> Iterator[tuple[int, int]]:
    """The items of the list at ``position`` in stretches of at most ``size`` bytes, without the commas between them.

    A stretch is longer only where a single item is.
    """
    position = _blank(text, position + 1)
    while text[position : position + 1] != b"]":
        many = _ITEMS.match(text, position, min(position + size, len(text)))
        if many is not None and many.end() > position:
            yield position, many.end() - 1
            position = _blank(text, many.end())
            continue
        end = _end(text, position)
        yield position, end
        position = _next(text, end)


def count(items: bytes) -> int:
    """How many items there are in a stretch of shallow ones."""
    return sum(1 for _ in _ONE_ITEM.finditer(items + b","))


def lists(value: Any, path: str = "") -> list[str]:
    """Where in a document there are lists, as dotted paths, three levels deep."""
    if isinstance(value, list):
        return [path] if path else []
    if not isinstance(value, dict) or path.count(".") >= 2:
        return []
    return [found for key, inner in value.items() for found in lists(inner, f"{path}.{key}".lstrip("."))]


def _blank(text: bytes | mmap, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _next(text: bytes | mmap, position: int) -> int:
    """Where what follows the value that ends at ``position`` begins: behind a comma, or a closing bracket."""
    position = _blank(text, position)
    if text[position : position + 1] == b",":
        return _blank(text, position + 1)
    if text[position : position + 1] not in (b"]", b"}"):
        raise BrokenDocument
    return position


def _end(text: bytes | mmap, position: int) -> int:
    """Where the value at ``position`` ends."""
    if text[position : position + 1] not in (b"[", b"{"):
        single = _STRING.match(text, position) or _SCALAR.match(text, position)
        if single is None:
            raise BrokenDocument
        return single.end()
    depth, position = 1, position + 1
    while True:
        found = _BRACKET.match(text, position)
        if found is None:
            raise BrokenDocument
        position = found.end()
        depth += 1 if found[1] in (b"[", b"{") else -1
        if depth == 0:
            return position
