"""Whether the hours below cover those above, and whether no more is excluded below than above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of
from slacheck.calendars.calendar import ALWAYS
from slacheck.carrying.carriers import Carried, Leg, Part
from slacheck.carrying.finding import Told, names
from slacheck.carrying.periods import window
from slacheck.exclusions import Allowance, Exclusion, Notice
from slacheck.language.quantities import DAY
from slacheck.language.written import duration
from slacheck.measures.measure import OfRecords
from slacheck.problems import AgreementError
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import day_in_words

HOURS = "hours-not-carried"
EXCLUSION = "exclusion-not-carried"

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The most stretches of one kind that touch one of another: a month of 31 days touches six weeks.
_TOUCHED = {
    ("day", "week"): 7,
    ("day", "month"): 31,
    ("day", "quarter"): 92,
    ("day", "year"): 366,
    ("week", "month"): 6,
    ("week", "quarter"): 15,
    ("week", "year"): 54,
    ("month", "quarter"): 3,
    ("month", "year"): 12,
    ("quarter", "year"): 4,
}


def hours(carried: Carried) -> Iterator[Told]:
    """Service time of ours in which nobody below has any, over a year from the first common day.

    Time that ours excludes by a calendar, without a bound, is not needed. Where one of several suffices they cover it
    together.
    """
    ours = carried.promised.promise.measure
    if not isinstance(ours, OfRecords):
        return
    lo, hi = window(carried.stretch)
    try:
        needed = _needed(carried, lo, hi, bounded=False)
        for legs in _covering(carried.by):
            timed = [leg for leg in legs if isinstance(leg.promised.promise.measure, OfRecords)]
            if len(timed) < len(legs):
                continue
            offered = intervals.union(*(leg.version.calendars.service(hours_of(leg.promised), lo, hi) for leg in legs))
            rest = intervals.difference(needed, offered)
            if rest:
                yield _uncovered(carried, legs, needed, rest)
    except AgreementError as unknown:
        yield _untold(carried, unknown)


def _covering(part: Part) -> Iterator[list[Leg]]:
    """The legs that must cover our hours together: each by itself, or all that stand in for each other."""
    if isinstance(part, Leg):
        yield [part]
    elif part.how == "any":
        yield list(part.legs())
    else:
        for each in part.parts:
            yield from _covering(each)


def _needed(carried: Carried, lo: int, hi: int, bounded: bool) -> Intervals:
    """Our service time, less what a calendar excludes: ``bounded`` also where an allowance bounds it."""
    file, promised = carried.stretch.ours, carried.promised
    service = file.calendars.service(hours_of(promised), lo, hi)
    for name in promised.promise.excluding:
        each = file.agreement.exclusions[name]
        if each.during is not None and (bounded or (each.allowance is None and each.longest is None)):
            service = intervals.difference(service, file.calendars.service(each.during, lo, hi))
    return service


def _uncovered(carried: Carried, legs: Sequence[Leg], needed: Intervals, rest: Intervals) -> Told:
    file, promised = carried.stretch.ours, carried.promised
    theirs = " and ".join(_clock_of(leg.version, hours_of(leg.promised)) for leg in legs)
    message = (
        f"ours counts {_clock_of(file, hours_of(promised))}, {names([leg.named for leg in legs])} {theirs}: "
        f"the first hour that is not covered is {_stretch(rest[0], file.agreement.zone)}, "
        f"{duration(intervals.length(rest))} of {duration(intervals.length(needed))} in a year"
    )
    steps = (*promised.steps, "measure", "hours")
    if file.document.route(steps)[0] != steps:
        steps = (*promised.steps, "measure")
    return Told(
        steps,
        HOURS,
        message,
        "give ours the hours that are served below, or agree longer ones there",
        tuple(dict.fromkeys(leg.link.name for leg in legs)),
        tuple(leg.place("measure", "hours") for leg in legs),
    )


def _clock_of(file: AgreementFile, name: str) -> str:
    if name == ALWAYS:
        return "round the clock"
    zone = "" if "; in " in file.calendars.shown(name) else f"; in {file.agreement.timezone}"
    return f"in '{name}' ({file.calendars.shown(name)}{zone})"


def _stretch(span: tuple[int, int], zone: ZoneInfo) -> str:
    """``Sat 3 January 2026, 07:00 to 09:00``, by the clock of our agreement."""
    start, end = (zones.local(each, zone) for each in span)
    day = f"{_WEEKDAYS[start.weekday()]} {day_in_words(start.date())}, {start:%H:%M}"
    if span[1] - span[0] > DAY or (start.date() != end.date() and (end.hour, end.minute) != (0, 0)):
        return f"{day} to {_WEEKDAYS[end.weekday()]} {day_in_words(end.date())}, {end:%H:%M}"
    return f"{day} to {'24:00' if start.date() != end.date() else f'{end:%H:%M}'}"


def _untold(carried: Carried, unknown: AgreementError) -> Told:
    message = f"the hours cannot be compared: {unknown.problems[0].message}"
    return Told((*carried.promised.steps, "measure"), HOURS, message, unknown.problems[0].help)


def exclusions(carried: Carried) -> Iterator[Told]:
    """What is excused below and not above: by a calendar, or by records without a counterpart of the same name."""
    measure = carried.promised.promise.measure
    if not isinstance(measure, OfRecords):
        return
    ours = {name: carried.stretch.ours.agreement.exclusions[name] for name in carried.promised.promise.excluding}
    for leg in carried.by.legs():
        for name in leg.promised.promise.excluding:
            theirs = leg.version.agreement.exclusions[name]
            steps = ("exclusions", name)
            place = f"{leg.version.label}:{leg.version.document.place(steps, 'key').line}"
            for message in _unshared(carried, leg, name, theirs, ours.get(name)):
                help = "exclude it above as well, under the same name, or no more below"
                at = ("rests_on", leg.link.name, "carries", carried.promised.level_name)
                yield Told(at, EXCLUSION, message, help, (leg.link.name,), (place,), "key")


def _unshared(carried: Carried, leg: Leg, name: str, theirs: Exclusion, ours: Exclusion | None) -> Iterator[str]:
    who = f"'{leg.named}'"
    if theirs.during is not None:
        rest = _more_excluded(carried, leg, theirs.during)
        if rest:
            first = _stretch(rest[0], carried.stretch.ours.agreement.zone)
            yield f"{who} excludes '{name}', which ours counts: first on {first}"
        if ours is None:
            return
    elif ours is None:
        yield f"{who} excludes '{name}', and '{carried.promised.level_name}' excludes nothing of that name"
        return
    yield from _allowed(who, name, theirs.allowance, ours.allowance)
    if ours.longest is not None and (theirs.longest is None or theirs.longest > ours.longest):
        most = "any length" if theirs.longest is None else duration(theirs.longest)
        yield f"{who} excuses {most} of each record of '{name}', ours {duration(ours.longest)}"
    yield from _announced(who, name, theirs.notice, ours.notice)
    if ours.within is not None and theirs.within is None:
        yield f"{who} excuses '{name}' at any time, ours within '{ours.within}'"


def _more_excluded(carried: Carried, leg: Leg, during: str) -> Intervals:
    lo, hi = window(carried.stretch)
    try:
        needed = _needed(carried, lo, hi, bounded=True)
        served = leg.version.calendars.service(hours_of(leg.promised), lo, hi)
        excluded = leg.version.calendars.service(during, lo, hi)
    except AgreementError:
        return ()
    return intervals.intersection(intervals.intersection(needed, served), excluded)


def _allowed(who: str, name: str, theirs: Allowance | None, ours: Allowance | None) -> Iterator[str]:
    """An allowance of theirs that lets more be excused in one of our stretches than ours does."""
    if ours is None:
        return
    if theirs is None:
        yield f"{who} excuses any amount of '{name}', ours {ours.text}"
        return
    times = 1 if theirs.per == ours.per else _TOUCHED.get((theirs.per, ours.per), 1)
    mine, their = (each.length if each.length is not None else each.count for each in (ours, theirs))
    assert mine is not None
    assert their is not None
    if (ours.length is None) != (theirs.length is None) or their * times > mine:
        yield f"{who} excuses {theirs.text} of '{name}', ours {ours.text}"


def _announced(who: str, name: str, theirs: Notice | None, ours: Notice | None) -> Iterator[str]:
    """A notice that leaves no time to give ours."""
    if ours is None:
        return
    if theirs is None:
        yield f"{who} excuses '{name}' without notice, ours needs {ours.text}"
    elif _least(theirs) < _least(ours) or (ours.counts_working_days and not theirs.counts_working_days):
        yield f"{who} gives notice of '{name}' {theirs.text} before, ours needs {ours.text}"


def _least(notice: Notice) -> int:
    """The least exact time that a notice is, but for the change of a clock."""
    if notice.exact is not None:
        return notice.exact
    assert notice.civil is not None
    return notice.civil.count * (7 if notice.civil.unit == "week" else 1) * DAY
