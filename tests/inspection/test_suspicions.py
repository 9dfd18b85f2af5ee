"""Each suspicion on a file that has it: how many, in which rows, and not where it does not belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inspection.looks import look, only, suspected

DAYS = [f"2026-10-{day:02d}T00:00:00Z" for day in range(1, 21)]


def rows(header: str, *cells: str) -> str:
    return "\n".join([header, *cells]) + "\n"


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("9999-12-31T00:00:00Z", "sentinel"),
        ("1970-01-01T00:00:00Z", "sentinel"),
        ("1900-01-01T00:00:00Z", "sentinel"),
        ("2016-01-01T00:00:00Z", "old"),
        ("2040-01-01T00:00:00Z", "future"),
    ],
)
def test_times_away_from_the_rest(tmp_path: Path, mark: str, code: str) -> None:
    found = suspected(only(look(tmp_path, rows("at;n", *(f"{day};1" for day in DAYS), f"{mark};2", f"{mark};3"))))
    assert list(found) == [(code, "at")]
    odd = found[code, "at"]
    assert (odd.count, odd.rows, odd.example) == (2, (22,), mark)


def test_a_year_of_times_is_nothing_odd(tmp_path: Path) -> None:
    cells = [f"{year}-{month:02d}-01T00:00:00Z;1" for year in range(2000, 2026) for month in range(1, 13)]
    assert not only(look(tmp_path, rows("at;n", *cells))).suspicions


@pytest.mark.parametrize(
    ("header", "cells", "code", "count", "first"),
    [
        ("reading", ["5", "7", "-1", "6", "-1"], "sentinel", 2, 4),
        ("reading", ["5", "7", "99999", "6"], "sentinel", 1, 4),
        ("latency_ms", ["5", "7", "-0.5", "6"], "negative", 1, 4),
        ("uptime %", ["99.5", "100", "100.01", "98"], "over-hundred", 1, 4),
        ("reading", ["5", "NaN", "6", "7"], "null-words", 1, 3),
        ("reading", ["5", "?", "6", "N/A"], "null-words", 2, 3),
        ("reading", ["5", "1,234.5", "6.5", "7"], "thousands", 1, 3),
        ("reading", ["5", "1 234", "6", "7"], "thousands", 1, 3),
        ("reading", ["5", "3,87,16,91,111", "6", "7.5"], "odd-commas", 1, 3),
        ("reading", ["5", "99.5 %", "6", "7"], "with-unit", 1, 3),
        ("reading", ["5", "12 ms", "6", "7"], "with-unit", 1, 3),
        ("reply", ["03:17.4", "27:43.2", "1"], "eaten-date", 2, 2),
    ],
)
def test_numbers_that_deserve_a_look(
    tmp_path: Path, header: str, cells: list[str], code: str, count: int, first: int
) -> None:
    found = suspected(only(look(tmp_path, rows(f"{header};x", *(f"{cell};1" for cell in cells)))))
    odd = found[code, header]
    assert (odd.count, odd.rows[0], odd.example) == (count, first, cells[first - 2])


def test_many_temperatures_below_zero_are_nothing_odd(tmp_path: Path) -> None:
    assert not only(look(tmp_path, rows("celsius;x", "-4;1", "-2.5;1", "3;1", "4;1"))).suspicions


def test_times_of_several_kinds_are_counted(tmp_path: Path) -> None:
    text = rows("at;n", "2026-10-01T00:00:00Z;1", "2026-10-02T00:00:00Z;1", "2026-10-03 00:00:00;1", "2026-10-04;1")
    odd = suspected(only(look(tmp_path, text)))["mixed-times", "at"]
    assert odd.message == "times of several kinds: 2 with an offset, 1 without one, 1 days without a time"
    assert (odd.count, odd.rows) == (1, (4,))


def test_hours_that_a_clock_change_skips_or_repeats(tmp_path: Path) -> None:
    """Europe/Berlin, 2026: forward on 29 March at 02:00, back on 25 October at 03:00."""
    cells = ["2026-03-29 01:59", "2026-03-29 02:00", "2026-03-29 02:59", "2026-03-29 03:00"]
    cells += ["2026-10-25 01:59", "2026-10-25 02:30", "2026-10-25 03:00"]
    text = rows("at;n", *(f"{cell};1" for cell in cells))
    assert not only(look(tmp_path, text)).suspicions
    found = suspected(only(look(tmp_path, text, timezone="Europe/Berlin")))
    assert {key: (odd.count, odd.rows) for key, odd in found.items()} == {
        ("skipped-time", "at"): (2, (3, 4)),
        ("time-twice", "at"): (1, (7,)),
    }


def test_ends_before_starts(tmp_path: Path) -> None:
    text = rows(
        "start;end",
        "2026-10-01T00:00:00Z;2026-10-01T01:00:00Z",
        "2026-10-02T00:00:00Z;2026-10-01T23:59:59Z",
        "2026-10-03T00:00:00Z;",
        "2026-10-04T01:00:00+02:00;2026-10-03T23:00:00Z",
    )
    odd = suspected(only(look(tmp_path, text)))["end-before-start", "end"]
    assert (odd.count, odd.rows) == (1, (3,))


def test_words_in_several_cases_and_blanks_around_them(tmp_path: Path) -> None:
    text = rows("at;state", f"{DAYS[0]};Up", f"{DAYS[1]};UP ", f"{DAYS[2]};down", f"{DAYS[3]}; Up")
    found = suspected(only(look(tmp_path, text)))
    assert found["mixed-case", "state"].count == 3
    assert found["blanks", "state"].count == 2


def test_headers_that_an_agreement_cannot_name(tmp_path: Path) -> None:
    file = only(look(tmp_path, rows(",at,a,a", f"1,{DAYS[0]},2,3")))
    found = suspected(file)
    assert found["no-header", ""].message == "no header above column 1: an agreement cannot name it"
    assert found["header-twice", "a"].count == 2
    assert [column.kind for column in file.columns] == ["unread", "time", "unread", "unread"]


def test_control_characters(tmp_path: Path) -> None:
    odd = suspected(only(look(tmp_path, 'note;n\n"a\tb";1\n"c\nd";2\ne;3\n')))["control-characters", "note"]
    assert (odd.count, odd.rows) == (2, (2, 3))


def test_order_distances_gaps_and_duplicates(tmp_path: Path) -> None:
    """Two services each minute; web misses three minutes, one row of db stands twice, one instant of web twice."""
    cells = []
    for minute in range(20):
        if minute not in (5, 6, 7):
            cells.append(f"2026-10-01T00:{minute:02d}:00Z;web;up")
        cells.append(f"2026-10-01T00:{minute:02d}:00Z;db;up")
    cells += ["2026-10-01T00:19:00Z;db;up", "2026-10-01T00:19:00Z;web;down"]
    file = only(look(tmp_path, rows("at;service;state", *cells)))
    assert file.subject == ("service",)
    assert file.order is not None
    assert file.order.kind == "oldest-first"
    assert file.steps is not None
    # 19 distances of db, 16 of web of which one is four minutes.
    assert (file.steps.distances, file.steps.common, file.steps.times) == (35, 60_000_000, 34)
    # The gap ends at minute 8: rows 2 to 11 are minutes 0 to 4, three of db follow.
    assert (file.steps.gaps, file.steps.longest, file.steps.longest_row) == (1, 240_000_000, 15)
    assert [(each.columns, each.count, each.rows) for each in file.duplicates] == [
        ((), 1, (39,)),
        (("service", "at"), 2, (39, 40)),
    ]


@pytest.mark.parametrize(
    ("order", "kind"),
    [([0, 1, 1, 2], "oldest-first"), ([2, 1, 1, 0], "newest-first"), ([1, 2, 0], "unsorted"), ([1, 1], "one-instant")],
)
def test_the_order_of_the_rows(tmp_path: Path, order: list[int], kind: str) -> None:
    file = only(look(tmp_path, rows("at;n", *(f"{DAYS[at]};{number}" for number, at in enumerate(order)))))
    assert file.order is not None
    assert file.order.kind == kind


def test_ids_that_come_again(tmp_path: Path) -> None:
    cells = [
        "INC1;2026-10-01;2026-10-02",
        "INC2;2026-10-01;",
        "INC1;2026-10-01;2026-10-03",
        "INC1;2026-10-01;2026-10-04",
    ]
    file = only(look(tmp_path, rows("number;opened;resolved", *cells)))
    assert (file.shape, file.ids) == ("cases", ("number",))
    assert [(each.columns, each.count, each.rows) for each in file.duplicates] == [(("number",), 2, (4, 5))]


def test_ragged_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    """Of a thousand rows two are short and one is long; what is left is looked at as ever."""
    cells = [f"{DAYS[at % 20]},up,{at}" for at in range(1_000)]
    cells[10], cells[500], cells[999] = "x,y", "z", f"{DAYS[0]},up,1,2"
    file = only(look(tmp_path, rows("at,state,n", *cells)))
    assert (file.rows, file.ragged) == (997, 3)
    odd = suspected(file)["ragged-row", ""]
    assert (odd.count, odd.rows) == (3, (12, 502, 1_001))
    assert [(column.filled, column.fits) for column in file.columns] == [(997, 997)] * 3


def test_rows_are_named_behind_those_that_were_left_out(tmp_path: Path) -> None:
    file = only(look(tmp_path, rows("at,n", f"{DAYS[0]},1", "x", f"{DAYS[1]},2", f"{DAYS[2]},3", "never,4")))
    assert suspected(file)["unread", "at"].rows == (6,)
