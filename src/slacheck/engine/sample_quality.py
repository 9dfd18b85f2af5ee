"""What the samples behind spells are worth: how far apart they are, what stands twice, and where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from slacheck.engine.clock import Clocks
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import SampleSpells, unknown_time
from slacheck.engine.time_tally import TimeRequest, counted_spells

Frame = nw.LazyFrame[Any]

# The one signal of the spells of unknown time.
_UNKNOWN = 0


class Within(NamedTuple):
    """One window [lo, hi) over the samples of all subjects, or of ``only`` some."""

    id: int
    lo: int
    hi: int
    only: tuple[int, ...] | None = None


@dataclass(frozen=True)
class GapRequest:
    """One window [lo, hi) over the samples of all subjects, or of ``only`` some, and the clock of the time that is to
    be known."""

    id: int
    lo: int
    hi: int
    clock: int
    only: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Gap:
    """The part [start, end) of one gap within a window, of the subject ``k``; ``length`` is what the clock counts."""

    k: int
    start: int
    end: int
    length: int


@dataclass(frozen=True)
class Gaps:
    """The stretches of one window in which nothing is known: those with any length on its clock, of all subjects.

    ``longest`` is the longest, of several the first, of several the one of the least k. ``worst`` are the subjects of
    which least is known, the worst first: (k, number, length, longest length) of the gaps of each.
    """

    number: int = 0
    length: int = 0
    subjects: int = 0
    longest: Gap | None = None
    worst: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Spacing:
    """The samples of one window: how many, of how many subjects, and the distances from each to the next one of its
    subject, between different instants.

    ``length`` is the sum of the ``distances``; ``far`` of them are longer than the states hold, and ``far_length``
    is their sum. ``duplicates`` are rows equal to an earlier one of the window.
    """

    rows: int = 0
    subjects: int = 0
    distances: int = 0
    length: int = 0
    far: int = 0
    far_length: int = 0
    duplicates: int = 0


def spacing(scratch: Scratch, found: SampleSpells, windows: Sequence[Within]) -> dict[int, Spacing]:
    """How the samples lie in each of ``windows``, of which every edge is one of ``found.edges``.

    Samples at ``found.until`` and later are not looked at for what is far apart or stands twice.
    """
    counted = counted_between(scratch, found.stretches, found.edges, windows)
    t, p, b, q = (nw.col(name) for name in "tpbq")
    frames = []
    every = [(each.id, each.lo, each.hi) for each in windows if each.only is None]
    some = [(each.id, k, each.lo, each.hi) for each in windows for k in each.only or ()]
    if every or not some:
        asked = scratch.give("windows", dict.fromkeys(("r", "lo", "hi"), "BIGINT"), every)
        frames.append(found.changes.join(asked, how="cross"))
    if some:
        asked = scratch.give("windows", dict.fromkeys(("r", "k", "lo", "hi"), "BIGINT"), some)
        frames.append(found.changes.join(asked, on="k", how="inner"))
    met = nw.concat([frame.select("r", "t", "p", "b", "q", "lo", "hi") for frame in frames])
    inside = met.filter(p >= nw.col("lo"), t < nw.col("hi"))

    def sum_of(condition: nw.Expr, amount: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(amount).otherwise(nw.lit(0, nw.Int64)).sum()

    one = nw.lit(1, nw.Int64)
    far = t - p > (found.hold if found.hold is not None else 2**62)
    sums = {
        "far": sum_of(far, one),
        "far_length": sum_of(far, t - p),
        "same": sum_of(t == p, one),
        "duplicates": sum_of((t == p) & (b == q), one),
    }
    told = {row[0]: row[1:] for row in scratch.rows(inside.group_by("r").agg(**sums).select("r", *sums))}
    spaced = {}
    for number, each in counted.items():
        far_ones, far_length, same, duplicates = map(int, told.get(number, (0, 0, 0, 0)))
        spaced[number] = Spacing(
            each.rows, each.subjects, each.distances - same, each.length, far_ones, far_length, duplicates
        )
    return spaced


def counted_between(
    scratch: Scratch, stretches: Frame, edges: Sequence[int], windows: Sequence[Within]
) -> dict[int, Spacing]:
    """The samples of each window from their ``stretches``; distances of nothing are among the others.

    Raises ValueError for a window whose edges are not among ``edges``.
    """
    places = {edge: place for place, edge in enumerate(edges)}
    every: list[tuple[int, int]] = []
    some: list[tuple[int, int, int]] = []
    for number, lo, hi, only in windows:
        if lo not in places or hi not in places:
            raise ValueError(f"samples are not counted from {lo} to {hi}")
        for w in range(places[lo] + 1, places[hi] + 1):
            if only is None:
                every.append((number, w))
            else:
                some += [(number, w, k) for k in only]
    frames = []
    if every or not some:
        asked = scratch.give("windows", dict.fromkeys(("r", "w"), "BIGINT"), every)
        frames.append(stretches.join(asked, on="w", how="inner"))
    if some:
        asked = scratch.give("windows", dict.fromkeys(("r", "w", "k"), "BIGINT"), some)
        frames.append(stretches.join(asked, on=["w", "k"], how="inner"))
    of_subjects = (
        nw.concat([frame.select("r", "k", "n", "first", "last") for frame in frames])
        .group_by("r", "k")
        .agg(n=nw.col("n").sum(), first=nw.col("first").min(), last=nw.col("last").max())
    )
    sums = of_subjects.group_by("r").agg(
        rows=nw.col("n").sum(), subjects=nw.len(), length=(nw.col("last") - nw.col("first")).sum()
    )
    found = {each.id: Spacing() for each in windows}
    for number, *values in scratch.rows(sums.select("r", "rows", "subjects", "length")):
        count, subjects, length = map(int, values)
        found[number] = Spacing(count, subjects, count - subjects, length)
    return found


def gaps(
    scratch: Scratch,
    found: SampleSpells,
    requests: Sequence[GapRequest],
    clocks: Clocks,
    worst: int,
    unknown: int | None = None,
) -> dict[int, Gaps]:
    """Where nothing is known in each of ``requests``, and the ``worst`` subjects: no state holds, or the signal
    ``unknown`` is on where one is given. Raises ValueError for a window without time."""
    windows = [
        TimeRequest(each.id, _UNKNOWN, None, None, each.lo, each.hi, each.clock, only=each.only) for each in requests
    ]
    dark = unknown_time(found) if unknown is None else found.spells.filter(nw.col("g") == unknown)
    spells = dark.select("k", "s", "e", g=nw.lit(_UNKNOWN, nw.Int64))
    met = counted_spells(scratch, spells, windows, clocks).frame.filter(nw.col("counted") > 0)
    return summed(
        scratch, met.select("r", "k", s="cs", e="ce", length="counted"), [each.id for each in requests], worst
    )


def summed(scratch: Scratch, stretches: Frame, requests: Sequence[int], worst: int) -> dict[int, Gaps]:
    """Gaps (r, k, s, e, length; none of length zero) by request, with the ``worst`` subjects of each."""
    kept = scratch.keep(stretches, "gaps")
    length, most, number = (nw.col(name) for name in ("length", "most", "number"))
    of_subjects = scratch.keep(
        kept.group_by("r", "k").agg(number=nw.len(), length=length.sum(), most=length.max()), "gaps_of"
    )
    whole = nw.Decimal(38, 0)
    sums = of_subjects.group_by("r").agg(
        number=number.sum(), length=length.cast(whole).sum(), subjects=nw.len(), most=most.max()
    )
    ranked = (
        of_subjects.with_columns(less=length * -1)
        .with_columns(place=nw.col("less").cum_count().over("r", order_by=["less", "k"]))
        .filter(nw.col("place") <= worst)
    )
    by_request: dict[int, list[tuple[int, ...]]] = {}
    for request, place, *row in sorted(scratch.rows(ranked.select("r", "place", "k", "number", "length", "most"))):
        by_request.setdefault(request, []).append(tuple(map(int, (place, *row)))[1:])
    longest = kept.join(sums.select("r", "most"), on="r", how="inner").filter(length == most)
    first = longest.with_columns(place=nw.col("s").cum_count().over("r", order_by=["s", "k"])).filter(
        nw.col("place") == 1
    )
    found: dict[int, Gaps] = {request: Gaps() for request in requests}
    longest_of = {r: Gap(*map(int, row)) for r, *row in scratch.rows(first.select("r", "k", "s", "e", "length"))}
    for r, *row in scratch.rows(sums.select("r", "number", "length", "subjects")):
        ranks = tuple((k, own, total, top) for k, own, total, top in by_request.get(r, ()))
        count, together, subjects = map(int, row)
        found[r] = Gaps(count, together, subjects, longest_of[r], ranks)
    return found


@dataclass(frozen=True)
class Repeats:
    """Rows at an instant of which their subject has several: ``same`` beyond the first of each, ``duplicates`` of them
    equal to an earlier one, and how many instants have rows that are not all equal (``conflicts``)."""

    same: int = 0
    duplicates: int = 0
    conflicts: int = 0


def repeats(
    scratch: Scratch, frame: Frame, compared: Sequence[str], windows: Sequence[tuple[int, int, int]]
) -> dict[int, Repeats]:
    """Look for rows (k, t) at one instant in each of ``windows`` (id, lo, hi); equal where ``compared`` columns are."""
    found = {number: Repeats() for number, _, _ in windows}
    n, t = nw.col("n"), nw.col("t")
    several = scratch.keep(frame.group_by("k", "t").agg(n=nw.len()).filter(n > 1).select("k", "t"), "several")
    if not scratch.rows(several.head(1)):
        return found
    equal = frame.join(several, on=["k", "t"], how="semi").group_by("k", "t", *compared).agg(n=nw.len())
    kinds, count = nw.col("kinds"), nw.col("rows")
    instants = equal.group_by("k", "t").agg(rows=n.sum(), kinds=nw.len())
    asked = scratch.give("windows", dict.fromkeys(("r", "lo", "hi"), "BIGINT"), windows)
    clash = nw.when(kinds > 1).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    sums = (
        instants.join(asked, how="cross")
        .filter(t >= nw.col("lo"), t < nw.col("hi"))
        .group_by("r")
        .agg(same=(count - 1).sum(), duplicates=(count - kinds).sum(), conflicts=clash.sum())
    )
    for number, *values in scratch.rows(sums.select("r", "same", "duplicates", "conflicts")):
        found[number] = Repeats(*map(int, values))
    return found
