"""``slacheck evaluate``: settle agreements and print or write their statements."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from slacheck import reports
from slacheck.agreement.loading import load_all
from slacheck.cli import exits, screen
from slacheck.cli.output import write_all
from slacheck.cli.usage import UsageError, reported
from slacheck.statement import Statements

_FAIL_ON = ("breach", "indeterminate", "never")
# The years of which periods can be named.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@reported
def run(
    *,
    files: Sequence[Path],
    period: str,
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
    outputs: Sequence[Path],
    format: str | None,
    fail_on: str,
    quiet: bool,
) -> int:
    """Evaluate and return the exit code. Raises SlacheckError, with nothing printed or written."""
    failing = _failing(fail_on)
    formats = _formats(outputs, format, files)
    given = _given(data)
    instant = _instant(as_of)
    loaded = load_all(files)

    from slacheck.evaluation import evaluate

    statements = Statements(slacheck_statements=1, statements=tuple(evaluate(loaded, period, instant, given, history)))
    write_all([(path, reports.FORMATS[name].render(statements, reports.View())) for path, name in formats])
    if not quiet and not outputs:
        view = reports.View(
            width=screen.width(sys.stdout),
            colour=screen.colour(sys.stdout),
            ascii=screen.ascii_only(sys.stdout),
        )
        exits.show(reports.FORMATS[format or "terminal"].render(statements, view))
    for path, _ in formats:
        exits.tell(f"wrote {path}")
    return exits.code_for(statements.statements, failing)


def _failing(text: str) -> frozenset[str]:
    words = frozenset(word.strip() for word in text.split(","))
    unknown = sorted(words - set(_FAIL_ON))
    if unknown or (len(words) > 1 and "never" in words):
        raise UsageError(f"--fail-on takes breach, indeterminate, both joined by a comma, or never; not '{text}'")
    return words


def _formats(outputs: Sequence[Path], format: str | None, files: Sequence[Path]) -> list[tuple[Path, str]]:
    known = reports.FORMATS
    if format is not None and format not in known:
        raise UsageError(f"--format takes {', '.join(known)}; not '{format}'")
    found: list[tuple[Path, str]] = []
    read = {file.resolve() for file in files}
    for path in outputs:
        if str(path) == "-":
            raise UsageError("without --output the statement goes to standard output")
        if path.resolve() in read:
            raise UsageError(f"'{path}' is an agreement of this run; choose another --output")
        name = format or reports.by_suffix(path)
        if name is None:
            raise UsageError(f"no format is known for '{path}': end it in .json or .txt, or say --format")
        found.append((path, name))
    return found


def _given(data: Sequence[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for text in data:
        name, sign, path = text.partition("=")
        if not (name and sign and path):
            raise UsageError(f"--data takes NAME=PATH, such as probes=export.csv; not '{text}'")
        given.setdefault(name, []).append(path)
    if sum(paths.count("-") for paths in given.values()) > 1:
        raise UsageError("standard input can be read once: only one --data may be '-'")
    return given


def _instant(text: str) -> int:
    if text == "now":
        moment = datetime.now(tz=UTC)
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise UsageError(f"--as-of takes an instant such as 2026-10-15T12:00:00Z; not '{text}'") from None
        if moment.tzinfo is None:
            whole = text if "T" in text else f"{text}T00:00:00"
            raise UsageError(f"--as-of {text} has no offset; write {whole}Z or {whole}+01:00")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise UsageError(f"--as-of takes a year from {_FIRST_YEAR} to {_LAST_YEAR}; not '{text}'")
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    since = moment - epoch
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
