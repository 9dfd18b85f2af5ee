"""One level's credit: what it pays of which fee, whether it fits its target, and what may exceed the whole fee."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import caps, modifiers
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.checks.payable import paying, rounding, share, unread_base
from slacheck.agreement.level import Promise, Promised
from slacheck.language.quantities import DAY, HOUR, Bound, Comparison, Kind
from slacheck.measures.elapsed import Elapsed
from slacheck.remedies.bands import Bands
from slacheck.remedies.edges import CEILING
from slacheck.remedies.lost_time import LostTime
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.remedy import Remedy
from slacheck.timeline.periods import MOST_DAYS


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with the credit of each level."""
    for promised in agreement.promised():
        if promised.promise.credit is not None and promised.level.role == "kpi":
            help = "leave the credit out, or the role"
            yield Finding((*promised.steps, "credit"), "kpi-credit", "a KPI never earns a credit", help, "key")
    for promised in paying(agreement):
        credit = promised.promise.credit
        assert credit is not None
        yield from _beside_target(agreement, promised, credit)
        yield from _payments(promised, credit)
        yield from _points(promised, credit)
        yield from caps.of_level(agreement, promised, credit)
        yield from modifiers.findings(agreement, promised, credit)
        yield from rounding(agreement, (*promised.steps, "credit", "rounding"), credit.rounding)
        yield from _greatest(agreement, promised, credit)


def _beside_target(agreement: Agreement, promised: Promised, credit: Remedy) -> Iterator[Finding]:
    promise, steps = promised.promise, (*promised.steps, "credit")
    if isinstance(credit, PerUnit):
        yield from _lost_in_time(steps, promise, credit)
    if isinstance(credit, LostTime) and promise.target.kind == "share" and promise.measure.reads != "time":
        message = f"{promise.measure.kind} counts no time that could be lost"
        help = "write bands or per-unit, or measure an availability"
        yield Finding((*steps, "kind"), "target-shape", message, help)
        return
    if isinstance(credit, PerUnit | LostTime) and promise.target.below_expected is not None:
        message = f"a breach by the expected level has no units, and '{credit.kind}' would cost nothing"
        help = "write bands, fixed or pool, or leave 'below_expected' out"
        yield Finding((*steps, "kind"), "target-shape", message, help)
    target = promise.target.binding
    if promise.target.column:
        target = _beyond_all(agreement, promise, credit)
    if target is not None and target.kind in promise.measure.units:
        for fault in credit.faults(target, target.kind):
            yield Finding((*steps, *fault.inside), fault.code, fault.message, fault.help, fault.at)


def _beyond_all(agreement: Agreement, promise: Promise, credit: Remedy) -> Comparison | None:
    """A target that stands for those of all subjects: whatever a row says may be a breach of one of them.

    For a remedy that reads by how much a target is missed any target does.
    """
    target = promise.target
    kinds: set[Kind | None] = {
        source.kind(target.column)
        for source in agreement.sources.values()
        if source.shape == "register" and target.column in source.columns
    }
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None:
        return None
    edge = Fraction(1)
    floor = target.operator in (">", ">=")
    if isinstance(credit, Bands) and credit.reads == "value":
        edges = [edge for row, _ in credit.bands if row is not None for edge in row.edges] or [edge]
        edge = max(edges) + 1 if floor else min(edges) - 1
        if kind != "number":
            edge = max(edge, Fraction(0)) if not floor else min(edge, CEILING[kind]) if kind in CEILING else edge
    return Comparison(kind, (Bound(target.operator, edge),), target.text)


def _lost_in_time(steps: Steps, promise: Promise, credit: PerUnit) -> Iterator[Finding]:
    measure = promise.measure
    if credit.each.kind == "length" and promise.target.kind == "share" and measure.reads != "time":
        message = f"{measure.kind} counts no time, so that no '{credit.each.text}' can be missed"
        yield Finding((*steps, "each"), "unit", message, "write points of shortfall, such as 0.1%")


def _payments(promised: Promised, credit: Remedy) -> Iterator[Finding]:
    steps: Steps = (*promised.steps, "credit")
    if isinstance(credit, LostTime) and credit.of is None:
        yield Finding(steps, "no-base", "times which fee?", "write of: FEE beside it", "key")
    for inside, pay in credit.rates():
        yield from share((*steps, *inside), pay, credit.of)
    yield from unread_base(steps, credit)
    paid = list(credit.rates())
    if paid and all(pay.size == 0 for _, pay in paid):
        inside, pay = paid[0]
        yield Finding((*steps, *inside), "never", f"'{pay.text}' is no credit", "write what is paid, or no credit")
    if not isinstance(credit, PerUnit):
        return
    if credit.first is not None and paid[0][1].unit != credit.first.pays.unit:
        message = f"'{credit.first.pays.text}' stands beside '{paid[0][1].text}': one credit pays money or points"
        yield Finding((*steps, "first", "pays"), "points", message, "write both in the same unit, or two levels")
    if credit.at_most is not None and credit.at_most.count == 0:
        yield Finding((*steps, "at_most"), "never", "no unit is ever paid", "write how many are, or no credit")


def _points(promised: Promised, credit: Remedy) -> Iterator[Finding]:
    """Points are no money, so that nothing beside them can be."""
    if not credit.in_points:
        return
    steps: Steps = (*promised.steps, "credit")
    help = "write it in the settlement, or in its table of points"
    for key, stands in (
        ("cap", bool(credit.cap)),
        ("minimum", credit.minimum is not None),
        ("rounding", credit.rounding is not None),
        ("paid_as", credit.paid_as != "money"),
    ):
        if stands:
            yield Finding((*steps, key), "points", f"'{key}' is about money, and the credit pays points", help, "key")


def _greatest(agreement: Agreement, promised: Promised, credit: Remedy) -> Iterator[Finding]:
    """Units that are never counted; and a share of a fee for each, which in the end may be more than the fee."""
    settlement = agreement.settlement
    alone = isinstance(credit, PerUnit) and credit.first is None and credit.at_most is None
    if alone and isinstance(credit, PerUnit) and most_units(agreement, promised, credit) == 0:
        message = f"no value misses by a whole '{credit.each.text}', so that nothing is ever paid"
        yield Finding((*promised.steps, "credit", "each"), "never", message, "write a lesser unit, or count from 100%")
    if credit.cap or settlement.cap or settlement.at_risk is not None:
        return
    if isinstance(credit, LostTime):
        most: Fraction | None = credit.times
    elif isinstance(credit, PerUnit):
        shares = [pay.share for _, pay in credit.rates() if pay.share is not None]
        units = most_units(agreement, promised, credit)
        most = max(shares, default=Fraction(0)) and (None if units is None else units * max(shares))
    else:
        return
    if most is None or most > 1:
        message = "nothing bounds this credit, which can be more than the whole fee"
        help = "write cap: 100%, or a cap in the settlement; without one the credit of an open case has no upper bound"
        yield Finding((*promised.steps, "credit"), "no-cap", message, help, "key", "warning")


def most_units(agreement: Agreement, promised: Promised, credit: PerUnit) -> Fraction | None:
    """The most units that can be counted; None where nothing bounds them."""
    at_most, target = credit.at_most, promised.promise.target.binding
    if at_most is not None and at_most.per == "period":
        return Fraction(at_most.count)
    whole = promised.level.per is None or promised.level.per.record is None
    days = _most_days(agreement, promised) if whole else None
    # In autumn a period is an hour longer than its days.
    longest = None if days is None else days * DAY + HOUR
    if at_most is not None:
        return None if days is None else Fraction(at_most.count * days)
    if target is None or target.lower_is_worse is None:
        return None
    edge = credit.beyond.value if credit.beyond is not None else target.edges[0]
    shortfall: Fraction | None = None
    if target.kind == "share":
        shortfall = edge if target.lower_is_worse else 1 - edge
        if credit.each.kind == "length":
            shortfall = None if longest is None else shortfall * longest
    elif target.lower_is_worse:
        shortfall = edge
    elif target.kind == "length" and longest is not None and not isinstance(promised.promise.measure, Elapsed):
        shortfall = max(Fraction(0), Fraction(longest) - edge)
    fits = credit.each.kind == target.kind or (target.kind, credit.each.kind) == ("share", "length")
    if shortfall is None or not fits or credit.each.value <= 0:
        return None
    units = shortfall / credit.each.value
    return (
        units
        if credit.counting == "linear"
        else Fraction(ceil(units) if credit.counting == "started" else floor(units))
    )


def _most_days(agreement: Agreement, promised: Promised) -> int:
    """The most civil days of a period of the promise, which may be one of its own."""
    own = promised.level.period
    if own is not None and own.rolling is not None:
        return own.rolling.count * MOST_DAYS.get(own.rolling.unit, 1)
    return MOST_DAYS[(own or agreement.period).every]
