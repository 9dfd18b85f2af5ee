"""Exports that change while they are read: a statement is of one file, and its digest of the bytes that were read."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from slacheck.problems import DataError, Problem

_Stamp = tuple[int, int, int, int]


class Watched:
    """The files of a run as they were when first looked at. Use as a context manager around all that reads them.

    On the way out, and whenever ``check`` is called, raises DataError where one of them is another file by now, is
    gone, or differs in size or time of change. Such a file also explains whatever else was wrong with it.
    """

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[str, _Stamp | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, Exception):
            self.check()

    def look(self, path: Path, label: str) -> None:
        """Remember what ``path`` is now; messages call it ``label``. A later look changes nothing."""
        if path not in self._seen:
            self._seen[path] = (label, _stamp(path))

    def check(self) -> None:
        """Raises DataError with every file that is not what it was."""
        problems = [
            _changed(label, stamp, now)
            for path, (label, stamp) in self._seen.items()
            if (now := _stamp(path)) != stamp and stamp is not None
        ]
        if problems:
            raise DataError(problems)


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _changed(label: str, before: _Stamp | None, now: _Stamp | None) -> Problem:
    if now is None:
        happened = "was removed"
    elif before is None or before[:2] != now[:2]:
        happened = "was replaced"
    elif before[2] != now[2]:
        happened = f"changed from {before[2]:,} to {now[2]:,} bytes"
    else:
        happened = "was written to"
    return Problem(
        label,
        code="changed-file",
        message=f"the file {happened} while it was read",
        help="evaluate again when nothing writes to it any more, or evaluate a copy of it",
    )
