"""How far a level was from its target and the bands of its credit, in lines of text."""

from __future__ import annotations

from collections.abc import Callable

from slacheck.comparing.reach import Reach, Reached, Reaches
from slacheck.reports.json import document
from slacheck.reports.layout import Page
from slacheck.reports.view import View

_NOUNS = {"requests": "bad request", "cases": "late case", "records": "record"}


def terminal(found: Reaches, view: View) -> str:
    """For a terminal: by period, each level with a line for its target and each band."""
    page = Page(view)
    period = ""
    for line in found.lines:
        if line.period != period:
            period = line.period
            page.head(page.clean(period))
        page.text(page.name(", ".join(part for part in (line.title, line.of_class, line.subject) if part)), indent=2)
        if line.refused:
            page.text(f"cannot be told: {line.refused}", indent=4, style="dim", hang=2)
        for row in line.rows:
            page.pair(page.clean(_said(page, line, row)), _pays(page, row, found.currency), indent=4, hang=2)
    return "\n".join(page.lines or ["no statement: no agreement was in force"]) + "\n"


FORMATS: dict[str, Callable[[Reaches, View], str]] = {"terminal": terminal, "json": document}


def _said(page: Page, line: Reach, row: Reached) -> str:
    name = f"target {row.compares}" if row.what == "target" else f"band {row.compares}"
    word = "broken" if row.what == "target" else "reached"
    if row.by is None:
        return f"{name}: {word}, whatever had gone well" if row.reached else f"{name}: cannot be {word}"
    if not row.reached:
        return f"{name}: {word} with {_size(page, line, row.by)}"
    left = "kept" if row.what == "target" else "left"
    return f"{name}: {word}; {left} with {_size(page, line, row.by)}"


def _size(page: Page, line: Reach, by: int) -> str:
    more = "more" if by > 0 else "less" if line.unit == "time" else "fewer"
    if line.unit == "time":
        return f"{page.figures.duration(abs(by))} {more} down"
    return page.figures.counted(abs(by), f"{more} {_NOUNS[line.unit or 'records']}")


def _pays(page: Page, row: Reached, currency: str | None) -> str:
    if row.amount is None or currency is None:
        return page.clean(row.pays)
    return f"{page.clean(row.pays)} = {page.figures.money(row.amount, currency)}"
