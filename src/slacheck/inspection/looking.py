"""Exports looked at: each file by itself, then which of them go together, and a source for each lot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from slacheck.engine import cell_steps
from slacheck.engine.cell_steps import Walk
from slacheck.engine.cells import Cells, kept_cells
from slacheck.engine.duck import DuckScratch
from slacheck.engine.encodings import ENCODINGS
from slacheck.engine.files import ExportFile, byte_order_mark
from slacheck.engine.watched import Watched
from slacheck.inspection.blocks import block
from slacheck.inspection.columns import Column, look
from slacheck.inspection.findings import (
    Block,
    ColumnSeen,
    FileSeen,
    Inspection,
    Order,
    Repeated,
    Steps,
    Suspicion,
)
from slacheck.inspection.lots import Look, lots
from slacheck.inspection.products import known_export
from slacheck.inspection.roles import Roles, roles
from slacheck.problems import DataError, Problem
from slacheck.sources import presets, telling
from slacheck.sources.locating import Given, Located, locate_named, opened
from slacheck.timeline import zones

# Sorting and hashing go to the disk beyond this; what is fetched is small.
_MEMORY = "450MB"


def inspect(
    files: Sequence[Given], records: Sequence[str] = (), timezone: str | None = None, encoding: str | None = None
) -> Inspection:
    """Look at ``files`` (paths, globs, dataframes, or - for standard input), every row of them.

    ``records`` is where the records stand inside a JSON document; ``timezone`` the zone of times that carry no
    offset; ``encoding`` that of text that is not UTF-8. Raises DataError with everything that cannot be read,
    ValueError for a zone or an encoding that does not exist.
    """
    zone = zones.zone(timezone) if timezone else None
    if encoding is not None and encoding not in ENCODINGS:
        raise ValueError(f"no encoding '{encoding}'; there is {', '.join(ENCODINGS)}")
    with DuckScratch(memory_limit=_MEMORY) as scratch, Watched() as watched:
        looks: list[Look] = []
        problems: list[Problem] = []
        located = locate_named(files, scratch, encoding)
        for each in located:
            watched.look(each.path, each.label)
        for each, file in zip(located, opened(located, scratch), strict=True):
            try:
                looks.append(_look(scratch, each, file, records, zone))
            except DataError as error:
                problems += error.problems
        if problems:
            raise DataError(problems)
    together = lots(looks)
    taken: set[str] = set()
    blocks: list[Block] = []
    for lot in together:
        if lot.first.columns:
            blocks.append(block(lot, timezone, taken))
            taken.add(blocks[-1].name)
    return Inspection(
        timezone=timezone,
        files=tuple(look.file for look in looks),
        together=tuple(lot.together for lot in together if lot.together),
        sources=tuple(blocks),
    )


def _look(
    scratch: DuckScratch, located: Located, file: ExportFile, records: Sequence[str], zone: ZoneInfo | None
) -> Look:
    beginning = telling.look(file, scratch)
    known = None if records else presets.recognised(beginning)
    product = known_export(known, beginning) if known else None
    cells = kept_cells(scratch, file, records or (known[1] if known else ()))
    times = product.times if product else frozenset()
    columns = look(cells, [(name,) for name in cells.places], zone, times=times)
    joined = _dates_with_clocks(cells, columns, zone)
    parts = {name for column in joined for name in column.names}
    played = roles(cells, [*(each for each in columns if each.name not in parts), *joined])
    if product and product.terms:
        played = product.roles(columns, played)
    columns += joined
    order, steps, repeats = _walked(cells, played)
    suspicions = [*_of_header(cells), *_ragged(cells), *(product.suspicions if product else ())]
    suspicions += [each for column in columns for each in column.suspicions]
    suspicions += _of_rows(cells, played)
    csv = file.format in ("csv", "tsv")
    encoding = located.encoding or ""
    seen = FileSeen(
        file=file.label,
        format=file.format,
        compression=file.compression,
        encoding=_encoding(file, encoding),
        separator=cells.header.delimiter if csv else "",
        header_row=cells.header.row,
        records=tuple(records) or (known[1] if known else ()),
        preset=product.preset if product and product.terms else "",
        rows=cells.rows,
        ragged=cells.ragged[0],
        columns=tuple(_shown(cells, columns)),
        shape=played.shape,
        at=played.at.names if played.at else (),
        end=played.end.names if played.end else (),
        subject=tuple(each.name for each in played.subject),
        ids=tuple(each.name for each in played.ids),
        states=played.state,
        order=order,
        steps=steps,
        duplicates=tuple(repeats),
        suspicions=tuple(suspicions),
    )
    path = "-" if file.label == "standard input" else file.label
    return Look(path, seen, played, tuple(columns), encoding, product if product and product.terms else None)


def _encoding(file: ExportFile, declared: str) -> str:
    """How the text of a file is written: as its mark says, else as was declared; UTF-8 otherwise."""
    if file.format == "parquet":
        return ""
    mark = byte_order_mark(file)
    return f"{mark} with a byte order mark" if mark else declared or "utf-8"


def _dates_with_clocks(cells: Cells, columns: Sequence[Column], zone: ZoneInfo | None) -> list[Column]:
    """A day and, in the next column, a time of day: together an instant, as a source joins them."""
    pairs = [
        (day.name, clock.name)
        for day, clock in pairwise(columns)
        if day.kind == "time" and day.seen.zone == "day" and clock.kind == "clock"
    ]
    return [each for each in look(cells, pairs, zone, first=len(columns)) if each.kind == "time"]


def _shown(cells: Cells, columns: Sequence[Column]) -> Iterator[ColumnSeen]:
    """The columns as they stand in the file, those that no agreement can name among them."""
    by_name = {column.names[0]: column.seen for column in columns if len(column.names) == 1}
    for position, name in enumerate(cells.header.names, 1):
        yield by_name.get(name) or ColumnSeen(name=name, position=position, kind="unread")
    yield from (column.seen for column in columns if len(column.names) > 1)


def _walked(cells: Cells, played: Roles) -> tuple[Order | None, Steps | None, list[Repeated]]:
    """How the times follow each other, and which rows say something again."""
    repeats: list[Repeated] = []
    order = steps = None
    at = played.at
    alone = False
    if at is not None and at.kind == "time" and at.rule is not None and at.seen.form:
        subject = tuple(name for each in played.subject for name in each.names)
        walk = Walk(cells, at.survey, at.rule, subject)
        stood = walk.order()
        order = Order(kind=_direction(stood), later=stood.later, earlier=stood.earlier, same=stood.same)
        if played.shape not in ("cases", "register"):
            stepped = walk.steps()
            alone = not stepped.repeated and at.seen.fits == cells.rows
            steps = Steps(
                distances=stepped.distances,
                common=stepped.common,
                grain=stepped.grain,
                times=stepped.times,
                gaps=stepped.gaps,
                longest=stepped.longest,
                longest_row=None if stepped.longest_at is None else cells.row(stepped.longest_at),
            )
            if stepped.repeated:
                columns = (*subject, *at.names)
                repeats.append(
                    Repeated(columns=columns, count=stepped.repeated, rows=_rows(cells, stepped.repeated_at))
                )
    # Rows that are alike in every cell have the same subject and instant.
    if not alone:
        count, first = cell_steps.repeated_rows(cells)
        if count:
            repeats.insert(0, Repeated(columns=(), count=count, rows=_rows(cells, first)))
    for column in played.ids:
        count, first = cell_steps.repeated_texts(cells, column.name)
        if count:
            repeats.append(Repeated(columns=(column.name,), count=count, rows=_rows(cells, first)))
    return order, steps, repeats


def _rows(cells: Cells, records: Sequence[int]) -> tuple[int, ...]:
    return tuple(cells.row(record) for record in records)


def _direction(stood: cell_steps.Order) -> Literal["oldest-first", "newest-first", "unsorted", "one-instant"]:
    if not stood.earlier:
        return "oldest-first" if stood.later else "one-instant"
    return "unsorted" if stood.later else "newest-first"


def _ragged(cells: Cells) -> Iterator[Suspicion]:
    count, rows = cells.ragged
    if count:
        message = "another number of cells than the header; left out of everything else here"
        yield Suspicion(code="ragged-row", message=message, count=count, rows=rows)


def _of_header(cells: Cells) -> Iterator[Suspicion]:
    names = cells.header.names
    nameless = [position for position, name in enumerate(names, 1) if not name]
    if nameless:
        places = ", ".join(map(str, nameless))
        message = f"no header above column {places}: an agreement cannot name it"
        yield Suspicion(code="no-header", message=message, count=len(nameless))
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        message = "a header that stands there twice: an agreement cannot name it"
        yield Suspicion(code="header-twice", column=name, message=message, count=names.count(name))


def _of_rows(cells: Cells, played: Roles) -> Iterator[Suspicion]:
    """What only several cells of a row, or several words of a column, show."""
    at, end = played.at, played.end
    if at and end and at.rule and at.seen.form and at.seen.form == end.seen.form:
        count, first = cell_steps.backwards(cells, at.names, end.names, at.rule)
        if count:
            message = f"ends before it starts ({at.name})"
            rows = _rows(cells, first)
            yield Suspicion(code="end-before-start", column=end.name, message=message, count=count, rows=rows)
    if played.state:
        written: dict[str, list[str]] = {}
        for word in played.state.words:
            written.setdefault(word.text.casefold(), []).append(word.text)
        for same in written.values():
            if len(same) > 1:
                count = sum(word.rows for word in played.state.words if word.text in same)
                message = f"one word in several cases: {', '.join(same)}"
                yield Suspicion(code="mixed-case", column=played.state.column, message=message, count=count)
