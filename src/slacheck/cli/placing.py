"""Names of output files that the statements fill in: ``{agreement}`` and ``{period}``."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from slacheck.cli.usage import UsageError
from slacheck.statement import Statement, Statements

_FILLED_IN = re.compile(r"\{([a-z_-]*)\}")
_KNOWN = ("agreement", "period")


def readable(path: Path) -> Path:
    """``path`` as it was given. Raises UsageError where a word in braces is none that is filled in."""
    for word in _FILLED_IN.findall(str(path)):
        if word not in _KNOWN:
            raise UsageError(f"a name of --output has {{agreement}} and {{period}} filled in; not '{{{word}}}'")
    return path


def placed(
    outputs: Sequence[tuple[Path, str]], statements: Statements, taken: Collection[str]
) -> list[tuple[Path, str, Statements]]:
    """Each file with its format and the statements that belong into it, in their order.

    A name without braces takes all of them. ``taken`` are the real paths of files that the run has read. Raises
    UsageError where a name that is filled in is one of these or that of another output.
    """
    files: list[tuple[Path, str, Statements]] = []
    for pattern, format in outputs:
        if not _FILLED_IN.search(str(pattern)):
            files.append((pattern, format, statements))
            continue
        by_path: dict[Path, list[Statement]] = {}
        for statement in statements.statements:
            by_path.setdefault(_filled(pattern, statement), []).append(statement)
        files += [
            (path, format, Statements(slacheck_statements=1, statements=tuple(of))) for path, of in by_path.items()
        ]
    seen = set(taken)
    for path, _, _ in files:
        if (place := os.path.realpath(path)) in seen:
            raise UsageError(f"'{path}' is read or written by this run already; choose another --output")
        seen.add(place)
    return files


def _filled(pattern: Path, statement: Statement) -> Path:
    words = {"agreement": statement.agreement.id, "period": statement.period.label}
    return Path(_FILLED_IN.sub(lambda found: words[found[1]], str(pattern)))
