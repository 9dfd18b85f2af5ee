"""The picture of the terminal in the README: ``python -m tests.docs.pictures`` draws it anew."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.ansi import AnsiDecoder
from rich.console import Console

from slacheck.reports import FORMATS, View
from slacheck.statement import Statements

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/pictures/terminal.svg"
_EXAMPLE = ROOT / "examples/web-hosting/statement.json"
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def drawn() -> str:
    """What ``slacheck evaluate agreement.yaml --period 2026-10`` prints in that example, as SVG without any request."""
    statements = Statements.model_validate_json(_EXAMPLE.read_text(encoding="utf-8")).statements[-1:]
    text = FORMATS["terminal"].render(
        Statements(slacheck_statements=1, statements=statements), View(width=80, colour=True)
    )
    console = Console(record=True, width=82, file=io.StringIO(), force_terminal=True, color_system="standard")
    for line in AnsiDecoder().decode(text):
        console.print(line, soft_wrap=True)
    svg = console.export_svg(title="slacheck evaluate agreement.yaml --period 2026-10", unique_id="slacheck")
    # Its fonts would be fetched from elsewhere.
    return _FONTS.sub("", svg)


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
