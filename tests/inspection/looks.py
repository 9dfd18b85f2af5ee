"""What the tests of inspect share: small files looked at, and the agreement that a source is pasted into."""

from __future__ import annotations

from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.evaluation import evaluate
from slacheck.inspection.findings import Block, ColumnSeen, FileSeen, Inspection, Suspicion
from slacheck.inspection.looking import inspect
from slacheck.statement import Statement
from slacheck.timeline.zones import instant_of, zone

DATA = Path(__file__).parents[3] / "shared" / "data"
SEEN = 4_102_444_800_000_000

HEAD = """\
slacheck: 1
id: pasted
provider: Provider
customer: Customer
timezone: UTC
period: {period}
"""
# Of each shape a measure that asks for nothing that a source need not say.
LEVELS = {
    "samples": "{kind: count, from: NAME}, target: '>= 0'",
    "counts": "{kind: success-rate, from: NAME}, target: '>= 0%'",
    "events": "{kind: count, from: NAME}, target: '>= 0'",
    "cases": "{kind: count, from: NAME, dated_by: WORD}, target: '>= 0'",
}


def export(name: str) -> Path:
    """A published export, or the test is skipped."""
    if not (DATA / name).exists():
        pytest.skip(f"the export {name} is not here")
    return DATA / name


def look(tmp_path: Path, text: str | bytes, name: str = "export.csv", timezone: str | None = None) -> Inspection:
    """Look at one file of that text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return inspect([path], timezone=timezone)


def only(found: Inspection) -> FileSeen:
    (file,) = found.files
    return file


def column(file: FileSeen, name: str) -> ColumnSeen:
    (found,) = [each for each in file.columns if each.name == name]
    return found


def suspected(file: FileSeen) -> dict[tuple[str, str], Suspicion]:
    """The suspicions by code and column; no two are alike."""
    found = {(each.code, each.column): each for each in file.suspicions}
    assert len(found) == len(file.suspicions)
    return found


def chosen(block: Block, **choices: int) -> str:
    """The block with the n-th line (from 0) of some commented keys taken up."""
    lines = block.text.split("\n")
    for key, wanted in choices.items():
        at = [number for number, line in enumerate(lines) if line.startswith(f"    # {key}: ")]
        lines[at[wanted]] = lines[at[wanted]].replace("# ", "", 1)
        if key == "columns":
            del lines[next(number for number, line in enumerate(lines) if line.startswith("    columns: "))]
    return "\n".join(lines)


def settled(tmp_path: Path, block: Block, period: str, text: str | None = None, level: str | None = None) -> Statement:
    """The statement of a minimal agreement into which the source is pasted."""
    written = text or block.text
    shape = written.partition("shape: ")[2].partition("\n")[0]
    measure = (level or LEVELS[shape]).replace("NAME", block.name)
    kind = {4: "year", 7: "month", 10: "day"}[len(period)]
    path = tmp_path / "pasted.yaml"
    path.write_text(
        HEAD.format(period=kind) + written + f"service_levels:\n  pasted: {{measure: {measure}}}\n", encoding="utf-8"
    )
    (statement,) = evaluate([load(path)], period, SEEN, {})
    return statement


__all__ = ["chosen", "column", "export", "instant_of", "look", "only", "settled", "suspected", "zone"]
