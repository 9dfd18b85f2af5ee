"""Two typed models walked side by side: every key whose meaning is another, however it is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from slacheck.language.payments import Pay

Steps = tuple[str | int, ...]
How = Literal["changed", "added", "removed", "renamed"]
Names = Mapping[str, str]

# The keys whose values are names of other parts, by the name of the field.
_REFERENCES = frozenset(
    (
        *("from_", "excluding", "during", "within", "calendar", "hours", "all_of", "any_of", "except_"),
        *("of", "fee", "level", "levels", "average", "not_for", "critical", "either", "or_"),
    )
)
# Whose parts are named, each after those that it rests on.
_ROOMS = ("calendars", "sources", "fees", "outages", "exclusions", "service_levels")


@dataclass(frozen=True)
class Found:
    """One thing that is otherwise: the values, None where there is none, and the steps that lead to it in either."""

    how: How
    old_steps: Steps
    new_steps: Steps
    old: Any
    new: Any

    @property
    def steps(self) -> Steps:
        return self.old_steps if self.how == "removed" else self.new_steps


def meaning(value: Any, names: Names | None = None, field: str = "") -> Any:
    """What can be compared of a value of the language: how it is spelt (99.9% or 99.90%) is left out.

    ``names`` are the new names of parts that were renamed, which are followed where ``field`` refers to one.
    """
    if isinstance(value, BaseModel):
        kind = type(value)
        return kind, {name: meaning(getattr(value, name), names, name) for name in kind.model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [each.name for each in dataclasses.fields(value)]
        # What a text says stands in the other fields.
        read = [name for name in fields if name != "text"] or fields
        return type(value), {name: meaning(getattr(value, name), names, name) for name in read}
    if isinstance(value, Mapping):
        return {str(key): meaning(each, names, field) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [meaning(each, names, field) for each in value]
    if isinstance(value, str) and names and field in _REFERENCES:
        return names.get(value, value)
    return value


def renamed(old: BaseModel, new: BaseModel) -> dict[str, dict[str, str]]:
    """The parts of each room that only have another name: by room, the new name of each old one.

    A name that either agreement uses for something else is never taken for a new one.
    """
    found: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    rooms = [(room, getattr(old, room, {}), getattr(new, room, {})) for room in _ROOMS]
    known_before = {name for _, parts, _ in rooms for name in parts}
    known_after = {name for _, _, parts in rooms for name in parts}
    for room, before, after in rooms:
        gone = [name for name in before if name not in known_after]
        come = [name for name in after if name not in known_before]
        for name in gone:
            same = [other for other in come if meaning(before[name], names) == meaning(after[other])]
            # Where one went and one came, one key may be another too; all else tells that it is the same.
            if not same and len(gone) == len(come) == 1 and _nearly(before[name], after[come[0]], names):
                same = come
            if same:
                found.setdefault(room, {})[name] = same[0]
                come = [other for other in come if other != same[0]]
        names |= found.get(room, {})
    return found


def _nearly(one: Any, other: Any, names: Names) -> bool:
    """Whether two models have several keys of their own, of which but one is otherwise."""
    if not (isinstance(one, BaseModel) and type(one) is type(other)):
        return False
    said = [name for name in type(one).model_fields if name in one.model_fields_set | other.model_fields_set]
    differ = [
        name for name in said if meaning(getattr(one, name), names, name) != meaning(getattr(other, name), None, name)
    ]
    return len(differ) == 1 and len(said) > 2


def walked(old: Any, new: Any, rooms: Mapping[str, Names] | None = None) -> Iterator[Found]:
    """Every difference of two models of one kind, ``rooms`` being what ``renamed`` found."""
    rooms = rooms or {}
    names = {before: after for room in rooms.values() for before, after in room.items()}
    return _Walk(rooms, names).through(old, new, (), (), "")


class _Walk:
    def __init__(self, rooms: Mapping[str, Names], names: Names) -> None:
        self._rooms, self._names = rooms, names

    def through(self, old: Any, new: Any, before: Steps, after: Steps, field: str) -> Iterator[Found]:
        if meaning(old, self._names, field) == meaning(new, None, field):
            return
        if isinstance(old, BaseModel) and type(old) is type(new):
            for name, terms in type(old).model_fields.items():
                key = terms.alias or name
                yield from self.through(getattr(old, name), getattr(new, name), (*before, key), (*after, key), name)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self._named(old, new, before, after, field)
        elif _rows(old) and _rows(new):
            yield from self._table(old, new, before, after)
        elif _listed(old) and _listed(new) and (old or new):
            yield from self._items(old, new, before, after, field)
        else:
            how: How = "added" if absent(old) else "removed" if absent(new) else "changed"
            yield Found(how, before, after, old, new)

    def _named(
        self, old: dict[str, Any], new: dict[str, Any], before: Steps, after: Steps, field: str
    ) -> Iterator[Found]:
        names = self._rooms.get(str(before[0]), {}) if len(before) == 1 else {}
        for name, value in old.items():
            other = names.get(name, name)
            if other not in new:
                yield Found("removed", (*before, name), after, value, None)
                continue
            if other != name:
                yield Found("renamed", (*before, name), (*after, other), value, new[other])
            yield from self.through(value, new[other], (*before, name), (*after, other), field)
        taken = {names.get(name, name) for name in old}
        for name, value in new.items():
            if name not in taken:
                yield Found("added", before, (*after, name), None, value)

    def _table(self, old: Any, new: Any, before: Steps, after: Steps) -> Iterator[Found]:
        """Rows by what they compare; a row whose comparison alone is another is one change."""
        here, there = ({_key(row[0]): row for row in rows} for rows in (old, new))
        gone = [row for key, row in here.items() if key not in there]
        come = [row for key, row in there.items() if key not in here]
        for row in gone:
            paid = [other for other in come if meaning(other[1]) == meaning(row[1])]
            beside = (*before, _shown(row[0]))
            if paid:
                come.remove(paid[0])
                yield Found("changed", beside, (*after, _shown(paid[0][0])), row, paid[0])
            else:
                yield Found("removed", beside, after, row, None)
        for key, row in here.items():
            if key in there and meaning(row[1], self._names) != meaning(there[key][1]):
                shown = _shown(row[0]), _shown(there[key][0])
                yield Found("changed", (*before, shown[0]), (*after, shown[1]), row, there[key])
        for row in come:
            yield Found("added", before, (*after, _shown(row[0])), None, row)

    def _items(self, old: Any, new: Any, before: Steps, after: Steps, field: str) -> Iterator[Found]:
        """Items of a list: those that both have are passed over, of as many others each is beside its like."""
        left = list(range(len(new)))
        gone: list[int] = []
        for at, item in enumerate(old):
            same = [to for to in left if meaning(new[to]) == meaning(item, self._names, field)]
            if same:
                left.remove(same[0])
            else:
                gone.append(at)
        if not gone and not left:
            yield Found("changed", before, after, old, new)
        elif len(gone) == len(left):
            for at, to in zip(gone, left, strict=True):
                yield from self.through(old[at], new[to], (*before, at), (*after, to), field)
        else:
            for at in gone:
                yield Found("removed", (*before, at), after, old[at], None)
            for to in left:
                yield Found("added", before, (*after, to), None, new[to])


def _rows(value: Any) -> bool:
    """Whether it is a table from comparisons to payments, of which no comparison stands twice."""
    if not (isinstance(value, tuple) and value):
        return False
    rows = all(isinstance(row, tuple) and len(row) == 2 and isinstance(row[1], Pay) for row in value)
    return rows and len({_key(row[0]) for row in value}) == len(value)


def _listed(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, (BaseModel, str)) for item in value)


def absent(value: Any) -> bool:
    return value is None or value == () or value == {}


def _key(comparison: Any) -> str:
    return repr(meaning(comparison))


def _shown(comparison: Any) -> str:
    return "else" if comparison is None else str(comparison.text)
