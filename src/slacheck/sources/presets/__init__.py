"""Presets: what the exports of well-known products look like, one small YAML file for each product in this folder.

A preset fills in what a source does not say. A product may have several exports; which one a file is, is told by the
keys or headers that it has.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import yaml

Said = Mapping[str, Any]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_MERGED = ("columns", "units")


@dataclass(frozen=True)
class ProductExport:
    """One export of a product: how it is recognised, and by shape what it fills in.

    A JSON export has ``inside`` and ``keys``: the paths, one of which must lead to records that have all of the keys.
    A table has ``headers``, cells like ``first`` in its first row, and like ``others`` in all other columns there.
    ``records`` leads on from there to the records that are meant. ``choose`` gives a role the only one of several
    columns that is there. ``refused`` says why an export cannot be settled.
    """

    preset: str
    name: str
    call: str
    inside: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    first: Mapping[str, str] = field(default_factory=dict)
    others: str = ""
    choose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: Mapping[str, Said] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    refused: str = ""

    def found(self, look: Look) -> tuple[str, ...] | None:
        """The ``records`` by which the records of a file are reached; None where the file is no such export."""
        if self.headers:
            there = look.table and set(self.headers) <= {*look.names}
            fits = all(re.fullmatch(form, look.first.get(column, "")) for column, form in self.first.items())
            rest = [look.first.get(name, "") for name in look.names if name and name not in self.headers]
            alike = not self.others or (rest and all(re.fullmatch(self.others, cell) for cell in rest))
            return () if there and fits and alike else None
        if look.table:
            return None
        for inside in self.inside:
            if all(look.has(_joined(inside, key)) for key in self.keys):
                if look.lines and inside == "$":
                    return self.records
                return tuple(_joined(inside, inner) for inner in self.records) or (inside,)
        return None

    def fill(self, shape: str, said: Said, look: Look | None = None) -> dict[str, Any]:
        """The keys of a source: those of the preset for ``shape``, and over them what the source says itself."""
        own = dict(self.shapes[shape])
        columns = dict(own.get("columns", {}))
        for role, choices in self.choose.items():
            there = [choice for choice in choices if look is None or look.has_ending(choice)]
            if there:
                columns.setdefault(role, there[0])
        own["columns"] = columns
        mine = {key: value for key, value in said.items() if key != "format"}
        filled = {**own, **mine, "shape": shape}
        for key in _MERGED:
            if isinstance(mine.get(key, {}), Mapping) and own.get(key):
                filled[key] = {**own[key], **mine.get(key, {})}
        return filled

    def unclear(self, said: Said, look: Look) -> tuple[str, tuple[str, ...]] | None:
        """A role for which the file has several columns, and which; the source must say which is meant."""
        columns = said.get("columns")
        for role, choices in self.choose.items():
            there = tuple(choice for choice in choices if look.has_ending(choice))
            if len(there) != 1 and not (isinstance(columns, Mapping) and role in columns):
                return role, there
        return None


@dataclass(frozen=True)
class Look:
    """What the beginning of a file shows: the headers of a table and its ``first`` row, or the paths of a JSON text.

    ``lines`` says that there is one document on each line.
    """

    names: frozenset[str]
    table: bool
    lines: bool = False
    first: Mapping[str, str] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        """Whether a path such as ``beats{}[].status`` is there; ``{}`` stands for any key."""
        if "{}" not in path:
            return path.removeprefix("$").removeprefix(".") in self.names
        form = re.compile(re.escape(path).replace(re.escape("{}"), r"\.[^\[\]]+?"))
        return any(form.fullmatch(name) for name in self.names)

    def has_ending(self, key: str) -> bool:
        """Whether a record has ``key``, wherever it stands."""
        return any(name == key or name.endswith(f".{key}") for name in self.names)


@dataclass(frozen=True)
class Preset:
    """What slacheck knows of the exports of one product."""

    name: str
    product: str
    exports: tuple[ProductExport, ...]

    @property
    def shapes(self) -> tuple[str, ...]:
        """The shapes that it can fill in, the usual one first."""
        return tuple(dict.fromkeys(shape for export in self.exports for shape in export.shapes))

    def fitting(self, shape: str) -> Iterator[ProductExport]:
        """The exports that hold records of ``shape``."""
        return (export for export in self.exports if shape in export.shapes)

    def view(self, said: Said) -> dict[str, Any]:
        """A source as it can be known before its file is seen: of every export that may be meant the words it maps."""
        shape = said.get("shape") or self.shapes[0]
        views = [export.fill(shape, said) for export in self.fitting(shape)]
        if not views:
            return {**{key: value for key, value in said.items() if key != "format"}}
        filled = {key: value for key, value in views[0].items() if all(each.get(key) == value for each in views)}
        for key in _MERGED:
            if isinstance(views[0].get(key, {}), Mapping):
                merged = {word: cell for each in reversed(views) for word, cell in each.get(key, {}).items()}
                filled |= {key: merged} if merged else {}
        for each in reversed(views):
            filled |= {key: each[key] for key in ("good", "bad", "hold") if key in each}
        return filled


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all presets."""
    folder = resources.files(__name__)
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@functools.cache
def preset(name: str) -> Preset:
    """The preset called ``name``. Raises FileNotFoundError where there is none."""
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    read = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts, lists and mappings
    exports = tuple(_export(name, key, dict(entry)) for key, entry in read["exports"].items())
    return Preset(name, read["product"], exports)


def _export(name: str, key: str, entry: Mapping[str, Any]) -> ProductExport:
    lists = ("inside", "keys", "records", "headers", "caveats")
    told = {part: tuple(_list(entry.get(part, ()))) for part in lists}
    own = (*lists, "call", "first", "others", "choose", "shapes", "refused")
    shared = {part: value for part, value in entry.items() if part not in own}
    return ProductExport(
        name,
        key,
        entry["call"],
        first=entry.get("first", {}),
        others=entry.get("others", ""),
        choose={role: tuple(choices) for role, choices in entry.get("choose", {}).items()},
        shapes={shape: {**shared, **of} for shape, of in entry.get("shapes", {}).items()},
        refused=entry.get("refused", ""),
        **told,
    )


def _list(value: object) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def recognised(look: Look, among: Collection[str] = ()) -> tuple[ProductExport, tuple[str, ...]] | None:
    """The export that a file is, with the ``records`` that lead to its records; None where no preset knows it.

    Of several the one that demands most is meant. ``among`` are the presets to look at, by default all.
    """
    found = [
        (export, records)
        for name in among or names()
        for export in preset(name).exports
        if (records := export.found(look)) is not None
    ]
    return max(found, key=lambda each: len(each[0].keys) + len(each[0].headers), default=None)


def outline(text: str) -> frozenset[str]:
    """The paths of everything that the beginning of a JSON text shows, such as ``data.result[].metric``."""
    found: set[str] = set()
    open_: list[tuple[str, str]] = []
    key: str | None = None
    for sign in _TOKEN.findall(text):
        if sign in "}]":
            if open_:
                open_.pop()
            key = None
        elif sign == ",":
            key = None
        elif sign == ":":
            continue
        elif open_ and open_[-1][0] == "{" and key is None:
            key = _text(sign)
        else:
            path = ""
            if open_:
                around = open_[-1][1]
                path = f"{around}[]" if open_[-1][0] == "[" else f"{around}.{key}".removeprefix(".")
            found.add(path)
            if sign in "{[":
                open_.append((sign, path))
                key = None
    return frozenset(found)


def _text(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _joined(path: str, key: str) -> str:
    if path in ("", "$"):
        return key
    return path + key if key.startswith("[") else f"{path}.{key}"
