"""Agreements beside each other for tests: what is said of each, around a head that loads."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from slacheck.agreement.chain import Chain, chained
from slacheck.agreement.loading import load
from slacheck.carrying import Finding, findings

_HEAD = """\
slacheck: 1
id: {name}
provider: Provider of {name}
customer: Customer of {name}
"""
# By source its shape and columns; those behind the bar only where the text names them.
_SOURCES = {
    "probes": ("shape: samples, hold: 2m", ("at", "state"), ("branch",)),
    "tickets": ("shape: cases", ("id",), ("opened", "accepted", "resolved", "priority")),
    "works": ("shape: events", ("start", "end"), ("announced",)),
}


def written(folder: Path, name: str, text: str) -> Path:
    """``name.yaml`` with ``text``, under a head, a zone and the sources that it names, unless it has its own."""
    text = textwrap.dedent(text)
    head = _HEAD.format(name=name)
    if "timezone:" not in text:
        head += "timezone: UTC\n"
    if "sources:" not in text:
        head += "sources:\n" + "".join(_source(source, text) for source in _SOURCES if f"from: {source}" in text)
    path = folder / f"{name}.yaml"
    path.write_text(head + text, encoding="utf-8")
    return path


def _source(name: str, text: str) -> str:
    shape, roles, others = _SOURCES[name]
    columns = [*roles, *(word for word in others if word in text or (word == "announced" and "notice" in text))]
    mapped = ", ".join(f"{word}: {word}" for word in columns)
    return f"  {name}: {{path: {name}.csv, {shape}, columns: {{{mapped}}}}}\n"


def chain(folder: Path, texts: Mapping[str, str]) -> Chain:
    """The chain of the first of the agreements, all of them written to ``folder``."""
    paths = [written(folder, name, text) for name, text in texts.items()]
    return chained(load(paths[0]))


def found(folder: Path, **texts: str) -> tuple[Finding, ...]:
    """What is found of the first agreement."""
    return findings(chain(folder, texts))


def codes(folder: Path, **texts: str) -> list[str]:
    return [each.code for each in found(folder, **texts)]
