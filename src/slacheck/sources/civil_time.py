"""Times without an offset become instants in a declared zone; hours a clock change skips or repeats are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.engine.reading import Reading
from slacheck.engine.scratch import Scratch
from slacheck.problems import Problem
from slacheck.sources.bad_rows import Wrong
from slacheck.timeline import zones

Frame = nw.LazyFrame[Any]
Policy = Literal["refuse", "earlier", "later"]

NAIVE, CIVIL = 1, 2
# Beyond these the rules of a zone are guesses, and sentinels such as 9999-12-31 would cost seconds.
_FIRST, _LAST = -2_208_988_800_000_000, 7_258_118_400_000_000


class CivilTimes:
    """The instants of one column of a reading, looked at in ``records``, its rows that are used.

    What cannot be told of them: a column without a zone as a problem, local times that do not exist or happen twice as
    the rows that are wrong.
    """

    def __init__(
        self,
        scratch: Scratch,
        reading: Reading,
        records: Frame,
        column: str,
        header: str,
        zone: ZoneInfo | None,
        civil: ZoneInfo,
        policy: Policy,
    ) -> None:
        self._scratch = scratch
        self._reading = reading
        self._records = records
        self._column = column
        self._header = header
        self._zone = zone
        self._civil = civil
        self._policy = policy

    def resolve(self) -> tuple[nw.Expr, list[Problem], list[Wrong]]:
        """Look at the kinds of time in the column and build the expression for them: microseconds UTC."""
        local, kind = nw.col(self._column), nw.col(f"{self._column}_kind")
        found = {
            row[0]: row[1:]
            for row in self._scratch.rows(
                self._records.filter(~kind.is_null())
                .group_by(f"{self._column}_kind")
                .agg(lo=local.min(), hi=local.max(), row=nw.col("rowid").min(), rows=nw.len())
            )
        }
        expression = local
        problems: list[Problem] = []
        wrong: list[Wrong] = []
        if CIVIL in found:
            offset = self._offset(self._stretches(found[CIVIL], self._zone or self._civil), "earlier")
            expression = nw.when(kind == CIVIL).then(local - offset).otherwise(expression)
        if NAIVE in found and self._zone is None:
            row, rows = found[NAIVE][2:]
            message = f"a time without an offset, in {rows} rows"
            problems.append(self._reading.problem(row, "no-zone", message, self._how_to_declare(), self._header))
        elif NAIVE in found:
            assert self._zone is not None
            stretches = self._stretches(found[NAIVE], self._zone)
            offset = self._offset(stretches, self._policy)
            expression = nw.when(kind == NAIVE).then(local - offset).otherwise(expression)
            wrong += self._unclear(stretches)
        return expression, problems, wrong

    def _how_to_declare(self) -> str:
        return "write timezone: on the source, such as timezone: Europe/London, or export times with their offset"

    def _stretches(self, found: tuple[int, ...], zone: ZoneInfo) -> list[zones.Stretch]:
        lo, hi = max(found[0], _FIRST), min(found[1], _LAST)
        return zones.offsets(zone, min(lo, hi), max(lo, hi))

    def _offset(self, stretches: list[zones.Stretch], policy: Policy) -> nw.Expr:
        def of(stretch: zones.Stretch) -> int:
            return stretch.later_offset_us if policy == "later" and stretch.kind == "fold" else stretch.offset_us

        expression = nw.lit(of(stretches[-1]))
        for stretch in reversed(stretches[:-1]):
            expression = nw.when(nw.col(self._column) < stretch.hi).then(nw.lit(of(stretch))).otherwise(expression)
        return expression

    def _unclear(self, stretches: list[zones.Stretch]) -> Iterator[Wrong]:
        local, kind = nw.col(self._column), nw.col(f"{self._column}_kind")
        for stretch in stretches:
            if stretch.kind == "plain" or (stretch.kind == "fold" and self._policy != "refuse"):
                continue
            if stretch.kind == "gap":
                message = f"a local time that the clocks of {self._zone} skip"
                help = "is the zone right? export times with their offset, or in UTC with timezone: UTC"
            else:
                message = f"a local time that the clocks of {self._zone} show twice"
                help = "export times with their offset, or say ambiguous_times: earlier or later on the source"
            rows = self._records.filter(kind == NAIVE, local >= stretch.lo, local < stretch.hi)
            yield Wrong(rows, self._header, "unclear-time", message, help)
