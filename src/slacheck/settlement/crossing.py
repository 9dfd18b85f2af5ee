"""What crosses lines: a critical failure that replaces the others, pairs that exclude each other, the dearest alone.

The least and the most of the total are worked out side by side. As long as everything grows with each amount, each
follows from its own amounts alone. It does not where several pairs share a level, where a line that wins in its pair is
then dropped beside a dearer one, or where which line is paid says which cap it falls under: there what is not decided
for sure is taken at its dearest for the most, and at its cheapest for the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from slacheck.agreement.settlement_terms import OnePer, Settlement
from slacheck.settlement.bounds import Value, rank, summed
from slacheck.settlement.charge import Charge


@dataclass
class Scenario:
    """One way in which open amounts may come out: the value of each line, and why a line is not counted."""

    values: list[Value]
    because: list[str] = field(default_factory=list)

    def drop(self, index: int, why: str) -> None:
        """Leave out a credit; a bonus stays."""
        if rank(self.values[index]) > (False, Fraction(0)):
            self.values[index] = Fraction(0)
            self.because[index] = why


def plain(settlement: Settlement) -> bool:
    """Whether lines are only added up, so that what some of them come to together says all."""
    return settlement.combine == "sum" and not settlement.exclusive and not _by_column(settlement)


def _by_column(settlement: Settlement) -> bool:
    return any(cap.per and not cap.of_stretch for cap in settlement.cap)


def cross(
    charges: Sequence[Charge], least: Sequence[Value], most: Sequence[Value], settlement: Settlement, critical: bool
) -> tuple[Scenario, Scenario]:
    """The least and the most that are left when lines have been compared. ``critical``: a critical level failed."""
    low, high = Scenario(list(least), [""] * len(least)), Scenario(list(most), [""] * len(most))
    if critical:
        for scenario in (low, high):
            for index, charge in enumerate(charges):
                if charge.level not in settlement.critical:
                    scenario.drop(index, "a critical failure replaces it")
    _exclude(charges, low, high, settlement)
    _combine(charges, low, high, settlement)
    return low, high


def _exclude(charges: Sequence[Charge], low: Scenario, high: Scenario, settlement: Settlement) -> None:
    levels = [name for pair in settlement.exclusive for name in {*pair.either, *pair.or_}]
    apart = settlement.combine == "sum" and len(levels) == len(set(levels)) and not _by_column(settlement)
    groups = list(_groups(charges, lambda charge: charge.subject)) if settlement.exclusive else []
    for pair in settlement.exclusive:
        names = pair.either, pair.or_
        for group in groups:
            sides = [[index for index in group if charges[index].level in side] for side in names]
            if not all(sides):
                continue
            if apart:
                for scenario in (low, high):
                    winner = _winner(scenario, scenario, sides)
                    _drop(scenario, sides[1 - winner], names[winner])
                continue
            # Sure is what wins at its least against the other at its most.
            if _winner(low, high, sides) == 0:
                sure: int | None = 0
            else:
                sure = 1 if _winner(high, low, sides) == 1 else None
            if sure is None:
                for side in (0, 1):
                    _drop(low, sides[side], names[1 - side])
            else:
                for scenario in (low, high):
                    _drop(scenario, sides[1 - sure], names[sure])


def _winner(of_either: Scenario, of_or: Scenario, sides: Sequence[Sequence[int]]) -> int:
    one, other = (
        rank(summed(_credit(scenario.values[index]) for index in side))
        for scenario, side in zip((of_either, of_or), sides, strict=True)
    )
    return 0 if one >= other else 1


def _drop(scenario: Scenario, side: Sequence[int], beside: Sequence[str]) -> None:
    for index in side:
        scenario.drop(
            index, f"not paid beside {' and '.join(beside)}, which {'is' if len(beside) == 1 else 'are'} dearer"
        )


def _combine(charges: Sequence[Charge], low: Scenario, high: Scenario, settlement: Settlement) -> None:
    combine = settlement.combine
    if combine == "sum":
        return
    of: Callable[[Charge], object] = _everything if combine == "highest" else _value_of(combine)
    named = "" if combine == "highest" else f" of one {combine.one_per}"
    said = f"the dearest line{named} alone is paid: "
    for group in _groups(charges, of):
        if not _by_column(settlement):
            for scenario in (low, high):
                dearest = max(group, key=_dearness(scenario))
                for index in group:
                    if index != dearest:
                        scenario.drop(index, said + _name(charges[dearest]))
            continue
        # Which line is paid says which cap it falls under: one that may be the dearest stays at the most, and is left
        # out at the least unless it is the dearest for sure.
        worst, best = _dearness(low), _dearness(high)
        cheapest, dearest = max(group, key=worst), max(group, key=best)
        sure = all(worst(cheapest) >= best(index) for index in group if index != cheapest)
        beaten = worst(cheapest)
        for index in group:
            if index != cheapest and best(index) < beaten:
                high.drop(index, said + _name(charges[cheapest]))
        for index in group:
            if index != cheapest or not sure:
                low.drop(index, said + _name(charges[dearest if index == cheapest else cheapest]))


def _dearness(scenario: Scenario) -> Callable[[int], tuple[tuple[bool, Fraction], int]]:
    values = list(scenario.values)
    return lambda index: (rank(values[index]), -index)


def _everything(_: Charge) -> str:
    return ""


def _value_of(combine: OnePer) -> Callable[[Charge], object]:
    # A line that has no such value stands for itself.
    return lambda charge: column_of(charge, combine.one_per) or charge


def column_of(charge: Charge, column: str) -> str | None:
    """The value of a column for one line: its subject, or a fact of its record."""
    answer, per = charge.judged.answer, charge.judged.asking.promised.level.per
    if per is not None and per.column == column:
        return charge.subject
    return answer.facts.get(column) if answer is not None else None


def _name(charge: Charge) -> str:
    line = charge.judged.line
    return " ".join(part for part in (line.level, line.of_class, line.subject) if part)


def _credit(value: Value) -> Value:
    return value if value is None else max(Fraction(0), value)


def _groups(charges: Sequence[Charge], of: Callable[[Charge], object]) -> Iterator[list[int]]:
    groups: dict[object, list[int]] = {}
    for index, charge in enumerate(charges):
        key = of(charge)
        groups.setdefault(id(key) if isinstance(key, Charge) else ("value", key), []).append(index)
    yield from groups.values()
