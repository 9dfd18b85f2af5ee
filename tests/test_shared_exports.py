"""Levels that share an export, each for subjects of its own: together they say what each says alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.agreement.loading import AgreementFile, load
from slacheck.evaluation import evaluate
from slacheck.problems import DataError
from tests.whole_runs import examples, lines_of, run, wherever_written, write

DAY = 86_400_000_000
AS_OF = 1_790_812_800_000_000 + 40 * DAY
HOSTS = ("a", "b", "c", "d")
SOURCES = {
    "probes": {
        "path": "probes.csv",
        "shape": "samples",
        "columns": {"at": "at", "state": "state"},
        "hold": "2h",
    }
}
OUTAGES = {"long": {"from": "probes", "lasting": ">= 90m"}, "of-a-down": {"from": "probes", "where": {"host": "a"}}}
WHERE: tuple[Any, ...] = (
    None,
    {"host": "a"},
    {"host": ["b", "c"]},
    {"host": {"not": "a"}},
    {"any_of": [{"host": "d"}, {"host": "a"}]},
    {"host": "a", "room": "x"},
    {"room": "x"},
)
MEASURES = (
    {"kind": "availability", "from": "probes"},
    {"kind": "availability", "from": "long"},
    {"kind": "availability", "from": "of-a-down"},
    {"kind": "count", "from": "long"},
    {"kind": "downtime", "from": "probes", "statistic": "longest"},
    {"kind": "downtime", "from": "probes", "statistic": "mean"},
)


def level(measure: int, where: int) -> dict[str, Any]:
    of = MEASURES[measure]
    chosen = {} if WHERE[where] is None else {"where": WHERE[where]}
    target = {"availability": ">= 90%", "count": "<= 1", "downtime": "<= 2h"}[str(of["kind"])]
    return {"per": "host", "measure": {**of, **chosen}, "target": target}


def probes(states: list[int]) -> list[tuple[str, str, str, str]]:
    """Half an hour apart, host by host; 3 is no sample at all."""
    words = ("up", "down", "maybe")
    return [
        (f"2026-10-05T{n // 2:02}:{n % 2 * 30:02}:00Z", host, "xy"[place % 2], words[state])
        for place, host in enumerate(HOSTS)
        for n, state in enumerate(states[place * 10 : place * 10 + 10])
        if state < 3
    ]


@examples(12)
@given(
    states=st.lists(st.sampled_from([0, 0, 0, 1, 1, 2, 3]), min_size=40, max_size=40),
    chosen=st.lists(
        st.tuples(st.integers(0, len(MEASURES) - 1), st.integers(0, len(WHERE) - 1)), min_size=2, max_size=4
    ),
)
def test_levels_together_say_what_each_says_alone(
    tmp_path_factory: pytest.TempPathFactory, states: list[int], chosen: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("shared")
    # Every host has a first sample, so that each of the conditions is satisfied.
    write(
        folder,
        "probes.csv",
        ("at", "host", "room", "state"),
        probes([s if n % 10 else 0 for n, s in enumerate(states)]),
    )
    source = {"probes": {**SOURCES["probes"], "states": {"up": ["up"], "down": ["down"], "unknown": ["maybe"]}}}

    def settled(levels: dict[str, dict[str, Any]]) -> dict[tuple[str, str, str], Any]:
        used = {each["measure"]["from"] for each in levels.values()} & OUTAGES.keys()
        terms = {"timezone": "UTC", "period": "day", "sources": source, "service_levels": levels}
        outages = {"outages": {name: OUTAGES[name] for name in sorted(used)}} if used else {}
        return wherever_written(lines_of(run(folder, {**terms, **outages}, "2026-10-05", AS_OF)))

    # Those hosts are not all left: no record would satisfy the conditions of the rule and of the level.
    levels = {f"level-{n}": level(*each) for n, each in enumerate(chosen) if not (each[0] == 2 and each[1] in (2, 3))}
    if levels:
        alone = [settled({name: each}) for name, each in levels.items()]
        assert settled(levels) == {key: line for lines in alone for key, line in lines.items()}


def test_many_agreements_over_one_export_say_what_each_says_alone(tmp_path: Path) -> None:
    """Fourteen customers with subjects and hours of their own, of whom half have a second level: rows, gaps and cadence
    of the data too. Some samples are missing, two stand twice, and some lie on the days before and after."""
    states = [0, 1, 3, 0, 0, 3, 3, 3, 1, 0] * 4
    around = [(f"2026-10-{day}T20:00:00Z", host, "x", "up") for day in ("04", "06") for host in HOSTS]
    rows = [*around, *probes(states), *probes(states)[:2]]
    write(tmp_path, "probes.csv", ("at", "host", "room", "state"), rows)
    files: list[AgreementFile] = []
    for where in range(len(WHERE)):
        for opens in (0, 2):
            levels = {"first": level(0, where), **({"second": level(4, 1)} if opens else {})}
            levels["first"]["measure"]["hours"] = "open"
            terms = {
                "slacheck": 1,
                "id": f"customer-{len(files)}",
                "provider": "Northwind",
                "customer": "Acme",
                "timezone": "UTC",
                "period": "day",
                "calendars": {"open": {"hours": {"mon-sun": f"0{opens}:00-09:00"}}},
                "sources": SOURCES,
                "service_levels": levels,
            }
            path = tmp_path / f"customer-{len(files)}.yaml"
            path.write_text(json.dumps(terms), encoding="utf-8")
            files.append(load(path))
    together = evaluate(files, "2026-10-04..2026-10-05", AS_OF, {})
    alone = [each for file in files for each in evaluate([file], "2026-10-04..2026-10-05", AS_OF, {})]
    said = {(each.agreement.id, each.period.label): each.model_dump() for each in together}
    assert said == {(each.agreement.id, each.period.label): each.model_dump() for each in alone}
    assert len(said) == 28


def test_subjects_that_measured_the_same_have_lines_with_their_own_names_and_records(tmp_path: Path) -> None:
    """Half an hour down in the second hour for a, in the fourth for b and c; nothing is known after five hours."""
    states = [[0] * 2 + [1] + [0] * 7, [0] * 6 + [1] + [0] * 3, [0] * 6 + [1] + [0] * 3, [0] * 10]
    write(tmp_path, "probes.csv", ("at", "host", "room", "state"), probes([s for own in states for s in own]))
    terms = {"timezone": "UTC", "period": "day", "sources": SOURCES, "service_levels": {"level": level(0, 0)}}
    (statement,) = run(tmp_path, terms, "2026-10-05", AS_OF)
    assert [line.subject for line in statement.lines] == list(HOSTS)
    down = [[(each.start, each.end, each.place) for each in line.worst_outages] for line in statement.lines]
    assert down == [
        [("2026-10-05T01:00:00Z", "2026-10-05T01:30:00Z", "probes.csv:4")],
        [("2026-10-05T03:00:00Z", "2026-10-05T03:30:00Z", "probes.csv:18")],
        [("2026-10-05T03:00:00Z", "2026-10-05T03:30:00Z", "probes.csv:28")],
        [],
    ]
    balances = [(line.balance.down, line.balance.up) for line in statement.lines if line.balance]
    # The last sample, at half past four, holds until half past six.
    assert balances == [(1_800_000_000, 12 * 1_800_000_000)] * 3 + [(0, 13 * 1_800_000_000)]


def test_a_level_whose_subjects_are_nowhere_is_refused_beside_others(tmp_path: Path) -> None:
    write(tmp_path, "probes.csv", ("at", "host", "room", "state"), probes([0] * 40))
    levels = {"some": level(0, 1), "none": {**level(0, 1), "measure": {**MEASURES[0], "where": {"host": "nobody"}}}}
    terms = {"timezone": "UTC", "period": "day", "sources": SOURCES, "service_levels": levels}
    with pytest.raises(DataError) as caught:
        run(tmp_path, terms, "2026-10-05", AS_OF)
    assert [problem.code for problem in caught.value.problems] == ["no-match"]


def test_states_that_contradict_each_other_matter_for_the_subjects_that_are_asked_for(tmp_path: Path) -> None:
    rows = [*probes([0] * 40), ("2026-10-05T00:00:00Z", "b", "y", "down")]
    write(tmp_path, "probes.csv", ("at", "host", "room", "state"), rows)
    terms = {"timezone": "UTC", "period": "day", "sources": SOURCES}
    (statement,) = run(tmp_path, {**terms, "service_levels": {"one": level(0, 1)}}, "2026-10-05", AS_OF)
    assert [line.subject for line in statement.lines] == ["a"]
    with pytest.raises(DataError) as caught:
        run(tmp_path, {**terms, "service_levels": {"one": level(0, 1), "two": level(0, 2)}}, "2026-10-05", AS_OF)
    assert [problem.code for problem in caught.value.problems] == ["two-states"]


def test_intervals_of_requests_are_counted_for_the_subjects_of_each_level(tmp_path: Path) -> None:
    """Host a answers all of ten requests, host b none of ten: of two levels each has one of them."""
    rows = [("2026-10-05T00:00:00Z", "a", 10, 0), ("2026-10-05T00:00:00Z", "b", 10, 10)]
    write(tmp_path, "sums.csv", ("at", "host", "all", "bad"), rows)
    source = {
        "path": "sums.csv",
        "shape": "counts",
        "columns": {"at": "at", "total": "all", "bad": "bad"},
        "interval": "1d",
    }
    outage = {"from": "sums", "when": {"bad_share": "> 50%", "each": "1d"}}
    levels = {
        host: {
            "per": "host",
            "measure": {"kind": "availability", "from": "failing", "where": {"host": host}},
            "target": ">= 90%",
            "empty_interval": "skip",
        }
        for host in ("a", "b")
    }
    terms = {"timezone": "UTC", "period": "day", "sources": {"sums": source}, "outages": {"failing": outage}}
    (statement,) = run(tmp_path, {**terms, "service_levels": levels}, "2026-10-05", AS_OF)
    assert [(line.subject, line.verdict) for line in statement.lines] == [("a", "met"), ("b", "breached")]
