"""What must not change an answer, and in which direction the rest may: whole runs over outages, probes and tickets."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import DataError
from slacheck.statement import Line, Statement
from tests import oracle_hours as oracle
from tests.oracle_hours import Case
from tests.test_oracle_cases import ASKED, Asked, tickets
from tests.whole_runs import Document, assert_courses, exact, examples, lines_of, run, write
from tests.worlds import (
    DAY,
    PLACES,
    Place,
    World,
    calendar_written,
    excuses_of,
    grid_of,
    microseconds,
    outage_logs,
    place,
    probes,
    worlds,
)

Files = dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]]

# No clock change from the week before to nine weeks after, in any of them.
CALM = [place("Europe/Berlin", "2026-05-18"), place("Asia/Kathmandu", "2026-05-18"), place("UTC", "2026-05-18")]

_TICKETS = [ASKED[index] for index in (2, 3, 4, 9, 10, 13, 17, 18, 21, 25)]


@dataclass(frozen=True)
class Everything:
    """A world with its three exports: outages, samples and tickets."""

    world: World
    logs: Mapping[str, tuple[tuple[int, int | None], ...]]
    samples: Mapping[str, Mapping[int, str]]
    hold: int | None
    cases: tuple[Case, ...]

    @property
    def files(self) -> Files:
        on = self.world.on

        def until(end: int | None) -> str:
            return "" if end is None else on.text(end)

        outages = [(host, on.text(lo), until(hi)) for host, log in self.logs.items() for lo, hi in log]
        found = [(host, on.text(at), word) for host, of_host in self.samples.items() for at, word in of_host.items()]
        pauses = [(case.name, on.text(lo), until(hi)) for case in self.cases for lo, hi in case.pauses]
        return {
            "outages": (("host", "from", "to"), outages),
            "probes": (("host", "at", "state"), found),
            "works": (("from", "to"), [(on.text(lo), on.text(hi)) for lo, hi in self.world.works]),
            "tickets": (
                ("ticket", "opened", "resolved"),
                [(case.name, on.text(case.start), until(case.end)) for case in self.cases],
            ),
            "pauses": (("ticket", "on", "off"), [("nobody", on.text(0), on.text(DAY)), *pauses]),
        }


@st.composite
def everything(draw: st.DrawFn, seen_later: bool = False, places: Sequence[Place] = PLACES) -> Everything:
    world = draw(worlds(by_day=False, places=places))
    if seen_later:
        ((label, look),) = world.looks
        as_of = max(look.hi, look.as_of)
        world = replace(world, looks=((label, replace(look, as_of=as_of)),), as_of=as_of)
    samples, hold = draw(probes(world))
    return Everything(world, draw(outage_logs(world)), samples, hold, draw(tickets(world)))


COMBINED: list[tuple[bool, str | None, list[str]]] = [
    (False, None, []),
    (False, "desk", ["works"]),
    (True, None, ["listed"]),
    (True, "desk", ["listed", "weekly", "works"]),
]


def levels() -> dict[str, tuple[Document, str, str]]:
    """Time-based levels: measure, target, and what they are per."""
    found: dict[str, tuple[Document, str, str]] = {}
    for source in ("outages", "probes"):
        for number, (is_long, hours, excluding) in enumerate(COMBINED):
            rule = ("long" if source == "outages" else "long-probes") if is_long else source
            own: Document = {"from": rule, "excluding": excluding, **({"hours": hours} if hours else {})}
            counted = rule if is_long else f"any-{source}"
            if number % 2:
                found[f"mean-{source}-{number}"] = ({"kind": "downtime", "statistic": "mean", **own}, "<= 1h", "host")
                found[f"share-{source}-{number}"] = ({"kind": "availability", **own}, ">= 99%", "host")
            else:
                longest = {"kind": "downtime", "statistic": "longest", **own}
                found[f"longest-{source}-{number}"] = (longest, "<= 1h", "host")
                found[f"count-{source}-{number}"] = ({"kind": "count", **own, "from": counted}, "<= 2", "host")
            found[f"total-{source}-{number}"] = ({"kind": "downtime", **own}, "<= 1h", "host")
    return found


TIMED = levels()


def document_of(given: Everything, asked: Sequence[Asked] = _TICKETS, timed: Mapping[str, Any] = TIMED) -> Document:
    world = given.world
    events = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    samples: Document = {
        "shape": "samples",
        "columns": {"at": "at", "state": "state"},
        "states": {"unknown": ["unknown"]},
        "hold": "until-next" if given.hold is None else f"{given.hold}m",
    }
    return {
        **world.terms,
        "sources": {
            "outages": {"path": "outages*.csv", **events},
            "probes": {"path": "probes*.csv", **samples},
            "works": {"path": "works*.csv", **events},
            "tickets": {
                "path": "tickets*.csv",
                "shape": "cases",
                "columns": {"id": "ticket", "opened": "opened", "resolved": "resolved"},
            },
            "pauses": {
                "path": "pauses*.csv",
                "shape": "events",
                "columns": {"id": "ticket", "start": "on", "end": "off"},
            },
        },
        "calendars": {name: calendar_written(week) for name, week in world.calendars.items()},
        "exclusions": {
            **{name: {**each.document, "effect": each.effect} for name, each in world.excuses.items()},
            "waiting": {"from": "pauses", "matching": "id"},
        },
        "outages": {
            "any-outages": {"from": "outages"},
            "long": {"from": "outages", "lasting": ">= 10m"},
            "any-probes": {"from": "probes"},
            "long-probes": {"from": "probes", "lasting": "> 30m"},
        },
        "service_levels": {
            **{f"tickets-{number}": each.written(number) for number, each in enumerate(asked)},
            **{
                name: {"measure": measure, "target": target, "per": per}
                for name, (measure, target, per) in timed.items()
            },
        },
    }


Answers = dict[tuple[str, str, str], Line]


def settled(given: Everything, document: Document | None = None, files: Files | None = None) -> Answers | None:
    """The lines of every period; None where a level knows of nothing, which is refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, (header, rows) in (files or given.files).items():
            write(folder, f"{file}.csv", header, rows)
        world = given.world
        try:
            statements = run(folder, document or document_of(given), world.asked, microseconds(world.on, world.as_of))
        except DataError as error:
            assert {problem.code for problem in error.problems} == {"no-row-of-period"}
            return None
    check_bounds(statements)
    return lines_of(statements)


def check_bounds(statements: Sequence[Statement]) -> None:
    """Shares lie within 0 and 1, the best value is no worse than the worst, and the balance adds up."""
    assert_courses(statements)
    for line in (line for statement in statements for line in statement.lines):
        best, worst = exact(line.best), exact(line.worst)
        if line.unit == "share" and best is not None and worst is not None:
            assert 0 <= worst <= best <= 1, line.level
        elif best is not None and worst is not None and line.measure != "elapsed":
            assert 0 <= best <= worst, line.level
        if line.balance is not None:
            found = line.balance
            parts = (found.not_in_force, found.future, found.outside, found.excluded)
            parts = (*parts, found.unknown, found.up, found.down)  # type: ignore[assignment]
            assert min(parts) >= 0, line.level
            assert found.period == sum(parts), line.level
            assert found.down >= line.longest


def value(line: Line) -> dict[str, Any]:
    """All that a line says but where a thing stands, and when."""
    hidden = {
        "place",
        "worst_outages",
        "worst_cases",
        "unknown_stretches",
        "dropped",
        "course",
        "budget",
        "period",
    }
    found: dict[str, Any] = json.loads(line.model_dump_json(exclude=hidden))
    return found


def assert_same(one: Answers | None, other: Answers | None) -> None:
    if one is None or other is None:
        assert one is other
        return
    assert set(one) == set(other)
    different = []
    for key in one:
        pair = value(one[key]), value(other[key])
        different += [(key, part, *(each[part] for each in pair)) for part in pair[0] if pair[0][part] != pair[1][part]]
    assert not different, different[:4]


# --- what says nothing -------------------------------------------------------------------------------------------


@examples(3)
@given(given=everything(), seed=st.integers(0, 1000))
def test_the_order_of_rows_and_exports_cut_in_two_say_nothing(given: Everything, seed: int) -> None:
    shuffle = random.Random(seed)
    files: Files = {}
    for name, (header, rows) in given.files.items():
        mixed = shuffle.sample(rows, len(rows))
        cut = shuffle.randint(1, len(mixed) - 1) if len(mixed) > 1 else 1
        # A row that stands in two files would count twice, and is refused: all of a kind stay together.
        first = [*mixed[:cut], *(row for row in mixed[cut:] if row in mixed[:cut])]
        second = [row for row in mixed[cut:] if row not in mixed[:cut]]
        files[f"{name}-a"] = (header, first)
        if second:
            files[f"{name}-b"] = (header, second)
    assert_same(settled(given), settled(given, files=files))


@examples(3)
@given(given=everything(), seed=st.integers(0, 1000))
def test_what_lies_within_an_outage_an_exclusion_or_a_pause_adds_nothing(given: Everything, seed: int) -> None:
    """A record twice, a part of one, and one that overlaps two that touch already."""
    shuffle = random.Random(seed)

    def again(stretches: Sequence[tuple[int, int | None]]) -> tuple[tuple[int, int | None], ...]:
        found = list(stretches)
        for start, end in stretches:
            if shuffle.random() < 0.5:
                until = start + 600 if end is None else end
                inner = sorted(shuffle.randint(start, until) for _ in range(2))
                found.append((inner[0], inner[1]) if inner[0] < inner[1] and shuffle.random() < 0.5 else (start, end))
        return tuple(found)

    more = replace(
        given,
        logs={host: again(log) for host, log in given.logs.items()},
        cases=tuple(replace(case, pauses=again(case.pauses)) for case in given.cases),
        world=replace(given.world, works=tuple((lo, hi) for lo, hi in again(given.world.works) if hi is not None)),
    )
    assert_same(settled(given), settled(more))


def moved(given: Everything, weeks: int) -> Everything:
    """The same world, ``weeks`` later by the wall clock: the same steps of a later grid."""
    world = given.world
    where = place(world.where.zone, (world.where.monday + timedelta(weeks=weeks)).isoformat())
    on = grid_of(where)
    calendars = {
        name: replace(week, holidays=frozenset(day + timedelta(weeks=weeks) for day in week.holidays))
        for name, week in world.calendars.items()
    }
    effects = [world.excuses[name].effect for name in ("works", "weekly", "listed")]
    excuses = excuses_of(on, where, calendars["weekly"], world.works, world.listed, effects)
    terms = dict(world.terms)
    if "effective" in terms:
        terms["effective"] = (date.fromisoformat(terms["effective"]) + timedelta(weeks=weeks)).isoformat()
    ((_, look),) = world.looks
    return replace(
        given,
        world=replace(
            world,
            where=where,
            on=on,
            calendars=calendars,
            excuses=excuses,
            terms=terms,
            looks=((where.label, look),),
            asked=where.label,
        ),
    )


@examples(3)
@given(given=everything(places=CALM), weeks=st.integers(1, 9))
def test_a_world_some_weeks_later_has_the_same_answers(given: Everything, weeks: int) -> None:
    later = moved(given, weeks)
    one, other = settled(given), settled(later)
    if one is None or other is None:
        assert one is other
        return
    assert_same(
        {("", level, subject): line for (_, level, subject), line in one.items()},
        {("", level, subject): line for (_, level, subject), line in other.items()},
    )


# --- what adds up ------------------------------------------------------------------------------------------------

_PARTS = ("period", "not_in_force", "future", "outside", "excluded", "unknown", "up", "down")


@examples(4)
@given(given=everything())
def test_the_days_of_a_week_add_up_to_it(given: Everything) -> None:
    """Every class of the balance, the outages that begin, and the tickets by how they stand to their limit."""
    world = given.world
    asked = [each for each in _TICKETS if not each.statistic and not each.per_case]
    timed = {name: each for name, each in TIMED.items() if "statistic" not in each[0]} | some_time()
    document = document_of(given, asked, timed)
    week = settled(given, document)
    day = replace(given, world=replace(world, asked=f"{world.where.monday}..{world.where.sunday}"))
    by_day = settled(day, {**document, "period": "day"})
    if week is None or by_day is None:
        # A part that is known makes the whole known.
        assert week is None or by_day is None
        return
    ((_, look),) = world.looks
    absent = world.on.of_days(world.where.monday, world.where.monday + timedelta(days=7))
    for (_, level, subject), line in week.items():
        days = [each for (_, name, whose), each in by_day.items() if (name, whose) == (level, subject)]
        if line.balance is not None:
            balances = [each.balance for each in days if each.balance is not None]
            for part in _PARTS:
                total = sum(getattr(each, part) for each in balances)
                missing = getattr(line.balance, part) - total
                # Days that are not in force, or have not begun, have no statement.
                if part in ("period", "not_in_force", "future"):
                    assert 0 <= missing <= line.balance.not_in_force + line.balance.future, (level, subject, part)
                else:
                    assert missing == 0, (level, subject, part)
        if line.cases is not None:
            for part in ("total", "open", "within", "late", "early"):
                assert getattr(line.cases, part) == sum(getattr(each.cases, part) for each in days), (level, part)
        if line.measure in ("count", "downtime"):
            for side in ("best", "worst"):
                total_of = sum((exact(getattr(each, side)) or Fraction(0)) for each in days)
                whole = exact(getattr(line, side)) or Fraction(0)
                # An outage that may have begun on either of two days is certain on neither, but in their week.
                at_most = line.measure == "count" and side == "best"
                assert total_of <= whole if at_most else total_of == whole, (level, subject, side)
    assert absent[0] <= look.lo


# --- what may move in one direction only -------------------------------------------------------------------------


@examples(4)
@given(given=everything())
def test_another_exclusion_never_adds_down_time(given: Everything) -> None:
    """Whatever its effect; and without an effect on the service time it leaves that as it was."""
    totals = {
        name: each for name, each in TIMED.items() if each[0]["kind"] == "downtime" and "statistic" not in each[0]
    }
    everywhere: dict[str, tuple[Document, str, str]] = {}
    for name, (measure, target, per) in totals.items():
        for extra in ("none", "works", "weekly", "listed"):
            if extra not in measure["excluding"]:
                more = [] if extra == "none" else [extra]
                everywhere[f"{name}-and-{extra}"] = (
                    {**measure, "excluding": [*measure["excluding"], *more]},
                    target,
                    per,
                )
    found = settled(given, document_of(given, _TICKETS[:2], {**everywhere, **some_time()}))
    if found is None:
        return
    effects = {name: each.effect for name, each in given.world.excuses.items()}
    compared = 0
    for (label, level, subject), line in found.items():
        plain, _, extra = level.partition("-and-")
        if extra in ("", "none"):  # the plain ones, and levels of tickets
            continue
        before = found[label, f"{plain}-and-none", subject]
        assert line.balance is not None
        assert before.balance is not None
        compared += 1
        assert line.balance.down <= before.balance.down
        assert line.balance.unknown <= before.balance.unknown
        assert line.longest <= before.longest
        lengths = [exact(side) or Fraction(0) for side in (line.worst, before.worst)]
        assert lengths[0] <= lengths[1]
        if effects[extra] != "service-time":
            assert line.balance.excluded == before.balance.excluded
    assert compared


def inside(found: Fraction | None, bounds: Line) -> bool:
    """Whether a value that is certain lies within what was possible before it was known."""
    best, worst = exact(bounds.best), exact(bounds.worst)
    if found is None:
        return best is None
    if best is None or worst is None:
        return False
    least, most = sorted((best, worst))
    return least <= found and (found <= most or bounds.open_above)


def check_decided(before: Answers, after: Answers, skip: tuple[str, ...] = ()) -> None:
    """What was certain stays so: the later value lies within the bounds, and a verdict is never turned round."""
    wrong = []
    for key, line in before.items():
        later = after[key]
        if key[1].startswith(skip):
            continue
        turned = line.verdict in ("met", "breached") and later.verdict != line.verdict
        if turned or not inside(exact(later.best), line):
            told = [(each.verdict, exact(each.best), exact(each.worst), each.open_above) for each in (line, later)]
            wrong.append((key, *told))
    assert not wrong, f"{len(wrong)}: {wrong[:3]}"


@examples(4)
@given(given=everything(seen_later=True), seed=st.integers(0, 1000))
def test_open_tickets_end_within_the_bounds_that_they_had(given: Everything, seed: int) -> None:
    """Seen at the end of the period some still run; seen weeks later, all have ended, whenever that was."""
    shuffle = random.Random(seed)
    world = given.world
    end = len(world.on) - 12 * DAY
    ((label, look),) = world.looks
    early = replace(world, as_of=look.hi, looks=((label, replace(look, as_of=look.hi)),))
    late = replace(world, as_of=end, looks=((label, replace(look, as_of=end)),))

    def closed(case: Case) -> Case:
        pauses = tuple((lo, hi) for lo, hi in case.pauses if hi is not None)
        if case.end is not None:
            return replace(case, pauses=pauses)
        return replace(case, end=shuffle.randint(max(case.start, look.hi), end), pauses=pauses)

    cases = tuple(closed(case) for case in given.cases)
    # What ended after the instant of looking was still open then: nothing else differs.
    before = settled(replace(given, world=early, cases=cases), document_of(given, _TICKETS, {**some_time()}))
    after = settled(replace(given, world=late, cases=cases), document_of(given, _TICKETS, {**some_time()}))
    if before is None or after is None:
        return
    check_decided({key: line for key, line in before.items() if key[1].startswith("tickets")}, after)


def some_time() -> dict[str, tuple[Document, str, str]]:
    """Enough levels to use every source and rule."""
    return {
        f"used-{rule}": ({"kind": "downtime", "from": rule, "excluding": ["works", "listed"]}, "<= 1h", "host")
        for rule in ("outages", "any-outages", "long", "any-probes", "long-probes")
    }


def known(given: Everything, shuffle: random.Random) -> Everything:
    """The same probes with nothing unknown, from the first minute on: each state that was missing is drawn."""
    samples = {}
    for host, of_host in given.samples.items():
        found = {0: shuffle.choice(["up", "down"]), **of_host}
        state = oracle.states(given.world.on, of_host.items(), given.hold)
        for step in range(1, len(state)):
            if state[step] == "unknown" and (state[step - 1] != "unknown" or shuffle.random() < 0.01):
                found[step] = shuffle.choice(["up", "down"])
        samples[host] = dict(sorted(found.items()))
    return replace(given, samples=samples, hold=None)


def probed(given: Everything, seed: int) -> tuple[Answers, Answers] | None:
    only = {name: each for name, each in TIMED.items() if "probes" in each[0]["from"]}
    only |= {name: each for name, each in some_time().items() if "probes" not in each[0]["from"]}
    full = known(given, random.Random(seed))
    before = settled(given, document_of(given, _TICKETS[:1], only))
    after = settled(full, document_of(full, _TICKETS[:1], only))
    return None if before is None or after is None else (before, after)


@examples(4)
@given(given=everything(), seed=st.integers(0, 1000))
def test_what_was_unknown_turns_out_within_the_bounds(given: Everything, seed: int) -> None:
    found = probed(given, seed)
    if found is not None:
        check_decided(*found, skip=("count", "mean"))


# --- found by the above ------------------------------------------------------------------------------------------


def test_a_mean_of_a_log_is_the_same_beside_a_mean_of_probes(tmp_path: Path) -> None:
    """One outage of an hour in the log, one of ten minutes seen by the probes."""
    write(tmp_path, "log.csv", ("from", "to"), [("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z")])
    states = [("00:00", "up"), ("12:00", "down"), ("12:10", "up")]
    write(tmp_path, "probes.csv", ("at", "state"), [(f"2026-06-01T{at}:00Z", state) for at, state in states])
    mean = {"kind": "downtime", "statistic": "mean"}
    document: Document = {
        "timezone": "UTC",
        "period": "day",
        "sources": {
            "log": {"path": "log.csv", "shape": "events", "columns": {"start": "from", "end": "to"}},
            "probes": {
                "path": "probes.csv",
                "shape": "samples",
                "columns": {"at": "at", "state": "state"},
                "hold": "until-next",
            },
        },
        "service_levels": {name: {"measure": {**mean, "from": name}, "target": "<= 2h"} for name in ("log", "probes")},
    }
    (statement,) = run(tmp_path, document, "2026-06-01", 1_790_000_000_000_000)
    minute = 60_000_000
    assert {line.level: exact(line.best) for line in statement.lines} == {"log": 60 * minute, "probes": 10 * minute}


# --- bounds that unknown time leaves open on both sides ------------------------------------------------------------


def of_probes(folder: Path, states: Sequence[tuple[str, str]], measure: Document, target: str) -> Line:
    """The line of one day, 1 June, with these states of (time of day, state)."""
    rows = [(f"2026-06-01T{at}:00Z", state) for at, state in states]
    write(folder, "probes.csv", ("at", "state"), rows)
    document: Document = {
        "timezone": "UTC",
        "period": "day",
        "sources": {
            "probes": {
                "path": "probes.csv",
                "shape": "samples",
                "columns": {"at": "at", "state": "state"},
                "states": {"unknown": ["unknown"]},
                "hold": "until-next",
            }
        },
        "outages": {"any": {"from": "probes"}},
        "service_levels": {"few": {"measure": {**measure, "from": "any"}, "target": target}},
    }
    (statement,) = run(folder, document, "2026-06-01", 1_790_000_000_000_000)
    (line,) = statement.lines
    return line


def test_unknown_time_between_two_outages_may_make_them_one(tmp_path: Path) -> None:
    """Ten minutes down, ten unknown, ten down: if it was down throughout that is one outage, and one is allowed."""
    states = [("00:00", "up"), ("10:00", "down"), ("10:10", "unknown"), ("10:20", "down"), ("10:30", "up")]
    assert of_probes(tmp_path, states, {"kind": "count"}, "<= 1").verdict == "indeterminate"


def test_unknown_time_may_hide_a_short_outage_that_makes_the_mean_less(tmp_path: Path) -> None:
    """An hour down, and ten minutes unknown: with another outage of a minute the mean is 30.5 minutes, not an hour."""
    states = [("00:00", "up"), ("10:00", "down"), ("11:00", "up"), ("20:00", "unknown"), ("20:10", "up")]
    line = of_probes(tmp_path, states, {"kind": "downtime", "statistic": "mean"}, "<= 45m")
    assert line.verdict == "indeterminate"


def test_unknown_time_may_hide_the_only_outage_of_a_mean(tmp_path: Path) -> None:
    """Nothing is known to have been down, three hours are unknown: a mean of three hours is possible, or none."""
    states = [("00:00", "up"), ("10:00", "unknown"), ("13:00", "up")]
    line = of_probes(tmp_path, states, {"kind": "downtime", "statistic": "mean"}, "<= 45m")
    assert line.verdict == "indeterminate"
