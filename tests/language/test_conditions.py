"""Conditions say which records are meant; what could be read two ways is refused at its own key."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from slacheck.language.conditions import Condition, Test, Where, read
from slacheck.language.json_schema import for_editors
from slacheck.language.quantities import Comparison


def refused(value: object) -> tuple[str, str, list[str | int]]:
    """Code, message, and the steps to the part that is meant."""
    with pytest.raises(PydanticCustomError) as error:
        read(value)
    context = error.value.context
    assert context is not None
    return error.value.type, error.value.message(), context["inside"]


def test_a_value_a_list_a_comparison_and_their_opposites_are_read() -> None:
    compared = Comparison.read(">= 0.5")
    assert read({"a": "x", "b": ["x", "y"], "c": ">= 0.5", "d": {"not": "x"}, "e": {"not": ">= 0.5"}}).tests == (
        Test("a", ("x",), None, negated=False),
        Test("b", ("x", "y"), None, negated=False),
        Test("c", (), compared, negated=False),
        Test("d", ("x",), None, negated=True),
        Test("e", (), compared, negated=True),
    )


def test_alternatives_stand_beside_tests_and_their_columns_are_used() -> None:
    found = read({"state": "open", "any_of": [{"severity": "> 3"}, {"kind": ["a", "b"], "any_of": [{"age": "< 5"}]}]})
    assert len(found.any_of) == 2
    assert list(found.columns()) == ["state", "severity", "kind", "age"]
    assert list(found.compared()) == ["severity", "age"]


def test_a_condition_that_was_read_is_read_again_as_itself() -> None:
    condition = read({"a": "x"})
    assert read(condition) is condition
    assert isinstance(condition, Condition)


@pytest.mark.parametrize(
    ("value", "code", "message", "inside"),
    [
        ("open", "wrong-shape", "a mapping of columns to values is wanted here", []),
        ({}, "wrong-shape", "a mapping of columns to values is wanted here", []),
        ({"a": None}, "condition", "no condition on 'a' can be read here", ["a"]),
        ({"a": []}, "condition", "no condition on 'a' can be read here", ["a"]),
        ({"a": {"is": "x"}}, "condition", "no condition on 'a' can be read here", ["a"]),
        ({"a": {"not": {"not": "x"}}}, "condition", "no condition on 'a' can be read here", ["a"]),
        ({"a": ">= 99,5"}, "not-a-comparison", "not a comparison: '>= 99,5'", ["a"]),
        ({"a": ["x", ">= 5"]}, "condition", "'>= 5' is a comparison in a list of values", ["a", 1]),
        ({"any_of": "x"}, "condition", "'any_of' wants a list of conditions", ["any_of"]),
        ({"any_of": []}, "condition", "'any_of' wants a list of conditions", ["any_of"]),
        (
            {"any_of": [{"a": "x"}, {"b": ">> 5"}]},
            "not-a-comparison",
            "not a value: '> 5'",
            ["any_of", 1, "b"],
        ),
        (
            {"any_of": [{"any_of": [{"a": ["> 1"]}]}]},
            "condition",
            "'> 1' is a comparison in a list of values",
            ["any_of", 0, "any_of", 0, "a", 0],
        ),
    ],
)
def test_what_is_no_condition_is_refused_at_the_part_that_is_meant(
    value: object, code: str, message: str, inside: list[str | int]
) -> None:
    assert refused(value) == (code, message, inside)


def test_the_examples_that_editors_show_are_read() -> None:
    whole = for_editors({"properties": {"where": TypeAdapter(Where).json_schema()}}, "conditions")
    schema = whole["$defs"]["Condition"]
    assert schema["examples"]
    for example in schema["examples"]:
        read(example)
