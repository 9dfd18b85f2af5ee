"""What a rule finds: something that may be meant, and deserves a second look before anybody signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from slacheck.agreement.loading import AgreementFile

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Doubt:
    """The keys that lead to it in the document of its agreement, what stands there, and what to write instead."""

    steps: Steps
    message: str
    help: str
    at: Literal["key", "value"] = "value"


Rule = Callable[[AgreementFile], Iterator[Doubt]]
"""One version of an agreement in, what deserves a second look out. Its name is its code, its docstring its page."""


def code_of(rule: Rule) -> str:
    """``full-target`` for the function ``full_target``."""
    return rule.__name__.replace("_", "-")
