"""Two sides beside each other: compared with looking at one instant after the other, and at every pair of records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.engine.beside import STATES, OwnTime, PairedStretch, PairedTally, Sided, State, side_by_side
from slacheck.engine.duck import DuckScratch
from slacheck.engine.records_beside import Compared, by_key, by_overlap
from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import TimeRequest, counted_spells
from tests.engine.test_time_tally import FEW, disjoint, spells_frame

Stretches = list[tuple[int, int]]
LO, HI = 0, 40


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def cuts(least: int, most: int) -> st.SearchStrategy[Stretches]:
    return st.lists(st.integers(least, most), max_size=8).map(disjoint)


# A side: spells of down, unknown and skipped, time that does not count, and time that is forced to be down.
sides = st.tuples(cuts(-5, 45), cuts(-5, 45), cuts(-5, 45), cuts(LO, HI), cuts(LO, HI))
Side = tuple[Stretches, Stretches, Stretches, Stretches, Stretches]


def holds(of: Stretches, at: int) -> bool:
    return any(s <= at < e for s, e in of)


def state(side: Side, at: int, least: int) -> State:
    down, unknown, skipped, off, forced = side
    if holds(forced, at):
        return "down"
    if holds(off, at):
        return "not-counted"
    if holds([(s, e) for s, e in down if e - s >= least], at):
        return "down"
    return "not-counted" if holds(skipped, at) else "unknown" if holds(unknown, at) else "up"


def naive(pair: int, here: Side, there: Side, least: int) -> tuple[list[PairedTally], list[PairedStretch]]:
    """One instant after the other."""
    seen = [(state(here, at, least), state(there, at, least)) for at in range(LO, HI)]
    number, time, stretches = Counter[tuple[State, State]](), Counter(seen), []
    start = LO
    for both, run in groupby(seen):
        length = len(list(run))
        number[both] += 1
        if both[0] != both[1]:
            stretches.append(PairedStretch(pair, *both, start, start + length))
        start += length
    order = sorted(time, key=lambda both: tuple(map(STATES.index, both)))
    tallies = [PairedTally(pair, *both, number[both], time[both]) for both in order]
    return tallies, sorted(stretches, key=lambda each: (each.s - each.e, each.s))


def beside(scratch: Scratch, pairs: Sequence[tuple[Side, Side]], least: int, limit: int = 99) -> Any:
    requests, rows, asked, own = [], [], [], []
    for side in (0, 1):
        g = 4 * side
        requests.append(TimeRequest(side, g, g + 1, g + 2, LO, HI, side, least, skipped=g + 3))
        for number, pair in enumerate(pairs):
            asked.append(Sided(number, side, side, number))
            for signal, spells in zip((g, g + 2, g + 3), pair[side], strict=False):
                rows += [(signal, number, s, e) for s, e in spells]
            for forced in (False, True):
                own += [OwnTime(number, side, forced, s, e) for s, e in pair[side][4 if forced else 3]]
    found = counted_spells(scratch, spells_frame(scratch, rows), requests, {0: ((LO, HI),), 1: ((LO, HI),)})
    windows = [(number, LO, HI) for number in range(len(pairs))]
    return side_by_side(scratch, found, asked, own, windows, limit)


@FEW
@given(pairs=st.lists(st.tuples(sides, sides), min_size=1, max_size=3), least=st.integers(0, 4))
def test_the_time_of_both_sides_is_what_a_look_at_every_instant_finds(
    scratch: Scratch, pairs: list[tuple[Side, Side]], least: int
) -> None:
    tallies, stretches = beside(scratch, pairs, least)
    found = [naive(number, *pair, least) for number, pair in enumerate(pairs)]
    assert tallies == [each for of_pair, _ in found for each in of_pair]
    assert stretches == [each for _, of_pair in found for each in of_pair]
    # The identity that is printed: the cells add up to the window.
    assert Counter(dict.fromkeys(range(len(pairs)), HI - LO)) == sum(
        (Counter({each.pair: each.time}) for each in tallies), Counter()
    )


@FEW
@given(here=sides, there=sides)
def test_swapping_the_sides_mirrors_the_result_and_a_side_beside_itself_differs_nowhere(
    scratch: Scratch, here: Side, there: Side
) -> None:
    (tallies, stretches), (mirrored, others) = (beside(scratch, [pair], 0) for pair in ((here, there), (there, here)))
    assert {(each.here, each.there, each.number, each.time) for each in tallies} == {
        (each.there, each.here, each.number, each.time) for each in mirrored
    }
    assert [(e.here, e.there, e.s, e.e) for e in stretches] == [(e.there, e.here, e.s, e.e) for e in others]
    assert beside(scratch, [(here, here)], 0)[1] == []


def test_only_the_longest_stretches_are_fetched_and_all_are_counted(scratch: Scratch) -> None:
    nothing: Side = ([], [], [], [], [])
    there: Side = ([(0, 1), (2, 5), (6, 8)], [], [], [], [])
    tallies, stretches = beside(scratch, [(nothing, there)], 0, limit=2)
    assert [(each.s, each.e) for each in stretches] == [(2, 5), (6, 8)]
    assert tallies == [PairedTally(0, "up", "up", 3, 34), PairedTally(0, "up", "down", 3, 6)]


KINDS = {"rowid": "BIGINT", "within": "BIGINT", "id": "VARCHAR", "t": "BIGINT", "n": "BIGINT", "x": "VARCHAR"}
COLUMNS = (Compared("t", "instant"), Compared("n", "number"), Compared("x", "text"))
records = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["a", "b", "c", None]),
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 9),
        st.sampled_from(["p", "q", None]),
    ),
    max_size=8,
)
Record = tuple[int, str | None, int | None, int | None, str | None]


def _filled(rows: Sequence[Record], at: int) -> list[Any]:
    return [row[at] for row in rows if row[at] is not None]


def grouped(rows: Sequence[Record]) -> dict[str, tuple[int, Any, Any, Any]]:
    """By key: whether it lies within, the least instant, the sum, the least text; None where no row has any."""
    found = {}
    for key in {row[1] or "" for row in rows}:
        of = [row for row in rows if (row[1] or "") == key]
        t, n, x = (_filled(of, at) for at in (2, 3, 4))
        found[key] = (max(row[0] for row in of), min(t, default=None), sum(n) if n else None, min(x, default=None))
    return found


@FEW
@given(here=records, there=records)
def test_records_are_matched_by_their_key(scratch: Scratch, here: list[Record], there: list[Record]) -> None:
    frames = [scratch.give("records", KINDS, [(at, *row) for at, row in enumerate(rows)]) for rows in (here, there)]
    found = by_key(scratch, frames[0], frames[1], ["id"], COLUMNS, 99)
    a, b = grouped(here), grouped(there)
    met = sorted(key for key in a.keys() & b.keys() if a[key][0] or b[key][0])
    assert found.both == len(met)
    assert found.only_here == sum(a[key][0] for key in a.keys() - b.keys())
    assert found.only_there == sum(b[key][0] for key in b.keys() - a.keys())
    for at, each in enumerate(found.differences, start=1):
        assert each.number == sum(a[key][at] != b[key][at] for key in met)
        if at < 3:
            apart = [b[key][at] - a[key][at] for key in met if None not in (a[key][at], b[key][at])]
            assert (each.more, each.most) == (sum(apart), max(map(abs, apart), default=0))
    differing = {(each.key[0], each.name) for each in found.shown if each.name}
    assert differing == {(key, name) for key in met for at, name in enumerate("tnx", 1) if a[key][at] != b[key][at]}


events = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["a", "b"]), st.integers(0, 20), st.none() | st.integers(0, 6)),
    max_size=7,
).map(lambda rows: [(w, k, s, None if length is None else s + length) for w, k, s, length in rows])
Event = tuple[int, str, int, int | None]


def share(one: Event, other: Event) -> bool:
    """An event without length is one all the same."""
    ends = [max(10**9 if each[3] is None else each[3], each[2] + 1) for each in (one, other)]
    return one[1] == other[1] and one[2] < ends[1] and other[2] < ends[0]


@FEW
@given(here=events, there=events)
def test_events_are_matched_by_the_time_they_share(scratch: Scratch, here: list[Event], there: list[Event]) -> None:
    kinds = {"rowid": "BIGINT", "within": "BIGINT", "id": "VARCHAR", "s": "BIGINT", "e": "BIGINT"}
    a, b = (scratch.give("events", kinds, [(at, *row) for at, row in enumerate(rows)]) for rows in (here, there))
    found = by_overlap(scratch, a, b, ["id"], 99)
    alone = [
        {at for at, each in enumerate(one) if each[0] and not any(share(each, other) for other in others)}
        for one, others in ((here, there), (there, here))
    ]
    assert (found.only_here, found.only_there) == (len(alone[0]), len(alone[1]))
    assert found.both == sum(row[0] for row in here) - len(alone[0])
    assert {each.row_here for each in found.shown} - {None} == alone[0]
    assert {each.row_there for each in found.shown} - {None} == alone[1]


def test_events_of_no_key_are_matched_among_all(scratch: Scratch) -> None:
    kinds = {"rowid": "BIGINT", "within": "BIGINT", "s": "BIGINT", "e": "BIGINT"}
    a: nw.LazyFrame[Any] = scratch.give("events", kinds, [(0, 1, 0, 5), (1, 1, 10, 12)])
    b: nw.LazyFrame[Any] = scratch.give("events", kinds, [(0, 1, 4, 6)])
    found = by_overlap(scratch, a, b, [], 9)
    assert (found.both, found.only_here, found.only_there) == (1, 1, 0)
