"""Where excused time comes from: the records of a log, the time of a calendar, or a list of spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from slacheck.exclusions.exclusion import Exclusion
from slacheck.exclusions.limits import Per
from slacheck.timeline import zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Cycle, before, containing


class Calendars(Protocol):
    """The named calendars of an agreement."""

    def service(self, name: str, lo: int, hi: int) -> Intervals:
        """The time of the calendar inside ``[lo, hi)``, in microseconds UTC."""

    def days(self, name: str, first: date, end: date) -> tuple[date, ...]:
        """Its working days from ``first`` to before ``end``, in order."""


@dataclass(frozen=True)
class Candidate:
    """One record that asks to be excused; instants in microseconds.

    ``place`` is its file and row, or the key it was stated in. ``key`` holds its values in the columns that
    ``matching`` names, and is None where the exclusion holds for everything or a value is missing.
    """

    start: int
    end: int
    announced: int | None
    place: str
    key: tuple[str, ...] | None = None
    reason: str = ""


def stated(
    exclusion: Exclusion, window: tuple[int, int], cycle: Cycle, zone: ZoneInfo, calendars: Calendars | None = None
) -> tuple[Candidate, ...]:
    """The records of an exclusion that is not ``from`` a source: what its calendar or its spans say.

    A calendar is asked for ``window`` and, with an allowance, for so much before it as can have used the allowance
    up. Raises ValueError for an exclusion from a source, and where a calendar is needed and none is given.
    """
    if exclusion.during is not None:
        lo, hi = _reach(exclusion, window[0], cycle, zone), window[1]
        known = asked(calendars).service(exclusion.during, lo, hi) if lo < hi else ()
        return tuple(Candidate(start, end, None, f"calendar '{exclusion.during}'") for start, end in known)
    if not exclusion.spans:
        raise ValueError(f"the records of '{exclusion.from_}' are in its export")
    return tuple(
        Candidate(*span.window(zone), None, f"spans, item {number}", reason=span.reason or "")
        for number, span in enumerate(exclusion.spans, start=1)
    )


def asked(calendars: Calendars | None) -> Calendars:
    """The calendars, which must have been given. Raises ValueError."""
    if calendars is None:
        raise ValueError("the exclusion names a calendar, and none were given")
    return calendars


def stretches(per: Per, cycle: Cycle) -> Cycle:
    """The stretches that an allowance is for: the agreement's own periods where those are of the same kind."""
    return cycle if per == "period" or per == cycle.every else Cycle(per)


def _reach(exclusion: Exclusion, lo: int, cycle: Cycle, zone: ZoneInfo) -> int:
    """The instant from which a calendar must be known for what is excused from ``lo`` on.

    Time that is cut at this instant has no start of its own. One whole stretch before the one that ``lo`` is in, and
    the most that a record is granted, keep such a record out of every count that matters.
    """
    from_ = lo
    if exclusion.allowance is not None:
        current = containing(stretches(exclusion.allowance.per, cycle), zones.day_of(lo, zone))
        from_ = before(current).window(zone)[0]
    return from_ - (exclusion.longest or 0)
