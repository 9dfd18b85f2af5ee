"""Times written as a strptime pattern says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from slacheck.engine.text_rules.instants import ABSOLUTE, CIVIL, DAY, NAIVE, UNIX_EPOCH, Instant, day_number, plausible

_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = tuple(month[:3] for month in _LONG_MONTHS)
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _any_case(words: Sequence[str]) -> str:
    return "(?:" + "|".join("".join(f"[{c}{c.upper()}]" for c in word) for word in words) + ")"


# One or two digits where a separator follows; DuckDB and Python read a lone digit alike.
_DIRECTIVES = {
    "Y": "[1-9][0-9]{3}",
    "y": "[0-9]{2}",
    "m": "(?:0?[1-9]|1[0-2])",
    "d": "(?:0?[1-9]|[12][0-9]|3[01])",
    "H": "(?:[01]?[0-9]|2[0-3])",
    "I": "(?:0?[1-9]|1[0-2])",
    "M": "[0-5]?[0-9]",
    "S": "[0-5]?[0-9]",
    "f": "[0-9]{1,6}",
    "p": "(?:[aA][mM]|[pP][mM])",
    "b": _any_case(MONTHS),
    "B": _any_case(_LONG_MONTHS),
    "a": _any_case([day[:3] for day in _LONG_DAYS]),
    "A": _any_case(_LONG_DAYS),
    "j": "(?:00[1-9]|0[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
    "G": "[1-9][0-9]{3}",
    "V": "(?:0[1-9]|[1-4][0-9]|5[0-3])",
    "u": "[1-7]",
    "z": "[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?",
}
_TWO_DIGITS = {
    "m": "(?:0[1-9]|1[0-2])",
    "d": "(?:0[1-9]|[12][0-9]|3[01])",
    "H": "(?:[01][0-9]|2[0-3])",
    "I": "(?:0[1-9]|1[0-2])",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
    "f": "[0-9]{6}",
}


class PatternInstant(Instant):
    """Times written as a strptime pattern says, read strictly. ``%z`` makes them absolute.

    A date is year, month and day, or year and day of the year (``%j``), or year, week and weekday of ISO 8601
    (``%G %V %u``). The name of a weekday is read and not compared.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._pieces = re.split(r"(%.?)", pattern, flags=re.DOTALL)
        self.directives = [piece[1:] for piece in self._pieces[1::2] if piece != "%%"]
        self._check()
        self.shape = self._built(named=False)
        self._named = re.compile(self._built(named=True), re.ASCII)
        clock = set(self.directives) & set("HIMSfp")
        self.kind = ABSOLUTE if "z" in self.directives else NAIVE if clock else CIVIL

    @property
    def grouped(self) -> str:
        """The shape with a group for each of the ``directives``, in their order."""
        return re.sub(r"\(\?P<\w>", "(", self._named.pattern)

    def _check(self) -> None:
        found = self.directives
        for directive in found:
            if directive not in _DIRECTIVES:
                raise ValueError(f"unknown directive '%{directive}' in '{self.pattern}'")
        if len(found) != len(set(found)):
            raise ValueError(f"a directive stands twice in '{self.pattern}'")
        if not _is_date(set(found)):
            raise ValueError(f"'{self.pattern}' does not say year, month and day, each once")
        if {"H", "I"} <= set(found) or ("I" in found) != ("p" in found):
            raise ValueError(f"'{self.pattern}' needs %H, or %I together with %p")
        if any(need not in found and has in found for need, has in (("M", "S"), ("S", "f"))) or (
            "M" in found and not set(found) & {"H", "I"}
        ):
            raise ValueError(f"'{self.pattern}' leaves out a part of the time between others")

    def _built(self, *, named: bool) -> str:
        built = ""
        for position, piece in enumerate(self._pieces):
            if position % 2 == 0:
                built += "".join(_letter(letter) for letter in piece)
            elif piece == "%%":
                built += "%"
            else:
                directive = piece[1:]
                shape = self._shape_of(position, directive)
                built += f"(?P<{directive}>{shape})" if named else f"(?:{shape})"
        return built

    def _shape_of(self, position: int, directive: str) -> str:
        before = self._pieces[position - 1] == "" and position > 1 and self._pieces[position - 2][1:] in "YymdHIMSf"
        after = self._pieces[position + 1] == "" and position + 2 < len(self._pieces)
        touching = before or (after and self._pieces[position + 2][1:] in "YymdHIMSf")
        # A literal digit beside a number is as ambiguous as a second number.
        touching = touching or self._pieces[position - 1][-1:].isdigit() or self._pieces[position + 1][:1].isdigit()
        return _TWO_DIGITS.get(directive, _DIRECTIVES[directive]) if touching else _DIRECTIVES[directive]

    def values(self, text: str) -> tuple[str, ...]:
        shape, pattern = (written.replace("'", "''") for written in (self.shape, self.pattern))
        moment = f"epoch_us(try_strptime({text}, '{pattern}'))"
        return f"CASE WHEN regexp_full_match({text}, '{shape}') THEN {moment} END", str(self.kind)

    def read(self, text: str) -> tuple[int | str, ...] | None:
        parts = self._named.fullmatch(text)
        if parts is None:
            return None
        found = parts.groupdict()
        days = _days(found)
        if days is None:
            return None
        moment = days * DAY + _pattern_clock(found) - _pattern_offset(found.get("z"))
        return (moment, self.kind) if plausible(moment) else None

    def hint(self, text: str) -> str:
        return f'the column is declared with `time_format: "{self.pattern}"`'


def _letter(letter: str) -> str:
    return "\\" + letter if letter in r"\.+*?()|[]{}^$" else letter


def _is_date(found: set[str]) -> bool:
    parts = found & set("YymbBdjGVu")
    if parts & set("GVu"):
        return parts == set("GVu")
    year, rest = parts & set("Yy"), parts - set("Yy")
    return len(year) == 1 and (rest == {"j"} or ("d" in rest and len(rest) == 2 and "j" not in rest))


def _days(found: dict[str, str]) -> int | None:
    """The day of the parts that a pattern found, counted from 1970; None where there is no such day."""
    if "G" in found:
        try:
            return date.fromisocalendar(int(found["G"]), int(found["V"]), int(found["u"])).toordinal() - UNIX_EPOCH
        except ValueError:
            return None
    year = _year(found)
    if "j" in found:
        first, next_first = day_number(year, 1, 1), day_number(year + 1, 1, 1)
        day = None if first is None else first + int(found["j"]) - 1
        return day if day is not None and (next_first is None or day < next_first) else None
    return day_number(year, _month(found), int(found["d"]))


def _month(found: dict[str, str]) -> int:
    if "m" in found:
        return int(found["m"])
    return MONTHS.index(found.get("b", found.get("B", ""))[:3].lower()) + 1


def _year(found: dict[str, str]) -> int:
    if "Y" in found:
        return int(found["Y"])
    short = int(found["y"])
    return short + (1900 if short >= 69 else 2000)


def _pattern_clock(found: dict[str, str]) -> int:
    hour = int(found.get("H", "0"))
    if "I" in found:
        hour = int(found["I"]) % 12 + (12 if found["p"].lower() == "pm" else 0)
    seconds = (hour * 60 + int(found.get("M", "0"))) * 60 + int(found.get("S", "0"))
    return seconds * 1_000_000 + int(found.get("f", "0").ljust(6, "0"))


def _pattern_offset(offset: str | None) -> int:
    if offset is None:
        return 0
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return (minutes if offset[0] == "+" else -minutes) * 60_000_000
