"""Bad rows are an error, or skipped within a budget: counted, listed, and then as if they were not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from slacheck.problems import DataError, Problem
from slacheck.sources.columns import state_words
from slacheck.sources.opening import Export, Exports
from slacheck.sources.source import Source
from slacheck.sources.words import Words
from slacheck.statement import Line
from slacheck.timeline import zones
from tests.sources.opener import Opener, us, words
from tests.whole_runs import examples, run

PROBES = {"shape": "samples", "columns": {"at": "time", "state": "status"}, "hold": "2m"}
# States by their place among the words for them: those of down come first.
DOWN, UP = (state_words(Source.model_validate({"path": "x.csv", **PROBES})).index(word) for word in ("down", "up"))
SEEN = us("2027-01-01T00:00")


def opened(opener: Opener, text: str, terms: dict[str, Any], name: str = "x.csv", read: Words | None = None) -> Export:
    (opener.folder / name).write_text(text, encoding="utf-8", newline="")
    source = Source.model_validate({"path": name, **terms})
    return Exports(opener.scratch).open("x", source, read or Words(), opener.folder, None, zones.zone("UTC"))


def refused(opener: Opener, text: str, terms: dict[str, Any], name: str = "x.csv") -> tuple[Problem, ...]:
    with pytest.raises(DataError) as caught:
        opened(opener, text, terms, name)
    return caught.value.problems


def listed(export: Export) -> list[tuple[int, int, str, str]]:
    return [(each.row, each.line, each.field, each.message) for each in export.bad]


def test_skipped_rows_are_listed_with_row_and_line(opener: Opener) -> None:
    text = (
        "time,note,status\r\n"
        '2026-10-01T00:00:00Z,"two\nlines",up\r\n'
        "03:17.4,,up\r\n"
        '2026-10-01T00:02:00Z,"a\r\nb\r\nc",maybe\r\n'
        "2026-10-01T00:03:00Z,,\r\n"
        "2026-10-01T00:04:00Z,,down\r\n"
    )
    export = opened(opener, text, {**PROBES, "on_bad_row": "skip at most 3"})
    assert opener.rows(export, ["r_at", "r_state"]) == [
        (us("2026-10-01T00:00"), UP),
        (us("2026-10-01T00:04"), DOWN),
    ]
    assert (export.rows, export.skipped) == (5, 3)
    assert listed(export) == [
        (3, 4, "time", "not a time: '03:17.4'"),
        (4, 5, "status", "no state: 'maybe'"),
        (5, 8, "status", "no value, but one is needed"),
    ]
    assert export.bad[0].cell == "03:17.4"
    assert export.bad[0].place == "x.csv, row 3 (line 4), column 'time'"


def test_over_the_budget_all_is_told_and_the_budget_too(opener: Opener) -> None:
    text = "time,status\n" + "soon,up\n" * 3 + "2026-10-01T00:00:00Z,up\n"
    problems = refused(opener, text, {**PROBES, "on_bad_row": "skip at most 2"})
    assert [each.row for each in problems] == [2, 3, 4, 0]
    assert problems[-1].message == "3 of 4 rows of 'x' are bad; on_bad_row skips at most 2"
    assert opened(opener, text, {**PROBES, "on_bad_row": "skip at most 75%"}).skipped == 3
    problems = refused(opener, text, {**PROBES, "on_bad_row": "skip at most 74.999%"})
    assert problems[-1].message.endswith("skips at most 2, 74.999% of them")


def test_a_budget_is_of_all_kinds_together(opener: Opener) -> None:
    text = "time,status\n2026-10-01T00:00:00Z\nsoon,up\n2026-10-01T00:01:00Z,maybe\n2026-10-01T00:02:00Z,up\n"
    export = opened(opener, text, {**PROBES, "on_bad_row": "skip at most 3"})
    assert (export.skipped, [each.code for each in export.bad]) == (3, ["ragged-row", "bad-time", "bad-state"])
    assert opener.rows(export, ["r_state"]) == [(UP,)]
    codes = [each.code for each in refused(opener, text, {**PROBES, "on_bad_row": "skip at most 2"})]
    assert codes == ["ragged-row", "bad-time", "bad-state", "bad-rows"]


COUNTS = {"shape": "counts", "columns": {"at": "time", "total": "n", "bad": "bad"}, "interval": "1m"}
EVENTS = {"shape": "events", "columns": {"start": "a", "end": "b"}}


@pytest.mark.parametrize(
    ("name", "text", "terms", "code", "place"),
    [
        ("x.csv", "time,n,bad\n2026-10-01T00:00Z,1,0\n2026-10-01T00:01Z,1,2\n", COUNTS, "more-than-all", (3, 3)),
        ("x.csv", "time,n,bad\n2026-10-01T00:00Z,1,0\n2026-10-01T00:01Z,1,0,7\n", COUNTS, "ragged-row", (3, 3)),
        ("x.csv", "time,n,bad\n2026-10-01T00:00Z,1,0\n2026-10-01T00:01Z,-1,0\n", COUNTS, "bad-number", (3, 3)),
        ("x.csv", "a,b\n2026-10-02,2026-10-01\n2026-10-02,\n", EVENTS, "end-before-start", (2, 2)),
        (
            "x.csv",
            "a,b\n2026-10-25 01:30,\n2026-10-25 03:30,\n",
            {**EVENTS, "timezone": "Europe/London"},
            "unclear-time",
            (2, 2),
        ),
        ("x.ndjson", '{"a": "2026-10-02", "b": ""}\n[1]\n', EVENTS, "bad-record", (2, 0)),
        ("x.json", '[{"a": "2026-10-02", "b": ""}, {"b": "2026-10-02"}]', EVENTS, "missing-cell", (2, 0)),
    ],
)
def test_what_a_bad_row_is(
    opener: Opener, name: str, text: str, terms: dict[str, Any], code: str, place: tuple[int, int]
) -> None:
    problems = refused(opener, text, terms, name)
    assert [(each.code, each.row) for each in problems] == [(code, place[0])]
    export = opened(opener, text, {**terms, "on_bad_row": "skip at most 1"}, name)
    assert [(each.code, each.row, each.line) for each in export.bad] == [(code, *place)]
    assert (export.skipped, len(opener.rows(export, ["rowid"]))) == (1, 1)


def test_a_row_below_ragged_and_blank_ones_is_named_as_it_stands(opener: Opener) -> None:
    text = 'time,status\n2026-10-01T00:00:00Z,up,"x\ny"\n\n2026-10-01T00:01:00Z,"u\np"\n'
    export = opened(opener, text, {**PROBES, "on_bad_row": "skip at most 2"})
    assert [(each.code, each.row, each.line) for each in export.bad] == [("ragged-row", 2, 2), ("bad-state", 4, 5)]


def test_rows_that_where_drops_cost_nothing(opener: Opener) -> None:
    text = "time,status,host\nsoon,up,b\n2026-10-01T00:00:00Z,up,a\n"
    terms = {**PROBES, "where": {"host": "a"}, "on_bad_row": "skip at most 0"}
    assert opened(opener, text, terms, read=words(["host"])).skipped == 0


def test_a_case_whose_last_row_is_bad_is_left_out_whole(opener: Opener) -> None:
    """Its earlier rows are older states, which would be judged as if they were the last."""
    text = "number,opened\nA,2026-10-01\nB,2026-10-01\nA,soon\n"
    terms = {"shape": "cases", "columns": {"id": "number"}, "repeats": "last", "on_bad_row": "skip at most 1"}
    export = opened(opener, text, terms, read=words(instants=["opened"]))
    assert opener.rows(export, ["r_id"]) == [("B",)]
    assert (export.rows, export.replaced, export.skipped) == (3, 1, 1)


def test_only_so_many_are_listed(opener: Opener) -> None:
    text = "time,status\n" + "soon,up\n" * 150 + "2026-10-01T00:00:00Z,up\n"
    export = opened(opener, text, {**PROBES, "on_bad_row": "skip at most 50000"})
    assert (export.skipped, len(export.bad), export.bad[-1].row) == (150, 100, 101)


@pytest.mark.parametrize("text", ["skip", "skip 10", "skip at most ten", "skip at most 100%", "10", "skip at most -1"])
def test_a_budget_is_a_number_or_a_share(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"path": "x.csv", **PROBES, "on_bad_row": text})
    assert caught.value.errors()[0]["type"] == "bad-rows"
    assert Source.model_validate({"path": "x.csv", **PROBES, "on_bad_row": "fail"}).on_bad_row is None


def test_of_a_log_of_changes_no_row_may_be_skipped() -> None:
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"path": "x.csv", **PROBES, "hold": "until-next", "on_bad_row": "skip at most 1"})
    assert caught.value.errors()[0]["type"] == "on-bad-row"


def availability(folder: Path, rows: list[str], budget: str) -> Line:
    (folder / "probes.csv").write_text("\n".join(["time,status", *rows]) + "\n", encoding="utf-8")
    source = {**PROBES, "path": "probes.csv", "on_bad_row": budget}
    agreement = {
        "timezone": "UTC",
        "period": "day",
        "sources": {"probes": source},
        "service_levels": {"up": {"measure": {"kind": "availability", "from": "probes"}, "target": ">= 50%"}},
    }
    (statement,) = run(folder, agreement, "2026-10-01", SEEN)
    (line,) = statement.lines
    return line


def at(minute: int) -> str:
    return f"2026-10-01T{minute // 60:02}:{minute % 60:02}:00Z"


def test_a_skipped_sample_is_a_gap_which_the_one_before_covers_as_long_as_it_holds(tmp_path: Path) -> None:
    """A sample a minute, each of which holds for two. Without one nothing is unknown; without two it is a minute, and
    without three at the end (from 23:57 on) the last one holds to 23:58, which leaves two minutes."""
    rows = [f"{at(minute)},up" for minute in range(1440)]
    rows[10] = "soon,up"
    rows[20] = rows[21] = f"{at(20)},maybe"
    rows[1437:] = [f"{at(1437)}"] * 3
    line = availability(tmp_path, rows, "skip at most 6")
    assert line.balance is not None
    assert line.balance.unknown == 3 * 60_000_000


@examples(40)
@given(data=st.data())
def test_with_a_budget_a_run_is_that_over_the_rows_that_are_good(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    minutes = data.draw(st.lists(st.integers(0, 1439), min_size=1, max_size=60, unique=True))
    good = [f"{at(minute)},{data.draw(st.sampled_from(['up', 'down']))}" for minute in minutes]
    bad = st.sampled_from(
        ["soon,up", "2026-10-01T00:00:00Z,maybe", "2026-10-01T00:00:00Z", ",up", '"x\ny",up', "1,2,3"]
    )
    mixed = list(good)
    for row in data.draw(st.lists(bad, max_size=8)):
        mixed.insert(data.draw(st.integers(0, len(mixed))), row)
    alone = availability(folder, good, "skip at most 0")
    found = availability(folder, mixed, "skip at most 8")
    assert (found.balance, found.verdict, found.best, found.worst) == (
        *(alone.balance, alone.verdict),
        *(alone.best, alone.worst),
    )
