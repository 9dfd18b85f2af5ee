"""The algebra of half-open integer intervals: united, cut, taken away, measured, split at an amount."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter

Intervals = tuple[tuple[int, int], ...]
"""Intervals ``[start, end)`` in order, none empty, no two overlapping or touching: one set of integers, one value."""


def union(*parts: Iterable[tuple[int, int]]) -> Intervals:
    """Every integer that is in any of the parts, which may come in any order, overlap, touch or be empty.

    Raises ValueError for an interval that ends before it starts.
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted(chain.from_iterable(parts)):
        if end < start:
            raise ValueError(f"an interval ends at {end}, before it starts at {start}")
        if start == end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def intersection(left: Intervals, right: Intervals) -> Intervals:
    """Every integer that is in both."""
    shared = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            shared.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(shared)


def difference(left: Intervals, right: Intervals) -> Intervals:
    """Every integer of ``left`` that is not in ``right``."""
    kept = []
    j = 0
    for start, end in left:
        while j < len(right) and right[j][1] <= start:
            j += 1
        k = j
        while k < len(right) and right[k][0] < end:
            if start < right[k][0]:
                kept.append((start, right[k][0]))
            start = right[k][1]
            k += 1
        if start < end:
            kept.append((start, end))
    return tuple(kept)


def clip(intervals: Intervals, start: int, end: int) -> Intervals:
    """The part of the intervals within ``[start, end)``; nothing when that is empty."""
    return intersection(intervals, ((start, end),)) if start < end else ()


def length(intervals: Intervals) -> int:
    """How many integers the intervals hold."""
    return sum(end - start for start, end in intervals)


def first(intervals: Intervals, amount: int) -> tuple[Intervals, Intervals]:
    """The first ``amount`` of counted time, and the rest.

    Together they are the intervals; the first part is shorter than ``amount`` only when all of it is. Raises
    ValueError for a negative amount.
    """
    if amount < 0:
        raise ValueError(f"there is no first {amount} of anything")
    for index, (start, end) in enumerate(intervals):
        if amount < end - start:
            cut = start + amount
            taken = ((start, cut),) if start < cut else ()
            return intervals[:index] + taken, ((cut, end), *intervals[index + 1 :])
        amount -= end - start
    return intervals, ()


def contains(intervals: Intervals, instant: int) -> bool:
    """Whether one integer is in the intervals."""
    index = bisect_right(intervals, instant, key=itemgetter(0)) - 1
    return index >= 0 and instant < intervals[index][1]
