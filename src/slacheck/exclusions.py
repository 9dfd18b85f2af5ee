"""Time that does not count: which records of a log are excused, which are refused and why, and how much is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from slacheck.language.conditions import Where
from slacheck.language.scalars import Allowed, Announced, Name
from slacheck.language.terms import Terms
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Cycle, containing


class Exclusion(Terms):
    """Time excused from both terms of a measure.

    ``from`` names an events source. ``notice`` asks that a record was announced so long before it started (its
    source maps ``announced``). ``allowance`` bounds what is excused, in order of time; what goes beyond it is
    ``excess: downtime`` (default: contracts that cap maintenance count the rest against the provider) or
    ``measured`` (what the probes saw stands). ``matching: none`` says that a record holds for every subject, and
    must be written where the log carries the level's subject.
    """

    from_: Name = Field(alias="from")
    where: Where | None = None
    notice: Announced | None = None
    allowance: Allowed | None = None
    excess: Literal["downtime", "measured"] = "downtime"
    matching: Literal["none"] | None = None


@dataclass(frozen=True)
class Candidate:
    """One record of an exclusion's log; instants in microseconds, ``place`` is its file and row."""

    start: int
    end: int
    announced: int | None
    place: str


@dataclass(frozen=True)
class Ruling:
    """What became of one record: ``excused`` and ``excess`` lie inside the window that was asked for."""

    exclusion: str
    candidate: Candidate
    refused: str
    excused: Intervals
    excess: Intervals


def notice_given(exclusion: Exclusion, candidate: Candidate, zone: ZoneInfo) -> str:
    """Why the notice fails, or nothing. Days are civil days of the agreement's zone, at the same time of day."""
    if exclusion.notice is None:
        return ""
    if candidate.announced is None:
        return f"never announced; {exclusion.notice.text} needed"
    notice = exclusion.notice
    if notice.civil is not None:
        days = notice.civil.count * (7 if notice.civil.unit == "week" else 1)
        wall = zones.local(candidate.start, zone).replace(tzinfo=None) - timedelta(days=days)
        announced = zones.local(candidate.announced, zone).replace(tzinfo=None)
        return "" if announced <= wall else f"announced too late; {notice.text} needed"
    assert notice.exact is not None
    in_time = candidate.announced + notice.exact <= candidate.start
    return "" if in_time else f"announced too late; {notice.text} needed"


def rule(
    name: str,
    exclusion: Exclusion,
    candidates: Sequence[Candidate],
    window: tuple[int, int],
    cycle: Cycle,
    zone: ZoneInfo,
) -> list[Ruling]:
    """Decide every record that touches ``window``, earliest first.

    Overlapping records are excused once. An allowance is used up in order of time over its own civil stretch
    (the agreement's period where that is the same kind), including records before the window.
    """
    lo, hi = window
    rulings: list[Ruling] = []
    seen: Intervals = ()
    used: dict[int, int] = {}
    for candidate in sorted(candidates, key=lambda c: (c.start, c.end, c.place)):
        refused = notice_given(exclusion, candidate, zone)
        fresh = () if refused else intervals.difference(intervals.union([(candidate.start, candidate.end)]), seen)
        seen = intervals.union(seen, fresh)
        excused, excess = _within_allowance(exclusion, fresh, used, cycle, zone)
        if candidate.start >= hi or candidate.end <= lo:
            continue
        rulings.append(
            Ruling(name, candidate, refused, intervals.clip(excused, lo, hi), intervals.clip(excess, lo, hi))
        )
    return rulings


def _within_allowance(
    exclusion: Exclusion, fresh: Intervals, used: dict[int, int], cycle: Cycle, zone: ZoneInfo
) -> tuple[Intervals, Intervals]:
    if exclusion.allowance is None:
        return fresh, ()
    excused: Intervals = ()
    excess: Intervals = ()
    for lo, hi, stretch in _by_stretch(exclusion.allowance.per, fresh, cycle, zone):
        left = max(0, exclusion.allowance.length - used.get(stretch, 0))
        inside, outside = intervals.first(((lo, hi),), left)
        used[stretch] = used.get(stretch, 0) + intervals.length(inside)
        excused = intervals.union(excused, inside)
        excess = intervals.union(excess, outside)
    return excused, excess


def _by_stretch(per: str, parts: Intervals, cycle: Cycle, zone: ZoneInfo) -> list[tuple[int, int, int]]:
    own = cycle if cycle.every == per else Cycle(per)  # type: ignore[arg-type]
    cut: list[tuple[int, int, int]] = []
    for lo, hi in parts:
        at = lo
        while at < hi:
            start, end = containing(own, zones.day_of(at, zone)).window(zone)
            cut.append((at, min(hi, end), start))
            at = min(hi, end)
    return cut
