"""What crosses lines: pairs that exclude each other, the dearest alone, critical failure, pools, points, caps of all.

Everything here but critical failure grows with each amount, so that the least and the most of the total are worked out
with the least and the most of every line.
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


def cross(charges: Sequence[Charge], values: Sequence[Value], settlement: Settlement, critical: bool) -> Scenario:
    """The values that are left when lines have been compared. ``critical``: a critical level failed."""
    scenario = Scenario(list(values), [""] * len(values))
    _exclude(charges, scenario, settlement)
    _combine(charges, scenario, settlement)
    if critical:
        for index, charge in enumerate(charges):
            if charge.level not in settlement.critical:
                scenario.drop(index, "a critical failure replaces it")
    return scenario


def _exclude(charges: Sequence[Charge], scenario: Scenario, settlement: Settlement) -> None:
    for pair in settlement.exclusive:
        for group in _groups(charges, lambda charge: charge.subject):
            sides = [[index for index in group if charges[index].level in side] for side in (pair.either, pair.or_)]
            one, other = (summed(_credit(scenario.values[index]) for index in side) for side in sides)
            loser, winner = (sides[1], pair.either) if rank(one) >= rank(other) else (sides[0], pair.or_)
            for index in loser:
                scenario.drop(
                    index, f"not paid beside {' and '.join(winner)}, which {'is' if len(winner) == 1 else 'are'} dearer"
                )


def _combine(charges: Sequence[Charge], scenario: Scenario, settlement: Settlement) -> None:
    combine = settlement.combine
    if combine == "sum":
        return
    of: Callable[[Charge], object] = _everything if combine == "highest" else _value_of(combine)
    named = "" if combine == "highest" else f" of one {combine.one_per}"
    for group in _groups(charges, of):
        dearest = max(group, key=lambda index: (rank(scenario.values[index]), -index))
        for index in group:
            if index != dearest:
                scenario.drop(index, f"the dearest line{named} alone is paid: {_name(charges[dearest])}")


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
