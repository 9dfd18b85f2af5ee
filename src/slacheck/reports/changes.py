"""How one statement differs from another, in lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from slacheck.reports.layout import Page
from slacheck.reports.view import View
from slacheck.reports.wording import compared as compared_with
from slacheck.reports.wording import line_name
from slacheck.statement import Line
from slacheck.statement.changes import Change, Comparison

_AMOUNTS = {"credit at least", "credit at most", "owed at least", "owed at most"}


def words(comparison: Comparison, view: View | None = None) -> list[str]:
    """A line of text for each change; one that says so where there is none."""
    page = Page(view or View())
    if comparison.same:
        return ["no verdict, value or amount is otherwise"]
    found = [*_whole(page, comparison), *_lines(page, comparison)]
    found += [f"{line_name(page, line)}: no longer there" for line in comparison.gone]
    found += [f"{line_name(page, line)}: new, {line.verdict}" for line in comparison.new]
    return found


def _whole(page: Page, comparison: Comparison) -> Iterator[str]:
    for change in comparison.changes:
        if change.level:
            continue
        name = f"right {page.name(change.subject)}" if change.what == "right" else change.what
        yield f"{name}: {_shown(page, comparison, change, None)}"


def _lines(page: Page, comparison: Comparison) -> Iterator[str]:
    after = {(line.level, line.of_class, line.subject): line for line in comparison.after.lines}
    by_line: dict[tuple[str, str, str], list[Change]] = {}
    for change in comparison.changes:
        if change.level:
            by_line.setdefault((change.level, change.of_class, change.subject), []).append(change)
    for key, changes in by_line.items():
        line = after[key]
        told: list[str] = []
        values = {each.what: each for each in changes}
        # Of a certain value best and worst are one.
        one = {"best", "worst"} <= values.keys() and _same(values["best"], values["worst"])
        paid = {"credit at least", "credit at most"} <= values.keys() and _same(
            values["credit at least"], values["credit at most"]
        )
        for change in changes:
            if (one and change.what == "worst") or (paid and change.what == "credit at most"):
                continue
            name = "" if change.what == "verdict" else f"{change.what} "
            if one and change.what == "best":
                name = "measured "
            if paid and change.what == "credit at least":
                name = "credit "
            told.append(f"{name}{_shown(page, comparison, change, line)}")
        yield f"{line_name(page, line)}: {', '.join(told)}"


def _same(one: Change, other: Change) -> bool:
    return (one.before, one.after) == (other.before, other.after)


def _shown(page: Page, comparison: Comparison, change: Change, line: Line | None) -> str:
    total = comparison.after.total or comparison.before.total
    ends = [_end(page, change, end, line, total.currency if total else "") for end in (change.before, change.after)]
    return f"{ends[0]} -> {ends[1]}"


def _end(page: Page, change: Change, end: str | None, line: Line | None, currency: str) -> str:
    if end is None:
        return "no bound" if change.what in _AMOUNTS else "none"
    if change.what in _AMOUNTS:
        points = line is not None and line.credit is not None and line.credit.unit == "points"
        return f"{end} points" if points or not currency else page.figures.money(end, currency)
    if change.what in ("best", "worst") and line is not None:
        value = Fraction(end)
        return page.figures.span(value, value, line.unit, compared_with(line))
    return end.replace("-", " ")
