"""What must hold whatever is read: problems, not errors; places inside the file; printable text; time and memory."""

from __future__ import annotations

import json
import re
import resource
import signal
import threading
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from slacheck import reports
from slacheck.language.yaml_text import _BREAK
from slacheck.problem_text import render
from slacheck.problems import Problem, SlacheckError
from slacheck.statement import Statement, Statements

# Far above what any input needs here, and far below what a blow-up takes.
SECONDS = 60
GROWTH = 1500 * 1024


_NUMBER = re.compile(r"\d+")


class Hang(BaseException):
    """An input took longer than the watchdog allows."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with slacheck on some input. ``signature`` is the same for the same fault."""

    signature: str
    told: str


def fault(run: Callable[[], Sequence[Statement]], texts: Mapping[str, bytes] | None = None) -> Fault | None:
    """Run ``run``; None where it gives statements that can be shown, or problems that can be told.

    ``texts`` are the files of which problems may tell lines, by what messages call them.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with _watched():
            try:
                _shown(run())
            except SlacheckError as error:
                _told(error.problems, texts or {})
    except AssertionError as broken:
        return _fault(broken, _NUMBER.sub("N", str(broken).partition("\n")[0][:80]))
    except (Exception, Hang) as error:
        return _fault(error, type(error).__name__)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Fault("memory", f"{grown // 1024} MiB more") if grown > GROWTH else None


def _fault(error: BaseException, kind: str) -> Fault:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/slacheck/" in frame.filename] or list(frames)
    last = own[-1]
    told = "".join(traceback.format_exception(error))
    return Fault(f"{kind} in {last.filename.rpartition('/')[2]}:{last.name}", told[-4000:])


@contextmanager
def _watched() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        raise Hang(f"more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _shown(statements: Sequence[Statement]) -> None:
    whole = Statements(slacheck_statements=1, statements=tuple(statements))
    for name, format in reports.FORMATS.items():
        if format.binary:
            assert not format.installed or format.written(whole, reports.View())
            continue
        # Rows of CSV end as RFC 4180 has it.
        text = format.render(whole, reports.View()).replace("\r\n", "\n")
        assert not unprintable(text), f"the {name} report holds {unprintable(text)!r}"
    json.loads(reports.FORMATS["json"].render(whole, reports.View()))


def _told(problems: Sequence[Problem], texts: Mapping[str, bytes]) -> None:
    assert problems, "refused without a problem"
    for problem in problems:
        assert problem.message, f"no message of {problem.code}"
        if problem.path in texts and problem.line:
            lengths = _lengths(problem.path, texts[problem.path])
            assert problem.line <= len(lengths), f"{problem.code} in line {problem.line} of {len(lengths)}"
            length = lengths[problem.line - 1]
            least = 0 if problem.row else 1  # a row may be told with its line and no column
            assert least <= problem.column <= length + 1, f"{problem.code} in column {problem.column} of {length}"
    text = render(problems)
    assert not unprintable(text), f"a message holds {unprintable(text)!r}"
    text.encode("utf-8")


def _lengths(path: str, content: bytes) -> list[int]:
    """How long each line is: in characters for what somebody writes, in bytes for exports of any encoding."""
    if not path.endswith(".yaml"):
        lengths = [len(line) for line in content.split(b"\n")]
        # A lone carriage return ends a line too, where a row is told by its line; no column is told then.
        return lengths + [0] * content.count(b"\r")
    return [len(line) for line in _BREAK.split(content.decode("utf-8", "replace").removeprefix("\ufeff"))]


def unprintable(text: str) -> str:
    """The first character that a terminal obeys or that hides others; empty where there is none."""
    for character in text:
        if character not in "\n\u200c\u200d" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return character
    return ""
