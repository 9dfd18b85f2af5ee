"""CSV read record by record in Python: slower than DuckDB, but it knows where a mistake stands and how to repair it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slacheck.engine.files import CHUNK, ExportFile, unpacked
from slacheck.problems import DataError, Problem

SHOWN = 20


@contextmanager
def _records(file: ExportFile, delimiter: str, skip: int) -> Iterator[Iterator[list[str]]]:
    """The records below the header; ``skip`` lines stand above it. Yields nothing for zstd."""
    stream = unpacked(file)
    if stream is None:
        yield iter(())
        return
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as lines:
        for _ in range(skip):
            lines.readline()
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        next(reader, None)
        yield reader


def repaired(file: ExportFile, delimiter: str, names: tuple[str, ...], skip: int, target: Path) -> None:
    """Write the export to ``target`` as plain comma-separated text with one kind of line end.

    An empty last cell too many is dropped; one too few is added where the header itself ends in a separator.
    Raises DataError that names the rows (the header is row ``skip + 1``) with another number of cells than the header.
    """
    problems: list[Problem] = []
    wrong, row, width = 0, skip + 1, len(names)
    with _records(file, delimiter, skip) as records, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        try:
            for record in records:
                row += 1
                cells = record[:-1] if len(record) == width + 1 and record[-1] == "" else record
                if len(cells) == width - 1 and names[-1] == "":
                    cells = [*cells, ""]
                if len(cells) == width:
                    writer.writerow(cells)
                elif cells:
                    wrong += 1
                    if wrong <= SHOWN:
                        problems.append(ragged(file, row, len(cells), width))
        except csv.Error as error:
            problems.append(_broken(file, row + 1, str(error)))
    if wrong > SHOWN:
        more = f"{wrong} rows in all do not have the header's {width} cells; the first {SHOWN} are shown"
        problems.append(Problem(file.label, code="ragged-row", message=more))
    if problems:
        raise DataError(problems)


def ragged(file: ExportFile, row: int, found: int, width: int) -> Problem:
    """A row with ``found`` cells below a header with ``width``."""
    cells = "1 cell" if found == 1 else f"{found} cells"
    help = (
        "a cell that holds the separator is put in double quotes"
        if found > width
        else "add the missing cells, empty ones too"
    )
    return Problem(file.label, code="ragged-row", row=row, message=f"{cells}, but the header has {width}", help=help)


def _broken(file: ExportFile, row: int, reason: str) -> Problem:
    if "end of data" in reason:
        message, help = "a double quote is opened and never closed", "close it, or write it twice if it is meant"
    elif "expected after" in reason:
        message, help = "text follows a closing double quote", "a double quote inside a quoted cell is written twice"
    else:
        message, help = f"cannot be read: {reason}", ""
    return Problem(file.label, code="broken-row", row=row, message=message, help=help)


def blanks_before(file: ExportFile, delimiter: str, skip: int, width: int) -> list[int]:
    """Per blank line below the header, in order: how many records stand above it. DuckDB drops these lines."""
    if width > 1 and not _has_blank_line(file):
        return []
    blanks: list[int] = []
    seen = 0
    try:
        with _records(file, delimiter, skip) as records:
            for record in records:
                if not record or (width == 1 and record == [""]):
                    blanks.append(seen)
                else:
                    seen += 1
    except csv.Error:
        pass
    return blanks


def _has_blank_line(file: ExportFile) -> bool:
    stream = unpacked(file)
    if stream is None:
        return False
    with stream:
        tail = b""
        while chunk := stream.read(CHUNK):
            if _blank_in(tail + chunk):
                return True
            tail = (tail + chunk)[-2:]
    return False


def _blank_in(piece: bytes) -> bool:
    return b"\n\n" in piece or b"\n\r" in piece or b"\r\r" in piece
