"""Exports that others have published: each is looked at without an error, and what is said of it is true.

The numbers are what the publishers say of their files, or counted here row by row with csv and datetime.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from slacheck.inspection.looking import inspect
from slacheck.problems import DataError
from tests.inspection.looks import DATA, chosen, column, export, only, settled, suspected

EXPORTS = sorted(
    path
    for path in (DATA.rglob("*") if DATA.exists() else ())
    if path.suffix in (".csv", ".jtl", ".gz") and path.parent.name != "expected"
)


def records(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.skipif(not EXPORTS, reason="the published exports are not here")
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: str(path.relative_to(DATA)))
def test_rows_and_filled_cells_of_each_are_counted(path: Path) -> None:
    file = only(inspect([path]))
    rows = records(path, file.separator)
    assert file.rows == len(rows)
    for seen in file.columns:
        if seen.kind != "unread" and seen.name in rows[0]:
            cells = [(row[seen.name] or "").strip() for row in rows]
            assert seen.filled == sum(bool(cell) for cell in cells), seen.name
            different = len({cell for cell in cells if cell})
            assert seen.distinct in (None, different), seen.name
    assert len(inspect([path]).sources) == 1


def test_requests_in_order_of_completion() -> None:
    """Start times go backwards in 47 % of the rows; two thirds of the requests succeed."""
    path = export("jmeter/run1_results.jtl")
    file = only(inspect([path]))
    starts = [int(row["timeStamp"]) for row in records(path)]
    backwards = sum(later < earlier for earlier, later in pairwise(starts))
    assert file.order is not None
    assert (file.order.kind, file.order.earlier) == ("unsorted", backwards)
    assert round(100 * backwards / len(starts)) == 47
    assert column(file, "timeStamp").form == "epoch-milliseconds"
    assert file.preset == "jmeter"
    assert [(word.text, word.rows) for word in column(file, "success").common] == [("true", 17_923), ("false", 9_075)]


def test_twelve_points_stand_at_the_end_of_a_skipped_hour() -> None:
    path = export("nab_cloudwatch/ec2_request_latency_system_failure.csv")
    file = only(inspect([path], timezone="America/New_York"))
    times = [datetime.fromisoformat(row["timestamp"]) for row in records(path)]
    steps = Counter((later - earlier).total_seconds() for earlier, later in pairwise(times))
    assert file.steps is not None
    assert (file.steps.common, file.steps.times) == (300_000_000, steps[300.0])
    assert file.steps.gaps == sum(number for length, number in steps.items() if length > 450)
    assert file.steps.longest == max(steps) * 1_000_000
    (again,) = file.duplicates
    assert (again.columns, again.count, again.rows) == (("timestamp",), 11, (559, 560, 561))
    seen = column(file, "timestamp")
    assert seen.common[0].text == "2014-03-09 03:00:00"
    assert seen.common[0].rows == 12


def test_city_tickets_and_those_closed_before_they_were_opened() -> None:
    path = export("boston311/Pick up Dead Animal.csv")
    found = inspect([path])
    file = only(found)
    form = "%m/%d/%Y %I:%M:%S %p"

    def at(text: str) -> datetime:
        return datetime.strptime(f"{text} +0000", "%m/%d/%Y %I:%M:%S %p %z")

    rows = records(path)
    early = [
        number for number, row in enumerate(rows, 2) if row["CLOSED_DT"] and at(row["CLOSED_DT"]) < at(row["OPEN_DT"])
    ]
    odd = suspected(file)["end-before-start", "CLOSED_DT"]
    assert (odd.count, odd.rows) == (len(early), tuple(early[:3]))
    assert (file.shape, file.ids, file.at, file.end) == ("cases", ("CASE_ENQUIRY_ID",), ("OPEN_DT",), ("CLOSED_DT",))
    assert {column(file, name).form for name in ("OPEN_DT", "TARGET_DT", "CLOSED_DT")} == {form}
    assert ("no-header", "") in suspected(file)


def test_tickets_of_the_city_are_evaluated_with_the_zone_alone(tmp_path: Path) -> None:
    """1,357 tickets, of which the year 2015 has those opened in it."""
    path = export("boston311/Electrical.csv")
    (block,) = inspect([path], timezone="America/New_York").sources
    assert block.needed == ()
    level = "{kind: count, from: NAME, dated_by: OPEN_DT}, target: '>= 0'"
    (line,) = settled(tmp_path, block, "2015", level=level).lines
    opened = sum(row["OPEN_DT"][6:10] == "2015" for row in records(path))
    assert line.best is not None
    assert line.best.fraction == opened


def test_an_incident_log_with_a_word_for_nothing(tmp_path: Path) -> None:
    """5,998 updates of 890 tickets."""
    path = export("uci_incident_log/incident_event_log.csv.gz")
    found = inspect([path], timezone="UTC")
    file = only(found)
    assert (file.compression, file.shape, file.ids[0]) == ("gzip", "cases", "number")
    assert column(file, "number").distinct == 890
    (again,) = [each for each in file.duplicates if each.columns == ("number",)]
    assert again.count == 5_998 - 890
    rows = records(path)
    for name in ("resolved_at", "sys_created_at", "caller_id"):
        unknown = sum(row[name] == "?" for row in rows)
        assert sum(null.rows for null in column(file, name).nulls) == unknown
    (block,) = found.sources
    assert block.needed == ("repeats",)
    level = "{kind: count, from: NAME, dated_by: opened_at}, target: '>= 0'"
    (line,) = settled(tmp_path, block, "2016", chosen(block, repeats=0), level).lines
    assert line.best is not None
    assert line.best.fraction == 890


def test_trains_by_month_and_line() -> None:
    path = export("sncf_tgv/regularite-mensuelle-tgv-aqst.csv")
    file = only(inspect([path]))
    assert (file.rows, file.separator, file.encoding) == (7_428, ";", "utf-8 with a byte order mark")
    assert set(file.subject) >= {"Gare de départ", "Gare d'arrivée"}
    rows = records(path, ";")
    keys = {(row["Date"], *(row[name] for name in file.subject)) for row in rows}
    assert sum(each.count for each in file.duplicates) == len(rows) - len(keys)
    delays = column(file, "Retard moyen de tous les trains au départ")
    values = [float(row[delays.name]) for row in rows]
    assert (float(delays.least or 0), float(delays.greatest or 0)) == (min(values), max(values))


def test_what_a_spreadsheet_has_eaten() -> None:
    file = only(inspect([export("techsupport/excel_damaged_excerpt.csv")]))
    found = suspected(file)
    eaten = {name: odd.count for (code, name), odd in found.items() if code == "eaten-date"}
    assert eaten == {"First response time": 5, "Resolution time": 4, "Close time": 3}
    assert found["eaten-date", "First response time"].example == "03:17.4"
    assert column(file, "Created time").forms == ("%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M")


def test_damaged_numbers_of_a_bank() -> None:
    file = only(inspect([export("bpic2014_sample/ITSM_data.csv")]))
    odd = suspected(file)["odd-commas", "Handle_Time_hrs"]
    assert odd.example == "3,87,16,91,111"


def test_logs_recorded_twice(tmp_path: Path) -> None:
    """One log has instants, the other a day and a clock in two columns."""
    folder = export("prepbench/case_012/inputs")
    by_machine = only(inspect([folder / "input_01.csv"]))
    by_hand = inspect([folder / "input_02.csv"], timezone="Europe/London")
    assert (by_machine.shape, by_machine.at) == ("events", ("Start Date / Time",))
    assert only(by_hand).at == ("Start Date", "Start Time")
    (line,) = settled(tmp_path, by_hand.sources[0], "2018").lines
    assert line.best is not None
    assert line.best.fraction == 6


def test_status_pages_count_from_no_known_instant() -> None:
    folder = export("cloud_uptime_archive")
    found = inspect([f"{folder}/*_operator_reported.csv"])
    assert len(found.files) == len(list(folder.glob("*_operator_reported.csv")))
    (block,) = found.sources
    assert block.needed == ("time_format",)
    assert "# time_format: seconds since 2020-01-01T00:00:00Z" in block.text
    assert f"{folder}/*_operator_reported.csv" in block.text


def test_a_grafana_table_with_a_separator_too_many() -> None:
    file = only(inspect([export("export-shapes/grafana_table_export_epoch_ms_trailing_semicolon.csv")]))
    assert file.order is not None
    assert (file.order.kind, file.rows, column(file, "Time").form) == ("newest-first", 5, "epoch-milliseconds")


def test_a_grafana_series_with_grouped_thousands() -> None:
    file = only(inspect([export("export-shapes/grafana_export_series_as_rows.csv")]))
    seen = column(file, "Value")
    assert (seen.kind, seen.thousands, seen.fits, seen.least) == ("number", ",", 4, "1721992142.283")


@pytest.mark.parametrize(
    "path", sorted(DATA.glob("export-shapes/*.json")) if DATA.exists() else [], ids=lambda path: path.stem
)
def test_documents_are_looked_at_or_refused_with_what_to_say(path: Path) -> None:
    try:
        assert inspect([path]).sources
    except DataError as error:
        assert {problem.code for problem in error.problems} == {"records"}
        assert all(problem.help for problem in error.problems)
