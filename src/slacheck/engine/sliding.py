"""Sliding windows: the worst mean, sum, count or extreme of samples over "any continuous 15 minutes".

A window [x, x + width) slides over [lo, hi), at every instant x and not from sample to sample. What it holds
changes just after a sample falls out (x = t) and just after the next one comes in (x = t - width). So the windows
that start at a sample, the windows that end at a sample (and do not hold it) and the last window of all hold
every set of samples that any window holds, and only these are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.order_statistics import LIMB, Basic, basic, sums_fit
from slacheck.engine.scratch import Scratch
from slacheck.engine.wide import WIDE, floored

Frame = nw.LazyFrame[Any]
Statistic = Literal["mean", "sum", "count", "max", "min"]
Worse = Literal["greatest", "least"]

_MOST_SAMPLES = 10**9
"""Two fractions with denominators up to this differ by more than 1 / LIMB, or not at all."""


@dataclass(frozen=True)
class SlidingRequest:
    """Windows of ``width`` microseconds that lie wholly in [lo, hi), and the statistic of the samples in each.

    ``worse`` is the end looked for. A window with fewer samples than ``least_samples`` says nothing.
    """

    id: int
    lo: int
    hi: int
    width: int
    statistic: Statistic
    worse: Worse
    least_samples: int = 1


@dataclass(frozen=True)
class WorstWindow:
    """The worst window [start, end) of one subject: the statistic in the unit of the samples, and how many it holds.

    ``value``, ``start``, ``end`` and ``samples`` are None where every window is silent: it has too few samples, or
    none fits into [lo, hi). Windows that hold the same samples are one window, which starts as late as it can;
    ``windows`` were looked at, and ``silent`` is how many of them are. Of windows equally bad the first is told.
    """

    request: int
    k: int
    value: Fraction | None
    start: int | None
    end: int | None
    samples: int | None
    windows: int
    silent: int


def worst_windows(scratch: Scratch, samples: Frame, requests: Sequence[SlidingRequest]) -> list[WorstWindow]:
    """The worst window of samples (q = request, k, t, v, integers, none null) per request and subject, by (request, k).

    Samples outside [lo, hi) are left out; a subject without others has no entry. Exact for values of up to 38 digits.

    Raises ValueError for a request without time, width or a known statistic, for a mean over no samples, for a
    maximum of which the least is asked or the reverse, and for a subject with 10**9 samples.
    """
    _check(requests)
    asked = scratch.give(
        "requests",
        dict.fromkeys(("q", "lo", "hi", "width", "needed", "sign", "divided", "counted", "extreme"), "BIGINT"),
        [tuple(_row(request)) for request in requests],
    )
    t = nw.col("t")
    met = scratch.keep(
        samples.join(asked, on="q", how="inner").filter(t >= nw.col("lo"), t < nw.col("hi")).select("q", "k", "t", "v"),
        "met",
    )
    subjects = basic(scratch, met)
    if any(subject.count >= _MOST_SAMPLES for subject in subjects):
        raise ValueError(f"a subject has {_MOST_SAMPLES} samples or more")
    # Each sample goes into the sums twice, once as it comes and once as it leaves.
    split = not sums_fit((2 * each.count, each.least, each.greatest) for each in subjects)
    windows = scratch.keep(_windows(met, asked, split), "windows")
    ranked = [_ranked(windows, asked, split)]
    if any(request.statistic in ("max", "min") for request in requests):
        ranked.append(_ranked_extremes(met, windows, asked))
    chosen = _first(scratch, nw.concat(ranked), windows)
    return list(
        _told(subjects, {request.id: request for request in requests}, chosen, _looked_at(scratch, windows, asked))
    )


def _check(requests: Sequence[SlidingRequest]) -> None:
    for request in requests:
        if request.lo >= request.hi or request.width <= 0:
            raise ValueError(f"no window of {request.width} microseconds between {request.lo} and {request.hi}")
        if request.statistic not in get_args(Statistic) or request.worse not in get_args(Worse):
            raise ValueError(f"no statistic is called {request.worse!r} {request.statistic!r}")
        if (request.statistic, request.worse) in (("max", "least"), ("min", "greatest")):
            raise ValueError(f"the {request.worse} {request.statistic} over sliding windows is not worked out")
        if request.least_samples < (0 if request.statistic in ("sum", "count") else 1):
            raise ValueError(f"a {request.statistic} needs a sample, not {request.least_samples}")
    if len({request.id for request in requests}) < len(requests):
        raise ValueError("two requests have the same id")


def _row(request: SlidingRequest) -> Iterator[int]:
    yield from (request.id, request.lo, request.hi, request.width, request.least_samples)
    yield -1 if request.worse == "greatest" else 1
    yield request.statistic == "mean"
    yield request.statistic == "count"
    yield request.statistic in ("max", "min")


def _windows(met: Frame, asked: Frame, split: bool) -> Frame:
    """The windows (q, k, x) with n samples whose sum is high * LIMB + low, or ``high`` where sums are not split."""
    t, v, x = nw.col("t"), nw.col("v").cast(WIDE), nw.col("x")
    limbs = {"high": floored(v, LIMB), "low": v % LIMB} if split else {"high": v}
    samples = met.join(asked.select("q", "hi", "width"), on="q", how="inner").with_columns(**limbs, n=nw.lit(1))
    sums = [nw.col(name) for name in (*limbs, "n")]
    comes = samples.select("q", "k", *sums, x=t - nw.col("width"))
    leaves = samples.select("q", "k", *(-each for each in sums), x=t)
    ends = samples.select("q", "k", *(each * 0 for each in sums), x=nw.col("hi") - nw.col("width"))
    last = distinct(ends, "q", "k", *limbs, "n", "x")
    return (
        nw.concat([comes, leaves, last])
        .group_by("q", "k", "x")
        .agg(*(each.cast(WIDE).sum() for each in sums))
        # What happens at x itself shows in the windows after it.
        .with_columns(*(each.cum_sum().over("q", "k", order_by="x") - each for each in sums))
        .join(asked.select("q", "lo", "hi", "width"), on="q", how="inner")
        .filter(x >= nw.col("lo"), x <= nw.col("hi") - nw.col("width"))
        .select("q", "k", "x", *(each.cast(WIDE) for each in sums))
    )


def _ranked(windows: Frame, asked: Frame, split: bool) -> Frame:
    """Windows with enough samples and their statistic as digits a, b, c; the smaller in this order the worse.

    The digits are those of a division by hand in base LIMB, so that fractions are compared without a product that
    could overflow.
    """
    n, high, low = nw.col("n"), nw.col("high"), nw.col("low")
    counted, by = nw.col("counted") == 1, nw.col("by")
    rows = (
        windows.join(asked, on="q", how="inner")
        .filter(n >= nw.col("needed"), nw.col("extreme") == 0)
        .with_columns(
            by=nw.when(nw.col("divided") == 1).then(n).otherwise(nw.lit(1)),
            high=nw.when(counted).then(n).otherwise(high + floored(low, LIMB) if split else high),
            low=nw.when(counted).then(nw.lit(0)).otherwise(low % LIMB if split else nw.lit(0)),
        )
    )
    rows = rows.with_columns(a=floored(high, by))
    rows = rows.with_columns(rest=(high - nw.col("a") * by) * LIMB + low)
    if split:
        rows = rows.with_columns(b=floored(nw.col("rest"), by))
        rows = rows.with_columns(rest=(nw.col("rest") - nw.col("b") * by) * LIMB)
    else:
        rows = rows.with_columns(b=nw.lit(0))
    rows = rows.with_columns(c=floored(nw.col("rest"), by))
    return rows.select("q", "k", "x", *((nw.col(digit) * nw.col("sign")).cast(WIDE).alias(digit) for digit in "abc"))


def _ranked_extremes(met: Frame, windows: Frame, asked: Frame) -> Frame:
    """Each sample that some window with enough samples holds, with the last such window, in the manner of ``_ranked``.

    The greatest of the windows' maxima is the greatest of these samples.
    """
    t, v, x = nw.col("t"), nw.col("v").cast(WIDE), nw.col("x")
    told = (
        windows.join(asked, on="q", how="inner")
        .filter(nw.col("n") >= nw.col("needed"), nw.col("extreme") == 1)
        .select("q", "k", t=x, x=x, v=nw.lit(0).cast(WIDE), sample=nw.lit(0))
    )
    held = (
        met.join(asked, on="q", how="inner")
        .filter(nw.col("extreme") == 1)
        .select("q", "k", "t", x=nw.col("lo") - nw.col("width"), v=v * nw.col("sign"), sample=nw.lit(1))
    )
    return (
        nw.concat([told, held])
        .with_columns(x=x.cum_max().over("q", "k", order_by=["t", "sample", "x"]))
        .join(asked.select("q", "width"), on="q", how="inner")
        .filter(nw.col("sample") == 1, x > t - nw.col("width"))
        .select("q", "k", "x", a=v, b=nw.lit(0).cast(WIDE), c=nw.lit(0).cast(WIDE))
    )


def _first(scratch: Scratch, ranked: Frame, windows: Frame) -> dict[tuple[int, int], tuple[int, ...]]:
    """The window with the least digits per (q, k), then the first: (x, samples, first digit, sum as limbs)."""
    ranked = scratch.keep(ranked, "ranked")
    best = ranked.group_by("q", "k").agg(best=nw.col("a").min())
    chosen = (
        ranked.join(best, on=["q", "k"], how="inner")
        .filter(nw.col("a") == nw.col("best"))
        .with_columns(place=nw.col("x").cum_count().over("q", "k", order_by=["b", "c", "x"]))
        .filter(nw.col("place") == 1)
        .select("q", "k", "x", "a")
        .join(windows, on=["q", "k", "x"], how="inner")
    )
    limbs = [name for name in ("high", "low") if name in windows.collect_schema().names()]
    rows = scratch.rows(chosen.select("q", "k", "x", "n", "a", *limbs))
    return {(int(q), int(k)): tuple(int(cell) for cell in rest) for q, k, *rest in rows}


def _looked_at(scratch: Scratch, windows: Frame, asked: Frame) -> dict[tuple[int, int], tuple[int, int]]:
    """How many windows there are per (q, k), and how many of them are silent."""
    silent = nw.when(nw.col("n") < nw.col("needed")).then(nw.lit(1)).otherwise(nw.lit(0))
    counted = (
        windows.join(asked, on="q", how="inner")
        .group_by("q", "k")
        .agg(windows=nw.len(), silent=silent.sum())
        .select("q", "k", "windows", "silent")
    )
    return {(int(q), int(k)): (int(all_), int(some)) for q, k, all_, some in scratch.rows(counted)}


def _told(
    subjects: Sequence[Basic],
    requests: dict[int, SlidingRequest],
    chosen: dict[tuple[int, int], tuple[int, ...]],
    looked_at: dict[tuple[int, int], tuple[int, int]],
) -> Iterator[WorstWindow]:
    for subject in subjects:
        key = subject.q, subject.k
        windows, silent = looked_at.get(key, (0, 0))
        if key not in chosen:
            yield WorstWindow(*key, None, None, None, None, windows, silent)
            continue
        request = requests[subject.q]
        x, samples, digit, *limbs = chosen[key]
        total = limbs[0] * LIMB + limbs[1] if len(limbs) == 2 else limbs[0]
        match request.statistic:
            case "mean":
                value = Fraction(total, samples)
            case "sum":
                value = Fraction(total)
            case "count":
                value = Fraction(samples)
            case "max" | "min":
                value = Fraction(-digit if request.worse == "greatest" else digit)
        yield WorstWindow(*key, value, x, x + request.width, samples, windows, silent)
