"""Samples that end by themselves, and samples without a state or value: compared with a walk over the hours."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import DataError
from tests.sources.opener import us
from tests.whole_runs import examples, lines_of, run

HOURS = 24


def settled(folder: Path, rows: Sequence[tuple[str, ...]], source: dict[str, Any], outage: dict[str, Any]) -> Any:
    with (folder / "probes.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("host", "at", "until", "state", "value"), *rows])
    agreement = {
        "timezone": "UTC",
        "period": "day",
        "sources": {"probes": {"path": "probes.csv", "shape": "samples", **source}},
        "outages": {"down": {"from": "probes", **outage}},
        "service_levels": {
            "up": {
                "measure": {"kind": "availability", "from": "down"},
                "per": "host",
                "target": ">= 1%",
                "missing": "exclude",
            }
        },
    }
    found = lines_of(run(folder, agreement, "2026-10-01", us("2026-10-02T00:00")))
    return {subject: line for (_, _, subject), line in found.items()}


def hour(number: int) -> str:
    return f"2026-10-01T{number:02}:00:00Z" if number < 24 else f"2026-10-02T{number - 24:02}:00:00Z"


def walked(rows: list[tuple[int, int | None, str]]) -> list[str]:
    """The state of each hour: that of the last row that began, unless it has ended by itself."""
    states = []
    for now in range(HOURS):
        begun = [row for row in rows if row[0] <= now]
        if not begun:
            states.append("unknown")
            continue
        _, end, state = max(begun, key=lambda row: row[0])
        states.append(state if end is None or now < end else "unknown")
    return states


# Beginnings are distinct, ends come after them.
ROWS = st.lists(
    st.tuples(st.integers(0, 25), st.one_of(st.none(), st.integers(0, 9)), st.sampled_from(["up", "down"])),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
).map(lambda rows: [(start, None if length is None else start + length, state) for start, length, state in rows])


@examples(25)
@given(rows=ROWS)
def test_a_state_holds_until_its_own_end_or_the_next_sample(
    tmp_path_factory: pytest.TempPathFactory, rows: Any
) -> None:
    written = [("a", hour(at), "" if end is None else hour(end), state, "") for at, end, state in rows]
    columns = {"at": "at", "until": "until", "state": "state"}
    line = settled(tmp_path_factory.mktemp("run"), written, {"columns": columns}, {})["a"]
    states = walked(rows)
    known = HOURS - states.count("unknown")
    assert line.coverage.fraction == Fraction(known, HOURS)
    assert (line.best.fraction if known else None) == (Fraction(states.count("up"), known) if known else None)


CELLS = st.lists(st.sampled_from(["1", "9", ""]), min_size=HOURS, max_size=HOURS)


@examples(15)
@given(cells=CELLS)
def test_a_sample_without_a_value_leaves_the_state_unknown(
    tmp_path_factory: pytest.TempPathFactory, cells: Any
) -> None:
    rows = [("a", hour(number), "", "", cell) for number, cell in enumerate(cells)]
    source = {"columns": {"at": "at", "value": "value"}, "hold": "1h", "empty_values": "unknown"}
    line = settled(tmp_path_factory.mktemp("run"), rows, source, {"when": {"value": "> 5"}})["a"]
    known = HOURS - cells.count("")
    assert line.coverage.fraction == Fraction(known, HOURS)
    assert (line.best.fraction if known else None) == (Fraction(cells.count("1"), known) if known else None)


def test_a_sample_without_a_state_is_refused_unless_the_source_says_what_it_means(tmp_path: Path) -> None:
    rows = [("a", hour(0), "", "up", ""), ("a", hour(6), "", "", ""), ("a", hour(12), "", "down", "")]
    source: dict[str, Any] = {"columns": {"at": "at", "state": "state"}, "hold": "until-next"}
    with pytest.raises(DataError) as caught:
        settled(tmp_path, rows, source, {})
    assert [problem.code for problem in caught.value.problems] == ["missing-cell"]
    line = settled(tmp_path, rows, {**source, "empty_values": "unknown"}, {})["a"]
    assert (line.best.fraction, line.coverage.fraction) == (Fraction(6, 18), Fraction(18, 24))


def test_an_end_before_its_beginning_is_refused(tmp_path: Path) -> None:
    columns = {"at": "at", "until": "until", "state": "state"}
    with pytest.raises(DataError) as caught:
        settled(tmp_path, [("a", hour(5), hour(4), "up", "")], {"columns": columns}, {})
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == ("end-before-start", "until")
