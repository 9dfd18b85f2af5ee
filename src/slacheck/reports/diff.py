"""What changed between two agreements, in lines of text and as Markdown for a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from rich.cells import cell_len

from slacheck.comparing.parts import Difference, LineBeside, PeriodBeside, Side, Stands, Sum, TermChange
from slacheck.language.quantities import Comparison, Unreadable
from slacheck.reports.json import document
from slacheck.reports.layout import Page
from slacheck.reports.markdown import inert
from slacheck.reports.view import View

_GAINS = {
    "customer": "better for the customer",
    "provider": "better for the provider",
    "neither": "neither gains",
    "depends": "who gains depends",
}
_NOUNS = (("terms", "of the terms"), ("data", "of how data are read"), ("words", "of words alone"))
_VERDICTS = {"met": "good", "breached": "bad", "indeterminate": "open"}


def terminal(difference: Difference, view: View) -> str:
    """For a terminal: by level and the like, each change with its places; below them the periods side by side."""
    page = Page(view)
    page.text(f"{page.clean(_named(difference))}: {_count(page, difference.changes)}")
    for subject in dict.fromkeys(change.subject for change in difference.changes):
        page.head(page.name(subject))
        for change in difference.changes:
            if change.subject == subject:
                _change(page, change)
    for period in difference.periods or ():
        _period(page, period)
    if difference.periods is not None and len(difference.periods) > 1:
        page.head(f"All {page.figures.counted(len(difference.periods), 'period')}")
        for total in difference.totals:
            page.text(_sum(page, total), indent=2, hang=2)
    return "\n".join(page.lines) + "\n"


def markdown(difference: Difference, view: View) -> str:
    """For the comment of a pull request: a table of changes, and one of every period."""
    page = Page(view)
    blocks = [f"**{inert(page.clean(_named(difference)))}**: {_count(page, difference.changes)}"]
    if difference.changes:
        rows = [
            (inert(page.clean(each.subject)), _sentence(page, each, inert), _GAINS[each.gains], inert(_places(each)))
            for each in difference.changes
        ]
        blocks.append(_table(("", "change", "who gains", "where"), rows))
    for period in difference.periods or ():
        rows_of = [_cells(page, line, period, inert) for line in period.lines]
        blocks.append(f"**{inert(period.title)}**: {period.before or 'none'} -> {period.after or 'none'}")
        blocks.append(_table(("level", "before", "after", "owed before", "owed after"), rows_of))
        blocks += [inert(_sum(page, total)) for total in period.sums]
    if difference.periods is not None and len(difference.periods) > 1:
        blocks += [f"**All periods**: {inert(_sum(page, total))}" for total in difference.totals]
    return "\n\n".join(blocks) + "\n"


FORMATS: dict[str, Callable[[Difference, View], str]] = {
    "terminal": terminal,
    "json": document,
    "markdown": markdown,
}


def _named(difference: Difference) -> str:
    if difference.settings:
        return f"{difference.old.file} -> as it would be"
    if difference.old.file == difference.new.file:
        return f"{difference.new.file}, as amended"
    return f"{difference.old.file} -> {difference.new.file}"


def _count(page: Page, changes: Sequence[TermChange]) -> str:
    if not changes:
        return "nothing that is agreed is otherwise"
    counted = [(sum(each.sort == sort for each in changes), noun) for sort, noun in _NOUNS]
    return ", ".join(f"{page.figures.counted(number, 'change')} {noun}" for number, noun in counted if number)


def _change(page: Page, change: TermChange) -> None:
    style = {"customer": "good", "provider": "bad"}.get(change.gains, "dim")
    page.marked(page.glyphs("·"), _sentence(page, change, page.clean), style, indent=2)
    gains, places = _GAINS[change.gains], page.clean(_places(change))
    if cell_len(gains) + cell_len(places) + 6 <= page.width:
        page.pair(gains, places, indent=4, style="dim")
    else:
        page.text(gains, indent=4, style="dim")
        page.text(places, indent=4, style="dim", hang=2)


def _sentence(page: Page, change: TermChange, clean: Callable[[str], str]) -> str:
    since = f"from {page.figures.day(change.since)} on: " if change.since else ""
    return f"{since}{clean(page.clean(change.text))}"


def _places(change: TermChange) -> str:
    return " -> ".join(_stands(each) for each in (change.old, change.new) if each is not None)


def _stands(stands: Stands) -> str:
    return f"{stands.file}:{stands.line}" if stands.line else stands.file


def _period(page: Page, period: PeriodBeside) -> None:
    page.head(page.clean(period.title))
    page.text(f"{period.before or 'no statement'} -> {period.after or 'no statement'}", indent=2)
    for line in period.lines:
        page.text(page.name(_level(line)), indent=2)
        for word, side in (("before", line.before), ("after", line.after)):
            text = "not promised" if side is None else f"{_verdict(side)} {_measured(page, side)} of {side.target}"
            owed = "" if side is None else _owed(page, side, period)
            style = _VERDICTS.get(side.verdict, "dim") if side else "dim"
            page.pair(page.glyphs(page.clean(text)), owed, indent=4, lead=f"{word:<7}", style=style)
    for total in period.sums:
        page.text(_sum(page, total), indent=2, hang=2)


def _level(line: LineBeside) -> str:
    return ", ".join(part for part in (line.title or line.level, line.of_class, line.subject) if part)


def _verdict(side: Side) -> str:
    return side.verdict.replace("-", " ")


def _measured(page: Page, side: Side) -> str:
    if side.best is None or side.worst is None:
        return "nothing measured"
    try:
        against = [Comparison.read(side.target)]
    except Unreadable:
        against = []
    more = " or more" if side.open_above else ""
    return page.figures.span(side.best.fraction, side.worst.fraction, side.unit, against) + more


def _owed(page: Page, side: Side, period: PeriodBeside) -> str:
    if side.points:
        return f"{_range(side.owed_least, side.owed_most, str)} points"
    currency = period.sums[0].currency if period.sums else ""
    if not currency:
        return ""
    return _range(side.owed_least, side.owed_most, lambda amount: page.figures.money(amount, currency))


def _range(least: str, most: str | None, shown: Callable[[str], str]) -> str:
    if most is None:
        return f"{shown(least)} or more"
    return shown(least) if Decimal(least) == Decimal(most) else f"{shown(least)}..{shown(most)}"


def _sum(page: Page, total: Sum) -> str:
    def money(amount: str) -> str:
        return page.figures.money(amount, total.currency)

    before = _range(total.before_least, total.before_most, money)
    after = _range(total.after_least, total.after_most, money)
    return f"owed: {before} before, {after} after; {_more(total, money)}"


def _more(total: Sum, money: Callable[[str], str]) -> str:
    least, most = total.more_least, total.more_most
    if least is None or most is None:
        return "the difference has no bound"
    low, high = Decimal(least), Decimal(most)
    if low == high:
        word = "more" if low > 0 else "less"
        return f"{money(f'{abs(low):f}')} {word}" if low else "no difference"
    if low >= 0:
        return f"{money(least)} to {money(most)} more"
    if high <= 0:
        return f"{money(f'{-high:f}')} to {money(f'{-low:f}')} less"
    return f"between {money(f'{-low:f}')} less and {money(most)} more"


def _cells(
    page: Page, line: LineBeside, period: PeriodBeside, clean: Callable[[str], str]
) -> tuple[str, str, str, str, str]:
    sides = (line.before, line.after)
    told = [clean(f"{_verdict(side)} {_measured(page, side)}") if side else "not promised" for side in sides]
    owed = [_owed(page, side, period) if side else "" for side in sides]
    return clean(page.clean(_level(line))), told[0], told[1], clean(owed[0]), clean(owed[1])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_rows((heads, ["---"] * len(heads), *rows)))


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    return (f"| {' | '.join(cells)} |" for cells in rows)
