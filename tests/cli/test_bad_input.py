"""Bad input: one clear error that names file, row and column, exit 3, nothing on stdout, no traceback."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Ran, Slacheck, minutes

GOOD = minutes()


def evaluated(slacheck: Slacheck, *more: str) -> Ran:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, *more)
    assert ran.code == 3, ran.err
    assert ran.out == ""
    assert "error[" in ran.err
    assert "nothing was evaluated" in ran.err
    return ran


def with_row(row: str) -> bytes:
    """The good export with its third record (row 4) replaced."""
    lines = GOOD.splitlines()
    lines[3] = row
    return ("\n".join(lines) + "\n").encode()


CASES = {
    "empty": (b"", ["probes.csv", "empty"]),
    "only a header": (b"timestamp,status\n", ["probes.csv", "no row"]),
    "binary": (b"\x00\x01\x02\x03" * 100, ["probes.csv"]),
    "wrongly encoded": (
        GOOD.encode() + f"{DAY}T23:59:30+01:00,d\xe9grad\xe9\n".encode("latin-1"),
        ["probes.csv", "UTF-8"],
    ),
    "truncated gzip": (gzip.compress(GOOD.encode())[:-200], ["probes.csv"]),
    "no such column": (
        GOOD.replace("timestamp", "time").encode(),
        ["probes.csv", "no column 'timestamp'", "did you mean 'time'?"],
    ),
    "unparsable time": (with_row("2026-13-01T00:00:00Z,up"), ["probes.csv, row 4, column 'timestamp'", "2026-13-01"]),
    "a spreadsheet ate the date": (with_row("03:17.4,up"), ["probes.csv, row 4, column 'timestamp'", "03:17.4"]),
    "no time": (with_row(",up"), ["probes.csv, row 4, column 'timestamp'"]),
    "unknown state": (with_row(f"{DAY}T00:10:00+01:00,sideways"), ["probes.csv, row 4, column 'status'", "sideways"]),
    "naive time": (with_row(f"{DAY} 00:10:00,up"), ["probes.csv, row 4, column 'timestamp'", "timezone"]),
    "a short row": (with_row(f"{DAY}T00:10:00+01:00"), ["probes.csv", "row 4"]),
    "a long row": (with_row(f"{DAY}T00:10:00+01:00,up,7"), ["probes.csv", "row 4"]),
    "another month": (minutes(day="2026-09-07").encode(), ["probes.csv", "no row of 2026-10-05", "2026-09-07"]),
    "two states at once": (
        GOOD.encode() + f"{DAY}T00:10:00+01:00,down\n".encode(),
        ["probes.csv, row 1502", "two states", "probes.csv:72"],
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_a_bad_export_is_refused_with_its_place(slacheck: Slacheck, folder: Path, case: str) -> None:
    content, expected = CASES[case]
    (folder / "probes.csv").write_bytes(content)
    ran = evaluated(slacheck)
    for text in expected:
        assert text in ran.err


def test_a_missing_file_is_named(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").unlink()
    assert "probes.csv" in evaluated(slacheck).err


def test_a_glob_without_a_match_is_named(slacheck: Slacheck, folder: Path) -> None:
    assert "'other-*.csv'" in evaluated(slacheck, "--data", "probes=other-*.csv").err


def test_data_for_an_unknown_source_is_refused(slacheck: Slacheck, folder: Path) -> None:
    ran = evaluated(slacheck, "--data", "prbes=probes.csv")
    assert "no agreement has a source 'prbes'" in ran.err


def events(text: str, folder: Path, more: str = "") -> None:
    agreement = AGREEMENT.replace(
        "probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}",
        f"probes: {{path: log.csv, shape: events, columns: {{start: from, end: to}}{more}}}",
    )
    (folder / "agreement.yaml").write_text(agreement)
    (folder / "log.csv").write_text(text)


def test_an_end_before_its_start_is_refused(slacheck: Slacheck, folder: Path) -> None:
    events(f"from,to\n{DAY}T10:00:00Z,{DAY}T09:00:00Z\n", folder)
    ran = evaluated(slacheck)
    assert "log.csv, row 2, column 'to'" in ran.err
    assert "the end lies before the start" in ran.err


def test_an_outage_that_never_ends_runs_to_the_as_of_instant_and_is_flagged(slacheck: Slacheck, folder: Path) -> None:
    events(f"from,to\n{DAY}T10:00:00Z,\n", folder)
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--as-of", f"{DAY}T11:00:00Z", "--format", "json")
    assert ran.code == 1
    assert '"down": 3600000000' in ran.out
    assert "log.csv:2 never ends" in ran.out


def test_a_log_without_rows_is_refused_unless_that_means_nothing_happened(slacheck: Slacheck, folder: Path) -> None:
    events("from,to\n", folder)
    assert "absent_rows: empty" in evaluated(slacheck).err
    events("from,to\n", folder, ", absent_rows: empty")
    assert slacheck("evaluate", "agreement.yaml", "--period", DAY).code == 0


def test_a_local_time_that_the_clocks_skip_or_repeat_is_refused(slacheck: Slacheck, folder: Path) -> None:
    events(
        "from,to\n2026-03-29 01:30,2026-03-29 03:00\n2026-10-25 01:30,2026-10-25 03:00\n",
        folder,
        ", timezone: Europe/London",
    )
    ran = evaluated(slacheck)
    assert "log.csv, row 2, column 'from'" in ran.err
    assert "skip" in ran.err
    assert "log.csv, row 3, column 'from'" in ran.err
    assert "twice" in ran.err


def test_a_count_that_is_no_count_is_refused(slacheck: Slacheck, folder: Path) -> None:
    text = AGREEMENT.replace(
        "probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}",
        "requests: {path: r.csv, shape: counts, columns: {at: t, total: n, bad: b}, interval: 1h}",
    ).replace("kind: availability, from: probes", "kind: success-rate, from: requests")
    (folder / "agreement.yaml").write_text(text)
    (folder / "r.csv").write_text(f"t,n,b\n{DAY}T10:00:00Z,12.5,0\n{DAY}T11:00:00Z,many,0\n")
    ran = evaluated(slacheck)
    assert "r.csv, row 2, column 'n'" in ran.err
    assert "r.csv, row 3, column 'n'" in ran.err
    (folder / "r.csv").write_text(f"t,n,b\n{DAY}T10:00:00Z,10,11\n")
    assert "more bad than the total" in evaluated(slacheck).err


def test_a_declared_subject_without_a_row_is_refused(slacheck: Slacheck, folder: Path) -> None:
    text = AGREEMENT.replace("    target:", "    per: {host: [web-1, web-2]}\n    target:")
    (folder / "agreement.yaml").write_text(text)
    lines = GOOD.splitlines()
    (folder / "probes.csv").write_text("\n".join([lines[0] + ",host", *(line + ",web-1" for line in lines[1:])]) + "\n")
    ran = evaluated(slacheck)
    assert "no row for host 'web-2'" in ran.err


def test_conditions_that_no_row_satisfies_are_refused(slacheck: Slacheck, folder: Path) -> None:
    text = AGREEMENT.replace("from: probes}", "from: probes, where: {status: [nowhere]}}")
    (folder / "agreement.yaml").write_text(text)
    assert "none of the 1500 rows of 'probes'" in evaluated(slacheck).err


@pytest.mark.parametrize(
    ("dates", "period"),
    [("effective: 2026-11-01", DAY), ("until: 2026-09-30", DAY), ("effective: 2027-01-01", "2026-10")],
)
def test_an_agreement_that_is_not_in_force_is_refused(
    slacheck: Slacheck, folder: Path, dates: str, period: str
) -> None:
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("period: day", f"period: day\n{dates}"))
    ran = slacheck("evaluate", "agreement.yaml", "--period", period)
    assert ran.code == 3
    assert "not in force" in ran.err


@pytest.mark.parametrize("period", ["2026-13", "tomorrow", "2999-01", "2026-10-06..2026-10-05", ""])
def test_a_period_that_cannot_be_meant_is_refused(slacheck: Slacheck, folder: Path, period: str) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", period)
    assert ran.code == 3
    assert "--period" in ran.err


def test_an_output_that_cannot_be_written_leaves_nothing_behind(slacheck: Slacheck, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    ran = slacheck(
        "evaluate", "agreement.yaml", "--period", DAY, "-o", "first.json", "-o", "no/such/folder/statement.json"
    )
    assert ran.code == 3
    assert "no/such/folder/statement.json" in ran.err
    assert sorted(path.name for path in folder.iterdir()) == before
    (folder / "taken.json").mkdir()
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "-o", "taken.json")
    assert ran.code == 3
    assert sorted(path.name for path in folder.iterdir()) == sorted([*before, "taken.json"])


def test_a_refused_evaluation_keeps_the_old_output(slacheck: Slacheck, folder: Path) -> None:
    (folder / "statement.json").write_text("old")
    (folder / "probes.csv").write_bytes(b"")
    evaluated(slacheck, "-o", "statement.json")
    assert (folder / "statement.json").read_text() == "old"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"- a\n", b"id: [", b"\x00"])
def test_an_agreement_that_is_no_agreement_is_refused(slacheck: Slacheck, folder: Path, content: bytes) -> None:
    (folder / "agreement.yaml").write_bytes(content)
    evaluated(slacheck)


def test_the_scratch_database_is_gone_after_success_and_failure(slacheck: Slacheck, folder: Path) -> None:
    scratch = folder / "tmp"
    scratch.mkdir()
    slacheck("evaluate", "agreement.yaml", "--period", DAY, TMPDIR=str(scratch))
    (folder / "probes.csv").write_bytes(with_row("nonsense,up"))
    slacheck("evaluate", "agreement.yaml", "--period", DAY, TMPDIR=str(scratch))
    assert list(scratch.iterdir()) == []


def test_a_file_that_a_source_names_twice_is_refused(slacheck: Slacheck, folder: Path) -> None:
    """Its records would count twice."""
    given = ("--data", "probes=probes.csv", "--data", "probes=p*.csv")
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, *given)
    assert ran.code == 3
    assert "probes.csv: error[file-twice]: the source 'probes' reads this file twice" in ran.err


def test_a_subject_that_is_not_listed_is_named_as_not_judged(slacheck: Slacheck, folder: Path) -> None:
    listed = AGREEMENT.replace("    target:", "    per: {host: [web-1]}\n    target:")
    (folder / "agreement.yaml").write_text(listed.replace("hold: 2m", "hold: until-next"))
    rows = "timestamp,status,host\n2026-10-04T00:00:00Z,up,web-1\n2026-10-04T00:00:00Z,down,web-2\n"
    (folder / "probes.csv").write_text(rows)
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    assert ran.code == 0
    assert "not judged, since only other values of host are listed: 'web-2'" in " ".join(ran.out.split())
