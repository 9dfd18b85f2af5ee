"""The JSON Schema of agreements is one that editors can use, and knows all that the examples write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.loading import load
from slacheck.agreement.schema import FILES as SCHEMAS
from slacheck.agreement.schema import agreement_schema
from slacheck.problems import SlacheckError
from tests.fenced import fenced

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for path in ROOT.glob("examples/*/*.yaml") if "slacheck:" in path.read_text("utf-8"))
EXAMPLES += sorted(ROOT.glob("src/slacheck/starting/templates/*/agreement.yaml"))
CASES = sorted(path for path in ROOT.glob("tests/cases/**/*.yaml") if "slacheck:" in path.read_text("utf-8"))
TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
SCHEMA = agreement_schema()
FILES = {name: schema() for name, schema in SCHEMAS.items()}


class _Core(yaml.SafeLoader):
    """YAML as editors read it: the core schema, in which dates and the word on are text."""


_Core.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag.rsplit(":", 1)[1] not in ("timestamp", "bool")]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def written(text: str) -> Any:
    return yaml.load(text, _Core)  # noqa: S506 - it is a safe loader


def schemas(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself first."""
    yield part
    for key in ("properties", "$defs"):
        for inner in part.get(key, {}).values():
            yield from schemas(inner)
    for key in ("items", "additionalProperties", "not", "if", "then", "else"):
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
    if "$ref" in part and not accepts(resolved(part), value):
        return False
    if "not" in part and accepts(part["not"], value):
        return False
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
    if "if" in part and not accepts(part.get("then" if accepts(part["if"], value) else "else", {}), value):
        return False
    if "propertyNames" in part and not all(re.search(part["propertyNames"]["pattern"], key) for key in value):
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
        if "enum" in part:
            assert part["enum"]
        if "pattern" in part:
            re.compile(part["pattern"])
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
    assert seen > 100


def keys(part: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key at every depth with what is said of it; conditions only narrow what is said elsewhere."""
    for key, inner in part.get("properties", {}).items():
        yield f"{path}.{key}", inner
        yield from keys(inner, f"{path}.{key}")
    for word in ("items", "additionalProperties"):
        if isinstance(part.get(word), dict):
            yield from keys(part[word], path)
    for word in ("anyOf", "oneOf"):
        for inner in part.get(word, ()):
            yield from keys(inner, path)
    for name, inner in part.get("$defs", {}).items():
        yield from keys(inner, name)


@pytest.mark.parametrize("file", FILES)
def test_every_key_has_a_title_a_description_and_an_example(file: str) -> None:
    bare = [path for path, part in keys(FILES[file]) if not (part.get("title") and part.get("examples"))]
    assert bare == []
    sentences = {path: part.get("description", "") for path, part in keys(FILES[file])}
    assert [path for path, said in sentences.items() if not said.endswith(".") or "``" in said] == []
    assert len(sentences) > {"agreement": 700, "corrections": 10, "claims": 5}[file]


@pytest.mark.parametrize("file", FILES)
def test_the_examples_inside_the_schema_satisfy_their_own_schema(file: str) -> None:
    schema = FILES[file]
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    validator.check_schema(schema)
    for path, part in keys(schema):
        whole = validator({**part, "$defs": schema["$defs"]})
        for shown in part["examples"]:
            assert [error.message for error in whole.iter_errors(shown)] == [], f"{path}: {shown}"


@pytest.mark.parametrize("file", FILES)
def test_no_mapping_takes_a_key_that_nobody_knows(file: str) -> None:
    narrowing = [inner for part in schemas(FILES[file]) for word in ("if", "then", "else") if (inner := part.get(word))]
    mappings = [part for part in schemas(FILES[file]) if "properties" in part and part not in narrowing]
    assert [part["properties"].keys() for part in mappings if "additionalProperties" not in part] == []
    assert mappings


def test_the_default_of_one_key_is_not_that_of_another() -> None:
    """Both are plain text; one of them has a default."""
    defs = SCHEMA["$defs"]
    assert defs["ValueStatistic"]["properties"]["value"]["default"] == "value"
    assert "default" not in defs["RegisterFee"]["properties"]["column"]
    assert agreement_schema() == SCHEMA


def test_every_key_of_an_agreement_is_in_the_schema() -> None:
    assert set(SCHEMA["properties"]) == set(Agreement.WRITTEN)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_examples_satisfy_the_schema(path: Path) -> None:
    assert accepts(SCHEMA, written(path.read_text("utf-8")))


def agreements() -> Iterator[tuple[str, str]]:
    """Every agreement of the examples, the cases and the documentation."""
    for path in EXAMPLES + CASES:
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")
    for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]:
        for number, block in enumerate(fenced(page.read_text("utf-8"), "yaml")):
            if block.startswith("slacheck:"):
                yield f"{page.relative_to(ROOT)} {number}", block


def test_whatever_slacheck_accepts_the_schema_accepts(tmp_path: Path) -> None:
    validator = pytest.importorskip("jsonschema").Draft202012Validator(SCHEMA)
    tried = 0
    for name, text in agreements():
        try:
            if name.startswith(("examples", "tests")):
                load(ROOT / name)
            else:
                (tmp_path / "agreement.yaml").write_text(text, encoding="utf-8")
                load(tmp_path / "agreement.yaml")
        except SlacheckError:
            continue
        tried += 1
        found = [
            f"{'.'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(written(text))
        ]
        assert found == [], name
    assert tried > 100


@pytest.mark.parametrize(("file", "key"), [("corrections", "corrections"), ("claims", "claims")])
def test_the_files_beside_agreements_satisfy_theirs(file: str, key: str) -> None:
    validator = pytest.importorskip("jsonschema").Draft202012Validator(FILES[file])
    found = [path for path in ROOT.glob("**/*.yaml") if path.read_text("utf-8").startswith(f"{key}:")]
    assert found
    for path in found:
        validator.validate(written(path.read_text("utf-8")))
    with pytest.raises(Exception, match="wrong"):
        validator.validate({key: [], "wrong": 1})


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
