"""What slots are: compared with plain loops over every slot, and worked by hand on clauses of published agreements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.scratch import Scratch
from slacheck.engine.slots import (
    MOST_PARTS,
    MeanRequest,
    SlotMean,
    SlotRule,
    WorstSlot,
    counted_slots,
    exact_sum,
    slot_means,
    slot_spells,
    worst_slots,
)
from slacheck.engine.time_tally import TimeRequest, counted_spells, time_tallies

Row = tuple[int, int, int, int, int]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SUBJECTS = 3
MINUTE = 60_000_000
HOUR = 60 * MINUTE
MINUTELY = SlotRule(
    stream=0,
    each=MINUTE,
    origin=0,
    row_width=MINUTE,
    share=Fraction(1, 10),
    operator=">",
    empty="up",
    absent="unknown",
    down=0,
    not_up=1,
    unknown=2,
    skipped=3,
)
FIVE_MINUTES = MeanRequest(
    id=7, stream=0, lo=0, hi=HOUR, clock=0, each=5 * MINUTE, origin=0, row_width=5 * MINUTE, absent="unknown"
)


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def counts_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    columns = {"g": "BIGINT", "k": "INTEGER", "t": "BIGINT", "total": "BIGINT", "good": "BIGINT"}
    return scratch.give("counts", columns, rows)


def spells_of(
    scratch: Scratch, rows: Sequence[Row], rules: Sequence[SlotRule], floor: int, until: int, subjects: int = 1
) -> list[tuple[int, ...]]:
    numbers = {rule.stream: subjects for rule in rules}
    return sorted(scratch.rows(slot_spells(scratch, counts_frame(scratch, rows), rules, floor, until, numbers)))


def minutes(rows: Sequence[tuple[int, int, int]]) -> list[Row]:
    """Rows of stream 0 and subject 0 from (minute, total, bad)."""
    return [(0, 0, minute * MINUTE, total, total - bad) for minute, total, bad in rows]


def inside(clock: Sequence[tuple[int, int]], t: int) -> bool:
    return any(lo <= t < hi for lo, hi in clock)


def disjoint(cuts: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(set(cuts))
    return [(s, e) for s, e in zip(ordered[::2], ordered[1::2], strict=False)]


def runs(on: set[int]) -> list[tuple[int, int]]:
    return [(x, next(y for y in range(x, max(on) + 2) if y not in on)) for x in sorted(on) if x - 1 not in on]


def rows_in(rows: Sequence[Row], asked: SlotRule | MeanRequest, k: int, slot: int) -> list[Row]:
    return [row for row in rows if row[:2] == (asked.stream, k) and slot <= row[2] < slot + asked.each]


def lacks_rows(asked: SlotRule | MeanRequest, met: Sequence[Row], slot: int) -> bool:
    """Whether some part of a slot that has a row has none, and that says something."""
    if asked.row_width is None or asked.absent == "empty":
        return False
    parts = range(slot, slot + asked.each, asked.row_width)
    return not all(any(part <= row[2] < part + asked.row_width for row in met) for part in parts)


def state(rows: Sequence[Row], rule: SlotRule, k: int, slot: int) -> str:
    met = rows_in(rows, rule, k, slot)
    if not met:
        return "unknown" if rule.row_width is not None and rule.absent == "unknown" else rule.empty
    if lacks_rows(rule, met, slot):
        return "unknown"
    total, good = sum(row[3] for row in met), sum(row[4] for row in met)
    if total == 0:
        return rule.empty
    if total < rule.minimum:
        return "up"
    if rule.all_fail:
        return "up" if good else "down"
    share = Fraction(good if rule.measured == "good" else total - good, total)
    hit = {
        ">": share > rule.share,
        ">=": share >= rule.share,
        "<": share < rule.share,
        "<=": share <= rule.share,
    }
    return "down" if hit[rule.operator] else "up"


def plain_spells(rows: Sequence[Row], rules: Sequence[SlotRule], floor: int, until: int) -> list[tuple[int, ...]]:
    found = []
    for rule in rules:
        for k in range(SUBJECTS):
            states = {
                x: state(rows, rule, k, rule.origin + (x - rule.origin) // rule.each * rule.each)
                for x in range(floor, until)
            }
            for signal, kinds in (
                (rule.down, {"down"}),
                (rule.not_up, {"down", "unknown"}),
                (rule.unknown, {"unknown"}),
                (rule.skipped, {"skip"}),
            ):
                found += [(signal, k, s, e) for s, e in runs({x for x in states if states[x] in kinds})]
    return sorted(found)


# Shares that are met exactly, and pairs that differ in the last digit of 10**15 requests.
amounts = st.one_of(
    st.tuples(st.sampled_from([0, 1, 2, 10, 20]), st.sampled_from([0, 1, 2, 10])).map(lambda p: (p[0], min(p))),
    st.sampled_from([(10**15, 10**14), (10**15, 10**14 + 1), (10**15, 10**14 + 10**3), (2**63 - 1, 2**62)]),
)
shares = st.sampled_from(
    [Fraction(0), Fraction(1, 20), Fraction(1, 10), Fraction(1, 2), Fraction(1), Fraction(10**11 + 1, MOST_PARTS)]
)
count_rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, SUBJECTS - 2), st.integers(-15, 45), amounts).map(
        lambda row: (row[0], row[1], row[2], row[3][0], row[3][0] - row[3][1])
    ),
    max_size=40,
)
grids = st.sampled_from([(1, 1), (2, 1), (2, 2), (6, 2), (6, 3), (4, None), (7, None), (5, 5)])
absences = st.sampled_from(["unknown", "empty"])
rule_lists = st.lists(
    st.builds(
        lambda grid, **said: SlotRule(each=grid[0], row_width=grid[1], down=0, not_up=0, unknown=0, skipped=0, **said),
        grid=grids,
        stream=st.integers(0, 1),
        origin=st.integers(-20, 20),
        share=shares,
        operator=st.sampled_from([">", ">=", "<", "<="]),
        empty=st.sampled_from(["up", "down", "unknown", "skip"]),
        absent=absences,
        measured=st.sampled_from(["bad", "good"]),
        minimum=st.sampled_from([0, 1, 2, 11, 10**15 + 1]),
        all_fail=st.booleans(),
    ),
    min_size=1,
    max_size=6,
).map(
    lambda rules: [
        replace(rule, down=4 * i, not_up=4 * i + 1, unknown=4 * i + 2, skipped=4 * i + 3)
        for i, rule in enumerate(rules)
    ]
)


@FEW
@given(rows=count_rows, rules=rule_lists, floor=st.integers(-12, 20), length=st.integers(1, 40), data=st.data())
def test_spells_are_what_plain_loops_over_every_slot_give(
    scratch: Scratch, rows: list[Row], rules: list[SlotRule], floor: int, length: int, data: st.DataObject
) -> None:
    expected = plain_spells(rows, rules, floor, floor + length)
    for order in (rows, data.draw(st.permutations(rows))):
        assert spells_of(scratch, order, rules, floor, floor + length, SUBJECTS) == expected


request_lists = st.lists(
    st.builds(
        lambda grid, length, **said: MeanRequest(id=0, each=grid[0], row_width=grid[1], hi=said["lo"] + length, **said),
        grid=grids,
        length=st.integers(1, 40),
        stream=st.integers(0, 1),
        lo=st.integers(-12, 30),
        clock=st.integers(0, 1),
        origin=st.integers(-20, 20),
        absent=absences,
        least_total=st.sampled_from([1, 2, 11]),
    ),
    min_size=1,
    max_size=5,
).map(lambda requests: [replace(request, id=10 - i) for i, request in enumerate(requests)])


@FEW
@given(
    rows=count_rows,
    requests=request_lists,
    clocks=st.fixed_dictionaries(
        dict.fromkeys(range(2), st.lists(st.integers(-12, 60), max_size=8).map(disjoint)),
    ),
    limit=st.integers(1, 4),
    data=st.data(),
)
def test_means_and_worst_slots_are_what_plain_loops_over_every_slot_give(
    scratch: Scratch,
    rows: list[Row],
    requests: list[MeanRequest],
    clocks: dict[int, list[tuple[int, int]]],
    limit: int,
    data: st.DataObject,
) -> None:
    means, rates, worst = [], [], []
    for request in sorted(requests, key=lambda request: request.id):
        shown = []
        for k in range(SUBJECTS):
            of_k = []
            groups: dict[int, tuple[int, int]] = {}
            numbers = dict.fromkeys(("slots", "below", "empty", "absent", "incomplete"), 0)
            rate, told = Fraction(0), False
            for slot in range(request.lo, request.hi):
                if (slot - request.origin) % request.each or not inside(clocks[request.clock], slot):
                    continue
                met = rows_in(rows, request, k, slot)
                told |= bool(met)
                total, good = sum(row[3] for row in met), sum(row[4] for row in met)
                if not met or lacks_rows(request, met, slot):
                    numbers["absent"] += 1
                    numbers["incomplete"] += bool(met)
                elif total < request.least_total:
                    numbers["below" if total else "empty"] += 1
                else:
                    numbers["slots"] += 1
                    rate += Fraction(good, total)
                    before = groups.get(total, (0, 0))
                    groups[total] = before[0] + good, before[1] + 1
                    if good < total:
                        key = -((total - good) * 10**12 // total)
                        of_k.append((key, WorstSlot(request.id, k, slot, slot + request.each, total, good)))
            if told:
                means.append(
                    SlotMean(request.id, k, tuple((t, *found) for t, found in sorted(groups.items())), **numbers)
                )
                rates.append(rate)
            shown += sorted(of_k, key=lambda pair: (pair[0], pair[1].s))[:limit]
        worst += [each for _, each in sorted(shown, key=lambda pair: (pair[0], pair[1].s, pair[1].k))]
    for order in (rows, data.draw(st.permutations(rows))):
        slots = counted_slots(scratch, counts_frame(scratch, order), requests, clocks)
        found = slot_means(scratch, slots)
        assert found == means
        assert [exact_sum(mean.groups) for mean in found] == rates
        assert worst_slots(scratch, slots, limit) == worst


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 200), st.integers(1, 5)), max_size=40))
def test_the_exact_sum_is_the_sum_of_the_fractions(groups: list[tuple[int, int, int]]) -> None:
    assert exact_sum(groups) == sum((Fraction(good, total) for total, good, _ in groups), Fraction(0))


def test_ten_consecutive_bad_minutes_with_a_least_traffic(scratch: Scratch) -> None:
    """Google Vertex AI Search: more than 10 % errors of at least 2,000 valid requests for at least ten consecutive
    minutes; shorter is dropped. Of five stretches only the first and the last last ten minutes: ten of 300 errors, nine
    of them, five and five parted by a minute of 1,999 errors in 1,999 requests, ten of exactly 10 %, twelve of 2,000
    requests. Down 10 + 12 of 43,200 minutes."""
    spoilt = {
        **dict.fromkeys(range(100, 110), (2500, 300)),
        **dict.fromkeys(range(200, 209), (2500, 300)),
        **dict.fromkeys(range(300, 311), (2500, 300)),
        305: (1999, 1999),
        **dict.fromkeys(range(400, 410), (2500, 250)),
        **dict.fromkeys(range(500, 512), (2000, 201)),
    }
    rows = minutes([(m, *spoilt.get(m, (2500, 1))) for m in range(43_200)])
    month = 43_200 * MINUTE
    spells = slot_spells(scratch, counts_frame(scratch, rows), [replace(MINUTELY, minimum=2000)], 0, month, {0: 1})
    request = TimeRequest(0, down=0, not_up=1, unknown=2, lo=0, hi=month, clock=0, least=10 * MINUTE)
    (tally,) = time_tallies(scratch, counted_spells(scratch, spells, [request], {0: [(0, month)]}))
    assert (tally.down, tally.down_raw) == (22 * MINUTE, (10 + 9 + 10 + 12) * MINUTE)
    assert (tally.not_up, tally.unknown) == (22 * MINUTE, 0)
    assert (tally.outages, tally.longest) == (2, 12 * MINUTE)


@pytest.mark.parametrize(
    ("operator", "bad", "down"), [(">", 5, False), (">", 6, True), (">=", 5, True), (">=", 4, False)]
)
def test_the_share_itself_is_down_only_where_the_operator_has_it(
    scratch: Scratch, operator: Any, bad: int, down: bool
) -> None:
    """GitHub says more than 5 % of a minute's requests, GitLab at least 5 %."""
    rule = replace(MINUTELY, share=Fraction(1, 20), operator=operator)
    found = spells_of(scratch, minutes([(0, 100, bad)]), [rule], 0, MINUTE)
    assert found == ([(0, 0, 0, MINUTE), (1, 0, 0, MINUTE)] if down else [])


def test_a_minute_is_down_when_every_attempt_fails(scratch: Scratch) -> None:
    """Azure SQL Database: all attempts of the minute fail. Minute 0: 3 of 3, minute 1: 2 of 3, minute 2: no attempt,
    minutes 3 and 4: one of one; the attempts are records without an interval of their own."""
    attempts = [(5, 0), (20, 0), (59, 0), (61, 0), (62, 1), (119, 0), (180, 0), (299, 0)]
    rows = [(0, 0, second * 1_000_000, 1, good) for second, good in attempts]
    rule = replace(MINUTELY, all_fail=True, row_width=None)
    found = spells_of(scratch, rows, [rule], 0, 10 * MINUTE)
    assert [spell for spell in found if spell[0] == rule.down] == [(0, 0, 0, MINUTE), (0, 0, 3 * MINUTE, 5 * MINUTE)]
    assert [spell for spell in found if spell[0] == rule.unknown] == []


def test_mean_of_five_minute_rates_is_not_the_ratio_of_sums(scratch: Scratch) -> None:
    """Amazon S3: 100 % less the mean of the error rates of all intervals; an interval without requests has 0 %. One
    hour: 50 of 100 failed, 1 of 10 failed, eight intervals of 1,000 without error, one row of no request, one interval
    without a row. Mean error (0.5 + 0.1) / 12 = 5 %, uptime 95 %; the ratio of sums would be 99.37 %."""
    width = 5 * MINUTE
    rows: list[Row] = [(0, 0, 0, 100, 50), (0, 0, width, 10, 9), (0, 0, 10 * width, 0, 0)]
    rows += [(0, 0, n * width, 1000, 1000) for n in range(2, 10)]
    slots = counted_slots(scratch, counts_frame(scratch, rows), [FIVE_MINUTES], {0: [(0, HOUR)]})
    (mean,) = slot_means(scratch, slots)
    groups = ((10, 9, 1), (100, 50, 1), (1000, 8000, 8))
    assert mean == SlotMean(7, 0, groups, slots=10, below=0, empty=1, absent=1, incomplete=0)
    assert (exact_sum(groups) + mean.empty + mean.absent) / 12 == Fraction(95, 100)
    assert [(slot.s, slot.total, slot.good) for slot in worst_slots(scratch, slots, 5)] == [
        (0, 100, 50),
        (width, 10, 9),
    ]


def test_hours_without_a_transaction_are_told_apart_from_busy_ones(scratch: Scratch) -> None:
    """Azure Storage: the mean of hourly rates over all hours, none failed where there was no transaction: in 720 hours
    one with 1 failure in 4, so that 1/4 / 720 is lost."""
    hours = replace(FIVE_MINUTES, hi=720 * HOUR, each=HOUR, row_width=None)
    rows: list[Row] = [(0, 0, 100 * HOUR + second, 1, second != 3) for second in range(4)]
    slots = counted_slots(scratch, counts_frame(scratch, rows), [hours], {0: [(0, 720 * HOUR)]})
    (mean,) = slot_means(scratch, slots)
    assert (mean.groups, mean.slots, mean.absent) == (((4, 3, 1),), 1, 719)
    assert 1 - (exact_sum(mean.groups) + mean.absent) / 720 == Fraction(1, 2880)


@pytest.mark.parametrize(("offset", "first"), [(330, 30), (345, 15)])
def test_civil_hours_of_zones_with_half_and_quarter_hours(scratch: Scratch, offset: int, first: int) -> None:
    """Hours of India (+5:30) begin at half past, those of Nepal (+5:45) at a quarter past an hour of UTC."""
    edge = HOUR + first * MINUTE
    rows: list[Row] = [(0, 0, edge - 1, 1, 1), (0, 0, edge, 1, 0), (0, 0, edge + HOUR - 1, 1, 0)]
    rule = replace(MINUTELY, each=HOUR, origin=-offset * MINUTE, row_width=None)
    found = spells_of(scratch, rows, [rule], 0, 24 * HOUR)
    assert found == [(0, 0, edge, edge + HOUR), (1, 0, edge, edge + HOUR)]
    assert spells_of(scratch, rows, [replace(rule, origin=0)], 0, 24 * HOUR)[0] == (0, 0, HOUR, 3 * HOUR)


def test_a_subject_without_a_row_is_absent_throughout(scratch: Scratch) -> None:
    rule = replace(MINUTELY, origin=MINUTE // 2)
    found = spells_of(scratch, minutes([(2, 1, 1)]), [rule], 0, 4 * MINUTE, subjects=2)
    half = MINUTE // 2
    assert [spell[1:] for spell in found if spell[0] == rule.unknown] == [
        (0, 0, 3 * half),
        (0, 5 * half, 4 * MINUTE),
        (1, 0, 4 * MINUTE),
    ]
    assert [spell[1:] for spell in found if spell[0] == rule.down] == [(0, 3 * half, 5 * half)]


def test_two_rows_in_one_part_do_not_stand_in_for_a_missing_one(scratch: Scratch) -> None:
    """A slot of two minutes from 0:30 on, rows at 0:40 and 1:10: the minute from 1:30 on may hold any number of
    requests. The rows are of two minutes of the clock, but of one part of the slot."""
    second = 1_000_000
    rows = [(0, 0, 40 * second, 10, 0), (0, 0, 70 * second, 10, 0)]
    rule = replace(MINUTELY, each=2 * MINUTE, origin=30 * second)
    window = 30 * second, 150 * second
    assert spells_of(scratch, rows, [rule], *window) == [(rule.not_up, 0, *window), (rule.unknown, 0, *window)]
    given_up = replace(rule, absent="empty")
    assert spells_of(scratch, rows, [given_up], *window) == [(rule.down, 0, *window), (rule.not_up, 0, *window)]


def test_windows_of_one_grid_are_asked_for_in_any_order(scratch: Scratch) -> None:
    rows = minutes([(0, 4, 1), (5, 4, 2), (60, 4, 3)])
    later = replace(FIVE_MINUTES, id=8, lo=HOUR, hi=2 * HOUR, row_width=None)
    earlier = replace(FIVE_MINUTES, row_width=None)
    for requests in ([later, earlier], [earlier, later]):
        slots = counted_slots(scratch, counts_frame(scratch, rows), requests, {0: [(0, 2 * HOUR)]})
        assert [(mean.request, mean.groups) for mean in slot_means(scratch, slots)] == [
            (7, ((4, 5, 2),)),
            (8, ((4, 1, 1),)),
        ]


def test_of_two_equally_bad_slots_the_earlier_is_shown_and_each_subject_has_its_own(scratch: Scratch) -> None:
    rows: list[Row] = [(0, 0, 5 * MINUTE, 4, 1), (0, 1, 5 * MINUTE, 8, 2), (0, 1, 0, 8, 2)]
    slots = counted_slots(scratch, counts_frame(scratch, rows), [FIVE_MINUTES], {0: [(0, HOUR)]})
    assert worst_slots(scratch, slots, 1) == [
        WorstSlot(7, 1, 0, 5 * MINUTE, 8, 2),
        WorstSlot(7, 0, 5 * MINUTE, 10 * MINUTE, 4, 1),
    ]


def test_the_worst_slots_are_told_apart_in_the_twelfth_digit_and_no_further(scratch: Scratch) -> None:
    """Of 10**13 requests 10, 11, 9 and 20 are bad: the keys are 1, 1, 0 and 2, and of equal ones the earlier leads."""
    rows = minutes([(5 * n, 10**13, bad) for n, bad in enumerate((10, 11, 9, 20))])
    counts = counts_frame(scratch, rows)
    slots = counted_slots(scratch, counts, [replace(FIVE_MINUTES, row_width=None)], {0: [(0, HOUR)]})
    assert [10**13 - slot.good for slot in worst_slots(scratch, slots, 9)] == [20, 10, 11, 9]
    assert [10**13 - slot.good for slot in worst_slots(scratch, slots, 2)] == [20, 10]


def test_a_skipped_minute_parts_two_that_are_down(scratch: Scratch) -> None:
    rule = replace(MINUTELY, empty="skip")
    found = spells_of(scratch, minutes([(0, 5, 5), (1, 0, 0), (2, 5, 5)]), [rule], 0, 3 * MINUTE)
    assert [spell for spell in found if spell[0] == rule.down] == [(0, 0, 0, MINUTE), (0, 0, 2 * MINUTE, 3 * MINUTE)]
    assert [spell for spell in found if spell[0] == rule.skipped] == [(3, 0, MINUTE, 2 * MINUTE)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"each": 0}, "last 0"),
        ({"row_width": 7}, "rows of 7"),
        ({"row_width": 2 * MINUTE}, "not made of rows"),
        ({"share": Fraction(11, 10)}, "11/10"),
        ({"share": Fraction(1, MOST_PARTS + 1)}, "no share"),
        ({"minimum": -1}, "-1 requests"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(MINUTELY, **change)


def test_requests_that_make_no_sense_are_refused(scratch: Scratch) -> None:
    counts = counts_frame(scratch, [])
    with pytest.raises(ValueError, match="needs a request"):
        replace(FIVE_MINUTES, least_total=0)
    with pytest.raises(ValueError, match="last -1"):
        replace(FIVE_MINUTES, each=-1)
    with pytest.raises(ValueError, match="no window"):
        counted_slots(scratch, counts, [], {})
    with pytest.raises(ValueError, match="no time between 5 and 5"):
        slot_spells(scratch, counts, [MINUTELY], 5, 5, {0: 1})
    with pytest.raises(ValueError, match="no rule"):
        slot_spells(scratch, counts, [], 0, 5, {})
