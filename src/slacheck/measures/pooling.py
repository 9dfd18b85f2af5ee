"""Tallies and values of several classes, subjects or levels put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from slacheck.language.quantities import Comparison
from slacheck.measures.measure import (
    CaseTally,
    CountTally,
    Measured,
    RateTally,
    RecordTally,
    Tally,
    TimeTally,
    ValueTally,
    WeightedTally,
)


def pooled(tallies: Sequence[Tally]) -> Tally:
    """The tally of all records together.

    Raises TypeError for tallies of more than one kind, and for those that cannot be added up: lengths and other levels,
    of which the records themselves are needed, and values of which a statistic other than a mean was asked for.
    """
    first = tallies[0]
    if any(type(each) is not type(first) for each in tallies):
        raise TypeError("tallies of different kinds cannot be added up")
    if len(tallies) == 1:
        return first
    match first:
        case CountTally() | CaseTally() | RecordTally():
            return type(first)(
                **{name: sum(getattr(each, name) for each in tallies) for name in first.__dataclass_fields__}
            )
        case RateTally():
            return _rates([each for each in tallies if isinstance(each, RateTally)])
        case TimeTally():
            return _time([each for each in tallies if isinstance(each, TimeTally)])
        case WeightedTally():
            return _weighted([each for each in tallies if isinstance(each, WeightedTally)])
        case ValueTally() if all(isinstance(each, ValueTally) and each.asked is None for each in tallies):
            return _values([each for each in tallies if isinstance(each, ValueTally)])
    raise TypeError(f"{type(first).__name__} cannot be added up")


def _rates(parts: Sequence[RateTally]) -> RateTally:
    return RateTally(
        sum((each.rates for each in parts), Fraction(0)),
        sum(each.busy for each in parts),
        sum(each.idle for each in parts),
        sum(each.absent for each in parts),
        sum(each.total for each in parts),
        sum(each.good for each in parts),
    )


def _time(parts: Sequence[TimeTally]) -> TimeTally:
    return TimeTally(
        service=sum(each.service for each in parts),
        down=sum(each.down for each in parts),
        down_at_worst=sum(each.down_at_worst for each in parts),
        unknown=sum(each.unknown for each in parts),
        outages=sum(each.outages for each in parts),
        longest=max(each.longest for each in parts),
        longest_at_worst=max(each.longest_at_worst for each in parts),
        lengths=tuple(sorted(length for each in parts for length in each.lengths)),
        running=any(each.running for each in parts),
    )


def _weighted(parts: Sequence[WeightedTally]) -> WeightedTally:
    lost: dict[int, int] = {}
    for each in parts:
        for n, affected in each.groups:
            lost[n] = lost.get(n, 0) + affected
    return WeightedTally(sum(each.service for each in parts), tuple(sorted(lost.items())))


def _values(parts: Sequence[ValueTally]) -> ValueTally:
    least = [each.least for each in parts if each.least is not None]
    greatest = [each.greatest for each in parts if each.greatest is not None]
    return ValueTally(
        sum(each.count for each in parts),
        min(least, default=None),
        max(greatest, default=None),
        sum((each.total for each in parts), Fraction(0)),
    )


def worst(values: Sequence[Measured], target: Comparison) -> Measured:
    """The value of the worst subject, as ``target`` sees it; its bounds are the worst of each bound."""
    extreme: Callable[[Sequence[Fraction]], Fraction] = min if target.lower_is_worse is not False else max
    lows = [min(each.best, each.worst) for each in values]
    highs = [max(each.best, each.worst) for each in values]
    coverage = min(each.coverage for each in values)
    open_above = any(each.open_above for each in values)
    return replace(
        values[0],
        best=extreme(highs),
        worst=extreme(lows),
        coverage=coverage,
        scale=Fraction(1),
        margin_in="value",
        open_above=open_above,
    )


def mean(values: Sequence[Measured]) -> Measured:
    """The unweighted mean of the values, bound by bound."""
    n = len(values)
    low = sum((min(each.best, each.worst) for each in values), Fraction(0)) / n
    high = sum((max(each.best, each.worst) for each in values), Fraction(0)) / n
    coverage = sum((each.coverage for each in values), Fraction(0)) / n
    return Measured(high, low, coverage, open_above=any(each.open_above for each in values))


def share_of(values: Sequence[Measured], condition: Comparison) -> Measured:
    """The share of values that satisfy ``condition``; one that may or may not counts between."""
    surely = maybe = 0
    for each in values:
        held = {condition.holds(each.best), condition.holds(each.worst)}
        surely += held == {True} and not each.open_above
        maybe += held != {False} or each.open_above
    n = len(values)
    coverage = sum((each.coverage for each in values), Fraction(0)) / n
    return Measured(Fraction(maybe, n), Fraction(surely, n), coverage, Fraction(n), "subjects")
