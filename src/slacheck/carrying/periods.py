"""When the promises on both sides hold, and over which periods they are judged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of, year_of
from slacheck.carrying.carriers import Carried, Leg, Stretch
from slacheck.carrying.finding import Told
from slacheck.language.quantities import DAY
from slacheck.language.written import duration
from slacheck.problems import AgreementError
from slacheck.timeline import zones
from slacheck.timeline.periods import day_in_words, starting_in
from slacheck.timeline.zones import midnight

PERIOD = "period-not-carried"
DATES = "dates-not-carried"

_A_YEAR = timedelta(days=366)
_SOME_YEARS = timedelta(days=3 * 366)
# Room on both sides for what is looked at around a day.
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)


def first_day(stretch: Stretch) -> date:
    """The day from which a stretch of both agreements is looked at: their first common one, or the first of a year."""
    known = [each for each in (stretch.since, stretch.ours.agreement.effective) if each]
    known += [day for each in stretch.theirs.values() if (day := each.agreement.effective)]
    found = max(known, default=date(year_of(stretch.ours), 1, 1))
    last = stretch.ours.until
    found = min(found, last) if last is not None else found
    return min(max(found, _EARLIEST), _LATEST)


def window(stretch: Stretch) -> tuple[int, int]:
    """A year from its first common day, or what is left until one of them changes or ends, in microseconds UTC."""
    start = first_day(stretch)
    lasts = [file.until for file in (stretch.ours, *stretch.theirs.values()) if file.until and file.until >= start]
    ends = [start + _A_YEAR, *([stretch.before] if stretch.before and stretch.before > start else [])]
    ends += [last + timedelta(days=1) for last in lasts if last < start + _A_YEAR]
    zone = stretch.ours.agreement.zone
    return midnight(start, zone), midnight(min(ends), zone)


def dates(carried: Carried) -> Iterator[Told]:
    """Days on which ours is in force and theirs is not."""
    stretch, ours = carried.stretch, carried.promised
    begins, ends = _term(stretch.ours, ours)
    begins = max(filter(None, (begins, stretch.since)), default=None)
    if stretch.before is not None:
        ends = min(filter(None, (ends, stretch.before - timedelta(days=1))))
    for leg in carried.by.legs():
        first, last = _term(leg.version, leg.promised)
        name = leg.link.name
        steps = ("rests_on", name)
        if first is not None and begins is not None and first > begins:
            gap = (first - begins).days
            message = (
                f"'{name}' begins on {day_in_words(first)}, {gap} day{'' if gap == 1 else 's'} after ours, "
                f"which holds from {day_in_words(begins)}"
            )
            help = "let it begin with ours, or ours with it"
            yield Told(steps, DATES, message, help, (name,), (_at(leg, "effective"),), "key")
        if last is not None and (ends is None or last < ends) and (stretch.before is None or last < stretch.before):
            until = "has no last day" if ends is None else f"ends on {day_in_words(ends)}"
            message = f"'{name}' ends on {day_in_words(last)}, and ours {until}"
            help = "prolong it in time, or end ours with it ('until')"
            yield Told(steps, DATES, message, help, (name,), (_at(leg, "until"),), "key")


def _term(file: AgreementFile, promised: Promised) -> tuple[date | None, date | None]:
    """The first and the last day of a promise, whatever is amended in between."""
    level = promised.level
    first = max(filter(None, (file.first.agreement.effective, level.effective)), default=None)
    return first, min(filter(None, (file.until, level.until)), default=None)


def _at(leg: Leg, key: str) -> str:
    """The place of a date, that of the level before that of the agreement."""
    document = leg.version.document
    steps: tuple[str | int, ...] = ("service_levels", leg.promised.level_name, key)
    if getattr(leg.promised.level, key) is None:
        steps = (key,)
    return f"{leg.version.label}:{document.place(steps, 'key').line}"


def judged(carried: Carried) -> Iterator[Told]:
    """Periods of theirs that do not add up to ours: what is bad in one of ours may be good over theirs."""
    ours = carried.promised
    if ours.level.per is not None and ours.level.per.record:
        return
    for leg in carried.by.legs():
        message = _unlike(carried, leg)
        if message:
            steps = ("rests_on", leg.link.name, "carries", ours.level_name)
            help = "let theirs be judged over periods of which ours is made, or over the same"
            yield Told(steps, PERIOD, message, help, (leg.link.name,), (leg.version.label,), "key")


def _unlike(carried: Carried, leg: Leg) -> str:
    theirs = leg.promised.level
    if theirs.per is not None and theirs.per.record:
        return ""
    mine, their = (
        each.level.period or file.agreement.period
        for file, each in ((carried.stretch.ours, carried.promised), (leg.version, leg.promised))
    )
    rolling = [getattr(each, "rolling", None) for each in (mine, their)]
    if rolling[0] != rolling[1] and rolling[1] is not None:
        over = f"any {rolling[0]}" if rolling[0] else f"the {mine.every}"
        return f"ours is judged over {over}, '{leg.named}' over any {rolling[1]}"
    if rolling[0] is not None and rolling[1] is None:
        return f"ours is judged over any {rolling[0]}, '{leg.named}' over the {their.every}"
    if rolling[0] is not None:
        return ""
    if mine.length != their.length:
        lengths = [duration(each.length) if each.length is not None else "its real length" for each in (mine, their)]
        return f"a {mine.every} counts as {lengths[0]} with us, with '{leg.named}' as {lengths[1]}"
    own = edges(carried.stretch, carried.stretch.ours, carried.promised)
    known = edges(carried.stretch, leg.version, leg.promised)
    apart = sorted(set(own) - set(known))
    missing = next((edge for edge in apart if known[0] < edge < known[-1] and _matters(carried, known, edge)), None)
    if missing is None:
        return ""
    if mine.every == their.every and mine.cycle == their.cycle:
        at = [_clock(missing, each.agreement.zone) for each in (carried.stretch.ours, leg.version)]
        return f"a {mine.every} of ours begins on {at[0]}, which is {at[1]} in the zone of '{leg.named}'"
    day = day_in_words(zones.local(missing, carried.stretch.ours.agreement.zone).date())
    return f"a {mine.every} of ours begins on {day}, in the middle of a {their.every} of '{leg.named}'"


def _matters(carried: Carried, known: list[int], edge: int) -> bool:
    """Whether time of ours lies between an edge of ours and the one of theirs that is next to it: of a desk that is
    closed at night the midnights of two zones may be one."""
    nearest = min(known, key=lambda each: abs(each - edge))
    if abs(nearest - edge) >= DAY:
        return True
    between = (min(nearest, edge), max(nearest, edge))
    try:
        return bool(carried.stretch.ours.calendars.service(hours_of(carried.promised), *between))
    except AgreementError:
        return True


def edges(stretch: Stretch, file: AgreementFile, promised: Promised) -> list[int]:
    """The instants at which periods of a promise begin, in some years from the first common day."""
    start = first_day(stretch)
    cycle = (promised.level.period or file.agreement.period).cycle
    zone = file.agreement.zone
    return [midnight(each.start, zone) for each in starting_in(cycle, start - timedelta(days=400), start + _SOME_YEARS)]


def often(carried: Carried, leg: Leg) -> int:
    """The most periods of theirs that touch one of ours: what a period allows is allowed so often."""
    for promised in (carried.promised, leg.promised):
        if getattr(promised.level.period, "rolling", None) is not None:
            return 1
    own = edges(carried.stretch, carried.stretch.ours, carried.promised)
    known = edges(carried.stretch, leg.version, leg.promised)
    inside = [each for each in range(len(own) - 1) if known[0] <= own[each] and own[each + 1] <= known[-1]]
    counts = []
    for each in inside:
        # The one that has begun before counts as well, unless one begins with ours.
        first = bisect_left(known, own[each] + 1) - 1
        counts.append(bisect_left(known, own[each + 1]) - first)
    return max(counts, default=1)


def _clock(at: int, zone: ZoneInfo) -> str:
    moment = zones.local(at, zone)
    return f"{moment:%Y-%m-%d %H:%M}"
