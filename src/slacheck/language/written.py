"""Texts as YAML of an agreement that slacheck writes itself: what is written is what is read again."""

from __future__ import annotations

import json
import re
from fractions import Fraction

from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
# Without quotes inside brackets; what a number or a date would be elsewhere is text in an agreement.
_IN_BRACKETS = re.compile(r"[\w/.$+][\w./%()'=;*$+-]*( [\w./%()'=;*$+-]+)*")
_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"])


def scalar(text: str) -> str:
    """Text as YAML that reads it again, in quotes where it could be taken for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _quoted(text)


def flow(value: object) -> str:
    """A value in one line as people write it: ``{from: probes, lasting: ">= 5m"}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if _IN_BRACKETS.fullmatch(text) and text.lower() != "null" else _quoted(text)


def _quoted(text: str) -> str:
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


def duration(microseconds: int | Fraction) -> str:
    """A length as an agreement would write it, ``4m1s``; what is shorter than a second is left out beside more."""
    rest = int(microseconds)
    parts: list[str] = []
    for size, letter in ((HOUR, "h"), (MINUTE, "m"), (SECOND, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{letter}")
    if parts:
        return "".join(parts)
    return f"{rest // 1000}ms" if rest else "0s"


def commented(text: str) -> str:
    """``text`` as a comment: in one line, with whatever cannot be printed as its escape, since YAML refuses some of it
    even there."""
    line = " ".join(text.split())
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode() for letter in line
    )
