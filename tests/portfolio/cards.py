"""Small statements for the tests of portfolios."""

from __future__ import annotations

from typing import Any

from slacheck.statement import Line, Statement, Total
from slacheck.verdicts import Verdict
from tests.reports import statements as made


def total(currency: str, least: str, most: str | None, **other: Any) -> Total:
    given: dict[str, Any] = {"credited_least": least, "credited_most": most, "steps_least": (), "steps_most": ()}
    return Total(currency=currency, least=least, most=most, **(given | other))


def line(verdict: Any, **other: Any) -> Line:
    return made.line("Availability", ">= 99.9%", verdict, "0.99", "0.99", (-1, -1), **other)


def statement(
    id: str,
    verdict: Verdict,
    owed: Total | None = None,
    *,
    month: int = 10,
    lines: tuple[Line, ...] | None = None,
    **other: Any,
) -> Statement:
    """October 2026 or another month of an agreement; ``other`` are fields of the agreement, or ``running``."""
    whole = made.whole()
    running = bool(other.pop("running", False))
    label = f"2026-{month:02d}"
    period = whole.period.model_copy(
        update={
            "label": label,
            "title": label,
            "first_day": f"{label}-01",
            "last_day": f"{label}-28",
            "running": running,
            "part": None,
        }
    )
    agreement = whole.agreement.model_copy(update={"id": id, "title": id, "file": f"{id}.yaml"} | other)
    return Statement(
        agreement=agreement,
        period=period,
        verdict=verdict,
        lines=lines if lines is not None else (line(verdict),),
        total=owed,
        inputs=(),
    )
