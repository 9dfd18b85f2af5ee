"""A bar on stderr while a run is long: nothing in its first second, and nothing left of it at the end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TextIO

from slacheck.progress import SILENT, Phase, Progress

_PATIENCE, _PERIOD = 1.0, 0.2
_WIDEST = 40


@contextmanager
def shown(quiet: bool = False, stream: TextIO | None = None) -> Iterator[Progress]:
    """Progress that is shown where a person looks at ``stream`` (stderr), and told to nobody elsewhere."""
    stream = stream or sys.stderr
    if quiet or not stream.isatty() or os.environ.get("TERM") == "dumb" or os.environ.get("CI"):
        yield SILENT
        return
    bar = _Bar(stream)
    try:
        yield bar
    finally:
        bar.end()


class _Bar:
    """What was told last, and a thread that draws it: the run itself never waits for a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = time.monotonic()
        self._phase: Phase = "reading"
        self._what = ""
        self._steps = self._done = self._present = 0
        self._shown = 0.0
        self._share: Callable[[], float] | None = None
        self._ended = Event()
        self._drawing = Thread(target=self._draw, name="progress", daemon=True)
        self._drawing.start()

    def begin(self, phase: Phase, steps: int = 0) -> None:
        self._phase, self._what, self._steps, self._done, self._present = phase, "", steps, 0, 0
        self._shown = 0.0

    def more(self, steps: int) -> None:
        self._steps += steps

    def step(self, what: str, size: int = 1) -> None:
        self._done += self._present
        self._what, self._present = what, size

    def ask(self, share: Callable[[], float] | None) -> None:
        self._share = share

    def end(self) -> None:
        self._ended.set()
        self._drawing.join()

    def _draw(self) -> None:
        if self._ended.wait(_PATIENCE):
            return
        # Whatever a terminal does to it, the run goes on.
        with suppress(Exception):
            self._drawn()

    def _drawn(self) -> None:
        # Not before there is something to draw: most runs end within the second.
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars

        from slacheck.reports.layout import harmless

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[clock]}", markup=False),
        )
        console = Console(file=self._stream, force_terminal=True)
        with Bars(
            *columns, console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        ) as bars:
            drawn, task = self._phase, bars.add_task("", total=None, clock="")
            while True:
                if drawn != self._phase:
                    # A total that was known cannot be taken back.
                    bars.remove_task(task)
                    drawn, task = self._phase, bars.add_task("", total=None, clock="")
                done, total = self._measured()
                what = harmless(self._what)
                label = f"{drawn} {what if len(what) <= _WIDEST else what[:18] + '...' + what[-19:]}".strip()
                seconds = int(time.monotonic() - self._begun)
                bars.update(
                    task, description=label, completed=done, total=total, clock=f"{seconds // 60}:{seconds % 60:02d}"
                )
                bars.refresh()
                if self._ended.wait(_PERIOD):
                    return

    def _measured(self) -> tuple[float, float | None]:
        """How many steps are done, in parts of them too; no total where nobody knows it."""
        share, present = -1.0, self._present
        if self._share is not None:
            # The engine may have closed just now.
            with suppress(Exception):
                share = self._share()
        # One step is several statements of the engine: what was shown as done stays so.
        self._shown = max(self._shown, self._done + present * min(max(share, 0.0), 1.0))
        return (self._shown, float(self._steps)) if self._steps and self._shown else (0.0, None)
