"""Where a value stands in the text of a JSON document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def position(text: str, steps: Sequence[str | int]) -> int | None:
    """The offset of the value at ``steps`` in a valid document, or of the deepest part of the way that exists.

    None where the text is no JSON.
    """
    at = _blank(text, 0)
    try:
        for step in steps:
            inner = _inside(text, at, step)
            if inner is None:
                return at
            at = inner
    except (ValueError, IndexError, RecursionError):
        return None
    return at


def _inside(text: str, at: int, step: str | int) -> int | None:
    """Where the member or item ``step`` of the value at ``at`` begins."""
    opening = text[at]
    if opening != ("{" if isinstance(step, str) else "["):
        return None
    at, number = _blank(text, at + 1), 0
    while text[at] not in "}]":
        key: str | int = number
        if opening == "{":
            key, at = _DECODER.raw_decode(text, at)
            # Behind the colon.
            at = _blank(text, _blank(text, at) + 1)
        if key == step:
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _blank(text, at)
        if text[at] == ",":
            at = _blank(text, at + 1)
        number += 1
    return None


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
