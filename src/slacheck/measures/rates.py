"""What a success rate and an error rate share: good requests among all, summed or as a mean of interval rates."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from slacheck.language.conditions import Where
from slacheck.language.quantities import Kind
from slacheck.language.scalars import Length
from slacheck.language.terms import refusal
from slacheck.measures.measure import CountTally, Dated, EmptyInterval, Measured, Missing, RateTally, Reading, Tally


class Rate(Dated):
    """Good among all. Of counts ``good`` or ``bad`` stand on the source; of cases and events they are said here."""

    units: ClassVar[frozenset[Kind]] = frozenset(("share",))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "breach", "error"))

    mean_of_each: Length | None = Field(
        None,
        description="Judge the unweighted mean of the rates of intervals so long; by default all requests are "
        "added up.",
        examples=["5m"],
    )
    good: Where | None = Field(
        None,
        description="Of cases and events: the condition that makes one a good one.",
        examples=[{"result": "delivered"}],
    )
    bad: Where | None = Field(
        None,
        description="Of cases and events: the condition that makes one a bad one.",
        examples=[{"result": ["lost", "returned"]}],
    )

    @model_validator(mode="after")
    def _one(self) -> Rate:
        if self.good is not None and self.bad is not None:
            raise refusal("counts", "'good' and 'bad' both stand here", "keep one of them", inside=["bad"], at="key")
        return self

    @property
    def reads(self) -> Reading:
        return "counts"

    def succeeded(self, tally: Tally, missing: Missing, empty: EmptyInterval | None) -> Measured | None:
        """The share of good ones, with its bounds; None where there is no request."""
        if isinstance(tally, RateTally):
            return _mean(tally, missing, empty)
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


def _mean(tally: RateTally, missing: Missing, empty: EmptyInterval | None) -> Measured | None:
    """Each interval weighs the same; one without requests is good, bad, left out, or unknown like one without a row."""
    unknown = tally.absent + (tally.idle if empty == "missing" else 0)
    known = tally.busy + (tally.idle if empty in ("good", "bad") else 0)
    good = tally.rates + (tally.idle if empty == "good" else 0)
    if missing == "exclude":
        everything, unknown_counted = known, 0
    else:
        everything, unknown_counted = known + unknown, unknown
    if everything == 0:
        return None if unknown == 0 else Measured(Fraction(1), Fraction(0), Fraction(0))
    coverage = Fraction(known, known + unknown)
    return Measured((good + unknown_counted) / everything, good / everything, coverage)
