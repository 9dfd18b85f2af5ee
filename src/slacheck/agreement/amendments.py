"""Amendments: from a date on some keys of an agreement are others, so that it is read as one version after another.

Each amendment is merged key by key into the document as it stood before: mappings are merged, everything else is
replaced as a whole, ``null`` removes a key. Every version is then validated and checked like an agreement of its own,
and what is wrong is pointed at where it was written, in the amendment or in the body.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from pydantic import Field, ValidationError

from slacheck.agreement.agreement import Agreement
from slacheck.language.places import problems_of
from slacheck.language.scalars import Day
from slacheck.language.terms import Terms
from slacheck.language.yaml_syntax import Place
from slacheck.language.yaml_text import Data, Document, Node
from slacheck.problems import Problem

Settled = Literal["apart", "period-end"]
Children = Mapping[str | int, tuple[Place, Node]]

AMENDMENTS: Final = "amendments"
CODE: Final = "amendment"
MOST: Final = 500
"""More amendments than this are not read: each makes a version that is checked as a whole."""

FIXED: Final = {
    "slacheck": "the whole file is written in one version of the language",
    "id": "it names the agreement, whatever is amended",
    "timezone": "earlier periods would begin and end at other instants",
    "currency": "amounts of earlier periods could not be added to later ones",
    "period": "earlier periods would be cut in another way",
    "corrections": "one file holds those of all periods, each with its period",
    AMENDMENTS: "write one amendment for each date, side by side",
}
"""What no amendment may change, and why."""
_NOWHERE: Final = Place(1, 1)
# What identifies no terms: what comes later, what is only read, and what is agreed with others.
_NO_TERMS: Final = (AMENDMENTS, "notes", "rests_on")


class Amendment(Terms):
    """When other keys take effect: ``effective`` is the first day on which they hold.

    ``settled`` says what becomes of a period in which that day lies: its parts are settled ``apart``, each by its own
    terms, or it is settled whole by the terms in force at the ``period-end``. Every other key is one of the agreement.

    Formula: terms on a day = the body, with every amendment ``effective`` on or before that day merged into it:
    mappings key by key, lists and single values as a whole; ``null`` removes a key.

    Order: by date, whatever the order in the file; each version is checked like an agreement of its own. A period that
    is split has one statement for each part, the fee for the period shared out by civil days.

    Clause: "compensation of 8 pounds a day, now 10.34" (consumer broadband: amounts that are indexed); "after twelve
    months above the level the new level is half way to what was reached" (outsourcing, continuous improvement).

    Example:

        amendments:
          - effective: 2027-04-01
            settled: period-end
            fees: {monthly: 1100.00}
            service_levels:
              availability: {target: ">= 99.5%", credit: {bands: {"< 99.5%": 5%}}}

    Edge cases: an amendment on or before the first day of the agreement or after its last, two on one date, one that
    changes nothing and a key that is not there to be removed are refused. ``id``, ``slacheck``, ``timezone``,
    ``currency``, ``period`` and ``corrections`` are never amended. An outage is cut at the edge like at that of a
    period. What is wrong in a version is pointed at where it was written.
    """

    effective: Day = Field(description="The first day on which the amended keys hold.", examples=["2027-04-01"])
    settled: Settled = Field(
        "apart",
        description="What becomes of a period in which that day lies: its parts are settled apart (the default), "
        "or it is settled whole by the terms at the period-end.",
        examples=["apart", "period-end"],
    )


class _Amended(Terms):
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True)
class Version:
    """The document of an agreement as it holds from ``since`` on, up to before ``before`` (civil days; None: no end).

    ``dated`` is where the date of its amendment stands, ``own`` are line and column of everything written in it; the
    agreement as it was first has neither.
    """

    document: Document
    since: date | None = None
    before: date | None = None
    settled: Settled = "apart"
    dated: Place = _NOWHERE
    own: frozenset[tuple[int, int]] = frozenset()


def versions(document: Document) -> tuple[list[Version], list[Problem]]:
    """The versions of a document in the order of their dates, the body first, and what is wrong with its amendments.

    Where amendments cannot be read the body stands alone.
    """
    root = document.root
    body = _mapping(root.place, {key: child for key, child in root.children.items() if key != AMENDMENTS})
    found = [Version(document.rearranged(body, document.unsaid))]
    if AMENDMENTS not in root.children:
        return found, []
    read, problems = _read(document)
    if problems:
        return found, problems
    for item, terms in read:
        node = root.children[AMENDMENTS][1].children[item][1]
        changes = _mapping(
            node.place, {key: child for key, child in node.children.items() if key not in Amendment.model_fields}
        )
        merged = _Merge(document)
        before = found[-1].document.root
        after = merged.into(before, changes, ())
        if not merged.problems and after.data == before.data:
            message = f"the amendment of {terms.effective} changes nothing"
            merged.problems.append(
                _problem(document, node.place, message, "write the keys that change, or leave it out")
            )
        problems += merged.problems
        found[-1] = replace(found[-1], before=terms.effective)
        dated = document.place((AMENDMENTS, item, "effective"))
        own = frozenset((place.line, place.column) for place in _places(node))
        amended_document = document.rearranged(after, document.unsaid)
        found.append(Version(amended_document, terms.effective, None, terms.settled, dated, own))
    return (found[:1] if problems else found), problems


def out_of_term(version: Version, before: Agreement, amended: Agreement | None) -> Iterator[Problem]:
    """What is wrong with the date of a version, ``before`` being the agreement as it stood until then."""
    since, document = version.since, version.document
    if since is None:
        return
    if before.effective and since <= before.effective:
        begins = f"the agreement itself begins on {since}" if since == before.effective else ""
        message = begins or f"the amendment of {since} precedes the agreement"
        help = f"the agreement is in force from {before.effective}: change its body, or write a later date"
        yield _problem(document, version.dated, message, help)
    if before.until and since > before.until:
        message = f"the agreement has ended when it is amended on {since}"
        yield _problem(document, version.dated, message, f"its last day is {before.until}")
    elif amended is not None and amended.until and amended.until < since:
        message = f"'until' is before {since}, the day from which it holds"
        yield _problem(document, document.place(("until",)), message, "'until' is the last day in force")


def told(version: Version, problem: Problem) -> Problem:
    """A problem of a version, which says so where it points at something that stands outside the amendment."""
    if version.since is None or (problem.line, problem.column) in version.own:
        return problem
    return replace(problem, message=f"as amended on {version.since}, {problem.message}")


def terms_digest(document: Document) -> str:
    """SHA-256 of the terms of a version: its keys as canonical JSON, amendments and notes left out."""
    terms = {key: value for key, value in document.data.items() if key not in _NO_TERMS}
    written = json.dumps(terms, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _read(document: Document) -> tuple[list[tuple[int, Amendment]], list[Problem]]:
    """The amendments in the order of their dates, each with its number in the file."""
    key, listed = document.root.children[AMENDMENTS]
    if listed.data == []:
        return [], [_problem(document, key, "no amendment is written", "write one, or leave the key out")]
    if isinstance(listed.data, list) and len(listed.data) > MOST:
        return [], [_problem(document, key, f"more than {MOST} amendments", "write the agreement anew")]
    try:
        own = document.rearranged(_own_keys(document.root), document.unsaid)
        read = _Amended.model_validate(own.data).amendments
    except ValidationError as error:
        return [], problems_of(error, _Amended, own)
    problems = list(_misplaced(document, listed))
    ordered = sorted(enumerate(read), key=lambda each: (each[1].effective, each[0]))
    for (first, one), (second, other) in pairwise(ordered):
        if one.effective == other.effective:
            line = document.place((AMENDMENTS, first, "effective"), "key").line
            place = document.place((AMENDMENTS, second, "effective"))
            message = f"two amendments take effect on {one.effective}"
            problems.append(_problem(document, place, message, f"the other stands on line {line}; write them as one"))
    return ordered, problems


def _own_keys(root: Node) -> Node:
    """The amendments alone, each with its own keys and without those of the agreement."""
    key, listed = root.children[AMENDMENTS]
    items: dict[str | int, tuple[Place, Node]] = {}
    for item, (place, node) in listed.children.items():
        if isinstance(node.data, dict):
            node = _mapping(
                node.place, {name: child for name, child in node.children.items() if name in Amendment.model_fields}
            )
        items[item] = place, node
    if isinstance(listed.data, list):
        listed = Node(listed.place, [node.data for _, node in items.values()], items, height=1)
    return _mapping(root.place, {AMENDMENTS: (key, listed)})


def _misplaced(document: Document, listed: Node) -> Iterator[Problem]:
    """Keys that no amendment has, or may have."""
    known = [key for key in Agreement.model_fields if key not in FIXED]
    for _, node in listed.children.values():
        for key, (place, _) in node.children.items():
            if key in FIXED:
                yield _problem(document, place, f"'{key}' cannot be amended", FIXED[str(key)])
            elif key not in known and key not in Amendment.model_fields:
                close = difflib.get_close_matches(str(key), [*known, *Amendment.model_fields], n=1)
                help = (
                    f"did you mean '{close[0]}'?" if close else f"keys of an amendment are: settled, {', '.join(known)}"
                )
                yield _problem(document, place, f"unknown key '{key}' in an amendment", help)


class _Merge:
    """One amendment merged into the document as it stood before; ``problems`` are keys that cannot be removed."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document

    def into(self, below: Node, changes: Node, route: tuple[str, ...]) -> Node:
        children = dict(below.children)
        for key, (place, node) in changes.children.items():
            steps = (*route, str(key))
            there = children.get(key)
            if node.data is None:
                self._remove(children, str(key), place, node, route)
            elif not isinstance(node.data, dict):
                children[key] = (place, node)
            elif there is not None and isinstance(there[1].data, dict):
                # What is said of the mapping as a whole is said where it was written first.
                children[key] = (there[0], self.into(there[1], node, steps))
            else:
                # Nothing is there to be merged with, hence nothing that could be removed.
                children[key] = (place, self.into(_mapping(node.place, {}), node, steps))
        return _mapping(below.place, children)

    def _remove(
        self, children: dict[str | int, tuple[Place, Node]], key: str, place: Place, node: Node, route: tuple[str, ...]
    ) -> None:
        if node.place == place:
            # An unfinished key must not remove anything.
            message, help = f"nothing stands behind '{key}'", f"write a value, or {key}: null to remove it"
            self.problems.append(self._document.problem(place, "empty", message, help))
        elif key not in children:
            inside = f" in {'.'.join(route)}" if route else ""
            close = difflib.get_close_matches(key, [str(each) for each in children], n=1)
            help = f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(map(str, children)) or 'nothing'}"
            message = f"there is no '{key}'{inside} that could be removed"
            self.problems.append(_problem(self._document, place, message, help))
        else:
            del children[key]


def _places(node: Node) -> Iterator[Place]:
    yield node.place
    for place, child in node.children.values():
        yield place
        yield from _places(child)


def _mapping(place: Place, children: Children) -> Node:
    data: dict[str, Data] = {str(key): node.data for key, (_, node) in children.items()}
    return Node(place, data, dict(children), height=1)


def _problem(document: Document, place: Place, message: str, help: str) -> Problem:
    return document.problem(place, CODE, message, help)
