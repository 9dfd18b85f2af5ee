"""What is told of samples, compared with plain loops, and worked by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.sample_quality import (
    Gap,
    GapRequest,
    Gaps,
    Repeats,
    Spacing,
    Within,
    counted_between,
    gaps,
    repeats,
    spacing,
)
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import Signal, sample_spells, stretched

SIGNALS = (Signal(7, 1, False), Signal(8, 2, True), Signal(9, 4, True))
UP, DOWN = 0, 3
Row = tuple[int, int, int]
Clock = tuple[tuple[int, int], ...]
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def naive_spacing(rows: Sequence[Row], hold: int | None, lo: int, hi: int) -> Spacing:
    inside = [row for row in rows if lo <= row[1] < hi]
    distances = []
    for k in {row[0] for row in inside}:
        instants = sorted({t for subject, t, _ in inside if subject == k})
        distances += [later - earlier for earlier, later in pairwise(instants)]
    far = [each for each in distances if hold is not None and each > hold]
    return Spacing(
        len(inside),
        len({row[0] for row in inside}),
        len(distances),
        sum(distances),
        len(far),
        sum(far),
        len(inside) - len(set(inside)),
    )


def naive_gaps(rows: Sequence[Row], hold: int | None, lo: int, hi: int, clock: Clock, worst: int) -> Gaps:
    """An instant is known where a sample of the subject lies at it or before, no longer ago than the state holds."""
    found: list[Gap] = []
    for k in sorted({row[0] for row in rows}):
        instants = [t for subject, t, _ in rows if subject == k]
        dark = [
            x not in instants and all(t > x or (hold is not None and x >= t + hold) for t in instants)
            for x in range(lo, hi)
        ]
        start = None
        for x, is_dark in enumerate([*dark, False], lo):
            if is_dark and start is None:
                start = x
            elif not is_dark and start is not None:
                length = sum(any(a <= y < b for a, b in clock) for y in range(start, x))
                found += [Gap(k, start, x, length)] if length else []
                start = None
    if not found:
        return Gaps()
    lengths: Counter[int] = Counter()
    for each in found:
        lengths[each.k] += each.length
    ranked = sorted(lengths, key=lambda k: (-lengths[k], k))[:worst]
    own = {k: [each.length for each in found if each.k == k] for k in ranked}
    return Gaps(
        len(found),
        sum(lengths.values()),
        len(lengths),
        min(found, key=lambda gap: (-gap.length, gap.start, gap.k)),
        tuple((k, len(own[k]), sum(own[k]), max(own[k])) for k in ranked),
    )


samples = st.lists(
    st.tuples(st.integers(1, 4), st.integers(-15, 45), st.sampled_from([0, 0, 3, 6])), min_size=1, max_size=25
)


@FEW
@given(rows=samples, hold=st.sampled_from([None, 1, 3, 5, 20]), lo=st.integers(-5, 20), data=st.data())
def test_what_is_told_is_what_a_walk_over_every_instant_finds(
    scratch: Scratch, rows: list[Row], hold: int | None, lo: int, data: st.DataObject
) -> None:
    rows += data.draw(st.lists(st.sampled_from(rows), max_size=4))
    hi = data.draw(st.integers(lo + 1, 40))
    middle = data.draw(st.integers(lo, hi))
    until = data.draw(st.integers(hi, 45))
    opens = data.draw(st.integers(lo, hi))
    clocks: dict[int, Clock] = {0: ((lo, hi),), 1: ((lo, opens), (opens + 2, hi))}
    order = data.draw(st.permutations(rows))
    frame = scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "INTEGER"}, order)
    found = sample_spells(scratch, frame, SIGNALS, hold, lo, until, edges=(lo, middle, hi))

    some = tuple(sorted({row[0] for row in rows})[::2])
    theirs = [row for row in rows if row[0] in some]
    windows = [Within(0, lo, hi), Within(1, lo, middle), Within(2, middle, hi), Within(3, lo, hi, some)]
    naive = {number: naive_spacing(rows if only is None else theirs, hold, a, b) for number, a, b, only in windows}
    # A state of two words at one instant is no duplicate; the greater of them holds.
    assert {key: (s.rows, s.subjects, s.distances, s.length, s.far, s.far_length) for key, s in naive.items()} == {
        key: (s.rows, s.subjects, s.distances, s.length, s.far, s.far_length)
        for key, s in spacing(scratch, found, windows).items()
    }
    assert {key: s.duplicates for key, s in spacing(scratch, found, windows).items()} == {
        key: s.duplicates for key, s in naive.items()
    }

    requests = [GapRequest(7, lo, hi, 0), GapRequest(8, lo, hi, 1), GapRequest(9, lo, hi, 1, some)]
    assert gaps(scratch, found, requests, clocks, 2) == {
        7: naive_gaps(rows, hold, lo, hi, clocks[0], 2),
        8: naive_gaps(rows, hold, lo, hi, clocks[1], 2),
        9: naive_gaps(theirs, hold, lo, hi, clocks[1], 2),
    }


def test_samples_a_minute_apart_of_which_one_is_missing(scratch: Scratch) -> None:
    """At 0, 60, 120, 240 and 300, each holding for 90: known but for 210 to 240; three distances of 60, one of 120."""
    rows = [(1, t, UP) for t in (0, 60, 120, 240, 300, 300)]
    frame = scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "INTEGER"}, rows)
    found = sample_spells(scratch, frame, SIGNALS, 90, 0, 360, edges=(0, 360))
    assert spacing(scratch, found, [Within(0, 0, 360)]) == {
        0: Spacing(rows=6, subjects=1, distances=4, length=300, far=1, far_length=120, duplicates=1)
    }
    assert gaps(scratch, found, [GapRequest(0, 0, 360, 0)], {0: ((0, 360),)}, 3) == {
        0: Gaps(1, 30, 1, Gap(1, 210, 240, 30), ((1, 1, 30, 30),))
    }


def test_a_gap_over_a_closed_night_is_one_and_as_long_as_the_hours_that_it_covers(scratch: Scratch) -> None:
    """Open from 0 to 10 and 20 to 30. The only sample, at 0, holds for 8: dark from 8 to 30, 2 and 10 of it open."""
    frame = scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "INTEGER"}, [(1, 0, UP)])
    found = sample_spells(scratch, frame, SIGNALS, 8, 0, 30, edges=(0, 30))
    told = gaps(scratch, found, [GapRequest(0, 0, 30, 0)], {0: ((0, 10), (20, 30))}, 3)
    assert told == {0: Gaps(1, 12, 1, Gap(1, 8, 30, 12), ((1, 1, 12, 12),))}


def test_nothing_is_missing_where_a_state_holds_until_the_next(scratch: Scratch) -> None:
    frame = scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "INTEGER"}, [(1, 0, UP), (1, 90, DOWN)])
    found = sample_spells(scratch, frame, SIGNALS, None, 0, 100, edges=(0, 100))
    assert gaps(scratch, found, [GapRequest(0, 0, 100, 0)], {0: ((0, 100),)}, 3) == {0: Gaps()}
    assert spacing(scratch, found, [Within(0, 0, 100)])[0].far == 0


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(-20, 20)), max_size=30),
    edges=st.lists(st.integers(-20, 20), min_size=2, max_size=9, unique=True).map(sorted),
)
def test_rows_are_counted_between_any_edges(scratch: Scratch, rows: list[tuple[int, int]], edges: list[int]) -> None:
    frame = scratch.give("rows", {"k": "BIGINT", "t": "BIGINT"}, rows)
    windows = [Within(index, edges[0], edge) for index, edge in enumerate(edges[1:])]
    counted = counted_between(scratch, stretched(frame, edges), edges, windows)
    for index, lo, hi, _ in windows:
        inside = [(k, t) for k, t in rows if lo <= t < hi]
        of = {k: [t for subject, t in inside if subject == k] for k, _ in inside}
        length = sum(max(own) - min(own) for own in of.values())
        assert counted[index] == Spacing(len(inside), len(of), len(inside) - len(of), length)


def test_a_window_whose_edges_are_not_known_is_refused(scratch: Scratch) -> None:
    frame = scratch.give("rows", {"k": "BIGINT", "t": "BIGINT"}, [(0, 1)])
    with pytest.raises(ValueError, match="not counted from 0 to 6"):
        counted_between(scratch, stretched(frame, [0, 5]), [0, 5], [Within(0, 0, 6)])


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.sampled_from("xy")), max_size=30),
    lo=st.integers(-1, 4),
)
def test_rows_of_one_instant_are_told_apart_by_what_they_say(
    scratch: Scratch, rows: list[tuple[int, int, str]], lo: int
) -> None:
    frame = scratch.give("rows", {"k": "BIGINT", "t": "BIGINT", "v": "VARCHAR"}, rows)
    found = repeats(scratch, frame, ["v"], [(0, lo, 9), (1, -9, lo)])
    for number, inside in ((0, [r for r in rows if r[1] >= lo]), (1, [r for r in rows if r[1] < lo])):
        instants = {row[:2] for row in inside}
        clashes = sum(len({row for row in inside if row[:2] == instant}) > 1 for instant in instants)
        assert found[number] == Repeats(len(inside) - len(instants), len(inside) - len(set(inside)), clashes)
