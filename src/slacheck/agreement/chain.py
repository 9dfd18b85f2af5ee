"""An agreement with those that it rests on, and what these rest on, each read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from slacheck.agreement.checks.finding import Steps, meant
from slacheck.agreement.loading import AgreementFile, load
from slacheck.agreement.support import Support
from slacheck.problems import AgreementError, Problem

MOST: Final = 200
"""A chain of more agreements is not read."""
DEEPEST: Final = 50


@dataclass(frozen=True)
class Link:
    """What one version of an agreement says of one that it rests on, under a name, and the chain from there on."""

    name: str
    version: AgreementFile
    support: Support
    below: Chain

    @property
    def steps(self) -> Steps:
        return "rests_on", self.name


@dataclass(frozen=True)
class Chain:
    """An agreement, and by links, in the order of its versions and as they stand, what it rests on.

    An agreement that several rest on is one and the same chain in all of them.
    """

    file: AgreementFile
    links: tuple[Link, ...]

    def links_of(self, version: AgreementFile) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.version is version)

    def below(self) -> tuple[Chain, ...]:
        """What it rests on directly in any version, each once, in the order in which it is first named."""
        return tuple({id(link.below): link.below for link in self.links}.values())

    def all(self) -> Iterator[Chain]:
        """It and everything below, each once: an agreement before those that it rests on, the nearest first."""
        waiting, seen = [self], {id(self)}
        for chain in waiting:
            yield chain
            for other in chain.below():
                if id(other) not in seen:
                    seen.add(id(other))
                    waiting.append(other)


def rests(file: AgreementFile) -> bool:
    """Whether any version of an agreement rests on another."""
    return any(version.agreement.rests_on for version in file.versions)


def chained(file: AgreementFile) -> Chain:
    """The chain of an agreement that is loaded.

    Raises AgreementError with everything that is wrong: in the files below each at its own place, and where a file is
    not there, leads back to where it came from or has not the level that is named, at the place that names it.
    """
    return _Reading().whole(file)


class _Reading:
    """Reads every file of a chain once."""

    def __init__(self) -> None:
        self._done: dict[str, Chain] = {}
        self._files: dict[str, AgreementFile] = {}
        self._broken: set[str] = set()
        self._ids: dict[str, str] = {}
        self._wrong: dict[Problem, None] = {}

    def whole(self, file: AgreementFile) -> Chain:
        path = os.path.realpath(file.label)
        self._files[path] = file
        self._ids[file.agreement.id] = path
        chain = self._chain(path, (path,))
        if self._wrong:
            raise AgreementError(self._wrong)
        return chain

    def _chain(self, path: str, way: tuple[str, ...]) -> Chain:
        file = self._files[path]
        links: list[Link] = []
        for version in file.versions:
            for name, support in version.agreement.rests_on.items():
                below = self._below(version, name, support, way)
                if below is not None:
                    links.append(Link(name, version, support, below))
                    self._check_levels(links[-1])
        self._done[path] = Chain(file, tuple(links))
        return self._done[path]

    def _below(self, version: AgreementFile, name: str, support: Support, way: tuple[str, ...]) -> Chain | None:
        """The chain of what a version names, or None where something is wrong on the way."""
        label = os.path.normpath(os.path.join(os.path.dirname(version.label), support.agreement))
        path = os.path.realpath(version.directory / support.agreement)
        steps: Steps = ("rests_on", name, "agreement")
        if path in way:
            circle = " -> ".join(self._files[each].agreement.id for each in (*way[way.index(path) :], path))
            message = f"agreements that rest on each other: {circle}"
            self._refuse(version, steps, "circle", message, "what is below rests on nothing above it")
            return None
        if path in self._done:
            return self._done[path]
        if len(self._files) >= MOST or len(way) >= DEEPEST:
            message = f"a chain of more than {MOST} agreements, or of more than {DEEPEST} below each other"
            self._refuse(version, steps, "long-chain", message, "look at a part of it by itself")
            return None
        return self._chain(path, (*way, path)) if self._read(version, steps, label, path) else None

    def _read(self, version: AgreementFile, steps: Steps, label: str, path: str) -> bool:
        if not Path(path).is_file():
            message = f"there is no agreement '{label}'"
            self._refuse(version, steps, "no-file", message, "a path is read from the folder of the agreement itself")
            return False
        if path in self._broken:
            return False
        try:
            file = load(label)
        except AgreementError as error:
            self._broken.add(path)
            self._wrong |= dict.fromkeys(error.problems)
            return False
        if (other := self._ids.setdefault(file.agreement.id, path)) != path:
            message = f"'{file.agreement.id}' is the id of '{self._files[other].label}' too"
            self._refuse(version, steps, "duplicate-id", message, "give every agreement of a chain an id of its own")
            return False
        self._files[path] = file
        return True

    def _check_levels(self, link: Link) -> None:
        file = link.below.file
        theirs = list(dict.fromkeys(name for each in file.versions for name in each.agreement.service_levels))
        for level, carriers in link.support.carries.items():
            for name, steps in carriers.steps():
                if name not in theirs:
                    message = f"'{file.label}' has no service level '{name}'"
                    where: Steps = (*link.steps, "carries", level, *steps)
                    self._refuse(link.version, where, "unknown-name", message, meant(name, theirs))

    def _refuse(self, version: AgreementFile, steps: Steps, code: str, message: str, help: str) -> None:
        document = version.document
        self._wrong[document.problem(document.place(steps), code, message, help)] = None
