"""An amount that is owed, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slacheck.derivation import Step


@dataclass(frozen=True)
class Owed:
    """An exact amount (money, or points) with its steps; below zero it is owed the other way round."""

    exact: Fraction
    steps: tuple[Step, ...] = ()

    def then(self, exact: Fraction, *steps: Step) -> Owed:
        """The amount after further steps."""
        return Owed(exact, (*self.steps, *steps))
