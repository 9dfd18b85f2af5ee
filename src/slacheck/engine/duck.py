"""The scratch database: one private DuckDB file per run, bounded in memory, removed on every way out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
import narwhals as nw

from slacheck.problems import DataError, Problem

if TYPE_CHECKING:
    from slacheck.engine.reading import Column, Part

MEMORY_LIMIT = "700MB"


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
        self.directory = Path(tempfile.mkdtemp(prefix="slacheck-", dir=self._parent))
        try:
            self.connection = duckdb.connect(str(self.directory / "scratch.duckdb"))
            for setting in (
                "SET TimeZone = 'UTC'",
                f"SET memory_limit = '{self._memory_limit}'",
                f"SET temp_directory = '{_quoted(str(self.directory / 'spill'))}'",
                "SET enable_progress_bar = false",
                "SET preserve_insertion_order = true",
                "SET autoinstall_known_extensions = false",
                "SET autoload_known_extensions = false",
            ):
                self.connection.execute(setting)
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.connection.close()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

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
        self.store(name, frame.to_native().sql_query())
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
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            # Not any "disk": a path of the user's may hold that word.
            if "No space left" not in str(error) and "max_temp_directory_size" not in str(error):
                raise
            raise DataError(
                [
                    Problem(
                        str(self.directory.parent),
                        code="disk-full",
                        message="the data was not read: no space left for the scratch database",
                        help="free some space, or set TMPDIR to a directory on a larger disk",
                    )
                ]
            ) from error
        return written[0][0]

    def give(
        self, stem: str, columns: Mapping[str, str], rows: Iterable[Sequence[int | str | None]]
    ) -> nw.LazyFrame[Any]:
        """Hand a small table in: ``columns`` maps its names to their KINDS."""
        name = self.begin(stem, columns)
        values = [list(row) for row in rows]
        if values:
            # One statement with lists, not executemany: 0.1 s against 40 s for 100,000 rows.
            unnested = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
            self.connection.execute(
                f'INSERT INTO "{name}" SELECT {unnested}', [list(column) for column in zip(*values, strict=True)]
            )
        return self.table(name)

    def begin(self, stem: str, columns: Mapping[str, str]) -> str:
        """An empty table, into which ``take`` or ``append`` put rows; its name."""
        name = self.fresh(stem)
        declared = ", ".join('"' + column.replace('"', '""') + f'" {kind}' for column, kind in columns.items())
        self.connection.execute(f'CREATE TABLE "{name}" ({declared})')
        return name

    def take(self, table: str, sql: str, part: Part, columns: Sequence[Column]) -> int:
        """Read one file into a table that was begun, behind the rows it has; how many were read."""
        return self.append(table, sql)

    def records(self, table: str) -> nw.LazyFrame[Any]:
        """The rows of such a table and ``rowid``, their position in it from 0."""
        return self.frame(f'SELECT rowid, * FROM "{table}"')

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


def _quoted(text: str) -> str:
    return text.replace("'", "''")
