"""What a statement says of records that do not count, and of stretches that hold too little to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

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


TICKETS = """\
slacheck: 1
id: quiet
provider: P
customer: C
timezone: UTC
sources:
  tickets: {path: tickets.csv, shape: cases, columns: {id: id, opened: opened, resolved: resolved}}
  log: {path: log.csv, shape: events, columns: {start: start, end: end}}
service_levels:
  restored: {measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}, target: ">= 90%"}
  outages: {per: outage, measure: {kind: downtime, from: log}, target: "<= 2h"}
"""


def quiet(folder: Path) -> Path:
    """Tickets in August and October, an outage in August."""
    (folder / "tickets.csv").write_text(
        "id,opened,resolved\nA,2026-08-05T10:00:00Z,2026-08-05T11:00:00Z\nB,2026-10-05T10:00:00Z,2026-10-05T09:00:00Z\n"
    )
    (folder / "log.csv").write_text("start,end\n2026-08-07T10:00:00Z,2026-08-07T11:00:00Z\n")
    (folder / "agreement.yaml").write_text(TICKETS)
    return folder / "agreement.yaml"


def test_a_month_between_others_may_be_quiet(tmp_path: Path) -> None:
    lines = seen(quiet(tmp_path), "2026-09").lines
    assert [(line.verdict, line.reason) for line in lines] == [
        ("not-applicable", "no case in the period"),
        ("not-applicable", "no outage in the period"),
    ]


def test_a_month_after_the_last_case_may_be_another_export(tmp_path: Path) -> None:
    with pytest.raises(slacheck.DataError) as refused:
        seen(quiet(tmp_path), "2026-11")
    (problem,) = refused.value.problems
    assert problem.code == "no-row-of-period"
    assert (
        problem.help == "the last one is of 2026-10-05; is it the right export? Where it is, write absent_rows: empty"
    )


def test_a_case_that_ends_before_it_starts_does_not_still_run(tmp_path: Path) -> None:
    agreement = quiet(tmp_path)
    each = "{per: case, measure: {kind: elapsed, from: tickets, between: [opened, resolved]}, target: '<= 4h'}"
    agreement.write_text(agreement.read_text().replace(TICKETS.splitlines()[9].split(": ", 1)[1], each))
    text = terminal.render(Statements(statements=(seen(agreement, "2026-10"),)), View(80))
    assert "cannot be decided, cases end before they start" in text
    assert "ends before it starts; how long it took cannot be told" in text
    assert "still" not in text
