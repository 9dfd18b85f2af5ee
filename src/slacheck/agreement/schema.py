"""The JSON Schema of agreement files, as editors use it."""

from __future__ import annotations

from typing import Any

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.amendments import AMENDMENTS, FIXED, Amendment

Schema = dict[str, Any]

_DEFS = "#/$defs/"
_AMENDED = "Amended"
# What holds of a whole mapping, and not of the keys of it that change.
_OF_THE_WHOLE = ("required", "default", "discriminator", "minProperties", "if", "then", "else")


def agreement_schema() -> Schema:
    """JSON Schema, draft 2020-12. Scalars may be written with or without quotes."""
    found = Agreement.model_json_schema(by_alias=True)
    defs: Schema = found["$defs"]
    amended = _Amended(defs)
    own = Amendment.model_json_schema()
    changes = {key: value for key, value in found["properties"].items() if key not in FIXED}
    item = amended.keys({"type": "object", "additionalProperties": False, "properties": changes})
    item["properties"] |= own["properties"]
    item |= {"required": own["required"], "description": own["description"]}
    amended.follow()
    shown = {**found["properties"], AMENDMENTS: {"type": "array", "items": item}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "$defs": {**defs, **amended.defs},
        "properties": shown,
        "title": "slacheck agreement",
    }


class _Amended:
    """Schemas of what an amendment may write: any of the keys of a mapping, and null for one that goes.

    ``defs`` are those of ``$defs`` that it needs beside the others.
    """

    def __init__(self, defs: Schema) -> None:
        self.defs: Schema = {}
        self._whole = defs
        self._wanted: list[str] = []

    def keys(self, schema: Schema) -> Schema:
        """The same mapping with every key left out or null."""
        found = {key: value for key, value in schema.items() if key not in _OF_THE_WHOLE}
        if all(set(choice) == {"required"} for choice in found.get("anyOf", ())):
            found.pop("anyOf", None)
        if "properties" in found:
            found["properties"] = {key: self._or_null(value) for key, value in found["properties"].items()}
        if isinstance(found.get("additionalProperties"), dict):
            found["additionalProperties"] = self._or_null(found["additionalProperties"])
        # Without the key that tells them apart a mapping may be of several kinds.
        choices = [self.keys(choice) for key in ("anyOf", "oneOf") for choice in found.pop(key, ())]
        if choices:
            found["anyOf"] = choices
        if "$ref" in found:
            name = found["$ref"].removeprefix(_DEFS)
            self._wanted.append(name)
            found["$ref"] = f"{_DEFS}{_AMENDED}{name}"
        return found

    def _or_null(self, schema: Schema) -> Schema:
        found = self.keys(schema)
        choices = found.get("anyOf", ())
        if {"type": "null"} in choices:
            return found
        return (
            {"anyOf": [*choices, {"type": "null"}]} if set(found) == {"anyOf"} else {"anyOf": [found, {"type": "null"}]}
        )

    def follow(self) -> None:
        """Add every schema that the others refer to."""
        while self._wanted:
            name = self._wanted.pop()
            if f"{_AMENDED}{name}" not in self.defs:
                self.defs[f"{_AMENDED}{name}"] = {}
                self.defs[f"{_AMENDED}{name}"] = self.keys(self._whole[name])
