"""The rules for text in Spark's SQL: of every rule the same integers that its Python ``read`` gives."""

from __future__ import annotations

from slacheck.engine.text_rules import CIVIL, NAIVE, AsWritten, Text, TextRule
from slacheck.engine.text_rules.instants import (
    ABSOLUTE,
    DAY,
    ISO_MOMENT,
    ISO_MONTH,
    ISO_SMALL_Z,
    EpochInstant,
    IsoInstant,
)
from slacheck.engine.text_rules.numbers import Number
from slacheck.engine.text_rules.patterns import MONTHS, PatternInstant
from slacheck.engine.text_rules.scaling import NUMBER
from slacheck.engine.text_rules.words import Among

_ISO = (
    "([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,9}))?)?"
    "(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2})?)?)?"
)
# Days of the year and weeks of ISO 8601.
_NO_WORDS = frozenset("jGVu")
_HOUR, _MINUTE, _SECOND = 3_600_000_000, 60_000_000, 1_000_000


def values(rule: TextRule, text: str) -> tuple[str, ...] | None:
    """One expression per ending of ``rule`` over the column ``text``; None for a rule that Spark has no words for."""
    match rule:
        case IsoInstant():
            return _iso(text)
        case EpochInstant():
            counted = _scaled(text, rule.places, floor=True, kind="BIGINT")
            # The sum of a wild number and the base is more than a BIGINT holds.
            moment = f"try_cast(CAST({counted} AS DECIMAL(38,0)) + {rule.base} AS BIGINT)" if rule.base else counted
            return moment, str(ABSOLUTE)
        case PatternInstant() if not set(rule.directives) & _NO_WORDS:
            return _pattern(rule, text), str(rule.kind)
        case Number() if rule.thousands is None and rule.unit is None:
            if rule.decimal == ",":
                text = f"(CASE WHEN NOT contains({text}, '.') THEN replace({text}, ',', '.') END)"
            return (_scaled(text, rule.scale, floor=False, kind="DECIMAL(37,0)" if rule.wide else "BIGINT"),)
        case Among():
            steps = " ".join(f"WHEN {literal(word)} THEN {place}" for place, word in enumerate(rule.words))
            place = f"CASE {text} {steps} ELSE {len(rule.words)} END" if steps else "0"
            return (f"CASE WHEN {text} IS NOT NULL THEN {place} END",)
        case AsWritten():
            return None
        case Text():
            return (text,)
        case _:
            return None


def literal(text: str) -> str:
    """``text`` as a string of Spark's SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(text: str) -> str:
    """``text`` as an identifier of Spark's SQL."""
    return "`" + text.replace("`", "``") + "`"


def fits(text: str, shape: str) -> str:
    """Whether the whole of ``text`` has a shape. Java's ``$`` would let a line end stand behind it."""
    return f"({text} RLIKE {_whole(shape)})"


def _group(text: str, shape: str, number: int) -> str:
    return f"regexp_extract({text}, {_whole(shape)}, {number})"


def _whole(shape: str) -> str:
    return literal(rf"\A(?:{shape})\z")


def _number(digits: str) -> str:
    return f"coalesce(try_cast({digits} AS BIGINT), 0L)"


def _days(date: str) -> str:
    return f"CAST(unix_date(try_cast({date} AS DATE)) AS BIGINT)"


def _micros(fraction: str) -> str:
    return _number(f"substr(rpad({fraction}, 9, '0'), 1, 6)")


def _iso(text: str) -> tuple[str, ...]:
    date, hour, minute, second, fraction, sign, ahead, ahead_minutes = (_group(text, _ISO, n) for n in range(1, 9))
    clock = f"{_number(hour)} * {_HOUR}L + {_number(minute)} * {_MINUTE}L + {_number(second)} * {_SECOND}L"
    shift = f"({_number(ahead)} * {_HOUR}L + {_number(ahead_minutes)} * {_MINUTE}L)"
    day = f"CASE WHEN length({text}) = 7 THEN concat({text}, '-01') ELSE {date} END"
    moment = (
        f"CASE WHEN {fits(text, '|'.join((ISO_MOMENT, ISO_SMALL_Z, ISO_MONTH)))} THEN {_days(day)} * {DAY}L"
        f" + {clock} + {_micros(fraction)} - CASE WHEN {sign} = '-' THEN -{shift} ELSE {shift} END END"
    )
    kind = (
        f"CASE WHEN length({text}) <= 10 THEN {CIVIL} WHEN {sign} <> '' OR endswith({text}, 'Z')"
        f" OR endswith({text}, 'z') THEN {ABSOLUTE} ELSE {NAIVE} END"
    )
    return moment, kind


def _pattern(rule: PatternInstant, text: str) -> str:
    shape = rule.grouped
    found = {directive: _group(text, shape, number) for number, directive in enumerate(rule.directives, 1)}
    if "Y" in found:
        year = found["Y"]
    else:
        # As POSIX has it: 69 to 99 are of the last century.
        year = f"concat(CASE WHEN {_number(found['y'])} >= 69 THEN '19' ELSE '20' END, {found['y']})"
    month = found.get("m", "")
    if not month:
        name = f"lower(substr({found.get('b') or found.get('B')}, 1, 3))"
        month = f"CAST((instr('{''.join(MONTHS)}', {name}) + 2) DIV 3 AS STRING)"
    date = f"concat({year}, '-', lpad({month}, 2, '0'), '-', lpad({found['d']}, 2, '0'))"
    hour = _number(found.get("H", "''"))
    if "I" in found:
        hour = f"({_number(found['I'])} % 12 + CASE WHEN lower({found['p']}) = 'pm' THEN 12 ELSE 0 END)"
    moment = f"{_days(date)} * {DAY}L + {hour} * {_HOUR}L"
    for directive, size in (("M", _MINUTE), ("S", _SECOND)):
        if directive in found:
            moment += f" + {_number(found[directive])} * {size}L"
    if "f" in found:
        moment += f" + {_micros(found['f'])}"
    if "z" in found:
        digits = f"replace(substr({found['z']}, 2), ':', '')"
        shift = f"({_number(f'substr({digits}, 1, 2)')} * {_HOUR}L + {_number(f'substr({digits}, 3)')} * {_MINUTE}L)"
        moment += f" - CASE WHEN startswith({found['z']}, '-') THEN -{shift} ELSE {shift} END"
    return f"CASE WHEN {fits(text, shape)} THEN {moment} END"


def _scaled(text: str, places: int, *, floor: bool, kind: str) -> str:
    """``text * 10**places`` as an integer of ``kind``; digits left over are floored or make it NULL.

    The digits are moved along as text, since a cast to a decimal rounds.
    """
    whole_digits = f"regexp_extract({text}, '^[+-]?([0-9]+)', 1)"
    digits = f"concat({whole_digits}, regexp_extract({text}, '[.]([0-9]+)', 1))"
    exponent = f"regexp_extract({text}, '[eE]([+-]?[0-9]+)$', 1)"
    point = f"(length({whole_digits}) + {_number(exponent)} + {places})"
    moved = f"CASE WHEN {point} > 0 THEN rpad({digits}, CAST({point} AS INT), '0') ELSE '0' END"
    sign = f"CASE WHEN startswith({text}, '-') THEN '-' ELSE '' END"
    whole = f"try_cast(concat({sign}, {moved}) AS {kind})"
    rest = f"CASE WHEN {point} > 0 THEN substr({digits}, CAST({point} AS INT) + 1) ELSE {digits} END"
    left = f"(trim(LEADING '0' FROM {rest}) <> '')"
    if floor:
        down = f"CASE WHEN startswith({text}, '-') AND {left} THEN 1 ELSE 0 END"
        exact = f"try_cast(CAST({whole} AS DECIMAL(38,0)) - {down} AS BIGINT)"
    else:
        exact = f"CASE WHEN NOT {left} THEN {whole} END"
    return f"CASE WHEN {fits(text, NUMBER)} THEN {exact} END"
