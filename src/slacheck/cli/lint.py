"""``slacheck lint``: what an agreement says that people come to regret."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from slacheck.agreement.loading import load
from slacheck.cli import ci, exits, screen
from slacheck.cli.usage import UsageError, reported
from slacheck.problems import AgreementError, Problem

if TYPE_CHECKING:
    from slacheck.lint import Linted

_FAIL_ON = ("finding", "never")


@reported("not linted")
def run(files: Sequence[Path], *, format: str, fail_on: str, ignore: Sequence[str]) -> int:
    """Print what is found in valid files; raises AgreementError with what is wrong with the others.

    As a document all of it is printed on stdout.
    """
    from slacheck.reports.complaints import COMPLAINTS

    if format != "terminal" and format not in COMPLAINTS:
        raise UsageError(f"--format takes terminal, {', '.join(COMPLAINTS)}; not '{format}'")
    if fail_on not in _FAIL_ON:
        raise UsageError(f"--fail-on takes {' or '.join(_FAIL_ON)}; not '{fail_on}'")
    linted, wrong = _linted(files, _known(ignore))
    found = [problem for each in linted for problem in each.found]
    code = exits.BREACH if found and fail_on == "finding" else exits.MET
    if format != "terminal":
        exits.show_bytes(COMPLAINTS[format]([*found, *wrong], ci.view()).encode())
        if ci.on_github() and format != "github":
            ci.annotate_problems([*found, *wrong])
        return exits.INVALID if wrong else code
    if linted:
        from slacheck.reports.lint import render

        exits.show(ci.inert(render(linted, screen.view(sys.stdout))))
        if ci.on_github():
            ci.annotate_problems(found)
    if wrong:
        raise AgreementError(wrong)
    return code


def _linted(files: Sequence[Path], ignored: frozenset[str]) -> tuple[list[Linted], list[Problem]]:
    from slacheck.lint import lint

    linted: list[Linted] = []
    wrong: list[Problem] = []
    for path in dict.fromkeys(files):
        try:
            each = lint(load(path))
        except AgreementError as error:
            wrong += error.problems
        else:
            linted.append(replace(each, found=tuple(one for one in each.found if one.code not in ignored)))
    return linted, wrong


def _known(codes: Sequence[str]) -> frozenset[str]:
    """The codes that are left out, each alone or several behind commas."""
    from slacheck.lint import pages

    named = [code.strip() for each in codes for code in each.split(",")]
    known = pages()
    for code in named:
        if code not in known:
            close = difflib.get_close_matches(code, known, n=1)
            there = f"did you mean '{close[0]}'?" if close else f"there is {', '.join(known)}"
            raise UsageError(f"lint finds no '{code}'; {there}")
    return frozenset(named)
