"""Records counted: the answers of every measure that asks how many outages, events, cases or samples there were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from slacheck.engine.dated_tally import DatedRecord, DatedRequest, dated_counts, dated_records, each_record
from slacheck.engine.outage_tally import OutageLength
from slacheck.engine.scratch import Scratch
from slacheck.measures import outage_evidence
from slacheck.measures.asking import Answer, Ask, Cut, Stretch
from slacheck.measures.continuous import most_records_of
from slacheck.measures.down_time import WORST_SHOWN, DownTime, clock_of, down_time
from slacheck.measures.facts import RecordFacts
from slacheck.measures.measure import Dated, OfRecords, RecordTally
from slacheck.measures.outage_evidence import Evidence
from slacheck.problems import DataError
from slacheck.sources.exempt import without
from slacheck.sources.opening import Export, no_match
from slacheck.sources.subjects import Subjects, subjects
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals

Frame = nw.LazyFrame[Any]

_INSTANTS = {"samples": "at", "counts": "at", "events": "start"}


def answer(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
    """One answer per subject of each ask, or one per record."""
    found: dict[int, list[Answer]] = {}
    of_outages = [index for index, ask in enumerate(asks) if not _plain(ask)]
    if of_outages:
        answers = _outages(scratch, [asks[index] for index in of_outages], until)
        found.update(zip(of_outages, answers, strict=True))
    of_records = [index for index, ask in enumerate(asks) if _plain(ask)]
    if of_records:
        answers = _records(scratch, [asks[index] for index in of_records])
        found.update(zip(of_records, answers, strict=True))
    return [found[index] for index in range(len(asks))]


def _plain(ask: Ask) -> bool:
    """Whether the records of a source are counted: a rule never has the name of its source."""
    return isinstance(ask.measure, OfRecords) and ask.measure.from_ in ask.rule.from_


def _outages(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[list[Answer]]:
    found = down_time(scratch, asks, until)
    evidence = Evidence(scratch, asks, found)
    result: list[list[Answer]] = []
    for ask, each in zip(asks, found, strict=True):
        by_end = isinstance(ask.measure, Dated) and ask.measure.dated_by == "end"
        unknown, dropped = outage_evidence.unknown(each), outage_evidence.dropped(each.down, ask.window)
        of_ask: list[Answer] = []
        whole = clock_of(ask.window)
        for k, name in each.down.subjects:
            own = ask.own.get(name)
            clock = whole if own is None else clock_of(own)
            dated = [o for o in each.dated.get(k, ()) if intervals.contains(clock, o.end if by_end else o.start)]
            tally = each.tallies.get(k)
            hidden = tally is not None and tally.not_up > tally.down
            alone, joined = _alone(dated, each, clock, by_end)
            count, certain = len(dated), len(alone) + joined
            if ask.sliding:
                starts = [o.end if by_end else o.start for o in dated]
                count, certain = (most_records_of(instants, ask.sliding, ask.window.hi) for instants in (starts, alone))
            shown = sorted(dated, key=lambda o: (-o.whole, o.start))[:WORST_SHOWN]
            of_ask.append(
                Answer(
                    name,
                    RecordTally(count, int(hidden), count - certain),
                    tuple(evidence.outage(ask, each, o, whole=True) for o in shown),
                    unknown.get(k, ()),
                    dropped.get(k, ()),
                    each.down.remarks,
                    len(dated),
                    own,
                    of=name,
                )
            )
        result.append(of_ask)
    return result


def _alone(dated: Sequence[OutageLength], found: DownTime, clock: Intervals, by_end: bool) -> tuple[list[int], int]:
    """The instants of the outages that count whatever unknown time hides, and how many others count at an unsure one.

    Outages that lie in one stretch of not up time may be one outage, which starts anywhere between the start of the
    stretch and that of the first: it counts for certain where all of that time counts.
    """
    if found.of_log:
        return [o.end if by_end else o.start for o in dated], 0
    stretches: dict[tuple[int, int], list[OutageLength]] = {}
    for outage in dated:
        whole = [(each.start, each.end) for each in found.may_be(outage)]
        lo, hi = min((lo for lo, _ in whole), default=outage.start), max((hi for _, hi in whole), default=outage.end)
        stretches.setdefault((lo, max(hi, outage.end)), []).append(outage)
    alone: list[int] = []
    joined = 0
    for (lo, hi), within in stretches.items():
        first, last = (max(o.end for o in within), hi) if by_end else (lo, min(o.start for o in within))
        if first == last:
            alone.append(first)
        elif any(start <= first and last < end for start, end in clock):
            joined += 1
    return alone, joined


@dataclass(frozen=True)
class _Stream:
    """The records of one export that some asks count, with the instant that dates them as ``t``."""

    export: Export
    frame: Frame
    named: Subjects
    remarks: tuple[str, ...]


def _stream_of(ask: Ask) -> tuple[object, ...]:
    return (*ask.stream, _dated_by(ask), ask.cuts)


def _dated_by(ask: Ask) -> str:
    assert isinstance(ask.measure, Dated)
    word = ask.measure.dated_by or _INSTANTS.get(ask.exports[0].source.shape)
    assert word is not None
    return word


def _instant(export: Export, word: str) -> str:
    roles = {"samples": ("at",), "counts": ("at",), "events": ("start", "end")}.get(export.source.shape, ())
    return f"r_{word}" if word in roles else export.instants[word]


def _stream(scratch: Scratch, ask: Ask) -> _Stream:
    export = ask.exports[0]
    all_of = export.matching(*ask.where)
    remarks: tuple[str, ...] = ()
    if ask.where and export.reading.rows and not export.any(all_of):
        if export.source.shape != "events":
            raise DataError([no_match(export)])
        remarks = (f"no record of '{export.name}' satisfies the conditions of this level; none is counted",)
    matching = without(scratch, export, all_of, ask.exempt)
    named = subjects(scratch, ask.per, [(export, matching)])
    instant = nw.col(_instant(export, _dated_by(ask)))
    frame = named.numbered(export, matching).with_columns(t=instant).filter(~instant.is_null())
    for cut in ask.cuts:
        frame = _uncut(scratch, export, frame, cut)
    return _Stream(export, frame, named, remarks)


def _uncut(scratch: Scratch, export: Export, frame: Frame, cut: Cut) -> Frame:
    """``frame`` less the records whose instant lies in time that is taken out of them."""
    names = [f"x{index}" for index in range(len(cut.columns))]
    rows: list[tuple[str | int, ...]] = [(*key, lo, hi) for key, stretches in cut.stretches for lo, hi in stretches]
    table = scratch.give("cuts", {**dict.fromkeys(names, "VARCHAR"), "lo": "BIGINT", "hi": "BIGINT"}, rows)
    words = [export.words[column] for column in cut.columns]
    covered = frame.join(table, left_on=words, right_on=names, how="inner")
    covered = covered.filter(nw.col("t") >= nw.col("lo"), nw.col("t") < nw.col("hi"))
    return frame.join(covered, on="rowid", how="anti")


def _records(scratch: Scratch, asks: Sequence[Ask]) -> list[list[Answer]]:
    order: dict[tuple[object, ...], int] = {}
    streams: list[_Stream] = []
    for ask in asks:
        key = _stream_of(ask)
        if key not in order:
            order[key] = len(streams)
            streams.append(_stream(scratch, ask))
    position = [order[_stream_of(ask)] for ask in asks]
    frames = [
        each.frame.select(
            g=nw.lit(stream, nw.Int64),
            k=nw.col("k").cast(nw.Int64),
            t=nw.col("t").cast(nw.Int64),
            row=nw.col("rowid").cast(nw.Int64),
        )
        for stream, each in enumerate(streams)
    ]
    clocks: dict[int, Intervals] = {}
    own: list[tuple[int, int, int]] = []
    live = [index for index, ask in enumerate(asks) if ask.window.lo < ask.window.hi]
    requests: list[DatedRequest] = []
    for index in live:
        ask, number = asks[index], len(clocks)
        clocks[number] = clock_of(ask.window)
        requests.append(DatedRequest(index, position[index], ask.window.lo, ask.window.hi, number))
        for k, name in enumerate(streams[position[index]].named.names if ask.own else ()):
            if name in ask.own:
                own.append((index, k, len(clocks)))
                clocks[len(clocks)] = clock_of(ask.own[name])
    counts: dict[tuple[int, int], int] = {}
    rows: dict[int, list[DatedRecord]] = {}
    if requests:
        counted = dated_records(scratch, nw.concat(frames), requests, clocks, own)
        counts = dated_counts(scratch, counted)
        each_by_itself = any(asks[index].record for index in live)
        for record in each_record(scratch, counted, None if each_by_itself else WORST_SHOWN):
            rows.setdefault(record.request, []).append(record)
    facts = RecordFacts(scratch, [(asks[index], (each.row for each in of)) for index, of in rows.items()])
    result: list[list[Answer]] = []
    for index, ask in enumerate(asks):
        stream = streams[position[index]]
        shown = _Shown(scratch, ask, stream, rows.get(index, ()), facts)
        if ask.record:
            result.append(list(shown.each()))
            continue
        result.append(
            [
                Answer(
                    name,
                    RecordTally(counts.get((index, k), 0)),
                    outages=shown.outages(k),
                    cases=shown.cases(k),
                    remarks=stream.remarks,
                    rows=counts.get((index, k), 0),
                    window=ask.own.get(name),
                    of=name,
                )
                for k, name in enumerate(stream.named.names)
            ]
        )
    return result


class _Shown:
    """The records of one ask as evidence: when they were, where they stand, what they are called."""

    def __init__(
        self, scratch: Scratch, ask: Ask, stream: _Stream, records: Sequence[DatedRecord], facts: RecordFacts
    ) -> None:
        self._ask, self._stream, self._records, self._facts = ask, stream, records, facts
        export, source = stream.export, stream.export.source
        self._seen: dict[int, tuple[int | None, int | None, str, str]] = {}
        self._by_subject: dict[int, list[DatedRecord]] = {}
        for record in records:
            self._by_subject.setdefault(record.k, []).append(record)
        if not records:
            return
        nothing = nw.lit(None).cast(nw.String)
        never = nw.lit(None).cast(nw.Int64)
        begin = never if source.shape == "cases" else nw.col(f"r_{_INSTANTS[source.shape]}")
        end = nw.col("r_end") if source.shape == "events" else never
        cause = nw.col("r_cause") if source.shape == "events" and "cause" in source.columns else nothing
        name = nw.col("r_id") if source.shape == "cases" else nothing
        wanted = scratch.give("rows", {"rowid": "BIGINT"}, sorted({(record.row,) for record in records}))
        frame = export.frame.join(wanted, on="rowid", how="semi")
        for row, since, until, why, called in scratch.rows(
            frame.select("rowid", since=begin, until=end, cause=cause, name=name)
        ):
            self._seen[row] = (since, until, why or "", called or "")

    def _stretch(self, record: DatedRecord) -> Stretch:
        _, end, cause, name = self._seen[record.row]
        lasts = record.t if end is None else max(end, record.t)
        return Stretch(record.t, lasts, 0, self._stream.export.place(record.row), cause, name)

    def _of(self, k: int, shape: str) -> tuple[Stretch, ...]:
        if (self._stream.export.source.shape == "cases") != (shape == "cases"):
            return ()
        return tuple(self._stretch(each) for each in self._by_subject.get(k, ())[:WORST_SHOWN])

    def outages(self, k: int) -> tuple[Stretch, ...]:
        """The first events or samples of a subject."""
        return self._of(k, "events")

    def cases(self, k: int) -> tuple[Stretch, ...]:
        """The first cases of a subject."""
        return self._of(k, "cases")

    def each(self) -> Iterator[Answer]:
        """One answer per record: a case by its name, an event by its place."""
        names, shape = self._stream.named.names, self._stream.export.source.shape
        is_case = shape == "cases"
        for record in self._records:
            stretch, said = self._stretch(record), self._facts.of(self._ask, record.row)
            name, of = stretch.name or stretch.place, names[record.k]
            since, until, *_ = self._seen[record.row]
            began = record.t if since is None else since
            if shape != "events":
                until = began
            elif until is not None and until > self._ask.as_of:
                until = None
            yield Answer(
                f"{of} {name}".strip(),
                RecordTally(1),
                outages=() if is_case else (stretch,),
                cases=(stretch,) if is_case else (),
                remarks=self._stream.remarks,
                rows=1,
                of=of,
                facts=said.facts,
                figures=said.figures,
                moments=said.moments,
                began=began,
                ended=until,
                record=name,
            )
