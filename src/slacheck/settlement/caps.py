"""What bounds the credits of one level: per line, record or column, and over stretches that need earlier statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.history import History
from slacheck.language.payments import Cap
from slacheck.money import capped, written
from slacheck.planning import Settling
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices, priced
from slacheck.settlement.bounds import Bounds, Value, summed
from slacheck.settlement.charge import Charge
from slacheck.settlement.earlier import earlier_under
from slacheck.statement import Credit


@dataclass
class Room:
    """What a cap still allows: ``low`` where everything that is open turned out dear, ``high`` where it did not.

    ``whole`` is what it allows in all, None where that is not known, and ``steps`` lead to it.
    """

    low: Fraction
    high: Value
    whole: Value = None
    steps: tuple[Step, ...] = ()
    currency: str = ""

    def cap(self, owed: Owed, room: Fraction, text: str) -> Owed:
        """``owed``, which is more than ``room``, under the cap."""
        return Owed(room, (*owed.steps, *self.steps, Step("cap", self.said(text, room), room)))

    def said(self, text: str, room: Fraction) -> str:
        """``text``, with what is left of the cap where a part of it was taken before."""
        if self.whole is None or room == self.whole:
            return text
        return f"{text}: {_money(room, self.currency)} left of {_money(self.whole, self.currency)}"

    def take(self, bounds: Bounds, text: str) -> tuple[Bounds, bool | None]:
        """The bounds under the cap, and whether they reach it (None: not known). What is taken is no longer there."""
        least = self._under(bounds.least, self.low, text)
        if bounds.most is bounds.least and self.low == self.high:
            most: Owed | None = least
        elif bounds.most is not None:
            most = bounds.most if self.high is None else self._under(bounds.most, self.high, text)
        else:
            open_one = Owed(self.high or Fraction(0), (Step("bound", bounds.why),))
            most = None if self.high is None else self.cap(open_one, open_one.exact, text)
        reached = _reached(bounds, self.low, self.high)
        self.low -= max(Fraction(0), least.exact)
        if self.high is not None and most is not None:
            self.high -= max(Fraction(0), most.exact)
        return Bounds(least, most, bounds.why if most is None else ""), reached

    def _under(self, owed: Owed, room: Fraction, text: str) -> Owed:
        return owed if owed.exact <= room else self.cap(owed, room, text)


def _money(amount: Fraction, currency: str) -> str:
    return f"{written(amount, currency)} {currency}"


def _reached(bounds: Bounds, low: Fraction, high: Value) -> bool | None:
    if bounds.most is not None and (bounds.most.exact < low or bounds.most.exact <= 0):
        return False
    if high is not None and bounds.least.exact >= high and bounds.least.exact > 0:
        return True
    return None


def room_of(cap: Cap, of: str | None, prices: Prices, currency: str, earlier: tuple[Value, Value]) -> Room:
    """What a cap allows after what earlier periods took of it, at least and at most."""
    least, most = earlier
    try:
        paid = priced(cap.pay, of, prices)
        whole = Fraction(capped(paid.exact, currency))
    except NotKnown:
        return Room(Fraction(0), None)
    low = Fraction(0) if most is None else max(Fraction(0), whole - most)
    # The last step says what the cap says itself.
    return Room(low, max(Fraction(0), whole - (least or Fraction(0))), whole, paid.steps[:-1], currency)


def line_caps(settling: Settling, charges: Sequence[Charge], history: History) -> list[Charge]:
    """The charges of one level under its caps. What a cap bounds together is taken in the order of ``charges``."""
    currency = settling.agreement.currency or ""
    rooms: dict[tuple[object, ...], Room] = {}
    found: list[Charge] = []
    for charge in charges:
        for cap in charge.remedy.cap:
            if charge.bounds.nothing or (charge.bounds.most is not None and charge.bounds.most.exact <= 0):
                continue
            key = (cap.text, *_key(charge, cap))
            if key not in rooms:
                earlier = _earlier(settling, charge, cap, history)
                rooms[key] = room_of(cap, charge.remedy.of, charge.prices, currency, earlier)
            bounds, reached = rooms[key].take(charge.bounds, f"cap {cap.text}")
            at_cap = reached if charge.at_cap is False else charge.at_cap or reached
            charge = replace(charge, bounds=bounds, at_cap=at_cap)
        found.append(charge)
    return found


def _key(charge: Charge, cap: Cap) -> tuple[object, ...]:
    """What one cap bounds together: a record, the records with the same value, or those of a subject in the period."""
    line, answer = charge.judged.line, charge.judged.answer
    if cap.of_stretch or (not cap.per and charge.is_record):
        return ("subject", charge.subject, "" if charge.is_record else line.of_class)
    per = charge.judged.asking.promised.level.per
    if cap.per and per is not None and cap.per == per.column:
        return ("subject", charge.subject)
    fact = answer.facts.get(cap.per) if answer is not None and cap.per else None
    return ("fact", fact) if fact is not None else ("line", id(charge))


def _earlier(settling: Settling, charge: Charge, cap: Cap, history: History) -> tuple[Value, Value]:
    if not cap.of_stretch:
        return Fraction(0), Fraction(0)
    line = charge.judged.line
    credits: list[Credit] = []
    for period in earlier_under(settling, cap):
        statements = history.statements(settling, period)
        if statements is None:
            return Fraction(0), None
        if charge.is_record:
            of_level = (each for statement in statements for each in statement.lines if each.level == line.level)
            lines = [each for each in of_level if each.record_of == charge.subject]
        else:
            lines = history.lines(settling, period, line.level, line.of_class, line.subject) or []
        credits += [each.credit for each in lines if each.credit is not None]
    return counted(credits)


def counted(credits: Iterable[Credit]) -> tuple[Value, Value]:
    """What earlier credits came to, at least and at most."""
    kept = list(credits)
    least = sum((Fraction(Decimal(each.counted_least)) for each in kept), Fraction(0))
    return least, summed(None if each.counted_most is None else Fraction(Decimal(each.counted_most)) for each in kept)
