"""Numbers as people write them in an agreement: lengths of time, shares, plain numbers, and comparisons of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_LETTERS = {"ms": 1_000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
# Eighteen digits before the point are more than any agreement needs, and few enough for every number made of them.
_DECIMAL = r"[0-9]{1,18}(?:\.[0-9]{1,100})?"
_PART = rf"({_DECIMAL})(ms|s|m|h|d)"
_LENGTH = re.compile(rf"(?:{_PART})+")
_NUMBER = re.compile(rf"[+-]?{_DECIMAL}")
_COMPARISON = re.compile(r"(>=|<=|>|<|=)\s*(.+)")
_PER = re.compile(r"(.+?)\s+per\s+(\S.*)")
_CIVIL = re.compile(r"([0-9]+)\s+(day|week|month|year|period|working day)s?")

# What is longer is a mistake, and would lead beyond the calendar.
_LONGEST_DAYS = 36_600
_LONGEST = _LONGEST_DAYS * DAY
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 366, "period": 1, "working day": 1}

# A bound that is multiplied with a cell: of more parts than these the product could be too long a number.
_MOST_PARTS = 10**13

Kind = Literal["share", "length", "number", "days", "working-days"]

_DAY_KINDS: dict[str, Kind] = {"day": "days", "working day": "working-days"}


class Unreadable(ValueError):
    """Text that is not what is wanted. ``help`` says what to write."""

    def __init__(self, message: str, help: str = "") -> None:
        self.help = help
        super().__init__(message)


@dataclass(frozen=True)
class Quantity:
    """One value with its kind: a share (99.9% is 999/1000), a length of time (microseconds), a plain number, or a
    number of days of the calendar, all of them or those that a calendar counts."""

    kind: Kind
    value: Fraction
    text: str

    @staticmethod
    def read(text: str) -> Quantity:
        """``99.9%``, ``7m29s``, ``4.2`` or ``2 working days``. Raises Unreadable."""
        stripped = text.strip()
        if stripped.endswith("%") and _NUMBER.fullmatch(stripped[:-1].strip()):
            return Quantity("share", Fraction(stripped[:-1].strip()) / 100, stripped)
        if _NUMBER.fullmatch(stripped):
            return Quantity("number", Fraction(stripped), stripped)
        if _LENGTH.fullmatch(stripped):
            return Quantity("length", Fraction(length(stripped)), stripped)
        if (civil := _CIVIL.fullmatch(stripped)) and civil[2] in _DAY_KINDS:
            return Quantity(_DAY_KINDS[civil[2]], Fraction(CivilLength.read(stripped).count), stripped)
        raise Unreadable(f"not a value: '{text}'", "values look like 99.9%, 5m, 1h30m or 4.2")


def length(text: str) -> int:
    """Exact length of time in microseconds: ``90s``, ``5m``, ``7m29s``, ``2d`` (48 hours). Raises Unreadable."""
    stripped = text.strip()
    if not _LENGTH.fullmatch(stripped):
        civil = _CIVIL.fullmatch(stripped)
        if civil:
            raise Unreadable(
                f"'{text}' is a civil length; an exact length is wanted here",
                f"write letters, such as {civil[1]}{'d' if civil[2] == 'day' else 'h'}",
            )
        raise Unreadable(f"not a length of time: '{text}'", "lengths look like 90s, 5m, 4h, 7m29s or 2d")
    total = Fraction(0)
    for number, letter in re.findall(_PART, stripped):
        total += Fraction(number) * _LETTERS[letter]
    if total > _LONGEST:
        raise Unreadable(f"'{text}' is longer than a hundred years", "write a shorter length")
    if total.denominator != 1:
        raise Unreadable(f"'{text}' is finer than a microsecond", "the finest length is 0.001ms")
    return int(total)


@dataclass(frozen=True)
class CivilLength:
    """A length in words: ``30 days``, ``2 working days``, ``12 months``, ``2 periods``."""

    count: int
    unit: Literal["day", "week", "month", "year", "period", "working day"]

    @staticmethod
    def read(text: str) -> CivilLength:
        """Raises Unreadable."""
        found = _CIVIL.fullmatch(text.strip())
        if not found:
            raise Unreadable(f"not a civil length: '{text}'", "civil lengths look like 30 days, 2 months or 1 year")
        if len(found[1]) > len(str(_LONGEST_DAYS)) or int(found[1]) * _DAYS[found[2]] > _LONGEST_DAYS:
            raise Unreadable(f"'{text}' is longer than a hundred years", "write a shorter length")
        return CivilLength(int(found[1]), found[2])  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


Operator = Literal[">=", "<=", ">", "<", "="]


@dataclass(frozen=True)
class Bound:
    """One side of a comparison. Where ``per`` names a column, its cell times ``value`` is what is compared with."""

    operator: Operator
    value: Fraction
    per: str = ""

    def holds(self, measured: Fraction) -> bool:
        if self.per:
            raise ValueError(f"a bound per '{self.per}' can be compared beside a record only")
        match self.operator:
            case ">=":
                return measured >= self.value
            case "<=":
                return measured <= self.value
            case ">":
                return measured > self.value
            case "<":
                return measured < self.value
            case "=":
                return measured == self.value


@dataclass(frozen=True)
class Comparison:
    """An operator and a value, or two of them joined by a comma; all must hold."""

    kind: Kind
    bounds: tuple[Bound, ...]
    text: str

    @staticmethod
    def read(text: str, per_column: bool = False) -> Comparison:
        """``>= 99.9%`` or ``>= 98%, < 99%``; of records (``per_column``) also ``> 2s per megabytes``.

        Raises Unreadable.
        """
        bounds: list[Bound] = []
        kinds: set[Kind] = set()
        for side in text.split(","):
            found = _COMPARISON.fullmatch(side.strip())
            if not found:
                raise Unreadable(f"not a comparison: '{text}'", 'comparisons look like ">= 99.9%" or ">= 98%, < 99%"')
            value, per = found[2], ""
            if scaled := _PER.fullmatch(value):
                value, per = scaled[1], scaled[2]
            quantity = Quantity.read(value)
            if per:
                _scalable(text, quantity, per_column)
            kinds.add(quantity.kind)
            bounds.append(Bound(found[1], quantity.value, per))  # type: ignore[arg-type]
        if len(bounds) > 2:
            raise Unreadable(f"'{text}' compares more than twice", "write at most a lower and an upper bound")
        if len(kinds) > 1:
            raise Unreadable(f"'{text}' mixes units", "write both sides in the same unit")
        comparison = Comparison(kinds.pop(), tuple(bounds), text.strip())
        if len(bounds) == 2 and len({bound.operator[0] for bound in bounds}) == 1:
            raise Unreadable(f"both sides of '{text}' bound it in the same way", "write one of them")
        if len(bounds) == 2 and not comparison.columns and not comparison._possible():
            raise Unreadable(f"nothing can satisfy '{text}'", "the lower bound must lie below the upper one")
        return comparison

    def _possible(self) -> bool:
        low, high = sorted(self.bounds, key=lambda bound: bound.value)
        middle = (low.value + high.value) / 2
        return any(self.holds(value) for value in (low.value, middle, high.value))

    def holds(self, measured: Fraction) -> bool:
        """Whether ``measured``, in the same unit, satisfies every side."""
        return all(bound.holds(measured) for bound in self.bounds)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose cells its bounds are multiplied with."""
        return tuple(bound.per for bound in self.bounds if bound.per)

    @property
    def edges(self) -> tuple[Fraction, ...]:
        return tuple(bound.value for bound in self.bounds)

    @cached_property
    def lower_is_worse(self) -> bool | None:
        """True for a floor such as ``>= 99.9%``, False for a ceiling, None where both sides or equality count."""
        signs = {bound.operator[0] for bound in self.bounds}
        if signs == {">"}:
            return True
        return False if signs == {"<"} else None


def _scalable(text: str, quantity: Quantity, per_column: bool) -> None:
    if not per_column:
        raise Unreadable(f"'{text}' has no record whose column it could be multiplied with", "write a value alone")
    if quantity.kind in ("days", "working-days"):
        raise Unreadable(f"'{text}' multiplies days of the calendar", "write a length, such as > 2h per km")
    if max(abs(quantity.value.numerator), quantity.value.denominator) > _MOST_PARTS:
        raise Unreadable(f"'{text}' has too many digits to be multiplied with a cell", "write a rounder value")


def as_percentages(text: str) -> str:
    """The comparison ``text`` of plain numbers as it would be written of shares: ``>= 98%, < 99%``."""
    return ", ".join(f"{side.strip()}%" for side in text.split(","))
