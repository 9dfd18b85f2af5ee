"""Targets: a comparison, a pair of an expected and a minimum level, or a comparison with a register's column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated

from pydantic import PlainValidator

from slacheck.language.json_schema import shared
from slacheck.language.quantities import Bound, Comparison, Kind, Operator, Unreadable
from slacheck.language.scalars import COMPARISON, scalar_text
from slacheck.language.terms import refusal

_COLUMN = re.compile(r"(>=|<=|>|<|=)\s*([A-Za-z_][A-Za-z0-9_-]*)")
_OFTEN = re.compile(r"([1-9][0-9]{0,2}) of ([1-9][0-9]{0,2})")


@dataclass(frozen=True)
class Often:
    """So many of so many periods."""

    count: int
    of: int


@dataclass(frozen=True)
class Target:
    """What a value is compared with.

    ``binding`` decides between met and breached; None where ``column`` names the register's column that holds the
    value for each subject. Below ``expected`` a value is no breach by itself, but the ``below_expected.count``-th time
    in ``below_expected.of`` periods.
    """

    text: str
    binding: Comparison | None
    column: str = ""
    operator: Operator = "="
    expected: Comparison | None = None
    below_expected: Often | None = None

    @property
    def kind(self) -> Kind | None:
        """The unit of the value; None where a register's column has it."""
        return self.binding.kind if self.binding else None

    def compared_with(self, value: Fraction, kind: Kind, text: str) -> Comparison:
        """The comparison for a subject whose column holds ``value``."""
        return Comparison(kind, (Bound(self.operator, value),), f"{self.operator} {text}")


def _comparison(value: object, inside: tuple[str, ...] = ()) -> Comparison:
    try:
        return Comparison.read(scalar_text(value, "a comparison"))
    except Unreadable as unreadable:
        raise refusal("not-a-comparison", str(unreadable), unreadable.help, inside=inside) from None


def _pair(value: Mapping[str, object]) -> Target:
    unknown = [key for key in value if key not in ("expected", "minimum", "below_expected")]
    if unknown or not {"expected", "minimum"} <= set(value):
        raise refusal(
            "target",
            f"no key '{unknown[0]}' in a target" if unknown else "a pair of levels has an expected and a minimum one",
            'write {expected: ">= 99.9%", minimum: ">= 99.5%", below_expected: 4 of 12}',
            inside=unknown[:1],
            at="key",
        )
    expected = _comparison(value["expected"], ("expected",))
    minimum = _comparison(value["minimum"], ("minimum",))
    if expected.kind != minimum.kind or None in (expected.lower_is_worse, minimum.lower_is_worse):
        raise refusal(
            "target", "the two levels do not bound one value from one side", 'such as ">= 99.9%" and ">= 99.5%"'
        )
    harder = expected.edges[0] > minimum.edges[0] if minimum.lower_is_worse else expected.edges[0] < minimum.edges[0]
    if expected.lower_is_worse != minimum.lower_is_worse or not harder:
        raise refusal("target", "the expected level is not harder to meet than the minimum", "", inside=["expected"])
    often = None
    if "below_expected" in value:
        found = _OFTEN.fullmatch(str(value["below_expected"]).strip())
        if not found or int(found[1]) > int(found[2]):
            raise refusal(
                "target",
                f"not so many of so many periods: '{value['below_expected']}'",
                "write 4 of 12",
                inside=["below_expected"],
            )
        often = Often(int(found[1]), int(found[2]))
    return Target(f"{minimum.text}, expected {expected.text}", minimum, expected=expected, below_expected=often)


def read(value: object) -> Target:
    """Raises PydanticCustomError."""
    match value:
        case Target():
            return value
        case Mapping():
            return _pair(value)
        case str() if found := _COLUMN.fullmatch(value.strip()):
            return replace(Target(value.strip(), None), column=found[2], operator=found[1])  # type: ignore[arg-type]
    comparison = _comparison(value)
    return Target(comparison.text, comparison)


TargetTerm = Annotated[
    Target,
    PlainValidator(read),
    shared(
        "Target",
        {
            "description": "A comparison in quotes, its value perhaps a register's column; or two levels.",
            "anyOf": [
                {"type": "string", "pattern": COMPARISON, "$comment": "a comparison"},
                {
                    "type": "object",
                    "properties": {
                        "expected": {
                            "type": "string",
                            "pattern": COMPARISON,
                            "$comment": "a comparison",
                            "description": "The level that is expected; a value below it is no breach by itself.",
                            "examples": [">= 99.95%"],
                        },
                        "minimum": {
                            "type": "string",
                            "pattern": COMPARISON,
                            "$comment": "a comparison",
                            "description": "The level below which a value is a breach.",
                            "examples": [">= 99.9%"],
                        },
                        "below_expected": {
                            "type": "string",
                            "pattern": r"^\s*[1-9][0-9]{0,2} of [1-9][0-9]{0,2}\s*$",
                            "description": "How often the expected level may be missed until that is a breach: the 4th "
                            "time in 12 periods is. By default any number of times.",
                            "examples": ["4 of 12"],
                        },
                    },
                    "required": ["expected", "minimum"],
                    "additionalProperties": False,
                },
            ],
            "examples": [">= 99.9%", "<= max_latency", {"expected": ">= 99.9%", "minimum": ">= 99.5%"}],
        },
    ),
]
