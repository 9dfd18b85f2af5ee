"""Exports written and opened for one test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from slacheck.engine.scratch import Scratch
from slacheck.sources.opening import Export, Exports
from slacheck.sources.source import Source
from slacheck.sources.words import Words
from slacheck.timeline.zones import instant_of, zone


class Opener:
    """Writes a file into ``folder`` and opens it as an agreement says."""

    def __init__(self, scratch: Scratch, folder: Path) -> None:
        self.scratch = scratch
        self.folder = folder

    def __call__(
        self, name: str, csv: str, terms: dict[str, Any], words: Words | None = None, civil: str = "UTC"
    ) -> Export:
        """``csv`` as the source ``name``; blanks at the edges of its lines are taken away."""
        self.write(name, csv)
        source = Source.model_validate({"path": f"{name}.csv", **terms})
        return Exports(self.scratch).open(name, source, words or Words(), self.folder, None, zone(civil))

    def write(self, name: str, csv: str) -> None:
        lines = [line.strip() for line in csv.strip().splitlines()]
        (self.folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def rows(self, export: Export, columns: Iterable[str]) -> list[tuple[Any, ...]]:
        """The columns of every record, in the order of the rows."""
        rows = self.scratch.rows(export.frame.select("rowid", *columns).sort("rowid"))
        return [row[1:] for row in rows]


def us(text: str) -> int:
    """An instant of UTC, such as 2026-10-01T00:00, in microseconds."""
    return instant_of(datetime.fromisoformat(text), zone("UTC"))


def words(text: Sequence[str] = (), numbers: Sequence[str] = (), instants: Sequence[str] = ()) -> Words:
    return Words(frozenset(text), frozenset(numbers), frozenset(instants))
