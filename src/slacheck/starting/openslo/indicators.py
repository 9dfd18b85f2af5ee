"""Indicators of OpenSLO as sources: the columns that an export of their queries must have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from slacheck.language.yaml_text import Data
from slacheck.problems import Problem
from slacheck.starting.openslo.documents import Object, Part

_KINDS = ("good", "bad", "total", "raw")


@dataclass(frozen=True)
class Indicator:
    """What an SLI reads. ``queries`` are the queries by what they give; ``place`` is where it stands.

    ``reads`` is ``good`` or ``bad`` for a ratio of counts, ``success`` or ``failure`` for one that is worked out
    already, ``value`` for a number that is compared.
    """

    name: str
    title: str
    reads: Literal["good", "bad", "success", "failure", "value"]
    queries: Mapping[str, str]
    place: Part
    counter: bool = False
    description: str = ""


class Sources:
    """The data sources and indicators of all files, by name."""

    def __init__(self, found: list[Object]) -> None:
        self._named: dict[tuple[str, str], Object] = {}
        for each in found:
            self._named.setdefault((each.kind, each.name), each)
        self.used: set[tuple[str, str]] = set()

    def of(self, holder: Part, slo: Object, left: list[Problem]) -> Indicator | None:
        """The indicator of an SLO or of one of its objectives; None where there is none that can be read."""
        reference = holder.get("indicatorRef", "sliRef")
        inline = holder.get("indicator", "sli")
        if inline is not None:
            metadata = inline.get("metadata")
            name = (metadata.text("name") if metadata else "") or slo.name
            title = metadata.text("displayName") if metadata else ""
            return self._read(name, title, inline.get("spec") or inline, left)
        if reference is None:
            return None
        name = holder.text("indicatorRef", "sliRef")
        found = self._named.get(("SLI", name))
        if found is None:
            left.append(reference.problem(f"no SLI '{name}' in these files", "name the file that holds it as well"))
            return None
        self.used.add(("SLI", name))
        return self._read(found.name, found.title if found.title != found.name else "", found.spec, left)

    def _read(self, name: str, title: str, spec: Part, left: list[Problem]) -> Indicator | None:
        description = spec.text("description")
        threshold, ratio = spec.get("thresholdMetric"), spec.get("ratioMetric")
        if threshold is not None:
            return Indicator(name, title, "value", {"value": self._query(threshold)}, threshold, False, description)
        if ratio is None:
            spec.read()
            left.append(spec.problem("an indicator without thresholdMetric and ratioMetric measures nothing"))
            return None
        return self.ratio(name, title, ratio, description, left)

    def ratio(self, name: str, title: str, ratio: Part, description: str, left: list[Problem]) -> Indicator | None:
        """The indicator of a ratioMetric."""
        there = {kind: part for kind in _KINDS if (part := ratio.get(kind)) is not None}
        counter = ratio.text("counter", "incremental").lower() == "true"
        raw_type = ratio.text("rawType")
        if "raw" in there:
            if raw_type not in ("success", "failure"):
                ratio.read()
                left.append(ratio.problem("a raw ratio of which nothing says whether it is of successes or failures"))
                return None
            queries = {"value": self._query(there["raw"])}
            reads: Literal["success", "failure"] = "success" if raw_type == "success" else "failure"
            return Indicator(name, title, reads, queries, ratio, False, description)
        counted: Literal["good", "bad"] = "good" if "good" in there else "bad"
        if "total" not in there or counted not in there:
            ratio.read()
            left.append(ratio.problem("a ratio needs total, and good or bad"))
            return None
        queries = {"total": self._query(there["total"]), counted: self._query(there[counted])}
        return Indicator(name, title, counted, queries, ratio, counter, description)

    def _query(self, metric: Part) -> str:
        """What is asked, of which data source, in one line."""
        source = metric.get("metricSource") or metric
        reference = source.get("metricSourceRef", "dataSourceRef")
        name = source.text("metricSourceRef", "dataSourceRef")
        kind = " ".join(each for each in (source.text("type", "source"), source.text("queryType")) if each)
        inline = source.get("dataSourceSpec", "dataSource")
        if inline is not None:
            kind = kind or inline.text("type")
        named = self._named.get(("DataSource", name)) if reference is not None else None
        if named is not None:
            self.used.add(("DataSource", name))
            kind = kind or named.spec.text("type")
        asked = source.get("spec") or source.get("query")
        text = ""
        if asked is not None:
            asked.read()
            text = _line(asked.data)
        of = " ".join(each for each in (kind, f"({name})" if name else "") if each)
        return f"{of}: {text}" if of and text else of or text

    def read(self, found: Sequence[Object]) -> Iterator[Object]:
        """The indicators and data sources that some SLO reads."""
        return (each for each in found if (each.kind, each.name) in self.used)


def _line(data: Data) -> str:
    """A query in one line: the text itself, or what belongs to it."""
    if isinstance(data, dict) and len(data) == 1:
        (data,) = data.values()
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return " ".join(text.split())
