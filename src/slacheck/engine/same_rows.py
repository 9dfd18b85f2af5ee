"""Rows that stand in two files of one reading, whole: exports that overlap, or one that was delivered twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from slacheck.engine.reading import Reading
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import placed

Frame = nw.LazyFrame[Any]


def in_two_files(scratch: Scratch, reading: Reading, frame: Frame, instant: str) -> list[tuple[int, int]]:
    """(first, again): the rows of ``frame`` that an earlier file has in every column, and its row; by ``again``.

    ``frame`` has rowid and what was read of the rows; files that do not overlap in ``instant`` are not compared. The
    files are read again only where what was read of two rows is the same.
    """
    read = [name for name in frame.collect_schema().names() if name != "rowid"]
    frame = frame.with_columns(f=placed(nw.col("rowid"), [part.first for part in reading.parts[1:]]))
    overlapping = _overlapping(scratch, frame, instant)
    if not overlapping:
        return []
    f = nw.col("f")
    some = frame.filter(f.is_in(overlapping)).select("rowid", "f", *read)
    alike = some.with_columns(least=f.min().over(*read), most=f.max().over(*read))
    candidates = scratch.rows(alike.filter(nw.col("least") < nw.col("most")).select("rowid"))
    return _whole(scratch, reading, sorted(row for (row,) in candidates)) if candidates else []


def _overlapping(scratch: Scratch, frame: Frame, instant: str) -> list[int]:
    at = nw.col(instant)
    spans = scratch.rows(frame.group_by("f").agg(lo=at.min(), hi=at.max()).select("lo", "hi", "f"))
    found: set[int] = set()
    open_until: Mapping[int, int] = {}
    for lo, hi, file in sorted(spans):
        still = {other: end for other, end in open_until.items() if end >= lo}
        if still:
            found |= {file, *still}
        open_until = {**still, file: hi}
    return sorted(found)


def _whole(scratch: Scratch, reading: Reading, candidates: list[int]) -> list[tuple[int, int]]:
    door = scratch.door
    table = door.give("candidates", {"r": "BIGINT"}, [(row,) for row in candidates]).to_native().sql_query()
    rows = " UNION ALL ".join(
        f"SELECT {part.first} + row_number() OVER () - 1 AS r, {index} AS f, md5(to_json(s)::VARCHAR) AS w"
        f" FROM {part.source} AS s"
        for index, part in enumerate(reading.parts)
    )
    told = (
        f"SELECT min(r) OVER same AS first, min(f) OVER same AS least, r, f FROM ({rows})"
        f" WHERE r IN (SELECT r FROM ({table})) WINDOW same AS (PARTITION BY w)"
    )
    found = door.fetch(f"SELECT first, r FROM ({told}) WHERE f > least ORDER BY r")
    return [(first, again) for first, again in found]
