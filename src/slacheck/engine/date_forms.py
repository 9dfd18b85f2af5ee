"""Which declared form would read a column of times: told from the texts alone, and never chosen where two would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from slacheck.engine import text_rules
from slacheck.engine.text_rules import EPOCHS, TextRule
from slacheck.engine.text_rules.instants import DAY

_MARKS = "/-."
_NUMBERS = [f"%d{m}%m{m}%Y|%m{m}%d{m}%Y|%Y{m}%m{m}%d|%d{m}%m{m}%y|%m{m}%d{m}%y|%y{m}%m{m}%d" for m in _MARKS]
_NAMES = [
    "%d M %Y",
    "%d-M-%Y",
    "%d/M/%Y",
    "%d-M-%y",
    "%d/M/%y",
    "%d M %y",
    "M %d, %Y",
    "M %d %Y",
    "%Y-M-%d",
    "%d. M %Y",
    "%d.M.%Y",
]
_DATES = (
    *(form for forms in _NUMBERS for form in forms.split("|")),
    *(name.replace("M", month) for month in ("%b", "%B") for name in _NAMES),
    *("%Y%m%d", "%Y-%j", "%G-W%V-%u"),
)
_WEEKDAYS = ("", "%a, ", "%a ", "%A, ", "%A ")
_CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S,%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M:%S%p", "%I:%M %p", "%I:%M%p")
_TAILS = (
    "",
    *(f"{joint}{clock}{zone}" for joint in (" ", "T", ", ", ":") for clock in _CLOCKS for zone in ("", " %z", "%z")),
    *("%H%M%S", "%H%M", "T%H%M%S"),
)
# 2000 to 2100: a number read in another unit than it has lies far outside.
_FIRST, _LAST = 946_684_800_000_000, 4_102_444_800_000_000
_ISO = "2000-01-01"


@dataclass(frozen=True)
class Forms:
    """What ``time_format`` could say so that all of some texts are read; None where nothing need be declared.

    ``fitting`` are in the order of how common they are. ``decided`` is whether they are one form: no other text could
    be read in two ways.
    """

    fitting: tuple[str | None, ...]
    decided: bool


def candidates(texts: Iterable[str]) -> Forms:
    """The forms that read every one of ``texts`` (trimmed, none empty). No text, no form."""
    every = list(dict.fromkeys(texts))
    fitting = [form for form in (forms_of(every[0]) if every else ()) if all(_read(form, text) for text in every)]
    return Forms(tuple(fitting), one_form(fitting))


def one_form(forms: Sequence[str | None]) -> bool:
    """Whether forms never read a text otherwise: May is the short name of a month and the long one."""
    return len({form and form.replace("%B", "%b") for form in forms}) == 1


@cache
def rule(form: str | None) -> TextRule:
    """The rule that a form declares."""
    return text_rules.instant(form)


def forms_of(text: str) -> tuple[str | None, ...]:
    """The forms that read one text: nothing where it is ISO 8601, else the epochs or patterns."""
    if _read(None, text):
        return (None,)
    if re.fullmatch(r"[0-9.eE+]+", text):
        epochs = tuple(form for form in EPOCHS if _plausible(form, text))
        if epochs:
            return epochs
    return tuple(dict.fromkeys(form for form in _patterns(text) if _read(form, text)))


def _plausible(form: str, text: str) -> bool:
    found = _read(form, text)
    return found is not None and _FIRST <= int(found[0]) < _LAST


def _read(form: str | None, text: str) -> tuple[int | str, ...] | None:
    return rule(form).read(text)


def _patterns(text: str) -> Iterator[str]:
    """Patterns that may read ``text``: those whose date fits its beginning and whose clock fits the rest."""
    weekdays = _WEEKDAYS if text[:1].isalpha() else ("",)
    for weekday in weekdays:
        for date in _DATES:
            found = _beginning(weekday + date).match(text)
            if found:
                for tail in _TAILS:
                    if _reads_tail(tail, text[found.end() :]):
                        yield weekday + date + tail


@cache
def _beginning(date: str) -> re.Pattern[str]:
    # A number ends where its digits do, but where the clock follows without a mark.
    end = "" if date.endswith("%Y%m%d") else "(?![0-9])"
    return re.compile(text_rules.pattern_shape(date) + end, re.ASCII)


def _reads_tail(tail: str, text: str) -> bool:
    return bool(_read("%Y-%m-%d" + tail, _ISO + text))


def written(form: str | None) -> str:
    """A form as an agreement writes it."""
    if form is None:
        return "no time_format (it is ISO 8601)"
    return f"time_format: {form}" if form in EPOCHS else f'time_format: "{form}"'


def instant_text(moment: int) -> str:
    """An instant of a reading (microseconds) as ISO 8601 writes it, the day alone at midnight."""
    found = datetime(1970, 1, 1) + timedelta(microseconds=moment)
    return found.date().isoformat() if moment % DAY == 0 else found.isoformat(" ")
