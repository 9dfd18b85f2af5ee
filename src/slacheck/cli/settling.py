"""What ``evaluate`` and ``explain`` share: agreements, a period, exports, history, an instant; statements come out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.cli.usage import UsageError

if TYPE_CHECKING:
    from slacheck.ledger import Ledger
    from slacheck.progress import Progress
    from slacheck.statement import Statements

# The years of which periods can be named.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def settled(
    files: Sequence[Path],
    period: str,
    data: Sequence[str],
    history: Sequence[Path],
    as_of: str,
    progress: Progress,
    engine: str = "duckdb",
    spark_master: str | None = None,
    shelf: Ledger | None = None,
) -> Statements:
    """The statements of ``files`` for ``period``. Raises UsageError and SlacheckError."""
    given = given_for(data)
    seen_at = instant(as_of)

    from slacheck.agreement.loading import load_all

    loaded = load_all(files)

    from slacheck.evaluation import Engine, evaluate
    from slacheck.statement import Statements

    chosen = Engine(engine, spark_master)  # type: ignore[arg-type]
    statements = evaluate(loaded, period, seen_at, given, history, progress, chosen, shelf)
    return Statements(slacheck_statements=1, statements=tuple(statements))


def given_for(data: Sequence[str], option: str = "--data") -> dict[str, list[str]]:
    """The files of each source that NAME=PATH names. Raises UsageError."""
    given: dict[str, list[str]] = {}
    for text in data:
        name, sign, path = text.partition("=")
        if not (name and sign and path):
            raise UsageError(f"{option} takes NAME=PATH, such as probes=export.csv; not '{text}'")
        given.setdefault(name, []).append(path)
    if sum(paths.count("-") for paths in given.values()) > 1:
        raise UsageError(f"standard input can be read once: only one {option} may be '-'")
    return given


def instant(text: str) -> int:
    """What ``--as-of`` names, in microseconds UTC. Raises UsageError."""
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
