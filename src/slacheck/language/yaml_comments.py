"""The comments of a YAML text, told from a '#' inside a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

_OPENING = re.compile(r"(?:^|(?<=\s))#")


@dataclass(frozen=True)
class Comment:
    """A comment from its '#' to the end of its line; ``line`` and ``column`` count from 1.

    ``alone``: nothing but blanks stands before it.
    """

    line: int
    column: int
    text: str
    alone: bool


def comments(lines: Sequence[str]) -> list[Comment]:
    """Every comment of a YAML text that was read without a fault, in order."""
    taken = _scalars(lines)
    found: list[Comment] = []
    for number, line in enumerate(lines):
        for opening in _OPENING.finditer(line):
            if not any(start <= opening.start() < end for start, end in taken.get(number, ())):
                alone = not line[: opening.start()].strip()
                found.append(Comment(number + 1, opening.start() + 1, line[opening.start() :].rstrip(), alone))
                break
    return found


def _scalars(lines: Sequence[str]) -> dict[int, list[tuple[int, int]]]:
    """By line, from 0, the columns that a value or key takes."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for token in yaml.scan("\n".join(lines), Loader=Loader):
        if not isinstance(token, yaml.ScalarToken):
            continue
        start, end = token.start_mark, token.end_mark
        # The line that opens a block of text may end in a comment.
        first = start.line + (token.style in ("|", ">"))
        for line in range(first, end.line + 1):
            begins = start.column if line == start.line else 0
            ends = end.column if line == end.line else len(lines[line]) if line < len(lines) else 0
            taken.setdefault(line, []).append((begins, ends))
    return taken
