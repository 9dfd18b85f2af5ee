"""Case tallies: cases within a limit, sums, the longest ones and single rows, of the lengths of ``case_clock``.

``elapsed`` and ``late_by`` are microseconds, ``days`` are days. A column that a request has not asked for is null:
such cases have no part in what is made of that column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from slacheck.engine.bounds import LANES, bounds
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]
Column = Literal["elapsed", "days", "late_by"]

_COLUMNS: tuple[Column, ...] = ("elapsed", "days", "late_by")
_CLOSED, _OPEN = nw.col("open") == 0, nw.col("open") == 1


@dataclass(frozen=True)
class CaseBound:
    """The limit of one request: a case is within when least <= value <= most; None = no bound on that side."""

    request: int
    column: Column
    least: int | None
    most: int | None


@dataclass(frozen=True)
class CaseCount:
    """Cases of one subject under the limit number ``bound`` of those given; total = within + open_within + late.

    ``within`` are closed and within the limit. ``open_within`` are open and not beyond ``most`` yet: unknown.
    ``late`` are the rest: closed outside, or open and beyond ``most`` already. ``early``, the closed ones below
    ``least``, are among them.
    """

    bound: int
    request: int
    k: int
    total: int
    within: int
    open_within: int
    late: int
    early: int


@dataclass(frozen=True)
class CaseSum:
    """Sums of one subject: of its closed cases (``least`` and ``greatest`` None without one) and of its open ones."""

    request: int
    k: int
    count: int
    sum: int
    least: int | None
    greatest: int | None
    open_count: int
    open_sum: int


@dataclass(frozen=True)
class CaseRow:
    """One case: ``value`` is the column asked for, ``e`` the end, or the instant it was seen at where it is open."""

    request: int
    k: int
    r: int
    d: int
    s: int
    e: int
    open: bool
    value: int
    paused: int


def case_counts(scratch: Scratch, lengths: Frame, bounds: Sequence[CaseBound]) -> list[CaseCount]:
    """Count cases by limit and subject, by (bound, k); a subject without a case has no row.

    Raises ValueError for a column that is none, or that the request has not asked for, and for least beyond most.
    """
    for each in bounds:
        if each.least is not None and each.most is not None and each.least > each.most:
            raise ValueError(f"nothing lies between {each.least} and {each.most}")
    asked = scratch.give(
        "bounds",
        dict.fromkeys(("b", "q", "which", "least", "most"), "BIGINT"),
        [
            (number, each.request, _COLUMNS.index(_checked(each.column)), each.least, each.most)
            for number, each in enumerate(bounds)
        ],
    )
    which, v = nw.col("which"), nw.col("v")
    early = ~nw.col("least").is_null() & (v < nw.col("least"))
    beyond = ~nw.col("most").is_null() & (v > nw.col("most"))
    counts = (
        lengths.join(asked, on="q", how="inner")
        .with_columns(
            v=nw.when(which == 0)
            .then(nw.col(_COLUMNS[0]))
            .otherwise(nw.when(which == 1).then(nw.col(_COLUMNS[1])).otherwise(nw.col(_COLUMNS[2])))
        )
        .group_by("b", "q", "k")
        .agg(
            total=nw.len(),
            known=_rows(~v.is_null()),
            within=_rows(_CLOSED & ~early & ~beyond),
            open_within=_rows(_OPEN & ~beyond),
            late=_rows((_CLOSED & early) | beyond),
            early=_rows(_CLOSED & early),
        )
        .select("b", "q", "k", "total", "known", "within", "open_within", "late", "early")
    )
    tallies = []
    for row in sorted(scratch.rows(counts)):
        number, request, k, total, known, *parts = (int(value) for value in row)
        if known < total:
            raise ValueError(f"request {request} has not asked for {bounds[number].column}")
        tallies.append(CaseCount(number, request, k, total, *parts))
    return tallies


def case_sums(scratch: Scratch, lengths: Frame, column: Column) -> list[CaseSum]:
    """Sum ``column`` by request and subject, by (request, k). Raises ValueError for a column that is none."""
    v = nw.col("v")
    nothing = nw.lit(0, nw.Int64)

    def total(condition: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(v).otherwise(nothing).cast(nw.Decimal(38, 0)).sum()

    sums = (
        _valued(lengths, column)
        .group_by("q", "k")
        .agg(
            count=_rows(_CLOSED),
            sum=total(_CLOSED),
            least=nw.when(_CLOSED).then(v).min(),
            greatest=nw.when(_CLOSED).then(v).max(),
            open_count=_rows(_OPEN),
            open_sum=total(_OPEN),
        )
        .select("q", "k", "count", "sum", "least", "greatest", "open_count", "open_sum")
    )
    found = []
    for q, k, count, summed, least, greatest, open_count, open_sum in scratch.rows(sums):
        found.append(CaseSum(q, k, count, int(summed), least, greatest, open_count, int(open_sum)))
    return sorted(found, key=lambda each: (each.request, each.k))


def worst_cases(scratch: Scratch, lengths: Frame, column: Column, limit: int) -> list[CaseRow]:
    """The ``limit`` greatest values of ``column`` of each request, open cases among them.

    In order of request, then greatest first, then s, k, r. Raises ValueError for a column that is none.
    """
    worst = (
        _valued(lengths, column)
        .with_columns(less=nw.col("v") * -1)
        .with_columns(place=nw.col("s").cum_count().over("q", order_by=["less", "s", "k", "r"]))
        .filter(nw.col("place") <= limit)
    )
    return sorted(_fetched(scratch, worst), key=lambda row: (row.request, -row.value, row.s, row.k, row.r))


def case_rows(scratch: Scratch, lengths: Frame, column: Column) -> list[CaseRow]:
    """Every case, by (request, d, k, r). Raises ValueError for a column that is none."""
    rows = _fetched(scratch, _valued(lengths, column))
    return sorted(rows, key=lambda row: (row.request, row.d, row.k, row.r))


def values(lengths: Frame, column: Column) -> Frame:
    """The closed cases as q, k, v, for order statistics. Raises ValueError for a column that is none."""
    return _valued(lengths, column).filter(_CLOSED).select("q", "k", "v")


def near_the_top(scratch: Scratch, valued: Frame, most: int) -> Frame:
    """``valued`` (q, k, r, v and more) less rows that are not among the ``most`` greatest v of their q and k.

    All that equal the last of them stay, and others may: it is what ranking them needs to look at.
    """
    sizes = valued.group_by("q", "k").agg(n=nw.len())
    ((largest,),) = scratch.rows(sizes.select(largest=nw.col("n").max()))
    if (largest or 0) <= LANES * most:
        return valued
    negated = valued.with_columns(less=nw.col("v") * -1)
    bound, less, of = nw.col("bound"), nw.col("less"), ["q", "k"]
    held = negated.join(bounds(scratch, negated, of, "less", most, nw.col("r")), on=of, how="left")
    return held.filter(bound.is_null() | (less <= bound)).drop("bound", "less")


def _fetched(scratch: Scratch, frame: Frame) -> list[CaseRow]:
    rows = scratch.rows(frame.select("q", "k", "r", "d", "s", "e", "open", "v", "paused"))
    return [CaseRow(q, k, r, d, s, e, opened == 1, v, paused) for q, k, r, d, s, e, opened, v, paused in rows]


def _valued(lengths: Frame, column: Column) -> Frame:
    return lengths.with_columns(v=nw.col(_checked(column))).filter(~nw.col("v").is_null())


def _checked(column: Column) -> Column:
    if column not in _COLUMNS:
        raise ValueError(f"a case has no {column}")
    return column


def _rows(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64)
