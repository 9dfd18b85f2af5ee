"""Exit codes: 0 all met, 1 breach, 2 usage, 3 agreement or data invalid, 4 indeterminate, 70 a bug in slacheck."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from slacheck.cli.output import OutputError
from slacheck.problems import Problem, SlacheckError

if TYPE_CHECKING:
    from slacheck.statement import Statement

MET, BREACH, USAGE, INVALID, INDETERMINATE, BUG = 0, 1, 2, 3, 4, 70

_MOST_SHOWN = 50
_PATIENCE = 2.0
_WANT_OF_MEMORY = "slacheck ran out of memory: give this machine or container about 1 GB; nothing was evaluated"
_NO_MEMORY_SAID = (
    "allocate memory",
    "bad alloc",
    "bad_alloc",
    "failed to map segment",
    "failed to allocate",
    "out of memory",
    "resource temporarily unavailable",  # of a thread that cannot be begun
    "start new thread",
)
_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def code_for(statements: Sequence[Statement], fail_on: Collection[str]) -> int:
    """A breach outweighs what is open. A statement that measured nothing is never a success."""
    verdicts = {statement.verdict for statement in statements}
    if "breached" in verdicts and "breach" in fail_on:
        return BREACH
    if "indeterminate" in verdicts and "indeterminate" in fail_on:
        return INDETERMINATE
    if not statements or any(not statement.measured_something for statement in statements):
        return INDETERMINATE
    return MET


def guarded(run: Callable[[], object]) -> int:
    """Run ``run`` and turn whatever it raises into a message on stderr and an exit code."""
    _open_streams()
    stopped: list[int] = []
    stopped_at: list[float] = []

    def stop(number: int, _: object) -> None:
        # A terminal and a wrapper often send it twice; the second must not end the tidying up after the first.
        if stopped_at and time.monotonic() - stopped_at[-1] < _PATIENCE:
            return
        stopped.append(number)
        stopped_at.append(time.monotonic())
        raise KeyboardInterrupt

    for number in _STOPPING:
        # nohup and background jobs ask that a signal be ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    code = _code(run)
    if stopped:
        # The engine and typer each have their own answer to an interrupted query; the signal is the reason.
        tell("interrupted")
        return 128 + stopped[0]
    return code


def _code(run: Callable[[], object]) -> int:
    try:
        try:
            run()
        finally:
            show("")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else MET if leaving.code is None else USAGE
    except OutputError as error:
        complain(error.problems)
        return INVALID
    except SlacheckError as error:
        complain(error.problems, error.undone)
        return INVALID
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if _for_want_of_memory(error):
            tell(_WANT_OF_MEMORY)
            return INVALID
        if str(error) != "Query interrupted":
            _confess(error)
        return BUG
    return MET


def _for_want_of_memory(error: BaseException | None) -> bool:
    """A library or a thread that cannot be loaded or begun for want of memory says so only in words."""
    while error is not None:
        if isinstance(error, MemoryError) or any(words in str(error).lower() for words in _NO_MEMORY_SAID):
            return True
        error = error.__cause__ or error.__context__
    return False


def _open_streams() -> None:
    """A standard stream that the caller closed is None; what goes there is lost, as the caller wished."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (open until the end)
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def show(text: str) -> None:
    """Print ``text`` on stdout now. Raises OutputError where it cannot be written, and exits 141 where nobody reads."""
    _show(lambda: sys.stdout.write(text))


def show_bytes(content: bytes) -> None:
    """Write ``content`` to stdout as it is, as ``show`` does."""
    _show(lambda: sys.stdout.buffer.write(content))


def _show(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except OSError as error:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(141) from error
        raise OutputError.of("standard output", error) from error


def tell(text: str) -> None:
    """Print ``text`` on stderr. Where that cannot be written the exit code still tells."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr)


def complain(problems: Sequence[Problem], undone: str = "") -> None:
    """Print problems to stderr, at most fifty of them, and on GitHub as annotations too.

    ``undone`` is what was not done because of them; with it they are counted.
    """
    from slacheck.cli import ci
    from slacheck.cli.screen import colour
    from slacheck.problem_text import render, tally

    tell(ci.inert(render(problems[:_MOST_SHOWN], colour=colour(sys.stderr))))
    if len(problems) > _MOST_SHOWN:
        tell(f"\n... and {len(problems) - _MOST_SHOWN} more")
    if undone:
        tell(ci.inert(f"\n{tally(problems, undone)}"))
    if ci.on_github():
        ci.annotate_problems(problems)


def remark(warnings: Sequence[Problem]) -> None:
    """Print what deserves a remark to stderr; it fails nothing."""
    if warnings:
        complain(warnings)


def _confess(error: Exception) -> None:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    tell(
        f"slacheck failed: this is a bug in slacheck, not in your files; nothing was evaluated\n"
        f"  {type(error).__name__}: {error}\n"
        f"  at {os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}\n"
        f"  please report it with these lines; SLACHECK_DEBUG=1 prints more"
    )
    if os.environ.get("SLACHECK_DEBUG"):
        traceback.print_exception(error)
