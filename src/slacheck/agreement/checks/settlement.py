"""What crosses levels: names that lead nowhere, pools, points, and terms that can never do anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks import caps, pools
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.agreement.checks.payable import paying, rounding, share, unread_base
from slacheck.agreement.level import Promised
from slacheck.agreement.right_terms import counts_claims
from slacheck.agreement.settlement_terms import EarnBack, OnePer
from slacheck.language.quantities import Bound, Comparison
from slacheck.remedies.bands import Bands
from slacheck.remedies.per_unit import PerUnit
from slacheck.remedies.remedy import Fault

_STEPS: Steps = ("settlement",)
# What says something about credits, and nothing without one.
_OF_CREDITS = ("combine", "exclusive", "critical", "at_risk", "points", "rounding", "cap", "earn_back", "claim", "pay")
_POINTS = Comparison("number", (Bound("<=", Fraction(0)),), "no points")


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with the settlement."""
    terms = agreement.settlement
    credits = paying(agreement)
    if not credits:
        yield from _idle(agreement)
    if terms.at_risk is not None or pools.allocated(credits):
        yield from pools.findings(agreement, credits)
    yield from _points(agreement, credits)
    yield from _combine(agreement, credits)
    yield from _exclusive(agreement, credits)
    yield from _critical(agreement)
    yield from caps.of_settlement(agreement)
    yield from rounding(agreement, (*_STEPS, "rounding"), terms.rounding)
    if terms.earn_back is not None:
        yield from _earn_back(agreement, terms.earn_back, credits)


def _idle(agreement: Agreement) -> Iterator[Finding]:
    """Every key of the settlement, where no level earns a credit; ``combine: sum`` only says what is so anyway."""
    terms = agreement.settlement
    # Of a right too it may count whether a breach was claimed in time.
    claimed = any(counts_claims(each) for right in agreement.rights.values() for _, each in right.conditions())
    for key in _OF_CREDITS:
        if key == "claim" and claimed:
            continue
        if key in terms.model_fields_set and not (key == "combine" and terms.combine == "sum"):
            message = f"no level earns a credit, so that '{key}' does nothing"
            yield Finding((*_STEPS, key), "unused", message, "write a credit on a level, or leave it out", "key")


def _points(agreement: Agreement, credits: Sequence[Promised]) -> Iterator[Finding]:
    terms = agreement.settlement.points
    in_points = [each for each in credits if each.promise.credit is not None and each.promise.credit.in_points]
    if terms is None:
        for promised in in_points:
            credit = promised.promise.credit
            assert credit is not None
            inside = next(inside for inside, pay in credit.rates() if pay.points is not None)
            message = "nothing says what a point costs"
            help = 'write points: {kind: bands, of: FEE, bands: {">= 4": 1%, else: 0}} in the settlement'
            yield Finding((*promised.steps, "credit", *inside), "points", message, help)
        return
    steps: Steps = (*_STEPS, "points")
    if credits and not in_points:
        help = "write pays: 1 point in the credit of a level, or leave it out"
        yield Finding(steps, "unused", "no level pays points", help, "key")
    yield from _table(agreement, steps, terms)


def _table(agreement: Agreement, steps: Steps, terms: Bands | PerUnit) -> Iterator[Finding]:
    for inside, pay in terms.rates():
        yield from share((*steps, *inside), pay, terms.of)
        if pay.points is not None:
            message = f"points are turned into money, not into '{pay.text}'"
            yield Finding((*steps, *inside), "points", message, "write an amount, or a share of a fee")
        if pay.bonus and isinstance(terms, Bands):
            yield Finding((*steps, *inside), "bonus", "points earn no bonus", "write it without 'bonus'")
    if not terms.rewards:
        for fault in _faults(terms):
            yield Finding((*steps, *fault.inside), fault.code, fault.message, fault.help, fault.at)
    yield from unread_base(steps, terms)
    for key, stands in (
        ("factors", bool(terms.factors)),
        ("repeat", terms.repeat is not None),
        ("minimum", terms.minimum is not None),
        ("paid_as", terms.paid_as != "money"),
    ):
        if stands:
            message = f"nothing reads '{key}' in the table of points"
            yield Finding((*steps, key), "unused", message, "write it in the credit of a level", "key")
    yield from caps.of_points(agreement, (*steps, "cap"), terms.cap, terms.of)
    yield from rounding(agreement, (*steps, "rounding"), terms.rounding)


def _faults(terms: Bands | PerUnit) -> Iterator[Fault]:
    """The faults of the table of points, of which more are worse."""
    for fault in terms.faults(_POINTS, "number"):
        met = fault.code == "band-target"
        yield replace(fault, help='no points cost nothing: write rows such as ">= 4"') if met else fault


def _combine(agreement: Agreement, credits: Sequence[Promised]) -> Iterator[Finding]:
    combine = agreement.settlement.combine
    steps: Steps = (*_STEPS, "combine")
    if isinstance(combine, OnePer) and credits:
        yield from caps.column(credits, (*steps, "one_per"), combine.one_per)
    if combine != "sum" and len({_in_points(each) for each in credits}) > 1:
        message = "points and money are compared, and neither is dearer"
        yield Finding(steps, "points", message, "write combine: sum, or credits in one unit")


def _in_points(promised: Promised) -> bool:
    return promised.promise.credit is not None and promised.promise.credit.in_points


def _exclusive(agreement: Agreement, credits: Sequence[Promised]) -> Iterator[Finding]:
    earning = {each.level_name for each in credits}
    points = {each.level_name for each in credits if _in_points(each)}
    for index, pair in enumerate(agreement.settlement.exclusive):
        place: Steps = (*_STEPS, "exclusive", index)
        for key, side in (("either", pair.either), ("or", pair.or_)):
            if not side:
                yield Finding((*place, key), "exclusive", "no level is named", "write the name of a level")
            yield from _levels(agreement, (*place, key), side)
            for number, name in enumerate(side):
                here: Steps = (*place, key, number)
                if name in agreement.service_levels and earning and name not in earning:
                    message = f"'{name}' earns no credit that could exclude another"
                    yield Finding(here, "exclusive", message, "leave it out, or write its credit")
                if key == "or" and name in pair.either:
                    message = f"'{name}' excludes itself"
                    yield Finding(here, "exclusive", message, "name each level on one side")
        named = [name for name in (*pair.either, *pair.or_) if name in earning]
        if len({name in points for name in named}) > 1:
            message = "points and money are compared, and neither is dearer"
            yield Finding(place, "points", message, "name levels whose credits are in one unit")


def _levels(agreement: Agreement, steps: Steps, names: Sequence[str]) -> Iterator[Finding]:
    """Levels that there are not, and those that are named twice."""
    for index, name in enumerate(names):
        place: Steps = (*steps, index)
        if name not in agreement.service_levels:
            help = meant(name, agreement.service_levels)
            yield Finding(place, "unknown-name", f"no service level '{name}'", help)
        elif name in names[:index]:
            yield Finding(place, "two-meanings", f"'{name}' is named twice", "name it once")


def _critical(agreement: Agreement) -> Iterator[Finding]:
    terms = agreement.settlement
    steps: Steps = (*_STEPS, "critical")
    yield from _levels(agreement, steps, terms.critical)
    for index, name in enumerate(terms.critical):
        place: Steps = (*steps, index)
        level = agreement.service_levels.get(name)
        if level is None:
            continue
        if level.role == "kpi":
            yield Finding(place, "kpi-critical", f"'{name}' is a KPI: it is never breached", "leave it out")
        elif any(each.credit is not None and each.credit.kind == "pool" for each in level.promises.values()):
            message = f"the allocation of '{name}' would replace all that the pools pay"
            help = "write what its failure costs by itself: kind: fixed, pays: 10% of FEE"
            yield Finding(place, "critical", message, help)


def _earn_back(agreement: Agreement, terms: EarnBack, credits: Sequence[Promised]) -> Iterator[Finding]:
    steps: Steps = (*_STEPS, "earn_back")
    yield from _levels(agreement, (*steps, "not_for"), terms.not_for)
    earning = {each.level_name for each in credits if not _in_points(each)}
    for index, name in enumerate(terms.not_for):
        if earning and name in agreement.service_levels and name not in earning:
            place: Steps = (*steps, "not_for", index)
            yield Finding(place, "earn-back", f"'{name}' earns no money that could be returned", "leave it out")
    if credits and not earning - set(terms.not_for):
        message = "no level earns money that could be returned"
        yield Finding(steps, "unused", message, "leave 'earn_back' out", "key")
    if agreement.effective is None and terms.within is None:
        message = "how far back credits are returned is not said: the agreement has no beginning"
        yield Finding(steps, "dates", message, "write within: 12 periods, or effective in the agreement", "key")
    for key, length in (("within", terms.within), ("expires", terms.expires)):
        if length is None or isinstance(length, str):
            continue
        if length.unit == "working day":
            yield Finding((*steps, key), "earn-back", "working days need a calendar", "write days, months or periods")
        elif length.count == 0:
            yield Finding((*steps, key), "earn-back", "nothing lies within no time", "write 12 months or 4 periods")
    counted = terms.within is not None and terms.within.unit in ("period", agreement.period.every)
    if terms.within is not None and counted and 0 < terms.within.count <= terms.of_last:
        message = f"credits of {terms.within} are never from before the last {terms.of_last} periods"
        yield Finding((*steps, "within"), "never", message, "write a longer stretch than of_last")
    if terms.expires == "term-end" and agreement.until is None:
        message = "the end of the term is not said"
        yield Finding((*steps, "expires"), "dates", message, "write until: 2026-12-31 in the agreement")
