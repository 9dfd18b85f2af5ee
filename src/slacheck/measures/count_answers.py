"""Requests counted: the answers of every measure that reads good and bad among all, in one pass over each stream."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from slacheck.engine.count_tally import CountRequest, count_tallies, expected_slots
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer, Ask
from slacheck.measures.measure import CountTally
from slacheck.measures.streams import streams
from slacheck.sources.opening import Export
from slacheck.timeline import intervals

# Of 64 bits, as counts are: streams of different types cannot be laid together.
_NONE, _ONE = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)


def answer(scratch: Scratch, asks: Sequence[Ask], _until: int) -> list[list[Answer]]:
    position, found = streams(scratch, asks)
    frames = [
        records.select(
            "k",
            g=nw.lit(stream).cast(nw.Int64),
            t=nw.col("r_at"),
            total=_total(export),
            good=_good(export),
        )
        for stream, (export, records, _) in enumerate(found)
    ]
    live = [index for index, ask in enumerate(asks) if ask.window.lo < _ended(ask)]
    requests = [
        CountRequest(index, position[index], asks[index].window.lo, _ended(asks[index]), index, _width(asks[index]))
        for index in live
    ]
    clocks = {
        index: intervals.clip(asks[index].window.counted, asks[index].window.lo, _ended(asks[index])) for index in live
    }
    tallied = {(each.request, each.k): each for each in count_tallies(scratch, nw.concat(frames), requests, clocks)}
    result: list[list[Answer]] = []
    for index, ask in enumerate(asks):
        width = _width(ask)
        window = ask.window
        expected = expected_slots(clocks[index], window.lo, _ended(ask), width) if width and index in live else 0
        of_ask: list[Answer] = []
        for k, name in enumerate(found[position[index]][2].names):
            tally = tallied.get((index, k))
            if tally is None:
                of_ask.append(Answer(name, CountTally(0, 0, expected, 0), rows=0))
            else:
                present = tally.present or 0
                of_ask.append(Answer(name, CountTally(tally.total, tally.good, expected, present), rows=tally.rows))
        result.append(of_ask)
    return result


def _ended(ask: Ask) -> int:
    """Where the last interval that has ended ends: while a period runs, the interval under way is not judged."""
    window, width = ask.window, ask.exports[0].source.interval
    if not window.running or not width:
        return window.hi
    return window.hi - (window.hi - window.lo) % width


def _width(ask: Ask) -> int:
    source = ask.exports[0].source
    return 0 if source.absent_rows == "empty" else source.interval or 0


def _total(export: Export) -> nw.Expr:
    return nw.col("r_total") if "total" in export.source.columns else _ONE


def _good(export: Export) -> nw.Expr:
    source = export.source
    if source.good is not None:
        return nw.when(export.matches(source.good)).then(_ONE).otherwise(_NONE)
    if source.bad is not None:
        return nw.when(export.matches(source.bad)).then(_NONE).otherwise(_ONE)
    if "good" in source.columns:
        return nw.col("r_good")
    return nw.col("r_total") - nw.col("r_bad")
