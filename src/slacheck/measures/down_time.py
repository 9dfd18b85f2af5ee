"""The down time that asks read, found for all asks of a run together: spells, outages, weights, and their evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from slacheck.engine import outage_judging, outage_tally, weights
from slacheck.engine.distinct import distinct
from slacheck.engine.outage_judging import LeastCounted
from slacheck.engine.outage_tally import Belongs, OutageLength, OutageRequest
from slacheck.engine.scratch import Scratch
from slacheck.engine.spells import FOREVER, event_spells
from slacheck.engine.time_tally import (
    CountedSpells,
    OwnClock,
    TimeRequest,
    TimeTally,
    WorstSpell,
    counted_spells,
    qualifying,
    time_tallies,
    worst_spells,
)
from slacheck.engine.weights import Overlapping, WeightedRequest
from slacheck.measures.asking import Ask
from slacheck.measures.continuous import most_time_of
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.measure import Dated
from slacheck.outages.building import Built, Down, TakenOut, Wanted, build
from slacheck.outages.log_outages import PIECES
from slacheck.outages.wanted import NOT_UP
from slacheck.problems import DataError, Problem
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]
Group = tuple[int, int]

WORST_SHOWN = 20

# How far before a period time that nobody observed may reach into an outage that is judged by what of it counts.
_BEFORE = 31 * 86_400_000_000


@dataclass
class DownTime:
    """What one ask found, by number of subject.

    ``dated`` are the outages that belong to the window by their start (or end), whole; ``at_worst`` those that not up
    time makes of them. ``split`` are all outages that meet the window, cut at its edges, where the rule has outages as
    such. ``slid`` has the most down time of any stretch, where an ask slides, and the most not up time. ``weighted``
    has (total, affected times counted microseconds). ``counted`` are the spells of all asks, by their positions.
    Nothing is known from ``until`` on, and the window ends with ``hi``.
    """

    down: Down
    until: int
    hi: int
    tallies: dict[int, TimeTally] = field(default_factory=dict)
    dated: dict[int, list[OutageLength]] = field(default_factory=dict)
    at_worst: dict[int, list[OutageLength]] = field(default_factory=dict)
    split: dict[int, list[OutageLength]] = field(default_factory=dict)
    weighted: dict[int, tuple[Group, ...]] = field(default_factory=dict)
    slid: dict[int, tuple[int, int]] = field(default_factory=dict)
    worst: list[WorstSpell] = field(default_factory=list)
    unknown: list[WorstSpell] = field(default_factory=list)
    counted: CountedSpells | None = None

    @property
    def of_log(self) -> bool:
        """Whether its outages are records; those of other rules are made of what was seen."""
        return self.down.records[0][0].source.is_log

    def end(self, end: int) -> int:
        """The end of an outage as it is shown: of one that has not ended, that of the window, whenever it is seen."""
        return end if end < self.until else min(end, self.hi)

    def may_be(self, outage: OutageLength) -> list[OutageLength]:
        """What an outage may turn out to be part of: unknown time joins those of samples, never two of a log."""
        others = self.at_worst.get(outage.k, [])
        # In order of their start; those of samples do not overlap, those of a log start when the outage does.
        upto = bisect_right(others, outage.start, key=lambda each: each.start)
        if not self.of_log:
            return [each for each in others[upto - 1 : upto] if outage.start < each.end] if upto else []
        since = bisect_left(others, outage.start, key=lambda each: each.start)
        return [each for each in others[since:upto] if each.o == outage.o]


def down_time(scratch: Scratch, asks: Sequence[Ask], until: int) -> list[DownTime]:
    """Find the down time of every ask, seen at ``until``. Raises DataError for records that contradict each other."""
    identities = [_identity(ask) for ask in asks]
    first: dict[tuple[object, ...], Ask] = {}
    for key, ask in zip(identities, asks, strict=True):
        first.setdefault(key, ask)
    order = {key: number for number, key in enumerate(first)}
    wanted = [_wanted(ask) for ask in first.values()]
    later = any(each.later for each in wanted)
    # Time that nobody observed before a period may be the beginning of an outage that is long enough to count.
    floor = min(ask.window.lo - ask.rule.least for ask in asks) - (_BEFORE if later else 0)
    edges = sorted({edge for ask in asks for edge in (ask.window.lo, ask.window.hi)})
    built = build(scratch, wanted, floor, until, edges)
    found = [DownTime(built.found[order[key]], until, ask.window.hi) for key, ask in zip(identities, asks, strict=True)]
    live = [index for index, ask in enumerate(asks) if ask.window.lo < ask.window.hi]
    if live:
        _Run(scratch, asks, built, found, live, until).all()
    return found


def clock_of(window: Window) -> Intervals:
    """Time of a window in which an outage counts, measured or beyond an allowance."""
    return intervals.difference(window.counted, window.forgiven)


def is_apart(ask: Ask) -> bool:
    """Whether an ask reads outages one by one."""
    measure = ask.measure
    mean = isinstance(measure, Downtime) and measure.statistic in ("mean", "between")
    return mean or isinstance(measure, Count) or ask.record == "outage"


def _identity(ask: Ask) -> tuple[object, ...]:
    each = _wanted(ask)
    return (
        tuple(id(export) for export in each.exports),
        str(each.rule),
        str(each.where),
        each.per,
        each.cuts,
        each.exempt,
        each.apart,
        each.empty,
        each.origin,
    )


def _wanted(ask: Ask) -> Wanted:
    bad = ask.rule.bad_intervals
    return Wanted(
        ask.exports,
        ask.rule,
        ask.where,
        ask.per,
        tuple(TakenOut(each.columns, each.stretches) for each in ask.cuts),
        ask.exempt,
        is_apart(ask),
        ask.empty if bad else None,
        # Intervals begin at the local midnight with which the period begins; where they fit into it, at every one.
        ask.window.lo % bad.each if bad else 0,
    )


class _Run:
    """One run over the asks with any time; clocks are numbered, and subjects may have clocks of their own."""

    def __init__(
        self, scratch: Scratch, asks: Sequence[Ask], built: Built, found: list[DownTime], live: list[int], until: int
    ) -> None:
        self._scratch, self._asks, self._built, self._found = scratch, asks, built, found
        self._live, self._until = live, until
        self._numbers = {
            index: {name: k for k, name in enumerate(found[index].down.names)} for index in live if asks[index].own
        }

    def all(self) -> None:
        """Judge, tally, weigh."""
        frame, pieces, weighed = self._built.frame, self._built.outages, self._built.weights
        chosen = [index for index in self._live if self._asks[index].rule.judged == "after-exclusions"]
        if chosen and pieces is not None:
            frame, pieces, weighed = self._judged(chosen, frame, pieces, weighed)
        self._tally(frame)
        if pieces is not None:
            self._outages(pieces)
        if weighed is not None:
            self._weigh(weighed)

    def _own(self, index: int) -> list[tuple[int, Window]]:
        """The subjects of an ask that have a window of their own."""
        numbers = self._numbers.get(index, {})
        return [(numbers[name], window) for name, window in sorted(self._asks[index].own.items()) if name in numbers]

    def _whole_clock(self, index: int, window: Window, span: tuple[int, int]) -> Intervals:
        """Counted time within and beyond a window."""
        lo, hi = span
        whole = self._asks[index].whole_clock
        before = whole(lo, window.lo) if whole and lo < window.lo else ()
        after = whole(window.hi, hi) if whole and window.hi < hi else ()
        return intervals.union(before, clock_of(window), after)

    def _clocks(
        self, chosen: Sequence[int], spans: Mapping[int, tuple[int, int]]
    ) -> tuple[dict[int, Intervals], dict[int, tuple[int, int]], dict[tuple[int, int | None], int]]:
        """Clocks over all of every outage, how far they reach, and the clock of each ask and subject (None: others)."""
        clocks: dict[int, Intervals] = {}
        reach: dict[int, tuple[int, int]] = {}
        which: dict[tuple[int, int | None], int] = {}
        for index in chosen:
            window = self._asks[index].window
            lo, hi = spans.get(index, (window.lo, window.hi))
            span = (min(lo, window.lo), max(hi, window.hi))
            for k, own in ((None, window), *self._own(index)):
                number = len(clocks)
                clocks[number], reach[number] = self._whole_clock(index, own, span), span
                which[index, k] = number
        return clocks, reach, which

    def _spans(self, pieces: Frame, chosen: Sequence[int]) -> dict[int, tuple[int, int]]:
        windows = [
            (index, signal, self._asks[index].window.lo, self._asks[index].window.hi)
            for index in chosen
            for signal in (self._found[index].down.down, self._found[index].down.not_up)
            if signal is not None
        ]
        return outage_judging.reach(self._scratch, pieces, windows, self._until)

    def _judged(
        self, chosen: Sequence[int], frame: Frame, pieces: Frame, weighed: Frame | None
    ) -> tuple[Frame, Frame, Frame | None]:
        """Keep the outages of which enough counts: signals of their own for every ask."""
        clocks, reach, which = self._clocks(chosen, self._spans(pieces, chosen))
        judgements: list[LeastCounted] = []
        own: list[tuple[int, int, int]] = []
        for index in chosen:
            ask, down = self._asks[index], self._found[index].down
            signal = self._built.signal()
            for of, shift, still in ((down.down, 0, None), (down.not_up, NOT_UP, self._until)):
                if of is None:
                    continue
                clock = which[index, None]
                judgements.append(
                    LeastCounted(signal + shift, of, ask.window.lo, ask.window.hi, clock, ask.rule.least, still)
                )
                own += [(signal + shift, k, which[index, k]) for k, _ in self._own(index)]
            not_up = None if down.not_up is None else signal + NOT_UP
            self._found[index].down = replace(down, down=signal, not_up=not_up)
        kept = outage_judging.long_enough(self._scratch, pieces, judgements, clocks, reach, own)
        spells = event_spells(self._scratch, kept.select("g", "k", "s", "e"), FOREVER).select("g", "k", "s", "e")
        columns = ("g", "k", "s", "e")
        frame = nw.concat([each.select(*(nw.col(name).cast(nw.Int64) for name in columns)) for each in (frame, spells)])
        names = ("g", "k", "o", "s", "e")
        pieces = nw.concat([each.select(*(nw.col(name).cast(nw.Int64) for name in names)) for each in (pieces, kept)])
        if weighed is not None:
            relabel = self._scratch.give(
                "relabel", {"g": "BIGINT", "signal": "BIGINT"}, [(each.of, each.signal) for each in judgements]
            )
            stands = distinct(kept.select("k", "o", signal="g"), "k", "o", "signal")
            all_of = ("g", "k", "r", "o", "s", "e", "w", "n")
            again = (
                weighed.join(relabel, on="g", how="inner")
                .join(stands, on=["signal", "k", "o"], how="inner")
                .with_columns(g=nw.col("signal"))
            )
            weighed = nw.concat([weighed.select(*all_of), again.select(*all_of)])
        return frame, pieces, weighed

    def _tally(self, frame: Frame) -> None:
        clocks: dict[int, Intervals] = {}
        own: list[OwnClock] = []
        requests: list[TimeRequest] = []
        for index in self._live:
            window, down = self._asks[index].window, self._found[index].down
            clocks[index] = window.measured
            requests.append(
                TimeRequest(
                    index,
                    down.down,
                    down.not_up,
                    down.unknown,
                    window.lo,
                    window.hi,
                    index,
                    down.least,
                    down.skipped,
                    down.only,
                    down.alike,
                )
            )
        for index in self._live:
            for k, window in self._own(index):
                number = len(self._asks) + len(own)
                clocks[number] = window.measured
                own.append(OwnClock(index, k, number))
        counted = counted_spells(self._scratch, frame, requests, clocks, own)
        for index in self._live:
            self._found[index].counted = counted
        measures = [self._asks[index].measure for index in self._live]
        longest = any(isinstance(each, Downtime) and each.statistic == "longest" for each in measures)
        for tally in time_tallies(self._scratch, counted, longest):
            self._found[tally.request].tallies[tally.k] = tally
        self._slide(counted)
        worst, unknown = worst_spells(self._scratch, counted, WORST_SHOWN)
        for spell in worst:
            self._found[spell.request].worst.append(spell)
        for spell in unknown:
            self._found[spell.request].unknown.append(spell)

    def _slide(self, counted: CountedSpells) -> None:
        """The worst stretch of the asks that look at every stretch of a length: few levels, on outages alone."""
        sliding = [index for index in self._live if self._asks[index].sliding]
        if not sliding:
            return
        spells: dict[tuple[int, bool, int], list[tuple[int, int]]] = {}
        for index, is_down, k, cs, ce in qualifying(self._scratch, counted, sliding):
            spells.setdefault((index, is_down, k), []).append((cs, ce))
        for index in sliding:
            ask, found = self._asks[index], self._found[index]
            for k, name in enumerate(found.down.names):
                window = ask.window_of(name)
                most = []
                for is_down in (True, False):
                    parts = intervals.union(spells.get((index, is_down, k), ()))
                    counts = intervals.union(intervals.intersection(parts, window.measured), window.excess)
                    most.append(most_time_of(counts, ask.sliding, window.hi))
                found.slid[k] = (most[0], max(most))

    def _outages(self, pieces: Frame) -> None:
        """Outages one by one: whole where they are dated in the window, cut at its edges where it is a total."""
        chosen = [index for index in self._live if self._found[index].down.outages]
        spans = self._spans(pieces, chosen)
        clocks, reach, which = self._clocks(chosen, spans)
        requests: list[OutageRequest] = []
        of: dict[int, tuple[int, int | None, dict[int, list[OutageLength]]]] = {}

        def ask(
            index: int, signal: int, lo: int, hi: int, belongs: Belongs, into: dict[int, list[OutageLength]]
        ) -> None:
            least = self._found[index].down.least
            for (each, k), clock in which.items():
                if each == index:
                    of[len(requests)] = (index, k, into)
                    requests.append(OutageRequest(len(requests), signal, lo, hi, clock, belongs, least))

        for index in chosen:
            each, found = self._asks[index], self._found[index]
            window, down = each.window, found.down
            if is_apart(each):
                measure = each.measure
                by_end = isinstance(measure, Dated) and measure.dated_by == "end"
                ask(index, down.down, window.lo, window.hi, "end" if by_end else "start", found.dated)
                if down.not_up is not None and index in spans:
                    ask(index, down.not_up, *reach[which[index, None]], "split", found.at_worst)
            if not is_apart(each) or each.rule.same_cause_within is not None or each.cuts:
                ask(index, down.down, window.lo, window.hi, "split", found.split)
        if not requests:
            return
        measured = outage_tally.outage_lengths(self._scratch, pieces, requests, clocks)
        special = {(index, k) for index, k in which if k is not None}
        for length in outage_tally.each_outage(self._scratch, measured):
            index, k, into = of[length.request]
            # The clock of a subject is for that subject, that of all for the others.
            only = self._found[index].down.only
            if only is not None and length.k not in only:
                continue
            if (length.k == k) if k is not None else ((index, length.k) not in special):
                into.setdefault(length.k, []).append(length)

    def _weigh(self, records: Frame) -> None:
        requests: list[WeightedRequest] = []
        of: list[tuple[int, int | None]] = []
        clocks: dict[int, Intervals] = {}
        how: dict[int, Overlapping] = {}
        for index in self._live:
            ask, down = self._asks[index], self._found[index].down
            if ask.rule.weight is None:
                continue
            if ask.rule.overlapping in ("sum", "highest"):
                how[down.down] = "sum" if ask.rule.overlapping == "sum" else "highest"
            else:
                how[down.down] = "union"
            for k, window in ((None, ask.window), *self._own(index)):
                number = len(requests)
                clocks[number] = window.measured
                requests.append(WeightedRequest(number, down.down, window.lo, window.hi, number))
                of.append((index, k))
        special = {each for each in of if each[1] is not None}
        found = weights.weighted(self._scratch, records.drop("o"), how, requests, clocks)
        if found.conflicts:
            raise DataError([self._conflict(each) for each in found.conflicts[:WORST_SHOWN]])
        for tally in found.tallies:
            index, k = of[tally.request]
            if (tally.k == k) if k is not None else ((index, tally.k) not in special):
                self._found[index].weighted[tally.k] = tally.groups

    def _conflict(self, conflict: weights.WeightConflict) -> Problem:
        index = next(index for index in self._live if self._found[index].down.down == conflict.g)
        ask = self._asks[index]
        weight = ask.rule.weight
        assert weight is not None
        row, position = divmod(conflict.r // PIECES, len(ask.exports))
        export = ask.exports[position]
        if conflict.other is None:
            message = (
                f"no share: '{weight.affected}' of '{weight.total}' is nothing from 0 to 1, or a number is missing"
            )
            return export.problem(row, weight.affected, "weight", message, "give both numbers, and a total above 0")
        other, position = divmod(conflict.other // PIECES, len(ask.exports))
        message = (
            f"another '{weight.total}' than that of {ask.exports[position].place(other)}, which is at the same time"
        )
        return export.problem(row, weight.total, "weight", message, "one whole has one size at one time")
