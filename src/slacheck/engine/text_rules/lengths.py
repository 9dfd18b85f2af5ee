"""Lengths of time written as a clock shows them, or as an ISO 8601 duration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slacheck.engine.text_rules.rule import Complaint

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800
_SIGN = "([+-])?"
# 1 day, 02:03:04; 2 days 02:03; 1d 02:03; 1.02:03:04 as .NET prints it. Without days the hours may be any.
_HOURS = r"(?:([0-9]{1,6})(?: ?(?:d|days?),? |\.)([01]?[0-9]|2[0-3])|([0-9]{1,9}))"
_SIXTY = ":([0-5][0-9])"
_FRACTION = r"(?:[.,]([0-9]{1,9}))?"
_CLOCK_PARTS = (_DAY, _HOUR, _HOUR)

# Of each form: its shape, the seconds that each group after the sign counts, and how it is shown in a message. The
# last group is the fraction of a second.
_FORMS: Mapping[str, tuple[str, Sequence[int], str]] = {
    "hours-minutes-seconds": (
        _SIGN + _HOURS + _SIXTY + _SIXTY + _FRACTION,
        (*_CLOCK_PARTS, _MINUTE, 1),
        "27:15:00 or 1 day 03:15:00",
    ),
    "hours-minutes": (_SIGN + _HOURS + _SIXTY + "()", (*_CLOCK_PARTS, _MINUTE), "27:15 or 1 day 03:15"),
    "minutes-seconds": (_SIGN + "([0-9]{1,9})" + _SIXTY + _FRACTION, (_MINUTE, 1), "135:30"),
    "iso-8601": (
        _SIGN
        + r"P(?:([0-9]{1,6})W|(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?"
        + rf"(?:([0-9]{{1,9}}){_FRACTION}S)?)?)",
        (_WEEK, _DAY, _HOUR, _MINUTE, 1),
        "PT4H30M or P1DT2H; years and months have no exact length",
    ),
}

LENGTHS = tuple(_FORMS)


@dataclass(frozen=True)
class Length:
    """A length of time as seconds times ``10**scale``; ``form`` is one of the names of ``forms``."""

    form: str
    scale: int
    endings: tuple[tuple[str, str], ...] = (("", "HUGEINT"),)

    def values(self, text: str) -> tuple[str, ...]:
        shape, seconds, _ = _FORMS[self.form]

        def group(number: int) -> str:
            return f"regexp_extract({text}, '^{shape}$', {number})"

        whole = " + ".join(
            f"coalesce(TRY_CAST(nullif({group(number)}, '') AS BIGINT), 0) * {each}"
            for number, each in enumerate(seconds, 2)
        )
        fraction = f"TRY_CAST(rpad({group(len(seconds) + 2)}, {self.scale}, '0') AS HUGEINT)"
        value = f"({whole})::HUGEINT * {10**self.scale} + {fraction}"
        signed = f"CASE WHEN starts_with({text}, '-') THEN -({value}) ELSE {value} END"
        fits = f"regexp_full_match({text}, '{shape}') AND regexp_matches({text}, '[0-9][A-Z]?$')"
        return (f"CASE WHEN {fits} THEN {signed} END",)

    def accepted(self, value: str) -> str:
        return f"{value} IS NOT NULL"

    def read(self, text: str) -> tuple[int | str, ...] | None:
        shape, seconds, _ = _FORMS[self.form]
        found = re.fullmatch(shape, text)
        if found is None or not re.search("[0-9][A-Z]?$", text):
            return None
        sign, *parts, fraction = found.groups()
        whole = sum(int(part or 0) * each for part, each in zip(parts, seconds, strict=True))
        value = whole * 10**self.scale + int((fraction or "").ljust(self.scale, "0"))
        return (-value if sign == "-" else value,)

    def complain(self, text: str) -> Complaint:
        others = forms(text)
        if others:
            return Complaint("bad-length", f"not {self.form}: '{text}'", f"units: {' or '.join(others)} reads it")
        help = f"lengths look like {_FORMS[self.form][2]}"
        return Complaint("bad-length", f"not a length of time in {self.form}: '{text}'", help)


def forms(text: str) -> list[str]:
    """The forms that read ``text``."""
    return [form for form in _FORMS if Length(form, 9).read(text) is not None]
