"""Levels whose value rests on what nobody sees: silence that counts as good, and figures of the one who owes."""

from __future__ import annotations

from collections.abc import Iterator

from slacheck.agreement.checks.payable import paying
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.usage import sources_of
from slacheck.lint.doubt import Doubt
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.measures.rates import Rate
from slacheck.measures.reported_value import ReportedValue


def silence_is_up(file: AgreementFile) -> Iterator[Doubt]:
    """Missing observations count as good, or are left out without a least coverage.

    Why: no data that reads as good is the first complaint of those who use monitoring tools: a probe that dies takes
    the outage with it, and who runs the probe decides the verdict. One model template deems a missing report a default.

    Fix: leave ``missing`` out (both bounds are shown, and the verdict stays open where they differ), or say how much
    must be known: ``coverage: ">= 95%"``.

    Silent: with a ``coverage``, on KPIs, and on levels without a credit.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            missing: up
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            missing: up
            coverage: ">= 95%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
    """
    for promised in paying(file.agreement):
        promise, measure = promised.promise, promised.promise.measure
        known = isinstance(measure, (Availability, Downtime, Rate))
        if known and promise.coverage is None and promise.missing in ("up", "exclude"):
            counted = "counts as up" if promise.missing == "up" else "is left out"
            message = f"what nobody observed {counted}, however much it is"
            help = "write coverage: \">= 95%\" beside it, or leave 'missing' out"
            yield Doubt((*promised.steps, "missing"), message, help)


def no_rows_are_good(file: AgreementFile) -> Iterator[Doubt]:
    """A level with a credit reads intervals without a row as intervals without a fault.

    Why: with ``absent_rows: empty`` and ``empty_interval: good`` an export that broke off on the third of the month is
    a month of nearly 100 %, and an empty one is perfect. Cloud contracts do say that an interval without requests has
    no errors; they do not say that an export without rows had no requests.

    Fix: export rows of zero requests and leave ``absent_rows`` out; then a row that is missing is missing. Where the
    log knows no such rows, say in a reason who sees that it is whole.

    Silent: where every interval has a row (``absent_rows: unknown``), where an interval without requests is skipped,
    bad or missing, on KPIs and levels without a credit.

    Before:

        sources:
          requests:
            path: requests.csv
            shape: counts
            columns: {at: minute, total: all, bad: errors}
            interval: 1m
            absent_rows: empty
        service_levels:
          availability:
            measure: {kind: success-rate, from: requests, mean_of_each: 5m}
            empty_interval: good
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}

    After:

        sources:
          requests: {path: requests.csv, shape: counts, columns: {at: minute, total: all, bad: errors}, interval: 1m}
        service_levels:
          availability:
            measure: {kind: success-rate, from: requests, mean_of_each: 5m}
            empty_interval: good
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
    """
    for promised in paying(file.agreement):
        if promised.promise.empty_interval != "good":
            continue
        for name in sources_of(file.agreement, promised):
            if file.agreement.sources[name].absent_rows == "empty":
                message = (
                    f"an interval that '{name}' says nothing of counts as good, and so does a file that breaks off"
                )
                help = "export the intervals without requests too, and leave 'absent_rows' out"
                yield Doubt(("sources", name, "absent_rows"), message, help)


def self_reported(file: AgreementFile) -> Iterator[Doubt]:
    """A credit rests on a figure that is delivered as such, without the records behind it.

    Why: a reported value cannot be worked out again. Who delivers it, nearly always the provider, decides what he owes,
    and a customer who doubts it has nothing to point at.

    Fix: measure from records (probes, tickets, a survey's answers) with ``statistic``, or agree on who works the figure
    out and keep that in a reason.

    Silent: on KPIs, on levels without a credit, and on every other measure.

    Before:

        service_levels:
          delay:
            measure: {kind: reported-value, from: latency}
            target: "<= 45ms"
            credit: {kind: fixed, pays: 5%, of: monthly}

    After:

        service_levels:
          delay:
            measure: {kind: statistic, from: latency, statistic: mean}
            target: "<= 45ms"
            credit: {kind: fixed, pays: 5%, of: monthly}
    """
    for promised in paying(file.agreement):
        measure = promised.promise.measure
        if isinstance(measure, ReportedValue):
            message = f"the credit rests on a figure that '{measure.from_}' delivers, and nobody can work it out again"
            help = "measure it from records (kind: statistic), or say in a reason who works it out"
            yield Doubt((*promised.steps, "measure", "kind"), message, help)
