"""Reported value: a number that somebody else worked out and delivered."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from slacheck.language.quantities import Kind
from slacheck.measures.measure import EmptyInterval, Measured, Missing, OfRecords, Reading, Tally, ValueTally


class ReportedValue(OfRecords):
    """A number delivered as such: a survey's score, a supplier's own figure.

    Formula: the one value whose instant lies in the period.

    Units: those of the source's ``value`` column; the margin is in the same.

    Clause: "customer satisfaction of at least 4.2 in the monthly survey" (common in service desk agreements).

    Example:

        measure: {kind: reported-value, from: survey}
        target: ">= 4.2"

    Edge cases: no value is missing data, never zero. Two different values in one period leave the answer between
    them: the better one is the best case, the other the worst.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("number", "length", "share"))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "error"))

    kind: Literal["reported-value"]

    @property
    def reads(self) -> Reading:
        return "values"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, ValueTally)
        if tally.least is None or tally.greatest is None:
            return None
        return Measured(tally.greatest, tally.least, Fraction(1))
