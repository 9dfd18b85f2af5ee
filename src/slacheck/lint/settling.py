"""Money and dates of the settlement, and the zone that both are counted in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.promised import hours_of
from slacheck.agreement.right_terms import counts_claims
from slacheck.agreement.usage import sources_of
from slacheck.calendars.hours import Week
from slacheck.calendars.references import resting_on
from slacheck.lint.doubt import Doubt
from slacheck.measures.measure import OfRecords
from slacheck.money import withdrawn
from slacheck.timeline.periods import FEWEST_DAYS, MOST_DAYS

_FIXED = re.compile(r"Etc/GMT[+-][0-9]{1,2}|EST|MST|HST")
_NO_CLOCK_CHANGES = (
    "UTC",
    "Etc/UTC",
    "GMT",
    "Etc/GMT",
    "Zulu",
    "Etc/Zulu",
    "UCT",
    "Etc/UCT",
    "Universal",
    "Etc/Universal",
)
# Countries whose clocks show it all year.
_IN_UTC = frozenset(("BF", "CI", "GH", "GM", "GN", "GW", "IS", "LR", "ML", "MR", "SH", "SL", "SN", "ST", "TG"))
# Metals, units of funds, tests, and no currency at all.
_NO_MONEY = frozenset(("XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XPD", "XPT", "XTS", "XXX"))


def claim_before_statement(file: AgreementFile) -> Iterator[Doubt]:
    """What happened early in a period must be claimed before the period is over, and so before anybody settled it.

    Why: "within 15 days of the incident" beside a monthly percentage. Whether the month is a breach is known at its
    end; the outage of the second must be claimed by the seventeenth. Many published agreements count from the end of
    the month or of a billing cycle, 30 to 60 days.

    Fix: count from ``period-end``, or give at least a period's length.

    Silent: where records are credited one by one (``per: case``, ``event``, ``outage``), since each is a breach by
    itself; where the days reach to the end of the shortest period; where no level earns a credit.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
        settlement:
          claim: {within: 15 days, after: incident}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
        settlement:
          claim: {within: 15 days, after: period-end}
    """
    agreement = file.agreement
    whole = [
        each
        for each in agreement.promised()
        if each.promise.credit is not None and (each.level.per is None or each.level.per.record is None)
    ]
    if not whole:
        return
    for index, claim in enumerate(agreement.settlement.claim):
        days = claim.within.count * MOST_DAYS.get(claim.within.unit, 0)
        early = claim.after in ("incident", "awareness", "ticket-closed")
        if early and 0 < days < FEWEST_DAYS[agreement.period.every]:
            named = f"{claim.within} after the {claim.after}"
            message = (
                f"{named} can be over before the {agreement.period.every} is, and '{whole[0].named}' is judged by it"
            )
            steps = ("settlement", "claim", "within")
            listed = ("settlement", "claim", index, "within")
            several = file.document.route(listed)[0] == listed
            yield Doubt(listed if several else steps, message, "write after: period-end, or a longer time")


def paid_twice(file: AgreementFile) -> Iterator[Doubt]:
    """Two levels pay for the same outages or tickets, and the settlement does not say whether both count.

    Why: contracts differ widely on one incident that breaches several levels. One cloud platform lets the customer pick
    one of them, another provider pays the highest, a carrier adds availability and repair but neither beside delay, a
    model contract adds all. Without a word the two sides read it each their way; slacheck adds them up.

    Fix: write ``combine: sum``, ``highest`` or ``{one_per: COLUMN}``, or name ``exclusive`` pairs.

    Silent: where ``combine``, ``exclusive``, ``critical`` or ``at_risk`` is said; where levels read other sources; on
    credits in points, which are added by nature; between classes of one level.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
          longest-outage:
            measure: {kind: downtime, from: probes, statistic: longest}
            target: "<= 1h"
            credit: {kind: bands, of: monthly, bands: {"> 1h": 5%}}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
          longest-outage:
            measure: {kind: downtime, from: probes, statistic: longest}
            target: "<= 1h"
            credit: {kind: bands, of: monthly, bands: {"> 1h": 5%}}
        settlement: {combine: highest}
    """
    agreement = file.agreement
    if agreement.settlement.model_fields_set & {"combine", "exclusive", "critical", "at_risk"}:
        return
    first: dict[str, str] = {}
    told: set[str] = set()
    for promised in agreement.promised():
        credit, measure = promised.promise.credit, promised.promise.measure
        if credit is None or credit.in_points or not isinstance(measure, OfRecords) or measure.where is not None:
            continue
        if promised.promise.where is not None:
            continue
        for source in sources_of(agreement, promised):
            other = first.setdefault(source, promised.level_name)
            if other != promised.level_name and promised.level_name not in told:
                told.add(promised.level_name)
                message = f"'{other}' pays by '{source}' too, and nothing says whether one failure is paid twice"
                help = "write combine: sum, highest or {one_per: COLUMN} in the settlement"
                yield Doubt((*promised.steps, "credit"), message, help, "key")


def paid_or_claimed(file: AgreementFile) -> Iterator[Doubt]:
    """Credits are paid by themselves, and are to be claimed by a last day as well.

    Why: compensation that is automatic (consumer broadband) asks nothing of the customer; a claim that is late loses
    the credit (cloud contracts). A text with both is two texts: one party waits for the claim, the other for the money.

    Fix: write ``how: on-claim``, or leave the claim out.

    Silent: where a right counts claimed breaches, since notices are then about the right; without ``pay``.

    Before:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
        settlement:
          claim: {within: 30 days, after: period-end}
          pay: {how: automatic, within: 30 days}

    After:

        service_levels:
          availability:
            measure: {kind: availability, from: probes}
            target: ">= 99.9%"
            credit: {kind: bands, of: monthly, bands: {"< 99.9%": 10%}}
        settlement:
          claim: {within: 30 days, after: period-end}
          pay: {how: on-claim, within: 30 days}
    """
    agreement = file.agreement
    terms = agreement.settlement
    counted = any(counts_claims(each) for right in agreement.rights.values() for _, each in right.conditions())
    if terms.pay is not None and terms.pay.how == "automatic" and terms.claim and not counted:
        message = "credits are paid by themselves, and yet there is a last day to claim them"
        yield Doubt(("settlement", "pay", "how"), message, "write how: on-claim, or leave 'claim' out")


def currency_out_of_use(file: AgreementFile) -> Iterator[Doubt]:
    """The currency is no money any more, or never was.

    Why: ISO 4217 keeps the codes of currencies that are gone (DEM, HRK) and has codes for metals, tests and "no
    currency" (XAU, XTS, XXX). Templates carry them on, and an amount in one of them cannot be paid.

    Fix: write the currency that invoices are in.

    Silent: where the currency was still money on the day of ``effective``; on units of account such as CLF or XDR.

    Before:

        currency: DEM

    After:

        currency: EUR
    """
    agreement = file.agreement
    if agreement.currency is None:
        return
    last = withdrawn(agreement.currency)
    if agreement.currency in _NO_MONEY:
        message = f"'{agreement.currency}' is a code for something else than money"
    elif last is not None and (agreement.effective is None or agreement.effective > last):
        message = f"'{agreement.currency}' is no money any more"
    else:
        return
    yield Doubt(("currency",), message, "write the currency that invoices are in, such as EUR")


def zone_without_clock_changes(file: AgreementFile) -> Iterator[Doubt]:
    """The time zone is a fixed offset, or civil hours of a country with summer time are read in UTC.

    Why: hours of a desk follow the clock on its wall. In a zone that keeps one offset "09:00-17:00" becomes 10 to 18
    for half of the year, and a month begins an hour early or late: a known fault of the service reports of a monitoring
    product. The signs of ``Etc/GMT+5`` are turned round besides: it is five hours behind Greenwich.

    Fix: name the place: ``Europe/London``, ``America/New_York``; for the hours of one calendar its own ``timezone``.

    Silent: on UTC where no calendar has weekly hours with public holidays of a country, where that country's clocks
    show UTC, where the calendar only counts working days of a notice or a claim, and on calendars with a zone of their
    own.

    Before:

        timezone: Etc/GMT+5

    After:

        timezone: America/New_York
    """
    agreement = file.agreement
    if _FIXED.fullmatch(agreement.timezone):
        message = f"'{agreement.timezone}' keeps one offset all year, whatever the clocks of its people do"
        yield Doubt(("timezone",), message, "name the place, such as America/New_York")
        return
    if agreement.timezone not in _NO_CLOCK_CHANGES:
        return
    timed = {hours_of(promised) for promised in agreement.promised()}
    timed |= {name for each in agreement.exclusions.values() for name in (each.during, each.within) if name}
    for name in [name for name in timed if name in agreement.calendars]:
        timed |= resting_on(agreement.calendars, name)
    for name, calendar in agreement.calendars.items():
        country = calendar.holidays.country if calendar.holidays is not None else None
        civil = isinstance(calendar.hours, Week) and country is not None and country not in _IN_UTC
        if civil and calendar.timezone is None and name in timed:
            message = f"the hours of '{name}' keep the holidays of {country} and are read in {agreement.timezone}"
            help = "write timezone: Europe/London, or the place whose clock it is, in the calendar"
            yield Doubt(("calendars", name), message, help, "key")
