"""The scorecard as Markdown, for the summary of a CI step, an issue or a wiki."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.portfolio import Scorecard
from slacheck.reports.layout import Page
from slacheck.reports.markdown import MARKS, bullets, inert, table
from slacheck.reports.scorecards.telling import Section, Told, shown
from slacheck.reports.view import View


def render(card: Scorecard, view: View) -> str:
    """Tables as GitHub and GitLab have them, and no HTML."""
    page = Page(view)
    seen = shown(page, card)
    blocks = [f"# {seen.title}" + (f", {inert(seen.span)}" if seen.span else "")]
    if not card.rows:
        blocks.append("No agreement, or no statement of the period.")
    else:
        told = [f"{inert(seen.count)}: {inert(', '.join(words for words, _ in seen.tally))}"]
        blocks.append(bullets([*told, *(f"Owed: **{inert(each)}**" for each in seen.owed)]))
    for section in seen.sections:
        blocks += _section(section)
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> Iterator[str]:
    if section.name:
        yield f"## {inert(section.name)}"
        told = ", ".join(words for words, _ in section.tally)
        yield bullets([inert(told), *(f"Owed: **{inert(each)}**" for each in section.owed)])
    if section.rows:
        heads = ["", "Agreement", "Levels met", "Owed", "Claim by", "Worst level", "Periods"]
        yield table(heads, [_cells(each) for each in section.rows])
    troubled = [each for each in section.rows if each.trouble]
    if troubled:
        yield bullets([f"**{inert(each.name)}**: {inert(line)}" for each in troubled for line in each.trouble])


def _cells(each: Told) -> list[str]:
    name = f"**{inert(each.name)}**" + (f" {inert(each.parties)}" if each.parties else "")
    name += "".join(f"; {inert(remark)}" for remark in each.remarks)
    trend = "; ".join(f"{label} {words}" for label, words in each.trend)
    return [
        f"{MARKS[each.badge.state]} {inert(each.badge.word)}",
        name,
        *map(inert, (each.levels, each.owed, each.claim_by, each.worst, trend)),
    ]
