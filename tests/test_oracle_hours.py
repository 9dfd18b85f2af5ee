"""Down time on civil hours, from files to lines, compared with an evaluator that walks every minute."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import DataError
from slacheck.statement import Statement
from tests import oracle_hours as oracle
from tests.oracle_hours import Balance, Look
from tests.whole_runs import Document, exact, examples, lines_of, run, write
from tests.worlds import (
    PLACES,
    Place,
    World,
    assert_same,
    balanced,
    calendar_written,
    microseconds,
    outage_logs,
    probes,
    weeks,
    worlds,
    write_works,
)

# --- levels ------------------------------------------------------------------------------------------------------

RULES: dict[str, tuple[str, Callable[[int], bool]]] = {
    "plain": ("", lambda _steps: True),
    "least": (">= 10m", lambda steps: steps >= 10),
    "longer": ("> 60m", lambda steps: steps > 60),
}
COMBINATIONS: list[tuple[str, str, tuple[str, ...]]] = [
    ("plain", "always", ()),
    ("plain", "desk", ()),
    ("plain", "always", ("works",)),
    ("plain", "desk", ("weekly",)),
    ("plain", "desk", ("works", "weekly", "listed")),
    ("least", "always", ("listed",)),
    ("least", "desk", ("works",)),
    ("longer", "desk", ("listed", "weekly")),
    ("longer", "always", ()),
]
MEASURES: list[tuple[str, Document, str]] = [
    ("availability", {"kind": "availability"}, ">= 99%"),
    ("total", {"kind": "downtime"}, "<= 1h"),
    ("longest", {"kind": "downtime", "statistic": "longest"}, "<= 1h"),
    ("mean", {"kind": "downtime", "statistic": "mean"}, "<= 1h"),
]


@dataclass(frozen=True)
class Levels:
    documents: Document
    wanted: dict[str, tuple[str, str, str, tuple[str, ...]]]


def levels_of(names: Mapping[str, str]) -> Levels:
    """Every combination, measured in one way after the other; ``names`` are the outage rules."""
    documents: Document = {}
    wanted: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}
    for index, (rule, hours, excluding) in enumerate(COMBINATIONS):
        for turn in range(2):
            kind, measure, target = MEASURES[(index + turn * 2 + (index // 4)) % 4]
            name = f"{kind}-{index}"
            document = {**measure, "from": names[rule], "excluding": list(excluding)}
            if hours != "always":
                document["hours"] = hours
            documents[name] = {"measure": document, "target": target, "per": "host"}
            wanted[name] = (kind, rule, hours, excluding)
            if turn == 0:
                # Of the source itself its records would be counted.
                number = {**document, "kind": "count", "from": "any" if rule == "plain" else rule}
                number.pop("statistic", None)
                documents[f"count-{index}"] = {"measure": number, "target": "<= 2", "per": "host"}
                wanted[f"count-{index}"] = ("count", rule, hours, excluding)
    return Levels(documents, wanted)


def in_microseconds(found: Balance, width: int) -> tuple[int, ...]:
    parts = (found.not_in_force, found.future, found.outside, found.excluded, found.unknown, found.up, found.down)
    return (*(part * width * 1_000_000 for part in parts), found.outages, found.longest * width * 1_000_000)


def value_of(kind: str, found: Balance, width: int) -> tuple[Fraction | None, Fraction | None, bool]:
    """Best and worst value, and whether nothing bounds it from above."""
    unit = width * 1_000_000
    if kind == "count":
        return Fraction(found.begun_for_certain), Fraction(found.begun_counted), found.worst > found.down
    if found.service == 0:
        return None, None, False
    if kind == "availability":
        best, worst = (Fraction(found.service - down, found.service) for down in (found.down, found.worst))
        return best, worst, False
    if kind == "total":
        return Fraction(found.down * unit), Fraction(found.worst * unit), False
    if kind == "longest":
        return Fraction(found.longest * unit), Fraction(max(found.longest, found.longest_at_worst) * unit), False
    if found.unknown > 0:
        # It may hide any number of outages of any length.
        return Fraction(0), Fraction(0), True
    if not found.begun:
        return None, None, False
    mean = Fraction(sum(found.begun) * unit, len(found.begun))
    return mean, mean, found.running


def compare(world: World, levels: Levels, state: Mapping[str, list[str]], statements: Sequence[Statement]) -> None:
    lines = lines_of(statements)
    hours = {name: world.hours(name) for name in ("always", "desk")}
    cache: dict[tuple[object, ...], Balance] = {}
    expected: dict[tuple[str, str, str], tuple[object, ...]] = {}
    found: dict[tuple[str, str, str], tuple[object, ...]] = {}
    taken = {excluding: world.taken(excluding) for _, _, _, excluding in levels.wanted.values()}
    runs = {
        (subject, rule): oracle.outages(each, world.as_of, enough)
        for subject, each in state.items()
        for rule, (_, enough) in RULES.items()
    }
    for name, (kind, rule, calendar, excluding) in levels.wanted.items():
        out, never = taken[excluding]
        for subject in state:
            for label, look in world.looks:
                key = (rule, calendar, excluding, subject, label)
                if key not in cache:
                    cache[key] = oracle.balance(state[subject], runs[subject, rule], look, hours[calendar], out, never)
                balance = cache[key]
                expected[label, name, subject] = (
                    None if kind == "count" else in_microseconds(balance, world.on.width),
                    value_of(kind, balance, world.on.width),
                )
    for of_line, line in lines.items():
        parts = None if line.measure == "count" else balanced(line)
        found[of_line] = (parts, (exact(line.best), exact(line.worst), line.open_above))
    assert_same(found, expected)


def agreement_of(world: World, source: Document, levels: Levels) -> Document:
    events = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    return {
        **world.terms,
        "sources": {"watch": source, "works": {"path": "works.csv", **events}},
        "calendars": {name: calendar_written(week) for name, week in world.calendars.items()},
        "exclusions": {name: {**each.document, "effect": each.effect} for name, each in world.excuses.items()},
        "outages": {
            "any": {"from": "watch"},
            **{name: {"from": "watch", "lasting": text} for name, (text, _) in RULES.items() if text},
        },
        "service_levels": levels.documents,
    }


NAMES = {"plain": "watch", "least": "least", "longer": "longer"}


@examples(9)
@given(data=st.data())
def test_down_time_of_events_is_what_walking_every_minute_finds(data: st.DataObject) -> None:
    world = data.draw(worlds())
    logs = data.draw(outage_logs(world))
    on = world.on
    levels = levels_of(NAMES)
    source = {"path": "outages.csv", "shape": "events", "columns": {"start": "from", "end": "to"}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            (host, on.text(start), "" if end is None else on.text(end))
            for host, log in logs.items()
            for start, end in log
        ]
        write(folder, "outages.csv", ("host", "from", "to"), rows)
        write_works(folder, world)
        statements = run(folder, agreement_of(world, source, levels), world.asked, microseconds(on, world.as_of))
    state = {host: ["down" if flag else "up" for flag in oracle.inside(on, log)] for host, log in logs.items()}
    compare(world, levels, state, statements)


@examples(9)
@given(data=st.data())
def test_down_time_of_samples_is_what_walking_every_minute_finds(data: st.DataObject) -> None:
    world = data.draw(worlds(by_day=False))
    samples, hold = data.draw(probes(world))
    on = world.on
    levels = levels_of(NAMES)
    source: Document = {
        "path": "probes.csv",
        "shape": "samples",
        "columns": {"at": "at", "state": "state"},
        "states": {"unknown": ["unknown"]},
        "hold": "until-next" if hold is None else f"{hold}m",
    }
    state = {host: oracle.states(on, of_host.items(), hold) for host, of_host in samples.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [(host, on.text(at), word) for host, of_host in samples.items() for at, word in of_host.items()]
        write(folder, "probes.csv", ("host", "at", "state"), rows)
        write_works(folder, world)
        try:
            statements = run(folder, agreement_of(world, source, levels), world.asked, microseconds(on, world.as_of))
        except DataError as error:
            assert {problem.code for problem in error.problems} == {"no-row-of-period"}
            assert any(
                known_nowhere(world, calendar, excluding, state) for _, _, calendar, excluding in levels.wanted.values()
            )
            return
    compare(world, levels, state, statements)


def known_nowhere(world: World, calendar: str, excluding: Sequence[str], state: Mapping[str, list[str]]) -> bool:
    """Whether nothing is known of any host's time that counts."""
    hours = world.hours(calendar)
    out, never = world.taken(excluding)
    ((_, look),) = world.looks
    return all(
        (found := oracle.balance(each, oracle.Outages((), ()), look, hours, out, never)).unknown == found.service
        for each in state.values()
    )


# --- seconds -----------------------------------------------------------------------------------------------------


@examples(4)
@given(data=st.data(), where=st.sampled_from(PLACES))
def test_down_time_within_one_day_is_what_walking_every_second_finds(data: st.DataObject, where: Place) -> None:
    """The day on which the clocks change, with outages and works that begin and end at any second."""
    day = where.sunday if where.zone != "Pacific/Apia" else where.monday + timedelta(days=5)
    on = oracle.grid(where.zone, day - timedelta(days=1), 3, 1)
    lo, hi = on.of_days(day, day + timedelta(days=1))
    week = data.draw(weeks(where))
    lengths = st.sampled_from([1, 59, 60, 61, 62, 3599, 3600, 7201, 30_000])
    stretch = st.tuples(st.integers(lo - 4000, hi), lengths).map(lambda found: (found[0], found[0] + found[1]))
    log = data.draw(st.lists(stretch, min_size=1, max_size=12))
    works = data.draw(st.lists(stretch, min_size=1, max_size=4))
    look = Look(lo, hi, lo, data.draw(st.sampled_from([hi, hi - 3601, lo + 5])))
    measures: dict[str, Document] = {
        "availability": {"kind": "availability", "from": "watch", "hours": "desk"},
        "total": {"kind": "downtime", "from": "least", "hours": "desk", "excluding": ["works"]},
        "longest": {"kind": "downtime", "statistic": "longest", "from": "longer", "excluding": ["works"]},
        "mean": {"kind": "downtime", "statistic": "mean", "from": "least", "hours": "desk"},
        "count": {"kind": "count", "from": "longer", "hours": "desk"},
    }
    events = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    agreement: Document = {
        "timezone": where.zone,
        "period": "day",
        "sources": {"watch": {"path": "outages.csv", **events}, "works": {"path": "works.csv", **events}},
        "calendars": {"desk": calendar_written(week)},
        "exclusions": {"works": {"from": "works"}},
        "outages": {"least": {"from": "watch", "lasting": ">= 61s"}, "longer": {"from": "watch", "lasting": "> 1h"}},
        "service_levels": {
            name: {
                "measure": measure,
                "target": ">= 99%" if name == "availability" else "<= 1" + "h" * (name != "count"),
            }
            for name, measure in measures.items()
        },
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, stretches in (("outages", log), ("works", works)):
            write(folder, f"{file}.csv", ("from", "to"), [(on.text(start), on.text(end)) for start, end in stretches])
        lines = lines_of(run(folder, agreement, day.isoformat(), microseconds(on, look.as_of)))
    state = ["down" if flag else "up" for flag in oracle.inside(on, log)]
    nothing = [False] * len(on)
    least: dict[str, Callable[[int], bool]] = {
        "watch": lambda _steps: True,
        "least": lambda steps: steps >= 61,
        "longer": lambda steps: steps > 3600,
    }
    expected, found = {}, {}
    for (_, level, _), line in lines.items():
        measure = measures[level]
        hours = oracle.service(on, week)[0] if "hours" in measure else oracle.always(on)[0]
        out = oracle.inside(on, works) if "excluding" in measure else nothing
        runs = oracle.outages(state, look.as_of, least[str(measure["from"])])
        balance = oracle.balance(state, runs, look, hours, out, nothing)
        expected[level] = (None if level == "count" else in_microseconds(balance, 1), value_of(level, balance, 1))
        parts = None if level == "count" else balanced(line)
        found[level] = (parts, (exact(line.best), exact(line.worst), line.open_above))
    assert set(expected) == set(measures)
    assert_same(found, expected)
