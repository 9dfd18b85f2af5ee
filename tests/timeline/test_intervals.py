"""Intervals are sets of integers: every operation agrees with the one on sets, and has one way to write its result."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.timeline.intervals import Intervals, clip, contains, difference, first, intersection, length, union

pairs = st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 12)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)
intervals = pairs.map(union)


def integers(parts: Intervals | list[tuple[int, int]]) -> set[int]:
    return {n for start, end in parts for n in range(start, end)}


def assert_normal(result: Intervals) -> None:
    assert isinstance(result, tuple)
    assert all(start < end for start, end in result)
    assert all(a[1] < b[0] for a, b in pairwise(result))


@given(pairs, pairs)
def test_a_union_holds_what_is_in_any_part(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    result = union(left, right)
    assert_normal(result)
    assert integers(result) == integers(left) | integers(right)


@given(pairs)
def test_the_order_and_the_doubling_of_intervals_change_nothing(parts: list[tuple[int, int]]) -> None:
    assert union(reversed(parts), parts) == union(sorted(parts)) == union(parts)
    assert union(union(parts)) == union(parts)


@given(intervals, intervals)
def test_an_intersection_holds_what_is_in_both(left: Intervals, right: Intervals) -> None:
    result = intersection(left, right)
    assert_normal(result)
    assert integers(result) == integers(left) & integers(right)


@given(intervals, intervals)
def test_a_difference_holds_what_is_only_in_the_left(left: Intervals, right: Intervals) -> None:
    result = difference(left, right)
    assert_normal(result)
    assert integers(result) == integers(left) - integers(right)


@given(intervals, intervals)
def test_the_balance_adds_up(left: Intervals, right: Intervals) -> None:
    inside, outside = intersection(left, right), difference(left, right)
    assert union(inside, outside) == left
    assert length(inside) + length(outside) == length(left)
    assert length(union(left, right)) == length(left) + length(right) - length(inside)


@given(intervals, st.integers(-35, 50), st.integers(-35, 50))
def test_clipping_keeps_what_is_within(parts: Intervals, start: int, end: int) -> None:
    result = clip(parts, start, end)
    assert_normal(result)
    assert integers(result) == integers(parts) & set(range(start, end))


@given(intervals)
def test_length_counts_the_integers(parts: Intervals) -> None:
    assert length(parts) == len(integers(parts))


@given(intervals, st.integers(0, 120))
def test_a_split_takes_the_first_of_counted_time_and_leaves_the_rest(parts: Intervals, amount: int) -> None:
    taken, rest = first(parts, amount)
    assert_normal(taken)
    assert_normal(rest)
    assert integers(taken) == set(sorted(integers(parts))[:amount])
    assert integers(taken) | integers(rest) == integers(parts)
    assert length(taken) + length(rest) == length(parts)


@given(intervals, st.integers(-35, 50))
def test_contains_asks_for_one_integer(parts: Intervals, instant: int) -> None:
    assert contains(parts, instant) == (instant in integers(parts))


def test_touching_intervals_are_one_and_empty_ones_are_none() -> None:
    assert union([(5, 7), (1, 3), (3, 5), (9, 9)]) == ((1, 7),)
    assert union() == ()
    assert union([(4, 4)]) == ()


def test_intervals_are_half_open() -> None:
    assert contains(((1, 3),), 1)
    assert not contains(((1, 3),), 3)
    assert intersection(((1, 3),), ((3, 5),)) == ()


def test_a_split_falls_between_or_within_intervals() -> None:
    assert first(((0, 10), (20, 30)), 10) == (((0, 10),), ((20, 30),))
    assert first(((0, 10), (20, 30)), 15) == (((0, 10), (20, 25)), ((25, 30),))
    assert first(((0, 10), (20, 30)), 0) == ((), ((0, 10), (20, 30)))
    assert first(((0, 10), (20, 30)), 99) == (((0, 10), (20, 30)), ())


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends at 1, before it starts at 2"):
        union([(2, 1)])


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="no first -1"):
        first(((0, 1),), -1)


def test_microseconds_of_centuries_stay_exact() -> None:
    big = 10**18
    assert difference(((0, big),), ((1, big - 1),)) == ((0, 1), (big - 1, big))
