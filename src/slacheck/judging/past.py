"""The periods of a run that were judged already: what a later one may be made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from slacheck.judging.judged import Levels
from slacheck.planning import Settling
from slacheck.timeline.periods import leading_to


class Past:
    """The lines of every settling of a run so far, by agreement and period."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Levels] = {}

    def keep(self, settling: Settling, levels: Levels) -> None:
        """Remember the lines of one settling, by level."""
        self._known[id(settling.file), settling.window.period.label] = levels

    def before(self, settling: Settling, periods: int) -> Iterator[Levels | None]:
        """The lines of so many periods before that of ``settling``, the last first; None where they are not known.

        Periods that end before the agreement begins are none.
        """
        earlier = islice(leading_to(settling.window.period, periods + 1, settling.agreement.effective), 1, None)
        return (self._known.get((id(settling.file), period.label)) for period in earlier)
