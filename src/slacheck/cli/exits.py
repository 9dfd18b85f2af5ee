"""Exit codes: 0 all met, 1 breach, 2 usage, 3 agreement or data invalid, 4 indeterminate, 70 a bug in slacheck."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from slacheck.problems import Problem, SlacheckError

if TYPE_CHECKING:
    from slacheck.statement import Statement

MET, BREACH, USAGE, INVALID, INDETERMINATE, BUG = 0, 1, 2, 3, 4, 70

_MOST_SHOWN = 50


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
    try:
        run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else MET if leaving.code is None else USAGE
    except SlacheckError as error:
        complain(error.problems)
        return INVALID
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader went away; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        _confess(error)
        return BUG
    return MET


def complain(problems: Sequence[Problem]) -> None:
    """Print problems to stderr, at most fifty of them."""
    from slacheck.cli.screen import colour
    from slacheck.problem_text import render, tally

    print(render(problems[:_MOST_SHOWN], colour=colour(sys.stderr)), file=sys.stderr)
    if len(problems) > _MOST_SHOWN:
        print(f"\n... and {len(problems) - _MOST_SHOWN} more", file=sys.stderr)
    print(f"\n{tally(problems)}", file=sys.stderr)


def _confess(error: Exception) -> None:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    print(
        f"slacheck failed: this is a bug in slacheck, not in your files; nothing was evaluated\n"
        f"  {type(error).__name__}: {error}\n"
        f"  at {os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}\n"
        f"  please report it with these lines; SLACHECK_DEBUG=1 prints more",
        file=sys.stderr,
    )
    if os.environ.get("SLACHECK_DEBUG"):
        traceback.print_exception(error)
