"""Count: how many outages, events or cases there were."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from slacheck.language.quantities import Kind
from slacheck.language.scalars import Whole
from slacheck.measures.measure import Dated, EmptyInterval, Measured, Missing, Reading, RecordTally, Tally


class Count(Dated):
    """How many outages, events or cases there were, beyond an allowance where there is one.

    Formula: the number of records whose first instant (or ``dated_by``) lies in the period and in ``hours``, less
    those that an exclusion matches, less ``allowance``, never below zero. Of an outage rule the outages that qualify
    are counted; ``same_cause_within`` on the rule counts several of one cause once.

    Units: a number; the margin is in records.

    Clause: "fewer than three outages in any 30 days" (chronic outage clauses); "a missed appointment" with ``per:
    event``: each one is a breach.

    Example:

        measure: {kind: count, from: maintenance}
        target: "<= 3"

    Edge cases: no record is a count of zero, where the log itself is there. Outages that unknown time could hide are
    not counted, and leave the count open above; those that unknown time lies between may turn out to be one.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("number",))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "up", "error"))

    kind: Literal["count"]
    allowance: Whole = Field(
        0,
        ge=0,
        le=10**12,
        description="So many are free, and only those beyond are counted; 0 by default.",
        examples=[2],
    )

    @property
    def reads(self) -> Reading:
        return "records"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, RecordTally)
        worst = Fraction(max(0, tally.count - self.allowance))
        if missing in ("up", "exclude"):
            return Measured(worst, worst, Fraction(1))
        best = Fraction(max(0, tally.count - tally.doubtful - self.allowance))
        return Measured(best, worst, Fraction(1), open_above=bool(tally.possible))
