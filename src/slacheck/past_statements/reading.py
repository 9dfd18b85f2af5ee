"""Files that slacheck wrote, read again: each statement as it was given, or what is wrong with it."""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from slacheck.past_statements.json_places import position
from slacheck.problems import DataError, Problem
from slacheck.statement import FORMAT, Statement

Given = str | Path | Statement
Steps = tuple[str | int, ...]

CODE = "history"
_GLOB = frozenset("*?[")
_MOST_PROBLEMS = 10
_AGAIN = "evaluate the period again and give what is written then"


@dataclass(frozen=True)
class File:
    """The file that statements came from (no digest and no text: they were given as such)."""

    label: str
    digest: str | None = None
    text: str = field(default="", repr=False)

    def problem(self, steps: Steps, message: str, help: str) -> Problem:
        """A problem at a place of the document, or at the file where there is no text."""
        at = position(self.text, steps) if self.text else None
        return self._at(at, message, help)

    def _at(self, at: int | None, message: str, help: str) -> Problem:
        if at is None:
            return Problem(self.label, code=CODE, message=message, help=help)
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text[start:].partition("\n")[0].rstrip("\r")
        number, column = self.text.count("\n", 0, at) + 1, at - start + 1
        return Problem(self.label, number, column, CODE, message, help, line)


@dataclass(frozen=True)
class Earlier:
    """One statement as it was given, and its steps inside the document of its file.

    ``aside`` is one of many that nobody named by itself: what does not belong is left aside, and nothing is refused.
    """

    statement: Statement
    file: File
    steps: Steps = ()
    aside: bool = False

    def problem(self, steps: Steps, message: str, help: str) -> Problem:
        """A problem at a place of the statement."""
        return self.file.problem((*self.steps, *steps), message, help)


def read(given: Sequence[Given]) -> list[Earlier]:
    """Every statement of files, folders (their ``.json`` files) and globs, or given as such.

    Raises DataError with everything that is wrong with any of them.
    """
    found: list[Earlier] = []
    problems: list[Problem] = []
    paths: dict[str, Path] = {}
    for number, each in enumerate(given):
        if isinstance(each, Statement):
            found.append(Earlier(each, File(f"history[{number}]")))
            continue
        try:
            # A file that is named twice is read once.
            for path in _files(str(each)):
                paths.setdefault(os.path.realpath(path), path)
        except DataError as error:
            problems += error.problems
    for path in paths.values():
        try:
            found += _statements(path)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _files(text: str) -> list[Path]:
    path = Path(text)
    try:
        if path.is_dir():
            return sorted(each for each in path.iterdir() if each.suffix.lower() == ".json")
        if path.exists() or not _GLOB & set(text):
            return [path]
    except (OSError, ValueError) as error:
        raise DataError([_unread(text, error)]) from error
    matched = [Path(each) for each in sorted(glob.glob(text, recursive=True)) if Path(each).is_file()]
    if not matched:
        help = "name a file, or a folder that holds the statements"
        raise DataError([Problem(text, code="no-file", message=f"no file matches '{text}'", help=help)])
    return matched


def _unread(label: str, error: Exception) -> Problem:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    message = f"the earlier statements were not read: {why.lower()}"
    return Problem(
        label, code="not-read", message=message, help="--history takes statements that slacheck wrote as JSON"
    )


def _statements(path: Path) -> list[Earlier]:
    label = str(path)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise DataError([_unread(label, error)]) from error
    digest = hashlib.sha256(content).hexdigest()
    wanted = "--history takes statements that slacheck wrote as JSON"
    if not content.strip():
        raise DataError([Problem(label, code=CODE, message="the file is empty", help=wanted)])
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
        file = File(label, digest, text)
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError([file._at(error.pos, f"not JSON: {error.msg.lower()}", wanted)]) from error
    except (ValueError, RecursionError) as error:
        # Bytes of no encoding, a number of thousands of digits, brackets beyond any depth.
        why = "it is no text" if isinstance(error, UnicodeDecodeError) else "nothing that slacheck writes"
        raise DataError([Problem(label, code=CODE, message=f"not JSON: {why}", help=wanted)]) from error
    written = document.get("statements") if isinstance(document, dict) else None
    if not isinstance(written, list) or "slacheck_statements" not in document:
        raise DataError([file.problem((), "this is JSON, but no statement of slacheck", wanted)])
    _known_format(file, ("slacheck_statements",), document["slacheck_statements"])
    return _validated(file, written)


def _known_format(file: File, steps: Steps, format: object) -> None:
    if format != FORMAT or isinstance(format, bool):
        shown = format if isinstance(format, (str, int)) else type(format).__name__
        message = f"statements of format {shown}, and this version of slacheck reads format {FORMAT}"
        raise DataError([file.problem(steps, message, _AGAIN)])


def _validated(file: File, written: Sequence[Any]) -> list[Earlier]:
    found: list[Earlier] = []
    problems: list[Problem] = []
    for index, each in enumerate(written):
        steps: Steps = ("statements", index)
        try:
            if isinstance(each, dict):
                _known_format(file, (*steps, "format"), each.get("format", FORMAT))
            found.append(Earlier(Statement.model_validate(each), file, steps))
        except ValidationError as error:
            for wrong in error.errors(include_url=False)[: _MOST_PROBLEMS - len(problems)]:
                problems.append(_refused(file, (*steps, *wrong["loc"]), wrong["msg"]))
        except DataError as error:
            problems += error.problems
        if len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        raise DataError(problems)
    return found


def _refused(file: File, steps: Steps, message: str) -> Problem:
    place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in steps).lstrip(".")
    return file.problem(steps, f"not what slacheck writes at {place}: {message[:1].lower()}{message[1:]}", _AGAIN)
