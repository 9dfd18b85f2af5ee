"""Which rows and cells of an export are looked at, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import slacheck
from slacheck.statement import Statement

HEAD = """\
slacheck: 1
id: shop
provider: P
customer: C
timezone: UTC
period: day
"""
DAY = "2026-10-05"


def evaluated(folder: Path, agreement: str, **files: str) -> Statement:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "agreement.yaml").write_text(HEAD + agreement)
    return slacheck.evaluate(folder / "agreement.yaml", period=DAY)


def notes(statement: Statement) -> str:
    return "\n".join(note.text for note in statement.data)


MIXED = """\
sources:
  log: {path: log.csv, shape: events, columns: {start: from, end: to}, where: {kind: [outage]}}
service_levels:
  up: {measure: {kind: availability, from: log}, target: ">= 99%"}
"""


def test_other_cells_of_a_row_that_where_drops_are_not_looked_at(tmp_path: Path) -> None:
    rows = f"from,to,kind\nyesterday,,comment\n{DAY}T10:00:00Z,{DAY}T11:00:00Z,outage\n2026-10-05 12:00,,comment\n"
    statement = evaluated(tmp_path, MIXED, log=rows)
    assert statement.lines[0].balance is not None
    assert statement.lines[0].balance.down == 3_600_000_000
    rows_of_log = statement.sources[0].rows
    assert (rows_of_log.read, rows_of_log.within, rows_of_log.filtered) == (3, 1, 2)
    assert statement.lines[0].worst_outages[0].place == "log.csv:3"


def test_a_bad_cell_of_a_row_that_counts_is_still_an_error(tmp_path: Path) -> None:
    with pytest.raises(slacheck.DataError, match="row 3"):
        evaluated(tmp_path, MIXED, log="from,to,kind\nyesterday,,comment\nyesterday,,outage\n")


def test_a_cell_that_where_compares_must_be_readable(tmp_path: Path) -> None:
    agreement = MIXED.replace("where: {kind: [outage]}", 'where: {kind: "> 1"}')
    with pytest.raises(slacheck.DataError, match="row 2"):
        evaluated(tmp_path, agreement, log=f"from,to,kind\n{DAY}T10:00:00Z,,severe\n{DAY}T10:00:00Z,,2\n")


def test_a_source_whose_where_matches_nothing_is_refused_unless_that_means_nothing_happened(tmp_path: Path) -> None:
    rows = f"from,to,kind\n{DAY}T10:00:00Z,{DAY}T11:00:00Z,outages\n"
    with pytest.raises(slacheck.DataError, match="none of the 1 rows"):
        evaluated(tmp_path, MIXED, log=rows)
    quiet = MIXED.replace("shape: events,", "shape: events, absent_rows: empty,")
    assert evaluated(tmp_path, quiet, log=rows).verdict == "met"


TWO_LEVELS = """\
sources:
  log: {path: log.csv, shape: events, columns: {start: from, end: to}}
service_levels:
  hosts: {measure: {kind: availability, from: log, where: {kind: [host]}}, per: host, target: ">= 99%"}
  sites: {measure: {kind: availability, from: log, where: {kind: [site]}}, per: site, target: ">= 99%"}
"""


def test_two_levels_may_tell_subjects_apart_by_columns_that_are_empty_for_the_other(tmp_path: Path) -> None:
    rows = f"from,to,kind,host,site\n{DAY}T10:00:00Z,{DAY}T11:00:00Z,host,a,\n{DAY}T10:00:00Z,{DAY}T12:00:00Z,site,,x\n"
    statement = evaluated(tmp_path, TWO_LEVELS, log=rows)
    assert [(line.level, line.subject) for line in statement.lines] == [("hosts", "a"), ("sites", "x")]


def test_a_record_of_nobody_is_refused_where_subjects_are_told_apart(tmp_path: Path) -> None:
    rows = f"from,to,kind,host,site\n{DAY}T10:00:00Z,{DAY}T11:00:00Z,host,,\n{DAY}T10:00:00Z,,site,,x\n"
    with pytest.raises(slacheck.DataError, match=r"row 2, column .host.: no value, but .per. tells subjects apart"):
        evaluated(tmp_path, TWO_LEVELS, log=rows)


MAINTAINED = """\
sources:
  log: {path: log.csv, shape: events, columns: {start: from, end: to}}
  works: {path: works.csv, shape: events, columns: {start: from, end: to}}
exclusions:
  planned: {from: works}
service_levels:
  up: {measure: {kind: availability, from: log, excluding: [planned]}, per: host, target: ">= 99%"}
"""


def test_a_maintenance_log_that_names_the_subject_must_say_for_whom_it_holds(tmp_path: Path) -> None:
    log = f"from,to,host\n{DAY}T10:00:00Z,{DAY}T12:00:00Z,q\n"
    works = f"from,to,host\n{DAY}T10:00:00Z,{DAY}T12:00:00Z,other\n"
    with pytest.raises(slacheck.AgreementError, match="does not say for whom it holds") as raised:
        evaluated(tmp_path, MAINTAINED, log=log, works=works)
    assert raised.value.problems[0].line == 13
    said = MAINTAINED.replace("{from: works}", "{from: works, matching: none}")
    assert evaluated(tmp_path, said, log=log, works=works).verdict == "met"
    assert evaluated(tmp_path, MAINTAINED, log=log, works=works.replace("host", "crew")).verdict == "met"


def test_a_record_without_length_drops_no_record_of_a_later_log(tmp_path: Path) -> None:
    agreement = MAINTAINED.replace("exclusions:\n  planned: {from: works}\n", "").replace(
        "service_levels:", "outages:\n  down: {from: [log, works], overlapping: first}\nservice_levels:"
    )
    agreement = agreement.replace("from: log, excluding: [planned]", "from: down")
    log = f"from,to,host\n{DAY}T11:00:00Z,{DAY}T11:00:00Z,q\n"
    works = f"from,to,host\n{DAY}T10:00:00Z,{DAY}T12:00:00Z,q\n"
    line = evaluated(tmp_path, agreement, log=log, works=works).lines[0]
    assert line.balance is not None
    assert line.balance.down == 2 * 3_600_000_000


def test_a_log_that_ends_before_the_period_is_doubted(tmp_path: Path) -> None:
    agreement = MIXED.replace(", where: {kind: [outage]}", "")
    statement = evaluated(tmp_path, agreement, log="from,to\n2026-09-01T10:00:00Z,2026-09-01T11:00:00Z\n")
    assert statement.verdict == "met"
    assert "the last record is of 2026-09-01T10:00:00Z, before the period; is the export complete?" in notes(statement)


def test_rows_of_one_interval_are_added_up_and_said_to_be(tmp_path: Path) -> None:
    agreement = """\
sources:
  r: {path: r.csv, shape: counts, columns: {at: t, total: n, bad: b}, interval: 12h}
service_levels:
  rate: {measure: {kind: success-rate, from: r}, target: ">= 99%"}
"""
    rows = f"t,n,b\n{DAY}T00:00:00Z,100,0\n{DAY}T00:00:00Z,100,1\n{DAY}T12:00:00Z,100,0\n"
    statement = evaluated(tmp_path, agreement, r=rows)
    assert statement.lines[0].counted is not None
    assert (statement.lines[0].counted.total, statement.lines[0].counted.rows) == (300, 3)
    assert "1 row more than intervals of 'r'" in notes(statement)


def test_a_target_keeps_every_digit_that_was_written(tmp_path: Path) -> None:
    agreement = MIXED.replace(", where: {kind: [outage]}", "").replace(">= 99%", ">= 99.9500000000000000001%")
    # 43.2 s of a day are 0.05 %: exactly 99.95 %, which is less than was promised.
    log = f"from,to\n{DAY}T10:00:00Z,{DAY}T10:00:43.2Z\n"
    statement = evaluated(tmp_path, agreement, log=log)
    assert statement.verdict == "breached"
    assert evaluated(tmp_path, agreement.replace("0000000000000001%", "%"), log=log).verdict == "met"
