"""What an outage rule makes of spells and records: compared with plain loops, and with cases of real contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.outage_shapes import (
    MINUTE,
    PartMinutes,
    difference,
    graced,
    longest_only,
    quorum,
    same_cause,
    whole_minutes,
)
from slacheck.engine.scratch import Scratch

Row = tuple[int, ...]
Frame = nw.LazyFrame[Any]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOUR = 60 * MINUTE
SPELL = {"g": "INTEGER", "k": "BIGINT", "s": "BIGINT", "e": "BIGINT"}
RECORD = {"g": "INTEGER", "k": "INTEGER", "r": "BIGINT", "s": "BIGINT", "e": "BIGINT"}


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def disjoint(cuts: Sequence[int]) -> list[tuple[int, int]]:
    return [(s, e) for s, e in zip(sorted(set(cuts))[::2], sorted(set(cuts))[1::2], strict=False)]


def runs(on: set[int]) -> list[tuple[int, int]]:
    return [(x, next(y for y in range(x, max(on) + 2) if y not in on)) for x in sorted(on) if x - 1 not in on]


def found(scratch: Scratch, frame: Frame, columns: str = "gkse") -> list[tuple[Any, ...]]:
    return sorted(scratch.rows(frame.select(*columns)))


intervals = st.lists(st.integers(-3, 25), max_size=8).map(disjoint)


@st.composite
def signals(draw: st.DrawFn, rules: Sequence[int], members: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for g in rules:
        for k in members:
            spells = draw(intervals)
            last = max((e for _, e in spells), default=0)
            # Now and then a spell begins where the one before it ended.
            rows += [(g, k, s, e) for s, e in [*spells, *[(last, last + 4)] * draw(st.booleans())]]
    return rows


def at(rows: Sequence[Row], g: int, k: int) -> set[int]:
    return {x for h, j, s, e in rows if h == g and j == k for x in range(s, e)}


def at_least(need: int, members: Sequence[set[int]]) -> set[int]:
    return {x for x in range(-5, 35) if sum(x in on for on in members) >= need}


def naive_quorum(rows: Sequence[Row], groups: Sequence[Row], least: Mapping[int, int | None]) -> list[Row]:
    spells = []
    for g, number in least.items():
        for m in {m for _, m in groups}:
            members = {k for k, into in groups if into == m}
            need = len(members) if number is None else number
            on = at_least(need, [at(rows, g, k) for k in members])
            spells += [(g, m, s, e) for s, e in runs(on)]
    return sorted(spells)


memberships = st.lists(st.tuples(st.integers(1, 5), st.integers(70, 72)), max_size=8)


@FEW
@given(
    rows=signals([1, 2, 3, 4], [1, 2, 3]),
    groups=memberships,
    number=st.integers(1, 4),
    data=st.data(),
)
def test_a_group_is_on_while_enough_of_its_members_are(
    scratch: Scratch, rows: list[Row], groups: list[Row], number: int, data: st.DataObject
) -> None:
    least = {1: 1, 2: None, 3: number}
    spells = scratch.give("spells", SPELL, data.draw(st.permutations(rows)))
    named = scratch.give("groups", {"k": "INTEGER", "m": "INTEGER"}, groups)
    assert found(scratch, quorum(scratch, spells, named, least)) == naive_quorum(rows, sorted(set(groups)), least)


@FEW
@given(down=signals([1], [1, 2, 3]), unknown=signals([1], [1, 2, 3]), number=st.sampled_from([1, 2, 3, None]))
def test_unknown_time_of_a_group_is_not_up_less_down(
    scratch: Scratch, down: list[Row], unknown: list[Row], number: int | None
) -> None:
    groups = [(1, 7), (2, 7), (3, 7)]
    not_up: list[Row] = [(2, k, s, e) for k in (1, 2, 3) for s, e in runs(at(down, 1, k) | at(unknown, 1, k))]
    need = number or 3
    surely = at_least(need, [at(down, 1, k) for k in (1, 2, 3)])
    possibly = at_least(need, [at(not_up, 2, k) for k in (1, 2, 3)])

    spells = scratch.give("spells", SPELL, down + not_up)
    members = scratch.give("groups", {"k": "BIGINT", "m": "BIGINT"}, groups)
    joined = quorum(scratch, spells, members, {1: number, 2: number})
    on = joined.filter(nw.col("g") == 1).select("k", "s", "e", g=nw.lit(3))
    rest = difference(scratch, joined.filter(nw.col("g") == 2).select("k", "s", "e", g=nw.lit(3)), on)
    assert found(scratch, rest) == [(3, 7, s, e) for s, e in runs(possibly - surely)]


@FEW
@given(a=signals([1, 2], [1, 2]), b=signals([1, 2], [1, 2]))
def test_a_difference_is_what_a_walk_over_every_instant_finds(scratch: Scratch, a: list[Row], b: list[Row]) -> None:
    rest = difference(scratch, scratch.give("a", SPELL, a), scratch.give("b", SPELL, b))
    wanted = [
        (g, k, s, e) for g in (1, 2) for k in (1, 2) for s, e in runs({x for x in at(a, g, k) if x not in at(b, g, k)})
    ]
    assert found(scratch, rest) == wanted


def test_all_of_two_zones_are_down_only_while_both_are(scratch: Scratch) -> None:
    # G1: connectivity lost for all instances in two zones. Rules number their subjects and groups apart.
    spells = scratch.give("spells", SPELL, [(1, 1, 0, 60), (1, 2, 45, 90), (2, 1, 0, 60), (2, 2, 60, 70)])
    groups = scratch.give(
        "groups", {"g": "BIGINT", "k": "BIGINT", "m": "BIGINT"}, [(1, 1, 9), (1, 2, 9), (2, 1, 5), (2, 2, 5), (2, 3, 5)]
    )
    assert found(scratch, quorum(scratch, spells, groups, {1: None, 2: None})) == [(1, 9, 45, 60)]
    assert found(scratch, quorum(scratch, spells, groups, {1: 1, 2: 1})) == [(1, 9, 0, 90), (2, 5, 0, 70)]
    assert found(scratch, quorum(scratch, spells, groups, {1: 3, 2: 2})) == []


def test_a_quorum_of_nobody_is_refused(scratch: Scratch) -> None:
    nothing = scratch.give("spells", SPELL, [])
    with pytest.raises(ValueError, match="rule 4 cannot ask for 0 members"):
        quorum(scratch, nothing, scratch.give("groups", {"k": "BIGINT", "m": "BIGINT"}, []), {4: 0})


record_lists = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(0, 40), st.integers(1, 12)), max_size=24
).map(lambda rows: [(g, k, 100 - r, s, s + length) for r, (g, k, s, length) in enumerate(rows)])


def naive_longest(rows: Sequence[Row]) -> list[Row]:
    kept: list[Row] = []
    for row in sorted(rows, key=lambda row: (row[3] - row[4], row[3], row[2])):
        rivals = [x for x in kept if x[:2] == row[:2]]
        if not any(set(range(x[3], x[4])) & set(range(row[3], row[4])) for x in rivals):
            kept.append(row)
    return sorted(kept)


@FEW
@given(rows=record_lists, data=st.data())
def test_of_overlapping_records_the_longest_is_kept_as_a_plain_loop_keeps_it(
    scratch: Scratch, rows: list[Row], data: st.DataObject
) -> None:
    kept, dropped = longest_only(scratch, scratch.give("records", RECORD, data.draw(st.permutations(rows))))
    wanted = naive_longest(rows)
    assert found(scratch, kept, "gkrse") == wanted
    assert found(scratch, dropped, "gkrse") == sorted(set(rows) - set(wanted))


CHAINS = {
    # S14: of simultaneous events only the longest counts. 10:00-11:00, 10:30-12:00, 11:45-12:15: 90 minutes.
    "the longest between two others stands for both": ([(600, 660), (630, 720), (705, 735)], [(630, 720)]),
    # 600-720 drops 700-760, which then cannot stand for 750-780, with which nothing that counts is simultaneous.
    "a dropped record drops no other": ([(600, 720), (700, 760), (750, 780)], [(600, 720), (750, 780)]),
    "records that touch are not simultaneous": ([(0, 10), (10, 30)], [(0, 10), (10, 30)]),
    "of equals the earlier is kept": ([(5, 15), (0, 10)], [(0, 10)]),
    "of two alike the first row is kept": ([(0, 10), (0, 10)], [(0, 10)]),
}


@pytest.mark.parametrize(("rows", "wanted"), CHAINS.values(), ids=CHAINS.keys())
def test_chains(scratch: Scratch, rows: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> None:
    records = scratch.give(
        "records", {**RECORD, "note": "VARCHAR"}, [(1, 1, r, s, e, f"row {r}") for r, (s, e) in enumerate(rows)]
    )
    kept, dropped = longest_only(scratch, records)
    assert sorted(scratch.rows(kept.select("s", "e"))) == wanted
    assert kept.collect_schema().names() == dropped.collect_schema().names() == [*"gkrse", "note"]
    notes = sorted([*scratch.rows(kept.select("note")), *scratch.rows(dropped.select("note"))])
    assert notes == [(f"row {r}",) for r in range(len(rows))]


@pytest.mark.parametrize(
    "rows",
    [[(1, 1, 1, 5, None)], [(1, 1, 1, 5, 5)], [(1, 1, 1, 0, 5), (1, 1, 1, 3, 9)]],
    ids=["open", "empty", "twice"],
)
def test_records_that_cannot_be_told_apart_or_have_no_time_are_refused(
    scratch: Scratch, rows: list[tuple[int | None, ...]]
) -> None:
    records = scratch.give("records", RECORD, rows)
    with pytest.raises(ValueError, match="1 records have no end"):
        longest_only(scratch, records)
    with pytest.raises(ValueError, match="1 records have no end"):
        same_cause(scratch, records.with_columns(cause=nw.lit("x")), {})


lengths = st.tuples(st.integers(0, 3), st.sampled_from([-MINUTE + 1, -1, 0, 1, MINUTE // 2])).map(
    lambda pair: max(1, pair[0] * MINUTE + pair[1])
)


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(1, 4), st.integers(-(10**15), 10**15), lengths), max_size=12),
    grace=st.dictionaries(st.integers(1, 3), st.sampled_from([0, 1, MINUTE, 2 * MINUTE]), max_size=3),
    how=st.dictionaries(st.integers(1, 3), st.sampled_from(["drop", "count", "started"]), max_size=3),
)
def test_grace_and_parts_of_a_minute_are_what_a_loop_over_the_minutes_leaves(
    scratch: Scratch, rows: list[Row], grace: dict[int, int], how: dict[int, PartMinutes]
) -> None:
    records = scratch.give("records", RECORD, [(g, 1, r, s, s + length) for r, (g, s, length) in enumerate(rows)])
    later = [(g, 1, r, s + grace.get(g, 0), s + length) for r, (g, s, length) in enumerate(rows)]
    assert found(scratch, graced(scratch, records, grace), "gkrse") == sorted(row for row in later if row[3] < row[4])

    rounded = []
    for r, (g, s, length) in enumerate(rows):
        end, rule = s, how.get(g, "count")
        while end + MINUTE <= s + length:
            end += MINUTE
        if end < s + length and rule != "drop":
            end = s + length if rule == "count" else end + MINUTE
        rounded += [(g, 1, r, s, end)] if end > s else []
    assert found(scratch, whole_minutes(scratch, records, how), "gkrse") == sorted(rounded)


def test_the_clock_of_an_interruption_starts_half_an_hour_after_the_report(scratch: Scratch) -> None:
    # T15: reported at 00:00, 00:20 and 02:00; restored after 20 h, 30 min and 31 min.
    rows = [(0, 20 * HOUR), (20 * MINUTE, 50 * MINUTE), (2 * HOUR, 2 * HOUR + 31 * MINUTE)]
    records = scratch.give("records", RECORD, [(1, 1, r, s, e) for r, (s, e) in enumerate(rows)])
    left = found(scratch, graced(scratch, records, {1: 30 * MINUTE}), "rse")
    assert left == [(0, 30 * MINUTE, 20 * HOUR), (2, 150 * MINUTE, 151 * MINUTE)]


def test_a_downtime_period_has_whole_minutes_of_its_own(scratch: Scratch) -> None:
    # G1: 12:00:30-12:02:29 is one minute and a part, though it touches three minutes of the clock.
    second = MINUTE // 60
    records = scratch.give("records", RECORD, [(g, 1, 1, 30 * second, 149 * second) for g in (1, 2, 3)])
    left = found(scratch, whole_minutes(scratch, records, {1: "drop", 2: "started", 3: "count"}), "gse")
    assert left == [(1, 30 * second, 90 * second), (2, 30 * second, 150 * second), (3, 30 * second, 149 * second)]


def test_less_than_no_time_is_refused(scratch: Scratch) -> None:
    records = scratch.give("records", {**RECORD, "cause": "VARCHAR"}, [])
    with pytest.raises(ValueError, match="a grace cannot be negative"):
        graced(scratch, records, {1: -1})
    with pytest.raises(ValueError, match="less than no time"):
        same_cause(scratch, records, {1: -1})


def naive_outages(rows: Sequence[tuple[Any, ...]], within: Mapping[int, int]) -> list[tuple[int, int, int, int]]:
    """The rows (g, k, r, o) of records (g, k, r, s, e, cause)."""
    outages: list[tuple[int, int, int, int]] = []
    firsts: dict[tuple[Any, ...], tuple[int, int]] = {}
    for g, k, r, s, _, cause in sorted(rows, key=lambda row: (row[3], row[2])):
        first = firsts.get((g, k, cause))
        if not cause or first is None or s - first[0] >= within.get(g, 0):
            first = firsts[g, k, cause] = (s, r)
        outages.append((g, k, r, first[1]))
    return sorted(outages)


# Many at few instants, so that starts are equal and chains long.
caused = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 20), st.sampled_from([None, "", "power", "power"])),
    min_size=12,
    max_size=30,
).map(lambda rows: [(g, k, 100 - r, s, s + 3, cause) for r, (g, k, s, cause) in enumerate(rows)])


@FEW
@given(named=caused, within=st.fixed_dictionaries(dict.fromkeys((1, 2), st.sampled_from([0, 1, 5, 8]))), data=st.data())
def test_outages_of_one_cause_are_what_a_walk_in_order_of_their_start_finds(
    scratch: Scratch, named: list[tuple[Any, ...]], within: dict[int, int], data: st.DataObject
) -> None:
    records = scratch.give("records", {**RECORD, "cause": "VARCHAR"}, data.draw(st.permutations(named)))
    assert found(scratch, same_cause(scratch, records, within), "gkro") == naive_outages(named, within)


def test_one_failure_in_24_hours_counts_from_the_first_record(scratch: Scratch) -> None:
    # L1: power fails at 0, 23, 25, 47 and 49 h. 23 h is within a day of 0 h; 25 h opens a failure that holds 47 h;
    # 49 h is 24 h after it, which is the next day, and so is the cooling's 25 h after its 1 h. Twice at once nobody
    # knows the cause.
    power, cooling, unknown = (0, 23, 25, 47, 49), (1, 13, 25), (2, 2)
    causes = (("power", power), ("cooling", cooling), (None, unknown))
    hours = [(at, cause) for cause, starts in causes for at in starts]
    records = scratch.give(
        "records",
        {**RECORD, "cause": "VARCHAR"},
        [(1, 1, r, at * HOUR, (at + 1) * HOUR, cause) for r, (at, cause) in enumerate(hours)],
    )
    outages = same_cause(scratch, records, {1: 24 * HOUR})
    assert outages.collect_schema().names() == [*"gkrse", "cause", "o"]
    assert found(scratch, outages, "ro") == [
        (0, 0),
        (1, 0),
        (2, 2),
        (3, 2),
        (4, 4),
        (5, 5),
        (6, 5),
        (7, 7),
        (8, 8),
        (9, 9),
    ]


def test_nothing_stays_nothing(scratch: Scratch) -> None:
    records = scratch.give("records", {**RECORD, "cause": "VARCHAR"}, [])
    kept, dropped = longest_only(scratch, records)
    rounded = whole_minutes(scratch, graced(scratch, kept, {1: 5}), {1: "drop"})
    assert [scratch.rows(frame) for frame in (rounded, dropped, same_cause(scratch, records, {1: 5}))] == [[], [], []]
    spells = scratch.give("spells", SPELL, [])
    assert scratch.rows(difference(scratch, spells, spells)) == []
