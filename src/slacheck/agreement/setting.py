"""An agreement with some of its keys set to something else, or taken out, as it is asked for on a command line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from slacheck.agreement.loading import AgreementFile, load
from slacheck.language.yaml_syntax import Place
from slacheck.language.yaml_text import Document, Node, read
from slacheck.problems import AgreementError, Problem

# What begins like a collection or a quoted text of YAML is one; anything else is text as it stands.
_YAML = ("{", "[", '"', "'")


@dataclass(frozen=True)
class Setting:
    """One change that was asked for: ``key`` is a path such as ``service_levels.availability.target``.

    ``argument`` is what was written to ask for it, which problems name. Without a ``value`` the key is taken out; an
    exclusion then also leaves the levels that name it.
    """

    argument: str
    key: str
    value: str | None = None


def load_with(path: str | Path, settings: Sequence[Setting]) -> AgreementFile:
    """The agreement of a file as it would be with ``settings``, in their order.

    Raises AgreementError with every problem; those of a setting have its argument where others have their file.
    """
    lines = 0

    def changed(document: Document) -> Document:
        nonlocal lines
        lines = len(document.lines)
        root = document.root
        for number, setting in enumerate(settings, start=1):
            root = _set(root, setting, Place(lines + number, 1))
        arguments = tuple(setting.argument for setting in settings)
        return replace(document, lines=(*document.lines, *arguments)).rearranged(root, document.unsaid)

    try:
        return load(path, changed)
    except AgreementError as error:
        raise AgreementError([_told(each, lines, settings) for each in error.problems]) from None


def _told(problem: Problem, lines: int, settings: Sequence[Setting]) -> Problem:
    if not lines or problem.line <= lines:
        return problem
    argument = settings[problem.line - lines - 1].argument
    return replace(problem, path=argument, line=0, column=0, excerpt="")


def _set(root: Node, setting: Setting, place: Place) -> Node:
    steps, node = _steps(root, setting)
    if setting.value is not None:
        return _put(root, steps, _value(setting, place), place)
    if node is None:
        raise _refused(setting, f"there is no '{setting.key}' that could be taken out", _close(root, setting))
    root = _put(root, steps, None, place)
    return _unnamed(root, str(steps[1])) if len(steps) == 2 and steps[0] == "exclusions" else root


def _steps(root: Node, setting: Setting) -> tuple[tuple[str | int, ...], Node | None]:
    """The keys of a path, which may hold dots themselves, and what stands there; only its last key may be new."""
    steps: list[str | int] = []
    node, rest = root, setting.key
    while rest:
        found = _first(node, rest)
        if found is None:
            if not isinstance(node.data, dict) or (("." in rest) and steps):
                raise _refused(setting, f"there is no '{setting.key}' in the agreement", _close(root, setting))
            return (*steps, *rest.split(".")), None
        key, rest = found
        steps.append(key)
        node = node.children[key][1]
    return tuple(steps), node


def _first(node: Node, rest: str) -> tuple[str | int, str] | None:
    """The longest key that a path begins with, and what follows it."""
    for key in sorted(node.children, key=lambda each: -len(str(each))):
        if rest == str(key) or rest.startswith(f"{key}."):
            return key, rest[len(str(key)) + 1 :]
    return None


def _close(root: Node, setting: Setting) -> str:
    known = list(_paths(root, ""))
    close = difflib.get_close_matches(setting.key, known, n=1)
    return f"did you mean '{close[0]}'?" if close else "a key is named by its path: service_levels.availability.target"


def _paths(node: Node, before: str) -> Sequence[str]:
    found: list[str] = []
    for key, (_, child) in node.children.items():
        found += [f"{before}{key}", *_paths(child, f"{before}{key}.")]
    return found


def _value(setting: Setting, place: Place) -> Node:
    text = (setting.value or "").strip()
    if text in ("", "null", "~"):
        raise _refused(setting, f"nothing is set for '{setting.key}'", f"write --without {setting.key} to take it out")
    if not text.startswith(_YAML):
        return Node(place, text)
    try:
        parsed = read(f"value: {text}", setting.argument)
    except AgreementError as error:
        raise AgreementError([replace(each, line=0, column=0, excerpt="") for each in error.problems]) from None
    return _at(parsed.root.children["value"][1], place)


def _at(node: Node, place: Place) -> Node:
    """A node all of which stands at one place."""
    children = {key: (place, _at(child, place)) for key, (_, child) in node.children.items()}
    return Node(place, node.data, children, node.size, node.height)


def _put(node: Node, steps: Sequence[str | int], value: Node | None, place: Place) -> Node:
    """A node with another value at the end of the steps, or none."""
    key, *rest = steps
    children = dict(node.children)
    if rest:
        key_place, child = children.get(key, (place, Node(place, {}, height=1)))
        children[key] = key_place, _put(child, rest, value, place)
    elif value is None:
        del children[key]
    else:
        children[key] = place, value
    return _rebuilt(node, children)


def _rebuilt(node: Node, children: dict[str | int, tuple[Place, Node]]) -> Node:
    if isinstance(node.data, list):
        items = [child for _, child in children.items()]
        return Node(node.place, [each.data for _, each in items], dict(enumerate(items)), height=1)
    return Node(node.place, {str(key): child.data for key, (_, child) in children.items()}, children, height=1)


def _unnamed(node: Node, exclusion: str) -> Node:
    """Everything without the name of an exclusion, wherever measures name theirs."""
    children: dict[str | int, tuple[Place, Node]] = {}
    for key, (place, child) in node.children.items():
        if key == "excluding":
            if child.data == exclusion:
                continue
            kept = {at: item for at, item in child.children.items() if item[1].data != exclusion}
            children[key] = place, _rebuilt(child, kept) if isinstance(child.data, list) else child
        else:
            children[key] = place, _unnamed(child, exclusion) if child.children else child
    return _rebuilt(node, children)


def _refused(setting: Setting, message: str, help: str) -> AgreementError:
    return AgreementError([Problem(setting.argument, code="setting", message=message, help=help)])
