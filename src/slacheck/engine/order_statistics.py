"""Order statistics: count, sum, least and greatest of values, and percentiles by named methods, all exact.

Values are rows (q, k, v): request, subject and an integer of at most 38 digits, none of them null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.engine.wide import floored

Frame = nw.LazyFrame[Any]
Method = Literal["nearest-rank", "r6", "r7"]
Ranks = tuple[int, int, Fraction]

LIMB = 10**18
"""The base in which numbers too long to be summed are split: ``v // LIMB`` and ``v % LIMB``."""

_LARGEST_SUM = 10**38


@dataclass(frozen=True)
class Basic:
    """The values of one subject in one request: how many, their sum, the least and the greatest."""

    q: int
    k: int
    count: int
    total: int
    least: int
    greatest: int


@dataclass(frozen=True)
class Quantile:
    """The value below which ``share`` (0 to 1) of the values of ``request`` lie, by one of three methods.

    For n values in order x[1] .. x[n] and a share p:

    - ``nearest-rank``: the least x[j] with j >= n * p;
    - ``r6``: position (n + 1) * p, held within 1 and n, interpolated between its two neighbours;
    - ``r7``: position (n - 1) * p + 1, interpolated likewise.

    The last two are types 6 and 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996).
    """

    id: int
    request: int
    share: Fraction
    method: Method


@dataclass(frozen=True)
class Unknown:
    """Values of one subject that exist but are not known: so many below, and so many above, all that are known.

    A case still open, for one, takes any longer time. To have both ends of what may come out, ask twice: once with
    the case as a known value at the least it can be, once with it as unknown above.
    """

    low: int = 0
    high: int = 0


def basic(scratch: Scratch, values: Frame) -> list[Basic]:
    """Sum up values (q, k, v; a stored table, it is read twice) by (q, k), in that order. No value, no entry."""
    v = nw.col("v")
    ends = [
        tuple(int(cell) for cell in row)
        for row in sorted(
            scratch.rows(
                values.group_by("q", "k")
                .agg(count=nw.len(), least=v.min(), greatest=v.max())
                .select("q", "k", "count", "least", "greatest")
            )
        )
    ]
    # Eleven million values of 10**24 sum to 10**31 and fit; the engine refuses a sum that does not. Splitting
    # costs forty times a plain sum (two divisions of 128 bits per row), so only what needs it is split.
    split = not sums_fit((count, least, greatest) for _, _, count, least, greatest in ends)
    limbs = {"high": floored(v, LIMB), "low": v % LIMB} if split else {"low": v}
    sums = {name: limb.cast(nw.Decimal(38, 0)).sum() for name, limb in limbs.items()}
    totals = {
        (int(q), int(k)): LIMB * int(limb[0]) + int(limb[1]) if split else int(limb[0])
        for q, k, *limb in scratch.rows(values.group_by("q", "k").agg(**sums).select("q", "k", *sums))
    }
    return [Basic(q, k, count, totals[q, k], least, greatest) for q, k, count, least, greatest in ends]


def sums_fit(extents: Iterable[tuple[int, int, int]]) -> bool:
    """Whether every sum of some of the values, in any order, has at most 38 digits.

    ``extents`` are (count, least, greatest) of each group.
    """
    return all(count * max(-least, greatest) < _LARGEST_SUM for count, least, greatest in extents)


def quantiles(
    scratch: Scratch,
    values: Frame,
    wanted: Sequence[Quantile],
    unknown: Mapping[tuple[int, int], Unknown] | None = None,
) -> dict[tuple[int, int], Fraction | None]:
    """The wanted quantiles of values (q, k, v) as {(id of the quantile, k): value}.

    ``unknown`` tells, by (request, k), of values that exist but are not in the frame. They count in n, and a quantile
    that rests on one of them is None. A subject without values, known or not, has no entry. Raises ValueError for
    a share outside 0 to 1, a method that does not exist, an id given twice, or fewer than no unknown values.
    """
    unknown = unknown or {}
    _check(wanted, unknown)
    histogram = scratch.keep(values.group_by("q", "k", "v").agg(m=nw.len()), "histogram")
    m = nw.col("m")
    known = {
        (int(q), int(k)): int(n)
        for q, k, n in scratch.rows(
            histogram.group_by("q", "k").agg(n=m.cast(nw.Decimal(38, 0)).sum()).select("q", "k", "n")
        )
    }
    needed = list(_needed(wanted, known, unknown))
    ranks = {(each.request, k, rank) for each, k, found in needed if found for rank in found[:2]}
    at = _at_ranks(scratch, histogram, sorted(ranks))
    results: dict[tuple[int, int], Fraction | None] = {}
    for each, k, found in needed:
        if found is None:
            results[each.id, k] = None
            continue
        below, above = (at[each.request, k, rank] for rank in found[:2])
        results[each.id, k] = below + found[2] * (above - below)
    return results


def _check(wanted: Sequence[Quantile], unknown: Mapping[tuple[int, int], Unknown]) -> None:
    for quantile in wanted:
        if not 0 <= quantile.share <= 1:
            raise ValueError(f"the share {quantile.share} does not lie within 0 and 1")
        if quantile.method not in get_args(Method):
            raise ValueError(f"no method of quantiles is called {quantile.method!r}")
    if len({quantile.id for quantile in wanted}) < len(wanted):
        raise ValueError("two quantiles have the same id")
    if any(each.low < 0 or each.high < 0 for each in unknown.values()):
        raise ValueError("there cannot be fewer than no unknown values")


def _needed(
    wanted: Sequence[Quantile], known: Mapping[tuple[int, int], int], unknown: Mapping[tuple[int, int], Unknown]
) -> Iterator[tuple[Quantile, int, Ranks | None]]:
    """Per quantile and subject the two ranks among the known values and the share of the way between them."""
    subjects: dict[int, list[int]] = {}
    for q, k in sorted(known.keys() | {key for key, each in unknown.items() if each.low or each.high}):
        subjects.setdefault(q, []).append(k)
    for quantile in wanted:
        for k in subjects.get(quantile.request, ()):
            there = known.get((quantile.request, k), 0)
            beyond = unknown.get((quantile.request, k), Unknown())
            lower, upper, way = _position(quantile, beyond.low + there + beyond.high)
            lower, upper = lower - beyond.low, upper - beyond.low
            yield quantile, k, (lower, upper, way) if lower >= 1 and upper <= there else None


def _position(quantile: Quantile, n: int) -> Ranks:
    """The ranks from 1 to n that ``quantile`` lies between, equal where it is one of the values."""
    # In whole numbers: h = j + rest / whole.
    part, whole = quantile.share.numerator, quantile.share.denominator
    if quantile.method == "nearest-rank":
        rank = max(1, -(-n * part // whole))
        return rank, rank, Fraction(0)
    h = (n + 1) * part if quantile.method == "r6" else (n - 1) * part + whole
    j, rest = divmod(min(max(h, whole), n * whole), whole)
    return (j, j + 1, Fraction(rest, whole)) if rest else (j, j, Fraction(0))


def _at_ranks(
    scratch: Scratch, histogram: Frame, ranks: Sequence[tuple[int, int, int]]
) -> dict[tuple[int, int, int], Fraction]:
    """The value at each rank (q, k, rank), from (q, k, v) with m = how often."""
    m, reached, rank = nw.col("m"), nw.col("reached"), nw.col("rank")
    asked = scratch.give("ranks", dict.fromkeys(("q", "k", "rank"), "BIGINT"), ranks)
    found = (
        # Only the requests and subjects that somebody asks about are put in order.
        histogram.join(asked, on=["q", "k"], how="semi")
        .with_columns(reached=m.cum_sum().over("q", "k", order_by="v"))
        .join(asked, on=["q", "k"], how="inner")
        .filter(rank <= reached, rank > reached - m)
        .select("q", "k", "rank", "v")
    )
    return {(int(q), int(k), int(each)): Fraction(int(v)) for q, k, each, v in scratch.rows(found)}
