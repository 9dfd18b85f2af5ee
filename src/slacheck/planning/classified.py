"""Whether the classes of a level part its records: none in two of them, and a word about those in none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add

import narwhals as nw

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import Level, Promised
from slacheck.agreement.usage import sources_of
from slacheck.engine.scratch import Scratch
from slacheck.measures.measure import OfRecords
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export


def unclassified(scratch: Scratch, agreement: Agreement, exports: Mapping[str, Export]) -> Iterator[str]:
    """A remark for every level of which some records are in no class. Raises DataError for records in two."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for promised in agreement.promised():
        if not promised.of_class or promised.level_name in seen:
            continue
        seen.add(promised.level_name)
        for name in sources_of(agreement, promised):
            problems += _in_two(scratch, promised, exports[name])
            yield from _in_none(scratch, promised, exports[name])
    if problems:
        raise DataError(problems)


def _classes(level: Level, export: Export) -> nw.Expr:
    """In how many classes a record is."""
    conditions = [condition for name in level.promises if (condition := level.of_class(name)) is not None]
    one, none = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    return reduce(add, [nw.when(export.matches(each)).then(one).otherwise(none) for each in conditions])


def _first(scratch: Scratch, promised: Promised, export: Export, how_many: nw.Expr) -> tuple[int, int | None]:
    """How many records of the level are so, and the first of them."""
    measures = [promise.measure for promise in promised.level.promises.values()]
    where = {str(measure.where): measure.where for measure in measures if isinstance(measure, OfRecords)}
    # Where classes look at different records, those that each looks at are its own business.
    general = next(iter(where.values())) if len(where) == 1 else None
    records = export.matching(general, promised.promise.where).filter(how_many)
    ((rows, first),) = scratch.rows(records.select(rows=nw.len(), first=nw.col("rowid").min()))
    return rows, first


def _in_two(scratch: Scratch, promised: Promised, export: Export) -> Iterator[Problem]:
    if not any(promise.of_class for promise in promised.level.promises.values()):
        return
    rows, first = _first(scratch, promised, export, _classes(promised.level, export) > 1)
    if rows and first is not None:
        message = f"in two classes of '{promised.level_name}', {rows:,} {'record' if rows == 1 else 'records'}"
        help = "change the 'where' of the classes so that each record is in one"
        yield export.reading.problem(first, "two-classes", message, help)


def _in_none(scratch: Scratch, promised: Promised, export: Export) -> Iterator[str]:
    rows, first = _first(scratch, promised, export, _classes(promised.level, export) == 0)
    if rows and first is not None:
        named = f"{rows:,} {'record is' if rows == 1 else 'records are'}"
        yield f"{promised.level_name}: {named} in none of its classes and not judged, first {export.place(first)}"
