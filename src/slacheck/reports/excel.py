"""The statements as a workbook: what is owed, every level, outages and cases, and each step of the money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from slacheck.reports import plain
from slacheck.reports.sheets import Cell, Column, Local, Money, Sheet, Value, Workbook
from slacheck.reports.view import View
from slacheck.reports.wording import value
from slacheck.statement import Amount, Credit, Exact, Line, Statement, Statements, StepShown, Total
from slacheck.timeline import zones

_SUMMARY = (
    *(Column("Agreement", "text", 22), Column("Title", "text", 30), Column("Provider", "text", 22)),
    *(Column("Customer", "text", 22), Column("Period", "text"), Column("From", "time", 19), Column("To", "time", 19)),
    *(Column("Zone", "text", 18), Column("From UTC", "text", 21), Column("To UTC", "text", 21)),
    *(Column("As of UTC", "text", 21), Column("Verdict", "text"), Column("Owed at least", "money", 18)),
    *(Column("Owed at most", "money", 18), Column("Claim by", "date", 12), Column("Pay by", "date", 12)),
    *(Column("Breached", "whole", 10), Column("Met", "whole", 10), Column("Open", "whole", 10)),
    *(Column("Agreement file", "text", 26), Column("SHA-256", "text", 66)),
)
_WHOSE = (Column("Agreement", "text", 22), Column("Period", "text"))
_OF_LEVEL = (
    *(Column("Level", "text", 18), Column("Title", "text", 30), Column("Class", "text", 12)),
    *(Column("Subject", "text", 18), Column("Own period", "text")),
)
_LEVELS = (
    *(*_WHOSE, *_OF_LEVEL),
    *(Column("Role", "text"), Column("Clause", "text", 10), Column("Measure", "text", 18)),
    Column("Target", "text", 16),
    *(Column("Measured best", "number"), Column("Measured worst", "number"), Column("Unit", "text", 10)),
    *(Column("Best, exactly", "text", 22), Column("Worst, exactly", "text", 22)),
    *(Column("Margin best", "number"), Column("Margin worst", "number"), Column("Margin in", "text", 10)),
    *(Column("Coverage", "share", 10), Column("Verdict", "text"), Column("Reason", "text", 30)),
    *(Column("Credit at least", "money", 18), Column("Credit at most", "money", 18), Column("Claim by", "date", 12)),
    *(Column("Down", "length", 12), Column("Unknown", "length", 12), Column("Excluded", "length", 12)),
    *(Column("Outages", "whole", 10), Column("Cases", "whole", 10), Column("Late", "whole", 10)),
)
_EVENTS = (
    *(*_WHOSE, *_OF_LEVEL),
    *(Column("What", "text", 12), Column("From", "time", 19), Column("To", "time", 19)),
    *(Column("From UTC", "text", 25), Column("To UTC", "text", 25), Column("Counted", "length", 14)),
    *(Column("Days", "whole", 8), Column("Cause or case", "text", 30), Column("File and row", "text", 30)),
)
_STEPS = (
    *(*_WHOSE, *_OF_LEVEL),
    *(Column("Case", "text", 16), Column("Step", "whole", 6), Column("What", "text", 70)),
    *(Column("Amount", "money", 18), Column("Exactly", "text", 24), Column("Clause", "text", 10)),
)
_DATA = (
    *(*_WHOSE, Column("Source", "text", 18), Column("File", "text", 36), Column("SHA-256", "text", 66)),
    *(Column("Rows of the file", "whole", 14), Column("Rows read", "whole"), Column("Used", "whole")),
    *(Column("Filtered", "whole"), Column("Bad", "whole"), Column("Outside the period", "whole", 16)),
)


def render(statements: Statements, view: View) -> bytes:  # noqa: ARG001  (the same on every screen)
    """The workbook; sheets of several statements have the agreement and the period before each row."""
    all_of = statements.statements
    made = max((statement.period.end for statement in all_of), default="2000-01-01T00:00:00Z")
    title = all_of[0].agreement.title if len(all_of) == 1 else f"{len(all_of)} statements"
    book = Workbook(title, made)
    sheets = (
        (book.sheet("Summary", _SUMMARY), _summary),
        (book.sheet("Levels", _LEVELS), _levels),
        (book.sheet("Outages and cases", _EVENTS), _events),
        (book.sheet("Derivation", _STEPS), _steps),
        (book.sheet("Data", _DATA), _data),
    )
    for sheet, rows in sheets:
        for statement in all_of:
            _fill(sheet, rows(statement))
        sheet.end()
    return book.bytes()


def _fill(sheet: Sheet, rows: Iterator[tuple[Cell, ...]]) -> None:
    for cells in rows:
        sheet.row(cells)


def _whose(statement: Statement) -> tuple[Cell, ...]:
    part = statement.period.part
    return statement.agreement.id, part.title if part else statement.period.label


def _of(line: Line) -> tuple[Cell, ...]:
    return line.level, line.title, line.of_class, line.subject, line.period


def _day(text: str | None) -> Cell:
    return date.fromisoformat(text) if text else None


def _zone(statement: Statement) -> ZoneInfo:
    return zones.zone(statement.period.timezone)


def _summary(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    agreement, period, total = statement.agreement, statement.period, statement.total
    shown, zone = period.part or period, _zone(statement)
    verdicts = [line.verdict for line in statement.lines if line.role == "service-level"]
    yield (
        *(agreement.id, agreement.title, agreement.provider, agreement.customer),
        *(period.part.title if period.part else period.label, Local(shown.start, zone), Local(shown.end, zone)),
        *(period.timezone, shown.start, shown.end, period.as_of, statement.verdict.replace("-", " ")),
        Money(total.least, total.currency) if total else None,
        Money(total.most, total.currency) if total and total.most is not None else None,
        *(_day(total.claim_by if total else None), _day(total.pay_by if total else None)),
        *(verdicts.count("breached"), verdicts.count("met"), verdicts.count("indeterminate")),
        *(agreement.file, agreement.sha256),
    )


def _levels(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    currency = statement.total.currency if statement.total else ""
    for line in statement.lines:
        credit, balance, cases = line.credit, line.balance, line.cases
        yield (
            *(*_whose(statement), *_of(line)),
            *(line.role.replace("-", " "), line.clause, line.measure, line.target),
            *(*_ends(line), plain.UNITS[line.unit]),
            *(_exactly(line.best), _exactly(line.worst)),
            *(*_margins(line), plain.margin_unit(line)),
            Value(line.coverage.fraction, "share") if line.coverage else None,
            *(line.verdict.replace("-", " "), line.reason),
            *(_credit(credit, currency) if credit else (None, None)),
            _day(credit.claim_by if credit else None),
            *((_length(balance.down), _length(balance.unknown), _length(balance.excluded)) if balance else (None,) * 3),
            line.outages if balance else None,
            *((cases.total, cases.late) if cases else (None, None)),
        )


def _ends(line: Line) -> tuple[Cell, Cell]:
    """The best and the worst value, empty where ``plain.measured`` has none."""
    best, worst = (
        None if shown is None or not there else Value(value(line, shown), line.unit)
        for shown, there in zip((line.best, line.worst), plain.measured(line), strict=True)
    )
    return best, worst


def _margins(line: Line) -> tuple[Cell, Cell]:
    best, worst = (
        None if shown is None or not there else Value(shown.fraction, plain.margin_kind(line))
        for shown, there in zip((line.margin_best, line.margin_worst), plain.margins(line), strict=True)
    )
    return best, worst


def _length(microseconds: int) -> Cell:
    return Value(Fraction(microseconds), "length")


def _exactly(shown: Exact | None) -> Cell:
    return None if shown is None else shown.exact or shown.decimal


def _credit(credit: Credit, currency: str) -> tuple[Cell, Cell]:
    unit, most = "" if credit.unit == "points" else currency, credit.most
    return Money(credit.least.amount, unit), None if most is None else Money(most.amount, unit)


def _events(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    zone = _zone(statement)
    for line in statement.lines:
        for what, stretches in (
            ("outage", line.worst_outages),
            ("unknown", line.unknown_stretches),
            ("dropped", line.dropped),
        ):
            for each in stretches:
                yield (
                    *(*_whose(statement), *_of(line), what, Local(each.start, zone), Local(each.end, zone)),
                    *(each.start, each.end, _length(each.counted), None, each.cause, each.place),
                )
        for case in line.worst_cases:
            timed = case.unit in ("length", "late-by")
            yield (
                *(*_whose(statement), *_of(line), "case", Local(case.start, zone)),
                Local(case.end, zone) if case.end else None,
                *(case.start, case.end, _length(case.length) if timed else None, None if timed else case.length),
                *(case.case, case.place),
            )


def _steps(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    currency = statement.total.currency if statement.total else ""
    for line in statement.lines:
        if line.credit is None:
            continue
        for case, amount in _cases(line.credit):
            unit = "" if line.credit.unit == "points" else currency
            yield from _derived(statement, _of(line), case, amount.steps, amount.amount, unit)
    if statement.total is not None:
        for case, steps, owed in _totals(statement.total):
            yield from _derived(statement, ("", "Total", "", "", ""), case, steps, owed, currency)


def _cases(credit: Credit) -> Iterator[tuple[str, Amount]]:
    if credit.most is not None and credit.certain and credit.least.steps == credit.most.steps:
        yield "", credit.least
        return
    yield "at best", credit.least
    if credit.most is not None:
        yield "at worst", credit.most


def _totals(total: Total) -> Iterator[tuple[str, tuple[StepShown, ...], str]]:
    if total.certain and total.steps_least == total.steps_most:
        yield "", total.steps_least, total.least
        return
    yield "at least", total.steps_least, total.least
    if total.most is not None:
        yield "at most", total.steps_most, total.most


def _derived(
    statement: Statement, of: tuple[Cell, ...], case: str, steps: tuple[StepShown, ...], owed: str, currency: str
) -> Iterator[tuple[Cell, ...]]:
    for number, step in enumerate(steps, 1):
        exact = None if step.exact is None else Fraction(step.exact)
        # In the currency, or in points and units: the words say which.
        shown: Cell = None if exact is None else Value(exact, "number")
        yield (*_whose(statement), *of, case, number, step.text, shown, step.exact, step.clause)
    yield (*_whose(statement), *of, case, len(steps) + 1, "amount", Money(owed, currency), owed, None)


def _data(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    counts = {source.source: source.rows for source in statement.sources}
    told: set[str] = set()
    for each in statement.inputs:
        rows = None if each.source in told else counts.get(each.source)
        told.add(each.source)
        yield (
            *(*_whose(statement), each.source, each.file, each.sha256, each.rows),
            *((rows.read, rows.used, rows.filtered, rows.bad, rows.before + rows.after) if rows else (None,) * 5),
        )
