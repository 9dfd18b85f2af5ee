"""Local time to instants and back, exact to the microsecond, with every change of the clocks told apart."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

SECOND = 1_000_000
DAY = 86_400 * SECOND

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST = (datetime(1, 1, 3) - _EPOCH) // _MICROSECOND
_LATEST = (datetime(MAXYEAR, 12, 29) - _EPOCH) // _MICROSECOND

# Clock changes are looked for in blocks, so that a second question about the same years costs nothing, by comparing
# the offset from one day to the next. The closest two changes that the tz database knows are almost four days apart
# (Africa/Freetown, September 1939), so no pair of them can hide within a day.
_BLOCK = 512 * DAY
_STEP = DAY

# What follows the machine, not the tz database, or is no place at all.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})


class _CivilTimeError(ValueError):
    """``earlier`` and ``later`` are the two instants (microseconds UTC) that the local time could mean."""

    def __init__(self, message: str, earlier: int, later: int) -> None:
        super().__init__(message)
        self.earlier = earlier
        self.later = later


class AmbiguousTime(_CivilTimeError):
    """The local time happens twice, because the clocks are put back: at ``earlier`` and again at ``later``."""


class NonexistentTime(_CivilTimeError):
    """The local time never happens, because the clocks are put forward.

    ``later`` reads it with the offset from before the change, ``earlier`` with the offset from after it.
    """


class Change(NamedTuple):
    """The instant ``at`` (microseconds UTC) from which the offset is no longer ``before`` but ``after`` (both us)."""

    at: int
    before: int
    after: int


@dataclass(frozen=True)
class Stretch:
    """Local wall-clock times in ``[lo, hi)``, in microseconds "as if UTC", that become instants in the same way.

    ``plain``: the instant is ``local - offset_us``. ``gap``: no such local time exists. ``fold``: it happens twice, at
    ``local - offset_us`` and again at ``local - later_offset_us``. In a gap and a fold ``offset_us`` is the offset
    from before the change and ``later_offset_us`` the one from after it; in a plain stretch the two are equal.
    """

    lo: int
    hi: int
    offset_us: int
    kind: Literal["plain", "gap", "fold"]
    later_offset_us: int


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


def zone(name: str) -> ZoneInfo:
    """The zone of a tz database name such as ``Europe/Berlin`` or ``UTC``.

    Raises ValueError, with the name that was probably meant, for a name that is not in the tz database.
    """
    if name in _names():
        return ZoneInfo(name)
    raise ValueError(f"unknown time zone '{name}'; {_advice(name)}")


def _advice(name: str) -> str:
    # "UTC+2" resembles Etc/GMT+2, which is two hours on the other side of Greenwich: never suggest those.
    if re.fullmatch(r"(?i)(utc|gmt|z)?\s*[+-]?[0-9:.]+", name.strip()):
        return "name the place, such as Europe/Berlin: an offset does not say when the clocks change"
    wanted = re.sub(r"\s+", "_", name.strip()).casefold()
    places = sorted(n for n in _names() if not n.startswith("Etc/"))
    whole = {n.casefold(): n for n in places}
    cities = {n.rpartition("/")[2].casefold(): n for n in reversed(places)}
    # The exact name in other letters first: "Berlin" is nearer to a zone than its spelling says.
    for known, cutoff in ((whole, 1.0), (cities, 1.0), (whole, 0.75), (cities, 0.75)):
        if close := difflib.get_close_matches(wanted, known, n=1, cutoff=cutoff):
            return f"did you mean '{known[close[0]]}'?"
    return "write a name from the tz database, such as Europe/Berlin, America/New_York or UTC"


def instant_of(local: datetime, zone: ZoneInfo) -> int:
    """The instant (microseconds UTC) of a naive local time; its ``fold`` is not consulted.

    Raises AmbiguousTime or NonexistentTime where a change of the clocks leaves two readings or none, and ValueError
    for a local time that has an offset already.
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local} has an offset already")
    wall = (local - _EPOCH) // _MICROSECOND
    before, after = (_offset(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if before == after:
        return wall - before
    first, second = sorted((wall - before, wall - after))
    if before > after:
        readings = f"at {_utc(first)} and at {_utc(second)}"
        raise AmbiguousTime(f"{local.replace(fold=0)} happens twice in {zone.key}: {readings}", first, second)
    raise NonexistentTime(f"{local.replace(fold=0)} does not exist in {zone.key}: the clocks skip it", first, second)


def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant (microseconds UTC) at which a local day starts.

    Where the clocks skip midnight it is the first instant of the day, where midnight happens twice it is the first.
    A day that was skipped altogether starts when the day after it starts, so that days always join without a hole.
    """
    try:
        return instant_of(datetime(day.year, day.month, day.day), zone)
    except AmbiguousTime as twice:
        return twice.earlier
    except NonexistentTime as skipped:
        return _change_between(skipped.earlier, skipped.later, zone)


def local(instant_us: int, zone: ZoneInfo) -> datetime:
    """The local time of an instant (microseconds UTC), with its zone and fold.

    Raises OverflowError where the local time lies outside the years 1 to 9999.
    """
    offset = offset_at(instant_us, zone)
    wall = (_EPOCH + timedelta(microseconds=instant_us + offset)).replace(tzinfo=zone)
    return wall if _offset(wall) == offset else wall.replace(fold=1)


def written(instant_us: int) -> str:
    """ISO 8601 UTC, to the second where nothing is finer."""
    moment = _EPOCH + timedelta(microseconds=instant_us)
    return f"{moment.isoformat(timespec='microseconds' if moment.microsecond else 'seconds')}Z"


def day_of(instant_us: int, zone: ZoneInfo) -> date:
    """The local day that holds an instant: ``midnight(day) <= instant < midnight(day + 1)``.

    That is the date on the local clock, except in the rare hour that is put back across midnight: the day that has
    begun then stays begun.
    """
    day = local(instant_us, zone).date()
    following = day + timedelta(days=1)
    return following if midnight(following, zone) <= instant_us else day


def changes(zone: ZoneInfo, lo_us: int, hi_us: int) -> list[Change]:
    """Every change of the offset at an instant in ``[lo_us, hi_us)``, in order, exact to the second.

    Beyond the years 1 to 9999 nothing changes.
    """
    lo, hi = max(lo_us, _EARLIEST), min(hi_us, _LATEST)
    blocks = range((lo - 1) // _BLOCK, (hi - 1) // _BLOCK + 1) if lo < hi else range(0)
    return [change for block in blocks for change in _changes_in(zone, block) if lo <= change.at < hi]


@lru_cache(maxsize=8192)
def _changes_in(zone: ZoneInfo, block: int) -> tuple[Change, ...]:
    """The changes in ``(block * _BLOCK, (block + 1) * _BLOCK]``."""
    found = []
    edge = block * _BLOCK
    before = offset_at(edge, zone)
    while edge < (block + 1) * _BLOCK:
        after = offset_at(edge + _STEP, zone)
        if after != before:
            found.append(Change(_change_between(edge, edge + _STEP, zone), before, after))
        before = after
        edge += _STEP
    return tuple(found)


def _change_between(lo: int, hi: int, zone: ZoneInfo) -> int:
    """The first instant in ``(lo, hi]``, on a whole second, that has the offset of ``hi``; there is one change."""
    new = offset_at(hi, zone)

    def moved(second: int) -> bool:
        return offset_at(second * SECOND, zone) == new

    seconds = range(lo // SECOND + 1, -(-hi // SECOND) + 1)
    return seconds[bisect_left(seconds, True, key=moved)] * SECOND


def offsets(zone: ZoneInfo, lo_local_us: int, hi_local_us: int) -> list[Stretch]:
    """Cut the local times from ``lo_local_us`` to ``hi_local_us``, both included, into stretches without a hole.

    The first stretch starts at ``lo_local_us`` and the last one ends at ``hi_local_us + 1``. Local times are
    microseconds of the wall clock "as if UTC". The result is empty when ``hi_local_us`` is below ``lo_local_us``.
    """
    end = hi_local_us + 1
    # No offset is larger than a day, the change that skips or repeats one moves by a day more.
    moved = changes(zone, lo_local_us - 2 * DAY, end + 2 * DAY)
    offset = moved[0].before if moved else offset_at(lo_local_us, zone)
    whole = []
    reached = lo_local_us
    for change in moved:
        opens, closes = sorted((change.at + change.before, change.at + change.after))
        whole.append(Stretch(reached, opens, offset, "plain", offset))
        kind: Literal["gap", "fold"] = "gap" if change.after > change.before else "fold"
        whole.append(Stretch(opens, closes, change.before, kind, change.after))
        offset, reached = change.after, closes
    whole.append(Stretch(reached, end, offset, "plain", offset))
    cut = (Stretch(max(s.lo, lo_local_us), min(s.hi, end), s.offset_us, s.kind, s.later_offset_us) for s in whole)
    return [stretch for stretch in cut if stretch.lo < stretch.hi]


def offset_at(instant_us: int, zone: ZoneInfo) -> int:
    """The offset (microseconds) in force at an instant; beyond the calendar that of its first or last days."""
    instant = _EPOCH + timedelta(microseconds=min(max(instant_us, _EARLIEST), _LATEST))
    return _offset(zone.fromutc(instant.replace(tzinfo=zone)))


def _offset(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None
    return offset // _MICROSECOND


def _utc(instant_us: int) -> str:
    return f"{local(instant_us, ZoneInfo('UTC')).replace(tzinfo=None).isoformat(sep=' ')}Z"
