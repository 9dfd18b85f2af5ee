"""What the reductions ask of an engine: about ten verbs, over frames of narwhals. DuckDB and Spark each have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

if TYPE_CHECKING:
    from slacheck.engine.duck import DuckScratch
    from slacheck.engine.reading import Column, Part

# What a column may be: whole numbers of 8, 16, 32, 64 and 128 bits, or text. An engine may have other words for them.
KINDS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "VARCHAR")


class Scratch(Protocol):
    """A place where the tables of one run are kept and worked on: ``duck.DuckScratch``, ``spark.SparkScratch``.

    Frames are lazy: each use runs them anew, unless ``keep`` has stored them. Rows come back as tuples of Python
    integers, decimals without a fraction (sums wider than 64 bits) and strings, in no order that was not asked for.
    """

    @property
    def directory(self) -> Path:
        """A private directory beside the program, removed with the run."""

    @property
    def door(self) -> DuckScratch:
        """The database that looks at files: a header, a document that has to be unwrapped, a bad cell."""

    def fresh(self, stem: str) -> str:
        """A table name that this run has not used yet."""

    def keep(self, frame: nw.LazyFrame[Any], stem: str) -> nw.LazyFrame[Any]:
        """Run ``frame`` once and store it; what follows reads the table instead of running it again."""

    def give(
        self, stem: str, columns: Mapping[str, str], rows: Iterable[Sequence[int | str | None]]
    ) -> nw.LazyFrame[Any]:
        """Hand a small table in: ``columns`` maps its names to their KINDS."""

    def rows(self, frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
        """Run ``frame`` and fetch it whole. Order is the caller's business."""

    def begin(self, stem: str, columns: Mapping[str, str]) -> str:
        """An empty table of records, which ``take`` fills; its name."""

    def take(self, table: str, sql: str, part: Part, columns: Sequence[Column]) -> int:
        """Read one file into a table that was begun, behind the rows it has; how many were read.

        ``sql`` is how the door reads it. Raises DataError when a disk is full, duckdb.Error for a broken file.
        """

    def records(self, table: str) -> nw.LazyFrame[Any]:
        """The rows of such a table and ``rowid``, their position in it from 0."""

    def above(self, frame: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
        """``frame``, which has ``rowid``, with ``above_NAME`` for each of ``names``: the value in the row before.

        Rows of ``records`` as they stand, filtered or not, are in order; whether others were shows in ``above_rowid``.
        """

    def forgive(self, table: str, rows: nw.LazyFrame[Any]) -> None:
        """Set ``bad`` to 0 in the records of ``table`` whose ``rowid`` is the one column of ``rows``."""
