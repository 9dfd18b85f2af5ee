"""Promises beyond the hours of those who keep them."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of, timed_in_hours, year_window
from slacheck.calendars.calendar import ALWAYS
from slacheck.language.quantities import DAY, Comparison
from slacheck.lint.doubt import Doubt, Steps
from slacheck.lint.reading import binding, time_in_a_year
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.share_within import ShareWithin
from slacheck.problems import AgreementError
from slacheck.timeline import intervals


def promise_beyond_desk(file: AgreementFile) -> Iterator[Doubt]:
    """A promise about cases runs round the clock, or longer, while another promise on the same log keeps desk hours.

    Why: "P1 within 15 minutes, 24x7" on the back of a desk that works Monday to Friday is broken by the first call on a
    Saturday: nobody picks up. The agreement itself says when the desk works, in the hours of the other priorities. It
    is the classic contradiction of a service level agreement and what it rests on.

    Fix: give the promise the hours of the desk, give the desk a rota and its calendar a name, or say in a reason who
    works beyond these hours.

    Silent: where all promises on the log have the same hours; on KPIs; on limits in working days, which are of the
    calendar in any case; on availability and other measures of machines, which run by themselves.

    Before:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, answered: first_reply, priority: priority}
        service_levels:
          response:
            measure: {kind: share-within, from: tickets, between: [opened, answered], hours: desk}
            by: priority
            classes:
              P1: {limit: 15m, hours: always}
              P2: {limit: 4h}
            target: ">= 95%"

    After:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, answered: first_reply, priority: priority}
        service_levels:
          response:
            measure: {kind: share-within, from: tickets, between: [opened, answered], hours: desk}
            by: priority
            classes:
              P1: {limit: 15m}
              P2: {limit: 4h}
            target: ">= 95%"
    """
    by_source: dict[str, list[Promised]] = {}
    for promised in binding(file):
        measure = promised.promise.measure
        if timed_in_hours(measure):
            assert isinstance(measure, (ShareWithin, Elapsed))
            by_source.setdefault(measure.from_, []).append(promised)
    for source, promises in by_source.items():
        lengths = {hours: time_in_a_year(file, hours) for hours in dict.fromkeys(map(hours_of, promises))}
        known = {hours: length for hours, length in lengths.items() if length}
        if len(known) < 2:
            continue
        desk = min((hours for hours in known if hours != ALWAYS), key=lambda hours: known[hours])
        for promised in promises:
            hours = hours_of(promised)
            if hours in known and _reaches_beyond(file, hours, desk):
                runs = "round the clock" if hours == ALWAYS else f"in '{hours}'"
                shown = file.calendars.shown(desk)
                message = (
                    f"it counts {runs}, and other promises on '{source}' only in '{desk}' ({shown}): who keeps it then?"
                )
                help = f"write hours: {desk}, or name in a reason who works beyond these hours"
                yield Doubt(_hours(file, promised), message, help)


def days_in_desk_hours(file: AgreementFile) -> Iterator[Doubt]:
    """A limit of 24 hours, or of a multiple of them, runs on the clock of a desk that is closed at night.

    Why: "within 24 hours" and desk hours of eight a day are three working days; whoever wrote 24 h meant one day, or
    the next one. The same goes for 48 and 72 hours.

    Fix: write ``1 working day``, or the counted hours that are meant, such as 8h; for hours of the clock ``hours:
    always``.

    Silent: on limits that are no multiple of 24 hours; where the calendar has a day without a night; on KPIs.

    Before:

        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 24h}
            target: ">= 95%"

    After:

        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], hours: desk, limit: 1 working day}
            target: ">= 95%"
    """
    for promised in binding(file):
        measure = promised.promise.measure
        hours = hours_of(promised)
        if not timed_in_hours(measure) or hours == ALWAYS:
            continue
        limit = measure.limit if isinstance(measure, ShareWithin) else promised.promise.target.binding
        if not isinstance(limit, Comparison) or limit.kind != "length":
            continue
        edge = max(limit.edges)
        if edge <= 0 or edge % DAY or _longest(file, hours) >= DAY:
            continue
        whole = edge // DAY
        message = f"'{limit.text}' on the clock of '{hours}' ({file.calendars.shown(hours)}) takes several of its days"
        help = f"write {whole} working day{'' if whole == 1 else 's'}, or the counted hours that are meant"
        key: Steps = ("measure", "limit") if isinstance(measure, ShareWithin) else ("target",)
        yield Doubt((*promised.steps, *key), message, help)


def _longest(file: AgreementFile, hours: str) -> int:
    """The longest stretch of a calendar without a break, in a year; as long as a day where nobody can tell."""
    try:
        return max((end - start for start, end in file.calendars.service(hours, *year_window(file))), default=DAY)
    except AgreementError:
        return DAY


def _reaches_beyond(file: AgreementFile, hours: str, desk: str) -> bool:
    lo, hi = year_window(file)
    return bool(intervals.difference(file.calendars.service(hours, lo, hi), file.calendars.service(desk, lo, hi)))


def _hours(file: AgreementFile, promised: Promised) -> Steps:
    steps: Steps = (*promised.steps, "measure", "hours")
    said = file.document.route(steps)[0] == steps
    return steps if said else (*promised.steps, "measure")
