"""The one way to compare: a measured value against a target, with everything that is missing taken into account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from slacheck.language.quantities import Comparison
from slacheck.measures.measure import Measured, Missing

Verdict = Literal["met", "breached", "indeterminate", "not-applicable"]


@dataclass(frozen=True)
class Judgement:
    """A verdict with the values that decide the credit: one where it is certain, two where it is not.

    ``best`` and ``worst`` are the values that remedies read, the best and the worst case for the provider.
    ``deemed`` tells that something else than the target makes the breach (missing data, a rule for few records, the
    expected level missed too often); where the verdict is open, that it would.
    """

    verdict: Verdict
    best: Fraction | None
    worst: Fraction | None
    reason: str = ""
    deemed: bool = False


def any_of(told: Iterable[bool | None]) -> bool | None:
    """Whether any of several things is so; None where that is not known."""
    known = set(told)
    return True if True in known else None if None in known else False


def oriented(measured: Measured, target: Comparison) -> Measured:
    """``measured`` with best and worst as the target sees them: a ceiling is met by the lower value.

    A target with two sides is met by what lies between them, even where neither end of the measured range does; the
    worst is then the end farther from the target.
    """
    low, high = sorted((measured.best, measured.worst))
    if target.lower_is_worse is not None:
        best, worst = (high, low) if target.lower_is_worse else (low, high)
        # Of many lines most are as they are to be, and comparing is cheaper than making another.
        same = best is measured.best and worst is measured.worst
        return measured if same else replace(measured, best=best, worst=worst)
    least, greatest = min(target.edges), max(target.edges)

    def distance(value: Fraction) -> tuple[bool, Fraction]:
        return not target.holds(value), max(least - value, value - greatest)

    near, far = sorted((low, high), key=distance)
    reachable = (value for value in (near, *target.edges, (least + greatest) / 2) if low <= value <= high)
    return replace(measured, best=next(filter(target.holds, reachable), near), worst=far)


def judge(
    measured: Measured | None, target: Comparison, missing: Missing, coverage: Comparison | None, nothing: str
) -> Judgement:
    """Compare unrounded; equality is the operator's business.

    ``nothing`` is why there is no value, when ``measured`` is None: no service time, no volume. Coverage below the
    agreed minimum makes the verdict indeterminate, or a breach where the agreement deems missing data one.
    """
    if measured is None:
        return Judgement("not-applicable", None, None, nothing)
    seen = oriented(measured, target)
    thin = coverage is not None and not coverage.holds(seen.coverage)
    if missing == "breach" and (thin or (coverage is None and seen.coverage < 1)):
        return Judgement("breached", seen.worst, seen.worst, "missing data is deemed a breach", deemed=True)
    if thin:
        return Judgement("indeterminate", seen.best, seen.worst, "less is known than the agreement asks for")
    if seen.open_above:
        return _open_above(seen, target)
    held = {target.holds(seen.best), target.holds(seen.worst)}
    if held == {True}:
        return Judgement("met", seen.best, seen.worst)
    if held == {False}:
        return Judgement("breached", seen.best, seen.worst)
    return Judgement("indeterminate", seen.best, seen.worst, "what is missing could change the answer")


def _open_above(seen: Measured, target: Comparison) -> Judgement:
    """What still runs may take any time: only what the least value decides is certain."""
    low = min(seen.best, seen.worst)
    if target.lower_is_worse:
        sure = "met" if target.holds(low) else None
    else:
        # Above every bound nothing holds any more.
        sure = None if low <= max(target.edges) and (target.holds(low) or low < max(target.edges)) else "breached"
    if sure == "met":
        return Judgement("met", low, low)
    if sure == "breached":
        return Judgement("breached", low, low, "more than it has been so far is still possible")
    return Judgement("indeterminate", low, low, "what still runs could change the answer")
