"""Periods: nominal lengths, two yardsticks for one promise, parts at the edges, levels that are never in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, timedelta
from fractions import Fraction

from slacheck.agreement.level import Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.period_terms import PeriodTerms
from slacheck.agreement.promised import allowed_share, hours_of
from slacheck.fees.fee import AmountFee
from slacheck.language.quantities import DAY
from slacheck.language.written import duration
from slacheck.lint.doubt import Doubt, Steps
from slacheck.lint.reading import binding
from slacheck.measures.availability import Availability
from slacheck.measures.downtime import Downtime
from slacheck.remedies.bands import Bands
from slacheck.remedies.fixed import Fixed
from slacheck.remedies.per_unit import PerUnit
from slacheck.timeline.periods import FEWEST_DAYS, MOST_DAYS, containing


def nominal_length(file: AgreementFile) -> Iterator[Doubt]:
    """A period has a nominal length that stands for the real one: 730 hours, 43,200 minutes, 30 days.

    Why: no month has 730 hours. In a February of 672 the same percentage then allows almost 9 % more down time than the
    month has room for, in a month of 744 hours 2 % less. A contract that prints 43,200 minutes is right in months of 30
    days.

    Fix: leave ``length`` out: the real minutes count. Where the contract does fix the number, say the clause in a
    reason.

    Silent: without ``length``, and where the length is that of the real period.

    Before:

        period: {every: month, length: 730h}

    After:

        period: month
    """
    agreement = file.agreement
    found: list[tuple[Steps, PeriodTerms]] = [(("period", "length"), agreement.period)]
    for name, level in agreement.service_levels.items():
        if level.period is not None and level.period.rolling is None:
            found.append((("service_levels", name, "period", "length"), level.period))
    for steps, terms in found:
        if terms.length is None:
            continue
        least, most = (days[terms.every] * DAY for days in (FEWEST_DAYS, MOST_DAYS))
        if not least == most == terms.length:
            message = f"{duration(terms.length)} stand for every {terms.every}, which has {duration(least)}"
            message += f" to {duration(most)}" if least != most else ""
            yield Doubt(steps, message, "leave 'length' out, or name in a reason the clause that fixes it")


def two_yardsticks(file: AgreementFile) -> Iterator[Doubt]:
    """One promise is written twice, in percent and in hours, and the two agree in a month of one length only.

    Why: a network provider prints each row of its table both in percent and in hours, and an hour is 0.1389 % of a
    month of 30 days alone. In February 42 minutes of outage break 99.9 % and keep a limit of 44 minutes, in January
    44m30s do the opposite, and nothing says which of the two governs.

    Fix: let one of them be the service level and the other a KPI, or keep one.

    Silent: where the two differ too much to be the same promise (they agree in no month of 27 to 32 days), where they
    read other outages, hours or classes, and where one of them is a KPI.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
          downtime:
            measure: {kind: downtime, from: probes}
            target: "<= 43m12s"

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
          downtime:
            role: kpi
            measure: {kind: downtime, from: probes}
            target: "<= 43m12s"
    """
    promises = list(binding(file))
    shares = [each for each in promises if isinstance(each.promise.measure, Availability) and allowed_share(each)]
    for timed in promises:
        measure, target = timed.promise.measure, timed.promise.target.binding
        plain = isinstance(measure, Downtime) and measure.statistic == "total" and target is not None
        if not plain or target is None or target.lower_is_worse is not False or _own_period(timed):
            continue
        for other in shares:
            share = allowed_share(other)
            assert share is not None
            same = timed.of_class == other.of_class and _of(timed) == _of(other) and not _own_period(other)
            days = target.edges[0] / share / DAY
            if same and file.agreement.period.every == "month" and 27 <= days <= 32:
                message = (
                    f"'{target.text}' is the '{other.promise.target.text}' of '{other.level_name}' in a month of "
                    f"{_days_text(days)} days, and in no other: which of them governs?"
                )
                yield Doubt((*timed.steps, "target"), message, "keep one of the two, or make one a KPI (role: kpi)")


def part_period_unsaid(file: AgreementFile) -> Iterator[Doubt]:
    """The agreement begins or ends within a period, and does not say what becomes of the part.

    Why: four rules are in use, and they cannot all be meant: measure the agreed part alone, count the absent part as
    available, judge the whole, or settle nothing. A cloud database counts the part without a cluster as available, a
    model contract measures subscribed days, a carrier pays nothing for the month of the cancellation.

    Fix: write ``partial: agreed-part``, ``absent-is-up``, ``whole`` or ``not-settled`` in the period, or begin on its
    first day.

    Silent: where ``partial`` is said, and where both ends are those of a period.

    Before:

        effective: 2026-03-10

    After:

        effective: 2026-03-10
        period: {every: month, partial: agreed-part}
    """
    agreement = file.first.agreement
    if "partial" in agreement.period.model_fields_set:
        return
    for key, day in (("effective", agreement.effective), ("until", agreement.until)):
        if day is None or day.year == MAXYEAR:
            # The last year of the calendar is how people write "for ever".
            continue
        first = day + timedelta(days=1) if key == "until" else day
        if containing(agreement.period.cycle, first).start != first:
            part = "begins" if key == "effective" else "ends"
            message = (
                f"the agreement {part} within a {agreement.period.every}, and nothing says how the part is settled"
            )
            own = f"{{every: {agreement.period.every}, partial: agreed-part}}"
            help = f"write period: {own}; or absent-is-up, whole, not-settled"
            yield Doubt((key,), message, help)


def never_in_force(file: AgreementFile) -> Iterator[Doubt]:
    """A level is in force only before the agreement begins, or after it has ended.

    Why: dates of a level are copied from the year before. The level then shows in no statement, and what is missing
    there is what nobody looks for.

    Fix: put the dates of the level inside those of the agreement.

    Silent: where a single day is common to both.

    Before:

        effective: 2026-01-01
        until: 2026-12-31
        service_levels:
          availability:
            effective: 2027-01-01
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"

    After:

        effective: 2026-01-01
        until: 2026-12-31
        service_levels:
          availability:
            effective: 2026-07-01
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
    """
    begin, last = file.first.agreement.effective, file.until
    for name, level in file.agreement.service_levels.items():
        if level.effective and last and level.effective > last:
            message = f"the level begins after the agreement has ended on {last}"
            yield Doubt(("service_levels", name, "effective"), message, "put its dates inside those of the agreement")
        if level.until and begin and level.until < begin:
            message = f"the level ends before the agreement begins on {begin}"
            yield Doubt(("service_levels", name, "until"), message, "put its dates inside those of the agreement")


def fee_of_other_stretch(file: AgreementFile) -> Iterator[Doubt]:
    """A percentage is judged over one stretch and paid of the fee of another.

    Why: a contract that measures a quarter and pays of the monthly fee pays a third of what it seems to: bad quarters
    cost as much as bad months. The other way round 10 % of a yearly fee for one bad month is more than the month cost.

    Fix: name a fee of the period, or let the level have the period that the fee pays for.

    Silent: on fees for the period, for the term and for lengths such as 30 days; on days of a fee; on fees out of a
    register; on caps; where breaches of a longer stretch are counted (``repeat``).

    Before:

        period: quarter
        fees:
          monthly: {amount: 400.00, for: month}
        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}

    After:

        period: quarter
        fees:
          quarterly: {amount: 1200.00, for: quarter}
        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: quarterly, bands: {"< 99.9%": 10%}}
    """
    agreement = file.agreement
    for promised in agreement.promised():
        credit = promised.promise.credit
        if not isinstance(credit, (Bands, Fixed, PerUnit)) or credit.repeat is not None:
            continue
        own = promised.level.period
        every = own.every if own is not None and own.rolling is None else agreement.period.every
        shares = {pay.fee or credit.of for _, pay in credit.rates() if pay.share}
        for name in shares:
            fee = agreement.fees.get(name or "")
            if isinstance(fee, AmountFee) and isinstance(fee.for_, str) and fee.for_ not in (every, "term"):
                message = f"'{name}' is the fee of a {fee.for_}, and the level is judged by the {every}"
                steps: Steps = (*promised.steps, "credit", "of")
                yield Doubt(steps, message, f"name a fee of the {every}, or judge the level by the {fee.for_}")


def _of(promised: Promised) -> tuple[str, str, object]:
    measure = promised.promise.measure
    assert isinstance(measure, (Availability, Downtime))
    return measure.from_, hours_of(promised), (promised.promise.where, measure.where)


def _own_period(promised: Promised) -> bool:
    return promised.level.period is not None


def _days_text(days: Fraction) -> str:
    text = f"{days.numerator * 10 // days.denominator}"
    return f"{text[:-1]}.{text[-1]}".removesuffix(".0")
