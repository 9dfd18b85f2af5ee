"""What a column holds, over all its rows: each expectation is read off the few rows of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inspection.looks import column, look, only


def rows(header: str, *cells: str) -> str:
    return "\n".join([header, *cells]) + "\n"


@pytest.mark.parametrize(
    ("cells", "form", "zone", "first", "last"),
    [
        (["2026-10-01T00:00:00Z", "2026-10-03T12:00:00+02:00"], "ISO 8601", "offset", "2026-10-01T00:00:00Z", None),
        (["2026-10-01 10:00", "2026-10-02 11:30"], "ISO 8601", "none", "2026-10-01T10:00:00", "2026-10-02T11:30:00"),
        (["2026-10-01", "2026-11-30"], "ISO 8601", "day", "2026-10-01", "2026-11-30"),
        (["2026-10", "2026-12"], "ISO 8601", "day", "2026-10-01", "2026-12-01"),
        (["31/12/2026", "01/02/2026"], "%d/%m/%Y", "day", "2026-02-01", "2026-12-31"),
        (["12/31/2026 11:59 PM", "01/02/2026 12:01 AM"], "%m/%d/%Y %I:%M %p", "none", "2026-01-02T00:01:00", None),
        (["31.12.2026 08:00:01", "01.02.2026 7:00:00"], "%d.%m.%Y %H:%M:%S", "none", "2026-02-01T07:00:00", None),
        (["29-02-2016 01:16", "01-03-2016 00:00"], "%d-%m-%Y %H:%M", "none", "2016-02-29T01:16:00", None),
        (["31/Dec/26 12:00 PM", "01/Jan/26 1:00 AM"], "%d/%b/%y %I:%M %p", "none", "2026-01-01T01:00:00", None),
        (["Dec 31, 2026", "Jan 1, 2026"], "%b %d, %Y", "day", "2026-01-01", "2026-12-31"),
        (["2026/12/31 01:02:03 +0200", "2026/12/30 00:00:00 -0500"], "%Y/%m/%d %H:%M:%S %z", "offset", None, None),
        (["1790812800", "1790812860.5"], "epoch-seconds", "offset", "2026-10-01T00:00:00Z", None),
        (["1790812800000", "1790812860000"], "epoch-milliseconds", "offset", None, "2026-10-01T00:01:00Z"),
        (["1790812800000000"], "epoch-microseconds", "offset", "2026-10-01T00:00:00Z", None),
        (["1790812800000000001"], "epoch-nanoseconds", "offset", "2026-10-01T00:00:00Z", None),
    ],
)
def test_times_are_told_by_their_form(
    tmp_path: Path, cells: list[str], form: str, zone: str, first: str | None, last: str | None
) -> None:
    seen = column(only(look(tmp_path, rows("timestamp;x", *(f"{cell};1" for cell in cells)))), "timestamp")
    assert (seen.kind, seen.form, seen.zone) == ("time", form, zone)
    assert (seen.filled, seen.fits, seen.forms) == (len(cells), len(cells), (form,))
    assert first is None or seen.first == first
    assert last is None or seen.last == last


def test_dates_that_read_both_ways_are_decided_by_no_one(tmp_path: Path) -> None:
    seen = column(only(look(tmp_path, rows("day;n", "01/02/2026;1", "03/04/2026;2", "12/12/2026;3"))), "day")
    assert (seen.kind, seen.form, seen.forms) == ("time", "", ("%d/%m/%Y", "%m/%d/%Y"))
    assert seen.first is None


def test_one_late_day_decides_for_all_of_them(tmp_path: Path) -> None:
    """The thirteenth of a month stands behind two thousand dates that read both ways."""
    cells = [f"0{1 + at % 9}/0{1 + at % 7}/2026;{at}" for at in range(2_000)] + ["13/01/2026;1"]
    assert column(only(look(tmp_path, rows("day;n", *cells))), "day").forms == ("%d/%m/%Y",)


@pytest.mark.parametrize("header", ["bytes", "id", "customer number"])
def test_large_numbers_are_no_times_by_themselves(tmp_path: Path, header: str) -> None:
    seen = column(only(look(tmp_path, rows(f"{header};x", "1790812800;1", "1790812860;1"))), header)
    assert (seen.kind, seen.least, seen.greatest) == ("number", "1790812800", "1790812860")


@pytest.mark.parametrize(
    ("cells", "decimal", "places", "least", "greatest"),
    [
        (["1", "-2.50", "1e3"], ".", 2, "-2.5", "1000"),
        (["0.30000000000000004", "7"], ".", 17, "0.30000000000000004", "7"),
        (["1,5", "22", "-3,25"], ",", 2, "-3.25", "22"),
        (["1,234", "5,678"], "", 0, None, None),
    ],
)
def test_numbers_are_told_by_their_mark(
    tmp_path: Path, cells: list[str], decimal: str, places: int, least: str | None, greatest: str | None
) -> None:
    seen = column(only(look(tmp_path, rows("reading;x", *(f"{cell};1" for cell in cells)))), "reading")
    assert (seen.kind, seen.decimal, seen.places, seen.least, seen.greatest) == (
        "number",
        decimal,
        places,
        least,
        greatest,
    )


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["true", "FALSE", "true"], "yes-no"),
        (["09:15", "17:00:30"], "clock"),
        (["web", "db"], "words"),
        (["", " "], "empty"),
        (["2026-13-01", "2026-02-30"], "words"),
    ],
)
def test_the_other_kinds(tmp_path: Path, cells: list[str], kind: str) -> None:
    assert column(only(look(tmp_path, rows("a;x", *(f"{cell};1" for cell in cells)))), "a").kind == kind


def test_what_does_not_fit_is_counted_over_all_rows(tmp_path: Path) -> None:
    """Five thousand rows; three cells in the middle are no times, and one is empty."""
    cells = [f"2026-10-01T{at // 60 % 24:02d}:{at % 60:02d}:00Z;up" for at in range(5_000)]
    cells[2_000] = "yesterday;up"
    cells[3_000] = ";up"
    cells[4_000] = cells[4_500] = "2026-10-01T25:00:00Z;up"
    file = only(look(tmp_path, rows("at;state", *cells)))
    seen = column(file, "at")
    assert (seen.kind, seen.filled, seen.fits) == ("time", 4_999, 4_996)
    # Different: 1,440 minutes, "yesterday", and the 25th hour.
    assert seen.distinct == 1_442
    (odd,) = file.suspicions
    assert (odd.code, odd.column, odd.count, odd.rows, odd.example) == (
        "unread",
        "at",
        3,
        (2_002, 4_002),
        "yesterday",
    )


def test_the_most_common_texts_and_their_number(tmp_path: Path) -> None:
    seen = column(only(look(tmp_path, rows("state;n", "up;1", "down;2", "up;3", "b;4", "a;5"))), "state")
    assert [(value.text, value.rows) for value in seen.common] == [("up", 2), ("down", 1), ("b", 1), ("a", 1)]
    assert seen.distinct == 4


def test_texts_beyond_the_bound_are_estimated_and_ids_counted_all_the_same(tmp_path: Path) -> None:
    cells = [f"{at};{at * 7}" for at in range(60_000)]
    file = only(look(tmp_path, rows("ticket id;reading", *cells)))
    ids, reading = column(file, "ticket id"), column(file, "reading")
    assert (ids.distinct, reading.distinct, reading.common) == (60_000, None, ())
    assert 50_000 < reading.distinct_estimate < 70_000
    assert (reading.filled, reading.fits, reading.least, reading.greatest) == (60_000, 60_000, "0", "419993")
    assert file.ids == ("ticket id",)


def test_a_day_and_a_clock_beside_it_are_one_instant(tmp_path: Path) -> None:
    text = rows("Start Date,Start Time,End Date,End Time,System", "2026-10-01,09:00,2026-10-01,10:00:00,web")
    file = only(look(tmp_path, text))
    assert (file.shape, file.at, file.end) == ("events", ("Start Date", "Start Time"), ("End Date", "End Time"))
    assert column(file, "Start Date Start Time").first == "2026-10-01T09:00:00"


def test_more_columns_than_one_reading_holds(tmp_path: Path) -> None:
    """130 columns are read in three turns and stand side by side again."""
    header = ",".join(f"n{at}" for at in range(130))
    text = rows(header, *(",".join(str(row * at) for at in range(130)) for row in range(4)), ",".join(["0"] * 130))
    file = only(look(tmp_path, text))
    assert [column.greatest for column in file.columns] == [str(3 * at) for at in range(130)]
    # The last row is as the first.
    assert [(each.columns, each.count, each.rows) for each in file.duplicates] == [((), 1, (6,))]


def test_json_records_and_parquet(tmp_path: Path) -> None:
    text = '{"at": "2026-10-01T00:00:00Z", "up": true}\n{"at": "2026-10-01T00:01:00Z", "up": false, "ms": 1.5}\n'
    file = only(look(tmp_path, text, "probes.ndjson"))
    assert (file.format, file.header_row, file.separator, file.rows) == ("ndjson", 0, "", 2)
    assert [(each.name, each.kind, each.filled) for each in file.columns] == [
        ("at", "time", 2),
        ("up", "yes-no", 2),
        ("ms", "number", 1),
    ]
    assert file.states is not None
    assert [(word.text, word.reading) for word in file.states.words] == [("true", "up"), ("false", "down")]
