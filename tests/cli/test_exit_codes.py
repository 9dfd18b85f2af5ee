"""The exit code never lies: each code, through the real binary."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from slacheck.cli.exits import guarded
from tests.binary import AGREEMENT, BINARY, DAY, Slacheck, hear_signals, minutes


def test_all_met_exits_0(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    assert (ran.code, ran.err) == (0, "")
    assert "MET" in ran.out


def test_a_breach_exits_1_and_prints_the_statement(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    assert ran.code == 1
    assert "BREACHED" in ran.out
    assert "40.00" in ran.out


def test_missing_data_that_matters_exits_4(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(minutes(skip=range(600, 700)))
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    assert ran.code == 4
    assert "INDETERMINATE" in ran.out


@pytest.mark.parametrize(
    ("fail_on", "down", "skip", "code"),
    [
        ("breach", range(600, 602), range(0), 1),
        ("indeterminate", range(600, 602), range(0), 0),
        ("never", range(600, 602), range(0), 0),
        ("breach", range(0), range(600, 700), 0),
        ("indeterminate", range(0), range(600, 700), 4),
        ("breach,indeterminate", range(0), range(600, 700), 4),
    ],
)
def test_fail_on_chooses_among_1_and_4(
    slacheck: Slacheck, folder: Path, fail_on: str, down: range, skip: range, code: int
) -> None:
    (folder / "probes.csv").write_text(minutes(down=down, skip=skip))
    assert slacheck("evaluate", "agreement.yaml", "--period", DAY, "--fail-on", fail_on).code == code


@pytest.mark.parametrize("fail_on", ["breach", "never", "breach,indeterminate"])
def test_an_evaluation_that_measured_nothing_never_exits_0(slacheck: Slacheck, folder: Path, fail_on: str) -> None:
    empty = AGREEMENT[: AGREEMENT.index("fees:")]
    (folder / "agreement.yaml").write_text(empty)
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--fail-on", fail_on)
    assert ran.code == 4


def test_a_level_without_requests_does_not_pass(slacheck: Slacheck, folder: Path) -> None:
    text = AGREEMENT.replace(
        "probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 2m}",
        "requests: {path: r.csv, shape: counts, columns: {at: t, total: n, bad: b}, absent_rows: empty}",
    ).replace("kind: availability, from: probes", "kind: success-rate, from: requests")
    (folder / "agreement.yaml").write_text(text)
    (folder / "r.csv").write_text(f"t,n,b\n{DAY}T10:00:00Z,0,0\n")
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY)
    assert ran.code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate"],
        ["evaluate", "agreement.yaml", "--fail-on", "breech"],
        ["evaluate", "agreement.yaml", "--format", "docx"],
        ["evaluate", "agreement.yaml", "--output", "statement.xyz"],
        ["evaluate", "agreement.yaml", "--data", "probes"],
        ["evaluate", "agreement.yaml", "--as-of", "yesterday"],
        ["evaluate", "agreement.yaml", "--as-of", "2026-10-05T12:00:00"],
        ["evaluate", "agreement.yaml", "--no-such-option"],
        ["no-such-command"],
        ["explain", "availabilty"],
        ["schema", "of-everything"],
    ],
)
def test_usage_exits_2_with_a_message(slacheck: Slacheck, folder: Path, arguments: list[str]) -> None:
    ran = slacheck(*arguments)
    assert ran.code == 2
    assert ran.err
    assert ran.out == ""


def test_an_invalid_agreement_exits_3_and_points_at_the_line(slacheck: Slacheck, folder: Path) -> None:
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("target:", "taget:"))
    for command in (["validate", "agreement.yaml"], ["evaluate", "agreement.yaml", "--period", DAY]):
        ran = slacheck(*command)
        assert ran.code == 3
        assert ran.out == ""
        assert "agreement.yaml:15:5: error[unknown-key]: unknown key 'taget'" in ran.err
        assert "did you mean 'target'?" in ran.err


def test_every_problem_of_every_file_is_reported_at_once(slacheck: Slacheck, folder: Path) -> None:
    (folder / "one.yaml").write_text(AGREEMENT.replace("target:", "taget:").replace("GBP", "GBX"))
    (folder / "two.yaml").write_text(AGREEMENT.replace("10%", "ten"))
    ran = slacheck("validate", "one.yaml", "two.yaml", "agreement.yaml")
    assert ran.code == 3
    assert ran.err.count("error[") == 3
    assert "3 errors in 2 files" in ran.err


def test_a_bug_exits_70_and_says_that_it_is_one(folder: Path) -> None:
    script = (
        "import sys, slacheck.evaluation, slacheck.cli\n"
        "def broken(*arguments): raise RuntimeError('boom')\n"
        "slacheck.evaluation.evaluate = broken\n"
        f"sys.argv = ['slacheck', 'evaluate', 'agreement.yaml', '--period', '{DAY}']\n"
        "slacheck.cli.main()\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 70
    assert "a bug in slacheck" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_breach_outweighs_what_is_open_among_several_agreements(slacheck: Slacheck, folder: Path) -> None:
    (folder / "other.yaml").write_text(AGREEMENT.replace("acme-web", "other").replace("probes.csv", "gaps.csv"))
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    (folder / "gaps.csv").write_text(minutes(skip=range(600, 700)))
    ran = slacheck("evaluate", "agreement.yaml", "other.yaml", "--period", DAY, "--format", "json")
    assert ran.code == 1
    assert [each["verdict"] for each in json.loads(ran.out)["statements"]] == ["breached", "indeterminate"]


def test_version_and_help(slacheck: Slacheck, folder: Path) -> None:
    assert slacheck("--version").out.startswith("slacheck 0.")
    ran = slacheck("--help")
    assert ran.code == 0
    assert "0 all met, 1 breach" in " ".join(ran.out.split())
    for command in ("evaluate", "validate", "schema", "explain"):
        assert slacheck(command, "--help").code == 0


def _at(
    folder: Path,
    *arguments: str,
    stdout: IO[str] | int = subprocess.PIPE,
    stderr: IO[str] | int = subprocess.PIPE,
    env: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """The binary, not waited for; it hears signals even where whoever runs the tests ignores them, as nohup does."""
    command = [str(BINARY), *arguments]
    return subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=stdout, stderr=stderr, env=env, preexec_fn=hear_signals
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_statement_that_cannot_be_printed_exits_3(folder: Path) -> None:
    with open("/dev/full", "w") as full:
        running = _at(folder, "evaluate", "agreement.yaml", "--period", DAY, stdout=full)
        _, err = running.communicate()
    assert running.returncode == 3
    assert b"standard output: error[not-written]" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_complaint_that_cannot_be_printed_is_no_breach(folder: Path) -> None:
    with open("/dev/full", "w") as full:
        running = _at(folder, "evaluate", "nowhere.yaml", stderr=full)
        running.communicate()
    assert running.returncode == 3


def _ended_by(running: subprocess.Popen[bytes], signal_number: int) -> bytes:
    """What it complained of. A signal just before it waits for the pipe wakes nothing: another one is sent then."""
    for _ in range(30):
        running.send_signal(signal_number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return running.communicate(timeout=5)[1]
    raise AssertionError("no signal ended it")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a named pipe is needed")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_is_told_by_the_exit_code_and_leaves_no_scratch_directory(
    folder: Path, tmp_path: Path, name: str, code: int
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    os.mkfifo(folder / "probes")
    env = {**os.environ, "TMPDIR": str(scratch)}
    running = _at(folder, "evaluate", "agreement.yaml", "--period", DAY, "--data", "probes=probes", env=env)
    # The pipe opens once slacheck reads it, and as nothing is written, it is there that the signal finds it.
    with open(folder / "probes", "wb"):
        assert list(scratch.iterdir())
        err = _ended_by(running, getattr(signal, name))
    assert (running.returncode, err) == (code, b"interrupted\n")
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_beyond_the_calendar_is_refused(slacheck: Slacheck, folder: Path, as_of: str) -> None:
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "--as-of", as_of)
    assert ran.code == 2
    assert "--as-of takes a year from 1900 to 2999" in ran.err


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("lib.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_want_of_memory_is_no_bug(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run() -> None:
        raise ValueError("what could not be made was used") from error

    assert guarded(run) == 3
    assert "ran out of memory: give this machine or container about 1 GB" in capsys.readouterr().err


def test_what_is_not_foreseen_is_a_bug(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run() -> None:
        raise ValueError("memory of something")

    assert guarded(run) == 70
    assert "this is a bug in slacheck" in capsys.readouterr().err
