"""One thing that cannot be meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something that cannot be meant, and the keys that lead to it. A ``warning`` may be meant, and is remarked on."""

    steps: Steps
    code: str
    message: str
    help: str = ""
    at: str = "value"
    weight: Literal["error", "warning"] = "error"


def meant(word: str, known: Iterable[str]) -> str:
    """A help line: the name that was probably meant, or all there are."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(known) or 'nothing'}"
