"""The SQLite file of a ledger: opened, made, recognised, and its troubles told as problems."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from slacheck.problems import Problem, SlacheckError

# What `file` and other programs recognise it by: "SLAc".
APPLICATION = 0x534C4163
FORMAT = 1
_PATIENCE = 30.0
_NAME = "name a file, such as ledger.db"

_SCHEMA = """
CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    period TEXT NOT NULL,
    part TEXT NOT NULL,
    running INTEGER NOT NULL CHECK (running IN (0, 1)),
    number INTEGER NOT NULL CHECK (number > 0),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    verdict TEXT NOT NULL,
    currency TEXT NOT NULL,
    least TEXT NOT NULL,
    most TEXT NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    statement TEXT NOT NULL,
    UNIQUE (agreement, period, part, running, number)
) STRICT;
CREATE TRIGGER statements_stay BEFORE UPDATE ON statements
    BEGIN SELECT RAISE(ABORT, 'a statement that is kept is never changed'); END;
CREATE TRIGGER statements_are_kept BEFORE DELETE ON statements
    BEGIN SELECT RAISE(ABORT, 'a statement that is kept is never deleted'); END;
"""


class LedgerError(SlacheckError):
    """The ledger cannot be read or written. Nothing half-written stays in it."""

    @classmethod
    def of(cls, path: Path, message: str, help: str) -> LedgerError:
        """One problem of the ledger at ``path``."""
        return cls([Problem(str(path), code="ledger", message=message, help=help)])


def writable(path: Path) -> None:
    """Raise LedgerError where a ledger at ``path`` can neither be made nor written."""
    with told(path):
        # Through links: the journal lies beside the file that they lead to.
        place = Path(os.path.realpath(path))
        folder = place.parent
        if not folder.is_dir():
            raise LedgerError.of(path, f"no ledger was opened: there is no folder {folder}", "make the folder first")
        for each in (place, folder):
            # What is there and is no file is refused as such when it is opened.
            if (each.is_file() or each.is_dir()) and not os.access(each, os.W_OK):
                message = f"nothing can be kept: {each} cannot be written"
                raise LedgerError.of(path, message, "check who may write there; the journal of a write lies beside it")


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open the ledger at ``path``; with ``write`` an empty or new file becomes one. Raises LedgerError."""
    with told(path):
        if not write and not path.exists():
            raise LedgerError.of(path, "no ledger was read: there is no such file", "evaluate with --ledger makes it")
        if path.is_dir():
            raise LedgerError.of(path, "no ledger was opened: it is a directory", _NAME)
        if path.exists() and not path.is_file():
            raise LedgerError.of(path, "no ledger was opened: it is no file", _NAME)
        # As a URI, in which a path may hold any character. Who only reads must be able to take back what a run that
        # was killed has left, where the file can be written at all.
        mode = "rwc" if write else "rw"
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None
        )
        try:
            _recognise(connection, path, write=write)
        except BaseException:
            connection.close()
            raise
    return connection


def _recognise(connection: sqlite3.Connection, path: Path, *, write: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if not write:
        connection.execute("PRAGMA query_only = ON")
    # One file, whole on the disk when a commit returns; two side files would not survive a copy.
    connection.execute("PRAGMA synchronous = FULL")
    application, format = _marks(connection)
    if (application, format) == (0, 0) and not _tables(connection):
        if not write:
            raise LedgerError.of(path, "no ledger was read: the file is empty", "evaluate with --ledger fills it")
        with transaction(connection):
            # Another run may have made it while this one waited.
            if not _tables(connection):
                for statement in _statements():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
        application, format = _marks(connection)
    if application != APPLICATION:
        raise LedgerError.of(path, "a database, but no ledger of slacheck", "name another file for --ledger")
    if format > FORMAT:
        message = f"a ledger of format {format}, and this version of slacheck knows format {FORMAT}"
        raise LedgerError.of(path, message, "install the newer slacheck that made it")


def _statements() -> Iterator[str]:
    text = ""
    for line in _SCHEMA.strip().splitlines():
        text += line + "\n"
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (format,) = connection.execute("PRAGMA user_version").fetchone()
    return application, format


def _tables(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within, or nothing. It waits for another writer first, so that what it reads stays true."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system says into a LedgerError."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError.of(path, *_words(str(error))) from error
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise LedgerError.of(path, f"the ledger was not opened: {said}", "name a file that can be read") from error


def _words(said: str) -> tuple[str, str]:
    if "locked" in said:
        return "nothing was kept: another run holds the ledger for too long", "run it again when the other has ended"
    if "readonly" in said or "unable to open" in said:
        return "the ledger was not opened: it cannot be read or written", "check the path and who may write there"
    if "not a database" in said or "malformed" in said:
        return (
            "the ledger was not read: the file is damaged, or no ledger",
            "restore it from a copy, or name another file",
        )
    if "full" in said or "disk I/O" in said:
        return "nothing was kept: no space is left for the ledger", "free some space and run it again"
    return f"the ledger failed: {said}", "restore it from a copy, or name another file for --ledger"
