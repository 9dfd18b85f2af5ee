"""The cells that could not be read, fetched again as they were written, each with its place and the reason."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw

from slacheck.engine import date_forms, undeclared_times
from slacheck.engine.duck import DuckScratch
from slacheck.engine.headers import refuse_unreadable
from slacheck.engine.json_records import RecordSet
from slacheck.engine.reading import Part, Reading
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import Instant
from slacheck.problems import Problem


def problems(scratch: Scratch, reading: Reading, limit: int = 20, *, summed: bool = True) -> list[Problem]:
    """One problem per bad cell of the first ``limit`` bad rows, in the order of the rows; none when all are readable.

    Where more rows are bad than shown, a last problem says how many in all, if ``summed``. Reads the files of the shown
    rows again.
    """
    mask = nw.col("bad")
    if not scratch.rows(reading.frame.filter(mask != 0).select("rowid").head(1)):
        return []
    found: list[Problem] = []
    for index in range(len(reading.columns)) if summed else ():
        undeclared = undeclared_times.explained(scratch, reading, index)
        if undeclared is not None:
            # One problem of the column stands for those of its cells.
            found.append(undeclared)
            mask = nw.when(mask % 2 ** (index + 1) >= 2**index).then(mask - 2**index).otherwise(mask)
    marks = reading.frame.with_columns(bad=mask).filter(nw.col("bad") != 0)
    ((total,),) = scratch.rows(marks.select(total=nw.len()))
    if total == 0:
        return found
    rows = sorted(scratch.rows(marks.select("rowid", "bad").sort("rowid").head(limit)))
    for index, part in enumerate(reading.parts):
        marked = {rowid - part.first: bad for rowid, bad in rows if reading.file_of(rowid) == index}
        if marked:
            raw = _raw(scratch.door, part, list(marked))
            places = _places(scratch.door, part, list(marked))
            for record, bad in marked.items():
                found.extend(_explained(reading, part, record, bad, raw[record], places.get(record)))
    if summed and total > len(rows):
        label = reading.place(rows[-1][0])[0] if rows else reading.files[0].label
        where = "" if len(reading.files) == 1 else f" of {len(reading.files)} files"
        found.append(
            Problem(
                label,
                code="bad-rows",
                message=f"{total} of {reading.rows} rows{where} have cells that cannot be read; {len(rows)} are shown",
            )
        )
    return found


def _raw(scratch: DuckScratch, part: Part, records: list[int]) -> dict[int, tuple[str | None, ...]]:
    """Per record: the cells as they stand, then the texts that the rules saw, then the whole record (JSON)."""
    cells = [cell if len(of) == 1 else _joined(of) for of in part.cells for cell in of[:1]]
    whole = "json::VARCHAR" if part.not_a_record else "NULL::VARCHAR"
    wanted = ", ".join(f"{one} AS w{i}" for i, one in enumerate([*cells, *part.texts, whole]))
    numbered = f"SELECT row_number() OVER () - 1 AS n, {wanted} FROM {part.source} LIMIT {max(records) + 1}"
    try:
        fetched: list[tuple[Any, ...]] = scratch.fetch(
            f"SELECT * FROM ({numbered}) WHERE n IN ({', '.join(map(str, records))})"
        )
    except duckdb.Error as error:
        refuse_unreadable(part.header.file, error)
    return {row[0]: row[1:] for row in fetched}


def _places(scratch: DuckScratch, part: Part, records: list[int]) -> dict[int, tuple[RecordSet, str]]:
    """Where each record of a nested JSON document stands in it; nothing for a plain list, whose rows say it."""
    sets = part.header.sets
    if len(sets) < 2 and all(each.plain for each in sets):
        return {}
    every = " UNION ALL ".join(f"SELECT {index} AS of, place FROM ({each.places()})" for index, each in enumerate(sets))
    numbered = f"SELECT row_number() OVER () - 1 AS n, of, place FROM ({every}) LIMIT {max(records) + 1}"
    wanted = ", ".join(map(str, records))
    found = scratch.fetch(f"SELECT * FROM ({numbered}) WHERE n IN ({wanted})")
    return {n: (sets[of], place) for n, of, place in found}


def _joined(cells: tuple[str, ...]) -> str:
    return "(" + " || ' ' || ".join(f"coalesce({cell}, '')" for cell in cells) + ")"


def _explained(
    reading: Reading,
    part: Part,
    record: int,
    bad: int,
    raw: tuple[str | None, ...],
    stands: tuple[RecordSet, str] | None,
) -> list[Problem]:
    rowid = part.first + record
    count = len(reading.columns)
    if bad >> count & 1:
        shown = _shortened(raw[-1] or "null")
        help = 'every record is an object: {"name": value, ..}'
        place = stands[1] if stands else ""
        return [reading.problem(rowid, "bad-record", f"not a record: {shown}", help, place, raw[-1])]
    found = []
    for i, column in enumerate(reading.columns):
        if not bad >> i & 1:
            continue
        cell, text = raw[i] or "", raw[count + i]
        name = " ".join(column.headers)
        if stands is not None:
            own, place = stands
            name = own.place_of(place, name) if len(column.headers) == 1 else f"{place}: {name}"
        if text is None:
            code, message = "missing-cell", "no value, but one is needed"
            help = "fill it in, or take the row out of the export"
        else:
            complaint = column.rule.complain(_shortened(text))
            code, message, help = complaint.code, complaint.message, complaint.help
            if isinstance(column.rule, Instant):
                readers = date_forms.forms_of(text)
                help += "".join(f"; {date_forms.written(form)} reads this one" for form in readers[:1])
        found.append(reading.problem(rowid, code, message, help, name, cell))
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
