"""Every format, compression and way to name a file gives the same statement."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.binary import AGREEMENT, DAY, Ran, Slacheck, minutes

DOWN = minutes(down=range(600, 603))
RECORDS = list(csv.DictReader(io.StringIO(DOWN)))


def lines(ran: Ran) -> Any:
    """The lines of the one statement, without the places of files."""
    assert ran.code == 1, ran.err
    found = json.loads(ran.out)["statements"][0]["lines"]
    for line in found:
        for outage in line["worst_outages"]:
            outage["place"] = ""
    return found


def expected(slacheck: Slacheck, folder: Path) -> Any:
    (folder / "probes.csv").write_text(DOWN)
    return lines(slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json"))


def test_the_statement_names_the_row_of_the_outage(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(DOWN)
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json")
    outage = json.loads(ran.out)["statements"][0]["lines"][0]["worst_outages"][0]
    assert outage["place"] == "probes.csv:662"
    assert DOWN.splitlines()[661].startswith("2026-10-05T10:00:00+01:00,down")


def parquet(path: Path, options: str) -> None:
    (path.parent / "all.csv").write_text(DOWN)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT timestamp::TIMESTAMPTZ AS timestamp, status FROM read_csv('{path.parent}/all.csv')) "
            f"TO '{path}' ({options})"
        )


def zstd(path: Path) -> None:
    (path.parent / "all.csv").write_text(DOWN)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{path.parent}/all.csv', all_varchar=true)) "
            f"TO '{path}' (FORMAT csv, COMPRESSION zstd)"
        )


FILES: dict[str, Callable[[Path], object]] = {
    "p.tsv": lambda path: path.write_text(DOWN.replace(",", "\t")),
    "semicolon.csv": lambda path: path.write_text(DOWN.replace(",", ";")),
    "bom.csv": lambda path: path.write_bytes(b"\xef\xbb\xbf" + DOWN.encode()),
    "crlf.csv": lambda path: path.write_bytes(DOWN.replace("\n", "\r\n").encode()),
    "p.json": lambda path: path.write_text(json.dumps(RECORDS)),
    "p.ndjson": lambda path: path.write_text("\n".join(json.dumps(record) for record in RECORDS) + "\n"),
    "p.csv.gz": lambda path: path.write_bytes(gzip.compress(DOWN.encode())),
    "p.ndjson.gz": lambda path: path.write_bytes(gzip.compress("\n".join(map(json.dumps, RECORDS)).encode())),
    "p.csv.zst": zstd,
    "p.parquet": lambda path: parquet(path, "FORMAT parquet"),
    "zstd.parquet": lambda path: parquet(path, "FORMAT parquet, COMPRESSION zstd"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_format_gives_the_same_lines_as_csv(slacheck: Slacheck, folder: Path, name: str) -> None:
    wanted = expected(slacheck, folder)
    FILES[name](folder / name)
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json", "--data", f"probes={name}")
    assert lines(ran) == wanted


def test_records_at_a_path_inside_a_document(slacheck: Slacheck, folder: Path) -> None:
    wanted = expected(slacheck, folder)
    (folder / "p.json").write_text(json.dumps({"data": {"items": RECORDS}}))
    text = AGREEMENT.replace("path: probes.csv", "path: p.json, records: data.items")
    (folder / "agreement.yaml").write_text(text)
    assert lines(slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json")) == wanted


def test_many_files_a_glob_and_a_list_give_the_same_lines(slacheck: Slacheck, folder: Path) -> None:
    wanted = expected(slacheck, folder)
    rows = DOWN.splitlines(keepends=True)
    (folder / "part-1.csv").write_text("".join(rows[:700]))
    (folder / "part-2.csv").write_text(rows[0] + "".join(rows[700:]))
    for data in (["probes=part-*.csv"], ["probes=part-2.csv", "probes=part-1.csv"]):
        arguments = [word for each in data for word in ("--data", each)]
        ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json", *arguments)
        assert lines(ran) == wanted


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input(slacheck: Slacheck, folder: Path, pack: Any) -> None:
    wanted = expected(slacheck, folder)
    arguments = ["evaluate", "agreement.yaml", "--period", DAY, "--format", "json", "--data", "probes=-"]
    assert lines(slacheck(*arguments, stdin=pack(DOWN.encode()))) == wanted


def test_output_is_the_same_bytes_on_stdout_and_in_a_file_and_twice(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(DOWN)
    first = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--format", "json")
    second = slacheck("evaluate", "agreement.yaml", "--period", DAY, "-o", "statement.json", "-o", "statement.txt")
    assert second.code == 1
    assert second.out == ""
    assert (folder / "statement.json").read_text() == first.out
    assert (folder / "statement.txt").read_text() == slacheck("evaluate", "agreement.yaml", "--period", DAY).out


def test_colour_and_locale_do_not_change_what_a_pipe_gets(slacheck: Slacheck, folder: Path) -> None:
    plain = slacheck("evaluate", "agreement.yaml", "--period", DAY).out
    assert "\x1b" not in plain
    assert (
        slacheck("evaluate", "agreement.yaml", "--period", DAY, NO_COLOR="1", LC_ALL="de_DE.UTF-8", TZ="Asia/Tokyo").out
        == plain
    )


def test_several_agreements_read_the_same_standard_input(slacheck: Slacheck, folder: Path) -> None:
    (folder / "second.yaml").write_text(AGREEMENT.replace("acme-web", "acme-shop"))
    arguments = ("evaluate", "agreement.yaml", "second.yaml", "--period", DAY, "--data", "probes=-", "--format", "json")
    ran = slacheck(*arguments, stdin=DOWN.encode())
    first, second = json.loads(ran.out)["statements"]
    assert (ran.code, first["lines"]) == (1, second["lines"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a named pipe is needed")
def test_a_named_pipe_is_read_like_a_file(slacheck: Slacheck, folder: Path) -> None:
    """It can be read only once, as what the shell gives for <(zcat probes.csv.gz)."""
    os.mkfifo(folder / "piped")
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit((folder / "piped").write_text, DOWN)
        ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--data", "probes=piped")
    assert ran.code == 1, ran.err


def test_an_output_behind_a_link_is_written_there(slacheck: Slacheck, folder: Path) -> None:
    (folder / "statement.json").symlink_to("kept.json")
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--output", "statement.json")
    assert (ran.code, (folder / "statement.json").is_symlink()) == (0, True)
    assert json.loads((folder / "kept.json").read_text())["statements"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a named pipe is needed")
def test_an_output_that_is_a_pipe_is_written_to_and_not_replaced(slacheck: Slacheck, folder: Path) -> None:
    """As /dev/stdout is: with the rights of an administrator a rename would take the device away."""
    os.mkfifo(folder / "statement.json")
    with ThreadPoolExecutor(max_workers=1) as beside:
        text = beside.submit((folder / "statement.json").read_text)
        ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--output", "statement.json")
        assert json.loads(text.result())["statements"]
    assert (ran.code, (folder / "statement.json").is_fifo()) == (0, True)


def test_an_output_over_an_agreement_of_the_run_is_refused(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--output", "./agreement.yaml", "--format", "json")
    assert (ran.code, (folder / "agreement.yaml").read_text()) == (2, AGREEMENT)


def test_a_file_that_is_missing_is_told_with_where_it_was_looked_for(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").unlink()
    (folder / "deep").mkdir()
    (folder / "agreement.yaml").rename(folder / "deep" / "agreement.yaml")
    ran = slacheck("evaluate", "deep/agreement.yaml", "--period", DAY)
    assert ran.code == 3
    assert "probes.csv: error[missing-file]: no such file\n" in ran.err
    assert f"   = help: looked in {folder / 'deep'}; point elsewhere with --data probes=PATH\n" in ran.err
    ran = slacheck("evaluate", "deep/agreement.yaml", "--period", DAY, "--data", "probes=none.csv")
    assert f"none.csv: error[missing-file]: no such file\n   = help: looked in {folder};" in ran.err
