"""Bounds times a cell of the record, such as "> 2s per megabytes": exact, however many digits the cells have."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from fractions import Fraction

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.language.conditions import read
from slacheck.language.quantities import Comparison, Unreadable
from slacheck.sources.matching import SCALE, compared

OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
cells = st.one_of(
    st.integers(-(10**37) + 1, 10**37 - 1),
    st.integers(-5, 5).map(lambda n: n * 10**SCALE),
    st.integers(-(10**24), 10**24),
)
# At the very bound: the product, and one less and more.
at_the_bound = st.tuples(st.integers(-(10**22), 10**22), st.integers(-1, 1)).map(lambda p: (p[0] * 2000 + p[1], p[0]))


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize(("bound", "worth"), [("2s", 1000), ("-0.3", 1), ("0", 1), ("9999999999.999", 1), ("3%", 1)])
@given(rows=st.lists(st.one_of(st.tuples(cells, cells), at_the_bound), min_size=1, max_size=30))
def test_products_are_compared_exactly(
    scratch: Scratch, sign: str, bound: str, worth: int, rows: list[tuple[int, int]]
) -> None:
    frame = scratch.give(
        "x", {"i": "BIGINT", "a": "HUGEINT", "b": "HUGEINT"}, [(i, *row) for i, row in enumerate(rows)]
    )
    comparison = Comparison.read(f"{sign} {bound} per mb", per_column=True)
    condition = compared(nw.col("a"), comparison, 10**SCALE / Fraction(worth), {"mb": "b"})
    found = {i for (i,) in scratch.rows(frame.filter(condition).select("i"))}
    factor = comparison.bounds[0].value / worth
    assert found == {i for i, (a, b) in enumerate(rows) if OPERATORS[sign](Fraction(a), factor * b)}


def test_both_words_are_read_as_numbers() -> None:
    condition = read({"duration": ">= 1s, < 2s per megabytes", "any_of": [{"time": {"not": "> 3 per km"}}]})
    assert list(condition.compared()) == ["duration", "megabytes", "time", "km"]
    assert list(condition.equalled()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("> 2s per ", "not a value"),
        ("> per km", "not a value"),
        ("> 2 working days per km", "multiplies days"),
        ("> 12345678901234567 per km", "too many digits"),
        ("> 0.12345678901234567 per km", "too many digits"),
    ],
)
def test_a_bound_that_cannot_be_multiplied_is_refused(text: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        Comparison.read(text, per_column=True)


def test_a_target_has_no_record_to_be_multiplied_with() -> None:
    with pytest.raises(Unreadable, match="no record"):
        Comparison.read("<= 10ms per km")


def test_a_scaled_bound_does_not_compare_by_itself() -> None:
    with pytest.raises(ValueError, match="beside a record"):
        Comparison.read("<= 10ms per km", per_column=True).holds(Fraction(1))
