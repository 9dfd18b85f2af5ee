"""What the machine has no more of, disk or memory, as problems that say what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb

from slacheck.problems import DataError, Problem

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_NO_SPACE_SAID = ("No space left", "Disk quota exceeded", "File too large", "Read-only file system")


def exhausted(error: BaseException, directory: Path) -> DataError | None:
    """``error`` as a problem where disk or memory ran out under the scratch database in ``directory``; else None."""
    said = str(error)
    if isinstance(error, duckdb.Error):
        # Not any "disk": a path of the user's may hold that word.
        if "max_temp_directory_size" in said or any(reason in said for reason in _NO_SPACE_SAID):
            return disk_full(directory)
        # A spill file that is gone, a disk that is broken.
        if isinstance(error, duckdb.IOException) and str(directory) in said:
            return disk_full(directory, f"the scratch database failed: {said.partition(chr(10))[0]}")
        if isinstance(error, duckdb.OutOfMemoryException) or "bad_alloc" in said or "bad allocation" in said:
            return out_of_memory()
    if isinstance(error, OSError) and error.errno in _NO_SPACE:
        return disk_full(directory)
    return out_of_memory() if isinstance(error, MemoryError) else None


def disk_full(directory: Path, reason: str = "no space left for the scratch database") -> DataError:
    """The disk of the scratch directory is full."""
    return DataError(
        [
            Problem(
                str(directory.parent),
                code="disk-full",
                message=f"the data was not read: {reason}",
                help="free some space, or set TMPDIR to a directory on a larger disk",
            )
        ]
    )


def out_of_memory() -> DataError:
    """Memory ran out: that of the scratch database, or that of the process."""
    return DataError(
        [
            Problem(
                "this run",
                code="out-of-memory",
                message="nothing was evaluated: the memory of this machine or container does not suffice",
                help="give it about 1 GB, more for very large exports, or ask for fewer agreements or periods at once",
            )
        ]
    )
