"""Records that do not count at all, named by what stands in some of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.sources.opening import Export

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Exempt:
    """Records that carry one of ``keys`` in ``columns`` do not count at all."""

    columns: tuple[str, ...]
    keys: frozenset[tuple[str, ...]]


def without(scratch: Scratch, export: Export, records: Frame, exempt: Sequence[Exempt]) -> Frame:
    """``records`` of an export less those that are exempt."""
    for each in exempt:
        records = records.join(**_named(scratch, export, each), how="anti")
    return records


def only(scratch: Scratch, export: Export, records: Frame, exempt: Exempt) -> Frame:
    """Those of ``records`` that are exempt."""
    return records.join(**_named(scratch, export, exempt), how="semi")


def _named(scratch: Scratch, export: Export, exempt: Exempt) -> dict[str, Any]:
    names = [f"key_{index}" for index in range(len(exempt.columns))]
    keys = scratch.give("exempt", dict.fromkeys(names, "VARCHAR"), sorted(exempt.keys))
    return {"other": keys, "left_on": [export.words[column] for column in exempt.columns], "right_on": names}
