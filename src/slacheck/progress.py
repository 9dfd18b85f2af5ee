"""How far a run is, told to whoever wants to know: a bar on a terminal, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

Phase = Literal["reading", "answering", "settling", "writing"]


class Progress(Protocol):
    """What a run tells. It is told from one thread, and costs nothing that could be measured."""

    def begin(self, phase: Phase, steps: int = 0) -> None:
        """A phase begins, of so many steps; 0 where nobody knows yet."""

    def more(self, steps: int) -> None:
        """The phase has more steps than was known."""

    def step(self, what: str, size: int = 1) -> None:
        """Of the steps of the phase, ``size`` are begun with, and those before are done."""

    def ask(self, share: Callable[[], float] | None) -> None:
        """How much of the present step is done can be asked by any thread: from 0 to 1, negative where it is not known.

        None when it cannot be asked any more.
        """


class Silent:
    """Nobody listens."""

    def begin(self, phase: Phase, steps: int = 0) -> None:
        pass

    def more(self, steps: int) -> None:
        pass

    def step(self, what: str, size: int = 1) -> None:
        pass

    def ask(self, share: Callable[[], float] | None) -> None:
        pass


SILENT: Progress = Silent()
