"""What a reader sees of a scorecard, worded and formatted, without any markup. Every format escapes its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from slacheck.language.quantities import Comparison, Unreadable
from slacheck.portfolio import Counts, Owed, PeriodScore, Row, Scorecard, Worst
from slacheck.reports.charts.values import Squares
from slacheck.reports.document.shapes import Badge, State
from slacheck.reports.layout import Page

MARKS: Final = {
    "breached": "✗",
    "not-settled": "!",
    "indeterminate": "?",
    "met": "✓",
    "not-applicable": "–",
    "not-in-force": "–",
}
STATES: Final[dict[str, State]] = {
    "breached": "bad",
    "not-settled": "open",
    "indeterminate": "open",
    "met": "good",
    "not-applicable": "idle",
    "not-in-force": "idle",
}
_KINDS: Final = {"sla": "SLA", "ola": "OLA", "contract": "contract"}
_BY: Final = {"provider": "Provider", "customer": "Customer", "kind": "Kind"}
_MOST_RIGHTS = 3
_MOST_PERIODS = 12


@dataclass(frozen=True)
class Told:
    """One row: its badge, the cells of the table, and what stands under them.

    ``periods`` and ``trend`` are how several periods went, in marks and in words; ``trouble`` is why it is not settled.
    """

    badge: Badge
    mark: str
    name: str
    parties: str
    kind: str
    levels: str
    owed: str
    claim_by: str
    worst: str
    remarks: tuple[str, ...]
    trend: tuple[tuple[str, str], ...]
    periods: str
    squares: Squares | None
    trouble: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """The rows of one group, or all of them under no name."""

    name: str
    tally: tuple[tuple[str, str], ...]
    owed: tuple[str, ...]
    rows: tuple[Told, ...]


@dataclass(frozen=True)
class Shown:
    """The whole scorecard. ``tally`` are verdicts in words with their states, ``owed`` one amount of each currency,
    of the agreements that are ``settled``.
    """

    title: str
    span: str
    by: str
    tally: tuple[tuple[str, str], ...]
    owed: tuple[str, ...]
    sections: tuple[Section, ...]
    count: str
    settled: str


def shown(page: Page, card: Scorecard) -> Shown:
    """Everything in the order of reading."""
    rows = [told(page, row) for row in card.rows]
    sections = (
        [
            Section(
                _kind(group.name) if card.by == "kind" else page.name(group.name) or "not known",
                _tally(page, group.agreements),
                tuple(money(page, each) for each in group.owed),
                tuple(rows[at] for at in group.rows),
            )
            for group in card.groups
        ]
        if card.by
        else [Section("", (), (), tuple(rows))]
    )
    span = ""
    if card.first_day and card.last_day:
        span = f"{page.figures.day(card.first_day)} to {page.figures.day(card.last_day)}"
    return Shown(
        "Portfolio",
        span,
        _BY[card.by] if card.by else "",
        _tally(page, card.agreements),
        tuple(money(page, each) for each in card.owed),
        tuple(sections),
        page.figures.counted(card.agreements.all, "agreement"),
        page.figures.counted(sum(bool(row.periods) for row in card.rows), "settled agreement"),
    )


def _tally(page: Page, counts: Counts) -> tuple[tuple[str, str], ...]:
    """How many of each verdict, with the verdict: ``("2 breached", "breached")``."""
    found = [(verdict, getattr(counts, verdict.replace("-", "_"))) for verdict in MARKS]
    return tuple(
        (f"{page.figures.count(many)} {verdict.replace('-', ' ')}", verdict) for verdict, many in found if many
    )


def money(page: Page, owed: Owed) -> str:
    """One amount, its bounds, or ``£0.00 or more``."""
    if owed.most is None:
        return f"{page.figures.money(owed.least, owed.currency)} or more"
    return page.figures.money_span(owed.least, owed.most, owed.currency)


def told(page: Page, row: Row) -> Told:
    """One row in words."""
    parties = " for ".join(page.name(each, 60) for each in (row.provider, row.customer) if each)
    return Told(
        Badge(STATES[row.verdict], row.verdict.replace("-", " ")),
        MARKS[row.verdict],
        page.name(row.title or row.agreement, 80),
        parties,
        _kind(row.kind),
        _levels(page, row),
        ", ".join(money(page, each) for each in row.owed) or "-",
        page.figures.day(row.claim_by) if row.claim_by else "-",
        _worst(page, row.worst) if row.worst else "",
        tuple(_remarks(page, row)),
        tuple(_trend(page, row.periods)),
        "".join(MARKS[each.verdict] for each in row.periods) if len(row.periods) > 1 else "",
        _squares(page, row),
        tuple(page.clean(f"{each.place}: {each.message}") for each in row.problems),
    )


def _kind(kind: str) -> str:
    return _KINDS.get(kind, kind) or "not known"


def _levels(page: Page, row: Row) -> str:
    if not row.levels.all:
        return "-"
    return f"{page.figures.count(row.levels.met)} of {page.figures.count(row.levels.all)}"


def _worst(page: Page, worst: Worst) -> str:
    """``Availability 99.643%, target ≥ 99.9%, -1:54:29``."""
    name = page.name(worst.title, 60)
    name += "".join(
        f"{sign}{page.name(text, 60)}" for sign, text in ((", ", worst.of_class), (": ", worst.subject)) if text
    )
    if worst.best is not None and worst.worst is not None:
        against = _comparisons(worst.target)
        name += f" {page.figures.span(worst.best.fraction, worst.worst.fraction, worst.unit, against)}"
    text = f"{name}, target {page.glyphs(page.figures.local(worst.target.replace('>=', '≥').replace('<=', '≤')))}"
    if worst.margin_best is not None and worst.margin_worst is not None:
        best, low = worst.margin_best.fraction, worst.margin_worst.fraction
        text += f", margin {page.figures.margin(best, low, worst.margin_in, worst.unit)}"
    return f"{text} ({page.clean(worst.period)})"


def _comparisons(target: str) -> Sequence[Comparison]:
    try:
        return [Comparison.read(target)]
    except Unreadable:
        return []


def _remarks(page: Page, row: Row) -> Iterator[str]:
    if row.kpis_missed:
        yield f"{page.figures.count(row.kpis_missed)} of {page.figures.counted(row.kpis, 'KPI')} missed"
    for right in row.rights[:_MOST_RIGHTS]:
        of = f" for {page.name(right.subject, 40)}" if right.subject else ""
        until = f", to be used by {page.figures.day(right.use_by)}" if right.use_by else ""
        yield f"right to {page.name(right.name, 40)}{of} arose ({page.clean(right.period)}){until}"
    if len(row.rights) > _MOST_RIGHTS:
        yield f"and {page.figures.count(len(row.rights) - _MOST_RIGHTS)} more rights"
    if any(each.running for each in row.periods):
        yield "so far: a period still runs"


def _trend(page: Page, periods: Sequence[PeriodScore]) -> Iterator[tuple[str, str]]:
    """Each of several periods, the last twelve of them: its name, and its verdict with what is owed and the change."""
    if len(periods) < 2:
        return
    for each in periods[-_MOST_PERIODS:]:
        parts = [each.verdict.replace("-", " ")]
        if any(owed.least.strip("-0.") or owed.most is None or owed.most.strip("-0.") for owed in each.owed):
            parts += [money(page, owed) for owed in each.owed]
        if each.change in ("better", "worse"):
            parts.append(each.change)
        yield page.clean(each.label) + (" so far" if each.running else ""), ", ".join(parts)


def _squares(page: Page, row: Row) -> Squares | None:
    if len(row.periods) < 2:
        return None
    told = ", ".join(f"{page.clean(each.label)} {each.verdict.replace('-', ' ')}" for each in row.periods)
    return Squares(told, tuple(each.verdict for each in row.periods))
