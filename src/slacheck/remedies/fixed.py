"""Fixed: so much for a breach, whatever was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from slacheck.language.payments import Paid, Pay
from slacheck.language.quantities import Comparison, Kind
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices, priced
from slacheck.remedies.remedy import Fault, Miss, Remedy, Steps


class Fixed(Remedy):
    """So much for a breach, however large it is.

    Formula: credit = pays, for each line that is breached: one a period, one a subject, or with ``per: case``,
    ``event`` or ``outage`` one a record.

    Clause: "32.31 pounds for a missed appointment, or one that is cancelled less than 24 hours before" (consumer
    broadband, automatic); "one day's charge where the delay target of a month is missed" (internet access).

    Example:

        target: "<= 45"
        credit: {kind: fixed, of: circuit-charge, pays: 1 day}

    Edge cases: points (``pays: 1 point``) are turned into money by the table of the settlement; ``factors`` of a record
    multiply what it pays.
    """

    kind: Literal["fixed"]
    pays: Paid = Field(description="What a breach costs, however large it is.", examples=["32.31", "1 day", "1 point"])

    def owed(self, miss: Miss, prices: Prices) -> Owed:
        return priced(self.pays, self.of, prices)

    def most(self, prices: Prices) -> Owed | None:
        return priced(self.pays, self.of, prices)

    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        yield ("pays",), self.pays

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if self.pays.bonus:
            yield Fault("bonus", "a breach earns no bonus", "write it without 'bonus'", ("pays",), "value")
