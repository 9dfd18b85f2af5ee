"""What a ledger holds, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slacheck.reports.layout import Page, Row
from slacheck.reports.view import View

_STYLES = {"breached": "bad", "met": "good", "indeterminate": "open"}


def listing(rows: Sequence[Mapping[str, str | int | bool]], view: View) -> str:
    """One row each, in the order given, one newline at the end."""
    page = Page(view)
    if not rows:
        page.text("nothing is kept")
    else:
        shown = [_row(page, row) for row in rows]
        page.table(("Agreement", "Period", "Verdict", "Owed", "Kept"), shown, indent=0, rule=True)
    return "\n".join(page.lines) + "\n"


def _row(page: Page, row: Mapping[str, str | int | bool]) -> Row:
    period = str(row["period"]) + (f" #{row['number']}" if row["number"] != 1 else "")
    notes = [page.clean(str(row["part"]).replace("..", " to "))] if row["part"] else []
    if row["running"]:
        notes.append("so far")
    if row["reason"]:
        notes.append(page.clean(str(row["reason"])))
    currency, least, most = (str(row[name]) for name in ("currency", "least", "most"))
    owed = "-"
    if currency:
        owed = (
            page.figures.money_span(least, most, currency) if most else f"{page.figures.money(least, currency)} or more"
        )
    verdict = str(row["verdict"])
    cells = (page.name(str(row["agreement"]), 40), page.clean(period), verdict.replace("-", " "), owed)
    return Row((*cells, page.figures.day(str(row["kept_at"])[:10])), "", _STYLES.get(verdict, ""), tuple(notes))
