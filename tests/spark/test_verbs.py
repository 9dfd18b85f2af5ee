"""The verbs of a scratch, and what the reductions ask of narwhals, on a real Spark."""

from __future__ import annotations

import random
from typing import Any

import narwhals as nw
import pytest

from slacheck.engine.spark import scratch as spark_scratch
from slacheck.engine.spark.scratch import SparkScratch
from slacheck.engine.wide import floored, wide
from tests.engine.test_narwhals_coverage import OPERATIONS, TINY

AWKWARD = ["", " ", "'", '"', "\\", "\\'", "a\nb", "`", "$x", "ö", "\U0001f600", "{}", "--", "%s", "\t"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_narwhals_does_the_same(scratch: SparkScratch, name: str) -> None:
    build, expected = OPERATIONS[name]
    rows = scratch.rows(build(scratch.give("tiny", *TINY)))
    assert sorted(rows, key=repr) == sorted([tuple(map(_whole, row)) for row in expected], key=repr)


def _whole(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, (bool, str)) else int(cell)


@pytest.mark.parametrize("times", [1, 400], ids=["within the plan", "as a table"])
def test_what_is_given_comes_back_as_it_was(scratch: SparkScratch, times: int) -> None:
    kinds = {"i": "INTEGER", "b": "BIGINT", "w": "HUGEINT", "t": "VARCHAR", 'odd ` " name': "SMALLINT"}
    some = [(-(2**31), -(2**63), -(10**37), text, 2**15 - 1) for text in AWKWARD]
    rows = [*some, (2**31 - 1, 2**63 - 1, 10**37, None, None), (None, None, None, "x", 0)] * times
    given = scratch.give("given", kinds, rows)
    assert sorted(scratch.rows(given), key=repr) == sorted(rows, key=repr)
    kept = scratch.keep(given, "kept")
    assert sorted(scratch.rows(kept), key=repr) == sorted(rows, key=repr)
    assert kept.collect_schema() == given.collect_schema()


def test_nothing_given_is_a_table_without_rows(scratch: SparkScratch) -> None:
    given = scratch.give("none", {"a": "BIGINT", "b": "VARCHAR"}, [])
    assert scratch.rows(given) == []
    assert scratch.rows(given.select(n=nw.len())) == [(0,)]


def test_wide_numbers_are_compared_and_divided_exactly(scratch: SparkScratch) -> None:
    """Quotients around 2**53, where a double begins to skip numbers, and the neighbours of multiples."""
    chance = random.Random(1)
    rows = []
    for _ in range(1000):
        divisor = chance.choice([1, 2, 3, 7, 10**9 - 1, 10**12, 10**18, chance.randint(1, 10**18)])
        near = chance.randint(-5, 5)
        quotient = chance.choice([chance.randint(-(10**19), 10**19), 2**53 + near, near])
        number = quotient * divisor + chance.choice([0, 1, -1, divisor - 1, chance.randint(0, divisor)])
        if abs(number) < 10**37:
            rows.append((number, divisor))
    frame = scratch.give("wide", {"n": "HUGEINT", "by": "BIGINT"}, rows)
    n = nw.col("n")
    quotients = [floored(n, nw.col("by")), floored(n, 10**18), floored(n, 10**22, 15)]
    named = dict(zip(("of", "limb", "short"), quotients, strict=True))
    found = scratch.rows(frame.select("n", "by", **named, more=n > wide(10**20)))
    assert len(found) == len(rows)
    for number, divisor, *answers in found:
        assert answers == [number // divisor, number // 10**18, number // 10**22, number > 10**20]


def test_the_row_above_is_that_before_in_the_order_of_the_rows(
    scratch: SparkScratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over stretches of ten rowids, some of them empty, from rows that come in no order."""
    monkeypatch.setattr(spark_scratch, "_STRETCH", 10)
    rows = [(number, f"w{number % 7}" if number % 3 else None) for number in (*range(25), *range(60, 75), 200)]
    random.Random(2).shuffle(rows)
    frame = scratch.give("rows", {"rowid": "BIGINT", "odd name": "VARCHAR"}, rows)
    found = scratch.rows(scratch.above(frame.filter(nw.col("rowid") != 11), ["rowid", "odd name"]))
    ordered = sorted(row for row in rows if row[0] != 11)
    assert sorted(found) == [(*row, *before) for row, before in zip(ordered, [(None, None), *ordered], strict=False)]
