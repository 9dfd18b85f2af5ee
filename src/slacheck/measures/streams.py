"""The distinct streams of records behind the asks of a run: several asks of the same records read them once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Ask, Cut
from slacheck.measures.measure import Dated
from slacheck.problems import DataError, Problem
from slacheck.sources.exempt import without
from slacheck.sources.opening import Export, no_match
from slacheck.sources.subjects import Subjects, subjects
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]

_OWN_INSTANT: Mapping[str, str] = {"samples": "at", "counts": "at", "events": "start"}

FORGIVEN, LEFT_OUT = 1, 2


def streams(scratch: Scratch, asks: Sequence[Ask]) -> tuple[list[int], list[tuple[Export, Frame, Subjects]]]:
    """The distinct streams of records behind ``asks``, and which of them each ask reads.

    Records that are exempt are gone; a subject that has no others is none.
    """
    order: dict[tuple[object, ...], int] = {}
    found: list[tuple[Export, Frame, Subjects]] = []
    problems: list[Problem] = []
    for ask in asks:
        if ask.stream in order:
            continue
        order[ask.stream] = len(found)
        export = ask.exports[0]
        matching = export.matching(*ask.where)
        # A month without such a ticket or incident is ordinary; a probe or a counter without a row is the wrong one.
        if not export.source.is_log and not export.any(matching) and export.reading.rows:
            problems.append(no_match(export))
        matching = without(scratch, export, matching, ask.exempt)
        named = subjects(scratch, ask.per, [(export, matching)])
        found.append((export, named.numbered(export, matching), named))
    if problems:
        raise DataError(problems)
    return [order[ask.stream] for ask in asks], found


@dataclass(frozen=True)
class Part:
    """One window over one stream of records, of one ask: that of all subjects, or of the one with the number ``k``."""

    ask: int
    stream: int
    window: Window
    k: int | None = None


@dataclass(frozen=True)
class Laid:
    """The records of several asks in one frame, and the windows over it.

    ``frame`` has g (stream), k (subject), t (the instant that places a record in a period, microseconds UTC) and what
    was asked for. ``names[ask][k]`` are the subjects. ``undated[ask]`` is a remark on records without such an instant,
    or nothing.
    """

    frame: Frame
    parts: tuple[Part, ...]
    names: tuple[tuple[str, ...], ...]
    undated: tuple[tuple[str, ...], ...]

    def answering(self, ask: int) -> Iterator[tuple[int, str, int]]:
        """(number, name, index of the part that answers for it) of each subject of an ask."""
        general, own = 0, {}
        for index, part in enumerate(self.parts):
            if part.ask == ask:
                if part.k is None:
                    general = index
                else:
                    own[part.k] = index
        return ((k, name, own.get(k, general)) for k, name in enumerate(self.names[ask]))


Columns = Callable[[Ask, Export], Mapping[str, nw.Expr]]


def laid(
    scratch: Scratch,
    asks: Sequence[Ask],
    columns: Columns,
    said: Callable[[Ask], object],
    kept: Callable[[Ask], bool] | None = None,
) -> Laid:
    """Lay the records of ``asks`` together, each with its ``columns``; asks of which the same is ``said`` share them.

    Where ``kept`` is given, ``columns`` may use ``mark`` of the records of an ask with cuts: FORGIVEN where what
    happened is good, LEFT_OUT where it does not count; such records are there only where they are to be ``kept``.
    Otherwise both are gone.

    Raises DataError where conditions match nothing.
    """
    position, found = streams(scratch, asks)
    lenses: dict[tuple[object, ...], int] = {}
    frames: list[Frame] = []
    undated: list[tuple[str, ...]] = []
    of_ask: list[int] = []
    for ask, stream in zip(asks, position, strict=True):
        export, records, _ = found[stream]
        instant = instant_of(ask, export)
        lens = (stream, instant, ask.cuts, said(ask))
        if lens not in lenses:
            lenses[lens] = len(frames)
            t = nw.col(instant)
            remark = _undated(scratch, ask, export, records, t)
            if remark:
                records = records.filter(~t.is_null())
            undated.append(remark)
            records = _cut(scratch, export, records, ask, kept)
            number = nw.lit(lenses[lens]).cast(nw.Int64)
            frames.append(records.select(g=number, k=nw.col("k").cast(nw.Int64), t=t, **columns(ask, export)))
        of_ask.append(lenses[lens])
    names = tuple(found[stream][2].names for stream in position)
    parts, split = _parts(asks, of_ask, names, len(frames))
    frame = nw.concat(frames)
    if split:
        frame = scratch.keep(frame, "laid")
        rows = [(g, k, own) for (g, k), own in split.items()]
        owners = scratch.give("own_windows", dict.fromkeys(("g", "k", "own"), "BIGINT"), rows)
        rest = [name for name in frame.collect_schema().names() if name != "g"]
        own = frame.join(owners, on=["g", "k"], how="inner").select(nw.col("own").alias("g"), *rest)
        frame = nw.concat([frame, own])
    return Laid(frame, parts, names, tuple(undated[lens] for lens in of_ask))


def _parts(
    asks: Sequence[Ask], lens: Sequence[int], names: Sequence[Sequence[str]], free: int
) -> tuple[tuple[Part, ...], dict[tuple[int, int], int]]:
    """The windows, and a stream of its own (from ``free`` on) for each subject (lens, k) with a window of its own."""
    parts: list[Part] = []
    split: dict[tuple[int, int], int] = {}
    for index, ask in enumerate(asks):
        parts.append(Part(index, lens[index], ask.window))
        if ask.own:
            for k, name in enumerate(names[index]):
                if name in ask.own:
                    stream = split.setdefault((lens[index], k), free + len(split))
                    parts.append(Part(index, stream, ask.own[name], k))
    return tuple(parts), split


def instant_of(ask: Ask, export: Export) -> str:
    """The column of the instant that places a record in a period."""
    own = _OWN_INSTANT.get(export.source.shape)
    word = ask.measure.dated_by if isinstance(ask.measure, Dated) else None
    word = word or own
    assert word is not None, "cases need 'dated_by', which is checked when an agreement is loaded"
    return export.instants.get(word, f"r_{word}")


def _undated(scratch: Scratch, ask: Ask, export: Export, records: Frame, t: nw.Expr) -> tuple[str, ...]:
    own = _OWN_INSTANT.get(export.source.shape)
    if instant_of(ask, export) == f"r_{own}":
        return ()
    ((count,),) = scratch.rows(records.filter(t.is_null()).select(n=nw.len()))
    if not count:
        return ()
    word = ask.measure.dated_by if isinstance(ask.measure, Dated) else ""
    records_have, are = ("record has", "is") if count == 1 else ("records have", "are")
    return (f"{count:,} {records_have} no '{word}' and {are} in no period",)


def _cut(scratch: Scratch, export: Export, records: Frame, ask: Ask, kept: Callable[[Ask], bool] | None) -> Frame:
    """``records`` with a ``mark`` on those whose instant lies in a stretch that is taken out for their key."""
    if not ask.cuts:
        return records
    marks = nw.concat([_inside(scratch, export, records, cut, instant_of(ask, export)) for cut in ask.cuts])
    if kept is None:
        return records.join(marks, on="rowid", how="anti")
    # What one exclusion takes out is not made good by another.
    marked = marks.group_by("rowid").agg(mark=nw.col("mark").max())
    found = records.join(marked, on="rowid", how="left").with_columns(mark=nw.col("mark").fill_null(0))
    return found if kept(ask) else found.filter(nw.col("mark") != LEFT_OUT)


def _inside(scratch: Scratch, export: Export, records: Frame, cut: Cut, instant: str) -> Frame:
    columns = [f"key_{index}" for index in range(len(cut.columns))]
    stretches = scratch.give(
        "cuts",
        {**dict.fromkeys(columns, "VARCHAR"), "cut_lo": "BIGINT", "cut_hi": "BIGINT"},
        [(*key, lo, hi) for key, intervals in cut.stretches for lo, hi in intervals],
    )
    own = [export.words[word] for word in cut.columns]
    t = nw.col(instant)
    met = records.join(stretches, left_on=own, right_on=columns, how="inner")
    return met.filter(t >= nw.col("cut_lo"), t < nw.col("cut_hi")).select(
        "rowid", mark=nw.lit(FORGIVEN if cut.forgiven else LEFT_OUT)
    )
