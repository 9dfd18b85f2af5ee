"""Times as a scenario writes them: an instant, a stretch such as ``2026-03-05 10:00 for 2h``, a whole day."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from slacheck.exclusions.spans import Point
from slacheck.language.quantities import Unreadable, length
from slacheck.timeline import zones

Span = tuple[int, int]

_FOR = re.compile(r"(.+?)\s+for\s+(\S+)")
_TO = re.compile(r"(.+?)\s+to\s+(.+)")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}.*")
_FORMS = "write '2026-03-05 10:00 for 2h', '2026-03-05 10:00 to 12:00', or whole days: '2026-03-05'"


def span(text: object, zone: ZoneInfo) -> Span:
    """``[start, end)`` in microseconds UTC. Raises Unreadable."""
    if not isinstance(text, str):
        raise Unreadable("a stretch of time is wanted here", _FORMS)
    plain = text.strip()
    if found := _FOR.fullmatch(plain):
        start = point(found[1], zone)
        return start, start + _positive(found[2])
    if found := _TO.fullmatch(plain):
        first, last = found[1].strip(), found[2].strip()
        if _TIME.fullmatch(last):
            last = f"{first[:10]} {last}"
        start, end = point(first, zone), point(last, zone, end=True)
    else:
        written = Point.read(plain)
        if written.form != "day":
            raise Unreadable(f"'{text}' is an instant; how long is it?", f"write '{plain} for 2h'")
        start, end = point(plain, zone), point(plain, zone, end=True)
    if end <= start:
        raise Unreadable(f"'{text}' ends before it begins", "write the later time last")
    return start, end


def point(text: str, zone: ZoneInfo, *, end: bool = False) -> int:
    """An instant in microseconds UTC; of a day its first, or with ``end`` the first after it. Raises Unreadable."""
    written = Point.read(text)
    try:
        return written.ends(zone) if end else written.begins(zone)
    except (zones.AmbiguousTime, zones.NonexistentTime) as unclear:
        raise Unreadable(str(unclear), "write it with its offset, such as 2026-10-03T02:00:00+02:00") from None


def is_point(text: str) -> bool:
    """Whether it is written as an instant with a time of day."""
    try:
        return Point.read(text).form != "day"
    except Unreadable:
        return False


def _positive(text: str) -> int:
    found = length(text)
    if found == 0:
        raise Unreadable(f"'{text}' is no time at all", "write a length above zero")
    return found
