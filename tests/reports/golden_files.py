"""Documents that were agreed, one file per format and statement. SLACHECK_GOLDEN=write writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from slacheck.reports import FORMATS, View
from slacheck.statement import Statement
from tests.reports import case_statements as cases
from tests.reports import credit_statements as costs
from tests.reports import later_statements as later
from tests.reports import statements as made
from tests.reports.hostile_statements import with_text

FOLDER = Path(__file__).parent / "golden"
HOSTILE = "=1+1\r\n::error::x|`<b>\"'\\ {{7*7}} \x1b[2J\x00\u202e\ufffe@team https://x.example ]]>&amp;"

STATEMENTS: dict[str, Callable[[], Statement]] = {
    "whole": made.whole,
    "cases": cases.cases,
    "afterwards": later.afterwards,
    "crossing": costs.crossing,
    "points": costs.points,
    "no-bound": costs.no_bound,
    "hostile": lambda: with_text(made.whole(), HOSTILE),
}


def agreed(name: str, format: str, ending: str) -> tuple[bytes, bytes]:
    """What the statement called ``name`` is as ``format``, and what was agreed."""
    content = FORMATS[format].written(made.document(STATEMENTS[name]()), View())
    path = FOLDER / f"{name}{ending}"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        path.write_bytes(content)
    return content, path.read_bytes()
