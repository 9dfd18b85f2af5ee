"""What an export says it holds: the columns of a CSV or Parquet file, the keys of JSON records."""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import duckdb

from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import ExportFile, check_encoding, head, quoted_path
from slacheck.engine.json_opening import check_json, record_sets
from slacheck.engine.json_records import KeyTwice, RecordSet
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import BLANKS
from slacheck.engine.text_rules.words import literal
from slacheck.problems import DataError, Problem

_LONGEST_LINE = 2 * 1024 * 1024
# What a thread of the engine has room for, and how many bytes one packed byte can be (RFC 1951; RFC 8878, RLE blocks).
_BUFFER = 32_000_000
_MOST_UNPACKED = {"gzip": 1032, "zstd": 32_768}
SAMPLE = 2000
_MARK = b"\xef\xbb\xbf"
_LARGEST_PACKED = 32 * 1024 * 1024


# The columns of the records of a wide table: the header of a series, and a cell of it.
SERIES, VALUE = "series", "value"


@dataclass(frozen=True)
class Header:
    """The columns or keys of one file, and what is needed to read its records.

    ``row`` is the spreadsheet row of a CSV header, 0 for the other formats. ``path`` is the file to read: not the
    export itself where a JSON document had to be unwrapped first.
    """

    file: ExportFile
    names: tuple[str, ...]
    path: Path
    compression: str
    delimiter: str = ","
    row: int = 0
    sets: tuple[RecordSet, ...] = ()

    @property
    def series(self) -> tuple[int, ...]:
        """The positions of the columns of a wide table that hold a series each; a column without a name holds none."""
        kept = self.file.wide
        return tuple(i for i, name in enumerate(self.names) if kept and name and name not in kept)

    @property
    def each(self) -> int:
        """How many records a row is."""
        return max(1, len(self.series))

    @property
    def columns(self) -> tuple[str, ...]:
        """What its records have: of a wide table the columns that stay, the name of the series, and its value."""
        return (*self.file.wide, SERIES, VALUE) if self.file.wide else self.names

    def place(self, name: str) -> str:
        """The column of ``source`` that holds ``name``, of CSV."""
        return name if self.file.wide and name in (SERIES, VALUE) else f"c{self.names.index(name)}"

    @property
    def source(self) -> str:
        """The records of CSV or Parquet as a table function of DuckDB: columns ``c0``, ``c1`` .. for CSV."""
        return self._read(parallel=True)

    @property
    def counted(self) -> str | None:
        """A second reader of a packed CSV file, where the first may have lost a last line longer than its buffer.

        Several threads drop such a line without a word; one thread drops one with an open quote instead. None where
        the file is too small to hold such a line, by what its packing makes of a byte at most.
        """
        most = _MOST_UNPACKED.get(self.compression)
        if most is None or self.path.stat().st_size * most < _BUFFER:
            return None
        return self._read(parallel=False)

    def _read(self, *, parallel: bool) -> str:
        path, packed = quoted_path(self.path), self.compression
        match self.file.format:
            case "csv" | "tsv":
                columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.names)))
                reader = (
                    f"read_csv([{path}], auto_detect = false, header = true, skip = {self.row - 1},"
                    f" delim = '{self.delimiter}', quote = '\"', escape = '\"', compression = '{packed}',"
                    f" parallel = {str(parallel).lower()}, columns = {{{columns}}})"
                )
                if self.file.wide:
                    names = ", ".join(literal(self.names[i]) for i in self.series)
                    cells = ", ".join(f"c{i}" for i in self.series)
                    return f"(SELECT *, unnest([{names}]) AS {SERIES}, unnest([{cells}]) AS {VALUE} FROM {reader})"
                # A blank line is no record; only in a file of one column DuckDB thinks it is.
                return reader if len(self.names) > 1 else f"(SELECT c0 FROM {reader} WHERE c0 IS NOT NULL)"
            case "parquet":
                return f"read_parquet([{path}])"
            case _:
                raise AssertionError("JSON is read by its sets of records")


def header(
    file: ExportFile,
    scratch: Scratch,
    needed: Collection[str],
    records: Sequence[str] = (),
    may_lack: Collection[str] = (),
) -> Header:
    """Read what columns there are. ``needed`` may be paths into nested JSON or Parquet records, ``records`` the paths
    to the records of a JSON document, which ``may_lack`` some of the columns.

    Raises DataError for columns that are missing or stand there twice, and for a ``records`` path that is not a
    list of records.
    """
    if file.wide and file.format not in ("csv", "tsv"):
        message = f"is {file.format}, and only a table of text has a series in each column"
        file.refuse("wide", message, "leave `wide` out")
    try:
        match file.format:
            case "csv" | "tsv":
                return _csv_header(file, list(needed))
            case "parquet":
                return _parquet_header(file, scratch.door, list(needed))
            case _:
                return _json_header(file, scratch.door, list(needed), records, may_lack)
    except duckdb.Error as error:
        refuse_unreadable(file, error)


def refuse_unreadable(file: ExportFile, error: duckdb.Error) -> NoReturn:
    """Turn an error of DuckDB into a DataError with the best explanation there is."""
    if file.format != "parquet":
        check_encoding(file)
    if file.format in ("json", "ndjson"):
        check_json(file)
    first = str(error).partition("\n")[0]
    code = "damaged-file" if file.format == "parquet" else "unreadable"
    raise DataError([Problem(file.label, code=code, message=f"cannot be read: {first}")]) from error


def field(path: str) -> str:
    """The SQL of a nested Parquet column."""
    return ".".join(identifier(part) for part in path.split("."))


def identifier(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _check_last_line(file: ExportFile) -> None:
    """The engine drops a last line of more than its buffer without a word: none may be that long."""
    if file.compression != "none":
        return
    with file.path.open("rb") as stream:
        if stream.seek(0, 2) > _LONGEST_LINE:
            stream.seek(-_LONGEST_LINE, 2)
            tail = stream.read(_LONGEST_LINE)
            if b"\n" not in tail and b"\r" not in tail:
                refuse_last_line(file)


def refuse_last_line(file: ExportFile) -> NoReturn:
    """Raise DataError for a last line that the engine would drop without a word."""
    message = "its last line is longer than 2 MiB"
    file.refuse("broken-row", message, "is a double quote opened and never closed?")


def _csv_header(file: ExportFile, needed: list[str]) -> Header:
    _check_last_line(file)
    text = head(file)
    skip, delimiters = 0, "\t" if file.format == "tsv" else ",;\t|"
    while text and not text.partition("\n")[0].strip():
        text = text.partition("\n")[2]
        skip += 1
    first = text.partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        # Excel's own note of the separator, above the header.
        text, skip, delimiters = text.partition("\n")[2], skip + 1, first[4]
    if file.wide:
        needed = list(dict.fromkeys([*file.wide, *(name for name in needed if name not in (SERIES, VALUE))]))
    tried = [(delimiter, _first_record(text, delimiter)) for delimiter in delimiters]
    delimiter, names = max(tried, key=lambda one: (len(set(needed) & set(one[1])), 0 if needed else len(one[1])))
    if not names:
        file.refuse("broken-row", "the header cannot be read", "close the double quote in the first line", row=skip + 1)
    found = Counter(names)
    if file.wide:
        # Two series of one name would be one.
        needed = [*needed, *(name for name in found if name and name not in needed)]
    problems = [_missing(file, name, names) for name in needed if name not in found]
    problems += [
        Problem(
            file.label,
            code="duplicate-column",
            message=f"two columns are called '{name}'",
            help="rename one of them in the export",
            row=skip + 1,
        )
        for name in needed
        if found[name] > 1
    ]
    if problems:
        raise DataError(problems)
    return Header(file, tuple(names), file.path, file.compression, delimiter, skip + 1)


def _first_record(text: str, delimiter: str) -> list[str]:
    try:
        record = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [name.strip(BLANKS) for name in record]


def _missing(file: ExportFile, name: str, seen: Sequence[str]) -> Problem:
    shown = ", ".join(f"'{other}'" for other in dict.fromkeys(seen) if other)
    close = difflib.get_close_matches(name, seen, n=1) or [
        other for other in seen if other.casefold() == name.casefold()
    ]
    suggestion = f"did you mean '{close[0]}'? " if close else ""
    return Problem(
        file.label,
        code="missing-column",
        message=f"no column '{name}'",
        help=f"{suggestion}there are: {shown}" if shown else "there are no named columns",
    )


def _parquet_header(file: ExportFile, scratch: DuckScratch, needed: list[str]) -> Header:
    header = Header(file, (), file.path, file.compression)
    names = tuple(str(row[0]) for row in scratch.fetch(f"DESCRIBE SELECT * FROM {header.source}"))
    missing = [name for name in needed if name not in names and not _nested(scratch, header.source, names, name)]
    if missing:
        raise DataError([_missing(file, name, names) for name in missing])
    return Header(file, names, file.path, file.compression)


def _nested(scratch: DuckScratch, source: str, names: tuple[str, ...], path: str) -> bool:
    if path.partition(".")[0] not in names or "." not in path:
        return False
    try:
        scratch.fetch(f"DESCRIBE SELECT {field(path)} FROM {source}")
    except duckdb.BinderException:
        return False
    return True


def _json_header(
    file: ExportFile, scratch: DuckScratch, needed: list[str], records: Sequence[str], may_lack: Collection[str]
) -> Header:
    """A column must stand somewhere behind one of the paths; what no record has is not missing from an empty list."""
    found = record_sets(file, scratch, records)
    try:
        looked = [each.looked_at(scratch, needed) for each in found]
    except KeyTwice as twice:
        file.refuse("duplicate-key", f"a record has the key '{twice}' twice", "export it with each key once")
    except (ValueError, RecursionError):
        # What the engine lets pass: a comma too many, numbers and brackets without end.
        check_encoding(file)
        check_json(file)
        file.refuse("broken-json", "not JSON", "export it again")
    sets = tuple(each for each, _ in looked)
    names = tuple(dict.fromkeys(name for _, seen in looked for name in seen))
    absent = [name for name in needed if name not in may_lack and all(name not in each.levels for each in sets)]
    if absent and any(each.any(scratch) for each in sets):
        raise DataError([_missing(file, name, names) for name in absent])
    return Header(file, names, file.path, file.compression, sets=sets)
