"""Success rate: good requests among all requests."""

from __future__ import annotations

from typing import Literal

from slacheck.measures.measure import EmptyInterval, Measured, Missing, Tally
from slacheck.measures.rates import Rate


class SuccessRate(Rate):
    """The share of requests, executions, trips or deliveries that succeeded.

    Formula: good / total, summed over the intervals of the period whose start lies in time that counts. With
    ``mean_of_each`` the unweighted mean of the rates of such intervals: the sum of good/total over their number.

    Units: a share; the margin is in requests.

    Clause: "(total executions - failed executions) / total executions" (Azure Functions, consumption plan,
    September 2026).

    Example:

        measure: {kind: success-rate, from: requests, mean_of_each: 5m}
        empty_interval: good
        target: ">= 99.5%"

    Edge cases: an interval that is missing may hold any number of requests, so that nothing bounds the value but
    0 % and 100 %: ``missing: exclude`` judges what was counted, ``absent_rows: empty`` on the source says that no
    row means no traffic. A period without any request is not applicable. ``mean_of_each`` asks what an interval
    without requests is worth: ``empty_interval: good, bad, skip`` or ``missing``.
    """

    kind: Literal["success-rate"]

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        return self.succeeded(tally, missing, empty)
