"""What lint found, for a terminal: each finding at its place with its page, and a line for each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from slacheck.money import written
from slacheck.problem_text import render as rendered
from slacheck.problems import Problem
from slacheck.reports.figures import Figures
from slacheck.reports.layout import harmless

if TYPE_CHECKING:
    from slacheck.lint import Linted

_CYAN, _RESET = "\x1b[36m", "\x1b[0m"


def render(linted: Sequence[Linted], *, colour: bool = False) -> str:
    """Every finding, a blank line after each, and below them how many there are in which file."""
    findings = [f"{_finding(problem, colour)}\n\n" for each in linted for problem in each.found]
    return "".join((*findings, *(f"{line}\n" for line in _closing(linted))))


def _finding(problem: Problem, colour: bool) -> str:
    page = f"{_CYAN}page:{_RESET}" if colour else "page:"
    return (
        f"{rendered([problem], colour=colour)}\n{' ' * len(str(problem.line))} = {page} slacheck explain {problem.code}"
    )


def _closing(linted: Sequence[Linted]) -> Iterator[str]:
    figures = Figures()
    for each in linted:
        found = figures.counted(len(each.found), "finding") if each.found else "no finding"
        allowed = f", {figures.count(each.allowed)} allowed with a reason" if each.allowed else ""
        yield f"{harmless(each.label)}: {found}{allowed}{_exposed(each, figures)}"


def _exposed(linted: Linted, figures: Figures) -> str:
    """What a year can cost at most, where the agreement alone tells."""
    exposure = linted.exposure
    if exposure.kind == "unbounded":
        return "; what a year can cost has no bound"
    if exposure.kind != "bounded":
        return ""
    return f"; a year can cost at most {figures.money(written(exposure.amount, linted.currency), linted.currency)}"
