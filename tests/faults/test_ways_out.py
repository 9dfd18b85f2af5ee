"""Every way out of a run: signals, pipes that close, encodings that hold nothing: a code, at most a line, no rest."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from tests.binary import AGREEMENT, BINARY, DAY, Slacheck, hear_signals, minutes

EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY)
posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of a POSIX system are needed")


@pytest.fixture(scope="module")
def flapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of probes every 40 milliseconds, whose state changes all the time: seconds of work."""
    path = tmp_path_factory.mktemp("long") / "probes.parquet"
    with duckdb.connect() as connection:
        moment = "strftime(TIMESTAMP '2026-10-04 23:00:00' + to_milliseconds(i), '%Y-%m-%dT%H:%M:%S.%gZ')"
        state = "CASE WHEN hash(i) % 2 = 0 THEN 'up' ELSE 'down' END"
        rows = f"SELECT {moment} AS timestamp, {state} AS status FROM range(0, 86400000, 40) t(i)"
        connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    return path


@posix
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("twice", [False, True])
def test_a_long_run_ends_when_it_is_told_to(folder: Path, flapping: Path, name: str, code: int, twice: bool) -> None:
    """While the engine works: it is interrupted, nothing is written, and a second signal does not stop the tidying."""
    scratch = folder / "scratch"
    scratch.mkdir()
    statement = folder / "statement.json"
    statement.write_text("of last month")
    running = subprocess.Popen(  # noqa: S603
        [str(BINARY), *EVALUATE, "--data", f"probes={flapping}", "--output", "statement.json"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
        preexec_fn=hear_signals,
    )
    # The database is there as soon as the engine is at work.
    while not list(scratch.glob("*/scratch.duckdb")):
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    for _ in range(2 if twice else 1):
        running.send_signal(getattr(signal, name))
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (code, b"", b"interrupted\n")
    assert list(scratch.iterdir()) == []
    assert statement.read_text() == "of last month"
    assert [each.name for each in folder.iterdir() if "statement" in each.name] == ["statement.json"]


@posix
def test_a_reader_that_leaves_is_no_fault(folder: Path) -> None:
    """As ``slacheck evaluate ... | head -1``: the code is that of a broken pipe, and nothing is complained of."""
    for options in ((), ("--format", "json")):
        running = subprocess.Popen(  # noqa: S603
            [str(BINARY), *EVALUATE, *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        with running.stderr as told:
            assert told.read() == b""
        assert running.wait(timeout=60) == 141


@posix
@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr", "all"])
def test_a_stream_that_the_caller_closed_is_no_fault(folder: Path, closed: str) -> None:
    numbers = {"stdin": [0], "stdout": [1], "stderr": [2], "all": [0, 1, 2]}[closed]
    (folder / "probes.csv").write_text(minutes(down=range(600, 700)))

    def close() -> None:
        for number in numbers:
            os.close(number)

    done = subprocess.run(  # noqa: S603
        [str(BINARY), *EVALUATE, "--output", "statement.json"],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=close,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert json.loads((folder / "statement.json").read_text())["statements"][0]["verdict"] == "breached"


@pytest.mark.parametrize(
    ("codec", "settings"),
    [
        ("ascii", {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}),
        ("ascii", {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}),
        ("cp1252", {"PYTHONIOENCODING": "cp1252"}),
    ],
)
def test_no_encoding_of_the_terminal_is_a_fault(folder: Path, codec: str, settings: dict[str, str]) -> None:
    title = "Wéb ≥ 99 % – 東京 😀"
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("Web hosting for Acme", title), encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONIO"))}

    def run(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(  # noqa: S603
            [str(BINARY), *arguments],
            cwd=folder,
            env={**kept, "PYTHONUTF8": "0", **settings},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout.decode(codec), done.stderr.decode(codec)

    for arguments in (EVALUATE, ("explain", *EVALUATE[1:]), ("explain", "points"), ("schema",)):
        code, out, err = run(*arguments)
        assert (code, err) == (0, "")
        assert out
    code, out, err = run("validate", "nowhere-≥.yaml")
    assert (code, out) == (3, "")
    assert "nowhere-" in err
    code, out, err = run(*EVALUATE, "--format", "json")
    assert (code, err) == (0, "")
    # Told in ASCII where the terminal has not every character, so that it is JSON all the same.
    assert out.isascii()
    assert json.loads(out)["statements"][0]["agreement"]["title"] == title


@posix
def test_what_cannot_be_read_is_told(slacheck: Slacheck, folder: Path) -> None:
    """Devices, loops of links, names beyond what the system has, and protocols of a network: all are files not read."""
    (folder / "loop").symlink_to("back")
    (folder / "back").symlink_to("loop")
    told = {
        "/dev/zero": "is-device",
        "/dev/null": "is-device",
        "loop": "unreadable",
        "n" * 300: "unreadable",
        "n/" * 3000: "unreadable",
        ".": "is-directory",
        "http://127.0.0.1:9/probes.csv": "missing-file",
        "https://example.com/probes.csv": "missing-file",
        "s3://bucket/probes.csv": "missing-file",
        "gcs://bucket/probes.csv": "missing-file",
        "hf://datasets/probes.csv": "missing-file",
        "file:///etc/passwd": "missing-file",
        "s3://bucket/*.csv": "no-file",
        "/dev/nul*": "no-file",
    }
    for path, code in told.items():
        ran = slacheck(*EVALUATE, "--data", f"probes={path}")
        assert (ran.code, ran.out) == (3, ""), path
        assert f"error[{code}]" in ran.err, ran.err
    for arguments in (
        ("validate", "loop"),
        ("validate", "n" * 300),
        ("validate", "/dev/zero"),
        (*EVALUATE, "--history", "n" * 300),
        (*EVALUATE, "--output", "loop", "--format", "json"),
        (*EVALUATE, "--output", f"{'n' * 300}.json"),
    ):
        ran = slacheck(*arguments)
        assert (ran.code, ran.out) == (3, ""), arguments
        assert ran.err.count("error[") == 1, ran.err
    assert (folder / "loop").is_symlink()


@posix
def test_a_pipe_is_read_as_a_file(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    running = subprocess.Popen(  # noqa: S603
        [str(BINARY), *EVALUATE, "--data", "probes=pipe"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with contextlib.suppress(BrokenPipeError), open(folder / "pipe", "w") as pipe:
        pipe.write(minutes(down=range(600, 700)))
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (1, b"")
    assert b"BREACHED" in out
