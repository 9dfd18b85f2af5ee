"""What people write after --period, and which periods of an agreement they mean by it."""

from __future__ import annotations

import difflib
import re
from datetime import date, timedelta
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

from slacheck.problems import PeriodError, Problem
from slacheck.timeline.periods import Cycle, Every, Period, before, containing, starting_in
from slacheck.timeline.zones import day_of

MOST = 1200
"""More periods than this are not asked for at once: a hundred years of months."""

_YEARS = range(1900, 3000)
_KINDS: tuple[Every, ...] = get_args(Every)
_RELATIVE = {f"{which}-{kind}": kind for which in ("last", "this") for kind in _KINDS}
_OWN = ("last-period", "this-period")
_FORMS: dict[Every, re.Pattern[str]] = {
    "day": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "week": re.compile("([0-9]{4})-W([0-9]{2})"),
    "month": re.compile("([0-9]{4})-([0-9]{2})"),
    "quarter": re.compile("([0-9]{4})-Q([0-9])"),
    "year": re.compile("([0-9]{4})"),
}
_SHOWN = (
    "write 2026-10, 2026-Q3, 2026, 2026-W40 or 2026-10-05, two of one kind as 2026-01..2026-06, "
    "last-month or this-month (also day, week, quarter, year), last-period or this-period"
)


class _Stretch(NamedTuple):
    """The civil days ``[lo, hi)`` that a text names."""

    lo: date
    hi: date


def asked(text: str, cycle: Cycle, zone: ZoneInfo, as_of_us: int) -> list[Period]:
    """The periods of ``cycle`` that start in the civil days that ``text`` names and have begun, in order.

    ``as_of_us`` (microseconds UTC) tells in ``zone`` what day it is, for "last-month" and for what has begun: of
    several periods those not yet begun are left out. A text that names less than one period of the calendar is
    refused; with an anchor of its own a period is found by any stretch that it starts in.

    Raises PeriodError for a text that cannot be read, names no period, none that has begun, or more than 1200.
    """
    wanted = text.strip()
    today = day_of(as_of_us, zone)
    if wanted.lower() in _OWN:
        found = [_last_or_this(wanted, cycle, today)]
    else:
        stretch = _stretch(wanted, today)
        found = starting_in(cycle, *stretch)
        if not found or (cycle.calendar and _shorter(stretch, cycle)):
            raise _part(wanted, stretch, cycle)
    begun = [period for period in found if period.start <= today]
    if not begun:
        raise _refusal(
            f"{_named(wanted, found[0])} has not begun", f"it is {today} in {zone.key}: {_latest(cycle, today)}"
        )
    if len(begun) > MOST:
        raise _refusal(
            f"'{wanted}' names {len(begun)} periods, at most {MOST} are settled at once", "name a shorter range"
        )
    # Samoa had no 30 December 2011: a day that the clocks skipped is no period.
    lived = [period for period in begun if (window := period.window(zone))[0] < window[1]]
    if not lived:
        raise _refusal(
            f"{_named(wanted, begun[0])} was skipped by the clocks of {zone.key}", "name the day before or after"
        )
    return lived


def own_period(text: str) -> bool:
    """Whether ``text`` means another stretch for agreements of another cycle: ``last-period``."""
    return text.strip().lower() in _OWN


def days_named(text: str, zone: ZoneInfo, as_of_us: int) -> tuple[date, date]:
    """The civil days ``[lo, hi)`` that ``text`` names, whatever the cycle.

    Raises PeriodError for a text that cannot be read, ``last-period`` among them.
    """
    return _stretch(text.strip(), day_of(as_of_us, zone))


def _stretch(text: str, today: date) -> _Stretch:
    if text.lower() in _RELATIVE:
        period = _last_or_this(text, Cycle(_RELATIVE[text.lower()]), today)
        return _Stretch(period.start, period.end)
    opening, dots, closing = (part.strip() for part in text.partition(".."))
    kind, first = _named_days(opening, text)
    if not dots:
        return first
    last_kind, last = _named_days(closing, text)
    if kind != last_kind:
        raise _refusal(
            f"'{text}' runs from a {kind} to a {last_kind}", "write both ends in the same way: 2026-01..2026-06"
        )
    if last.lo < first.lo:
        raise _refusal(f"'{text}' ends before it begins", f"write {closing}..{opening}")
    return _Stretch(first.lo, last.hi)


def _last_or_this(text: str, cycle: Cycle, today: date) -> Period:
    current = containing(cycle, today)
    return before(current) if text.lower().startswith("last") else current


def _named_days(name: str, text: str) -> tuple[Every, _Stretch]:
    for kind, form in _FORMS.items():
        if parts := form.fullmatch(name.upper()):
            return kind, _calendar_days(kind, parts, name)
    close = difflib.get_close_matches(text.lower().replace(" ", "-"), (*_RELATIVE, *_OWN), n=1, cutoff=0.8)
    raise _refusal(f"'{text}' names no period", f"did you mean {close[0]}?" if close else _SHOWN)


def _calendar_days(kind: Every, parts: re.Match[str], name: str) -> _Stretch:
    if int(parts[0][:4]) not in _YEARS:
        raise _refusal(f"the year of '{name}' is not between {_YEARS[0]} and {_YEARS[-1]}", _SHOWN)
    try:
        match kind:
            case "day":
                start = date.fromisoformat(parts[0])
            case "week":
                start = date.fromisocalendar(int(parts[1]), int(parts[2]), 1)
            case "month":
                start = date(int(parts[1]), int(parts[2]), 1)
            case "quarter":
                start = date(int(parts[1]), int(parts[2]) * 3 - 2, 1)
            case "year":
                start = date(int(parts[1]), 1, 1)
    except ValueError:
        raise _refusal(f"there is no {kind} {name} in the calendar", _SHOWN) from None
    return _Stretch(start, containing(Cycle(kind), start).end)


def _shorter(stretch: _Stretch, cycle: Cycle) -> bool:
    return stretch.hi < containing(Cycle(cycle.every, stretch.lo), stretch.lo).end


def _part(text: str, stretch: _Stretch, cycle: Cycle) -> PeriodError:
    around = (containing(cycle, day).label for day in (stretch.lo, stretch.hi - timedelta(days=1)))
    settled = f"this agreement is settled by {cycle.every}"
    if not cycle.calendar:
        settled += f" from {cycle.anchor}"
    reason = f"'{text}' is shorter than a {cycle.every}" if cycle.calendar else f"no period starts in '{text}'"
    return _refusal(reason, f"{settled}: write {' or '.join(dict.fromkeys(around))}")


def _latest(cycle: Cycle, today: date) -> str:
    current = containing(cycle, today)
    return f"write {before(current).label}, or {current.label}, which is under way"


def _named(text: str, period: Period) -> str:
    return period.label if text == period.label else f"{period.label} ('{text}')"


def _refusal(message: str, help: str) -> PeriodError:
    return PeriodError([Problem(path="--period", code="period", message=message, help=help)])
