"""The statement as Markdown, for the summary of a CI step, an issue or a wiki: what to know and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from slacheck.reports.document.building import document
from slacheck.reports.document.shapes import (
    Account,
    Badge,
    Block,
    Document,
    Exclusions,
    Levels,
    Quality,
    Section,
    State,
    Table,
    VerdictBox,
)
from slacheck.reports.layout import Page
from slacheck.reports.view import View
from slacheck.reports.wording import more
from slacheck.statement import Statements

MARKS: dict[State, str] = {"bad": "❌", "good": "✅", "open": "❓", "idle": "➖", "kpi": "🔹"}
_SECTIONS = 10
_OCCURRENCES = 5
_RULINGS = 10
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|#~&$]")
# Hosts look for these in the text that is left when markup is read, and an escape is gone by then: a name that is
# called, an address, the number of an issue. What stands between is a blank without width, as an entity.
_LINKED = re.compile(r"(?<=@)(?=\S)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[#!])(?=\d)", re.IGNORECASE)
_BEGINS = re.compile(r"^(\d*)([-+=/.)])")


def render(statements: Statements, view: View) -> str:
    """Every statement, a rule between two; tables as GitHub and GitLab have them, and no HTML."""
    page = Page(view)
    dressed = ["\n\n".join(blocks(page, document(each, view))) for each in statements.statements]
    return "\n\n---\n\n".join(dressed or ["No statement: no agreement was in force."]) + "\n"


def inert(text: str) -> str:
    """Text in which nothing is markup, leads anywhere or calls anybody."""
    return _LINKED.sub("&#8203;", _MARKUP.sub(lambda found: f"\\{found[0]}", text))


def blocks(page: Page, shown: Document) -> Iterator[str]:
    """The blocks of one statement, which blank lines part."""
    head = shown.heading
    yield f"# {inert(head.title)}, {inert(head.part or head.period)}"
    yield _sentence(f"{head.provider} for {head.customer}", head.bounds, head.length)
    yield from _verdict(shown.verdict)
    if shown.actions:
        yield "## What to do"
        yield "\n".join(
            f"{number}. **{inert(each.title)}**{_after(', ', each.when)}{_after('. ', each.why)}{_clause(each.clause)}"
            for number, each in enumerate(shown.actions, start=1)
        )
    yield from _levels(shown.levels)
    if shown.account:
        yield from _account(shown.account)
    if shown.rights:
        yield "## Rights"
        rights = [
            f"{_mark(each.badge)} **{inert(each.name)}** {inert(each.badge.word)}{_after(': ', each.reason)}"
            f"{_after('; to be used by ', each.use_by)}{_clause(each.clause)}"
            for each in shown.rights
        ]
        yield bullets([*rights, *_left(shown.rights_left_out)])
    yield from _worst(page, shown.sections)
    if shown.exclusions:
        yield from _exclusions(page, shown.exclusions)
    if shown.corrections:
        yield from _told("Corrections", shown.corrections)
    if shown.hours:
        yield from _told("Service hours", shown.hours)
    if shown.quality:
        yield from _quality(shown.quality)
    if shown.notes:
        yield "## Notes of the agreement"
        yield bullets(inert(note) for note in shown.notes)
    made = shown.footer
    yield _sentence(f"Made from {made.agreement} (sha256 {made.sha256}) by {made.command}")


def _verdict(box: VerdictBox) -> Iterator[str]:
    yield f"## {_mark(box.badge)} {inert(box.headline)}"
    if box.sentence:
        yield _sentence(box.sentence)
    facts = [*([box.amount] if box.amount else []), *box.facts]
    entries = [f"{inert(fact.name)}: **{inert(fact.value)}**" for fact in facts]
    if box.tally:
        entries.append(f"Verdicts: {', '.join(f'{inert(count)} {inert(badge.word)}' for badge, count in box.tally)}")
    yield from [bullets(entries)] if entries else []


def _levels(levels: Levels) -> Iterator[str]:
    if not levels.rows:
        return
    yield "## Levels"
    heads = ["", "Level", "Target", "Measured", "Margin", *(["Credit"] if levels.with_credit else [])]
    rows = []
    for each in levels.rows:
        notes = "; ".join([*([f"clause {each.clause}"] if each.clause else []), *each.notes])
        name = f"**{inert(each.name)}**" + (f" ({inert(notes)})" if notes else "")
        values = [each.target, each.measured, each.margin, *([each.credit] if levels.with_credit else [])]
        rows.append([f"{_mark(each.badge)} {inert(each.badge.word)}", name, *map(inert, values)])
    yield table(heads, rows, numbers=2)
    yield from _paragraphs(levels.left_out)


def _account(account: Account) -> Iterator[str]:
    yield "## Credit"
    rows = []
    for line in account.lines:
        rows.append([f"**{inert(line.name)}**{_clause(line.clause)}", inert(line.settled), inert(line.still_open)])
        for case in line.cases:
            words = ", ".join(step.text for step in case.steps)
            rows.append([inert(f"{case.name}: {words}" if words else case.name), "", ""])
        if line.counted:
            rows.append([inert(line.counted), "", ""])
    for each in (*account.others, *account.crossing):
        rows.append([inert(f"{each.lead} {each.text}".strip()), inert(each.value), ""])
    total = [f"**{inert(each)}**" if each else "" for each in (account.owed_name, account.settled, account.still_open)]
    yield table(["", "Settled", "Still open"], [*rows, total], numbers=1)
    for told in (account.after, account.claim):
        yield from _told("", told)


def _worst(page: Page, sections: Sequence[Section]) -> Iterator[str]:
    found = [(section, each) for section in sections for each in section.occurrences if each.rows]
    for section, occurrences in found[:_SECTIONS]:
        left = f"the first {_OCCURRENCES}" if len(occurrences.rows) > _OCCURRENCES else occurrences.left_out
        title = occurrences.title[:1].lower() + occurrences.title[1:]
        yield f"## {inert(section.name)}: {inert(title)}" + (f" ({inert(left)})" if left else "")
        rows = [
            [inert(each.start), inert(each.end), inert(each.what), inert(each.length), inert(each.place)]
            for each in occurrences.rows[:_OCCURRENCES]
        ]
        yield table([inert(head) for head in occurrences.heads], rows)
    if len(found) > _SECTIONS:
        yield f"and {more(page, len(found) - _SECTIONS)}; every line is in the JSON"


def _exclusions(page: Page, exclusions: Exclusions) -> Iterator[str]:
    yield "## Exclusions"
    yield from _lists([*exclusions.sums, *(meter.text for meter in exclusions.meters)])
    rows = [
        [
            f"{_mark(each.badge)} {inert(each.badge.word)}",
            f"**{inert(each.name)}**{_after(' ', each.reason)}",
            inert(each.when),
            inert(each.lasted),
            inert("; ".join(part for part in (each.excused, each.why) if part)),
            inert(each.place),
        ]
        for each in exclusions.rows[:_RULINGS]
    ]
    if rows:
        yield table(["", "Exclusion", "When", "Lasted", "Excused", "Row"], rows)
    left = len(exclusions.rows) - _RULINGS
    yield from _paragraphs(f"and {more(page, left)}" if left > 0 else exclusions.left_out)


def _quality(quality: Quality) -> Iterator[str]:
    yield "## Data"
    entries = [f"{MARKS[state]} {inert(text)}" for state, text in quality.remarks]
    for source in quality.sources:
        entries.append(f"**{inert(source.name)}**{_after(': ', '; '.join([source.rows, *source.known]))}")
        entries += [f"{MARKS['open']} {inert(source.name)}: skipped {inert(row)}" for row in source.skipped]
    yield bullets([*entries, *map(inert, quality.left_out)])


def _told(title: str, blocks: Sequence[Block | Table]) -> Iterator[str]:
    """What the terminal tells, as a list; a table of it as a table."""
    if title and blocks:
        yield f"## {title}"
    entries: list[str] = []
    for each in blocks:
        if isinstance(each, Table):
            yield from _drained(entries)
            yield table([inert(head) for head in each.heads], [[inert(cell) for cell in row] for row in each.rows])
        elif each.kind == "heading":
            yield from _drained(entries)
            yield f"### {inert(each.text)}"
        else:
            entries.append(inert(" ".join(part for part in (each.lead, each.text) if part)) + _after(": ", each.value))
    yield from _drained(entries)


def _drained(entries: list[str]) -> Iterator[str]:
    if entries:
        yield bullets(entries)
        entries.clear()


def _mark(badge: Badge) -> str:
    return MARKS[badge.state]


def _after(sign: str, text: str) -> str:
    return f"{sign}{inert(text)}" if text else ""


def _clause(clause: str) -> str:
    return f" (clause {inert(clause)})" if clause else ""


def _left(text: str) -> list[str]:
    return [inert(text)] if text else []


def _lists(entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield bullets(map(inert, entries))


def bullets(entries: Iterable[str]) -> str:
    """A list of entries that are Markdown already."""
    return "\n".join(f"- {_begun(entry)}" for entry in entries)


def _paragraphs(*texts: str) -> Iterator[str]:
    yield from (_sentence(text) for text in texts if text)


def _sentence(*parts: str) -> str:
    return _begun(", ".join(inert(part) for part in parts if part))


def _begun(text: str) -> str:
    """Text at the start of a block that begins no list, no rule and no command of a host in it."""
    return _BEGINS.sub(r"\g<1>\\\g<2>", text, count=1)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: int | None = None) -> str:
    """A table; from the column ``numbers`` on values stand at the right."""
    rule = ["---:" if numbers is not None and at >= numbers else "---" for at in range(len(heads))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))
