"""What is left of a running period, against walking every minute of it, and against settling what comes to pass."""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.statement import BudgetShown, LeftShown, Line, Statement
from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import Document, examples, microseconds_of, run, write

UTC = zone("UTC")
MONDAY = datetime(2026, 9, 7)
MINUTE = 60_000_000
WEEK = 7 * 24 * 60
LOG = {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to"}}
HEAD: Document = {"timezone": "UTC", "period": "week"}
PASSED = instant_of(MONDAY + timedelta(days=30), UTC)


def text(minute: int) -> str:
    return f"{(MONDAY + timedelta(minutes=minute)).isoformat()}Z"


def at(minute: int) -> int:
    return instant_of(MONDAY + timedelta(minutes=minute), UTC)


def minute_of(instant: str | None) -> Fraction | None:
    return None if instant is None else Fraction(microseconds_of(instant) - at(0), MINUTE)


def budget(line: Line) -> BudgetShown:
    assert line.budget is not None
    return line.budget


def of_week(folder: Path, agreement: Document, as_of: int) -> Statement:
    (statement,) = run(folder, {**HEAD, **agreement}, "2026-W37", as_of)
    return statement


outages = st.lists(st.tuples(st.integers(0, WEEK), st.integers(1, 400)), max_size=4)


@examples(12)
@given(
    log=outages,
    now=st.integers(1, WEEK - 1),
    target=st.sampled_from([">= 90%", ">= 97.5%", "> 99%", ">= 99.9%", ">= 50%", ">= 100%"]),
    hours=st.sampled_from(["always", "desk"]),
    planned=st.booleans(),
)
def test_what_is_left_is_what_walking_every_minute_finds(
    log: list[tuple[int, int]], now: int, target: str, hours: str, planned: bool
) -> None:
    level: Document = {"kind": "availability", "from": "log", "hours": hours, "excluding": ["works"]}
    agreement: Document = {
        "sources": {"log": LOG},
        "calendars": {
            "desk": {"hours": {"mon-fri": ["08:00-12:00", "13:00-18:00"]}},
            "thursday": {"hours": {"thu": ["10:00-11:30"]}},
        },
        "exclusions": {"works": {"during": "thursday"}},
        "service_levels": {"up": {"measure": level, "target": target}},
    }
    if not planned:
        del agreement["exclusions"], agreement["calendars"]["thursday"], level["excluding"]
    if hours == "always":
        agreement["calendars"].pop("desk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [(text(start), text(start + length)) for start, length in log]
        write(folder, "log.csv", ("from", "to"), [*rows, (text(-600), text(-599))])
        (line,) = of_week(folder, agreement, at(now)).lines

    def counts(minute: int) -> bool:
        day, of_day = divmod(minute, 1440)
        served = hours == "always" or (day < 5 and (480 <= of_day < 720 or 780 <= of_day < 1080))
        return served and not (planned and day == 3 and 600 <= of_day < 690)

    service = [minute for minute in range(WEEK) if counts(minute)]
    ahead = [minute for minute in service if minute >= now]
    down = sum(1 for m in service if m < now and any(s <= m < s + length for s, length in log))
    bound = Fraction(target.split()[1].rstrip("%")) / 100

    def kept(lost: int) -> bool:
        value = Fraction(len(service) - down - lost, len(service))
        return value > bound if target.startswith("> ") else value >= bound

    found = budget(line)
    assert found.best == found.worst
    assert found.rest == len(ahead) * MINUTE
    left = found.best
    for lost in range(-down - 1, len(ahead) + 1):
        assert kept(lost) == (lost * MINUTE <= left.left) or lost < -down
    lost = 0
    for minute in range(now, WEEK):
        lost += counts(minute)
        if left.left < 0:
            assert not kept(lost)
        else:
            assert kept(lost) == (left.ends_by is None or minute + 1 <= (minute_of(left.ends_by) or 0))
    for minute in range(now, WEEK):
        rest = len(ahead) - bisect_left(ahead, minute)
        if left.left > 0 and ahead:
            since = minute_of(left.safe_from)
            assert since is not None
            assert kept(rest) == (minute >= since or rest == 0)


def test_an_outage_that_ends_in_time_keeps_the_target_and_one_that_does_not_breaks_it(tmp_path: Path) -> None:
    """Desk hours of 9 hours on five days are 2,700 minutes, of which 1 % may be down: 27 minutes, 12 of them gone."""
    agreement = {
        "sources": {"log": LOG},
        "calendars": {"desk": {"hours": {"mon-fri": ["09:00-18:00"]}}},
        "service_levels": {
            "up": {"measure": {"kind": "availability", "from": "log", "hours": "desk"}, "target": ">= 99%"}
        },
    }
    write(tmp_path, "log.csv", ("from", "to"), [(text(600), text(612))])
    # 17:50 on Monday: ten minutes to go there, five on Tuesday.
    now = at(17 * 60 + 50)
    (line,) = of_week(tmp_path, agreement, now).lines
    left = LeftShown(left=15 * MINUTE, ends_by=text(1440 + 9 * 60 + 5), safe_from=text(4 * 1440 + 17 * 60 + 45))
    assert (budget(line).best, budget(line).worst) == (left, left)
    for start, end, verdict in (
        (text(17 * 60 + 50), left.ends_by, "met"),
        (text(17 * 60 + 50), text(1440 + 9 * 60 + 6), "breached"),
        (left.safe_from, text(WEEK), "met"),
        (text(4 * 1440 + 17 * 60 + 44), text(WEEK), "breached"),
    ):
        write(tmp_path, "log.csv", ("from", "to"), [(text(600), text(612)), (start, end)])
        assert of_week(tmp_path, agreement, PASSED).lines[0].verdict == verdict


def test_what_is_unknown_may_have_been_down(tmp_path: Path) -> None:
    """A week has 10,080 minutes: 100.8 may be down. 30 were, and of 60 nothing is known."""
    rows = [(text(0), "up"), (text(100), "down"), (text(130), "up"), (text(190), "up"), (text(250), "up")]
    write(tmp_path, "probes.csv", ("t", "s"), rows)
    probes = {"path": "probes.csv", "shape": "samples", "columns": {"at": "t", "state": "s"}, "hold": "100m"}
    level = {"measure": {"kind": "availability", "from": "probes"}, "target": ">= 99%"}
    agreement: Document = {"sources": {"probes": probes}, "service_levels": {"up": level}}
    (line,) = of_week(tmp_path, agreement, at(410)).lines
    found = budget(line)
    assert (found.best.left, found.worst.left) == (70_800_000 * 60, 10_800_000 * 60)
    assert found.best.ends_by == f"{(MONDAY + timedelta(minutes=480, seconds=48)).isoformat()}Z"
    (line,) = of_week(tmp_path, {**agreement, "service_levels": {"up": {**level, "missing": "up"}}}, at(410)).lines
    assert budget(line).worst == budget(line).best == found.best


def test_a_target_that_nothing_saves_is_lost_by_so_much(tmp_path: Path) -> None:
    write(tmp_path, "log.csv", ("from", "to"), [(text(0), text(200))])
    agreement = {
        "sources": {"log": LOG},
        "service_levels": {
            "up": {"measure": {"kind": "availability", "from": "log"}, "target": ">= 99%"},
            "total": {"measure": {"kind": "downtime", "from": "log"}, "target": "<= 3h"},
            "none": {"measure": {"kind": "downtime", "from": "log"}, "target": "<= 200m"},
        },
    }
    up, total, none = of_week(tmp_path, agreement, at(300)).lines
    # 100.8 and 180 minutes of 200.
    assert budget(up).best == LeftShown(left=-99_200_000 * 60)
    assert budget(total).best == LeftShown(left=-20 * MINUTE)
    assert budget(none).best == LeftShown(left=0, ends_by=text(300))
    (up, *_) = of_week(tmp_path, agreement, PASSED).lines
    assert up.budget is None


COUNTS = {"path": "counts.csv", "shape": "counts", "columns": {"at": "t", "total": "n", "bad": "b"}, "interval": "1h"}


@examples(10)
@given(total=st.integers(0, 3000), bad=st.integers(0, 40), target=st.sampled_from([">= 99%", "> 98.5%", ">= 100%"]))
def test_so_many_requests_may_fail_though_nothing_else_comes_in(total: int, bad: int, target: str) -> None:
    bad = min(bad, total)
    agreement = {
        "sources": {"counts": COUNTS},
        "service_levels": {"ok": {"measure": {"kind": "success-rate", "from": "counts"}, "target": target}},
    }
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), "counts.csv", ("t", "n", "b"), [(text(0), total, bad)])
        (line,) = of_week(Path(name), agreement, at(60)).lines
    bound = Fraction(target.split()[1].rstrip("%")) / 100

    def kept(more: int) -> bool:
        value = Fraction(total - bad, total + more) if total + more else Fraction(1)
        return value > bound if target.startswith("> ") else value >= bound

    found = budget(line)
    assert found.best == found.worst
    assert (found.unit, found.rest) == ("requests", None)
    assert found.best.left == max((more for more in range(-bad - 1, 400) if kept(more)), default=-bad - 1)
    assert found.rate is not None
    assert found.rate.fraction == 1 - bound


def test_cases_and_records(tmp_path: Path) -> None:
    """Of 40 cases 2 are late: 38 are 95 % of 40 and of no more. With the open one late too 37 are, of two fewer."""
    cases = [(str(number), text(0), text(60)) for number in range(37)]
    cases += [("37", text(0), text(300)), ("38", text(0), text(300)), ("39", text(250), "")]
    write(tmp_path, "tickets.csv", ("id", "opened", "closed"), cases)
    write(tmp_path, "log.csv", ("from", "to"), [(text(0), text(10)), (text(20), text(30))])
    within = {"kind": "share-within", "from": "tickets", "between": ["opened", "closed"], "limit": "2h"}
    columns = {"id": "id", "opened": "opened", "closed": "closed"}
    tickets = {"path": "tickets.csv", "shape": "cases", "columns": columns}
    agreement = {
        "sources": {"tickets": tickets, "log": LOG},
        "service_levels": {
            "quick": {"measure": within, "target": ">= 95%"},
            "few": {"measure": {"kind": "count", "from": "log"}, "target": "< 5"},
        },
    }
    quick, few = of_week(tmp_path, agreement, at(310)).lines
    found = budget(quick)
    assert (found.unit, found.best.left, found.worst.left) == ("cases", 0, -2)
    assert (budget(few).unit, budget(few).best.left, budget(few).rate) == ("records", 2, None)


def test_what_is_owed_whatever_happens(tmp_path: Path) -> None:
    """Down for 300 minutes of two days that passed, and of 10,080 of the week: 89.6 % now, 97.0 % at the end."""
    write(tmp_path, "log.csv", ("from", "to"), [(text(0), text(300))])
    write(tmp_path, "counts.csv", ("t", "n", "b"), [(text(0), 10, 5)])
    bands = {"kind": "bands", "of": "weekly", "bands": {"< 90%": "50%", "< 98%": "20%", "< 99%": "10%"}}
    agreement = {
        "currency": "EUR",
        "fees": {"weekly": "100.00"},
        "sources": {"log": LOG, "counts": COUNTS},
        "service_levels": {
            "up": {"measure": {"kind": "availability", "from": "log"}, "target": ">= 99%", "credit": bands},
            "ok": {
                "measure": {"kind": "success-rate", "from": "counts"},
                "target": ">= 99%",
                "credit": bands,
                "missing": "exclude",
            },
        },
    }
    total = of_week(tmp_path, agreement, at(2880)).total
    assert total is not None
    assert (total.least, total.owed_anyway) == ("100.00", "20.00")
    total = of_week(tmp_path, agreement, PASSED).total
    assert total is not None
    assert total.owed_anyway is None


@pytest.mark.parametrize(
    ("level", "why"),
    [
        ({"measure": {"kind": "downtime", "from": "log", "statistic": "longest"}, "target": "<= 1h"}, "one may go on"),
        ({"measure": {"kind": "availability", "from": "log"}, "target": ">= 90%, < 99%"}, "two sides"),
    ],
)
def test_what_cannot_be_told_is_not_said(tmp_path: Path, level: Document, why: str) -> None:
    write(tmp_path, "log.csv", ("from", "to"), [(text(0), text(10))])
    agreement = {"sources": {"log": LOG}, "service_levels": {"up": level}}
    assert of_week(tmp_path, agreement, at(300)).lines[0].budget is None, why
