"""What credits can come to at most: in a period, and in a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.payable import paying
from slacheck.agreement.checks.remedies import most_units
from slacheck.agreement.level import Promised
from slacheck.fees.fee import AmountFee
from slacheck.language.payments import Cap, Pay
from slacheck.remedies.bands import Bands
from slacheck.remedies.lost_time import LostTime
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.pool import Pool
from slacheck.remedies.remedy import Remedy
from slacheck.timeline.periods import FEWEST_DAYS

# The most periods that begin in a year.
_PERIODS = {"day": 366, "week": 53, "month": 12, "quarter": 4, "year": 1}


@dataclass(frozen=True)
class Exposure:
    """The most that credits can come to in a year, bonuses aside: ``amount`` in the agreement's currency, where it is
    ``bounded``.

    ``nothing``: no level earns a credit. ``unbounded``: nothing bounds them. ``unknown``: it depends on fees, factors
    or subjects that stand in exports.
    """

    kind: Literal["nothing", "bounded", "unbounded", "unknown"]
    amount: Fraction = Fraction(0)


@dataclass(frozen=True)
class Most:
    """The most that one line costs in a period: amounts, and shares and days of fees by their name.

    ``lines`` is how many of them there are, 0 where only the exports say it.
    """

    lines: int
    amount: Fraction = Fraction(0)
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    days: Mapping[str, Fraction] = field(default_factory=dict)


def yearly(agreement: Agreement) -> Exposure:
    """The most that the credits of a year can come to.

    Formula: for each period the sum of all lines at their dearest row, or the dearest line where the highest is paid,
    no more than the caps of the settlement; times the periods of a year.
    """
    credits = [(each, each.promise.credit) for each in paying(agreement) if each.promise.credit is not None]
    if not credits:
        return Exposure("nothing")
    periods = _PERIODS[agreement.period.every]
    bounds = [bound for cap in agreement.settlement.cap if (bound := _in_a_year(agreement, cap)) is not None]
    at_risk = agreement.settlement.at_risk
    if at_risk is not None and (risked := _worth(agreement, at_risk.amount, None)) is not None:
        bounds.append(risked * periods)
    lines = [_line(agreement, promised, credit) for promised, credit in credits]
    if None not in lines:
        known = [each for each in lines if each is not None]
        bounds.append(max(known) if agreement.settlement.combine == "highest" else sum(known, Fraction(0)))
    if bounds:
        return Exposure("bounded", min(bounds))
    open_ended = any(endless(agreement, promised, credit) for promised, credit in credits)
    return Exposure("unbounded" if open_ended and not bounded_together(agreement) else "unknown")


def bounded_together(agreement: Agreement) -> bool:
    """Whether the settlement bounds what all credits of a period or a longer stretch come to."""
    return bool(agreement.settlement.cap) or agreement.settlement.at_risk is not None


def endless(agreement: Agreement, promised: Promised, credit: Remedy) -> str:
    """What is paid one by one although nobody knows how many there will be; empty where there is nothing such."""
    per, table = promised.level.per, agreement.settlement.points
    record = per.record if per is not None else None
    if any(not cap.per or cap.of_stretch for cap in credit.cap):
        return ""
    if credit.in_points and (table is None or isinstance(table, Bands) or table.cap):
        return ""
    if record is not None:
        return "" if isinstance(credit, LostTime) else record
    if isinstance(credit, PerUnit) and most_units(agreement, promised, credit) is None:
        return credit.each.text
    return ""


def most_of(agreement: Agreement, promised: Promised, credit: Remedy) -> Most | None:
    """The most that one line of a promise costs in a period; None where that is not to be told from the agreement."""
    per = promised.level.per
    if credit.in_points or any(factor.table is None and factor.of is None for factor in credit.factors):
        return None
    if isinstance(credit, Pool) or (per is not None and per.record is not None):
        return None
    lines = 1 if per is None or promised.level.roll_up != "each" else len(per.subjects)
    times = Fraction(1)
    for factor in credit.factors:
        times *= max((number for _, number in factor.table or ()), default=Fraction(1))
    if credit.repeat is not None:
        times *= max((number for _, number in credit.repeat.times), default=Fraction(1))
    if isinstance(credit, LostTime):
        times *= credit.times
    elif isinstance(credit, PerUnit):
        units = most_units(agreement, promised, credit)
        if units is None or credit.first is not None:
            return None
        times *= units
    paid = [pay for _, pay in credit.rates() if pay.size > 0]
    dearest = max(paid, key=lambda pay: pay.size, default=None)
    return None if dearest is None else _capped(Most(lines), dearest, times, credit)


def _capped(line: Most, pay: Pay, times: Fraction, credit: Remedy) -> Most:
    size = pay.size * times
    fee = (pay.fee or credit.of or "") if pay.needs_fee else ""
    for cap in credit.cap:
        of = (cap.pay.fee or credit.of or "") if cap.pay.needs_fee else ""
        if cap.pay.form[0] == pay.form[0] and of == fee and not cap.per and cap.rolling is None:
            size = min(size, cap.pay.size)
    if pay.amount is not None:
        return Most(line.lines, amount=size)
    return Most(line.lines, shares={fee: size}) if pay.share is not None else Most(line.lines, days={fee: size})


def _line(agreement: Agreement, promised: Promised, credit: Remedy) -> Fraction | None:
    """The most of all lines of a promise in a year, as far as the fees stand in the agreement."""
    own = promised.level.period
    every = own.every if own is not None and own.rolling is None else agreement.period.every
    most = most_of(agreement, promised, credit)
    bounds = [bound for cap in credit.cap if not cap.per and (bound := _in_a_year(agreement, cap)) is not None]
    per = promised.level.per
    if most is None or not most.lines:
        # A cap without a word behind it bounds all records of a subject in the period.
        return min(bounds, default=None) if per is None or per.column is None else None
    shares = [_product(_fee(agreement, name), share) for name, share in most.shares.items()]
    days = [_product(_fee(agreement, name), number / FEWEST_DAYS[every]) for name, number in most.days.items()]
    worth = _sum([most.amount, *shares, *days])
    bounds = [bound * most.lines for bound in bounds]
    return min([*bounds, *([worth * most.lines * _PERIODS[every]] if worth is not None else [])], default=None)


def _in_a_year(agreement: Agreement, cap: Cap) -> Fraction | None:
    """What a cap lets a year come to; None where it bounds a record or subject alone, or its fee is not known."""
    worth = _worth(agreement, cap.pay, None)
    if worth is None:
        return None
    if cap.rolling is not None:
        year = (cap.rolling.count, cap.rolling.unit) in ((12, "month"), (1, "year"))
        return worth if year else None
    times = {"": _PERIODS[agreement.period.every], "month": 12, "quarter": 4, "year": 1, "term": 1}.get(cap.per)
    return None if times is None else worth * times


def _worth(agreement: Agreement, pay: Pay, of: str | None) -> Fraction | None:
    if pay.amount is not None:
        return Fraction(pay.amount)
    fee = _fee(agreement, pay.fee or of or "")
    if fee is None or pay.share is None:
        return None if fee is None or pay.days is None else fee * pay.days / FEWEST_DAYS[agreement.period.every]
    return fee * pay.share


def _fee(agreement: Agreement, name: str) -> Fraction | None:
    """A fee that stands in the agreement for the period, or is taken whole."""
    fee = agreement.fees.get(name)
    if isinstance(fee, AmountFee):
        return Fraction(fee.amount)
    return Fraction(fee) if isinstance(fee, Decimal) else None


def _product(fee: Fraction | None, by: Fraction) -> Fraction | None:
    return None if fee is None else fee * by


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    known = list(values)
    return None if None in known else sum((each for each in known if each is not None), Fraction(0))
