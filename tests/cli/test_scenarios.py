"""``slacheck test`` through the real binary: what it prints, how it ends, and what is wrong with what it is given."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.binary import AGREEMENT, Slacheck

GOLDEN = Path(__file__).parent / "golden"
# Of a day 0.1 % is 1 min 26.4 s: two minutes are below 99.9 %, and 10 % of the fee.
SCENARIOS = """\
slacheck_test: 1
agreement: agreement.yaml
scenarios:
  - name: a day without an outage
    period: 2026-10-05
    expect: {verdict: met, owed: 0}
  - name: two bad minutes
    period: 2026-10-05
    data: {probes: {down: "2026-10-05 10:00 for 2m"}}
    expect: {verdict: met, levels: {availability: {measured: 99.9%}}}
"""
INVALID = SCENARIOS.replace("probes:", "prbes:").replace("expect: {verdict: met, owed: 0}", "expect: {}")


@pytest.fixture(autouse=True)
def scenarios(tmp_path: Path) -> None:
    for name, text in (
        ("agreement.yaml", AGREEMENT),
        ("agreement.test.yaml", SCENARIOS),
        ("invalid.test.yaml", INVALID),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")


def golden(name: str, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_a_failure_says_what_was_expected_what_came_and_why(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.yaml")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == golden("test.txt", ran.out)


def test_all_that_pass_are_a_success_and_a_filter_chooses_by_name(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.test.yaml", "--filter", "WITHOUT")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n1 scenario: 1 passed\n")


def test_what_is_wrong_with_a_file_is_told_at_its_place(slacheck: Slacheck) -> None:
    ran = slacheck("test", "invalid.test.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "invalid.test.yaml:6:5: error[expects-nothing]: the scenario expects nothing" in ran.err
    assert ran.err.endswith("1 error; nothing was tested\n")


def test_what_only_the_agreement_shows_is_told_too(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "invalid.test.yaml").write_text(INVALID.replace("expect: {}", "expect: {owed: 0}"), encoding="utf-8")
    ran = slacheck("test", "invalid.test.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "invalid.test.yaml:9:12: error[unknown-name]: no source 'prbes'" in ran.err
    assert "help: did you mean 'probes'?" in ran.err


def test_a_scenario_that_cannot_be_run_leaves_the_others_and_ends_with_3(slacheck: Slacheck, tmp_path: Path) -> None:
    text = SCENARIOS.replace("10:00 for 2m", "10:00")
    (tmp_path / "agreement.test.yaml").write_text(text, encoding="utf-8")
    ran = slacheck("test", "agreement.yaml")
    assert ran.code == 3
    assert "  ok      a day without an outage\n" in ran.out
    assert "agreement.test.yaml:9:27: error[not-a-stretch]: '2026-10-05 10:00' is an instant" in ran.out
    assert ran.out.endswith("\n2 scenarios: 1 passed, 1 could not be run\n")


def test_json_has_the_statement_of_what_failed(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.yaml", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.code, told["slacheck_tests"], told["passed"], told["failed"]) == (1, 1, 1, 1)
    failed = told["scenarios"][1]
    assert [(each["what"], each["line"]) for each in failed["differences"]] == [
        ("verdict", 10),
        ("availability: measured", 10),
    ]
    assert failed["statement"]["verdict"] == "breached"


def test_junit_has_a_case_for_each_scenario(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.yaml", "--format", "junit")
    (suite,) = ET.fromstring(ran.out)  # noqa: S314  (our own)
    assert (ran.code, suite.get("tests"), suite.get("failures")) == (1, "2", "1")
    assert [case.get("name") for case in suite.iter("testcase")] == ["a day without an outage", "two bad minutes"]


def test_in_github_actions_what_failed_is_marked_where_it_is_expected(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.yaml", GITHUB_ACTIONS="true")
    assert ran.code == 1
    assert "::error file=agreement.test.yaml,line=10,col=23,title=scenario::" in ran.err


def test_verbose_prints_the_statement_of_what_failed(slacheck: Slacheck) -> None:
    ran = slacheck("test", "agreement.yaml", "-v")
    assert ran.code == 1
    assert "5 October 2026" in ran.out
    assert "slacheck-test-" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agreement.yaml", "--filter", "nothing"), "no scenario has 'nothing' in its name"),
        (("agreement.yaml", "--format", "html"), "--format takes terminal, json, junit, github; not 'html'"),
    ],
)
def test_what_cannot_be_asked(slacheck: Slacheck, arguments: tuple[str, ...], said: str) -> None:
    ran = slacheck("test", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_an_agreement_without_scenarios(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "agreement.test.yaml").unlink()
    ran = slacheck("test", "agreement.yaml")
    assert ran.code == 3
    assert "there are no scenarios beside this agreement: no file 'agreement.test.yaml'" in ran.err
