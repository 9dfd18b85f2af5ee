"""What one line costs before anything that crosses lines: its exact bounds, the factors of its record, its rounding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from slacheck.agreement.settlement_terms import SettledRounding
from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.judging import Judged
from slacheck.language.quantities import Comparison
from slacheck.language.rounding import rounded_to
from slacheck.measures.measure import Measured, OfRecords
from slacheck.money import decimal_text, minor_unit
from slacheck.problems import DataError, Problem
from slacheck.remedies.bands import Bands
from slacheck.remedies.modifiers import Factor, Rounding
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices
from slacheck.remedies.remedy import Miss, Remedy
from slacheck.settlement.bounds import Bounds, Value
from slacheck.settlement.prices import LinePrices
from slacheck.timeline import zones
from slacheck.verdicts import Judgement

_MET = Owed(Fraction(0), (Step("measured", "target met"),))
# One object for all lines that are met: most of them are.
MET = Bounds.of(_MET)
# Beyond every edge that an agreement can name.
_FAR = Fraction(10**30)


@dataclass(frozen=True)
class Charge:
    """One line with what it costs so far, and the exact bounds before rounding and caps.

    Of lines that share a cap one that is open leaves the others less or more: ``bounds`` hold whatever the others come
    to, and so do not add up; ``together`` is what the line is where all of them are at their least, or their most.
    """

    judged: Judged
    remedy: Remedy
    prices: LinePrices
    bounds: Bounds
    exact: Bounds
    at_cap: bool | None = False
    together: tuple[Value, Value] | None = None

    @property
    def jointly(self) -> tuple[Value, Value]:
        """What it is where every open line is at its least, and where every one is at its most."""
        if self.together is not None:
            return self.together
        return self.bounds.least.exact, None if self.bounds.most is None else self.bounds.most.exact

    @property
    def level(self) -> str:
        return self.judged.line.level

    @property
    def subject(self) -> str:
        """The subject of the line, that of its record where it is one."""
        answer = self.judged.answer
        return answer.of if answer is not None else self.judged.line.subject

    @property
    def is_record(self) -> bool:
        """Whether it is one of the records of its level."""
        return self.judged.asking.ask.record is not None


def charge(judged: Judged, prices: LinePrices) -> Charge | None:
    """What one line costs, exactly. None for a level without a credit, and where nothing could be asked.

    Where the value is open, the least and the most are those of all values that it may have. Where nothing bounds the
    value, or where a fee is not known, there is no most.
    """
    remedy = judged.asking.promised.promise.credit
    if remedy is None or judged.judgement is None:
        return None
    try:
        bounds = _bounds(judged, judged.judgement, remedy, prices)
    except NotKnown as unknown:
        if remedy.rewards:
            raise DataError([_unknown_bonus(judged, unknown.why)]) from None
        bounds = Bounds(Owed(Fraction(0), (Step("unknown", unknown.why),)), None, unknown.why)
    return Charge(judged, remedy, prices, bounds, bounds)


def _unknown_bonus(judged: Judged, why: str) -> Problem:
    return Problem(
        judged.asking.settling.file.label,
        code="no-fee",
        message=f"the bonus of '{judged.asking.promised.named}' cannot be settled: {why}",
        help="deliver what is missing, or write the bonus as an amount",
    )


def _bounds(judged: Judged, judgement: Judgement, remedy: Remedy, prices: Prices) -> Bounds:
    if judgement.verdict == "not-applicable" or (judgement.verdict == "met" and not remedy.rewards):
        return MET if judgement.verdict == "met" else Bounds.of(Owed(Fraction(0)))
    measured, target = judged.measured, judged.target
    if measured is None or target is None or judgement.best is None or judgement.worst is None:
        why = judgement.reason or "no value was delivered"
        return Bounds(remedy.least(prices), _most(remedy, prices, why), why)
    if measured.open_above:
        return _open_above(judged, judgement, remedy, prices, target)
    values = list(_values(remedy, judgement, measured, target))
    owed = [_at(judged, judgement, remedy, prices, value) for value in values]
    if judgement.verdict == "indeterminate" and judgement.deemed:
        # What makes the breach is not known: each value may be no breach at all, whatever it is, or one.
        as_met = replace(judgement, verdict="met")
        owed += [_at(judged, as_met, remedy, prices, value) for value in values]
    owed.sort(key=lambda each: each.exact)
    return Bounds(owed[0], owed[-1])


def _most(remedy: Remedy, prices: Prices, why: str) -> Owed | None:
    most = remedy.most(prices)
    return (
        most.then(most.exact, Step("bound", f"{why}: the most that the credit can pay", most.exact)) if most else None
    )


def _open_above(judged: Judged, judgement: Judgement, remedy: Remedy, prices: Prices, target: Comparison) -> Bounds:
    """What the value costs that it cannot fall below, and what no value above it can cost more or less than."""
    assert judgement.best is not None
    owed = [_at(judged, judgement, remedy, prices, judgement.best)]
    owed += [_at(judged, judgement, remedy, prices, value) for value in _beyond(remedy, judgement.best, target)]
    owed.sort(key=lambda each: each.exact)
    if target.lower_is_worse:
        # What still runs can only make it better.
        return Bounds(owed[0], owed[-1])
    why = "what still runs may take any time"
    most = _most(remedy, prices, why)
    if most is not None and most.exact < owed[-1].exact:
        most = owed[-1]
    return Bounds(owed[0], most, why)


def _beyond(remedy: Remedy, least: Fraction, target: Comparison) -> Iterator[Fraction]:
    """Values above ``least`` between which no credit is less, and where the target is met if it can be."""
    edges = [edge for edge in target.edges if edge >= least]
    far = max((least, *edges)) + 1
    turns = [*remedy.turns(least, _FAR, target)] if isinstance(remedy, Bands) else []
    yield from (*edges, *((one + other) / 2 for one, other in pairwise(sorted({least, *edges, far}))), far, *turns)


def _at(judged: Judged, judgement: Judgement, remedy: Remedy, prices: Prices, value: Fraction) -> Owed:
    """What one value costs, or earns."""
    measured, target = judged.measured, judged.target
    assert measured is not None
    assert target is not None
    days = _days(judged) if remedy.counts_days else (None, None)
    miss = Miss(value, target, measured.scale, *days)
    if judgement.verdict == "met" or (target.holds(value) and not judgement.deemed):
        return remedy.earned(miss, prices) or _MET
    return remedy.owed(miss, prices)


def _values(remedy: Remedy, judgement: Judgement, measured: Measured, target: Comparison) -> Iterator[Fraction]:
    """Values that show the least and the most that a line can cost, from best to worst."""
    assert judgement.best is not None
    assert judgement.worst is not None
    yield judgement.best
    if judgement.best == judgement.worst and measured.certain:
        return
    if not judgement.deemed or judgement.verdict == "indeterminate":
        ends: tuple[Fraction, ...] = (judgement.best, judgement.worst)
        if target.lower_is_worse is None:
            # The worst is the end farther from the target; the other end may still cost more.
            ends = (*ends, measured.best, measured.worst)
        yield from remedy.turns(min(ends), max(ends), target)
    yield judgement.worst


def _days(judged: Judged) -> tuple[int | None, Fraction | None]:
    """How many civil days the record or the period touches, and how many lie beyond a limit in working days."""
    asking, answer = judged.asking, judged.answer
    settling, zone = asking.settling, asking.settling.agreement.zone
    period = settling.part or settling.window.period
    if answer is None or asking.ask.record is None:
        return (period.end - period.start).days, None
    stretch = next(iter((*answer.cases, *answer.outages)), None)
    if stretch is None:
        return None, None
    first, last = zones.day_of(stretch.start, zone), zones.day_of(max(stretch.start, stretch.end - 1), zone)
    touched = (last - first).days + 1
    target, measure = judged.target, asking.promised.promise.measure
    if target is None or target.kind != "working-days" or not isinstance(measure, OfRecords) or not measure.hours:
        return touched, None
    # The n-th working day after the day that starts the clock; what lies after it is late.
    ended, limit = zones.day_of(stretch.end, zone), int(target.bounds[0].value)
    working = settling.calendars.days(measure.hours, first + timedelta(days=1), ended + timedelta(days=1))
    due = first if limit == 0 else working[limit - 1] if len(working) >= limit else ended
    return touched, Fraction(max(0, (ended - due).days))


def with_factors(charge: Charge) -> Charge:
    """The charge multiplied with the factors of its record; one that is not known leaves the most open."""
    for factor in charge.remedy.factors:
        if charge.bounds.nothing:
            break
        number, shown = _factor(charge, factor)
        if number is None and charge.bounds.least.exact < 0:
            raise DataError([_unknown_bonus(charge.judged, shown)])
        bounds = charge.bounds.unknown(shown) if number is None else _times(charge.bounds, number, shown)
        charge = replace(charge, bounds=bounds)
    return replace(charge, exact=charge.bounds) if charge.remedy.factors else charge


def _factor(charge: Charge, factor: Factor) -> tuple[Fraction | None, str]:
    """The number of one factor and how it is shown; None and why it is not known."""
    answer = charge.judged.answer
    facts, figures = (answer.facts, answer.figures) if answer else ({}, {})
    if factor.table is None:
        number = figures.get(factor.word)
        if number is None:
            return None, f"no single '{factor.word}' is known of the record"
        if not factor.of:
            return _above_zero(number, f"{factor.word} {decimal_text(number, 6)}")
        whole = figures.get(factor.of)
        if whole is None or whole <= 0:
            return None, f"the record says no '{factor.of}' above zero"
        shown = f"{factor.word} {decimal_text(number, 6)} of {factor.of} {decimal_text(whole, 6)}"
        return _above_zero(min(number / whole, Fraction(1)), shown)
    text = facts.get(factor.word)
    if text is None:
        return None, f"no single '{factor.word}' is known of the record"
    found = factor.read(text)
    if found is None:
        return None, f"no factor is agreed for {factor.word} '{text}'"
    return found, f"{factor.word} {text}: {decimal_text(found, 6)}"


def _above_zero(number: Fraction, shown: str) -> tuple[Fraction | None, str]:
    return (None, f"{shown} is below zero") if number < 0 else (number, shown)


def _times(bounds: Bounds, number: Fraction, text: str) -> Bounds:
    def change(owed: Owed) -> Owed:
        exact = owed.exact * number
        return owed.then(exact, Step("factor", f"x {text}", exact))

    return bounds.each(change)


def rounded(charge: Charge, currency: str, default: SettledRounding) -> Charge:
    """The charge rounded as its level, or its settlement, says; points are never rounded."""
    rounding = charge.remedy.rounding
    if charge.bounds is MET or charge.remedy.in_points or (rounding is None and default.at == "total"):
        return charge
    return replace(charge, bounds=charge.bounds.each(lambda owed: rounded_owed(owed, currency, rounding or default)))


def rounded_owed(owed: Owed, currency: str, terms: Rounding) -> Owed:
    """One amount at the nearest multiple of what is agreed, by default the minor unit of the currency."""
    unit = Fraction(terms.to) if terms.to is not None else minor_unit(currency)
    exact = rounded_to(owed.exact, unit, terms.mode)
    if exact == owed.exact:
        return owed
    return owed.then(exact, Step("rounding", f"rounded {terms.mode} to {decimal_text(exact, 12)}", exact))
