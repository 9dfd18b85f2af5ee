"""Folders of whole agreements, each with its exports and the period it is settled for: what damage starts from."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.language.yaml_text import read_file
from slacheck.statement import Statement
from slacheck.timeline.zones import instant_of, zone
from tests.fuzz.invariants import Fault, fault

_ROOT = Path(__file__).parents[2]
# Exports beyond this are measured elsewhere: a thousand runs of one would take an hour.
_LARGEST = 100_000
_SEEN = "2027-01-01T00:00:00Z"
_EXPORTS = (".csv", ".json", ".yaml", ".ics", ".gz", ".tsv", ".ndjson", ".xlsx", ".parquet", ".txt", ".xml")
_NO_EXPORTS = ("agreement.yaml", "expect.yaml", "statement.json", "statement.txt", "run.txt", "answer-key.csv")


@dataclass(frozen=True)
class Folder:
    """An agreement, and how it is settled; it is copied once, so that damaged files can stand in their place."""

    source: Path
    period: str
    as_of: str

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def agreement(self) -> str:
        return (self.source / "agreement.yaml").read_text(encoding="utf-8")

    @property
    def tree(self) -> Any:
        """The agreement as it is read: mappings, lists and texts."""
        return _tree(self)

    @property
    def exports(self) -> list[Path]:
        """What lies beside the agreement: exports, registers, calendars, claims and corrections."""
        found = [each for each in self.source.rglob("*") if each.suffix in _EXPORTS and each.name not in _NO_EXPORTS]
        return sorted(each for each in found if each.stat().st_size < _LARGEST)

    @property
    def settles_quickly(self) -> bool:
        return sum(each.stat().st_size for each in self.source.rglob("*") if each.is_file()) < 2 * _LARGEST

    def attempt(self, replaced: str, content: bytes, *, settle: bool) -> Fault | None:
        """Settle (or only load) with ``content`` in the place of one file. None where all that must hold holds."""
        place = _copied(self)
        target = place / replaced
        target.unlink(missing_ok=True)
        target.write_bytes(content)
        seen = instant_of(datetime.fromisoformat(self.as_of).replace(tzinfo=None), zone("UTC"))

        def run() -> list[Statement]:
            loaded = load(place / "agreement.yaml")
            return evaluate([loaded], self.period, seen, {}) if settle else []

        try:
            return fault(run, {str(target): content, replaced: content})
        finally:
            target.unlink()
            target.symlink_to(self.source / replaced)


@cache
def _tree(folder: Folder) -> Any:
    return read_file(folder.source / "agreement.yaml").data


@cache
def _copied(folder: Folder) -> Path:
    place = Path(tempfile.mkdtemp(prefix="slacheck-fuzz-"))
    for each in folder.source.rglob("*"):
        copy = place / each.relative_to(folder.source)
        if each.is_dir():
            copy.mkdir()
        else:
            copy.symlink_to(each)
    return place


@cache
def folders() -> tuple[Folder, ...]:
    """Every case and every example."""
    found = []
    for source in sorted((_ROOT / "tests" / "cases").iterdir()):
        if source.is_dir():
            wanted: Any = read_file(source / "expect.yaml").data
            found.append(Folder(source, wanted["period"], wanted.get("as_of", _SEEN)))
    for source in sorted((_ROOT / "examples").iterdir()):
        if (source / "run.txt").exists():
            words = (source / "run.txt").read_text(encoding="utf-8").split()
            as_of = words[words.index("--as-of") + 1] if "--as-of" in words else _SEEN
            found.append(Folder(source, words[words.index("--period") + 1], as_of))
    return tuple(found)


def folder(name: str) -> Folder:
    return next(each for each in folders() if each.name == name)


@cache
def words() -> tuple[str, ...]:
    """Every key and scalar that the agreements use."""
    found = {word for each in folders() for word in re.findall(r"[\w.%<>=-]+", each.agreement)}
    return tuple(sorted(found))
