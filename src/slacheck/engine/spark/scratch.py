"""The verbs of ``engine.scratch`` on Apache Spark, classic or Connect: tables are dataframes that the session keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import narwhals as nw

from slacheck.engine.duck import DuckScratch
from slacheck.engine.spark.lines import TYPES, lines
from slacheck.engine.spark.session import refuse, told
from slacheck.engine.spark.text_rules import identifier, literal

if TYPE_CHECKING:
    from slacheck.engine.reading import Column, Part

# Smaller files are read sooner at the driver than a job is begun.
NATIVE_FROM = 32 * 1024 * 1024
_STRETCH = 1_000_000
# What is smaller travels through the driver and back: Spark then plans over constants, not over all that went before.
_SMALL = 2_000


@dataclass
class _Begun:
    """A table of records: its columns, and per file how many rows it has and the frame that Spark has read, if any."""

    columns: Mapping[str, str]
    pieces: list[tuple[int, Any]] = field(default_factory=list)


class SparkScratch:
    """A ``Scratch`` over a running session, which it does not stop. Use as a context manager.

    ``door`` is a DuckDB database beside the program, for the files that Spark does not read itself.
    """

    def __init__(self, session: Any, directory: Path | None = None) -> None:
        self._session = session
        self._parent = directory
        self._kept: dict[str, Any] = {}
        self._persisted: list[Any] = []
        self._begun: dict[str, _Begun] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._door = opened.enter_context(DuckScratch(self._parent))
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()
        if error is not None and told(error):
            refuse(error, "nothing was evaluated, since Spark gave up")
        for native in self._persisted:
            native.unpersist()

    @property
    def directory(self) -> Path:
        """The directory of the door."""
        return self._door.directory

    @property
    def door(self) -> DuckScratch:
        """The DuckDB database at the driver."""
        return self._door

    def fresh(self, stem: str) -> str:
        """A table name that this run has not used yet."""
        return self._door.fresh(stem)

    def keep(self, frame: nw.LazyFrame[Any], stem: str) -> nw.LazyFrame[Any]:
        """Run ``frame`` once and store it: at the driver where it is small, otherwise in the executors."""
        return _lazy(self._stored(frame.to_native()))

    def _stored(self, native: Any) -> Any:
        native = native.persist()
        rows = native.take(_SMALL + 1)
        if len(rows) > _SMALL:
            self._persisted.append(native)
            return native
        native.unpersist()
        kinds = {field.name: field.dataType.simpleString().upper() for field in native.schema.fields}
        return self._constant(kinds, rows)

    def give(
        self, stem: str, columns: Mapping[str, str], rows: Iterable[Sequence[int | str | None]]
    ) -> nw.LazyFrame[Any]:
        """Hand a small table in: ``columns`` maps its names to their KINDS."""
        return _lazy(self._given(columns, [tuple(row) for row in rows]))

    def _given(self, columns: Mapping[str, str], rows: list[tuple[Any, ...]]) -> Any:
        kinds = {name: TYPES.get(kind, kind) for name, kind in columns.items()}
        if len(rows) <= _SMALL:
            return self._constant(kinds, rows)
        wide = [i for i, kind in enumerate(kinds.values()) if kind == TYPES["HUGEINT"]]
        if wide:
            rows = [tuple(_decimal(cell) if i in wide else cell for i, cell in enumerate(row)) for row in rows]
        return self._session.createDataFrame(rows, self._schema(kinds), verifySchema=False)

    def _constant(self, kinds: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> Any:
        """A table within the plan itself: no file, no job. Spark folds its casts away."""
        casts = ", ".join(f"CAST(c{i} AS {kind}) AS {identifier(name)}" for i, (name, kind) in enumerate(kinds.items()))
        values = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
        names = ", ".join(f"c{i}" for i in range(len(kinds)))
        if not rows:
            values = "(" + ", ".join(["NULL"] * len(kinds)) + ")"
        source = f"SELECT {casts} FROM VALUES {values} AS v({names})"
        return self._session.sql(source if rows else f"{source} WHERE FALSE")

    def _schema(self, kinds: Mapping[str, str]) -> str:
        return ", ".join(f"{identifier(name)} {kind}" for name, kind in kinds.items())

    def rows(self, frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
        """Run ``frame`` and fetch it whole. Order is the caller's business."""
        return [tuple(map(_plain, row)) for row in frame.to_native().collect()]

    def begin(self, stem: str, columns: Mapping[str, str]) -> str:
        """An empty table of records, which ``take`` fills; its name."""
        table = self._door.begin(stem, columns)
        self._begun[table] = _Begun(dict(columns))
        return table

    def take(self, table: str, sql: str, part: Part, columns: Sequence[Column]) -> int:
        """Read one file into a table that was begun, behind the rows it has; how many were read.

        A large file of plain text is read by Spark, in many pieces at once, everything else by the door.
        """
        begun = self._begun[table]
        found = None
        if part.header.file.given.stat().st_size >= NATIVE_FROM:
            found = lines(self._session, part, columns)
        if found is None:
            rows = self._door.append(table, sql)
            begun.pieces.append((rows, None))
            return rows
        self._persisted.append(found.stored)
        begun.pieces.append((found.rows, found.frame))
        return found.rows

    def records(self, table: str) -> nw.LazyFrame[Any]:
        """The rows of such a table and ``rowid``, their position in it from 0."""
        if table not in self._kept:
            self._kept[table] = self._together(table, self._begun[table])
        return _lazy(self._kept[table])

    def _together(self, table: str, begun: _Begun) -> Any:
        """What the door has read and what Spark has, each at its place in the order of the files."""
        first, at_door, frames = 0, 0, []
        moved: list[str] = []
        for rows, frame in begun.pieces:
            if frame is None:
                at_door += rows
                moved.append(f"WHEN rowid < {at_door} THEN {first + rows - at_door}")
            else:
                kept = (identifier(name) for name in begun.columns)
                frames.append(frame.selectExpr(f"rowid + {first}L AS rowid", *kept))
            first += rows
        if at_door or not frames:
            shift = f" + CASE {' '.join(moved)} END" if at_door else ""
            fetched = self._door.fetch(f'SELECT rowid{shift}, * FROM "{table}"')
            frames.append(self._given({"rowid": "BIGINT", **begun.columns}, fetched))
        return reduce(lambda one, other: one.unionByName(other), frames)

    def above(self, frame: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
        """``frame``, which has ``rowid``, with ``above_NAME`` for each of ``names``: the value in the row before."""
        # One order over all rows would be one task: each stretch of rowids is put in order by itself, and its first row
        # is told the last one of the stretch before.
        native = frame.to_native()
        every = [identifier(name) for name in native.columns]
        wanted = f"struct({', '.join(map(identifier, names))})"
        parted = native.selectExpr("*", f"rowid - rowid % {_STRETCH}L AS stretch_", f"{wanted} AS own_")
        last = (
            parted.groupBy("stretch_").agg({"*": "count", "rowid": "max"}).selectExpr("stretch_", "`max(rowid)` AS r_")
        )
        ends = parted.selectExpr("rowid AS r_", "own_").join(last, "r_")
        before = ends.selectExpr("stretch_", "lag(own_) OVER (ORDER BY stretch_) AS end_")
        seen = parted.join(before, "stretch_").selectExpr(
            *every, "coalesce(lag(own_) OVER (PARTITION BY stretch_ ORDER BY rowid), end_) AS above_"
        )
        above = (f"above_.{identifier(name)} AS {identifier(f'above_{name}')}" for name in names)
        return _lazy(seen.selectExpr(*every, *above))

    def forgive(self, table: str, rows: nw.LazyFrame[Any]) -> None:
        """Set ``bad`` to 0 in the records of ``table`` whose ``rowid`` is the one column of ``rows``."""
        records = _lazy(self._kept[table])
        forgiven = self.keep(rows.rename({"rowid": "r"}), "forgiven").with_columns(forgiven=nw.lit(1))
        joined = records.join(forgiven, left_on="rowid", right_on="r", how="left")
        bad = nw.when(nw.col("forgiven") == 1).then(nw.lit(0)).otherwise(nw.col("bad")).cast(nw.Int64)
        self._kept[table] = self._stored(joined.with_columns(bad=bad).select(*records.collect_schema()).to_native())


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    frame: nw.LazyFrame[Any] = nw.from_native(native)
    return frame


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, bool):
        return str(value).upper()
    number = int(value)
    return f"{number}L" if -(2**63) < number < 2**63 else f"{number}BD"


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Any:
    """What DuckDB would hand out: a whole number is an int however wide it is."""
    return int(value) if isinstance(value, Decimal) else value
