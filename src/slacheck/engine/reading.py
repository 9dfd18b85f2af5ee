"""Exports become one kept table: integers and words per declared column, and a mark on every unreadable row."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import duckdb
import narwhals as nw

from slacheck.engine.csv_records import Dropped, Layout, layout, ragged, repaired
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import Bytes, ExportFile, check_encoding
from slacheck.engine.headers import Header, header, identifier, refuse_last_line, refuse_unreadable
from slacheck.engine.headers import field as nested_field
from slacheck.engine.marking import marked
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import ABSOLUTE, BLANKS, CIVIL, NAIVE, AsWritten, Instant, QuickRule, Text, TextRule
from slacheck.engine.text_rules.words import literal
from slacheck.problems import DataError, Problem

__all__ = ["Column", "Header", "Part", "Reading", "header", "read"]

_RESERVED = frozenset({"bad", "rowid"})
_MOST_COLUMNS = 62
# epoch_us of a TIMESTAMP_NS rounds; an instant is floored.
_NANOSECONDS = "(epoch_ns({0}) - ((epoch_ns({0}) % 1000) + 1000) % 1000) // 1000"
_NATIVE_INSTANTS = {
    "TIMESTAMP WITH TIME ZONE": ("epoch_us({0})", ABSOLUTE),
    "TIMESTAMP": ("epoch_us({0})", NAIVE),
    "TIMESTAMP_S": ("epoch_us({0}::TIMESTAMP)", NAIVE),
    "TIMESTAMP_MS": ("epoch_us({0}::TIMESTAMP)", NAIVE),
    "TIMESTAMP_NS": (_NANOSECONDS, NAIVE),
    "DATE": ("epoch_us({0}::TIMESTAMP)", CIVIL),
}


@dataclass(frozen=True)
class Column:
    """A column that is wanted: its name in the table, the headers it is read from, and the rule for its text.

    The cells of several headers are joined by one blank (a date and a time). Where ``required``, an empty cell is bad.
    """

    name: str
    headers: tuple[str, ...]
    rule: TextRule
    required: bool = True


@dataclass(frozen=True)
class Part:
    """One file of a reading: how to read it again, and which rows of the table are its own (``first``, ``rows``).

    ``dropped`` are rows of the file that are not in the table, since they do not have the header's cells.
    """

    header: Header
    cells: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    natives: tuple[tuple[str, int] | None, ...]
    quick: tuple[tuple[str, ...], ...]
    source: str
    not_a_record: str | None
    nulls: tuple[str, ...] = ()
    first: int = 0
    rows: int = 0
    dropped: Dropped = field(default_factory=Dropped)


@dataclass(frozen=True)
class Reading:
    """A kept table in the order of the files; its rowid is the position of a record, from 0.

    Columns: the declared ones (an instant has ``NAME`` in microseconds and ``NAME_kind``), and
    ``bad``: bit i is set where ``columns[i]`` is unreadable or missing, the bit after the last where it is no record.
    ``bytes``, where somebody looked, are those of each file.
    """

    scratch: Scratch
    table: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    bytes: tuple[Bytes, ...] = ()
    _layouts: dict[int, Layout] = field(default_factory=dict)

    @property
    def frame(self) -> nw.LazyFrame[Any]:
        """The table with its ``rowid``."""
        return self.scratch.records(self.table)

    @property
    def files(self) -> tuple[ExportFile, ...]:
        """The files in their order."""
        return tuple(part.header.file for part in self.parts)

    @property
    def rows(self) -> int:
        """How many records there are in all files."""
        return sum(part.rows for part in self.parts)

    @property
    def dropped(self) -> int:
        """How many rows of the files are not in the table, since they do not have the header's cells."""
        return sum(part.dropped.rows for part in self.parts)

    def file_of(self, rowid: int) -> int:
        """Which of the files, from 0, a record stands in. Raises IndexError for one that does not exist."""
        return self._stands(rowid)[0]

    def place(self, rowid: int) -> tuple[str, int]:
        """Label of the file and the row as a spreadsheet counts it (the header is row 1; JSON and Parquet: from 1).

        Raises IndexError for a row that does not exist.
        """
        index, record = self._stands(rowid)
        header = self.parts[index].header
        return header.file.label, header.row + 1 + (record if header.row == 0 else self._layout(index).row(record))

    def problem(
        self, rowid: int, code: str, message: str, help: str = "", field: str = "", cell: str | None = None
    ) -> Problem:
        """A problem of one record, with its row and, of text that can be read again, the line on which it starts."""
        index, record = self._stands(rowid)
        header = self.parts[index].header
        told = header.row > 0 and header.file.compression != "zstd" and not header.file.sheet
        line = header.row + 1 + self._layout(index).line(record) if told else 0
        label, row = self.place(rowid)
        return Problem(label, line, code=code, message=message, help=help, row=row, field=field, cell=cell)

    def _stands(self, rowid: int) -> tuple[int, int]:
        """Which file a record is of, and its number in it."""
        for index, part in enumerate(self.parts):
            if 0 <= rowid - part.first < part.rows:
                return index, (rowid - part.first) // part.header.each
        raise IndexError(f"no row {rowid} in {self.table}")

    def _layout(self, index: int) -> Layout:
        if index not in self._layouts:
            part = self.parts[index]
            file, dropped = part.header.file, part.dropped.rows > 0
            seen = self.bytes[index] if self.bytes and file.compression == "none" and file.given == file.path else None
            header, rows = part.header, part.rows // part.header.each
            self._layouts[index] = layout(
                file, header.delimiter, header.row - 1, header.names, rows, seen, dropped=dropped
            )
        return self._layouts[index]


def read(
    scratch: Scratch,
    files: Sequence[ExportFile],
    columns: Sequence[Column],
    records: Sequence[str] = (),
    nulls: Sequence[str] = (),
    may_lack: Collection[str] = (),
    listed: int | None = None,
    begun: Callable[[ExportFile], object] | None = None,
) -> Reading:
    """Read ``columns`` of all ``files`` into one table. ``nulls`` are words that mean: no value, beside the empty cell.

    Cells that cannot be read are marked in ``bad``. Rows of another number of cells than the header are dropped where
    ``listed`` says how many of them to tell; else they are an error. Raises DataError for everything that makes a file
    or a row as a whole unreadable, for all files together; ValueError for columns that cannot be declared beside each
    other. ``begun`` is told of each file before it is read.
    """
    _check_names(columns)
    needed = list(dict.fromkeys(name for column in columns for name in column.headers))
    table = scratch.begin("reading", dict(_table_columns(columns)))
    parts: list[Part] = []
    problems: list[Problem] = []
    first = 0
    for file in files:
        if begun is not None:
            begun(file)
        try:
            found = header(file, scratch, needed, records, may_lack)
            # Once a file is refused nothing is kept any more: of the others only the header is still looked at.
            if not problems:
                part = _store(scratch, table, found, columns, nulls, listed)
                parts.append(replace(part, first=first))
                first += part.rows
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return Reading(scratch, table, tuple(columns), tuple(parts))


def _check_names(columns: Sequence[Column]) -> None:
    names = [name.casefold() for name, _ in _table_columns(columns)]
    if len(names) != len(set(names)):
        raise ValueError(f"columns are called alike, or like one of {', '.join(sorted(_RESERVED))}: {names[:-1]}")
    if _RESERVED & set(names[:-1]) or len(columns) > _MOST_COLUMNS or any(not column.headers for column in columns):
        raise ValueError(f"a column is called like one of {sorted(_RESERVED)}, has no header, or there are too many")


def _table_columns(columns: Sequence[Column]) -> list[tuple[str, str]]:
    declared = [(column.name + ending, kind) for column in columns for ending, kind in column.rule.endings]
    return [*declared, ("bad", "BIGINT")]


def _store(
    scratch: Scratch,
    table: str,
    found: Header,
    columns: Sequence[Column],
    nulls: Sequence[str],
    listed: int | None,
) -> Part:
    """Append one file. CSV that DuckDB cannot read is explained, or repaired and read once more."""
    part = _part(scratch.door, found, columns, nulls)
    try:
        part = replace(part, rows=scratch.take(table, _statement(part, columns), part, columns))
        _check_count(scratch.door, found, part.rows)
        return part  # noqa: TRY300
    except duckdb.Error as error:
        if found.file.format not in ("csv", "tsv"):
            refuse_unreadable(found.file, error)
        mended, dropped = _repaired(scratch.door, found, error, listed)
        part = _part(scratch.door, mended, columns, nulls)
    try:
        rows = scratch.take(table, _statement(part, columns), part, columns)
        return replace(part, header=found, rows=rows, dropped=dropped)
    except duckdb.Error as error:
        refuse_unreadable(found.file, error)


def _check_count(scratch: DuckScratch, found: Header, rows: int) -> None:
    """No record of a packed file was dropped. Raises DataError."""
    if found.file.format in ("csv", "tsv") and (again := found.counted) is not None:
        ((count,),) = scratch.fetch(f"SELECT count(*) FROM {again}")
        if count != rows:
            refuse_last_line(found.file)


def _repaired(scratch: DuckScratch, found: Header, error: duckdb.Error, listed: int | None) -> tuple[Header, Dropped]:
    file = found.file
    check_encoding(file)
    if file.compression == "zstd":
        _refuse_packed(found, error)
    target = scratch.directory / f"{scratch.fresh('repaired')}.csv"
    dropped = repaired(file, found.delimiter, found.names, found.row - 1, target, listed)
    return replace(found, path=target, compression="none", delimiter=",", row=1), dropped


def _refuse_packed(found: Header, error: duckdb.Error) -> NoReturn:
    """Only DuckDB's own words are to be had for zstd; its line is the number of the record."""
    line = re.search(r"CSV Error on Line: (\d+)", str(error))
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", str(error))
    if line and cells:
        raise DataError([ragged(found.file, int(line[1]), int(cells[2]), int(cells[1]))]) from error
    if "state machine" in str(error) or "quote" in str(error):
        found.file.refuse(
            "broken-row", "mixed line ends or a stray double quote", "unpack it with `zstd -d` to learn the row"
        )
    refuse_unreadable(found.file, error)


def _part(scratch: DuckScratch, found: Header, columns: Sequence[Column], nulls: Sequence[str]) -> Part:
    needed = list(dict.fromkeys(name for column in columns for name in column.headers))
    not_a_record = None
    types: dict[str, str] = {}
    if found.file.format in ("csv", "tsv"):
        source = found.source
        raw = {name: found.place(name) for name in needed}
    elif found.file.format == "parquet":
        source = found.source
        places = {name: identifier(name) if name in found.names else nested_field(name) for name in needed}
        shown = ", ".join(places.values()) or "NULL"
        described = scratch.fetch(f"DESCRIBE SELECT {shown} FROM {source}")
        types = {name: str(row[1]) for name, row in zip(needed, described, strict=False)}
        raw = {name: f"({place})::VARCHAR" for name, place in places.items()}
    else:
        source, not_a_record, raw = _json_source(found, needed)
    natives = tuple(_native(column, types, raw) for column in columns)
    cells = tuple(tuple(raw[name] for name in column.headers) for column in columns)
    texts = tuple(_text(of, column.rule, nulls) for of, column in zip(cells, columns, strict=True))
    quick = tuple(
        () if native else _quick(of, column.rule, nulls)
        for of, column, native in zip(cells, columns, natives, strict=True)
    )
    return Part(found, cells, texts, natives, quick, source, not_a_record, tuple(nulls))


def _json_source(found: Header, needed: Sequence[str]) -> tuple[str, str, dict[str, str]]:
    """The records of all paths one after the other, the condition that tells what is none, and the cells."""
    if len(found.sets) == 1:
        (only,) = found.sets
        source, cells = only.cells(needed)
        return source, only.not_a_record, dict(zip(needed, cells, strict=True))
    raw = {name: f"x{index}" for index, name in enumerate(needed)}
    selects = []
    for each in found.sets:
        source, cells = each.cells(needed)
        shown = ", ".join(f"{cell} AS x{index}" for index, cell in enumerate(cells))
        selects.append(f"SELECT json, {each.not_a_record} AS no{', ' if shown else ''}{shown} FROM {source}")
    return f"({' UNION ALL '.join(selects)})", "no", raw


def _native(column: Column, types: dict[str, str], raw: dict[str, str]) -> tuple[str, int] | None:
    if not isinstance(column.rule, Instant) or len(column.headers) > 1:
        return None
    written = _NATIVE_INSTANTS.get(types.get(column.headers[0], ""))
    if written is None:
        return None
    place = raw[column.headers[0]].removesuffix("::VARCHAR")
    return f"CASE WHEN isfinite({place}) THEN {written[0].format(place)} END", written[1]


def _quick(cells: Sequence[str], rule: TextRule, nulls: Sequence[str]) -> tuple[str, ...]:
    """What is known of a cell at a glance; nothing where it is joined of several or a word for no value looks alike."""
    if len(cells) > 1 or not isinstance(rule, QuickRule) or any(rule.is_quick(word.strip(BLANKS)) for word in nulls):
        return ()
    return rule.quick(cells[0])


def _text(cells: Sequence[str], rule: TextRule, nulls: Sequence[str]) -> str:
    """SQL of the trimmed text of a column, NULL where there is no value.

    Of joined cells some may be empty: the blanks between them stay, so that a date without its time is no date.
    """
    if isinstance(rule, AsWritten):
        return cells[0]
    known = [_known(cell, nulls) for cell in cells]
    if len(known) == 1:
        return known[0]
    if isinstance(rule, Text):
        return f"nullif(concat_ws(' ', {', '.join(known)}), '')"
    joined = " || ' ' || ".join(f"coalesce({cell}, '')" for cell in known)
    return f"CASE WHEN coalesce({', '.join(known)}) IS NOT NULL THEN {joined} END"


def _known(cell: str, nulls: Sequence[str]) -> str:
    trimmed = f"trim({cell})"
    if not nulls:
        return f"nullif({trimmed}, '')"
    words = ", ".join(literal(word) for word in ("", *(word.strip(BLANKS) for word in nulls)))
    return f"CASE WHEN {trimmed} NOT IN ({words}) THEN {trimmed} END"


def _statement(part: Part, columns: Sequence[Column]) -> str:
    """The steps of one file: what is known at a glance, texts, values, values with the mask of what is bad."""
    quick = {i: values for i, values in enumerate(part.quick) if values}
    glances = [f"{value} AS q{i}_{j}" for i, found in quick.items() for j, value in enumerate(found)]
    # A text is trimmed only where it was not known at a glance.
    texts = [
        f"CASE WHEN q{i}_0 IS NULL THEN {text} END AS t{i}" if i in quick else f"{text} AS t{i}"
        for i, text in enumerate(part.texts)
    ]
    natives = [f"{native[0]} AS n{i}" for i, native in enumerate(part.natives) if native]
    marks = [f"coalesce({part.not_a_record}, true) AS no_record"] if part.not_a_record else []
    seen = [f"q{i}_{j}" for i, found in quick.items() for j in range(len(found))]
    passed = [*(f"t{i}" for i in range(len(columns))), *(["no_record"] if marks else []), *seen]
    found = [
        (f"n{i}", str(native[1])) if native else column.rule.values(f"t{i}")
        for i, (column, native) in enumerate(zip(columns, part.natives, strict=True))
    ]
    for i in quick:
        found[i] = tuple(
            f"CASE WHEN q{i}_0 IS NOT NULL THEN q{i}_{j} ELSE {value} END" for j, value in enumerate(found[i])
        )
    values, results = marked(columns, found, _named, "no_record" if marks else "")
    source = f"(SELECT *, {', '.join(glances)} FROM {part.source})" if glances else part.source
    first = ", ".join([*texts, *natives, *marks, *seen]) or "1 AS one"
    second = ", ".join([*passed, *values]) or "1 AS one"
    return f"SELECT {', '.join(results)} FROM (SELECT {second} FROM (SELECT {first} FROM {source}))"


def _named(expression: str, kind: str, name: str) -> str:
    return f"({expression})::{kind} AS {identifier(name)}"
