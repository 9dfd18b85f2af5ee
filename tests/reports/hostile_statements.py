"""Statements in which every text that a file could hold says something else: what no format may obey."""

from __future__ import annotations

from typing import Any, TypeVar

from slacheck.statement import Part

Any_Part = TypeVar("Any_Part", bound=Part)

# What people write, or what names a file or a row; the rest is read again as numbers, days, zones and words of ours.
_TEXTS = frozenset(
    [
        "id",
        "title",
        "provider",
        "customer",
        "file",
        "place",
        "label",
        "of_class",
        "period",
        "level",
        "subject",
        "clause",
        "reason",
        "target",
        "cause",
        "case",
        "author",
        "exclusion",
        "allowance",
        "stretch",
        "holds_for",
        "levels",
        "partly",
        "name",
        "text",
        "notes",
        "earned",
        "record_of",
        "open_because",
        "counted_because",
        "claim_conditions",
        "claim_evidence",
        "source",
        "agreement_title",
    ]
)


def with_text(part: Any_Part, text: str) -> Any_Part:
    """The same part of a statement with ``text`` in every place that holds text from a file."""
    changed = {name: _changed(name, getattr(part, name), text) for name in type(part).model_fields}
    return part.model_copy(update=changed)


def _changed(name: str, value: Any, text: str) -> Any:
    if isinstance(value, Part):
        return with_text(value, text)
    if isinstance(value, tuple):
        return tuple(_changed(name, each, text) for each in value)
    return text if isinstance(value, str) and name in _TEXTS else value
