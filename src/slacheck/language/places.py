"""Validation errors in our own words, each at the place in the text that caused it."""

from __future__ import annotations

import collections.abc
import difflib
import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, Tag, ValidationError

from slacheck.language.written import flow
from slacheck.language.yaml_syntax import Place, glued_key
from slacheck.language.yaml_text import Data, Document
from slacheck.problems import Problem

Loc: TypeAlias = tuple[str | int, ...]

_SHAPES = {
    "string_type": "text",
    "string_sub_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
}
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


@dataclass(frozen=True)
class _Fault:
    """One error of pydantic; ``route`` is what of ``loc`` exists in the text, ``rest`` what follows it there."""

    type: str
    loc: Loc
    route: Loc
    rest: Loc
    message: str
    context: Mapping[str, Any]
    ours: bool


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """The errors of validating ``document.data`` as ``model``, without repetitions, in the order of the text.

    A ``PydanticCustomError`` keeps its type as the code and its message; its context may hold ``help``, ``at``
    (``"key"`` or ``"value"``) and ``inside`` (further steps from the value to the part that is meant).
    """
    faults = _without_branches_not_meant([_fault(details, document) for details in error.errors()])
    renamed = {
        (document.said(fault.route[:-1]), _nearest(str(fault.loc[-1]), _keys_at(model, fault.loc[:-1], document)))
        for fault in faults
        if fault.type == "extra_forbidden"
    }
    kept = [
        fault
        for fault in faults
        if fault.type != "missing" or (document.said(fault.route), fault.loc[-1]) not in renamed
    ]
    problems = dict.fromkeys(_problem(fault, model, document) for fault in kept)
    return sorted(problems, key=lambda p: (p.line, p.column, p.code, p.message))


def _fault(details: Mapping[str, Any], document: Document) -> _Fault:
    kind, loc = details["type"], tuple(details["loc"])
    route, rest = _route(loc[:-1] if kind == "missing" else loc, document)
    # Only pydantic's own errors carry the address of their documentation.
    return _Fault(kind, loc, route, rest, details["msg"], details.get("ctx") or {}, ours="url" not in details)


def _route(loc: Loc, document: Document) -> tuple[Loc, Loc]:
    """The steps of ``loc`` that are in the text, and those behind the last of them.

    Pydantic names the kind of a mapping as a step, once, and a table inside may be called like it.
    """
    route: Loc = ()
    passed: Loc | None = None
    last = 0
    for number, step in enumerate(loc, start=1):
        if passed != route and _is_kind(route, step, document):
            passed = route
        elif len(document.route((*route, step))[0]) > len(route):
            route, last = (*route, step), number
    return route, loc[last:]


def _is_kind(route: Loc, step: str | int, document: Document) -> bool:
    stands = document.value(route)
    return isinstance(stands, dict) and stands.get("kind") == step


def _without_branches_not_meant(faults: Sequence[_Fault]) -> list[_Fault]:
    """Where a scalar, a list or a mapping may stand, keep what is said about the one that does stand there.

    Pydantic reports every branch of a union, with the branch's name as a last step that is no key. Branches that
    only want another shape say nothing when another one got further; when none did, they are one fault.
    """
    kept: list[_Fault] = []
    merged: dict[Loc, set[str]] = {}
    for fault in faults:
        if not (fault.type in _SHAPES and fault.rest and not fault.ours):
            kept.append(fault)
            continue
        others = (f for f in faults if f is not fault and f.route[: len(fault.route)] == fault.route)
        if any(f.type not in _SHAPES or f.route != fault.route for f in others):
            continue
        if fault.route not in merged:
            kept.append(fault)
        merged.setdefault(fault.route, set()).add(_SHAPES[fault.type])
    return [
        _Fault(f.type, f.loc, f.route, f.rest, f.message, {"wanted": " or ".join(sorted(merged[f.route]))}, f.ours)
        if f.type in _SHAPES and f.rest and f.route in merged
        else f
        for f in kept
    ]


def _problem(fault: _Fault, model: type[BaseModel], document: Document) -> Problem:
    if fault.ours:
        return _own(fault, document)
    if fault.type == "extra_forbidden":
        return _unknown_key(fault, model, document)
    if fault.type == "missing":
        name = str(fault.loc[-1])
        return _absent(fault.route, name, _example(model, fault.loc, document) or f"add the key '{name}'", document)
    if fault.type == "union_tag_not_found":
        name = _unquoted(fault.context.get("discriminator", "kind"))
        kinds = _literals(model, fault.loc, name, document)
        return _absent(fault.route, name, _choices("it is one of", kinds), document)
    if fault.type == "union_tag_invalid":
        return _unknown_kind(fault, document)
    if fault.type in ("literal_error", "enum"):
        return _not_one_of(fault, document)
    stands = document.value(fault.route)
    wanted = fault.context.get("wanted") or _SHAPES.get(fault.type)
    if wanted and _shape(stands) not in wanted.split(" or "):
        return _wrong_shape(fault, wanted, stands, document)
    message = fault.message.removeprefix("Value error, ").replace("Input should", "this should")
    return document.problem(_place(fault, document), fault.type.replace("_", "-"), message[:1].lower() + message[1:])


def _place(fault: _Fault, document: Document) -> Place:
    return document.place(fault.route, "key" if fault.rest[-1:] == ("[key]",) else "value")


def _own(fault: _Fault, document: Document) -> Problem:
    inside = tuple(fault.context.get("inside", ()))
    fallback: Literal["key", "value"] = "key" if fault.rest[-1:] == ("[key]",) and not inside else "value"
    place = document.place((*fault.route, *inside), fault.context.get("at", fallback))
    if fault.context.get("offset"):
        place = _within(place, int(fault.context["offset"]), document)
    return document.problem(place, fault.type, fault.message, str(fault.context.get("help", "")))


def _within(place: Place, offset: int, document: Document) -> Place:
    """The character ``offset`` of a scalar that begins at ``place``, where it stands on that line as it is read."""
    value = document.lines[place.line - 1][place.column - 1 :]
    offset += value[:1] in ("'", '"')
    if value[:1] in ("|", ">", "&", "!") or offset >= place.width or "\\" in value[:offset]:
        return place
    return Place(place.line, place.column + offset, 1)


def _unknown_key(fault: _Fault, model: type[BaseModel], document: Document) -> Problem:
    key, keys = str(fault.loc[-1]), _keys_at(model, fault.loc[:-1], document)
    message = f"unknown key '{key}' {_in(document.said(fault.route[:-1]))}"
    help = _did_you_mean(key, keys) or _choices("keys here are", keys)
    return document.problem(document.place(fault.route, "key"), "unknown-key", message, help)


def _absent(route: Loc, name: str, help: str, document: Document) -> Problem:
    return document.problem(
        document.place(route, "key"), "missing-key", f"no '{name}' {_in(document.said(route))}", help
    )


def _unknown_kind(fault: _Fault, document: Document) -> Problem:
    name = _unquoted(fault.context["discriminator"])
    route, _ = document.route((*fault.route, name))
    written = document.value(route)
    if len(route) > len(fault.route) and not isinstance(written, str):
        return _wrong_shape(_Fault("string_type", route, route, (), "", {}, False), "text", written, document)
    word, kinds = str(fault.context["tag"]), _quoted_words(fault.context["expected_tags"])
    # A discriminator that is a function has no key of its own.
    name = name if len(route) > len(fault.route) else "kind"
    help = _did_you_mean(word, kinds) or _choices(f"{name} is one of", kinds)
    return document.problem(
        document.place(route), f"unknown-{name}", f"unknown {name} '{word}' {_in(document.said(fault.route))}", help
    )


def _not_one_of(fault: _Fault, document: Document) -> Problem:
    words = _quoted_words(fault.context["expected"])
    at_key = fault.rest[-1:] == ("[key]",)
    stands: Data = str(fault.route[-1]) if at_key else document.value(fault.route)
    if not isinstance(stands, str):
        choice = f"one of {', '.join(words)}"
        return _wrong_shape(fault, choice, stands, document)
    help = _did_you_mean(stands, words)
    message = f"'{stands}' is not one of {', '.join(words)}" if len(words) > 1 else f"'{stands}' is not {words[0]}"
    return document.problem(_place(fault, document), "not-one-of", message, help)


def _wrong_shape(fault: _Fault, wanted: str, stands: Data, document: Document) -> Problem:
    place = _place(fault, document)
    help = ""
    if isinstance(stands, str) and "mapping" in wanted and (glued := glued_key(stands, 0)):
        help = f"write a blank after the ':': {glued[2].removeprefix('write ')}"
    elif stands is None and re.search(r"[:-]\s+#", document.lines[place.line - 1]):
        help = "what follows '#' is a comment; put the value in quotes if the sign belongs to it"
    message = (
        f"{wanted} is wanted here, not {_shape(stands)}"
        if stands is not None
        else f"nothing stands here; {wanted} is wanted"
    )
    return document.problem(place, "wrong-shape", message, help)


def _shape(data: Data) -> str:
    if data is None:
        return "nothing"
    return "text" if isinstance(data, str) else "a list" if isinstance(data, list) else "a mapping"


def _in(route: Loc) -> str:
    """``in service_levels.availability``; an item of a list is counted from 1, as people count."""
    text = ""
    for step, before in zip(route, (None, *route), strict=False):
        if isinstance(step, int):
            text += f", item {step + 1}"
        else:
            text += f"{'' if before is None else ', ' if isinstance(before, int) else '.'}{step}"
    return f"in {text}" if text else "at the top level"


def _nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of ``words`` that was probably meant, whatever its case, blanks and dashes."""
    plain = {_plain(candidate): candidate for candidate in words}
    found = difflib.get_close_matches(_plain(word), plain, n=1)
    return plain[found[0]] if found else None


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.strip().lower())


def _did_you_mean(word: str, words: Iterable[str]) -> str:
    nearest = _nearest(word, words)
    return f"did you mean '{nearest}'?" if nearest else ""


def _choices(lead: str, words: Sequence[str]) -> str:
    return f"{lead}: {', '.join(words)}" if words else ""


def _unquoted(name: str) -> str:
    return name.strip("'")


def _quoted_words(listed: str) -> list[str]:
    return re.findall(r"'([^']*)'", listed) or [listed]


def _keys_at(model: type[BaseModel], loc: Loc, document: Document) -> list[str]:
    """The keys that may be written at ``loc``, in the order of the models."""
    return list(dict.fromkeys(name for found in _models_at(model, loc, document) for name in _written(found)))


def _written(model: type[BaseModel]) -> Iterable[str]:
    """The keys that people write where ``model`` is validated: its own, unless the text is rearranged before."""
    return getattr(model, "WRITTEN", None) or _fields(model)


def _example(model: type[BaseModel], loc: Loc, document: Document) -> str:
    for found in _models_at(model, loc[:-1], document):
        field = _fields(found).get(str(loc[-1]))
        if field is not None and field.examples:
            return f"for example {loc[-1]}: {flow(field.examples[0])}"
    return ""


def _literals(model: type[BaseModel], loc: Loc, name: str, document: Document) -> list[str]:
    fields = (_fields(found).get(name) for found in _models_at(model, loc, document))
    return [str(word) for field in fields if field is not None for word in _literal_words(field.annotation)]


def _literal_words(annotation: Any) -> list[Any]:
    return [word for leaf, _ in _leaves(annotation) if get_origin(leaf) is Literal for word in get_args(leaf)]


def _models_at(model: type[BaseModel], loc: Loc, document: Document) -> list[type[BaseModel]]:
    """The models that may stand at ``loc``: a step that is in the text is taken, any other names a union's branch."""
    candidates = list(_leaves(model))
    route: Loc = ()
    passed: Loc | None = None
    for step in loc:
        kind_named = passed != route and _is_kind(route, step, document)
        passed = route if kind_named else passed
        if not kind_named and len(document.route((*route, step))[0]) > len(route):
            route = (*route, step)
            candidates = [leaf for kind, _ in candidates for inner in _stepped(kind, step) for leaf in _leaves(inner)]
        else:
            candidates = [leaf for leaf in candidates if _is_branch(*leaf, step)] or candidates
    return [kind for kind, _ in candidates if _is_model(kind)]


def _leaves(annotation: Any, tags: frozenset[str] = frozenset()) -> Iterator[tuple[Any, frozenset[str]]]:
    """The types that an annotation allows, without Optional, Annotated, unions and aliases, with their union tags."""
    origin = get_origin(annotation)
    if hasattr(annotation, "__value__"):
        yield from _leaves(annotation.__value__, tags)
    elif origin is Annotated:
        inner, *metadata = get_args(annotation)
        yield from _leaves(inner, tags | {item.tag for item in metadata if isinstance(item, Tag)})
    elif origin in (Union, types.UnionType):
        for argument in get_args(annotation):
            yield from _leaves(argument, tags)
    elif _is_model(annotation) and issubclass(annotation, RootModel):
        yield from _leaves(annotation.model_fields["root"].annotation, tags)
    elif annotation is not type(None):
        yield annotation, tags


def _stepped(kind: Any, step: str | int) -> Iterator[Any]:
    """What may stand one step further."""
    origin, arguments = get_origin(kind), get_args(kind)
    if _is_model(kind):
        field = _fields(kind).get(str(step))
        if field is not None:
            yield field.annotation
    elif origin in _MAPPINGS and len(arguments) == 2:
        yield arguments[1]
    elif origin is tuple and isinstance(step, int) and arguments[-1] is not Ellipsis:
        yield from arguments[step : step + 1]
    elif isinstance(step, int) and arguments and origin is not Literal:
        yield arguments[0]


def _is_branch(kind: Any, tags: frozenset[str], step: str | int) -> bool:
    if step in tags:
        return True
    if not _is_model(kind):
        return False
    return kind.__name__ == step or any(
        step in _literal_words(field.annotation) for field in kind.model_fields.values()
    )


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The fields by the name that people write."""
    return {
        field.validation_alias if isinstance(field.validation_alias, str) else field.alias or name: field
        for name, field in model.model_fields.items()
    }
