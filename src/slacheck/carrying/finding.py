"""What is found of a chain: a promise that is not carried, or a word on how the two sides count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from slacheck.agreement.checks.finding import Steps
from slacheck.agreement.loading import AgreementFile
from slacheck.problems import Problem


@dataclass(frozen=True)
class Finding:
    """``problem`` stands at our line, ``theirs`` are the places of what it is compared with (``ola.yaml:37``).

    ``level`` and ``of_class`` are ours; empty where it is about the agreements as a whole. ``on`` are the names under
    which the agreements below are known to ours.
    """

    problem: Problem
    level: str = ""
    of_class: str = ""
    on: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.problem.code


@dataclass(frozen=True)
class Told:
    """A finding before it has a place: the keys that lead to our side of it."""

    steps: Steps
    code: str
    message: str
    help: str
    on: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    at: Literal["key", "value"] = "value"


def placed(file: AgreementFile, told: Told, level: str = "", of_class: str = "") -> Finding:
    """With its place in our file; the message names theirs."""
    document = file.document
    beside = f" ({', '.join(told.theirs)})" if told.theirs else ""
    problem = document.problem(document.place(told.steps, told.at), told.code, told.message + beside, told.help)
    return Finding(replace(problem, weight="warning"), level, of_class, told.on, told.theirs)


def names(words: Sequence[str]) -> str:
    """``'a'``, ``'a' and 'b'``."""
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
