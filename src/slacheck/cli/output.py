"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from slacheck.problems import Problem, SlacheckError


class OutputError(SlacheckError):
    """A statement could not be written. Nothing half-written stays."""


def write_all(texts: Sequence[tuple[Path, str]]) -> None:
    """Write every text beside its place first, then move all of them there. Raises OutputError."""
    written: list[tuple[str, Path]] = []
    try:
        for path, text in texts:
            try:
                written.append((_beside(path, text), path))
            except OSError as error:
                raise OutputError([_problem(path, error)]) from error
        for temporary, path in written:
            try:
                os.replace(temporary, path)
            except OSError as error:
                raise OutputError([_problem(path, error)]) from error
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)


def _beside(path: Path, text: str) -> str:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files that only their owner can read; a report is an ordinary file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _problem(path: Path, error: OSError) -> Problem:
    return Problem(
        str(path),
        code="not-written",
        message=f"the statement was not written: {(error.strerror or str(error)).lower()}",
        help="nothing was left behind; choose a file that can be written",
    )
