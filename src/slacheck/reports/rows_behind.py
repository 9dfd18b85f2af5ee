"""The rows that caused a number: outages, cases and what is unknown with file and row, and what was ruled on them."""

from __future__ import annotations

from slacheck.reports.document.quality import ruled_for
from slacheck.reports.document.sections import occurrences
from slacheck.reports.layout import Page
from slacheck.statement import Line, Statement


def rows_behind(page: Page, statement: Statement, line: Line, first: bool) -> None:
    """Print them, each with its row at the right; below the ``first`` line of a level what was ruled for it."""
    for found in occurrences(page, statement, line):
        page.text(found.title, indent=2)
        for row in found.rows:
            until = f" to {row.end}" if row.end else ", still open"
            told = f"{row.length}  {row.start}{until}" if row.length else f"{row.start}{until}"
            page.pair(f"{told}  {row.what}".rstrip(), row.place, indent=4, hang=2)
        if found.left_out:
            page.text(found.left_out, indent=4)
    ruled = ruled_for(page, statement, line.level) if first else ()
    if ruled:
        page.text("Exclusions", indent=2)
    for record in ruled:
        why = f": {record.why}" if record.why else ""
        about = f" ({record.reason})" if record.reason else ""
        told = f"{record.badge.word}, {record.excused} excused: {record.name}{about}, {record.when}{why}"
        page.pair(told, record.place, indent=4, hang=2)
