"""Conditions on records: equality, lists, ``not`` and comparisons per column; all must hold, ``any_of`` for or."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from slacheck.language.json_schema import shared
from slacheck.language.quantities import Comparison, Unreadable
from slacheck.language.terms import refusal

_STARTS_COMPARISON = re.compile(r"\s*(>=|<=|>|<|=)")

_WORD = {"type": ["string", "number", "boolean"]}
_VALUES = [_WORD, {"type": "array", "items": _WORD, "minItems": 1}]
_CELL: dict[str, Any] = {
    "$comment": "a value, a list of values, a comparison or {not: ...}",
    "description": 'A value, a list of values, a comparison such as ">= 0.5", or {not: ...}.',
    "anyOf": [
        *_VALUES,
        {
            "type": "object",
            "properties": {
                "not": {
                    "description": "The cell must be none of these, or must not satisfy the comparison.",
                    "examples": ["planned", ["4xx", "5xx"]],
                    "anyOf": _VALUES,
                }
            },
            "required": ["not"],
            "additionalProperties": False,
        },
    ],
}


@dataclass(frozen=True)
class Test:
    """One column's test: the cell is one of ``among``, or satisfies ``comparison``; ``negated`` turns it round."""

    __test__ = False

    column: str
    among: tuple[str, ...]
    comparison: Comparison | None
    negated: bool


@dataclass(frozen=True)
class Condition:
    """All ``tests`` must hold, one of ``any_of`` where there are alternatives, and none of ``none_of``."""

    tests: tuple[Test, ...]
    any_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions inside this one."""
        return self.any_of + self.none_of

    def columns(self) -> Iterator[str]:
        """The words used, in the order they stand."""
        for test in self.tests:
            yield test.column
            yield from test.comparison.columns if test.comparison else ()
        for alternative in self.parts:
            yield from alternative.columns()

    def of_word(self, cell: str) -> bool:
        """Whether it holds where every word it names is equal to ``cell``; it must compare nothing."""
        return (
            all((cell in test.among) != test.negated for test in self.tests)
            and (not self.any_of or any(each.of_word(cell) for each in self.any_of))
            and not any(each.of_word(cell) for each in self.none_of)
        )

    def equalled(self) -> Iterator[str]:
        """The words that are equal to one of some words, so that their cells are read as text."""
        for test in self.tests:
            if test.comparison is None:
                yield test.column
        for alternative in self.parts:
            yield from alternative.equalled()

    def compared(self) -> Iterator[str]:
        """The words that are compared with a value or scale one, so that their cells are read as numbers."""
        for test in self.tests:
            if test.comparison:
                yield test.column
                yield from test.comparison.columns
        for alternative in self.parts:
            yield from alternative.compared()


def _test(column: str, value: object, negated: bool = False) -> Test:
    match value:
        case str() if _STARTS_COMPARISON.match(value):
            try:
                return Test(column, (), Comparison.read(value, per_column=True), negated)
            except Unreadable as unreadable:
                raise refusal("not-a-comparison", str(unreadable), unreadable.help, inside=[column]) from None
        case "":
            raise refusal(
                "condition", "an empty cell equals nothing", "name the values that are meant", inside=[column]
            )
        case str():
            return Test(column, (value,), None, negated)
        case list() if value and all(isinstance(item, str) for item in value):
            for item in value:
                if _STARTS_COMPARISON.match(item):
                    raise refusal(
                        "condition",
                        f"'{item}' is a comparison in a list of values",
                        "write it alone, or as a condition of its own under any_of",
                        inside=[column, value.index(item)],
                    )
            return Test(column, tuple(value), None, negated)
        case dict() if set(value) == {"not"} and not negated:
            return _test(column, value["not"], negated=True)
    raise refusal(
        "condition",
        f"no condition on '{column}' can be read here",
        'write a value, a list of values, a comparison such as "> 2s", or {not: ...}',
        inside=[column],
    )


def read(value: object) -> Condition:
    """Raises PydanticCustomError."""
    if isinstance(value, Condition):
        return value
    if not isinstance(value, Mapping) or not value:
        raise refusal("wrong-shape", "a mapping of columns to values is wanted here", "write {column: [value, ...]}")
    tests = tuple(_test(column, test) for column, test in value.items() if column != "any_of")
    alternatives: tuple[Condition, ...] = ()
    if "any_of" in value:
        listed: Any = value["any_of"]
        if not isinstance(listed, list) or not listed:
            raise refusal("condition", "'any_of' wants a list of conditions", inside=["any_of"])
        alternatives = tuple(_alternative(index, item) for index, item in enumerate(listed))
    return Condition(tests, alternatives)


def _alternative(index: int, value: object) -> Condition:
    try:
        return read(value)
    except PydanticCustomError as refused:
        context = refused.context or {}
        inside = ["any_of", index, *context.get("inside", ())]
        raise refusal(refused.type, refused.message(), context.get("help", ""), inside=inside) from None


Where = Annotated[
    Condition,
    PlainValidator(read),
    shared(
        "Condition",
        {
            "type": "object",
            "$comment": "a condition",
            "description": "Which records: columns and what their cells must be. All must hold; any_of holds "
            "alternatives, of which one must.",
            "additionalProperties": _CELL,
            "properties": {
                "any_of": {
                    "description": "Conditions of which one must hold beside the others here.",
                    "examples": [[{"severity": ["hard-outage"]}, {"region": "eu"}]],
                    "type": "array",
                    "items": {"$shared": "Condition"},
                    "minItems": 1,
                }
            },
            "minProperties": 1,
            "examples": [{"severity": ["hard-outage"]}, {"status": {"not": ["4xx"]}}, {"severity": ">= 0.5"}],
        },
    ),
]
