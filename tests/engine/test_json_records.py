"""Records of lists inside lists, of objects and of parallel lists: compared with a plain walk over the document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slacheck.engine import bad_cells, text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import open_file
from slacheck.engine.reading import Column, Reading, read
from slacheck.engine.record_paths import Door, PathFault, records_path, steps, ways
from slacheck.problems import DataError, Problem


class Documents:
    """Writes documents and reads the texts of their records."""

    def __init__(self, folder: Path, scratch: DuckScratch) -> None:
        self.folder, self.scratch = folder, scratch

    def read(self, text: str, records: Sequence[str], columns: Sequence[str], name: str = "x.json") -> Reading:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        wanted = [Column(f"c{i}", (column,), text_rules.text(), False) for i, column in enumerate(columns)]
        return read(self.scratch, [open_file(path, name)], wanted, records)

    def texts(self, document: Any, records: Sequence[str] | str, *columns: str) -> list[tuple[Any, ...]]:
        """The cells of every record in their order; nothing may be wrong with them."""
        paths = (records,) if isinstance(records, str) else records
        reading = self.read(json.dumps(document), paths, columns)
        assert not bad_cells.problems(self.scratch, reading)
        return [row[1:-1] for row in sorted(self.scratch.rows(reading.frame))]

    def refused(self, text: str, records: Sequence[str], *columns: str) -> list[Problem]:
        with pytest.raises(DataError) as caught:
            raise DataError(bad_cells.problems(self.scratch, self.read(text, records, columns)))
        return list(caught.value.problems)


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[Documents]:
    with DuckScratch() as scratch:
        yield Documents(tmp_path, scratch)


# Series of pairs, as a time series database answers: gaps, a series without a value, one label with a point.
MATRIX = {
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [
            {"metric": {"instance": "a:9090", "k8s.pod": "p"}, "values": [[1641889533, "21"], [1641889534.5, "NaN"]]},
            {"metric": {"instance": "b:9090"}, "values": []},
            {"metric": {"instance": "c:9090"}, "values": [[1641889537, "1e-3"]]},
        ],
    },
}


def test_items_of_lists_inside_lists_have_positions_and_what_stands_around_them(documents: Documents) -> None:
    found = documents.texts(MATRIX, "data.result[].values[]", "[0]", "[1]", "metric.instance", "status")
    assert found == [
        ("1641889533", "21", "a:9090", "success"),
        ("1641889534.5", "NaN", "a:9090", "success"),
        ("1641889537", "1e-3", "c:9090", "success"),
    ]
    dotted = documents.texts(MATRIX, "data.result[].values[]", 'metric."k8s.pod"', "data.resultType")
    assert dotted == [("p", "matrix"), ("p", "matrix"), (None, "matrix")]


def test_values_of_an_object_are_called_by_their_key(documents: Documents) -> None:
    beats = {"beats": {"1": [{"status": 1}, {"status": 0}], "web 2": [{"status": 3}], "none": []}}
    assert documents.texts(beats, "beats{}[]", "beats{}", "status") == [("1", "1"), ("1", "0"), ("web 2", "3")]
    inner = [{"by": {"x": {"n": 1}, "y": {"n": 2}}}, {"by": {"x": {"n": 3}}}, {}]
    assert documents.texts(inner, "[].by{}", "[].by{}", "n") == [("x", "1"), ("y", "2"), ("x", "3")]


def test_parallel_lists_are_zipped(documents: Documents) -> None:
    answer = {"R": [{"Label": "a", "T": ["t1", "t2"], "V": [1.5, None]}, {"Label": "b", "T": [], "V": []}]}
    found = documents.texts(answer, "R[].T[]+V[]", "T", "V", "Label")
    assert found == [("t1", "1.5", "a"), ("t2", None, "a")]
    deeper = {"times": [1, 2], "series": {"good": {"v": [3, 4]}, "all": {"v": [5, 6]}}, "name": "n"}
    assert documents.texts(
        deeper, "times[]+series.good.v[]+series.all.v[]", "times", "series.good.v", "series.all.v", "name"
    ) == [("1", "3", "5", "n"), ("2", "4", "6", "n")]


def test_an_object_alone_is_one_record_and_several_paths_follow_each_other(documents: Documents) -> None:
    metric = {"id": "7", "ongoing": {"start": 3}, "completed": [{"start": 1, "stop": 2}]}
    assert documents.texts(metric, "$", "id", "ongoing.start") == [("7", "3")]
    both = documents.texts(metric, ("completed[]", "ongoing"), "id", "start", "stop")
    assert both == [("7", "1", "2"), ("7", "3", None)]
    # What is absent or null in one place is no record there.
    pages = {"values": [metric, {"id": "8", "ongoing": None, "completed": []}, {"id": "9", "ongoing": {"start": 5}}]}
    found = documents.texts(pages, ("values[].completed[]", "values[].ongoing"), "id", "start")
    assert found == [("7", "1"), ("7", "3"), ("9", "5")]
    assert documents.texts(metric, ("absent[]", "ongoing"), "start") == [("3",)]


def test_the_innermost_record_that_has_a_key_is_meant_and_a_path_from_the_top_reaches_the_others(
    documents: Documents,
) -> None:
    clash = {"name": "top", "groups": [{"name": "group", "items": [{"name": "own"}, {}]}]}
    found = documents.texts(clash, "groups[].items[]", "name", "groups[].items[].name", "groups[].name", "$.name")
    # Where one record of the file has it, another without it has none: it does not borrow that of its group.
    assert found == [("own", "own", "group", "top"), (None, None, "group", "top")]


def test_a_key_that_only_a_late_record_has_still_belongs_to_the_records(documents: Documents) -> None:
    items: list[dict[str, object]] = [{"n": n} for n in range(2500)]
    items[-1]["name"] = "own"
    found = documents.texts({"g": [{"name": "group", "items": items}]}, "g[].items[]", "name")
    assert (found[0], found[-1]) == ((None,), ("own",))


def test_indices_lead_into_lists_inside_a_record(documents: Documents) -> None:
    records = [{"acks": [{"at": "x"}, {"at": "y"}]}, {"acks": []}, {"acks[0].at": "literal", "acks": [{"at": "z"}]}]
    assert documents.texts(records, (), "acks[0].at", "acks[1].at") == [("x", "y"), (None, None), ("literal", None)]


def test_a_problem_is_called_by_its_place_in_the_document(documents: Documents) -> None:
    text = '{"d": {"r": [{"v": []}, {"v": [[1, 2], 5]}, {"v": {"q": 1}}]}}'
    problems = documents.refused(text, ("d.r[].v[]",), "[0]")
    assert [(each.code, each.row, each.field) for each in problems] == [
        ("bad-record", 2, "d.r[1].v[1]"),
        ("bad-record", 3, "d.r[2].v"),
    ]
    (uneven,) = documents.refused('{"r": [{"T": [1, 2], "V": [3]}]}', ("r[].T[]+V[]",), "T")
    assert "T has 2, V has 1" in uneven.message
    column = Column("n", ("[1]",), text_rules.number(0))
    documents.folder.joinpath("x.json").write_text('{"r": {"one": [[1, "x"]], "two": [[2, 7]]}}')
    reading = read(documents.scratch, [open_file(documents.folder / "x.json", "x.json")], [column], ("r{}[]",))
    (number,) = bad_cells.problems(documents.scratch, reading)
    assert number.place == "x.json, row 1, column 'r.one[0][1]'"


def test_a_path_that_leads_nowhere_is_told(documents: Documents) -> None:
    text = json.dumps(MATRIX)
    (problem,) = documents.refused(text, ("data.results[].values[]",), "[0]")
    assert problem.message == "no list of records at 'data.results[].values[]': nothing stands there"
    (problem,) = documents.refused(text, ("data.result[].value[]",), "[0]")
    assert problem.message == "no list of records at 'data.result[].value': nothing stands there"
    (problem,) = documents.refused(text, ("data[]",), "[0]")
    assert problem.message == "no list of records at 'data[]': it is an object"
    (problem,) = documents.refused(text, ("data.result[].values[]",), "metric.instanze")
    assert problem.help.startswith("did you mean 'metric.instance'? there are: '[0]', '[1]', 'metric.instance'")


def test_lines_may_be_documents(documents: Documents) -> None:
    text = '{"p": 1, "items": [{"n": 1}]}\n{"p": 2, "items": [{"n": 2}, {"n": 3}]}\n'
    reading = documents.read(text, ("items[]",), ("p", "n"), "x.ndjson")
    assert [row[1:-1] for row in sorted(documents.scratch.rows(reading.frame))] == [("1", "1"), ("2", "2"), ("2", "3")]


def test_an_outer_record_larger_than_the_engine_takes_by_itself_is_read(documents: Documents) -> None:
    count = 600_000
    pairs = ", ".join(f'[{1_600_000_000 + n}, "{n}.000000000000"]' for n in range(count))
    text = '{"data": {"result": [{"metric": {"i": "x"}, "values": [' + pairs + "]}]}}"
    assert len(text) > 17_000_000
    reading = documents.read(text, ("data.result[].values[]",), ("[0]", "metric.i"))
    assert reading.rows == count
    last = documents.scratch.fetch(f'SELECT c0, c1 FROM "{reading.table}" WHERE rowid = {count - 1}')
    assert last == [(str(1_600_000_000 + count - 1), "x")]


def test_hostile_keys_stay_data(documents: Documents) -> None:
    odd = "o'b\"; DROP TABLE x--/~1"
    document = {odd: {"k'1": [{odd: "v'"}], "{}[]": [{odd: "w"}]}, "deep": json.loads("[" * 400 + "]" * 400)}
    path = f"{json.dumps(odd)}{{}}[]"
    assert documents.texts(document, path, path.removesuffix("[]"), odd) == [("k'1", "v'"), ("{}[]", "w")]
    text = '{"a": [{"b": [{"c": 1}]}], "deep": ' + "[" * 60_000 + "]" * 60_000 + "}"
    reading = documents.read(text, ("a[].b[]",), ("c",))
    assert [row[1] for row in documents.scratch.rows(reading.frame)] == ["1"]


@pytest.mark.parametrize(
    ("path", "at", "words"),
    [
        ("a..b", 2, "'.' does not belong here"),
        ("a[0].b", 1, "not one of them"),
        ("a[]b", 3, "'b' does not belong here"),
        ("a[].", 3, "ends too early"),
        ("a[]+b", 4, "ends too early"),
        ("a{}+b[]", 3, "'+' does not belong here"),
        ("[]+b[]", 2, "'+' does not belong here"),
        ("a[", 1, "'[' does not belong here"),
        ("", 0, "ends too early"),
    ],
)
def test_a_path_that_cannot_be_meant_says_where(path: str, at: int, words: str) -> None:
    with pytest.raises(PathFault) as fault:
        records_path(path)
    assert (fault.value.at, words in str(fault.value)) == (at, True)


def test_keys_of_any_kind_are_written_in_quotes() -> None:
    assert records_path('"a.b"[]."c[]"{}').doors == (Door(("a.b",), "items"), Door(("c[]",), "values"))
    assert records_path('"a.b"[]."c[]"{}').prefix(2) == '"a.b"[]."c[]"{}'
    assert steps('m."x.y"[2].z') == ("m", "x.y", 2, "z")
    assert steps("a[0]b") is None
    assert ways("a.b") == (("a.b",), ("a", "b"))


KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.sampled_from(["x", "y", None])
RECORD = st.dictionaries(KEYS, LEAVES, max_size=3)
INNER = st.one_of(st.lists(RECORD, max_size=3), st.none())
OUTER = st.builds(lambda own, inner: {**own, "in": inner}, RECORD, INNER)
GROUPS = st.one_of(st.lists(OUTER, min_size=1, max_size=4), st.dictionaries(KEYS, OUTER, min_size=1, max_size=3))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=GROUPS, top=RECORD)
def test_records_are_those_of_a_plain_walk(documents: Documents, groups: Any, top: dict[str, Any]) -> None:
    document = {**top, "groups": groups}
    outer = list(groups.values()) if isinstance(groups, dict) else groups
    walk = [(record, around) for around in outer for record in around["in"] or ()]
    columns = sorted(
        {*top, *(key for around in outer for key in around if key != "in"), *(k for r, _ in walk for k in r)}
    )
    expected = []
    for record, around in walk:
        cells = []
        for column in columns:
            of_records, of_around = (any(column in each[i] for each in walk) for i in (0, 1))
            # Around records there is what holds none of them too.
            of_around = of_around or any(column in each for each in outer)
            cells.append((record if of_records else around if of_around else top).get(column))
        expected.append(tuple(cells))
    path = "groups{}.in[]" if isinstance(groups, dict) else "groups[].in[]"
    if any(around["in"] for around in outer):
        assert documents.texts(document, path, *columns) == expected
