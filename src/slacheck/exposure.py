"""What credits can come to at most: in a period, and in a year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.payable import paying
from slacheck.agreement.checks.remedies import most_units
from slacheck.agreement.level import Promised
from slacheck.fees.fee import AmountFee
from slacheck.language.payments import Cap, Pay
from slacheck.money import minor_unit
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
    """The most that one line costs in a period: so much of ``pay``.

    ``lines`` is how many of them there are in a period, 0 where only the exports say it.
    """

    pay: Pay
    fee: str
    size: Fraction
    lines: int


def yearly(agreement: Agreement) -> Exposure:
    """The most that the credits of a year can come to.

    Formula: for each period the sum of all lines at their dearest row, each in whole minor units, or the dearest line
    where the highest is paid, no more than the caps of the settlement; times the periods of a year.
    """
    credits = _credits(agreement)
    if not credits:
        return Exposure("nothing")
    bounds = [bound for cap in agreement.settlement.cap if (bound := _cap_in_a_year(agreement, cap, "")) is not None]
    at_risk = agreement.settlement.at_risk
    if at_risk is not None:
        size = at_risk.amount.size
        risked = _worth(agreement, Most(at_risk.amount, at_risk.amount.fee or "", size, 1), agreement.period.every)
        bounds += [] if risked is None else [risked * _PERIODS[agreement.period.every]]
    lines = [_line(agreement, promised, credit) for promised, credit in credits if not credit.in_points]
    if any(credit.in_points for _, credit in credits):
        lines.append(_points(agreement))
    known = [each for each in lines if each is not None]
    if len(known) == len(lines):
        alike = all(promised.level.period is None for promised, _ in credits)
        dearest = agreement.settlement.combine == "highest" and alike
        bounds.append(max(known) if dearest else sum(known, Fraction(0)))
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
    """The most that one line of a promise costs in a period; None where that is not to be told from the agreement.

    Of a level whose classes are judged together the first speaks for all.
    """
    per, own = promised.level.per, promised.level.period
    open_factor = any(factor.table is None and factor.of is None for factor in credit.factors)
    raised = credit.minimum is not None and credit.minimum.else_ == "raise"
    if credit.in_points or isinstance(credit, Pool) or open_factor or raised or (per is not None and per.record):
        return None
    times = Fraction(1)
    for factor in credit.factors:
        times *= max((number for _, number in factor.table or ()), default=Fraction(1))
    if credit.repeat is not None:
        times *= max((number for _, number in credit.repeat.times), default=Fraction(1))
    nominal = (own or agreement.period).length is not None
    if isinstance(credit, (LostTime, PerUnit)) and (nominal or (isinstance(credit, LostTime) and own is not None)):
        # Time is lost, or counted, in a stretch of another length than the fee's.
        return None
    if isinstance(credit, LostTime):
        fee = agreement.fees.get(credit.of or "")
        if isinstance(fee, AmountFee) and fee.for_ not in (None, agreement.period.every):
            return None
        times *= credit.times
    elif isinstance(credit, PerUnit):
        units = most_units(agreement, promised, credit)
        if units is None or credit.first is not None:
            return None
        times *= units
    paid = [pay for _, pay in credit.rates() if pay.size > 0]
    if not paid:
        return None
    pay = max(paid, key=lambda each: each.size)
    size, fee_name = pay.size * times, _fee_of(pay, credit.of)
    for cap in credit.cap:
        if cap.pay.form[0] == pay.form[0] and _fee_of(cap.pay, credit.of) == fee_name and not (cap.per or cap.rolling):
            size = min(size, cap.pay.size)
    lines = 1 if per is None or promised.level.roll_up != "each" else len(per.subjects)
    return Most(pay, fee_name, size, lines)


def repeated(promised: Promised) -> bool:
    """Whether its line is that of another class, with which it is judged together."""
    return promised.level.pooled and promised.of_class != next(iter(promised.level.promises))


def _credits(agreement: Agreement) -> list[tuple[Promised, Remedy]]:
    found = [(each, each.promise.credit) for each in paying(agreement) if not repeated(each)]
    return [(each, credit) for each, credit in found if credit is not None]


def _line(agreement: Agreement, promised: Promised, credit: Remedy) -> Fraction | None:
    """The most of all lines of a promise in a year, as far as the fees stand in the agreement."""
    own, per = promised.level.period, promised.level.per
    every = own.every if own is not None and own.rolling is None else agreement.period.every
    most = most_of(agreement, promised, credit)
    subjects = len(per.subjects) if per is not None and per.column is not None else 1
    caps = (_cap_in_a_year(agreement, cap, credit.of or "") for cap in credit.cap)
    # A cap without a word behind it bounds all records of a subject in the period.
    bounds = [bound * subjects for bound in caps if bound is not None and subjects]
    worth = None if most is None or not most.lines else _worth(agreement, most, every)
    if most is not None and worth is not None:
        bounds.append(worth * most.lines * _PERIODS[every])
    return min(bounds, default=None)


def _points(agreement: Agreement) -> Fraction | None:
    """The most that the table of points makes of them in a year."""
    table = agreement.settlement.points
    paid = [pay for _, pay in table.rates()] if isinstance(table, Bands) else []
    if table is None or not paid:
        return None
    pay = max(paid, key=lambda each: each.size)
    every = agreement.period.every
    worth = _worth(agreement, Most(pay, _fee_of(pay, table.of), pay.size, 1), every)
    return None if worth is None else worth * _PERIODS[every]


def _cap_in_a_year(agreement: Agreement, cap: Cap, of: str) -> Fraction | None:
    """What a cap lets a year come to; None where it bounds a record or subject alone, or its fee is not known."""
    every = agreement.period.every
    worth = _worth(agreement, Most(cap.pay, _fee_of(cap.pay, of), cap.pay.size, 1), every)
    if worth is None:
        return None
    if cap.rolling is not None:
        return worth if (cap.rolling.count, cap.rolling.unit) in ((12, "month"), (1, "year")) else None
    times = {"": _PERIODS[every], "month": 12, "quarter": 4, "year": 1, "term": 1}.get(cap.per)
    return None if times is None else worth * times


def _worth(agreement: Agreement, most: Most, every: str) -> Fraction | None:
    """What one line is worth, in whole minor units of the currency; None where its fee does not stand here."""
    if most.pay.amount is not None:
        return _rounded_up(agreement, most.size)
    fee = agreement.fees.get(most.fee)
    if isinstance(fee, AmountFee):
        amount, stretch = Fraction(fee.amount), fee.for_ or every
    elif isinstance(fee, Decimal):
        amount, stretch = Fraction(fee), every
    else:
        return None
    if most.pay.days is None:
        return _rounded_up(agreement, amount * most.size)
    days = FEWEST_DAYS.get(stretch) if isinstance(stretch, str) else None
    return None if days is None else _rounded_up(agreement, amount * most.size / days)


def _rounded_up(agreement: Agreement, amount: Fraction) -> Fraction:
    unit = minor_unit(agreement.currency or "")
    return ceil(amount / unit) * unit


def _fee_of(pay: Pay, of: str | None) -> str:
    return (pay.fee or of or "") if pay.needs_fee else ""
