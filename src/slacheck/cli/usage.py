"""Mistakes on the command line: one line on stderr, exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from slacheck.cli import exits
from slacheck.problems import SlacheckError

Arguments = ParamSpec("Arguments")

_FAIL_ON = ("breach", "indeterminate", "never")


class UsageError(Exception):
    """What was asked for cannot be asked."""


def reported(undone: str = SlacheckError.undone) -> Callable[[Callable[Arguments, int]], Callable[Arguments, int]]:
    """A command with its UsageError printed, as typer prints its own; ``undone`` is what a failure leaves undone."""

    def of(run: Callable[Arguments, int]) -> Callable[Arguments, int]:
        @wraps(run)
        def running(*arguments: Arguments.args, **named: Arguments.kwargs) -> int:
            try:
                return run(*arguments, **named)
            except UsageError as error:
                exits.tell(f"Error: {error}")
                return exits.USAGE
            except SlacheckError as error:
                error.undone = undone
                raise

        return running

    return of


def failing(text: str) -> frozenset[str]:
    """The words of ``--fail-on``. Raises UsageError."""
    words = frozenset(word.strip() for word in text.split(","))
    unknown = sorted(words - set(_FAIL_ON))
    if unknown or (len(words) > 1 and "never" in words):
        raise UsageError(f"--fail-on takes breach, indeterminate, both joined by a comma, or never; not '{text}'")
    return words
