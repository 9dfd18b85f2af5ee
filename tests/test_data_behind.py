"""What stood in the exports behind a statement: worked by hand, and compared with plain loops over random samples."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from slacheck.statement import RowsShown, SourceShown, Statement, StreamShown
from tests.measures.world import HOUR, LATER, MINUTE, MONDAY, written
from tests.whole_runs import exact, examples, run

DAY = 24 * HOUR
PROBES = {"path": "probes.csv", "shape": "samples", "columns": {"at": "at", "state": "state"}, "hold": "5m"}

Rows = Sequence[Sequence[object]]
Files = Mapping[str, Rows]


def statements(files: Files, terms: dict[str, Any], period: str = "2026-09-07", as_of: int = LATER) -> list[Statement]:
    """2026-09-07 is a Monday, in UTC; periods are days."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, rows in files.items():
            text = "\n".join(",".join(map(str, row)) for row in rows) + "\n"
            (folder / file).write_text(text, encoding="utf-8")
        return run(folder, {"timezone": "UTC", "period": "day", **terms}, period, as_of)


def source(files: Files, terms: dict[str, Any], name: str, **asked: Any) -> SourceShown:
    (statement,) = statements(files, terms, **asked)
    return next(each for each in statement.sources if each.source == name)


def at(minutes: float) -> str:
    return written(MONDAY + round(minutes * MINUTE))


def notes(files: Files, terms: dict[str, Any]) -> list[tuple[str, str]]:
    (statement,) = statements(files, terms)
    return [(note.weight, note.text) for note in statement.data]


def probed(rows: Rows, **terms: Any) -> tuple[Files, dict[str, Any]]:
    files = {"probes.csv": [("at", "host", "state"), *rows]}
    return files, {"sources": {"probes": PROBES}, "service_levels": {"up": {**availability(), **terms}}}


def availability(of: str = "probes", **measured: Any) -> dict[str, Any]:
    return {"measure": {"kind": "availability", "from": of, **measured}, "target": ">= 90%"}


def day_of(host: str = "a", step: int = 5, leaving_out: range = range(0)) -> list[tuple[str, str, str]]:
    return [(at(minute), host, "up") for minute in range(0, 1440, step) if minute not in leaving_out]


def test_a_day_of_samples_with_an_hour_missing() -> None:
    """A sample every 5 minutes that holds for 5: 288 a day, less the 12 from 10:00 on. The sample of 09:55 holds until
    10:00, so 60 of 1440 minutes are unknown: 23/24 are known. 275 distances, one of them 65 minutes: 274 of 5."""
    rows = [*day_of(leaving_out=range(600, 660)), (at(-5), "a", "up"), (at(1440), "a", "up"), (at(5), "a", "up")]
    found = source(*probed(rows), "probes")
    assert found.rows == RowsShown(read=279, before=1, within=277, after=1, used=277)
    assert (found.first, found.last) == ("2026-09-06T23:55:00Z", "2026-09-08T00:00:00Z")
    assert (found.order, found.out_of_order, found.open_ended) == ("oldest-first", 2, None)
    (stream,) = found.streams
    assert (stream.levels, stream.per, stream.subjects) == (("up",), (), 1)
    assert (stream.start, stream.end) == ("2026-09-07T00:00:00Z", "2026-09-08T00:00:00Z")
    assert (stream.rows, stream.matching, stream.duplicates, stream.conflicts) == (277, 279, 1, 0)
    assert exact(stream.cadence) == 5 * MINUTE
    assert (stream.distances, stream.beyond_hold) == (275, 1)
    assert stream.expected == DAY
    assert exact(stream.coverage) == Fraction(23, 24)
    assert stream.gaps is not None
    assert (stream.gaps.number, stream.gaps.length, stream.gaps.subjects) == (1, HOUR, 1)
    longest = stream.gaps.longest
    assert longest is not None
    assert (longest.start, longest.end, longest.length) == ("2026-09-07T10:00:00Z", "2026-09-07T11:00:00Z", HOUR)
    assert stream.least_known == ()


def test_the_subjects_of_which_least_is_known() -> None:
    """Of four hosts: a is whole, b lacks an hour, c two stretches of half an hour, d was seen once, at midnight."""
    rows = [
        *day_of("a"),
        *day_of("b", leaving_out=range(60, 120)),
        *[row for row in day_of("c", leaving_out=range(60, 90)) if row not in day_of("c")[120:126]],
        (at(0), "d", "up"),
    ]
    (stream,) = source(*probed(rows, per="host"), "probes").streams
    assert stream.expected == 4 * DAY
    assert stream.gaps is not None
    assert (stream.gaps.number, stream.gaps.subjects) == (4, 3)
    # d is known for 5 minutes, b and c for 23 hours each: 2 hours and 23:55 are missing of 96.
    assert stream.gaps.length == 2 * HOUR + 23 * HOUR + 55 * MINUTE
    told = [(each.subject, each.coverage.exact, each.gaps, each.longest) for each in stream.least_known]
    assert told == [
        ("d", "1/288", 1, 23 * HOUR + 55 * MINUTE),
        ("b", "23/24", 1, HOUR),
        ("c", "23/24", 2, 30 * MINUTE),
    ]


def test_what_is_closed_is_not_expected() -> None:
    """Open from 08:00 to 20:00. Seen from 06:00 on, nothing from 19:00: 11 of 12 hours are known, in one gap."""
    rows = [(at(minute), "a", "up") for minute in range(360, 1140, 5)]
    files, terms = probed(rows, **availability(hours="office"))
    terms["calendars"] = {"office": {"hours": {"mon-sun": "08:00-20:00"}}}
    (stream,) = source(files, terms, "probes").streams
    assert stream.expected == 12 * HOUR
    assert exact(stream.coverage) == Fraction(11, 12)
    assert stream.gaps is not None
    assert stream.gaps.longest is not None
    assert (stream.gaps.number, stream.gaps.length) == (1, HOUR)
    assert (stream.gaps.longest.start, stream.gaps.longest.end) == ("2026-09-07T19:00:00Z", "2026-09-08T00:00:00Z")


def test_samples_further_apart_than_a_state_holds_are_told() -> None:
    """Every 10 minutes, holding for 5: half of the day is unknown, after each of the 144 samples."""
    files, terms = probed(day_of(step=10))
    (stream,) = source(files, terms, "probes").streams
    assert exact(stream.cadence) == 10 * MINUTE
    assert (stream.distances, stream.beyond_hold) == (143, 143)
    assert exact(stream.coverage) == Fraction(1, 2)
    warning = (
        "up: 'probes' has a sample every 600 s, and a state holds for 300 s; after 143 of 144 samples it is unknown"
    )
    assert ("warning", warning) in notes(files, terms)


def test_samples_that_end_by_themselves_leave_a_gap_to_the_next() -> None:
    """Up from 0:00 to 10:00 and from 11:00 to 24:00: an hour of the day is unknown."""
    rows = [(at(0), at(600), "a", "up"), (at(660), at(1440), "a", "up")]
    columns = {"at": "at", "until": "until", "state": "state"}
    probes = {"path": "probes.csv", "shape": "samples", "columns": columns}
    terms = {"sources": {"probes": probes}, "service_levels": {"up": availability()}}
    (stream,) = source({"probes.csv": [("at", "until", "host", "state"), *rows]}, terms, "probes").streams
    assert exact(stream.coverage) == Fraction(23, 24)
    assert stream.gaps is not None
    assert stream.gaps.longest is not None
    assert (stream.gaps.number, stream.gaps.length, stream.gaps.longest.start) == (1, HOUR, "2026-09-07T10:00:00Z")
    assert (stream.cadence, stream.distances, stream.beyond_hold) == (None, None, None)


def test_newest_first_is_an_order_and_no_warning() -> None:
    files, terms = probed(day_of()[::-1])
    found = source(files, terms, "probes")
    assert (found.order, found.out_of_order) == ("newest-first", 0)
    assert notes(files, terms) == []


def test_a_row_that_stands_twice_is_dropped_from_states_and_counts_among_values() -> None:
    """Two rows of midnight are equal: of states that is told; in the mean of values both count, and it is a warning."""
    rows = [*day_of(), (at(0), "a", "up")]
    assert notes(*probed(rows)) == [("info", "up: 1 row says the same as an earlier one of 'probes'; dropped")]
    values = {"path": "v.csv", "shape": "samples", "columns": {"at": "at", "value": "value"}}
    level = {"measure": {"kind": "statistic", "from": "values", "statistic": "mean"}, "target": "<= 9"}
    files = {"v.csv": [("at", "value"), (at(0), 1), (at(0), 1), (at(5), 2), (at(5), 4), (at(15), 3)]}
    terms = {"sources": {"values": values}, "service_levels": {"mean": level}}
    (stream,) = source(files, terms, "values").streams
    assert (stream.duplicates, stream.conflicts, stream.coverage, stream.gaps) == (1, 1, None, None)
    # Three instants, 15 minutes from the first to the last.
    assert exact(stream.cadence) == Fraction(15 * MINUTE, 2)
    assert notes(files, terms) == [
        ("warning", "mean: 1 row says the same as an earlier one of 'values'; each of them counts"),
        ("warning", "mean: 1 instant of 'values' with values that differ; all of them count"),
    ]


COUNTS = {
    "path": "c.csv",
    "shape": "counts",
    "columns": {"at": "at", "total": "total", "good": "good"},
    "interval": "1h",
}


def counted(rows: Rows, **terms: Any) -> tuple[Files, dict[str, Any]]:
    level = {"measure": {"kind": "success-rate", "from": "requests"}, "target": ">= 90%", **terms}
    files = {"c.csv": [("at", "host", "total", "good"), *rows]}
    return files, {"sources": {"requests": COUNTS}, "service_levels": {"rate": level}}


def hours(leaving_out: Sequence[int] = (), host: str = "a") -> list[tuple[str, str, int, int]]:
    return [(at(60 * hour), host, 10, 10) for hour in range(24) if hour not in leaving_out]


def test_intervals_without_a_row() -> None:
    """Of 24 hours 3, 4, 5 and 9 have no row; 8 has two: two gaps, of 3 hours and of 1; 20/24 is 5/6."""
    rows = [*hours((3, 4, 5, 9)), (at(480 + 1), "a", 10, 10)]
    found = source(*counted(rows), "requests")
    assert found.rows == RowsShown(read=21, within=21, used=21)
    (stream,) = found.streams
    assert (stream.rows, stream.duplicates, stream.subjects) == (21, 1, 1)
    assert exact(stream.cadence) == HOUR
    assert (stream.distances, stream.beyond_hold) == (None, None)
    assert exact(stream.coverage) == Fraction(5, 6)
    assert stream.gaps is not None
    assert stream.gaps.longest is not None
    assert (stream.gaps.number, stream.gaps.length, stream.gaps.longest.length) == (2, 4 * HOUR, 3 * HOUR)
    assert (stream.gaps.longest.start, stream.gaps.longest.end) == ("2026-09-07T03:00:00Z", "2026-09-07T06:00:00Z")


def test_every_interval_has_a_row() -> None:
    """Nothing is looked for twice where the answers show that nothing is missing; the numbers are the same."""
    files, terms = counted([*hours(), *hours(host="b"), (at(61), "b", 0, 0)], per="host")
    (stream,) = source(files, terms, "requests").streams
    assert (stream.subjects, stream.duplicates, stream.expected) == (2, 1, 48 * HOUR)
    assert exact(stream.coverage) == Fraction(1, 1)
    assert stream.gaps is not None
    assert (stream.gaps.number, stream.gaps.longest) == (0, None)
    assert notes(files, terms) == [
        ("info", "rate: 1 row more than intervals of 'requests'; rows of one interval are added up")
    ]


def test_days_are_as_long_as_they_are() -> None:
    """A row a day in London; of March 2027 the 28th, which has 23 hours, is missing: 1 - 23/743."""
    midnights = [f"2027-03-{day:02d}" for day in range(1, 32) if day != 28]
    files = {"c.csv": [("at", "total", "good"), *((f"{day}T00:00:00", 10, 10) for day in midnights)]}
    counts = {**COUNTS, "interval": "1 day", "timezone": "Europe/London"}
    level = {"measure": {"kind": "success-rate", "from": "requests"}, "target": ">= 90%"}
    terms = {"timezone": "Europe/London", "period": "month", "sources": {"requests": counts}}
    asked = {**terms, "service_levels": {"rate": level}}
    (stream,) = source(files, asked, "requests", period="2027-03", as_of=LATER + 365 * DAY).streams
    assert stream.expected == 743 * HOUR
    assert stream.cadence is None
    assert exact(stream.coverage) == 1 - Fraction(23, 743)


def test_a_log_has_no_gaps_and_no_coverage() -> None:
    """Of five outages two are of the day, one of them severe; one never ends; one stands twice."""
    rows = [
        (at(-300), at(-200), 1),
        (at(60), at(70), 1),
        (at(120), at(130), 3),
        (at(120), at(130), 3),
        (at(2000), "", 3),
    ]
    log = {"path": "o.csv", "shape": "events", "columns": {"start": "start", "end": "end"}}
    terms: dict[str, Any] = {
        "sources": {"log": log},
        "outages": {
            "severe": {"from": "log", "where": {"severity": "3"}},
            "fatal": {"from": "log", "where": {"severity": "9"}},
        },
        "service_levels": {
            "severe": {"measure": {"kind": "availability", "from": "severe"}, "target": ">= 90%"},
            "fatal": {"measure": {"kind": "availability", "from": "fatal"}, "target": ">= 90%"},
        },
    }
    files = {"o.csv": [("start", "end", "severity"), *rows]}
    found = source(files, terms, "log")
    assert found.rows == RowsShown(read=5, before=1, within=3, after=1, used=2)
    assert (found.open_ended, found.order, found.out_of_order) == (0, "oldest-first", 0)
    severe, fatal = found.streams
    assert (severe.levels, severe.rows, severe.matching, severe.duplicates) == (("severe",), 2, 3, 1)
    assert (fatal.rows, fatal.matching) == (0, 0)
    for stream in found.streams:
        assert (stream.coverage, stream.gaps, stream.cadence, stream.expected) == (None, None, None, None)
    assert notes(files, terms) == [
        ("info", "severe: 1 row says the same as an earlier one of 'log'; time that several records cover counts once"),
        ("warning", "fatal: no record of 'log' satisfies the conditions of this level; read as no outage"),
    ]


def test_cases_are_replaced_filtered_exempt_or_without_a_date() -> None:
    """Eight rows: 1 stands twice, 2 is a test, 3 is exempt, 4 was never opened, 5 came before, 6 and 7 on the day, 7 in
    no class of the level."""
    tickets = [
        (1, at(10), "x", "P1"),
        (2, at(20), "test", "P1"),
        (3, at(30), "x", "P1"),
        (4, "", "x", "P1"),
        (5, at(-30), "x", "P1"),
        (6, at(40), "x", "P1"),
        (7, at(50), "x", "P9"),
        (1, at(11), "x", "P1"),
    ]
    terms: dict[str, Any] = {
        "sources": {
            "tickets": {
                "path": "t.csv",
                "shape": "cases",
                "columns": {"id": "id"},
                "repeats": "last",
                "where": {"kind": {"not": ["test"]}},
            },
            "granted": {"path": "g.csv", "shape": "register", "columns": {"id": "id"}, "key": "id"},
        },
        "exclusions": {"granted": {"from": "granted", "matching": "id"}},
        "service_levels": {
            "opened": {
                "measure": {"kind": "count", "from": "tickets", "dated_by": "opened", "excluding": ["granted"]},
                "where": {"priority": "P1"},
                "target": "<= 9",
            }
        },
    }
    files: Files = {"t.csv": [("id", "opened", "kind", "priority"), *tickets], "g.csv": [("id",), (3,)]}
    (statement,) = statements(files, terms)
    found, register = statement.sources
    assert found.rows == RowsShown(
        read=8, replaced=1, filtered=1, undated=1, before=1, within=4, after=0, exempt=1, used=2
    )
    assert (found.open_ended, found.order, found.out_of_order) == (None, None, None)
    (stream,) = found.streams
    assert (stream.rows, stream.matching, stream.duplicates) == (2, 4, 0)
    assert register.rows == RowsShown(read=1, undated=1)
    assert (register.serves, register.streams, register.first) == (("exclusion granted", "facts by id"), (), None)


def test_bad_rows_that_are_skipped_are_counted_and_listed() -> None:
    """Of 290 rows one has no instant and one an unknown word: 288 are left, and the day is whole."""
    files, terms = probed([*day_of(), ("soon", "a", "up"), (at(7), "a", "wobbly")])
    terms["sources"] = {"probes": {**PROBES, "on_bad_row": "skip at most 2"}}
    (statement,) = statements(files, terms)
    (found,) = statement.sources
    assert found.rows == RowsShown(read=290, bad=2, within=288, used=288)
    assert [(each.file, each.row, each.column, each.cell) for each in found.bad_rows] == [
        ("probes.csv", 290, "at", "soon"),
        ("probes.csv", 291, "state", "wobbly"),
    ]
    assert statement.inputs[0].rows == 290
    assert [(note.weight, note.text) for note in statement.data] == [
        ("warning", "probes: 2 bad rows were skipped; what they would have said is not known")
    ]


def test_a_level_whose_conditions_no_case_ever_satisfies_is_told() -> None:
    """P1 is written 1 in the export; a class without a case is nothing odd."""
    tickets = {"path": "t.csv", "shape": "cases", "columns": {"id": "id"}}
    measure = {"kind": "elapsed", "from": "tickets", "between": ["opened", "closed"], "statistic": "mean"}
    terms: dict[str, Any] = {
        "sources": {"tickets": tickets},
        "service_levels": {
            "urgent": {"measure": {**measure, "where": {"priority": "P1"}}, "target": "<= 1h"},
            "by-class": {
                "measure": measure,
                "by": "priority",
                "classes": {"1": {"target": "<= 1h"}, "2": {"target": "<= 1h"}},
            },
        },
    }
    files = {"t.csv": [("id", "opened", "closed", "priority"), ("a", at(10), at(20), "1")]}
    told = [text for weight, text in notes(files, terms) if weight == "warning"]
    assert told == ["urgent: no record of 'tickets' satisfies the conditions of this level; none is judged"]


def test_a_level_that_looks_further_back_has_a_stream_of_its_own() -> None:
    files, terms = probed([*day_of(), *((at(minute - 1440), "a", "up") for minute in range(0, 1440, 5))])
    terms["service_levels"]["days"] = {**availability(), "period": {"rolling": "2 days"}}
    found = source(files, terms, "probes")
    assert (found.rows.before, found.rows.within, found.rows.used) == (288, 288, 576)
    assert [(each.levels, each.start[:10], each.rows) for each in found.streams] == [
        (("up",), "2026-09-07", 288),
        (("days",), "2026-09-06", 576),
    ]


def test_levels_that_read_alike_share_a_stream() -> None:
    files, terms = probed(day_of())
    terms["service_levels"]["again"] = {**availability(), "target": ">= 50%"}
    (stream,) = source(files, terms, "probes").streams
    assert stream.levels == ("up", "again")


samples = st.lists(
    st.tuples(st.integers(-20, 1460), st.sampled_from("ab"), st.sampled_from(["up", "up", "down"])),
    min_size=2,
    max_size=40,
    unique_by=lambda row: row[:2],
).filter(lambda rows: {row[1] for row in rows} == {"a", "b"} and any(0 <= row[0] < 1440 for row in rows))


@examples(12)
@given(rows=samples, again=st.integers(0, 39), hold=st.integers(1, 300))
def test_what_is_told_is_what_loops_find(rows: list[tuple[int, str, str]], again: int, hold: int) -> None:
    rows = [*rows, rows[again % len(rows)]]
    files, terms = probed([(at(minute), host, state) for minute, host, state in rows], per="host")
    terms["sources"] = {"probes": {**PROBES, "hold": f"{hold}m"}}
    found = source(files, terms, "probes")
    inside = [row for row in rows if 0 <= row[0] < 1440]
    assert found.rows == RowsShown(
        read=len(rows),
        before=sum(row[0] < 0 for row in rows),
        within=len(inside),
        after=sum(row[0] >= 1440 for row in rows),
        used=len(inside),
    )
    (stream,) = found.streams
    assert stream.duplicates == len(inside) - len(set(inside))
    known = {host: {m for t, h, _ in rows if h == host for m in range(t, t + hold)} for host in "ab"}
    dark = {host: [m for m in range(1440) if m not in known[host]] for host in "ab"}
    assert stream.coverage is not None
    assert stream.coverage.fraction == 1 - Fraction(len(dark["a"]) + len(dark["b"]), 2880)
    runs = {host: sum(m - 1 not in dark[host] for m in dark[host]) for host in "ab"}
    assert stream.gaps is not None
    assert stream.gaps.number == runs["a"] + runs["b"]
    assert [(each.subject, each.length) for each in stream.least_known] == sorted(
        ((host, len(dark[host]) * MINUTE) for host in "ab" if dark[host]), key=lambda each: (-each[1], each[0])
    )
    distances = _distances(inside)
    near = [each for each in distances if each <= hold] if 2 * _far(distances, hold) <= len(distances) else distances
    cadence = stream.cadence.fraction if stream.cadence else None
    assert cadence == (Fraction(sum(near) * MINUTE, len(near)) if near else None)
    assert (stream.distances, stream.beyond_hold) == (len(distances), _far(distances, hold))


def _distances(rows: Sequence[tuple[int, str, str]]) -> list[int]:
    of = {host: sorted({t for t, h, _ in rows if h == host}) for host in "ab"}
    return [later - earlier for instants in of.values() for earlier, later in pairwise(instants)]


def _far(distances: Sequence[int], hold: int) -> int:
    return sum(each > hold for each in distances)


def test_a_run_of_two_periods_says_of_each_what_a_run_of_one_says() -> None:
    """A day whole, the next one with a gap and a sample every 2 minutes."""
    rows = [*day_of(), *((at(minute), "a", "up") for minute in range(1440, 2880, 2) if not 1500 < minute < 1600)]
    files, terms = probed(rows)
    together = statements(files, terms, period="2026-09-07..2026-09-08")
    apart = [statements(files, terms, period=day)[0] for day in ("2026-09-07", "2026-09-08")]
    assert [each.sources for each in together] == [each.sources for each in apart]


def streams_of(statement: Statement) -> list[StreamShown]:
    return [stream for each in statement.sources for stream in each.streams]


def test_coverage_is_the_share_that_a_line_says() -> None:
    """Without exclusions the line of the level says the same of what should be known."""
    files, terms = probed(day_of(leaving_out=range(600, 660)))
    (statement,) = statements(files, terms)
    (stream,), (line,) = streams_of(statement), statement.lines
    assert stream.coverage == line.coverage
