"""Rows of one export that are of one thing: put together, counted once, or told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from slacheck.engine.reading import Reading
from slacheck.engine.same_rows import in_two_files
from slacheck.engine.scratch import Scratch
from slacheck.problems import Problem
from slacheck.sources.occurrences import latest_of_each, put_together, told_twice
from slacheck.sources.repeats import Repeated, repeated

if TYPE_CHECKING:
    from slacheck.sources.opening import Export

Frame = nw.LazyFrame[Any]


def same_files(reading: Reading) -> Iterator[Problem]:
    """Files with rows that are another one byte by byte: an export delivered twice, under two names."""
    known: dict[str, str] = {}
    for part, bytes in zip(reading.parts, reading.bytes, strict=True):
        label = part.header.file.label
        if part.rows and bytes.sha256 in known:
            message = f"the same file as {known[bytes.sha256]}, byte by byte: its rows would count twice"
            yield Problem(label, code="file-twice", message=message, help="name one of them")
        known.setdefault(bytes.sha256, label)


def once(scratch: Scratch, export: Export) -> tuple[Export, list[Problem]]:
    """The export without rows that an earlier file has, or what they are where the source does not say so."""
    instant = "r_start" if export.source.shape == "events" else "r_at"
    pairs = in_two_files(scratch, export.reading, export.frame, instant)
    if not pairs:
        return export, []
    if export.source.repeats == "once":
        again = scratch.give("again", {"again": "BIGINT"}, [(row,) for _, row in pairs])
        frame = export.frame.join(again, left_on="rowid", right_on="again", how="anti")
        return replace(export, frame=frame, replaced=len(pairs)), []
    help = "write repeats: once on the source to count them once, or repeats: all where each is one of its own"
    more = f"; so do {len(pairs) - 1:,} more" if len(pairs) > 1 else ""
    message = f"stands in {export.reading.place(pairs[0][0])[0]} too, row {export.reading.place(pairs[0][0])[1]}"
    return export, [export.reading.problem(pairs[0][1], "row-twice", f"{message}, and would count twice{more}", help)]


def of_cases(scratch: Scratch, export: Export) -> tuple[Export, list[Problem]]:
    """The export with one row for each case, of the many that it has."""
    source = export.source
    again: list[tuple[str, Frame]] = []
    instants = dict(export.instants)
    if source.repeats == "latest":
        frame = latest_of_each(scratch, export.frame)
    else:
        frame, columns, again = put_together(scratch, export.frame, source.events)
        instants |= columns
    ((rows,),) = scratch.rows(export.frame.select(rows=nw.len()))
    ((cases,),) = scratch.rows(frame.select(rows=nw.len()))
    problems = [*told_twice(scratch, export.reading, " ".join(source.headers("event")), again)]
    return replace(export, frame=frame, instants=instants, replaced=rows - cases), problems


def repeated_rows(scratch: Scratch, export: Export) -> Iterator[Problem]:
    """Rows that say again, or otherwise, what another one says."""
    source = export.source
    if source.shape == "cases" and source.repeats == "refuse":
        help = f"keep the last state of each case, or write repeats: last on '{export.name}' where a later row replaces"
        told = Repeated("duplicate-case", "the case '{value}' stands here and in {before}", "cases", help)
        yield from repeated(scratch, export.reading, export.frame, ["r_id"], " ".join(source.headers("id")), told)
    if source.shape == "register" and source.key and "at" not in source.columns:
        yield from _two_facts(scratch, export)


def _two_facts(scratch: Scratch, register: Export) -> Iterator[Problem]:
    source = register.source
    columns = [register.words[word] for word in source.key]
    message, help = "'{value}' stands here and in {before}", "keep one row of each"
    if "valid_from" in source.columns:
        columns.append("r_valid_from")
        message += ", valid from the same instant"
    else:
        help += ", or map 'valid_from' where the facts change"
    told = Repeated("duplicate-key", message, f"keys of '{register.name}'", help)
    shown = " ".join(source.headers(source.key[0]))
    yield from repeated(scratch, register.reading, register.frame, columns, shown, told)
