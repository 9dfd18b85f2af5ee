"""Prices for the tests of remedies: fees of a month of 30 days, and pools of an amount at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown, Worth
from slacheck.language.quantities import DAY
from slacheck.remedies.owed import Owed


@dataclass(frozen=True)
class Priced:
    """``fees`` by name; one that is not among them is not known."""

    fees: Mapping[str, Fraction]
    risk: Fraction = Fraction(0)
    pools: Mapping[str, Fraction] = field(default_factory=dict)

    def worth(self, fee: str) -> Worth:
        if fee not in self.fees:
            raise NotKnown(f"no row for {fee}")
        exact = self.fees[fee]
        return Worth(exact, Fraction(30), Fraction(30 * DAY), (Step("fee", fee, exact),))

    def at_risk(self) -> Owed:
        return Owed(self.risk)

    def pool(self, name: str) -> Owed:
        return Owed(self.risk * self.pools[name])


def texts(owed: Owed) -> list[str]:
    return [step.text for step in owed.steps]
