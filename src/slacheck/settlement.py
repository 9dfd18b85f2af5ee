"""What crosses levels: credits per line, their sum, the caps, and the day by which a credit must be claimed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from slacheck.agreement.agreement import Agreement, Claim
from slacheck.agreement.level import Promise
from slacheck.language.quantities import CivilLength, Comparison
from slacheck.measures.measure import Measured
from slacheck.money import capped, rounded
from slacheck.remedies.remedy import Miss, Owed, Remedy
from slacheck.statement import Amount, Credit, Total
from slacheck.timeline.periods import Period, after
from slacheck.verdicts import Judgement


@dataclass(frozen=True)
class Settled:
    """One line's credit with its decimals, for the sum."""

    credit: Credit
    least: Decimal
    most: Decimal


def credit(
    promise: Promise,
    judgement: Judgement,
    measured: Measured | None,
    agreement: Agreement,
    target: Comparison,
) -> Settled | None:
    """What one line costs. Order: exact amount, rounding to the minor unit, cap of the line.

    None for a level without a credit. Where the value is open, the least and the most are those of all values that it
    may have. A value that was never delivered may be any: the most is then the most that the credit can pay.
    """
    if promise.credit is None or agreement.currency is None:
        return None
    fees = agreement.exact_fees()
    nothing = Amount(amount=str(rounded(Fraction(0), agreement.currency)), exact="0/1")
    if judgement.verdict in ("met", "not-applicable"):
        return Settled(Credit(least=nothing, most=nothing), Decimal(0), Decimal(0))
    if measured is None or judgement.best is None or judgement.worst is None:
        most = _most(promise.credit, agreement)
        owed = Owed(most, ("no value was delivered: the most that the credit can pay",))
        amount, decimal, steps = _amount(promise, owed, agreement.currency, fees)
        return Settled(Credit(least=nothing, most=amount, steps_most=steps), Decimal(0), decimal)
    if measured.open_above:
        return _open_above(promise, judgement.best, measured, agreement, target)
    amounts: list[tuple[Amount, Decimal, tuple[str, ...]]] = []
    for value in _values(target, promise.credit, judgement, measured):
        if target.holds(value) and not judgement.deemed:
            owed = Owed(Fraction(0), ("target met",))
        else:
            owed = promise.credit.owed(Miss(value, target, measured.scale), fees)
        amounts.append(_amount(promise, owed, agreement.currency, fees))
    ordered = sorted(amounts, key=lambda each: each[1])
    low, high = ordered[0], ordered[-1]
    return Settled(Credit(least=low[0], most=high[0], steps_least=low[2], steps_most=high[2]), low[1], high[1])


def _most(remedy: Remedy, agreement: Agreement) -> Fraction:
    """What a line cannot cost more than: by its own table or cap, or by the cap of all lines together."""
    fees = agreement.exact_fees()
    bounds = [share.resolve(fees, None) for share in agreement.settlement.cap]
    own = remedy.most(fees)
    if own is not None:
        bounds.append(own)
    assert bounds, "validation refuses a credit without bound where the value may be missing"
    return min(bounds)


def _open_above(
    promise: Promise, low: Fraction, measured: Measured, agreement: Agreement, target: Comparison
) -> Settled:
    """The least is what the value costs that it cannot fall below; the most is the most that the credit can pay."""
    assert promise.credit is not None
    assert agreement.currency is not None
    fees, currency = agreement.exact_fees(), agreement.currency
    owed = Owed(Fraction(0), ("target met so far",))
    if not target.holds(low):
        owed = promise.credit.owed(Miss(low, target, measured.scale), fees)
    least, least_decimal, least_steps = _amount(promise, owed, currency, fees)
    most = max(_most(promise.credit, agreement), owed.exact)
    beyond = Owed(most, ("what still runs may take any time: the most that the credit can pay",))
    amount, decimal, steps = _amount(promise, beyond, currency, fees)
    credit = Credit(least=least, most=amount, steps_least=least_steps, steps_most=steps)
    return Settled(credit, least_decimal, decimal)


def _values(target: Comparison, remedy: Remedy, judgement: Judgement, measured: Measured) -> Iterator[Fraction]:
    """Values that show the least and the most that a line can cost, from best to worst."""
    assert judgement.best is not None
    assert judgement.worst is not None
    yield judgement.best
    if not judgement.deemed:
        ends: tuple[Fraction, ...] = (judgement.best, judgement.worst)
        if target.lower_is_worse is None:
            # The worst is the end farther from the target; the other end may still cost more.
            ends = (*ends, measured.best, measured.worst)
        yield from remedy.turns(min(ends), max(ends), target)
    yield judgement.worst


def _amount(
    promise: Promise, owed: Owed, currency: str, fees: Mapping[str, Fraction]
) -> tuple[Amount, Decimal, tuple[str, ...]]:
    assert promise.credit is not None
    steps = list(owed.steps)
    amount = rounded(owed.exact, currency)
    steps.append(f"{amount} {currency}" + ("" if Fraction(amount) == owed.exact else ", rounded"))
    if promise.credit.cap is not None:
        cap = capped(promise.credit.cap.resolve(dict(fees), promise.credit.of), currency)
        if cap < amount:
            amount = cap
            steps.append(f"cap {promise.credit.cap.text}: {cap} {currency}")
    exact = f"{owed.exact.numerator}/{owed.exact.denominator}"
    return Amount(amount=str(amount), exact=exact), amount, tuple(steps)


def total(agreement: Agreement, lines: Sequence[tuple[str, Settled]], period: Period) -> Total | None:
    """The sum of all lines after the agreement's caps. None where there is no money at all."""
    if agreement.currency is None or not lines:
        return None
    currency = agreement.currency
    # Summed as fractions: a sum of decimals follows the context of the thread.
    least = rounded(sum((Fraction(settled.least) for _, settled in lines), Fraction(0)), currency)
    most = rounded(sum((Fraction(settled.most) for _, settled in lines), Fraction(0)), currency)
    steps = [f"sum of {len(lines)} {'line' if len(lines) == 1 else 'lines'}: {_range(least, most)} {currency}"]
    fees = agreement.exact_fees()
    for share in agreement.settlement.cap:
        cap = capped(share.resolve(fees, None), currency)
        reached = "reached" if cap <= most else "not reached"
        steps.append(f"cap {share.text} = {cap} {currency}: {reached}")
        least, most = min(least, cap), min(most, cap)
    by = claim_by(agreement.settlement.claim, period) if agreement.settlement.claim and most > 0 else None
    return Total(
        currency=currency, least=str(least), most=str(most), steps=tuple(steps), claim_by=by.isoformat() if by else None
    )


def _range(least: Decimal, most: Decimal) -> str:
    return str(most) if least == most else f"{least} to {most}"


def claim_by(claim: Claim, period: Period) -> date:
    """The last day on which a credit of ``period`` may be claimed, counted from the period's last day."""
    return civil_after(period, claim.within)


def civil_after(period: Period, length: CivilLength) -> date:
    """The last day of ``length`` counted from the last day of ``period``. Months keep the month's end.

    Raises ValueError for working days, which validation refuses.
    """
    last = period.end - timedelta(days=1)
    if length.unit in ("day", "week"):
        return last + timedelta(days=length.count * (7 if length.unit == "week" else 1))
    if length.unit == "period":
        end = period
        for _ in range(length.count):
            end = after(end)
        return end.end - timedelta(days=1)
    if length.unit == "working day":
        raise ValueError("working days need a calendar")
    months = length.count * (12 if length.unit == "year" else 1)
    year, month = divmod(last.year * 12 + last.month - 1 + months, 12)
    longest = monthrange(year, month + 1)[1]
    # From the end of a month whole months lead to the end of a month: from 30 November one leads to 31 December.
    ends_month = period.end.day == 1
    return date(year, month + 1, longest if ends_month else min(last.day, longest))
