"""Commands run in processes of their own, one at a time, with their time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile, TemporaryFile

# As users have it: with the compiled files of Python, which some environments for development do without.
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path]),
}
_ALONE = Path(__file__).with_name("alone.py")


@dataclass(frozen=True)
class Ran:
    """One run: seconds on the wall, seconds of CPU of the process, its greatest resident memory in MiB, its output."""

    wall: float
    cpu: float
    peak: float
    output: bytes


def run(command: Sequence[str], folder: Path) -> Ran:
    """Run ``command`` in ``folder``. Raises RuntimeError where it fails."""
    with TemporaryFile() as output, TemporaryFile() as errors, NamedTemporaryFile("r", encoding="ascii") as result:
        alone = [sys.executable, "-I", "-S", str(_ALONE), result.name, *command]
        subprocess.run(alone, cwd=folder, env=_ENVIRONMENT, stdout=output, stderr=errors, check=True)  # noqa: S603
        code, wall, cpu, peak = result.read().split()
        output.seek(0)
        errors.seek(0)
        if int(code) not in (0, 1, 4):
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {errors.read().decode()[-2000:]}")
        return Ran(float(wall), float(cpu), int(peak) / 1024, output.read())


def apart(written: Callable[..., int], *given: object) -> int:
    """Call ``written`` in a process of its own: the memory it takes would else be that of every command after it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(written, *given).result()


def in_turn(commands: Mapping[str, Sequence[str]], folder: Path, rounds: int) -> dict[str, Ran]:
    """Run every command ``rounds`` times, taking turns; of each the medians, and the output of its last run."""
    runs: dict[str, list[Ran]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            found = run(command, folder)
            runs[name].append(found)
            print(
                f"  {number + 1}/{rounds} {name}: {found.wall:.2f} s, {found.cpu:.2f} s of CPU, {found.peak:,.0f} MiB",
                flush=True,
            )
    return {
        name: Ran(
            median(each.wall for each in found),
            median(each.cpu for each in found),
            max(each.peak for each in found),
            found[-1].output,
        )
        for name, found in runs.items()
    }


def slacheck(*arguments: str) -> list[str]:
    """The command line of this checkout, as its console script begins it."""
    return [sys.executable, "-c", "from slacheck.cli import main; main()", *arguments]


def evaluating(*agreements: str, output: str | None = None) -> list[str]:
    """The command that settles October 2026 and gives the statements as JSON, or writes them to ``output``."""
    written = ("--output", output) if output else ()
    return slacheck(
        "evaluate", *agreements, "--period", "2026-10", "--as-of", "2026-11-10T00:00:00Z", "--format", "json", *written
    )


def script(name: str, *arguments: str) -> list[str]:
    """The command that runs a rival of this folder."""
    return [sys.executable, "-m", f"bench.rivals.{name}", *arguments]
