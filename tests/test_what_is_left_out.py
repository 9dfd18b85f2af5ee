"""What a statement says of records that do not count, and of stretches that hold too little to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import slacheck
from slacheck.reports import terminal
from slacheck.reports.view import View
from slacheck.statement import Statement, Statements

CASES = Path(__file__).parent / "cases"


def seen(agreement: Path, period: str) -> Statement:
    """The statement of a period, seen when it was long over."""
    return slacheck.evaluate(agreement, period=period, as_of=datetime(2027, 1, 1, tzinfo=UTC))


def test_records_that_a_register_exempts_are_told_with_their_rows() -> None:
    """Of four calls B was granted an exemption; C was refused one."""
    agreement = CASES / "tickets-exempt-by-a-register" / "agreement.yaml"
    statement = seen(agreement, "2026-06")
    told = [note.text for note in statement.data if "does not count" in note.text]
    assert told == ["calls: 1 record does not count by 'granted': calls.csv:3"]


def test_stretches_that_hold_too_few_values_are_named_as_the_reason() -> None:
    """Two values on 17 September, where a mean over 15 minutes needs three."""
    agreement = CASES / "values-any-fifteen-minutes" / "agreement.yaml"
    statement = seen(agreement, "2026-09-17")
    assert [(line.verdict, line.reason) for line in statement.lines] == [
        ("indeterminate", "no stretch of that length holds enough values")
    ] * 2


def test_stretches_of_values_are_no_outages() -> None:
    agreement = CASES / "values-any-fifteen-minutes" / "agreement.yaml"
    text = terminal.render(Statements(statements=(seen(agreement, "2026-09-15"),)), View(80))
    assert "Worst intervals" in text
    assert "outage" not in text


def test_a_month_before_the_run_is_not_known_to_an_average() -> None:
    """May alone: what April was like can only be told where April is evaluated beside it."""
    agreement = CASES / "levels-average-with-the-previous-month" / "agreement.yaml"
    statement = seen(agreement, "2026-05")
    line = next(line for line in statement.lines if line.level == "availability")
    assert (line.verdict, line.reason) == ("indeterminate", "1 of the values that it is made of is not known")


def test_an_incident_without_its_start_is_told() -> None:
    """Row 7 of a provider's incidents was never confirmed; row 6 is covered by a longer one of the same cluster."""
    agreement = CASES / "contract-stakater" / "agreement.yaml"
    told = [note.text for note in seen(agreement, "2026-11").data]
    assert "availability, zonal: left out, since they have no 'confirmed': incidents.csv:7" in told
    assert "availability of z1: dropped, since a longer record covers them: incidents.csv:6" in told
