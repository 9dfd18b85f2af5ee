"""Where the files of a source lie: paths and globs of the agreement, files given instead, stdin, dataframes."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import narwhals as nw

from slacheck.engine.encodings import Encoding
from slacheck.engine.files import ExportFile, open_file, spool
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources.source import Source

Given = str | Path | Any
DataGiven = Mapping[str, Sequence[Given]]

_GLOB = frozenset("*?[")


@dataclass(frozen=True)
class Located:
    """One file to read, what messages and statements call it, and where it was looked for, told where it is missing."""

    path: Path
    label: str
    format: str | None = None
    encoding: Encoding | None = None
    sheet: str | None = None
    sought: str = ""


def locate(
    name: str, source: Source, directory: Path, given: Sequence[Given] | None, scratch: Scratch
) -> list[Located]:
    """Every file of ``source``, sorted within each glob. Paths of the agreement are relative to ``directory``.

    Raises DataError when a glob matches nothing or a file is named twice, since its records would count twice; a plain
    path that does not exist is found out when it is opened.
    """
    wanted: Sequence[Given] = given if given is not None else source.path
    base = Path() if given is not None else directory
    found: list[Located] = []
    for item in wanted:
        if not isinstance(item, (str, Path)):
            found.append(_framed(name, item, scratch))
        elif str(item) == "-":
            found.append(Located(_stdin(scratch), "standard input", source.written_as, source.encoding, source.sheet))
        else:
            matched = _matched(name, str(item), base, source.written_as)
            found += [
                replace(_seekable(each, scratch), encoding=source.encoding, sheet=source.sheet) for each in matched
            ]
    _once(name, found)
    return found


def locate_named(files: Sequence[Given], scratch: Scratch, encoding: Encoding | None = None) -> list[Located]:
    """Files that belong to no source yet. Raises DataError like ``locate``."""
    found: list[Located] = []
    for item in files:
        if not isinstance(item, (str, Path)):
            found.append(_framed("", item, scratch))
        elif str(item) == "-":
            found.append(Located(_stdin(scratch), "standard input", None, encoding))
        else:
            matched = _matched("", str(item), Path(), None)
            found += [replace(_seekable(each, scratch), encoding=encoding) for each in matched]
    _once("", found)
    return found


def _once(name: str, found: Sequence[Located]) -> None:
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for each in found:
        path = os.path.realpath(each.path)
        if path in seen:
            message = f"the source '{name}' reads this file twice" if name else "this file is named twice"
            if seen[path] != each.label:
                message += f", here and as '{seen[path]}'"
            problems.append(Problem(each.label, code="file-twice", message=message, help="name every file once"))
        seen.setdefault(path, each.label)
    if problems:
        raise DataError(problems)


def _stdin(scratch: Scratch) -> Path:
    """Standard input as a file. It can be read only once: whoever asks again is given the same file."""
    path = scratch.directory / "stdin"
    return path if path.exists() else _spooled(sys.stdin.buffer, "standard input", scratch, path.name)


def _seekable(located: Located, scratch: Scratch) -> Located:
    """What can be read only once (a pipe, a process substitution) becomes a file."""
    try:
        mode = os.stat(located.path).st_mode
    except (OSError, ValueError):
        # What is wrong with it is told when it is opened.
        return located
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return located
    try:
        with located.path.open("rb") as stream:
            return replace(located, path=_spooled(stream, located.label, scratch, scratch.fresh("stream")))
    except OSError as error:
        raise DataError([_unreadable(located.label, error)]) from error


def _spooled(stream: BinaryIO, label: str, scratch: Scratch, name: str) -> Path:
    try:
        return spool(stream, scratch.directory, name)
    except OSError as error:
        raise DataError([_not_read(label, error)]) from error


def _unreadable(label: str, error: OSError) -> Problem:
    said = (error.strerror or str(error)).lower()
    return Problem(label, code="unreadable", message=f"cannot be read: {said}", help="check what the path leads to")


def _not_read(label: str, error: OSError) -> Problem:
    return Problem(
        label,
        code="not-read",
        message=f"the data was not read: {(error.strerror or str(error)).lower()}",
        help="it is kept in a scratch directory: free some space, or set TMPDIR to a directory on a larger disk",
    )


def _matched(name: str, text: str, base: Path, format: str | None) -> list[Located]:
    # A file whose name holds [ or * is meant literally where it exists.
    if not _GLOB & set(text) or os.path.exists(base / text):
        return [Located(base / text, text, format, sought=_sought(name, base) if name else "")]
    matched = sorted(glob.glob(text, root_dir=base, recursive=True))
    files = [match for match in matched if (base / match).is_file()]
    if not files:
        raise DataError(
            [
                Problem(
                    text,
                    code="no-file",
                    message=f"no file matches '{text}'" + (f" for the source '{name}'" if name else ""),
                    help=_sought(name, base),
                )
            ]
        )
    return [Located(base / match, match, format) for match in files]


def _sought(name: str, base: Path) -> str:
    elsewhere = f"; point elsewhere with --data {name}=PATH" if name else ""
    return f"looked in {os.path.realpath(base)}{elsewhere}"


def _framed(name: str, frame: Any, scratch: Scratch) -> Located:
    """A dataframe becomes a file of the scratch directory, so that it goes through the same text rules as any other."""
    label = f"the dataframe given for '{name}'" if name else "the dataframe"
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


def opened(located: Sequence[Located], scratch: Scratch) -> list[ExportFile]:
    """Look at every file; text in another encoding is copied once. Raises one DataError with the problems of all."""
    files: list[ExportFile] = []
    problems: list[Problem] = []
    for each in located:
        copy = scratch.directory / f"{scratch.fresh('utf8')}"
        try:
            files.append(open_file(each.path, each.label, each.format, each.encoding, copy, each.sheet))
        except OSError as error:
            problems.append(_not_read(each.label, error))
        except DataError as error:
            missing = each.sought and all(problem.code == "missing-file" for problem in error.problems)
            problems += [replace(problem, help=each.sought) if missing else problem for problem in error.problems]
    if problems:
        raise DataError(problems)
    return files
