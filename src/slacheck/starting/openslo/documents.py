"""OpenSLO files read as what they are made of: objects, and parts of them that know where they stand and who read them.

The names of keys and kinds are those of the OpenSLO specification, v1alpha, v1 and the proposal v2alpha.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from slacheck.language.yaml_text import MAX_BYTES, Data, Document, read
from slacheck.problems import AgreementError, Problem

VERSIONS = ("openslo/v1alpha", "openslo/v1", "openslo.com/v2alpha")
KINDS = ("Service", "SLO", "SLI", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget")

_CODE = "openslo"
_ONE_EACH = "write one object in each document, with --- between them"
_MOST_DOCUMENTS = 1_000
_MARK = re.compile(r"(---|\.\.\.)(\s|$)")
Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Part:
    """A value of an object. Whatever is read of it is noted, so that the rest can be told."""

    document: Document = field(repr=False)
    steps: Steps
    known: set[Steps] = field(repr=False)

    @property
    def data(self) -> Data:
        return self.document.value(self.steps)

    def get(self, *keys: str) -> Part | None:
        """The part behind the first of ``keys`` that stands here and holds something."""
        data = self.data
        for key in keys:
            if isinstance(data, dict) and data.get(key) is not None:
                return Part(self.document, (*self.steps, key), self.known)
        return None

    def text(self, *keys: str) -> str:
        """The text behind the first of ``keys`` that stands here, empty where there is none; it counts as read."""
        part = self.get(*keys)
        if part is None or not isinstance(part.data, str):
            return ""
        part.read()
        return part.data

    def items(self) -> Iterator[Part]:
        """The items of a list."""
        if isinstance(self.data, list):
            for index in range(len(self.data)):
                yield Part(self.document, (*self.steps, index), self.known)

    def read(self) -> None:
        """Note this value, and everything in it, as read."""
        self.known.add(self.steps)

    def problem(self, message: str, help: str = "") -> Problem:
        """What is to be told of this place."""
        place = self.document.place(self.steps, "key")
        return replace(self.document.problem(place, _CODE, message, help), weight="warning")

    def unread(self) -> Iterator[Part]:
        """The outermost parts of this one of which nothing was read."""
        touched = {known[:end] for known in self.known for end in range(len(known) + 1)}
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.steps in self.known:
                continue
            if part.steps in touched:
                waiting += [Part(part.document, (*part.steps, step), part.known) for step in _steps(part.data)]
            else:
                yield part


def _steps(data: Data) -> Sequence[str | int]:
    return list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()


@dataclass(frozen=True)
class Object:
    """One object of a file."""

    kind: str
    name: str
    whole: Part

    @property
    def spec(self) -> Part:
        """What it says; the object itself where it says nothing."""
        return self.whole.get("spec") or self.whole

    @property
    def title(self) -> str:
        """What it is called for people, else its name."""
        metadata = self.whole.get("metadata")
        return (metadata.text("displayName") if metadata else "") or self.name


def objects(paths: Sequence[Path]) -> list[Object]:
    """The objects of all files, in their order. Raises AgreementError with everything that is no OpenSLO."""
    found: list[Object] = []
    wrong: list[Problem] = []
    for path in paths:
        try:
            for document in _documents(path):
                try:
                    found.append(_object(document))
                except AgreementError as error:
                    wrong += error.problems
        except AgreementError as error:
            wrong += error.problems
    if not found and not wrong:
        wrong = [Problem(str(path), code=_CODE, message="nothing is written in this file") for path in paths]
    if wrong:
        raise AgreementError(wrong)
    return found


def _documents(path: Path) -> Iterator[Document]:
    """The documents of a file, each with the lines that it has there."""
    wrong: list[Problem] = []
    for number, (before, text) in enumerate(_cut(_text(path))):
        if number == _MOST_DOCUMENTS:
            raise AgreementError([_no_file(path, f"the file holds more than {_MOST_DOCUMENTS:,} documents")])
        try:
            yield read("\n" * before + text, str(path))
        except AgreementError as error:
            wrong += [
                replace(each, help=_ONE_EACH if "slacheck: 1" in each.help else each.help) for each in error.problems
            ]
    if wrong:
        raise AgreementError(wrong)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AgreementError([_no_file(path, f"the file cannot be read: {reason.lower()}")]) from None
    if len(raw) > MAX_BYTES:
        raise AgreementError([_no_file(path, "the file is larger than 5 MiB")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AgreementError([_no_file(path, "the file is not UTF-8 text")]) from None


def _no_file(path: Path, message: str) -> Problem:
    return Problem(str(path), code="no-file", message=message)


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """(lines before it, text) of each document that holds more than comments."""
    begun, lines = 0, text.splitlines()
    for number, line in enumerate([*lines, "---"]):
        if _MARK.match(line):
            own = lines[begun:number]
            if any(each.strip() and not each.lstrip().startswith(("#", "%")) for each in own):
                yield begun, "\n".join(own) + "\n"
            begun = number + 1


def _object(document: Document) -> Object:
    """Raises AgreementError where it is no object of OpenSLO that is known."""
    whole = Part(document, (), set())
    version, kind = whole.text("apiVersion"), whole.text("kind")
    metadata = whole.get("metadata")
    name = metadata.text("name") if metadata else ""
    wrong: list[Problem] = []
    for key, known, word in (("apiVersion", VERSIONS, version), ("kind", (*KINDS, "BudgetAdjustment"), kind)):
        if word not in known:
            said = f"'{word}' is not one that is known" if word else f"no '{key}' at the top level"
            place = whole.get(key) or whole
            wrong.append(place.problem(f"{said}: {', '.join(known)}"))
    if not wrong and not name:
        wrong.append((metadata or whole).problem("the object has no metadata.name"))
    if wrong:
        raise AgreementError([replace(each, weight="error") for each in wrong])
    return Object(kind, name, whole)
