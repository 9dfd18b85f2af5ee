"""Where the files of a source lie: paths and globs of the agreement, files given instead, stdin, dataframes."""

from __future__ import annotations

import glob
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from slacheck.engine.files import ExportFile, open_file, spool
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources.source import Source

Given = str | Path | Any
DataGiven = Mapping[str, Sequence[Given]]

_GLOB = frozenset("*?[")


@dataclass(frozen=True)
class Located:
    """One file to read and what messages and statements call it."""

    path: Path
    label: str
    format: str | None = None


def locate(
    name: str, source: Source, directory: Path, given: Sequence[Given] | None, scratch: Scratch
) -> list[Located]:
    """Every file of ``source``, sorted within each glob. Paths of the agreement are relative to ``directory``.

    Raises DataError when a glob matches nothing; a plain path that does not exist is found out when it is opened.
    """
    wanted: Sequence[Given] = given if given is not None else source.path
    base = Path() if given is not None else directory
    found: list[Located] = []
    for item in wanted:
        if not isinstance(item, (str, Path)):
            found.append(_framed(name, item, scratch))
        elif str(item) == "-":
            path = spool(sys.stdin.buffer, scratch.directory, scratch.fresh("stdin"))
            found.append(Located(path, "standard input", source.format))
        else:
            found += _matched(name, str(item), base, source.format)
    return found


def _matched(name: str, text: str, base: Path, format: str | None) -> list[Located]:
    # A file whose name holds [ or * is meant literally where it exists.
    if not _GLOB & set(text) or (base / text).exists():
        return [Located(base / text, text, format)]
    matched = sorted(glob.glob(text, root_dir=base, recursive=True))
    files = [match for match in matched if (base / match).is_file()]
    if not files:
        raise DataError(
            [
                Problem(
                    text,
                    code="no-file",
                    message=f"no file matches '{text}' for the source '{name}'",
                    help=f"looked in {base.resolve()}; point elsewhere with --data {name}=PATH",
                )
            ]
        )
    return [Located(base / match, match, format) for match in files]


def _framed(name: str, frame: Any, scratch: Scratch) -> Located:
    """A dataframe becomes a file of the scratch directory, so that it goes through the same text rules as any other."""
    label = f"the dataframe given for '{name}'"
    try:
        native = nw.from_native(frame)
    except TypeError:
        raise DataError(
            [
                Problem(
                    label,
                    code="no-dataframe",
                    message=f"not a dataframe: a {type(frame).__name__}",
                    help="give a path, or a dataframe that narwhals accepts (pandas, Polars, PyArrow, DuckDB ...)",
                )
            ]
        ) from None
    stem = scratch.directory / scratch.fresh("frame")
    if isinstance(native, nw.LazyFrame):
        path = stem.with_suffix(".parquet")
        native.sink_parquet(path)
        return Located(path, label, "parquet")
    path = stem.with_suffix(".csv")
    native.write_csv(path)
    return Located(path, label, "csv")


def opened(located: Sequence[Located]) -> list[ExportFile]:
    """Look at every file. Raises one DataError with the problems of all."""
    files: list[ExportFile] = []
    problems: list[Problem] = []
    for each in located:
        try:
            files.append(open_file(each.path, each.label, each.format))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return files
