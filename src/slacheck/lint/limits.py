"""Limits on cases beside each other, and the instants from which they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from slacheck.agreement.level import Level, Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import timed_in_hours
from slacheck.language.quantities import Comparison
from slacheck.lint.doubt import Doubt, Steps
from slacheck.lint.reading import binding
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.share_within import ShareWithin

_ANSWER = re.compile("(?i)respon|answer|repl|react|accept|ack|attend")
_SOLUTION = re.compile("(?i)solv|restor|clos|fixed|repair|done")
_BY_PROVIDER = re.compile("(?i)confirm|acknowledg|accept|verif|diagnos|in_?progress|work_?start")
_NUMBERED = re.compile(r"(\D*)(\d{1,3})")


def priorities_out_of_order(file: AgreementFile) -> Iterator[Doubt]:
    """A higher priority has a longer limit than the one below it.

    Why: classes are copied and their numbers changed; P2 in four hours under P1 in eight is nearly always a slip, and
    the one it favours will call it agreed.

    Fix: put the limits in order.

    Silent: on classes whose names are not one word with numbers that follow each other (P1, P2, P3); on classes with
    different calendars; on limits in different units; on KPIs.

    Before:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, resolved: resolved_at, priority: priority}
        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved]}
            by: priority
            classes: {P1: {limit: 8h}, P2: {limit: 4h}, P3: {limit: 24h}}
            target: ">= 95%"

    After:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, resolved: resolved_at, priority: priority}
        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved]}
            by: priority
            classes: {P1: {limit: 4h}, P2: {limit: 8h}, P3: {limit: 24h}}
            target: ">= 95%"
    """
    for name, level in file.agreement.service_levels.items():
        if level.role == "kpi":
            continue
        for (earlier, high), (later, low) in pairwise(_in_order(level)):
            alike = _hours_in(level, earlier) == _hours_in(level, later) and high.kind == low.kind
            ceilings = high.lower_is_worse is False and low.lower_is_worse is False
            if alike and ceilings and high.edges[0] > low.edges[0]:
                message = f"'{earlier}' has {high.text}, longer than '{later}' with {low.text}"
                steps: Steps = ("service_levels", name, "promises", earlier)
                yield Doubt(steps, message, "put the limits in the order of the priorities", "key")


def answer_after_solution(file: AgreementFile) -> Iterator[Doubt]:
    """The limit for the answer is longer than that for the solution of the same case.

    Why: nobody solves what he has not answered. One of the two limits belongs to another priority or is in another
    unit; the shorter one makes the longer a promise of nothing.

    Fix: put the right limit into each.

    Silent: where the two begin at other instants, read other sources, count in other calendars or have other classes;
    where the names of the instants do not say which is which; on KPIs.

    Before:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, answered: first_reply, resolved: resolved_at}
        service_levels:
          response:
            measure: {kind: share-within, from: tickets, between: [opened, answered], limit: 8h}
            target: ">= 95%"
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
            target: ">= 95%"

    After:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, answered: first_reply, resolved: resolved_at}
        service_levels:
          response:
            measure: {kind: share-within, from: tickets, between: [opened, answered], limit: 30m}
            target: ">= 95%"
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
            target: ">= 95%"
    """
    timed: list[tuple[Promised, ShareWithin, Comparison]] = []
    for promised in binding(file):
        measure = promised.promise.measure
        if isinstance(measure, ShareWithin) and timed_in_hours(measure):
            assert isinstance(measure.limit, Comparison)
            timed.append((promised, measure, measure.limit))
    for promised, measure, limit in timed:
        for other, solving, most in timed:
            assert measure.between is not None
            assert solving.between is not None
            alike = (measure.from_, measure.between.start, measure.hours, promised.of_class) == (
                solving.from_,
                solving.between.start,
                solving.hours,
                other.of_class,
            )
            named = _ANSWER.search(str(measure.between.end)) and _SOLUTION.search(str(solving.between.end))
            if alike and named and max(limit.edges) > max(most.edges):
                message = f"'{limit.text}' until '{measure.between.end}' is longer than all that '{other.named}' has"
                yield Doubt((*promised.steps, "measure", "limit"), message, "put the right limit into each")


def provider_starts_clock(file: AgreementFile) -> Iterator[Doubt]:
    """The clock of an outage or a case starts when the provider confirms, acknowledges or accepts it.

    Why: the same outage has very different minutes by the clock of the alarm, the ticket, the confirmation or the
    repair crew. Where the one who owes says when it began, he can look into it for an hour first. Contracts that were
    read start with the first of alarm and ticket, with the report, or at the latest half an hour after it.

    Fix: start with the instant of the customer or of the monitor: ``{first_of: [alarm, opened]}``.

    Silent: where one of several instants is another one (``first_of``), on instants of other names, and on KPIs.

    Before:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, confirmed: confirmed_at, resolved: resolved_at}
        service_levels:
          repair:
            measure: {kind: share-within, from: tickets, between: [confirmed, resolved], limit: 4h}
            target: ">= 95%"
          answer:
            measure: {kind: share-within, from: tickets, between: [opened, confirmed], limit: 1h}
            target: ">= 95%"

    After:

        sources:
          tickets:
            path: tickets.csv
            shape: cases
            columns: {id: number, opened: opened_at, confirmed: confirmed_at, resolved: resolved_at}
        service_levels:
          repair:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
            target: ">= 95%"
          answer:
            measure: {kind: share-within, from: tickets, between: [opened, confirmed], limit: 1h}
            target: ">= 95%"
    """
    told: set[Steps] = set()
    for promised in binding(file):
        measure = promised.promise.measure
        steps: Steps = (*promised.steps, "measure", "between")
        between = getattr(measure, "between", None)
        if isinstance(measure, OfRecords) and (rule := file.agreement.outages.get(measure.from_)) is not None:
            steps, between = ("outages", measure.from_, "between"), rule.between
        if between is None or steps in told:
            continue
        told.add(steps)
        if all(_BY_PROVIDER.search(word) for word in between.start.words):
            message = f"the clock starts at '{between.start}', which the provider sets"
            help = "start with an instant of the customer or the monitor: {first_of: [alarm, opened]}"
            yield Doubt((*steps, 0), message, help)


def _in_order(level: Level) -> list[tuple[str, Comparison]]:
    """The limits of classes that are numbered alike, by number."""
    found: list[tuple[str, int, str, Comparison]] = []
    for name, promise in level.promises.items():
        numbered = _NUMBERED.fullmatch(name)
        measure = promise.measure
        limit = measure.limit if isinstance(measure, ShareWithin) else promise.target.binding
        if numbered and isinstance(limit, Comparison) and isinstance(measure, (ShareWithin, Elapsed)):
            found.append((numbered[1], int(numbered[2]), name, limit))
    alike = len({prefix for prefix, *_ in found}) == 1
    return [(name, limit) for _, _, name, limit in sorted(found, key=lambda each: each[1])] if alike else []


def _hours_in(level: Level, name: str) -> str | None:
    measure = level.promises[name].measure
    return measure.hours if isinstance(measure, (ShareWithin, Elapsed)) else None
