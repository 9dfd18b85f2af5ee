"""The periods of a run that were judged already: what a later one may be made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from slacheck.judging.judged import Judged
from slacheck.planning import Settling
from slacheck.timeline.periods import before


class Past:
    """The lines of every settling of a run so far, by agreement and period."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Mapping[str, Sequence[Judged]]] = {}

    def keep(self, settling: Settling, levels: Mapping[str, Sequence[Judged]]) -> None:
        """Remember the lines of one settling, by level."""
        self._known[id(settling.file), settling.window.period.label] = levels

    def before(self, settling: Settling, periods: int) -> Iterator[Mapping[str, Sequence[Judged]] | None]:
        """The lines of so many periods before that of ``settling``, the last first; None where they are not known.

        Periods that end before the agreement begins are none.
        """
        period = settling.window.period
        effective = settling.agreement.effective
        for _ in range(periods):
            period = before(period)
            if effective is not None and period.end <= effective:
                return
            yield self._known.get((id(settling.file), period.label))
