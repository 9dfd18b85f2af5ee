"""The total of a statement: sum, points, what is at risk, what was earned back, caps over all lines; with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from slacheck.agreement.settlement_terms import Settlement
from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.language.payments import Cap
from slacheck.language.quantities import Bound, Comparison
from slacheck.planning import Settling
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices
from slacheck.remedies.remedy import Miss
from slacheck.settlement.bounds import Value, rank, summed
from slacheck.settlement.caps import Room, room_of
from slacheck.settlement.charge import Charge, rounded_owed
from slacheck.settlement.crossing import Scenario, column_of, cross
from slacheck.settlement.earlier import earlier_under

# No point is a breach of nothing; any is.
_NO_POINTS = Comparison("number", (Bound("<=", Fraction(0)),), "<= 0")


@dataclass(frozen=True)
class Summed:
    """One scenario added up: ``value`` before anything is earned back, None without bound; and its steps."""

    scenario: Scenario
    points: Value
    value: Value
    steps: tuple[Step, ...]
    at_cap: bool


@dataclass
class _Adding:
    value: Value
    steps: list[Step] = field(default_factory=list)
    at_cap: bool = False

    def to(self, value: Value, *steps: Step) -> None:
        self.value = value
        self.steps += steps

    def under(self, room: Value, text: str, *steps: Step) -> None:
        """No more than ``room``, to which ``steps`` lead; where that is not known, nothing is bounded."""
        if room is None:
            self.steps.append(Step("unknown", f"{text} is not known"))
            return
        self.steps += steps
        self.at_cap = self.at_cap or (rank(self.value) >= (False, room) and rank(self.value) > (False, Fraction(0)))
        if rank(self.value) >= (False, room):
            self.to(room, Step("cap", text, room))
        else:
            self.steps.append(Step("cap", f"{text}, not reached", room))


@dataclass(frozen=True)
class Totals:
    """What the total is at least and at most."""

    least: Summed
    most: Summed


def totals(
    settling: Settling, judged: Sequence[Judged], charges: Sequence[Charge], prices: Prices, history: History
) -> Totals:
    """The total of all lines; what is not known leaves the most open."""
    adding = _Total(settling, charges, prices, _rooms(settling, charges, prices, history))
    least: list[Value] = [charge.bounds.least.exact for charge in charges]
    most: list[Value] = [None if each.bounds.most is None else each.bounds.most.exact for each in charges]
    failed = _critical(settling, judged)
    if failed is not None:
        return Totals(adding.of(least, failed, high=False), adding.of(most, failed, high=True))
    # Whether a critical level failed is open, and either way may cost less.
    low = min((adding.of(least, each, high=False) for each in (False, True)), key=lambda each: rank(each.value))
    high = max((adding.of(most, each, high=True) for each in (False, True)), key=lambda each: rank(each.value))
    return Totals(low, high)


def _critical(settling: Settling, judged: Sequence[Judged]) -> bool | None:
    """Whether a critical level failed; None where that is open."""
    levels = settling.agreement.settlement.critical
    verdicts = {each.line.verdict for each in judged if each.line.level in levels}
    return True if "breached" in verdicts else None if "indeterminate" in verdicts else False


@dataclass(frozen=True)
class _Group:
    """One cap, the lines that it bounds together (None: all of them), and what it allows."""

    cap: Cap
    lines: tuple[int, ...] | None
    room: Room


def _rooms(settling: Settling, charges: Sequence[Charge], prices: Prices, history: History) -> list[_Group]:
    currency = settling.agreement.currency or ""
    nothing: tuple[Value, Value] = (Fraction(0), Fraction(0))
    found: list[_Group] = []
    for cap in settling.agreement.settlement.cap:
        if not cap.per or cap.of_stretch:
            earlier = _credited(settling, cap, history) if cap.of_stretch else nothing
            found.append(_Group(cap, None, room_of(cap, None, prices, currency, earlier)))
            continue
        by_value: dict[str, list[int]] = {}
        for index, charge in enumerate(charges):
            value = column_of(charge, cap.per)
            if value is not None:
                by_value.setdefault(value, []).append(index)
        for lines in by_value.values():
            found.append(_Group(cap, tuple(lines), room_of(cap, None, charges[lines[0]].prices, currency, nothing)))
    return found


def _credited(settling: Settling, cap: Cap, history: History) -> tuple[Value, Value]:
    """What earlier statements credited under a cap, before anything was earned back."""
    least: list[Value] = []
    most: list[Value] = []
    for period in earlier_under(settling, cap):
        statements = history.statements(settling, period)
        if statements is None:
            return Fraction(0), None
        for total in (statement.total for statement in statements):
            if total is not None:
                least.append(Fraction(total.credited_least))
                most.append(None if total.credited_most is None else Fraction(total.credited_most))
    return summed(least), summed(most)


@dataclass(frozen=True)
class _Total:
    """How the values of lines are added up under one settlement."""

    settling: Settling
    charges: Sequence[Charge]
    prices: Prices
    rooms: Sequence[_Group]

    @property
    def _terms(self) -> Settlement:
        return self.settling.agreement.settlement

    @property
    def _currency(self) -> str:
        return self.settling.agreement.currency or ""

    def of(self, values: Sequence[Value], critical: bool, high: bool) -> Summed:
        """One scenario. ``high``: what is not known is taken at its dearest."""
        scenario = cross(self.charges, values, self._terms, critical)
        for group in self.rooms:
            if group.lines is not None:
                self._share_room(scenario, group, high)
        money = [scenario.values[i] for i, charge in enumerate(self.charges) if not charge.remedy.in_points]
        points = summed(scenario.values[i] for i, charge in enumerate(self.charges) if charge.remedy.in_points)
        adding = _Adding(summed(money))
        if money or self._terms.points is None:
            lines = f"{len(money):,} {'line' if len(money) == 1 else 'lines'}"
            adding.steps.append(Step("combined", f"sum of {lines}", adding.value))
        if self._terms.points is not None:
            self._points(adding, points, high)
        if self._terms.rounding.at == "total" and adding.value is not None:
            owed = rounded_owed(Owed(adding.value), self._currency, self._terms.rounding)
            adding.to(owed.exact, *owed.steps)
        if self._terms.at_risk is not None:
            try:
                risk = self.prices.at_risk()
                # The last step says what the cap says itself.
                adding.under(risk.exact, f"at risk {self._terms.at_risk.amount.text}", *risk.steps[:-1])
            except NotKnown as unknown:
                adding.steps.append(Step("unknown", unknown.why))
        for group in self.rooms:
            if group.lines is None:
                room = group.room.high if high else group.room.low
                text = f"cap {group.cap.text}"
                adding.under(room, text if room is None else group.room.said(text, room), *group.room.steps)
        return Summed(scenario, points, adding.value, tuple(adding.steps), adding.at_cap)

    def _share_room(self, scenario: Scenario, group: _Group, high: bool) -> None:
        """What one column's cap leaves of its lines, taken in their order."""
        room = group.room.high if high else group.room.low
        for index in group.lines or ():
            value = scenario.values[index]
            if room is None or rank(value) <= (False, Fraction(0)):
                continue
            if rank(value) > (False, room):
                scenario.values[index] = room
                scenario.because[index] = f"cap {group.cap.text}"
            room -= scenario.values[index] or Fraction(0)

    def _points(self, adding: _Adding, points: Value, high: bool) -> None:
        """Points turned into money by the table of the settlement."""
        terms = self._terms.points
        assert terms is not None
        try:
            if points is None:
                owed = terms.most(self.prices)
            elif points <= 0:
                owed = Owed(Fraction(0))
            else:
                owed = terms.owed(Miss(points, _NO_POINTS, Fraction(1)), self.prices)
        except NotKnown as unknown:
            adding.to(None if high else adding.value, Step("unknown", unknown.why))
            return
        adding.steps.append(Step("points", "points of all lines", points))
        if owed is None:
            adding.to(None, Step("bound", "nothing bounds the points"))
            return
        owed = rounded_owed(owed, self._currency, terms.rounding or self._terms.rounding)
        for cap in terms.cap:
            room = room_of(cap, terms.of, self.prices, self._currency, (Fraction(0), Fraction(0)))
            if room.high is not None and owed.exact > room.high:
                owed = room.cap(owed, room.high, f"cap {cap.text}")
        adding.steps += owed.steps
        value = None if adding.value is None else adding.value + owed.exact
        adding.to(value, Step("combined", "with the points", value))
