"""What lint found, for a terminal: each finding at its place with its page, and a line for each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from slacheck.money import written
from slacheck.problem_text import render as rendered
from slacheck.reports.figures import Figures
from slacheck.reports.layout import harmless
from slacheck.reports.view import View

if TYPE_CHECKING:
    from slacheck.lint import Linted


def render(linted: Sequence[Linted], view: View) -> str:
    """Every finding, a blank line after each, and below them how many there are in which file."""
    findings = rendered((problem for each in linted for problem in each.found), colour=view.colour, pages=True)
    text = (f"{findings}\n\n" if findings else "") + "".join(f"{line}\n" for line in _closing(linted, view))
    return text.encode("ascii", "backslashreplace").decode("ascii") if view.ascii else text


def _closing(linted: Sequence[Linted], view: View) -> Iterator[str]:
    figures = Figures(view.ascii)
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
