"""What a page is told, kept as blocks in place of lines: so that every format says what the terminal says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slacheck.reports.document.shapes import Block, State, Table
from slacheck.reports.layout import Page, Row
from slacheck.reports.view import View

_STEP = 2
_STATES: dict[str, State] = {"bad": "bad", "good": "good", "open": "open"}


class Telling(Page):
    """A page without a width: what is written on it is kept in ``blocks``."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.blocks: list[Block | Table] = []

    def told(self, write: Callable[[Page], None]) -> tuple[Block | Table, ...]:
        """What ``write`` puts on the page, and nothing of before."""
        kept, self.blocks = self.blocks, []
        try:
            write(self)
            return tuple(self.blocks)
        finally:
            self.blocks = kept

    def told_in_words(self, write: Callable[[Page], None]) -> tuple[Block, ...]:
        """As ``told``, without headings and tables."""
        return tuple(each for each in self.told(write) if isinstance(each, Block) and each.kind != "heading")

    def blank(self) -> None:
        """Nothing: where a format leaves room is its own decision."""

    def rule(self, sign: str = "─") -> None:
        """Nothing, as for ``blank``."""

    def head(self, text: str) -> None:
        self.blocks.append(Block("heading", text, strong=True))

    def text(self, text: str, *, indent: int = 0, style: str = "", hang: int = 0) -> None:
        strong = style == "bold"
        self.blocks.append(Block("text", text, indent=indent // _STEP, strong=strong, state=_state(style)))

    def marked(self, mark: str, text: str, style: str, *, indent: int = 0, badge: bool = False) -> None:
        self.blocks.append(Block("entry", text, lead=mark.strip(), indent=indent // _STEP, state=_state(style)))

    def pair(self, left: str, right: str, *, indent: int = 0, lead: str = "", style: str = "", hang: int = 0) -> None:
        strong = style == "bold"
        shown = " ".join(lead.split())
        self.blocks.append(Block("pair", left, right, shown, indent // _STEP, strong, _state(style)))

    def table(self, heads: tuple[str, ...], rows: Sequence[Row], *, indent: int, rule: bool = False) -> None:
        self.blocks.append(Table(heads, tuple(row.cells for row in rows), tuple(row.notes for row in rows)))


def _state(style: str) -> State:
    return _STATES.get(style, "idle")
