"""The source of an export, pasted into a minimal agreement: it is evaluated as it stands, or as chosen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from slacheck.inspection.findings import Block, Inspection
from slacheck.inspection.looking import inspect
from slacheck.problems import DataError
from slacheck.statement import Line, Statement
from tests.inspection.looks import chosen, look, settled


def block(found: Inspection) -> Block:
    (only,) = found.sources
    return only


def line(statement: Statement) -> Line:
    (only,) = statement.lines
    return only


def value(statement: Statement) -> Fraction:
    found = line(statement).best
    assert found is not None
    return found.fraction


PROBES = "\n".join(
    ["timestamp;host;status"]
    + [f"2026-10-05T00:{minute:02d}:00Z;web;{'DOWN' if minute in (7, 8) else 'UP'}" for minute in range(60)]
)


def test_states_are_pasted_and_the_hold_is_chosen(tmp_path: Path) -> None:
    """An hour of probes, two minutes of it down."""
    found = block(look(tmp_path, PROBES, "Probes 2026-10.csv"))
    assert (
        found.text
        == f"""\
sources:
  probes:
    path: {tmp_path}/Probes 2026-10.csv
    shape: samples
    columns: {{at: timestamp, state: status}}
    states: {{up: [UP], down: [DOWN]}}
    # how long a sample holds at most; most stand 1m apart, a probe holds a little longer:
    # hold: 2m
    # hold: until-next
"""
    )
    assert (found.choices, found.needed) == (("hold",), ())
    assert value(settled(tmp_path, found, "2026-10-05")) == 60
    level = "{kind: availability, from: NAME}, missing: exclude, target: '>= 0%'"
    held = chosen(found, hold=0)
    # The last sample holds two minutes: 61 minutes are known.
    assert value(settled(tmp_path, found, "2026-10-05", held, level)) == Fraction(59, 61)


def test_a_zone_that_nobody_named_is_needed(tmp_path: Path) -> None:
    text = "at;value\n2026-10-05 00:00:00;1,5\n2026-10-05 00:05:00;2\n"
    found = block(look(tmp_path, text))
    assert found.needed == ("timezone",)
    with pytest.raises(DataError) as refused:
        settled(tmp_path, found, "2026-10-05")
    assert {problem.code for problem in refused.value.problems} == {"no-zone"}
    level = "{kind: statistic, from: NAME, value: value, statistic: mean}, target: '>= 0'"
    statement = settled(tmp_path, found, "2026-10-05", chosen(found, timezone=1), level)
    assert value(statement) == Fraction(175, 100)


def test_a_zone_that_is_named_is_written_down(tmp_path: Path) -> None:
    text = "at;value\n2026-10-25 00:00:00;1\n2026-10-25 02:30:00;2\n"
    found = block(look(tmp_path, text, timezone="Europe/Berlin"))
    assert "    timezone: Europe/Berlin\n" in found.text
    assert found.needed == ("ambiguous_times",)
    assert value(settled(tmp_path, found, "2026-10", chosen(found, ambiguous_times=1))) == 2


def test_dates_that_read_both_ways_are_left_to_choose(tmp_path: Path) -> None:
    text = "ticket;opened;resolved\nT1;02/01/2026;03/01/2026\nT2;02/01/2026;\n"
    found = block(look(tmp_path, text))
    assert "# time_format: " in found.text
    assert found.needed == ("time_format",)
    with pytest.raises(DataError):
        settled(tmp_path, found, "2026-01", level=CASES)
    assert value(settled(tmp_path, found, "2026-01", chosen(found, time_format=0), CASES)) == 2
    assert value(settled(tmp_path, found, "2026-02", chosen(found, time_format=1), CASES)) == 2


CASES = "{kind: count, from: NAME, dated_by: opened}, target: '>= 0'"


def test_cases_with_words_for_nothing_and_ids_that_come_again(tmp_path: Path) -> None:
    text = "ticket;opened;resolved\nT1;2026-01-05;?\nT2;2026-01-06;2026-01-07\nT1;2026-01-05;2026-01-09\n"
    found = block(look(tmp_path, text))
    assert '    nulls: ["?"]' in found.text
    assert found.needed == ("repeats",)
    assert value(settled(tmp_path, found, "2026-01", chosen(found, repeats=0), CASES)) == 2


def test_counts_have_the_interval_of_their_rows(tmp_path: Path) -> None:
    text = "time,requests,errors\n" + "".join(f"2026-10-05T{hour:02d}:00:00Z,100,{hour % 2}\n" for hour in range(24))
    found = block(look(tmp_path, text))
    assert "    columns: {at: time, total: requests, bad: errors}\n    interval: 1h" in found.text
    assert value(settled(tmp_path, found, "2026-10-05")) == 1 - Fraction(12, 2400)


def test_events_with_a_cause(tmp_path: Path) -> None:
    text = "System;Started at;Ended at;Reason\nweb;2026-10-05T10:00:00Z;2026-10-05T11:00:00Z;disc\n"
    found = block(look(tmp_path, text))
    assert "columns: {start: Started at, end: Ended at, cause: Reason}" in found.text
    level = "{kind: downtime, from: NAME}, target: '<= 2h'"
    assert value(settled(tmp_path, found, "2026-10-05", level=level)) == 3_600_000_000


def test_a_register_has_its_key(tmp_path: Path) -> None:
    found = block(look(tmp_path, "circuit id;tier;users\nC1;gold;20\nC2;silver;5\n"))
    assert "    columns: {circuit_id: circuit id}\n    key: circuit_id\n" in found.text


def test_states_that_say_nothing_are_for_a_person(tmp_path: Path) -> None:
    rows = "at;status\n2026-10-05T00:00:00Z;0\n2026-10-05T00:01:00Z;1\n2026-10-05T00:02:00Z;1\n"
    found = block(look(tmp_path, rows))
    assert found.needed == ("states",)
    with pytest.raises(DataError):
        settled(tmp_path, found, "2026-10-05")
    level = "{kind: count, from: NAME, where: {status: '0'}}, target: '>= 0'"
    assert value(settled(tmp_path, found, "2026-10-05", chosen(found, states=0), level)) == 1
    assert '# states: {up: ["1"], down: ["0"]}\n    # states: {up: ["0"], down: ["1"]}\n' in found.text
    three = block(look(tmp_path, rows + "2026-10-05T00:03:00Z;2\n"))
    assert '# states: {up: [], down: [], unknown: ["1", "0", "2"]}\n' in three.text


def test_one_unclear_word_may_belong_in_each_list(tmp_path: Path) -> None:
    rows = "at;state\n2026-10-05T00:00:00Z;up\n2026-10-05T00:01:00Z;degraded\n2026-10-05T00:02:00Z;down\n"
    found = block(look(tmp_path, rows))
    assert [line.strip() for line in found.text.split("\n") if "# states: " in line] == [
        "# states: {up: [up, degraded], down: [down]}",
        "# states: {up: [up], down: [down, degraded]}",
        "# states: {up: [up], down: [down], unknown: [degraded]}",
    ]
    assert value(settled(tmp_path, found, "2026-10-05", chosen(found, states=2))) == 3


def test_a_one_below_up_can_only_mean_up(tmp_path: Path) -> None:
    found = block(look(tmp_path, "at;up\n2026-10-05T00:00:00Z;1\n2026-10-05T00:01:00Z;0\n"))
    assert '    states: {up: ["1"], down: ["0"]}\n' in found.text
    assert value(settled(tmp_path, found, "2026-10-05")) == 2


def test_which_of_two_numbers_is_the_value_is_for_a_person(tmp_path: Path) -> None:
    text = "at;in;out\n2026-10-05T00:00:00Z;1;10\n2026-10-05T00:01:00Z;3;30\n"
    found = block(look(tmp_path, text))
    assert "    columns: {at: at}\n" in found.text
    level = "{kind: statistic, from: NAME, value: value, statistic: sum}, target: '>= 0'"
    assert value(settled(tmp_path, found, "2026-10-05", chosen(found, columns=1), level)) == 40


@pytest.mark.parametrize(
    "header",
    ["time: stamp", "#at", "'at'", 'a"t', "@at", "null", "ja, nein", "at\\n", "[at]", "2026", "été", "a{b}", "%at"],
)
def test_headers_are_quoted_as_they_need_it(tmp_path: Path, header: str) -> None:
    written = '"' + header.replace('"', '""') + '"'
    text = f"{written};state\n2026-10-05T00:00:00Z;up\n2026-10-05T00:01:00Z;down: no\n2026-10-05T00:02:00Z;up\n"
    found = block(look(tmp_path, text.replace("down: no", "down")))
    assert value(settled(tmp_path, found, "2026-10-05")) == 3


def test_what_cannot_be_read_is_said_beside_the_role(tmp_path: Path) -> None:
    text = "at;value\n2026-10-05T00:00:00Z;1\n2026-10-05T00:01:00Z;\nnever;3\n2026-10-05T00:02:00Z;x\n"
    found = block(look(tmp_path, text))
    assert "    # at: unreadable in 1 row; mend the export" in found.text
    assert "    # value: unreadable in 1 and empty in 1 rows; mend the export" in found.text
    assert found.needed == ("data",)


def test_files_of_the_same_columns_are_one_source(tmp_path: Path) -> None:
    """October follows on September without a hole, November leaves one of a day and a minute."""
    for month, first, last in ((9, 29, 30), (10, 1, 31), (11, 2, 3)):
        lines = ["at,state"]
        lines += [
            f"2026-{month:02d}-{day:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z,up"
            for day in range(first, last + 1)
            for minute in range(1_440)
        ]
        (tmp_path / f"probes-2026-{month:02d}.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "maintenance.csv").write_text("start,end\n2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n")
    found = inspect([f"{tmp_path}/probes-*.csv", tmp_path / "maintenance.csv"])
    assert [each.rows for each in found.files] == [2_880, 44_640, 2_880, 1]
    (together,) = found.together
    assert together.rows == 50_400
    assert [(each.kind, each.length) for each in together.between] == [
        ("joins", 60_000_000),
        ("hole", 86_460_000_000),
    ]
    assert [each.name for each in found.sources] == ["probes", "maintenance"]
    assert value(settled(tmp_path, found.sources[0], "2026-10")) == 44_640


def test_files_that_overlap(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("at,n\n2026-10-01T00:00:00Z,1\n2026-10-03T00:00:00Z,2\n")
    (tmp_path / "b.csv").write_text("at,n\n2026-10-02T00:00:00Z,1\n2026-10-04T00:00:00Z,2\n")
    (together,) = inspect([tmp_path / "b.csv", tmp_path / "a.csv"]).together
    (between,) = together.between
    assert (Path(between.earlier).name, between.kind, between.length) == ("a.csv", "overlaps", 86_400_000_000)


def test_files_whose_dates_are_of_two_forms_are_two_sources(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("at,n\n31/12/2026,1\n01/12/2026,2\n")
    (tmp_path / "b.csv").write_text("at,n\n2026-12-01,1\n2026-12-02,2\n")
    (tmp_path / "c.csv").write_text("at,n\n01/02/2026,1\n02/02/2026,2\n")
    found = inspect([tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"])
    # The dates of c read both ways by themselves; beside those of a they read as these do.
    assert [[Path(file).name for file in each.files] for each in found.sources] == [["a.csv", "c.csv"], ["b.csv"]]
    assert '    time_format: "%d/%m/%Y"\n' in found.sources[0].text


def test_many_files_are_a_glob_where_it_matches_no_other(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"p{number}.csv").write_text(f"at,n\n2026-10-0{number + 1},1\n")
    (found,) = inspect([f"{tmp_path}/p*.csv"]).sources
    assert f'path: "{tmp_path}/p*.csv"' in found.text
    (left,) = inspect([tmp_path / f"p{number}.csv" for number in range(7)]).sources
    assert "*" not in left.text
    assert left.text.count(".csv") == 7


def test_thousands_and_units_are_declared_as_the_cells_have_them(tmp_path: Path) -> None:
    """1,234.5 ms and 500 ms: a mean of 867.25 ms, which is 867,250 microseconds."""
    text = "at;latency\n2026-10-05T00:00:00Z;1,234.5 ms\n2026-10-05T00:01:00Z;500 ms\n"
    found = block(look(tmp_path, text))
    assert '    thousands: ","\n    units: {value: ms}  # as the cells say\n' in found.text
    level = "{kind: statistic, from: NAME, value: value, statistic: mean}, target: '<= 2s'"
    assert value(settled(tmp_path, found, "2026-10-05", level=level)) == 867_250


def test_a_comma_before_three_digits_is_for_a_person(tmp_path: Path) -> None:
    text = "at;value\n2026-10-05T00:00:00Z;1,234\n2026-10-05T00:01:00Z;2\n"
    found = block(look(tmp_path, text))
    assert found.needed == ("decimal",)
    level = "{kind: statistic, from: NAME, value: value, statistic: sum}, target: '>= 0'"
    with pytest.raises(DataError):
        settled(tmp_path, found, "2026-10-05", level=level)
    assert value(settled(tmp_path, found, "2026-10-05", chosen(found, decimal=0), level)) == Fraction("3.234")
    assert value(settled(tmp_path, found, "2026-10-05", chosen(found, thousands=0), level)) == 1236
