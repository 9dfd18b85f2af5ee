"""What pydantic says of the models of the language, as a JSON Schema that editors can use.

Every key has a title, a description and examples there. What pydantic writes for its own sake goes: the null of a key
that may be left out (nobody can write it), defaults that are mappings, and words that JSON Schema does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

Schema = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
DEFS: Final = "#/$defs/"
_NULL: Final = {"type": "null"}
# What a key says of itself, so that the scalar behind it need not say it too.
_SAID: Final = ("description", "examples")
_WORDS: Final = re.compile("(?<=[a-z])(?=[A-Z])")
# Bounds that pydantic names in its own way where text is read as a number.
_OURS: Final = {"ge": "minimum", "le": "maximum"}
_SHARED: Final = "$shared"
_known: dict[str, Schema] = {}


def shared(name: str, schema: Schema) -> WithJsonSchema:
    """The schema of a type that many keys have: it stands once, and ``name`` is what it is found by.

    A schema may say ``{"$shared": name}`` of itself.
    """
    _known[name] = schema
    return WithJsonSchema({_SHARED: name})


class _AsWritten(GenerateJsonSchema):
    """Keys stay in the order in which models and examples have them."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        """A copy, since older releases of pydantic write the default of one key into the type that others have too."""
        return dict(super().generate_inner(schema))


def schema_of(model: type[BaseModel]) -> Schema:
    """What pydantic says of a model, its keys as people write them and in the order of the model."""
    return model.model_json_schema(by_alias=True, schema_generator=_AsWritten)


def for_editors(schema: Schema, title: str) -> Schema:
    """The schema of a whole file, as pydantic made it."""
    defs = {name: _model(name, part) for name, part in schema.get("$defs", {}).items()}
    whole = _model("", {key: value for key, value in schema.items() if key != "$defs"})
    wanted = sorted(set(_shared([whole, *defs.values()])))
    while wanted:
        name = wanted.pop()
        defs[name] = _model(name, _known[name])
        wanted += [other for other in sorted(set(_shared([defs[name]]))) if other not in defs]
    return {"$schema": DRAFT, "title": title, **whole, "$defs": defs}


def first_paragraph(text: str) -> str:
    """The first paragraph of a docstring in one line, names in single quotes."""
    return " ".join(text.strip().split("\n\n", 1)[0].split()).replace("``", "'")


def _model(name: str, part: Schema) -> Schema:
    found = _tidy(part)
    for value in found.get("properties", {}).values():
        if "const" in value:
            said = found.get("description", "")
            value.setdefault("description", f"{value['const']}: {said[:1].lower()}{said[1:]}")
    return {**found, "title": _WORDS.sub(" ", name).lower()} if name else found


def _shared(parts: Any) -> Iterator[str]:
    """The names of the schemas that stand elsewhere."""
    if isinstance(parts, dict):
        if (name := str(parts.get("$ref", "")).removeprefix(DEFS)) in _known:
            yield name
        parts = list(parts.values())
    if isinstance(parts, list):
        for part in parts:
            yield from _shared(part)


def _tidy(part: Schema) -> Schema:
    if _SHARED in part:
        part = {"$ref": DEFS + part[_SHARED], **{key: value for key, value in part.items() if key != _SHARED}}
    found = {_OURS.get(key, key): value for key, value in part.items() if key not in ("title", "discriminator")}
    if isinstance(found.get("default"), dict) or found.get("default", ...) in (None, []):
        del found["default"]
    if "description" in found:
        found["description"] = first_paragraph(found["description"])
    if "properties" in found:
        found["properties"] = {key: _key(key, value) for key, value in found["properties"].items()}
    if "patternProperties" in found:
        # So that a name that is none is refused, and not taken for a key of which nothing is known.
        ((pattern, value),) = found.pop("patternProperties").items()
        found |= {"propertyNames": {"pattern": pattern}, "additionalProperties": value}
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = _tidy(found[key])
    for key in ("anyOf", "oneOf"):
        if key in found:
            found[key] = [_tidy(choice) for choice in found[key] if choice != _NULL]
            if len(found[key]) == 1:
                (only,) = found.pop(key)
                found = {**only, **found}
    return found


def _key(name: str, part: Schema) -> Schema:
    """The schema of one key. Where its values are a few words all of them are examples."""
    found = _tidy(part)
    for key in ("anyOf", "oneOf"):
        if key in found and "description" in found:
            found[key] = [_quiet(choice) for choice in found[key]]
    if "items" in found and "description" in found:
        found["items"] = _quiet(found["items"])
    words = [found["const"]] if "const" in found else found.get("enum", [])
    if words:
        found.setdefault("examples", words)
    return {"title": name, **found}


def _quiet(choice: Schema) -> Schema:
    if "properties" in choice:
        return choice
    found = {key: value for key, value in choice.items() if key not in _SAID}
    if isinstance(found.get("items"), dict):
        found["items"] = _quiet(found["items"])
    return found
