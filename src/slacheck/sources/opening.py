"""Exports opened: every file of a source read once into the scratch database, its cells typed, checked and resolved."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.engine import text_rules
from slacheck.engine.files import ExportFile, digest
from slacheck.engine.reading import Column, Reading, header, read
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import Instant
from slacheck.engine.watched import Watched
from slacheck.language.conditions import Condition
from slacheck.problems import DataError, Problem
from slacheck.progress import SILENT, Progress
from slacheck.sources.bad_rows import LISTED, BadRows, Wrong
from slacheck.sources.civil_time import CivilTimes
from slacheck.sources.columns import state_words, wanted
from slacheck.sources.locating import Given, Located, locate, opened
from slacheck.sources.matching import matches
from slacheck.sources.one_of_each import of_cases, once, repeated_rows, same_files
from slacheck.sources.repeats import last_of_each
from slacheck.sources.several_rows import adds_up
from slacheck.sources.source import Source
from slacheck.sources.telling import exact
from slacheck.sources.words import Words
from slacheck.timeline import zones

__all__ = ["Export", "Exports", "Words", "no_match"]

Frame = nw.LazyFrame[Any]

_SHOWN = 5


@dataclass(frozen=True)
class Export:
    """One source, read. ``frame`` has ``rowid``, the roles as ``r_ROLE`` (instants in microseconds UTC, values at
    10**-SCALE) and the words behind ``words`` (text), ``numbers`` (10**-SCALE) and ``instants`` (microseconds UTC, null
    where there is none). ``replaced`` counts the rows of cases that a later row of the same case stands for."""

    name: str
    source: Source
    reading: Reading
    files: tuple[ExportFile, ...]
    frame: Frame
    words: Mapping[str, str]
    numbers: Mapping[str, str]
    digests: tuple[str, ...]
    instants: Mapping[str, str] = field(default_factory=dict)
    replaced: int = 0
    skipped: int = 0
    bad: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows its files have."""
        return self.reading.rows + self.reading.dropped

    def matches(self, condition: Condition) -> nw.Expr:
        return matches(condition, self.source, self.words, self.numbers)

    def figures(self, word: str) -> str:
        """The column with the numbers of ``word``. Raises DataError where an export turned out to have none."""
        if self.source.shape != "samples" or word != "value":
            return self.numbers[word]
        if "value" not in self.source.columns:
            message = f"the samples '{self.name}' have no column for 'value'"
            help = "map one in columns, or measure another export"
            raise DataError([Problem(self.files[0].label, code="missing-role", message=message, help=help)])
        return "r_value"

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

    def places(self, first: Sequence[int], total: int) -> str:
        """The places of the ``first`` of ``total`` records, and how many more there are."""
        more = f" and {total - len(first):,} more" if total > len(first) else ""
        return f"{', '.join(map(self.place, first))}{more}"

    def problem(self, rowid: int, word: str, code: str, message: str, help: str = "") -> Problem:
        """A problem of one record; ``word`` is the role or word whose column is named."""
        return self.reading.problem(rowid, code, message, help, " ".join(self.source.headers(word)))


class Exports:
    """The exports of one run. A source that several agreements read in the same way is read once."""

    def __init__(self, scratch: Scratch, watched: Watched | None = None, progress: Progress = SILENT) -> None:
        self.scratch = scratch
        self._watched = watched or Watched()
        self._progress = progress
        self._opened: dict[tuple[object, ...], Export] = {}
        self._files: dict[tuple[int, Path, int], tuple[object, object, tuple[ExportFile, ...]]] = {}
        self._told: dict[tuple[int, tuple[ExportFile, ...]], tuple[Source, Source]] = {}
        self._looked_at: dict[tuple[Located, ...], tuple[ExportFile, ...]] = {}

    def open(
        self, name: str, source: Source, words: Words, directory: Path, given: Sequence[Given] | None, zone: ZoneInfo
    ) -> Export:
        """Read ``source``. Raises DataError with everything that is wrong with its files and rows."""
        files = self._located(name, source, directory, given)
        if source.preset is not None:
            source = self._exact(name, source, files)
            words |= _tested(source)
        files = _spread(source, files)
        paths = tuple(os.path.realpath(file.given) for file in files)
        plain = source.model_dump_json(exclude={"where", "good", "bad"})
        key = (paths, plain, source.may_lack, str(source.where), str(source.good), str(source.bad), words, str(zone))
        if key not in self._opened:
            self._opened[key] = _read(self.scratch, name, source, words, files, zone, self._begun)
            # Now rather than at the end: nothing is answered from a file that changed.
            self._watched.check()
        return self._opened[key]

    def headers(self, name: str, source: Source, directory: Path, given: Sequence[Given] | None) -> frozenset[str]:
        """The headers that all files of ``source`` have, without reading their rows.

        Raises DataError for files that cannot be read and for mapped columns that they do not have.
        """
        files = self._located(name, source, directory, given)
        source = self._exact(name, source, files)
        files = _spread(source, files)
        needed = list(dict.fromkeys(header for headers in source.columns.values() for header in headers))
        lacking = source.may_lack
        found = [frozenset(header(file, self.scratch, needed, source.records, lacking).columns) for file in files]
        return frozenset.intersection(*found)

    def _exact(self, name: str, source: Source, files: tuple[ExportFile, ...]) -> Source:
        if source.preset is None:
            return source
        key = (id(source), files)
        if key not in self._told:
            self._told[key] = (source, exact(name, source, files, self.scratch))
        return self._told[key][1]

    def _begun(self, file: ExportFile) -> None:
        self._progress.step(file.label, _size(file))

    def _located(
        self, name: str, source: Source, directory: Path, given: Sequence[Given] | None
    ) -> tuple[ExportFile, ...]:
        # Looked for once: a pipe cannot be read again. Source and files stand beside, so that their ids stay theirs.
        key = (id(source), directory, id(given))
        if key not in self._files:
            located = tuple(locate(name, source, directory, given, self.scratch))
            # Agreements that share an export share the copy of it in UTF-8.
            if located not in self._looked_at:
                for each in located:
                    self._watched.look(each.path, each.label)
                self._looked_at[located] = tuple(opened(located, self.scratch))
                self._progress.more(sum(map(_size, self._looked_at[located])))
            self._files[key] = (source, given, self._looked_at[located])
        return self._files[key][2]


def _spread(source: Source, files: tuple[ExportFile, ...]) -> tuple[ExportFile, ...]:
    return tuple(replace(file, wide=source.wide) for file in files) if source.wide else files


def _tested(source: Source) -> Words:
    """The words of the conditions of a source: a preset may have brought them along."""
    conditions = [each for each in (source.where, source.good, source.bad) if each is not None]
    text = frozenset(word for condition in conditions for word in condition.equalled())
    return Words(text, frozenset(word for condition in conditions for word in condition.compared()))


def _size(file: ExportFile) -> int:
    # A file that is gone by now is told of elsewhere.
    return file.given.stat().st_size if file.given.exists() else 0


def _read(
    scratch: Scratch,
    name: str,
    source: Source,
    words: Words,
    files: tuple[ExportFile, ...],
    zone: ZoneInfo,
    begun: Callable[[ExportFile], object],
) -> Export:
    asked = wanted(source, words)
    # The digests are computed beside the reading: hashing and the engine both leave the interpreter free.
    given_up = Event()
    with ThreadPoolExecutor(max_workers=1) as beside:
        seen = beside.map(lambda file: digest(file.given, given_up), files)
        try:
            reading = _reading(scratch, source, files, asked.columns, begun)
        except BaseException:
            # An interrupted run does not wait until gigabytes are looked at.
            given_up.set()
            raise
    reading = replace(reading, bytes=tuple(seen))
    if problems := [*same_files(reading)]:
        raise DataError(problems)
    bad = BadRows(scratch, name, source.on_bad_row, reading)
    kept, replaced = reading.frame, 0
    if source.repeats == "last":
        kept, replaced = last_of_each(scratch, reading, "r_id")
        if replaced:
            _forgive(scratch, reading, reading.frame.join(kept.select("rowid"), on="rowid", how="anti"), ["r_id"])
    if source.wide and "value" in source.columns:
        # A series has no sample in a row that others have one in.
        kept = kept.filter(~nw.col("r_value").is_null() | (nw.col("bad") != 0))
    if source.where is not None:
        holds = matches(source.where, source, asked.text, asked.numbers)
        tested = [asked.text[word] for word in source.where.equalled()]
        tested += [asked.numbers[word] for word in source.where.compared()]
        _forgive(scratch, reading, kept.filter(~holds), tested)
        kept = kept.filter(holds)
    kept = bad.unreadable(kept)
    if reading.rows == 0 and source.absent_rows != "empty":
        raise DataError([_no_rows(name, source, files)])
    frame, problems = _resolved(scratch, source, reading, kept, zone, bad)
    export = Export(
        name,
        source,
        reading,
        files,
        frame,
        asked.text,
        asked.numbers,
        tuple(each.sha256 for each in reading.bytes),
        asked.instants,
        replaced,
    )
    if not problems:
        kept, problems = bad.wrong(frame, [*_checked(scratch, export)])
        export = replace(export, frame=kept)
    if not problems and source.repeats in ("latest", "events"):
        export, problems = of_cases(scratch, export)
    if source.where is not None and source.absent_rows != "empty" and not export.any(export.frame):
        problems.append(no_match(export))
    if not problems and len(files) > 1 and adds_up(source.shape, source.columns) and source.repeats != "all":
        export, problems = once(scratch, export)
    problems = problems or [*repeated_rows(scratch, export)]
    if problems:
        raise DataError(problems)
    return replace(export, skipped=bad.count, bad=bad.problems())


def _forgive(scratch: Scratch, reading: Reading, unused: Frame, tested: Collection[str]) -> None:
    """Rows that are not used are not read: what their cells hold is no error.

    A cell of ``tested``, by which it is known that they are not used, stays one, and so does a row that is no record.
    """
    bad = nw.col("bad")
    if not scratch.rows(reading.frame.filter(bad != 0).select("rowid").head(1)):
        return
    serious = bad >= 2 ** len(reading.columns)
    for index, column in enumerate(reading.columns):
        if column.name in tested:
            serious = serious | (bad % 2 ** (index + 1) >= 2**index)
    scratch.forgive(reading.table, unused.filter(bad != 0, ~serious).select("rowid"))


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
    if source.is_log:
        help += f" write absent_rows: empty on '{name}' if a log without rows means that nothing happened"
    return Problem(files[0].label, code="no-rows", message=f"no row for the source '{name}', only a header", help=help)


def _resolved(
    scratch: Scratch, source: Source, reading: Reading, kept: Frame, civil: ZoneInfo, bad: BadRows
) -> tuple[Frame, list[Problem]]:
    zone = zones.zone(source.timezone) if source.timezone else None
    resolved: dict[str, nw.Expr] = {}
    problems: list[Problem] = []
    wrong: list[Wrong] = []
    for column in reading.columns:
        if isinstance(column.rule, Instant):
            shown = " ".join(column.headers)
            times = CivilTimes(scratch, reading, kept, column.name, shown, zone, civil, source.ambiguous_times)
            resolved[column.name], found, unclear = times.resolve()
            problems += found
            wrong += unclear
    if not problems:
        kept, problems = bad.wrong(kept, wrong)
    names = [column.name for column in reading.columns if column.name not in resolved]
    return kept.select("rowid", *names, **resolved), problems


def _checked(scratch: Scratch, export: Export) -> Iterator[Wrong]:
    """What the text of single cells cannot show: words that are no state, ends before starts, more good than all."""
    source, frame = export.source, export.frame
    if source.shape == "samples" and "state" in source.columns:
        strange = frame.filter(nw.col("r_state") == len(state_words(source))).select("rowid")
        if export.any(strange):
            rows = _words_again(scratch, export, "state").join(strange, on="rowid", how="semi")
            help = f"list it under states: up, down or unknown of the source '{export.name}'"
            yield Wrong(rows, _shown(source, "state"), "bad-state", "no state: '{cell}'", help, "r_state", grouped=True)
    if source.shape == "samples" and "until" in source.columns:
        rows = frame.filter(nw.col("r_until") < nw.col("r_at"))
        yield Wrong(rows, _shown(source, "until"), "end-before-start", "the end lies before the start")
    if source.shape == "events":
        rows = frame.filter(nw.col("r_end") < nw.col("r_start"))
        yield Wrong(rows, _shown(source, "end"), "end-before-start", "the end lies before the start")
    if source.shape == "counts" and "total" in source.columns:
        part = "good" if "good" in source.columns else "bad"
        rows = frame.filter(nw.col(f"r_{part}") > nw.col("r_total"))
        yield Wrong(rows, _shown(source, part), "more-than-all", f"more {part} than the total")


def _words_again(scratch: Scratch, export: Export, role: str) -> Frame:
    """The words of a role of which only the numbers were kept, and their rowid: every file is read once more."""
    source = export.source
    words = Column(f"r_{role}", source.headers(role), text_rules.text())
    return _reading(scratch, source, export.files, [words]).frame


def _reading(
    scratch: Scratch,
    source: Source,
    files: Sequence[ExportFile],
    columns: Sequence[Column],
    begun: Callable[[ExportFile], object] | None = None,
) -> Reading:
    listed = None if source.on_bad_row is None else LISTED
    return read(scratch, files, columns, source.records, source.nulls, source.may_lack, listed, begun)


def _shown(source: Source, role: str) -> str:
    return " ".join(source.headers(role))
