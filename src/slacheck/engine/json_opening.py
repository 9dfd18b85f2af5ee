"""JSON files opened: which records stand where in them, told before any is read, and where their text is broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

import duckdb

from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import CHUNK, ExportFile, check_encoding, head, quoted_path, unpacked
from slacheck.engine.json_documents import BrokenDocument, count, find, inside, kind, lists, members, stretches
from slacheck.engine.json_records import SKIPPED, Around, RecordSet
from slacheck.engine.record_paths import Door, RecordsPath, records_path

_MARK = b"\xef\xbb\xbf"
# A disk is not filled with what a small file unpacks to.
_SUSPICIOUS, _SUSPICIOUS_TIMES = 1024 * 1024 * 1024, 100
# What is read once more in memory to say where a mistake stands; beyond it a file is refused without the place.
_EXPLAINED = 64 * 1024 * 1024
_LARGEST_PACKED = 32 * 1024 * 1024
# What the engine takes of one record, and what of those that are opened is given to it at once.
_LARGEST_OBJECT, _PIECE = 16 * 1024 * 1024 - 1024, 1024 * 1024
_LARGEST_AROUND = 4 * 1024 * 1024


def record_sets(file: ExportFile, scratch: DuckScratch, records: Sequence[str]) -> tuple[RecordSet, ...]:
    """The records of ``file`` behind each of the paths ``records``; without a path those of a plain list.

    Raises DataError where a document is no list and no path is given, where no path leads to records, for what is
    broken, and for a single record that is too large.
    """
    paths = [records_path(text) for text in records]
    if file.format == "ndjson":
        return _of_lines(file, scratch, paths)
    if not paths and head(file).lstrip().startswith("["):
        return (_of_list(file, scratch, Door((), "items")),)
    if not paths:
        help = f"name the list with `records`; there are: {_lists_in(file, scratch)}"
        file.refuse("records", "one document, not a list of records", help)
    return _of_document(file, scratch, paths)


def _of_lines(file: ExportFile, scratch: DuckScratch, paths: Sequence[RecordsPath]) -> tuple[RecordSet, ...]:
    """One document or record in each line."""
    line = Door((), "items")
    lines = _of_list(file, scratch, line)
    if not paths:
        return (lines,)
    sets = tuple(replace(lines, path=RecordsPath((line, *path.doors))) for path in paths)
    dead = [each.dead_end(scratch) for each in sets]
    if all(dead):
        names = ", ".join(f"'{path.prefix(9)}'" for path in paths)
        file.refuse("records", f"no list {names}: the file has one record per line", "leave `records` away")
    return tuple(each for each, end in zip(sets, dead, strict=True) if end is None)


def _of_list(file: ExportFile, scratch: DuckScratch, door: Door) -> RecordSet:
    unmarked = _without_mark(file, scratch)
    kind = "array" if file.format == "json" else "newline_delimited"
    return RecordSet(RecordsPath((door,)), _base([unmarked.path], kind, unmarked.compression), Around())


def _base(paths: Sequence[Path], kind: str, compression: str) -> str:
    unpacking = "uncompressed" if compression == "none" else compression
    named = ", ".join(quoted_path(path) for path in paths)
    return f"read_json_objects([{named}], format = '{kind}', compression = '{unpacking}')"


def _of_document(file: ExportFile, scratch: DuckScratch, paths: Sequence[RecordsPath]) -> tuple[RecordSet, ...]:
    with _mapped(file, scratch) as (document, text):
        plain = replace(file, path=document, compression="none")
        try:
            found = [_in_document(plain, scratch, text, path) for path in paths]
        except (BrokenDocument, ValueError, RecursionError):
            check_encoding(file)
            check_json(plain)
            file.refuse("broken-json", "not JSON", "export it again")
    sets = tuple(each for each in found if isinstance(each, RecordSet))
    if not sets:
        reasons = [f"'{path.prefix(9)}': {why}" for path, why in zip(paths, found, strict=True)]
        message = f"no list of records at {', '.join(reasons)}"
        file.refuse("records", message, f"there are: {_lists_in(file, scratch)}")
    dead = [each.dead_end(scratch) for each in sets]
    if all(dead):
        file.refuse("records", f"no list of records at '{dead[0]}': nothing stands there", "check the path `records`")
    return tuple(each for each, end in zip(sets, dead, strict=True) if end is None)


def _in_document(file: ExportFile, scratch: DuckScratch, text: mmap, path: RecordsPath) -> RecordSet | str:
    """The records behind one path, or what stands there instead. The first list is taken out of the document, item
    by item or as it stands, and streamed."""
    first, *further = path.doors
    place = find(text, first.keys)
    if isinstance(place, str):
        return place
    begin, end = place
    stands = kind(text, begin)
    target = scratch.directory / f"{scratch.fresh('records')}.json"
    whole = first.keys == () and (first.opens == "what-stands-there" or first.beside)
    if whole or (stands == "an object" and first.opens == "what-stands-there"):
        _refuse_large(file, end - begin)
        _copied(text, place, target)
        around = Around() if whole else _around(text, place)
        doors = (Door((), "what-stands-there"), *path.doors) if first.beside else path.doors
        return RecordSet(RecordsPath(doors), _base([target], "unstructured", "none"), around)
    if stands == "an object" and first.opens == "values":
        _values(file, text, begin, target)
        pair = "json_extract(json, '/value') AS json, json_extract_string(json, '/key') AS key"
        base = f"(SELECT {pair} FROM {_base([target], 'array', 'none')})"
        return RecordSet(path, base, _around(text, place))
    if stands != "a list" or first.opens == "values":
        return f"it is {stands}"
    opened = RecordsPath((Door(first.keys, "items"), *further))
    if not further:
        _copied(text, place, target)
        return RecordSet(opened, _base([target], "array", "none"), _around(text, place))
    pieces = list(_pieces(file, scratch, text, begin, further[0]))
    if not pieces:
        _copied(text, place, target)
    return RecordSet(opened, _base(pieces or [target], "array", "none"), _around(text, place))


def _pieces(file: ExportFile, scratch: DuckScratch, text: mmap, begin: int, door: Door) -> Iterator[Path]:
    """Write the items of the list at ``begin`` to several small files, which yield.

    The engine takes many times the size of the records that it opens at once, at least all of one small file. An item
    with a long list behind ``door`` is written several times, each with a stretch of that list, and with the number
    of items that stand before it.
    """
    for index, (start, end) in enumerate(stretches(text, begin, _PIECE)):
        stem = f"{scratch.fresh('records')}_{index}"
        parts = [(0, start, end)]
        split = inside(text, (start, end), door.keys) if end - start > _PIECE and not door.beside else None
        if split is None or kind(text, split[0]) != "a list" or not door.keys or door.opens == "values":
            split = None
            _refuse_large(file, end - start)
        else:
            parts, before = [], 0
            for low, high in stretches(text, split[0], _PIECE):
                parts.append((before, low, high))
                before += count(text[low:high]) if high - low <= _PIECE else 1
        for number, (before, low, high) in enumerate(parts):
            path = scratch.directory / f"{stem}_{number}.json"
            with path.open("wb") as out:
                if split is None:
                    out.write(b"[")
                    _write(text, low, high, out.write)
                else:
                    # The keys around the list are repeated, and stand before what the item says of itself.
                    out.write(b'[{"%b":%d,' % (SKIPPED.encode(), before) if number else b"[{")
                    _write(text, start + 1, split[0], out.write)
                    out.write(b"[")
                    _write(text, low, high, out.write)
                    out.write(b"]")
                    _write(text, split[1], end, out.write)
                out.write(b"]")
            yield path


def _around(text: mmap, place: tuple[int, int]) -> Around:
    begin, end = place
    if len(text) - (end - begin) > _LARGEST_AROUND:
        return Around()
    closed = text[begin : begin + 1] + text[end - 1 : end]
    document = text[:begin] + closed + text[end:]
    try:
        return Around(json.loads(document, parse_int=str, parse_float=str))
    except RecursionError:
        return Around()


def _refuse_large(file: ExportFile, size: int) -> None:
    if size > _LARGEST_OBJECT:
        message = f"one record around the others is {size // 1024 // 1024} MiB of text; at most 16 are read at once"
        file.refuse("too-large", message, "export a shorter stretch of time to each file, and list the files in `path`")


def _values(file: ExportFile, text: mmap, begin: int, target: Path) -> None:
    """Write the values of an object as a list of ``{"key": .., "value": ..}``."""
    with target.open("wb") as out:
        separator = b"["
        for key, start, end in members(text, begin):
            out.write(separator + b'{"key":' + json.dumps(key).encode() + b',"value":')
            _write(text, start, end, out.write)
            out.write(b"}")
            separator = b","
            _refuse_large(file, end - start)
        out.write(b"]" if separator == b"," else b"[]")


def _copied(text: mmap, place: tuple[int, int], target: Path) -> None:
    with target.open("wb") as out:
        _write(text, *place, out.write)


def _write(text: mmap, begin: int, end: int, write: Callable[[bytes], object]) -> None:
    for start in range(begin, end, CHUNK):
        write(text[start : min(start + CHUNK, end)])


@contextmanager
def _mapped(file: ExportFile, scratch: DuckScratch) -> Iterator[tuple[Path, mmap]]:
    document = _plain(file, scratch)
    with document.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as text:
        yield document, text


def _lists_in(file: ExportFile, scratch: DuckScratch) -> str:
    document = _plain(file, scratch)
    check_encoding(file)
    check_json(replace(file, path=document, compression="none"))
    if document.stat().st_size >= _EXPLAINED:
        return "those behind its first keys"
    return ", ".join(lists(json.loads(document.read_bytes()))) or "no list at all"


def _without_mark(file: ExportFile, scratch: DuckScratch) -> ExportFile:
    stream = unpacked(file)
    if stream is not None:
        with stream:
            marked = stream.read(3) == _MARK
        if marked:
            return replace(file, path=_plain(file, scratch), compression="none")
    return file


def _plain(file: ExportFile, scratch: DuckScratch) -> Path:
    """The file unpacked and without a byte order mark: itself, or a copy."""
    stream = unpacked(file)
    target = scratch.directory / f"{scratch.fresh('records')}.json"
    if stream is None:
        target.write_text(_zstd_document(file, scratch), encoding="utf-8")
        return target
    packed = file.path.stat().st_size
    with stream:
        first = stream.read(3)
        if file.compression == "none" and first != _MARK:
            return file.path
        with target.open("wb") as out:
            out.write(b"" if first == _MARK else first)
            while chunk := stream.read(CHUNK):
                out.write(chunk)
                if out.tell() > max(_SUSPICIOUS, _SUSPICIOUS_TIMES * packed):
                    message = f"unpacks to more than {_SUSPICIOUS_TIMES} times its size, and to gigabytes"
                    file.refuse("too-large", message, "is it the right file? `gunzip` it yourself if it is")
    return target


def _zstd_document(file: ExportFile, scratch: DuckScratch) -> str:
    """Only DuckDB unpacks zstd, and its JSON reader takes many times the size of a document in buffers."""
    source = (
        f"read_json_objects([{quoted_path(file.path)}], format = 'unstructured', compression = 'zstd',"
        f" maximum_object_size = {_LARGEST_PACKED})"
    )
    try:
        rows = scratch.fetch(f"SELECT json::VARCHAR FROM {source} LIMIT 2")
    except duckdb.Error as error:
        if "maximum_object_size" not in str(error) and not isinstance(error, duckdb.OutOfMemoryException):
            raise
        file.refuse("too-large", "a zstd file with one document too large to be unpacked", "unpack it with `zstd -d`")
    return "\n".join(row[0] for row in rows)


def check_json(file: ExportFile) -> None:
    """Raise DataError with the place of the first mistake as Python's reader finds it; nothing for zstd."""
    stream = unpacked(file)
    if stream is None:
        return
    with stream:
        if file.format == "ndjson":
            for number, line in enumerate(iter(lambda: stream.readline(_EXPLAINED), b""), 1):
                text = line.removeprefix(_MARK).decode()
                if text.strip():
                    _parse(file, text, number)
        elif len(content := stream.read(_EXPLAINED)) < _EXPLAINED:
            _parse(file, content.removeprefix(_MARK).decode(), 1)


def _parse(file: ExportFile, text: str, line: int) -> None:
    text = text.rstrip()
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        place = line + error.lineno - 1
        cut = " (it is cut off here)" if error.pos >= len(text) else ""
        file.refuse("broken-json", f"not JSON: {error.msg}{cut}", "export it again", line=place, column=error.colno)
    except RecursionError:
        file.refuse("broken-json", "nested deeper than any export is", "check its brackets", line=line, column=1)
    except ValueError:
        file.refuse("broken-json", "a number of thousands of digits", "export it again", line=line, column=1)
