"""Two amounts between which one lies that is not yet certain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from slacheck.derivation import Step
from slacheck.remedies.owed import Owed

# An amount that nothing bounds from above, or that is not known, is None.
Value = Fraction | None


@dataclass(frozen=True)
class Bounds:
    """The least and the most; ``most`` is None where nothing bounds it or it is not known, and ``why`` says so."""

    least: Owed
    most: Owed | None
    why: str = ""

    @staticmethod
    def of(owed: Owed) -> Bounds:
        """One certain amount."""
        return Bounds(owed, owed)

    @property
    def certain(self) -> bool:
        return self.most is not None and self.least.exact == self.most.exact

    @property
    def nothing(self) -> bool:
        """Whether it is certain that nothing is owed either way."""
        return self.certain and self.least.exact == 0

    def each(self, change: Callable[[Owed], Owed]) -> Bounds:
        """The bounds after one more step on either."""
        least = change(self.least)
        if self.most is self.least:
            return replace(self, least=least, most=least)
        return replace(self, least=least, most=None if self.most is None else change(self.most))

    def unknown(self, why: str) -> Bounds:
        """The bounds once something that they depend on turned out not to be known."""
        return Bounds(Owed(Fraction(0), (*self.least.steps, Step("unknown", why, Fraction(0)))), None, why)


def rank(value: Value) -> tuple[bool, Fraction]:
    """Orders values; one without bound is above all others."""
    return value is None, Fraction(0) if value is None else value


def summed(values: Iterable[Value]) -> Value:
    """The sum; without bound where one of them is."""
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


def lesser(one: Value, other: Value) -> Value:
    return min(one, other, key=rank)


def greater(one: Value, other: Value) -> Value:
    return max(one, other, key=rank)
