"""Decimal numbers and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slacheck.engine.text_rules.rule import Complaint
from slacheck.engine.text_rules.scaling import NUMBER_PARTS, scaled, scaled_sql


@dataclass(frozen=True)
class Number:
    """A decimal number as the integer ``value * 10**scale``; more digits than that are bad, never rounded."""

    scale: int
    decimal: str = "."
    lowest: int | None = None
    wide: bool = False

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        return (("", self._kind),)

    @property
    def _kind(self) -> str:
        return "HUGEINT" if self.wide else "BIGINT"

    def _read(self, text: str, *, floor: bool) -> int | None:
        return scaled(text, self.scale, floor=floor, bits=127 if self.wide else 63)

    def values(self, text: str) -> tuple[str, ...]:
        if self.decimal == ",":
            # A point would be a thousands separator here: taken away from the grammar before the comma becomes one.
            text = f"(CASE WHEN NOT contains({text}, '.') THEN replace({text}, ',', '.') END)"
        return (scaled_sql(text, self.scale, floor=False, kind=self._kind),)

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL" if self.lowest is None else f"{value} >= {self.lowest}"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        if self.decimal == ",":
            if "." in text:
                return None
            text = text.replace(",", ".")
        value = self._read(text, floor=False)
        return None if value is None or (self.lowest is not None and value < self.lowest) else (value,)

    def complain(self, text: str) -> Complaint:
        point = text if self.decimal == "." else text.replace(".", "?").replace(",", ".")
        help = f"numbers look like 1234{self.decimal}5, without thousands separators, units or `%`"
        if not NUMBER_PARTS.fullmatch(point):
            if self.decimal == "." and re.fullmatch(r"[+-]?\d+,\d+", text, re.ASCII):
                help = "write a decimal point and no thousands separators: 1234.5"
            return Complaint("bad-number", f"not a number: '{text}'", help)
        if self.lowest == 0 and (self._read(point, floor=True) or 0) < 0:
            return Complaint("bad-number", f"not a count: '{text}' is negative", "counts are 0 or more")
        if self._read(point, floor=True) is None:
            return Complaint("bad-number", f"too large: '{text}'", "state the number in a larger unit")
        if self.scale == 0:
            return Complaint("bad-number", f"not a whole number: '{text}'", "counts are whole numbers")
        return Complaint(
            "bad-number", f"too many decimal places: '{text}'", f"at most {self.scale} are kept; round it in the export"
        )
