"""What bounds the credits of one level: per line, record or column, and over stretches that need earlier statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from slacheck.derivation import Step
from slacheck.fees.worth import NotKnown
from slacheck.history import History
from slacheck.language.payments import Cap
from slacheck.money import capped, written
from slacheck.planning import Settling
from slacheck.remedies.modifiers import Minimum, above
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import priced
from slacheck.settlement.bounds import Bounds, Value, lesser, summed
from slacheck.settlement.charge import MET, Charge
from slacheck.settlement.earlier import CountedBefore, under_the_cap
from slacheck.settlement.prices import LinePrices
from slacheck.statement import Statement
from slacheck.verdicts import any_of

_NOTHING = Fraction(0)


@dataclass
class Room:
    """What a cap still allows, told four ways: the least that it may allow at all, where the lines before are at their
    most (``low``) and at their least (``least``); and the most that it may allow, where they are at their least
    (``high``) and at their most (``most``). None: nothing bounds it.

    Of one line ``low`` and ``high`` bound what it is paid whatever the others come to; ``least`` and ``most`` leave
    what all of them come to at their least and at their most. ``whole`` is what the cap allows in all, None where that
    is not known, and ``steps`` lead to it.
    """

    low: Value
    high: Value
    least: Value
    most: Value
    whole: Value = None
    steps: tuple[Step, ...] = ()
    currency: str = ""

    def cap(self, owed: Owed, room: Fraction, text: str) -> Owed:
        """``owed``, which is more than ``room``, under the cap."""
        return Owed(room, (*owed.steps, *self.steps, Step("cap", self.said(text, room), room)))

    def said(self, text: str, room: Value) -> str:
        """``text``, with what is left of the cap where a part of it was taken before."""
        if self.whole is None or room is None or room == self.whole:
            return text
        left, whole = (f"{written(amount, self.currency)} {self.currency}" for amount in (room, self.whole))
        return f"{text}: {left} left of {whole}"

    def take(self, of_low: Value, of_high: Value, of_least: Value, of_most: Value) -> None:
        """Leave what a line does not use of it; a bonus gives nothing back."""
        self.low, self.high = _less(self.low, of_low), _less(self.high, of_high)
        self.least, self.most = _less(self.least, of_least), _less(self.most, of_most)


def _less(room: Value, used: Value) -> Value:
    if room is None:
        return None
    return _NOTHING if used is None else max(_NOTHING, room - max(_NOTHING, used))


def room_of(cap: Cap, of: str | None, prices: LinePrices, currency: str, earlier: tuple[Value, Value]) -> Room:
    """What a cap allows after what earlier periods took of it, at least and at most."""
    least, most = earlier
    prices = prices.over_stretches() if cap.of_stretch else prices
    try:
        paid = priced(cap.pay, of, prices)
        whole = Fraction(capped(paid.exact, currency))
    except NotKnown:
        return Room(_NOTHING, None, _NOTHING, None)
    low = _NOTHING if most is None else max(_NOTHING, whole - most)
    high = max(_NOTHING, whole - (least or _NOTHING))
    # The last step says what the cap says itself.
    return Room(low, high, low, high, whole, paid.steps[:-1], currency)


def room_of_all(
    cap: Cap, members: Sequence[tuple[str | None, LinePrices]], currency: str, earlier: tuple[Value, Value]
) -> Room:
    """What a cap allows that several lines share. Where its fee is not the same for all of them, it is not known."""
    of, prices = members[0]
    room = room_of(cap, of, prices, currency, earlier)
    if cap.pay.needs_fee and any(room_of(cap, *each, currency, earlier).whole != room.whole for each in members[1:]):
        return Room(_NOTHING, None, _NOTHING, None)
    return room


def line_caps(settling: Settling, charges: Sequence[Charge], history: History) -> list[Charge]:
    """The charges of one level under their caps and their least credit. What a cap bounds together is taken in the
    order of ``charges``; of several caps the least that is left counts, and each is used by what is paid in the end."""
    currency = settling.agreement.currency or ""
    rooms: dict[tuple[object, ...], Room] = {}
    before = CountedBefore()
    found: list[Charge] = []
    together: dict[tuple[object, ...], list[tuple[str | None, LinePrices]]] = {}
    for charge in charges:
        for cap in charge.remedy.cap:
            if cap.pay.needs_fee and (key := (cap.text, *_key(charge, cap)))[1] == "fact":
                together.setdefault(key, []).append((charge.remedy.of, charge.prices))
    for charge in charges:
        remedy = charge.remedy
        if charge.bounds is MET:
            found.append(charge)
            continue
        own: dict[str, Room] = {}
        kinds: set[tuple[object, ...]] = set()
        open_or_owed = charge.bounds.most is None or charge.bounds.most.exact > 0
        for cap in remedy.cap if open_or_owed else ():
            key = (cap.text, *_key(charge, cap))
            if key not in rooms:
                earlier = _earlier(settling, charge, cap, history, before)
                members = together.get(key, [(remedy.of, charge.prices)])
                rooms[key] = room_of_all(cap, members, currency, earlier)
            own[cap.text] = rooms[key]
            kinds.add(key[1:3] if key[1] == "fact" else key[1:2])
        # A record with a cap of its own lies inside whatever else bounds it; an area need not lie inside a subject.
        nested = len(kinds - {("line",)}) < 2
        found.append(_under_all(charge, own, nested) if own or remedy.minimum is not None else charge)
    return found


def _under_all(charge: Charge, rooms: dict[str, Room], nested: bool) -> Charge:
    minimum = charge.remedy.minimum
    bounds = charge.bounds
    if minimum is not None and minimum.else_ == "raise":
        # Raised first: no least credit is more than a cap allows.
        bounds = bounds.each(lambda owed: paid_from(minimum, owed))
    at_cap = _reached(bounds, rooms)
    low, high = bounds.least.exact, _exact(bounds.most)
    every = list(rooms.values())
    together = _inside(low, (each.least for each in every)), _inside(high, (each.most for each in every))
    used = (
        _inside(high, (each.low for each in every)),
        _inside(low, (each.high for each in every)),
        *together,
    )
    bounds = _bounded(bounds, rooms)
    if minimum is not None and minimum.else_ == "drop":
        bounds = bounds.each(lambda owed: paid_from(minimum, owed))
        nested = False
    if not nested:
        # What is dropped, or lies under another cap, leaves room for others: then the least and the most of all lines
        # do not show how little and how much each of them may come to.
        together = bounds.least.exact, _exact(bounds.most)
        used = together[1], together[0], *together
    for room in every:
        room.take(*used)
    return replace(charge, bounds=bounds, at_cap=at_cap, together=together)


def _inside(value: Value, rooms: Iterable[Value]) -> Value:
    for room in rooms:
        value = lesser(value, room)
    return value


def _exact(owed: Owed | None) -> Value:
    return None if owed is None else owed.exact


def _bounded(bounds: Bounds, rooms: dict[str, Room]) -> Bounds:
    """The bounds under every cap."""
    if not rooms:
        return bounds
    low, low_text = min((room.low or _NOTHING, text) for text, room in rooms.items())
    least = _under(bounds.least, low, rooms[low_text], low_text)
    known = [(room.high, text) for text, room in rooms.items() if room.high is not None]
    if not known:
        return Bounds(least, bounds.most, bounds.why)
    high, high_text = min(known)
    if bounds.most is None:
        # What bounds it in the end is the cap.
        open_one = Owed(high, (Step("bound", bounds.why),))
        return Bounds(least, rooms[high_text].cap(open_one, high, f"cap {high_text}"))
    if bounds.most is bounds.least and low == high:
        return Bounds(least, least)
    return Bounds(least, _under(bounds.most, high, rooms[high_text], high_text))


def _under(owed: Owed, left: Fraction, room: Room, text: str) -> Owed:
    return owed if owed.exact <= left else room.cap(owed, left, f"cap {text}")


def _reached(bounds: Bounds, rooms: dict[str, Room]) -> bool | None:
    """Whether the credit reaches one of its caps; None where that is not known."""
    return any_of(_reaches(bounds, room) for room in rooms.values())


def _reaches(bounds: Bounds, room: Room) -> bool | None:
    if bounds.most is not None and (bounds.most.exact < (room.low or _NOTHING) or bounds.most.exact <= 0):
        return False
    if room.high is not None and bounds.least.exact >= room.high and bounds.least.exact > 0:
        return True
    return None


def paid_from(minimum: Minimum, owed: Owed) -> Owed:
    """One amount where credits are paid from a least one on."""
    exact = above(minimum, owed.exact)
    said = f"not above {minimum.above}: {'raised to it' if exact else 'dropped'}"
    return owed if exact == owed.exact else owed.then(exact, Step("minimum", said, exact))


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


def _earlier(
    settling: Settling, charge: Charge, cap: Cap, history: History, before: CountedBefore
) -> tuple[Value, Value]:
    keys = tuple(_keys(charge, cap))
    if not keys:
        return _NOTHING, _NOTHING

    def credited(statement: Statement) -> tuple[Value, Value]:
        ranges = [before.of(statement, key) for key in keys]
        return summed(least for least, _ in ranges), summed(most for _, most in ranges)

    return under_the_cap(settling, cap, history, credited, charge.prices.shared_out(cap.pay, charge.remedy.of))


def _keys(charge: Charge, cap: Cap) -> Iterator[tuple[str, ...]]:
    """How earlier lines are looked up that a cap bounds together with this one: those of classes with the same cap."""
    line, answer = charge.judged.line, charge.judged.answer
    level = charge.judged.asking.promised.level
    column = level.per.column if level.per is not None else None
    if cap.of_stretch or not cap.per or cap.per == column:
        if not charge.is_record and cap.per != column:
            yield "line", line.level, line.subject, line.of_class
            return
        for name, promise in level.promises.items():
            if promise.credit is not None and cap.text in {each.text for each in promise.credit.cap}:
                of_class = "" if level.pooled else name
                yield ("record" if charge.is_record else "line", line.level, charge.subject, of_class)
    elif answer is not None and (fact := answer.facts.get(cap.per)) is not None:
        yield "fact", line.level, cap.per, fact
