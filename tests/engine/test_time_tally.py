"""What time tallies and clocks are: compared with counting one instant after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine import bounds, time_tally
from slacheck.engine.clock import read, reading, segments
from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import (
    CourseSpell,
    CourseTally,
    SpellState,
    TimeRequest,
    TimeTally,
    WorstSpell,
    counted_spells,
    course_spells,
    qualifying,
    time_tallies,
    worst_spells,
)

Row = tuple[int, ...]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def spells_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    return scratch.give("spells", {"g": "BIGINT", "k": "INTEGER", "s": "BIGINT", "e": "BIGINT"}, rows)


def disjoint(cuts: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(set(cuts))
    return [(s, e) for s, e in zip(ordered[::2], ordered[1::2], strict=False)]


intervals = st.lists(st.integers(-10, 60), max_size=10).map(disjoint)
windows = st.tuples(st.integers(-5, 40), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def counted(clock: Sequence[tuple[int, int]], s: int, e: int) -> int:
    return sum(any(lo <= x < hi for lo, hi in clock) for x in range(s, e))


@FEW
@given(clock=intervals, other=intervals, window=windows, width=st.sampled_from([1, 3, 7, 1000]))
def test_the_clock_reads_the_counted_time_since_the_window_began(
    scratch: Scratch, clock: list[tuple[int, int]], other: list[tuple[int, int]], window: tuple[int, int], width: int
) -> None:
    lo, hi = window
    cut = segments({1: clock, 2: other}, {1: window, 2: window}, width)
    asked = scratch.give("asked", {"c": "BIGINT", "t": "BIGINT"}, [(c, t) for c in (1, 2) for t in range(lo, hi + 1)])
    rows = sorted(scratch.rows(read(scratch, asked, cut, {"t": "on"}).select("c", "t", "on")))
    assert rows == [(c, t, counted(list_, lo, t)) for c, list_ in ((1, clock), (2, other)) for t in range(lo, hi + 1)]
    assert all(reading(clock, t) - reading(clock, lo) == counted(clock, lo, t) for t in range(lo, hi + 1))


def test_an_instant_outside_the_span_is_an_error_and_never_a_lost_row(scratch: Scratch) -> None:
    cut = segments({1: [(0, 10)]}, {1: (0, 10)})
    asked = scratch.give("asked", {"c": "BIGINT", "t": "BIGINT"}, [(1, 10), (1, 11)])
    with pytest.raises(LookupError, match="1 of the instants"):
        read(scratch, asked, cut, {"t": "on"})


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[TimeRequest], dict[int, list[tuple[int, int]]]]:
    rows: list[Row] = [(g, k, s, e) for g in (0, 2, 3, 5) for k in (1, 2) for s, e in draw(intervals)]
    for g, k in ((1, 1), (1, 2), (4, 1), (4, 2)):
        # Not up: often what is down, sometimes another.
        as_down = [(s, e) for of, subject, s, e in rows if (of, subject) == (g - 1, k)]
        rows += [(g, k, s, e) for s, e in (as_down if draw(st.booleans()) else draw(intervals))]
    clocks = {c: draw(intervals) for c in range(3)}
    requests = []
    for number in range(draw(st.integers(1, 5))):
        lo, hi = draw(windows)
        down, not_up, unknown = draw(st.sampled_from([(0, 1, 2), (3, 4, 5), (0, None, None)]))
        clock, least = draw(st.integers(0, 2)), draw(st.sampled_from([0, 0, 1, 4, 9]))
        requests.append(TimeRequest(number, down, not_up, unknown, lo, hi, clock, least))
    return rows, requests, clocks


@FEW
@given(world=worlds(), data=st.data())
def test_tallies_and_worst_spells_are_what_counting_every_instant_gives(
    scratch: Scratch,
    world: tuple[list[Row], list[TimeRequest], dict[int, list[tuple[int, int]]]],
    data: st.DataObject,
) -> None:
    rows, requests, clocks = world
    tallies: list[TimeTally] = []
    down_worst: list[WorstSpell] = []
    unknown_worst: list[WorstSpell] = []
    course: list[CourseSpell] = []
    course_sums: list[CourseTally] = []
    for request in requests:
        found: dict[int, dict[int | None, list[WorstSpell]]] = {}
        for g, k, s, e in rows:
            cs, ce = max(s, request.lo), min(e, request.hi)
            if cs < ce and g in (request.down, request.not_up, request.unknown):
                spell = WorstSpell(request.id, k, s, e, cs, ce, counted(clocks[request.clock], cs, ce))
                found.setdefault(k, {}).setdefault(g, []).append(spell)
        for k, by_signal in sorted(found.items()):
            raw, unknown = by_signal.get(request.down, []), by_signal.get(request.unknown, [])
            down = [x for x in raw if x.e - x.s >= request.least]
            not_up = [x for x in by_signal.get(request.not_up, []) if x.e - x.s >= request.least]
            worst = down if request.not_up is None else not_up
            of_state: tuple[tuple[SpellState, list[WorstSpell]], ...] = (
                ("down", down),
                ("unknown", unknown if request.unknown is not None else []),
            )
            not_up_spells = [(x, state) for state, of in of_state for x in of if x.counted > 0]
            not_up_spells.sort(key=lambda each: (-each[0].counted, each[0].s, each[1]))
            course += [CourseSpell(request.id, k, state, x.cs, x.ce) for x, state in not_up_spells[:3]]
            course_sums += [
                CourseTally(request.id, k, state, len(of), sum(of))
                for state, _ in of_state
                if (of := [x.counted for x, each in not_up_spells if each == state])
            ]
            tallies.append(
                TimeTally(
                    request.id,
                    k,
                    down=sum(x.counted for x in down),
                    down_raw=sum(x.counted for x in raw),
                    not_up=sum(x.counted for x in worst),
                    unknown=sum(x.counted for x in unknown),
                    outages=sum(x.counted > 0 for x in down),
                    longest=max((x.counted for x in down), default=0),
                )
            )
        for into, kind in ((down_worst, request.down), (unknown_worst, request.unknown)):
            all_ = [x for each in found.values() for x in each.get(kind, []) if x.counted > 0 and kind is not None]
            if kind == request.down:
                all_ = [x for x in all_ if x.e - x.s >= request.least]
            into += sorted(all_, key=lambda x: (-x.counted, x.s, x.k))[:3]
    subjects = [(request.id, k) for request in requests for k in (1, 2)]
    # In order of states by their numbers: down before unknown.
    drawn = sorted(course), sorted(course_sums)
    for order in (rows, data.draw(st.permutations(rows))):
        spells = counted_spells(scratch, spells_frame(scratch, order), requests, clocks)
        assert time_tallies(scratch, spells) == tallies
        for many in (-1, 1_000):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(time_tally, "_MANY", many)
                patch.setattr(bounds, "LANES", data.draw(st.sampled_from([2, 5, 251])))
                assert worst_spells(scratch, spells, 3) == (down_worst, unknown_worst)
                assert course_spells(scratch, spells, subjects, 3) == drawn
    # Spells of down that are spells of not up too may be given once, as those of a signal for both.
    twice = {(g, *each) for g, *each in rows if g in (0, 3) and (g + 1, *each) in rows}
    once = [(g, *each) for g, *each in rows if (g, *each) not in twice and (g - 1, *each) not in twice]
    again = [replace(each, alike=None if each.not_up is None else each.down + 6) for each in requests]
    if any(each.not_up is None for each in requests):
        # Those of down alone do not know of a signal for both.
        once, again = rows, requests
    else:
        once += [(g + 6, *each) for g, *each in twice]
    spells = counted_spells(scratch, spells_frame(scratch, once), again, clocks)
    assert time_tallies(scratch, spells) == tallies
    assert worst_spells(scratch, spells, 3) == (down_worst, unknown_worst)
    assert course_spells(scratch, spells, subjects[:1], 3) == tuple(
        [x for x in each if x[:2] == subjects[0]] for each in drawn
    )
    both = list(range(len(requests)))
    assert qualifying(scratch, spells, both) == qualifying(
        scratch, counted_spells(scratch, spells_frame(scratch, rows), requests, clocks), both
    )


def test_a_minimum_length_is_judged_on_the_whole_spell_and_clips_nothing_else(scratch: Scratch) -> None:
    spells = spells_frame(scratch, [(1, 5, 90, 112), (1, 5, 150, 155), (1, 6, 0, 100)])
    request = TimeRequest(3, down=1, not_up=None, unknown=None, lo=100, hi=200, clock=0, least=20)
    got = time_tallies(scratch, counted_spells(scratch, spells, [request], {0: [(105, 200)]}))
    assert got == [TimeTally(3, 5, down=7, down_raw=12, not_up=7, unknown=0, outages=1, longest=7)]


def test_no_request_and_no_spell_give_no_tally(scratch: Scratch) -> None:
    request = TimeRequest(1, 1, None, None, 0, 10, 0)
    assert time_tallies(scratch, counted_spells(scratch, spells_frame(scratch, []), [request], {0: []})) == []
    assert time_tallies(scratch, counted_spells(scratch, spells_frame(scratch, [(1, 1, 0, 5)]), [], {})) == []


@pytest.mark.parametrize(
    ("request_", "said"),
    [(TimeRequest(1, 1, 2, None, 0, 9, 0), "without the other"), (TimeRequest(1, 1, None, None, 9, 9, 0), "no time")],
)
def test_what_cannot_be_meant_is_refused(scratch: Scratch, request_: TimeRequest, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        counted_spells(scratch, spells_frame(scratch, []), [request_], {0: []})
