"""What a promise gives for certain, in a form that adds up along a chain: a share that is kept, a limit that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Literal

from slacheck.agreement.level import Promised
from slacheck.carrying.carriers import Leg, Part
from slacheck.language.quantities import DAY, Comparison, Kind
from slacheck.language.written import duration
from slacheck.measures.availability import Availability
from slacheck.measures.count import Count
from slacheck.measures.downtime import Downtime
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.error_rate import ErrorRate
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.success_rate import SuccessRate
from slacheck.money import decimal_text

Sort = Literal["uptime", "requests", "cases", "downtime", "count", "value"]

# So many ways through alternatives are looked at; a chain of people has one or two.
_MOST_WAYS = 256


@dataclass(frozen=True)
class Floor:
    """A share that is kept at least; ``open`` where the value itself is not enough (``> 99.9%``)."""

    value: Fraction
    open: bool = False

    def keeps(self, wanted: Floor) -> bool:
        return self.value > wanted.value or (self.value == wanted.value and (self.open or not wanted.open))

    @property
    def text(self) -> str:
        return f"{decimal_text(self.value * 100)}%"


@dataclass(frozen=True)
class Ceiling:
    """What is not exceeded: a length in microseconds, a number of days, or of things; ``open``: nor reached."""

    value: Fraction
    unit: Kind
    open: bool = False

    def keeps(self, wanted: Ceiling) -> bool:
        return self.value < wanted.value or (self.value == wanted.value and (self.open or not wanted.open))

    @property
    def text(self) -> str:
        if self.unit == "length":
            return duration(self.value) if self.value.denominator == 1 else f"{decimal_text(self.value / DAY)}d"
        if self.unit == "share":
            return f"{decimal_text(self.value * 100)}%"
        word = {"days": " day", "working-days": " working day"}.get(self.unit, "")
        return f"{decimal_text(self.value)}{word}{'s' if word and self.value != 1 else ''}"


@dataclass(frozen=True)
class Reach:
    """What one promise gives. ``sort`` says what is compared with what.

    ``floor`` is the share of time, requests or cases for which it is kept, ``ceiling`` the limit or the most that there
    may be, ``least`` what a plain value is at least. ``statistic`` is what two measures must have in common to be
    compared at all. ``key`` leads from the promise to what bounds it.
    """

    sort: Sort
    floor: Floor = Floor(Fraction(1))
    ceiling: Ceiling | None = None
    statistic: str = ""
    least: Ceiling | None = None
    key: tuple[str, ...] = ("target",)


def reach(promised: Promised) -> Reach | None:
    """What a promise gives, or None where its target stands in a register, bounds from both sides or is no number."""
    promise = promised.promise
    measure, target = promise.measure, promise.target.binding
    if target is None or target.columns:
        return None
    slack = _slack(promised)
    floor, ceiling = _floor(target, slack), _ceiling(target, slack)
    match measure:
        case ErrorRate():
            kept = None if ceiling is None else Floor(1 - ceiling.value, ceiling.open)
            return None if kept is None else Reach("requests", kept, statistic=_interval(measure))
        case Availability():
            return None if floor is None else Reach("uptime", floor)
        case SuccessRate():
            return None if floor is None else Reach("requests", floor, statistic=_interval(measure))
        case ShareWithin(value=None):
            limit = measure.limit
            most = _ceiling(limit, Fraction(0)) if isinstance(limit, Comparison) and not limit.columns else None
            if floor is None or most is None:
                return None
            return Reach("cases", floor, most, key=("measure", "limit"))
        case Elapsed():
            return None if ceiling is None else _elapsed(measure, ceiling)
        case Downtime():
            if measure.statistic == "between":
                return None if floor is None else _value(target, slack, "downtime between")
            return None if ceiling is None else Reach("downtime", ceiling=ceiling, statistic=measure.statistic)
        case Count():
            if ceiling is None:
                return None
            return Reach("count", ceiling=replace(ceiling, value=ceiling.value + measure.allowance))
    return _value(target, slack, _told(measure))


def _elapsed(measure: Elapsed, ceiling: Ceiling) -> Reach:
    """A percentile by nearest rank is a share of the cases; a mean or a median is one of all of them together."""
    statistic = measure.statistic
    if statistic is None or statistic.plain == "max":
        return Reach("cases", ceiling=ceiling)
    nearest = statistic.share is not None and statistic.by(measure.method) == "nearest-rank"
    if nearest and statistic.share:
        return Reach("cases", Floor(statistic.share), ceiling)
    return Reach("cases", ceiling=ceiling, statistic=f"{statistic.text} {statistic.by(measure.method)}")


def _interval(measure: SuccessRate | ErrorRate) -> str:
    return "" if measure.mean_of_each is None else f"mean of each {duration(measure.mean_of_each)}"


def _told(measure: object) -> str:
    """What two measures of a value must have in common to be compared."""
    kind, statistic = getattr(measure, "kind", ""), getattr(measure, "statistic", None)
    limit = getattr(measure, "limit", None)
    return " ".join(each.text if hasattr(each, "text") else str(each) for each in (kind, statistic, limit) if each)


def _value(target: Comparison, slack: Fraction, told: str) -> Reach | None:
    floor, ceiling = _lower(target, slack), _ceiling(target, slack)
    if floor is None and ceiling is None:
        return None
    return Reach("value", ceiling=ceiling, least=floor, statistic=told)


def _slack(promised: Promised) -> Fraction:
    """How much less than its target a value may be that is rounded to meet it."""
    rounded = promised.promise.rounded
    if rounded is None:
        return Fraction(0)
    return rounded.to.value / 2 if rounded.mode.startswith("half") else rounded.to.value


def _lower(target: Comparison, slack: Fraction) -> Ceiling | None:
    if target.lower_is_worse is not True:
        return None
    return Ceiling(target.bounds[0].value - slack, target.kind, target.bounds[0].operator == ">")


def _floor(target: Comparison, slack: Fraction) -> Floor | None:
    lower = _lower(target, slack)
    return Floor(lower.value, lower.open) if lower is not None and target.kind == "share" else None


def _ceiling(target: Comparison, slack: Fraction) -> Ceiling | None:
    if target.lower_is_worse is not False:
        return None
    return Ceiling(target.bounds[0].value + slack, target.kind, target.bounds[0].operator == "<")


def share_of(part: Part) -> Floor:
    """The share that legs keep together, each with a ``floor``.

    Formula: of those that are all needed the product; of those that stand in for each other 1 - the product of what
    they miss; of the classes of one level the least.
    """
    if isinstance(part, Leg):
        found = reach(part.promised)
        assert found is not None
        return found.floor
    shares = [share_of(each) for each in part.parts]
    if part.how == "each":
        return min(shares, key=lambda each: (each.value, each.open))
    if part.how == "all":
        return Floor(prod((each.value for each in shares), start=Fraction(1)), any(each.open for each in shares))
    return Floor(1 - prod((1 - each.value for each in shares), start=Fraction(1)), any(each.open for each in shares))


def share_text(part: Part, inside: bool = False) -> str:
    """How the share comes about: ``99.9% x 99.95%``, ``1 - 1% x 1%``."""
    if isinstance(part, Leg):
        return share_of(part).text
    if len(part.parts) == 1:
        return share_text(part.parts[0], inside)
    if part.how == "each":
        return share_of(part).text
    if part.how == "all":
        return " x ".join(share_text(each, True) for each in part.parts)
    misses = " x ".join(f"{decimal_text((1 - share_of(each).value) * 100)}%" for each in part.parts)
    return f"(1 - {misses})" if inside else f"1 - {misses}"


@dataclass(frozen=True)
class Way:
    """One way in which legs carry cases, down time or a number: what they take together, and the share that does.

    ``legs`` are those it leads through.
    """

    ceiling: Ceiling
    floor: Floor
    legs: tuple[Leg, ...]
    terms: tuple[str, ...]


def ways(part: Part, times: dict[int, int]) -> list[Way]:
    """Every way through the alternatives: what is all needed adds up, of classes the worst counts.

    ``times`` is how often the period of a leg comes in one of ours (by ``id``), where its number is of a period.
    """
    if isinstance(part, Leg):
        found = reach(part.promised)
        assert found is not None
        assert found.ceiling is not None
        often = times.get(id(part), 1)
        ceiling = Ceiling(found.ceiling.value * often, found.ceiling.unit, found.ceiling.open)
        term = found.ceiling.text if often == 1 else f"{often} x {found.ceiling.text}"
        return [Way(ceiling, found.floor, (part,), (term,))]
    of_parts = [ways(each, times) for each in part.parts]
    if part.how == "any":
        return [way for each in of_parts for way in each][:_MOST_WAYS]
    join = _worst if part.how == "each" else _added
    found_ways: list[Way] = []
    for chosen in product(*of_parts):
        found_ways.append(join(chosen))
        if len(found_ways) == _MOST_WAYS:
            break
    return found_ways


def _added(chosen: tuple[Way, ...]) -> Way:
    return Way(
        Ceiling(
            sum((way.ceiling.value for way in chosen), Fraction(0)),
            chosen[0].ceiling.unit,
            any(way.ceiling.open for way in chosen),
        ),
        Floor(prod((way.floor.value for way in chosen), start=Fraction(1)), any(way.floor.open for way in chosen)),
        tuple(leg for way in chosen for leg in way.legs),
        tuple(term for way in chosen for term in way.terms),
    )


def _worst(chosen: tuple[Way, ...]) -> Way:
    slowest = max(chosen, key=lambda way: (way.ceiling.value, not way.ceiling.open))
    least = min(chosen, key=lambda way: (way.floor.value, way.floor.open))
    return Way(slowest.ceiling, least.floor, tuple(leg for way in chosen for leg in way.legs), slowest.terms)
