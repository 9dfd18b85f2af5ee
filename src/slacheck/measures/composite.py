"""Composite: one number of several other levels."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from slacheck.language.quantities import Kind
from slacheck.language.scalars import Name, Percentage, Whole
from slacheck.language.terms import refusal
from slacheck.measures.measure import EmptyInterval, LevelTally, Measure, Measured, Missing, Reading, Tally


class Composite(Measure):
    """One number of several other levels of the same agreement and period.

    Formula: ``combine: mean`` the unweighted mean of the values, ``weighted`` the sum of value x weight (``weights``
    per level, together 100 %), ``least`` and ``greatest`` the extreme one. A level with several subjects or classes
    takes part with each of its lines; its weight is shared out among them evenly. ``periods: 2`` puts together the
    values of this and the previous period, those of each with the same weight.

    Units: those of the levels, which must all be the same; the margin is in the same.

    Clause: "the service score is the weighted average of the availability of all sites" (outsourcing contracts);
    "availability averaged with that of the previous month" (a hosted telephone menu of 2011).

    Example:

        measure: {kind: composite, of: [web, mail], combine: weighted, weights: {web: 70%, mail: 30%}}
        target: ">= 99.5%"

    Edge cases: the bounds of a value that is open are carried on, end by end; a level that is not applicable takes no
    part, and the weights of the others are scaled up to 100 %. None applicable is not applicable. Where a level has no
    value because data is missing, or an earlier period is not known, the verdict is open. Periods
    before the agreement take no part.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("share", "length", "number"))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "error"))

    kind: Literal["composite"]
    of: tuple[Name, ...] = Field(
        min_length=1, description="The levels whose values are put together.", examples=[["web", "mail"]]
    )
    combine: Literal["mean", "weighted", "least", "greatest"] = Field(
        description="How: their mean, weighted by 'weights', or the least or greatest of them.",
        examples=["mean", "weighted"],
    )
    weights: dict[Name, Percentage] = Field(
        {},
        description="With combine: weighted, the weight of each level; together 100%.",
        examples=[{"web": "70%", "mail": "30%"}],
    )
    periods: Whole = Field(
        1,
        ge=1,
        le=120,
        description="Over how many periods, this one and those before it, the values are put together; 1 by default.",
        examples=[2],
    )

    @model_validator(mode="after")
    def _weighted(self) -> Composite:
        if len(set(self.of)) < len(self.of):
            raise refusal("composite", "a level is named twice", "name each once", inside=["of"])
        if self.combine == "weighted":
            if set(self.weights) != set(self.of):
                raise refusal("weights", "each level of 'of' needs its weight", "", inside=["weights"], at="key")
            if sum(self.weights.values()) != 1 or any(weight <= 0 for weight in self.weights.values()):
                raise refusal("weights", "the weights do not add up to 100%", "", inside=["weights"], at="key")
        elif self.weights:
            raise refusal("weights", f"'{self.combine}' reads no weights", "", inside=["weights"], at="key")
        return self

    @property
    def reads(self) -> Reading:
        return "levels"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, LevelTally)
        if not tally.values or tally.missing:
            return None
        everything = sum((weight for _, weight in tally.values), Fraction(0))
        shares = [(value, weight / everything) for value, weight in tally.values]
        coverage = sum((value.coverage * share for value, share in shares), Fraction(0))
        ends = [sorted((value.best, value.worst)) for value, _ in shares]
        lows, highs = [low for low, _ in ends], [high for _, high in ends]
        if self.combine in ("least", "greatest"):
            extreme = min if self.combine == "least" else max
            low, high = extreme(lows), extreme(highs)
        else:
            low = sum((low * share for low, (_, share) in zip(lows, shares, strict=True)), Fraction(0))
            high = sum((high * share for high, (_, share) in zip(highs, shares, strict=True)), Fraction(0))
        open_above = any(value.open_above for value, _ in shares)
        return Measured(high, low, coverage, open_above=open_above)
