"""Exclusions that can take the whole period away, and those that never take anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of, year_of
from slacheck.calendars.references import resting_on
from slacheck.exclusions import Exclusion
from slacheck.lint.doubt import Doubt
from slacheck.lint.reading import binding, periods_of, time_in_a_year
from slacheck.measures.measure import OfRecords
from slacheck.problems import AgreementError
from slacheck.timeline import intervals
from slacheck.timeline.periods import Period, title


def boundless_exclusion(file: AgreementFile) -> Iterator[Doubt]:
    """Nothing bounds how much of a period an exclusion from a log can take away.

    Why: scheduled maintenance that only has to be announced is a promise that the provider may switch off: a month of
    "maintenance" with five days' notice is a month without downtime. Several contracts bound it by hours (ten a year,
    four a month, four a quarter), by a window of the night, or both. A log without any condition excuses whatever
    somebody writes into it.

    Fix: add an ``allowance`` (4h per month), a window (``within``), or a longest single one (``longest``).

    Silent: where records must name a cause or a class of their own (``where``), where they are matched to a ticket or a
    subject (``matching``, the stop clock), where the exclusion lists its spans or follows a calendar, and where only
    KPIs use it.

    Before:

        exclusions:
          planned: {from: maintenance, notice: 5 days}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, excluding: [planned]}
            target: ">= 99.9%"

    After:

        exclusions:
          planned: {from: maintenance, notice: 5 days, allowance: 4h per month}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, excluding: [planned]}
            target: ">= 99.9%"
    """
    used = {name for promised in binding(file) for name in promised.promise.excluding}
    for name, exclusion in file.agreement.exclusions.items():
        if name not in used or exclusion.from_ is None or _bounded(exclusion):
            continue
        said = f"announced {exclusion.notice.text} before" if exclusion.notice else "logged"
        message = f"whatever is {said} is excused, however long: '{name}' can take the whole period away"
        help = "add allowance: 4h per month, within: CALENDAR or longest: 4h, or say whose fault it must be (where)"
        yield Doubt(("exclusions", name), message, help, "key")


def exclusion_takes_all(file: AgreementFile) -> Iterator[Doubt]:
    """A calendar is excused that covers all service hours of a level.

    Why: a level with a nightly window of hours and an exclusion of the same night has no service time left: its verdict
    is "not applicable", month for month, and nobody notices that nothing is promised.

    Fix: exclude a calendar that is smaller than the hours of the level, or leave the level out.

    Silent: where some service time is left in each period of a year; for exclusions from logs, with an allowance or a
    longest length; and where the holidays of the year are not known.

    Before:

        calendars:
          night: {hours: {daily: "22:00-06:00"}}
          batch: {hours: {mon-fri: "23:00-03:00"}}
        exclusions:
          nightly: {during: night}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, hours: batch, excluding: [nightly]}
            target: ">= 99.5%"

    After:

        calendars:
          night: {hours: {daily: "22:00-23:30"}}
          batch: {hours: {mon-fri: "23:00-03:00"}}
        exclusions:
          nightly: {during: night}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, hours: batch, excluding: [nightly]}
            target: ">= 99.5%"
    """
    agreement = file.agreement
    known: dict[object, str | None] = {}
    for promised in agreement.promised():
        hours = hours_of(promised)
        for index, name in enumerate(promised.promise.excluding):
            exclusion = agreement.exclusions[name]
            if exclusion.during is None or exclusion.allowance is not None or exclusion.longest is not None:
                continue
            key = (hours, exclusion.during, promised.level.period)
            if key not in known:
                known[key] = _swallowed(file, periods_of(file, promised), hours, exclusion.during)
            if (period := known[key]) is not None:
                message = f"'{name}' excuses all of '{hours}' in {period}: no service time is left"
                help = "exclude a calendar that is smaller than the hours of the level"
                yield Doubt((*promised.steps, "measure", "excluding", index), message, help)


def no_service_time(file: AgreementFile) -> Iterator[Doubt]:
    """The calendar of a level has no time in a whole year.

    Why: calendars that are put together with ``all_of`` and ``except`` can leave nothing: the office hours that are
    also the hours of a weekend rota, for one. The level is never applicable, and nothing tells.

    Fix: look at the calendars that it is made of; hours that are added up are ``any_of``.

    Silent: where some period of a year has service time, and where the holidays of the year are not known, and on
    events of an iCalendar file, which may be of another year.

    Before:

        calendars:
          office: {hours: {mon-fri: "09:00-17:00"}}
          weekend: {hours: {sat: "10:00-14:00"}}
          both: {all_of: [office, weekend]}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, hours: both}
            target: ">= 99%"

    After:

        calendars:
          office: {hours: {mon-fri: "09:00-17:00"}}
          weekend: {hours: {sat: "10:00-14:00"}}
          both: {any_of: [office, weekend]}
        service_levels:
          availability:
            measure: {kind: availability, from: probes, hours: both}
            target: ">= 99%"
    """
    known: dict[str, bool] = {}
    for promised in file.agreement.promised():
        hours = hours_of(promised)
        if hours not in known:
            known[hours] = not _of_events(file, hours) and time_in_a_year(file, hours) == 0
        if known[hours]:
            message = f"the calendar '{hours}' has no time in {year_of(file)}: nothing is ever measured"
            help = "look at the calendars that it is made of: all_of is what they share, any_of what one of them has"
            yield Doubt((*promised.steps, "measure", "hours"), message, help)


def least_length_unsaid(file: AgreementFile) -> Iterator[Doubt]:
    """An outage must last so long, some of its time may be excluded, and nothing says which of the two comes first.

    Why: an outage of twelve minutes, of which eight lie in announced maintenance, is an outage of "ten minutes or more"
    when it is judged as it happened, and none when it is judged by what is left. No contract that was read says which;
    each side finds its own reading natural.

    Fix: write ``judged: before-exclusions`` or ``after-exclusions`` on the outage rule, and the words into the
    contract.

    Silent: without ``lasting``, without an exclusion, where exclusions are matched to a ticket or a subject
    (``matching``), and where only KPIs read the rule.

    Before:

        outages:
          site-down: {from: probes, lasting: ">= 10m"}
        service_levels:
          availability:
            measure: {kind: availability, from: site-down, excluding: [planned]}
            target: ">= 99.9%"

    After:

        outages:
          site-down: {from: probes, lasting: ">= 10m", judged: after-exclusions}
        service_levels:
          availability:
            measure: {kind: availability, from: site-down, excluding: [planned]}
            target: ">= 99.9%"
    """
    told: set[str] = set()
    for promised in binding(file):
        measure = promised.promise.measure
        if not isinstance(measure, OfRecords) or measure.from_ in told:
            continue
        rule = file.agreement.outages.get(measure.from_)
        excluding = [name for name in measure.excluding if not file.agreement.exclusions[name].columns]
        if rule is not None and rule.lasting is not None and excluding and "judged" not in rule.model_fields_set:
            told.add(measure.from_)
            message = (
                f"nothing says whether '{rule.lasting.text}' is judged before or after '{excluding[0]}' is taken out"
            )
            help = "write judged: before-exclusions (what is done now) or after-exclusions"
            yield Doubt(("outages", measure.from_, "lasting"), message, help)


def _of_events(file: AgreementFile, hours: str) -> bool:
    """Whether a calendar rests on a file of events."""
    terms = file.agreement.calendars
    return any(name in terms and terms[name].file for name in (hours, *resting_on(terms, hours)))


def _bounded(exclusion: Exclusion) -> bool:
    bounds = (exclusion.allowance, exclusion.longest, exclusion.within, exclusion.where)
    return any(bound is not None for bound in bounds) or bool(exclusion.columns)


def _swallowed(file: AgreementFile, periods: Sequence[Period], hours: str, during: str) -> str | None:
    """The first of the periods in which there is service time and all of it is in ``during``."""
    try:
        for period in periods:
            lo, hi = period.window(file.agreement.zone)
            service = file.calendars.service(hours, lo, hi)
            if service and not intervals.difference(service, file.calendars.service(during, lo, hi)):
                return title(period)
    except AgreementError:
        return None
    return None
