"""Damage done to what an agreement says, not to how it is written: whole YAML, with values and keys that are wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fuzz.mutations import KINDS, Mutation

Tree = Any


def rewritten(tree: Tree, damages: Sequence[Mutation], other: Tree) -> str:
    """The tree as text after all ``damages``; parts may come from ``other``."""
    whole = copy.deepcopy(tree)
    for damage in damages:
        places = list(_places(whole))
        if not places:
            break
        holder, key = places[damage.place(len(places))]
        _damage(holder, key, damage, other)
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    # What JSON leaves raw and an agreement may not hold stands as an escape: it then reaches what reads the values.
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def _places(node: Tree) -> Iterator[tuple[Any, Any]]:
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


def _damage(holder: Any, key: Any, damage: Mutation, other: Tree) -> None:
    value = holder[key]
    match KINDS.index(damage.kind) % 8:
        case 0 | 1:
            holder[key] = damage.material
        case 2 if isinstance(value, str):
            at = damage.place(len(value))
            holder[key] = value[:at] + damage.material + value[at + damage.size % 3 :]
        case 3:
            del holder[key]
        case 4 if isinstance(holder, dict):
            holder[damage.material] = holder.pop(key)
        case 5:
            holder[key] = [value] * (1 + damage.size % 3) if damage.size % 2 else {damage.material: value}
        case _:
            strange = list(_places(other))
            # A part of another agreement that stands under the same key, where there is one.
            alike = [each for each in strange if each[1] == key] or strange
            donor, part = alike[damage.place(len(alike))]
            holder[key] = copy.deepcopy(donor[part])
