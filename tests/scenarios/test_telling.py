"""What a scenario tells becomes rows in the source's own form, and is settled as a hand-written export is."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slacheck import api
from slacheck.agreement.loading import load
from slacheck.language.quantities import Unreadable
from slacheck.scenarios import load_tests, run
from slacheck.scenarios.cells import Export
from slacheck.scenarios.spans import span
from slacheck.scenarios.telling import Cover, Told, rows
from slacheck.scenarios.wanted import Wanted, shown
from slacheck.timeline.zones import zone
from tests.binary import AGREEMENT

LONDON = zone("Europe/London")
MINUTE = 60_000_000
# 5 October 2026 in London: from 23:00 UTC of the day before.
BEGUN = span("2026-10-05", LONDON)[0]
DAY = Cover((BEGUN, BEGUN + 1440 * MINUTE), (BEGUN,))


def told(tmp_path: Path, source: str, what: object, measure: str, target: str) -> list[dict[str, str]]:
    """The rows of one source, by their headers."""
    head = AGREEMENT.split("sources:")[0].replace("fees: {monthly: 400.00}\n", "")
    text = f'sources:\n  it: {source}\nservice_levels:\n  level:\n    measure: {measure}\n    target: "{target}"\n'
    path = tmp_path / "agreement.yaml"
    path.write_text(head + text, encoding="utf-8")
    export = Export("it", load(path).agreement)
    found = rows(export, what, DAY)
    return [dict(zip(export.headers(found), line, strict=True)) for line in export.lines(found)]


STATES = "{path: p.csv, shape: samples, columns: {at: When, state: Status}, states: {up: [OK], down: [BAD]}, hold: 4h}"
UPTIME = "{kind: downtime, from: it}"


def test_a_state_is_told_as_often_as_it_holds_and_where_it_changes(tmp_path: Path) -> None:
    found = told(tmp_path, STATES, {"down": "2026-10-05 10:00 for 1h"}, UPTIME, "<= 1h")
    utc = ["23:00", "03:00", "07:00", "09:00", "10:00", "14:00", "18:00", "22:00"]
    assert [row["When"][11:16] for row in found] == utc
    assert [row["Status"] for row in found] == ["OK", "OK", "OK", "BAD", "OK", "OK", "OK", "OK"]


def test_before_an_unknown_stretch_the_last_sample_holds_to_its_beginning_and_no_longer(tmp_path: Path) -> None:
    found = told(tmp_path, STATES, {"unknown": "2026-10-05 10:00 for 10h"}, UPTIME, "<= 1h")
    assert [row["When"][11:16] for row in found] == ["23:00", "03:00", "05:00", "19:00"]


def test_a_state_that_holds_into_an_unknown_stretch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Told, match="the state before this stretch holds into it"):
        told(tmp_path, STATES, {"unknown": "2026-10-05 02:00 for 10h"}, UPTIME, "<= 1h")


def test_times_units_and_decimal_signs_are_those_of_the_source(tmp_path: Path) -> None:
    source = (
        "{path: p.csv, shape: samples, columns: {at: ts, value: lag}, time_format: epoch-milliseconds, decimal: ',', "
        "units: {value: s}}"
    )
    measure = "{kind: statistic, from: it, value: value, statistic: max}"
    what = {"at": "2026-10-05 10:00 for 20m", "every": "10m", "value": "1250ms"}
    found = told(tmp_path, source, what, measure, "<= 5s")
    ten = 1_791_190_800_000
    assert found == [{"ts": str(ten), "lag": "1,25"}, {"ts": str(ten + 600_000), "lag": "1,25"}]


COUNTS = "{path: p.csv, shape: counts, columns: {at: t, total: all, bad: errors}, interval: 6h}"


def test_counts_are_told_for_every_interval_with_their_exceptions(tmp_path: Path) -> None:
    what = {
        "total": "100",
        "except": [{"at": "2026-10-05 06:00 for 6h", "bad": "7"}],
        "unknown": "2026-10-05 12:00 for 6h",
    }
    found = told(tmp_path, COUNTS, what, "{kind: success-rate, from: it}", ">= 99%")
    assert [(row["t"][11:16], row["all"], row["errors"]) for row in found] == [
        ("23:00", "100", "0"),
        ("05:00", "100", "7"),
        ("17:00", "100", "0"),
    ]


@pytest.mark.parametrize(
    ("text", "start", "minutes"),
    [
        ("2026-10-05 10:00 for 2h", "2026-10-05T09:00", 120),
        ("2026-10-05 10:00 to 12:30", "2026-10-05T09:00", 150),
        ("2026-10-05T10:00Z for 90s", "2026-10-05T10:00", Fraction(3, 2)),
        ("2026-10-25", "2026-10-24T23:00", 25 * 60),  # the day on which the clocks are put back
        ("2026-10-05 to 2026-10-06", "2026-10-04T23:00", 48 * 60),
    ],
)
def test_stretches(text: str, start: str, minutes: Fraction) -> None:
    begin, end = span(text, LONDON)
    assert begin == (datetime.fromisoformat(start) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert end - begin == minutes * MINUTE


@pytest.mark.parametrize(
    "text",
    ["2026-10-05 10:00", "2026-10-05 10:00 for 0h", "2026-10-05 10:00 to 09:00", "2026-10-25 01:30 for 1h", "soon"],
)
def test_what_is_no_stretch(text: str) -> None:
    with pytest.raises(Unreadable):
        span(text, LONDON)


@pytest.mark.parametrize(
    ("wanted", "came", "holds"),
    [
        ("99.5%", Fraction(995, 1000), True),
        ("99.5%", Fraction(9951, 10000), False),
        ("~99.5%", Fraction(99549, 100000), True),
        ("~99.5%", Fraction(9955, 10000), False),
        ("~-0.5%", Fraction(-5, 1000), True),
        ("2h", Fraction(7_200_000_000), True),
        ("~2h", Fraction(5_400_000_000), True),
        ("~2h", Fraction(5_399_999_999), False),
        (">= 99%, < 99.9%", Fraction(999, 1000), False),
        (">= 99%, < 99.9%", Fraction(99, 100), True),
    ],
)
def test_a_value_is_exact_unless_it_says_otherwise(wanted: str, came: Fraction, holds: bool) -> None:
    assert Wanted.read(wanted).holds(came) is holds


@given(st.fractions(-10, 10, max_denominator=10**9))
def test_what_came_is_printed_as_it_can_be_expected(value: Fraction) -> None:
    assert Wanted.read(shown(value, "share")).holds(value)
    assert Wanted.read(shown(value, "number")).holds(value)


STRETCHES = st.lists(st.tuples(st.integers(10, 1380), st.integers(4, 60)), max_size=4)


@settings(max_examples=12, deadline=None)
@given(down=STRETCHES, unknown=st.lists(st.tuples(st.integers(10, 1380), st.integers(4, 60)), max_size=1))
def test_a_scenario_gives_what_the_hand_written_export_gives(
    tmp_path_factory: pytest.TempPathFactory, down: list[tuple[int, int]], unknown: list[tuple[int, int]]
) -> None:
    """One probe a minute, each holding a minute: what the export says of every minute is what the scenario says."""
    folder = tmp_path_factory.mktemp("world")
    agreement = folder / "agreement.yaml"
    agreement.write_text(AGREEMENT.replace("hold: 2m", "hold: 1m"), encoding="utf-8")

    def within(minute: int, stretches: list[tuple[int, int]]) -> bool:
        return any(start <= minute < start + length for start, length in stretches)

    midnight = datetime.fromisoformat("2026-10-05T00:00:00+01:00")
    with (folder / "probes.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["timestamp", "status"])
        for minute in range(1440):
            if not within(minute, unknown):
                at = midnight + timedelta(minutes=minute)
                writer.writerow([at.isoformat(), "down" if within(minute, down) else "up"])

    def written(stretches: list[tuple[int, int]]) -> str:
        times = (f'"2026-10-05 {start // 60:02d}:{start % 60:02d} for {length}m"' for start, length in stretches)
        return f"[{', '.join(times)}]"

    (folder / "agreement.test.yaml").write_text(
        "slacheck_test: 1\nagreement: agreement.yaml\nscenarios:\n  - name: a world\n    period: 2026-10-05\n"
        f"    data: {{probes: {{down: {written(down)}, unknown: {written(unknown)}}}}}\n    expect: {{owed: 0}}\n",
        encoding="utf-8",
    )
    by_hand = api.evaluate(agreement, period="2026-10-05")
    (file,) = load_tests([folder / "agreement.test.yaml"])
    (outcome,) = run(file)
    assert outcome.statement is not None
    line, other = outcome.statement.lines[0], by_hand.lines[0]
    assert (line.verdict, line.best, line.worst, line.credit) == (other.verdict, other.best, other.worst, other.credit)
    assert (line.balance, line.outages) == (other.balance, other.outages)
    owed = by_hand.total
    assert owed is not None
    assert bool(outcome.differences) == ((owed.least, owed.most) != ("0.00", "0.00"))
