"""Error rate: bad requests among all requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from slacheck.measures.measure import EmptyInterval, Measured, Missing, Tally
from slacheck.measures.rates import Rate


class ErrorRate(Rate):
    """The share of requests, packets, calls or deliveries that failed.

    Formula: bad / total, summed over the intervals of the period whose start lies in time that counts, or with
    ``mean_of_each`` the unweighted mean over such intervals. It is 1 less the success rate of the same records.

    Units: a share; the margin is in requests.

    Clause: "packet loss of 0.1 % or less, averaged over the month" (network service levels); "fewer than 5 % of calls
    abandoned" (service desk agreements).

    Example:

        measure: {kind: error-rate, from: requests}
        target: "<= 0.1%"

    Edge cases: as for ``success-rate``. Of cases and events ``bad`` (or ``good``) says here which records failed, and
    ``dated_by`` which instant places them in a period.
    """

    kind: Literal["error-rate"]

    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        found = self.succeeded(tally, missing, empty)
        return None if found is None else replace(found, best=1 - found.worst, worst=1 - found.best)
