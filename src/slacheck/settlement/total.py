"""The total of a statement: sum, points, what is at risk, what was earned back, caps over all lines; with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from slacheck.agreement.settlement_terms import Settlement
from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.history import History
from slacheck.judging import Judged
from slacheck.language.payments import Cap
from slacheck.language.quantities import Bound, Comparison
from slacheck.money import decimal_text
from slacheck.planning import Settling
from slacheck.remedies.modifiers import Minimum
from slacheck.remedies.owed import Owed
from slacheck.remedies.remedy import Miss
from slacheck.settlement.bounds import Value, lesser, rank, summed
from slacheck.settlement.caps import Room, paid_from, room_of, room_of_all
from slacheck.settlement.charge import Charge, rounded_owed
from slacheck.settlement.crossing import Scenario, column_of, cross, plain
from slacheck.settlement.earlier import counted, under_the_cap, unsettled, value_of
from slacheck.settlement.prices import LinePrices
from slacheck.statement import Statement
from slacheck.verdicts import any_of

# No point is a breach of nothing; any is.
_NO_POINTS = Comparison("number", (Bound("<=", Fraction(0)),), "<= 0")


@dataclass(frozen=True)
class Summed:
    """One scenario added up: ``value`` before anything is earned back, None without bound; and its steps.

    ``before`` is what each cap of all lines found.
    """

    scenario: Scenario
    points: Value
    value: Value
    steps: tuple[Step, ...]
    before: tuple[Value, ...]


@dataclass
class _Adding:
    value: Value
    steps: list[Step] = field(default_factory=list)
    before: list[Value] = field(default_factory=list)

    def to(self, value: Value, *steps: Step) -> None:
        self.value = value
        self.steps += steps

    def under(self, room: Room, high: bool, text: str) -> None:
        """No more than ``room`` leaves; where that is not known, nothing is bounded."""
        self.before.append(self.value)
        left = room.high if high else room.low
        if left is None:
            self.steps.append(Step("unknown", f"{text} is not known"))
            return
        self.steps += room.steps
        said = room.said(text, left)
        if rank(self.value) > (False, left):
            self.to(left, Step("cap", said, left))
        else:
            self.steps.append(Step("cap", f"{said}, {decimal_text(left)}, not reached", self.value))


@dataclass(frozen=True)
class Totals:
    """What the total is at least and at most, and whether a cap of all lines was reached (None: not known)."""

    least: Summed
    most: Summed
    at_cap: bool | None


def totals(
    settling: Settling, judged: Sequence[Judged], charges: Sequence[Charge], prices: LinePrices, history: History
) -> Totals:
    """The total of all lines; what is not known leaves the most open."""
    adding = _Total(settling, charges, prices, _rooms(settling, charges, prices, history))
    failed = _critical(settling, judged)
    each = [adding.both(failed)] if failed is not None else [adding.both(True), adding.both(False, undecided=True)]
    # Whether a critical level failed may be open, and either way may cost less.
    low = min((least for least, _ in each), key=lambda least: rank(least.value))
    high = max((most for _, most in each), key=lambda most: rank(most.value))
    return Totals(low, high, adding.at_cap(low, high))


def _critical(settling: Settling, judged: Sequence[Judged]) -> bool | None:
    """Whether a critical level failed; None where that is open."""
    levels = settling.agreement.settlement.critical
    verdicts = {each.line.verdict for each in judged if each.line.level in levels}
    return True if "breached" in verdicts else None if "indeterminate" in verdicts else False


@dataclass(frozen=True)
class _Group:
    """One cap, the lines that it bounds together (None: all of them), and what it allows."""

    text: str
    lines: tuple[int, ...] | None
    room: Room


def _rooms(settling: Settling, charges: Sequence[Charge], prices: LinePrices, history: History) -> list[_Group]:
    currency = settling.agreement.currency or ""
    found: list[_Group] = []
    terms = settling.agreement.settlement
    caps = [(f"cap {cap.text}", cap) for cap in terms.cap]
    if terms.at_risk is not None:
        amount = terms.at_risk.amount
        caps.insert(0, (f"at risk {amount.text}", Cap(amount.text, amount)))
    for text, cap in caps:
        if not cap.per or cap.of_stretch:
            earlier = under_the_cap(settling, cap, history, _credited, prices.shared_out(cap.pay, None))
            found.append(_Group(text, None, room_of(cap, None, prices, currency, earlier)))
            continue
        by_value: dict[str, list[int]] = {}
        for index, charge in enumerate(charges):
            value = None if charge.remedy.in_points else column_of(charge, cap.per)
            if value is not None:
                by_value.setdefault(value, []).append(index)
        for value, lines in by_value.items():
            of_first = charges[lines[0]].prices
            credited = partial(_of_value, settling, cap.per, value)
            earlier = under_the_cap(settling, cap, history, credited, of_first.shared_out(cap.pay, None))
            room = room_of_all(cap, [(None, charges[index].prices) for index in lines], currency, earlier)
            found.append(_Group(text, tuple(lines), room))
    return found


def _credited(statement: Statement) -> tuple[Value, Value]:
    """What an earlier statement credited, before anything was earned back."""
    total = statement.total
    return (value_of(total.credited_least), value_of(total.credited_most)) if total else (Fraction(0), Fraction(0))


def _of_value(settling: Settling, column: str, value: str, statement: Statement) -> tuple[Value, Value]:
    """What an earlier statement counted of the lines with a value in a column."""
    credits = []
    for line in statement.lines:
        level = settling.agreement.service_levels.get(line.level)
        per = level.per if level is not None else None
        own = line.record_of or line.subject if per is not None and per.column == column else line.facts.get(column)
        if line.credit is not None and line.credit.unit == "money" and own == value:
            credits.append(line.credit)
    return counted(credits, unsettled(statement))


@dataclass(frozen=True)
class _Total:
    """How the values of lines are added up under one settlement."""

    settling: Settling
    charges: Sequence[Charge]
    prices: LinePrices
    rooms: Sequence[_Group]

    @property
    def _terms(self) -> Settlement:
        return self.settling.agreement.settlement

    @property
    def _currency(self) -> str:
        return self.settling.agreement.currency or ""

    def both(self, critical: bool, undecided: bool = False) -> tuple[Summed, Summed]:
        """The least and the most. Where no critical level failed although that is ``undecided``, all are met."""
        if plain(self._terms):
            least, most = ([charge.jointly[end] for charge in self.charges] for end in (0, 1))
        else:
            least = [charge.bounds.least.exact for charge in self.charges]
            most = [None if each.bounds.most is None else each.bounds.most.exact for each in self.charges]
        if undecided:
            spared = [each.level in self._terms.critical for each in self.charges]
            most = [lesser(each, Fraction(0)) if met else each for each, met in zip(most, spared, strict=True)]
            least = [lesser(each, Fraction(0)) if met else each for each, met in zip(least, spared, strict=True)]
        low, high = cross(self.charges, least, most, self._terms, critical)
        return self._of(low, high=False), self._of(high, high=True)

    def at_cap(self, least: Summed, most: Summed) -> bool | None:
        """Whether one of the caps of all lines is reached; None where that is not known."""
        whole = [group.room for group in self.rooms if group.lines is None]
        each: list[bool | None] = []
        for room, low, high in zip(whole, least.before, most.before, strict=True):
            if high is not None and (rank(high) < rank(room.low) or high <= 0):
                each.append(False)
            else:
                sure = room.high is not None and rank(low) >= (False, room.high) and rank(low) > (False, Fraction(0))
                each.append(True if sure else None)
        return any_of(each)

    def _of(self, scenario: Scenario, high: bool) -> Summed:
        """One scenario. ``high``: what is not known is taken at its dearest."""
        self._under_columns(scenario, high)
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
        for group in self.rooms:
            if group.lines is None:
                adding.under(group.room, high, group.text)
        return Summed(scenario, points, adding.value, tuple(adding.steps), tuple(adding.before))

    def _under_columns(self, scenario: Scenario, high: bool) -> None:
        """What the caps by column leave of their lines, taken in order: of several caps the least that is left counts,
        and each is used by what is paid in the end."""
        left: list[Value] = []
        of_line: dict[int, list[int]] = {}
        for each in self.rooms:
            for index in each.lines or ():
                of_line.setdefault(index, []).append(len(left))
            left.append(each.room.high if high else each.room.low)
        for index, groups in sorted(of_line.items()):
            value = scenario.values[index]
            if rank(value) <= (False, Fraction(0)):
                continue
            tightest = min(groups, key=lambda group: rank(left[group]))
            if rank(value) > rank(left[tightest]):
                value = scenario.values[index] = left[tightest]
                scenario.because[index] = self.rooms[tightest].text
            for group in groups:
                rest = left[group]
                left[group] = None if rest is None or value is None else rest - value

    def _points(self, adding: _Adding, points: Value, high: bool) -> None:
        """Points turned into money by the table of the settlement, under its own rounding, caps and least credit."""
        terms = self._terms.points
        assert terms is not None
        adding.steps.append(Step("points", "points of all lines", points))
        worth = _Adding(Fraction(0))
        try:
            if points is None:
                owed = terms.most(self.prices)
                worth.value, why = None, "nothing bounds the points"
            else:
                owed = Owed(Fraction(0))
                if points > 0:
                    owed = terms.owed(Miss(points, _NO_POINTS, Fraction(1)), self.prices)
        except NotKnown as unknown:
            owed, why = None, unknown.why
            worth.value = None if high else Fraction(0)
        if owed is None:
            worth.steps.append(Step("unknown", why))
        else:
            if terms.rounding is not None or self._terms.rounding.at == "line":
                owed = rounded_owed(owed, self._currency, terms.rounding or self._terms.rounding)
            worth.to(owed.exact, *owed.steps)
        if terms.minimum is not None and terms.minimum.else_ == "raise":
            _paid_from(worth, terms.minimum)
        for cap in terms.cap:
            room = room_of(cap, terms.of, self.prices, self._currency, (Fraction(0), Fraction(0)))
            worth.under(room, high, f"cap {cap.text}")
        if terms.minimum is not None and terms.minimum.else_ == "drop":
            _paid_from(worth, terms.minimum)
        value = None if adding.value is None or worth.value is None else adding.value + worth.value
        adding.to(value, *worth.steps, Step("combined", "with the points", value))


def _paid_from(adding: _Adding, minimum: Minimum) -> None:
    if adding.value is not None:
        owed = paid_from(minimum, Owed(adding.value))
        adding.to(owed.exact, *owed.steps)
