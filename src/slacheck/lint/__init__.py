"""Drafting faults beyond validity: what an agreement says that may be meant, and that people come to regret."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slacheck import carrying
from slacheck.agreement.chain import chained, rests
from slacheck.agreement.loading import AgreementFile
from slacheck.exposure import Exposure, yearly
from slacheck.lint.allowed import sifted
from slacheck.lint.rules import RULES, pages
from slacheck.problems import Problem


@dataclass(frozen=True)
class Linted:
    """One agreement that was looked at: what was found, each thing once, how much of it is allowed in place, and what
    a year of its last version can cost."""

    label: str
    found: tuple[Problem, ...]
    allowed: int
    exposure: Exposure
    currency: str


def lint(file: AgreementFile) -> Linted:
    """Look at every version of an agreement, and at whether those that it rests on carry it.

    What validation remarks on is found too. Raises AgreementError with what is wrong with an agreement below.
    """
    found: dict[Problem, None] = {}
    for version in file.versions:
        found |= dict.fromkeys(version.warnings)
        for code, rule in RULES.items():
            for doubt in rule(version):
                place = version.document.place(doubt.steps, doubt.at)
                problem = version.document.problem(place, code, doubt.message, doubt.help)
                found[replace(problem, weight="warning")] = None
    if rests(file):
        found |= dict.fromkeys(each.problem for each in carrying.findings(chained(file)))
    left = sifted(file.document, list(found), pages().keys())
    told = (replace(each, weight="warning") for each in left.left)
    order = sorted(dict.fromkeys(told), key=lambda each: (each.line, each.column, each.code, each.message))
    last = file.versions[-1].agreement
    return Linted(file.label, tuple(order), left.allowed, yearly(last), last.currency or "")


def remarks(file: AgreementFile) -> tuple[Problem, ...]:
    """What validation remarks on in any version, each thing once, without what is allowed in place."""
    found = list(dict.fromkeys(each for version in file.versions for each in version.warnings))
    left = set(sifted(file.document, found, pages().keys()).left)
    return tuple(each for each in found if each in left)


__all__ = ["Linted", "lint", "pages", "remarks"]
