"""The action of this repository: its steps, run as a runner of GitHub runs them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.automation.page import AS_OF, BROKEN, ROOT, blocks, has, program
from tests.binary import AGREEMENT, DAY, minutes

_ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
_STEPS: list[dict[str, Any]] = _ACTION["runs"]["steps"]
_EXPRESSION = re.compile(r"\$\{\{ *(inputs|steps\.(\w+)\.outputs)\.([\w-]+) *\}\}")

# The python3 of the runner is real, but an environment that it makes is itself again, whose pip keeps what it is told.
_PYTHON3 = """\
case "$*" in
"-I -m venv "*) mkdir -p "$4/bin" && ln -sf '{venv}' "$4/bin/python" ;;
*) exec '{python}' "$@" ;;
esac
"""
_VENV = """\
case "$*" in
"-I -m pip "*) printf '%s\\n' "$@" >'{pip}' ;;
*) exec '{python}' "$@" ;;
esac
"""


_BASH = shutil.which("bash") or "/bin/bash"


@dataclass(frozen=True)
class Step:
    """What a run of the action left behind."""

    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str


@dataclass(frozen=True)
class Runner:
    """A runner of GitHub with a checked-out repository."""

    home: Path
    system: str = "/usr/bin:/bin"

    @property
    def repository(self) -> Path:
        return self.home / "repo sitory"

    def act(self, **inputs: str) -> Step:
        """Run the steps of the action with ``inputs``, one after another until one fails."""
        given = {name: each.get("default", "") for name, each in _ACTION["inputs"].items()}
        given |= {"agreements": "agreements/*.yaml", "as-of": AS_OF}
        given |= {name.replace("_", "-"): text for name, text in inputs.items()}
        told: dict[str, dict[str, str]] = {}
        out = err = ""
        code = 0
        for number, step in enumerate(_STEPS):
            values = {name: self._filled(text, given, told) for name, text in step["env"].items()}
            files = {name: self.home / f"{name}.{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            for file in files.values():
                file.write_text("")
            done = self._run(step, {**values, **{name: str(file) for name, file in files.items()}})
            out, err, code = out + done.stdout, err + done.stderr, done.returncode
            pairs = (line.partition("=") for line in files["GITHUB_OUTPUT"].read_text().splitlines())
            told[step["id"]] = {name: value for name, _, value in pairs}
            if code:
                break
        outputs = {name: self._filled(each["value"], given, told) for name, each in _ACTION["outputs"].items()}
        return Step(code, out, err, outputs, files["GITHUB_STEP_SUMMARY"].read_text())

    def _run(self, step: dict[str, Any], values: dict[str, str]) -> subprocess.CompletedProcess[str]:
        script = self.home / "step.sh"
        script.write_text(step["run"])
        env = {
            "PATH": f"{self.home / 'bin'}:{self.system}",
            "HOME": str(self.home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.repository),
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self.home / "runner temp"),
            **values,
        }
        return subprocess.run(  # noqa: S603
            [_BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.repository,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @staticmethod
    def _filled(text: str, given: dict[str, str], told: dict[str, dict[str, str]]) -> str:
        return _EXPRESSION.sub(
            lambda found: given[found[3]] if found[1] == "inputs" else told.get(found[2], {}).get(found[3], ""), text
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    runner = Runner(tmp_path)
    (runner.repository / "agreements").mkdir(parents=True)
    (tmp_path / "runner temp").mkdir()
    venv = program(tmp_path / "venv-python", _VENV.format(pip=tmp_path / "pip", python=sys.executable))
    program(tmp_path / "bin" / "python3", _PYTHON3.format(venv=venv, python=sys.executable))
    (runner.repository / "agreements" / "acme.yaml").write_text(AGREEMENT)
    (runner.repository / "agreements" / "probes.csv").write_text(minutes(down=range(600, 602)))
    return runner


def test_a_breach_fails_the_step_and_is_told_everywhere(runner: Runner) -> None:
    step = runner.act()
    assert step.code == 1
    statements = step.outputs.pop("statements")
    # 10 % of 400.00
    assert step.outputs == {"verdict": "breached", "exit-code": "1", "amount": "40.00", "currency": "GBP"}
    assert f'"label": "{DAY}"' in Path(statements).read_text()
    assert "owes Acme Ltd £40.00" in step.out
    assert step.summary.startswith("# ") or step.summary.startswith("## ")
    assert "£40.00" in step.summary
    assert re.search(r"^::error file=agreements/acme.yaml,line=13,", step.err, re.MULTILINE)


def test_what_is_met_passes(runner: Runner) -> None:
    (runner.repository / "agreements" / "probes.csv").write_text(minutes())
    step = runner.act()
    assert (step.code, step.outputs["verdict"], step.outputs["exit-code"]) == (0, "met", "0")
    assert step.outputs["amount"] == "0.00"


def test_a_breach_that_is_let_pass_is_still_one(runner: Runner) -> None:
    step = runner.act(fail_on="indeterminate")
    assert (step.code, step.outputs["verdict"], step.outputs["amount"]) == (0, "breached", "40.00")


def test_what_is_not_certain_is_no_amount(runner: Runner) -> None:
    (runner.repository / "agreements" / "probes.csv").write_text(minutes(skip=range(600, 700)))
    step = runner.act()
    assert (step.code, step.outputs["verdict"]) == (4, "indeterminate")
    assert (step.outputs["amount"], step.outputs["currency"]) == ("", "")


def test_amounts_of_one_currency_are_added_and_of_two_are_not(runner: Runner) -> None:
    other = AGREEMENT.replace("acme-web", "other").replace("monthly: 400.00", "monthly: 100.10")
    (runner.repository / "agreements" / "other.yaml").write_text(other)
    step = runner.act()
    # 40.00 + 10.01
    assert (step.outputs["amount"], step.outputs["currency"]) == ("50.01", "GBP")
    (runner.repository / "agreements" / "other.yaml").write_text(other.replace("GBP", "EUR"))
    step = runner.act()
    assert (step.outputs["verdict"], step.outputs["amount"], step.outputs["currency"]) == ("breached", "", "")


def test_an_agreement_that_cannot_be_read_is_marked_and_no_verdict_given(runner: Runner) -> None:
    assert runner.act().outputs["verdict"] == "breached"
    (runner.repository / "agreements" / "broken.yaml").write_text(BROKEN)
    step = runner.act()
    assert step.code == 3
    assert step.outputs == {**_NOTHING, "exit-code": "3"}
    assert "::error file=agreements/broken.yaml,line=14," in step.err
    assert step.summary == ""


def test_files_are_named_by_line_and_by_pattern(runner: Runner) -> None:
    deep = runner.repository / "agreements" / "a b" / "c"
    deep.mkdir(parents=True)
    for name, path in (("second", deep / "second.yaml"), ("star", runner.repository / "s[1].yaml")):
        path.write_text(AGREEMENT.replace("acme-web", name))
        (path.parent / "probes.csv").write_text(minutes())
    step = runner.act(agreements="\n  agreements/**/*.yaml\r\n s[1].yaml\n\n", output="out.json\n{agreement}.csv")
    assert step.code == 1
    assert {each.name for each in runner.repository.glob("*.csv")} == {
        *("probes.csv", "acme-web.csv", "second.csv", "star.csv")
    }
    assert (runner.repository / "out.json").exists()
    step = runner.act(agreements="none/*.yaml")
    assert step.code == 3
    assert "none/*.yaml" in step.err


def test_data_and_history_reach_slacheck(runner: Runner) -> None:
    (runner.repository / "up here.csv").write_text(minutes())
    assert runner.act(data="probes=up here.csv", history="agreements/acme.yaml").code == 3
    step = runner.act(data="probes=up here.csv", output="a.json")
    assert (step.code, step.outputs["verdict"]) == (0, "met")
    assert runner.act(data="probes=up here.csv", history="a.json").code == 0


_NOTHING = dict.fromkeys(_ACTION["outputs"], "")
_HOSTILE = ("'; touch pwned; '\"; touch pwned; \"$(touch pwned)`touch pwned`", "--help")


@pytest.mark.parametrize("name", [each for each in _ACTION["inputs"] if each != "extras"])
def test_no_input_is_run_or_taken_for_an_option(runner: Runner, name: str) -> None:
    for hostile in _HOSTILE:
        step = runner.act(**{name: hostile})
        assert step.code in (2, 3), hostile
        assert step.outputs == {**_NOTHING, "exit-code": str(step.code)}
        assert "Usage: slacheck" not in step.out
    assert not list(runner.home.rglob("pwned"))


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_extras_are_one_argument_of_pip(runner: Runner, hostile: str) -> None:
    runner.act(extras=hostile)
    said = (runner.home / "pip").read_text()
    assert said == f"-I\n-m\npip\ninstall\n--quiet\n--disable-pip-version-check\n{ROOT}[{hostile}]\n"
    assert not list(runner.home.rglob("pwned"))
    runner.act()
    assert (runner.home / "pip").read_text().endswith(f"\n{ROOT}\n")


def test_a_title_is_no_command_of_the_runner(runner: Runner) -> None:
    hostile = AGREEMENT.replace("title: Web", 'title: "::set-output name=verdict::met')
    (runner.repository / "agreements" / "acme.yaml").write_text(hostile.replace("for Acme\n", 'for Acme"\n'))
    step = runner.act()
    opening, rest = step.out.split("\n", 1)
    command, token = opening.rsplit("::", 1)
    assert command == "::stop-commands"
    assert len(token) >= 32
    assert "\n::set-output name=verdict::met" in f"\n{rest}"
    assert rest.endswith(f"\n::{token}::\n")
    assert step.outputs["verdict"] == "breached"


def test_a_module_in_the_repository_that_is_checked_is_not_run(runner: Runner) -> None:
    for name in ("slacheck", "yaml", "pip", "venv", "json", "glob"):
        (runner.repository / f"{name}.py").write_text("open('pwned', 'w')\nraise SystemExit(99)\n")
    assert runner.act().code == 1
    assert not list(runner.home.rglob("pwned"))


def test_a_runner_without_a_python_that_will_do_is_told_so(runner: Runner) -> None:
    program(runner.home / "bin" / "python3", "exit 1\n")
    step = runner.act()
    assert (step.code, step.outputs) == (3, _NOTHING)
    assert step.out == "::error::slacheck needs Python 3.11 or newer; set one up in a step before\n"
    (runner.home / "bin" / "python3").unlink()
    step = replace(runner, system="/nowhere").act()
    assert (step.code, step.out) == (3, "::error::slacheck needs Python\n")


def test_no_expression_stands_in_the_text_of_a_shell() -> None:
    for step in _STEPS:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        assert "uses" not in step
        assert all(_EXPRESSION.fullmatch(each) for each in step["env"].values())


def test_every_input_and_output_is_used_and_on_the_page() -> None:
    used = {found[3] for step in _STEPS for each in step["env"].values() if (found := _EXPRESSION.fullmatch(each))}
    assert used - {"python"} == set(_ACTION["inputs"])
    page = (ROOT / "docs" / "automation.md").read_text()
    for name in (*_ACTION["inputs"], *_ACTION["outputs"]):
        assert f"`{name}`" in page


@pytest.mark.skipif(not has("check_jsonschema"), reason="check-jsonschema is not installed")
def test_the_action_and_the_workflow_of_the_page_fit_their_schemas(tmp_path: Path) -> None:
    (workflow,) = blocks("yaml", "GitHub")
    (tmp_path / "workflow.yml").write_text(workflow)
    for schema, path in (("actions", ROOT / "action.yml"), ("workflows", tmp_path / "workflow.yml")):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.github-{schema}", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout


def test_the_workflow_gives_inputs_that_there_are() -> None:
    workflow = yaml.safe_load(blocks("yaml", "GitHub")[0])
    steps = workflow["jobs"]["settle"]["steps"]
    (step,) = [each for each in steps if each.get("id") == "sla"]
    assert set(step["with"]) <= set(_ACTION["inputs"])
    assert {name for name, each in _ACTION["inputs"].items() if each.get("required")} <= set(step["with"])
    used = {name for each in steps for name in re.findall(r"steps\.sla\.outputs\.([\w-]+)", str(each))}
    assert used <= set(_ACTION["outputs"])
    assert not any("${{" in each.get("run", "") for each in steps)
