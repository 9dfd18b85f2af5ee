"""The scratch database: one private DuckDB file per run, bounded in memory, removed on every way out."""

from __future__ import annotations

import os
import shutil
import string
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
import narwhals as nw

from slacheck.engine.exhausted import disk_full, exhausted

if TYPE_CHECKING:
    from slacheck.engine.reading import Column, Part

MEMORY_LIMIT = "700MB"
# Where files have more than one root; elsewhere there is one.
_DRIVES = [f"{letter}:\\" for letter in string.ascii_uppercase] if os.name == "nt" else []


class DuckScratch:
    """A ``Scratch`` in a DuckDB database, in a directory of its own. Use as a context manager.

    Beside the verbs of every engine it has those of its own that take SQL: ``frame``, ``table``, ``store``, ``append``
    and ``fetch`` are for the doors of this package, which look at files. Nothing here knows what the columns mean.
    """

    def __init__(self, directory: Path | None = None, memory_limit: str = MEMORY_LIMIT) -> None:
        self._parent = directory
        self._memory_limit = memory_limit
        self._names = 0
        self.directory = Path()

    def __enter__(self) -> Self:
        try:
            self.directory = Path(tempfile.mkdtemp(prefix="slacheck-", dir=self._parent)).absolute()
        except OSError as error:
            where = self._parent or Path(tempfile.gettempdir() if tempfile.tempdir else "TMPDIR")
            raise disk_full(where / "scratch", f"no scratch directory: {(error.strerror or '').lower()}") from error
        try:
            self.connection = duckdb.connect(str(self.directory / "scratch.duckdb"))
            for setting in self._settings():
                self.connection.execute(setting)
        except BaseException as error:
            shutil.rmtree(self.directory, ignore_errors=True)
            if told := exhausted(error, self.directory):
                raise told from error
            raise
        return self

    def _settings(self) -> Iterator[str]:
        yield "SET TimeZone = 'UTC'"
        yield f"SET memory_limit = '{self._memory_limit}'"
        yield f"SET temp_directory = {_text(self.directory / 'spill')}"
        # Counted, so that it can be asked for, and never printed.
        yield "SET enable_progress_bar = true"
        yield "SET enable_progress_bar_print = false"
        yield "SET progress_bar_time = 0"
        yield "SET preserve_insertion_order = true"
        # What is about to be removed need not be put in order first.
        yield "PRAGMA disable_checkpoint_on_shutdown"
        # Nothing is loaded from a network, or from what another program has put into the user's folder.
        yield "SET autoinstall_known_extensions = false"
        yield "SET autoload_known_extensions = false"
        yield "SET allow_community_extensions = false"
        yield f"SET extension_directory = {_text(self.directory)}"
        yield f"SET custom_extension_repository = {_text(self.directory)}"
        # Exports lie anywhere on this machine, and nowhere else: what is no path from a root is not opened.
        roots = {self.directory.anchor, *_DRIVES}
        yield f"SET allowed_directories = [{', '.join(sorted(_text(root) for root in roots))}]"
        yield "SET enable_external_access = false"
        yield "SET lock_configuration = true"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.connection.close()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)
        if error is not None and (told := exhausted(error, self.directory)):
            raise told from error

    def share_done(self) -> float:
        """How much of what runs is done, from 0 to 1; negative where that is not known. Any thread may ask."""
        return self.connection.query_progress() / 100

    def fresh(self, stem: str) -> str:
        """A table name that this run has not used yet."""
        self._names += 1
        return f"{stem}_{self._names}"

    @property
    def door(self) -> DuckScratch:
        """This database itself: it reads the files."""
        return self

    def frame(self, sql: str) -> nw.LazyFrame[Any]:
        """A lazy frame over one SELECT in DuckDB's own words."""
        return nw.from_native(self.connection.sql(sql))

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """A lazy frame over a table that was kept."""
        return self.frame(f'SELECT * FROM "{name}"')

    def keep(self, frame: nw.LazyFrame[Any], stem: str) -> nw.LazyFrame[Any]:
        """Run ``frame`` once and store it; what follows reads the table instead of running it again."""
        name = self.fresh(stem)
        # Not compressed, as the records are: it is read once or twice, and what does not fit into memory is spilled.
        self._write(f'CREATE TEMP TABLE "{name}" AS {frame.to_native().sql_query()}')
        return self.table(name)

    def store(self, name: str, sql: str) -> None:
        """``CREATE TABLE name AS sql``. Raises DataError when the disk of the scratch directory is full."""
        self._write(f'CREATE TABLE "{name}" AS {sql}')

    def append(self, name: str, sql: str) -> int:
        """Add the rows of ``sql`` behind those of a kept table and return how many. Raises DataError like ``store``."""
        return self._write(f'INSERT INTO "{name}" {sql}')

    def _write(self, statement: str) -> int:
        try:
            written: list[tuple[int]] = self.connection.execute(statement).fetchall()
        except duckdb.Error as error:
            # Told here and not on the way out: the error of a file that cannot be read is another one.
            if told := exhausted(error, self.directory):
                raise told from error
            raise
        return written[0][0]

    def give(
        self, stem: str, columns: Mapping[str, str], rows: Iterable[Sequence[int | str | None]]
    ) -> nw.LazyFrame[Any]:
        """Hand a small table in: ``columns`` maps its names to their KINDS."""
        name = self.fresh(stem)
        lists = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
        # One statement with lists, not executemany: 0.1 s against 40 s for 100,000 rows. Temporary, since each commit
        # to the file waits for the disk: 3 ms against 16.
        unnested = ", ".join(f"unnest(?::{kind}[]) AS {_quoted(column)}" for column, kind in columns.items())
        self.connection.execute(f'CREATE TEMP TABLE "{name}" AS SELECT {unnested}', lists)
        return self.table(name)

    def begin(self, stem: str, columns: Mapping[str, str]) -> str:
        """An empty table, into which ``take`` or ``append`` put rows; its name."""
        name = self.fresh(stem)
        declared = ", ".join(f"{_quoted(column)} {kind}" for column, kind in columns.items())
        self.connection.execute(f'CREATE TABLE "{name}" ({declared})')
        return name

    def take(self, table: str, sql: str, part: Part, columns: Sequence[Column]) -> int:
        """Read one file into a table that was begun, behind the rows it has; how many were read."""
        return self.append(table, sql)

    def records(self, table: str) -> nw.LazyFrame[Any]:
        """The rows of such a table and ``rowid``, their position in it from 0."""
        return self.frame(f'SELECT rowid, * FROM "{table}"')

    def above(self, frame: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
        """``frame``, which has ``rowid``, with ``above_NAME`` for each of ``names``: the value in the row before."""
        # Without an order the rows go by as they stand, one after the other, and none is sorted or stored.
        columns = ", ".join(f'lag("{name}") OVER () AS "above_{name}"' for name in names)
        return self.frame(f"SELECT *, {columns} FROM ({frame.to_native().sql_query()})")

    def forgive(self, table: str, rows: nw.LazyFrame[Any]) -> None:
        """Set ``bad`` to 0 in the records of ``table`` whose ``rowid`` is the one column of ``rows``."""
        forgiven = self.fresh("forgiven")
        self.store(forgiven, rows.rename({"rowid": "r"}).to_native().sql_query())
        self.fetch(f'UPDATE "{table}" SET bad = 0 WHERE rowid IN (SELECT r FROM "{forgiven}")')

    def rows(self, frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
        """Run ``frame`` and fetch it whole. Order is the caller's business."""
        return self.fetch(frame.to_native().sql_query())

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and fetch it whole."""
        fetched: list[tuple[Any, ...]] = self.connection.execute(sql, list(parameters)).fetchall()
        return fetched


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"
