"""The scalars of the language as types of a model: each reads text, refuses with help, and has its JSON Schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import CoreSchema

from slacheck.language.quantities import CivilLength, Comparison, Quantity, Unreadable, length
from slacheck.language.terms import refusal

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?")
# A number with the code of a currency before or behind it.
_WITH_CODE = re.compile(r"[A-Z]{3} ?-?[0-9][0-9.,' ]*|-?[0-9][0-9.,' ]*[A-Z]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What editors check of a scalar before slacheck reads it: blanks around it never matter.
_DIGITS = r"[0-9]{1,18}(\.[0-9]{1,100})?"
_CIVIL = r"[0-9]+\s+(day|week|month|year|period|working day)s?"
EXACT: Final = rf"({_DIGITS}(ms|s|m|h|d))+"
_SIDE = r"(>=|<=|>(?!=)|<(?!=)|=)\s*[^\s,][^,]*"
COMPARISON: Final = rf"^\s*{_SIDE}(,\s*{_SIDE})?$"


def scalar_text(value: object, wanted: str) -> str:
    """``value`` as text, for a validator that then reads it. Refuses mappings, lists and nothing at all."""
    if isinstance(value, str):
        return value
    if value is None:
        raise refusal("empty", f"nothing stands here; {wanted} is wanted")
    shape = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "this"
    raise refusal("wrong-shape", f"{shape} stands here; {wanted} is wanted")


def reader(wanted: str, code: str, read: Callable[[str], object]) -> PlainValidator:
    """A validator that reads text with ``read``; what that raises as Unreadable is refused with ``code``."""

    def validate(value: object) -> object:
        if value is not None and not isinstance(value, (str, dict, list)):
            return value
        text = scalar_text(value, wanted)
        try:
            return read(text)
        except Unreadable as unreadable:
            raise refusal(code, str(unreadable), unreadable.help) from None

    return PlainValidator(validate)


def schema(
    description: str, *examples: object, numbers: bool = False, pattern: str = "", words: str = ""
) -> WithJsonSchema:
    """``numbers`` tells that a bare number is read too, as editors see what stands without quotes.

    ``words`` name the type where a key says its own description.
    """
    kinds: Any = ["string", "number"] if numbers else "string"
    known: dict[str, Any] = {"type": kinds, "description": description, "examples": list(examples)}
    if words:
        known["$comment"] = words
    if pattern:
        known["pattern"] = pattern if pattern.startswith("^") else rf"^\s*({pattern})\s*$"
    return WithJsonSchema(known)


def _text(text: str) -> str:
    if not text.strip():
        raise Unreadable("nothing stands here; text is wanted")
    return text


def read_name(text: str) -> str:
    """Raises Unreadable."""
    if not _NAME.fullmatch(text):
        raise Unreadable(f"'{text}' is not a name", "names are letters, digits, '-' and '_', and start with a letter")
    return text


def read_percentage(text: str) -> Fraction:
    """An exact share. Raises Unreadable."""
    quantity = Quantity.read(text)
    if quantity.kind != "share":
        raise Unreadable(f"'{text}' is not a percentage", f"write {text}%" if quantity.kind == "number" else "")
    return quantity.value


def read_amount(text: str) -> Decimal:
    """An exact amount of money, not below zero. Raises Unreadable."""
    if names_currency(text):
        help = "write the number alone, such as 150.00; what it is in stands once, as currency"
        raise Unreadable(f"amounts are plain numbers in the agreement's currency, not '{text.strip()}'", help)
    if not _AMOUNT.fullmatch(text.strip()):
        raise Unreadable(f"not an amount: '{text}'", "amounts are plain decimals in the agreement's currency: 150.00")
    amount = Decimal(text.strip())
    if amount < 0:
        raise Unreadable(f"the amount {text} is negative", "an amount is what is paid; write it without a sign")
    return amount


def names_currency(text: str) -> bool:
    """Whether a number stands there with the sign or the code of a currency, such as ``$100`` or ``100 EUR``."""
    signed = any(unicodedata.category(each) == "Sc" for each in text) and any(each.isdigit() for each in text)
    return signed or _WITH_CODE.fullmatch(text.strip()) is not None


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        raise Unreadable(f"'{text}' is no day of the calendar") from None
    raise Unreadable(f"not a date: '{text}'", "dates look like 2026-01-31")


def _length(text: str) -> int:
    exact = length(text)
    if exact == 0:
        raise Unreadable(f"'{text}' is no time at all", "write a length above zero")
    return exact


def _whole(value: object) -> object:
    """A number of things, for pydantic to bound."""
    text = scalar_text(value, "a whole number") if value is None or isinstance(value, (str, dict, list)) else value
    if isinstance(text, str) and not (text.isascii() and text.isdigit()):
        raise refusal("count", f"not a count: '{text}'", "write a whole number such as 3")
    return text


def _interval(text: str) -> int | CivilLength:
    if " " not in text.strip():
        return _length(text)
    civil = CivilLength.read(text)
    if (civil.count, civil.unit) != (1, "day"):
        raise Unreadable(f"no interval is '{text}' long", "write 1 day for rows of civil days, or a length such as 5m")
    return civil


Text = Annotated[
    str,
    reader("text", "empty", _text),
    WithJsonSchema(
        {"type": ["string", "number", "boolean"], "description": "Text, read as it stands.", "$comment": "text"}
    ),
]
Name = Annotated[
    str,
    reader("a name", "not-a-name", read_name),
    schema(
        "A name: letters, digits, '-' and '_', starting with a letter.",
        "monthly",
        pattern=f"^{_NAME.pattern}$",
        words="a name",
    ),
]
Whole = Annotated[
    int,
    BeforeValidator(_whole),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "description": "A whole number.",
            "examples": [3],
            "pattern": "^[0-9]+$",
            "$comment": "a whole number",
        }
    ),
]
Length = Annotated[
    int,
    reader("a length of time", "not-a-length", _length),
    schema(
        "An exact length of time; 2d is 48 hours.",
        "90s",
        "5m",
        "7m29s",
        "4h",
        "2d",
        pattern=EXACT,
        words="an exact length",
    ),
]
Civil = Annotated[
    CivilLength,
    reader("a civil length", "not-a-length", CivilLength.read),
    schema(
        "A length of the calendar, in words.", "30 days", "2 months", "1 year", pattern=_CIVIL, words="a civil length"
    ),
]
Interval = Annotated[
    int | CivilLength,
    reader("a length of time", "not-a-length", _interval),
    PlainSerializer(str, return_type=str),
    schema(
        "An exact length of time, or a civil day of 23 to 25 hours.",
        "1m",
        "5m",
        "1h",
        "1 day",
        pattern=rf"{EXACT}|0*1\s+days?",
        words="an exact length or 1 day",
    ),
]
Percentage = Annotated[
    Fraction,
    reader("a percentage", "not-a-percentage", read_percentage),
    schema("An exact percentage.", "99.9%", pattern=rf"[+-]?{_DIGITS}\s*%", words="a percentage"),
]
Amount = Annotated[
    Decimal,
    reader("an amount", "not-an-amount", read_amount),
    schema(
        "An exact amount in the agreement's currency.",
        "12000.00",
        numbers=True,
        pattern=_AMOUNT.pattern,
        words="an amount",
    ),
]
Day = Annotated[
    date,
    reader("a date", "not-a-date", _date),
    schema("A day of the calendar, year first.", "2026-01-31", pattern=_DATE.pattern, words="a date"),
]
Compared = Annotated[
    Comparison,
    reader("a comparison", "not-a-comparison", Comparison.read),
    schema(
        "A comparison in quotes: operator and value, or two of them joined by a comma. Equality is the operator's.",
        ">= 99.9%",
        "<= 4h",
        ">= 98%, < 99%",
        pattern=COMPARISON,
        words="a comparison",
    ),
]


QuantityTerm = Annotated[
    Quantity,
    reader("a value", "not-a-value", Quantity.read),
    schema("A value with its unit.", "0.1%", "1h", 1, numbers=True, words="a value"),
]


def listed(value: object) -> object:
    """A single scalar where a list may stand."""
    return [value] if isinstance(value, str) else value


class OneOrMore:
    """Beside a list in an annotation: its JSON Schema has one item, where a list of them may stand."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(core)
        return {"anyOf": [several["items"], several]}


Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), OneOrMore()]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed), OneOrMore()]
SomeNames = Annotated[tuple[Name, ...], Field(min_length=1), BeforeValidator(listed), OneOrMore()]
