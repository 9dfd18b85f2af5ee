"""What is read of a case, and between which values it is within its limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from slacheck.engine.case_tally import Column
from slacheck.language.limits import Deadlines
from slacheck.language.moments import Between
from slacheck.language.quantities import Comparison
from slacheck.measures.asking import Ask
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.share_within import ShareWithin

# Beyond every limit, and what the engine holds as an integer.
_BEYOND = 2**61


@dataclass(frozen=True)
class CaseLimit:
    """What is read of a case, and between which values it is within its limit.

    ``strict``: a case that ends before it starts is never within it; ``told``: there is a remark about such cases.
    """

    column: Column
    least: int | None = None
    most: int | None = None
    strict: bool = False
    told: bool = True
    working: bool = False
    deadlines: Deadlines | None = None


def terms_of(ask: Ask) -> tuple[ShareWithin | Elapsed, Between]:
    measure = ask.measure
    assert isinstance(measure, (ShareWithin, Elapsed))
    assert measure.between is not None
    return measure, measure.between


def limit_of(ask: Ask) -> CaseLimit:
    measure, _ = terms_of(ask)
    limit = measure.limit if isinstance(measure, ShareWithin) else None
    if limit is None:
        column: Column = "days" if ask.unit in ("days", "working-days") else "elapsed"
        return CaseLimit(column, working=ask.unit == "working-days")
    if isinstance(limit, Deadlines):
        return CaseLimit("late_by", most=0, strict=True, deadlines=limit)
    least, most = _sides(limit)
    days = limit.kind in ("days", "working-days")
    if least is not None and most is not None and least > most:
        least, most = None, -_BEYOND
    # What may take no time at all is measured from the instant when it is due, and may well end before it.
    strict = least is None and most is not None and most > 0
    told = strict or least is not None or days
    return CaseLimit("days" if days else "elapsed", least, most, strict, told, limit.kind == "working-days")


def _sides(limit: Comparison) -> tuple[int | None, int | None]:
    """The least and the greatest integer that satisfy the comparison."""
    least, most = None, None
    for bound in limit.bounds:
        if bound.operator in (">=", "=", ">"):
            least = floor(bound.value) + 1 if bound.operator == ">" else ceil(bound.value)
        if bound.operator in ("<=", "=", "<"):
            most = ceil(bound.value) - 1 if bound.operator == "<" else floor(bound.value)
    return least, most
