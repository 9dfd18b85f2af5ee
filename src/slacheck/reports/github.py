"""Annotations for GitHub Actions: workflow commands, which its runner reads from both streams of a step."""

from __future__ import annotations

from collections.abc import Sequence

from slacheck.reports.annotations import Annotation, Weight, of_statements
from slacheck.reports.view import View
from slacheck.statement import Statements

# What GitHub keeps of one kind and step; it drops the rest without a word.
_KEPT = 10


def render(statements: Statements, view: View) -> str:
    """One command a line for each level that is not met; nothing at all where every one is."""
    return commands(of_statements(statements, view))


def commands(annotations: Sequence[Annotation]) -> str:
    """A command a line, at most ten of a kind: where there are more, the tenth says how many."""
    weights: dict[Weight, list[Annotation]] = {}
    for each in annotations:
        weights.setdefault(each.weight, []).append(each)
    lines: list[str] = []
    for weight, found in weights.items():
        kept = found if len(found) <= _KEPT else found[: _KEPT - 1]
        lines += [_command(each) for each in kept]
        if len(found) > len(kept):
            lines.append(f"::{weight}::{_data(f'and {len(found) - len(kept):,} more, which GitHub would not show')}")
    return "".join(f"{line}\n" for line in lines)


def _command(annotation: Annotation) -> str:
    properties = {"file": annotation.path, "line": annotation.line, "col": annotation.column, "title": annotation.title}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{annotation.weight} {told}::{_data(annotation.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
