"""Working days against two answer keys of a public benchmark of data preparation (prepbench, MIT).

case_083 counts the working days between two dates; case_215 sums customers by reporting months that end with the last
but one working day. The holidays of the first are those that gov.uk publishes for England and Wales, those of the
second stand in a file beside it.
"""

from __future__ import annotations

import csv
from calendar import month_name
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.calendars.calendar import Calendar
from slacheck.calendars.resolving import Calendars
from slacheck.evaluation import evaluate
from slacheck.statement import Statement
from slacheck.timeline.zones import instant_of, zone

DATA = Path(__file__).parents[2] / "shared" / "data" / "prepbench"
SEEN = instant_of(datetime(2027, 1, 1), zone("UTC"))
ONE_DAY = timedelta(days=1)

HEAD = """\
slacheck: 1
id: working-days
provider: Employer
customer: Employee
timezone: Europe/London
"""


def folder(name: str) -> Path:
    if not (DATA / name).is_dir():
        pytest.skip(f"the case {name} of prepbench is not here")
    return DATA / name


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def settled(tmp_path: Path, text: str, period: str) -> list[Statement]:
    path = tmp_path / "agreement.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return evaluate([load(path)], period, SEEN, {})


STAY = """\
period: {every: year, anchor: 2019-04-01}
sources:
  stay:
    path: stay.csv
    shape: cases
    timezone: Europe/London
    columns: {id: case, start: start, today: today}
calendars:
  office: {hours: {mon-fri: "00:00-24:00"}, holidays: {country: GB, subdivision: ENG}}
service_levels:
  within-363:
    measure: {kind: share-within, from: stay, between: [start, today], hours: office, limit: 363 working days}
    target: ">= 100%"
  within-362:
    measure: {kind: share-within, from: stay, between: [start, today], hours: office, limit: 362 working days}
    target: ">= 100%"
  within-363-to-the-instant:
    measure:
      {kind: share-within, from: stay, between: [start, today], hours: office, limit: 363 working days,
       until: same-time}
    target: ">= 100%"
  days:
    per: case
    measure: {kind: elapsed, from: stay, between: [start, today], hours: office}
    target: "<= 363 working days"
  hours:
    per: case
    measure: {kind: elapsed, from: stay, between: [start, today], hours: office}
    target: "<= 8712h"
"""

# Bank holidays of England and Wales after 1 April 2019 and until 8 September 2020; Early May of 2020 was moved.
BANK_HOLIDAYS = [
    "2019-04-19",
    "2019-04-22",
    "2019-05-06",
    "2019-05-27",
    "2019-08-26",
    "2019-12-25",
    "2019-12-26",
    "2020-01-01",
    "2020-04-10",
    "2020-04-13",
    "2020-05-08",
    "2020-05-25",
    "2020-08-31",
]


def test_working_days_between_two_dates(tmp_path: Path) -> None:
    """The key takes 26 days of personal leave off, which are known only as a number per year."""
    case = folder("case_083")
    (key,) = rows(case / "expected" / "output_01.csv")
    start, today = (date(*map(int, reversed(key[name].split("/")))) for name in ("Start Date", "Today"))
    leave = sum(int(row["Holidays"]) for row in rows(case / "inputs" / "input_02.csv"))
    assert [row["Start Date"] for row in rows(case / "inputs" / "input_01.csv")] == [str(start)]
    assert int(key["Working Days"]) + leave == 363

    (tmp_path / "stay.csv").write_text(f"case,start,today\n1,{start},{today}\n", encoding="utf-8")
    first, second = settled(tmp_path, STAY, "2019-04..2020-04")
    found = {line.level: line for line in first.lines}
    assert {name: line.verdict for name, line in found.items()} == {
        "within-363": "met",
        "within-362": "breached",
        "within-363-to-the-instant": "met",
        "days": "met",
        "hours": "met",
    }
    # A whole working day is 24 hours here: no clock of London changes on one.
    for name, expected in (("days", 363), ("hours", 363 * 24 * 3600 * 1_000_000)):
        best = found[name].best
        assert best is not None
        assert best.fraction == expected
        assert found[name].worst == best
    assert {line.verdict for line in second.lines} == {"not-applicable"}
    holidays = [day.day for statement in (first, second) for each in statement.calendars for day in each.holidays]
    assert [day for day in holidays if day <= str(today)] == BANK_HOLIDAYS


def bank_holidays(case: Path) -> list[date]:
    """The year stands above the days that belong to it, and most days carry another one."""
    found: list[date] = []
    year = 0
    for row in rows(case / "inputs" / "input_03.csv"):
        year = int(float(row["Year"])) if row["Year"] else year
        if row["Date"]:
            found.append(date.fromisoformat(row["Date"]).replace(year=year))
    return sorted(found)


def starts_of_reporting_months(tmp_path: Path, holidays: list[date]) -> dict[tuple[int, int], date]:
    """Per month the day after the last but one working day of the month before, by the calendar alone."""
    terms = {"hours": {"mon-fri": "00:00-24:00"}, "holidays": {"plus": [day.isoformat() for day in holidays]}}
    calendars = Calendars({"bank": Calendar.model_validate(terms)}, zone("Europe/London"), tmp_path)
    found: dict[tuple[int, int], date] = {}
    for index in range(25):
        first = date(2022 + index // 12, index % 12 + 1, 1)
        before = (first - ONE_DAY).replace(day=1)
        found[first.year, first.month] = calendars.days("bank", before, first)[-2] + ONE_DAY
    return found


SAMPLES = """\
period: year
sources:
  uk:
    path: "{folder}/inputs/input_01.csv"
    shape: samples
    timezone: Europe/London
    columns: {{at: Date, value: New Customers}}
  roi:
    path: "{folder}/inputs/input_02.csv"
    shape: samples
    timezone: Europe/Dublin
    columns: {{at: Reporting Date, value: New Customers}}
service_levels:
"""
DAILY = """\
  {source}:
    role: kpi
    period: day
    measure: {{kind: statistic, from: {source}, statistic: sum}}
    target: ">= 0"
"""
MONTH = """\
  {source}-{year}-{month:02}:
    role: kpi
    effective: {first}
    until: {last}
    period: {{every: year, anchor: {first}}}
    measure: {{kind: statistic, from: {source}, statistic: sum}}
    target: ">= 0"
"""
COLUMNS = {"uk": "New Customers", "roi": "ROI New Customers"}

Sums = Mapping[tuple[str, str], int]


def key_of_215(case: Path) -> tuple[Sums, Mapping[str, int]]:
    """Customers by source and reporting month, and the number of reporting days of each month."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    days: dict[str, int] = defaultdict(int)
    for row in rows(case / "expected" / "output_01.csv"):
        days[row["Reporting Month"]] += 1
        for source, column in COLUMNS.items():
            sums[source, row["Reporting Month"]] += int(float(row[column]))
    return sums, days


def day_of(label: str) -> date:
    """The day of a label such as 4 January 2022."""
    day, month, year = label.split()
    return date(int(year), list(month_name).index(month), int(day))


def labels(starts: Mapping[tuple[int, int], date]) -> dict[str, tuple[date, date]]:
    """The first day of each reporting month and of the next one, under the names of the key."""
    pairs = pairwise(starts.items())
    return {f"{month_name[month]}-{year}": (first, end) for ((year, month), first), (_, end) in pairs}


def test_reporting_months_have_the_working_days_of_the_key(tmp_path: Path) -> None:
    case = folder("case_215")
    holidays = bank_holidays(case)
    starts = starts_of_reporting_months(tmp_path, holidays)
    assert len(holidays) == 19
    assert [starts[2022, month] for month in (1, 2, 3, 5)] == [
        date(2021, 12, 31),
        date(2022, 1, 29),
        date(2022, 2, 26),
        date(2022, 4, 29),
    ]
    assert starts[2024, 1] == date(2023, 12, 29)
    terms = {"hours": {"mon-fri": "09:00-17:00"}, "holidays": {"plus": [day.isoformat() for day in holidays]}}
    calendars = Calendars({"bank": Calendar.model_validate(terms)}, zone("Europe/London"), tmp_path)
    _, days = key_of_215(case)
    counted = {label: len(calendars.days("bank", first, end)) for label, (first, end) in labels(starts).items()}
    assert counted == days


def test_daily_sums_add_up_to_the_reporting_months_of_the_key(tmp_path: Path) -> None:
    case = folder("case_215")
    text = SAMPLES.format(folder=case) + "".join(DAILY.format(source=source) for source in COLUMNS)
    by_day: dict[tuple[str, date], Fraction] = {}
    for statement in settled(tmp_path, text, "2021..2023"):
        for line in statement.lines:
            if line.best is not None:
                assert line.worst == line.best
                by_day[line.level, day_of(line.period)] = line.best.fraction
    assert sum(1 for source, _ in by_day if source == "uk") == 731
    expected, _ = key_of_215(case)
    months = labels(starts_of_reporting_months(tmp_path, bank_holidays(case)))
    found = {
        (source, label): sum(value for (each, day), value in by_day.items() if each == source and first <= day < end)
        for source in COLUMNS
        for label, (first, end) in months.items()
    }
    assert len(found) == 48
    assert found == expected
    # The calendar month is another reading: 163 customers in January, not 153.
    january = sum(value for (each, day), value in by_day.items() if each == "uk" and f"{day:%Y-%m}" == "2022-01")
    assert (january, found["uk", "January-2022"]) == (163, 153)


def test_levels_with_terms_of_their_own_give_the_reporting_months_of_the_key(tmp_path: Path) -> None:
    """A reporting month as the agreed part of a year that begins with it, one level for each of the 48."""
    case = folder("case_215")
    starts = starts_of_reporting_months(tmp_path, bank_holidays(case))
    levels = [
        MONTH.format(source=source, year=year, month=month, first=first, last=end - ONE_DAY)
        for ((year, month), first), (_, end) in pairwise(starts.items())
        for source in COLUMNS
    ]
    found: dict[tuple[str, str], int] = {}
    for statement in settled(tmp_path, SAMPLES.format(folder=case) + "".join(levels), "2022..2024"):
        for line in statement.lines:
            if line.verdict == "not-applicable":
                assert line.reason == "not in force"
                continue
            source, year, month = line.level.split("-")
            assert line.verdict == "met"
            assert line.best is not None
            assert line.best == line.worst
            assert (source, f"{month_name[int(month)]}-{year}") not in found
            found[source, f"{month_name[int(month)]}-{year}"] = int(line.best.fraction)
    expected, _ = key_of_215(case)
    assert found == expected
    assert [sum(n for (each, _), n in found.items() if each == source) for source in COLUMNS] == [3684, 2213]
