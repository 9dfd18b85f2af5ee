"""Small damage done to texts and bytes: tokens, lines and indents moved, cut and mixed, hostile material put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

_TOKEN = re.compile(r"[\w.%-]+|[ \t]+|\s|[^\w\s]")

# What agreements, numbers, times and exports have trouble with, and what terminals obey.
HOSTILE = (
    *(
        "",
        "null",
        "~",
        "true",
        "no",
        "none",
        "0",
        "-0",
        "-1",
        "1e999",
        "1e-999",
        "NaN",
        "inf",
        "0x10",
        "1_000",
        "1,5",
        "²",
    ),
    *(
        "9" * 40,
        "9" * 5000,
        "0." + "0" * 400 + "1",
        "1/3",
        "100%",
        "100.0000001%",
        "-5%",
        "< 0%",
        ">= 101%",
        "≥ 99%",
        "<",
        ">=",
    ),
    *(
        "2026-02-30",
        "2026-13",
        "0000-00-00",
        "9999-12-31",
        "2026-W53",
        "2026-10-25T02:30:00",
        "2026-03-29T02:30:00+02:00",
    ),
    *(
        "24:00",
        "25:00",
        "0m",
        "1us",
        "999999999d",
        "P1D",
        "1h30m",
        "-5m",
        "Europe/Londn",
        "Mars/Base",
        "XXX",
        "JPY",
        "GBX",
    ),
    *(
        "&a",
        "*a",
        "<<: *a",
        "!!python/object/apply:os.system ['id']",
        "!!binary aGk=",
        "!x",
        "? ",
        "- ",
        "---",
        "...",
        "%YAML 1.1",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        "[[[[",
        "}}}}",
        ": ",
        ",",
        "|",
        ">",
        ">-",
        "'",
        '"',
        '""',
        "#",
        "\\",
        "`",
        "@",
        "\t",
        " ",
        "\n",
        "\n  ",
    ),
    *(
        "\r",
        "\r\n",
        "\x00",
        "\x1b[2J",
        "\x07",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\u200b",
        "\ud800",
        "😀",
        "é",
        "e\u0301",
        "ﬀ",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE reading_1; --",
        "\"; ATTACH 'x' --",
        "${HOME}",
        "../../etc/passwd",
        "/dev/zero",
        "-",
    ),
    *(
        "http://127.0.0.1:1/x.csv",
        "s3://bucket/x",
        "*",
        "**",
        "[a-z]",
        "x" * 300,
        ";",
        "|",
        "\t\t",
        '{"a": 1}',
        '{"a": {"a": 1}, "a": 2}',
    ),
    *(
        "sep=;\n",
        "NULL",
        "N/A",
        "1.234,56",
        "12:5",
        "25/12/2026",
        "1790812800",
        "1790812800000",
        "-9223372036854775809",
    ),
)

KINDS = (
    *("put in", "put instead", "put instead", "delete", "repeat", "swap", "cut off", "cut off before"),
    *(
        "line deleted",
        "line repeated",
        "lines swapped",
        "line indented",
        "line dedented",
        "line of another",
        "many times",
    ),
)


@dataclass(frozen=True)
class Mutation:
    """One damage: where, how much, and what is put in."""

    kind: str
    at: int
    size: int
    material: str

    def place(self, length: int) -> int:
        """One of ``length`` places. Scattered: hypothesis likes small numbers, and damage is wanted everywhere."""
        return self.at * 2_654_435_761 % 2**32 % max(1, length)


def mutations(words: Sequence[str], most: int = 3) -> st.SearchStrategy[list[Mutation]]:
    """Some damages that put in hostile material or ``words``."""
    material = st.one_of(st.sampled_from(HOSTILE), st.sampled_from(words), st.text(max_size=6))
    one = st.builds(Mutation, st.sampled_from(KINDS), st.integers(0, 2**24), st.integers(0, 20), material)
    return st.lists(one, min_size=1, max_size=most)


def mutated(text: str, damages: Sequence[Mutation], other: str = "") -> str:
    """``text`` after all ``damages``, in order; lines may come from ``other``."""
    for damage in damages:
        text = _damaged(text, damage, other)
    return text


def _damaged(text: str, damage: Mutation, other: str) -> str:
    if damage.kind.startswith("line"):
        return "".join(_lines(text.splitlines(keepends=True) or [""], damage, other))
    tokens = _TOKEN.findall(text) or [""]
    at = damage.place(len(tokens))
    until = min(len(tokens), at + 1 + damage.size // 4)
    head, piece, tail = "".join(tokens[:at]), "".join(tokens[at:until]), "".join(tokens[until:])
    match damage.kind:
        case "put in":
            return head + damage.material + piece + tail
        case "put instead":
            return head + damage.material + tail
        case "delete":
            return head + tail
        case "repeat":
            return head + piece * 2 + tail
        case "swap":
            return head + "".join(reversed(tokens[at:until])) + tail
        case "cut off":
            return head
        case "cut off before":
            return piece + tail
        case _:
            return head + damage.material * min(10 * damage.size, 20_000 // max(1, len(damage.material))) + piece + tail


def _lines(lines: list[str], damage: Mutation, other: str) -> list[str]:
    at = damage.place(len(lines))
    until = min(len(lines), at + 1 + damage.size // 4)
    head, piece, tail = lines[:at], lines[at:until], lines[until:]
    match damage.kind:
        case "line deleted":
            return head + tail
        case "line repeated":
            return head + piece * (2 + damage.size) + tail
        case "lines swapped":
            return head + piece[::-1] + tail
        case "line indented":
            return [*head, *(" " * (1 + damage.size % 5) + line for line in piece), *tail]
        case "line dedented":
            return [*head, *(line[1 + damage.size % 5 :] for line in piece), *tail]
        case _:
            strange = other.splitlines(keepends=True) or [damage.material]
            begin = damage.place(len(strange))
            return head + strange[begin : begin + 1 + damage.size % 5] + piece + tail


def mutated_bytes(data: bytes, damages: Sequence[Mutation], other: bytes = b"") -> bytes:
    """``data`` after all ``damages``: what is no text is damaged byte by byte."""
    for damage in damages:
        at = damage.place(len(data))
        until = min(len(data), at + 1 + damage.size)
        put = damage.material.encode("utf-8", "surrogatepass")
        head, piece, tail = data[:at], data[at:until], data[until:]
        match KINDS.index(damage.kind) % 8:
            case 0:
                data = head + put + piece + tail
            case 1:
                data = head + put[: len(piece)].ljust(len(piece), b"\xff") + tail
            case 2:
                data = head + bytes(byte ^ (1 << damage.size % 8) for byte in piece) + tail
            case 3:
                data = head + tail
            case 4:
                data = head + piece * 2 + tail
            case 5:
                data = head + bytes([damage.size * 12]) * len(piece) + tail
            case 6:
                data = head
            case _:
                data = head + other[at : at + 8 * damage.size] + tail
    return data
