"""What came of scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slacheck.problems import Problem
from slacheck.scenarios.loading import TestFile
from slacheck.scenarios.terms import Scenario
from slacheck.statement import Line, Statement


@dataclass(frozen=True)
class Difference:
    """One thing that came out otherwise: what it is of, what was expected and what came, each as it is written.

    ``place`` is where the scenario expects it; ``line`` is the line of the statement that it is of, if it is of one.
    """

    what: str
    expected: str
    came: str
    place: Problem
    line: Line | None = None


@dataclass(frozen=True)
class Outcome:
    """One scenario that was run. ``problems`` are why it could not be evaluated; then there is no statement."""

    file: TestFile
    number: int
    scenario: Scenario
    statement: Statement | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def state(self) -> Literal["passed", "failed", "invalid"]:
        """Whether it passed, failed, or could not be run."""
        return "invalid" if self.problems else "failed" if self.differences else "passed"

    @property
    def place(self) -> Problem:
        """Where it begins."""
        document = self.file.document
        return document.problem(document.place(("scenarios", self.number, "name")), "scenario", self.scenario.name)
