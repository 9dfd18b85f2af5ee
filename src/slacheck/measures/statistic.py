"""Statistic: mean, median, percentile, least, greatest or sum of a value."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from slacheck.language.quantities import Kind
from slacheck.language.scalars import Length, Text, Whole
from slacheck.language.terms import refusal
from slacheck.measures.measure import Dated, EmptyInterval, Measured, Missing, Reading, Tally, ValueTally
from slacheck.measures.statistics import MethodTerm, StatisticTerm


class ValueStatistic(Dated):
    """A statistic of a value: of all records of the period, or the worst over any stretch of a length.

    Formula: ``mean`` is the sum over the number, ``median`` the middle value or the mean of the two in the middle; a
    percentile ``p95`` is by ``method: nearest-rank`` (default) the least value that at least 95 % of the values do not
    exceed; ``r6`` and ``r7`` interpolate between neighbours at (n+1)p and (n-1)p+1 (Hyndman and Fan 1996, types 6 and
    7; type 6 is that of Apache JMeter's report, type 7 that of most spreadsheets). ``over_any: 15m`` is the worst mean
    or sum of all stretches of that length.

    Units: those of the value (``units`` on the source); the margin is in the same.

    Clause: "average monthly latency of at most 45 ms"; "round-trip time of at most 30 ms over any continuous 15
    minutes" (network service levels).

    Example:

        measure: {kind: statistic, from: survey, statistic: mean}
        target: ">= 4.2"

    Edge cases: no value is missing data, never zero. ``over_any`` asks for ``least_samples``: a stretch with fewer
    says nothing.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("number", "length", "share"))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "error"))

    kind: Literal["statistic"]
    value: Text = Field("value", description="The column that holds the value; by default value.", examples=["latency"])
    statistic: StatisticTerm = Field(
        description="Which statistic is judged: mean, median, min, max, sum, or a percentile.", examples=["p95", "mean"]
    )
    method: MethodTerm = None
    over_any: Length | None = Field(
        None,
        description="Judge the worst mean or sum over any stretch of this length; by default that of the whole period.",
        examples=["15m"],
    )
    least_samples: Whole = Field(
        1,
        ge=1,
        le=10**9,
        description="How many values a stretch of 'over_any' must hold to say something; 1 by default.",
        examples=[5],
    )

    @model_validator(mode="after")
    def _sliding(self) -> ValueStatistic:
        if self.over_any is not None and self.statistic.plain not in ("mean", "sum"):
            help = "over any stretch there is the mean and the sum"
            raise refusal("statistic", f"no '{self.statistic.text}' over any stretch", help, inside=["statistic"])
        return self

    @property
    def reads(self) -> Reading:
        return "values"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, ValueTally)
        if tally.count == 0 or tally.least is None or tally.greatest is None:
            return None
        plain = self.statistic.plain if self.over_any is None else None
        value = {
            "mean": tally.total / tally.count,
            "sum": tally.total,
            "min": tally.least,
            "max": tally.greatest,
        }.get(plain or "", tally.asked)
        return None if value is None else Measured(value, value, Fraction(1))
