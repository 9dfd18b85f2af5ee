"""What a breach costs: credits per line, what crosses lines, caps, what is earned back, claims.

In this order: exact amount, factors, multiplier for repeated failure, rounding of the line, caps of the line, least
credit (what is raised to it is raised before the caps); then critical failure, exclusive pairs, the dearest alone, caps
by column; then the sum, points, the amount at risk, caps of all lines, and what is earned back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from slacheck.derivation import Step
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.money import decimal_text, written
from slacheck.planning import Settling
from slacheck.remedies.owed import Owed
from slacheck.settlement.bounds import Value
from slacheck.settlement.caps import line_caps
from slacheck.settlement.charge import MET, Charge, charge, rounded, with_factors
from slacheck.settlement.claims import civil_after, claim_stages, claimed, claimed_in_time, not_claimed
from slacheck.settlement.earn_back import EarnedBack, earned_back
from slacheck.settlement.prices import LinePrices
from slacheck.settlement.repeats import in_order, repeated
from slacheck.settlement.total import Summed, Totals, totals
from slacheck.statement import Amount, Credit, Exact, Line, PointsShown, StepShown, Total


@dataclass(frozen=True)
class Settled:
    """The lines of a statement with what each costs, their total (None where there is no money), and remarks."""

    lines: tuple[Line, ...]
    total: Total | None
    remarks: tuple[str, ...] = ()


def settle(settling: Settling, judged: Sequence[Judged], history: History) -> Settled:
    """Settle the lines of one statement. Raises DataError for a bonus whose fee is not known."""
    if settling.agreement.currency is None:
        return Settled(tuple(each.line for each in judged), None)
    by_level: dict[str, list[Charge]] = {}
    for each in judged:
        begun = charge(each, LinePrices(settling, each))
        if begun is not None:
            by_level.setdefault(each.line.level, []).append(begun)
    charges = [done for of_level in by_level.values() for done in _line_by_line(settling, of_level, history)]
    costs = any(promised.promise.credit is not None for promised in settling.agreement.promised())
    if not costs and not settling.agreement.settlement.earn_back:
        return Settled(tuple(each.line for each in judged), None)
    found = totals(settling, judged, charges, LinePrices(settling), history)
    returned = earned_back(settling, judged, (found.least.value or Fraction(0), found.most.value), history)
    of_met: dict[tuple[object, ...], Credit] = {}
    credits = {id(each.judged): _credit(settling, each, found, index, of_met) for index, each in enumerate(charges)}
    lines = tuple(_line(each, credits.get(id(each))) for each in judged)
    remarks = (*returned.remarks, *not_claimed(settling, lines))
    return Settled(lines, _total(settling, found, returned, lines), remarks)


def _line_by_line(settling: Settling, charges: Sequence[Charge], history: History) -> list[Charge]:
    """Everything that concerns one level alone, in the agreed order; records in the order in which they began."""
    terms, currency = settling.agreement.settlement, settling.agreement.currency or ""
    found = in_order([with_factors(each) for each in charges])
    if any(each.remedy.repeat is not None for each in found):
        found = [replace(each, exact=each.bounds) for each in repeated(settling, found, history)]
    found = [rounded(each, currency, terms.rounding) for each in found]
    return line_caps(settling, found, history)


def _credit(
    settling: Settling, charge: Charge, found: Totals, index: int, of_met: dict[tuple[object, ...], Credit]
) -> Credit:
    """The credit of a line; lines that are met have one in common, which ``of_met`` keeps."""
    if charge.bounds is not MET:
        return _worked_out(settling, charge, found, index)
    key = charge.judged.line.clause, charge.remedy.in_points, charge.remedy.paid_as
    if key not in of_met:
        of_met[key] = _worked_out(settling, charge, found, index)
    return of_met[key]


def _worked_out(settling: Settling, charge: Charge, found: Totals, index: int) -> Credit:
    currency = settling.agreement.currency or ""
    points = charge.remedy.in_points
    least, most = found.least.scenario, found.most.scenario

    def shown(value: Fraction) -> str:
        return decimal_text(value) if points else written(value, currency)

    def amount(owed: Owed, exact: Owed) -> Amount:
        steps = tuple(_step(each, charge.judged.line.clause) for each in owed.steps)
        return Amount(amount=shown(owed.exact), exact=_fraction(exact.exact), steps=steps)

    bounds = charge.bounds
    exact_most = charge.exact.most or bounds.most
    lower = amount(bounds.least, charge.exact.least)
    upper: Amount | None = lower
    if bounds.most is not bounds.least or exact_most is not charge.exact.least:
        upper = None if bounds.most is None or exact_most is None else amount(bounds.most, exact_most)
    stages = claim_stages(settling, charge.judged) if bounds.most is None or bounds.most.exact > 0 else ()
    by = min((day for day in stages if day is not None), default=None)
    made = claimed(settling, charge.judged.line, settling.window.period, by) if stages else None
    counted: list[Value] = [least.values[index], most.values[index]]
    return Credit(
        unit="points" if points else "money",
        least=lower,
        most=upper,
        open_because=bounds.why if bounds.most is None else "",
        counted_least=shown(counted[0] or Fraction(0)),
        counted_most=None if counted[1] is None else shown(counted[1]),
        counted_because=most.because[index] or least.because[index],
        at_cap=charge.at_cap,
        paid_as=charge.remedy.paid_as,
        claim_by=by.isoformat() if by else None,
        claim_stages=tuple(day.isoformat() if day else None for day in stages) if len(stages) > 1 else (),
        claimed=made,
    )


def _line(judged: Judged, credit: Credit | None) -> Line:
    return judged.line if credit is None else judged.line.model_copy(update={"credit": credit})


def _total(settling: Settling, found: Totals, returned: EarnedBack, lines: Sequence[Line]) -> Total:
    currency, terms = settling.agreement.currency or "", settling.agreement.settlement
    least, most = found.least.value or Fraction(0), found.most.value
    after_least = least - returned.most
    after_most = None if most is None else most - returned.least
    owed = after_most is None or after_most > 0
    claims = [line.credit.claim_by for line in lines if line.credit is not None and line.credit.claim_by]
    pay = terms.pay
    pay_by = None
    if pay is not None and pay.within is not None and pay.how == "automatic" and owed:
        pay_by = civil_after(settling.window.period, pay.within, settling.calendars, pay.hours).isoformat()
    points = None
    if terms.points is not None:
        low, high = found.least.points or Fraction(0), found.most.points
        points = PointsShown(least=decimal_text(low), most=None if high is None else decimal_text(high))
    return Total(
        currency=currency,
        least=written(after_least, currency),
        most=None if after_most is None else written(after_most, currency),
        credited_least=written(least, currency),
        credited_most=None if most is None else written(most, currency),
        steps_least=_steps(found.least, returned.steps(least, returned.most), terms.clause),
        steps_most=_steps(found.most, returned.steps(most, returned.least), terms.clause),
        points=points,
        returned=returned.returned,
        bank=returned.bank,
        at_cap=found.at_cap,
        claim_by=min(claims, default=None) if owed else None,
        claim_conditions=tuple(dict.fromkeys(text for each in terms.claim for text in each.conditions if owed)),
        claim_evidence=tuple(dict.fromkeys(each.evidence for each in terms.claim if each.evidence and owed)),
        pay_by=pay_by,
    )


def _steps(summed: Summed, more: Sequence[Step], clause: str | None) -> tuple[StepShown, ...]:
    return tuple(_step(each, clause) for each in (*summed.steps, *more))


def _step(step: Step, clause: str | None) -> StepShown:
    exact = None if step.exact is None else _fraction(step.exact)
    return StepShown(kind=step.kind, text=step.text, exact=exact, clause=clause)


def _fraction(value: Fraction) -> str | None:
    """The fraction as text; None above the bits that Exact keeps."""
    return Exact.of(value).exact


__all__ = ["Settled", "civil_after", "claimed_in_time", "settle"]
