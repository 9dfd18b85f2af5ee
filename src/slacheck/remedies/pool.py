"""Pool: a level's allocation of a pool of the amount at risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from slacheck.derivation import Step
from slacheck.language.payments import Pay
from slacheck.language.quantities import Comparison, Kind
from slacheck.language.scalars import Name, Percentage
from slacheck.money import decimal_text
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices
from slacheck.remedies.remedy import Fault, Miss, Remedy, Steps


class Pool(Remedy):
    """A level's allocation of a pool of the amount at risk.

    Formula: credit = amount at risk x the pool's share x the level's allocation; the amount at risk and its pools stand
    in the settlement.

    Clause: "the allocation of pool percentage of the category times the allocation of the level times the at-risk
    amount" (state data centre: invoice 100,000, 10 % at risk, pool 50 %, level 40 %: 2,000).

    Example:

        target: {expected: ">= 99.9%", minimum: ">= 99.5%", below_expected: 4 of 12}
        credit: {kind: pool, pool: availability, allocation: 40%}

    Edge cases: the allocations of one pool may not exceed it; a new level without one has ``allocation: 0%``. All
    credits of a period together never exceed the amount at risk.
    """

    kind: Literal["pool"]
    pool: Name = Field(
        description="The pool of the settlement's amount at risk that pays for it.", examples=["availability"]
    )
    allocation: Percentage = Field(description="The level's share of the pool.", examples=["40%"])

    def owed(self, miss: Miss, prices: Prices) -> Owed:
        return self._allocated(prices)

    def _allocated(self, prices: Prices) -> Owed:
        pool = prices.pool(self.pool)
        exact = pool.exact * self.allocation
        share = decimal_text(self.allocation * 100)
        return pool.then(exact, Step("pool", f"allocation {share}% of the pool {self.pool}", exact))

    def most(self, prices: Prices) -> Owed | None:
        return self._allocated(prices)

    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        return iter(())

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if not 0 <= self.allocation <= 1:
            help = "write 0% to 100%"
            yield Fault("unit", "an allocation is a share of its pool", help, ("allocation",), "value")
