"""Mistakes on the command line: one line on stderr, exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from slacheck.cli import exits
from slacheck.problems import SlacheckError

Arguments = ParamSpec("Arguments")


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
