"""Lines of a fixed width: text from files made harmless, wrapped, shortened in the middle, and set in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from slacheck import problem_text
from slacheck.reports.figures import Figures
from slacheck.reports.view import View

_NARROWEST, _WIDEST = 60, 100
_GAP = 2
_LEAST_NAME = 16
_FAIR_NAME = 20
_LONGEST_NAME = 120
_BREAKS = re.compile(r"[ \t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")

_PAINTS = {"bad": "31", "good": "32", "open": "33", "dim": "2", "bold": "1"}
_BADGES = {"bad": "1;37;41", "good": "1;30;42", "open": "1;30;43", "dim": "1;7"}
_PLAIN = {"✗": "x", "✓": "+", "–": "-", "·": ".", "≥": ">=", "≤": "<=", "…": "...", "─": "-", "═": "="}


def harmless(text: str) -> str:
    """One line of text that no terminal obeys: breaks are blanks, controls and invisible characters are escaped."""
    return "".join(problem_text.harmless(character) for character in _BREAKS.sub(" ", text).strip())


def _taken(text: str, room: int) -> int:
    """How many characters of ``text`` fit into ``room`` columns."""
    fits, end = 0, min(len(text), room)
    # Marks that take no column belong to the character before them.
    while end < len(text) and cell_len(text[: end + 1]) <= room:
        end += 1
    while fits < end:
        middle = (fits + end + 1) // 2
        fits, end = (middle, end) if cell_len(text[:middle]) <= room else (fits, middle - 1)
    return fits


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns, broken at blanks where there are any; at least one line."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and cell_len(line) + 1 + cell_len(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line.rstrip())
        while (cut := _taken(word, width)) < len(word):
            lines.append(word[: max(1, cut)])
            word = word[max(1, cut) :]
        line = word
    return [*lines, line.rstrip()] if line or not lines else lines


@dataclass(frozen=True)
class Row:
    """``cells`` are a name, which may wrap, and values, which never do; ``notes`` stand under the row."""

    cells: tuple[str, ...]
    mark: str = ""
    style: str = ""
    notes: tuple[str, ...] = ()


class Page:
    """The lines written so far, none wider than ``width``."""

    def __init__(self, view: View) -> None:
        self.width = min(max(view.width, _NARROWEST), _WIDEST)
        self.ascii = view.ascii
        self.figures = Figures(view.ascii, view.locale)
        self._colour = view.colour
        self.lines: list[str] = []

    def glyphs(self, text: str) -> str:
        """Our own signs, in ASCII where nothing else can be shown."""
        return "".join(_PLAIN.get(sign, sign) for sign in text) if self.ascii else text

    def clean(self, text: str) -> str:
        """Text from a file, harmless, and in ASCII where nothing else can be shown."""
        shown = harmless(text)
        return shown.encode("ascii", "backslashreplace").decode("ascii") if self.ascii else shown

    def name(self, text: str, longest: int = _LONGEST_NAME) -> str:
        """A name from a file: as ``clean``, and its middle left out where it is longer than ``longest`` columns."""
        # Only both ends of a long text can be shown, so the middle need not be looked at.
        text = text if len(text) <= 8 * longest else text[: 2 * longest] + "\n" + text[-2 * longest :]
        shown = self.clean(text)
        return shown if cell_len(shown) <= longest else self._middle(shown, longest)

    def _middle(self, text: str, width: int) -> str:
        dots = self.glyphs("…")
        room = width - cell_len(dots)
        head = text[: _taken(text, room - room // 2)]
        tail = text[len(text) - _taken(text[::-1], room // 2) :]
        return f"{head}{dots}{tail}"

    def paint(self, text: str, style: str, *, badge: bool = False) -> str:
        """``text`` in colour where the view has it."""
        code = (_BADGES if badge else _PAINTS).get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text.strip() else text

    def blank(self) -> None:
        """An empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def head(self, text: str) -> None:
        """The heading of a section, after an empty line."""
        self.blank()
        self.text(text, style="bold")

    def rule(self, sign: str = "─") -> None:
        self.lines.append(self.paint(self.glyphs(sign) * self.width, "dim"))

    def text(self, text: str, *, indent: int = 0, style: str = "", hang: int = 0) -> None:
        """A paragraph; the lines after the first stand ``hang`` further in."""
        first, *others = wrapped(text, self.width - indent - hang)
        self.lines.append(self.paint(" " * indent + first, style))
        self.lines += [self.paint(" " * (indent + hang) + line, style) for line in others]

    def marked(self, mark: str, text: str, style: str, *, indent: int = 0, badge: bool = False) -> None:
        """A paragraph that hangs from a mark, which alone is painted."""
        room = indent + cell_len(mark) + 1
        first, *others = wrapped(text, self.width - room)
        self.lines.append(" " * indent + self.paint(mark, style, badge=badge) + " " + first)
        self.lines += [" " * room + line for line in others]

    def pair(self, left: str, right: str, *, indent: int = 0, lead: str = "", style: str = "", hang: int = 0) -> None:
        """Text on the left, which wraps after its ``lead``, and a value at the right edge of its last line."""
        hang += cell_len(lead)
        room = self.width - indent - hang - _GAP - cell_len(right)
        if room < _LEAST_NAME:
            self.text(f"{lead}{left}  {right}", indent=indent, style=style, hang=2)
            return
        lines = wrapped(left, room)
        for number, line in enumerate(lines):
            shown = " " * indent + (" " * hang if number else lead) + line
            if number == len(lines) - 1:
                shown += " " * (self.width - cell_len(shown) - cell_len(right)) + right
            self.lines.append(self.paint(shown.rstrip(), style))

    def table(self, heads: tuple[str, ...], rows: Sequence[Row], *, indent: int, rule: bool = False) -> None:
        """Values in columns under a rule, or under a heading of the section.

        Where they leave the name no room, ranges are stacked, and then the values of the widest rows stand under it.
        """
        longest = max((cell_len(row.cells[0]) for row in rows), default=0)
        own_head = cell_len(heads[0]) - (0 if rule else indent)
        broken = _broken(heads[1:], rows, self.width - indent - max(own_head, min(longest, _FAIR_NAME)))
        room = self.width - indent - max(own_head, min(longest, _LEAST_NAME))
        needs = {row: _needs(_column(heads[1:], [row], broken)) for row in rows}
        fitting = [row for row in rows if needs[row] <= room]
        while fitting and _needs(_column(heads[1:], fitting, broken)) > room:
            fitting.remove(max(fitting, key=lambda row: needs[row]))
        columns = _column(heads[1:], fitting, broken) if fitting else []
        if not fitting and not rule:
            self.text(heads[0], style="bold")
        elif fitting:
            headed = [[head] for head in heads[1:]]
            self._line([heads[0]], headed, columns, indent if rule else 0, "", "dim" if rule else "bold")
        if rule:
            self.rule()
        fits = set(fitting)
        for row in rows:
            if row in fits:
                values = [_stacked(cell, at + 1 in broken) for at, cell in enumerate(row.cells[1:])]
                name_room = self.width - indent - _needs(columns)
                self._line(wrapped(row.cells[0], name_room), values, columns, indent, row.mark, row.style)
            else:
                self._spread(heads, row, indent)
            for note in row.notes:
                self.text(note, indent=indent + 2, style="dim")

    def _line(
        self, name: list[str], values: list[list[str]], columns: list[int], indent: int, mark: str, style: str
    ) -> None:
        room = self.width - indent - _needs(columns)
        for at in range(max(len(name), *(len(value) for value in values))):
            first = name[at] if at < len(name) else ""
            line = first + " " * (room - cell_len(first))
            for value, width in zip(values, columns, strict=True):
                cell = value[at] if at < len(value) else ""
                line += " " * (_GAP + width - cell_len(cell)) + cell
            lead = self._lead(mark if at == 0 else "", indent, style)
            self.lines.append(lead + (line.rstrip() if mark else self.paint(line.rstrip(), style)))

    def _lead(self, mark: str, indent: int, style: str) -> str:
        return self.paint(mark, style) + " " * (indent - cell_len(mark))

    def _spread(self, heads: tuple[str, ...], row: Row, indent: int) -> None:
        start, *more = wrapped(row.cells[0], self.width - indent)
        self.lines.append(self._lead(row.mark, indent, row.style) + start)
        self.lines += [" " * indent + line for line in more]
        for head, cell in zip(heads[1:], row.cells[1:], strict=True):
            self.text(f"{head} {cell}", indent=indent + 2, hang=2)


def _stacked(cell: str, broken: bool) -> list[str]:
    if not broken:
        return [cell]
    low, dots, high = cell.partition("..")
    if dots:
        return [low + dots, high]
    return [part.strip() + ("," if more else "") for part, more in _parts(cell)]


def _parts(cell: str) -> list[tuple[str, bool]]:
    parts = cell.split(", ")
    return [(part, at < len(parts) - 1) for at, part in enumerate(parts)]


def _broken(heads: Sequence[str], rows: Sequence[Row], room: int) -> frozenset[int]:
    """The columns whose ranges are stacked, so that all of them fit: those first that gain most."""
    broken: frozenset[int] = frozenset()
    while (needed := _needs(_column(heads, rows, broken))) > room:
        tried = [(_needs(_column(heads, rows, broken | {at})), -at) for at in range(1, len(heads) + 1)]
        least, at = min(tried)
        if least == needed:
            break
        broken |= {-at}
    return broken


def _column(heads: Sequence[str], rows: Sequence[Row], broken: frozenset[int]) -> list[int]:
    """How wide each column of values has to be."""
    return [
        max(
            cell_len(head),
            *(cell_len(line) for row in rows for line in _stacked(row.cells[at + 1], at + 1 in broken)),
            0,
        )
        for at, head in enumerate(heads)
    ]


def _needs(columns: Sequence[int]) -> int:
    return sum(columns) + _GAP * len(columns)
