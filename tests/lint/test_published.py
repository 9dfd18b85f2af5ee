"""Known faults of published agreements are found at their line: facts and figures of the texts in words of our own.

``# finds: CODE`` stands on the line of what is found, an error of validation or a finding of lint, and nothing else is.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from slacheck.agreement.loading import load
from slacheck.lint import lint
from slacheck.problems import AgreementError, Problem

FOLDER = Path(__file__).parent / "published"
AGREEMENTS = sorted(FOLDER.glob("*.yaml"))


def found(path: Path) -> list[Problem]:
    try:
        return list(lint(load(path)).found)
    except AgreementError as error:
        return list(error.problems)


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.stem)
def test_what_is_known_to_be_wrong_is_found_at_its_line(path: Path) -> None:
    expected: Counter[tuple[int, str]] = Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if finds := re.search(r"# finds: (.+)$", line):
            expected.update((number, code) for code in finds[1].split(", "))
    assert Counter((problem.line, problem.code) for problem in found(path)) == expected


def test_there_are_agreements_with_faults_and_one_without() -> None:
    faults = [path for path in AGREEMENTS if "# finds: " in path.read_text(encoding="utf-8")]
    assert len(faults) >= 20
    assert len(AGREEMENTS) > len(faults)
