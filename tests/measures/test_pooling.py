"""What several subjects or classes have together is what one would have that held all their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.language.quantities import Comparison
from slacheck.measures.measure import (
    CaseTally,
    CountTally,
    LengthTally,
    Measured,
    RateTally,
    RecordTally,
    Tally,
    TimeTally,
    ValueTally,
    WeightedTally,
)
from slacheck.measures.pooling import mean, pooled, share_of, worst

FEW = settings(max_examples=60)
Records = Sequence[tuple[int, int]]


def counts(records: Records) -> CountTally:
    return CountTally(
        sum(max(pair) for pair in records), sum(min(pair) for pair in records), len(records), len(records)
    )


def rates(records: Records) -> RateTally:
    """Intervals of max requests, min of them good; those of more than 8 have no row."""
    seen = [pair for pair in records if max(pair) <= 8]
    busy = [pair for pair in seen if max(pair)]
    rate = sum((Fraction(min(pair), max(pair)) for pair in busy), Fraction(0))
    return RateTally(rate, len(busy), len(seen) - len(busy), len(records) - len(seen))


def values(records: Records) -> ValueTally:
    held = [Fraction(a, b + 1) for a, b in records]
    return ValueTally(len(held), min(held, default=None), max(held, default=None), sum(held, Fraction(0)))


def time(records: Records) -> TimeTally:
    """Outages of min minutes in max minutes of service each."""
    lengths = tuple(sorted(min(pair) for pair in records))
    longest = max(lengths, default=0)
    down = sum(lengths)
    service = sum(max(pair) for pair in records)
    return TimeTally(service, down, down + 2 * len(records), 2 * len(records), len(records), longest, longest, lengths)


def weighted(records: Records) -> WeightedTally:
    lost: Counter[int] = Counter()
    for n, affected in records:
        lost[n + 1] += affected
    return WeightedTally(sum(max(pair) for pair in records), tuple(sorted(lost.items())))


def cases(records: Records) -> CaseTally:
    within = sum(a < b for a, b in records)
    running = sum(a == b for a, b in records)
    return CaseTally(len(records), within, running, len(records) - within - running, 0)


pairs = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=8)


@FEW
@pytest.mark.parametrize("tally", [counts, rates, values, time, weighted, cases])
@given(parts=st.lists(pairs, min_size=1, max_size=4))
def test_the_parts_together_are_the_whole(tally: Callable[[Records], Tally], parts: list[Records]) -> None:
    assert pooled([tally(part) for part in parts]) == tally([record for part in parts for record in part])


def test_records_and_what_may_yet_count_add_up() -> None:
    assert pooled([RecordTally(2, 1), RecordTally(0, 0), RecordTally(3, 4)]) == RecordTally(5, 5)


@pytest.mark.parametrize(
    "tallies",
    [
        (LengthTally(1, 0, Fraction(1), Fraction(1)), LengthTally(1, 0, Fraction(2), Fraction(2))),
        (ValueTally(1, Fraction(1), Fraction(1), asked=Fraction(1)), ValueTally(1, Fraction(2), Fraction(2))),
        (CountTally(1, 1, 0, 0), RecordTally(1)),
    ],
)
def test_what_needs_the_records_themselves_is_not_added_up(tallies: tuple[Tally, ...]) -> None:
    with pytest.raises(TypeError):
        pooled(tallies)


def exact(*values: int) -> list[Measured]:
    return [Measured(Fraction(value), Fraction(value), Fraction(1)) for value in values]


def test_the_worst_subject_is_the_least_for_a_floor_and_the_greatest_for_a_ceiling() -> None:
    one_open = Measured(Fraction(9), Fraction(2), Fraction(1, 2))
    floor = worst([*exact(3, 7), one_open], Comparison.read(">= 5"))
    assert (floor.best, floor.worst, floor.coverage) == (3, 2, Fraction(1, 2))
    ceiling = worst([*exact(3, 7), one_open], Comparison.read("<= 5"))
    assert (ceiling.best, ceiling.worst) == (9, 7)


def test_the_mean_of_subjects_weighs_each_the_same() -> None:
    found = mean([*exact(3, 7), Measured(Fraction(9), Fraction(2), Fraction(1, 2))])
    assert (found.best, found.worst, found.coverage) == (Fraction(19, 3), 4, Fraction(5, 6))


def test_a_subject_that_may_or_may_not_satisfy_counts_between() -> None:
    found = share_of([*exact(3, 7), Measured(Fraction(9), Fraction(2), Fraction(1))], Comparison.read("> 5"))
    assert (found.best, found.worst, found.margin_in) == (Fraction(2, 3), Fraction(1, 3), "subjects")
