"""``slacheck evaluate``: settle agreements and print or write their statements."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from slacheck import reports
from slacheck.cli import bar, ci, exits, locales, reading, screen
from slacheck.cli.ledger import keep, opened, tell_kept
from slacheck.cli.output import staged
from slacheck.cli.placing import placed, readable
from slacheck.cli.settling import settled
from slacheck.cli.usage import UsageError, failing, reported
from slacheck.statement import Statements

_ENGINES = ("duckdb", "spark")


@reported()
def run(
    *,
    files: Sequence[Path],
    period: str,
    data: Sequence[str],
    history: Sequence[Path],
    ledger: Path | None,
    reason: str,
    as_of: str,
    outputs: Sequence[Path],
    format: str | None,
    fail_on: str,
    locale: str | None,
    verbose: bool,
    quiet: bool,
    engine: str,
    spark_master: str | None,
) -> int:
    """Evaluate and return the exit code. Raises SlacheckError, with nothing printed or written."""
    failing_on = failing(fail_on)
    read = {os.path.realpath(file) for file in files}
    if ledger is not None and os.path.realpath(ledger) in read:
        raise UsageError(f"'{ledger}' is an agreement of this run; choose another --ledger")
    formats = _formats(outputs, format, read, ledger)
    if not outputs and format and reports.FORMATS[format].binary and sys.stdout.isatty():
        raise UsageError(f"{format} is nothing to read on a terminal; say --output FILE")
    people = locales.chosen(locale)
    where = _engine(engine, spark_master)
    if reason and ledger is None:
        raise UsageError("--reason is why a statement of a ledger is made again; add --ledger FILE")
    with reading.told(verbose) as told, bar.shown(quiet) as progress, contextlib.ExitStack() as open:
        shelf = open.enter_context(opened(ledger)) if ledger else None
        statements = settled(files, period, data, history, as_of, progress, *where, shelf=shelf)
        told.statements = statements
        progress.begin("writing")
        placings = placed(formats, statements, read | ({os.path.realpath(ledger)} if ledger else set()))
        view = ci.view(people)
        contents = [(path, ci.added(path, reports.FORMATS[name].written(of, view))) for path, name, of in placings]
        # Whatever can fail for want of room or of leave fails before anything is kept or put in place. A run killed
        # between the two has kept them, and the same run again writes the files.
        with staged(contents) as place:
            kept = keep(shelf, statements, reason) if shelf else []
            place()
    tell_kept(kept, ledger)
    if not quiet and not outputs:
        _print(reports.FORMATS[format or "terminal"], statements, people)
    for path, _, _ in placings:
        exits.tell(f"wrote {path}")
    if ci.on_github() and not quiet and (outputs or format != "github"):
        ci.annotate(statements)
    return exits.code_for(statements.statements, failing_on)


def _engine(name: str, spark_master: str | None) -> tuple[str, str | None]:
    if name not in _ENGINES:
        raise UsageError(f"--engine takes {' or '.join(_ENGINES)}; not '{name}'")
    if spark_master is not None and name != "spark":
        raise UsageError("--spark-master is where Spark runs; add --engine spark")
    return name, spark_master


def _formats(
    outputs: Sequence[Path], format: str | None, read: Collection[str], ledger: Path | None
) -> list[tuple[Path, str]]:
    known = reports.FORMATS
    if format is not None and format not in known:
        raise UsageError(f"--format takes {', '.join(known)}; not '{format}'")
    found: list[tuple[Path, str]] = []
    for given in outputs:
        name, path = _named(readable(given))
        if str(path) in ("-", "."):
            raise UsageError("without --output the statement goes to standard output")
        if os.path.realpath(path) in read:
            raise UsageError(f"'{path}' is an agreement of this run; choose another --output")
        if ledger is not None and os.path.realpath(path) == os.path.realpath(ledger):
            raise UsageError(f"'{path}' is the ledger of this run; choose another --output")
        if os.path.realpath(path) in {os.path.realpath(other) for other, _ in found}:
            raise UsageError(f"'{path}' is written twice; give every --output a file of its own")
        name = name or format or reports.by_suffix(path)
        if name is None:
            endings = ", ".join(report.suffixes[0] for report in known.values() if report.suffixes)
            raise UsageError(f"no format is known for '{path}': end it in one of {endings}, or write FORMAT={path}")
        found.append((path, name))
    for name in {name for _, name in found} | ({format} if format else set()):
        if not known[name].installed:
            raise UsageError(f"the format {name} is not installed: pip install 'slacheck[{name}]'")
    return found


def _named(given: Path) -> tuple[str | None, Path]:
    """The format that stands before a sign of equality, and the file behind it."""
    name, sign, path = str(given).partition("=")
    return (name, Path(path)) if sign and name in reports.FORMATS else (None, given)


def _print(report: reports.Report, statements: Statements, locale: str) -> None:
    if report.on_screen:
        text = report.render(statements, screen.view(sys.stdout, locale))
        # A program reads JSON, which has nothing of a file at the start of a line.
        exits.show(ci.inert(text) if report.name == "terminal" else text)
    else:
        exits.show_bytes(report.written(statements, ci.view(locale)))
