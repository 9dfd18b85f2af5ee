"""Files given as history: what is no statement of slacheck is refused at its place, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.past_statements import read
from slacheck.past_statements.json_places import position
from slacheck.problems import DataError, Problem
from slacheck.reports import json as written_as
from slacheck.reports.view import View
from slacheck.statement import Statements
from tests.binary import AGREEMENT, DAY, minutes


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The document of a day with an hour of outage."""
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "agreement.yaml").write_text(AGREEMENT)
    (folder / "probes.csv").write_text(minutes(range(60, 120)))
    found = evaluate([load(folder / "agreement.yaml")], DAY, 1_800_000_000_000_000, {})
    return written_as.render(Statements(slacheck_statements=1, statements=tuple(found)), View())


def refused(path: Path) -> Problem:
    with pytest.raises(DataError) as raised:
        read([path])
    problem, *_ = raised.value.problems
    assert problem.path == str(path)
    assert problem.help
    return problem


def test_what_slacheck_wrote_is_read_as_it_was(statements: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "earlier.json").write_text(statements, encoding=encoding)
        (found,) = read([tmp_path / "earlier.json"])
        again = Statements(slacheck_statements=1, statements=(found.statement,))
        assert written_as.render(again, View()) == statements


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "earlier.json: error[history]: the file is empty"),
        (b" \n", "the file is empty"),
        (b'{\n  "statements": [,]\n}', "earlier.json:2:18: error[history]: not JSON: "),
        (b"slacheck: 1\n", "earlier.json:1:1: error[history]: not JSON: "),
        (b"\xff\xfe\x00\xd8", "earlier.json: error[history]: not JSON"),
        (b"\x1f\x8b\x08\x00\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, "not JSON"),
        (b'{"slacheck_statements": 1, "statements": [' + b"9" * 5000 + b"]}", "not JSON"),
        (b"[]", "earlier.json:1:1: error[history]: this is JSON, but no statement of slacheck"),
        (b"null", "no statement of slacheck"),
        (b'{"statements": []}', "no statement of slacheck"),
        (b'{"slacheck_statements": 1, "statements": {}}', "no statement of slacheck"),
        (b'{"slacheck_statements": 2, "statements": []}', "earlier.json:1:25: error[history]: statements of format 2"),
        (b'{"slacheck_statements": true, "statements": []}', "statements of format True"),
        (b'{"slacheck_statements": 1, "statements": [{"format": 7}]}', "statements of format 7"),
        (b'{"slacheck_statements": 1, "statements": [1]}', "not what slacheck writes at statements[0]"),
        (b'{"slacheck_statements": 1, "statements": [{}]}', "statements[0].agreement: field required"),
    ],
)
def test_what_is_no_statement_is_refused_at_its_file(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "earlier.json").write_bytes(content)
    problem = refused(tmp_path / "earlier.json")
    assert said in f"{problem.place.removeprefix(f'{tmp_path}/')}: error[{problem.code}]: {problem.message}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("total", "credited_least"), "abc"),
        (("total", "credited_most"), "1e999999999"),
        (("total", "least"), "9" * 5000),
        (("total", "least"), 12),
        (("total", "bank"), [{"earned": "x", "left_least": "NaN", "left_most": None, "until": None}]),
        (("total", "bank"), [{"earned": "x", "left_least": "1", "left_most": None, "until": "tomorrow"}]),
        (
            ("total", "returned"),
            [{"level": "a", "of_class": "", "subject": "", "period": "", "least": "-", "most": "1"}],
        ),
        (("lines", 0, "verdict"), "fine"),
        (("lines", 0, "credit", "counted_least"), "1/0"),
        (("lines", 0, "credit", "counted_most"), "٣"),
        (("lines", 0, "best", "exact"), "1/0"),
        (("lines", 0, "best", "exact"), "1" * 9000 + "/1"),
        (("lines", 0, "coverage", "decimal"), "Infinity"),
        (("lines", 0, "surprise"), 1),
        (("lines",), None),
        (("period", "running"), "perhaps"),
        (("period",), []),
    ],
)
def test_what_an_amount_could_be_made_of_is_validated(
    statements: str, tmp_path: Path, path: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(statements)
    inner: Any = document["statements"][0]
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    (tmp_path / "earlier.json").write_text(json.dumps(document))
    problem = refused(tmp_path / "earlier.json")
    place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    assert f"not what slacheck writes at statements[0]{place}" in problem.message
    assert problem.line == 1
    # The column is that of the value, or of the deepest part of it that stands there.
    assert problem.excerpt[problem.column - 1 :].startswith(json.dumps(value)) or isinstance(value, list)


def test_the_place_of_a_value_is_found_in_any_layout() -> None:
    text = ' { "a\\"b" : [ 1 ,\n{"c":"}]" , "d" :-2.5e3} ] , "e": {} }'
    assert json.loads(text)['a"b'][1]["d"] == -2500
    for steps, found in ((('a"b', 1, "d"), "-2.5e3"), (('a"b', 0), "1 ,"), (("e",), "{} }"), (("e", "x"), "{} }")):
        at = position(text, steps)
        assert at is not None
        assert text[at:].startswith(found)
    assert position('{"a": ', ("a", "b")) is None
