"""A disk that is full or cannot be written: one message that says what to do, nothing half-written, nothing left."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import narwhals as nw
import pytest

from slacheck.engine.duck import DuckScratch
from slacheck.problems import DataError
from tests.binary import AGREEMENT, BINARY, DAY, Ran, Slacheck, minutes
from tests.disks import small_disk

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and mounts of a POSIX system are needed")
EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    with small_disk(tmp_path / "tiny", "2m") as place:
        yield place


def _fill(disk: Path, *, spare: int = 0) -> None:
    block = b"\0" * 4096
    with (disk / "filling").open("wb", buffering=0) as file:
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            pass
        if spare:
            file.truncate(file.tell() - spare)


def _long_export(folder: Path) -> None:
    """A second of probes each, of services called so that no column is packed away: several megabytes."""
    lines = ["timestamp,status,service"]
    for number in range(60_000):
        hour, rest = divmod(number, 3600)
        lines.append(f"{DAY}T{hour:02d}:{rest // 60:02d}:{rest % 60:02d}Z,up,{number * 2654435761 % 2**32:08x}{number}")
    (folder / "probes.csv").write_text("\n".join(lines))
    (folder / "agreement.yaml").write_text(
        AGREEMENT.replace("state: status}", "state: status, of: service}").replace(
            "    target:", "    per: of\n    target:"
        )
    )


def _one_message(ran: Ran, code: str, help: str) -> None:
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("error[") == 1
    assert f"error[{code}]" in ran.err
    assert help in ran.err


def test_a_full_disk_of_the_scratch_database_is_told_with_its_folder(
    slacheck: Slacheck, folder: Path, tiny: Path
) -> None:
    _long_export(folder)
    ran = slacheck(*EVALUATE, TMPDIR=str(tiny))
    _one_message(ran, "disk-full", "set TMPDIR to a directory on a larger disk")
    assert ran.err.startswith(f"{tiny}: ")
    assert list(tiny.iterdir()) == []


def test_a_document_that_does_not_fit_beside_the_scratch_database_is_told_alike(
    slacheck: Slacheck, folder: Path, tiny: Path
) -> None:
    """The list of records is taken out of its document into the scratch directory by Python, not by the engine."""
    items = [{"timestamp": f"{DAY}T00:00:00Z", "status": "up", "filling": "x" * 1000} for _ in range(4000)]
    (folder / "probes.json").write_text(json.dumps({"items": items}))
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("path: probes.csv", "path: probes.json, records: items"))
    ran = slacheck(*EVALUATE, TMPDIR=str(tiny))
    _one_message(ran, "disk-full", "set TMPDIR")
    assert list(tiny.iterdir()) == []


def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk(folder: Path) -> None:
    _long_export(folder)
    done = subprocess.run(  # noqa: S603
        [str(BINARY), *EVALUATE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    _one_message(Ran(done.returncode, done.stdout, done.stderr), "disk-full", "set TMPDIR")


def test_a_full_disk_leaves_the_statement_that_was_there(slacheck: Slacheck, folder: Path, tiny: Path) -> None:
    (tiny / "statement.json").write_text("of last month")
    _fill(tiny)
    ran = slacheck(*EVALUATE, "--output", str(tiny / "statement.json"), "--output", str(folder / "statement.txt"))
    assert ran.code == 3
    assert "error[not-written]: nothing was written: no space left on device" in ran.err
    assert (tiny / "statement.json").read_text() == "of last month"
    assert sorted(each.name for each in tiny.iterdir()) == ["filling", "statement.json"]
    assert not (folder / "statement.txt").exists()


def test_a_disk_that_can_only_be_read_is_told(slacheck: Slacheck, folder: Path, tiny: Path) -> None:
    (tiny / "statement.json").write_text("of last month")
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], timeout=60, check=True)  # noqa: S603, S607
    ran = slacheck(*EVALUATE, "--output", str(tiny / "statement.json"))
    assert ran.code == 3
    assert "nothing was written: read-only file system" in ran.err
    assert (tiny / "statement.json").read_text() == "of last month"


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(slacheck: Slacheck, folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    ran = slacheck(*EVALUATE, "--output", str(closed / "statement.json"))
    assert ran.code == 3
    assert "nothing was written: permission denied" in ran.err


def test_a_temporary_folder_that_does_not_exist_is_passed_over(slacheck: Slacheck, folder: Path) -> None:
    assert slacheck(*EVALUATE, TMPDIR=str(folder / "nowhere")).code == 0


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_statement_that_is_replaced_keeps_who_may_read_it(slacheck: Slacheck, folder: Path, mode: int) -> None:
    statement = folder / "statement.json"
    statement.write_text("of last month")
    statement.chmod(mode)
    assert slacheck(*EVALUATE, "--output", "statement.json").code == 0
    assert json.loads(statement.read_text())["slacheck_statements"] == 1
    assert statement.stat().st_mode & 0o777 == mode


def test_a_new_statement_is_as_any_new_file(slacheck: Slacheck, folder: Path) -> None:
    (folder / "any").write_text("")
    assert slacheck(*EVALUATE, "--output", "statement.json").code == 0
    assert (folder / "statement.json").stat().st_mode == (folder / "any").stat().st_mode


@pytest.mark.skipif(sys.platform != "linux", reason="the limit binds on Linux")
@pytest.mark.parametrize("megabytes", [120, 250, 400])
def test_too_little_memory_leaves_nothing_half_written(folder: Path, megabytes: int) -> None:
    """What a library of C does without memory is its own: it may end the process, at any place."""
    (folder / "probes.csv").write_text(minutes())
    limit = megabytes * 1024 * 1024
    done = subprocess.run(  # noqa: S603
        [str(BINARY), *EVALUATE, "--output", "statement.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    statement = folder / "statement.json"
    if done.returncode == 0 or statement.exists():
        assert json.loads(statement.read_text())["slacheck_statements"] == 1
    if done.returncode == 3:
        assert "memory" in done.stderr


def _rank_two_million(place: Path, memory_limit: str) -> None:
    with DuckScratch(place, memory_limit=memory_limit) as scratch:
        numbers = scratch.give("numbers", {"n": "BIGINT"}, [(number,) for number in range(100_000)])
        shuffled = numbers.with_columns(g=nw.col("n") * 2654435761 % 1_000_003, h=nw.col("n") % 21)
        crossed = shuffled.join(numbers.filter(nw.col("n") < 21).select(m=nw.col("n")), how="cross")
        scratch.rows(crossed.select(n=nw.col("g").rank("ordinal").over("h")).select(n=nw.col("n").max()))


def test_a_database_without_room_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        _rank_two_million(tmp_path, "10MB")
    assert [problem.code for problem in refused.value.problems] == ["out-of-memory"]
    assert not list(tmp_path.iterdir())
