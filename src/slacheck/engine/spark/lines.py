"""CSV that Spark reads itself, many pieces of a file at once: line by line, by a grammar that leaves nothing to guess.

What does not fit it (a line end within quotes, rows of other lengths, bytes that are no UTF-8) is the whole file's
affair, which the door then reads at the driver, with its repairs and its messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from slacheck.engine.marking import marked
from slacheck.engine.spark.text_rules import identifier, literal, values
from slacheck.engine.text_rules import BLANKS, Text, TextRule

if TYPE_CHECKING:
    from slacheck.engine.headers import Header
    from slacheck.engine.reading import Column, Part

TYPES = {"HUGEINT": "DECIMAL(38,0)", "VARCHAR": "STRING"}
# Hadoop reads these in a path as a pattern, or cannot read them at all; names that begin so are hidden to it.
_UNUSABLE = re.compile(r"[\[\]{}*?\\:,%#\s]|/[._][^/]*\Z")


class Lines(NamedTuple):
    """A file as Spark reads it: ``frame`` has ``rowid`` within the file and the columns of a reading.

    ``stored`` is what has to be freed after use.
    """

    frame: Any
    stored: Any
    rows: int


def lines(session: Any, part: Part, columns: Sequence[Column]) -> Lines | None:
    """Read the file of ``part``; None where Spark cannot see it, or not in the way that the door reads it."""
    header = part.header
    steps = _steps(part, columns) if _is_plain(header) else None
    if steps is None:
        return None
    shown = _pieces(session, header)
    for step in steps:
        shown = shown.selectExpr("block", "size", "odd", "place", *step)
    stored = shown.persist()
    rows = stored.groupBy("block").agg({"place": "min", "odd": "sum", "size": "max", "*": "count"}).collect()
    blocks = sorted((r["block"], r["min(place)"], r["count(1)"]) for r in rows)
    size = header.path.stat().st_size
    if not rows or any(row["sum(odd)"] or row["max(size)"] != size for row in rows):
        stored.unpersist()
        return None
    # The first line is the header; each piece goes on where the one before it ends.
    shifts, total = [], -1
    for block, least, count in blocks:
        shifts.append((block, total - least))
        total += count
    pairs = ", ".join(f"({block}L, {shift}L)" for block, shift in shifts)
    shift = session.sql(f"SELECT * FROM VALUES {pairs} AS s(block, shift)")
    kept = [column for column in stored.columns if column not in ("block", "size", "odd", "place")]
    frame = stored.join(shift, "block").selectExpr("place + shift AS rowid", *map(identifier, kept)).where("rowid >= 0")
    return Lines(frame, stored, total)


def _is_plain(header: Header) -> bool:
    file, path = header.file, header.path
    packed = header.compression == "none" or (header.compression == "gzip" and path.suffix.lower() == ".gz")
    whole = file.format in ("csv", "tsv") and header.row == 1 and len(header.names) > 1 and len(header.delimiter) == 1
    return whole and packed and path == file.given and not _UNUSABLE.search(str(path.absolute()))


def _pieces(session: Any, header: Header) -> Any:
    """Every line with its cells, the piece of the file it stands in, and its place in the order of Spark's reading."""
    mark = re.escape(header.delimiter)
    cell = f'{mark}("(?:[^"]|"")*+"|[^"{mark}]*+)'
    before = f"concat({literal(header.delimiter)}, value)"
    quoted = (
        f"transform(regexp_extract_all({before}, {literal(cell)}, 1), c -> CASE WHEN startswith(c, '\"')"
        " THEN replace(substr(c, 2, length(c) - 2), '\"\"', '\"') ELSE c END)"
    )
    shape = literal(rf"\A(?:{cell})*+\z")
    cells = (
        f"CASE WHEN NOT contains(value, '\"') THEN split(value, {literal(mark)}, -1)"
        f" WHEN {before} RLIKE {shape} THEN {quoted} END"
    )
    read = session.read.text(f"file://{header.path.absolute()}").where("value <> ''")
    lined = read.selectExpr(
        "_metadata.file_block_start AS block",
        "_metadata.file_size AS size",
        "monotonically_increasing_id() AS place",
        "is_valid_utf8(value) AS utf8",
        f"{cells} AS cells",
    )
    odd = f"CASE WHEN utf8 AND coalesce(size(cells), -1) = {len(header.names)} THEN 0 ELSE 1 END AS odd"
    return lined.selectExpr("block", "size", odd, "place", "cells")


def _steps(part: Part, columns: Sequence[Column]) -> list[list[str]] | None:
    """Texts, values, results; None where a rule has no words in Spark."""
    found = [values(column.rule, f"t{i}") for i, column in enumerate(columns)]
    known = [expressions for expressions in found if expressions is not None]
    if len(known) < len(found):
        return None
    names = part.header.names
    raw = {each: f"get(cells, {number})" for number, each in enumerate(names)}
    texts = [
        f"{_text([raw[each] for each in column.headers], column.rule, part.nulls)} AS t{i}"
        for i, column in enumerate(columns)
    ]
    typed, results = marked(columns, known, _named)
    return [texts, [f"t{i}" for i in range(len(columns))] + typed, results]


def _named(expression: str, kind: str, called: str) -> str:
    return f"CAST({expression} AS {TYPES.get(kind, kind)}) AS {identifier(called)}"


def _text(cells: Sequence[str], rule: TextRule, nulls: Sequence[str]) -> str:
    """The trimmed text of a column, NULL where there is no value; as ``reading`` has it for DuckDB."""
    words = ", ".join(literal(word) for word in ("", *(word.strip(BLANKS) for word in nulls)))
    known = [f"CASE WHEN {trimmed} NOT IN ({words}) THEN {trimmed} END" for trimmed in map(_trimmed, cells)]
    if len(known) == 1:
        return known[0]
    if isinstance(rule, Text):
        return f"nullif(concat_ws(' ', {', '.join(known)}), '')"
    joined = ", ' ', ".join(f"coalesce({each}, '')" for each in known)
    return f"CASE WHEN coalesce({', '.join(known)}) IS NOT NULL THEN concat({joined}) END"


def _trimmed(cell: str) -> str:
    return f"trim(BOTH {literal(BLANKS)} FROM {cell})"
