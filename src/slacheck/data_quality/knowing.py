"""What is known of each stream: how far its samples are apart, which intervals have no row, and what stands twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import narwhals as nw

from slacheck.data_quality.rows import inside
from slacheck.data_quality.streams import Key, Known, Stream
from slacheck.engine import sample_quality
from slacheck.engine.interval_gaps import Filled, IntervalRequest, interval_gaps
from slacheck.engine.sample_quality import GapRequest, Gaps, Spacing, Within
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import stretched
from slacheck.measures.measure import CountTally
from slacheck.outages.members import Members, members
from slacheck.outages.wanted import Seen
from slacheck.sources.exempt import without
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals

WORST = 3


def known(scratch: Scratch, streams: Mapping[Key, Stream], read: Mapping[Key, tuple[int, int]]) -> dict[Key, Known]:
    """What is known of every stream, by key; ``read`` is how many rows each has in its window, and at any time."""
    found = {key: Known(*read[key]) for key in streams}
    of_states: dict[int, list[tuple[Key, Stream, Seen]]] = {}
    for key, stream in streams.items():
        seen = _seen(stream)
        match stream.export.source.shape:
            case "samples" if seen is not None:
                of_states.setdefault(id(seen.samples), []).append((key, stream, seen))
            case "samples":
                found[key] = _values(scratch, stream, found[key])
            case "counts":
                found[key] = _counts(scratch, stream, found[key])
            case "events":
                found[key] = replace(found[key], duplicates=_equal(scratch, stream), subjects=_subjects(stream))
            case _:
                # The id of a case is checked: one row each.
                found[key] = replace(found[key], duplicates=0, subjects=_subjects(stream))
    for mine in of_states.values():
        found |= _states(scratch, mine, found)
    return found


def _seen(stream: Stream) -> Seen | None:
    return next((answered.seen for _, answered in stream.asked if answered.seen is not None), None)


def _subjects(stream: Stream) -> int | None:
    """How many subjects a log has, where each has a line: others may be in no record."""
    if not stream.per:
        return None
    return next((len(answered.answers) for ask, answered in stream.asked if ask.record is None), None)


def _states(
    scratch: Scratch, streams: Sequence[tuple[Key, Stream, Seen]], found: Mapping[Key, Known]
) -> Iterator[tuple[Key, Known]]:
    """Streams of states that were read in one pass: gaps are where no state holds."""
    samples, unknown = streams[0][2].samples, streams[0][2].unknown
    clocks: dict[Intervals, int] = {}
    requests = []
    for index, (_, stream, seen) in enumerate(streams):
        window = stream.window
        clock = clocks.setdefault(window.service, len(clocks))
        requests.append(GapRequest(index, window.lo, window.hi, clock, seen.only))
    windows = [Within(each.id, each.lo, each.hi, each.only) for each in requests]
    spaced = sample_quality.spacing(scratch, samples, windows)
    numbered = {clock: service for service, clock in clocks.items()}
    missing = sample_quality.gaps(scratch, samples, requests, numbered, WORST, unknown)
    for index, (key, stream, seen) in enumerate(streams):
        each = intervals.length(stream.window.service)
        spacing, gaps = spaced[index], missing[index]
        # States that hold until the next one, or end by themselves, are changes: their distances are no cadence.
        changes = samples.hold is None or unknown is not None
        measured = found[key] if changes else _spaced(found[key], spacing)
        yield (
            key,
            replace(
                measured,
                duplicates=spacing.duplicates,
                # States that differ at one instant are refused.
                conflicts=0,
                subjects=seen.count,
                each=each,
                expected=each * seen.count,
                gaps=gaps,
                names=_names(gaps, seen.names),
            ),
        )


def _spaced(before: Known, spacing: Spacing) -> Known:
    """The cadence is the mean of the distances that a state bridges, or of all where it bridges fewer than half."""
    length, distances = spacing.length, spacing.distances
    if 2 * spacing.far <= distances:
        length, distances = length - spacing.far_length, distances - spacing.far
    mean = (length, distances) if distances else None
    return replace(before, distances=spacing.distances, far=spacing.far, mean=mean)


def _names(gaps: Gaps, names: Sequence[str]) -> dict[int, str]:
    shown = [k for k, *_ in gaps.worst] + ([gaps.longest.k] if gaps.longest else [])
    return {k: names[k] for k in shown}


def _records(scratch: Scratch, stream: Stream) -> tuple[nw.LazyFrame[Any], Members]:
    """The records of a stream of samples or counts at any time, each with the number of its subject as ``k``."""
    export = stream.export
    matching = without(scratch, export, export.matching(*stream.conditions), stream.exempt)
    per = (*stream.per, None, None)
    whose = members(scratch, per[0], per[1], export, matching)
    return whose.numbered(export, matching), whose


def _values(scratch: Scratch, stream: Stream, found: Known) -> Known:
    """Samples that are values: nothing says how long one holds, so that nothing is missing between two."""
    records, whose = _records(scratch, stream)
    lo, hi = stream.window.lo, stream.window.hi
    t = nw.col("r_at")
    stretches = stretched(records.select("k", t=t), (lo, hi))
    spacing = sample_quality.counted_between(scratch, stretches, (lo, hi), [Within(0, lo, hi)])[0]
    compared = [name for name in stream.export.frame.collect_schema().names() if name not in ("rowid", "r_at")]
    within = records.filter(t >= lo, t < hi).select("k", *compared, t=t)
    repeated = sample_quality.repeats(scratch, within, compared, [(0, lo, hi)])[0]
    spaced = _spaced(found, replace(spacing, distances=spacing.distances - repeated.same))
    return replace(
        spaced,
        far=None,
        duplicates=repeated.duplicates,
        conflicts=repeated.conflicts,
        subjects=len(whose.names),
    )


def _equal(scratch: Scratch, stream: Stream) -> int:
    """Records of a log that say the same as an earlier one in everything that is read of them."""
    export, window = stream.export, stream.window
    if stream.dated is None:
        return 0
    records = without(scratch, export, export.matching(*stream.conditions), stream.exempt)
    columns = [name for name in records.collect_schema().names() if name != "rowid"]
    alike = records.filter(inside(export, stream.dated, (window.lo, window.hi))).group_by(*columns).agg(rows=nw.len())
    ((more,),) = scratch.rows(alike.select(more=(nw.col("rows") - 1).sum()))
    return int(more or 0)


# --- counts -----------------------------------------------------------------------------------------------------------


def _counts(scratch: Scratch, stream: Stream, found: Known) -> Known:
    """Counts with intervals: a gap is one that has no row, or several in a row."""
    source = stream.export.source
    if source.absent_rows == "empty" or source.interval is None:
        return replace(found, subjects=_subjects(stream))
    expected = _expected(stream)
    width = source.width
    whole = _complete(stream)
    names: Sequence[str]
    if whole is not None:
        repeated, names = whole
        filled = Filled(Gaps(), repeated)
    else:
        records, whose = _records(scratch, stream)
        names = whose.names
        counts = records.select("k", g=nw.lit(0, nw.Int64), t=nw.col("r_at"))
        request = IntervalRequest(0, 0, expected, len(names))
        filled = interval_gaps(scratch, counts, [request], width, WORST)[0]
    each = intervals.length(expected)
    return replace(
        found,
        # Where a condition counts rows, each is a request, and many are of one interval.
        duplicates=filled.repeated if "total" in source.columns else None,
        subjects=len(names),
        mean=(width, 1) if width else None,
        each=each,
        expected=each * len(names),
        gaps=filled.gaps,
        names=_names(filled.gaps, names),
    )


def _complete(stream: Stream) -> tuple[int, list[str]] | None:
    """Where the answers show that no interval lacks a row: the rows beyond the first of each, and the subjects."""
    window = stream.window
    for ask, answered in stream.asked:
        counted = [each.tally for each in answered.answers if isinstance(each.tally, CountTally)]
        plain = ask.window.counted == ((window.lo, window.hi),) and not ask.own and not ask.cuts and not window.running
        if not plain or ask.record is not None or not counted or len(counted) < len(answered.answers):
            continue
        if all(each.present == each.expected for each in counted):
            rows = sum(each.rows or 0 for each in answered.answers)
            return rows - sum(each.present for each in counted), [each.subject for each in answered.answers]
    return None


def _expected(stream: Stream) -> tuple[tuple[int, int], ...]:
    """The intervals that have ended and begin in service hours."""
    window, source = stream.window, stream.export.source
    if source.width:
        begins = range(window.lo, window.hi, source.width)
        grid = [(begin, begin + source.width) for begin in begins]
    else:
        zone = stream.asked[0][0].zone
        day = zones.day_of(window.lo, zone)
        grid = []
        while (begin := zones.midnight(day, zone)) < window.hi:
            day += timedelta(days=1)
            grid += [(begin, zones.midnight(day, zone))] if begin >= window.lo else []
    return tuple(each for each in grid if _judged(each, stream))


def _judged(interval: tuple[int, int], stream: Stream) -> bool:
    window = stream.window
    ended = interval[1] <= window.hi or not window.running
    return ended and intervals.contains(window.service, interval[0])
