"""What an export says it holds: the columns of a CSV or Parquet file, the keys of JSON records."""

from __future__ import annotations

import csv
import difflib
import io
import json
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NoReturn

import duckdb

from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import CHUNK, ExportFile, check_encoding, head, quoted_path, unpacked
from slacheck.engine.json_documents import BrokenDocument, find_list, lists
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import BLANKS
from slacheck.problems import DataError, Problem

SAMPLE = 2000
_MARK = b"\xef\xbb\xbf"
_LARGEST_PACKED = 32 * 1024 * 1024


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

    @property
    def source(self) -> str:
        """The records as a table function of DuckDB: columns ``c0``, ``c1`` .. for CSV, ``json`` for JSON."""
        path, packed = quoted_path(self.path), self.compression
        match self.file.format:
            case "csv" | "tsv":
                columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.names)))
                reader = (
                    f"read_csv([{path}], auto_detect = false, header = true, skip = {self.row - 1},"
                    f" delim = '{self.delimiter}', quote = '\"', escape = '\"', compression = '{packed}',"
                    f" columns = {{{columns}}})"
                )
                # A blank line is no record; only in a file of one column DuckDB thinks it is.
                return reader if len(self.names) > 1 else f"(SELECT c0 FROM {reader} WHERE c0 IS NOT NULL)"
            case "parquet":
                return f"read_parquet([{path}])"
            case _:
                kind = "array" if self.file.format == "json" else "newline_delimited"
                unpacking = "uncompressed" if packed == "none" else packed
                return f"read_json_objects([{path}], format = '{kind}', compression = '{unpacking}')"


def header(file: ExportFile, scratch: Scratch, needed: Collection[str], records: str | None = None) -> Header:
    """Read what columns there are. ``needed`` may be dotted paths into nested JSON or Parquet records.

    Raises DataError for columns that are missing or stand there twice, and for a ``records`` path that is not a
    list of records.
    """
    try:
        match file.format:
            case "csv" | "tsv":
                return _csv_header(file, list(needed))
            case "parquet":
                return _parquet_header(file, scratch.door, list(needed))
            case _:
                return _json_header(file, scratch.door, list(needed), records)
    except duckdb.Error as error:
        refuse_unreadable(file, error)


def refuse_unreadable(file: ExportFile, error: duckdb.Error) -> NoReturn:
    """Turn an error of DuckDB into a DataError with the best explanation there is."""
    if file.format != "parquet":
        check_encoding(file)
    if file.format in ("json", "ndjson"):
        _check_json(file)
    first = str(error).partition("\n")[0]
    code = "damaged-file" if file.format == "parquet" else "unreadable"
    raise DataError([Problem(file.label, code=code, message=f"cannot be read: {first}")]) from error


def pointer(path: str, *, nested: bool) -> str:
    """A JSON pointer to the key ``path``, or to where its dots lead, as an SQL string."""
    keys = path.split(".") if nested else [path]
    written = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
    return "'" + written.replace("'", "''") + "'"


def field(path: str) -> str:
    """The SQL of a nested Parquet column."""
    return ".".join(identifier(part) for part in path.split("."))


def identifier(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _csv_header(file: ExportFile, needed: list[str]) -> Header:
    text = head(file)
    skip, delimiters = 0, "\t" if file.format == "tsv" else ",;\t|"
    while text and not text.partition("\n")[0].strip():
        text = text.partition("\n")[2]
        skip += 1
    first = text.partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        # Excel's own note of the separator, above the header.
        text, skip, delimiters = text.partition("\n")[2], skip + 1, first[4]
    tried = [(delimiter, _first_record(text, delimiter)) for delimiter in delimiters]
    delimiter, names = max(tried, key=lambda one: (len(set(needed) & set(one[1])), 0 if needed else len(one[1])))
    if not names:
        file.refuse("broken-row", "the header cannot be read", "close the double quote in the first line", row=skip + 1)
    found = Counter(names)
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


def _json_header(file: ExportFile, scratch: DuckScratch, needed: list[str], records: str | None) -> Header:
    header = _unwrapped(file, scratch, records)
    sample = scratch.fetch(f"SELECT json::VARCHAR FROM {header.source} LIMIT {SAMPLE}")
    keys: dict[str, None] = {}
    for (record,) in sample:
        _collect_keys(json.loads(record), "", keys)
    absent = [name for name in needed if name not in keys]
    if absent and sample:
        absent = _absent_everywhere(scratch, header.source, absent)
        if absent:
            raise DataError([_missing(file, name, list(keys)) for name in absent])
    return Header(file, tuple(keys), header.path, header.compression)


def _collect_keys(record: Any, prefix: str, keys: dict[str, None]) -> None:
    if isinstance(record, dict):
        for key, value in record.items():
            if not isinstance(value, dict):
                keys[prefix + key] = None
            _collect_keys(value, f"{prefix}{key}.", keys)


def _absent_everywhere(scratch: DuckScratch, source: str, names: list[str]) -> list[str]:
    tests = [
        f"bool_or(json_exists(json, {pointer(name, nested=False)}) OR json_exists(json, {pointer(name, nested=True)}))"
        for name in names
    ]
    ((*found,),) = scratch.fetch(f"SELECT {', '.join(tests)} FROM {source}")
    return [name for name, there in zip(names, found, strict=True) if not there]


def _unwrapped(file: ExportFile, scratch: DuckScratch, records: str | None) -> Header:
    """The file itself where it is a plain list of records; otherwise the list taken out of the document."""
    if file.format == "ndjson":
        if records is not None:
            file.refuse("records", f"no list '{records}': the file has one record per line", "leave `records` away")
        return _without_mark(file, scratch)
    if records is None and head(file).lstrip().startswith("["):
        return _without_mark(file, scratch)
    document = _plain(file, scratch)
    if records is None:
        help = f"name the list with `records`; there are: {_lists_in(file, document)}"
        file.refuse("records", "one document, not a list of records", help)
    with document.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as text:
        try:
            found = find_list(text, records)
        except (BrokenDocument, ValueError):
            check_encoding(file)
            _check_json(replace(file, path=document, compression="none"))
            file.refuse("broken-json", "not JSON", "export it again")
        if isinstance(found, str):
            message = f"no list of records at '{records}': {found}"
            file.refuse("records", message, f"there are: {_lists_in(file, document)}")
        target = scratch.directory / f"{scratch.fresh('records')}.json"
        target.write_bytes(text[found[0] : found[1]])
    return Header(file, (), target, "none")


def _lists_in(file: ExportFile, document: Path) -> str:
    check_encoding(file)
    _check_json(replace(file, path=document, compression="none"))
    return ", ".join(lists(json.loads(document.read_bytes()))) or "no list at all"


def _without_mark(file: ExportFile, scratch: DuckScratch) -> Header:
    stream = unpacked(file)
    if stream is not None:
        with stream:
            marked = stream.read(3) == _MARK
        if marked:
            return Header(file, (), _plain(file, scratch), "none")
    return Header(file, (), file.path, file.compression)


def _plain(file: ExportFile, scratch: DuckScratch) -> Path:
    """The file unpacked and without a byte order mark: itself, or a copy."""
    stream = unpacked(file)
    target = scratch.directory / f"{scratch.fresh('records')}.json"
    if stream is None:
        target.write_text(_zstd_document(file, scratch), encoding="utf-8")
        return target
    with stream:
        first = stream.read(3)
        if file.compression == "none" and first != _MARK:
            return file.path
        with target.open("wb") as out:
            out.write(b"" if first == _MARK else first)
            shutil.copyfileobj(stream, out, CHUNK)
    return target


def _zstd_document(file: ExportFile, scratch: DuckScratch) -> str:
    """Only DuckDB unpacks zstd, and its JSON reader takes many times the size of a document in buffers."""
    source = (
        f"read_json_objects([{quoted_path(file.path)}], format = 'unstructured', compression = 'zstd',"
        f" maximum_object_size = {_LARGEST_PACKED})"
    )
    try:
        rows = scratch.fetch(f"SELECT json::VARCHAR FROM {source} LIMIT 2")
    except duckdb.Error as error:
        if "maximum_object_size" not in str(error) and not isinstance(error, duckdb.OutOfMemoryException):
            raise
        file.refuse("too-large", "a zstd file with one document too large to be unpacked", "unpack it with `zstd -d`")
    return "\n".join(row[0] for row in rows)


def _check_json(file: ExportFile) -> None:
    """Raise DataError with the place of the first mistake as Python's reader finds it; nothing for zstd."""
    stream = unpacked(file)
    if stream is None:
        return
    with stream:
        if file.format == "ndjson":
            for number, line in enumerate(stream, 1):
                text = line.removeprefix(_MARK).decode()
                if text.strip():
                    _parse(file, text, number)
        else:
            _parse(file, stream.read().removeprefix(_MARK).decode(), 1)


def _parse(file: ExportFile, text: str, line: int) -> None:
    text = text.rstrip()
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        place = line + error.lineno - 1
        cut = " (it is cut off here)" if error.pos >= len(text) else ""
        file.refuse("broken-json", f"not JSON: {error.msg}{cut}", "export it again", line=place, column=error.colno)
