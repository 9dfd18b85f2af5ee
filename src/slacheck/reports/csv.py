"""Every line of every statement as one row of RFC 4180: plain numbers, stable columns, nothing that computes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from slacheck.reports import plain
from slacheck.reports.annotations import currency_of
from slacheck.reports.layout import harmless
from slacheck.reports.view import View
from slacheck.statement import Line, Statement, Statements

# What makes a spreadsheet take a cell for a formula, in the wide forms of East Asia too. Where a comma stands for the
# decimal point a semicolon parts the cells, whatever quotes stand around it.
_COMPUTED = re.compile("(^|; ?)(?=[=+@＝＋－＠-])")


def render(statements: Statements, view: View) -> str:  # noqa: ARG001  (the same on every screen)
    """A header and the rows, every one ended by CR LF."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(
        [cell(row) for cell in COLUMNS.values()]
        for statement in statements.statements
        for row in (_Row(statement, line, plain.measured(line), plain.margins(line)) for line in statement.lines)
    )
    return written.getvalue()


@lru_cache(maxsize=10_000)
def inert(text: str | None) -> str:
    """Text from a file, with a quote before it where a spreadsheet would compute it."""
    return _COMPUTED.sub(r"\1'", harmless(text or ""))


class _Row(NamedTuple):
    statement: Statement
    line: Line
    measured: tuple[str, str]
    margins: tuple[str, str]


def _currency(row: _Row) -> str:
    if row.line.credit is None:
        return ""
    return "points" if row.line.credit.unit == "points" else currency_of(row.statement)


# Columns are only ever added, and at the end, so that what reads them by number stays right.
COLUMNS: Final[dict[str, Callable[[_Row], str]]] = {
    "agreement": lambda row: inert(row.statement.agreement.id),
    "agreement_title": lambda row: inert(row.statement.agreement.title),
    "provider": lambda row: inert(row.statement.agreement.provider),
    "customer": lambda row: inert(row.statement.agreement.customer),
    "period": lambda row: inert(row.statement.period.label),
    "start": lambda row: (row.statement.period.part or row.statement.period).start,
    "end": lambda row: (row.statement.period.part or row.statement.period).end,
    "timezone": lambda row: inert(row.statement.period.timezone),
    "as_of": lambda row: row.statement.period.as_of or "",
    "statement_verdict": lambda row: row.statement.verdict,
    "level": lambda row: inert(row.line.level),
    "title": lambda row: inert(row.line.title),
    "class": lambda row: inert(row.line.of_class),
    "subject": lambda row: inert(row.line.subject),
    "level_period": lambda row: inert(row.line.period),
    "role": lambda row: row.line.role,
    "clause": lambda row: inert(row.line.clause),
    "measure": lambda row: row.line.measure,
    "verdict": lambda row: row.line.verdict,
    "reason": lambda row: inert(row.line.reason),
    "target": lambda row: inert(row.line.target),
    "unit": lambda row: plain.UNITS[row.line.unit],
    "best": lambda row: row.measured[0],
    "worst": lambda row: row.measured[1],
    "margin_unit": lambda row: plain.margin_unit(row.line),
    "margin_best": lambda row: row.margins[0],
    "margin_worst": lambda row: row.margins[1],
    "coverage": lambda row: row.line.coverage.decimal if row.line.coverage else "",
    "currency": _currency,
    "credit_least": lambda row: row.line.credit.least.amount if row.line.credit else "",
    "credit_most": lambda row: row.line.credit.most.amount if row.line.credit and row.line.credit.most else "",
    "counted_least": lambda row: row.line.credit.counted_least if row.line.credit else "",
    "counted_most": lambda row: (row.line.credit.counted_most or "") if row.line.credit else "",
    "claim_by": lambda row: (row.line.credit.claim_by or "") if row.line.credit else "",
    "claimed": lambda row: (row.line.credit.claimed or "") if row.line.credit else "",
    "total_currency": lambda row: currency_of(row.statement),
    "total_least": lambda row: row.statement.total.least if row.statement.total else "",
    "total_most": lambda row: (row.statement.total.most or "") if row.statement.total else "",
    "agreement_file": lambda row: inert(row.statement.agreement.file),
    "agreement_line": lambda row: str(row.line.agreement_line or ""),
    "agreement_sha256": lambda row: row.statement.agreement.sha256,
}
