"""The worst of all stretches of a length: "12 hours in any 30 days", "three outages in any 30 days"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from slacheck.timeline.any_days import Ends
from slacheck.timeline.intervals import Intervals


def most_time(down: Intervals, width: int, lo: int, hi: int) -> tuple[int, int]:
    """The most time of ``down`` in any ``[end - width, end)`` with ``lo < end <= hi``, and the first such end.

    The time in a sliding stretch grows or shrinks evenly between the instants at which one of its edges meets an edge
    of ``down``: it is greatest at one of these, or where the stretch begins or stops to slide. Microseconds.
    """
    starts, ends = [start for start, _ in down], [end for _, end in down]
    sums = [0, *accumulate(end - start for start, end in down)]

    def before(instant: int) -> int:
        """How much of ``down`` lies before the instant."""
        index = bisect_right(starts, instant)
        return sums[index] - (max(0, ends[index - 1] - instant) if index else 0)

    edges = {lo + 1, hi, *starts, *ends, *(start + width for start in starts), *(end + width for end in ends)}
    found = [(-(before(end) - before(end - width)), end) for end in sorted(edges) if lo < end <= hi]
    if not found:
        return 0, hi
    least, end = min(found)
    return -least, end


def most_time_of(down: Intervals, stretches: Sequence[Ends], hi: int) -> int:
    """The most time of ``down`` in any of the stretches that end by ``hi``."""
    return max((most_time(down, each.width, each.lo, min(each.hi, hi))[0] for each in stretches), default=0)


def most_records_of(instants: Sequence[int], stretches: Sequence[Ends], hi: int) -> int:
    """The most ``instants`` that lie in any of the stretches that end by ``hi``."""
    return max((most_records(instants, each.width, each.lo, min(each.hi, hi))[0] for each in stretches), default=0)


def most_records(instants: Sequence[int], width: int, lo: int, hi: int) -> tuple[int, int]:
    """The most ``instants`` that lie in any ``[end - width, end)`` with ``lo < end <= hi``, and the first such end.

    A stretch holds most where it ends just after an instant, or where it begins or stops to slide.
    """
    ordered = sorted(instants)
    edges = {lo + 1, hi, *(instant + 1 for instant in ordered)}
    found = [
        (-(bisect_left(ordered, end) - bisect_left(ordered, end - width)), end)
        for end in sorted(edges)
        if lo < end <= hi
    ]
    if not found:
        return 0, hi
    least, end = min(found)
    return -least, end
