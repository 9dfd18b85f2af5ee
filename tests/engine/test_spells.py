"""What spells are: compared with plain loops, instant by instant."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import (
    Alike,
    SampleFacts,
    SampleSpells,
    Signal,
    event_spells,
    events_standing,
    sample_facts,
    sample_spells,
    unknown_time,
)

DOWN, NOT_UP, UNKNOWN = Signal(7, 1, False), Signal(8, 2, True), Signal(9, 4, True)
SIGNALS = (DOWN, NOT_UP, UNKNOWN)
UP_BITS, DOWN_BITS, UNKNOWN_BITS = 0, 3, 6
NOTHING_KNOWN = 6

Row = tuple[int, ...]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def samples_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    return scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "INTEGER"}, rows)


def states(rows: Sequence[Row], k: int, hold: int | None, floor: int, until: int) -> dict[int, int | None]:
    """The bits in force at each instant; None where no state holds; instants of which nothing is said are absent."""
    mine = sorted((t, b) for subject, t, b in rows if subject == k and t < until)
    found: dict[int, int | None] = {}
    for x in range(min([floor, *(t for t, _ in mine)]), until):
        past = [(t, b) for t, b in mine if t <= x]
        if past:
            t, b = past[-1]
            found[x] = b if hold is None or x < t + hold else None
        elif x >= floor:
            found[x] = None
    return found


def runs(on: set[int]) -> list[tuple[int, int]]:
    return [(x, next(y for y in range(x, max(on) + 2) if y not in on)) for x in sorted(on) if x - 1 not in on]


def naive_spells(rows: Sequence[Row], signals: Sequence[Signal], hold: int | None, floor: int, until: int) -> list[Row]:
    spells: list[Row] = []
    for signal in signals:
        for k in {row[0] for row in rows}:
            at = states(rows, k, hold, floor, until)
            on = {x for x, b in at.items() if (signal.when_unknown if b is None else bool(b & signal.weight))}
            spells += [(signal.id, k, s, e) for s, e in runs(on) if e > floor]
    return sorted(spells)


samples_lists = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-15, 45), st.sampled_from([0, 0, 1, 2, 3, 6])), min_size=1, max_size=25
)


@FEW
@given(rows=samples_lists, hold=st.sampled_from([None, 1, 3, 5, 20, 100]), floor=st.integers(-5, 20), data=st.data())
def test_a_spell_is_what_a_walk_over_every_instant_finds(
    scratch: Scratch, rows: list[Row], hold: int | None, floor: int, data: st.DataObject
) -> None:
    rows += data.draw(st.lists(st.sampled_from(rows), max_size=3))
    until = data.draw(st.integers(floor + 1, 40))
    found = sample_spells(scratch, samples_frame(scratch, rows), SIGNALS, hold, floor, until)
    assert sorted(scratch.rows(found.spells)) == naive_spells(rows, SIGNALS, hold, floor, until)

    shuffled = data.draw(st.permutations(rows))
    again = sample_spells(scratch, samples_frame(scratch, shuffled), SIGNALS, hold, floor, until)
    assert sorted(scratch.rows(again.spells)) == sorted(scratch.rows(found.spells))
    assert sample_facts(scratch, again) == sample_facts(scratch, found) == naive_facts(rows, floor, until)
    assert gaps(scratch, again) == naive_gaps(rows, hold, floor, until)


@FEW
@given(
    rows=samples_lists.map(lambda rows: [(k, t, {1: 3, 2: 6}.get(b, b)) for k, t, b in rows]),
    hold=st.sampled_from([None, 1, 3, 5, 20, 100]),
    floor=st.integers(-5, 20),
    data=st.data(),
)
def test_a_spell_of_two_signals_alike_is_given_once_unless_it_may_go_on(
    scratch: Scratch, rows: list[Row], hold: int | None, floor: int, data: st.DataObject
) -> None:
    until = data.draw(st.integers(floor + 1, 40))
    every = naive_spells(rows, SIGNALS, hold, floor, until)
    both = [(g, k, s, e) for g, k, s, e in every if g == DOWN.id and (NOT_UP.id, k, s, e) in every and e < until]
    gone = {(g, *row[1:]) for row in both for g in (DOWN.id, NOT_UP.id)}
    expected = sorted([row for row in every if row not in gone] + [(5, *row[1:]) for row in both])
    alike = [Alike(5, DOWN.id, NOT_UP.id, UNKNOWN.id)]
    found = sample_spells(scratch, samples_frame(scratch, rows), SIGNALS, hold, floor, until, alike=alike)
    assert sorted(scratch.rows(found.spells)) == expected


def naive_facts(rows: Sequence[Row], floor: int, until: int) -> list[SampleFacts]:
    facts = []
    for k in sorted({row[0] for row in rows}):
        mine = [(t, b) for subject, t, b in rows if subject == k]
        early = [(t, b) for t, b in mine if t < until]
        clashes = sorted({t for t, b in early if any(x == t and y != b for x, y in early)})
        facts.append(
            SampleFacts(
                k,
                sum(floor <= t < until for t, _ in mine),
                sum(t < floor for t, _ in mine),
                sum(t >= until for t, _ in mine),
                min(t for t, _ in mine),
                max(t for t, _ in mine),
                len(early) - len(set(early)),
                len(clashes),
                clashes[0] if clashes else None,
            )
        )
    return facts


def naive_gaps(rows: Sequence[Row], hold: int | None, floor: int, until: int) -> list[Row]:
    found = [
        (k, s, e)
        for k in {row[0] for row in rows}
        for s, e in runs({x for x, b in states(rows, k, hold, floor, until).items() if b is None and x >= floor})
    ]
    return sorted(found)


def gaps(scratch: Scratch, found: SampleSpells) -> list[Row]:
    """The unknown time from the floor on."""
    rows = scratch.rows(unknown_time(found).select("k", "s", "e"))
    return sorted((k, max(s, found.floor), e) for k, s, e in rows if e > found.floor)


def test_a_state_carried_in_keeps_its_beginning_and_its_hold(scratch: Scratch) -> None:
    rows = [(1, 80, DOWN_BITS), (1, 90, DOWN_BITS), (1, 110, UP_BITS), (2, 50, DOWN_BITS)]
    found = sample_spells(scratch, samples_frame(scratch, rows), SIGNALS, 15, 100, 120)
    assert sorted(scratch.rows(found.spells)) == [
        (7, 1, 80, 105),
        (8, 1, 80, 110),
        (8, 2, 50, 120),
        (9, 1, 105, 110),
        (9, 2, 65, 120),
    ]


def test_without_a_hold_the_last_state_lasts_to_the_end(scratch: Scratch) -> None:
    found = sample_spells(scratch, samples_frame(scratch, [(1, 30, DOWN_BITS)]), SIGNALS, None, 10, 100)
    assert sorted(scratch.rows(found.spells)) == [(7, 1, 30, 100), (8, 1, 10, 100), (9, 1, 10, 30)]


def test_an_unknown_sample_is_unknown_and_no_gap(scratch: Scratch) -> None:
    rows = [(1, 0, UP_BITS), (1, 10, UNKNOWN_BITS), (1, 20, UP_BITS)]
    found = sample_spells(scratch, samples_frame(scratch, rows), SIGNALS, 10, 0, 30)
    assert sorted(scratch.rows(found.spells)) == [(8, 1, 10, 20), (9, 1, 10, 20)]
    assert gaps(scratch, found) == []


def test_two_states_at_one_instant_do_not_cut_a_spell(scratch: Scratch) -> None:
    rows = [(1, 0, DOWN_BITS), (1, 10, UP_BITS), (1, 10, DOWN_BITS), (1, 20, UP_BITS)]
    found = sample_spells(scratch, samples_frame(scratch, rows), [DOWN], None, 0, 30)
    assert scratch.rows(found.spells) == [(7, 1, 0, 20)]
    assert sample_facts(scratch, found) == [SampleFacts(1, 4, 0, 0, 0, 20, 0, 1, 10)]


def test_the_highest_bit_is_read_like_the_lowest(scratch: Scratch) -> None:
    frame = scratch.give("samples", {"k": "INTEGER", "t": "BIGINT", "b": "BIGINT"}, [(1, 0, 2**61 + 1), (1, 5, 2**61)])
    found = sample_spells(scratch, frame, [Signal(1, 1, False), Signal(2, 2**61, False)], None, 0, 9)
    assert sorted(scratch.rows(found.spells)) == [(1, 1, 0, 5), (2, 1, 0, 9)]


def test_a_subject_seen_only_after_the_window_is_unknown_throughout(scratch: Scratch) -> None:
    found = sample_spells(scratch, samples_frame(scratch, [(4, 200, UP_BITS)]), SIGNALS, 10, 0, 100)
    assert sorted(scratch.rows(found.spells)) == [(8, 4, 0, 100), (9, 4, 0, 100)]


def test_no_samples_no_spells(scratch: Scratch) -> None:
    found = sample_spells(scratch, samples_frame(scratch, []), SIGNALS, 10, 0, 100)
    assert scratch.rows(found.spells) == []
    assert sample_facts(scratch, found) == []
    assert gaps(scratch, found) == []


@pytest.mark.parametrize(
    ("signals", "hold", "until", "said"),
    [
        (SIGNALS, 10, 0, "no time between 0 and 0"),
        (SIGNALS, 0, 9, "cannot hold for 0"),
        ([Signal(1, 3, False)], 10, 9, "not a power of two"),
        ([Signal(1, 2, False), Signal(2, 2, True)], 10, 9, "both on and off"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    scratch: Scratch, signals: list[Signal], hold: int, until: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        sample_spells(scratch, samples_frame(scratch, [(1, 1, 0)]), signals, hold, 0, until)


EVENT = {"g": "INTEGER", "k": "INTEGER", "s": "BIGINT", "e": "BIGINT"}


@FEW
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(0, 30), st.one_of(st.none(), st.integers(0, 12))),
        max_size=20,
    ),
    until=st.integers(1, 32),
    seed=st.integers(0, 99),
)
def test_events_unite_into_what_a_walk_over_every_instant_finds(
    scratch: Scratch, rows: list[tuple[int, int, int, int | None]], until: int, seed: int
) -> None:
    events = [(g, k, s, None if length is None else s + length) for g, k, s, length in rows]
    expected = []
    for g, k in {(g, k) for g, k, *_ in events}:
        mine = [(s, until if e is None else min(e, until)) for gg, kk, s, e in events if (gg, kk) == (g, k)]
        expected += [(g, k, *run) for run in runs({x for s, e in mine for x in range(s, e)})]
    shuffled = random.Random(seed).sample(events, len(events))
    for order in (events, shuffled):
        spells = event_spells(scratch, scratch.give("events", EVENT, order), until)
        assert sorted(scratch.rows(spells)) == sorted(expected)


STANDING = {"r": "BIGINT", "g": "INTEGER", "k": "INTEGER", "p": "INTEGER", "s": "BIGINT", "e": "BIGINT"}


@FEW
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 2),
            st.integers(1, 2),
            st.integers(0, 3),
            st.integers(0, 40),
            st.sampled_from([0, 1, 4, 9, None]),
        ),
        max_size=25,
    ),
    seed=st.integers(0, 99),
)
def test_an_event_stands_unless_a_standing_one_of_an_earlier_source_overlaps_it(
    scratch: Scratch, rows: list[tuple[int, int, int, int, int | None]], seed: int
) -> None:
    events = [(r, g, k, p, s, None if n is None else s + n) for r, (g, k, p, s, n) in enumerate(rows)]
    standing: list[tuple[Any, ...]] = []
    for event in sorted(events, key=lambda each: each[3]):
        _, g, k, p, s, e = event
        rivals = [x for x in standing if x[1:3] == (g, k) and x[3] < p]
        if not any((x[5] is None or s < x[5]) and (e is None or e > x[4]) for x in rivals):
            standing.append(event)
    shuffled = random.Random(seed).sample(events, len(events))
    kept = events_standing(scratch, scratch.give("events", STANDING, shuffled))
    assert sorted(scratch.rows(kept), key=lambda row: row[0]) == sorted(standing, key=lambda row: row[0])


def test_a_later_source_speaks_again_where_the_one_that_hid_it_fell(scratch: Scratch) -> None:
    rows = [(1, 1, 1, 0, 0, 10), (2, 1, 1, 1, 5, 20), (3, 1, 1, 2, 15, 25), (4, 1, 1, 2, 10, 12), (5, 1, 2, 2, 0, None)]
    kept = events_standing(scratch, scratch.give("events", STANDING, rows))
    assert sorted(row[0] for row in scratch.rows(kept)) == [1, 3, 4, 5]
