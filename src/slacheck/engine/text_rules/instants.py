"""Times in ISO 8601, and numbers counted from an instant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from slacheck.engine.text_rules.rule import Complaint
from slacheck.engine.text_rules.scaling import NUMBER_PARTS, scaled, scaled_sql

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

# How most exports write a time, as LIKE and as strptime know it. strptime is exact where the marks stand in their
# places: it gives nothing for a digit that is none, a month 13 or a 24:00, and the long way then decides.
_QUICK = (
    ("____-__-__T__:__:__Z", "{}", "%Y-%m-%dT%H:%M:%SZ", ABSOLUTE),
    # strptime skips blanks where its form has one, and at the end: neither is left to it.
    ("____-__-__ __:__:__", "replace({}, ' ', 'T') || 'Z'", "%Y-%m-%dT%H:%M:%SZ", NAIVE),
)
_QUICK_TEXT = re.compile(r"....-..-..(T..:..:..Z| ..:..:..)", re.DOTALL)
_ISO_PARTS = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?)?",
    re.ASCII,
)
_TIME_HELP = "times look like 2026-10-01T00:00:00Z; another form is declared with `time_format`"


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


def plausible(moment: int) -> bool:
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

    def quick(self, cell: str) -> tuple[str, ...]:
        moments = " ".join(
            f"WHEN {cell} LIKE '{shape}' THEN epoch_us(try_strptime({text.format(cell)}, '{form}'))"
            for shape, text, form, _ in _QUICK
        )
        kinds = " ".join(f"WHEN {len(shape)} THEN {kind}" for shape, _, _, kind in _QUICK)
        return f"CASE {moments} END", f"CASE strlen({cell}) {kinds} END"

    def is_quick(self, text: str) -> bool:
        return _QUICK_TEXT.fullmatch(text) is not None

    def read(self, text: str) -> tuple[int | str, ...] | None:
        parts = _ISO_PARTS.fullmatch(text)
        if parts is None or text.startswith("0"):
            return None
        year, month, day, hour, minute, second, fraction, zulu, sign, ahead, ahead_minutes = parts.groups()
        clock = _clock(int(hour or 0), int(minute or 0), int(second or 0), fraction or "0")
        days = day_number(int(year), int(month), int(day or 1))
        if clock is None or days is None or int(ahead or 0) > 23 or int(ahead_minutes or 0) > 59:
            return None
        if sign and text[-1] == ":":
            return None
        shift = (int(ahead or 0) * 60 + int(ahead_minutes or 0)) * 60_000_000
        moment = days * DAY + clock - (shift if sign == "+" else -shift)
        kind = CIVIL if hour is None else ABSOLUTE if zulu or sign else NAIVE
        return (moment, kind) if plausible(moment) else None


def day_number(year: int, month: int, day: int) -> int | None:
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


@dataclass(frozen=True)
class EpochInstant(Instant):
    """Numbers counted from an instant: ``places`` turns the unit into microseconds, ``base`` is that instant (us)."""

    unit: str
    places: int
    base: int = 0

    def values(self, text: str) -> tuple[str, ...]:
        counted = scaled_sql(text, self.places, floor=True)
        # Widened, because the sum of a wild number and the base is more than a BIGINT holds.
        moment = f"TRY_CAST(({counted})::HUGEINT + ({self.base}) AS BIGINT)" if self.base else counted
        return moment, str(ABSOLUTE)

    def read(self, text: str) -> tuple[int | str, ...] | None:
        counted = scaled(text, self.places, floor=True)
        if counted is None or not plausible(counted + self.base):
            return None
        return counted + self.base, ABSOLUTE

    def hint(self, text: str) -> str:
        if NUMBER_PARTS.fullmatch(text):
            return f"read as {self.unit} this is no year between 1000 and 9999; check the unit in `time_format`"
        return f"the column is declared as {self.unit}: plain numbers such as 1790812800"


EPOCHS = {"epoch-seconds": 6, "epoch-milliseconds": 3, "epoch-microseconds": 0, "epoch-nanoseconds": -3}
