"""The worst sliding window, compared with trying every instant at which a window may start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.sliding import SlidingRequest, Statistic, Worse, WorstWindow, worst_windows

Row = tuple[int, int, int, int]
Sample = tuple[int, int]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = 10**38 - 1
MINUTE = 60_000_000
MAX: tuple[Statistic, Worse] = ("max", "greatest")
MIN: tuple[Statistic, Worse] = ("min", "least")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def frame(scratch: Scratch, rows: Sequence[Row], kind: str = "BIGINT") -> nw.LazyFrame[Any]:
    return scratch.give("samples", {"q": "BIGINT", "k": "BIGINT", "t": "BIGINT", "v": kind}, rows)


def of_one(scratch: Scratch, samples: Sequence[Sample], request: SlidingRequest) -> WorstWindow:
    kind = "HUGEINT" if any(abs(v) >= 2**63 for _, v in samples) else "BIGINT"
    (found,) = worst_windows(scratch, frame(scratch, [(request.id, 0, t, v) for t, v in samples], kind), [request])
    return found


def statistic(name: Statistic, values: Sequence[int]) -> Fraction:
    match name:
        case "mean":
            return Fraction(sum(values), len(values))
        case "max":
            return Fraction(max(values))
        case "min":
            return Fraction(min(values))
        case "sum":
            return Fraction(sum(values))
        case "count":
            return Fraction(len(values))


def held(samples: Sequence[Sample], start: int, width: int) -> list[int]:
    return [v for t, v in samples if start <= t < start + width]


def worst(samples: Sequence[Sample], request: SlidingRequest) -> Fraction | None:
    """Every start, in steps of one."""
    contents = (held(samples, x, request.width) for x in range(request.lo, request.hi - request.width + 1))
    told = [statistic(request.statistic, values) for values in contents if len(values) >= request.least_samples]
    return (max if request.worse == "greatest" else min)(told, default=None)


kinds: st.SearchStrategy[tuple[Statistic, Worse]] = st.one_of(
    st.tuples(st.sampled_from(["mean", "sum", "count"]), st.sampled_from(["greatest", "least"])),
    st.sampled_from([MAX, MIN]),
)


@st.composite
def asked(draw: st.DrawFn, number: int) -> SlidingRequest:
    lo, length, width = draw(st.integers(-3, 10)), draw(st.integers(1, 40)), draw(st.integers(1, 15))
    kind, worse = draw(kinds)
    least = draw(st.integers(0 if kind in ("sum", "count") else 1, 4))
    return SlidingRequest(number, lo, lo + length, width, kind, worse, least)


@st.composite
def worlds(draw: st.DrawFn, values: st.SearchStrategy[int]) -> tuple[list[Row], list[SlidingRequest]]:
    requests = [draw(asked(number)) for number in range(draw(st.integers(1, 4)))]
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, len(requests) - 1), st.integers(1, 2), st.integers(-5, 50), values), max_size=40
        )
    )
    return rows, requests


def compare(scratch: Scratch, rows: list[Row], requests: list[SlidingRequest], kind: str) -> None:
    found = worst_windows(scratch, frame(scratch, rows, kind), requests)
    by_key = {
        (request.id, k): (request, samples)
        for request in requests
        for k in (1, 2)
        if (samples := [(t, v) for q, k_, t, v in rows if (q, k_) == (request.id, k) and request.lo <= t < request.hi])
    }
    assert [(each.request, each.k) for each in found] == sorted(by_key)
    for each in found:
        request, samples = by_key[each.request, each.k]
        assert each.value == worst(samples, request)
        assert 0 <= each.silent <= each.windows
        assert (each.value is None) == (each.silent == each.windows)
        if each.value is None:
            assert each.start is each.end is each.samples is None
            continue
        assert each.start is not None
        assert each.end == each.start + request.width
        assert request.lo <= each.start <= request.hi - request.width
        values = held(samples, each.start, request.width)
        assert len(values) == each.samples
        assert len(values) >= request.least_samples
        assert statistic(request.statistic, values) == each.value


@FEW
@given(world=worlds(st.integers(-4, 6)))
def test_the_worst_window_is_the_worst_of_all_starts(
    scratch: Scratch, world: tuple[list[Row], list[SlidingRequest]]
) -> None:
    compare(scratch, *world, "BIGINT")


@FEW
@given(world=worlds(st.one_of(st.integers(-LONG, LONG), st.sampled_from([LONG, LONG - 1, -LONG, 1 - LONG, 0, 1]))))
def test_values_of_38_digits_lose_none(scratch: Scratch, world: tuple[list[Row], list[SlidingRequest]]) -> None:
    compare(scratch, *world, "HUGEINT")


@settings(FEW, max_examples=10)
@given(world=worlds(st.integers(-4, 6)), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    scratch: Scratch, world: tuple[list[Row], list[SlidingRequest]], order: Random
) -> None:
    rows, requests = world
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert worst_windows(scratch, frame(scratch, rows), requests) == worst_windows(
        scratch, frame(scratch, shuffled), requests
    )


# Round-trip times in milliseconds, one sample every 5 minutes of an hour:
#          0   5  10  15  20  25  30  35  40  45  50  55
TIMES = [20, 20, 20, 20, 35, 40, 20, 20, 20, 20, 20, 20]
HOUR = [(5 * MINUTE * i, value) for i, value in enumerate(TIMES)]
QUARTER = SlidingRequest(7, 0, 60 * MINUTE, 15 * MINUTE, "mean", "greatest", 1)


def test_any_continuous_quarter_of_an_hour(scratch: Scratch) -> None:
    # Starts looked at: 0, 5, .. 45 minutes; there a sample leaves and the next comes at the same instant, so every
    # window holds three. 20, 35, 40 from 15 minutes on; 35, 40, 20 five minutes later is equally bad.
    assert of_one(scratch, HOUR, QUARTER) == WorstWindow(
        7, 0, Fraction(95, 3), 15 * MINUTE, 30 * MINUTE, 3, windows=10, silent=0
    )


def test_windows_between_the_samples_are_looked_at(scratch: Scratch) -> None:
    # 8 units from x > 0 to x <= 2 hold the sample at 5 alone: neither the one at 0 nor the one at 10. No window
    # that starts at a sample, or that ends with one, holds just that.
    samples = [(0, 1), (5, 9), (10, 1)]
    request = SlidingRequest(0, 0, 12, 8, "mean", "greatest")
    # Starts: 0 (sample 0 leaves), 2 (sample 10 comes), 4 (the last window).
    assert of_one(scratch, samples, request) == WorstWindow(0, 0, Fraction(9), 2, 10, 1, windows=3, silent=0)
    # With two samples needed that window is silent: (1 + 9) / 2 in the first and the last.
    expected = WorstWindow(0, 0, Fraction(5), 0, 8, 2, windows=3, silent=1)
    assert of_one(scratch, samples, replace(request, least_samples=2)) == expected


def test_a_window_does_not_hold_its_end(scratch: Scratch) -> None:
    request = SlidingRequest(0, 0, 11, 10, "count", "greatest")
    assert of_one(scratch, [(0, 0), (10, 0)], request).value == 1
    assert of_one(scratch, [(0, 0), (9, 0)], request).value == 2


def test_a_window_lies_wholly_in_the_period(scratch: Scratch) -> None:
    # The only window of the period's own length holds both samples; the sample at 10 is outside.
    request = SlidingRequest(0, 0, 10, 10, "mean", "greatest")
    assert of_one(scratch, [(0, 1), (9, 2), (10, 99)], request) == WorstWindow(0, 0, Fraction(3, 2), 0, 10, 2, 1, 0)
    # A window longer than the period says nothing at all.
    assert of_one(scratch, [(0, 1)], replace(request, width=11)) == WorstWindow(0, 0, None, None, None, None, 0, 0)


@pytest.mark.parametrize(
    ("kind", "worse", "value", "start"),
    [
        ("mean", "greatest", Fraction(5), 0),
        ("mean", "least", Fraction(2), 10),
        ("sum", "greatest", Fraction(14), 4),  # 8 + 2 + 2 + 2, against 2 + 8 = 10 at the start
        ("sum", "least", Fraction(6), 10),
        ("count", "greatest", Fraction(4), 4),
        ("count", "least", Fraction(2), 0),
        ("max", "greatest", Fraction(8), 4),
        ("min", "least", Fraction(2), 0),
    ],
)
def test_each_statistic(scratch: Scratch, kind: Statistic, worse: Worse, value: Fraction, start: int) -> None:
    # Windows of 10: x = 0 holds the samples at 0 and 4 (2, 8), until x = 1 the one at 11 has not come.
    # Looked at: 0 (2, 8), 1 (8), 2 (8, 2), 3 (8, 2, 2), 4 (8, 2, 2, 2), 10 (2, 2, 2).
    samples = [(0, 2), (4, 8), (11, 2), (12, 2), (13, 2)]
    request = SlidingRequest(0, 0, 20, 10, kind, worse, least_samples=2)
    found = of_one(scratch, samples, request)
    assert (found.value, found.start, found.windows, found.silent) == (value, start, 6, 1)


def test_an_extreme_counts_only_in_a_window_with_enough_samples(scratch: Scratch) -> None:
    samples = [(5, 100), (40, 7), (42, 8)]
    request = SlidingRequest(0, 0, 60, 10, "max", "greatest", least_samples=2)
    assert of_one(scratch, samples, request).value == 8
    assert of_one(scratch, samples, replace(request, least_samples=1)).value == 100
    assert of_one(scratch, samples, replace(request, least_samples=3)).value is None


def test_the_least_count_may_be_none_at_all(scratch: Scratch) -> None:
    request = SlidingRequest(0, 0, 30, 10, "count", "least", least_samples=0)
    assert of_one(scratch, [(0, 1), (29, 1)], request) == WorstWindow(0, 0, Fraction(0), 19, 29, 0, 3, 0)


@pytest.mark.parametrize("base", [10, 10**18, 10**36, 10**37])
@pytest.mark.parametrize("more", [1, 3, 4])
def test_means_that_differ_in_the_last_digit(scratch: Scratch, base: int, more: int) -> None:
    # (3 * 10**37 + 1) / 3 against 10**37: a product across has 75 digits, and a double sees no difference.
    # The plain window comes first, so that it is told where the two are taken for equal.
    samples = [(t, base) for t in (0, 1, 2, 100, 101)] + [(102, base + more)]
    greatest = of_one(scratch, samples, SlidingRequest(0, 0, 300, 3, "mean", "greatest", 3))
    assert (greatest.value, greatest.start) == (Fraction(3 * base + more, 3), 100)
    samples = [(t, base) for t in (0, 1, 2, 100, 101)] + [(102, base - more)]
    least = of_one(scratch, samples, SlidingRequest(0, 0, 300, 3, "mean", "least", 3))
    assert (least.value, least.start) == (Fraction(3 * base - more, 3), 100)


def test_the_first_of_equal_windows_is_told(scratch: Scratch) -> None:
    found = of_one(scratch, [(t, 4) for t in range(0, 50, 7)], SlidingRequest(0, 0, 50, 10, "mean", "greatest"))
    assert (found.value, found.start) == (4, 0)


GOOD = SlidingRequest(0, 0, 10, 5, "mean", "greatest", 1)
ENDS: tuple[tuple[Literal["max", "min"], Worse], ...] = (("max", "least"), ("min", "greatest"))


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        ([replace(GOOD, hi=0)], "between 0 and 0"),
        ([replace(GOOD, width=0)], "window of 0"),
        ([replace(GOOD, least_samples=0)], "mean needs a sample"),
        ([replace(GOOD, statistic="max", least_samples=0)], "max needs a sample"),
        ([replace(GOOD, statistic="sum", least_samples=-1)], "sum needs"),
        *(([replace(GOOD, statistic=kind, worse=worse)], f"the {worse} {kind}") for kind, worse in ENDS),
        ([replace(GOOD, statistic="median")], "median"),  # type: ignore[arg-type]
        ([replace(GOOD, worse="last")], "last"),  # type: ignore[arg-type]
        ([GOOD, GOOD], "same id"),
    ],
)
def test_what_cannot_be_asked(scratch: Scratch, requests: list[SlidingRequest], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        worst_windows(scratch, frame(scratch, []), requests)


def test_too_many_samples_to_compare_fractions_exactly(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slacheck.engine.sliding._MOST_SAMPLES", 3)
    assert of_one(scratch, [(0, 1), (1, 1)], GOOD).value == 1
    with pytest.raises(ValueError, match="3 samples or more"):
        of_one(scratch, [(0, 1), (1, 1), (2, 1)], GOOD)


def test_nothing_asked_nothing_told(scratch: Scratch) -> None:
    assert worst_windows(scratch, frame(scratch, [(0, 0, 1, 1)]), []) == []
    assert worst_windows(scratch, frame(scratch, []), [GOOD]) == []
