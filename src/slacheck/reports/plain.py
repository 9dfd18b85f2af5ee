"""Values as machines read them: plain decimals in base units, on the side of the target on which the exact value is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Final

from slacheck.language.quantities import SECOND, Bound, Comparison, Kind
from slacheck.money import decimal_text
from slacheck.reports.wording import target, value
from slacheck.statement import Exact, Line

UNITS: Final[dict[Kind, str]] = {
    "share": "ratio",
    "length": "seconds",
    "days": "days",
    "working-days": "working-days",
    "number": "number",
}
_MARGINS: Final = {
    "time": "seconds",
    "requests": "requests",
    "cases": "cases",
    "subjects": "subjects",
}
# Eighteen as everywhere; a fraction of 2,000 bits beside a bound of a hundred decimals needs 800 to be told from it.
_PLACES = (18, 40, 100, 200, 400, 800)
_ENDS = (Bound("=", Fraction(0)), Bound("=", Fraction(1)))


def margin_unit(line: Line) -> str:
    """The unit of the line's margin: time is in seconds, whatever the value is in."""
    return _MARGINS.get(line.margin_in) or UNITS[line.unit]


def margin_kind(line: Line) -> Kind:
    """What kind of a number the line's margin is."""
    if line.margin_in in ("requests", "cases", "subjects"):
        return "number"
    return "length" if line.margin_in == "time" else "days" if line.margin_in == "days" else line.unit


def measured(line: Line) -> tuple[str, str]:
    """The best and the worst value in ``UNITS``; empty where it was not measured, or nothing bounds it on that side."""
    against = target(line)
    if against is not None and against.kind != line.unit:
        against = None
    best, worst = (_end(line, each, against) for each in (line.best, line.worst))
    if not line.open_above:
        return best, worst
    return ("", worst) if against is not None and against.lower_is_worse else (best, "")


def _end(line: Line, shown: Exact | None, against: Comparison | None) -> str:
    return "" if shown is None else decimal(value(line, shown), line.unit, against)


def margins(line: Line) -> tuple[str, str]:
    """How far the best and the worst value are from the target, in ``margin_unit``; empty where nothing tells."""
    ends, kind = (line.margin_best, line.margin_worst), margin_kind(line)
    best, worst = ("" if each is None else decimal(each.fraction, kind) for each in ends)
    if not line.open_above:
        return best, worst
    against = target(line)
    if against is None or against.lower_is_worse is None:
        return "", ""
    return ("", worst) if against.lower_is_worse else (best, "")


def targets(line: Line) -> Iterator[tuple[str, str]]:
    """The sides of the target that binds, where it is compared with the value: an operator and a number."""
    against = target(line)
    if against is not None and against.kind == line.unit:
        yield from ((bound.operator, decimal(bound.value, line.unit)) for bound in against.bounds)


@lru_cache(maxsize=10_000)
def decimal(exact: Fraction, kind: Kind, against: Comparison | None = None) -> str:
    """``exact`` (a length in microseconds) in ``UNITS``, to 18 places, or to more where a comparison needs them."""
    size = SECOND if kind == "length" else 1
    bounds = (*(against.bounds if against else ()), *_ENDS)
    for places in _PLACES:
        text = decimal_text(exact / size, places)
        rounded = Fraction(text) * size
        if all(bound.holds(rounded) == bound.holds(exact) for bound in bounds):
            return text
    return text
