"""Local times become instants exactly, and the clocks' changes are found to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.timeline.zones import (
    DAY,
    SECOND,
    AmbiguousTime,
    Change,
    NonexistentTime,
    Stretch,
    changes,
    day_of,
    instant_of,
    local,
    midnight,
    offsets,
    zone,
)

HOUR = 3600 * SECOND
EPOCH = datetime(1970, 1, 1)
PLACES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia"),
    *("America/Sao_Paulo", "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu", "Europe/Dublin", "Asia/Gaza"),
)


def us(text: str) -> int:
    """Microseconds since 1970 of a text without offset: an instant UTC, or a wall clock "as if UTC"."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def at(text: str, name: str) -> int:
    return instant_of(datetime.fromisoformat(text), zone(name))


def readings(wall: datetime, place: ZoneInfo) -> tuple[str, int, int]:
    """How ``instant_of`` takes a local time: plain, gap or fold, read with the offset before a change and after it."""
    try:
        instant = instant_of(wall, place)
    except AmbiguousTime as twice:
        return "fold", twice.earlier, twice.later
    except NonexistentTime as skipped:
        return "gap", skipped.later, skipped.earlier
    return "plain", instant, instant


@pytest.mark.parametrize("name", PLACES)
def test_a_name_of_the_tz_database_is_a_zone(name: str) -> None:
    assert zone(name) is ZoneInfo(name)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Europe/Berlim", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("Asia/Calcuta", "Asia/Calcutta"),
        ("Sydny", "Australia/Sydney"),
        ("utc", "UTC"),
    ],
)
def test_a_misspelt_zone_is_refused_with_the_name_that_was_meant(wrong: str, right: str) -> None:
    with pytest.raises(ValueError, match=rf"unknown time zone '{wrong}'; did you mean '{right}'\?"):
        zone(wrong)


@pytest.mark.parametrize("offset", ["UTC+2", "GMT-5", "+02:00", "02:00", "utc +5:30"])
def test_an_offset_is_no_zone_and_never_suggests_the_inverted_etc_zones(offset: str) -> None:
    with pytest.raises(ValueError, match="an offset does not say when the clocks change") as refused:
        zone(offset)
    assert "Etc/" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "localtime", "Factory", "Europe", "../etc/passwd", "/etc/localtime", "qqqqqq"])
def test_what_depends_on_the_machine_or_is_no_place_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        zone(name)


@pytest.mark.parametrize(
    ("text", "name", "instant"),
    [
        ("2026-07-01 12:00", "Europe/Berlin", "2026-07-01 10:00"),
        ("2026-01-01 12:00", "Europe/Berlin", "2026-01-01 11:00"),
        ("2026-07-01 12:00", "Australia/Sydney", "2026-07-01 02:00"),
        ("2026-01-01 12:00", "Australia/Sydney", "2026-01-01 01:00"),
        ("2026-01-01 12:00:00.000001", "Asia/Kathmandu", "2026-01-01 06:15:00.000001"),
        ("1969-12-31 23:59:59.999999", "UTC", "1969-12-31 23:59:59.999999"),
        ("9999-12-31 23:59:59.999999", "Asia/Tokyo", "9999-12-31 14:59:59.999999"),
        ("2026-03-29 03:00", "Europe/Berlin", "2026-03-29 01:00"),
        ("2026-03-29 01:59:59.999999", "Europe/Berlin", "2026-03-29 00:59:59.999999"),
        ("2026-10-25 01:59:59.999999", "Europe/Berlin", "2026-10-24 23:59:59.999999"),
        ("2026-10-25 03:00", "Europe/Berlin", "2026-10-25 02:00"),
    ],
)
def test_a_local_time_becomes_the_instant_of_its_zone(text: str, name: str, instant: str) -> None:
    assert at(text, name) == us(instant)


@pytest.mark.parametrize(
    ("text", "name", "earlier", "later"),
    [
        ("2026-10-25 02:00", "Europe/Berlin", "2026-10-25 00:00", "2026-10-25 01:00"),
        ("2026-10-25 02:59:59.999999", "Europe/Berlin", "2026-10-25 00:59:59.999999", "2026-10-25 01:59:59.999999"),
        ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30", "2026-11-01 06:30"),
        ("2026-04-05 02:30", "Australia/Sydney", "2026-04-04 15:30", "2026-04-04 16:30"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04 14:45", "2026-04-04 15:15"),
    ],
)
def test_a_local_time_that_happens_twice_is_refused_with_both_instants(
    text: str, name: str, earlier: str, later: str
) -> None:
    with pytest.raises(AmbiguousTime, match=f"happens twice in {name}") as refused:
        at(text, name)
    assert (refused.value.earlier, refused.value.later) == (us(earlier), us(later))
    assert earlier in str(refused.value)
    assert later in str(refused.value)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    ("text", "name", "earlier", "later"),
    [
        ("2026-03-29 02:00", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 01:00"),
        ("2026-03-08 02:30", "America/New_York", "2026-03-08 06:30", "2026-03-08 07:30"),
        ("2026-10-04 02:30", "Australia/Sydney", "2026-10-03 15:30", "2026-10-03 16:30"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03 15:15", "2026-10-03 15:45"),
        ("2011-12-30 12:00", "Pacific/Apia", "2011-12-29 22:00", "2011-12-30 22:00"),
        ("2017-10-15 00:00", "America/Sao_Paulo", "2017-10-15 02:00", "2017-10-15 03:00"),
    ],
)
def test_a_local_time_that_the_clocks_skip_is_refused_with_both_readings(
    text: str, name: str, earlier: str, later: str
) -> None:
    with pytest.raises(NonexistentTime, match=f"does not exist in {name}") as refused:
        at(text, name)
    assert (refused.value.earlier, refused.value.later) == (us(earlier), us(later))
    assert isinstance(refused.value, ValueError)


def test_a_fold_mark_does_not_settle_silently_which_of_two_hours_was_meant() -> None:
    with pytest.raises(AmbiguousTime):
        instant_of(datetime(2026, 10, 25, 2, 30, fold=1), zone("Europe/Berlin"))


def test_a_time_with_an_offset_is_no_local_time() -> None:
    with pytest.raises(ValueError, match="has an offset already"):
        instant_of(datetime(2026, 1, 1, tzinfo=UTC), zone("Europe/Berlin"))


@pytest.mark.parametrize(
    ("day", "name", "instant"),
    [
        (date(2026, 10, 1), "Europe/Berlin", "2026-09-30 22:00"),
        (date(2026, 10, 1), "America/New_York", "2026-10-01 04:00"),
        (date(2017, 10, 15), "America/Sao_Paulo", "2017-10-15 03:00"),  # 00:00 was skipped, the day began at 01:00
        (date(2018, 2, 18), "America/Sao_Paulo", "2018-02-18 03:00"),  # 23:00 to 24:00 of the 17th happened twice
        (date(2010, 11, 7), "America/St_Johns", "2010-11-07 02:30"),  # back at 00:01, so midnight happened twice
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30 10:00"),
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30 10:00"),
        (date(2026, 11, 1), "America/Havana", "2026-11-01 04:00"),  # back at 01:00, midnight happens twice
        (date(2026, 3, 8), "America/Havana", "2026-03-08 05:00"),  # forward at 00:00
        (date(9999, 12, 31), "America/New_York", "9999-12-31 05:00"),
    ],
)
def test_a_local_day_starts_at_its_first_instant(day: date, name: str, instant: str) -> None:
    assert midnight(day, zone(name)) == us(instant)


@pytest.mark.parametrize(
    ("day", "name", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 11, 1), "America/New_York", 25),
        (date(2026, 10, 4), "Australia/Sydney", 23),
        (date(2026, 4, 5), "Australia/Sydney", 25),
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2017, 10, 15), "America/Sao_Paulo", 23),
        (date(2018, 2, 17), "America/Sao_Paulo", 25),
        (date(2011, 12, 30), "Pacific/Apia", 0),
        (date(2026, 2, 15), "Africa/Casablanca", 25),  # the clocks go back for Ramadan
        (date(2026, 3, 22), "Africa/Casablanca", 23),
        (date(2026, 7, 1), "Europe/Berlin", 24),
    ],
)
def test_a_local_day_has_as_many_hours_as_its_clocks_leave_it(day: date, name: str, hours: float) -> None:
    place = zone(name)
    assert midnight(day + timedelta(days=1), place) - midnight(day, place) == hours * HOUR


@given(st.sampled_from(PLACES), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_days_join_without_a_hole_and_hold_their_own_instants(name: str, day: date) -> None:
    place = zone(name)
    start, end = midnight(day, place), midnight(day + timedelta(days=1), place)
    assert start <= end
    if start < end:
        assert day_of(start, place) == day
        assert day_of(end - 1, place) == day
    assert day_of(start - 1, place) < day
    assert day_of(end, place) > day


def test_a_day_stays_begun_when_the_clocks_go_back_across_midnight() -> None:
    newfoundland = zone("America/St_Johns")
    instant = us("2010-11-07 02:45")
    assert local(instant, newfoundland).date() == date(2010, 11, 6)
    assert day_of(instant, newfoundland) == date(2010, 11, 7)


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59.999999", "0001-01-01 00:00"])
@pytest.mark.parametrize("name", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_the_ends_of_the_calendar_can_be_written_in_every_zone(text: str, name: str) -> None:
    there = datetime.fromisoformat(text)
    assert local(at(text, name), zone(name)).replace(tzinfo=None) == there


@given(st.sampled_from(PLACES), st.integers(us("1900-01-01"), us("2200-01-01")))
def test_an_instant_and_its_local_time_are_the_same_moment(name: str, instant: int) -> None:
    there = local(instant, zone(name))
    assert there.tzinfo is zone(name)
    assert there == datetime.fromtimestamp(0, UTC) + timedelta(microseconds=instant)
    assert readings(there.replace(tzinfo=None), zone(name))[1 + there.fold] == instant


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Europe/Berlin", 2026, [("2026-03-29 01:00", 60, 120), ("2026-10-25 01:00", 120, 60)]),
        ("America/New_York", 2026, [("2026-03-08 07:00", -300, -240), ("2026-11-01 06:00", -240, -300)]),
        ("Australia/Sydney", 2026, [("2026-04-04 16:00", 660, 600), ("2026-10-03 16:00", 600, 660)]),
        ("Australia/Lord_Howe", 2026, [("2026-04-04 15:00", 660, 630), ("2026-10-03 15:30", 630, 660)]),
        ("Africa/Casablanca", 2026, [("2026-02-15 02:00", 60, 0), ("2026-03-22 02:00", 0, 60)]),
        ("Pacific/Apia", 2011, [("2011-04-02 14:00", -600, -660), ("2011-09-24 14:00", -660, -600),
                                ("2011-12-30 10:00", -600, 840)]),
        ("America/Sao_Paulo", 2017, [("2017-02-19 02:00", -120, -180), ("2017-10-15 03:00", -180, -120)]),
        ("Asia/Tokyo", 2026, []),
        ("UTC", 2026, []),
        ("America/Caracas", 2016, [("2016-05-01 07:00", -270, -240)]),
        ("Europe/Berlin", 2099, [("2099-03-29 01:00", 60, 120), ("2099-10-25 01:00", 120, 60)]),
    ],
)  # fmt: skip
def test_every_change_of_the_clocks_is_found_to_the_second(
    name: str, year: int, expected: list[tuple[str, int, int]]
) -> None:
    minute = 60 * SECOND
    found = changes(zone(name), us(f"{year}-01-01"), us(f"{year + 1}-01-01"))
    assert found == [Change(us(when), before * minute, after * minute) for when, before, after in expected]


def test_offsets_of_local_mean_time_have_seconds_and_so_do_their_changes() -> None:
    # Amsterdam kept UTC+0:19:32 until 1937; Berlin left 0:53:28 on 1 April 1893.
    assert changes(zone("Europe/Berlin"), us("1893-01-01"), us("1894-01-01")) == [
        Change(us("1893-03-31 23:06:32"), 3208 * SECOND, 3600 * SECOND)
    ]


def test_changes_lie_in_a_half_open_range() -> None:
    berlin, moment = zone("Europe/Berlin"), us("2026-03-29 01:00")
    assert changes(berlin, moment, moment) == []
    assert changes(berlin, moment - 10, moment) == []
    assert len(changes(berlin, moment, moment + 1)) == 1


def test_the_two_closest_changes_on_record_are_both_found() -> None:
    found = changes(zone("Africa/Freetown"), us("1939-08-30"), us("1939-09-10"))
    assert [change.at for change in found] == [-957308400 * SECOND, -956964000 * SECOND]


@pytest.mark.parametrize("name", PLACES)
def test_no_change_is_missed_that_an_hourly_look_would_see(name: str) -> None:
    place = zone(name)
    start = us("2005-01-01")
    hours = [start + n * HOUR for n in range(24 * 366 * 8)]
    seen = [place.fromutc((EPOCH + timedelta(microseconds=at)).replace(tzinfo=place)).utcoffset() for at in hours]
    looked = [b for a, b, x, y in zip(hours, hours[1:], seen, seen[1:], strict=False) if x != y]
    found = [change.at for change in changes(place, start + 1, hours[-1] + 1)]
    assert [-(-at // HOUR) * HOUR for at in found] == looked


def test_a_spring_day_is_plain_then_a_gap_then_plain() -> None:
    assert offsets(zone("Europe/Berlin"), us("2026-03-29 00:00"), us("2026-03-29 23:59:59.999999")) == [
        Stretch(us("2026-03-29 00:00"), us("2026-03-29 02:00"), HOUR, "plain", HOUR),
        Stretch(us("2026-03-29 02:00"), us("2026-03-29 03:00"), HOUR, "gap", 2 * HOUR),
        Stretch(us("2026-03-29 03:00"), us("2026-03-30 00:00"), 2 * HOUR, "plain", 2 * HOUR),
    ]


def test_an_autumn_day_is_plain_then_a_fold_then_plain() -> None:
    assert offsets(zone("Australia/Lord_Howe"), us("2026-04-05 00:00"), us("2026-04-05 23:59:59.999999")) == [
        Stretch(us("2026-04-05 00:00"), us("2026-04-05 01:30"), 11 * HOUR, "plain", 11 * HOUR),
        Stretch(us("2026-04-05 01:30"), us("2026-04-05 02:00"), 11 * HOUR, "fold", 21 * HOUR // 2),
        Stretch(us("2026-04-05 02:00"), us("2026-04-06 00:00"), 21 * HOUR // 2, "plain", 21 * HOUR // 2),
    ]


def test_a_skipped_day_is_a_gap_of_24_hours() -> None:
    gap = Stretch(us("2011-12-30 00:00"), us("2011-12-31 00:00"), -10 * HOUR, "gap", 14 * HOUR)
    assert gap in offsets(zone("Pacific/Apia"), us("2011-12-29"), us("2012-01-01"))
    assert offsets(zone("Pacific/Apia"), us("2011-12-30 05:00"), us("2011-12-30 05:00")) == [
        Stretch(us("2011-12-30 05:00"), us("2011-12-30 05:00") + 1, -10 * HOUR, "gap", 14 * HOUR)
    ]


def test_nothing_is_cut_into_nothing_and_a_place_without_changes_into_one() -> None:
    assert offsets(zone("UTC"), 1, 0) == []
    assert offsets(zone("UTC"), 0, 10 * DAY) == [Stretch(0, 10 * DAY + 1, 0, "plain", 0)]


def test_a_date_that_stands_for_never_is_cut_as_well() -> None:
    lo, hi = us("9999-12-31 00:00"), us("9999-12-31 23:59:59.999999")
    assert offsets(zone("America/New_York"), lo, hi) == [Stretch(lo, hi + 1, -5 * HOUR, "plain", -5 * HOUR)]
    assert offsets(zone("Europe/Berlin"), us("2026-07-01"), hi)[-1].hi == hi + 1


@given(
    st.sampled_from(PLACES),
    st.integers(us("1935-01-01"), us("2080-01-01")),
    st.integers(0, 400 * DAY),
    st.data(),
)
def test_stretches_cover_the_range_and_say_what_instant_of_says(
    name: str, lo: int, width: int, data: st.DataObject
) -> None:
    place = zone(name)
    cut = offsets(place, lo, lo + width)
    assert cut[0].lo == lo
    assert cut[-1].hi == lo + width + 1
    assert all(a.hi == b.lo and a.lo < a.hi for a, b in pairwise(cut))
    stretch = data.draw(st.sampled_from(cut))
    for wall in (stretch.lo, stretch.hi - 1, data.draw(st.integers(stretch.lo, stretch.hi - 1))):
        said = readings(EPOCH + timedelta(microseconds=wall), place)
        assert said == (stretch.kind, wall - stretch.offset_us, wall - stretch.later_offset_us)
