"""Down time: how long it was down in all, at the longest, or on average."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from slacheck.language.quantities import Kind
from slacheck.measures.measure import Dated, EmptyInterval, Measured, Missing, Reading, Tally, TimeTally, WeightedTally


class Downtime(Dated):
    """How long it was down: in all, at the longest, on average, or up between two failures.

    Formula: ``statistic: total`` (default) is the down time of the period within time that counts; ``longest`` the
    longest outage; ``mean`` the mean time to restore, the sum of the outages over their number; ``between`` the mean
    time between failures, the time that was up over the number of outages. With ``per: outage`` each outage is judged
    by itself, and is named by its start, in local time to the minute: 2026-03-05T10:15. Outages that are judged by
    themselves or enter a mean count whole, in the period of their start, or of their end where ``dated_by: end`` says
    so; in a total and a longest the edges of the period cut them.

    Units: lengths of time; the margin is in time.

    Clause: "the aggregate of network unavailability exceeds 12 hours in any 30 days" (chronic outage clauses of
    carriers); "mean time to restore of less than 2 hours" (WAN service descriptions).

    Example:

        measure: {kind: downtime, from: probes, statistic: longest}
        target: "<= 30m"

    Edge cases: a period without an outage has no mean time to restore and is not applicable; time that nobody
    observed gives a best and a worst total, and leaves a mean open: it may hide any number of short outages. An outage
    that still runs is at least as long as it has lasted, and nothing bounds it above.
    """

    units: ClassVar[frozenset[Kind]] = frozenset(("length",))
    policies: ClassVar[frozenset[Missing]] = frozenset(("bounds", "exclude", "up", "down", "breach", "error"))

    kind: Literal["downtime"]
    statistic: Literal["total", "longest", "mean", "between"] = Field(
        "total",
        description="total (the default) is all down time, longest the longest outage, mean the mean time to "
        "restore, between the mean time between failures.",
        examples=["total", "longest"],
    )

    @property
    def reads(self) -> Reading:
        return "time"

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        assert isinstance(tally, (TimeTally, WeightedTally))
        if tally.service == 0:
            return None
        if isinstance(tally, WeightedTally):
            lost = sum((Fraction(weighted, n) for n, weighted in tally.groups), Fraction(0))
            return Measured(lost, lost, Fraction(1), margin_in="time")
        coverage = Fraction(tally.service - tally.unknown, tally.service)
        ignored = missing in ("up", "exclude")
        if self.statistic in ("mean", "between"):
            return self._mean(tally, coverage, unknown=tally.unknown > 0 and not ignored)
        best, worst = (
            (tally.down, tally.down_at_worst)
            if self.statistic == "total"
            else (tally.longest, max(tally.longest, tally.longest_at_worst))
        )
        if ignored:
            worst = best
        elif missing == "down":
            best = worst
        return Measured(Fraction(best), Fraction(worst), coverage, margin_in="time", open_above=tally.running)

    def _mean(self, tally: TimeTally, coverage: Fraction, unknown: bool) -> Measured | None:
        if unknown:
            # Unknown time may hide any number of short outages, or join two of them.
            return Measured(Fraction(0), Fraction(0), coverage, margin_in="time", open_above=True)
        if not tally.lengths:
            return None
        up = tally.service - tally.down - tally.unknown
        value = Fraction(sum(tally.lengths) if self.statistic == "mean" else up, len(tally.lengths))
        return Measured(value, value, coverage, margin_in="time", open_above=tally.running)
