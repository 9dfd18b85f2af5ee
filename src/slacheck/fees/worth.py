"""What a fee is worth for one line in one period, and how that came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from slacheck.derivation import Step


@dataclass(frozen=True)
class Whose:
    """What is known about a line: per word the values that its records may have, and those they do not have."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    but: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Worth:
    """An amount, the civil ``days`` and the ``length`` (microseconds) that it pays for, and how it came about."""

    exact: Fraction
    days: Fraction
    length: int
    steps: tuple[Step, ...] = ()


class NotKnown(Exception):
    """An amount that cannot be known from what was given; ``why`` says what is missing."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
