"""Our own rules for text: what counts as a time, a number or a word, as SQL and as plain Python, which must agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol

# The Unicode spaces, which DuckDB's trim takes away; a tab is none. Naming a set of one's own costs ten times as much.
BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
ABSOLUTE, NAIVE, CIVIL = 0, 1, 2
# 1000-01-01 and 10000-01-01: what lies outside is milliseconds read as seconds, never a time of a service.
EARLIEST, LATEST = -30_610_224_000_000_000, 253_402_300_800_000_000
DAY = 86_400_000_000
UNIX_EPOCH = date(1970, 1, 1).toordinal()

_DATE = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?|24:00(:00(\.0{1,9})?)?)"
_OFFSET = "[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?"
ISO_MOMENT = f"{_DATE}([T ]{_CLOCK}(Z|{_OFFSET})?)?"
ISO_SMALL_Z = f"{_DATE}[T ]{_CLOCK}z"
ISO_MONTH = "[1-9][0-9]{3}-[0-9]{2}"
NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"

_ISO_PARTS = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?)?",
    re.ASCII,
)
_NUMBER_PARTS = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
_TIME_HELP = "times look like 2026-10-01T00:00:00Z; another form is declared with `time_format`"


@dataclass(frozen=True)
class Complaint:
    """Why one cell cannot be read: the fields of a Problem that depend on the rule."""

    code: str
    message: str
    help: str


class TextRule(Protocol):
    """How the text of a cell becomes integers (or a word). ``read`` and the SQL give the same for every text.

    The SQL is written over the name of a VARCHAR column that is trimmed of BLANKS and NULL where there is no value.
    """

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        """Per column of the result: what is appended to the column's name, and its DuckDB type."""

    def values(self, text: str) -> tuple[str, ...]:
        """One SQL expression per ending; the first is NULL where the text does not fit."""

    def accepted(self, value: str) -> str:
        """SQL condition over the first result: it may be kept. NULL counts as no."""

    def read(self, text: str) -> tuple[int | str, ...] | None:
        """What ``values`` gives for a trimmed text, in Python; None where the text cannot be read."""

    def complain(self, text: str) -> Complaint:
        """Explain a text for which ``read`` gives None."""


class Instant:
    """What the rules for times have in common: microseconds and kind (0 absolute, 1 naive date-time, 2 civil date)."""

    endings: tuple[tuple[str, str], ...] = (("", "BIGINT"), ("_kind", "TINYINT"))

    def accepted(self, value: str) -> str:
        return f"{value} >= {EARLIEST} AND {value} < {LATEST}"

    def complain(self, text: str) -> Complaint:
        return Complaint("bad-time", f"not a time: '{text}'", self.hint(text))

    def hint(self, text: str) -> str:
        if re.fullmatch(r"\d{1,2}:\d{2}(\.\d+)?", text):
            return f"a spreadsheet may have dropped the date; export it again with full times. {_TIME_HELP}"
        return _TIME_HELP


def _plausible(moment: int) -> bool:
    return EARLIEST <= moment < LATEST


@dataclass(frozen=True)
class IsoInstant(Instant):
    """ISO 8601 with or without an offset; a date, or a month for its first day."""

    def values(self, text: str) -> tuple[str, ...]:
        moment = (
            f"CASE WHEN regexp_full_match({text}, '{ISO_MOMENT}') THEN epoch_us(TRY_CAST({text} AS TIMESTAMPTZ))"
            f" WHEN regexp_full_match({text}, '{ISO_MONTH}') THEN epoch_us(TRY_CAST({text} || '-01' AS TIMESTAMPTZ))"
            f" WHEN regexp_full_match({text}, '{ISO_SMALL_Z}')"
            f" THEN epoch_us(TRY_CAST(upper({text}) AS TIMESTAMPTZ)) END"
        )
        # Z first: most exports write it, and nothing else then looks at the text.
        kind = (
            f"CASE WHEN ends_with({text}, 'Z') THEN {ABSOLUTE} WHEN length({text}) <= 10 THEN {CIVIL}"
            f" WHEN contains(substr({text}, 11), '+') OR contains(substr({text}, 11), '-')"
            f" OR ends_with({text}, 'z') THEN {ABSOLUTE} ELSE {NAIVE} END"
        )
        return moment, kind

    def read(self, text: str) -> tuple[int | str, ...] | None:
        parts = _ISO_PARTS.fullmatch(text)
        if parts is None or text.startswith("0"):
            return None
        year, month, day, hour, minute, second, fraction, zulu, sign, ahead, ahead_minutes = parts.groups()
        clock = _clock(int(hour or 0), int(minute or 0), int(second or 0), fraction or "0")
        days = _days(int(year), int(month), int(day or 1))
        if clock is None or days is None or int(ahead or 0) > 23 or int(ahead_minutes or 0) > 59:
            return None
        if sign and text[-1] == ":":
            return None
        shift = (int(ahead or 0) * 60 + int(ahead_minutes or 0)) * 60_000_000
        moment = days * DAY + clock - (shift if sign == "+" else -shift)
        kind = CIVIL if hour is None else ABSOLUTE if zulu or sign else NAIVE
        return (moment, kind) if _plausible(moment) else None


def _days(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - UNIX_EPOCH
    except ValueError:
        return None


def _clock(hour: int, minute: int, second: int, fraction: str) -> int | None:
    """Microseconds since midnight; digits of the fraction below a microsecond are floored away."""
    whole_day = hour == 24 and minute == second == 0 and not fraction.strip("0")
    if (hour > 23 and not whole_day) or minute > 59 or second > 59 or len(fraction) > 9:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + int(fraction[:6].ljust(6, "0"))


def _scaled_sql(text: str, places: int, *, floor: bool, kind: str = "BIGINT") -> str:
    """SQL for ``text * 10**places`` as an integer of ``kind``, exact; digits left over are floored or make it NULL.

    Common texts take a short way. The others (exponents, many digits) are moved along as strings, because a cast to
    DECIMAL rounds.
    """
    digits = f"(regexp_extract({text}, '^[+-]?([0-9]+)', 1) || regexp_extract({text}, '[.]([0-9]+)', 1))"
    exponent = f"coalesce(TRY_CAST(nullif(regexp_extract({text}, '[eE]([+-]?[0-9]+)$', 1), '') AS INTEGER), 0)"
    point = f"(length(regexp_extract({text}, '^[+-]?([0-9]+)', 1)) + {exponent} + ({places}))"
    sign = f"CASE WHEN starts_with({text}, '-') THEN '-' ELSE '' END"
    moved = f"CASE WHEN {point} > 0 THEN rpad({digits}, ({point})::INTEGER, '0') ELSE '0' END"
    whole = f"TRY_CAST({sign} || {moved} AS {kind})"
    rest = f"ltrim(CASE WHEN {point} > 0 THEN substr({digits}, {point} + 1) ELSE {digits} END, '0')"
    slow = f"CASE WHEN {rest} = '' THEN {whole} END"
    if floor:
        down = f"CASE WHEN starts_with({text}, '-') AND {rest} <> '' THEN 1 ELSE 0 END"
        slow = f"TRY_CAST(({whole})::HUGEINT - {down} AS BIGINT)"
    cases = f"WHEN regexp_full_match({text}, '{NUMBER}') THEN {slow}"
    if places == 0:
        cases = f"WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') THEN TRY_CAST({text} AS BIGINT) {cases}"
    elif 0 < places <= 6:
        shape = f"[+-]?[0-9]{{1,12}}([.][0-9]{{1,{places}}})?"
        # Plain integers: a product of DECIMALs overflows at the width of its factor; a wide one is three times as slow.
        steps = " ".join(f"WHEN {given} THEN {10 ** (places - given)}" for given in range(1, places + 1))
        length = f"CASE strpos({text}, '.') WHEN 0 THEN 0 ELSE length({text}) - strpos({text}, '.') END"
        fast = f"TRY_CAST(replace({text}, '.', '') AS BIGINT) * CASE {length} {steps} ELSE {10**places} END"
        cases = f"WHEN regexp_full_match({text}, '{shape}') THEN {fast} {cases}"
    return f"CASE {cases} END"


def _scaled(text: str, places: int, *, floor: bool, bits: int = 63) -> int | None:
    """``_scaled_sql`` in Python; ``bits`` is 63 for BIGINT and 127 for HUGEINT."""
    parts = _NUMBER_PARTS.fullmatch(text)
    if parts is None:
        return None
    sign, whole, fraction, exponent = parts.groups()
    number = int(sign + whole + (fraction or ""))
    shift = int(exponent or 0) - len(fraction or "") + places
    power: int = 10 ** abs(shift)
    scaled, rest = (number * power, 0) if shift >= 0 else divmod(number, power)
    if (rest and not floor) or not -(2**bits) <= scaled < 2**bits:
        return None
    return scaled


@dataclass(frozen=True)
class EpochInstant(Instant):
    """Numbers counted from an instant: ``places`` turns the unit into microseconds, ``base`` is that instant (us)."""

    unit: str
    places: int
    base: int = 0

    def values(self, text: str) -> tuple[str, ...]:
        counted = _scaled_sql(text, self.places, floor=True)
        # Widened, because the sum of a wild number and the base is more than a BIGINT holds.
        moment = f"TRY_CAST(({counted})::HUGEINT + ({self.base}) AS BIGINT)" if self.base else counted
        return moment, str(ABSOLUTE)

    def read(self, text: str) -> tuple[int | str, ...] | None:
        counted = _scaled(text, self.places, floor=True)
        if counted is None or not _plausible(counted + self.base):
            return None
        return counted + self.base, ABSOLUTE

    def hint(self, text: str) -> str:
        if _NUMBER_PARTS.fullmatch(text):
            return f"read as {self.unit} this is no year between 1000 and 9999; check the unit in `time_format`"
        return f"the column is declared as {self.unit}: plain numbers such as 1790812800"


_UNITS = {"epoch-seconds": 6, "epoch-milliseconds": 3, "epoch-microseconds": 0, "epoch-nanoseconds": -3}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
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
    "b": "(?:" + "|".join("".join(f"[{c}{c.upper()}]" for c in month) for month in _MONTHS) + ")",
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
    """Times written as a strptime pattern says, read strictly. ``%z`` makes them absolute."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._pieces = re.split(r"(%.?)", pattern, flags=re.DOTALL)
        self._directives = [piece[1:] for piece in self._pieces[1::2] if piece != "%%"]
        self._check()
        self._shape = self._built(named=False)
        self._named = re.compile(self._built(named=True), re.ASCII)
        clock = set(self._directives) & set("HIMSfp")
        self._kind = ABSOLUTE if "z" in self._directives else NAIVE if clock else CIVIL

    def _check(self) -> None:
        found = self._directives
        for directive in found:
            if directive not in _DIRECTIVES:
                raise ValueError(f"unknown directive '%{directive}' in '{self.pattern}'")
        if len(found) != len(set(found)):
            raise ValueError(f"a directive stands twice in '{self.pattern}'")
        if len(set(found) & {"Y", "y"}) != 1 or len(set(found) & {"m", "b"}) != 1 or "d" not in found:
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
        shape, pattern = (written.replace("'", "''") for written in (self._shape, self.pattern))
        moment = f"epoch_us(try_strptime({text}, '{pattern}'))"
        return f"CASE WHEN regexp_full_match({text}, '{shape}') THEN {moment} END", str(self._kind)

    def read(self, text: str) -> tuple[int | str, ...] | None:
        parts = self._named.fullmatch(text)
        if parts is None:
            return None
        found = parts.groupdict()
        month = int(found["m"]) if "m" in found else _MONTHS.index(found["b"].lower()) + 1
        days = _days(_year(found), month, int(found["d"]))
        if days is None:
            return None
        moment = days * DAY + _pattern_clock(found) - _pattern_offset(found.get("z"))
        return (moment, self._kind) if _plausible(moment) else None

    def hint(self, text: str) -> str:
        return f'the column is declared with `time_format: "{self.pattern}"`'


def _letter(letter: str) -> str:
    return "\\" + letter if letter in r"\.+*?()|[]{}^$" else letter


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
        return _scaled(text, self.scale, floor=floor, bits=127 if self.wide else 63)

    def values(self, text: str) -> tuple[str, ...]:
        if self.decimal == ",":
            # A point would be a thousands separator here: taken away from the grammar before the comma becomes one.
            text = f"(CASE WHEN NOT contains({text}, '.') THEN replace({text}, ',', '.') END)"
        return (_scaled_sql(text, self.scale, floor=False, kind=self._kind),)

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
        if not _NUMBER_PARTS.fullmatch(point):
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


@dataclass(frozen=True)
class Text:
    """Words as they stand, trimmed."""

    endings: tuple[tuple[str, str], ...] = (("", "VARCHAR"),)

    def values(self, text: str) -> tuple[str, ...]:
        return (text,)

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        return (text,)

    def complain(self, text: str) -> Complaint:
        return Complaint("bad-cell", f"cannot be read: '{text}'", "")


def instant(form: str | None = None) -> TextRule:
    """The rule for times: ISO 8601, one of ``epoch-seconds`` to ``epoch-nanoseconds``, or a strptime pattern.

    Raises ValueError for another form, and for a pattern with directives that are not supported.
    """
    if form is None:
        return IsoInstant()
    if form in _UNITS:
        return EpochInstant(form, _UNITS[form])
    if "%" in form:
        return PatternInstant(form)
    raise ValueError(f"unknown time format '{form}'; one of {', '.join(_UNITS)}, or a pattern such as '%d.%m.%Y %H:%M'")


def seconds_since(base: int) -> TextRule:
    """The rule for seconds counted from ``base``, an instant in microseconds UTC."""
    return EpochInstant("seconds since a declared instant", 6, base)


def number(scale: int, decimal: str = ".", *, wide: bool = False) -> TextRule:
    """The rule for decimal numbers, kept as integers of ``10**-scale``; ``decimal`` is ``.`` or ``,``.

    A ``wide`` number is a HUGEINT: slower, and room for the seventeen digits that a binary fraction is printed with.
    """
    if decimal not in (".", ",") or not 0 <= scale <= 18:
        raise ValueError("a number has the decimal mark . or , and a scale from 0 to 18")
    return Number(scale, decimal, wide=wide)


def count(decimal: str = ".") -> TextRule:
    """The rule for counts: whole numbers of 0 or more; ``12.0`` is one."""
    return Number(0, decimal, lowest=0)


def text() -> TextRule:
    """The rule for words."""
    return Text()
