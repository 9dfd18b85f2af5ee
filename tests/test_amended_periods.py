"""Periods that an amendment splits: the parts add up to the whole, each by the terms of its version."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck import api
from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.problems import DataError, PeriodError
from slacheck.statement import Line, Statement
from slacheck.timeline.zones import instant_of, zone
from tests.whole_runs import Document, examples, run, write

LONDON = "Europe/London"
# The clocks go back on Sunday the 25th.
WEEK, MONDAY = "2026-W43", date(2026, 10, 19)
PASSED = instant_of(datetime(2027, 6, 1), zone("UTC"))

BODY: Document = {
    "timezone": LONDON,
    "period": "week",
    "sources": {
        "probes": {"path": "probes.csv", "shape": "samples", "columns": {"at": "t", "state": "s"}, "hold": "90m"},
        "log": {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to"}},
        "works": {"path": "works.csv", "shape": "events", "columns": {"start": "from", "end": "to"}},
        "requests": {
            "path": "requests.csv",
            "shape": "counts",
            "columns": {"at": "t", "total": "n", "bad": "b"},
            "interval": "1h",
        },
    },
    "calendars": {"desk": {"hours": {"mon-sun": ["09:00-12:00", "20:00-02:00"]}}},
    "exclusions": {"planned": {"from": "works", "allowance": "3h per week"}},
    "outages": {"long": {"from": "log", "lasting": ">= 30m"}},
    "service_levels": {
        "probed": {"measure": {"kind": "availability", "from": "probes", "excluding": ["planned"]}, "target": ">= 99%"},
        "logged": {"measure": {"kind": "availability", "from": "long", "hours": "desk"}, "target": ">= 99%"},
        "requests": {"measure": {"kind": "success-rate", "from": "requests"}, "target": ">= 99%"},
        "outages": {"measure": {"kind": "count", "from": "long"}, "target": "< 100"},
    },
}
_START = datetime(2026, 10, 18)
_MINUTES = 9 * 24 * 60

spans = st.lists(st.tuples(st.integers(0, _MINUTES), st.integers(1, 600)), max_size=6)


def _at(minute: int) -> str:
    return f"{_START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"


def _events(folder: Path, name: str, drawn: Sequence[tuple[int, int]]) -> None:
    rows = [(_at(start), _at(start + length)) for start, length in drawn]
    write(folder, name, ("from", "to"), [*rows, (_at(_MINUTES + 5000), _at(_MINUTES + 5001))])


def amended(body: Document, *amendments: Document) -> Document:
    return {**copy.deepcopy(body), "amendments": list(amendments)}


def settle(folder: Path, agreement: Document, period: str = WEEK, as_of: int = PASSED) -> list[Statement]:
    return run(folder, agreement, period, as_of)


def settled_at_once(folder: Path, agreements: Sequence[Document], as_of: int) -> list[Statement]:
    """The statements of several agreements on the same exports, in one run."""
    paths = []
    for number, agreement in enumerate(agreements):
        paths.append(folder / f"{number}.yaml")
        head = {"slacheck": 1, "id": "hosting", "provider": "Northwind", "customer": "Acme"}
        paths[-1].write_text(json.dumps({**head, **agreement}), encoding="utf-8")
    return evaluate([load(path) for path in paths], WEEK, as_of, {})


def line(statement: Statement, level: str) -> Line:
    (found,) = (each for each in statement.lines if each.level == level)
    return found


def sums(lines: Sequence[Line]) -> dict[str, int]:
    """What adds up: time by class, and counts."""
    found: dict[str, int] = {}
    for each in lines:
        if each.balance:
            for key in ("future", "excluded", "unknown", "up", "down", "beyond_allowance", "outside"):
                found[key] = found.get(key, 0) + getattr(each.balance, key)
        if each.counted:
            for key in ("total", "good", "rows", "intervals_expected", "intervals_present", "intervals_idle"):
                found[key] = found.get(key, 0) + getattr(each.counted, key)
    return found


@examples(12)
@given(
    day=st.integers(1, 6),
    states=st.lists(st.sampled_from(["up", "up", "up", "down", ""]), min_size=9 * 24, max_size=9 * 24),
    log=spans,
    works=spans,
    hours=st.sets(st.integers(0, 9 * 24 - 1), max_size=20),
    seen=st.sampled_from([None, 3.5, 5.0]),
)
def test_the_parts_of_a_period_add_up_to_the_whole(
    day: int,
    states: list[str],
    log: list[tuple[int, int]],
    works: list[tuple[int, int]],
    hours: set[int],
    seen: float | None,
) -> None:
    """An amendment of what is not measured (a clause) splits a week: time, unknown time and counts are the same."""
    as_of = PASSED
    if seen is not None:
        as_of = instant_of(datetime(2026, 10, 19) + timedelta(days=seen), zone("UTC"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "probes.csv", ("t", "s"), [(_at(60 * n + 7), s) for n, s in enumerate(states) if s])
        _events(folder, "log.csv", log)
        _events(folder, "works.csv", works)
        counts = [(_at(60 * n), 10 + n, n % 3) for n in range(9 * 24) if n not in hours]
        write(folder, "requests.csv", ("t", "n", "b"), counts)
        change = {"service_levels": {level: {"clause": "9"} for level in BODY["service_levels"]}}
        split = {"effective": (MONDAY + timedelta(days=day)).isoformat(), **change}
        at_the_end = {**split, "settled": "period-end"}
        whole, *parts, together = settled_at_once(
            folder, [BODY, amended(BODY, split), amended(BODY, at_the_end)], as_of
        )
        begun = 2 if seen is None or day < seen else 1
        assert len(parts) == begun
        clauses = [[each.clause for each in part.lines] for part in parts]
        assert clauses == [[None] * 4, ["9"] * 4][:begun]
        for level in ("probed", "logged", "requests"):
            added, known = sums([line(each, level) for each in parts]), sums([line(whole, level)])
            if begun == 1:
                # What is left of the period has not begun.
                known.pop("future", None)
                added.pop("future", None)
            assert added == known, level
        # An outage over midnight ends in the one part and goes on in the other.
        assert sum(value(each, "outages") for each in parts) >= value(whole, "outages")
        assert sums(together.lines) == sums(whole.lines)
        assert [each.best for each in together.lines] == [each.best for each in whole.lines]
        assert {each.clause for each in together.lines} == {"9"}


def value(statement: Statement, level: str) -> Fraction:
    best = line(statement, level).best
    assert best is not None
    return best.fraction


# --- one by one --------------------------------------------------------------------------------------------------

OUTAGES = """\
from,to
2026-09-25T00:00:00Z,2026-09-25T06:00:00Z
2026-10-05T00:00:00Z,2026-10-05T02:00:00Z
2026-10-21T00:00:00Z,2026-10-21T01:00:00Z
2026-11-20T00:00:00Z,2026-11-20T04:00:00Z
2027-01-20T00:00:00Z,2027-01-20T01:00:00Z
"""
LOG: Document = {
    "timezone": "UTC",
    "effective": "2026-01-01",
    "sources": {"log": {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to"}}},
    "service_levels": {"down": {"measure": {"kind": "downtime", "from": "log"}, "target": "<= 100h"}},
}
HOUR = 3600 * 10**6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "log.csv").write_text(OUTAGES)
    return tmp_path


def downs(statements: Sequence[Statement], level: str = "down") -> list[tuple[str, str, Fraction | None]]:
    """Per statement: the first day of its part, the level's own period, hours down."""
    return [
        (
            each.period.part.first_day if each.period.part else "",
            shown.period,
            shown.best.fraction / HOUR if shown.best else None,
        )
        for each in statements
        for shown in each.lines
        if shown.level == level
    ]


def change(day: str, settled: str = "apart", **keys: Any) -> Document:
    return {"effective": day, "settled": settled, "service_levels": {"down": {"clause": f"from {day}"}}, **keys}


def test_several_amendments_in_one_period_make_several_parts(folder: Path) -> None:
    found = settle(folder, amended(LOG, change("2026-10-20"), change("2026-10-10")), "2026-10")
    assert [each.period.label for each in found] == ["2026-10"] * 3
    assert [each.lines[0].clause for each in found] == [None, "from 2026-10-10", "from 2026-10-20"]
    assert downs(found) == [("2026-10-01", "", 2), ("2026-10-10", "", 0), ("2026-10-20", "", 1)]
    titles = [each.period.part.title for each in found if each.period.part]
    assert titles == [
        "1 October to 9 October 2026, before the amendment of 10 October 2026",
        "10 October to 19 October 2026, between the amendments of 10 October 2026 and 20 October 2026",
        "20 October to 31 October 2026, after the amendment of 20 October 2026",
    ]
    days = [(p.after, p.first_day, p.last_day, p.before) for each in found if (p := each.period.part)]
    assert days == [
        (None, "2026-10-01", "2026-10-09", "2026-10-10"),
        ("2026-10-10", "2026-10-10", "2026-10-19", "2026-10-20"),
        ("2026-10-20", "2026-10-20", "2026-10-31", None),
    ]


def test_a_part_in_which_an_amendment_is_settled_at_the_end_has_its_terms(folder: Path) -> None:
    """The first amendment splits the month; the second one's terms hold for all of the part that it lies in."""
    found = settle(folder, amended(LOG, change("2026-10-10"), change("2026-10-20", "period-end")), "2026-10")
    assert [each.lines[0].clause for each in found] == [None, "from 2026-10-20"]
    assert [each.notes for each in found] == [
        (),
        ("amended on 20 October 2026; the whole part of the period is settled by the terms in force at its end",),
    ]
    found = settle(folder, amended(LOG, change("2026-10-10", "period-end"), change("2026-10-20")), "2026-10")
    assert [each.lines[0].clause for each in found] == ["from 2026-10-10", "from 2026-10-20"]


def test_an_amendment_between_two_periods_splits_none(folder: Path) -> None:
    found = settle(folder, amended(LOG, change("2026-10-01")), "2026-09..2026-10")
    assert [(each.lines[0].clause, each.period.part) for each in found] == [(None, None), ("from 2026-10-01", None)]
    assert len({each.agreement.terms for each in found}) == 2
    assert len({each.agreement.sha256 for each in found}) == 1


def test_a_level_that_an_amendment_adds_has_lines_from_then_on(folder: Path) -> None:
    added = {"second": LOG["service_levels"]["down"]}
    found = settle(folder, amended(LOG, {"effective": "2026-10-20", "service_levels": added}), "2026-10")
    assert [[each.level for each in statement.lines] for statement in found] == [["down"], ["down", "second"]]


def test_exports_of_a_version_that_was_not_asked_for_need_not_be_there(folder: Path) -> None:
    sources = {"other": {"path": "absent.csv", "shape": "events", "columns": {"start": "from", "end": "to"}}}
    measure = {"down": {"measure": {"from": "other"}}}
    agreement = amended(LOG, {"effective": "2026-11-01", "sources": sources, "service_levels": measure})
    assert len(settle(folder, agreement, "2026-10")) == 1
    with pytest.raises(DataError):
        settle(folder, agreement, "2026-11")


def test_a_rolling_level_ends_with_the_part_and_reaches_back_before_it(folder: Path) -> None:
    """30 days to the end of 9 October begin on 10 September, those to the end of the 31st on 2 October."""
    body = copy.deepcopy(LOG)
    body["service_levels"]["down"]["period"] = {"rolling": "30 days"}
    found = settle(folder, amended(body, change("2026-10-10")), "2026-10")
    assert downs(found) == [
        ("2026-10-01", "10 September to 9 October 2026", 8),
        ("2026-10-10", "2 October to 31 October 2026", 3),
    ]


def test_a_stretch_judged_continuously_ends_within_the_part(folder: Path) -> None:
    """Any 10 days: what ends by 5 October 02:00 holds 6 hours of both outages at most; what ends from the 10th on 2."""
    body = copy.deepcopy(LOG)
    body["service_levels"]["down"]["period"] = {"rolling": "10 days", "judged": "continuously"}
    found = settle(folder, amended(body, change("2026-10-10")), "2026-10")
    assert [each[2] for each in downs(found)] == [6, 2]


def test_a_period_of_a_levels_own_is_cut_by_the_amendment(folder: Path) -> None:
    """A quarter in monthly statements: its part before the amendment ends with the part of November, the rest in
    December. 2 + 1 hours lie before 10 November, 4 after."""
    body = copy.deepcopy(LOG)
    body["service_levels"]["down"]["period"] = "quarter"
    found = settle(folder, amended(body, change("2026-11-10")), "2026-10..2026-12")
    assert downs(found) == [
        ("", "Q4 2026", None),
        ("2026-11-01", "Q4 2026, 1 October to 9 November 2026", 3),
        ("2026-11-10", "Q4 2026", None),
        ("", "Q4 2026, 10 November to 31 December 2026", 4),
    ]
    assert [each.lines[0].clause for each in found] == [None, None, *["from 2026-11-10"] * 2]
    between = settle(folder, amended(body, change("2026-11-01")), "2026-10..2026-12")
    assert downs(between) == [
        ("", "Q4 2026, 1 October to 31 October 2026", 3),
        ("", "Q4 2026", None),
        ("", "Q4 2026, 1 November to 31 December 2026", 4),
    ]
    whole = settle(folder, amended(body, change("2026-11-10", "period-end")), "2026-12")
    assert downs(whole) == [("", "Q4 2026", 7)]


def test_shorter_periods_of_a_levels_own_end_in_their_part(folder: Path) -> None:
    """Weeks that end in October: the one from the 5th is cut at the amendment of the 8th."""
    body = copy.deepcopy(LOG)
    body["service_levels"]["down"]["period"] = "week"
    found = settle(folder, amended(body, change("2026-10-08")), "2026-10")
    assert downs(found) == [
        ("2026-10-01", "week 40 of 2026", 0),
        ("2026-10-01", "week 41 of 2026, 5 October to 7 October 2026", 2),
        ("2026-10-08", "week 41 of 2026, 8 October to 11 October 2026", 0),
        ("2026-10-08", "week 42 of 2026", 0),
        ("2026-10-08", "week 43 of 2026", 1),
    ]


@pytest.mark.parametrize("partial", ["agreed-part", "absent-is-up", "whole", "not-settled"])
def test_a_part_is_the_agreed_part_and_partial_is_about_the_agreements_own_ends(folder: Path, partial: str) -> None:
    body = {**LOG, "period": {"every": "month", "partial": partial}}
    found = settle(folder, amended(body, change("2026-10-10")), "2026-10")
    assert downs(found) == [("2026-10-01", "", 2), ("2026-10-10", "", 1)]
    begun = {**body, "effective": "2026-10-04"}
    found = settle(folder, amended(begun, change("2026-10-10")), "2026-10")
    days = [each.lines[0].balance.not_in_force // (24 * HOUR) for each in found if each.lines[0].balance]
    expected = {"agreed-part": [25, 9], "absent-is-up": [22, 9], "whole": [22, 9], "not-settled": []}
    assert days == expected[partial]
    if partial == "not-settled":
        assert [each.lines[0].verdict for each in found] == ["not-applicable"] * 2


def test_a_nominal_length_is_shared_out_by_the_parts(folder: Path) -> None:
    """730 hours stand for the 744 of October: 9 days have 216 h - 14 h * 216/744, the other 22 what is left."""
    body = copy.deepcopy(LOG)
    body["period"] = {"every": "month", "length": "730h"}
    body["service_levels"]["down"] = {"measure": {"kind": "availability", "from": "log"}, "target": ">= 99%"}
    found = settle(folder, amended(body, change("2026-10-10")), "2026-10")
    balances = [each.lines[0].balance for each in found]
    service = [each.up + each.down for each in balances if each]
    assert sum(service) == 730 * HOUR
    assert 0 <= Fraction(216 * 730 * HOUR, 744) - service[0] < 1
    for each in balances:
        assert each
        assert each.period == each.not_in_force + each.excluded + each.up + each.down


def test_the_part_under_way_runs_and_the_one_to_come_is_not_shown(folder: Path) -> None:
    agreement = amended(LOG, change("2026-10-10"))
    before, within = (instant_of(datetime(2026, 10, day, 12), zone("UTC")) for day in (7, 20))
    found = settle(folder, agreement, "2026-10", before)
    assert [(each.period.running, downs([each])[0][2]) for each in found] == [(True, 2)]
    found = settle(folder, agreement, "2026-10", within)
    assert [(each.period.running, downs([each])[0][2]) for each in found] == [(False, 2), (True, 0)]


def test_stretches_are_corrected_in_the_part_where_they_lie(folder: Path) -> None:
    (folder / "corrections.yaml").write_text(
        """\
corrections:
  - level: down
    period: 2026-10
    author: A
    date: 2026-11-02
    reason: the link of the probe
    remove_outage: {start: 2026-10-21 00:00, end: 2026-10-21 00:30}
  - level: down
    period: 2026-10
    author: A
    date: 2026-11-02
    reason: not seen
    add_outage: {start: 2026-10-09 23:00, end: 2026-10-10 02:00}
"""
    )
    body = {**LOG, "corrections": "corrections.yaml"}
    found = settle(folder, amended(body, change("2026-10-10")), "2026-10")
    assert downs(found) == [("2026-10-01", "", 3), ("2026-10-10", "", Fraction(5, 2))]
    assert [[each.what for each in statement.lines[0].corrections] for statement in found] == [
        ["add_outage"],
        ["remove_outage", "add_outage"],
    ]


def test_one_statement_is_refused_for_a_period_in_parts(folder: Path) -> None:
    settle(folder, amended(LOG, change("2026-10-10")), "2026-09")
    with pytest.raises(PeriodError) as refused:
        api.evaluate(folder / "agreement.yaml", period="2026-10")
    assert "settled in 2 parts" in str(refused.value)
    assert len(api.evaluate_all([folder / "agreement.yaml"], period="2026-10")) == 2
    assert api.evaluate(folder / "agreement.yaml", period="2026-11").period.part is None


def test_the_end_that_an_amendment_moves_counts_for_periods(folder: Path) -> None:
    body = {**LOG, "until": "2026-12-31"}
    agreement = amended(body, {"effective": "2026-12-15", "until": "2027-01-31"})
    found = settle(folder, agreement, "2026-12..2027-03")
    assert [each.period.label for each in found] == ["2026-12", "2026-12", "2027-01"]


def test_a_short_part_without_a_row_is_no_wrong_file(folder: Path) -> None:
    """Probes begin on the 5th, the amendment is of the 3rd: what comes before is unknown, as it is without it."""
    hours = [f"2026-10-{day:02}T{hour:02}:00:00Z,up" for day in range(5, 32) for hour in range(24)]
    (folder / "probes.csv").write_text("\n".join(["t,s", *hours]))
    source = {"path": "probes.csv", "shape": "samples", "columns": {"at": "t", "state": "s"}, "hold": "90m"}
    level = {"measure": {"kind": "availability", "from": "probes"}, "target": ">= 99%"}
    body = {**LOG, "sources": {"probes": source}, "service_levels": {"down": level}}
    found = settle(folder, amended(body, change("2026-10-03")), "2026-10")
    assert [each.lines[0].verdict for each in found] == ["indeterminate", "indeterminate"]
