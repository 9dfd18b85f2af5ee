"""The outage logs of examples/retailer-outages, united, give what the publisher of the data worked out."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.statement import Statement

EXAMPLE = Path(__file__).parent.parent / "examples" / "retailer-outages"
LONDON = ZoneInfo("Europe/London")
SEEN = 1_795_478_400_000_000  # 24 November 2026
HOUR = 3_600_000_000
LOGS = {"Automatic Error log": "automatic.csv", "Manual capture error list": "manual.csv"}


@dataclass(frozen=True, order=True)
class Record:
    """One retained outage: local start and end to the minute, hours to one place, share of its system to two."""

    system: str
    start: str
    end: str
    log: str
    hours: Fraction
    share: Fraction


def test_every_retained_outage_is_the_publishers(key: list[dict[str, str]], statements: list[Statement]) -> None:
    """Start, end, hours and share agree; a manual record that overlaps an automatic one is in neither list."""
    wanted = [
        Record(
            row["System"],
            row["Start Date / Time"],
            row["End Date / Time"],
            LOGS[row["Error Source"]],
            Fraction(row["Downtime in Hours"]),
            Fraction(row["% of system downtime"]),
        )
        for row in key
    ]
    totals = down_by_system(statements)
    found = [
        Record(system, start, end, place.partition(":")[0], rounded(length, 1), rounded(length / totals[system], 2))
        for system, start, end, place, length in outages(statements)
    ]
    assert sorted(found) == sorted(wanted)


def test_down_time_per_system_is_the_publishers(key: list[dict[str, str]], statements: list[Statement]) -> None:
    """The sum of both fiscal years, rounded to a tenth of an hour at the end and not before."""
    wanted = {row["System"]: Fraction(row["Total Downtime in Hours"]) for row in key}
    assert {system: rounded(hours, 1) for system, hours in down_by_system(statements).items()} == wanted


def test_manual_records_that_overlap_are_dropped_whole(statements: list[Statement]) -> None:
    """Of six manual records those of July and August 2018 stay: rows 5 and 6 of the file."""
    places = [place for *_, place, _ in outages(statements)]
    assert sorted(place for place in places if place.startswith("manual")) == ["manual.csv:5", "manual.csv:6"]
    assert sum(place.startswith("automatic") for place in places) == 9


def test_no_figure_of_the_key_lies_between_two_roundings(statements: list[Statement]) -> None:
    """So the key does not tell whether halves go up or to the even digit, and both reproduce it."""
    totals = down_by_system(statements)
    figures = [length * 10 for *_, length in outages(statements)]
    figures += [length / totals[system] * 100 for system, *_, length in outages(statements)]
    figures += [hours * 10 for hours in totals.values()]
    assert len(figures) == 24
    assert all(figure % 1 != Fraction(1, 2) for figure in figures)


def test_the_key_that_is_shipped_is_the_published_one() -> None:
    """A copy of PrepBench lies beside the repository, or SLACHECK_PREPBENCH names one."""
    beside = Path(__file__).parents[2] / "shared" / "data" / "prepbench"
    case = Path(os.environ.get("SLACHECK_PREPBENCH", beside)) / "case_012"
    if not case.is_dir():
        pytest.skip(f"no copy of PrepBench to compare with in {case.parent}")
    for published, shipped in (
        ("expected/output_01.csv", "answer-key.csv"),
        ("inputs/input_01.csv", "automatic.csv"),
        ("inputs/input_02.csv", "manual.csv"),
    ):
        assert (EXAMPLE / shipped).read_bytes() == (case / published).read_bytes()


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    with (EXAMPLE / "answer-key.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    return evaluate([load(EXAMPLE / "agreement.yaml")], "2018..2019", SEEN, {})


def outages(statements: list[Statement]) -> Iterator[tuple[str, str, str, str, Fraction]]:
    """System, local start and end as the key writes them, the record's place, and the length in hours."""
    for statement in statements:
        for line in statement.lines:
            for outage in line.worst_outages:
                yield line.subject, local(outage.start), local(outage.end), outage.place, Fraction(outage.counted, HOUR)


def down_by_system(statements: list[Statement]) -> dict[str, Fraction]:
    """Hours down in all periods."""
    totals: dict[str, Fraction] = {}
    for statement in statements:
        for line in statement.lines:
            assert line.balance is not None
            totals[line.subject] = totals.get(line.subject, Fraction(0)) + Fraction(line.balance.down, HOUR)
    return totals


def local(instant: str) -> str:
    """An instant in London, its seconds left out and not rounded."""
    return datetime.fromisoformat(instant).astimezone(LONDON).strftime("%d/%m/%Y %H:%M")


def rounded(value: Fraction, places: int) -> Fraction:
    return Fraction(round(value * 10**places), 10**places)
