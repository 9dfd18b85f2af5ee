"""Promises that are finer than what anybody can see: samples, intervals, and the shortest outage that counts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import allowed_share, hours_of
from slacheck.language.quantities import Comparison
from slacheck.language.written import duration
from slacheck.lint.doubt import Doubt, Steps
from slacheck.lint.reading import Stretch, binding, shortest, watched
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import OfRecords
from slacheck.measures.rates import Rate
from slacheck.measures.share_within import ShareWithin

# Words of an instant that a monitor sets, not somebody who calls.
_SEEN = ("alarm", "alert", "detect", "down", "fail", "incident", "lost", "outage", "trigger")


def one_sample_decides(file: AgreementFile) -> Iterator[Doubt]:
    """One failed sample, or one bad interval, is more down time than the target allows in a period.

    Why: 99.99 % of a month are about four minutes. Watched by a probe every five minutes the promise knows two answers,
    none failed or breached, and a packet that was lost on the way costs the credit. One-minute probes cannot even say
    99.9 % of a 30-day month, which is 43.2 minutes. That counts of probes are not time is among the complaints that
    users of monitoring tools make most.

    Fix: probe more often than a quarter of what the target allows and say so in ``hold``, count only outages of several
    samples (``lasting``), lower the target, or judge a longer period.

    Silent: on a target of 100 % (see full-target), where ``lasting`` says how long an outage must last (see
    one-outage-decides), where several members must be down together (``quorum``), where subjects or classes are put
    together, on samples that hold for more than an hour, which are logs of changes, and on KPIs.

    Before:

        sources:
          probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 6m}
        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.99%"

    After:

        sources:
          probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 40s}
        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.99%"
    """
    for promised, allowed, named in _tight(file):
        measure = promised.promise.measure
        rule = file.agreement.down_rule(measure.from_) if isinstance(measure, OfRecords) else None
        if rule is not None and (rule.lasting is not None or rule.quorum is not None):
            continue
        for each in watched(file, promised):
            if allowed < each.step:
                message = (
                    f"one {each.of} counts for up to {duration(each.step)}, and '{promised.promise.target.text}' "
                    f"allows {duration(allowed)} of down time in {named}"
                )
                help = "watch more often, count only longer outages (lasting), or promise less"
                yield Doubt((*promised.steps, "target"), message, help)


def one_outage_decides(file: AgreementFile) -> Iterator[Doubt]:
    """The shortest outage that counts is longer than the down time that the target allows in a period.

    Why: with ``lasting`` a qualifying outage counts in full. Where it alone is more than the target allows, the
    percentage is ornament: the promise is "no outage of that length", a target of 100 % in other words. A platform with
    outages of ten minutes or more and 99.99 % a month promises exactly that.

    Fix: write what is meant, a count of outages (``kind: count``, ``target: "= 0"``), or a least length that the target
    has room for.

    Silent: on a target of 100 %, on KPIs, and where a period cannot be told.

    Before:

        outages:
          site-down: {from: probes, lasting: ">= 10m"}
        service_levels:
          availability:
            measure: {kind: availability, from: site-down}
            target: ">= 99.99%"

    After:

        outages:
          site-down: {from: probes, lasting: ">= 10m"}
        service_levels:
          availability:
            measure: {kind: count, from: site-down}
            target: "= 0"
    """
    for promised, allowed, named in _tight(file):
        measure = promised.promise.measure
        rule = file.agreement.down_rule(measure.from_) if isinstance(measure, Availability) else None
        if rule is not None and rule.lasting is not None and allowed < rule.least:
            message = (
                f"an outage counts from {duration(rule.least)} on, and '{promised.promise.target.text}' allows "
                f"{duration(allowed)} in {named}: any outage that counts is a breach"
            )
            help = "promise that there is none (kind: count), shorten 'lasting', or lower the target"
            yield Doubt((*promised.steps, "target"), message, help)


def shorter_than_a_sample(file: AgreementFile) -> Iterator[Doubt]:
    """A length in a promise or an outage rule is shorter than the time between two observations.

    Why: an outage of one minute between two probes five minutes apart was never seen, and one that was seen counts for
    five. ``lasting: ">= 1m"`` then qualifies everything, ``target: "<= 2m"`` is decided by a single sample, and a
    reaction within a minute of the alarm cannot be shown by a monitor that looks every ten. Both sides argue about time
    that nobody measured.

    Fix: watch more often, or write lengths of at least twice the interval.

    Silent: on logs, which say when an outage began and ended; on clocks that start with a report by people, and where
    several monitors watch; on samples that hold for more than an hour; on KPIs.

    Before:

        sources:
          probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 6m}
        outages:
          site-down: {from: probes, lasting: ">= 1m"}
        service_levels:
          availability:
            measure: {kind: availability, from: site-down}
            target: ">= 99.5%"

    After:

        sources:
          probes: {path: probes.csv, shape: samples, columns: {at: timestamp, state: status}, hold: 40s}
        outages:
          site-down: {from: probes, lasting: ">= 1m"}
        service_levels:
          availability:
            measure: {kind: availability, from: site-down}
            target: ">= 99.5%"
    """
    help = "watch more often, or write a length of twice that or more"
    monitors: dict[Steps, int] = {}
    for promised in binding(file):
        measure, target = promised.promise.measure, promised.promise.target.binding
        if not isinstance(measure, (Availability, Downtime)):
            continue
        rule = file.agreement.down_rule(measure.from_)
        for each in watched(file, promised):
            monitors[each.steps] = each.step
            if rule.lasting is not None and rule.least < each.step:
                message = (
                    f"no outage of '{rule.lasting.text}' can be told apart: one {each.of} counts for up to "
                    f"{duration(each.step)}"
                )
                yield Doubt(("outages", measure.from_, "lasting"), message, help)
            if isinstance(measure, Downtime) and target is not None and 0 < _bound(target) < each.step:
                message = f"one {each.of} counts for up to {duration(each.step)}, which '{target.text}' does not allow"
                yield Doubt((*promised.steps, "target"), message, help)
    if len(monitors) == 1:
        (step,) = monitors.values()
        for promised in binding(file):
            yield from _reaction(promised, step, help)


def _reaction(promised: Promised, step: int, help: str) -> Iterator[Doubt]:
    """A limit whose clock is started by a monitor that looks less often."""
    measure = promised.promise.measure
    if not isinstance(measure, (ShareWithin, Elapsed)) or measure.between is None:
        return
    if not all(any(word in name.lower() for word in _SEEN) for name in measure.between.start.words):
        return
    limit, key = (
        (measure.limit, ("measure", "limit"))
        if isinstance(measure, ShareWithin)
        else (promised.promise.target.binding, ("target",))
    )
    if isinstance(limit, Comparison) and limit.kind == "length" and 0 < _bound(limit) < step:
        message = (
            f"'{limit.text}' after '{measure.between.start}' is shorter than the {duration(step)} between two "
            "looks of the monitor"
        )
        yield Doubt((*promised.steps, *key), message, help)


def _bound(comparison: Comparison) -> Fraction:
    return max(comparison.edges)


def _tight(file: AgreementFile) -> Iterator[tuple[Promised, Fraction, str]]:
    """Promises of a share of time below 100 %, with the down time they allow in their shortest period."""
    known: dict[object, Stretch | None] = {}
    for promised in binding(file):
        share, rounded = allowed_share(promised), promised.promise.rounded
        timed = isinstance(promised.promise.measure, (Availability, Rate))
        if not timed or not share or promised.level.roll_up not in ("each", "worst") or promised.level.pooled:
            continue
        key = (hours_of(promised), promised.level.period)
        if key not in known:
            known[key] = shortest(file, promised)
        if (stretch := known[key]) is not None:
            # Rounding to the nearest lets half a step more be lost, any other at most a whole one.
            share += rounded.to.value if rounded is not None else 0
            yield promised, share * stretch.service, stretch.named
