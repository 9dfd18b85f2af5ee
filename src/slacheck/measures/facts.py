"""What single records say in the words that credits and their settlement read, fetched for all asks together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from slacheck.engine.outage_tally import OutageLength
from slacheck.engine.scratch import Scratch
from slacheck.engine.wide import WIDE
from slacheck.measures.asking import Ask
from slacheck.measures.down_time import DownTime
from slacheck.outages.building import Down
from slacheck.outages.log_outages import PIECES
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export
from slacheck.sources.words import Words

Frame = nw.LazyFrame[Any]
Cells = tuple[Any, ...]

# What stands for a word in which the records of one outage differ: no cell says so.
_DIFFERENT: Final = object()


@dataclass(frozen=True)
class Said:
    """What one record says: text, exact numbers and instants (microseconds UTC) by word, None where it says nothing;
    and what is odd about it."""

    facts: Mapping[str, str | None] = field(default_factory=dict)
    figures: Mapping[str, Fraction | None] = field(default_factory=dict)
    moments: Mapping[str, int | None] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class _Columns:
    """The columns of one export behind some words: text, numbers, instants; null where the export has none."""

    def __init__(self, export: Export, words: Words) -> None:
        text, numbers, instants = sorted(words.text), sorted(words.numbers), sorted(words.instants)
        none, nothing, never = (nw.lit(None).cast(kind) for kind in (nw.String, WIDE, nw.Int64))
        columns = [nw.col(export.words[word]) if word in export.words else none for word in text]
        columns += [nw.col(export.numbers[word]) if word in export.numbers else nothing for word in numbers]
        columns += [nw.col(export.instants[word]) if word in export.instants else never for word in instants]
        self.named = {f"c{index}": column for index, column in enumerate(columns)}
        self._text = len(text)
        self._worth = [export.source.worth(word) / 10**SCALE for word in numbers]
        self._exact: list[dict[int, Fraction]] = [{} for _ in numbers]

    def values(self, cells: Cells) -> Cells:
        """``cells`` with every number in the unit of its word; one number stands in many records."""
        instants = self._text + len(self._worth)
        numbers = map(self._figure, range(len(self._worth)), cells[self._text : instants])
        return (*cells[: self._text], *numbers, *cells[instants:])

    def _figure(self, index: int, cell: Any) -> Any:
        if cell is None or cell is _DIFFERENT:
            return cell
        known = self._exact[index]
        if cell not in known:
            known[cell] = int(cell) * self._worth[index]
        return known[cell]


class _Order:
    """Where each word of an ask stands among the cells of all asks."""

    def __init__(self, every: Words) -> None:
        self._text = {word: index for index, word in enumerate(sorted(every.text))}
        self._numbers = {word: len(self._text) + index for index, word in enumerate(sorted(every.numbers))}
        first = len(self._text) + len(self._numbers)
        self._instants = {word: first + index for index, word in enumerate(sorted(every.instants))}

    def said(self, words: Words, cells: Cells) -> Said:
        facts = {word: cells[self._text[word]] for word in sorted(words.text)}
        figures = {word: cells[self._numbers[word]] for word in sorted(words.numbers)}
        moments = {word: cells[self._instants[word]] for word in sorted(words.instants)}
        every = [*facts.items(), *figures.items(), *moments.items()]
        differ = [word for word, cell in every if cell is _DIFFERENT]
        if not differ:
            return Said(facts, figures, moments)
        named = " and ".join(f"'{word}'" for word in dict.fromkeys(differ))
        return Said(
            {word: None if cell is _DIFFERENT else cell for word, cell in facts.items()},
            {word: None if cell is _DIFFERENT else cell for word, cell in figures.items()},
            {word: None if cell is _DIFFERENT else cell for word, cell in moments.items()},
            (f"the records of this outage differ in {named}, which is taken as not said",),
        )


def _asked(ask: Ask) -> bool:
    return ask.record is not None and bool(ask.facts.text or ask.facts.numbers or ask.facts.instants)


class RecordFacts:
    """The facts of single records of asks with one export each: one query for each export."""

    def __init__(self, scratch: Scratch, wanted: Iterable[tuple[Ask, Iterable[int]]]) -> None:
        rows: dict[int, set[int]] = {}
        words: dict[int, Words] = {}
        exports: dict[int, Export] = {}
        for ask, of_ask in wanted:
            if _asked(ask):
                export = ask.exports[0]
                exports[id(export)] = export
                words[id(export)] = words.get(id(export), Words()) | ask.facts
                rows.setdefault(id(export), set()).update(of_ask)
        self._orders = {key: _Order(every) for key, every in words.items()}
        self._cells: dict[int, dict[int, Cells]] = {}
        for key, export in exports.items():
            columns = _Columns(export, words[key])
            table = scratch.give("answered", {"answered": "BIGINT"}, [(row,) for row in sorted(rows[key])])
            met = export.frame.join(table, left_on="rowid", right_on="answered", how="inner")
            self._cells[key] = {
                row: columns.values(tuple(cells)) for row, *cells in scratch.rows(met.select("rowid", **columns.named))
            }

    def of(self, ask: Ask, row: int) -> Said:
        """What the record with ``row`` of the ask's export says in the ask's words."""
        if not _asked(ask):
            return Said()
        key = id(ask.exports[0])
        return self._orders[key].said(ask.facts, self._cells[key][row])


def single(found: DownTime) -> list[OutageLength]:
    """The outages of an ask that are answered one by one: those with any counted time."""
    return sorted(
        (each for own in found.dated.values() for each in own if each.whole), key=lambda o: (o.k, o.start, o.o)
    )


class OutageFacts:
    """The facts of single outages: those of their records, where these agree; one query for each log.

    An outage is made of the records that are left of it after exclusions that match records. Where they differ in a
    word, an empty cell and a filled one too, nothing is said. Outages that are made of samples or of bad intervals
    are no records: they say whose they are, and nothing else.
    """

    def __init__(self, scratch: Scratch, asks: Sequence[Ask], found: Sequence[DownTime]) -> None:
        words = Words()
        downs: dict[int, Down] = {}
        logs: dict[int, tuple[Export, ...]] = {}
        sought: dict[tuple[int, int, int], None] = {}
        for ask, each in zip(asks, found, strict=True):
            members = each.down.members
            if ask.record == "outage" and _asked(ask) and members is not None:
                words |= ask.facts
                downs[id(members)], logs[id(members)] = each.down, ask.exports
                sought.update(dict.fromkeys((id(members), o.k, o.o) for o in single(each)))
        self._order = _Order(words)
        self._numbers = {outage: number for number, outage in enumerate(sought)}
        self._cells: dict[int, Cells] = {}
        if sought:
            self._fetch(scratch, words, downs, logs)

    def _fetch(
        self, scratch: Scratch, words: Words, downs: Mapping[int, Down], logs: Mapping[int, tuple[Export, ...]]
    ) -> None:
        order = {key: number for number, key in enumerate(downs)}
        table = scratch.give(
            "answered",
            dict.fromkeys(("log", "k", "o", "outage"), "BIGINT"),
            [(order[key], k, o, number) for (key, k, o), number in self._numbers.items()],
        )
        r = nw.col("r")
        records = nw.concat(
            [
                down.members.select("k", "o", at=r - r % PIECES, log=nw.lit(order[key], nw.Int64))
                for key, down in downs.items()
                if down.members is not None
            ]
        )
        members = scratch.keep(
            records.join(table, on=["log", "k", "o"], how="inner").select("log", "outage", "at"), "outage_members"
        )
        placed: dict[tuple[int, int, int], tuple[Export, list[int]]] = {}
        for key, exports in logs.items():
            for position, export in enumerate(exports):
                placed.setdefault((id(export), len(exports), position), (export, []))[1].append(order[key])
        for (_, count, position), (export, of) in placed.items():
            columns = _Columns(export, words)
            at = ((nw.col("rowid") * count + position) * PIECES).cast(nw.Int64)
            met = members.filter(nw.col("log").is_in(of)).join(export.frame.select(at=at, **columns.named), on="at")
            for outage, *cells in scratch.rows(_united(met, tuple(columns.named))):
                self._unite(outage, columns.values(_agreed(cells)))

    def _unite(self, outage: int, values: Cells) -> None:
        """Records of several logs may be one outage."""
        before = self._cells.get(outage)
        if before is not None:
            values = tuple(now if now == then else _DIFFERENT for now, then in zip(values, before, strict=True))
        self._cells[outage] = values

    def of(self, ask: Ask, down: Down, outage: OutageLength) -> Said:
        """What the records of one outage say in the ask's words."""
        if not _asked(ask):
            return Said()
        if down.members is None:
            subject = down.names[outage.k]
            facts = {word: subject if word == ask.per else None for word in sorted(ask.facts.text)}
            nothing = dict.fromkeys(sorted(ask.facts.numbers)), dict.fromkeys(sorted(ask.facts.instants))
            return Said(facts, *nothing)
        return self._order.said(ask.facts, self._cells[self._numbers[id(down.members), outage.k, outage.o]])


def _united(records: Frame, names: Sequence[str]) -> Frame:
    """Of each outage: how many records, and the least, the greatest and the number of the cells of each column."""
    cells: dict[str, nw.Expr] = {}
    for name in names:
        column = nw.col(name)
        cells |= {f"{name}_least": column.min(), f"{name}_most": column.max(), f"{name}_said": column.count()}
    return records.group_by("outage").agg(records=nw.len(), **cells).select("outage", "records", *cells)


def _agreed(cells: Sequence[Any]) -> Cells:
    records, *rest = cells
    return tuple(
        least if least == most and said in (0, records) else _DIFFERENT
        for least, most, said in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    )
