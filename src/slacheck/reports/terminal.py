"""The statement for a terminal: the verdict and the amount first, then every line that a dispute could turn on."""

from __future__ import annotations

from collections.abc import Sequence

from slacheck.reports.consequences import PARTY, consequences, period_name
from slacheck.reports.crediting import claim, credit, paid
from slacheck.reports.evidence import evidence
from slacheck.reports.layout import Page, Row
from slacheck.reports.remarks import aimed_at, under
from slacheck.reports.view import View
from slacheck.reports.wording import gravest, line_name, margin, measured, more
from slacheck.statement import MOST_LINES, Line, PeriodShown, Statement, Statements
from slacheck.timeline import zones
from slacheck.verdicts import Verdict

_MARKS: dict[Verdict, tuple[str, str]] = {
    "breached": ("✗", "bad"),
    "met": ("✓", "good"),
    "indeterminate": ("?", "open"),
    "not-applicable": ("–", "dim"),
}
_KPI_MARK = "·"
_WORDS: dict[Verdict, str] = {
    "breached": "BREACHED",
    "met": "MET",
    "indeterminate": "INDETERMINATE",
    "not-applicable": "NOT APPLICABLE",
}


def render(statements: Statements, view: View) -> str:
    """Every statement, 60 to 100 columns wide, one newline at the end."""
    page = Page(view)
    for number, statement in enumerate(statements.statements):
        if number:
            page.blank()
            page.rule("═")
            page.blank()
        _statement(page, statement)
    if not statements.statements:
        page.text("No statement: no agreement was in force.")
    return "\n".join(page.lines) + "\n"


def _statement(page: Page, statement: Statement) -> None:
    _title(page, statement)
    page.blank()
    _verdict(page, statement)
    page.blank()
    _levels(page, statement)
    if statement.total:
        credit(page, statement, statement.total)
        claim(page, statement, statement.total)
    evidence(page, statement)


def _title(page: Page, statement: Statement) -> None:
    agreement, period = statement.agreement, statement.period
    page.pair(page.name(agreement.title), period_name(page, period), style="bold")
    if period.part:
        page.pair("", page.name(period.part.title), style="bold")
    shown = period.part or period
    hours = page.figures.length_of_period(shown.start, shown.end)
    parties = f"{page.name(agreement.provider, PARTY)} for {page.name(agreement.customer, PARTY)}"
    page.pair(parties, f"{page.clean(period.timezone)}, {hours}")
    changes = page.figures.clock_changes(shown.start, shown.end, zones.zone(period.timezone))
    if changes:
        page.pair("", f"clocks {', '.join(changes)}", style="dim")


def _verdict(page: Page, statement: Statement) -> None:
    badge = f" {_WORDS[statement.verdict]}{' so far' if statement.period.running else ''} "
    first, *others = consequences(page, statement)
    page.marked(badge, first, _MARKS[statement.verdict][1], badge=True)
    if others:
        page.text("; ".join(others), indent=len(badge) + 1)


def _levels(page: Page, statement: Statement) -> None:
    lines = gravest(statement.lines, MOST_LINES)
    if not lines:
        return
    currency = statement.total.currency if statement.total else ""
    rows, clauses = [], set()
    for line in lines:
        clause = line.clause if line.clause and (line.level, line.clause) not in clauses else None
        clauses.add((line.level, line.clause))
        rows.append(_row(page, line, clause, currency, statement.period))
    page.table(("Level", "Target", "Measured", "Margin", "Credit"), rows, indent=4, rule=True)
    left = len(statement.lines) - len(lines)
    if left:
        page.text(f"and {more(page, left)}; every line is in the JSON", indent=4)
    page.text(_key(page, lines), indent=2, style="dim")


def _mark(line: Line) -> tuple[str, str]:
    if line.verdict == "missed" or (line.role == "kpi" and line.verdict != "not-applicable"):
        return _KPI_MARK, "dim"
    return _MARKS[line.verdict]


def _key(page: Page, lines: Sequence[Line]) -> str:
    used = {_mark(line)[0] for line in lines}
    words = [(sign, verdict.replace("-", " ")) for verdict, (sign, _) in _MARKS.items()]
    words.append((_KPI_MARK, "tracked only"))
    return "  ".join(f"{page.glyphs(sign)} {word}" for sign, word in words if sign in used)


def _row(page: Page, line: Line, clause: str | None, currency: str, period: PeriodShown) -> Row:
    mark, style = _mark(line)
    name = line_name(page, line, period=False) + (" (KPI)" if line.role == "kpi" else "")
    cells = (name, aimed_at(page, line), measured(page, line), margin(page, line), paid(page, line, currency) or "-")
    return Row(cells, page.glyphs(mark), style, under(page, line, clause, period))
