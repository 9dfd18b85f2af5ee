"""Our own rules for text: what counts as a time, a number or a word, as SQL and as plain Python, which must agree."""

from __future__ import annotations

from slacheck.engine.text_rules.instants import ABSOLUTE, CIVIL, EPOCHS, NAIVE, EpochInstant, Instant, IsoInstant
from slacheck.engine.text_rules.numbers import Number
from slacheck.engine.text_rules.patterns import PatternInstant
from slacheck.engine.text_rules.rule import BLANKS, Complaint, TextRule
from slacheck.engine.text_rules.words import Text

__all__ = [
    "ABSOLUTE",
    "BLANKS",
    "CIVIL",
    "EPOCHS",
    "NAIVE",
    "Complaint",
    "Instant",
    "Text",
    "TextRule",
    "count",
    "instant",
    "number",
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
