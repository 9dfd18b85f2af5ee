"""Errors of the models, in our words and at the key or value that caused them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, RootModel, Tag, ValidationError
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from slacheck.language.places import problems_of
from slacheck.language.yaml_text import read
from slacheck.problems import Problem


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def percentage(written: object) -> object:
    if isinstance(written, str) and not written.endswith("%"):
        raise PydanticCustomError("no-percent", "'{text}' has no '%'", {"text": written, "help": f"write {written}%"})
    return written


def ordered(written: object) -> object:
    if isinstance(written, list) and written != sorted(written):
        raise PydanticCustomError(
            "order", "'{word}' stands out of order", {"word": written[-1], "inside": [len(written) - 1]}
        )
    return written


def lower_case(written: object) -> object:
    if isinstance(written, dict) and (wrong := [key for key in written if key != key.lower()]):
        raise PydanticCustomError(
            "case", "a name in capitals", {"at": "key", "inside": [wrong[0]], "help": "write it small"}
        )
    return written


def positive(written: str) -> str:
    if written.startswith("-"):
        raise ValueError("less than nothing")
    return written


class Availability(Strict):
    kind: Literal["availability"]
    source: str = Field(alias="from")
    excluding: Annotated[list[str], BeforeValidator(ordered)] = []


class ShareWithin(Strict):
    kind: Literal["share-within"]
    source: str = Field(alias="from")
    between: tuple[str, str] | None = None


class Bands(Strict):
    of: str
    bands: Annotated[dict[str, str], BeforeValidator(lower_case)]


class When(Strict):
    level: str
    breached: int = 1


class AnyOf(Strict):
    any_of: list[When]


Measure = TypeAliasType("Measure", Annotated[Availability | ShareWithin, Field(discriminator="kind")])


def shape(written: Any) -> str:
    return "many" if isinstance(written, dict) and "any_of" in written else "one"


Condition = Annotated[Annotated[When, Tag("one")] | Annotated[AnyOf, Tag("many")], Discriminator(shape)]


class Level(Strict):
    measure: Measure
    target: Annotated[str, BeforeValidator(percentage)] = Field(examples=[">= 99.9%"])
    role: Literal["sla", "kpi", "report"] = "sla"
    missing: Literal["bounds"] = "bounds"
    credit: Annotated[str, BeforeValidator(percentage)] | Bands | None = None
    by_class: dict[Literal["P1", "P2"], str] = Field(default_factory=dict, alias="by-class")
    floor: Annotated[str, BeforeValidator(lambda written: written)] | list[str] = ""


class Levels(RootModel[dict[str, Level]]):
    pass


class Agreement(Strict):
    identifier: str = Field(alias="id")
    service_levels: Levels = Levels({})
    rights: list[Condition] = []
    count: int = 0
    note: Annotated[str, BeforeValidator(lambda text: positive(text) if isinstance(text, str) else text)] = ""


def problems(text: str) -> list[Problem]:
    document = read(text, "a.yaml")
    with pytest.raises(ValidationError) as caught:
        Agreement.model_validate(document.data)
    return problems_of(caught.value, Agreement, document)


def level(*lines: str, measure: str = "{kind: availability, from: x}", target: str = '">= 99.9%"') -> str:
    head = ["id: x", "service_levels:", "  uptime:"]
    head += [f"    measure: {measure}"] if measure else []
    head += [f"    target: {target}"] if target else []
    return "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n"


CASES = [
    pytest.param(
        level("rol: kpi"),
        (6, 5, 3, "unknown-key", "unknown key 'rol' in service_levels.uptime", "did you mean 'role'?"),
        id="an unknown key is named with the nearest key",
    ),
    pytest.param(
        level("zzz: kpi"),
        (
            6,
            5,
            3,
            "unknown-key",
            "unknown key 'zzz' in service_levels.uptime",
            "keys here are: measure, target, role, missing, credit, by-class, floor",
        ),
        id="an unknown key like no other is answered with all keys",
    ),
    pytest.param(
        level("By_Class: {P1: x}"),
        (6, 5, 8, "unknown-key", "unknown key 'By_Class' in service_levels.uptime", "did you mean 'by-class'?"),
        id="case and dashes do not hide the key that was meant",
    ),
    pytest.param(
        "id: x\nidd: y\n",
        (2, 1, 3, "unknown-key", "unknown key 'idd' at the top level", "did you mean 'id'?"),
        id="the top level has no name",
    ),
    pytest.param(
        level(measure="{kind: availability, from: x, exclude: [a]}"),
        (
            4,
            44,
            7,
            "unknown-key",
            "unknown key 'exclude' in service_levels.uptime.measure",
            "did you mean 'excluding'?",
        ),
        id="only the keys of the kind that is written are offered",
    ),
    pytest.param(
        level(measure="{kind: share-within, from: x, excluding: [a]}"),
        (
            4,
            44,
            9,
            "unknown-key",
            "unknown key 'excluding' in service_levels.uptime.measure",
            "keys here are: kind, from, between",
        ),
        id="a key of another kind is not offered",
    ),
    pytest.param(
        "id: x\nrights:\n  - level: a\n  - any_of:\n      - {level: a}\n      - {levle: b}\n",
        (6, 10, 5, "unknown-key", "unknown key 'levle' in rights, item 2, any_of, item 2", "did you mean 'level'?"),
        id="items are counted from one and branches with a tag are followed",
    ),
    pytest.param(
        "id: x\nrights:\n  - {level: a, any_off: []}\n",
        (3, 16, 7, "unknown-key", "unknown key 'any_off' in rights, item 1", "keys here are: level, breached"),
        id="a branch chosen by a function offers its own keys",
    ),
    pytest.param(
        level(target=""),
        (3, 3, 6, "missing-key", "no 'target' in service_levels.uptime", 'for example target: ">= 99.9%"'),
        id="a missing key is reported at the key of its mapping",
    ),
    pytest.param(
        "count: 1\n",
        (1, 1, 5, "missing-key", "no 'id' at the top level", "add the key 'id'"),
        id="a missing key of the top level is reported at the first key",
    ),
    pytest.param(
        level(measure="{kind: availability}"),
        (4, 5, 7, "missing-key", "no 'from' in service_levels.uptime.measure", "add the key 'from'"),
        id="a missing key has the name that people write",
    ),
    pytest.param(
        level(measure="{kind: availabilty, from: x}"),
        (
            4,
            21,
            11,
            "unknown-kind",
            "unknown kind 'availabilty' in service_levels.uptime.measure",
            "did you mean 'availability'?",
        ),
        id="an unknown kind is named with the nearest kind",
    ),
    pytest.param(
        level(measure="{kind: zzz, from: x}"),
        (
            4,
            21,
            3,
            "unknown-kind",
            "unknown kind 'zzz' in service_levels.uptime.measure",
            "kind is one of: availability, share-within",
        ),
        id="an unknown kind like no other is answered with all kinds",
    ),
    pytest.param(
        level(measure="{kind: [availability], from: x}"),
        (4, 21, 14, "wrong-shape", "text is wanted here, not a list", ""),
        id="a kind that is a list is a wrong shape",
    ),
    pytest.param(
        level(measure="{from: x}"),
        (
            4,
            5,
            7,
            "missing-key",
            "no 'kind' in service_levels.uptime.measure",
            "it is one of: availability, share-within",
        ),
        id="a missing kind is answered with all kinds",
    ),
    pytest.param(
        level("role: kpl"),
        (6, 11, 3, "not-one-of", "'kpl' is not one of sla, kpi, report", "did you mean 'kpi'?"),
        id="a word that is not in the list is named with the nearest",
    ),
    pytest.param(
        level("missing: zzz"),
        (6, 14, 3, "not-one-of", "'zzz' is not bounds", ""),
        id="the only word is named",
    ),
    pytest.param(
        level("role: [kpi]"),
        (6, 11, 5, "wrong-shape", "one of sla, kpi, report is wanted here, not a list", ""),
        id="a list where a word is wanted is a wrong shape",
    ),
    pytest.param(
        level("by-class: {P1: a, P3: b}"),
        (6, 23, 2, "not-one-of", "'P3' is not one of P1, P2", ""),
        id="a key that is not in the list is reported at the key",
    ),
    pytest.param(
        level(measure="text"),
        (4, 14, 4, "wrong-shape", "a mapping is wanted here, not text", ""),
        id="text where a mapping is wanted",
    ),
    pytest.param(
        "id: x\nservice_levels:\n  a:1\n",
        (3, 3, 3, "wrong-shape", "a mapping is wanted here, not text", "write a blank after the ':': a: 1"),
        id="a key without its blank is recognised",
    ),
    pytest.param(
        "id: x\nservice_levels: {a: [b, c]}\n",
        (2, 21, 6, "wrong-shape", "a mapping is wanted here, not a list", ""),
        id="a list where a mapping is wanted, on one line, is reported at the list",
    ),
    pytest.param(
        "id: {a: b}\n",
        (1, 5, 6, "wrong-shape", "text is wanted here, not a mapping", ""),
        id="a mapping where text is wanted",
    ),
    pytest.param(
        "id: x\nrights: {a: b}\n",
        (2, 9, 6, "wrong-shape", "a list is wanted here, not a mapping", ""),
        id="a mapping where a list is wanted",
    ),
    pytest.param(
        level(measure="{kind: share-within, from: x, between: opened}"),
        (4, 53, 6, "wrong-shape", "a list is wanted here, not text", ""),
        id="text where two names are wanted",
    ),
    pytest.param(
        "id:\n",
        (1, 1, 2, "wrong-shape", "nothing stands here; text is wanted", ""),
        id="nothing where text is wanted is reported at the key",
    ),
    pytest.param(
        "id: #12\n",
        (
            1,
            1,
            2,
            "wrong-shape",
            "nothing stands here; text is wanted",
            "what follows '#' is a comment; put the value in quotes if the sign belongs to it",
        ),
        id="a value that became a comment is explained",
    ),
    pytest.param(
        level(target="99.9"),
        (5, 13, 4, "no-percent", "'99.9' has no '%'", "write 99.9%"),
        id="our own errors keep code, message and help",
    ),
    pytest.param(
        level("credit: 10"),
        (6, 13, 2, "no-percent", "'10' has no '%'", "write 10%"),
        id="a bare number is called a missing percent sign, never a wrong mapping",
    ),
    pytest.param(
        level("credit: {bands: {a: b}}"),
        (6, 5, 6, "missing-key", "no 'of' in service_levels.uptime.credit", "add the key 'of'"),
        id="a mapping is read as a mapping, never called a wrong text",
    ),
    pytest.param(
        level("credit: [a]"),
        (6, 13, 3, "wrong-shape", "a mapping or text is wanted here, not a list", ""),
        id="where neither shape stands both are named, once",
    ),
    pytest.param(
        level("floor: {a: b}"),
        (6, 12, 6, "wrong-shape", "a list or text is wanted here, not a mapping", ""),
        id="a list or text is wanted",
    ),
    pytest.param(
        level(measure="{kind: availability, from: x, excluding: [b, a]}"),
        (4, 59, 1, "order", "'a' stands out of order", ""),
        id="our own errors may point inside the value",
    ),
    pytest.param(
        level("credit: {of: x, bands: {a: b, Cd: e}}"),
        (6, 35, 2, "case", "a name in capitals", "write it small"),
        id="our own errors may point at a key",
    ),
    pytest.param(
        "id: x\ncount: many\n",
        (
            2,
            8,
            4,
            "int-parsing",
            "this should be a valid integer, unable to parse string as an integer",
            "",
        ),
        id="other errors keep the words of pydantic",
    ),
    pytest.param(
        "id: x\nnote: -5\n",
        (2, 7, 2, "value-error", "less than nothing", ""),
        id="a plain error of a validator keeps its own words",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_error_is_told_in_our_words_at_its_place(text: str, expected: tuple[int, int, int, str, str, str]) -> None:
    (found,) = problems(text)
    assert (found.line, found.column, found.width, found.code, found.message, found.help) == expected
    assert (found.path, found.excerpt) == ("a.yaml", text.split("\n")[found.line - 1])


def test_a_mistyped_key_is_not_reported_as_missing_too() -> None:
    (found,) = problems(level("taget: 1%", target=""))
    assert (found.message, found.help) == ("unknown key 'taget' in service_levels.uptime", "did you mean 'target'?")


def test_problems_come_in_the_order_of_the_text_and_each_once() -> None:
    text = "rights: [{level: &l [a]}, {level: *l}]\nservice_levels:\n  a: {measure: {kind: x}, rol: kpi}\nzzz: 1\n"
    assert [(p.line, p.column, p.code) for p in problems(text)] == [
        (1, 1, "missing-key"),
        (1, 18, "wrong-shape"),
        (3, 3, "missing-key"),
        (3, 23, "unknown-kind"),
        (3, 27, "unknown-key"),
        (4, 1, "unknown-key"),
    ]
