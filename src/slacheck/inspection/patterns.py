"""Which strptime patterns the first cells of a column suggest; all rows then tell which of them read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_DATE = re.compile(
    r"(?P<a>[0-9]{1,4}|[A-Za-z]{3})(?P<x>[/.\- ])(?P<b>[0-9]{1,2}|[A-Za-z]{3})(?P<y>[/.\-]|,? )"
    r"(?P<c>[0-9]{4}|[0-9]{1,2})(?P<rest>.*)"
)
_CLOCK = re.compile(
    r"(?P<gap>T|, |[ ])(?P<hour>[0-9]{1,2})(?P<minute>:[0-9]{2})?(?P<second>:[0-9]{2})?(?P<part>[.][0-9]{1,6})?"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone> ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
)


def suggested(texts: Sequence[str]) -> list[str]:
    """Patterns in the order in which the texts suggest them, each once."""
    found: dict[str, None] = {}
    for text in texts:
        parts = _DATE.fullmatch(text)
        if parts is None:
            continue
        clock = _clock(parts["rest"])
        if clock is None:
            continue
        for date in _dates(parts):
            found[date + clock] = None
    return list(found)


def _dates(parts: re.Match[str]) -> Iterator[str]:
    a, b, c, x, y = (parts[name] for name in "abcxy")
    if len(a) == 4 and a.isdigit():
        if b.isdigit() and len(c) < 4:
            yield f"%Y{x}%m{y}%d"
        return
    year = "%Y" if len(c) == 4 else "%y"
    if len(c) not in (2, 4):
        return
    if a.isalpha() and b.isdigit():
        yield f"%b{x}%d{y}{year}"
    elif b.isalpha() and a.isdigit():
        yield f"%d{x}%b{y}{year}"
    elif a.isdigit() and b.isdigit() and len(a) < 3:
        yield f"%d{x}%m{y}{year}"
        yield f"%m{x}%d{y}{year}"


def _clock(rest: str) -> str | None:
    if not rest:
        return ""
    parts = _CLOCK.fullmatch(rest)
    if parts is None or (parts["minute"] is None and parts["half"] is None):
        return None
    half, zone = parts["half"], parts["zone"]
    written = parts["gap"] + ("%I" if half else "%H")
    written += ":%M" if parts["minute"] else ""
    written += ":%S" if parts["second"] else ""
    written += ".%f" if parts["part"] else ""
    if half:
        written += " %p" if half.startswith(" ") else "%p"
    if zone:
        blank = " " if zone.startswith(" ") else ""
        written += blank + (zone.strip() if zone.strip() in ("Z", "UTC") else "%z")
    return written
