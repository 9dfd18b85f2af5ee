"""Each narwhals operation the reduction relies on, by name, so that an upgrade that breaks one is seen as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import narwhals as nw
import pytest

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch

Frame = nw.LazyFrame[Any]
k, t, b = nw.col("k"), nw.col("t"), nw.col("b")
BIG = 2**63 - 1
TINY: tuple[dict[str, str], list[tuple[int | None, ...]]] = (
    {"k": "INTEGER", "t": "BIGINT", "b": "BIGINT"},
    [(1, 10, 3), (1, 20, None), (1, 30, 5), (2, -7, 4)],
)


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


@pytest.fixture
def frame(scratch: Scratch) -> Frame:
    return scratch.give("tiny", *TINY)


def _decimal_sum(f: Frame) -> Frame:
    wide = f.with_columns(x=nw.lit(BIG, nw.Int64))
    return wide.group_by("k").agg(nw.col("x").cast(nw.Decimal(38, 0)).sum())


OPERATIONS: dict[str, tuple[Callable[[Frame], Frame], list[tuple[Any, ...]]]] = {
    "lag": (
        lambda f: f.select("t", p=t.shift(1).over("k", order_by=["t", "b"])),
        [(-7, None), (10, None), (20, 10), (30, 20)],
    ),
    "lead, filled": (
        lambda f: f.select("t", e=t.shift(-1).over("k", order_by="t").fill_null(99)),
        [(-7, 99), (10, 20), (20, 30), (30, 99)],
    ),
    "lead over two keys": (
        lambda f: f.filter(t > 10).select("t", e=t.shift(-1).over("k", "b", order_by="t")),
        [(20, None), (30, None)],
    ),
    "cum_max passes over null and is null there": (
        lambda f: f.select("t", m=b.cum_max().over("k", order_by="t")),
        [(-7, 4), (10, 3), (20, None), (30, 5)],
    ),
    "cum_count numbers rows": (
        lambda f: f.select("t", n=t.cum_count().over("k", order_by=["t", "b"])),
        [(-7, 1), (10, 1), (20, 2), (30, 3)],
    ),
    "max over a key": (lambda f: f.select("t", m=t.max().over("k")), [(-7, -7), (10, 30), (20, 30), (30, 30)]),
    "% has the floor's sign": (lambda f: f.select(m=t % 4), [(0,), (1,), (2,), (2,)]),
    "a bit by %": (
        lambda f: f.filter(~b.is_null()).select("t", on=b % (k * 2) >= k),
        [(-7, False), (10, True), (30, True)],
    ),
    "max_horizontal, min_horizontal ignore null": (
        lambda f: f.select("t", x=nw.max_horizontal(b, nw.lit(4)), y=nw.min_horizontal(b, nw.lit(4))),
        [(-7, 4, 4), (10, 4, 3), (20, 4, 4), (30, 5, 4)],
    ),
    "coalesce": (lambda f: f.select(x=nw.coalesce(b, t)), [(3,), (4,), (5,), (20,)]),
    "when, then, otherwise": (
        lambda f: f.select("t", x=nw.when(b > 3).then(t).otherwise(nw.lit(0))),
        [(-7, -7), (10, 0), (20, 0), (30, 30)],
    ),
    "when without otherwise is null": (
        lambda f: f.group_by("k").agg(x=nw.when(t > 10).then(t).min()),
        [(1, 20), (2, None)],
    ),
    "a typed literal": (lambda f: f.filter(t == 10).select(x=nw.lit(-(2**62), nw.Int64)), [(-(2**62),)]),
    "filtered count": (
        lambda f: f.group_by("k").agg(n=nw.when(t > 10).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64)),
        [(1, 2), (2, 0)],
    ),
    "sum of Decimal(38, 0) beyond 64 bits": (_decimal_sum, [(1, Decimal(3 * BIG)), (2, Decimal(BIG))]),
    "len": (lambda f: f.group_by("k").agg(n=nw.len()), [(1, 3), (2, 1)]),
    "n_unique counts null": (lambda f: f.group_by("k").agg(n=b.n_unique()), [(1, 3), (2, 1)]),
    "unique": (lambda f: f.select("k").unique(), [(1,), (2,)]),
    "concat": (lambda f: nw.concat([f.select("t"), f.select(t=t + 1)]).filter(t > 20), [(21,), (30,), (31,)]),
    "anti join on two columns": (
        lambda f: f.select("k", "t").join(f.filter(b > 3).select("k", "t"), on=["k", "t"], how="anti"),
        [(1, 10), (1, 20)],
    ),
    "inner join": (
        lambda f: (
            f.select("k", "t").join(f.filter(b > 3).select("k", u=t), on="k", how="inner").filter(t < nw.col("u"))
        ),
        [(1, 10, 30), (1, 20, 30)],
    ),
    "sort by several columns": (
        lambda f: f.select("k", "t").sort("k", "t", descending=[True, False]).head(2),
        [(1, 10), (2, -7)],
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_narwhals_still_does(scratch: Scratch, frame: Frame, name: str) -> None:
    build, expected = OPERATIONS[name]
    rows = scratch.rows(build(frame))
    assert sorted(rows, key=repr) == sorted(expected, key=repr)


def test_narwhals_still_cross_joins(scratch: Scratch, frame: Frame) -> None:
    rows = scratch.rows(
        frame.select("t")
        .filter(t < 20)
        .join(scratch.give("small", {"g": "BIGINT", "w": "BIGINT"}, [(7, 2), (8, 4)]), how="cross")
    )
    assert sorted(rows) == [(-7, 7, 2), (-7, 8, 4), (10, 7, 2), (10, 8, 4)]


def test_narwhals_still_hands_out_sql_that_can_be_kept(scratch: Scratch, frame: Frame) -> None:
    kept = scratch.keep(frame.with_columns(p=t.shift(1).over("k", order_by="t")).filter(t > 10), "kept")
    assert kept.collect_schema().names() == ["k", "t", "b", "p"]
    assert sorted(scratch.rows(kept.select("t", "p"))) == [(20, 10), (30, 20)]
