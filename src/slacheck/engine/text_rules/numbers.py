"""Decimal numbers and counts, with the decimal mark, the grouping and the unit that were declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from slacheck.engine.text_rules.rule import BLANKS, Complaint
from slacheck.engine.text_rules.scaling import NUMBER_PARTS, scaled, scaled_sql

# What is written for each grouping mark that can be declared: printed numbers have narrow blanks and curly quotes.
GROUPING: Mapping[str, str] = {",": ",", ".": ".", "'": "'\u2019", " ": " \u00a0\u2009\u202f"}
# The readings that a number without a declaration may have, as decimal and grouping mark.
_WAYS: tuple[tuple[str, str | None], ...] = (
    *((".", None), (",", None), (".", ","), (",", ".")),
    *((decimal, mark) for mark in "' " for decimal in ".,"),
)
_WITH_UNIT = re.compile(rf"(.*[0-9])[{BLANKS}]*(ms|s|min|h|%)")
_MARKS = re.compile(r"[+-]?[0-9]+(?:([.,'\u2019 \u00a0\u2009\u202f])[0-9]+)+", re.ASCII)
_WIDEST = 18
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Number:
    """A decimal number as the integer ``value * 10**scale``; more digits than that are bad, never rounded.

    ``thousands`` groups the digits before the decimal mark in threes, all of them or none. ``unit`` may stand behind
    the number.
    """

    scale: int
    decimal: str = "."
    lowest: int | None = None
    wide: bool = False
    thousands: str | None = None
    unit: str | None = None

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        return (("", self._kind),)

    @property
    def _kind(self) -> str:
        return "HUGEINT" if self.wide else "BIGINT"

    @property
    def _shape(self) -> str:
        mark = f"[{GROUPING[self.thousands or ' ']}]"
        return rf"[+-]?([1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+|[0-9]+)([{self.decimal}][0-9]+)?([eE][+-]?[0-9]{{1,3}})?"

    def values(self, text: str) -> tuple[str, ...]:
        value = scaled_sql(self._plain_sql(text), self.scale, floor=False, kind=self._kind)
        if self.unit is not None:
            # Looked for only where the cell is no number alone.
            bare = self._plain_sql(f"rtrim(left({text}, length({text}) - {len(self.unit)}))")
            behind = scaled_sql(bare, self.scale, floor=False, kind=self._kind)
            value = f"coalesce({value}, CASE WHEN ends_with({text}, '{self.unit}') THEN {behind} END)"
        return (value,)

    def _plain_sql(self, text: str) -> str:
        """SQL of the number with a decimal point and no groups; NULL where it is not written as declared."""
        if self.thousands is not None:
            shape, marks = (each.replace("'", "''") for each in (self._shape, GROUPING[self.thousands]))
            plain = f"translate({text}, '{self.decimal}{marks}', '.')"
            return f"(CASE WHEN regexp_full_match({text}, '{shape}') THEN {plain} END)"
        if self.decimal == ",":
            # A point would be a thousands separator here: taken away from the grammar before the comma becomes one.
            return f"(CASE WHEN NOT contains({text}, '.') THEN replace({text}, ',', '.') END)"
        return text

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL" if self.lowest is None else f"{value} >= {self.lowest}"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        value = self._read(self._plain(text), floor=False)
        if value is None and self.unit is not None and text.endswith(self.unit):
            value = self._read(self._plain(text.removesuffix(self.unit).rstrip(BLANKS)), floor=False)
        return None if value is None or (self.lowest is not None and value < self.lowest) else (value,)

    def _read(self, plain: str | None, *, floor: bool) -> int | None:
        return None if plain is None else scaled(plain, self.scale, floor=floor, bits=127 if self.wide else 63)

    def _plain(self, text: str) -> str | None:
        """``_plain_sql`` in Python."""
        if self.thousands is not None:
            if not re.fullmatch(self._shape, text):
                return None
            return text.translate({ord(self.decimal): ".", **{ord(mark): None for mark in GROUPING[self.thousands]}})
        if self.decimal == ",":
            return None if "." in text else text.replace(",", ".")
        return text

    def complain(self, text: str) -> Complaint:
        found = _WITH_UNIT.fullmatch(text)
        if found and found[2] != self.unit:
            return self._wrong_unit(text, found[2])
        bare = found[1] if found else text
        plain = self._plain(bare)
        if plain is None or not NUMBER_PARTS.fullmatch(plain):
            return self._unreadable(text, bare)
        if self.lowest == 0 and (self._read(plain, floor=True) or 0) < 0:
            return Complaint("bad-number", f"not a count: '{text}' is negative", "counts are 0 or more")
        if self._read(plain, floor=True) is None:
            return Complaint("bad-number", f"too large: '{text}'", "state the number in a larger unit")
        if self.scale == 0:
            return Complaint("bad-number", f"not a whole number: '{text}'", "counts are whole numbers")
        return Complaint(
            "bad-number", f"too many decimal places: '{text}'", f"at most {self.scale} are kept; round it in the export"
        )

    def _wrong_unit(self, text: str, unit: str) -> Complaint:
        if self.unit is None:
            return Complaint("bad-number", f"a number with a unit: '{text}'", f"write units: {{WORD: {_quoted(unit)}}}")
        help = "units are not converted within a column: export it in one unit"
        return Complaint("bad-number", f"not in {self.unit}: '{text}'", help)

    def _unreadable(self, text: str, bare: str) -> Complaint:
        """A text that is no number as declared: what declarations would make of it."""
        readings: dict[int, tuple[str, str | None]] = {}
        # The declared decimal mark first: of two declarations that read the same, the one that changes less is named.
        for way in sorted(_WAYS, key=lambda way: way[0] != self.decimal):
            value = Number(self.scale, way[0], self.lowest, self.wide, way[1]).read(bare)
            if value is not None:
                readings.setdefault(int(value[0]), way)
        if len(readings) == 1:
            (way,) = readings.values()
            return Complaint("bad-number", f"not a number: '{text}'", f"write {self._declared(way)} on the source")
        if readings:
            shown = " or ".join(_written(value, self.scale) for value in readings)
            keys = ", ".join(f"{self._declared(way)} for {_written(v, self.scale)}" for v, way in readings.items())
            return Complaint("two-readings", f"'{text}' is {shown}", f"say which on the source: {keys}")
        if _MARKS.fullmatch(bare):
            help = "its digits are not in groups of three: has a spreadsheet changed it? Export it again"
            return Complaint("bad-number", f"not a number: '{text}'", help)
        help = f"numbers look like 1234{self.decimal}5; `thousands` and `units` on the source say what else they hold"
        return Complaint("bad-number", f"not a number: '{text}'", help)

    def _declared(self, way: tuple[str, str | None]) -> str:
        decimal, thousands = way
        keys = [f'decimal: "{decimal}"'] if decimal != self.decimal or thousands is None else []
        return " and ".join([*keys, *([f'thousands: "{thousands}"'] if thousands else [])])


def _quoted(unit: str) -> str:
    return f"'{unit}'" if unit == "%" else unit


def _written(value: int, scale: int) -> str:
    return f"{Decimal(value).scaleb(-scale, _EXACT).normalize(_EXACT):f}"
