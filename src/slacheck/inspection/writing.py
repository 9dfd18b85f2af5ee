"""The lines of a source as YAML: keys, comments, and choices of which a person keeps at most one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"])


@dataclass
class Writing:
    """The lines of one source, and what somebody has to decide."""

    lines: list[str] = field(default_factory=list)
    choices: dict[str, None] = field(default_factory=dict)
    needed: dict[str, None] = field(default_factory=dict)

    def key(self, key: str, value: str, why: str = "") -> None:
        self.lines.append(f"    {key}: {value}" + (f"  # {why}" if why else ""))

    def note(self, text: str) -> None:
        self.lines.append(f"    # {text}")

    def choice(self, key: str, values: Sequence[str], why: str, *, needed: bool = False) -> None:
        """Commented lines of which a person keeps at most one."""
        self.note(f"{why}:")
        self.lines += [f"    # {key}: {value}" for value in values]
        self.choices[key] = None
        if needed:
            self.needed[key] = None


def scalar(text: str) -> str:
    """Text as YAML that reads it again, in quotes where it could be taken for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in quoted)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def length(microseconds: int) -> str:
    """A length of time in the largest unit that it is a whole number of."""
    for unit, worth in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1_000)):
        if microseconds >= worth and microseconds % worth == 0:
            return f"{microseconds // worth}{unit}"
    return f"{microseconds}us"


def listed(values: Sequence[str]) -> str:
    """Values that are YAML already, as a list in one line."""
    return "[" + ", ".join(values) + "]"


def headers(names: Sequence[str]) -> str:
    """A header, or several that are joined."""
    return scalar(names[0]) if len(names) == 1 else listed([scalar(name) for name in names])
