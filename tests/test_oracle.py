"""Whole runs, from files to lines, compared with a second evaluator that looks at every moment by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import DataError
from slacheck.statement import Line, Statement
from tests import oracle, whole_runs
from tests.oracle import DAY, HOUR, MINUTE, SECOND, Count, Event, Excuse, Moment, Promise, Sample
from tests.whole_runs import Document, exact, examples, lines_of, write

MONDAY = 1_772_409_600 * SECOND  # 2026-03-02T00:00:00Z
LATER = MONDAY + 60 * DAY


def percent(value: Fraction) -> str:
    return f"{Decimal(value.numerator * 100) / Decimal(value.denominator)}%"


def written_level(promise: Promise, measure: Document, **more: object) -> Document:
    level: Document = {
        "measure": measure,
        "target": f"{promise.target[0]} {percent(promise.target[1])}",
        "missing": promise.missing,
        **more,
    }
    if promise.coverage:
        level["coverage"] = f"{promise.coverage[0]} {percent(promise.coverage[1])}"
    credit: Document = {"of": "monthly"}
    if promise.rows:
        bands = {f"{operator} {percent(edge)}": percent(pays) for operator, edge, pays in promise.rows}
        credit |= {"kind": "bands", "bands": bands}
    if promise.each:
        each, counting, pays = promise.each
        credit |= {"kind": "per-unit", "each": percent(each), "counting": counting, "pays": percent(pays)}
    if promise.cap is not None:
        credit["cap"] = str(promise.cap)
    return level if len(credit) == 1 else {**level, "credit": credit}


def run(folder: Path, agreement: Document, period: str, as_of: int) -> list[Statement]:
    terms = {"timezone": "UTC", "currency": "EUR", "fees": {"monthly": "1000.00"}, "period": "day"}
    return whole_runs.run(folder, {**terms, **agreement}, period, as_of)


def told(line: Line) -> oracle.Answer:
    credit = line.credit
    return oracle.Answer(
        line.verdict,
        exact(line.best),
        exact(line.worst),
        exact(line.coverage),
        None if credit is None else Decimal(credit.least.amount),
        None if credit is None or credit.most is None else Decimal(credit.most.amount),
    )


def timed(line: Line) -> tuple[int, ...]:
    balance = line.balance
    assert balance is not None
    parts = (balance.not_in_force, balance.future, balance.excluded, balance.unknown, balance.up, balance.down)
    assert balance.period == sum(parts)
    return (*parts, line.outages, line.longest)


def check_totals(statements: Sequence[Statement], expected: Mapping[tuple[str, str, str], oracle.Answer]) -> None:
    for statement in statements:
        of_period = [answer for (label, _, _), answer in expected.items() if label == statement.period.label]
        assert statement.total is not None
        assert Decimal(statement.total.least) == sum(answer.least or Decimal(0) for answer in of_period)
        assert Decimal(statement.total.most or "NaN") == sum(answer.most or Decimal(0) for answer in of_period)


# --- what hypothesis draws ---------------------------------------------------------------------------------------

STEPS = [
    SECOND,
    59 * SECOND,
    MINUTE,
    MINUTE + SECOND,
    4 * MINUTE,
    5 * MINUTE,
    5 * MINUTE,
    5 * MINUTE,
    5 * MINUTE + 1,
    HOUR,
    7 * HOUR,
]
STATES = {"up": ["up", "degraded"], "down": ["down", "timeout"], "unknown": ["no-answer"]}
MEANING = {word: state for state, words in STATES.items() for word in words}


@st.composite
def instants(draw: st.DrawFn, lo: int, hi: int, most: int) -> list[int]:
    """Instants in order: some close together, some far apart, some at midnight or right beside it."""
    at = draw(st.sampled_from([lo, lo + 23 * HOUR, MONDAY - 3 * MINUTE, MONDAY - 1, MONDAY, MONDAY + 2 * MINUTE]))
    found = [at]
    for _ in range(draw(st.integers(0, most - 1))):
        step = draw(st.sampled_from(STEPS))
        if draw(st.integers(0, 5)) == 0:
            step = draw(st.integers(1, 8 * 3600)) * SECOND
        at += step
        if draw(st.integers(0, 9)) == 0:
            at += DAY - at % DAY
        if at >= hi:
            break
        found.append(at)
    return found


@st.composite
def logs(draw: st.DrawFn, lo: int, hi: int, most: int) -> tuple[Event, ...]:
    events: list[Event] = []
    for _ in range(draw(st.integers(1, most))):
        # Mostly close together, so that records overlap.
        near = draw(st.integers(0, 3)) > 0
        within = (MONDAY - 3 * HOUR, MONDAY + 9 * HOUR) if near else (lo, hi)
        start = draw(st.integers(within[0] // HOUR, within[1] // HOUR)) * HOUR + draw(st.sampled_from([0, 0, MINUTE]))
        length = draw(st.sampled_from([0, 1, 4 * MINUTE, 5 * MINUTE, 5 * MINUTE, HOUR, HOUR, 2 * HOUR, 26 * HOUR]))
        ends = draw(st.integers(0, 7)) > 0
        notice = draw(st.sampled_from([None, HOUR, DAY - SECOND, DAY, DAY, 2 * DAY]))
        announced = None if notice is None else start - notice
        events.append(Event(start, start + length if ends else None, announced))
    return tuple(events)


@dataclass(frozen=True)
class Looked:
    """Which periods are asked for, and when one looks: (label, period, the part that is in force and has passed)."""

    asked: str
    as_of: int
    terms: Document
    windows: tuple[tuple[str, Moment, Moment], ...]

    @property
    def since(self) -> int | None:
        """The instant from which the agreement is in force, where it says so."""
        return MONDAY + 2 * DAY if "effective" in self.terms else None

    def paid(self, promise: Promise) -> Promise:
        """The promise with the fee of the period: of a week of which three days are in force three sevenths."""
        return replace(promise, fee=promise.fee * Fraction(3, 7)) if "effective" in self.terms else promise

    def future(self, index: int) -> int:
        _, (_, end), (_, hi) = self.windows[index]
        agreed = MONDAY + 5 * DAY if "until" in self.terms else end
        return agreed - hi


@st.composite
def looks(draw: st.DrawFn) -> Looked:
    if draw(st.integers(0, 3)) == 0:
        as_of = draw(st.sampled_from([LATER, MONDAY + 3 * DAY + 4 * HOUR + 1]))
        window = (MONDAY + 2 * DAY, min(as_of, MONDAY + 5 * DAY))
        terms = {"period": "week", "effective": "2026-03-04", "until": "2026-03-06"}
        return Looked("2026-W10", as_of, terms, (("2026-W10", (MONDAY, MONDAY + 7 * DAY), window),))
    days = draw(st.integers(1, 3))
    end = MONDAY + days * DAY
    as_of = draw(st.sampled_from([LATER, LATER, end, end + MINUTE, end - 3 * HOUR + 1]))
    windows = tuple(
        (f"2026-03-0{2 + day}", (start, start + DAY), (start, min(start + DAY, as_of)))
        for day in range(days)
        for start in [MONDAY + day * DAY]
    )
    return Looked(f"2026-03-02..2026-03-0{1 + days}", as_of, {}, windows)


LEASTS: dict[str, oracle.Least] = {"probes": (">", 0), "at-least": (">=", 5 * MINUTE), "longer": (">", 5 * MINUTE)}


def rows(*bands: tuple[str, str, str]) -> tuple[tuple[str, Fraction, Fraction], ...]:
    return tuple((operator, Fraction(edge) / 100, Fraction(pays) / 100) for operator, edge, pays in bands)


PROMISES = {
    "bounds": Promise((">=", Fraction("0.999")), rows=rows(("<", "99.9", "10"), ("<", "95", "25"), ("<", "60", "100"))),
    "exclude": Promise((">", Fraction("0.98")), "exclude", rows=rows(("<=", "98", "3.333"), ("<", "90", "33.335"))),
    "up": Promise((">=", Fraction("0.97")), "up", each=(Fraction("0.01"), "started", Fraction("0.01"))),
    "down": Promise(
        (">=", Fraction("0.97")), "down", each=(Fraction("0.005"), "linear", Fraction("0.01")), cap=Decimal("700.00")
    ),
    "breach": Promise(
        (">=", Fraction("0.9")), "breach", (">=", Fraction("0.5")), rows=rows(("<", "90", "5"), ("<", "50", "50"))
    ),
    "thin": Promise(
        (">=", Fraction("0.99")), "bounds", (">", Fraction("0.9")), each=(Fraction("0.01"), "full", Fraction("0.02"))
    ),
    "deemed": Promise((">=", Fraction("0.9")), "breach", rows=rows(("<", "90", "5"), ("<", "50", "50"))),
}


@dataclass(frozen=True)
class Excuses:
    """Two exclusions, as the agreement writes them and as the oracle reads them."""

    document: Document
    source: Document
    files: dict[str, tuple[Event, ...]]
    read: dict[str, Excuse]

    def cut(self, as_of: int, since: int | None = None) -> dict[str, tuple[Excuse, list[Moment], list[Moment]]]:
        return {name: (excuse, *oracle.excused(excuse, as_of, since)) for name, excuse in self.read.items()}

    def edges(self, as_of: int, since: int | None = None) -> list[int]:
        ruled = self.cut(as_of, since).values()
        return [edge for _, within, beyond in ruled for part in (*within, *beyond) for edge in part]

    def write(self, folder: Path) -> None:
        for name, events in self.files.items():
            lines = [(times(e.start), times(e.end), times(e.announced)) for e in events]
            write(folder, f"{name}.csv", ("from", "to", "told"), lines)


def times(instant: int | None) -> str:
    return "" if instant is None else oracle.text_of(instant)


@st.composite
def excuses(draw: st.DrawFn) -> Excuses:
    files = {name: draw(logs(MONDAY - DAY, MONDAY + 4 * DAY, 5)) for name in ("works", "storms")}
    notice = draw(st.sampled_from(["1 day", "24h", "1h"]))
    length, per = draw(st.sampled_from([(HOUR, "day"), (4 * HOUR, "week"), (2 * HOUR, "month")]))
    excess = draw(st.sampled_from(["downtime", "measured"]))
    columns = {"start": "from", "end": "to", "announced": "told"}
    shape = {"shape": "events", "columns": columns}
    return Excuses(
        document={
            "planned": {
                "from": "works",
                "notice": notice,
                "allowance": f"{length // HOUR}h per {per}",
                "excess": excess,
            },
            "weather": {"from": "storms"},
        },
        source={"works": {"path": "works.csv", **shape}, "storms": {"path": "storms.csv", **shape}},
        files=files,
        read={
            "planned": Excuse(files["works"], HOUR if notice == "1h" else DAY, length, per, excess == "downtime"),
            "weather": Excuse(files["storms"]),
        },
    )


EXCLUDING: tuple[tuple[str, ...], ...] = ((), ("planned",), ("planned", "weather"))


# --- samples -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Probes:
    """Samples of several subjects with the words of the file, in the order of its rows."""

    rows: tuple[tuple[str, int, str], ...]
    hold: int | None

    def of(self, subject: str) -> list[Sample]:
        return [(at, MEANING[word]) for name, at, word in self.rows if name == subject]

    @property
    def subjects(self) -> list[str]:
        return sorted({name for name, _, _ in self.rows})

    @property
    def edges(self) -> list[int]:
        return [edge for _, at, _ in self.rows for edge in (at, at + (self.hold or 0))]


@st.composite
def probes(draw: st.DrawFn) -> Probes:
    found: list[tuple[str, int, str]] = []
    for subject in draw(st.sampled_from([["web"], ["web", "db"], ["web", "db", 'Äther, "7"']])):
        for at in draw(instants(MONDAY - 2 * DAY, MONDAY + 5 * DAY, 22)):
            word = draw(st.sampled_from(["up", "up", "degraded", "down", "down", "timeout", "no-answer"]))
            found.append((subject, at, word))
            if draw(st.integers(0, 5)) == 0:
                found.append((subject, at, draw(st.sampled_from(STATES[MEANING[word]]))))
    hold = draw(st.sampled_from([None, SECOND, MINUTE, 5 * MINUTE, HOUR, 10 * HOUR]))
    return Probes(tuple(draw(st.permutations(found))), hold)


def hold_text(hold: int | None) -> str:
    return "until-next" if hold is None else f"{hold // SECOND}s"


def probe_source(hold: int | None) -> Document:
    columns = {"at": "at", "state": "state"}
    return {"path": "probes.csv", "shape": "samples", "columns": columns, "states": STATES, "hold": hold_text(hold)}


def write_probes(folder: Path, given: Probes) -> None:
    write(folder, "probes.csv", ("at", "host", "state"), [(times(at), name, word) for name, at, word in given.rows])


def outage_rules() -> Document:
    return {
        name: {"from": "probes", "lasting": f"{operator} {length // SECOND}s"}
        for name, (operator, length) in LEASTS.items()
        if length
    }


def origin(given: Probes) -> int:
    """Far enough before everything that unknown time from there on is as good as unknown time from ever on."""
    return min(min(at for _, at, _ in given.rows), MONDAY) - DAY


def times_expected(
    given: Probes, excused: Excuses, look: Looked, levels: Mapping[str, tuple[str, tuple[str, ...]]]
) -> dict[tuple[str, str, str], oracle.Time]:
    """The oracle's times per (period, level, subject); levels are (outage rule, exclusions)."""
    ruled = excused.cut(look.as_of, look.since)
    bounds = [edge for _, period, window in look.windows for edge in (*period, *window)]
    cut = oracle.moments([*given.edges, *excused.edges(look.as_of, look.since), *bounds], origin(given), look.as_of)
    found: dict[tuple[str, str, str], oracle.Time] = {}
    for subject in given.subjects:
        samples = given.of(subject)
        states = {start: oracle.state_at(samples, given.hold, start) for start, _ in cut}
        for name, (rule, excluding) in levels.items():
            for label, _, window in look.windows:
                found[label, name, subject] = oracle.time_of(
                    cut, states.__getitem__, window, [ruled[each] for each in excluding], LEASTS[rule]
                )
    return found


def check_times(
    look: Looked, lines: Mapping[tuple[str, str, str], Line], expected: Mapping[tuple[str, str, str], oracle.Time]
) -> None:
    assert set(lines) == set(expected)
    for index, (label, (start, end), (lo, hi)) in enumerate(look.windows):
        for key, time in expected.items():
            if key[0] == label:
                future = look.future(index)
                absent = end - start - (hi - lo) - future
                up = time.service - time.down - time.unknown
                parts = (absent, future, time.excluded, time.unknown, up, time.down, time.outages, time.longest)
                assert timed(lines[key]) == parts, key


def nothing_known(expected: Mapping[tuple[str, str, str], oracle.Time]) -> bool:
    """A level of which no period has a single row."""
    levels = {level for _, level, _ in expected}
    return any(
        all(time.unknown == time.service > 0 for key, time in expected.items() if key[1] == level) for level in levels
    )


@examples(20)
@given(given=probes(), excused=excuses(), look=looks())
def test_availability_of_samples_is_what_looking_at_every_moment_finds(
    given: Probes, excused: Excuses, look: Looked
) -> None:
    levels = {
        f"{rule}-{policy}": (rule, EXCLUDING[(first + second) % 3])
        for first, rule in enumerate(LEASTS)
        for second, policy in enumerate(PROMISES)
    }
    promised = {name: PROMISES[name.rpartition("-")[2]] for name in levels}
    agreement = {
        "sources": {"probes": probe_source(given.hold), **excused.source},
        "exclusions": excused.document,
        "outages": outage_rules(),
        "service_levels": {
            name: written_level(
                promised[name],
                {"kind": "availability", "from": rule, "excluding": list(excluding)},
                per="host",
            )
            for name, (rule, excluding) in levels.items()
        },
        **look.terms,
    }
    expected = times_expected(given, excused, look, levels)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_probes(folder, given)
        excused.write(folder)
        try:
            statements = run(folder, agreement, look.asked, look.as_of)
        except DataError as error:
            assert {problem.code for problem in error.problems} == {"no-row-of-period"}
            assert nothing_known(expected)
            return
    assert not nothing_known(expected)
    lines = lines_of(statements)
    check_times(look, lines, expected)
    answers = {key: oracle.judged(look.paid(promised[key[1]]), time) for key, time in expected.items()}
    assert {key: told(line) for key, line in lines.items()} == answers
    check_totals(statements, answers)


@examples(8)
@given(given=probes(), look=looks())
def test_missing_data_is_an_error_where_the_agreement_says_so(given: Probes, look: Looked) -> None:
    none = Excuses({}, {}, {}, {})
    expected = times_expected(given, none, look, {"whole": ("probes", ())})
    promise = replace(PROMISES["bounds"], missing="error")
    incomplete = any(time.unknown for time in expected.values())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_probes(folder, given)
        agreement = {
            "sources": {"probes": probe_source(given.hold)},
            "service_levels": {"whole": written_level(promise, {"kind": "availability", "from": "probes"}, per="host")},
            **look.terms,
        }
        if incomplete:
            with pytest.raises(DataError) as caught:
                run(folder, agreement, look.asked, look.as_of)
            codes = {problem.code for problem in caught.value.problems}
            assert codes == {"no-row-of-period" if nothing_known(expected) else "missing-data"}
            return
        lines = lines_of(run(folder, agreement, look.asked, look.as_of))
        assert {key: told(line) for key, line in lines.items()} == {
            key: oracle.judged(look.paid(promise), time) for key, time in expected.items()
        }


@examples(3)
@given(given=probes(), excused=excuses())
def test_looking_at_every_second_finds_what_looking_between_edges_finds(given: Probes, excused: Excuses) -> None:
    whole = replace(given, rows=tuple((name, at - at % SECOND, word) for name, at, word in given.rows))
    read = {
        name: replace(excuse, records=tuple(each for each in excuse.records if (each.end or 0) % SECOND == 0))
        for name, excuse in excused.read.items()
    }
    excuses_whole = replace(excused, read=read)
    window = (MONDAY, MONDAY + DAY)
    start, until = MONDAY - DAY, MONDAY + DAY + 2 * HOUR
    ruled = [*excuses_whole.cut(until).values()]
    samples = whole.of("web")

    def tallied(cut: Sequence[Moment]) -> oracle.Time:
        return oracle.time_of(
            cut, lambda at: oracle.state_at(samples, whole.hold, at), window, ruled, (">=", 5 * MINUTE)
        )

    edges = [*whole.edges, *excuses_whole.edges(until), *window]
    assert tallied(oracle.seconds(start, until)) == tallied(oracle.moments(edges, start, until))


@examples(8)
@given(
    loads=st.lists(
        st.tuples(st.integers(-3600, 90_000), st.sampled_from(["", "0", "79.9", "80", "80.0", "80.001", "95"])),
        min_size=1,
        max_size=20,
        unique_by=lambda pair: pair[0],
    ),
    hold=st.sampled_from([MINUTE, HOUR]),
)
def test_a_condition_on_a_cell_says_when_time_is_down(loads: list[tuple[int, str]], hold: int) -> None:
    samples = [(MONDAY + second * SECOND, "down" if cell and Fraction(cell) > 80 else "up") for second, cell in loads]
    edges = [edge for at, _ in samples for edge in (at, at + hold)]
    cut = oracle.moments([*edges, MONDAY, MONDAY + DAY], MONDAY - DAY, LATER)
    window = (MONDAY, MONDAY + DAY)
    time = oracle.time_of(cut, lambda at: oracle.state_at(samples, hold, at), window, [], (">", 0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "load.csv", ("at", "load"), [(times(MONDAY + second * SECOND), cell) for second, cell in loads])
        columns = {"at": "at", "load": "load"}
        agreement = {
            "sources": {
                "probes": {"path": "load.csv", "shape": "samples", "columns": columns, "hold": hold_text(hold)}
            },
            "outages": {"busy": {"from": "probes", "when": {"load": "> 80"}}},
            "service_levels": {
                "calm": written_level(PROMISES["bounds"], {"kind": "availability", "from": "busy"}),
            },
        }
        try:
            line = lines_of(run(folder, agreement, "2026-03-02", LATER))["2026-03-02", "calm", ""]
        except DataError as error:
            assert {problem.code for problem in error.problems} == {"no-row-of-period"}
            assert time.unknown == DAY
            return
    up = time.service - time.down - time.unknown
    assert timed(line) == (0, 0, 0, time.unknown, up, time.down, time.outages, time.longest)
    assert told(line) == oracle.judged(PROMISES["bounds"], time)


# --- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Logs:
    """Three logs: (subject, cause, event) in the order of rows."""

    rows: tuple[tuple[tuple[str, str, Event], ...], ...]

    def of(self, subject: str, cause: str | None = None) -> list[list[Event]]:
        return [[event for name, why, event in log if name == subject and cause in (None, why)] for log in self.rows]

    @property
    def edges(self) -> list[int]:
        return [
            edge for log in self.rows for _, _, event in log for edge in (event.start, event.end) if edge is not None
        ]


@st.composite
def outage_logs(draw: st.DrawFn) -> Logs:
    found = []
    for _ in range(3):
        log = draw(logs(MONDAY - DAY, MONDAY + 4 * DAY, 7))
        found.append(
            tuple(
                (draw(st.sampled_from(["web", "db"])), draw(st.sampled_from(["power", "network"])), event)
                for event in log
            )
        )
    return Logs(tuple(found))


def named(rows: Sequence[tuple[str, str, Event]], cause: str | None = None) -> set[str]:
    return {subject for subject, why, _ in rows if cause in (None, why)}


@examples(12)
@given(given=outage_logs(), excused=excuses(), look=looks())
def test_availability_of_events_is_what_looking_at_every_moment_finds(
    given: Logs, excused: Excuses, look: Looked
) -> None:
    logs_named = ["first", "second", "third"]
    rules: dict[str, tuple[Document | None, oracle.Least]] = {
        "first": (None, (">", 0)),
        "all": ({"from": logs_named}, (">", 0)),
        "long": ({"from": logs_named, "lasting": ">= 5m"}, (">=", 5 * MINUTE)),
        "ranked": ({"from": logs_named, "overlapping": "first"}, (">", 0)),
        "ranked-long": ({"from": logs_named, "overlapping": "first", "lasting": "> 5m"}, (">", 5 * MINUTE)),
    }
    levels = {f"{rule}-{n}": (rule, excluding) for rule in rules for n, excluding in enumerate(EXCLUDING)}
    levels["power"] = ("first", ())
    promise = PROMISES["bounds"]
    shape = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    measures: Document = {
        name: {"kind": "availability", "from": rule, "excluding": list(excluding)}
        for name, (rule, excluding) in levels.items()
    }
    measures["power"]["where"] = {"cause": "power"}
    agreement = {
        "sources": {**{each: {"path": f"{each}.csv", **shape} for each in logs_named}, **excused.source},
        "exclusions": excused.document,
        "outages": {name: rule for name, (rule, _) in rules.items() if rule},
        "service_levels": {name: written_level(promise, measure, per="host") for name, measure in measures.items()},
        **look.terms,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each, log in zip(logs_named, given.rows, strict=True):
            lines = [(times(e.start), times(e.end), subject, cause) for subject, cause, e in log]
            write(folder, f"{each}.csv", ("from", "to", "host", "cause"), lines)
        excused.write(folder)
        if not any(cause == "power" for _, cause, _ in given.rows[0]):
            # Nobody to judge: the conditions of a measure say whom it is about.
            with pytest.raises(DataError, match="satisfies the conditions"):
                run(folder, agreement, look.asked, look.as_of)
            return
        statements = run(folder, agreement, look.asked, look.as_of)
    ruled = excused.cut(look.as_of, look.since)
    bounds = [edge for _, period, window in look.windows for edge in (*period, *window)]
    cut = oracle.moments([*given.edges, *excused.edges(look.as_of, look.since), *bounds], MONDAY - 2 * DAY, look.as_of)
    expected: dict[tuple[str, str, str], oracle.Time] = {}
    for level, (rule, excluding) in levels.items():
        cause = "power" if level == "power" else None
        subjects = set().union(*(named(log, cause) for log in (given.rows[:1] if rule == "first" else given.rows)))
        for subject in subjects:
            own = [[e for e in log if e.start < look.as_of] for log in given.of(subject, cause)]
            events = own[0] if rule == "first" else [event for log in own for event in log]
            if rule.startswith("ranked"):
                events = oracle.first_of(own)
            down = [event.seen(look.as_of) for event in events]
            states = {start: "down" if oracle.inside(start, down) else "up" for start, _ in cut}
            for label, _, window in look.windows:
                expected[label, level, subject] = oracle.time_of(
                    cut, states.__getitem__, window, [ruled[each] for each in excluding], rules[rule][1]
                )
    found = lines_of(statements)
    check_times(look, found, expected)
    answers = {key: oracle.judged(look.paid(promise), time) for key, time in expected.items()}
    assert {key: told(line) for key, line in found.items()} == answers
    check_totals(statements, answers)


# --- counts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Requests:
    """Rows of (subject, region, count), each a start of an interval, in the order of the file."""

    rows: tuple[tuple[str, str, Count], ...]
    width: int


@st.composite
def requests(draw: st.DrawFn) -> Requests:
    width = draw(st.sampled_from([HOUR, 3 * HOUR, 50 * MINUTE]))
    found: list[tuple[str, str, Count]] = []
    for subject in ("api", "web"):
        base = draw(st.integers(0, 1000))
        missing = draw(st.sets(st.integers(0, 3 * DAY // width), max_size=draw(st.sampled_from([0, 0, 3]))))
        for index in range(-2, 3 * DAY // width + 2):
            if index in missing:
                continue
            jitter = draw(st.sampled_from([0, 0, 0, 0, 1, width - 1]))
            total = (base * (index + 7)) % 97
            good = total - (total // 5 if (base + index) % 3 == 0 else 0)
            region = "eu" if (base + index) % 4 else "us"
            found.append((subject, region, Count(MONDAY + index * width + jitter, total, good)))
            if draw(st.integers(0, 20)) == 0:
                found.append((subject, region, Count(MONDAY + index * width, total + 3, good)))
    return Requests(tuple(draw(st.permutations(found))), width)


COUNTED = {name: PROMISES[name] for name in ("bounds", "exclude", "breach", "deemed")}


@examples(14)
@given(given=requests(), excused=excuses(), look=looks())
def test_success_rates_are_what_walking_the_intervals_finds(given: Requests, excused: Excuses, look: Looked) -> None:
    kinds = {"good": {"good": "good"}, "bad": {"bad": "bad"}, "sparse": {"good": "good"}}
    levels = {
        f"{kind}-{policy}": (kind, EXCLUDING[(first + second) % 3])
        for first, kind in enumerate(kinds)
        for second, policy in enumerate(COUNTED)
    }
    levels["european-bounds"] = ("sparse", ("weather",))
    promised = {name: PROMISES[name.rpartition("-")[2]] for name in levels}
    source = {"path": "requests.csv", "shape": "counts", "interval": f"{given.width // SECOND}s"}
    measures: Document = {
        name: {"kind": "success-rate", "from": kind, "excluding": list(excluding)}
        for name, (kind, excluding) in levels.items()
    }
    measures["european-bounds"]["where"] = {"region": ["eu"]}
    agreement = {
        "sources": {
            kind: {
                **source,
                "columns": {"at": "at", "total": "total", **column},
                "absent_rows": "empty" if kind == "sparse" else "unknown",
            }
            for kind, column in kinds.items()
        }
        | excused.source,
        "exclusions": excused.document,
        "service_levels": {
            name: written_level(promised[name], measure, per="host") for name, measure in measures.items()
        },
        **look.terms,
    }
    ruled = excused.cut(look.as_of, look.since)
    expected: dict[tuple[str, str, str], oracle.Counts] = {}
    for level, (kind, excluding) in levels.items():
        european = level == "european-bounds"
        rows_used = [row for row in given.rows if not european or row[1] == "eu"]
        out = [part for each in excluding for part in ruled[each][1]]
        for subject in {row[0] for row in rows_used}:
            own = [count for name, _, count in rows_used if name == subject]
            for index, (label, _, window) in enumerate(look.windows):
                width = None if kind == "sparse" else given.width
                running = given.width if look.future(index) else None
                expected[label, level, subject] = oracle.counts_of(own, window, width, out, running)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [
            (times(count.at), subject, region, count.total, count.good, count.total - count.good)
            for subject, region, count in given.rows
        ]
        write(folder, "requests.csv", ("at", "host", "region", "total", "good", "bad"), lines)
        excused.write(folder)
        statements = run(folder, agreement, look.asked, look.as_of)
    found = lines_of(statements)
    tallies = {}
    for key, line in found.items():
        assert line.counted is not None
        counted = line.counted
        tallies[key] = oracle.Counts(counted.total, counted.good, counted.intervals_expected, counted.intervals_present)
    assert tallies == expected
    answers = {key: oracle.judged(look.paid(promised[key[1]]), counts) for key, counts in expected.items()}
    assert {key: told(line) for key, line in found.items()} == answers
    check_totals(statements, answers)


@examples(8)
@given(
    rows=st.lists(
        st.tuples(st.integers(-100, 90_000), st.sampled_from(["ok", "late", "lost"]), st.sampled_from(["eu", "us"])),
        min_size=1,
        max_size=40,
    )
)
def test_a_condition_counts_rows_as_good_or_bad(rows: list[tuple[int, str, str]]) -> None:
    source = {"path": "calls.csv", "shape": "counts", "columns": {"at": "at"}, "absent_rows": "empty"}
    conditions: Document = {"good": {"result": ["ok", "late"]}, "bad": {"result": {"not": ["ok", "late"]}}}
    agreement = {
        "sources": {name: {**source, name: condition} for name, condition in conditions.items()},
        "service_levels": {
            name: written_level(PROMISES["bounds"], {"kind": "success-rate", "from": name}, per="region")
            for name in conditions
        },
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(
            folder,
            "calls.csv",
            ("at", "result", "region"),
            [(times(MONDAY + second * SECOND), result, region) for second, result, region in rows],
        )
        found = lines_of(run(folder, agreement, "2026-03-02", LATER))
    expected = {
        ("2026-03-02", name, subject): oracle.judged(
            PROMISES["bounds"],
            oracle.counts_of(
                [
                    Count(MONDAY + second * SECOND, 1, int(result != "lost"))
                    for second, result, region in rows
                    if region == subject
                ],
                (MONDAY, MONDAY + DAY),
                None,
                [],
            ),
        )
        for name in conditions
        for subject in {region for _, _, region in rows}
    }
    assert {key: told(line) for key, line in found.items()} == expected


def test_records_that_overlap_use_an_allowance_once(tmp_path: Path) -> None:
    """Two hours are allowed a day: one hour within two is two hours, and the third is down time."""
    hours = [(0, 1), (0, 2), (1, 3)]
    works = tuple(Event(MONDAY + start * HOUR, MONDAY + end * HOUR) for start, end in hours)
    write(tmp_path, "works.csv", ("from", "to"), [(times(each.start), times(each.end)) for each in works])
    write(tmp_path, "outages.csv", ("from", "to"), [(times(MONDAY + 5 * HOUR), times(MONDAY + 6 * HOUR))])
    shape = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    agreement = {
        "sources": {name: {"path": f"{name}.csv", **shape} for name in ("works", "outages")},
        "exclusions": {"planned": {"from": "works", "allowance": "2h per day"}},
        "service_levels": {
            "up": written_level(
                PROMISES["bounds"], {"kind": "availability", "from": "outages", "excluding": ["planned"]}
            )
        },
    }
    line = lines_of(run(tmp_path, agreement, "2026-03-02", LATER))["2026-03-02", "up", ""]
    within, beyond = oracle.excused(Excuse(works, None, 2 * HOUR), LATER)
    assert sum(end - start for start, end in within) == 2 * HOUR
    assert sum(end - start for start, end in beyond) == HOUR
    assert timed(line) == (0, 0, 2 * HOUR, 0, 20 * HOUR, 2 * HOUR, 1, HOUR)
