"""Registers: their facts joined to the records that lead to them, and looked up by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.engine.distinct import distinct
from slacheck.engine.scratch import Scratch
from slacheck.problems import DataError, Problem
from slacheck.sources.holding import Held, divided
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export
from slacheck.sources.source import Source
from slacheck.sources.words import Words

Frame = nw.LazyFrame[Any]
Key = tuple[str, ...]

# Before every instant that can be read.
_NEVER = -(2**62)


@dataclass(frozen=True)
class Lacking:
    """Records for which a register has no row: how many, the first of them (its place and its key), and how many of
    them are dated before the first row of a key that the register does have. An empty cell of the key is None."""

    register: str
    records: int
    early: int
    place: str
    key: tuple[str | None, ...]


def held(export: Export) -> Held:
    """What an opened export holds, with what registers have given it already."""
    headers = [frozenset(part.header.names) for part in export.reading.parts]
    given = export.words.keys() | export.numbers.keys() | export.instants.keys()
    return Held(export.source, frozenset.intersection(*headers) | given)


def enriched(
    scratch: Scratch, export: Export, registers: Mapping[str, Export], words: Words, dated: str | None = None
) -> tuple[Export, tuple[Lacking, ...]]:
    """``export`` with those of ``words`` that it does not hold itself, from the registers that its records lead to.

    Every record stays, once; where a register has no row for it, its words are null, and a Lacking counts it. Of a
    register with ``valid_from`` the row counts that is in force at the record's instant ``dated``, a column of the
    frame (microseconds UTC): from its ``valid_from`` until the next one of the same key.

    The exports must have been opened with the words that ``holding.divided`` gives, else ValueError. Raises DataError
    for a word that two registers hold.
    """
    division = divided(words, held(export), {name: held(register) for name, register in registers.items()})
    if division.unclear:
        raise DataError(_unclear(word, names, registers) for word, names in division.unclear.items())
    _check_read(export, division.own)
    frame, found = export.frame, export
    joined: list[_Joined] = []
    for name, asked in division.registers.items():
        register = registers[name]
        _check_read(register, asked)
        each = _Joined(scratch, export, register, asked, dated)
        frame = each.onto(frame)
        joined.append(each)
        found = replace(
            found,
            words={**found.words, **each.renamed(asked.text, register.words)},
            numbers={**found.numbers, **each.renamed(asked.numbers, register.numbers)},
            instants={**found.instants, **each.renamed(asked.instants, register.instants)},
            source=_with_units(found, register, asked),
        )
    if not joined:
        return export, ()
    found = replace(found, frame=scratch.keep(frame, "enriched"))
    lacking = [each.lacking(found) for each in joined]
    return found, tuple(each for each in lacking if each is not None)


def _unclear(word: str, names: Sequence[str], registers: Mapping[str, Export]) -> Problem:
    shown = " and ".join(f"'{name}'" for name in names)
    return Problem(
        registers[names[0]].files[0].label,
        code="unclear-word",
        message=f"'{word}' stands in the registers {shown}",
        help=f"map it under a word of its own in columns of the one that is meant, such as {names[0]}_{word}",
    )


def _check_read(export: Export, words: Words) -> None:
    for asked, read in ((words.text, export.words), (words.numbers, export.numbers), (words.instants, export.instants)):
        if missing := asked - read.keys():
            raise ValueError(f"'{export.name}' was opened without the words {sorted(missing)}")


def _with_units(export: Export, register: Export, words: Words) -> Source:
    units = {word: unit for word, unit in register.source.units.items() if word in words.numbers}
    return export.source.model_copy(update={"units": {**export.source.units, **units}})


class _Joined:
    """One register joined to the records of one export. Its columns begin with a stem of their own."""

    def __init__(self, scratch: Scratch, export: Export, register: Export, words: Words, dated: str | None) -> None:
        self._scratch = scratch
        self._register = register
        self._stem = scratch.fresh("fact")
        self._export = export
        self._keys = [export.words[word] for word in register.source.key]
        self._at: str | None = None
        if "valid_from" in register.source.columns:
            if dated is None:
                raise ValueError(f"'{register.name}' is dated, and no instant of '{export.name}' is named")
            self._at = dated
        columns = [register.words[word] for word in words.text]
        columns += [register.numbers[word] for word in words.numbers]
        columns += [register.instants[word] for word in words.instants]
        self._columns = sorted(set(columns))

    def renamed(self, words: Collection[str], columns: Mapping[str, str]) -> dict[str, str]:
        return {word: f"{self._stem}_{columns[word]}" for word in sorted(words)}

    def onto(self, frame: Frame) -> Frame:
        """``frame`` with the facts, and the register's row as STEM_row, null where there is none."""
        own = [f"{self._stem}_k{i}" for i in range(len(self._keys))]
        key = [self._register.words[word] for word in self._register.source.key]
        facts = {f"{self._stem}_{column}": nw.col(column) for column in self._columns}
        right, on = dict(zip(own, map(nw.col, key), strict=True)), list(self._keys)
        if self._at:
            since = f"{self._stem}_since"
            frame = frame.join(self._in_force(key, since), on="rowid", how="left")
            right[f"{since}_"], on = nw.col("r_valid_from"), [*on, since]
        rows = self._register.frame.select(**right, **facts, **{f"{self._stem}_row": nw.col("rowid")})
        return frame.join(rows, left_on=on, right_on=list(right), how="left")

    def _in_force(self, key: Sequence[str], since: str) -> Frame:
        """Per rowid of a record: when the row in force at its instant began. One window over records and rows.

        At one instant the row comes before the record: a row holds from its first instant on.
        """
        assert self._at is not None
        names = [f"k{i}" for i in range(len(key))]
        instant, began = nw.col(self._at), nw.col("r_valid_from")
        records = self._export.frame.filter(~instant.is_null()).select(
            **dict(zip(names, map(nw.col, self._keys), strict=True)),
            rowid=nw.col("rowid"),
            t=instant,
            record=nw.lit(1),
            began=nw.lit(_NEVER, nw.Int64),
        )
        rows = self._register.frame.select(
            **dict(zip(names, map(nw.col, key), strict=True)),
            rowid=nw.lit(-1, nw.Int64),
            t=began,
            record=nw.lit(0),
            began=began,
        )
        marks = nw.concat([records, rows], how="vertical")
        latest = nw.col("began").cum_max().over(*names, order_by=["t", "record"])
        filled = marks.with_columns(latest=latest).filter(nw.col("record") == 1)
        return filled.select("rowid", **{since: nw.col("latest")})

    def lacking(self, found: Export) -> Lacking | None:
        without = found.frame.filter(nw.col(f"{self._stem}_row").is_null())
        ((records, first),) = self._scratch.rows(without.select(records=nw.len(), first=nw.col("rowid").min()))
        if not records:
            return None
        early = 0
        if self._at:
            key = [self._register.words[word] for word in self._register.source.key]
            known = distinct(self._register.frame, *key)
            late = without.filter(~nw.col(self._at).is_null())
            ((early,),) = self._scratch.rows(
                late.join(known, left_on=self._keys, right_on=key, how="semi").select(rows=nw.len())
            )
        (key_cells,) = self._scratch.rows(without.filter(nw.col("rowid") == first).select(*self._keys))
        return Lacking(self._register.name, records, early, found.place(first), tuple(key_cells))


def facts(
    scratch: Scratch, register: Export, words: Collection[str], instant: int | None = None
) -> dict[Key, dict[str, str | None]]:
    """What the cells of ``words`` say per key, in the order of the keys; an empty cell is None.

    Of a register with ``valid_from`` the rows in force at ``instant`` (microseconds UTC) are read; keys that have none
    yet are left out. A register without a key has the key (). Raises DataError where two of its rows would count, and
    ValueError for a register with ``at`` and for words that it was opened without.
    """
    named = sorted(words)
    _check_read(register, Words(text=frozenset(named)))
    return _looked_up(scratch, register, named, [register.words[word] for word in named], instant)


def figures(
    scratch: Scratch, register: Export, words: Collection[str], instant: int | None = None
) -> dict[Key, dict[str, Fraction | None]]:
    """Like ``facts``, as exact numbers: microseconds where the unit of a word is one of time, shares where it is %."""
    named = sorted(words)
    _check_read(register, Words(numbers=frozenset(named)))
    worth = {word: register.source.worth(word) / 10**SCALE for word in named}
    found = _looked_up(scratch, register, named, [register.numbers[word] for word in named], instant)
    return {
        key: {word: None if cell is None else int(cell) * worth[word] for word, cell in cells.items()}
        for key, cells in found.items()
    }


def _looked_up(
    scratch: Scratch, register: Export, words: Sequence[str], columns: Sequence[str], instant: int | None
) -> dict[Key, dict[str, Any]]:
    source = register.source
    if "at" in source.columns:
        raise ValueError(f"the rows of '{register.name}' are summed, none of them is in force")
    key = [register.words[word] for word in source.key]
    frame = register.frame
    if "valid_from" in source.columns:
        if instant is None:
            raise ValueError(f"'{register.name}' is dated, and no instant is named")
        begun = frame.filter(nw.col("r_valid_from") <= instant).with_columns(every=nw.lit(0))
        latest = nw.col("r_valid_from").max().over("every", *key)
        frame = begun.with_columns(latest=latest).filter(nw.col("r_valid_from") == nw.col("latest"))
    rows = sorted(scratch.rows(frame.select("rowid", *key, **_cells(columns))), key=lambda row: row[: 1 + len(key)])
    found: dict[Key, dict[str, Any]] = {}
    seen: dict[Key, int] = {}
    for rowid, *rest in rows:
        own = tuple(rest[: len(key)])
        if own in found:
            raise DataError([_two_rows(register, seen[own], rowid)])
        seen[own] = rowid
        found[own] = dict(zip(words, rest[len(key) :], strict=True))
    return dict(sorted(found.items()))


def _cells(columns: Sequence[str]) -> dict[str, nw.Expr]:
    # Two words may be read from one column.
    return {f"cell_{index}": nw.col(column) for index, column in enumerate(columns)}


def _two_rows(register: Export, first: int, again: int) -> Problem:
    message = f"'{register.name}' has no key, and {register.place(first)} says what holds already"
    help = "name the column that tells its rows apart: key: COLUMN"
    return register.reading.problem(again, "two-rows", message, help)


@dataclass(frozen=True)
class Sum:
    """A sum over ``rows`` rows, exact; ``empty`` of them say nothing. A length is in microseconds, a % a share."""

    total: Fraction
    rows: int
    empty: int


def sums(
    scratch: Scratch,
    register: Export,
    word: str,
    window: tuple[int, int] | None = None,
    by: Sequence[str] | None = None,
) -> dict[tuple[str | None, ...], Sum]:
    """The numbers of ``word`` added up per key, or per the columns ``by`` (read as text), in the order of the keys.

    Of a register with ``at`` the rows within ``window``, half-open [lo, hi) in microseconds UTC, are added, and a key
    without a row there is left out; of an undated one all rows. ValueError for a register with ``valid_from``.
    """
    source = register.source
    if "valid_from" in source.columns or ("at" in source.columns) != (window is not None):
        raise ValueError(f"the rows of '{register.name}' cannot be summed so")
    frame = register.frame
    if window is not None:
        frame = frame.filter(nw.col("r_at") >= window[0], nw.col("r_at") < window[1])
    key = [register.words[each] for each in (source.key if by is None else by)]
    value = nw.col(register.numbers[word])
    summed = (
        frame.with_columns(every=nw.lit(0))
        .group_by("every", *key)
        .agg(total=value.cast(nw.Decimal(38, 0)).sum(), rows=nw.len(), said=value.count())
        .select(*key, "total", "rows", "said")
    )
    worth = source.worth(word) / 10**SCALE
    found = {
        tuple(cells): Sum(int(total or 0) * worth, rows, rows - said)
        for *cells, total, rows, said in scratch.rows(summed)
    }
    return dict(sorted(found.items(), key=lambda each: [cell or "" for cell in each[0]]))
