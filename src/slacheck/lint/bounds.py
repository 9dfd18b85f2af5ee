"""Credits that nothing bounds, and credits that together are more than what was paid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from slacheck.agreement.checks.payable import paying
from slacheck.agreement.loading import AgreementFile
from slacheck.exposure import bounded_together, endless, most_of, repeated
from slacheck.fees.fee import AmountFee
from slacheck.lint.doubt import Doubt, Steps
from slacheck.money import decimal_text


def unbounded_exposure(file: AgreementFile) -> Iterator[Doubt]:
    """A credit is paid for each case, event, outage or unit, and nothing bounds how many there may be.

    Why: what a year can cost is the first question of whoever signs. A fixed amount per late case is small until the
    day on which every case is late; Royal Mail dropped an automatic penalty without a bound after it had cost 280
    million pounds in 18 months. Nearly all published agreements bound a month by its fee or a part of it.

    Fix: write a cap in the settlement (``cap: 20% of monthly``), an amount at risk, or a cap of the credit.

    Silent: where the settlement has a cap or an amount at risk, where the credit has a cap that is not for each record
    alone, where the level has one line a period, and where ``no-cap`` says it already. Where credits are bounded the
    last line of the report says what a year can cost at most, if the fees stand in the agreement.

    Before:

        service_levels:
          repair:
            per: case
            measure: {kind: elapsed, from: tickets, between: [opened, resolved]}
            target: "<= 8h"
            credit: {kind: fixed, pays: 25.00}

    After:

        service_levels:
          repair:
            per: case
            measure: {kind: elapsed, from: tickets, between: [opened, resolved]}
            target: "<= 8h"
            credit: {kind: fixed, pays: 25.00}
        settlement: {cap: 1000.00}
    """
    agreement = file.agreement
    if bounded_together(agreement):
        return
    said = {warning.line for warning in file.warnings if warning.code == "no-cap"}
    first: Steps | None = None
    endlessly: dict[str, str] = {}
    for promised in paying(agreement):
        credit = promised.promise.credit
        assert credit is not None
        steps = (*promised.steps, "credit")
        each = endless(agreement, promised, credit)
        if each and file.document.place(steps, "key").line not in said:
            first = first or steps
            endlessly.setdefault(promised.level_name, each)
    if first is not None:
        paid = ", ".join(f"each {each} of '{name}'" for name, each in endlessly.items())
        message = f"a credit is paid for {paid}, and nothing bounds how many: a year can cost any amount"
        help = "write a cap in the settlement, or one in the credit that is not for each record alone"
        yield Doubt(first, message, help, "key")


def exposure_above_fee(file: AgreementFile) -> Iterator[Doubt]:
    """Credits of several lines can together be more than the fee they are shares of, and nothing bounds their sum.

    Why: each level is bounded by its table, their sum is not. Two levels of 100 % each let a bad month cost twice what
    was paid for it; published agreements that add credits up (outsourcing, startup software) bound the sum.

    Fix: write ``cap: 100% of FEE`` or less in the settlement, or ``combine: highest``.

    Silent: with a cap or an amount at risk in the settlement, where credits are not simply added up, on fees out of a
    register (each subject has its own), on levels with a period of their own, and on credits in amounts or points.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 95%": 75%}}
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 8h}
            target: ">= 90%"
            credit: {kind: bands, of: monthly, bands: {"< 90%": 10%, "< 50%": 50%}}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%, "< 95%": 75%}}
          resolution:
            measure: {kind: share-within, from: tickets, between: [opened, resolved], limit: 8h}
            target: ">= 90%"
            credit: {kind: bands, of: monthly, bands: {"< 90%": 10%, "< 50%": 50%}}
        settlement: {cap: 100% of monthly}
    """
    agreement, terms = file.agreement, file.agreement.settlement
    if bounded_together(agreement) or terms.combine != "sum" or terms.exclusive or terms.critical:
        return
    together: dict[str, Fraction] = {}
    for promised in paying(agreement):
        credit = promised.promise.credit
        most = most_of(agreement, promised, credit) if credit is not None and not repeated(promised) else None
        if most is None or most.pay.share is None or promised.level.period is not None:
            continue
        before = together.get(most.fee, Fraction(0))
        together[most.fee] = before + most.size * most.lines
        plain = isinstance(agreement.fees.get(most.fee), (Decimal, AmountFee))
        if plain and before <= 1 < together[most.fee] and (before or most.lines > 1):
            percent = decimal_text(together[most.fee] * 100)
            message = f"with this level the credits of a {agreement.period.every} can be {percent}% of '{most.fee}'"
            help = f"write cap: 100% of {most.fee} in the settlement, or combine: highest"
            yield Doubt((*promised.steps, "credit"), message, help, "key")
