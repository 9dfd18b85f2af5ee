"""The JSON Schema of agreement files, and of the files beside them, as editors use them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.amendments import AMENDMENTS, FIXED, Amendment
from slacheck.agreement.level import OF_CLASS
from slacheck.claims_made import ClaimsMade
from slacheck.corrections import Corrections
from slacheck.language.json_schema import DEFS, Schema, for_editors, schema_of

_AMENDED = "Amended"
_ROW, _MEASURE, _CREDIT = "Row", "OfAnyMeasure", "OfAnyCredit"
# What holds of a whole mapping, and not of the keys of it that change.
_OF_THE_WHOLE = ("required", "default", "minProperties", "if", "then", "else")


def agreement_schema() -> Schema:
    """JSON Schema, draft 2020-12. Scalars may be written with or without quotes."""
    found = schema_of(Agreement)
    own = schema_of(Amendment)
    found["$defs"]["Amendment"] = own
    shown = for_editors(found, "slacheck agreement")
    defs: Schema = shown["$defs"]
    _write_levels(defs)
    amended = _Amended(defs)
    changes = {key: value for key, value in shown["properties"].items() if key not in FIXED}
    own = defs.pop("Amendment")
    item = amended.keys({"type": "object", "additionalProperties": False, "properties": changes})
    item["properties"] = own["properties"] | {
        key: value for key, value in item["properties"].items() if key not in own["properties"]
    }
    item |= {"required": own["required"], "description": own["description"]}
    amended.follow()
    shown["properties"][AMENDMENTS] = {
        "title": AMENDMENTS,
        "type": "array",
        "items": item,
        "description": "Keys that are others from a date on: what changes, as it stands in the agreement, and null for "
        "what goes.",
        "examples": [[{"effective": "2027-04-01", "fees": {"monthly": "13000.00"}}]],
    }
    return {**shown, "$defs": {**defs, **amended.defs}}


def corrections_schema() -> Schema:
    """Of a file of corrections."""
    return for_editors(schema_of(Corrections), "slacheck corrections")


def claims_schema() -> Schema:
    """Of a file of claims that were made."""
    return for_editors(schema_of(ClaimsMade), "slacheck claims")


FILES: Final[Mapping[str, Callable[[], Schema]]] = {
    "agreement": agreement_schema,
    "corrections": corrections_schema,
    "claims": claims_schema,
}
"""The schema of each file that people write."""


def _write_levels(defs: Schema) -> None:
    """Levels as people write them: the keys of the promise beside those of the level, and what a row of classes says.

    Where there are classes these may say the rest of a measure or a credit; else it stands there as a whole.
    """
    level, promise = defs["Level"], defs.pop("Promise")
    keys = {key: value for key, value in promise["properties"].items() if key != OF_CLASS}
    del level["properties"]["promises"]
    strict = {key: {"oneOf": keys[key]["oneOf"]} for key in ("measure", "credit")}
    of_any = {key: {"$ref": DEFS + name} for key, name in (("measure", _MEASURE), ("credit", _CREDIT))}
    defs[_MEASURE] = _of_any(strict["measure"], defs, "Keys of a measure of any kind; the rest stands elsewhere.")
    defs[_CREDIT] = _of_any(strict["credit"], defs, "Keys of a credit of any kind; the rest stands elsewhere.")
    whole = {
        key: {"type": "object", **{word: value for word, value in keys[key].items() if word != "oneOf"}}
        for key in ("measure", "credit")
    }
    rows = {key: {**whole[key], **of_any[key]} for key in ("measure", "credit")}
    defs[_ROW] = {
        "title": "class",
        "type": "object",
        "description": "What differs for this class: any key of the measure, target, credit, where, clause.",
        "additionalProperties": False,
        "properties": {**defs[_MEASURE]["properties"], **keys, **rows},
    }
    level["properties"]["classes"] |= {"type": "object", "additionalProperties": {"$ref": DEFS + _ROW}}
    level["properties"] |= keys | whole
    del level["required"]
    level["if"] = {"type": "object", "required": ["classes"]}
    level["then"] = {"type": "object", "properties": of_any}
    level["else"] = {"type": "object", "required": ["measure", "target"], "properties": strict}


def _of_any(kinds: Schema, defs: Schema, description: str) -> Schema:
    """A mapping with any key of any kind, and none that must be there."""
    found: dict[str, list[Schema]] = {}
    for kind in kinds["oneOf"]:
        for key, value in defs[kind["$ref"].removeprefix(DEFS)]["properties"].items():
            if value not in found.setdefault(key, []):
                found[key].append(value)
    keys = {key: values[0] if len(values) == 1 else _either(key, values) for key, values in found.items()}
    return {"type": "object", "description": description, "additionalProperties": False, "properties": keys}


def _either(key: str, values: list[Schema]) -> Schema:
    """A key that is not the same in every kind."""
    if all("const" in value for value in values):
        words = [value["const"] for value in values]
        return {"title": key, "description": f"The {key}.", "enum": words, "examples": words}
    said = dict.fromkeys(value["description"] for value in values)
    examples = [shown for value in values for shown in value["examples"]]
    choices: list[Schema] = [
        {word: each for word, each in value.items() if word not in ("title", "description", "examples", "default")}
        for value in values
    ]
    different = [choice for index, choice in enumerate(choices) if choice not in choices[:index]]
    shape: Schema = different[0] if len(different) == 1 else {"anyOf": different}
    shown: Schema = {"title": key, "description": " Or: ".join(said), "examples": examples}
    return shown | shape


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
        if "then" in schema and "properties" in schema["then"]:
            found["properties"] = {
                **found["properties"],
                **_narrowed(found["properties"], schema["then"]["properties"]),
            }
        if "properties" in found:
            found["properties"] = {key: self._or_null(value) for key, value in found["properties"].items()}
        if isinstance(found.get("additionalProperties"), dict):
            found["additionalProperties"] = self._or_null(found["additionalProperties"])
        # Without the key that tells them apart a mapping may be of several kinds.
        choices = [self.keys(choice) for key in ("anyOf", "oneOf") for choice in found.pop(key, ())]
        if choices:
            found["anyOf"] = choices
        if "$ref" in found:
            name = found["$ref"].removeprefix(DEFS)
            self._wanted.append(name)
            found["$ref"] = f"{DEFS}{_AMENDED}{name}"
        return found

    def _or_null(self, schema: Schema) -> Schema:
        found = self.keys(schema)
        said: Schema = {key: found.pop(key) for key in ("title", "description", "examples") if key in found}
        choices = found["anyOf"] if set(found) == {"anyOf"} else [found]
        return {**said, "anyOf": [*choices, {"type": "null"}]}

    def follow(self) -> None:
        """Add every schema that the others refer to."""
        while self._wanted:
            name = self._wanted.pop()
            if f"{_AMENDED}{name}" not in self.defs:
                self.defs[f"{_AMENDED}{name}"] = {}
                self.defs[f"{_AMENDED}{name}"] = self.keys(self._whole[name])


def _narrowed(keys: Schema, by: Schema) -> Schema:
    """The keys that a condition says more of, with what it says."""
    return {key: {**keys[key], **more} for key, more in by.items() if key in keys}
