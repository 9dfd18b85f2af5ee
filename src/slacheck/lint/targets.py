"""Targets by themselves: never anything wrong, the operator turned round, another number in the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from slacheck.agreement.level_terms import ShareOfSubjects
from slacheck.agreement.loading import AgreementFile
from slacheck.language.quantities import Comparison
from slacheck.lint.doubt import Doubt
from slacheck.lint.reading import binding
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.error_rate import ErrorRate
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.success_rate import SuccessRate
from slacheck.remedies.lost_time import LostTime
from slacheck.remedies.per_unit import PerUnit

_PERCENTAGE = re.compile(r"(?<![\w.])([0-9]{1,3}(?:\.[0-9]+)?)\s?%")


def full_target(file: AgreementFile) -> Iterator[Doubt]:
    """A target of 100 %: the first lost second, or the first late case, is a breach.

    Why: nobody keeps it, so that the provider prices the credit in or fights over every exclusion. In published
    agreements the few targets of 100 % (network and DNS services, content delivery) mostly stand beside a credit that
    grows with the time lost. Beside a fixed row it makes one second cost as much as an hour.

    Fix: promise what can be kept, or pay by the time lost (``per-unit``, ``lost-time``).

    Silent: where the credit grows from the first unit (``per-unit``, ``lost-time``), on counts and lengths (``= 0``,
    ``<= 0m``), on shares of subjects, and on KPIs.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 100%"
            credit: {kind: bands, of: monthly, bands: {"< 100%": 10%, "< 99%": 25%}}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 100%"
            credit: {kind: lost-time, of: monthly, times: 10, cap: 50%}
    """
    for promised in binding(file):
        target, credit = promised.promise.target.binding, promised.promise.credit
        if isinstance(promised.level.roll_up, ShareOfSubjects):
            continue
        if target is None or isinstance(credit, (PerUnit, LostTime)) or not _never_missed(target):
            continue
        message = f"'{target.text}' is missed by the first second or case that goes wrong"
        help = "promise what can be kept, or pay by what was lost (per-unit, lost-time)"
        yield Doubt((*promised.steps, "target"), message, help)


def reversed_target(file: AgreementFile) -> Iterator[Doubt]:
    """The operator of a target is turned round: an availability of at most so much, down time of at least so much.

    Why: a service that is never up meets ``<= 99.9%``. Of the published agreements that the authors of iAgree wrote
    down in their language two (Factobyte, Cloud Lock) state the objective as ``Availability <= 99.9``, the condition
    under which something is paid in the place of the promise.

    Fix: write ``>=`` for what should be high (availability, success rate, share within a limit), ``<=`` for what should
    be low (error rate, down time, length of a case).

    Silent: on counts, statistics, reported values and composites, which may be good either way; on the time between
    outages, which should be long; on targets with two sides; on shares of subjects.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: "<= 99.9%"

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
    """
    for promised in file.agreement.promised():
        target, measure = promised.promise.target.binding, promised.promise.measure
        if target is None or target.lower_is_worse is None or isinstance(promised.level.roll_up, ShareOfSubjects):
            continue
        high = isinstance(measure, (Availability, SuccessRate, ShareWithin))
        low = isinstance(measure, (ErrorRate, Elapsed)) or (
            isinstance(measure, Downtime) and measure.statistic != "between"
        )
        if (high and not target.lower_is_worse) or (low and target.lower_is_worse):
            message = f"'{target.text}' is met by the worst {measure.kind} there is"
            other = target.text.translate(str.maketrans("<>", "><"))
            yield Doubt((*promised.steps, "target"), message, f'write "{other}"')


def title_beside_target(file: AgreementFile) -> Iterator[Doubt]:
    """A title names a percentage that no target beside it has.

    Why: a cloud provider's service description of 2019 says 99.95 % in its header and 99.99 % in its table. Which of
    them binds is decided by whoever reads the contract last.

    Fix: write the same number, or leave it out of the title and keep the reading in ``notes``.

    Silent: where one of the targets, classes included, has the number of the title, and where the title names none.

    Before:

        service_levels:
          availability:
            title: Monthly uptime of 99.95%
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"

    After:

        service_levels:
          availability:
            title: Monthly uptime of 99.9%
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
    """
    everywhere: set[Fraction] = set()
    for name, level in file.agreement.service_levels.items():
        shares = {
            edge
            for promise in level.promises.values()
            for each in (promise.target.binding, promise.target.expected)
            if each is not None and each.kind == "share"
            for edge in each.edges
        }
        everywhere |= shares
        yield from _differing(("service_levels", name, "title"), level.title, shares)
    yield from _differing(("title",), file.agreement.title, everywhere)


def _differing(steps: tuple[str, ...], title: str | None, shares: set[Fraction]) -> Iterator[Doubt]:
    named = {Fraction(number) / 100: f"{number}%" for number in _PERCENTAGE.findall(title or "")}
    if shares and named and not shares & named.keys():
        message = f"the title says {' and '.join(named.values())}, and no target does"
        yield Doubt(steps, message, "write the number of the target, or none")


def _never_missed(target: Comparison) -> bool:
    """Whether only the best share there is meets the target."""
    if target.kind != "share" or len(target.bounds) != 1:
        return False
    (bound,) = target.bounds
    return (bound.operator in (">=", "=") and bound.value == 1) or (bound.operator in ("<=", "=") and bound.value == 0)
