"""What carries a promise: levels of the agreements below, all of them needed, or one of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from slacheck.agreement.chain import Chain, Link
from slacheck.agreement.level import ELSE, Promised
from slacheck.agreement.loading import AgreementFile
from slacheck.agreement.support import Carriers

How = Literal["all", "any", "each"]


@dataclass(frozen=True)
class Leg:
    """One promise of an agreement below, in the version that is in force beside ours."""

    link: Link
    version: AgreementFile
    promised: Promised

    @property
    def named(self) -> str:
        """``network-team.restore (P1)``, as messages name it."""
        of_class = f" ({self.promised.of_class})" if self.promised.of_class else ""
        return f"{self.link.name}.{self.promised.level_name}{of_class}"

    def place(self, *inside: str | int) -> str:
        """``ola.yaml:37``: where the promise stands, or something in it."""
        at: Literal["key", "value"] = "value" if inside else "key"
        return f"{self.version.label}:{self.version.document.place((*self.promised.steps, *inside), at).line}"


@dataclass(frozen=True)
class Together:
    """``all`` are needed one after the other, of ``any`` one suffices, and of ``each`` none may be worse by itself:
    they are the classes of one level, of which a case is in one."""

    how: How
    parts: tuple[Part, ...]

    def legs(self) -> Iterator[Leg]:
        for part in self.parts:
            if isinstance(part, Leg):
                yield part
            else:
                yield from part.legs()


Part = Leg | Together


@dataclass(frozen=True)
class Stretch:
    """Civil days ``[since, before)`` (None: no such end) in which one version of each agreement is in force."""

    since: date | None
    before: date | None
    ours: AgreementFile
    theirs: Mapping[str, AgreementFile]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Carried:
    """One promise of ours, and what carries it. ``missing`` are the links whose level has no class for it."""

    stretch: Stretch
    promised: Promised
    by: Together
    missing: tuple[tuple[Link, str], ...] = ()

    @property
    def binding(self) -> bool:
        return self.promised.level.role == "service-level"


def stretches(chain: Chain) -> list[Stretch]:
    """The term of an agreement, cut where it or one that it rests on is amended."""
    files = [chain.file, *(below.file for below in chain.below())]
    cuts: list[date | None] = [None]
    cuts += sorted({version.since for file in files for version in file.versions if version.since is not None})
    found: list[Stretch] = []
    for since, before in zip(cuts, [*cuts[1:], None], strict=True):
        ours = _in_force(chain.file, since)
        links = chain.links_of(ours)
        theirs = {link.name: _in_force(link.below.file, since) for link in links}
        found.append(Stretch(since, before, ours, theirs, links))
    return found


def _in_force(file: AgreementFile, day: date | None) -> AgreementFile:
    """The version that holds on a day; None is before every amendment."""
    return [each for each in file.versions if each.since is None or (day is not None and each.since <= day)][-1]


def carried(stretch: Stretch) -> Iterator[Carried]:
    """Every promise of ours that rests on something, in the order of the agreement."""
    for promised in stretch.ours.agreement.promised():
        links = [link for link in stretch.links if promised.level_name in link.support.carries]
        if not links:
            continue
        missing: list[tuple[Link, str]] = []
        groups = [_group(stretch, promised, group, missing) for group in _standing_in(links)]
        yield Carried(stretch, promised, Together("all", tuple(group for group in groups if group)), tuple(missing))


def _standing_in(links: list[Link]) -> list[list[Link]]:
    """The links of one level in groups: those of a group stand in for each other, of the groups all are needed."""
    names = {link.name for link in links}
    head: dict[str, str] = {}
    for link in links:
        backed = link.support.backs_up
        head[link.name] = backed if backed in names and backed is not None else link.name

    def first(name: str) -> str:
        return name if head[name] == name else first(head[name])

    groups: dict[str, list[Link]] = {}
    for link in links:
        groups.setdefault(first(link.name), []).append(link)
    return list(groups.values())


def _group(stretch: Stretch, promised: Promised, links: list[Link], missing: list[tuple[Link, str]]) -> Part | None:
    found: list[Part] = []
    for link in links:
        carriers = link.support.carries[promised.level_name]
        parts = [part for name in carriers.levels if (part := _level(stretch, promised, link, name, missing))]
        if parts:
            found.append(_joined(carriers, parts))
    return found[0] if len(found) == 1 else Together("any", tuple(found)) if found else None


def _joined(carriers: Carriers, parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Together("any" if carriers.any else "all", tuple(parts))


def _level(stretch: Stretch, promised: Promised, link: Link, name: str, missing: list[tuple[Link, str]]) -> Part | None:
    """What of their level carries a promise of ours; None where no class of it does."""
    version = stretch.theirs[link.name]
    level = version.agreement.service_levels.get(name)
    promises = level.promises if level else {}
    wanted = next((key for key in (promised.of_class, "", ELSE) if key in promises), None)
    if wanted == ELSE and promised.of_class == "":
        wanted = None
    if level is None or (wanted is None and promised.of_class):
        missing.append((link, name))
        return None
    chosen = [wanted] if wanted is not None else list(promises)
    legs = [Leg(link, version, Promised(name, level, each, promises[each])) for each in chosen]
    return legs[0] if len(legs) == 1 else Together("each", tuple(legs))
