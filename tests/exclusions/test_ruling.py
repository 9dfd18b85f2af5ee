"""Windows, lengths, numbers of records and keys: each by hand, then all of them against a loop over hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck.exclusions import Candidate, Exclusion, Ruling, rule, stated
from slacheck.language.quantities import HOUR, MINUTE
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Cycle
from slacheck.timeline.zones import zone
from tests.exclusions.calendars import Fake, at, weekdays

UTC = zone("UTC")
EASTERN = zone("America/New_York")
BERLIN = zone("Europe/Berlin")
MONTH = Cycle("month")
EVER = (0, 400 * 24 * HOUR)


def exclusion(**keys: Any) -> Exclusion:
    return Exclusion.model_validate({"from": "log", **keys})


def record(start: int, end: int, place: str = "", *key: str) -> Candidate:
    return Candidate(start, end, None, place or f"log.csv, row {start}", key or None)


def hours(*parts: tuple[int, int]) -> Intervals:
    return intervals.union((start * HOUR, end * HOUR) for start, end in parts)


def ruled(terms: Exclusion, log: Sequence[Candidate], calendars: Fake | None = None) -> list[Ruling]:
    return rule("planned", terms, log, EVER, MONTH, UTC, calendars)


# --- a window -----------------------------------------------------------------------------------------------------

# 1 January 1970 is a Thursday: hours 0 to 6 of every day, in UTC.
NIGHTS = Fake(UTC, {"night": lambda _: [(0, 6)], "office": weekdays()})


def test_what_sticks_out_of_the_window_is_not_excused_and_is_measured() -> None:
    (ruling,) = ruled(exclusion(within="night"), [record(4 * HOUR, 8 * HOUR)], NIGHTS)
    assert (ruling.refused, ruling.partly) == ("", ("outside the window 'night'",))
    assert (ruling.excused, ruling.outside, ruling.excess) == (hours((4, 6)), hours((6, 8)), ())
    assert (ruling.down, ruling.measured_again) == ((), hours((6, 8)))


def test_what_sticks_out_of_the_window_counts_as_down_where_the_agreement_says_so() -> None:
    (ruling,) = ruled(exclusion(within="night", outside="downtime"), [record(4 * HOUR, 8 * HOUR)], NIGHTS)
    assert (ruling.excused, ruling.down, ruling.measured_again) == (hours((4, 6)), hours((6, 8)), ())


@pytest.mark.parametrize("outside", ["measured", "downtime"])
def test_a_record_wholly_outside_the_window_is_refused_and_uses_no_allowance(outside: str) -> None:
    terms = exclusion(within="night", outside=outside, allowance="1 per month")
    first, second = ruled(terms, [record(7 * HOUR, 9 * HOUR), record(24 * HOUR, 25 * HOUR)], NIGHTS)
    assert (first.refused, first.partly) == ("outside the window 'night'", ())
    assert first.outside == hours((7, 9))
    assert first.down == (hours((7, 9)) if outside == "downtime" else ())
    assert second.excused == hours((24, 25))


def test_a_record_over_several_nights_is_excused_in_each() -> None:
    (ruling,) = ruled(exclusion(within="night"), [record(4 * HOUR, 30 * HOUR)], NIGHTS)
    assert ruling.excused == hours((4, 6), (24, 30))


def test_saturday_windows_in_eastern_time_follow_the_clocks_there() -> None:
    """As Workday has them: a window on Saturdays, US Eastern. On 8 March 2026, a Sunday, the clocks go forward."""
    saturdays = Fake(EASTERN, {"saturday": lambda day: [(0, 4)] if day.weekday() == 5 else []})
    log = [record(at(f"{day} 04:30", UTC), at(f"{day} 05:30", UTC)) for day in ("2026-03-07", "2026-03-14")]
    window = at("2026-03-01 00:00", UTC), at("2026-04-01 00:00", UTC)
    winter, summer = rule("planned", exclusion(within="saturday"), log, window, MONTH, BERLIN, saturdays)
    # Midnight in New York is 05:00 UTC on the 7th, and 04:00 on the 14th.
    assert intervals.length(winter.excused) == 30 * MINUTE
    assert intervals.length(summer.excused) == HOUR


def test_a_refused_notice_says_nothing_of_the_window_and_leaves_the_record_as_measured() -> None:
    terms = exclusion(notice="24h", within="night", outside="downtime")
    (ruling,) = ruled(terms, [record(4 * HOUR, 8 * HOUR)], NIGHTS)
    assert (ruling.refused, ruling.partly) == ("never announced; 24h needed", ())
    assert (ruling.outside, ruling.down, ruling.measured_again) == ((), (), hours((4, 8)))


def test_a_window_needs_calendars() -> None:
    with pytest.raises(ValueError, match="names a calendar"):
        ruled(exclusion(within="night"), [record(0, HOUR)])


# --- lengths and numbers ------------------------------------------------------------------------------------------


def test_at_most_so_much_of_each_record_the_rest_is_excess() -> None:
    log = [record(0, 3 * HOUR), record(10 * HOUR, 11 * HOUR)]
    long, short = ruled(exclusion(longest="1h30m"), log)
    assert long.excused == ((0, 3 * HOUR // 2),)
    assert long.excess == long.down == ((3 * HOUR // 2, 3 * HOUR),)
    assert (long.partly, long.measured_again) == (("longer than 1h30m",), ())
    assert (short.excused, short.excess, short.partly) == (hours((10, 11)), (), ())
    (measured, _) = ruled(exclusion(longest="1h30m", excess="measured"), log)
    assert (measured.down, measured.measured_again) == ((), long.excess)


def test_the_longest_counts_what_lies_in_the_window() -> None:
    (ruling,) = ruled(exclusion(within="night", longest="2h"), [record(22 * HOUR, 30 * HOUR)], NIGHTS)
    assert (ruling.outside, ruling.excused, ruling.excess) == (hours((22, 24)), hours((24, 26)), hours((26, 30)))
    assert ruling.partly == ("outside the window 'night'", "longer than 2h")


def test_what_another_record_excuses_by_itself_is_no_excess_of_the_first() -> None:
    first, second = ruled(exclusion(longest="2h"), [record(0, 4 * HOUR), record(HOUR, 3 * HOUR)])
    assert (first.excused, first.excess) == (hours((0, 2)), hours((3, 4)))
    assert (second.excused, second.excess) == (hours((2, 3)), ())


def test_the_first_records_of_a_year_are_excused_and_the_others_refused() -> None:
    days = [0, 20, 40, 370]
    log = [record(day * 24 * HOUR, (day * 24 + 2) * HOUR) for day in days]
    rulings = ruled(exclusion(allowance="2 per year"), log)
    assert [each.refused for each in rulings] == ["", "", "beyond the allowance of 2 per year", ""]
    assert [intervals.length(each.excused) for each in rulings] == [2 * HOUR, 2 * HOUR, 0, 2 * HOUR]
    assert rulings[2].excess == rulings[2].down == hours((960, 962))
    assert [each.measured_again for each in ruled(exclusion(allowance="2 per year", excess="measured"), log)] == [
        *((), (), hours((960, 962)), ())
    ]


def test_a_record_counts_in_the_stretch_that_it_starts_in() -> None:
    january = 31 * 24
    log = [record((january - 1) * HOUR, (january + 1) * HOUR), record((january + 2) * HOUR, (january + 3) * HOUR)]
    assert [each.refused for each in ruled(exclusion(allowance="1 per month"), log)] == ["", ""]
    assert [each.refused for each in ruled(exclusion(allowance="1 per quarter"), log)] == [
        *(
            "",
            "beyond the allowance of 1 per quarter",
        )
    ]


def test_a_record_inside_excused_time_uses_no_number_and_one_that_sticks_out_does() -> None:
    log = [record(0, 4 * HOUR), record(HOUR, 2 * HOUR), record(3 * HOUR, 5 * HOUR), record(9 * HOUR, 10 * HOUR)]
    rulings = ruled(exclusion(allowance="2 per day"), log)
    assert [each.excused for each in rulings] == [hours((0, 4)), (), hours((4, 5)), ()]
    assert [each.refused for each in rulings] == ["", "", "", "beyond the allowance of 2 per day"]


def test_an_allowance_per_period_follows_the_agreement() -> None:
    cycle = Cycle("quarter", date(2026, 2, 1))
    log = [record(at(f"2026-{month:02}-10 08:00", UTC), at(f"2026-{month:02}-10 10:00", UTC)) for month in (1, 2, 4, 5)]
    window = at("2026-01-01 00:00", UTC), at("2026-12-01 00:00", UTC)
    rulings = rule("planned", exclusion(allowance="3h per period"), log, window, cycle, UTC)
    assert [intervals.length(each.excess) // HOUR for each in rulings] == [0, 0, 1, 0]
    assert rulings[2].partly == ("beyond the allowance of 3h per period",)


def test_slack_excused_ten_hours_a_year_announced_48_hours_before() -> None:
    """Contract S3: scheduled downtime with at least 48 hours' notice, at most 10 hours per year."""
    terms = exclusion(notice="48h", allowance="10h per year")
    log = [
        Candidate(start := at(f"2026-{month:02}-07 02:00", UTC), start + 4 * HOUR, start - told * HOUR, f"row {month}")
        for month, told in ((2, 48), (3, 47), (5, 72), (8, 100))
    ]
    window = at("2026-07-01 00:00", UTC), at("2026-10-01 00:00", UTC)
    (august,) = rule("planned", terms, log, window, Cycle("quarter"), UTC)
    # 4 h in February and 4 h in May; the record of March was announced too late.
    assert intervals.length(august.excused) == 2 * HOUR
    assert intervals.length(august.down) == 2 * HOUR


# --- keys ---------------------------------------------------------------------------------------------------------


def test_each_key_has_its_own_allowance_and_its_own_time() -> None:
    log = [
        record(0, 2 * HOUR, "a", "berlin"),
        record(0, 2 * HOUR, "b", "paris"),
        record(HOUR, 4 * HOUR, "c", "paris"),
    ]
    rulings = ruled(exclusion(matching="site", allowance="3h per month"), log)
    assert [(each.candidate.key, each.excused) for each in rulings] == [
        (("berlin",), hours((0, 2))),
        (("paris",), hours((0, 2))),
        (("paris",), hours((2, 3))),
    ]
    assert [each.excess for each in rulings] == [(), (), hours((3, 4))]
    together = ruled(exclusion(matching="none", allowance="3h per month"), log)
    assert [each.excused for each in together] == [hours((0, 2)), (), hours((2, 3))]


def test_a_record_without_a_value_to_match_holds_for_nobody() -> None:
    log = [record(0, HOUR), record(0, HOUR, "half", "berlin", ""), record(0, HOUR, "whole", "berlin", "c1")]
    rulings = ruled(exclusion(matching=["site", "circuit"]), log)
    assert [each.refused for each in rulings] == [
        "nothing stands in 'site', 'circuit', so it holds for nobody",
        "nothing stands in 'site', 'circuit', so it holds for nobody",
        "",
    ]


# --- calendars and spans as records -------------------------------------------------------------------------------


def test_the_time_of_a_calendar_is_excused_as_so_many_records() -> None:
    terms = Exclusion.model_validate({"during": "night", "allowance": "10h per week"})
    # Monday 5 January 1970 is day 4. In its week the first night and four hours of the second are within 10 hours.
    window = 4 * 24 * HOUR, 6 * 24 * HOUR
    found = stated(terms, window, MONTH, UTC, NIGHTS)
    rulings = rule("nights", terms, found, window, MONTH, UTC, NIGHTS)
    assert [each.excused for each in rulings] == [hours((96, 102)), hours((120, 124))]
    assert [each.down for each in rulings] == [(), hours((124, 126))]
    assert {each.candidate.place for each in rulings} == {"calendar 'night'"}


def test_the_allowance_of_a_calendar_is_used_before_the_window_too() -> None:
    terms = Exclusion.model_validate({"during": "night", "allowance": "3 per month"})
    window = 33 * 24 * HOUR, 36 * 24 * HOUR
    rulings = rule("nights", terms, stated(terms, window, MONTH, UTC, NIGHTS), window, MONTH, UTC, NIGHTS)
    # February begins on day 31: the nights of days 31 and 32 are used, one is left.
    assert [each.refused for each in rulings] == ["", *["beyond the allowance of 3 per month"] * 2]


def test_a_calendar_that_never_ends_is_one_record_that_began_long_ago() -> None:
    always = Fake(UTC, {"always": lambda _: [(0, 24)]})
    window = 40 * 24 * HOUR, 42 * 24 * HOUR
    for terms, excused in (
        ({"longest": "5h"}, 0),
        ({"allowance": "5h per day"}, 10),
        ({"allowance": "5h per month"}, 0),
        ({"allowance": "5 per month"}, 48),
        ({}, 48),
    ):
        read = Exclusion.model_validate({"during": "always", **terms})
        rulings = rule("all", read, stated(read, window, MONTH, UTC, always), window, MONTH, UTC, always)
        assert sum(intervals.length(each.excused) for each in rulings) == excused * HOUR, terms


def test_spans_are_records_with_their_reason() -> None:
    spans = [
        {"start": "2026-10-03 02:00", "end": "2026-10-03 04:00", "reason": "move to the new hall"},
        {"start": "2026-10-05", "end": "2026-10-06"},
    ]
    terms = Exclusion.model_validate({"spans": spans})
    window = at("2026-10-01 00:00", BERLIN), at("2026-11-01 00:00", BERLIN)
    first, second = rule("moves", terms, stated(terms, window, MONTH, BERLIN), window, MONTH, BERLIN)
    assert (first.candidate.place, first.candidate.reason) == ("spans, item 1", "move to the new hall")
    assert first.excused == ((at("2026-10-03 00:00", UTC), at("2026-10-03 02:00", UTC)),)
    assert (second.candidate.place, intervals.length(second.excused)) == ("spans, item 2", 48 * HOUR)


def test_the_records_of_a_source_are_not_stated() -> None:
    with pytest.raises(ValueError, match="in its export"):
        stated(exclusion(), EVER, MONTH, UTC)


# --- all of it, hour by hour --------------------------------------------------------------------------------------

DAYS = 6
LOGS = st.lists(
    st.tuples(st.integers(0, DAYS * 24), st.integers(0, 20), st.sampled_from(["a", "b"])).map(
        lambda t: record(t[0] * HOUR, (t[0] + t[1]) * HOUR, f"{t}", t[2])
    ),
    max_size=7,
)


@st.composite
def terms(draw: st.DrawFn) -> Exclusion:
    keys: dict[str, Any] = {"matching": draw(st.sampled_from(["none", "site"]))}
    if draw(st.booleans()):
        keys |= {"within": "night", "outside": draw(st.sampled_from(["downtime", "measured"]))}
    if draw(st.booleans()):
        keys["longest"] = f"{draw(st.integers(1, 9))}h"
    if draw(st.booleans()):
        amount = draw(st.sampled_from(["1", "2", "3", "1h", "5h", "9h"]))
        keys["allowance"] = f"{amount} per {draw(st.sampled_from(['day', 'week', 'month', 'period']))}"
    if {"longest", "allowance"} & set(keys):
        keys["excess"] = draw(st.sampled_from(["downtime", "measured"]))
    return exclusion(**keys)


def hour_by_hour(terms: Exclusion, log: Sequence[Candidate], cycle: Cycle) -> dict[Any, tuple[set[int], set[int]]]:
    """Which hours are excused, and which count as down: one hour after the other, by key. Instants are in UTC."""

    def stretch(hour: int) -> int:
        per = terms.allowance.per if terms.allowance else "day"
        day = hour // 24
        # 1970 began on a Thursday; six days of it are in one month.
        return {"day": day, "period": day, "week": (day + 3) // 7}.get(per, 0)

    excused: dict[Any, set[int]] = defaultdict(set)
    down: dict[Any, set[int]] = defaultdict(set)
    used: dict[Any, int] = defaultdict(int)
    for each in sorted(log, key=lambda c: (c.start, c.end, c.place)):
        key = each.key if terms.columns else None
        granted = 0
        counted = None
        for hour in range(each.start // HOUR, each.end // HOUR):
            if terms.within and hour % 24 >= 6:
                if terms.outside == "downtime":
                    down[key].add(hour)
                continue
            granted += 1
            beyond = terms.longest is not None and granted * HOUR > terms.longest
            if not beyond and hour not in excused[key] and terms.allowance:
                if terms.allowance.length is not None:
                    beyond = used[key, stretch(hour)] * HOUR >= terms.allowance.length
                    used[key, stretch(hour)] += not beyond
                elif counted is None:
                    start = stretch(each.start // HOUR)
                    assert terms.allowance.count is not None
                    counted = used[key, start] < terms.allowance.count
                    used[key, start] += counted
                beyond = beyond or counted is False
            if not beyond and counted is not False:
                excused[key].add(hour)
            elif terms.excess == "downtime":
                down[key].add(hour)
    return {key: (excused[key], down[key] - excused[key]) for key in {*excused, *down}}


def inside(parts: Sequence[Intervals]) -> set[int]:
    return {hour for start, end in intervals.union(*parts) for hour in range(start // HOUR, end // HOUR)}


@settings(max_examples=400)
@given(terms(), LOGS)
def test_every_hour_is_what_a_loop_over_hours_makes_it(terms: Exclusion, log: list[Candidate]) -> None:
    rulings = rule("planned", terms, log, EVER, Cycle("day"), UTC, NIGHTS)
    expected = hour_by_hour(terms, log, Cycle("day"))
    assert len(rulings) == len([each for each in log if each.end > 0])
    for key in {each.candidate.key if terms.columns else None for each in rulings}:
        mine = [each for each in rulings if not terms.columns or each.candidate.key == key]
        excused, down = expected.get(key, (set(), set()))
        assert inside([each.excused for each in mine]) == excused
        assert inside([each.down for each in mine]) == down
        everything = inside([intervals.union([(c.candidate.start, c.candidate.end)]) for c in mine])
        assert inside([each.measured_again for each in mine]) == everything - excused - down
        # No instant is excused twice, or beyond twice.
        for parts in ([each.excused for each in mine], [(*each.excess, *each.outside) for each in mine]):
            assert sum(map(intervals.length, parts)) == intervals.length(intervals.union(*parts))


@settings(max_examples=150)
@given(terms(), LOGS, st.integers(0, DAYS * 24), st.integers(0, DAYS * 24), st.randoms(use_true_random=False))
def test_a_window_sees_its_part_of_the_whole_in_whatever_order_the_log_stands(
    terms: Exclusion, log: list[Candidate], start: int, width: int, shuffle: Any
) -> None:
    lo, hi = start * HOUR, (start + width) * HOUR
    log = list(dict.fromkeys(log))
    whole = {each.candidate: each for each in rule("planned", terms, log, EVER, MONTH, UTC, NIGHTS)}
    mixed = list(log)
    shuffle.shuffle(mixed)
    part = rule("planned", terms, mixed, (lo, hi), MONTH, UTC, NIGHTS)
    assert {each.candidate for each in part} == {each for each in log if each.start < hi and each.end > lo}
    for name in ("excused", "excess", "outside", "down", "measured_again"):
        seen = intervals.union(*(getattr(each, name) for each in part))
        assert seen == intervals.clip(intervals.union(*(getattr(each, name) for each in whole.values())), lo, hi)
    assert all(each.refused == whole[each.candidate].refused for each in part)
