"""Whose samples and counts: subjects, or the members of subjects where several must be down together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.outage_shapes import difference, edges, quorum, swept, while_on
from slacheck.engine.scratch import Scratch
from slacheck.outages.wanted import NOT_UP, SKIPPED, UNKNOWN, TakenOut, columns
from slacheck.problems import DataError, Problem
from slacheck.sources.opening import Export
from slacheck.sources.subjects import Subjects, subjects

Frame = nw.LazyFrame[Any]

_SPELL = ("g", "k", "s", "e")


@dataclass(frozen=True)
class Members:
    """``names[k]`` are those whose states are read; ``groups`` (k, m) puts them together, or each is one by itself.

    ``keys[k]`` are the values that tell them apart, by column.
    """

    names: tuple[str, ...]
    group_names: tuple[str, ...]
    keys: Mapping[str, Sequence[str]]
    numbers: Frame | None
    groups: Frame | None
    subjects: Subjects

    def numbered(self, export: Export, frame: Frame) -> Frame:
        """``frame`` with the number of the member as ``k``."""
        if self.groups is None or self.numbers is None:
            return self.subjects.numbered(export, frame)
        named = self.subjects.numbered(export, frame).with_columns(m=nw.col("k")).drop("k")
        member = export.words[next(iter(self.keys))]
        names = [name for name in frame.collect_schema().names() if name not in ("k", "m")]
        return named.join(self.numbers, left_on=["m", member], right_on=["m", "member"], how="inner").select(
            *names, "k"
        )


def members(scratch: Scratch, per: str | None, of: str | None, export: Export, frame: Frame) -> Members:
    """Number those whose states ``frame`` holds: told apart by ``per``, and by ``of`` within it.

    Raises DataError for a record without a value in either column.
    """
    named = subjects(scratch, per, [(export, frame)])
    if of is None:
        return Members(named.names, named.names, {per: named.names} if per else {}, None, None, named)
    subjects(scratch, of, [(export, frame)])
    numbered = named.numbered(export, frame)
    pairs = sorted(scratch.rows(distinct(numbered.select(m="k", member=export.words[of]), "m", "member")))
    shown = tuple(f"{named.names[m]}, {member}" if per else member for m, member in pairs)
    keys: dict[str, Sequence[str]] = {of: [member for _, member in pairs]}
    if per:
        keys[per] = [named.names[m] for m, _ in pairs]
    table = scratch.give(
        "members",
        {"m": "BIGINT", "member": "VARCHAR", "k": "BIGINT"},
        [(m, member, k) for k, (m, member) in enumerate(pairs)],
    )
    return Members(shown, named.names, keys, table, table.select("k", "m"), named)


def refuse_cuts(export: Export, cuts: Sequence[TakenOut], known: Sequence[str | None]) -> None:
    """Raises DataError where time is taken out by a column that does not tell those apart whose states are read."""
    for cut in cuts:
        strange = [column for column in cut.columns if column not in known]
        if strange:
            raise DataError(
                [
                    Problem(
                        export.files[0].label,
                        code="matching",
                        message=f"nothing was taken out by '{strange[0]}': the {export.source.shape} of "
                        f"'{export.name}' are states, which go on from one row to the next",
                        help=f"write per: {strange[0]}, or quorum: 1 of {strange[0]} on the outage",
                    )
                ]
            )


def cut(scratch: Scratch, spells: Frame, whose: Members, cuts: Mapping[int, Sequence[TakenOut]]) -> Frame:
    """Spells (g, k, s, e) less the time that is taken out of members, by signal."""
    rows: list[tuple[int, ...]] = []
    for signal, each in cuts.items():
        for one in each:
            by_key = dict(one.stretches)
            count = len(whose.names)
            for k in range(count):
                for lo, hi in by_key.get(tuple(whose.keys[column][k] for column in one.columns), ()):
                    rows.append((signal, k, lo, hi))
    if not rows:
        return spells
    table = scratch.give("taken_out", dict.fromkeys(_SPELL, "BIGINT"), rows)
    keys = ("g", "k")
    # Less than nothing where time is taken out, however often.
    marks = nw.concat([edges(spells, keys, nw.lit(1)), edges(table, keys, nw.lit(-2))])
    return scratch.keep(while_on(swept(marks, keys), keys, nw.col("level") == 1).select(*_SPELL), "cut_spells")


def together(scratch: Scratch, spells: Frame, whose: Members, least: Mapping[int, int | None]) -> Frame:
    """The spells of members as those of their groups; ``least`` by the first signal of each rule.

    A group is down while enough members are, not up while enough are or may be; the difference is unknown. It is left
    out of the service time where all its members are.
    """
    assert whose.groups is not None
    asked: dict[int, int | None] = {}
    for signal, number in least.items():
        asked |= {signal: number, signal + NOT_UP: number, signal + SKIPPED: None}
    on = quorum(scratch, spells, whose.groups, asked)
    g = nw.col("g")
    as_down = on.filter(g.is_in([each + NOT_UP for each in least])).with_columns(g=g - NOT_UP)
    unknown = difference(scratch, as_down, on.filter(g.is_in(list(least))))
    return scratch.keep(
        nw.concat([columns(on, _SPELL), columns(unknown.with_columns(g=g + UNKNOWN), _SPELL)]), "together"
    )
