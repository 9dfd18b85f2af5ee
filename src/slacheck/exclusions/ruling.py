"""Which records are excused, which are refused and why, and how much of each allowance is used."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter
from typing import Literal
from zoneinfo import ZoneInfo

from slacheck.exclusions.exclusion import Exclusion
from slacheck.exclusions.limits import Allowance
from slacheck.exclusions.notice import notice_given
from slacheck.exclusions.origins import Calendars, Candidate, asked, stretches
from slacheck.language.quantities import HOUR, MINUTE, SECOND
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Cycle, Period, after, containing

Key = tuple[str, ...] | None
Counts = Literal["time", "records"]


@dataclass(frozen=True)
class Ruling:
    """What became of one record; all its time lies inside the window that was asked for.

    ``refused`` says why nothing of it is excused, ``partly`` why some of it is not. ``excess`` went beyond ``longest``
    or the allowance, ``outside`` lies outside the window ``within``. ``down`` is the part of these two that counts as
    down time whatever was measured. ``measured_again`` is the part whose state is what was measured, as if there were
    no exclusion. Overlapping records are excused once: what one of them already excused is in no other.
    """

    exclusion: str
    candidate: Candidate
    refused: str
    excused: Intervals
    excess: Intervals
    outside: Intervals = ()
    down: Intervals = ()
    measured_again: Intervals = ()
    partly: tuple[str, ...] = ()


@dataclass(frozen=True)
class AllowanceUse:
    """How much of an allowance is used in one of its civil stretches, up to the end of the window.

    ``text`` is the allowance as written, ``stretch`` the label of the stretch that begins on ``first_day`` (ISO).
    ``allowed`` and ``used`` are microseconds of ``time``, or numbers of ``records``; ``key`` as in a candidate.
    """

    exclusion: str
    text: str
    stretch: str
    first_day: str
    key: Key
    counts: Counts
    allowed: int
    used: int

    @property
    def left(self) -> int:
        return self.allowed - self.used


@dataclass(frozen=True)
class _Decision:
    """One record, not cut by any window. ``counted_in`` is the start of the stretch whose count it used."""

    candidate: Candidate
    key: Key
    refused: str = ""
    excused: Intervals = ()
    too_long: Intervals = ()
    over: Intervals = ()
    outside: Intervals = ()
    counted_in: int | None = None


def rule(
    name: str,
    exclusion: Exclusion,
    candidates: Sequence[Candidate],
    window: tuple[int, int],
    cycle: Cycle,
    zone: ZoneInfo,
    calendars: Calendars | None = None,
) -> list[Ruling]:
    """Decide every record that touches ``window``, earliest first.

    Overlapping records are excused once. An allowance is used up in order of time over its own civil stretch
    (the agreement's period where that is the same kind), including records before the window; a number of records
    counts those that start in the stretch. With ``matching`` all this holds for each key by itself. Raises ValueError
    where a calendar is needed and none is given.
    """
    lo, hi = window
    decisions = _decisions(exclusion, candidates, cycle, zone, calendars)
    excused = _by_key((each.key, each.excused) for each in decisions)
    told: dict[Key, Intervals] = defaultdict(tuple)
    counted: list[tuple[Key, Intervals]] = []
    rulings: list[tuple[Key, Ruling]] = []
    for each in decisions:
        start, end = each.candidate.start, each.candidate.end
        # What a later record excuses by itself is no excess of an earlier one, and nothing goes beyond twice.
        before = intervals.union(_near(excused[each.key], start, end), _near(told[each.key], start))
        too_long, over, outside = (
            intervals.clip(intervals.difference(part, before), lo, hi)
            for part in (each.too_long, each.over, each.outside)
        )
        told[each.key] = intervals.union(_near(told[each.key], start), too_long, over, outside)
        excess = intervals.union(too_long, over)
        down = intervals.union(
            excess if exclusion.excess == "downtime" else (), outside if exclusion.outside == "downtime" else ()
        )
        counted.append((each.key, down))
        if start < hi and end > lo:
            partly = () if each.refused else tuple(_not_all(exclusion, too_long, over, outside))
            mine = intervals.clip(each.excused, lo, hi)
            ruling = Ruling(name, each.candidate, each.refused, mine, excess, outside, down, (), partly)
            rulings.append((each.key, ruling))
    settled = _by_key([*excused.items(), *counted])
    return [_measured_again(ruling, settled[key], lo, hi) for key, ruling in rulings]


def use(
    name: str,
    exclusion: Exclusion,
    candidates: Sequence[Candidate],
    window: tuple[int, int],
    cycle: Cycle,
    zone: ZoneInfo,
    calendars: Calendars | None = None,
) -> tuple[AllowanceUse, ...]:
    """How much of the allowance is used in each of its stretches that ``window`` touches, up to the window's end.

    Nothing without an allowance. Takes what ``rule`` takes, since records before the window use the allowance too.
    With ``matching`` there is one for every key with a record in the stretch, otherwise one for every stretch.
    """
    allowance = exclusion.allowance
    if allowance is None:
        return ()
    by_key: dict[Key, list[_Decision]] = defaultdict(list)
    for each in _decisions(exclusion, candidates, cycle, zone, calendars):
        if not exclusion.columns or (each.key and all(each.key)):
            by_key[each.key].append(each)
    keys = sorted(by_key, key=lambda key: key or ()) if exclusion.columns else [None]
    found: list[AllowanceUse] = []
    for period in _touched(stretches(allowance.per, cycle), window, zone):
        lo, hi = period.window(zone)
        hi = min(hi, window[1])
        for key in keys:
            touching = [each for each in by_key[key] if each.candidate.start < hi and each.candidate.end > lo]
            if touching or not exclusion.columns:
                found.append(_used(name, allowance, period, key, touching, (lo, hi)))
    return tuple(found)


def _decisions(
    exclusion: Exclusion,
    candidates: Sequence[Candidate],
    cycle: Cycle,
    zone: ZoneInfo,
    calendars: Calendars | None,
) -> list[_Decision]:
    """Every record in order of time: notice, window, number of records, length, and the allowance of time."""
    taken: dict[Key, Intervals] = defaultdict(tuple)
    used: dict[tuple[Key, int], int] = defaultdict(int)
    decisions: list[_Decision] = []
    for candidate in sorted(candidates, key=lambda c: (c.start, c.end, c.place, c.key or ())):
        key = candidate.key if exclusion.columns else None
        refused = _for_nobody(exclusion, candidate) or notice_given(exclusion, candidate, zone, calendars)
        if refused:
            decisions.append(_Decision(candidate, key, refused))
            continue
        whole = intervals.union([(candidate.start, candidate.end)])
        inside = _inside(exclusion, candidate, whole, calendars)
        outside = intervals.difference(whole, inside)
        if outside and not inside:
            decisions.append(_Decision(candidate, key, f"outside the window '{exclusion.within}'", outside=outside))
            continue
        granted, too_long = (inside, ()) if exclusion.longest is None else intervals.first(inside, exclusion.longest)
        fresh = intervals.difference(granted, taken[key])
        counted_in = None
        if exclusion.allowance is not None and exclusion.allowance.count is not None and fresh:
            counted_in = _stretch(exclusion.allowance, candidate.start, cycle, zone)
            if used[key, counted_in] >= exclusion.allowance.count:
                refused = f"beyond the allowance of {exclusion.allowance.text}"
                decisions.append(_Decision(candidate, key, refused, over=inside, outside=outside))
                continue
            used[key, counted_in] += 1
        excused, over = _within_allowance(exclusion.allowance, fresh, key, used, cycle, zone)
        taken[key] = intervals.union(_near(taken[key], candidate.start), excused)
        decisions.append(_Decision(candidate, key, "", excused, too_long, over, outside, counted_in))
    return decisions


def _for_nobody(exclusion: Exclusion, candidate: Candidate) -> str:
    if exclusion.columns and (candidate.key is None or not all(candidate.key)):
        named = ", ".join(f"'{column}'" for column in exclusion.columns)
        return f"nothing stands in {named}, so it holds for nobody"
    return ""


def _inside(exclusion: Exclusion, candidate: Candidate, whole: Intervals, calendars: Calendars | None) -> Intervals:
    if exclusion.within is None or not whole:
        return whole
    allowed = asked(calendars).service(exclusion.within, candidate.start, candidate.end)
    return intervals.intersection(whole, allowed)


def _within_allowance(
    allowance: Allowance | None,
    fresh: Intervals,
    key: Key,
    used: dict[tuple[Key, int], int],
    cycle: Cycle,
    zone: ZoneInfo,
) -> tuple[Intervals, Intervals]:
    if allowance is None or allowance.length is None:
        return fresh, ()
    excused: Intervals = ()
    over: Intervals = ()
    for lo, hi, stretch in _by_stretch(allowance, fresh, cycle, zone):
        inside, beyond = intervals.first(((lo, hi),), allowance.length - used[key, stretch])
        used[key, stretch] += intervals.length(inside)
        excused = intervals.union(excused, inside)
        over = intervals.union(over, beyond)
    return excused, over


def _by_stretch(allowance: Allowance, parts: Intervals, cycle: Cycle, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """The parts cut at the edges of the allowance's stretches, each with the start of its stretch."""
    for lo, hi in parts:
        at = lo
        while at < hi:
            start, end = containing(stretches(allowance.per, cycle), zones.day_of(at, zone)).window(zone)
            yield at, min(hi, end), start
            at = min(hi, end)


def _stretch(allowance: Allowance, instant: int, cycle: Cycle, zone: ZoneInfo) -> int:
    return containing(stretches(allowance.per, cycle), zones.day_of(instant, zone)).window(zone)[0]


def _not_all(exclusion: Exclusion, too_long: Intervals, over: Intervals, outside: Intervals) -> Iterator[str]:
    if outside:
        yield f"outside the window '{exclusion.within}'"
    if too_long and exclusion.longest is not None:
        yield f"longer than {_written(exclusion.longest)}"
    if over and exclusion.allowance is not None:
        yield f"beyond the allowance of {exclusion.allowance.text}"


def _written(length: int) -> str:
    """An exact length as the language writes it."""
    text = ""
    for letter, unit in (("h", HOUR), ("m", MINUTE), ("s", SECOND)):
        count, length = divmod(length, unit)
        text += f"{count}{letter}" if count else ""
    # Exact: what is left are microseconds, below a second.
    return text + (f"{Decimal(length) / 1000:f}ms" if length else "")


def _measured_again(ruling: Ruling, settled: Intervals, lo: int, hi: int) -> Ruling:
    start, end = max(lo, ruling.candidate.start), min(hi, ruling.candidate.end)
    return replace(ruling, measured_again=intervals.difference(((start, end),), _near(settled, start, end)))


def _by_key(parts: Iterable[tuple[Key, Intervals]]) -> dict[Key, Intervals]:
    found: dict[Key, list[Intervals]] = defaultdict(list)
    for key, part in parts:
        found[key].append(part)
    return {key: intervals.union(*each) for key, each in found.items()}


def _near(parts: Intervals, lo: int, hi: int | None = None) -> Intervals:
    """Those of the intervals that touch ``[lo, hi)``, whole: records come in order of time, so few are looked at."""
    first = bisect_right(parts, lo, key=itemgetter(1))
    return parts[first:] if hi is None else parts[first : bisect_left(parts, hi, key=itemgetter(0))]


def _touched(cycle: Cycle, window: tuple[int, int], zone: ZoneInfo) -> Iterator[Period]:
    """The stretches that the window touches, in order."""
    lo, hi = window
    if lo >= hi:
        return
    period = containing(cycle, zones.day_of(lo, zone))
    while period.window(zone)[0] < hi:
        yield period
        period = after(period)


def _used(
    name: str, allowance: Allowance, period: Period, key: Key, touching: Sequence[_Decision], part: tuple[int, int]
) -> AllowanceUse:
    lo, hi = part
    counts: Counts
    if allowance.length is None:
        assert allowance.count is not None
        counts, allowed = "records", allowance.count
        used = sum(1 for each in touching if each.counted_in == lo)
    else:
        counts, allowed = "time", allowance.length
        used = sum(intervals.length(intervals.clip(each.excused, lo, hi)) for each in touching)
    return AllowanceUse(name, allowance.text, period.label, period.start.isoformat(), key, counts, allowed, used)
