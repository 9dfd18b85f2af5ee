"""What is allowed in place: comments that say why a finding stands, and what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slacheck.language.yaml_comments import Comment, comments
from slacheck.language.yaml_syntax import Place
from slacheck.language.yaml_text import Document
from slacheck.problems import Problem

_OURS = re.compile(r"#+\s*slacheck\s*:\s*(?P<said>.*)")
_ALLOW = re.compile(r"allow\s*\[(?P<codes>[^\]]*)\]\s*(?P<reason>.*)")

UNREAD: Final = "allow-unread"
WITHOUT_REASON: Final = "allow-without-reason"
UNKNOWN: Final = "allow-unknown-code"
UNUSED: Final = "allow-without-use"

_LOOK = "write # slacheck: allow[full-target] the contract says so in clause 4"

# What is wrong with a comment, each with its page; none of it can be allowed.
PAGES: Final[Mapping[str, str]] = {
    UNREAD: """\
A comment that begins with ``slacheck:`` and cannot be read.

Why: it was written to allow a finding, and allows none: the writer believes that a doubt is settled while it stands.

Fix: name the codes in brackets and the reason behind them.

Silent: on every comment that does not begin with ``slacheck:``.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"  # slacheck: allow full-target

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 100%"  # slacheck: allow[full-target] sold as never down, clause 2
""",
    WITHOUT_REASON: """\
A finding is allowed, and nothing says why.

Why: an agreement outlives those who wrote it. In a dispute two years later nobody remembers why a fault was waved
through; the reason in place is what tells a decision from an oversight.

Fix: say in a few words who decided it, or the clause that says so.

Silent: on any reason that holds a word; nobody can judge it but people.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 100%"  # slacheck: allow[full-target]

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 100%"  # slacheck: allow[full-target] sold as never down, clause 2
""",
    UNKNOWN: """\
A comment allows what ``slacheck lint`` never finds.

Why: a mistyped code allows nothing. What ``slacheck validate`` refuses as an error cannot be allowed either: such an
agreement has no meaning that a reason could defend.

Fix: write the code as it stands in the finding.

Silent: on every code that has a page.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        # slacheck: allow[full-targets] sold as never down, clause 2
        target: ">= 99.9%"

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        # slacheck: allow[full-target] sold as never down, clause 2
        target: ">= 100%"
""",
    UNUSED: """\
A comment allows a finding that is not there.

Why: the term it excused was put right or moved, and the excuse would silently cover the next fault that is written on
that line.

Fix: delete the comment, or move it to the line of the finding or to the line above it.

Silent: where the finding is made by any version of the agreement.

Before:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"  # slacheck: allow[full-target] sold as never down, clause 2

After:

    service_levels:
      availability:
        measure: {kind: availability, from: probes}
        target: ">= 100%"  # slacheck: allow[full-target] sold as never down, clause 2
""",
}


@dataclass(frozen=True)
class Sifted:
    """What is left to be told, and how many findings were allowed with a reason."""

    left: tuple[Problem, ...]
    allowed: int


@dataclass(frozen=True)
class _Allowance:
    """``codes`` with the column of each, that are allowed on ``line``."""

    place: Place
    line: int
    codes: tuple[tuple[str, int], ...]
    reason: str


def sifted(document: Document, found: Sequence[Problem], known: Collection[str]) -> Sifted:
    """``found`` without what comments of ``document`` allow, and what is wrong with these comments."""
    left, used, faults = list(found), set(), []
    for each in _allowances(document):
        if isinstance(each, Problem):
            faults.append(each)
            continue
        for code, column in each.codes:
            place = Place(each.place.line, column, len(code))
            matching = [problem for problem in found if (problem.line, problem.code) == (each.line, code)]
            if code not in known:
                close = difflib.get_close_matches(code, known, n=1)
                help = (
                    f"did you mean '{close[0]}'?" if close else "errors are put right; findings have their codes in [ ]"
                )
                faults.append(document.problem(place, UNKNOWN, f"lint finds no '{code}'", help))
            elif not matching:
                help = "delete it, or write it on the line of the finding or alone on the line above"
                faults.append(document.problem(place, UNUSED, f"no '{code}' is found on line {each.line}", help))
            elif not each.reason:
                message = f"nothing says why '{code}' is allowed"
                faults.append(document.problem(place, WITHOUT_REASON, message, "write the reason behind the brackets"))
            used |= set(matching)
    return Sifted((*(each for each in left if each not in used), *faults), len(used))


def _allowances(document: Document) -> Iterator[_Allowance | Problem]:
    said = comments(document.lines)
    alone = {each.line for each in said if each.alone}
    for comment in said:
        ours = _OURS.fullmatch(comment.text)
        if ours is None:
            continue
        place = Place(comment.line, comment.column, len(comment.text))
        allow = _ALLOW.fullmatch(ours["said"])
        codes = tuple(_codes(comment, ours.start("said") + allow.start("codes"), allow["codes"])) if allow else ()
        if allow is None or not codes:
            yield document.problem(place, UNREAD, "this comment allows nothing", _LOOK)
            continue
        line = comment.line
        while line in alone:
            line += 1
        reason = allow["reason"] if any(character.isalnum() for character in allow["reason"]) else ""
        yield _Allowance(place, line, codes, reason)


def _codes(comment: Comment, at: int, text: str) -> Iterator[tuple[str, int]]:
    """Each code with its column from 1; ``at`` is where ``text`` begins in the comment."""
    for found in re.finditer(r"[^\s,]+", text):
        yield found[0], comment.column + at + found.start()
