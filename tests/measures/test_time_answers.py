"""Outage rules of every kind over random logs, samples and counts, compared with sets of ten-second ticks."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import slacheck
from slacheck.statement import Line

TICK = 10
HOUR = 360
DAY = 24 * HOUR
BASE = datetime(2026, 9, 14, tzinfo=UTC)

FEW = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

HEAD = "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\nperiod: day\n"


@dataclass(frozen=True)
class Record:
    """One row of a log, in ticks; ``end`` None: still open."""

    row: int
    circuit: str
    start: int
    end: int | None
    cause: str
    ticket: str
    affected: int


@dataclass(frozen=True)
class World:
    """A log, what is taken out of it, and when it is seen; the day that is judged is [DAY, 2 * DAY)."""

    records: tuple[Record, ...]
    works: tuple[tuple[int, int], ...]
    stops: tuple[tuple[str, int, int], ...]
    as_of: int

    @property
    def window(self) -> range:
        return range(DAY, max(DAY, min(2 * DAY, self.as_of)))

    def counts(self, tick: int) -> bool:
        return not any(lo <= tick < hi for lo, hi in self.works)


def at(tick: int) -> str:
    return (BASE + timedelta(seconds=tick * TICK)).strftime("%Y-%m-%dT%H:%M:%SZ")


def written(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


# Even ticks around the two midnights, so that an instant of seeing, which is odd, is the end of nothing.
even = st.one_of(
    st.integers(DAY // 2 - 90, DAY // 2 + 120), st.integers(DAY - 90, DAY - 1), st.integers(DAY // 2, DAY - 1)
).map(lambda half: 2 * half)
lengths = st.sampled_from([2, 4, 6, 8, 12, 30, 34, 60, 90, 180, 360])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    records = []
    for row in range(draw(st.integers(2, 9))):
        start = draw(even)
        end = None if draw(st.integers(0, 5)) == 0 else start + draw(lengths)
        records.append(
            Record(
                row,
                draw(st.sampled_from("ab")),
                start,
                end,
                draw(st.sampled_from(["", "x", "y"])),
                draw(st.sampled_from("12")),
                draw(st.integers(0, 10)),
            )
        )
    works = tuple((lo, lo + draw(lengths)) for lo in draw(st.lists(even, max_size=3)))
    stops = tuple((draw(st.sampled_from("12")), lo, lo + draw(lengths)) for lo in draw(st.lists(even, max_size=3)))
    as_of = draw(st.sampled_from([4 * DAY + 1, 2 * DAY + 13, DAY + DAY // 2 + 1, 2 * DAY - 101]))
    return World(tuple(records), works, stops, as_of)


@dataclass(frozen=True)
class Rule:
    """An outage rule as YAML says it and as ticks do."""

    overlapping: str = "union"
    grace: int = 0
    drop: bool = False
    least: int = 0
    after: bool = False
    within: int | None = None
    stop: bool = False
    weighed: bool = False

    @property
    def yaml(self) -> str:
        said = ["from: log"]
        said += [f"overlapping: {self.overlapping}"] if self.overlapping != "union" else []
        said += [f"grace: {self.grace * TICK}s"] if self.grace else []
        said += ["part_minutes: drop"] if self.drop else []
        said += [f'lasting: ">= {self.least * TICK}s"'] if self.least else []
        said += ["judged: after-exclusions"] if self.after else []
        said += [f"same_cause_within: {self.within * TICK}s"] if self.within is not None else []
        said += ["weight: {affected: affected, total: users}"] if self.weighed else []
        return "{" + ", ".join(said) + "}"


RULES = {
    "plain": Rule(),
    "longest": Rule(overlapping="longest"),
    "grace": Rule(grace=12, least=24),
    "minutes": Rule(drop=True),
    "lasting": Rule(least=30),
    "after": Rule(least=30, after=True),
    "stops": Rule(stop=True),
    "stops-lasting": Rule(stop=True, least=34),
    "stops-after": Rule(stop=True, least=34, after=True),
    "causes": Rule(within=60),
    "causes-after": Rule(within=60, least=30, after=True, stop=True),
    "all": Rule("longest", 6, True, 30, True, 60, True),
    "weighed": Rule(weighed=True),
    "weighed-sum": Rule("sum", weighed=True, stop=True),
    "weighed-after": Rule(weighed=True, least=30, after=True),
}


@dataclass
class Outage:
    """One outage: the ticks of each of its records, by row, and whether it goes on."""

    pieces: dict[int, set[int]]
    running: bool

    @property
    def ticks(self) -> set[int]:
        return set().union(*self.pieces.values())


def longest_of(records: Sequence[tuple[Record, int, int]]) -> list[tuple[Record, int, int]]:
    kept: list[tuple[Record, int, int]] = []
    for each in sorted(records, key=lambda r: (r[1] - r[2], r[1], r[0].row)):
        if all(each[2] <= other[1] or each[1] >= other[2] for other in kept):
            kept.append(each)
    return kept


def outages_of(world: World, rule: Rule, circuit: str | None) -> list[Outage]:
    """The outages of one subject before they are judged."""
    records = [
        (each, each.start, min(world.as_of, each.end or world.as_of))
        for each in world.records
        if each.start < world.as_of and circuit in (None, each.circuit)
    ]
    if rule.overlapping == "longest":
        records = longest_of(records)
    shaped = []
    for each, start, end in records:
        start += rule.grace
        if rule.drop:
            end -= (end - start) % 6
        if start < end:
            shaped.append((each, start, end))
    shaped.sort(key=lambda r: (r[1], r[0].row))
    groups: list[list[tuple[Record, int, int]]] = []
    first: dict[str, list[tuple[Record, int, int]]] = {}
    reach = -1
    for one in shaped:
        each, start, end = one
        if rule.within is not None:
            group = first.get(each.cause)
            if each.cause and group is not None and start - group[0][1] < rule.within:
                group.append(one)
                continue
            first[each.cause] = [one]
            groups.append(first[each.cause])
        elif groups and start <= reach:
            groups[-1].append(one)
        else:
            groups.append([one])
        reach = max(reach, end)
    return [
        Outage(
            {each.row: set(range(start, end)) for each, start, end in group},
            any(each.end is None or each.end > world.as_of for each, _, _ in group),
        )
        for group in groups
    ]


def judged(world: World, rule: Rule, circuit: str | None, at_worst: bool = False) -> list[Outage]:
    """The outages that count, with what is taken out of them gone."""
    found = []
    tickets = {each.row: each.ticket for each in world.records}
    for outage in outages_of(world, rule, circuit):
        lasts = at_worst and outage.running
        enough = rule.after or len(outage.ticks) >= rule.least or lasts
        if rule.stop:
            for row, ticks in outage.pieces.items():
                for ticket, lo, hi in world.stops:
                    if ticket == tickets[row]:
                        ticks.difference_update(range(lo, hi))
        if rule.after:
            enough = sum(map(world.counts, outage.ticks)) >= rule.least or (lasts and world.as_of - 1 in outage.ticks)
        if enough and outage.ticks:
            found.append(outage)
    return found


def down(world: World, outages: Sequence[Outage]) -> set[int]:
    return {t for outage in outages for t in outage.ticks if t in world.window and world.counts(t)}


def weight_of(world: World, rule: Rule, outages: Sequence[Outage]) -> Fraction:
    affected = {each.row: each.affected for each in world.records}
    lost = Fraction(0)
    for tick in down(world, outages):
        on = [affected[row] for outage in outages for row, ticks in outage.pieces.items() if tick in ticks]
        lost += Fraction(min(10, sum(on)) if rule.overlapping == "sum" else max(on), 10)
    return lost


def settled(directory: Path, agreement: str, as_of: int) -> dict[str, Line]:
    path = directory / "agreement.yaml"
    path.write_text(agreement, encoding="utf-8")
    seen = BASE + timedelta(seconds=as_of * TICK)
    statement = slacheck.evaluate(path, period="2026-09-15", as_of=seen)
    return {f"{line.level}/{line.subject}" if line.subject else line.level: line for line in statement.lines}


def bounds(line: Line) -> tuple[Fraction, Fraction] | None:
    return (line.best.fraction, line.worst.fraction) if line.best and line.worst else None


def agreement_of(world: World, chosen: Mapping[str, Rule], directory: Path) -> str:
    written(
        directory / "log.csv",
        "circuit,start,end,cause,ticket,affected,users",
        [
            (r.circuit, at(r.start), "" if r.end is None else at(r.end), r.cause, r.ticket, r.affected, 10)
            for r in world.records
        ],
    )
    written(directory / "works.csv", "start,end", [(at(lo), at(hi)) for lo, hi in world.works])
    written(directory / "stops.csv", "ticket,start,end", [(t, at(lo), at(hi)) for t, lo, hi in world.stops])
    sources = (
        "sources:\n"
        "  log: {path: log.csv, shape: events, columns: {start: start, end: end, cause: cause}}\n"
        "  works: {path: works.csv, shape: events, columns: {start: start, end: end}, absent_rows: empty}\n"
        "  stops: {path: stops.csv, shape: events, columns: {start: start, end: end}, absent_rows: empty}\n"
        "exclusions:\n  planned: {from: works, matching: none}\n  stopped: {from: stops, matching: ticket}\n"
    )
    rules = "outages:\n" + "".join(f"  r-{name}: {rule.yaml}\n" for name, rule in chosen.items())
    levels = "service_levels:\n"
    for name, rule in chosen.items():
        excluding = "[planned, stopped]" if rule.stop else "[planned]"
        of = f"from: r-{name}, excluding: {excluding}"
        for level, measure, more in (
            ("time", "kind: availability", ', target: ">= 1%"'),
            ("total", "kind: downtime", ', target: "<= 9h"'),
            ("longest", "kind: downtime, statistic: longest", ', target: "<= 9h"'),
            ("mean", "kind: downtime, statistic: mean", ', target: "<= 9h"'),
            ("count", "kind: count", ', target: "<= 9"'),
            ("each", "kind: downtime", ', per: [circuit, outage], target: "<= 9h"'),
            ("circuit", "kind: availability", ', per: circuit, target: ">= 1%"'),
        ):
            if rule.weighed and level not in ("time", "total", "circuit"):
                continue
            levels += f"  {level}-{name}: {{measure: {{{measure}, {of}}}{more}}}\n"
    return HEAD + sources + rules + levels


SECONDS = 1_000_000 * TICK


@FEW
@given(world=worlds(), names=st.lists(st.sampled_from(sorted(RULES)), min_size=3, max_size=3, unique=True))
def test_every_rule_over_a_log_is_what_counting_ticks_gives(world: World, names: list[str]) -> None:
    # An exclusion that nothing uses would be refused.
    chosen = {name: RULES[name] for name in (*names, "stops")}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        lines = settled(directory, agreement_of(world, chosen, directory), world.as_of)
    service = sum(map(world.counts, world.window))
    for name, rule in chosen.items():
        outages = judged(world, rule, None)
        worst = judged(world, rule, None, at_worst=True)
        least, most = len(down(world, outages)), len(down(world, worst))
        if rule.weighed:
            lost = weight_of(world, rule, outages)
            assert bounds(lines[f"time-{name}"]) == (1 - lost / service,) * 2, name
            assert bounds(lines[f"total-{name}"]) == (lost * SECONDS,) * 2, name
        else:
            value = (1 - Fraction(least, service), 1 - Fraction(most, service))
            assert bounds(lines[f"time-{name}"]) == value, name
            assert bounds(lines[f"total-{name}"]) == (least * SECONDS, most * SECONDS), name
            _one_by_one(world, name, outages, lines)
        for circuit in {record.circuit for record in world.records}:
            own = judged(world, rule, circuit)
            if rule.weighed:
                lost = weight_of(world, rule, own)
                assert bounds(lines[f"circuit-{name}/{circuit}"]) == (1 - lost / service,) * 2, name
                continue
            best = 1 - Fraction(len(down(world, own)), service)
            assert lines[f"circuit-{name}/{circuit}"].best is not None
            assert bounds(lines[f"circuit-{name}/{circuit}"])[0] == best, name  # type: ignore[index]
            _each(world, name, circuit, own, lines)


def _one_by_one(world: World, name: str, outages: Sequence[Outage], lines: Mapping[str, Line]) -> None:
    parts = [len(down(world, [each])) for each in outages]
    longest = bounds(lines[f"longest-{name}"])
    assert longest is not None
    assert longest[0] == max(parts, default=0) * SECONDS, name
    assert lines[f"time-{name}"].outages == sum(part > 0 for part in parts), name
    begun = [each for each in outages if min(each.ticks) in world.window]
    wholes = [len([t for t in each.ticks if world.counts(t)]) for each in begun]
    wholes = [whole for whole in wholes if whole]
    mean = Fraction(sum(wholes) * SECONDS, len(wholes)) if wholes else None
    assert bounds(lines[f"mean-{name}"]) == (None if mean is None else (mean, mean)), name
    counted = sum(world.counts(min(each.ticks)) for each in begun)
    assert bounds(lines[f"count-{name}"]) == (counted, counted), name


def _each(world: World, name: str, circuit: str, own: Sequence[Outage], lines: Mapping[str, Line]) -> None:
    wholes = [
        len([t for t in each.ticks if world.counts(t)]) * SECONDS for each in own if min(each.ticks) in world.window
    ]
    found = [
        line.best.fraction
        for subject, line in lines.items()
        if subject.startswith(f"each-{name}/{circuit} ") and line.best
    ]
    assert sorted(found) == sorted(whole for whole in wholes if whole), name


@st.composite
def probes(draw: st.DrawFn) -> list[tuple[int, str, str]]:
    """(tick, place, state) of three places; some are silent for a while."""
    rows = []
    for place in "abc":
        ticks = sorted(set(draw(st.lists(even, min_size=1, max_size=9))))
        # Something is known of the day that is judged: an export of another one is refused.
        rows += [(tick, place, draw(st.sampled_from(["up", "down", "down"]))) for tick in {*ticks, DAY + 500}]
    return rows


HOLD = 120


def state_at(rows: Sequence[tuple[int, str, str]], place: str, tick: int) -> str:
    before = [row for row in rows if row[1] == place and row[0] <= tick]
    if not before or tick - max(before)[0] >= HOLD:
        return "unknown"
    return max(before)[2]


def spells(on: Callable[[int], bool], ticks: range) -> list[tuple[int, int]]:
    found, start = [], None
    for tick in ticks:
        if on(tick) and start is None:
            start = tick
        if not on(tick) and start is not None:
            found.append((start, tick))
            start = None
    return [*found, (start, ticks.stop)] if start is not None else found


@settings(FEW, max_examples=8)
@given(rows=probes(), works=st.lists(st.tuples(even, lengths), max_size=2), number=st.integers(1, 3))
def test_a_quorum_of_places_is_what_counting_ticks_gives(
    rows: list[tuple[int, str, str]], works: list[tuple[int, int]], number: int
) -> None:
    excused = [(lo, lo + length) for lo, length in works]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        written(directory / "probes.csv", "at,place,state", [(at(tick), place, state) for tick, place, state in rows])
        written(directory / "works.csv", "start,end", [(at(lo), at(hi)) for lo, hi in excused])
        sources = (
            "sources:\n"
            f"  probes: {{path: probes.csv, shape: samples, columns: {{at: at, state: state}}, hold: {HOLD * TICK}s}}\n"
            "  works: {path: works.csv, shape: events, columns: {start: start, end: end}, absent_rows: empty}\n"
            "exclusions:\n  planned: {from: works}\n"
            "outages:\n"
            f"  seen: {{from: probes, quorum: {number} of place}}\n"
            f'  long: {{from: probes, quorum: {number} of place, lasting: ">= 600s"}}\n'
            f'  after: {{from: probes, quorum: {number} of place, lasting: ">= 600s", judged: after-exclusions}}\n'
        )
        levels = "service_levels:\n" + "".join(
            f"  {rule}: {{measure: {{kind: availability, from: {rule}, excluding: [planned]}}, target: '>= 1%'}}\n"
            for rule in ("seen", "long", "after")
        )
        lines = settled(directory, HEAD + sources + levels, 4 * DAY + 1)
    ticks = range(DAY - 400, 2 * DAY + 400)
    states = {tick: [state_at(rows, place, tick) for place in "abc"] for tick in ticks}
    window = range(DAY, 2 * DAY)

    def counts(tick: int) -> bool:
        return not any(lo <= tick < hi for lo, hi in excused)

    service = sum(map(counts, window))
    certain = spells(lambda tick: states[tick].count("down") >= number, ticks)
    possible = spells(lambda tick: 3 - states[tick].count("up") >= number, ticks)
    for rule, long_enough in (
        ("seen", lambda s, e: e > s),
        ("long", lambda s, e: e - s >= 60),
        ("after", lambda s, e: sum(map(counts, range(s, e))) >= 60),
    ):
        parts = [
            sum(tick in window and counts(tick) for s, e in found if long_enough(s, e) for tick in range(s, e))
            for found in (certain, possible)
        ]
        assert bounds(lines[rule]) == tuple(1 - Fraction(part, service) for part in parts), rule


@settings(FEW, max_examples=8)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 143), st.integers(0, 4), st.integers(0, 4)),
        min_size=1,
        max_size=60,
        unique_by=lambda r: r[0],
    ),
    empty=st.sampled_from(["good", "bad", "skip", "missing"]),
    absent=st.sampled_from(["empty", "unknown"]),
    least=st.sampled_from([10, 30]),
    minimum=st.sampled_from([0, 2]),
)
def test_bad_intervals_are_what_looking_at_each_gives(
    rows: list[tuple[int, int, int]], empty: str, absent: str, least: int, minimum: int
) -> None:
    """Intervals of ten minutes of one day; the shares are compared as whole numbers."""
    counts = {slot: (total, min(bad, total)) for slot, total, bad in rows}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        written(
            directory / "requests.csv",
            "at,total,bad",
            [(at(DAY + slot * 60), total, bad) for slot, (total, bad) in counts.items()],
        )
        sources = (
            "sources:\n  requests: {path: requests.csv, shape: counts, columns: {at: at, total: total, bad: bad}, "
            f"interval: 10m, absent_rows: {absent}}}\n"
            'outages:\n  failing: {from: requests, when: {bad_share: ">= 50%", each: 10m, '
            f'minimum: {minimum}}}, lasting: ">= {least}m"}}\n'
        )
        level = (
            "service_levels:\n  uptime: {measure: {kind: availability, from: failing}, target: '>= 1%', "
            f"empty_interval: {empty}}}\n"
        )
        line = settled(directory, HEAD + sources + level, 4 * DAY + 1)["uptime"]
    word = {"good": "up", "bad": "down", "skip": "skip", "missing": "unknown"}[empty]
    states = []
    for slot in range(-3, 147):
        if slot not in counts:
            states.append("unknown" if absent == "unknown" else word)
            continue
        total, bad = counts[slot]
        states.append(word if total == 0 else "down" if total >= minimum and 2 * bad >= total else "up")
    service = sum(state != "skip" for state in states[3:147])
    certain = spells(lambda slot: states[slot + 3] == "down", range(-3, 147))
    possible = spells(lambda slot: states[slot + 3] in ("down", "unknown"), range(-3, 147))
    parts = [
        sum(0 <= slot < 144 for s, e in found if (e - s) * 10 >= least for slot in range(s, e))
        for found in (certain, possible)
    ]
    if service == 0:
        assert line.verdict == "not-applicable"
        return
    assert bounds(line) == tuple(1 - Fraction(part, service) for part in parts)
