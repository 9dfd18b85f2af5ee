"""Which earlier periods count beside that of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from slacheck.language.payments import Cap
from slacheck.language.quantities import CivilLength
from slacheck.planning import Settling
from slacheck.timeline.periods import Cycle, Every, Period, before_by, containing, leading_to

_ALL = 100_000
_STRETCHES: dict[str, Every] = {"month": "month", "quarter": "quarter", "year": "year"}


def earlier_in(settling: Settling, length: CivilLength) -> Iterator[Period]:
    """The periods before that of the statement inside a stretch that ends with it, the latest first.

    None of them ends before the agreement begins.
    """
    period = settling.window.period
    if length.unit == "period":
        return islice(leading_to(period, length.count, settling.agreement.effective), 1, None)
    return _since(settling, before_by(period.end, length.count, length.unit))


def earlier_under(settling: Settling, cap: Cap) -> Iterator[Period]:
    """The earlier periods that a cap bounds together with this one: of its rolling stretch, of the same month, quarter
    or year of the calendar, or of the term."""
    if cap.rolling is not None:
        return earlier_in(settling, cap.rolling)
    if cap.per == "term":
        return since_the_beginning(settling)
    stretch = containing(Cycle(_STRETCHES[cap.per]), settling.window.period.start)
    return _since(settling, stretch.start)


def since_the_beginning(settling: Settling) -> Iterator[Period]:
    """All periods of the agreement before that of the statement, the latest first."""
    return _since(settling, None)


def _since(settling: Settling, first: date | None) -> Iterator[Period]:
    for period in islice(leading_to(settling.window.period, _ALL, settling.agreement.effective), 1, None):
        if first is not None and period.start < first:
            return
        yield period
