"""Fenced blocks of a page of the documentation."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fenced(text: str, language: str) -> list[str]:
    """What stands in the blocks of ``language``, in order."""
    return [found[2] for found in _BLOCK.finditer(text) if found[1] == language]
