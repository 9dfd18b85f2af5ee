"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from slacheck.problems import Problem, SlacheckError


class OutputError(SlacheckError):
    """Something could not be written. Nothing half-written stays."""

    @classmethod
    def of(cls, path: Path | str, error: OSError) -> OutputError:
        """What the system said of ``path``."""
        said = (error.strerror or str(error)).lower()
        return cls(
            [
                Problem(
                    str(path),
                    code="not-written",
                    message=f"nothing was written: {said}",
                    help="nothing was left behind; choose a file that can be written",
                )
            ]
        )


def write_all(contents: Sequence[tuple[Path, bytes]]) -> None:
    """Write everything beside its place first, then move all of them there. Raises OutputError.

    A link stays, and the file behind it is written. A pipe or a device is written to, never replaced.
    """
    with staged(contents) as place:
        place()


@contextlib.contextmanager
def staged(contents: Sequence[tuple[Path, bytes]]) -> Iterator[Callable[[], None]]:
    """What ``write_all`` does, in two steps: all is on the disk in the block, and what it is given puts it in place.

    Of what is not put in place nothing stays. Raises OutputError, and so does the second step.
    """
    written: list[tuple[str, Path]] = []
    streams: list[tuple[Path, bytes]] = []

    def place() -> None:
        for path, content in streams:
            with _told(path):
                path.write_bytes(content)
        for temporary, path in written:
            with _told(path):
                os.replace(temporary, path)
                _kept_with(path.parent)

    try:
        for path, content in contents:
            with _told(path):
                with contextlib.suppress(FileNotFoundError):
                    # A loop of links, a name too long and the like have no file behind them to be replaced.
                    os.stat(path)
                if os.path.exists(path) and not path.is_file() and not path.is_dir():
                    streams.append((path, content))
                else:
                    real = Path(os.path.realpath(path))
                    written.append((_beside(real, content), real))
        yield place
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError.of(path, error) from error


def _beside(path: Path, content: bytes) -> str:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(path))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _mode(path: Path) -> int:
    """Who may read and write: as it was where the file is replaced, as of any new file otherwise, never mkstemp's."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _kept_with(directory: Path) -> None:
    """Have the disk keep the new name too, where a system can be asked to."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
