"""The table in docs/performance.md, between its marks, and the machine it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.rows import Measured, Sizes

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_HEAD = "| work | who | seconds | CPU | peak | measured | bar | |\n|---|---|---|---|---|---|---|---|"


def machine() -> str:
    """Cores, memory, system and the versions of what was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    known = [name for name in ("slacheck", "duckdb", "narwhals", "pandas", "businesstimedelta") if _version(name)]
    versions = ", ".join(f"{name} {_version(name)}" for name in known)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, {versions}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def write(measured: Mapping[str, Sequence[Measured]], sizes: Sizes, page: Path = PAGE) -> None:
    """Put what was measured between the marks of its rows; rows that did not run keep what they have."""
    text = page.read_text(encoding="utf-8")
    day = datetime.now(UTC).date().isoformat()
    for name, lines in measured.items():
        begin, end = f"<!-- bench {name} -->\n", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        told = f"Measured on {day}: {machine()}. Medians of {sizes.rounds}."
        text = f"{before}{begin}{told}\n\n{_table(lines)}\n{end}{after}"
    page.write_text(text, encoding="utf-8")


def _table(lines: Iterable[Measured]) -> str:
    rows = [
        f"| {each.work} | {each.who} | {each.ran.wall:.2f} | {each.ran.cpu:.2f} | {each.ran.peak:,.0f} MiB"
        f" | {each.ratio} | {each.bar} | {'' if each.kept is None else 'kept' if each.kept else '**missed**'} |"
        for each in lines
    ]
    return "\n".join([_HEAD, *rows])
