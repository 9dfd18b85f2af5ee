"""The edges of civil spans as instants, where the clocks are changed too."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from zoneinfo import ZoneInfo

from slacheck.timeline.zones import DAY, offsets

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def wall(day: date) -> int:
    """The local midnight of a day, in microseconds "as if UTC"."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


class WallClock:
    """The clock of a zone over the days from ``first`` to ``last`` and a week on both sides.

    Local times are microseconds "as if UTC". What is between a start and an end is all time from the first instant
    whose local time is not before the start to the last one whose local time is before the end.
    """

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self._stretches = offsets(zone, wall(first) - 7 * DAY, wall(last) + 7 * DAY)
        self._edges = [stretch.lo for stretch in self._stretches]

    def start(self, local: int) -> int:
        """The instant of a local time: in a gap that of the change, of two readings the first."""
        stretch = self._stretches[bisect_right(self._edges, local) - 1]
        return (stretch.lo if stretch.kind == "gap" else local) - stretch.offset_us

    def end(self, local: int) -> int:
        """As ``start``, but of two readings the last.

        A midnight is where the next day starts, as ``zones.midnight`` has it. So is the very first local time that
        happens twice: all local times before it happened once.
        """
        stretch = self._stretches[bisect_right(self._edges, local) - 1]
        if stretch.kind == "fold" and local % DAY and local != stretch.lo:
            return local - stretch.later_offset_us
        return self.start(local)
