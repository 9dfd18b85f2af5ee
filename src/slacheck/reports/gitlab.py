"""A report of GitLab's Code Quality: what is not met, beside the line of the agreement that promises it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from slacheck.reports.annotations import Annotation, Weight, of_statements
from slacheck.reports.view import View
from slacheck.statement import Statements

_SEVERITIES: dict[Weight, str] = {"error": "major", "warning": "minor", "notice": "info"}


def render(statements: Statements, view: View) -> str:
    """An array of JSON with an issue for each level that is not met; an empty one where every one is."""
    return issues(of_statements(statements, view))


def issues(annotations: Sequence[Annotation]) -> str:
    """The document. A fingerprint stays while the level stays breached, whatever was measured."""
    found = []
    seen: dict[tuple[str, ...], int] = {}
    for each in annotations:
        seen[each.key] = seen.get(each.key, 0) + 1
        fingerprint = hashlib.sha256(json.dumps([*each.key, seen[each.key]]).encode()).hexdigest()
        found.append(
            {
                "description": f"{each.title}: {each.message}".replace("\n", "; "),
                "check_name": each.check,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[each.weight],
                "location": {"path": each.path, "lines": {"begin": max(each.line, 1)}},
            }
        )
    return json.dumps(found, indent=2) + "\n"
