"""Every scalar reads its text exactly, refuses with advice, and tells editors what to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from slacheck.language import scalars
from slacheck.language.quantities import HOUR, CivilLength

TYPES: dict[str, Any] = {
    name: TypeAdapter(getattr(scalars, name))
    for name in (
        "Text",
        "Name",
        "Length",
        "Civil",
        "Percentage",
        "Amount",
        "Day",
        "Compared",
    )
}


def refused(name: str, value: object) -> tuple[str, str, str]:
    """Code, message and help."""
    with pytest.raises(ValidationError) as error:
        TYPES[name].validate_python(value)
    (details,) = error.value.errors()
    return details["type"], details["msg"], details["ctx"]["help"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Text", "010", "010"),
        ("Name", "web-1", "web-1"),
        ("Length", "2d", 48 * HOUR),
        ("Civil", "2 months", CivilLength(2, "month")),
        ("Percentage", "0.1%", Fraction(1, 1000)),
        ("Amount", "12000.00", Decimal("12000.00")),
        ("Amount", "0", Decimal(0)),
        ("Day", "2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_scalar_means_what_its_text_says(name: str, text: str, expected: object) -> None:
    assert TYPES[name].validate_python(text) == expected


@pytest.mark.parametrize(
    ("name", "text", "code", "message", "help"),
    [
        ("Text", " ", "empty", "nothing stands here; text is wanted", ""),
        ("Name", "1a", "not-a-name", "'1a' is not a name", "names are letters"),
        ("Length", "0s", "not-a-length", "'0s' is no time at all", "write a length above zero"),
        ("Percentage", "99.9", "not-a-percentage", "'99.9' is not a percentage", "write 99.9%"),
        ("Amount", "-5", "not-an-amount", "the amount -5 is negative", "write it without a sign"),
        ("Amount", "1,000.00", "not-an-amount", "not an amount: '1,000.00'", "plain decimals"),
        ("Amount", "1" * 16, "not-an-amount", "not an amount", "plain decimals"),
        ("Day", "2026-02-30", "not-a-date", "'2026-02-30' is no day of the calendar", ""),
        ("Day", "30.06.2026", "not-a-date", "not a date: '30.06.2026'", "dates look like 2026-01-31"),
        ("Compared", "99.9%", "not-a-comparison", "not a comparison: '99.9%'", 'comparisons look like ">= 99.9%"'),
    ],
)
def test_a_scalar_that_cannot_be_read_says_what_to_write(
    name: str, text: str, code: str, message: str, help: str
) -> None:
    found = refused(name, text)
    assert found[0] == code
    assert message in found[1]
    assert help in found[2]


@pytest.mark.parametrize("name", sorted(TYPES))
@pytest.mark.parametrize(("value", "shape"), [({"a": "b"}, "a mapping"), (["a"], "a list"), (None, "nothing")])
def test_a_scalar_refuses_mappings_lists_and_nothing(name: str, value: object, shape: str) -> None:
    assert refused(name, value)[1].startswith(f"{shape} stands here; ")


@pytest.mark.parametrize("name", sorted(TYPES))
def test_editors_see_a_description_and_examples_that_are_read(name: str) -> None:
    schema = TYPES[name].json_schema()
    assert schema["description"]
    for example in schema.get("examples", ()):
        TYPES[name].validate_python(str(example))
    assert name == "Text" or schema["examples"]


@pytest.mark.parametrize("name", ["Amount", "Text"])
def test_editors_accept_a_number_without_quotes_where_it_is_read(name: str) -> None:
    assert "number" in TYPES[name].json_schema()["type"]
    TYPES[name].validate_python("12000.00")
