"""Every key of the language by its path, such as ``sources.columns``: what the JSON Schema says of it, for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from slacheck.agreement.amendments import AMENDMENTS, Amendment
from slacheck.agreement.schema import FILES
from slacheck.language.json_schema import DEFS, Schema
from slacheck.language.written import flow

# What many keys hold: told once, under a name of its own.
_APART: Final = {"Condition": "conditions", "Between": "between", "Week": "week"}
_TYPES: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping",
}


@dataclass(frozen=True)
class Key:
    """One key. ``default`` and ``examples`` are written as in an agreement; no default is the empty text.

    ``kind`` says in words what stands behind it, ``inside`` are the paths of the keys
    that stand in what it holds, one for each kind. ``form`` tells mappings apart that stand in one place.
    """

    path: tuple[str, ...]
    description: str
    kind: str
    needed: bool
    default: str
    examples: tuple[str, ...]
    inside: tuple[tuple[str, ...], ...] = ()
    form: str = ""

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def dotted(self) -> str:
        return ".".join(self.path)

    @property
    def part(self) -> tuple[str, ...]:
        """The path of what it is a key of."""
        return self.path[:-1]


@cache
def keys() -> tuple[Key, ...]:
    """Every key of agreements, and of the files of corrections and claims, in the order of the models."""
    found: list[Key] = []
    for file, schema in FILES.items():
        found += keys_of(schema(), () if file == "agreement" else (file,))
    return tuple(dict.fromkeys(found))


def keys_of(schema: Schema, path: tuple[str, ...]) -> Iterator[Key]:
    """The keys of a file that has this schema. With a ``path`` they stand below it: the file's own key of that name is
    a list of what has them."""
    reader = _Reader(schema["$defs"])
    if path:
        yield from reader.inside(schema["properties"][path[-1]], path)
    else:
        yield from reader.keys(schema, path)
        yield from reader.apart()


def parts() -> dict[tuple[str, ...], list[Key]]:
    """The keys by the path of what they stand in."""
    found: dict[tuple[str, ...], list[Key]] = {}
    for key in keys():
        found.setdefault(key.part, []).append(key)
    return found


def called(name: str) -> list[Key]:
    """The keys that ``name`` means: a path, or its end with steps left out, such as ``measure.from`` or ``target``.

    In a path from the top the names of an agreement are passed over: ``service_levels.uptime.credit.of``. Keys of which
    the same is said are one, the first of them.
    """
    steps = name.split(".")
    known = {step for key in keys() for step in key.path}
    if steps[0] in known:
        steps = [step for step in steps[:-1] if step in known] + steps[-1:]
    found = [key for key in keys() if key.name == steps[-1] and _in_order(steps, key.path)]
    exact = [key for key in found if key.path == tuple(steps)]
    return list({replace(key, path=(), form=""): key for key in reversed(exact or found)}.values())[::-1]


def close(name: str, others: Iterable[str] = ()) -> str:
    """The path or name that was most likely meant, or nothing."""
    names = list(dict.fromkeys([*others, *(key.dotted for key in keys()), *(key.name for key in keys())]))
    return next(iter(difflib.get_close_matches(name.lower(), names, n=1)), "")


def _in_order(steps: Sequence[str], path: Sequence[str]) -> bool:
    rest = iter(path)
    return all(step in rest for step in steps)


class _Reader:
    """Reads the keys of one schema. What ``_APART`` names is left for the end."""

    def __init__(self, defs: Schema) -> None:
        self._defs = defs
        self._wanted: dict[str, None] = {}

    def keys(self, model: Schema, path: tuple[str, ...], above: tuple[str, ...] = ()) -> Iterator[Key]:
        strict = model.get("else", {}).get("properties", {})
        needed = {*model.get("required", ()), *model.get("else", {}).get("required", ())}
        for name, value in model.get("properties", {}).items():
            shown = {**value, **strict.get(name, {})}
            here = (*path, name)
            models = [] if name == "classes" else list(self._models(shown, here, above))
            if name == AMENDMENTS:
                models = [(here, {**inner, "properties": _own(inner)}, ()) for _, inner, _ in models]
            inside = tuple(dict.fromkeys(at for at, _, _ in models))
            said = value["description"], self.kind(shown), name in needed, _written(value.get("default"))
            yield Key(here, *said, tuple(map(flow, shown.get("examples", ()))), inside, model.get("title", ""))
            for at, inner, below in models:
                yield from self.keys(inner, at, below)

    def inside(self, value: Schema, path: tuple[str, ...]) -> Iterator[Key]:
        """The keys of the mappings that a value holds."""
        for at, inner, below in self._models(value, path, ()):
            yield from self.keys(inner, at, below)

    def apart(self) -> Iterator[Key]:
        """The keys of what many keys hold."""
        for name in list(self._wanted):
            yield from self.inside(self._defs[name], (_APART[name],))

    def _models(
        self, value: Schema, path: tuple[str, ...], above: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], Schema, tuple[str, ...]]]:
        """The mappings with keys that stand behind a key, each with the path of its keys."""
        if "$ref" in value:
            name = value["$ref"].removeprefix(DEFS)
            if name in _APART:
                self._wanted[name] = None
            elif name not in above:
                yield from self._models(self._defs[name], path, (*above, name))
        if "properties" in value:
            named = value["properties"].get("kind", {}).get("const") if path[-1:] != ("kind",) else None
            yield (*path, named) if named else path, value, above
        for word in ("items", "additionalProperties"):
            if isinstance(value.get(word), dict):
                yield from self._models(value[word], path, above)
        for word in ("anyOf", "oneOf"):
            choices = value.get(word, ())
            # What a condition is made of are conditions again: they are told once.
            siblings = [choice["$ref"].removeprefix(DEFS) for choice in choices if "$ref" in choice]
            for choice in choices:
                own = str(choice.get("$ref", "")).removeprefix(DEFS)
                beside = tuple(name for name in siblings if name != own)
                for at, inner, below in self._models(choice, path, above):
                    yield at, inner, (*below, *beside)

    def kind(self, value: Schema) -> str:
        """What stands behind a key, in words."""
        return " or ".join(dict.fromkeys(self._kinds(value)))

    def _kinds(self, value: Schema) -> Iterator[str]:
        if "$comment" in value:
            yield value["$comment"]
        elif "const" in value:
            yield str(value["const"])
        elif "enum" in value:
            yield from map(_word, value["enum"])
        elif "anyOf" in value or "oneOf" in value:
            for choice in (*value.get("anyOf", ()), *value.get("oneOf", ())):
                yield from self._kinds(choice)
        elif "$ref" in value:
            found = self._defs[value["$ref"].removeprefix(DEFS)]
            yield from self._kinds(found) if "properties" not in found or "$comment" in found else ["a mapping"]
        elif value.get("type") == "array":
            yield f"a list, each {self.kind(value.get('items', {}))}"
        elif value.get("type") == "object" and isinstance(value.get("additionalProperties"), dict):
            each = self.kind(value["additionalProperties"])
            yield f"names, each with {each}" if "propertyNames" in value else f"a mapping to {each}"
        else:
            types = value.get("type", "object")
            for each in [types] if isinstance(types, str) else types:
                yield _TYPES.get(each, "a list")


def _own(amended: Schema) -> Schema:
    return {key: value for key, value in amended["properties"].items() if key in Amendment.model_fields}


def _written(default: object) -> str:
    return "" if default is None else flow(default)


def _word(word: object) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)
