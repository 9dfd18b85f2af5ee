"""``slacheck history``: what a ledger holds, listed, shown, compared and exported."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from slacheck import reports
from slacheck.cli import exits, locales, screen
from slacheck.cli.output import write_all
from slacheck.cli.usage import UsageError, reported
from slacheck.ledger import Entry, Ledger
from slacheck.problems import DataError, Problem
from slacheck.reports.changes import words
from slacheck.reports.csv import inert
from slacheck.reports.ledger import listing
from slacheck.statement import Statement, Statements
from slacheck.statement.changes import compared

_COLUMNS = (
    "agreement",
    "period",
    "part",
    "running",
    "number",
    "first_day",
    "last_day",
    "verdict",
    "currency",
    "least",
    "most",
    "reason",
    "kept_at",
    "version",
    "digest",
)


@reported("nothing was listed")
def list_(path: Path, agreement: str | None, period: str | None, *, every: bool, format: str) -> int:
    """Print what is kept."""
    if format not in ("terminal", "json", "csv"):
        raise UsageError(f"--format takes terminal, json or csv; not '{format}'")
    with Ledger(path) as ledger:
        entries = ledger.entries(agreement, period, every=every)
    if format == "terminal":
        exits.show(listing([_row(each) for each in entries], screen.view(sys.stdout)))
    elif format == "json":
        exits.show(json.dumps([_row(each) for each in entries], indent=2, ensure_ascii=False) + "\n")
    else:
        exits.show(_csv(map(_row, entries)))
    return exits.MET


@reported("nothing was shown")
def show(path: Path, agreement: str, period: str, number: int | None, format: str, locale: str | None) -> int:
    """Print statements as they were kept."""
    if format not in reports.FORMATS or reports.FORMATS[format].binary:
        known = [name for name, report in reports.FORMATS.items() if not report.binary]
        raise UsageError(f"--format takes {', '.join(known)}; not '{format}'")
    people = locales.chosen(locale)
    with Ledger(path) as ledger:
        found = [ledger.statement(each) for each in _found(ledger, path, agreement, period, number)]
    shown = Statements(slacheck_statements=1, statements=tuple(found))
    exits.show(reports.FORMATS[format].render(shown, screen.view(sys.stdout, people)))
    return exits.MET


@reported("nothing was compared")
def diff(path: Path, agreement: str, period: str, other: str | None, numbers: Sequence[int]) -> int:
    """Print how two statements differ: the last two of a period, two by their numbers, or those of two periods."""
    if other is not None and numbers:
        raise UsageError("--number names statements of one period; leave the second period out")
    if len(numbers) not in (0, 2):
        raise UsageError("--number is given twice: which statement, and which other one")
    with Ledger(path) as ledger:
        if other is not None:
            pairs = [(_last(ledger, path, agreement, period), _last(ledger, path, agreement, other))]
        else:
            pairs = list(_pairs(ledger, path, agreement, period, numbers))
        shown = [
            (old, new, words(compared(ledger.statement(old), ledger.statement(new)), screen.view(sys.stdout)))
            for old, new in pairs
        ]
    text = ""
    for old, new, lines in shown:
        text += f"{_named(old)} -> {_named(new)}\n"
        if new.reason and old.key == new.key:
            text += f"  because: {new.reason}\n"
        text += "".join(f"  {line}\n" for line in lines)
    exits.show(text)
    return exits.MET


@reported("nothing was exported")
def export(path: Path, agreement: str | None, output: Path, *, every: bool) -> int:
    """Write statements as JSON that ``--history`` reads: to one file, or each to a file of its own in a folder."""
    if os.path.realpath(output) == os.path.realpath(path):
        raise UsageError(f"'{output}' is the ledger itself; choose another --output")
    with Ledger(path) as ledger:
        entries = [each for each in ledger.entries(agreement, every=every) if every or not each.key.running]
        if not entries:
            raise _nothing(path, agreement, None)
        statements = [(each, ledger.statement(each)) for each in entries]
    as_json = reports.FORMATS["json"]
    if output.suffix.lower() == ".json":
        document = Statements(slacheck_statements=1, statements=tuple(statement for _, statement in statements))
        contents = [(output, as_json.written(document, reports.View()))]
    else:
        if not output.is_dir():
            raise UsageError(f"'{output}' is neither a folder that is there nor the name of a .json file")
        contents = [
            (output / _file_name(entry), as_json.written(_alone(statement), reports.View()))
            for entry, statement in statements
        ]
    write_all(contents)
    for place, _ in contents:
        exits.tell(f"wrote {place}")
    return exits.MET


def _alone(statement: Statement) -> Statements:
    return Statements(slacheck_statements=1, statements=(statement,))


def _file_name(entry: Entry) -> str:
    key = entry.key
    parts = [key.agreement, key.period, key.part.replace("..", "-to-"), "so-far" if key.running else ""]
    name = "-".join(part for part in parts if part)
    # Behind a point, since behind a hyphen it might be a day of the month.
    return f"{name}.{entry.number}.json" if entry.number > 1 or key.running else f"{name}.json"


def _row(entry: Entry) -> dict[str, str | int | bool]:
    key = entry.key
    values = (
        *(key.agreement, key.period, key.part, key.running, entry.number, entry.first_day, entry.last_day),
        *(entry.verdict, entry.currency, entry.least, entry.most, entry.reason, entry.kept_at),
        *(entry.origin.version, entry.digest),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _csv(rows: Iterable[dict[str, str | int | bool]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: inert(value) if isinstance(value, str) else value for name, value in row.items()} for row in rows
    )
    return text.getvalue()


def _named(entry: Entry) -> str:
    key = entry.key
    part = f" ({key.part})" if key.part else ""
    running = f" so far, as of {entry.origin.as_of}" if key.running else ""
    return f"{key.agreement} {key.period}{part}{running} number {entry.number}"


def _found(ledger: Ledger, path: Path, agreement: str, period: str, number: int | None) -> list[Entry]:
    """Those of a period: the last of each part, what settles it before what was made while it ran; or one number."""
    entries = ledger.entries(agreement, period, every=number is not None)
    settled = [each for each in entries if not each.key.running]
    chosen = [each for each in settled or entries if number is None or each.number == number]
    if not chosen:
        raise _nothing(path, agreement, period, number)
    return chosen


def _last(ledger: Ledger, path: Path, agreement: str, period: str) -> Entry:
    found = _found(ledger, path, agreement, period, None)
    if len(found) > 1:
        raise UsageError(f"{period} is settled in {len(found)} parts; compare them with --number")
    return found[0]


def _pairs(
    ledger: Ledger, path: Path, agreement: str, period: str, numbers: Sequence[int]
) -> Iterable[tuple[Entry, Entry]]:
    if numbers:
        old, new = (_found(ledger, path, agreement, period, number) for number in numbers)
        yield from zip(old, new, strict=True)
        return
    every = ledger.entries(agreement, period, every=True)
    settled = [each for each in every if not each.key.running]
    entries = settled or every
    if not entries:
        raise _nothing(path, agreement, period)
    restated = False
    for part in dict.fromkeys(each.key for each in entries):
        of = [each for each in entries if each.key == part]
        if len(of) > 1:
            restated = True
            yield of[-2], of[-1]
    if not restated:
        # Made while it ran, then settled.
        so_far = [each for each in every if each.key.running]
        if not (settled and so_far):
            raise DataError(
                [
                    Problem(
                        str(path),
                        code="ledger",
                        message=f"nothing was compared: one statement of '{agreement}' for {period} is kept",
                        help="name another period to compare it with",
                    )
                ]
            )
        yield so_far[-1], settled[-1]


def _nothing(path: Path, agreement: str | None, period: str | None, number: int | None = None) -> DataError:
    of = "" if agreement is None else f" of '{agreement}'"
    of += "" if period is None else f" for {period}"
    of += "" if number is None else f" with the number {number}"
    help = "slacheck history list shows what is kept"
    return DataError([Problem(str(path), code="ledger", message=f"no statement{of} is kept", help=help)])
