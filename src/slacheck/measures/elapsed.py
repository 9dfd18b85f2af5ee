"""Elapsed: how long cases took, each by itself or as a statistic."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from slacheck.language.moments import BetweenTerm
from slacheck.language.quantities import Kind
from slacheck.measures.measure import (
    Dated,
    EmptyInterval,
    LengthTally,
    Measured,
    Missing,
    Paused,
    Reading,
    Received,
    Tally,
    Until,
)
from slacheck.measures.statistics import MethodTerm, StatisticTerm


class Elapsed(Dated):
    """How long a case took from one instant to another, on the clock of the service hours, less its pauses.

    Formula: the counted time between both instants of ``between`` less the counted time of the pauses that
    ``excluding`` matches to the case, and less what the column ``paused`` says; with ``per: case`` one value per case,
    otherwise the ``statistic`` of all closed cases of the period: mean, median (the mean of the two in the middle), or
    a percentile by ``method`` (nearest rank unless said). Against a target in days the length is the number of days, or
    of working days of ``hours``, that the case needed: it meets ``<= n`` until the end of the n-th (``until:
    same-time``: the same time of the n-th).

    Units: lengths of time, or days; the margin is in the same.

    Clause: "mean time to restore of less than 2 hours" (WAN service descriptions); "not fixed after two full working
    days" (automatic compensation for broadband customers, Ofcom).

    Example:

        measure: {kind: elapsed, from: tickets, between: [opened, resolved], statistic: mean}
        target: "<= 4h"

    Edge cases: a case that still runs has taken at least as long as it has run; nothing bounds it from above. A case
    that ends before it starts has a length below zero; against a ceiling above zero that can only be a mistake: it is
    told, and its length is unknown. No closed or running case is not applicable.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("length", "days", "working-days"))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "breach", "error"))

    kind: Literal["elapsed"]
    between: BetweenTerm = Field(
        description="The two instants of a case between which it is timed.", examples=[["opened", "resolved"]]
    )
    statistic: StatisticTerm | None = Field(
        None,
        description="Which statistic of all cases is judged: mean, median, or a percentile. Without it each case "
        "is, with per: case.",
        examples=["mean", "p95"],
    )
    method: MethodTerm = None
    until: Until = "end-of-day"
    received: Received = "at-once"
    paused: Paused = None

    @property
    def reads(self) -> Reading:
        return "cases"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, LengthTally)
        if tally.closed + tally.open == 0:
            return None
        coverage = Fraction(tally.closed, tally.closed + tally.open)
        value = tally.of_closed if missing == "exclude" or not tally.open else tally.of_all
        if value is None:
            return Measured(Fraction(0), Fraction(0), coverage, margin_in="time", open_above=True)
        return Measured(value, value, coverage, margin_in="time", open_above=tally.open > 0 and missing != "exclude")
