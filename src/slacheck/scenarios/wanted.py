"""A value that is expected: exactly, rounded to the places that are written, or within a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slacheck.language.quantities import DAY, HOUR, MINUTE, SECOND, Comparison, Kind, Quantity, Unreadable
from slacheck.money import decimal_text

_DIGITS = 12
_FINEST = (("ms", 1_000), ("s", SECOND), ("m", MINUTE), ("h", HOUR), ("d", DAY))
_LETTERS = (("h", HOUR), ("m", MINUTE), ("s", SECOND))


@dataclass(frozen=True)
class Wanted:
    """``99.5%`` must be equal exactly; ``~99.73%`` when the value is rounded, halves away from zero, to as many places;
    ``>= 99%, < 99.9%`` compares."""

    text: str
    kind: Kind
    value: Fraction | None = None
    step: Fraction | None = None
    against: Comparison | None = None

    @staticmethod
    def read(text: str) -> Wanted:
        """Raises Unreadable."""
        plain = text.strip()
        if plain[:1] in "<>=" and plain:
            comparison = Comparison.read(plain)
            return Wanted(plain, comparison.kind, against=comparison)
        about = plain.startswith("~")
        quantity = Quantity.read(plain.removeprefix("~").strip())
        return Wanted(plain, quantity.kind, quantity.value, _step(quantity) if about else None)

    def holds(self, came: Fraction) -> bool:
        """Whether ``came``, of the same kind, is what is wanted."""
        if self.against is not None:
            return self.against.holds(came)
        if self.step is None:
            return came == self.value
        parts = abs(came) / self.step
        whole = (parts + Fraction(1, 2)).__floor__() * self.step
        return (whole if came >= 0 else -whole) == self.value


def _step(quantity: Quantity) -> Fraction:
    if quantity.kind == "length":
        return Fraction(next(step for letter, step in _FINEST if quantity.text.endswith(letter)))
    if quantity.kind not in ("share", "number"):
        raise Unreadable(f"days are never rounded: '~{quantity.text}'", f"write {quantity.text}")
    digits = len(quantity.text.rstrip("% ").partition(".")[2])
    return Fraction(1, 10**digits) / (100 if quantity.kind == "share" else 1)


def shown(value: Fraction, kind: Kind) -> str:
    """``value`` in the form in which it can be expected: exact where it ends, else behind ``~``."""
    if kind == "share":
        return _decimal(value * 100, "%")
    if kind == "length":
        return _length(value)
    return _decimal(value, {"days": " days", "working-days": " working days"}.get(kind, ""))


def _decimal(value: Fraction, unit: str) -> str:
    exact = decimal_text(value, _DIGITS)
    if Fraction(exact) == value:
        return exact + unit
    return f"~{decimal_text(value, 6)}{unit}"


def _length(value: Fraction) -> str:
    sign = "-" if value < 0 else ""
    left, text = abs(value), ""
    for letter, size in _LETTERS[:2]:
        whole = left // size
        left -= whole * size
        text += f"{whole}{letter}" if whole else ""
    seconds = decimal_text(left / SECOND, 6)
    about = "~" if Fraction(seconds) * SECOND != left else ""
    text += f"{seconds}s" if seconds != "0" or not text else ""
    return f"{about}{sign}{text}"
