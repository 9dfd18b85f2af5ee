"""A case over many rows: the last row, the latest by its instant, or events that open and close it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from slacheck.problems import DataError, Problem
from slacheck.sources.source import Source
from tests.sources.opener import Opener, us, words
from tests.whole_runs import run

EVENTS = {
    "shape": "cases",
    "columns": {"id": "ticket", "event": "what", "at": "time"},
    "repeats": "events",
    "events": {"opened": "Created", "answered": {"first": ["Reply", "Call"]}, "closed": {"last": "Closed"}},
}
LOG = """
ticket,what,time,priority
A,Created,2026-10-01T08:00Z,P3
A,Reply,2026-10-01T09:00Z,P3
B,Created,2026-10-01T10:00Z,P2
A,Closed,2026-10-01T12:00Z,P3
A,Reopened,2026-10-02T08:00Z,P1
A,Call,2026-10-02T08:30Z,P1
A,Closed,2026-10-02T09:00Z,P1
B,Comment,2026-10-03T10:00Z,P2
"""
READ = words(["priority"], instants=["opened", "answered", "closed"])


def cases(opener: Opener, log: str, terms: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    export = opener("log", log, terms or EVENTS, READ)
    columns = [export.words["priority"], *(export.instants[word] for word in ("opened", "answered", "closed"))]
    return sorted(opener.rows(export, ["r_id", *columns]))


def test_events_set_the_instants_of_a_case(opener: Opener) -> None:
    """The first answer of two, the last close of two; facts are those of the latest row. B has no answer yet."""
    assert cases(opener, LOG) == [
        ("A", "P1", us("2026-10-01T08:00"), us("2026-10-01T09:00"), us("2026-10-02T09:00")),
        ("B", "P2", us("2026-10-01T10:00"), None, None),
    ]


def test_the_order_of_the_rows_says_nothing(opener: Opener) -> None:
    header, *rows = LOG.strip().splitlines()
    wanted = cases(opener, LOG)
    for seed in range(5):
        Random(seed).shuffle(rows)
        assert cases(opener, "\n".join([header, *rows])) == wanted
    assert cases(opener, "\n".join([header, *rows, *rows])) == wanted


def test_a_log_of_events_is_one_case_for_each_in_the_statement(tmp_path: Path) -> None:
    """A was closed after 25 hours, B after half an hour: one of two within 4 hours."""
    (tmp_path / "log.csv").write_text(LOG.strip() + "\nB,Closed,2026-10-01T10:30Z,P2\n", encoding="utf-8")
    events = {"opened": "Created", "closed": {"last": "Closed"}}
    agreement = {
        "timezone": "UTC",
        "sources": {"log": {**EVENTS, "path": "log.csv", "events": events}},
        "service_levels": {
            "resolution": {
                "measure": {"kind": "share-within", "from": "log", "between": ["opened", "closed"], "limit": "4h"},
                "target": ">= 50%",
            }
        },
    }
    (statement,) = run(tmp_path, agreement, "2026-10", us("2026-11-01T00:00"))
    (line,) = statement.lines
    assert line.best is not None
    assert (line.best.fraction, line.worst, line.verdict) == (Fraction(1, 2), line.best, "met")


def refused(opener: Opener, log: str, terms: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(DataError) as caught:
        opener("log", log, terms, words(instants=["opened"]))
    return caught.value.problems


def test_an_event_that_happens_twice_is_not_chosen_among(opener: Opener) -> None:
    again = LOG + "B,Created,2026-10-04T10:00Z,P2\n"
    (problem,) = refused(opener, again, EVENTS)
    assert (problem.code, problem.row, problem.field) == ("event-twice", 10, "what")
    assert problem.help == "say which counts: events: {opened: {first: WORD}} or {last: WORD}"
    # The same row delivered twice says nothing else.
    assert len(cases(opener, LOG + "B,Created,2026-10-01T10:00Z,P2\n")) == 2


LATEST = {"shape": "cases", "columns": {"id": "ticket", "at": "changed"}, "repeats": "latest"}
STATES = """
ticket,changed,opened,priority
A,2026-10-03,2026-10-01,P1
B,2026-10-02,2026-10-02,P2
A,2026-10-01,2026-10-01,P3
"""


def test_the_latest_row_counts_where_the_newest_stand_first(opener: Opener) -> None:
    read = words(["priority"], instants=["opened"])
    for terms, priority in ((LATEST, "P1"), ({**LATEST, "repeats": "last", "columns": {"id": "ticket"}}, "P3")):
        export = opener("states", STATES, terms, read)
        found = sorted(opener.rows(export, ["r_id", export.words["priority"]]))
        assert found == [("A", priority), ("B", "P2")]
        assert (export.rows, export.replaced) == (3, 1)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"repeats": "latest"}, "events"),
        ({"events": {}}, "events"),
        ({"columns": {"id": "ticket", "event": "what"}}, "missing-role"),
        ({"columns": {"id": "ticket", "at": "time"}}, "missing-role"),
        ({"columns": {**EVENTS["columns"], "opened": "x"}}, "events"),  # type: ignore[dict-item]
        ({"events": {"opened": {"first": "Created", "last": "Created"}}}, "events"),
        ({"repeats": "refuse", "events": {}}, "events"),
    ],
)
def test_events_and_what_they_set_go_together(terms: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"path": "log.csv", **EVENTS, **terms})
    assert caught.value.errors()[0]["type"] == code
