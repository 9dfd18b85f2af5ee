"""CSV read record by record in Python: slower than DuckDB, but it knows where a mistake stands and how to repair it."""

from __future__ import annotations

import csv
import io
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.engine.files import Bytes, ExportFile, bytes_of, unpacked
from slacheck.problems import DataError, Problem

if TYPE_CHECKING:
    import _csv

SHOWN = 20
# In characters; the engine's own bound for a line is about as many bytes.
_LONGEST = 2 * 1024 * 1024
_TOO_LONG = "field larger"


@contextmanager
def _records(file: ExportFile, delimiter: str, skip: int) -> Iterator[_csv.Reader]:
    """The records below the header; ``skip`` lines stand above it. There are none for zstd."""
    stream = unpacked(file)
    if stream is None:
        yield csv.reader([])
        return
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as lines:
        for _ in range(skip):
            lines.readline()
        before = csv.field_size_limit(_LONGEST)
        try:
            reader = csv.reader(_bounded(lines), delimiter=delimiter, strict=True)
            next(reader, None)
            yield reader
        finally:
            csv.field_size_limit(before)


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """The lines, none of which fills the memory."""
    while line := lines.readline(_LONGEST):
        if len(line) == _LONGEST:
            raise csv.Error(_TOO_LONG)
        yield line


def first_record(file: ExportFile, delimiter: str, skip: int) -> list[str]:
    """The cells of the first record below the header; none where there is none, or for zstd."""
    try:
        with _records(file, delimiter, skip) as records:
            return next(records, [])
    except csv.Error:
        return []


@dataclass(frozen=True)
class Dropped:
    """The rows that do not have the header's number of cells: how many, and the first of them as problems."""

    rows: int = 0
    problems: tuple[Problem, ...] = ()


def repaired(
    file: ExportFile, delimiter: str, names: tuple[str, ...], skip: int, target: Path, listed: int | None = None
) -> Dropped:
    """Write the export to ``target`` as plain comma-separated text with one kind of line end.

    An empty last cell too many is dropped; one too few is added where the header itself ends in a separator. Rows with
    another number of cells than the header are dropped, and the first ``listed`` of them told; without a number for it
    they are raised as a DataError. So is what breaks the rest of the file, always (the header is row ``skip + 1``).
    """
    problems: list[Problem] = []
    shown = SHOWN if listed is None else listed
    wrong, row, line = 0, skip + 1, 0
    with _records(file, delimiter, skip) as records, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        try:
            line = records.line_num
            for record in records:
                row += 1
                cells = fitted(record, names)
                if cells is not None:
                    writer.writerow(cells)
                elif record:
                    wrong += 1
                    if wrong <= shown:
                        problems.append(ragged(file, row, len(record), len(names), skip + line + 1))
                line = records.line_num
        except csv.Error as error:
            problems.append(_broken(file, row + 1, str(error), skip + line + 1))
            raise DataError(problems) from error
    if wrong and listed is None:
        if wrong > SHOWN:
            more = f"{wrong} rows in all do not have the header's {len(names)} cells; the first {SHOWN} are shown"
            problems.append(Problem(file.label, code="ragged-row", message=more))
        raise DataError(problems)
    return Dropped(wrong, tuple(problems))


def fitted(record: list[str], names: tuple[str, ...]) -> list[str] | None:
    """The cells of a record below a header; None where their number is another one."""
    width = len(names)
    if len(record) == width + 1 and record[-1] == "":
        return record[:-1]
    if len(record) == width - 1 and names[-1] == "" and record:
        return [*record, ""]
    return record if len(record) == width else None


def ragged(file: ExportFile, row: int, found: int, width: int, line: int = 0) -> Problem:
    """A row with ``found`` cells below a header with ``width``."""
    cells = "1 cell" if found == 1 else f"{found} cells"
    help = (
        "a cell that holds the separator is put in double quotes"
        if found > width
        else "add the missing cells, empty ones too"
    )
    message = f"{cells}, but the header has {width}"
    return Problem(file.label, line, code="ragged-row", row=row, message=message, help=help)


def _broken(file: ExportFile, row: int, reason: str, line: int) -> Problem:
    if _TOO_LONG in reason:
        message, help = "a cell or line is longer than 2 MiB", "is a double quote opened and never closed?"
    elif "end of data" in reason:
        message, help = "a double quote is opened and never closed", "close it, or write it twice if it is meant"
    elif "expected after" in reason:
        message, help = "text follows a closing double quote", "a double quote inside a quoted cell is written twice"
    else:
        message, help = f"cannot be read: {reason}", ""
    return Problem(file.label, line, code="broken-row", row=row, message=message, help=help)


@dataclass(frozen=True)
class Layout:
    """Where the records that were read stand in their file.

    ``others`` has, per row below the header that is no record, how many records stand above it: blank lines, which the
    engine drops, and rows that were dropped. ``folds`` has the same per line beyond the first of its row.
    """

    others: array[int] = field(default_factory=lambda: array("q"))
    folds: array[int] = field(default_factory=lambda: array("q"))

    def row(self, record: int) -> int:
        """The row of a record, counted from the row below the header."""
        return record + bisect_right(self.others, record)

    def line(self, record: int) -> int:
        """The line on which a record starts, counted from the line below the header's first."""
        return self.row(record) + bisect_right(self.folds, record)


def layout(
    file: ExportFile,
    delimiter: str,
    skip: int,
    names: tuple[str, ...],
    rows: int,
    bytes: Bytes | None = None,
    *,
    dropped: bool = False,
) -> Layout:
    """The layout of a file with ``rows`` records, of which ``dropped`` tells that others were left out.

    Where every record has one line its line ends show that; else it is read record by record. ``bytes`` are those of
    the text, where somebody looked already. Of zstd nothing is known.
    """
    found = Layout()
    if not dropped:
        stream = unpacked(file) if bytes is None else None
        if stream is not None:
            with stream:
                bytes = bytes_of(stream)
        if bytes is None or bytes.no_more_than(skip + 1 + rows):
            return found
    seen, line = 0, 1
    try:
        with _records(file, delimiter, skip) as records:
            found.folds.extend([0] * (records.line_num - 1))
            line = records.line_num
            for record in records:
                blank = not record or (len(names) == 1 and record == [""])
                if blank or (dropped and fitted(record, names) is None):
                    found.others.append(seen)
                else:
                    seen += 1
                found.folds.extend([seen] * (records.line_num - line - 1))
                line = records.line_num
    except csv.Error:
        pass
    return found
