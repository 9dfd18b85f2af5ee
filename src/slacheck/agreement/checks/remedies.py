"""Money: shares of nothing, credits that do not fit their target."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.level import Promise, Promised
from slacheck.language.payments import Pay
from slacheck.remedies.per_unit import PerUnit


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with credits and caps."""
    for promised in agreement.promised():
        yield from _credit(promised)
    yield from _money(agreement)


def _credit(promised: Promised) -> Iterator[Finding]:
    promise, steps = promised.promise, promised.steps
    target = promise.target.binding
    if promise.credit is None:
        return
    if promised.level.role == "kpi":
        help = "leave the credit out, or the role"
        yield Finding((*steps, "credit"), "kpi-credit", "a KPI never earns a credit", help, "key")
    if isinstance(promise.credit, PerUnit):
        yield from _per_unit((*steps, "credit"), promise, promise.credit)
    if target is not None and target.kind in promise.measure.units:
        for fault in promise.credit.faults(target, target.kind):
            yield Finding((*steps, "credit", *fault.inside), fault.code, fault.message, fault.help, fault.at)


def _per_unit(steps: Steps, promise: Promise, credit: PerUnit) -> Iterator[Finding]:
    measure = promise.measure
    if credit.each.kind == "length" and promise.target.kind == "share" and measure.reads != "time":
        message = f"{measure.kind} counts no time, so that no '{credit.each.text}' can be missed"
        yield Finding((*steps, "each"), "unit", message, "write points of shortfall, such as 0.1%")


def _money(agreement: Agreement) -> Iterator[Finding]:
    shares: list[tuple[Steps, Pay, str | None]] = []
    for promised in agreement.promised():
        credit = promised.promise.credit
        if credit is None:
            continue
        steps: Steps = (*promised.steps, "credit")
        shares += [((*steps, *inside), share, credit.of) for inside, share in credit.payments()]
    for index, cap in enumerate(agreement.settlement.cap):
        place: Steps = ("settlement", "cap") + ((index,) if len(agreement.settlement.cap) > 1 else ())
        shares.append((place, cap.pay, None))
    for place, share, base in shares:
        yield from _share(place, share, base)


def _share(place: Steps, share: Pay, base: str | None) -> Iterator[Finding]:
    if not share.needs_fee or share.size == 0:
        return
    fee = share.fee or base
    if fee is None:
        yield Finding(place, "no-base", f"'{share.text}' of what?", f"write of: FEE beside it, or {share.text} of FEE")
    if share.share is not None and not Fraction(0) <= share.share <= 1:
        message = f"'{share.text}' is more than the whole fee or less than nothing"
        yield Finding(place, "unit", message, "write 0% to 100%")
