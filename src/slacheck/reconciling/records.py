"""The records of the sources that both sides have: who lacks which, and what they say differently of the same thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw

from slacheck.agreement.usage import sources_of
from slacheck.engine.records_beside import Compared, Matched, by_key, by_overlap
from slacheck.engine.scratch import Scratch
from slacheck.money import decimal_text
from slacheck.outages.bad_intervals import good, total
from slacheck.planning import Settling
from slacheck.planning.plan import dated
from slacheck.reconciling.result import RecordsBeside, RecordShown, WordBeside
from slacheck.sources.matching import SCALE
from slacheck.sources.opening import Export
from slacheck.timeline import zones

Frame = nw.LazyFrame[Any]

# Of each kind of difference so many records are shown.
_SHOWN = 20


def records_beside(
    scratch: Scratch, here: Sequence[Settling], there: Sequence[Settling], others: Collection[str]
) -> tuple[RecordsBeside, ...]:
    """Compare the sources that the sides have apart, by name; states are left to the time of the lines that read them.

    Of an agreement with versions the sources of the first that has a period here. A source that has another shape on
    the other side has no records to match.
    """
    ours, theirs = here[0], there[0]
    span = (min(each.window.start for each in here), max(each.window.end for each in here))
    found: list[RecordsBeside] = []
    for name in sorted(others & ours.exports.keys() & theirs.exports.keys()):
        sides = (ours.exports[name], theirs.exports[name])
        if sides[0].source.shape == sides[1].source.shape and not _of_states(sides) and not _of_all(sides):
            found.append(_beside(scratch, ours, sides, span))
    return tuple(found)


def _of_states(sides: tuple[Export, Export]) -> bool:
    return sides[0].source.shape == "samples" and not all("value" in each.source.columns for each in sides)


def _of_all(sides: tuple[Export, Export]) -> bool:
    """Whether it is a register without a key, whose one fact is for everything."""
    return sides[0].source.shape == "register" and not sides[0].source.key


def _beside(scratch: Scratch, settling: Settling, sides: tuple[Export, Export], span: tuple[int, int]) -> RecordsBeside:
    first = sides[0]
    shape, name = first.source.shape, first.name
    by = [dated(settling.agreement, name, each) for each in sides]
    common = sorted(set(first.words) & set(sides[1].words))
    if shape == "events":
        keys = [word for word in common if word in _subjects(settling, name)]
        frames = [
            each.frame.select(
                "rowid",
                within=_touches(span),
                s="r_start",
                e="r_end",
                **{f"k_{index}": nw.col(each.words[word]) for index, word in enumerate(keys)},
            )
            for each in sides
        ]
        matched = by_overlap(scratch, frames[0], frames[1], [f"k_{index}" for index in range(len(keys))], _SHOWN)
        return _made(sides, keys, True, (), matched)
    keys, columns = _columns(sides, common)
    frames = [
        each.frame.select(
            "rowid",
            within=_within(column, span),
            **{f"k_{index}": _key(each, word) for index, word in enumerate(keys)},
            **{compared.name: _value(each, compared) for compared in columns},
        )
        for each, column in zip(sides, by, strict=True)
    ]
    matched = by_key(scratch, frames[0], frames[1], [f"k_{index}" for index in range(len(keys))], columns, _SHOWN)
    return _made(sides, keys, False, columns, matched)


def _subjects(settling: Settling, source: str) -> set[str]:
    """The words by which promises tell the records of a source apart."""
    agreement = settling.agreement
    return {
        promised.level.per.column
        for promised in agreement.promised()
        if promised.level.per and promised.level.per.column and source in sources_of(agreement, promised)
    }


def _columns(sides: tuple[Export, Export], common: Sequence[str]) -> tuple[list[str], list[Compared]]:
    """The words that name a record, and those that are compared."""
    first, second = sides
    shape = first.source.shape
    numbers = [Compared(word, "number") for word in sorted(set(first.numbers) & set(second.numbers))]
    instants = [Compared(word, "instant") for word in sorted(set(first.instants) & set(second.instants))]
    if shape == "counts":
        return ["at", *common], [Compared("total", "number"), Compared("good", "number")]
    if shape == "samples":
        return ["at", *common], [Compared("value", "number")]
    keys = ["id"] if shape == "cases" else list(first.source.key)
    texts = [Compared(word, "text") for word in common if word not in keys]
    return keys, [*instants, *(each for each in numbers if each.name not in {other.name for other in texts}), *texts]


def _key(export: Export, word: str) -> nw.Expr:
    return nw.col("r_at") if word == "at" and export.source.shape != "cases" else nw.col(export.words[word])


def _value(export: Export, compared: Compared) -> nw.Expr:
    if export.source.shape == "counts":
        return total(export) if compared.name == "total" else good(export)
    if export.source.shape == "samples":
        return nw.col("r_value")
    of = {"instant": export.instants, "number": export.numbers, "text": export.words}[compared.kind]
    return nw.col(of[compared.name])


def _within(column: str | None, span: tuple[int, int]) -> nw.Expr:
    """1 for records of the periods; those that nothing dates are of all of them."""
    one, none = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    if column is None:
        return one
    at = nw.col(column)
    return nw.when((at >= span[0]) & (at < span[1])).then(one).otherwise(none)


def _touches(span: tuple[int, int]) -> nw.Expr:
    one, none = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    meets = (nw.col("r_start") < span[1]) & (nw.col("r_end").is_null() | (nw.col("r_end") > span[0]))
    return nw.when(meets).then(one).otherwise(none)


def _made(
    sides: tuple[Export, Export], keys: Sequence[str], overlap: bool, columns: Sequence[Compared], matched: Matched
) -> RecordsBeside:
    kinds = {each.name: each.kind for each in columns}
    counted = sides[0].source.shape == "counts"

    def written(value: int | str | None, word: str) -> str | None:
        if value is None or kinds[word] == "text":
            return None if value is None else str(value)
        return zones.written(int(value)) if kinds[word] == "instant" else _number(int(value), counted)

    def key(of: tuple[str, ...]) -> tuple[str, ...]:
        names = [*keys, "start"] if overlap else keys
        dates = ("start",) if overlap else ("at",) if sides[0].source.shape in ("counts", "samples") else ()
        return tuple(zones.written(int(part)) if name in dates else part for name, part in zip(names, of, strict=True))

    return RecordsBeside(
        source=sides[0].name,
        shape=sides[0].source.shape,
        matched_by=tuple(keys),
        overlap=overlap,
        both=matched.both,
        only_here=matched.only_here,
        only_there=matched.only_there,
        words=tuple(_words(matched, kinds, counted)),
        shown=tuple(
            RecordShown(
                key=key(each.key),
                word=each.name,
                here=written(each.here, each.name) if each.name else None,
                there=written(each.there, each.name) if each.name else None,
                place_here="" if each.row_here is None else sides[0].place(each.row_here),
                place_there="" if each.row_there is None else sides[1].place(each.row_there),
            )
            for each in matched.shown
        ),
    )


def _words(matched: Matched, kinds: dict[str, Any], counted: bool) -> Iterator[WordBeside]:
    for each in matched.differences:
        kind = kinds[each.name]
        if each.number:
            more, most = (
                (None, None)
                if kind == "text"
                else (f"{each.more}", f"{each.most}")
                if kind == "instant"
                else (_number(each.more, counted), _number(each.most, counted))
            )
            yield WordBeside(word=each.name, kind=kind, differ=each.number, more=more, most=most)


def _number(value: int, counted: bool) -> str:
    """A number as it stands in the export; all but counts are kept as so many parts of ten to the SCALE."""
    return f"{value}" if counted else decimal_text(Fraction(value, 10**SCALE), SCALE)
