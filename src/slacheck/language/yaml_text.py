"""YAML read as text that keeps its places: every scalar as written, every key and value with line and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml

from slacheck.language.yaml_syntax import Place, Syntax, end_of, glued_key, problem_at, start_of
from slacheck.problems import AgreementError, Problem

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml reads the same, only slower and taking 'a:[b]' in braces
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_BYTES = 5 * 1024 * 1024
MAX_VALUES = 100_000
MAX_DEPTH = 64

Data: TypeAlias = "dict[str, Data] | list[Data] | str | None"

# What libyaml cannot read, and what would make a line that an editor does not show as one.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAK = re.compile("\r\n|\r|\n")


@dataclass(slots=True)
class Node:
    """One value, and by key or item the place of the key and the value behind it."""

    place: Place
    data: Data
    children: dict[str | int, tuple[Place, Node]] = field(default_factory=dict)
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; ``key`` waits for its value, ``None`` when that is to be dropped."""

    node: Node
    start: Any
    flow: bool
    wants_key: bool
    key: str | None = None
    key_place: Place = field(default_factory=lambda: Place(1, 1))
    key_plain: bool = False

    @property
    def waits_for_nothing(self) -> bool:
        return isinstance(self.node.data, dict) and not self.wants_key and self.key is None


@dataclass(frozen=True)
class Document:
    """One YAML file: ``data`` holds only dict, list, str and None; ``place`` finds where any of it was written.

    A document may be rearranged before it is validated (``rearranged``): its nodes keep the places where they were
    written. ``unsaid`` are the steps that nobody wrote, which messages leave out. ``digest`` is the SHA-256 of the
    bytes of the file that was read.
    """

    path: str
    lines: tuple[str, ...]
    data: dict[str, Data]
    root: Node = field(repr=False, compare=False)
    unsaid: frozenset[str] = frozenset()
    digest: str = ""

    def place(self, loc: Sequence[str | int], at: Literal["key", "value"] = "value") -> Place:
        """Where the value at ``loc`` stands, or its key; a step that is no key is passed over.

        Where the route ends early the deepest part of it that exists is meant. An item of a list has no key
        and stands for itself.
        """
        key_place, node = self.root.place, self.root
        for step in loc:
            key_place, node = node.children.get(step, (key_place, node))
        return key_place if at == "key" else node.place

    def route(self, loc: Sequence[str | int]) -> tuple[tuple[str | int, ...], tuple[str | int, ...]]:
        """The steps of ``loc`` that are keys or items here, and the steps after the last of these."""
        steps: list[str | int] = []
        node, last = self.root, 0
        for number, step in enumerate(loc, start=1):
            if step in node.children:
                node, last = node.children[step][1], number
                steps.append(step)
        return tuple(steps), tuple(loc[last:])

    def value(self, loc: Sequence[str | int]) -> Data:
        """What stands at ``loc``, found as ``place`` finds it."""
        node = self.root
        for step in loc:
            node = node.children.get(step, (node.place, node))[1]
        return node.data

    def rearranged(self, root: Node, unsaid: frozenset[str]) -> Document:
        """The same file with ``root`` as its mapping."""
        assert isinstance(root.data, dict)
        return replace(self, data=root.data, root=root, unsaid=unsaid)

    def said(self, route: Sequence[str | int]) -> tuple[str | int, ...]:
        """The steps of ``route`` as messages name them."""
        return tuple(step for step in route if step not in self.unsaid)

    def problem(self, place: Place, code: str, message: str, help: str = "") -> Problem:
        """A problem of this file at ``place``, with its source line."""
        return problem_at(self.path, self.lines, place, code, message, help)


def read_file(path: Path, label: str | None = None) -> Document:
    """Read the YAML file at ``path``; problems name it ``label``. Raises AgreementError with every problem found."""
    name = str(path) if label is None else label
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(name, "no-file", "the file does not exist", "check the name and the folder") from None
    except IsADirectoryError:
        raise _refusal(name, "no-file", "this is a folder, not a file", "name the file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(name, "no-file", f"the file cannot be read: {reason}", "") from None
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    return replace(read(_decoded(raw, name), name), digest=hashlib.sha256(raw).hexdigest())


def read(text: str, path: str) -> Document:
    """Read YAML from ``text``; ``path`` is the name in problems. Raises AgreementError with every problem found."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_large(path)
    text = text.removeprefix("\ufeff")
    lines = tuple(_BREAK.split(text))
    if unreadable := list(_unreadable(lines, path)):
        raise AgreementError(unreadable)
    composer = _Composer(path, lines)
    composer.compose(text)
    root = composer.root
    if not composer.problems and (root is None or root.data is None):
        help = "an agreement starts with 'slacheck: 1'"
        composer.report(Place(1, 1), "empty-file", "nothing is written in this file", help)
    elif root is not None and not isinstance(root.data, dict) and not composer.problems:
        composer.report_top_level(root)
    if composer.problems or root is None or not isinstance(root.data, dict):
        raise AgreementError(sorted(composer.problems, key=lambda p: (p.line, p.column)))
    return Document(path, lines, root.data, root)


def _refusal(path: str, code: str, message: str, help: str) -> AgreementError:
    return AgreementError([Problem(path, code=code, message=message, help=help)])


def _too_large(path: str) -> AgreementError:
    return _refusal(path, "too-large", "the file is larger than 5 MiB", "an agreement is text; keep data in exports")


def _decoded(raw: bytes, path: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in raw[:4] and len(raw) > 1):
        raise _refusal(path, "encoding", "the text is UTF-16 or UTF-32, not UTF-8", "save the file as UTF-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _BREAK.split(raw[: error.start].decode("utf-8").removeprefix("\ufeff"))
        lines = _BREAK.split(raw.decode("utf-8", "replace").removeprefix("\ufeff"))
        place = Place(len(before), len(before[-1]) + 1)
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8 text"
        raise AgreementError([problem_at(path, lines, place, "encoding", message, "save the file as UTF-8")]) from None


def _unreadable(lines: Sequence[str], path: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=1):
        if found := _UNREADABLE.search(line):
            message = f"the character U+{ord(found[0]):04X} may not stand in an agreement"
            place = Place(number, found.start() + 1)
            yield problem_at(path, lines, place, "control-character", message, "delete it: it cannot be seen")


def _events(text: str) -> Generator[yaml.Event, None, None]:
    yield from yaml.parse(text, Loader=Loader)


class _Composer:
    """Builds nodes from parser events with a stack of its own, so that no nesting can exhaust Python's."""

    def __init__(self, path: str, lines: tuple[str, ...]) -> None:
        self.path, self.lines = path, lines
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.last: yaml.Event | None = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._values = 0

    def report(self, place: Place, code: str, message: str, help: str) -> None:
        self.problems.append(problem_at(self.path, self.lines, place, code, message, help))

    def compose(self, text: str) -> None:
        documents = 0
        try:
            with closing(_events(text)) as events:
                for event in events:
                    documents += isinstance(event, yaml.DocumentStartEvent)
                    if documents > 1:
                        message, help = "a second document starts here", "write one agreement per file, without '---'"
                        return self.report(self._span(event), "second-document", message, help)
                    if not self._take(event):
                        return None
                    self.last = event
        except yaml.YAMLError as error:
            problem = Syntax(
                self.path, self.lines, self.last, error, any(frame.flow for frame in self._stack)
            ).problem()
            if problem.line not in {known.line for known in self.problems}:
                self.problems.append(problem)

    def report_top_level(self, root: Node) -> None:
        glued = glued_key(self.lines[root.place.line - 1], root.place.column - 1)
        if isinstance(root.data, str) and glued:
            return self.report(replace(root.place, column=glued[0], width=1), "yaml", glued[1], glued[2])
        stands = "a list" if isinstance(root.data, list) else "text"
        message = f"a mapping of keys is wanted at the top level, not {stands}"
        return self.report(root.place, "wrong-shape", message, "start with 'slacheck: 1'")

    def _take(self, event: yaml.Event) -> bool:
        """Take in one event; False when reading on would serve nobody."""
        if isinstance(event, yaml.AliasEvent):
            node = self._aliased(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            node = Node(self._span(event), {} if isinstance(event, yaml.MappingStartEvent) else [], height=1)
        elif isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)
            return True
        else:
            return True
        self._values += node.size
        if self._values > MAX_VALUES or len(self._stack) + node.height > MAX_DEPTH:
            self._report_bounds(event)
            return False
        if isinstance(event, yaml.NodeEvent) and not isinstance(event, yaml.AliasEvent):
            self._refuse_tag(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = node
        if isinstance(event, yaml.CollectionStartEvent):
            flow, mapping = bool(event.flow_style), isinstance(node.data, dict)
            self._stack.append(_Open(node, start_of(event), flow, wants_key=mapping))
        else:
            self._attach(node, event)
        return True

    def _report_bounds(self, event: yaml.Event) -> None:
        if self._values > MAX_VALUES:
            message = f"more than {MAX_VALUES:,} values, those that aliases repeat counted each time"
            return self.report(self._span(event), "too-many-values", message, "keep data in exports")
        message = f"more than {MAX_DEPTH} levels of nesting"
        return self.report(self._span(event), "too-deep", message, "check the brackets and the aliases on this line")

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        place = self._span(event)
        if event.style == ">":
            self._refuse_sign_read_as_folding(event, place)
        plain_null = not event.style and event.value in ("", "null", "~")
        if _is_empty(event) and self._stack:
            frame = self._stack[-1]
            if isinstance(frame.node.data, list):
                place = replace(place, column=max(1, place.column - 1))
            elif not frame.wants_key:
                place = frame.key_place
        return Node(place, None if plain_null else event.value)

    def _refuse_sign_read_as_folding(self, event: yaml.ScalarEvent, place: Place) -> None:
        """``limit: >5`` and ``limit: >`` are whole YAML and would silently become an empty text."""
        header = self.lines[place.line - 1][place.column - 1 :]
        if header.startswith(">") and (re.match(r">[-+]?[0-9]", header) or not event.value.strip()):
            self.problems.append(
                Syntax(self.path, self.lines, self.last, None, False).sign(place.line - 1, place.column - 1)
            )

    def _aliased(self, event: yaml.AliasEvent) -> Node:
        node = self._anchors.get(event.anchor or "")
        if node is None and self._stack and self._stack[-1].waits_for_nothing:
            pass  # the key was refused, and with it whatever it was to hold
        elif node is None and self._anchors:
            message, known = (
                f"no anchor '&{event.anchor}' stands above",
                ", ".join(f"*{name}" for name in self._anchors),
            )
            self.report(self._span(event), "unknown-anchor", message, f"those above are: {known}")
        elif node is None:
            self.problems.append(
                Syntax(self.path, self.lines, self.last, None, self._flow()).sign(
                    start_of(event).line, start_of(event).column
                )
            )
        elif any(frame.node is node for frame in self._stack):
            message = f"the anchor '{event.anchor}' contains itself"
            self.report(self._span(event), "endless-alias", message, "write out what is meant here")
        else:
            return node
        return Node(self._span(event), None)

    def _flow(self) -> bool:
        return any(frame.flow for frame in self._stack)

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is None:
            return
        line, column = start_of(event).line, start_of(event).column
        column = max(column, self.lines[line].find("!", column))
        written = re.match(r"!\S*", self.lines[line][column:])
        if not written or not re.match(r"!(?:!|<|[\w.-]*!)?[\w/]", written[0]):
            self.problems.append(Syntax(self.path, self.lines, self.last, None, self._flow()).sign(line, column))
            return
        message, help = f"the tag '{written[0]}' is not accepted", "leave it out: every value is text until it is read"
        self.report(Place(line + 1, column + 1, len(written[0])), "yaml-tag", message, help)

    def _attach(self, node: Node, event: yaml.Event) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        data = frame.node.data
        if isinstance(data, list):
            frame.node.children[len(data)] = (node.place, node)
            data.append(node.data)
        elif frame.wants_key:
            self._take_key(frame, node, event)
            return
        elif isinstance(data, dict):
            self._refuse_glued_in_flow(frame, event)
            if frame.key is not None:
                frame.node.children[frame.key] = (frame.key_place, node)
                data[frame.key] = node.data
            frame.wants_key = True
        frame.node.size += node.size
        frame.node.height = max(frame.node.height, node.height + 1)

    def _take_key(self, frame: _Open, node: Node, event: yaml.Event) -> None:
        frame.wants_key = False
        frame.key = None
        frame.node.size += node.size
        frame.key_place = self._span(event) if isinstance(event, yaml.AliasEvent) else node.place
        frame.key_plain = isinstance(event, yaml.ScalarEvent) and not event.style
        place = frame.key_place
        if isinstance(node.data, (dict, list)):
            help = "write text before the ':', or put the whole value in quotes; templates are not filled in"
            self.report(place, "key-not-text", "a key must be text, not a list or a mapping", help)
        elif node.data is None:
            self.report(place, "key-not-text", "a key is missing here", "write text before the ':', 'null' in quotes")
        elif node.data == "<<" and frame.key_plain:
            message, help = "merge keys are not accepted", "write the keys out, or alias one whole value: name: *anchor"
            self.report(place, "merge-key", message, help)
        elif node.data in frame.node.children:
            first = frame.node.children[node.data][0].line
            help = f"the first stands on line {first}; keep one of the two"
            self.report(place, "duplicate-key", f"the key '{node.data}' stands twice", help)
        else:
            frame.key = node.data

    def _refuse_glued_in_flow(self, frame: _Open, event: yaml.Event) -> None:
        """``{limit:5}`` is whole YAML for a key 'limit:5' without a value."""
        if frame.flow and frame.key_plain and frame.key is not None and _is_empty(event):
            place = frame.key_place
            glued = glued_key(self.lines[place.line - 1][: place.column - 1 + place.width], place.column - 1)
            if glued:
                self.report(replace(place, column=glued[0], width=1), "yaml", glued[1], glued[2])

    def _close(self, event: yaml.Event) -> None:
        frame = self._stack.pop()
        if frame.flow:
            frame.node.place = self._between(frame.start, end_of(event))
        elif isinstance(frame.node.data, dict) and frame.node.children:
            first = next(iter(frame.node.children.values()))[0]
            same = (first.line, first.column) == (frame.node.place.line, frame.node.place.column)
            frame.node.place = first if same else frame.node.place
        self._attach(frame.node, event)

    def _span(self, event: yaml.Event) -> Place:
        return self._between(start_of(event), end_of(event))

    def _between(self, start: Any, end: Any) -> Place:
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        stop = end.column if end.line == start.line else len(line.rstrip())
        return Place(start.line + 1, start.column + 1, max(1, stop - start.column))


def _is_empty(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style and start_of(event).index == end_of(event).index
