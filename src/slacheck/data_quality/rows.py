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
from slacheck.planning import Settling
from slacheck.planning.excusing import exempt, is_register
from slacheck.sources.exempt import only, without
from slacheck.sources.opening import Export
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]
Span = tuple[int, int]

EXEMPT_SHOWN = 5
_OPEN_KEPT = 1000
_ORDERED = ("samples", "counts", "events")

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


def number(condition: nw.Expr) -> nw.Expr:
    """How many rows satisfy ``condition``."""
    return nw.when(condition).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64)).sum()


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
        sums: dict[str, nw.Expr] = {"matching": nw.len()}
        if dated is not None:
            instant = nw.col(dated)
            sums |= {"first": instant.min(), "last": instant.max(), "dated": number(~instant.is_null())}
            for index, span in enumerate(self._windows):
                sums[f"within{index}"] = number(inside(export, dated, span))
                sums[f"after{index}"] = number(instant >= span[1])
        distinct = {stream.key: stream for each in self._readers.values() for stream in each}
        plain = {key: stream for key, stream in distinct.items() if not stream.exempt}
        sums |= _of_streams(list(plain.values()))
        used = {settling: mine for settling, mine in self._readers.items() if not any(stream.exempt for stream in mine)}
        unions = {frozenset(stream.key for stream in mine): mine for mine in used.values()}
        for index, mine in enumerate(unions.values()):
            sums[f"used{index}"] = number(_either([_reads(stream) for stream in mine]))
        counted = self._one_row(export.frame, sums)
        of_union = {keys: counted[f"used{index}"] for index, keys in enumerate(unions)}
        read = _read(list(plain.values()), counted)
        for stream in distinct.values():
            if stream.exempt:
                kept = without(self._scratch, export, export.frame, stream.exempt)
                read |= _read([stream], self._one_row(kept, _of_streams([stream])))
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

    def _one_row(self, frame: Frame, sums: Mapping[str, nw.Expr]) -> dict[str, int | None]:
        ((*values,),) = self._scratch.rows(frame.select(**sums))
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


def _of_streams(streams: Sequence[Stream]) -> dict[str, nw.Expr]:
    sums = {}
    for index, stream in enumerate(streams):
        matches = stream.matches
        sums[f"read{index}"] = number(_reads(stream))
        sums[f"ever{index}"] = nw.len() if matches is None else number(matches)
    return sums


def _read(streams: Sequence[Stream], counted: Mapping[str, int | None]) -> dict[Key, tuple[int, int]]:
    return {
        stream.key: (counted[f"read{index}"] or 0, counted[f"ever{index}"] or 0) for index, stream in enumerate(streams)
    }
