"""Records of JSON as SQL: those of a plain list, and those of lists inside lists and of objects, as a path leads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slacheck.engine.duck import DuckScratch
from slacheck.engine.record_paths import Door, RecordsPath, joined, pointer, standing, ways, written
from slacheck.engine.text_rules.words import literal

SAMPLE = 2000
# The key by which a repeated outer record says how many items of its list stand in those before it.
SKIPPED = "//skipped"
# An outer record may hold a month of samples: few of them show their keys.
_OUTER_SAMPLE = 100


class KeyTwice(ValueError):
    """An object has a key twice, of which every reader takes another one."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise KeyTwice(next(key for key in keys if keys.count(key) > 1))
    return found


@dataclass(frozen=True)
class Around:
    """The document around the list that is streamed, without that list: parsed, numbers as they are written."""

    document: Any = None

    def text(self, column: str) -> str | None:
        """What stands at ``column`` as the engine writes it: text as it is, what is no scalar as JSON."""
        for value in standing(self.document, column):
            if value is not None:
                return value if isinstance(value, str) else json.dumps(value)
        return None


@dataclass(frozen=True)
class RecordSet:
    """The records behind one path of one file.

    ``base`` is SQL of a column ``json`` with what stands behind the first door, and ``key`` where that opens the
    values of an object. ``levels`` says for each column how many doors lead to the record that holds it: 0 is the
    document around, the number of doors the record itself; a column that is in none of them is not there.
    """

    path: RecordsPath
    base: str
    around: Around
    levels: Mapping[str, int] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        return len(self.path.doors)

    @property
    def plain(self) -> bool:
        """Whether it is one list, in which the number of a record says where it stands."""
        return self.depth == 1 and self.path.doors[0].opens == "items"

    @property
    def not_a_record(self) -> str:
        """SQL condition over ``json``: it is no record. Positions are read of lists, keys of objects."""
        own = [self._inside(name, level) for name, level in self.levels.items() if level == self.depth]
        own = [name for name in own if not self._is_key(name, self.depth)]
        if not own:
            return "json_type(json) NOT IN ('OBJECT', 'ARRAY')"
        return f"json_type(json) <> '{'ARRAY' if any(name.startswith('[') for name in own) else 'OBJECT'}'"

    def cells(self, names: Sequence[str]) -> tuple[str, list[str]]:
        """SQL of a row per record with ``json``, and for each name the expression of its text."""
        if all(self.levels.get(name) == self.depth and not self._is_key(name, self.depth) for name in names):
            # One call for all keys: each call parses the record anew. The literal key comes first.
            found = [self._inside(name, self.depth) for name in names]
            return f"(SELECT json, {_texts('json', found)} AS x FROM {self._rows({})})", _picked(found)
        reads: dict[int, list[str]] = {}
        for name in names:
            level = self.levels.get(name)
            if level is not None and not self._is_key(name, level):
                reads.setdefault(level, []).append(self._inside(name, level))
        rows = self._rows({level: found for level, found in reads.items() if 0 < level < self.depth})
        picked = {level: iter(_picked(found, f"y{level}")) for level, found in reads.items()}
        cells = [self._cell(name, picked) for name in names]
        own = _texts("json", reads.get(self.depth, []))
        carried = "".join(f", y{level}" for level in reads if 0 < level < self.depth)
        carried += "".join(f", k{level}" for level in range(1, self.depth + 1) if self._opens_values(level))
        return f"(SELECT json, {own} AS y{self.depth}{carried} FROM {rows})", cells

    def places(self) -> str:
        """SQL of one text per record, in the same order: where it stands, such as ``data.result[3].values[17]``."""
        parts: list[str] = []
        for level, door in enumerate(self.path.doors, start=1):
            name = written(door.beside[0] if door.beside else door.keys)
            if name:
                parts.append(literal(f".{name}" if parts else name))
            if door.opens == "values":
                parts.append(f"coalesce('.' || k{level}, '')")
            elif level > 1 or door.opens == "items":
                parts.append(f"coalesce('[' || n{level} || ']', '')")
        return f"SELECT {' || '.join(parts) or literal('')} AS place FROM {self._rows({}, numbered=True)}"

    def place_of(self, place: str, column: str) -> str:
        """Where a column of the record at ``place`` stands, as far as the place tells."""
        level = self.levels.get(column, self.depth)
        return joined([place, self._inside(column, level)]) if level == self.depth else column

    def _inside(self, column: str, level: int) -> str:
        """``column`` as it is called inside the records of ``level``: without the path that may lead there."""
        prefix = self.path.prefix(level) if level else "$"
        rest = column.removeprefix(prefix) if prefix else column
        return rest.removeprefix(".") if rest != column and rest[:1] in (".", "[") else column

    def _is_key(self, column: str, level: int) -> bool:
        return self._opens_values(level) and column == self.path.prefix(level)

    def _opens_values(self, level: int) -> bool:
        return level > 0 and self.path.doors[level - 1].opens == "values"

    def _cell(self, name: str, picked: Mapping[int, Iterator[str]]) -> str:
        level = self.levels.get(name)
        if level is None:
            return "NULL::VARCHAR"
        if self._is_key(name, level):
            return f"k{level}"
        cell = next(picked[level])
        if level:
            return cell
        text = self.around.text(self._inside(name, 0))
        return "NULL::VARCHAR" if text is None else f"{literal(text)}::VARCHAR"

    def _rows(self, reads: Mapping[int, Sequence[str]], *, numbered: bool = False, depth: int | None = None) -> str:
        """SQL of the records ``depth`` doors in: ``json``, the texts ``y1``.. that ``reads`` wants of those around, the
        keys ``k1``.. of objects and, where ``numbered``, the positions ``n1``..; a FROM clause."""
        first = self.path.doors[0]
        carried = []
        base = self.base
        if first.opens == "values":
            carried.append("k1")
            base = f"(SELECT json, key AS k1 FROM {base})"
        if numbered:
            carried.append("n1")
            # A record that goes on has the number of the one before it.
            begins = f"count(*) FILTER (WHERE {_skipped('json')} IS NULL) OVER (ROWS UNBOUNDED PRECEDING) - 1"
            base = f"(SELECT *, {begins} AS n1 FROM {base})"
        for level, door in enumerate(self.path.doors[1:depth], start=2):
            texts = [f"{_texts('json', reads[level - 1])} AS y{level - 1}"] if level - 1 in reads else []
            base = _opened(door, base, level, carried, texts, numbered)
            carried += [f"y{level - 1}"] if texts else []
            carried += [f"k{level}"] if door.opens == "values" else []
            carried += [f"n{level}"] if numbered else []
        return base

    # What columns there are

    def looked_at(self, scratch: DuckScratch, needed: Collection[str]) -> tuple[RecordSet, list[str]]:
        """The same set that knows where each of ``needed`` stands, and the names of all columns that a sample shows.

        A column belongs to the innermost record of which any in the file has it. Written with the path of a record in
        front (``data.result[].status``, ``$.status`` for the document) it is of that record.
        """
        levels: dict[str, int] = {}
        names: dict[str, None] = {}
        for level in range(self.depth, -1, -1):
            open_ = [name for name in needed if name not in levels]
            sample = self._sample(scratch, level)
            seen: dict[str, None] = {}
            for record in sample:
                _collect(record, "", seen)
            hidden = {SKIPPED, written(self.path.doors[level].keys)} if level < self.depth else {SKIPPED}
            names |= dict.fromkeys(name for name in seen if name not in hidden and name not in names)
            if self._opens_values(level):
                names[self.path.prefix(level)] = None
                levels |= {name: level for name in open_ if self._is_key(name, level)}
            asked = {
                name: self._inside(name, level) for name in open_ if name not in levels and self._may_be(name, level)
            }
            levels |= {
                name: level for name, inside in asked.items() if any(standing(record, inside) for record in sample)
            }
            left = {name: inside for name, inside in asked.items() if name not in levels}
            # Lists have positions alone, and what the document around holds was seen whole.
            lists = bool(sample) and all(isinstance(record, list) for record in sample)
            if level and left and sample and not lists:
                levels |= dict.fromkeys(self._somewhere(scratch, level, left), level)
        return RecordSet(self.path, self.base, self.around, levels), list(names)

    def any(self, scratch: DuckScratch) -> bool:
        """Whether there is a record."""
        return bool(scratch.fetch(f"SELECT 1 FROM {self._rows({})} LIMIT 1"))

    def dead_end(self, scratch: DuckScratch) -> str | None:
        """The first door that no record has, as a path; None where all of them stand somewhere, if only as null."""
        for level, door in enumerate(self.path.doors[1:], start=1):
            rows = self._rows({}, depth=level)
            for keys in door.beside or (door.keys,):
                exists = f"bool_or(json_exists(json, {literal(pointer(keys))}))" if keys else "true"
                ((count, there),) = scratch.fetch(f"SELECT count(*), {exists} FROM {rows}")
                if count and not there:
                    return joined([self.path.prefix(level), written(keys)])
        return None

    def _may_be(self, name: str, level: int) -> bool:
        """Whether a name may be one of this level: one that begins with the path of another is not."""
        for other in range(self.depth, -1, -1):
            if self._inside(name, other) != name:
                return other == level
        return True

    def _sample(self, scratch: DuckScratch, level: int) -> list[Any]:
        if level == 0:
            return [] if self.around.document is None else [self.around.document]
        shown, count = "json", SAMPLE
        if level < self.depth:
            # What stands behind the next door is not for looking at: it may be large.
            door, count = self.path.doors[level], _OUTER_SAMPLE
            for keys in door.beside or (door.keys,):
                if not keys:
                    return []
                patch: Any = None
                for key in reversed(keys):
                    patch = {key: patch}
                shown = f"json_merge_patch({shown}, {literal(json.dumps(patch, ensure_ascii=False))}::JSON)"
        rows = scratch.fetch(f"SELECT ({shown})::VARCHAR FROM {self._rows({}, depth=level)} LIMIT {count}")
        return [_parsed(record) for (record,) in rows if record is not None]

    def _somewhere(self, scratch: DuckScratch, level: int, names: Mapping[str, str]) -> list[str]:
        tests = [
            "bool_or(" + " OR ".join(f"json_exists(json, {literal(pointer(way))})" for way in ways(inside)) + ")"
            for inside in names.values()
        ]
        ((*found,),) = scratch.fetch(f"SELECT {', '.join(tests)} FROM {self._rows({}, depth=level)}")
        return [name for name, there in zip(names, found, strict=True) if there]


def _parsed(record: str) -> Any:
    """A record for looking at its keys; one that is nested too deep for that shows none."""
    try:
        return json.loads(record, object_pairs_hook=_once)
    except RecursionError:
        return None


def _collect(record: Any, prefix: str, names: dict[str, None]) -> None:
    """The columns of a record: dotted keys of what is no object, positions of a list that is the record."""
    if isinstance(record, dict):
        for key, value in record.items():
            if not isinstance(value, dict):
                names[prefix + key] = None
            _collect(value, f"{prefix}{key}.", names)
    elif isinstance(record, list) and not prefix:
        names |= dict.fromkeys(f"[{index}]" for index in range(len(record)))


def _texts(json_column: str, columns: Sequence[str]) -> str:
    pointers = ", ".join(literal(pointer(way)) for column in columns for way in ways(column))
    return f"json_extract_string({json_column}, [{pointers}]::VARCHAR[])"


def _picked(columns: Sequence[str], array: str = "x") -> list[str]:
    """For each of ``columns`` its text among ``array``: what the first of its ways leads to."""
    found, position = [], 1
    for column in columns:
        count = len(ways(column))
        each = [f"{array}[{position + index}]" for index in range(count)]
        found.append(each[0] if count == 1 else f"coalesce({', '.join(each)})")
        position += count
    return found


def _opened(door: Door, base: str, level: int, carried: Sequence[str], texts: Sequence[str], numbered: bool) -> str:
    """SQL of what stands behind one more door: a row for each item. What should be opened and cannot is no record."""
    computed = ", ".join([*carried, *texts])
    kept = "".join(f", {name}" for name in [*carried, *(text.rpartition(" AS ")[2] for text in texts)])
    computed = f", {computed}" if computed else ""
    kind = f", json_type(v0) AS kind, coalesce({_skipped('json')}, 0) AS skipped" if numbered else ""
    inner = f"(SELECT {_items(door)} AS items{computed}{_values_keys(door)}{kind} FROM {_found(door, base)})"
    more = f", unnest(object_keys) AS k{level}" if door.opens == "values" else ""
    # An object that is a record by itself has no position.
    positions = "CASE kind WHEN 'ARRAY' THEN range(skipped, skipped + len(items)) ELSE [NULL::BIGINT][:len(items)] END"
    more += f", unnest({positions}) AS n{level}" if numbered else ""
    return f"(SELECT unnest(items) AS json{kept}{more} FROM {inner})"


def _found(door: Door, base: str) -> str:
    ends = door.beside or (door.keys,)
    places = ", ".join(f"{_at(keys)} AS v{index}" if keys else f"json AS v{index}" for index, keys in enumerate(ends))
    return f"(SELECT *, {places} FROM {base})"


def _skipped(json_column: str) -> str:
    return f"json_extract({json_column}, {literal(pointer((SKIPPED,)))})::BIGINT"


def _at(keys: Sequence[str]) -> str:
    return f"json_extract(json, {literal(pointer(keys))})"


def _items(door: Door) -> str:
    if door.beside:
        return _side_by_side(door.beside)
    kind, items, none = "json_type(v0)", "json_extract(v0, '$[*]')", "[]::JSON[]"
    if door.opens == "values":
        opened = "WHEN 'OBJECT' THEN json_extract(v0, '$.*')"
    elif door.opens == "items":
        opened = f"WHEN 'ARRAY' THEN {items}"
    else:
        opened = f"WHEN 'ARRAY' THEN {items} WHEN 'OBJECT' THEN [v0]"
    # Nothing, or null, holds no record. The text of anything else becomes one that is none, and is told.
    return f"CASE coalesce({kind}, 'NULL') {opened} WHEN 'NULL' THEN {none} ELSE [to_json(v0::VARCHAR)] END"


def _values_keys(door: Door) -> str:
    if door.opens != "values":
        return ""
    kind = "coalesce(json_type(v0), 'NULL')"
    return f", CASE {kind} WHEN 'OBJECT' THEN json_keys(v0) WHEN 'NULL' THEN [] ELSE [NULL::VARCHAR] END AS object_keys"


def _side_by_side(beside: Sequence[tuple[str, ...]]) -> str:
    places = [f"v{index}" for index in range(len(beside))]
    lists = [f"json_extract({place}, '$[*]')" for place in places]
    absent = " AND ".join(f"coalesce(json_type({place}), 'NULL') = 'NULL'" for place in places)
    uneven = " OR ".join(
        f"coalesce(json_type({place}), 'NULL') <> 'ARRAY' OR len({each}) <> len({lists[0]})"
        for place, each in zip(places, lists, strict=True)
    )
    sizes = " || ', ' || ".join(
        f"{literal(written(keys))} || ' has ' || coalesce(len({each}), 0)"
        for keys, each in zip(beside, lists, strict=True)
    )
    pairs = ", ".join(f"{literal(written(keys))}, z[{index}]" for index, keys in enumerate(beside, start=1))
    zipped = f"list_transform(list_zip({', '.join(lists)}), lambda z: json_object({pairs}))"
    told = f"[to_json('lists of unequal length: ' || {sizes})]"
    return f"CASE WHEN {absent} THEN []::JSON[] WHEN {uneven} THEN {told} ELSE {zipped} END"
