"""What is said of rates and bounds is refused where it could not be measured."""

from __future__ import annotations

from typing import Any

import pytest

from slacheck.problems import AgreementError
from tests.measures.world import MONDAY, settled, written

COUNTS = {
    "path": "x.csv",
    "shape": "counts",
    "columns": {"at": "at", "total": "total", "bad": "bad"},
    "interval": "10m",
}
SAMPLES = {"path": "x.csv", "shape": "samples", "columns": {"at": "at", "value": "ms", "waited": "waited"}}
UNITS = {"value": "ms", "waited": "s"}


def level(measure: dict[str, Any], **terms: Any) -> dict[str, Any]:
    return {"measure": {"from": "x", **measure}, "target": ">= 90%", **terms}


@pytest.mark.parametrize(
    ("source", "promise", "code", "message"),
    [
        (
            COUNTS,
            level({"kind": "success-rate", "mean_of_each": "15m"}, empty_interval="good"),
            "interval",
            "do not fill such intervals",
        ),
        (COUNTS, level({"kind": "success-rate", "mean_of_each": "20m"}), "empty-interval", "without any request"),
        (
            {**SAMPLES, "units": UNITS, "where": {"value": "> 2ms per waited"}},
            level({"kind": "share-within", "value": "value", "limit": "1s"}),
            "unit",
            "multiplies with 'waited'",
        ),
        (
            {"path": "x.csv", "shape": "cases", "columns": {"id": "id", "a": "a", "b": "b", "km": "km"}},
            level({"kind": "share-within", "between": ["a", "b"], "limit": "<= 1h per km"}),
            "limit",
            "not one per column",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(
    source: dict[str, Any], promise: dict[str, Any], code: str, message: str
) -> None:
    rows = [("at", "total", "bad"), (written(MONDAY), 1, 0)]
    with pytest.raises(AgreementError) as refused:
        settled({"x.csv": rows}, {"sources": {"x": source}, "service_levels": {"level": promise}})
    found = {problem.code: problem.message for problem in refused.value.problems}
    assert message in found[code]
