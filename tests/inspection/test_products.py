"""Exports that slacheck knows by their product: small ones of the shape, and the source with its preset."""

from __future__ import annotations

import json
from pathlib import Path

from tests.inspection.looks import chosen, column, look, only, settled, suspected

GATUS = [
    {
        "name": "blog",
        "group": "core",
        "key": "core_blog",
        "results": [
            {"duration": 1_000_000 * at, "success": at != 3, "timestamp": f"2026-10-05T00:0{at}:00Z"}
            for at in range(1, 9)
        ],
    }
]
PROMETHEUS = {
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [
            {"metric": {"instance": name}, "values": [[1_791_158_400 + 60 * at, str(at % 2)] for at in range(5)]}
            for name in ("a", "b")
        ],
    },
}


def test_results_of_gatus_are_a_source_of_two_lines(tmp_path: Path) -> None:
    found = look(tmp_path, json.dumps(GATUS), "statuses.json")
    file = only(found)
    assert (file.preset, file.rows, file.shape) == ("gatus", 8, "samples")
    assert file.states is not None
    words = [(word.text, word.rows, word.reading) for word in file.states.words]
    assert words == [("true", 7, "up"), ("false", 1, "down")]
    (block,) = found.sources
    assert "    format: gatus\n    shape: samples\n" in block.text
    assert "columns" not in block.text
    level = "{kind: availability, from: NAME}, missing: exclude, target: '>= 0%'"
    (line,) = settled(tmp_path, block, "2026-10-05", chosen(block, hold=0), level).lines
    assert line.best is not None
    # Eight results a minute apart, the last held for two: nine minutes, of which one is down.
    assert line.best.exact == "8/9"


def test_an_answer_of_prometheus_has_its_epochs_and_series(tmp_path: Path) -> None:
    file = only(look(tmp_path, json.dumps(PROMETHEUS), "range.json"))
    assert (file.preset, file.at, file.rows) == ("prometheus", ("[0]",), 10)
    assert column(file, "[0]").form == "epoch-seconds"
    assert column(file, "[0]").first == "2026-10-05T00:00:00Z"
    assert file.subject == ("metric.instance",)
    assert file.steps is not None
    assert (file.steps.common, file.steps.distances) == (60_000_000, 8)


def test_load_tests_of_jmeter_may_be_read_in_two_shapes(tmp_path: Path) -> None:
    text = "timeStamp,elapsed,label,success\n1791158400000,12,home,true\n1791158400500,40,home,false\n"
    found = look(tmp_path, text, "results.jtl")
    (block,) = found.sources
    assert "    format: jmeter\n    shape: samples\n    # shape: counts  is known as well\n" in block.text
    level = "{kind: statistic, from: NAME, value: value, statistic: max}, target: '<= 1s'"
    (line,) = settled(tmp_path, block, "2026-10-05", level=level).lines
    assert line.best is not None
    assert line.best.fraction == 40_000
    counts = block.text.replace("shape: samples\n    # shape: counts  is known as well", "shape: counts")
    (line,) = settled(tmp_path, block, "2026-10-05", counts).lines
    assert line.best is not None
    assert line.best.exact == "1/2"
    assert not suspected(only(found))
