"""One JSON document around a list of records: where the list stands, found without building the document in memory."""

from __future__ import annotations

import json
import re
from mmap import mmap
from typing import Any

_BLANK = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[^][{},: \t\r\n]++")
# To the next bracket, over all strings on the way.
_BRACKET = re.compile(rb'[^][{}"]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^][{}"]*+)*+([][{}])', re.DOTALL)
_KINDS = {b"[": "a list", b"{": "an object", b'"': "a text", b"t": "true", b"f": "false", b"n": "null"}


class BrokenDocument(Exception):
    """The brackets of the text do not match, or something stands behind the document."""


def find_list(text: bytes | mmap, path: str) -> tuple[int, int] | str:
    """Begin and end (bytes, half-open) of the list at the dotted ``path``, or what stands there instead.

    Raises BrokenDocument; the inside of the list is not checked.
    """
    root = _blank(text, 0)
    if _blank(text, _end(text, root)) != len(text):
        raise BrokenDocument
    position = root
    for key in path.split("."):
        member = _member(text, position, key)
        if member is None:
            return "nothing stands there"
        position = member
    start = text[position : position + 1]
    if start != b"[":
        return f"it is {_KINDS.get(start, 'a number')}"
    return position, _end(text, position)


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


def _member(text: bytes | mmap, position: int, key: str) -> int | None:
    """Where the value of ``key`` begins in the object at ``position``."""
    if text[position : position + 1] != b"{":
        return None
    position = _blank(text, position + 1)
    while text[position : position + 1] != b"}":
        name = _STRING.match(text, position)
        if name is None:
            raise BrokenDocument
        position = _blank(text, name.end())
        if text[position : position + 1] != b":":
            raise BrokenDocument
        position = _blank(text, position + 1)
        if json.loads(name.group()) == key:
            return position
        position = _blank(text, _end(text, position))
        if text[position : position + 1] == b",":
            position = _blank(text, position + 1)
    return None


def _end(text: bytes | mmap, position: int) -> int:
    """Where the value at ``position`` ends."""
    if text[position : position + 1] not in (b"[", b"{"):
        single = _STRING.match(text, position) or _SCALAR.match(text, position)
        if single is None:
            raise BrokenDocument
        return single.end()
    depth = 0
    while True:
        found = _BRACKET.match(text, position)
        if found is None:
            raise BrokenDocument
        position = found.end()
        depth += 1 if found[1] in (b"[", b"{") else -1
        if depth == 0:
            return position
