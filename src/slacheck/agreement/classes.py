"""Classes written out: every level of a document becomes its promises, each key where it was written.

``by`` and ``classes`` say one level whose parameters differ. Before a document is validated each row of ``classes`` is
merged into the level, so that a class is checked, measured and settled like a level of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slacheck.agreement.level import OF_CLASS, OF_LEVEL, OF_PROMISE
from slacheck.language.yaml_syntax import Place
from slacheck.language.yaml_text import Document, Node

Children = Mapping[Any, tuple[Place, Node]]

PROMISES = "promises"
WHOLE = ""
# What a row replaces key by key; everything else it replaces as a whole.
_MERGED = frozenset(("measure", "credit"))


def written_out(document: Document) -> Document:
    """``document`` with the promises of every level under ``promises``, ready to be validated."""
    levels = document.root.children.get("service_levels")
    if levels is None or not isinstance(levels[1].data, dict):
        return document
    place, node = levels
    children = {
        name: (key_place, _level(key_place, level) if isinstance(level.data, dict) else level)
        for name, (key_place, level) in node.children.items()
    }
    root = _mapping(
        document.root.place, {**document.root.children, "service_levels": (place, _mapping(node.place, children))}
    )
    return document.rearranged(root, frozenset((PROMISES, WHOLE, OF_CLASS)))


def _mapping(place: Place, children: Children) -> Node:
    return Node(place, {str(key): node.data for key, (_, node) in children.items()}, dict(children), height=1)


def _level(key_place: Place, level: Node) -> Node:
    own = {key: child for key, child in level.children.items() if key not in OF_PROMISE and key != "classes"}
    shared = {key: child for key, child in level.children.items() if key in OF_PROMISE}
    classes = level.children.get("classes")
    if classes is None or not isinstance(classes[1].data, dict) or not classes[1].data:
        if classes is not None:
            own["classes"] = classes
        promises = {WHOLE: (key_place, _mapping(level.place, shared))}
    else:
        promises = {
            str(name): (row_place, _promise(shared, row)) for name, (row_place, row) in classes[1].children.items()
        }
    return _mapping(level.place, {**own, PROMISES: (key_place, _mapping(level.place, promises))})


def _promise(shared: Children, row: Node) -> Node:
    if not isinstance(row.data, dict):
        return row
    of_promise = {key: child for key, child in row.children.items() if key in OF_PROMISE or key in OF_LEVEL}
    of_measure = {key: child for key, child in row.children.items() if key not in of_promise}
    merged: dict[Any, tuple[Place, Node]] = dict(shared)
    for key, (place, node) in of_promise.items():
        below = merged.get(key)
        if key == "where":
            # The level's own says which records it is about, the row's which of these are of the class.
            merged[OF_CLASS] = (place, node)
        elif key in _MERGED and below is not None and isinstance(below[1].data, dict) and isinstance(node.data, dict):
            merged[key] = (place, _mapping(node.place, {**below[1].children, **node.children}))
        else:
            merged[key] = (place, node)
    if of_measure:
        place, measure = merged.get("measure", (row.place, _mapping(row.place, {})))
        merged["measure"] = (place, _mapping(measure.place, {**measure.children, **of_measure}))
    return _mapping(row.place, merged)
