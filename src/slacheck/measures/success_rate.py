"""Success rate: good requests among all requests."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from slacheck.language.conditions import Where
from slacheck.language.quantities import Kind
from slacheck.language.scalars import Name
from slacheck.measures.measure import CountTally, Measure, Measured, Missing, Reading, Tally


class SuccessRate(Measure):
    """The share of requests, executions, trips or deliveries that succeeded.

    Formula: good / total, summed over the intervals of the period whose start lies in time that counts.

    Units: a share; the margin is in requests.

    Clause: "(total executions - failed executions) / total executions" (Azure Functions, consumption plan,
    September 2026).

    Example:

        measure: {kind: success-rate, from: requests}
        target: ">= 99.5%"

    Edge cases: an interval that is missing may hold any number of requests, so that nothing bounds the value but
    0 % and 100 %: ``missing: exclude`` judges what was counted, ``absent_rows: empty`` on the source says that no
    row means no traffic. A period without any request is not applicable.
    """

    reads: ClassVar[Reading] = "counts"
    unit: ClassVar[Kind] = "share"
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "breach", "error"))

    kind: Literal["success-rate"]
    from_: Name = Field(alias="from")
    where: Where | None = None
    excluding: tuple[Name, ...] = ()

    def measured(self, tally: Tally, missing: Missing) -> Measured | None:
        assert isinstance(tally, CountTally)
        complete = tally.present >= tally.expected
        if tally.total == 0 and complete:
            return None
        coverage = Fraction(tally.present, tally.expected) if tally.expected else Fraction(1)
        scale = Fraction(tally.total or 1)
        if tally.total and (complete or missing == "exclude"):
            value = Fraction(tally.good, tally.total)
            return Measured(value, value, coverage, scale, "requests")
        return Measured(Fraction(1), Fraction(0), coverage, scale, "requests")
