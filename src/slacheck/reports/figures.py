"""Numbers, lengths of time, instants and money as people read them, never saying what the exact value does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from slacheck.language.quantities import SECOND, Comparison, Kind
from slacheck.money import decimal_text, minor_digits, places
from slacheck.reports import local
from slacheck.timeline import zones

_FINEST = 20
_USUAL = 3
_EXACT_WITHIN = 6
# Written out because strftime follows the locale.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_ASCII = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2019: "'", 0x2212: "-", 0x66A: "%"}
# Marks of direction: what is written beside a figure would be read in their order.
_MARKS: dict[int, str] = {0x200E: "", 0x200F: "", 0x61C: ""}
_DAYS: dict[Kind, str] = {"days": "day", "working-days": "working day"}
_COUNTED = {"requests": "request", "cases": "case", "subjects": "subject"}


@dataclass(frozen=True)
class Figures:
    """How figures are written: by a ``locale`` of Babel, or in plain English; with ``ascii`` in nothing but ASCII.

    A locale changes digits' marks, the place of signs and symbols, and dates; never a digit, and no word.
    """

    ascii: bool = False
    locale: str = ""

    def count(self, number: int) -> str:
        """A whole number: ``1,250``."""
        return self.local(f"{number:,}")

    def counted(self, number: int, noun: str) -> str:
        """So many of something: ``1 row``, ``1,250 rows``."""
        return _with_noun(self.count(number), noun)

    def local(self, text: str) -> str:
        """Text with its numbers, written as ``1,234.5``, as the locale writes them."""
        return (
            _NUMBER.sub(lambda found: self._plain(local.number(found[0], self.locale)), text) if self.locale else text
        )

    def _plain(self, text: str) -> str:
        """Without marks of direction, and with blanks and signs that ASCII has too where it must be."""
        return text.translate({**_MARKS, **_ASCII} if self.ascii else _MARKS)

    def span(self, best: Fraction, worst: Fraction, unit: Kind, against: Sequence[Comparison] = ()) -> str:
        """The value, or ``lower..higher`` where the two are not the same at the digits shown.

        A share (1 is 100 %) has three decimals, a length (microseconds) is ``h:mm:ss``, days are a number and the word,
        and all have as many more as it takes, up to 20, for the text to satisfy every comparison of ``against`` exactly
        as the value does. Nothing is shown as 0, or as 100 %, that is not. Beyond 20 decimals the words ``just under``
        and ``just over`` take their place.
        """
        low, high = sorted((best, worst))
        first = max(_first(low, unit), _first(high, unit))
        for digits in range(first, _FINEST + 1):
            if _faithful(low, digits, unit, against) and _faithful(high, digits, unit, against):
                return _with_noun(_joined(self._at(low, digits, unit), self._at(high, digits, unit)), _DAYS.get(unit))
        return _with_noun(_joined(self._hair(low, unit, against), self._hair(high, unit, against)), _DAYS.get(unit))

    def duration(self, microseconds: int | Fraction) -> str:
        """``h:mm:ss``, with a fraction where it is not whole; days count as hours."""
        exact = Fraction(microseconds)
        return self.span(exact, exact, "length")

    def margin(self, best: Fraction, worst: Fraction, margin_in: str, unit: Kind) -> str:
        """How far from the target: time, days, whole requests or cases (rounded toward the breach), or as the value."""
        low, high = sorted((best, worst))
        if margin_in == "time":
            return self.span(low, high, "length")
        if margin_in in _COUNTED:
            return _with_noun(_joined(self.count(low.__floor__()), self.count(high.__floor__())), _COUNTED[margin_in])
        if margin_in == "days":
            return self.span(low, high, unit if unit in _DAYS else "days")
        if unit == "share":
            # Distances between shares are points, and 100 of them are nothing special.
            return f"{self.span(low * 100, high * 100, 'number')} points"
        return self.span(low, high, unit)

    def moment(self, text: str, zone: ZoneInfo, year: int | None = None) -> str:
        """An instant on the local clock, ``Tue 13 Oct 15:02``; with the year unless it is ``year``.

        An hour that happens twice is told apart by its offset.
        """
        at = zones.local(instant(text), zone)
        clock = f"{at.hour:02d}:{at.minute:02d}"
        if at.second or at.microsecond:
            clock += f":{at.second:02d}"
        if at.microsecond:
            clock += self.local(f"0.{at.microsecond:06d}".rstrip("0"))[1:]
        if at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset():
            clock += at.isoformat()[-6:]
        return f"{self._weekday(at, year)} {clock}"

    def day(self, text: str) -> str:
        """``30 Nov 2026`` for an ISO date."""
        return self._day(date.fromisoformat(text))

    def weekday(self, text: str, year: int | None = None) -> str:
        """``Fri 25 Dec`` for an ISO date; with the year unless it is ``year``."""
        civil = date.fromisoformat(text)
        return self._weekday(civil, year)

    def month(self, text: str) -> str:
        """``Oct`` for an ISO date."""
        civil = date.fromisoformat(text)
        return self._plain(local.short_month(civil, self.locale)) if self.locale else _MONTHS[civil.month - 1]

    def ordinal(self, number: int) -> str:
        """``1st``, ``4th``, ``12th``."""
        ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{self.count(number)}{ending}"

    def length_of_period(self, start: str, end: str) -> str:
        """``745 h``, or ``h:mm:ss`` where the hours are not whole."""
        microseconds = instant(end) - instant(start)
        hours, rest = divmod(microseconds, 3600 * SECOND)
        return self.duration(microseconds) if rest else f"{self.count(hours)} h"

    def clock_changes(self, start: str, end: str, zone: ZoneInfo) -> list[str]:
        """Every change of the clocks inside the period: ``back 1 h on 25 Oct 2026``."""
        found = []
        for change in zones.changes(zone, instant(start), instant(end)):
            moved = change.after - change.before
            minutes = abs(moved) // (60 * SECOND)
            by = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
            on = self._day(zones.local(change.at - 1, zone))
            found.append(f"{'forward' if moved > 0 else 'back'} {by} on {on}")
        return found

    def money(self, amount: str, currency: str) -> str:
        """``£1,200.00``, or ``CHF 1,200.00`` where the sign is of letters or cannot be shown. Nothing is rounded."""
        exact = Decimal(amount)
        number = f"{exact.copy_abs():,.{max(minor_digits(currency), places(amount))}f}"
        symbol = _symbol(currency, self.locale or "en")
        if self.ascii and not symbol.isascii():
            symbol = currency
        if self.locale:
            return self._plain(local.amount(number, symbol, self.locale, below_zero=exact < 0))
        sign = "-" if exact < 0 else ""
        return f"{sign}{symbol} {number}" if symbol[-1].isalpha() else f"{sign}{symbol}{number}"

    def money_span(self, least: str, most: str, currency: str) -> str:
        """One amount, or ``£0.00..£600.00``."""
        return _joined(self.money(least, currency), self.money(most, currency))

    def with_money(self, step: str, currency: str) -> str:
        """A step of a derivation with its ``40.00 GBP`` written as money."""
        amount = r"-?\d+(?:\.\d+)?"
        pattern = re.compile(rf"(?<![\d.])({amount})(?: to ({amount}))? {re.escape(currency)}\b")

        def written(found: re.Match[str]) -> str:
            amounts = [self.money(text, currency) for text in found.groups() if text]
            return " to ".join(amounts)

        return pattern.sub(written, step)

    def _hair(self, value: Fraction, unit: Kind, against: Sequence[Comparison]) -> str:
        edge = _contradicted(value, _FINEST, unit, against)
        if edge is None:
            own = (digits for digits in range(_first(value, unit), _FINEST) if _faithful(value, digits, unit, against))
            return self._at(value, next(own, _FINEST), unit)
        exact = decimal_text(edge / _size(unit), 2 * _FINEST)
        named = {"share": self._percent(exact), "length": f"{self.local(exact)} s"}.get(unit, self.local(exact))
        return f"just {'under' if value < edge else 'over'} {named}"

    def _at(self, value: Fraction, digits: int, unit: Kind) -> str:
        if unit == "share" and value in _edges(unit):
            return self._percent(f"{value * 100}")
        scaled = int(_rounded(value, digits, unit) / _size(unit) * 10**digits)
        whole, rest = divmod(abs(scaled), 10**digits)
        sign = "-" if scaled < 0 else ""
        fraction = f".{rest:0{digits}d}" if digits else ""
        if unit == "length":
            fraction = fraction.rstrip("0").rstrip(".") if digits <= _EXACT_WITHIN else fraction
            fraction = self.local(f"0{fraction}")[1:] if fraction else ""
            return f"{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{fraction}"
        number = f"{sign}{whole:,}{fraction}"
        return self._percent(number) if unit == "share" else self.local(number)

    def _percent(self, number: str) -> str:
        return self._plain(local.percent(number, self.locale)) if self.locale else f"{number}%"

    def period(self, label: str, title: str) -> str:
        """The title of a period, that of a month by the locale: ``Oktober 2026``."""
        month = re.fullmatch(r"(\d{4})-(\d{2})", label)
        if month is None or not self.locale:
            return title
        return self._dated(local.month(date(int(month[1]), int(month[2]), 1), self.locale), title)

    def _dated(self, text: str, plain: str) -> str:
        """A date of the locale, or in English where ASCII cannot hold its letters."""
        shown = self._plain(text)
        return plain if self.ascii and not shown.isascii() else shown

    def _weekday(self, civil: date, year: int | None) -> str:
        plain = f"{_WEEKDAYS[civil.weekday()]} {_day(civil, year)}"
        return self._dated(local.weekday(civil, self.locale, civil.year != year), plain) if self.locale else plain

    def _day(self, civil: date, year: int | None = None) -> str:
        plain = _day(civil, year)
        return self._dated(local.day(civil, self.locale, civil.year != year), plain) if self.locale else plain


def _day(civil: date, year: int | None) -> str:
    shown = f"{civil.day} {_MONTHS[civil.month - 1]}"
    return shown if civil.year == year else f"{shown} {civil.year:04d}"


def _size(unit: Kind) -> Fraction:
    """What one of the unit shown is worth: a percent, a second, one (and a day is one)."""
    return {"share": Fraction(1, 100), "length": Fraction(SECOND)}.get(unit, Fraction(1))


def _first(value: Fraction, unit: Kind) -> int:
    if unit == "share":
        return _USUAL
    shown = value / _size(unit)
    exact = (digits for digits in range(_EXACT_WITHIN + 1) if (shown * 10**digits).denominator == 1)
    return next(exact, _USUAL)


def _rounded(value: Fraction, digits: int, unit: Kind) -> Fraction:
    scaled = value / _size(unit) * 10**digits
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Fraction(-whole if scaled < 0 else whole, 10**digits) * _size(unit)


def _edges(unit: Kind) -> tuple[Fraction, ...]:
    return (Fraction(0), Fraction(1)) if unit == "share" else (Fraction(0),)


def _contradicted(value: Fraction, digits: int, unit: Kind, against: Sequence[Comparison]) -> Fraction | None:
    """The edge on whose wrong side the rounded value lies, if there is one."""
    shown = _rounded(value, digits, unit)
    for edge in _edges(unit):
        if (shown < edge, shown > edge) != (value < edge, value > edge):
            return edge
    bounds = (bound for comparison in against for bound in comparison.bounds)
    return next((bound.value for bound in bounds if bound.holds(shown) != bound.holds(value)), None)


def _faithful(value: Fraction, digits: int, unit: Kind, against: Sequence[Comparison]) -> bool:
    return _contradicted(value, digits, unit, against) is None


def instant(text: str) -> int:
    """Microseconds UTC of an ISO 8601 instant of a statement."""
    since = datetime.fromisoformat(text) - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def _joined(low: str, high: str) -> str:
    if low == high:
        return low
    return f"{low.removesuffix('%')}..{high}" if re.match(r"[\d.]+%", low) and high.endswith("%") else f"{low}..{high}"


def _with_noun(number: str, noun: str | None) -> str:
    """``1 case``, ``-1..2 cases``; without a noun the number alone."""
    if noun is None:
        return number
    return f"{number} {noun}{'' if number in ('1', '-1') else 's'}"


@cache
def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, locale=local.known(locale)))
