"""What editors show as examples is read by the keys they are of, and their patterns refuse nothing that is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.amendments import Amendment
from slacheck.agreement.classes import written_out
from slacheck.claims_made import ClaimsMade
from slacheck.corrections import Corrections
from slacheck.language import scalars
from slacheck.language.terms import Terms
from slacheck.language.written import flow
from slacheck.language.yaml_text import read


def inside(annotation: Any) -> Iterator[type[Terms]]:
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Terms):
        yield annotation
    for part in get_args(annotation):
        yield from inside(part)


def models() -> list[type[Terms]]:
    """Every model of the language."""
    known: list[type[Terms]] = [Agreement, Amendment, Corrections, ClaimsMade]
    for model in known:
        model.model_rebuild()
        for field in model.model_fields.values():
            known += [found for found in dict.fromkeys(inside(field.annotation)) if found not in known]
    return known


KEYS = [
    pytest.param(model, name, id=f"{model.__name__}.{name}")
    for model in models()
    for name, field in model.model_fields.items()
    if field.examples
]


LEVEL = (
    "{{measure: {{kind: share-within, from: tickets, between: [opened, resolved]}}, target: '>= 95%', by: priority, "
    "classes: {}}}"
)


@pytest.mark.parametrize(("model", "name"), KEYS)
def test_every_example_is_read_by_its_key(model: type[Terms], name: str) -> None:
    field = model.model_fields[name]
    kind: Any = field.annotation
    for each in field.metadata:
        kind = Annotated[kind, each]
    reads = TypeAdapter(kind)
    for shown in field.examples or ():
        text = f"{name}: {flow(shown)}\n"
        if name == "classes":
            # Rows say what differs from their level.
            text = f"service_levels: {{response: {LEVEL.format(flow(shown))}}}\n"
            kind, name = Agreement.model_fields["service_levels"].annotation, "service_levels"
            reads = TypeAdapter(kind)
        reads.validate_python(written_out(read(text, "example.yaml")).data[name])


def test_there_are_keys() -> None:
    assert len(KEYS) > 230
    assert len(models()) > 55


PATTERNED = {
    name: TypeAdapter(getattr(scalars, name))
    for name in ("Name", "Whole", "Length", "Civil", "Interval", "Percentage", "Amount", "Day", "Compared")
}
PIECES = st.lists(
    st.sampled_from(
        [
            *"0123456789.,%<>=+-a_ \t",
            *("ms", "s", "m", "h", "d", "day", "days", "working days", "month", "2026-01-31"),
            "1 ",
        ]
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("name", PATTERNED)
@settings(max_examples=400, deadline=None)
@given(text=PIECES)
def test_no_pattern_refuses_what_is_read(name: str, text: str) -> None:
    pattern = PATTERNED[name].json_schema()["pattern"]
    try:
        PATTERNED[name].validate_python(text)
    except ValidationError:
        return
    assert re.search(pattern, text)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("Length", ["90s", "7m29s", " 4h "], ["5", "5 m", "1 day", "m"]),
        ("Civil", ["30 days", "2 working days", "1 year"], ["30d", "days"]),
        ("Interval", ["5m", "1 day"], ["2 days", "5"]),
        ("Percentage", ["99.9%", "99.9 %"], ["99.9", "%"]),
        ("Amount", ["12000.00", "5"], ["EUR 5", "1,000"]),
        ("Day", ["2026-01-31"], ["31.01.2026"]),
        ("Compared", [">= 99.9%", ">= 98%, < 99%"], ["99.9%", ">= ", ">= 1, < 2, > 3"]),
        ("Name", ["monthly"], ["1st", "a b"]),
        ("Whole", ["3"], ["3.5", "-1"]),
    ],
)
def test_patterns_tell_what_is_none(name: str, good: list[str], bad: list[str]) -> None:
    pattern = PATTERNED[name].json_schema()["pattern"]
    assert [text for text in good if not re.search(pattern, text)] == []
    assert [text for text in bad if re.search(pattern, text)] == []
