"""What several rules read off an agreement: allowed shortfalls, the shortest period, and how finely time is watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of, year_of, year_window
from slacheck.agreement.usage import sources_of
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.quantities import DAY, HOUR
from slacheck.language.written import duration
from slacheck.lint.doubt import Steps
from slacheck.measures.measure import OfRecords
from slacheck.measures.rates import Rate
from slacheck.problems import AgreementError
from slacheck.timeline import intervals
from slacheck.timeline.periods import Period, starting_in, title

# What holds for longer is a log of changes, not a probe that comes again.
_LONGEST_PROBE = HOUR


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


def binding(file: AgreementFile) -> Iterator[Promised]:
    """Every promise of a service level; none of a KPI."""
    return (each for each in file.agreement.promised() if each.level.role == "service-level")


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
