"""Problems as text for people: the place, the source line with a caret under the fault, and what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from slacheck.problems import Problem

_LINE_LIMIT = 100
_MESSAGE_LIMIT = 1000
_CELL_LIMIT = 80
_REACH = 4 * _LINE_LIMIT
_TAB = " " * 4
_JOINERS = "\u200c\u200d"

_RED_BOLD, _YELLOW_BOLD, _RED, _CYAN, _RESET = "\x1b[1;31m", "\x1b[1;33m", "\x1b[31m", "\x1b[36m", "\x1b[0m"


def render(problems: Iterable[Problem], *, colour: bool = False, pages: bool = False) -> str:
    """Every problem in the order given, a blank line between two, no newline at the end.

    Nothing from a file reaches the terminal as a control sequence: such characters are shown escaped.
    ``colour`` adds ANSI colours, ``pages`` the command that prints the page of each code.
    """
    return "\n\n".join(_rendered(problem, colour, pages) for problem in problems)


def tally(problems: Iterable[Problem], undone: str) -> str:
    """The closing line: how many errors in which file or in how many, and what was not done because of them."""
    paths = [problem.path for problem in problems]
    if not paths:
        return "no errors"
    errors = f"{len(paths)} error" if len(paths) == 1 else f"{len(paths)} errors"
    files = len(set(paths))
    counted = f"{_escaped(paths[0])}: {errors}" if files == 1 else f"{errors} in {files} files"
    return f"{counted}; {undone}"


def _rendered(problem: Problem, colour: bool, pages: bool) -> str:
    paint = _RED_BOLD if problem.weight == "error" else _YELLOW_BOLD
    error = _painted(f"{problem.weight}[{_escaped(problem.code)}]", paint, colour)
    lines = [f"{_escaped(problem.place)}: {error}: {_message(problem)}"]
    # Of an export the message shows the cell; only text has its line shown.
    of_text = problem.line > 0 and problem.row == 0
    gutter = " " * (len(str(problem.line)) if of_text else 2)
    if of_text:
        source, caret = _source_and_caret(problem.excerpt, problem.column - 1, problem.width)
        lines.append(f"{gutter} |")
        lines.append(f"{problem.line} | {source}".rstrip())
        lines.append(f"{gutter} | {caret[0]}{_painted(caret[1], _RED, colour)}")
    if problem.help:
        lines.append(f"{gutter} = {_painted('help:', _CYAN, colour)} {_shortened(problem.help, _MESSAGE_LIMIT)}")
    if pages:
        lines.append(f"{gutter} = {_painted('page:', _CYAN, colour)} slacheck explain {_escaped(problem.code)}")
    return "\n".join(lines)


def _message(problem: Problem) -> str:
    message = _shortened(problem.message, _MESSAGE_LIMIT)
    if problem.cell and problem.cell not in problem.message:
        return f"{message}: '{_shortened(problem.cell, _CELL_LIMIT)}'"
    return message


def _painted(text: str, paint: str, colour: bool) -> str:
    return f"{paint}{text}{_RESET}" if colour else text


def _shortened(text: str, limit: int) -> str:
    """The text escaped, at most ``limit`` characters of it."""
    escaped = _escaped(text[: limit + 1])
    return escaped if len(escaped) <= limit else escaped[: limit - 3] + "..."


def _escaped(text: str) -> str:
    return "".join(harmless(character) for character in text)


def harmless(character: str) -> str:
    """The character, or its escape where a terminal would obey it, hide it or turn the line round."""
    if character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    code = ord(character)
    if code < 0x100:
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cells(character: str, shown: str) -> int:
    """How many columns a terminal gives to a character that stands as ``shown``."""
    if len(shown) > 1:
        return len(shown)
    if character in _JOINERS or unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _source_and_caret(line: str, start: int, width: int) -> tuple[str, tuple[str, str]]:
    """The line as shown, at most 100 columns of it, and under it the blanks and the carets."""
    start = min(max(start, 0), len(line))
    # A line may be megabytes long: look only at what can be shown.
    skipped, end = max(0, start - _REACH), min(len(line), start + _REACH)
    piece, start, whole = line[skipped:end], start - skipped, end - skipped == len(line)
    shown = [_TAB if character == "\t" else harmless(character) for character in piece]
    cells = [_cells(character, text) for character, text in zip(piece, shown, strict=True)]
    stop = min(start + max(width, 1), len(piece))
    first, last = (0, len(piece)) if whole and sum(cells) <= _LINE_LIMIT else _window(cells, start)
    head = "..." if skipped + first else ""
    tail = "..." if skipped + last < len(line) else ""
    indent = len(head) + sum(cells[first:start])
    carets = max(1, sum(cells[start : min(stop, last)]))
    return head + "".join(shown[first:last]) + tail, (" " * indent, "^" * carets)


def _window(cells: list[int], start: int) -> tuple[int, int]:
    """Which characters to show so that the fault and something on both sides of it fit the limit."""
    room = _LINE_LIMIT - 6 - max(1, cells[start] if start < len(cells) else 1)
    first, before = start, 0
    lead = max(room // 3, room - sum(cells[start + 1 :]))
    while first > 0 and before + cells[first - 1] <= lead:
        first -= 1
        before += cells[first]
    last, used = start, before
    while last < len(cells) and used + cells[last] <= _LINE_LIMIT - 6:
        used += cells[last]
        last += 1
    return first, last
