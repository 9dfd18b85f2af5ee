"""Any so many days: the stretches that end at one instant after the other and begin so many civil days before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from slacheck.timeline.zones import DAY, Stretch, changes, offset_at, offsets


class Ends(NamedTuple):
    """The stretches that end at an instant in ``(lo, hi]`` and are ``width`` long; microseconds (UTC)."""

    lo: int
    hi: int
    width: int


def any_days(count: int, lo: int, hi: int, zone: ZoneInfo) -> Iterator[Ends]:
    """Every stretch that ends in ``(lo, hi]`` and begins at the same local time ``count`` days before, in order.

    Where a change of the clocks lies between the two, the stretch is as much longer or shorter. A local time that the
    clocks skipped is the instant of the change (of the stretches that begin with it the longest stands for all), and
    one that came twice is the first of the two.
    """
    cuts = [lo + 1, *(change.at for change in changes(zone, lo + 2, hi + 1)), hi + 1]
    for first, after in pairwise(cuts):
        if first >= after:
            continue
        back = count * DAY - offset_at(first, zone)
        for stretch in offsets(zone, first - back, after - 1 - back):
            ends, until = stretch.lo + back, stretch.hi + back
            if stretch.kind == "gap":
                yield Ends(until - 2, until - 1, until - 1 - _skipped_at(stretch, zone))
            else:
                yield Ends(ends - 1, until - 1, back + stretch.offset_us)


def _skipped_at(gap: Stretch, zone: ZoneInfo) -> int:
    """The instant of the change that skips a local time."""
    near = changes(zone, gap.lo - gap.offset_us - 2 * DAY, gap.lo - gap.offset_us + 2 * DAY)
    return next(change.at for change in near if change.at + change.before <= gap.lo < change.at + change.after)
