"""Annotations of GitHub and GitLab: one beside each level that is not met, and within what those keep."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slacheck.problems import Problem
from slacheck.reports import FORMATS, View
from slacheck.reports.annotations import in_repository, of_problems, of_statements
from slacheck.reports.github import commands
from slacheck.reports.gitlab import issues
from slacheck.statement import Line, Statement, Statements
from tests.reports import statements as made
from tests.reports.golden_files import STATEMENTS, agreed
from tests.reports.hostile_statements import with_text

EXAMPLES = Path(__file__).parents[2] / "examples"
_COMMAND = re.compile(r"::(error|warning|notice)(?: ([^:]*))?::(.*)")


def _back(text: str) -> str:
    for escape, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def read(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner makes of every line: the kind, the properties and the message."""
    found = []
    for line in text.split("\n")[:-1]:
        matched = _COMMAND.fullmatch(line)
        assert matched, line
        pairs = [pair.partition("=") for pair in (matched[2] or "").split(",") if pair]
        found.append((matched[1], {name: _back(value) for name, _, value in pairs}, _back(matched[3])))
    return found


def github(*statements: Statement) -> list[tuple[str, dict[str, str], str]]:
    return read(FORMATS["github"].render(made.document(*statements), View()))


def gitlab(*statements: Statement, view: View | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FORMATS["gitlab"].render(made.document(*statements), view or View()))
    return found


def at(line: Line, number: int) -> Line:
    return line.model_copy(update={"agreement_line": number})


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize(("format", "ending"), [("github", ".github.txt"), ("gitlab", ".gitlab.json")])
def test_the_annotations_are_those_that_were_agreed(name: str, format: str, ending: str) -> None:
    content, golden = agreed(name, format, ending)
    assert content == golden


def test_a_breached_level_is_an_error_at_its_line() -> None:
    assert github(made.statement(at(made.breached(), 14), at(made.available("b"), 20))) == [
        (
            "error",
            {"file": "agreement.yaml", "line": "14", "title": "Availability breached, October 2026"},
            "measured 99.643%, target ≥ 99.9%, margin -1:54:28.8, credit £1,200.00",
        )
    ]


def test_what_is_open_warns_and_a_kpi_or_a_right_is_a_notice_the_gravest_first() -> None:
    whole = made.whole()
    turned = whole.model_copy(update={"lines": whole.lines[::-1]})
    assert [(kind, told["title"].split(",")[0]) for kind, told, _ in github(turned)] == [
        ("error", "Availability breached"),
        ("warning", "API errors indeterminate"),
        ("notice", "Satisfaction missed"),
        ("notice", "right termination arose"),
    ]


def test_a_level_of_many_subjects_is_one_annotation() -> None:
    lines = [at(made.breached(f"host-{number}"), 14) for number in range(5)]
    ((kind, told, message),) = github(made.statement(*lines, at(made.available("host-9"), 14)))
    assert (kind, told["title"]) == ("error", "Availability breached, October 2026")
    assert message.splitlines()[0] == "host-0: measured 99.643%, target ≥ 99.9%, margin -1:54:28.8, credit £1,200.00"
    assert message.splitlines()[3:] == ["and 2 more"]


@pytest.mark.parametrize(("levels", "shown", "last"), [(10, 10, ""), (11, 10, "and 2 more"), (40, 10, "and 31 more")])
def test_no_more_than_github_keeps_of_a_kind(levels: int, shown: int, last: str) -> None:
    lines = [made.breached().model_copy(update={"level": f"level-{number}"}) for number in range(levels)]
    open_ones = [made.api_errors().model_copy(update={"level": f"open-{number}"}) for number in range(levels)]
    found = github(made.statement(*open_ones, *lines))
    errors = [message for kind, _, message in found if kind == "error"]
    assert len(errors) == len([kind for kind, _, _ in found if kind == "warning"]) == shown
    assert errors[-1].startswith(last)
    assert len(gitlab(made.statement(*lines))) == levels


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/statement.json")), ids=lambda path: path.parent.name)
def test_the_line_of_an_agreement_is_that_of_the_level_or_of_its_class(example: Path) -> None:
    text = (example.parent / "agreement.yaml").read_text(encoding="utf-8").splitlines()
    for statement in json.loads(example.read_text(encoding="utf-8"))["statements"]:
        for line in statement["lines"]:
            written = text[line["agreement_line"] - 1]
            assert re.search(rf"(^  |[{{ ]){re.escape(line['of_class'] or line['level'])}:", written)


def test_where_all_is_met_nothing_is_said() -> None:
    met = made.statement(made.available())
    assert github(met) == []
    assert gitlab(met) == []
    assert FORMATS["gitlab"].render(Statements(statements=()), View()) == "[]\n"


def test_gitlab_has_what_its_report_needs() -> None:
    (issue,) = gitlab(made.statement(at(made.breached(), 14)))
    assert issue["location"] == {"path": "agreement.yaml", "lines": {"begin": 14}}
    assert (issue["check_name"], issue["severity"]) == ("breached", "major")
    assert issue["description"].startswith("Availability breached, October 2026: measured 99.643%")
    assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])


def test_a_fingerprint_stays_whatever_was_measured_and_is_no_other_s() -> None:
    before = made.statement(at(made.breached(), 14), made.api_errors())
    worse = made.breached().model_copy(update={"worst": made.exact(Fraction(1, 2)), "agreement_line": 15})
    after = made.statement(worse, made.api_errors())
    prints = [[issue["fingerprint"] for issue in gitlab(each)] for each in (before, after)]
    assert prints[0] == prints[1]
    period = before.period.model_copy(update={"label": "2026-11"})
    november = before.model_copy(update={"period": period})
    all_of_them = [issue["fingerprint"] for issue in gitlab(before, november, before)]
    assert len(set(all_of_them)) == len(all_of_them) == 6


@pytest.mark.parametrize(
    ("path", "folder", "repository", "named"),
    [
        ("./a.yaml", "", "", "a.yaml"),
        ("a.yaml", "/w/acme/terms", "/w/acme", "terms/a.yaml"),
        ("../b/./a.yaml", "/w/acme/terms", "/w/acme", "b/a.yaml"),
        ("/w/acme/terms/a.yaml", "/elsewhere", "/w/acme/", "terms/a.yaml"),
        ("../../a.yaml", "/w/acme/terms", "/w/acme", "../../a.yaml"),
        ("/etc/a.yaml", "/w/acme", "/w/acme", "/etc/a.yaml"),
        ("..a.yaml", "/w/acme", "/w/acme", "..a.yaml"),
    ],
)
def test_a_file_is_named_from_the_root_of_the_repository(path: str, folder: str, repository: str, named: str) -> None:
    assert in_repository(path, View(folder=folder, repository=repository)) == named


def test_problems_are_annotations_at_their_place() -> None:
    problems = [
        Problem("a.yaml", 14, 40, "band-hole", "50% is missing", "add a row"),
        Problem("p.csv", line=19, code="bad-time", message="no time", row=17, field="at", cell="x"),
        Problem("a.yaml", 3, 1, "odd", "odd, isn't it: yes", weight="warning"),
    ]
    assert read(commands(of_problems(problems, View()))) == [
        ("error", {"file": "a.yaml", "line": "14", "col": "40", "title": "band-hole"}, "50% is missing; add a row"),
        ("error", {"file": "p.csv", "title": "bad-time"}, "no time"),
        ("warning", {"file": "a.yaml", "line": "3", "col": "1", "title": "odd"}, "odd, isn't it: yes"),
    ]
    twice = json.loads(issues(of_problems([problems[0], problems[0]], View())))
    assert len({issue["fingerprint"] for issue in twice}) == 2


@given(st.text() | st.sampled_from(["\n::error::x", "%0A::error::x", "a,line=9", "a:b::c", "\r", "\u2028::warning::"]))
def test_no_text_becomes_a_command_or_a_property(text: str) -> None:
    statement = with_text(made.whole(), text)
    found = of_statements(made.document(statement), View())
    told = read(commands(found))
    assert len(told) == len(found)
    for (kind, properties, message), each in zip(told, found, strict=True):
        assert (kind, properties["title"]) == (each.weight, each.title)
        assert message == each.message
        assert set(properties) <= {"file", "title"}
    problem = Problem(text, 1, 1, "code", text, text)
    ((_, properties, _),) = read(commands(of_problems([problem], View())))
    assert set(properties) <= {"file", "line", "col", "title"}
