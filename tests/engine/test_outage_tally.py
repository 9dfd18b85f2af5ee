"""What one outage after the other lasted: compared with counting every instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.outage_tally import (
    Belongs,
    OutageLength,
    OutageRequest,
    OutageTally,
    each_outage,
    outage_lengths,
    outage_tallies,
)
from slacheck.engine.scratch import Scratch

Row = tuple[int, ...]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MINUTE = 60_000_000
WAYS: tuple[Belongs, ...] = ("split", "start", "end")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def records_frame(scratch: Scratch, rows: Sequence[Row]) -> nw.LazyFrame[Any]:
    return scratch.give("records", {"g": "INTEGER", "k": "INTEGER", **dict.fromkeys("ose", "BIGINT")}, rows)


def naive(rows: Sequence[Row], request: OutageRequest, clock: Sequence[tuple[int, int]]) -> list[OutageLength]:
    found = []
    for k, o in {(k, o) for g, k, o, _, _ in rows if g == request.down}:
        on = {x for g, j, p, s, e in rows if (g, j, p) == (request.down, k, o) for x in range(s, e)}
        counted = {x for x in on if any(lo <= x < hi for lo, hi in clock)}
        inside = set(range(request.lo, request.hi))
        chosen = {
            "split": bool(on & inside),
            "start": min(on) in inside,
            "end": max(on) + 1 in inside,
        }[request.belongs]
        if chosen and len(on) >= request.least:
            whole = len(counted & inside) if request.belongs == "split" else len(counted)
            found.append(OutageLength(request.id, k, o, min(on), max(on) + 1, len(on), len(counted & inside), whole))
    return sorted(found, key=lambda each: (each.k, each.start, each.o))


records_lists = st.lists(
    st.tuples(*(st.integers(1, 2),) * 2, st.integers(1, 3), st.integers(-10, 40), st.integers(1, 12)), max_size=16
).map(lambda rows: [(*row[:4], row[3] + row[4]) for row in rows])
windows = st.tuples(st.integers(-5, 40), st.integers(1, 30))
clocks_of = st.lists(st.tuples(st.integers(-15, 60), st.integers(0, 20)), max_size=4).map(
    lambda pairs: [(lo, lo + length) for lo, length in pairs]
)


@FEW
@given(
    rows=records_lists,
    asked=st.lists(
        st.tuples(windows, st.integers(1, 3), st.integers(0, 1), st.sampled_from(WAYS), st.integers(0, 9)),
        min_size=1,
        max_size=5,
    ),
    clocks=st.tuples(clocks_of, clocks_of),
    data=st.data(),
)
def test_an_outage_is_what_counting_every_instant_of_its_records_gives(
    scratch: Scratch,
    rows: list[Row],
    asked: list[Any],
    clocks: tuple[list[tuple[int, int]], ...],
    data: st.DataObject,
) -> None:
    requests = [
        OutageRequest(number, g, lo, lo + length, clock, belongs, least)
        for number, ((lo, length), g, clock, belongs, least) in enumerate(asked)
    ]
    wanted = [each for request in requests for each in naive(rows, request, clocks[request.clock])]
    records = records_frame(scratch, data.draw(st.permutations(rows)))
    measured = outage_lengths(scratch, records, requests, dict(enumerate(clocks)))
    assert each_outage(scratch, measured) == wanted

    tallies = []
    for request, k in sorted({(each.request, each.k) for each in wanted if each.whole}):
        whole = [each.whole for each in wanted if (each.request, each.k) == (request, k) and each.whole]
        tallies.append(OutageTally(request, k, len(whole), sum(whole), max(whole)))
    assert outage_tallies(scratch, measured) == tallies


def test_two_records_of_one_cause_across_a_month_end(scratch: Scratch) -> None:
    # Records of 30 and 60 minutes that overlap by 10, 20 minutes before midnight, are 80 minutes of one outage:
    # 20 in the old month and 60 in the new. By its start it is whole in the old month, by its end in the new.
    midnight = 1_000 * MINUTE
    records = records_frame(
        scratch,
        [
            (1, 1, 5, midnight - 20 * MINUTE, midnight + 10 * MINUTE),
            (1, 1, 5, midnight, midnight + 60 * MINUTE),
            (1, 1, 8, midnight + 100 * MINUTE, midnight + 116 * MINUTE),
        ],
    )
    old, new = (0, midnight), (midnight, 2 * midnight)
    requests = [
        OutageRequest(number, 1, lo, hi, 0, belongs)
        for number, (belongs, (lo, hi)) in enumerate((belongs, month) for belongs in WAYS for month in (old, new))
    ]
    measured = outage_lengths(scratch, records, requests, {0: [(0, 2 * midnight)]})
    tallies = {each.request: each for each in outage_tallies(scratch, measured)}
    in_minutes = {
        number: (each.outages, each.total // MINUTE, each.longest // MINUTE) for number, each in tallies.items()
    }
    assert in_minutes == {0: (1, 20, 20), 1: (2, 76, 60), 2: (1, 80, 80), 3: (1, 16, 16), 5: (2, 96, 80)}
    # T14: time to repair divided by the number of tickets, 48 minutes here.
    assert Fraction(tallies[5].total, tallies[5].outages) == 48 * MINUTE


def test_an_interruption_of_power_is_longer_than_15_minutes(scratch: Scratch) -> None:
    # L2: more than 15 consecutive minutes. Its wall time decides, not what the clock counts of it.
    rows = [(1, 1, 1, 0, 15 * MINUTE), (1, 1, 2, 20 * MINUTE, 35 * MINUTE + 1)]
    request = OutageRequest(7, 1, 0, 60 * MINUTE, 0, least=15 * MINUTE + 1)
    measured = outage_lengths(scratch, records_frame(scratch, rows), [request], {0: [(30 * MINUTE, 60 * MINUTE)]})
    counted = 5 * MINUTE + 1
    wall = 15 * MINUTE + 1
    assert each_outage(scratch, measured) == [
        OutageLength(7, 1, 2, 20 * MINUTE, 35 * MINUTE + 1, wall, counted, counted)
    ]


@pytest.mark.parametrize(("belongs", "record"), [("end", (4, 10)), ("start", (10, 16))])
def test_the_instant_between_two_windows_is_of_the_second(
    scratch: Scratch, belongs: Belongs, record: tuple[int, int]
) -> None:
    requests = [OutageRequest(1, 1, 0, 10, 0, belongs), OutageRequest(2, 1, 10, 20, 0, belongs)]
    measured = outage_lengths(scratch, records_frame(scratch, [(1, 1, 1, *record)]), requests, {0: [(0, 20)]})
    assert [(each.request, each.whole) for each in each_outage(scratch, measured)] == [(2, 6)]


def test_no_record_no_outage(scratch: Scratch) -> None:
    measured = outage_lengths(scratch, records_frame(scratch, []), [OutageRequest(1, 1, 0, 9, 0, "end")], {0: []})
    assert (each_outage(scratch, measured), outage_tallies(scratch, measured)) == ([], [])
    with pytest.raises(ValueError, match="no time"):
        outage_lengths(scratch, records_frame(scratch, []), [OutageRequest(1, 1, 9, 9, 0)], {0: []})
