"""The course of single lines of time: what of their period was down, unknown or did not count, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw

from slacheck.engine.beside import OwnTime, PairedStretch, PairedTally, Sided, side_by_side
from slacheck.engine.scratch import Scratch
from slacheck.engine.time_tally import CourseSpell, CourseTally, course_spells
from slacheck.measures.asking import Ask
from slacheck.measures.down_time import DownTime
from slacheck.measures.outage_evidence import last_records
from slacheck.measures.spans import Course, Span, SpanState
from slacheck.sources.opening import Export
from slacheck.timeline import intervals
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window

Frame = nw.LazyFrame[Any]

# So many stretches are kept of what was not up, and as many of time outside service hours.
MOST_SPANS = 400


class Courses:
    """The courses of the lines of a run, looked up for many of them in one pass, while its tables stand."""

    def __init__(self, scratch: Scratch, asks: Sequence[Ask], found: Sequence[DownTime]) -> None:
        self._scratch = scratch
        self._counted = next((each.counted for each in found if each.counted is not None), None)
        self._asks = {id(ask): (index, ask, each) for index, (ask, each) in enumerate(zip(asks, found, strict=True))}
        self._numbers: dict[int, dict[str, int]] = {}

    def of(self, lines: Sequence[tuple[Ask, str]]) -> list[Course | None]:
        """The course of each subject of an ask; None for asks that read no time."""
        keys = [self._key(ask, subject) for ask, subject in lines]
        asked = sorted({key for key in keys if key is not None})
        spells: dict[tuple[int, int], list[CourseSpell]] = {}
        totals: dict[tuple[int, int], list[CourseTally]] = {}
        if asked and self._counted is not None:
            longest, of_all = course_spells(self._scratch, self._counted, asked, MOST_SPANS)
            for spell in longest:
                spells.setdefault(spell[:2], []).append(spell)
            for tally in of_all:
                totals.setdefault(tally[:2], []).append(tally)
        return [
            None if key is None else _course(ask.window_of(subject), spells.get(key, ()), totals.get(key, ()))
            for (ask, subject), key in zip(lines, keys, strict=True)
        ]

    def beside(
        self, pairs: Sequence[tuple[tuple[Ask, str], tuple[Ask, str]]]
    ) -> tuple[list[PairedTally], list[PairedStretch]]:
        """The time of pairs of subjects side by side, by their positions; those that read no time have none."""
        sides: list[Sided] = []
        own: list[OwnTime] = []
        windows: list[tuple[int, int, int]] = []
        for number, pair in enumerate(pairs):
            keys = [self._key(ask, subject) for ask, subject in pair]
            if None in keys or self._counted is None:
                continue
            for side, ((ask, subject), key) in enumerate(zip(pair, keys, strict=True)):
                assert key is not None
                window = ask.window_of(subject)
                forced = intervals.intersection(window.excess, window.counted)
                off = intervals.difference(((window.start, window.end),), window.measured)
                sides.append(Sided(number, side, *key))
                own += [OwnTime(number, side, True, s, e) for s, e in forced]
                own += [OwnTime(number, side, False, s, e) for s, e in off]
                if side == 0:
                    windows.append((number, window.start, window.end))
        if self._counted is None or not sides:
            return [], []
        return side_by_side(self._scratch, self._counted, sides, own, windows, MOST_SPANS)

    def shows(self, sought: Sequence[tuple[Ask, str, int]]) -> list[str]:
        """The place of the last record of each subject at or before an instant; empty where there is none."""
        keys = [self._key(ask, subject) for ask, subject, _ in sought]
        of: dict[int, Sequence[tuple[Export, Frame]]] = {}
        asked: dict[int, set[tuple[int, int]]] = {}
        for (ask, _, instant), key in zip(sought, keys, strict=True):
            if key is not None:
                records = self._asks[id(ask)][2].down.records
                of[id(records)] = records
                asked.setdefault(id(records), set()).add((key[1], instant))
        places = {number: last_records(self._scratch, of[number], sorted(each)) for number, each in asked.items()}
        return [
            "" if key is None else places[id(self._asks[id(ask)][2].down.records)].get((key[1], instant), "")
            for (ask, _, instant), key in zip(sought, keys, strict=True)
        ]

    def _key(self, ask: Ask, subject: str) -> tuple[int, int] | None:
        if id(ask) not in self._asks:
            return None
        index, _, found = self._asks[id(ask)]
        names = found.down.names
        if id(names) not in self._numbers:
            self._numbers[id(names)] = {name: k for k, name in enumerate(names)}
        k = self._numbers[id(names)].get(subject)
        return None if k is None else (index, k)


def _course(window: Window, spells: Sequence[CourseSpell], totals: Sequence[CourseTally]) -> Course:
    measured = window.measured

    def of(state: str) -> Intervals:
        return intervals.intersection(
            intervals.union((each.s, each.e) for each in spells if each.state == state), measured
        )

    forced = intervals.intersection(window.excess, window.counted)
    down = intervals.union(of("down"), forced)
    skipped = of("skipped")
    unknown = intervals.difference(of("unknown"), down)
    excluded = intervals.union(intervals.difference(window.service, window.counted), skipped)
    judged: Intervals = ((window.lo, window.hi),) if window.lo < window.hi else ()
    off = intervals.union(((window.start, window.lo), (window.agreed_end, window.end)))
    time = {state: sum(each.time for each in totals if each.state == state) for state in ("down", "unknown", "skipped")}
    # Of spells that were not fetched only their number and their sum is known.
    shown = intervals.length(of("down")) + intervals.length(of("unknown")) + intervals.length(skipped)
    kept, left, left_time = _longest(
        [*_spans("down", down), *_spans("unknown", unknown), *_spans("excluded", excluded)]
    )
    outside, left_outside, outside_time = _longest(_spans("outside", intervals.difference(judged, window.service)))
    rest = [*_spans("not-in-force", off), *_spans("future", intervals.union(((window.hi, window.agreed_end),)))]
    return Course(
        window.start,
        window.end,
        tuple(sorted((*kept, *outside, *rest), key=lambda each: each.start)),
        left + left_outside + sum(each.number for each in totals) - len(spells),
        left_time + outside_time + sum(time.values()) - shown,
        time["down"] + intervals.length(forced),
        time["unknown"],
        intervals.length(window.service) - intervals.length(window.counted) + time["skipped"],
    )


def _spans(state: SpanState, of: Intervals) -> list[Span]:
    return [Span(state, start, end) for start, end in of]


def _longest(spans: Iterable[Span]) -> tuple[list[Span], int, int]:
    """The longest spans, as many as are kept, the number of the others and their length together."""
    ordered = sorted(spans, key=lambda each: (-each.length, each.start))
    others = ordered[MOST_SPANS:]
    return ordered[:MOST_SPANS], len(others), sum(each.length for each in others)
