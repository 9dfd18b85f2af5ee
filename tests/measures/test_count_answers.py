"""Rates and their means are what a plain loop over the records finds, whatever is taken out and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measures.world import DAY, HOUR, MINUTE, MONDAY, Span, Taken, inside, settled, written

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOSTS = {"a": "eu", "b": "us", "c": "eu"}
OFFICE = [(MONDAY + 9 * HOUR, MONDAY + 17 * HOUR)]
WHOLE = [(MONDAY, MONDAY + DAY)]
EXCLUDING = {"none": (), "out": ("works",), "forgiven": ("pardon",), "cut": ("storm",), "mercy": ("mercy", "works")}


@dataclass(frozen=True)
class Row:
    host: str
    at: int
    total: int
    good: int


def stretches(names: Sequence[str]) -> st.SearchStrategy[Taken]:
    starts = st.integers(0, 24 * 12 - 1).map(lambda n: MONDAY + n * 5 * MINUTE)
    lengths = st.sampled_from([7 * MINUTE, 15 * MINUTE, HOUR, 5 * HOUR])
    rows = st.tuples(starts, lengths, st.sampled_from(names)).map(lambda row: (row[0], row[0] + row[1], row[2]))
    return st.lists(rows, min_size=1, max_size=4).map(lambda found: Taken(tuple(found)))


@st.composite
def requests(draw: st.DrawFn, width: int) -> list[Row]:
    found = []
    for host in HOSTS:
        missing = draw(st.sets(st.integers(0, DAY // width - 1), max_size=draw(st.sampled_from([0, 2, 40]))))
        seed = draw(st.integers(0, 1000))
        for index in range(-1, DAY // width + 1):
            if index in missing:
                continue
            total = (seed + index * 7) % 5
            bad = total // 2 if (seed + index) % 3 == 0 else 0
            found.append(Row(host, MONDAY + index * width + draw(st.sampled_from([0, 0, 1])), total, total - bad))
    return list(draw(st.permutations(found)))


def known(excluding: Sequence[str], row: Row, works: Taken, storms: Taken, clock: Sequence[Span]) -> tuple[int, int]:
    """What a record counts: its total and its good ones."""
    out = works.of(row.host) if "works" in excluding else []
    out += storms.of(HOSTS[row.host]) if "storm" in excluding else []
    good = works.of(row.host) if "pardon" in excluding else []
    good += storms.of(HOSTS[row.host]) if "mercy" in excluding else []
    if not inside(row.at, clock) or inside(row.at, out):
        return 0, 0
    return row.total, row.total if inside(row.at, good) else row.good


@FEW
@given(
    rows=requests(10 * MINUTE),
    works=stretches(list(HOSTS)),
    storms=stretches(sorted(set(HOSTS.values()))),
    gridded=st.booleans(),
    hours=st.booleans(),
)
def test_sums_and_means_are_what_walking_through_the_records_finds(
    rows: list[Row], works: Taken, storms: Taken, gridded: bool, hours: bool
) -> None:
    width, each = 10 * MINUTE, 30 * MINUTE
    clock = OFFICE if hours else WHOLE
    measures = {
        f"{kind}-{name}": {
            "kind": "success-rate",
            "from": "requests",
            "excluding": list(excluding),
            **({"mean_of_each": "30m"} if kind == "mean" else {}),
            **({"hours": "office"} if hours else {}),
        }
        for kind in ("sum", "mean")
        for name, excluding in EXCLUDING.items()
    }
    columns = {"at": "at", "total": "total", "good": "good", "host": "host", "region": "region"}
    interval = {"interval": "10m"} if gridded else {"absent_rows": "empty"}
    log = {"shape": "events", "columns": {"start": "from", "end": "to"}}
    found = settled(
        {
            "requests.csv": [
                ("at", "total", "good", "host", "region"),
                *((written(row.at), row.total, row.good, row.host, HOSTS[row.host]) for row in rows),
            ],
            "works.csv": works.file("host"),
            "storms.csv": storms.file("region"),
        },
        {
            "sources": {
                "requests": {"path": "requests.csv", "shape": "counts", "columns": columns, **interval},
                "works": {"path": "works.csv", **log},
                "storms": {"path": "storms.csv", **log},
            },
            **({"calendars": {"office": {"hours": {"mon-fri": "09:00-17:00"}}}} if hours else {}),
            "exclusions": {
                "works": {"from": "works", "matching": "host"},
                "pardon": {"from": "works", "matching": "host", "effect": "good"},
                "storm": {"from": "storms", "matching": "region"},
                "mercy": {"from": "storms", "matching": "region", "effect": "good"},
            },
            "service_levels": {
                name: {
                    "per": "host",
                    "measure": measure,
                    "target": ">= 90%",
                    **({"empty_interval": "skip"} if "mean_of_each" in measure else {}),
                }
                for name, measure in measures.items()
            },
        },
    )
    for name, excluding in EXCLUDING.items():
        for host in HOSTS:
            own = [row for row in rows if row.host == host]
            counted = [(row.at, *known(excluding, row, works, storms, clock)) for row in own]
            line = found[f"sum-{name}", host].counted
            assert line is not None
            assert (line.total, line.good) == (sum(row[1] for row in counted), sum(row[2] for row in counted))
            out = works.of(host) if "works" in excluding else []
            grid = [
                t for t in range(MONDAY, MONDAY + DAY, width) if gridded and inside(t, clock) and not inside(t, out)
            ]
            here = [row[0] for row in counted if inside(row[0], clock) and not inside(row[0], out)]
            assert line.intervals_expected == len(grid)
            assert line.intervals_present == sum(any(t <= at < t + width for at in here) for t in grid)
            # Only what is taken out for the host itself leaves fewer intervals: of a region other hosts may be left.
            rates, busy, idle, absent = Fraction(0), 0, 0, 0
            for slot in range(MONDAY, MONDAY + DAY, each):
                step = width if gridded else MINUTE
                if not any(inside(t, clock) and not inside(t, out) for t in range(slot, slot + each, step)):
                    continue
                there = [row for row in counted if slot <= row[0] < slot + each]
                seen = {(row[0] - slot) // width for row in there}
                total, good = sum(row[1] for row in there), sum(row[2] for row in there)
                if gridded and len(seen) < each // width:
                    absent += 1
                elif total == 0:
                    idle += 1
                else:
                    rates, busy = rates + Fraction(good, total), busy + 1
            mean = found[f"mean-{name}", host]
            assert mean.counted is not None
            assert mean.counted.intervals_idle == idle
            assert mean.counted.intervals_present == busy + idle
            assert mean.counted.intervals_expected == busy + idle + absent
            if busy + absent:
                assert mean.worst is not None
                assert mean.best is not None
                assert mean.worst.fraction == rates / (busy + absent)
                assert mean.best.fraction == (rates + absent) / (busy + absent)


def test_the_interval_under_way_is_not_judged_while_a_period_runs() -> None:
    """At 01:20 two half hours and 50 minutes of a third are there; 00:00 and 00:30 have ended, 01:00 has not."""
    rows = [("at", "total", "bad"), *((written(MONDAY + n * 10 * MINUTE), 10, 1 if n < 6 else 10) for n in range(9))]
    files = {"x.csv": rows}
    source = {"path": "x.csv", "shape": "counts", "columns": {"at": "at", "total": "total", "bad": "bad"}}
    terms = {
        "sources": {"x": {**source, "interval": "10m"}},
        "service_levels": {
            "mean": {
                "measure": {"kind": "success-rate", "from": "x", "mean_of_each": "30m"},
                "target": ">= 90%",
                "empty_interval": "good",
            }
        },
    }
    line = settled(files, terms, as_of=MONDAY + 80 * MINUTE)["mean", ""]
    assert line.counted is not None
    assert line.counted.intervals_expected == 2
    assert line.best is not None
    assert line.best.fraction == Fraction(9, 10)


def test_an_interval_with_a_row_missing_is_unknown() -> None:
    """Of 48 half hours the first has two rows of three: the third may hold any number of requests."""
    lost = [n for n in range(144) if n != 1]
    rows = [("at", "total", "bad"), *((written(MONDAY + n * 10 * MINUTE), 10, 0) for n in lost)]
    source = {"path": "x.csv", "shape": "counts", "columns": {"at": "at", "total": "total", "bad": "bad"}}
    terms = {
        "sources": {"x": {**source, "interval": "10m"}},
        "service_levels": {
            "mean": {
                "measure": {"kind": "success-rate", "from": "x", "mean_of_each": "30m"},
                "target": ">= 90%",
                "empty_interval": "good",
            }
        },
    }
    line = settled({"x.csv": rows}, terms)["mean", ""]
    assert (line.best, line.worst) != (None, None)
    assert line.worst is not None
    assert line.worst.fraction == Fraction(47, 48)
    assert line.verdict == "met"


@pytest.mark.parametrize(("excluded", "counted"), [(20, 48), (25, 47), (30, 47), (31, 47), (60, 46)])
def test_an_interval_counts_when_a_row_of_it_begins_in_counted_time(excluded: int, counted: int) -> None:
    """Rows of 10 minutes in half hours: with 20 minutes out the third row counts, with 25 it begins before the end."""
    rows = [("at", "total", "bad"), *((written(MONDAY + n * 10 * MINUTE), 10, 10 if n < 2 else 0) for n in range(144))]
    source = {"path": "x.csv", "shape": "counts", "columns": {"at": "at", "total": "total", "bad": "bad"}}
    measure = {"kind": "success-rate", "from": "x", "mean_of_each": "30m", "excluding": ["works"]}
    terms = {
        "sources": {
            "x": {**source, "interval": "10m"},
            "works": {"path": "works.csv", "shape": "events", "columns": {"start": "from", "end": "to"}},
        },
        "exclusions": {"works": {"from": "works"}},
        "service_levels": {"mean": {"measure": measure, "target": ">= 90%", "empty_interval": "bad"}},
    }
    works = [("from", "to"), (written(MONDAY), written(MONDAY + excluded * MINUTE))]
    line = settled({"x.csv": rows, "works.csv": works}, terms)["mean", ""]
    assert line.counted is not None
    assert (line.counted.intervals_expected, line.counted.intervals_present) == (counted, counted)
    assert line.best is not None
    assert line.best.fraction == 1


def test_the_worst_intervals_are_the_evidence() -> None:
    rows = [
        ("at", "total", "bad"),
        (written(MONDAY), 10, 1),
        (written(MONDAY + HOUR), 4, 2),
        (written(MONDAY + 2 * HOUR), 5, 0),
    ]
    source = {"path": "x.csv", "shape": "counts", "columns": {"at": "at", "total": "total", "bad": "bad"}}
    terms = {
        "sources": {"x": {**source, "absent_rows": "empty"}},
        "service_levels": {
            "mean": {
                "measure": {"kind": "success-rate", "from": "x", "mean_of_each": "1h"},
                "target": ">= 90%",
                "empty_interval": "skip",
            }
        },
    }
    line = settled({"x.csv": rows}, terms)["mean", ""]
    assert [(each.start, each.cause) for each in line.worst_outages] == [
        ("2026-09-07T01:00:00Z", "2 of 4 bad"),
        ("2026-09-07T00:00:00Z", "1 of 10 bad"),
    ]


def test_a_subject_without_a_record_in_the_period_has_an_answer() -> None:
    """b has records of the day before alone: nothing to count, and 24 empty hours, which are good."""
    rows = [("at", "total", "bad", "host"), (written(MONDAY), 10, 1, "a"), (written(MONDAY - DAY), 10, 1, "b")]
    columns = {"at": "at", "total": "total", "bad": "bad", "host": "host"}
    source = {"path": "x.csv", "shape": "counts", "columns": columns, "absent_rows": "empty"}
    hourly = {"kind": "success-rate", "from": "x", "mean_of_each": "1h"}
    terms = {
        "sources": {"x": source},
        "service_levels": {
            "sum": {"per": "host", "measure": {"kind": "success-rate", "from": "x"}, "target": ">= 90%"},
            "mean": {"per": "host", "measure": hourly, "target": ">= 90%", "empty_interval": "good"},
        },
    }
    found = settled({"x.csv": rows}, terms)
    assert found["sum", "b"].verdict == "not-applicable"
    assert found["mean", "b"].best is not None
    assert found["mean", "b"].best.fraction == 1


def test_records_whose_key_is_exempt_do_not_count() -> None:
    """Of three calls the one of an exempt customer failed."""
    calls = [("at", "until", "customer", "result"), *((written(MONDAY), "", c, r) for c, r in CALLS)]
    terms = {
        "sources": {
            "calls": {"path": "calls.csv", "shape": "events", "columns": {"start": "at", "end": "until"}},
            "exempt": {
                "path": "exempt.csv",
                "shape": "register",
                "key": "customer",
                "columns": {"customer": "customer"},
            },
        },
        "exclusions": {"exempt": {"from": "exempt", "matching": "customer"}},
        "service_levels": {
            "all": {"measure": {**CALLED}, "target": ">= 90%"},
            "less": {"measure": {**CALLED, "excluding": ["exempt"]}, "target": ">= 90%"},
        },
    }
    found = settled({"calls.csv": calls, "exempt.csv": [("customer",), ("test",)]}, terms)
    assert [found[level, ""].verdict for level in ("all", "less")] == ["breached", "met"]
    assert found["less", ""].counted is not None
    assert found["less", ""].counted.total == 2


CALLS = [("x", "ok"), ("y", "ok"), ("test", "failed")]
CALLED = {"kind": "success-rate", "from": "calls", "bad": {"result": ["failed"]}}
