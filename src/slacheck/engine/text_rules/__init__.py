"""Our own rules for text: what counts as a time, a number or a word, as SQL and as plain Python, which must agree."""

from __future__ import annotations

from collections.abc import Sequence

from slacheck.engine.text_rules.instants import (
    ABSOLUTE,
    CIVIL,
    DAY,
    EARLIEST,
    EPOCHS,
    LATEST,
    NAIVE,
    EpochInstant,
    Instant,
    IsoInstant,
)
from slacheck.engine.text_rules.lengths import LENGTHS, Length
from slacheck.engine.text_rules.numbers import GROUPING, Number
from slacheck.engine.text_rules.patterns import PatternInstant
from slacheck.engine.text_rules.rule import BLANKS, Complaint, QuickRule, TextRule
from slacheck.engine.text_rules.words import Among, AsWritten, Text

__all__ = [
    "ABSOLUTE",
    "BLANKS",
    "CIVIL",
    "DAY",
    "EARLIEST",
    "EPOCHS",
    "LATEST",
    "LENGTHS",
    "NAIVE",
    "AsWritten",
    "Complaint",
    "Instant",
    "IsoInstant",
    "QuickRule",
    "Text",
    "TextRule",
    "among",
    "as_written",
    "count",
    "instant",
    "length",
    "number",
    "pattern_shape",
    "seconds_since",
    "text",
]


def instant(form: str | None = None) -> TextRule:
    """The rule for times: ISO 8601, one of ``epoch-seconds`` to ``epoch-nanoseconds``, or a strptime pattern.

    Raises ValueError for another form, and for a pattern with directives that are not supported.
    """
    if form is None:
        return IsoInstant()
    if form in EPOCHS:
        return EpochInstant(form, EPOCHS[form])
    if "%" in form:
        return PatternInstant(form)
    raise ValueError(f"unknown time format '{form}'; one of {', '.join(EPOCHS)}, or a pattern such as '%d.%m.%Y %H:%M'")


def pattern_shape(form: str) -> str:
    """A regular expression for what a strptime pattern reads. Raises ValueError like ``instant``."""
    return PatternInstant(form).shape


def seconds_since(base: int) -> TextRule:
    """The rule for seconds counted from ``base``, an instant in microseconds UTC."""
    return EpochInstant("seconds since a declared instant", 6, base)


def number(
    scale: int, decimal: str = ".", *, wide: bool = False, thousands: str | None = None, unit: str | None = None
) -> TextRule:
    """The rule for decimal numbers, kept as integers of ``10**-scale``; ``decimal`` is ``.`` or ``,``.

    ``thousands``, one of ``, . '`` or a blank, groups the digits before the decimal mark; ``unit`` may stand behind
    the number. A ``wide`` number is a HUGEINT: room for the seventeen digits that a binary fraction is printed with.
    """
    _check_marks(decimal, thousands)
    if not 0 <= scale <= 18:
        raise ValueError("a number has a scale from 0 to 18")
    return Number(scale, decimal, wide=wide, thousands=thousands, unit=unit)


def count(decimal: str = ".", thousands: str | None = None) -> TextRule:
    """The rule for counts: whole numbers of 0 or more; ``12.0`` is one."""
    _check_marks(decimal, thousands)
    return Number(0, decimal, lowest=0, thousands=thousands)


def _check_marks(decimal: str, thousands: str | None) -> None:
    if decimal not in (".", ",") or thousands == decimal or thousands not in (None, *GROUPING):
        raise ValueError("a number has the decimal mark . or , and another one for thousands, or none")


def length(form: str, scale: int) -> TextRule:
    """The rule for lengths of time as a clock shows them, kept as seconds of ``10**-scale``, a HUGEINT.

    ``form`` is ``hours-minutes-seconds``, ``hours-minutes``, ``minutes-seconds`` or ``iso-8601``.
    """
    if form not in LENGTHS:
        raise ValueError(f"no form of a length of time: {form}")
    return Length(form, scale)


def text() -> TextRule:
    """The rule for words."""
    return Text()


def as_written() -> TextRule:
    """The rule for cells as they stand."""
    return AsWritten()


def among(words: Sequence[str]) -> TextRule:
    """The rule for words of which those of a list are expected."""
    return Among(tuple(words))
