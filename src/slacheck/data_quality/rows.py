"""The rows of every export: how many lie in each period, how many some level reads, and how they are ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import and_
from typing import Any

import narwhals as nw

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.usage import dating_word, sources_of
from slacheck.data_quality.streams import Key, Stream
from slacheck.engine.file_order import Steps, steps
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import placed
from slacheck.planning import Settling
from slacheck.planning.excusing import exempt, is_register
from slacheck.sources.exempt import only, without
from slacheck.sources.opening import Export
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]
Span = tuple[int, int]

EXEMPT_SHOWN = 5
_OPEN_KEPT = 1000
_INSTANTS = ("samples", "counts")
_ROWS, _LAST = "of_rows", "last_of_rows"
_ORDERED = ("samples", "counts", "events")
# So many conditions and windows are cheaper to tell of each kind of row than of each row.
_FEW = 8

# The exclusion of an agreement, by the id of its file and by name.
_Exemption = tuple[int, str]


@dataclass(frozen=True)
class Rows:
    """The records of one export that pass its ``where``: how many, how many are dated, within and after each span,
    and those that never end.

    ``exempt`` has how many do not count by an exemption, and the first of them. ``used`` is how many at least one level
    of a settling (by its id) reads; ``read`` how many each stream has in its window, and at any time. ``steps`` are
    those of the rows in their files, as the subjects of each settling tell them apart.
    """

    matching: int
    dated: int
    within: Mapping[Span, int]
    after: Mapping[Span, int]
    first: int | None
    last: int | None
    open_ended: tuple[tuple[int, int], ...] = ()
    exempt: Mapping[_Exemption, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    used: Mapping[int, int] = field(default_factory=dict)
    read: Mapping[Key, tuple[int, int]] = field(default_factory=dict)
    steps: Mapping[int, Steps] = field(default_factory=dict)

    def around(self, window: Window) -> bool:
        """Whether there are records both before and after a window."""
        return self.first is not None and self.last is not None and self.first < window.lo and self.last >= window.hi


def dating(settling: Settling, name: str, export: Export) -> str | None:
    """The column that dates the records of an export; None where nothing does."""
    match export.source.shape:
        case "samples" | "counts":
            return "r_at"
        case "events":
            return "r_start"
        case "cases":
            word = dating_word(settling.agreement, name)
            return export.instants.get(word) if word else None
    return None


def exemptions(agreement: Agreement) -> Iterable[tuple[str, str]]:
    """The exclusions that name records outright, each with the sources that it is read for."""
    read: dict[tuple[str, str], None] = {}
    for promised in agreement.promised():
        for name in promised.promise.excluding:
            if is_register(agreement, agreement.exclusions[name]):
                read |= dict.fromkeys((name, source) for source in sources_of(agreement, promised))
    return read


def rows_of(
    scratch: Scratch,
    settlings: Sequence[Settling],
    dated: Mapping[int, str | None],
    streams: Mapping[int, Sequence[Stream]],
) -> dict[int, Rows]:
    """Count the records of every export, by its id, for all windows of the run in one pass over each.

    ``dated`` is the column that dates the records of an export, by its id; ``streams`` are those of each settling.
    """
    exports: dict[int, Export] = {}
    windows: dict[int, dict[int, Span]] = {}
    readers: dict[int, dict[int, list[Stream]]] = {}
    for settling in settlings:
        for export in settling.exports.values():
            exports[id(export)] = export
            windows.setdefault(id(export), {})[id(settling)] = settling.window.lo, settling.window.hi
        for stream in streams.get(id(settling), ()):
            readers.setdefault(id(stream.export), {}).setdefault(id(settling), []).append(stream)
    exempted = _exempted(scratch, settlings)
    return {
        key: _Counting(scratch, export, dated.get(key), windows[key], readers.get(key, {})).rows(exempted.get(key, {}))
        for key, export in exports.items()
    }


def _exempted(
    scratch: Scratch, settlings: Sequence[Settling]
) -> dict[int, dict[_Exemption, tuple[int, tuple[int, ...]]]]:
    found: dict[int, dict[_Exemption, tuple[int, tuple[int, ...]]]] = {}
    # The periods of an agreement have the same register.
    for settling in {id(each.file): each for each in settlings}.values():
        for name, source in exemptions(settling.agreement):
            exclusion, export = settling.agreement.exclusions[name], settling.exports[source]
            named = only(scratch, export, export.frame, exempt(exclusion, settling.candidates[name]))
            ((count,),) = scratch.rows(named.select(rows=nw.len()))
            first = scratch.rows(named.select("rowid").sort("rowid").head(EXEMPT_SHOWN)) if count else []
            found.setdefault(id(export), {})[id(settling.file), name] = count, tuple(row for (row,) in first)
    return found


_ONE = nw.lit(1, nw.Int64)


def _number(condition: nw.Expr | None, each: nw.Expr) -> nw.Expr:
    """How many rows satisfy ``condition``, if there is one; a row of the frame stands for ``each`` of them."""
    if condition is None:
        return nw.len() if each is _ONE else each.sum()
    return nw.when(condition).then(each).otherwise(nw.lit(0, nw.Int64)).sum()


def inside(export: Export, dated: str, span: Span) -> nw.Expr:
    """Whether a record lies in a span: its instant does, or some of its time from start to end."""
    lo, hi = span
    instant = nw.col(dated)
    if export.source.shape != "events":
        return (instant >= lo) & (instant < hi)
    last = nw.when(nw.col("r_end").is_null()).then(nw.lit(hi)).otherwise(nw.col("r_end"))
    return (instant < hi) & ((last > lo) | (instant >= lo))


class _Counting:
    """One pass over the rows of an export, for the window and the streams (``readers``) of each settling."""

    def __init__(
        self,
        scratch: Scratch,
        export: Export,
        dated: str | None,
        windows: Mapping[int, Span],
        readers: Mapping[int, Sequence[Stream]],
    ) -> None:
        self._scratch, self._export, self._dated = scratch, export, dated
        self._settlings, self._windows, self._readers = list(windows), list(dict.fromkeys(windows.values())), readers

    def rows(self, exempt: Mapping[_Exemption, tuple[int, tuple[int, ...]]]) -> Rows:
        export, dated = self._export, self._dated
        distinct = {stream.key: stream for each in self._readers.values() for stream in each}
        plain = {key: stream for key, stream in distinct.items() if not stream.exempt}
        frame, last, each = export.frame, dated, _ONE
        if alike := self._alike(list(plain.values())):
            frame, last, each = alike, _LAST, nw.col(_ROWS)
        sums: dict[str, nw.Expr] = {"matching": _number(None, each)}
        if dated is not None and last is not None:
            instant = nw.col(dated)
            sums |= {"first": instant.min(), "last": nw.col(last).max(), "dated": _number(~instant.is_null(), each)}
            for index, span in enumerate(self._windows):
                sums[f"within{index}"] = _number(inside(export, dated, span), each)
                sums[f"after{index}"] = _number(instant >= span[1], each)
        sums |= _of_streams(plain.values(), each)
        used = {settling: mine for settling, mine in self._readers.items() if not any(stream.exempt for stream in mine)}
        unions = {frozenset(stream.key for stream in mine): mine for mine in used.values()}
        for index, mine in enumerate(unions.values()):
            readings = {_sum_of(stream, "read"): stream for stream in mine}
            if len(readings) > 1:
                sums[f"used{index}"] = _number(_either([_reads(stream) for stream in readings.values()]), each)
        counted = self._one_row(frame, sums)
        of_union = {
            keys: counted[f"used{index}" if f"used{index}" in sums else _sum_of(mine[0], "read")]
            for index, (keys, mine) in enumerate(unions.items())
        }
        read = _read(plain.values(), counted)
        for stream in distinct.values():
            if stream.exempt:
                kept = without(self._scratch, export, export.frame, stream.exempt)
                read |= _read([stream], self._one_row(kept, _of_streams([stream], _ONE)))
        return Rows(
            counted["matching"] or 0,
            counted.get("dated") or 0,
            {span: counted.get(f"within{index}") or 0 for index, span in enumerate(self._windows)},
            {span: counted.get(f"after{index}") or 0 for index, span in enumerate(self._windows)},
            counted.get("first"),
            counted.get("last"),
            self._open_ended(),
            exempt,
            {
                settling: of_union[frozenset(stream.key for stream in mine)] or 0
                if settling in used
                else self._together(mine)
                for settling, mine in self._readers.items()
            },
            read,
            self._steps(),
        )

    def _alike(self, streams: Sequence[Stream]) -> Frame | None:
        """The rows put together that no window and no condition of many ``streams`` tells apart: the words of the
        conditions, the first instant, ``_LAST`` and how many (``_ROWS``); None where each row is told better by itself.
        """
        export, conditions = self._export, [condition for stream in streams for condition in stream.conditions]
        if len(streams) <= _FEW or export.source.shape not in _INSTANTS:
            return None
        if any(True for condition in conditions for _ in condition.compared()):
            return None
        words = sorted({export.words[word] for condition in conditions for word in condition.columns()})
        edges = {edge for span in self._windows for edge in span}
        edges |= {edge for stream in streams for edge in (stream.window.lo, stream.window.hi)}
        at = nw.col("r_at")
        rows = export.frame.select(*words, "r_at", w=placed(at, sorted(edges)))
        return rows.group_by(*words, "w").agg(nw.len().cast(nw.Int64).alias(_ROWS), at.min(), at.max().alias(_LAST))

    def _one_row(self, frame: Frame, sums: Mapping[str, nw.Expr]) -> dict[str, int | None]:
        numbered = {f"n{index}": each for index, each in enumerate(sums.values())}
        ((*values,),) = self._scratch.rows(frame.select(**numbered))
        return {name: None if value is None else int(value) for name, value in zip(sums, values, strict=True)}

    def _together(self, mine: Sequence[Stream]) -> int:
        """How many rows some of several streams read, of which some leave out exempt ones."""
        frames = [
            without(self._scratch, self._export, self._export.frame, stream.exempt).filter(_reads(stream))
            for stream in mine
        ]
        every = nw.concat([frame.select("rowid") for frame in frames]).unique()
        ((count,),) = self._scratch.rows(every.select(rows=nw.len()))
        return int(count)

    def _open_ended(self) -> tuple[tuple[int, int], ...]:
        if self._export.source.shape != "events":
            return ()
        endless = self._export.frame.filter(nw.col("r_end").is_null())
        return tuple(self._scratch.rows(endless.select("rowid", "r_start").sort("rowid").head(_OPEN_KEPT)))

    def _steps(self) -> dict[int, Steps]:
        export, dated = self._export, self._dated
        if export.source.shape not in _ORDERED or dated is None:
            return {}
        files = [part.first for part in export.reading.parts]
        told: dict[tuple[str, ...], Steps] = {}
        found: dict[int, Steps] = {}
        for settling in self._settlings:
            words = {word for stream in self._readers.get(settling, ()) for word in stream.per}
            subject = tuple(sorted({export.words[word] for word in words}))
            if subject not in told:
                told[subject] = steps(self._scratch, export.frame, files, dated, subject)
            found[settling] = told[subject]
        return found


def _reads(stream: Stream) -> nw.Expr:
    """Whether a stream has a record, in its window; one that nothing dates is in no window."""
    if stream.dated is None:
        return nw.lit(value=False)
    within = inside(stream.export, stream.dated, (stream.window.lo, stream.window.hi))
    matches = stream.matches
    return within if matches is None else and_(matches, within)


def _either(conditions: Sequence[nw.Expr]) -> nw.Expr:
    """Whether one of them holds. Halved, not chained: a level by the day has more of them in a year than calls nest."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return _either(conditions[:middle]) | _either(conditions[middle:])


def _sum_of(stream: Stream, what: str) -> str:
    """The name of a number of rows of a stream; streams that differ in other things alone have the same."""
    return f"{what} {stream.dated} {stream.window.lo} {stream.window.hi} {stream.conditions}"


def _of_streams(streams: Iterable[Stream], each: nw.Expr) -> dict[str, nw.Expr]:
    sums: dict[str, nw.Expr] = {}
    for stream in {_sum_of(stream, ""): stream for stream in streams}.values():
        sums[_sum_of(stream, "read")] = _number(_reads(stream), each)
        sums[_sum_of(stream, "ever")] = _number(stream.matches, each)
    return sums


def _read(streams: Iterable[Stream], counted: Mapping[str, int | None]) -> dict[Key, tuple[int, int]]:
    return {
        stream.key: (counted[_sum_of(stream, "read")] or 0, counted[_sum_of(stream, "ever")] or 0) for stream in streams
    }
