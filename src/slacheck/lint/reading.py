"""What several rules read off an agreement: allowed shortfalls, the shortest period, and how finely time is watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.usage import sources_of
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND, Comparison
from slacheck.lint.doubt import Steps
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.rates import Rate
from slacheck.measures.share_within import ShareWithin
from slacheck.problems import AgreementError
from slacheck.timeline import intervals
from slacheck.timeline.periods import Period, starting_in, title
from slacheck.timeline.zones import midnight

# What holds for longer is a log of changes, not a probe that comes again.
_LONGEST_PROBE = HOUR
# Any year that has a February of 28 days: the clock is no part of an agreement.
_A_YEAR = 2026


@dataclass(frozen=True)
class Stretch:
    """Service time in microseconds, and the period that has so much of it."""

    service: int
    named: str


@dataclass(frozen=True)
class Watched:
    """How far apart observations of a level may lie (microseconds), and the keys that say so."""

    step: int
    of: str
    steps: Steps


def duration(microseconds: int | Fraction) -> str:
    """A length as an agreement would write it, ``4m1s``; what is shorter than a second is left out beside more."""
    rest = int(microseconds)
    parts: list[str] = []
    for size, letter in ((HOUR, "h"), (MINUTE, "m"), (SECOND, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{letter}")
    if parts:
        return "".join(parts)
    return f"{rest // 1000}ms" if rest else "0s"


def binding(file: AgreementFile) -> Iterator[Promised]:
    """Every promise of a service level; none of a KPI."""
    return (each for each in file.agreement.promised() if each.level.role == "service-level")


def allowed_share(promised: Promised) -> Fraction | None:
    """The share that may be missed; None where the target is no floor of a share."""
    target = promised.promise.target.binding
    if target is None or target.kind != "share" or target.lower_is_worse is not True:
        return None
    return 1 - target.edges[0]


def hours_of(promised: Promised) -> str:
    """The calendar in which the promise counts; ``always`` where none is named."""
    measure = promised.promise.measure
    return (measure.hours or ALWAYS) if isinstance(measure, OfRecords) else ALWAYS


def timed_in_hours(measure: object) -> bool:
    """Whether a measure times cases by the hour, which somebody has to work on."""
    if isinstance(measure, ShareWithin):
        return measure.between is not None and isinstance(measure.limit, Comparison) and measure.limit.kind == "length"
    return isinstance(measure, Elapsed)


def year_of(file: AgreementFile) -> int:
    """The first whole year of the agreement with 365 days, by which its periods are looked at."""
    agreement = file.first.agreement
    start = agreement.effective or date(agreement.until.year if agreement.until else _A_YEAR, 1, 1)
    year = min(start.year + (start.month > 2), 9000)
    return year + 1 if year % 4 == 0 else year


def year_window(file: AgreementFile) -> tuple[int, int]:
    """That year from its first instant to before its end, in microseconds UTC."""
    year, zone = year_of(file), file.agreement.zone
    return midnight(date(year, 1, 1), zone), midnight(date(year + 1, 1, 1), zone)


def time_in_a_year(file: AgreementFile, hours: str) -> int | None:
    """How much time a calendar has in that year; None where nobody can tell."""
    try:
        return intervals.length(file.calendars.service(hours, *year_window(file)))
    except AgreementError:
        return None


def periods_of(file: AgreementFile, promised: Promised) -> list[Period]:
    """The periods of the promise that start in a year of it; none for one that rolls."""
    agreement, own = file.agreement, promised.level.period
    if own is not None and own.rolling is not None:
        return []
    cycle = (own or agreement.period).cycle
    year = year_of(file)
    return starting_in(cycle, date(year, 1, 1), date(year + 1, 1, 1))


def shortest(file: AgreementFile, promised: Promised) -> Stretch | None:
    """The least service time that a whole period of the promise has, of the periods that have any.

    None where nobody can tell: stretches that roll by months, holidays that are not known.
    """
    agreement, own = file.agreement, promised.level.period
    if own is not None and own.rolling is not None:
        days = {"day": 1, "week": 7, "month": 28, "year": 365}.get(own.rolling.unit)
        plain = days is not None and hours_of(promised) == ALWAYS
        return Stretch(own.rolling.count * (days or 0) * DAY, f"any {own.rolling}") if plain else None
    terms = own or agreement.period
    if terms.length is not None:
        return Stretch(terms.length, f"a nominal {duration(terms.length)}")
    zone, every = agreement.zone, terms.every
    found: list[Stretch] = []
    try:
        for period in periods_of(file, promised):
            service = intervals.length(file.calendars.service(hours_of(promised), *period.window(zone)))
            if service:
                found.append(Stretch(service, f"the shortest {every}, {title(period)}"))
    except AgreementError:
        return None
    return min(found, key=lambda each: each.service, default=None)


def watched(file: AgreementFile, promised: Promised) -> Iterator[Watched]:
    """How finely the time of a promise is watched: how long a probe holds, how long an interval of counts is.

    Nothing of logs, which say when an outage began and ended, and of samples that are a log of changes.
    """
    agreement, measure = file.agreement, promised.promise.measure
    if isinstance(measure, Rate):
        if measure.mean_of_each is not None:
            yield Watched(measure.mean_of_each, "interval", (*promised.steps, "measure", "mean_of_each"))
        return
    if not isinstance(measure, OfRecords):
        return
    rule = agreement.down_rule(measure.from_)
    if rule.bad_intervals is not None:
        yield Watched(rule.bad_intervals.each, "interval", ("outages", measure.from_, "when", "each"))
        return
    for name in sources_of(agreement, promised):
        source = agreement.sources[name]
        if source.shape == "samples" and source.hold and source.hold <= _LONGEST_PROBE:
            yield Watched(source.hold, "sample", ("sources", name, "hold"))
