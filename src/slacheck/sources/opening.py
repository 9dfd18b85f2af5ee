"""Exports opened: every file of a source read once into the scratch database, its cells typed, checked and resolved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.engine import bad_cells, text_rules
from slacheck.engine.files import ExportFile, digest
from slacheck.engine.reading import Column, Reading, read
from slacheck.engine.scratch import Scratch
from slacheck.language.conditions import Condition
from slacheck.problems import DataError, Problem
from slacheck.sources.civil_time import CivilTimes
from slacheck.sources.locating import Given, locate, opened
from slacheck.sources.matching import SCALE, matches
from slacheck.sources.source import Source
from slacheck.timeline import zones

Frame = nw.LazyFrame[Any]

_SHOWN = 5
_SINCE = re.compile(r"seconds since (\S+)Z")
_INSTANTS = ("at", "start", "end", "announced")


@dataclass(frozen=True)
class Words:
    """The words of an agreement that read a source: as text and as numbers."""

    text: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Export:
    """One source, read. ``frame`` has ``rowid``, the roles as ``r_ROLE`` (instants in microseconds UTC, values at
    10**-SCALE) and the words behind ``words`` and ``numbers``."""

    name: str
    source: Source
    reading: Reading
    files: tuple[ExportFile, ...]
    frame: Frame
    words: Mapping[str, str]
    numbers: Mapping[str, str]
    digests: tuple[str, ...]

    def matches(self, condition: Condition) -> nw.Expr:
        return matches(condition, self.source, self.words, self.numbers)

    def any(self, frame: Frame) -> bool:
        """Whether ``frame`` has a record."""
        return bool(self.reading.scratch.rows(frame.select("rowid").head(1)))

    def matching(self, *conditions: Condition | None) -> Frame:
        """The records for which every condition holds; those that the source's ``where`` drops are gone already."""
        frame = self.frame
        for condition in conditions:
            if condition is not None:
                frame = frame.filter(self.matches(condition))
        return frame

    def place(self, rowid: int) -> str:
        """``file:row``, as evidence names it."""
        label, row = self.reading.place(rowid)
        return f"{label}:{row}"

    def problem(self, rowid: int, role: str, code: str, message: str, help: str = "") -> Problem:
        label, row = self.reading.place(rowid)
        return Problem(label, code=code, message=message, help=help, row=row, field=" ".join(self.source.columns[role]))


class Exports:
    """The exports of one run. A source that several agreements read in the same way is read once."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self._opened: dict[tuple[object, ...], Export] = {}

    def open(
        self, name: str, source: Source, words: Words, directory: Path, given: Sequence[Given] | None, zone: ZoneInfo
    ) -> Export:
        """Read ``source``. Raises DataError with everything that is wrong with its files and rows."""
        files = tuple(opened(locate(name, source, directory, given, self.scratch)))
        paths = tuple(str(file.path.resolve()) for file in files)
        plain = source.model_dump_json(exclude={"where", "good", "bad"})
        key = (paths, plain, str(source.where), str(source.good), str(source.bad), words, str(zone))
        if key not in self._opened:
            self._opened[key] = _read(self.scratch, name, source, words, files, zone)
        return self._opened[key]


def _read(
    scratch: Scratch, name: str, source: Source, words: Words, files: tuple[ExportFile, ...], zone: ZoneInfo
) -> Export:
    roles = list(_roles(source))
    ordered = sorted(words.text)
    compared = sorted(words.numbers)
    columns = [
        *roles,
        *(Column(f"t_{i}", _headers(source, word), text_rules.text(), False) for i, word in enumerate(ordered)),
        *(
            Column(f"n_{i}", _headers(source, word), text_rules.number(SCALE, wide=True), False)
            for i, word in enumerate(compared)
        ),
    ]
    # The digests are computed beside the reading: hashing and the engine both leave the interpreter free.
    with ThreadPoolExecutor(max_workers=1) as beside:
        digests = beside.map(digest, [file.path for file in files])
        reading = read(scratch, files, columns, source.records, source.nulls)
    as_text = {word: f"t_{i}" for i, word in enumerate(ordered)}
    as_numbers = {word: f"n_{i}" for i, word in enumerate(compared)}
    kept = reading.frame
    if source.where is not None:
        holds = matches(source.where, source, as_text, as_numbers)
        _forgive(scratch, reading, holds, [*as_text.values(), *as_numbers.values()])
        kept = kept.filter(holds)
    problems = bad_cells.problems(scratch, reading)
    if problems:
        raise DataError(problems)
    if reading.rows == 0 and source.absent_rows != "empty":
        raise DataError([_no_rows(name, source, files)])
    frame, problems = _resolved(scratch, source, reading, kept, zone)
    export = Export(name, source, reading, files, frame, as_text, as_numbers, tuple(digests))
    if source.where is not None and source.absent_rows != "empty" and not export.any(export.frame):
        problems.append(no_match(export))
    problems = problems or [*_checked(scratch, export)]
    if problems:
        raise DataError(problems)
    return export


def _forgive(scratch: Scratch, reading: Reading, holds: nw.Expr, tested: Collection[str]) -> None:
    """Rows that ``where`` drops are not read: what their other cells hold is no error.

    A cell that ``where`` itself cannot read stays one, and so does a row that is no record.
    """
    if not scratch.fetch(f'SELECT 1 FROM "{reading.table}" WHERE bad <> 0 LIMIT 1'):
        return
    bad = nw.col("bad")
    serious = bad >= 2 ** len(reading.columns)
    for index, column in enumerate(reading.columns):
        if column.name in tested:
            serious = serious | (bad % 2 ** (index + 1) >= 2**index)
    dropped = scratch.fresh("dropped")
    forgiven = reading.frame.filter(bad != 0, ~holds, ~serious).select(r=nw.col("rowid"))
    scratch.store(dropped, forgiven.to_native().sql_query())
    scratch.fetch(f'UPDATE "{reading.table}" SET bad = 0 WHERE rowid IN (SELECT r FROM "{dropped}")')


def no_match(export: Export, help: str = "check the values against the export") -> Problem:
    """Conditions that no record of an export satisfies: a class or subject that matches nothing."""
    return Problem(
        export.files[0].label,
        code="no-match",
        message=f"none of the {export.reading.rows} rows of '{export.name}' satisfies the conditions ('where')",
        help=help,
    )


def _no_rows(name: str, source: Source, files: Sequence[ExportFile]) -> Problem:
    help = "is the export complete?"
    if source.shape == "events":
        help += f" write absent_rows: empty on '{name}' if a log without rows means that nothing happened"
    return Problem(files[0].label, code="no-rows", message=f"no row for the source '{name}', only a header", help=help)


def _headers(source: Source, word: str) -> tuple[str, ...]:
    return source.columns.get(word, (word,))


def _rule(source: Source) -> text_rules.TextRule:
    if source.time_format is None:
        return text_rules.instant()
    since = _SINCE.fullmatch(source.time_format)
    if since:
        base = datetime.fromisoformat(since[1]).replace(tzinfo=UTC)
        return text_rules.seconds_since(zones.instant_of(base.replace(tzinfo=None), zones.zone("UTC")))
    return text_rules.instant(source.time_format)


def _roles(source: Source) -> Iterator[Column]:
    for role, headers in source.columns.items():
        if role in _INSTANTS and not (role == "announced" and source.shape != "events"):
            yield Column(f"r_{role}", headers, _rule(source), role not in ("end", "announced"))
        elif source.shape == "samples" and role == "state":
            yield Column("r_state", headers, text_rules.text(), True)
        elif source.shape == "samples" and role == "value":
            yield Column("r_value", headers, text_rules.number(SCALE, wide=True), True)
        elif source.shape == "counts" and role in ("total", "good", "bad"):
            yield Column(f"r_{role}", headers, text_rules.count(), True)
        elif source.shape == "events" and role == "cause":
            yield Column("r_cause", headers, text_rules.text(), False)


def _resolved(
    scratch: Scratch, source: Source, reading: Reading, kept: Frame, civil: ZoneInfo
) -> tuple[Frame, list[Problem]]:
    zone = zones.zone(source.timezone) if source.timezone else None
    resolved: dict[str, nw.Expr] = {}
    problems: list[Problem] = []
    for column in reading.columns:
        if column.name.removeprefix("r_") in _INSTANTS and column.name.startswith("r_"):
            header = " ".join(column.headers)
            times = CivilTimes(scratch, reading, kept, column.name, header, zone, civil, source.ambiguous_times)
            resolved[column.name], found = times.resolve()
            problems += found
    names = [column.name for column in reading.columns if column.name not in resolved]
    return kept.select("rowid", "f", *names, **resolved), problems


def _checked(scratch: Scratch, export: Export) -> Iterator[Problem]:
    """What the text of single cells cannot show: words that are no state, ends before starts, more good than all."""
    source = export.source
    if source.shape == "samples" and "state" in source.columns:
        yield from _states(scratch, export)
    if source.shape == "events":
        wrong = export.frame.filter(nw.col("r_end") < nw.col("r_start"))
        yield from _rows(scratch, export, wrong, "end", "end-before-start", "the end lies before the start")
    if source.shape == "counts" and "total" in source.columns:
        part = "good" if "good" in source.columns else "bad"
        wrong = export.frame.filter(nw.col(f"r_{part}") > nw.col("r_total"))
        yield from _rows(scratch, export, wrong, part, "more-than-all", f"more {part} than the total")


def _states(scratch: Scratch, export: Export) -> Iterator[Problem]:
    known: Collection[str] = {*export.source.states.up, *export.source.states.down, *export.source.states.unknown}
    seen = scratch.rows(
        export.frame.filter(~nw.col("r_state").is_in(sorted(known)))
        .group_by("r_state")
        .agg(row=nw.col("rowid").min(), rows=nw.len())
        .sort("row")
        .head(_SHOWN)
    )
    for state, row, rows in seen:
        yield export.problem(
            row,
            "state",
            "bad-state",
            f"no state: '{state}', in {rows} {'row' if rows == 1 else 'rows'}",
            f"list it under states: up, down or unknown of the source '{export.name}'",
        )


def _rows(
    scratch: Scratch, export: Export, wrong: Frame, role: str, code: str, message: str, help: str = ""
) -> Iterator[Problem]:
    for (row,) in scratch.rows(wrong.select("rowid").sort("rowid").head(_SHOWN)):
        yield export.problem(row, role, code, message, help)
