"""Shares of few, percentiles of nobody's method, intervals with hardly any traffic."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import allowed_share
from slacheck.agreement.usage import sources_of
from slacheck.language.quantities import HOUR
from slacheck.lint.doubt import Doubt
from slacheck.lint.reading import binding
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistic import ValueStatistic
from slacheck.measures.success_rate import SuccessRate

# From so many cases on one that fails is no breach; below it a percentage is a promise of none.
_MANY = 50


def few_cases_decide(file: AgreementFile) -> Iterator[Doubt]:
    """A share of cases is promised so high that a single case breaks it in any period with fewer than fifty or more.

    Why: 98 % of five tickets is five tickets. A framework agreement has a rule of its own for up to 39 incidents a
    period, at most two late, and the percentage from 40 on; a bus contract counts a driver only from 100 time points
    on. Without one a quiet month is the dangerous one.

    Fix: say what holds for few: ``low_volume: {below: 50, then: {misses: "<= 1"}}``, or ``then: not-applicable``.

    Silent: on targets below 98 %, where one late case is no breach from fewer than 50 on; with ``low_volume``; on
    counts and samples, of which there are many; on KPIs; on periods of a year and those that roll over months.

    Before:

        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
            target: ">= 98%"

    After:

        service_levels:
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 4h}
            target: ">= 98%"
            low_volume: {below: 50, then: {misses: "<= 1"}}
    """
    for promised in binding(file):
        promise, measure = promised.promise, promised.promise.measure
        if promise.low_volume is not None:
            continue
        if not isinstance(measure, (ShareWithin, SuccessRate)):
            continue
        own = promised.level.period
        long = own.rolling is not None or own.every == "year" if own else file.agreement.period.every == "year"
        shapes = {file.agreement.sources[name].shape for name in sources_of(file.agreement, promised)}
        share = allowed_share(promised)
        if long or not share or not shapes <= {"cases", "events"} or 1 / share < _MANY:
            continue
        message = f"with fewer than {ceil(1 / share)} cases in a period a single one breaks '{promise.target.text}'"
        help = f'say what holds for few: low_volume: {{below: {ceil(1 / share)}, then: {{misses: "<= 1"}}}}'
        yield Doubt((*promised.steps, "target"), message, help)


def no_least_traffic(file: AgreementFile) -> Iterator[Doubt]:
    """A bad interval is told by the share of bad requests alone, however few requests it had.

    Why: one request in the night that fails is a share of 100 %, and the minute is down. Providers of cloud services
    therefore ask for 100 or 2,000 requests before a minute can be bad; where a contract does not, a monitor of the
    customer can make down time by asking once a minute.

    Fix: say from how many requests on an interval can be bad: ``minimum: 100``.

    Silent: with a ``minimum``, on intervals of an hour or more, and where only KPIs read the rule.

    Before:

        outages:
          api-down: {from: requests, when: {bad_share: "> 5%", each: 1m}}
        service_levels:
          availability:
            measure: {kind: availability, from: api-down}
            empty_interval: good
            target: ">= 99.9%"

    After:

        outages:
          api-down: {from: requests, when: {bad_share: "> 5%", each: 1m, minimum: 100}}
        service_levels:
          availability:
            measure: {kind: availability, from: api-down}
            empty_interval: good
            target: ">= 99.9%"
    """
    read = {
        promised.promise.measure.from_ for promised in binding(file) if isinstance(promised.promise.measure, OfRecords)
    }
    for name, rule in file.agreement.outages.items():
        bad = rule.bad_intervals
        if name in read and bad is not None and bad.minimum < 2 and bad.each < HOUR:
            message = f"a single request can make an interval '{bad.bad_share.text}' bad"
            yield Doubt(("outages", name, "when"), message, "say from how many requests on: minimum: 100")


def percentile_without_method(file: AgreementFile) -> Iterator[Doubt]:
    """A percentile is promised, and the contract does not say how it is taken.

    Why: of twenty values the 95th percentile is the nineteenth by nearest rank, and something between it and the
    twentieth by the two rules that interpolate; the report of a load test tool and a spreadsheet each take another one.
    Near the target they disagree about the verdict, with the same values.

    Fix: write ``method: nearest-rank``, ``r6`` or ``r7``, and the same words into the contract.

    Silent: with a ``method``; on the median, which is the middle by all of them; on means; on KPIs.

    Before:

        service_levels:
          latency:
            measure: {kind: statistic, from: latency, statistic: p95}
            target: "<= 300ms"

    After:

        service_levels:
          latency:
            measure: {kind: statistic, from: latency, statistic: p95, method: nearest-rank}
            target: "<= 300ms"
    """
    for promised in binding(file):
        measure = promised.promise.measure
        if not isinstance(measure, (ValueStatistic, Elapsed)):
            continue
        statistic = measure.statistic
        percentile = statistic is not None and statistic.share is not None and statistic.text != "median"
        if statistic is not None and percentile and measure.method is None:
            message = (
                f"nothing says how '{statistic.text}' is taken; by nearest rank it is, unless the contract differs"
            )
            help = "write method: nearest-rank, r6 or r7"
            yield Doubt((*promised.steps, "measure", "statistic"), message, help)
