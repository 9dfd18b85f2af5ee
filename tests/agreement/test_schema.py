"""The JSON Schema of agreements is one that editors can use, and knows all that the examples write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.schema import agreement_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/agreement.yaml"))
TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
SCHEMA = agreement_schema()


class _Core(yaml.SafeLoader):
    """YAML as editors read it: the core schema, in which a date is text."""


_Core.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def written(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Core)  # noqa: S506 - it is a safe loader


def schemas(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself first."""
    yield part
    for key in ("properties", "$defs"):
        for inner in part.get(key, {}).values():
            yield from schemas(inner)
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            yield from schemas(part[key])
    for key in ("anyOf", "oneOf", "allOf"):
        for inner in part.get(key, ()):
            yield from schemas(inner)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        found: dict[str, Any] = SCHEMA["$defs"][part["$ref"].removeprefix("#/$defs/")]
        return found
    return part


def kind_of(value: Any) -> set[str]:
    """The JSON types that a value has."""
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int):
        return {"integer", "number"}
    names = {float: "number", str: "string", dict: "object", list: "array", type(None): "null"}
    return {names[type(value)]}


def accepts(part: dict[str, Any], value: Any) -> bool:
    """Whether a value satisfies a schema, as far as agreements use the words of JSON Schema."""
    part = resolved(part)
    choices = [choice for key in ("anyOf", "oneOf") for choice in part.get(key, ())]
    if choices and not any(accepts(choice, value) for choice in choices):
        return False
    if "const" in part and value != part["const"]:
        return False
    if "enum" in part and value not in part["enum"]:
        return False
    wanted = part.get("type", sorted(TYPES))
    if not kind_of(value) & set([wanted] if isinstance(wanted, str) else wanted):
        return False
    if isinstance(value, dict):
        return _keys_accepted(part, value)
    if isinstance(value, list):
        return all(accepts(part.get("items", {}), item) for item in value)
    return not (isinstance(value, str) and "pattern" in part and not re.search(part["pattern"], value))


def _keys_accepted(part: dict[str, Any], value: dict[str, Any]) -> bool:
    known = part.get("properties", {})
    others = part.get("additionalProperties", True)
    if not set(part.get("required", ())) <= set(value):
        return False
    if "if" in part and not accepts(part["then" if accepts(part["if"], value) else "else"], value):
        return False
    for key, inner in value.items():
        if key in known:
            if not accepts(known[key], inner):
                return False
        elif others is False or (isinstance(others, dict) and not accepts(others, inner)):
            return False
    return True


def test_the_schema_is_json_and_names_its_draft() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["type"] == "object"
    assert SCHEMA["additionalProperties"] is False


def test_every_word_of_the_schema_has_the_form_that_the_draft_asks_for() -> None:
    seen = 0
    for part in schemas(SCHEMA):
        seen += 1
        types = part.get("type", "string")
        assert set([types] if isinstance(types, str) else types) <= TYPES
        assert isinstance(part.get("examples", []), list)
        assert isinstance(part.get("description", ""), str)
        assert isinstance(part.get("required", []), list)
        assert set(part.get("required", ())) <= set(part.get("properties", part.get("required", ())))
        if "enum" in part:
            assert part["enum"]
        if "pattern" in part:
            re.compile(part["pattern"])
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
    assert seen > 100


def test_the_examples_inside_the_schema_satisfy_their_own_schema() -> None:
    for part in schemas(SCHEMA):
        for shown in part.get("examples", ()):
            assert accepts({key: value for key, value in part.items() if key != "examples"}, shown), shown


def test_every_key_of_an_agreement_is_in_the_schema() -> None:
    assert set(SCHEMA["properties"]) == set(Agreement.WRITTEN)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.parent.name))
def test_the_examples_satisfy_the_schema(path: Path) -> None:
    assert accepts(SCHEMA, written(path))
    if find_spec("jsonschema"):
        import jsonschema  # type: ignore[import-not-found, import-untyped, unused-ignore]

        jsonschema.Draft202012Validator(SCHEMA).validate(written(path))


def test_there_are_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        (("slacheck",), 1),
        (("slacheck",), "1"),
        (("title",), 2026),
        (("fees", "monthly"), 12000.00),
        (("fees", "monthly"), "12000.00"),
        (("effective",), "2026-01-01"),
        (("settlement", "cap"), "20% of monthly"),
        (("settlement", "cap"), ["20% of monthly", "100.00"]),
        (("rights", "leave", "when", "breached"), 3),
        (("sources", "probes", "states", "up"), [True, 1, "ok"]),
        (("sources", "probes", "where"), {"live": True, "load": [1, 2], "kind": {"not": 3}}),
        (("sources", "probes", "nulls"), [-1]),
        (("period",), "month"),
        (("period",), {"every": "month", "anchor": "2026-01-15"}),
        (("service_levels", "uptime", "credit", "bands", "else"), 0),
        (("service_levels", "uptime", "per"), {"host": ["a", "b"]}),
        (("sources", "probes"), {"path": "up.json", "format": "prometheus", "hold": "2m"}),
    ],
)
def test_what_may_be_written_without_quotes_is_accepted_by_the_schema(steps: tuple[str, ...], value: Any) -> None:
    agreement = _minimal()
    part = agreement
    for step in steps[:-1]:
        part = part.setdefault(step, {})
    part[steps[-1]] = value
    assert accepts(SCHEMA, agreement)


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        (("taget",), "x"),
        (("slacheck",), 2),
        (("service_levels", "uptime", "target"), 99.9),
        (("fees", "monthly"), ["12000.00"]),
        (("effective",), "01.01.2026"),
        (("service_levels", "uptime", "credit", "kind"), "bonus"),
        (("sources", "probes"), {"path": "up.json", "format": "json", "hold": "2m"}),
        (("sources", "probes"), {"format": "prometheus"}),
    ],
)
def test_what_cannot_be_written_is_refused_by_the_schema(steps: tuple[str, ...], value: Any) -> None:
    agreement = _minimal()
    assert accepts(SCHEMA, agreement)
    part = agreement
    for step in steps[:-1]:
        part = part.setdefault(step, {})
    part[steps[-1]] = value
    assert not accepts(SCHEMA, agreement)


def _minimal() -> dict[str, Any]:
    return {
        "slacheck": 1,
        "id": "a",
        "provider": "P",
        "customer": "C",
        "timezone": "UTC",
        "fees": {"monthly": 1},
        "sources": {
            "probes": {
                "path": "p.csv",
                "shape": "samples",
                "columns": {"at": "t", "state": "s"},
                "states": {"up": ["u"]},
            }
        },
        "service_levels": {
            "uptime": {
                "measure": {"kind": "availability", "from": "probes"},
                "target": ">= 99.9%",
                "credit": {"kind": "bands", "of": "monthly", "bands": {"< 99.9%": "10%"}},
            }
        },
        "rights": {"leave": {"when": {"level": "uptime", "breached": 3}}},
    }
