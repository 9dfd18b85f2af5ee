"""Every fragment of the cookbook loads inside a whole agreement that has what it names, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from slacheck.agreement.loading import load
from tests.fenced import fenced

PAGE: Final = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
FRAGMENTS: Final = fenced(PAGE, "yaml")
TITLES: Final = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
HEAD: Final = {
    "slacheck": "1",
    "id": "cookbook",
    "provider": "Northwind Hosting",
    "customer": "Acme Ltd",
    "timezone": "Europe/London",
}
# A column that stands in no fragment may not be mapped: nothing would use it.
SOURCES: Final[dict[str, dict[str, Any]]] = {
    "outages": {"shape": "events", "columns": {"start": "from", "end": "to"}},
    "incidents": {"shape": "events", "columns": {"start": "from", "end": "to"}},
    "holds": {"shape": "events", "columns": {"start": "from", "end": "to", "id": "ticket"}},
    "maintenance": {"shape": "events", "columns": {"start": "from", "end": "to", "announced": "announced"}},
    "probes": {"shape": "samples", "columns": {"at": "time", "state": "status"}, "hold": "2m"},
    "sensors": {"shape": "samples", "columns": {"at": "time", "value": "celsius"}, "hold": "10m"},
    "latency": {"shape": "samples", "columns": {"at": "time", "value": "rtt"}, "units": {"value": "ms"}},
    "survey": {"shape": "samples", "columns": {"at": "month", "value": "score"}},
    "requests": {"shape": "counts", "columns": {"at": "time", "total": "all", "bad": "errors"}, "interval": "5m"},
    "tickets": {"shape": "cases", "columns": {"id": "number"}},
}
LEVEL: Final = {"availability": {"measure": {"kind": "availability", "from": "outages"}, "target": ">= 99.9%"}}


def words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from words(each)
    elif isinstance(value, list):
        for each in value:
            yield from words(each)
    else:
        yield str(value)


def whole(fragment: str) -> dict[str, Any]:
    """The agreement around a fragment; scalars stay the text that they are."""
    found: dict[str, Any] = {"service_levels": LEVEL, **yaml.load(fragment, yaml.BaseLoader)}  # noqa: S506
    named = set(words(found))
    own = set(found.get("outages", {}))
    found["sources"] = {name: {"path": f"{name}.csv", **each} for name, each in SOURCES.items() if name in named - own}
    if re.search(r"\bmonthly\b", fragment):
        found["fees"] = {"monthly": "12000.00"}
    if "credit:" in fragment:
        found["currency"] = "GBP"
    return {**HEAD, **found}


def test_there_are_at_least_forty_clauses_each_with_what_it_says_and_what_to_write() -> None:
    assert len(FRAGMENTS) >= 40
    assert len(TITLES) == len(set(TITLES)) == len(FRAGMENTS) == len(re.findall("^> ", PAGE, re.MULTILINE))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=TITLES)
def test_a_fragment_loads_in_a_whole_agreement(fragment: str, tmp_path: Path) -> None:
    text = yaml.safe_dump(whole(fragment), default_style='"', sort_keys=False)
    (tmp_path / "agreement.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "agreement.yaml").agreement.service_levels
