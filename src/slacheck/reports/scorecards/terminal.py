"""The scorecard for a terminal: the answer, the rows worst first, what stands behind each."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.portfolio import Scorecard
from slacheck.reports.layout import Page, Row
from slacheck.reports.scorecards.telling import MARKS, Section, Told, shown
from slacheck.reports.view import View


def render(card: Scorecard, view: View) -> str:
    """Lines of the width of the view, one newline at the end."""
    page = Page(view)
    seen = shown(page, card)
    page.pair(seen.title, seen.span, style="bold")
    if not card.rows:
        page.text("no agreement, or no statement of the period")
        return "\n".join(page.lines) + "\n"
    page.text(f"{seen.count}: {', '.join(words for words, _ in seen.tally)}")
    for section in seen.sections:
        _section(page, section)
    page.blank()
    page.text(
        "  ".join(f"{page.glyphs(MARKS[verdict])} {verdict.replace('-', ' ')}" for _, verdict in seen.tally), indent=2
    )
    if seen.owed:
        page.head("Owed" if len(seen.owed) == 1 else "Owed, each currency by itself")
        for number, amount in enumerate(seen.owed):
            page.pair(seen.settled if not number else "", amount, indent=2)
    return "\n".join(page.lines) + "\n"


def _section(page: Page, section: Section) -> None:
    page.blank()
    if section.name:
        page.pair(section.name, ", ".join(section.owed), style="bold")
        page.text(", ".join(words for words, _ in section.tally), style="dim")
        page.blank()
    rows = [
        Row(
            (each.name, each.levels, each.owed, each.claim_by),
            page.glyphs(each.mark),
            _style(each),
            tuple(_notes(page, each)),
        )
        for each in section.rows
    ]
    page.table(("Agreement", "Met", "Owed", "Claim by"), rows, indent=4, rule=True)


def _style(each: Told) -> str:
    return {"idle": "dim"}.get(each.badge.state, each.badge.state)


def _notes(page: Page, each: Told) -> Iterator[str]:
    if each.parties:
        yield each.parties
    yield from each.trouble
    if each.worst:
        yield f"worst: {each.worst}"
    yield from each.remarks
    if each.periods:
        yield f"{page.glyphs(each.periods)}  {each.trend[0][0]} to {each.trend[-1][0]}"
        eventful = [f"{label} {words}" for label, words in each.trend if words != "met"]
        if eventful:
            yield "; ".join(eventful)
