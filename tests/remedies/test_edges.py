"""What the walk over the edges of a band table finds is what a fine grid of values finds."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.language.payments import Pay
from slacheck.language.quantities import Comparison, Kind
from slacheck.remedies.edges import Row, table_faults, written

PERCENTS = range(90, 101)
GRID = tuple(Fraction(step, 1000) for step in range(1001))
"""Every tenth of a percent: between any two whole percents lie values, and every edge is one of them."""

TARGETS = st.one_of(
    st.tuples(st.sampled_from((">=", ">", "<=", "<", "=")), st.sampled_from(PERCENTS)).map(lambda t: f"{t[0]} {t[1]}%"),
    st.tuples(st.integers(90, 95), st.integers(96, 100)).map(lambda t: f">= {t[0]}%, < {t[1]}%"),
)
EDGE_TEXTS = st.one_of(
    st.tuples(st.sampled_from(("<", "<=", ">", ">=")), st.sampled_from(PERCENTS)).map(lambda t: f"{t[0]} {t[1]}%"),
    st.tuples(
        st.sampled_from((">", ">=")), st.integers(90, 95), st.sampled_from(("<", "<=")), st.integers(96, 100)
    ).map(lambda t: f"{t[0]} {t[1]}%, {t[2]} {t[3]}%"),
)
TABLES = st.lists(st.tuples(EDGE_TEXTS, st.integers(0, 4)), min_size=1, max_size=4)


def table(*rows: tuple[str, str]) -> list[Row]:
    return [Row(Comparison.read(compared), Pay.read(paid)) for compared, paid in rows]


def codes(rows: Iterable[tuple[str, str]], otherwise: str | None, target: str, unit: Kind = "share") -> list[str]:
    other = Pay.read(otherwise) if otherwise is not None else None
    ceiling = Fraction(1) if unit == "share" else None
    return [fault.code for fault in table_faults(table(*rows), other, Comparison.read(target), unit, ceiling)]


@given(TABLES, TARGETS, st.none() | st.integers(0, 4))
def test_the_walk_over_the_edges_finds_what_a_fine_grid_finds(
    rows: list[tuple[str, int]], target_text: str, otherwise: int | None
) -> None:
    target = Comparison.read(target_text)
    compared = [(Comparison.read(text), Fraction(paid, 100)) for text, paid in rows]
    found = set(codes([(text, f"{paid}%") for text, paid in rows], _percent(otherwise), target_text))

    breaches = [value for value in GRID if not target.holds(value)]
    hole = any(not any(each.holds(value) for each, _ in compared) for value in breaches)
    assert ("band-hole" in found) is (hole and otherwise is None)

    pays_when_met = any(paid and each.holds(v) and target.holds(v) for each, paid in compared for v in GRID)
    assert ("band-target" in found) is pays_when_met

    cells = [frozenset(value for value in GRID if each.holds(value)) for each, _ in compared]
    pairs = [(one, other) for i, one in enumerate(cells) for other in cells[:i]]
    assert ("band-contradiction" in found) is any(one == other and one for one, other in pairs)
    assert ("band-overlap" in found) is any(one & other and not (one <= other or other <= one) for one, other in pairs)

    never = False
    for each, paid in compared:
        reached = [value for value in breaches if each.holds(value)]
        if not reached:
            never = never or paid != 0
        elif all(any(other.holds(value) and more > paid for other, more in compared) for value in reached):
            never = True
    assert ("band-unreachable" in found) is (never or (otherwise is not None and not hole))
    assert ("band-order" in found) is _earns_less(compared, otherwise, target)


def _percent(otherwise: int | None) -> str | None:
    return None if otherwise is None else f"{otherwise}%"


def _earns_less(compared: list[tuple[Comparison, Fraction]], otherwise: int | None, target: Comparison) -> bool:
    """Whether a value farther from the target is paid less than a nearer one on the same side of it."""
    met = [value for value in GRID if target.holds(value)]
    least = min(met, default=min(target.edges))
    greatest = max(met, default=max(target.edges))
    sides = (
        [value for value in reversed(GRID) if value <= least and not target.holds(value)],
        [value for value in GRID if value >= greatest and not target.holds(value)],
    )
    if target.lower_is_worse is not None:
        sides = ([], sides[1]) if target.lower_is_worse is False else (sides[0], [])
    for side in sides:
        paid = [
            max((paid for each, paid in compared if each.holds(value)), default=Fraction(otherwise or 0, 100) or None)
            for value in side
        ]
        if any(far < near for near, far in pairwise([each for each in paid if each is not None])):
            return True
    return False


NESTED = [("< 99.9%", "10%"), ("< 99.0%", "25%"), ("< 95.0%", "100%")]
DISJOINT = [(">= 99.0%, < 99.9%", "10%"), (">= 95.0%, < 99.0%", "25%"), ("< 95.0%", "100%")]


@pytest.mark.parametrize("rows", [NESTED, DISJOINT, [*NESTED, (">= 99.9%", "0")]])
def test_published_tables_are_accepted_nested_and_disjoint(rows: list[tuple[str, str]]) -> None:
    assert codes(rows, None, ">= 99.9%") == []


@pytest.mark.parametrize(
    ("rows", "otherwise", "target", "expected"),
    [
        ([("<= 99.9%", "10%")], None, ">= 99.9%", ["band-target"]),
        ([("< 99.9%", "10%")], None, "> 99.9%", ["band-hole"]),
        ([(">= 99.0%, < 99.9%", "10%"), ("< 99.0%", "25%")], None, ">= 99.9%", []),
        ([("> 99.0%, < 99.9%", "10%"), ("< 99.0%", "25%")], None, ">= 99.9%", ["band-hole"]),
        ([("< 99.0%", "10%")], "0", ">= 99.9%", []),
        ([("< 99.0%", "10%")], "25%", ">= 99.9%", ["band-order"]),
        ([("< 99.0%", "10%")], "5%", ">= 99.9%", []),
        ([("< 99.0%", "10%")], "50.00", ">= 99.9%", ["band-mixture"]),
        ([("< 99.9%", "10%"), ("< 99.0%", "50.00")], None, ">= 99.9%", ["band-mixture"]),
        ([("< 99.9%", "10% of a"), ("< 99.0%", "20% of b")], None, ">= 99.9%", ["band-mixture"]),
        ([("< 99.9%", "25%"), ("< 99.0%", "10%")], None, ">= 99.9%", ["band-unreachable"]),
        ([("< 99.9%", "10%")], "0", ">= 99.9%", ["band-unreachable"]),
    ],
)
def test_each_mistake_in_a_table_is_named(
    rows: list[tuple[str, str]], otherwise: str | None, target: str, expected: list[str]
) -> None:
    assert codes(rows, otherwise, target) == expected


def test_a_ceiling_is_walked_upwards() -> None:
    rising = [("> 5m", "10.00"), ("> 1h", "50.00")]
    assert codes(rising, None, "<= 5m", "length") == []
    assert "band-order" in codes([("> 5m, <= 1h", "50.00"), ("> 1h", "10.00")], None, "<= 5m", "length")
    assert codes([("> 5m, < 1h", "10.00"), ("> 1h", "50.00")], None, "<= 5m", "length") == ["band-hole"]


def test_plain_numbers_have_no_floor_so_that_a_table_must_reach_below_zero() -> None:
    assert codes([(">= 0, < 4", "10.00")], None, ">= 4", "number") == ["band-hole"]
    assert codes([("< 4", "10.00")], None, ">= 4", "number") == []


def test_a_hole_names_every_value_that_it_leaves() -> None:
    rows = table(("> 99.0%, < 99.9%", "10%"), ("< 95%", "25%"))
    (fault,) = table_faults(rows, None, Comparison.read(">= 99.9%"), "share")
    assert fault.message == (
        "the bands leave exactly 95%, and what lies between 95% and 99%, and exactly 99% uncovered"
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(999, 1000), "share", "99.9%"),
        (Fraction(90 * 60 * 10**6), "length", "90m"),
        (Fraction(1500), "length", "0.0015s"),
        (Fraction(42, 10), "number", "4.2"),
    ],
)
def test_an_edge_is_written_as_an_agreement_would(value: Fraction, unit: Kind, text: str) -> None:
    assert written(value, unit) == text
    assert Comparison.read(f"= {text}").bounds[0].value == value
