"""One line of a statement in full: what was measured, when it failed, where the time went, how it was worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from slacheck.reports.derivation import worked_out
from slacheck.reports.document.past import best_and_worst, history
from slacheck.reports.document.quality import ruled_for
from slacheck.reports.document.rows_of_time import STATES, strip
from slacheck.reports.document.shapes import Badge, BalanceRow, BalanceSheet, Occurrence, Occurrences, Section
from slacheck.reports.document.telling import Telling
from slacheck.reports.evidence import DOWN, against_allowance, case_told, counts_events, unit_of, whole_of
from slacheck.reports.layout import Page
from slacheck.reports.remarks import aimed_at, intervals, rates_only, side, under
from slacheck.reports.wording import line_name, margin, measured, more
from slacheck.statement import Balance, CaseShown, Line, Statement, StretchShown
from slacheck.timeline import zones

_CAUSE = 200
_PLACE = 200


def badge(line: Line) -> Badge:
    """How a line stands; a KPI is not binding, whatever it is."""
    if line.role == "kpi" and line.verdict in ("met", "missed"):
        return Badge("kpi", "on target" if line.verdict == "met" else f"{side(line)} target")
    match line.verdict:
        case "breached":
            return Badge("bad", "breached")
        case "met":
            return Badge("good", "met")
        case "indeterminate":
            return Badge("open" if line.role == "service-level" else "kpi", "indeterminate")
        case _:
            return Badge("idle", line.verdict.replace("-", " "))


def section(page: Telling, statement: Statement, line: Line, anchor: str) -> Section:
    """Everything that is known of one line."""
    return Section(
        anchor=anchor,
        name=line_name(page, line),
        clause=page.name(line.clause, 40) if line.clause else "",
        badge=badge(line),
        sentence=_sentence(page, line),
        notes=under(page, line, None, statement.period),
        strip=strip(page, statement, line),
        range=best_and_worst(page, line),
        history=history(page, statement, line),
        balances=tuple(_balances(page, line)),
        occurrences=tuple(occurrences(page, statement, line)),
        exclusions=ruled_for(page, statement, line.level),
        worked_out=tuple(
            page.told(lambda told: worked_out(told, statement, line))[1:]  # its heading is that of the section
        ),
    )


def _sentence(page: Page, line: Line) -> str:
    promised = aimed_at(page, line)
    if line.best is None:
        return f"{measured(page, line).capitalize()}; {promised} agreed."
    allowance = against_allowance(page, [line]).strip(" ()")
    rest = allowance or (f"margin {margin(page, line)}" if margin(page, line) != "-" else "")
    return f"{measured(page, line)} measured, {promised} agreed{f'; {rest}' if rest else ''}."


def _balances(page: Page, line: Line) -> Iterator[BalanceSheet]:
    if line.balance:
        yield BalanceSheet("Where the time went", tuple(_time(page, line.balance)))
    if line.counted and line.measure != "count" and not rates_only(line):
        counted = line.counted
        rows = [
            BalanceRow("requests", page.figures.count(counted.total), total=True),
            BalanceRow("good", page.figures.count(counted.good), state="up"),
            BalanceRow(
                "failed", page.figures.count(counted.total - counted.good), "; ".join(intervals(page, line)), "down"
            ),
        ]
        yield BalanceSheet("Where the requests went", tuple(rows))
    if line.cases and line.cases.total and line.cases.late is not None and line.cases.within is not None:
        cases, early, late = line.cases, line.cases.early or 0, line.cases.late
        rest = cases.total - line.cases.within - late
        found = [
            BalanceRow(
                "cases",
                page.figures.count(cases.total),
                f"{page.figures.count(cases.open)} still open" if cases.open else "",
                total=True,
            ),
            BalanceRow("within the limit", page.figures.count(cases.within or 0), state="up"),
            BalanceRow("late", page.figures.count(late - early), state="down"),
        ]
        found += [BalanceRow("too early", page.figures.count(early), state="down")] if early else []
        found += [BalanceRow("not decided", page.figures.count(rest), state="unknown")] if rest > 0 else []
        yield BalanceSheet("Where the cases went", tuple(found))


def _time(page: Page, balance: Balance) -> Iterator[BalanceRow]:
    """The period less what does not count is the service time, and that is what was up, down and unknown."""
    shown = page.figures.duration
    yield BalanceRow("period", shown(balance.period), total=True)
    less = (
        ("outside", balance.outside),
        ("excluded", balance.excluded),
        ("not-in-force", balance.not_in_force),
        ("future", balance.future),
    )
    for state, time in less:
        if time:
            yield BalanceRow(STATES[state], shown(time), state=state)  # type: ignore[index]
    served = balance.up + balance.down + balance.unknown
    if served != balance.period:
        yield BalanceRow("service time", shown(served), "what the target is measured over", total=True)
    yield BalanceRow("up", shown(balance.up), state="up")
    beyond = f"of which {shown(balance.beyond_allowance)} beyond an allowance" if balance.beyond_allowance else ""
    yield BalanceRow("down", shown(balance.down), beyond, "down")
    if balance.unknown:
        yield BalanceRow("unknown", shown(balance.unknown), state="unknown")


def occurrences(page: Page, statement: Statement, line: Line) -> Iterator[Occurrences]:
    """The outages, unknown stretches and cases that are known of a line by themselves."""
    if line.worst_outages:
        events = counts_events(line)
        title = "Events" if events else "Outages, worst first" if line.measure in DOWN else "Worst intervals"
        length = whole_of if events else _counted
        left = max(line.outages - len(line.worst_outages), 0)
        yield _stretches(page, statement, title, line.worst_outages, length, f"and {more(page, left)}" if left else "")
    if line.unknown_stretches:
        known = sum(stretch.counted for stretch in line.unknown_stretches)
        rest = (line.balance.unknown if line.balance else known) - known
        left_out = f"and {page.figures.duration(rest)} more" if rest > 0 else ""
        title = "Unknown time, longest first"
        found = _stretches(page, statement, title, line.unknown_stretches, _counted, left_out)
        yield replace(found, unknown=True)
    if line.dropped:
        title = "Records that gave way to those of another log"
        found = _stretches(page, statement, title, line.dropped, whole_of, "")
        # Nothing of them counts: they have a length, and no weight.
        yield replace(found, heads=(*found.heads[:3], "Lasted", "Row"), rows=tuple(map(_without_bar, found.rows)))
    if line.worst_cases:
        yield _cases(page, statement, line)


def _without_bar(row: Occurrence) -> Occurrence:
    return replace(row, share=None)


def _counted(stretch: StretchShown) -> int:
    return stretch.counted


def _stretches(
    page: Page,
    statement: Statement,
    title: str,
    stretches: Sequence[StretchShown],
    length: Callable[[StretchShown], int],
    left_out: str,
) -> Occurrences:
    moment = _moments(page, statement)
    longest = max((length(each) for each in stretches), default=0)
    rows = []
    for each in stretches:
        what = [page.name(each.cause, _CAUSE)] if each.cause.strip() else []
        if whole_of(each) != length(each):
            what.append(f"(lasted {page.figures.duration(whole_of(each))})")
        share = Fraction(length(each), longest) if longest else None
        row = Occurrence(moment(each.start), moment(each.end), " ".join(what), page.figures.duration(length(each)),
                         page.name(each.place, _PLACE), share)  # fmt: skip
        rows.append(row)
    return Occurrences(title, ("Start", "End", "What", "Counted", "Row"), tuple(rows), left_out)


def _moments(page: Page, statement: Statement) -> Callable[[str], str]:
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    return lambda text: page.figures.moment(text, zone, year)


def _cases(page: Page, statement: Statement, line: Line) -> Occurrences:
    moment = _moments(page, statement)
    timed = line.measure != "count"
    longest = max((case.length for case in line.worst_cases), default=0) if timed else 0
    rows = [_case(page, case, moment, longest, timed=timed) for case in line.worst_cases]
    left = line.cases.total - len(rows) if line.cases else 0
    title = "Slowest cases" if timed else "Cases"
    heads = ("Start", "End", "Case", "Took" if timed else "", "Row")
    return Occurrences(
        title, heads, tuple(rows), f"of {page.figures.count(line.cases.total)}" if left > 0 and line.cases else ""
    )


def _case(page: Page, case: CaseShown, moment: Callable[[str], str], longest: int, *, timed: bool) -> Occurrence:
    length = page.figures.span(Fraction(case.length), Fraction(case.length), unit_of(case)) if timed else ""
    share = Fraction(max(case.length, 0), longest) if longest > 0 else None
    end = moment(case.end) if case.end else ""
    return Occurrence(moment(case.start), end, case_told(page, case), length, page.name(case.place, _PLACE), share)
