"""What came of scenarios: for a terminal, as JSON, as JUnit, and as marks beside the lines that expect it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, Literal
from xml.etree import ElementTree as ET

from slacheck.problem_text import render as rendered
from slacheck.problems import Problem
from slacheck.reports import github, terminal
from slacheck.reports.annotations import currency_of, gist, in_repository, of_problems
from slacheck.reports.figures import Figures
from slacheck.reports.json import document
from slacheck.reports.junit import as_document, xml
from slacheck.reports.layout import Page, harmless
from slacheck.reports.view import View
from slacheck.scenarios import Difference, Outcome
from slacheck.statement import Statement, Statements
from slacheck.statement.parts import Part

FORMAT: Final = 1
_STYLES: Final = {"passed": "good", "failed": "bad", "invalid": "open"}
_WORDS: Final = {"passed": "ok", "failed": "failed", "invalid": "invalid"}


class DifferenceShown(Part):
    """One thing that came out otherwise; ``why`` is how the statement tells it."""

    what: str
    expected: str
    came: str
    line: int
    column: int
    why: str


class ProblemShown(Part):
    """Why a scenario could not be run."""

    code: str
    message: str
    help: str
    line: int
    column: int


class ScenarioShown(Part):
    """One scenario; ``statement`` is there where it failed."""

    file: str
    line: int
    name: str
    agreement: str
    period: str
    state: Literal["passed", "failed", "invalid"]
    differences: tuple[DifferenceShown, ...] = ()
    problems: tuple[ProblemShown, ...] = ()
    statement: Statement | None = None


class TestsShown(Part):
    """The JSON document of a run."""

    __test__ = False

    slacheck_tests: Literal[1] = FORMAT
    passed: int
    failed: int
    invalid: int
    scenarios: tuple[ScenarioShown, ...]


def render(outcomes: Sequence[Outcome], view: View, *, statements: bool = False) -> str:
    """A line for each scenario, below it what came out otherwise, and a closing tally."""
    page = Page(view)
    parts: list[str] = []
    for label, group in groupby(outcomes, key=lambda each: each.file.label):
        parts.append(f"{harmless(label)}\n")
        for outcome in group:
            word = page.paint(f"{_WORDS[outcome.state]:<7}", _STYLES[outcome.state])
            parts.append(f"  {word} {page.name(outcome.scenario.name)}\n")
            parts += (f"{line}\n" for line in _below(page, outcome))
            if outcome.problems:
                parts.append(f"{rendered(outcome.problems, colour=view.colour)}\n")
            if statements and outcome.differences and outcome.statement:
                made = Statements(slacheck_statements=1, statements=(outcome.statement,))
                parts.append(f"\n{terminal.render(made, view)}\n")
    text = "".join([*parts, f"\n{_tally(outcomes, Figures(view.ascii))}\n"])
    return text.encode("ascii", "backslashreplace").decode("ascii") if view.ascii else text


def problems(outcome: Outcome) -> list[Problem]:
    """What deserves a mark: each difference where it is expected, or why the scenario could not be run."""
    told = outcome.problems or (each.place for each in outcome.differences)
    named = f"scenario '{outcome.scenario.name}': "
    return [replace(each, message=f"{named}{each.message}") for each in told]


def as_github(outcomes: Sequence[Outcome], view: View) -> str:
    """Workflow commands, one for each difference."""
    return github.commands(of_problems([each for outcome in outcomes for each in problems(outcome)], view))


def as_json(outcomes: Sequence[Outcome], view: View) -> str:
    """The document of a run."""
    page = Page(view)
    states = [outcome.state for outcome in outcomes]
    shown = TestsShown(
        passed=states.count("passed"),
        failed=states.count("failed"),
        invalid=states.count("invalid"),
        scenarios=tuple(_shown(page, outcome) for outcome in outcomes),
    )
    return document(shown, view)


def as_junit(outcomes: Sequence[Outcome], view: View) -> str:
    """A suite for each file and a case for each scenario."""
    page, root = Page(view), ET.Element("testsuites")
    groups = groupby(outcomes, key=lambda each: each.file.label)
    for number, (label, group) in enumerate(groups):
        own = list(group)
        states = [outcome.state for outcome in own]
        agreement = own[0].file.agreement.agreement
        suite = ET.SubElement(
            root, "testsuite", id=str(number), package=xml(agreement.id), name=xml(harmless(label)),
            timestamp="1970-01-01T00:00:00", hostname="localhost", tests=str(len(own)),
            failures=str(states.count("failed")), errors=str(states.count("invalid")), skipped="0", time="0",
        )  # fmt: skip
        ET.SubElement(suite, "properties")
        for outcome in own:
            name = xml(harmless(outcome.scenario.name))
            case = ET.SubElement(suite, "testcase", classname=xml(agreement.id), name=name, time="0")
            told = outcome.problems or tuple(each.place for each in outcome.differences)
            if told:
                kind = "error" if outcome.problems else "failure"
                lines = [f"{in_repository(each.path, view)}:{each.line}:{each.column}: {each.message}" for each in told]
                lines += (why for each in outcome.differences for why in _why(page, outcome, each))
                found = ET.SubElement(case, kind, message=xml(harmless(told[0].message)), type=outcome.state)
                found.text = xml("\n".join(harmless(line) for line in lines))
        ET.SubElement(suite, "system-out").text = ""
        ET.SubElement(suite, "system-err").text = ""
    return as_document(root)


def _shown(page: Page, outcome: Outcome) -> ScenarioShown:
    return ScenarioShown(
        file=outcome.file.label,
        line=outcome.place.line,
        name=outcome.scenario.name,
        agreement=outcome.file.agreement.agreement.id,
        period=outcome.scenario.period,
        state=outcome.state,
        differences=tuple(
            DifferenceShown(
                what=each.what,
                expected=each.expected,
                came=each.came,
                line=each.place.line,
                column=each.place.column,
                why="; ".join(_why(page, outcome, each)),
            )
            for each in outcome.differences
        ),
        problems=tuple(
            ProblemShown(code=each.code, message=each.message, help=each.help, line=each.line, column=each.column)
            for each in outcome.problems
        ),
        statement=outcome.statement if outcome.differences else None,
    )


def _below(page: Page, outcome: Outcome) -> Iterator[str]:
    told = ""
    for each in outcome.differences:
        yield f"          {page.clean(each.place.place)}: {page.clean(each.what)}"
        yield f"            expected {page.clean(each.expected)}"
        yield f"            came     {page.clean(each.came)}"
        for why in _why(page, outcome, each):
            if why != told:
                yield f"            because  {why}"
            told = why


def _why(page: Page, outcome: Outcome, difference: Difference) -> Iterator[str]:
    """How the statement tells what came: the line it is of, or the steps of what is owed."""
    statement = outcome.statement
    if statement is None:
        return
    currency = currency_of(statement)
    if difference.line is not None:
        yield gist(page, difference.line, currency)
    elif difference.what == "owed" and statement.total is not None:
        told = (page.clean(each.text) for each in statement.total.steps_least)
        steps = "; ".join(page.figures.with_money(each, currency) for each in told)
        yield steps or "no line has a credit"
    elif difference.what == "verdict":
        worst = [line for line in statement.lines if line.verdict == statement.verdict]
        if worst:
            yield f"{page.name(worst[0].title)}: {gist(page, worst[0], currency)}"


def _tally(outcomes: Sequence[Outcome], figures: Figures) -> str:
    states = [outcome.state for outcome in outcomes]
    counted = [figures.counted(len(states), "scenario")]
    for state, word in (("passed", "passed"), ("failed", "failed"), ("invalid", "could not be run")):
        if states.count(state):  # type: ignore[arg-type]
            counted.append(f"{figures.count(states.count(state))} {word}")  # type: ignore[arg-type]
    return f"{counted[0]}: {', '.join(counted[1:])}"
