"""A bar on a terminal while a run is long; nothing anywhere else, and nothing of it left at the end."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.cli.bar import shown
from slacheck.evaluation import evaluate
from slacheck.progress import SILENT, Phase
from tests.binary import BINARY, DAY, hear_signals, minutes

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal of a POSIX system is needed")
EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY, "--data", "probes=pipe", "--format", "json")


class Watching:
    """The binary with its stderr on a terminal, held up by a pipe from which it reads its export."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        os.mkfifo(folder / "pipe")
        self._screen, terminal = os.openpty()
        plain = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
        self.running = subprocess.Popen(  # noqa: S603
            [str(BINARY), *EVALUATE, *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=terminal,
            env={**plain, "TERM": "xterm", **settings},
            preexec_fn=hear_signals,
        )
        os.close(terminal)
        self.seen = ""
        # Opens once the other end is read.
        self.pipe = open(folder / "pipe", "w")  # noqa: SIM115  (closed by each test)

    def read(self, seconds: float, until: str = "\0") -> str:
        """What the terminal has shown by then, or by the time that it shows ``until``."""
        end = time.monotonic() + seconds
        while until not in self.seen and time.monotonic() < end:
            if select.select([self._screen], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._screen, 65_536).decode("utf-8", "replace")
                except OSError:
                    break
        return self.seen

    def ended(self) -> tuple[int, bytes]:
        assert self.running.stdout is not None
        with self.running.stdout as out:
            text = out.read()
        code = self.running.wait(timeout=60)
        self.read(1)
        os.close(self._screen)
        return code, text


def _left(seen: str) -> str:
    """What stands on the screen at the end: what was written after the last line was cleared."""
    return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", seen.rpartition("\x1b[2K")[2]).strip()


def test_a_long_run_shows_what_it_does_and_takes_it_away(folder: Path) -> None:
    watching = Watching(folder)
    assert "reading" in watching.read(30, "reading")
    with watching.pipe as pipe:
        pipe.write(minutes(down=range(600, 700)))
    code, out = watching.ended()
    assert code == 1
    assert json.loads(out)["statements"][0]["verdict"] == "breached"
    assert _left(watching.seen) == ""
    # The cursor that was hidden is there again.
    assert watching.seen.rindex("\x1b[?25h") > watching.seen.rindex("\x1b[?25l")


def test_an_interrupted_run_takes_it_away_too(folder: Path) -> None:
    watching = Watching(folder)
    watching.read(30, "reading")
    with watching.pipe:
        watching.running.send_signal(signal.SIGINT)
        code, out = watching.ended()
    assert (code, out) == (130, b"")
    assert _left(watching.seen) == "interrupted"
    assert watching.seen.rindex("\x1b[?25h") > watching.seen.rindex("\x1b[?25l")


def test_an_error_stands_where_it_was(folder: Path) -> None:
    watching = Watching(folder)
    watching.read(30, "reading")
    with watching.pipe as pipe:
        pipe.write("timestamp,status\nyesterday,up\n")
    code, out = watching.ended()
    assert (code, out) == (3, b"")
    assert _left(watching.seen).startswith("pipe, row 2, column 'timestamp': error[bad-time]")


@pytest.mark.parametrize(
    ("options", "settings"), [(("--quiet",), {}), ((), {"TERM": "dumb"}), ((), {"CI": "true"})], ids=str
)
def test_nobody_is_shown_what_nobody_wants(folder: Path, options: tuple[str, ...], settings: dict[str, str]) -> None:
    watching = Watching(folder, *options, **settings)
    time.sleep(1.6)
    with watching.pipe as pipe:
        pipe.write(minutes())
    code, _ = watching.ended()
    assert (code, watching.seen) == (0, "")


def test_a_pipe_or_a_file_is_told_nothing() -> None:
    with open(os.devnull, "w") as nowhere, shown(stream=nowhere) as progress:
        assert progress is SILENT


class Told:
    """What a run told of itself."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []
        self.share: object = None

    def begin(self, phase: Phase, steps: int = 0) -> None:
        self.told.append((phase, steps))

    def more(self, steps: int) -> None:
        self.told.append(("more", steps))

    def step(self, what: str, size: int = 1) -> None:
        # What is told between the phases can be asked from another thread, here from this one.
        asked = self.share() if callable(self.share) else None
        assert asked is None or isinstance(asked, float)
        self.told.append((what, size))

    def ask(self, share: object) -> None:
        self.share = share


@pytest.fixture
def told(folder: Path) -> list[tuple[object, ...]]:
    progress = Told()
    (folder / "second.csv").write_text("timestamp,status\n2026-10-06T12:00:00Z,up\n")
    text = (folder / "agreement.yaml").read_text().replace("path: probes.csv", "path: [probes.csv, second.csv]")
    (folder / "agreement.yaml").write_text(text)
    evaluate([load(folder / "agreement.yaml")], DAY, 7_258_118_400_000_000, {}, (), progress)
    assert progress.share is None
    return progress.told


def test_files_are_told_by_their_bytes_and_each_phase_once(folder: Path, told: list[tuple[object, ...]]) -> None:
    sizes = [(folder / name).stat().st_size for name in ("probes.csv", "second.csv")]
    assert told == [
        ("reading", 0),
        ("more", sum(sizes)),
        ("probes.csv", sizes[0]),
        ("second.csv", sizes[1]),
        ("answering", 1),
        ("time", 1),
        ("settling", 1),
        ("acme-web", 1),
    ]
