"""What is wrong with agreements, as documents: problems for programs, and annotations of GitHub and GitLab."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from slacheck.problems import Problem
from slacheck.reports import github, gitlab
from slacheck.reports.annotations import of_problems
from slacheck.reports.view import View

FORMAT: Final = 1
_FIELDS = ("path", "line", "column", "code", "message", "help", "weight")


def as_json(problems: Sequence[Problem]) -> str:
    """Every problem with its place (0: none), in ASCII."""
    told = [{name: getattr(problem, name) for name in _FIELDS} for problem in problems]
    return json.dumps({"slacheck_problems": FORMAT, "problems": told}, indent=2) + "\n"


COMPLAINTS: Final[dict[str, Callable[[Sequence[Problem], View], str]]] = {
    "json": lambda problems, _: as_json(problems),
    "github": lambda problems, view: github.commands(of_problems(problems, view)),
    "gitlab": lambda problems, view: gitlab.issues(of_problems(problems, view)),
}
