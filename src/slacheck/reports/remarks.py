"""What stands under a line of the table: its clause and period, what it counts, why it is so, and what came after."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.reports.layout import Page
from slacheck.reports.left import left
from slacheck.reports.wording import backwards, before, names_case, target, target_text
from slacheck.statement import CasesCounted, ExpectedShown, Line, PeriodShown


def under(page: Page, line: Line, clause: str | None, period: PeriodShown) -> tuple[str, ...]:
    """The notes of one line, each a paragraph; ``clause`` is None where it was told already."""
    notes = [f"clause {page.name(clause, 40)}"] if clause else []
    if line.period:
        notes.append(page.name(line.period, 60))
    notes += [page.clean(note) for note in (*_counted(page, line), *_why(page, line))]
    others = [page.glyphs(signs(page.clean(note))) for note in (*_expected(page, line), *_corrected(page, line))]
    budget = page.clean(left(page, line.budget, period)) if line.budget else ""
    return tuple(each for each in ("; ".join(notes), *others, budget) if each)


def _counted(page: Page, line: Line) -> Iterator[str]:
    if line.subjects:
        yield f"of {page.figures.counted(line.subjects, 'subject')}"
    if line.cases:
        yield from _cases(page, line, line.cases)
    if line.counted and rates_only(line):
        yield from intervals(page, line)
    if line.counted and line.measure == "count" and line.worst and not line.corrections:
        # Only an allowance makes a count at its worst smaller than what was counted.
        total = line.counted.total
        if line.worst.fraction < total:
            yield f"{page.figures.count(total)} counted, the allowance taken off"


def _cases(page: Page, line: Line, cases: CasesCounted) -> Iterator[str]:
    """How many, and how they stand to the limit; the early ones, which are among the late ones, apart from them."""
    alone = bool(line.worst_cases) and names_case(line, line.worst_cases[0])
    if not alone:
        running = f", {page.figures.count(cases.open)} still open" if cases.open else ""
        yield f"{page.figures.counted(cases.total, 'case')}{running}"
    elif cases.open:
        yield "ends before it starts" if backwards(line.worst_cases[0]) else "still open"
    if cases.within is not None and cases.late is not None and not alone:
        early = cases.early or 0
        parts = [f"{page.figures.count(cases.within)} within", f"{page.figures.count(cases.late - early)} late"]
        yield ", ".join([*parts, f"{page.figures.count(early)} too early"] if early else parts)


def rates_only(line: Line) -> bool:
    """Whether the value is a mean of rates of intervals, which no sum of requests stands behind."""
    return line.counted is not None and line.counted.rows is None and line.best is not None


def intervals(page: Page, line: Line) -> Iterator[str]:
    """How many of the expected intervals are there, and how many had no request, where that is not all and none."""
    counted = line.counted
    if counted is None:
        return
    count = page.figures.count
    there, idle = count(counted.intervals_present), counted.intervals_idle
    if counted.intervals_present < counted.intervals_expected:
        present = f"{there} of {count(counted.intervals_expected)} intervals present"
        yield f"{present}, {count(idle)} without a request" if idle else present
    elif idle:
        yield f"{count(idle)} of {there} intervals without a request"


def _why(page: Page, line: Line) -> Iterator[str]:
    if line.role == "kpi" and line.verdict != "not-applicable":
        yield {"missed": f"{side(line)} target, not binding", "met": "met, not binding"}.get(
            line.verdict, "undecided, not binding"
        )
    if line.reason:
        yield line.reason
    if line.balance and line.balance.unknown and line.balance.unknown == _served(line):
        yield "nothing is known of the period"
    elif line.balance and line.balance.unknown:
        unknown = f"{page.figures.duration(line.balance.unknown)} unknown"
        yield unknown if line.missing == "bounds" else f"{unknown}, read as agreed: {line.missing}"


def _served(line: Line) -> int:
    return line.balance.up + line.balance.down + line.balance.unknown if line.balance else 0


def side(line: Line) -> str:
    """Where a value lies that is not as wanted: ``below`` or ``above`` its target, or ``off`` it."""
    against = target(line)
    return {True: "below", False: "above", None: "off"}[against.lower_is_worse if against else None]


def _expected(page: Page, line: Line) -> Iterator[str]:
    if line.expected is None:
        return
    expected = line.expected
    state = {True: "met", False: "missed", None: "undecided"}[expected.met]
    yield f"expected {expected.target} {state}{_of_late(page, expected)}"


def _of_late(page: Page, expected: ExpectedShown) -> str:
    if expected.default_at is None or expected.of is None or not (expected.missed or expected.undecided):
        return ""
    undecided = f", {page.figures.count(expected.undecided)} undecided" if expected.undecided else ""
    periods = f"{page.figures.count(expected.of)} periods" if expected.of != 1 else "period"
    text = f"; missed in {page.figures.count(expected.missed)} of the last {periods}{undecided}"
    at = page.figures.ordinal(expected.default_at)
    reached = expected.missed >= expected.default_at
    return f"{text}; from the {at} on it is a breach" if reached else f"{text}; the {at} is a breach"


def signs(text: str) -> str:
    """A comparison with its signs as they are printed; ``glyphs`` takes them back for ASCII."""
    return text.replace(">=", "≥").replace("<=", "≤")


def aimed_at(page: Page, line: Line) -> str:
    """The target that binds, its comparison printed."""
    return page.glyphs(signs(page.clean(target_text(line))))


def _corrected(page: Page, line: Line) -> Iterator[str]:
    if line.before is None:
        if line.corrections:
            yield "corrected"
        return
    was = line.before
    same = (was.verdict, was.best, was.worst) == (line.verdict, line.best, line.worst)
    yield "corrected, which changes nothing" if same else f"corrected; was {before(page, line, was)}"
