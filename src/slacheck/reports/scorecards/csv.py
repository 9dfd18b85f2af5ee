"""Every agreement, period and currency as one row of RFC 4180: plain numbers, stable columns, nothing that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from slacheck.portfolio import PeriodScore, Row, Scorecard
from slacheck.reports.csv import inert
from slacheck.reports.view import View

_COLUMNS = (
    *("agreement", "title", "kind", "provider", "customer", "file", "agreement_verdict", "period", "first_day"),
    *("last_day", "running", "verdict", "change", "currency", "owed_least", "owed_most", "claim_by", "problem"),
)


def render(card: Scorecard, view: View) -> str:  # noqa: ARG001  (the same on every screen)
    """A header and the rows, every one ended by CR LF. An agreement that is not settled has one row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in card.rows:
        for each in _rows(row):
            writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in each])
    return text.getvalue()


def _rows(row: Row) -> Iterator[tuple[str, ...]]:
    own = (row.agreement, row.title, row.kind, row.provider, row.customer, row.file, row.verdict)
    problem = f"{row.problems[0].place}: {row.problems[0].message}" if row.problems else ""
    if not row.periods:
        yield (*own, *[""] * 10, problem)
    for period in row.periods:
        for amount in _amounts(period):
            yield (*own, *_period(period), *amount, period.claim_by or "", problem)


def _period(period: PeriodScore) -> tuple[str, ...]:
    running = "yes" if period.running else "no"
    return period.label, period.first_day, period.last_day, running, period.verdict, period.change or ""


def _amounts(period: PeriodScore) -> Iterator[tuple[str, str, str]]:
    if not period.owed:
        yield "", "", ""
    for each in period.owed:
        yield each.currency, each.least, each.most or ""
