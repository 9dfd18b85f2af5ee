"""Tables of credits as people write them: comparisons to payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from slacheck.language.payments import Pay
from slacheck.language.quantities import Comparison, Unreadable
from slacheck.language.scalars import scalar_text
from slacheck.language.terms import refusal

ELSE = "else"


def read_pay(value: object) -> Pay:
    """One payment. Raises what pydantic collects."""
    if isinstance(value, Pay):
        return value
    try:
        return Pay.read(scalar_text(value, "a credit"))
    except Unreadable as unreadable:
        raise refusal("not-a-credit", str(unreadable), unreadable.help) from None


def read_table(value: object) -> tuple[tuple[Comparison | None, Pay], ...]:
    """Rows in the order they stand; ``else`` has no comparison. Raises what pydantic collects."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping) or not value:
        raise refusal("wrong-shape", "a mapping of comparisons to credits is wanted here", 'write {"< 99.9%": 10%}')
    rows: list[tuple[Comparison | None, Pay]] = []
    for key, paid in value.items():
        try:
            compared = None if key == ELSE else Comparison.read(key)
        except Unreadable as unreadable:
            raise refusal("not-a-comparison", str(unreadable), unreadable.help, inside=[key], at="key") from None
        try:
            rows.append((compared, read_pay(paid)))
        except PydanticCustomError as refused:
            context = refused.context or {}
            raise refusal(refused.type, refused.message(), str(context.get("help", "")), inside=[key]) from None
    return tuple(rows)


Table = Annotated[
    tuple[tuple[Comparison | None, Pay], ...],
    PlainValidator(read_table),
    WithJsonSchema(
        {
            "type": "object",
            "$comment": "comparisons to payments",
            "description": "Comparisons, in quotes, and what each costs. The row that costs most among those that "
            "match is paid; 'else' is for the rest of the breaches.",
            "additionalProperties": {
                "type": ["string", "number"],
                "description": "A share of the fee that 'of' names, a share of another fee, an amount, days of a fee, "
                "or points; 'bonus' before it turns it round.",
            },
            "minProperties": 1,
            "examples": [{"< 99.9%": "10%", "< 99.0%": "25%"}],
        }
    ),
]
