"""What crosses levels: credits per line, their sum, the caps, and the day by which a credit must be claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from slacheck.agreement.agreement import Agreement, Claim
from slacheck.agreement.level import Level
from slacheck.language.quantities import CivilLength
from slacheck.measures.measure import Measured
from slacheck.money import capped, rounded
from slacheck.remedies.remedy import Miss, Owed
from slacheck.statement import Amount, Credit, Total
from slacheck.timeline.periods import Period, after
from slacheck.verdicts import Judgement


@dataclass(frozen=True)
class Settled:
    """One line's credit with its decimals, for the sum."""

    credit: Credit
    least: Decimal
    most: Decimal


def credit(level: Level, judgement: Judgement, measured: Measured | None, agreement: Agreement) -> Settled | None:
    """What one line costs. Order: exact amount, rounding to the minor unit, cap of the line.

    None for a level without a credit. Where the verdict is open, the least is what the best value costs and the most
    what the worst value costs.
    """
    if level.credit is None or agreement.currency is None:
        return None
    fees = {name: Fraction(amount) for name, amount in agreement.fees.items()}
    if judgement.verdict in ("met", "not-applicable") or measured is None or judgement.best is None:
        nothing = Amount(amount=str(rounded(Fraction(0), agreement.currency)), exact="0/1")
        return Settled(Credit(least=nothing, most=nothing), Decimal(0), Decimal(0))
    assert judgement.worst is not None
    amounts: list[tuple[Amount, Decimal, tuple[str, ...]]] = []
    for value in (judgement.best, judgement.worst):
        if level.target.holds(value) and not judgement.deemed:
            owed = Owed(Fraction(0), ("target met",))
        else:
            owed = level.credit.owed(Miss(value, level.target, measured.scale), fees)
        amounts.append(_amount(level, owed, agreement.currency, fees))
    low, high = sorted(amounts, key=lambda each: each[1])
    return Settled(Credit(least=low[0], most=high[0], steps_least=low[2], steps_most=high[2]), low[1], high[1])


def _amount(
    level: Level, owed: Owed, currency: str, fees: Mapping[str, Fraction]
) -> tuple[Amount, Decimal, tuple[str, ...]]:
    assert level.credit is not None
    steps = list(owed.steps)
    amount = rounded(owed.exact, currency)
    steps.append(f"{amount} {currency}" + ("" if Fraction(amount) == owed.exact else ", rounded"))
    if level.credit.cap is not None:
        cap = capped(level.credit.cap.resolve(dict(fees), level.credit.of), currency)
        if cap < amount:
            amount = cap
            steps.append(f"cap {level.credit.cap.text}: {cap} {currency}")
    exact = f"{owed.exact.numerator}/{owed.exact.denominator}"
    return Amount(amount=str(amount), exact=exact), amount, tuple(steps)


def total(agreement: Agreement, lines: Sequence[tuple[str, Settled]], period: Period) -> Total | None:
    """The sum of all lines after the agreement's caps. None where there is no money at all."""
    if agreement.currency is None or not lines:
        return None
    currency = agreement.currency
    zero = rounded(Fraction(0), currency)
    least = sum((settled.least for _, settled in lines), zero)
    most = sum((settled.most for _, settled in lines), zero)
    steps = [f"sum of {len(lines)} {'line' if len(lines) == 1 else 'lines'}: {_range(least, most)} {currency}"]
    fees = {name: Fraction(amount) for name, amount in agreement.fees.items()}
    for share in agreement.settlement.cap:
        cap = capped(share.resolve(fees, None), currency)
        reached = "reached" if cap < most else "not reached"
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
    """The last day of ``length`` counted from the last day of ``period``. Months keep the month's end."""
    last = period.end - timedelta(days=1)
    if length.unit in ("day", "week"):
        return last + timedelta(days=length.count * (7 if length.unit == "week" else 1))
    if length.unit == "period":
        end = period
        for _ in range(length.count):
            end = after(end)
        return end.end - timedelta(days=1)
    months = length.count * (12 if length.unit == "year" else 1)
    year, month = divmod(period.end.year * 12 + period.end.month - 1 + months, 12)
    # A period that ends with its month is followed by whole months: from 31 October one month leads to 30 November.
    for day in range(period.end.day, 0, -1):
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
