"""How rows follow each other, compared with a plain loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine.duck import DuckScratch
from slacheck.engine.file_order import Steps, steps
from slacheck.engine.scratch import Scratch

Row = tuple[int, int, str]
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with DuckScratch() as opened:
        yield opened


def told(scratch: Scratch, rows: Sequence[Row], subject: Sequence[str] = ("s",), *, mixed: bool = False) -> Steps:
    numbered = [(index, *row[1:]) for index, row in enumerate(rows)]
    # Each file begins with its first row; one without rows, with that of the next.
    files = [sum(row[0] < file for row in rows) for file in range(3)]
    columns = {"rowid": "BIGINT", "t": "BIGINT", "s": "VARCHAR"}
    frame = scratch.give("rows", columns, numbered[::-1] if mixed else numbered)
    return steps(scratch, frame.filter(nw.col("t") > -100), files, "t", subject)


def naive(rows: Sequence[Row]) -> Steps:
    pairs = [(a, b) for a, b in pairwise(rows) if a[0] == b[0]]
    own = [(a, b) for a, b in pairs if a[2] == b[2]]
    back = any(b[1] < a[1] for a, b in pairs)
    if back and 2 * len(own) > len(pairs):
        pairs = own
    return Steps(sum(b[1] > a[1] for a, b in pairs), sum(b[1] < a[1] for a, b in pairs))


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.sampled_from("ab")), max_size=20),
    mixed=st.booleans(),
)
def test_steps_are_what_a_walk_down_the_files_finds(scratch: Scratch, rows: list[Row], mixed: bool) -> None:
    ordered = sorted(rows, key=lambda row: row[0])
    assert told(scratch, ordered, mixed=mixed) == naive(ordered)


def test_newest_first_is_a_direction_and_one_stray_row_is_against_it(scratch: Scratch) -> None:
    rows = [(0, t, "a") for t in (90, 80, 85, 70, 60)]
    found = told(scratch, rows, ())
    assert (found, found.newest_first, found.against) == (Steps(1, 3), True, 1)


def test_one_subject_after_the_other_is_in_order(scratch: Scratch) -> None:
    """Between a and b the instants fall back, which is no disorder: two of three steps are within a subject."""
    rows = [(0, 1, "a"), (0, 2, "a"), (0, 1, "b"), (0, 2, "b")]
    assert told(scratch, rows) == Steps(2, 0)


def test_the_rows_of_subjects_in_turn_are_compared_with_each_other(scratch: Scratch) -> None:
    rows = [(0, 1, "a"), (0, 1, "b"), (0, 3, "a"), (0, 2, "b"), (0, 4, "a")]
    assert told(scratch, rows) == Steps(2, 1)
