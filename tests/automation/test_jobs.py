"""The jobs of GitLab, Jenkins and make on the page, run as these run them, and the hook, run by pre-commit itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.automation.page import AS_OF, BROKEN, ROOT, bare, blocks, has, program
from tests.binary import AGREEMENT, BINARY, minutes


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with an agreement that is breached, and a slacheck that takes the day after for today."""
    repository = tmp_path / "repository"
    (repository / "agreements").mkdir(parents=True)
    (repository / "agreements" / "acme.yaml").write_text(AGREEMENT)
    (repository / "agreements" / "probes.csv").write_text(minutes(down=range(600, 602)))
    program(tmp_path / "first" / "slacheck", f"exec '{BINARY}' \"$@\" --as-of {AS_OF}\n")
    program(tmp_path / "first" / "pip", f'printf "%s\\n" "$@" >{tmp_path}/pip\n')
    return repository


def shell(repository: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        cwd=repository,
        env={**bare(repository.parent, repository.parent / "first"), "LC_ALL": "C.UTF-8", **extra},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def failures(junit: Path) -> int:
    return len(ET.parse(junit).findall(".//failure"))  # noqa: S314  (a file of our own)


def test_the_job_of_gitlab_fails_and_leaves_its_reports(repository: Path) -> None:
    (text,) = blocks("yaml", "GitLab")
    job: dict[str, Any] = yaml.safe_load(text)["service-levels"]
    variables = {**job["variables"], "CI": "true", "GITLAB_CI": "true", "CI_PROJECT_DIR": str(repository)}
    script = "\n".join(["set -eo pipefail", *job["before_script"], *job["script"]])
    done = shell(repository, "bash", "-c", script, **variables)
    assert done.returncode == 1
    assert (repository.parent / "pip").read_text() == f"install\n--quiet\n{job['variables']['SLACHECK']}\n"
    after = shell(repository, "bash", "-c", "\n".join(job["after_script"]))
    assert "owes Acme Ltd £40.00" in after.stdout
    assert job["artifacts"]["when"] == "always"
    assert failures(repository / job["artifacts"]["reports"]["junit"]) == 1
    (mark,) = json.loads((repository / job["artifacts"]["reports"]["codequality"]).read_text())
    assert mark["location"] == {"path": "agreements/acme.yaml", "lines": {"begin": 13}}
    assert all((repository / each).exists() for each in job["artifacts"]["paths"])


@pytest.mark.skipif(not has("check_jsonschema"), reason="check-jsonschema is not installed")
def test_the_job_fits_the_schema_of_gitlab(tmp_path: Path) -> None:
    (tmp_path / "job.yml").write_text(blocks("yaml", "GitLab")[0])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform"]
    done = subprocess.run(  # noqa: S603
        [*command, "gitlab-ci", str(tmp_path / "job.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_stage_of_jenkins_fails_and_leaves_its_reports(repository: Path) -> None:
    (pipeline,) = blocks("groovy", "Jenkins")
    (command,) = re.findall(r"\bsh '([^']*)'", pipeline)
    assert shell(repository, "/bin/sh", "-xec", command).returncode == 1
    (junit,) = re.findall(r"\bjunit '([^']*)'", pipeline)
    assert failures(repository / junit) == 1
    (kept,) = re.findall(r"\barchiveArtifacts '([^']*)'", pipeline)
    assert {each.name for each in repository.glob(kept)} == {"statement.xml", "statement.txt"}
    # Braces and quotes are all that Groovy asks of it.
    assert pipeline.count("{") == pipeline.count("}")
    assert pipeline.count("'") % 2 == 0


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_settles_again_only_what_changed(repository: Path) -> None:
    (repository / "Makefile").write_text(blocks("make", "make")[0])
    assert shell(repository, "make").returncode == 0
    assert failures(repository / "statement.xml") == 1
    assert "up to date" in shell(repository, "make").stdout
    later = (repository / "statement.xml").stat().st_mtime + 60
    os.utime(repository / "agreements" / "acme.yaml", (later, later))
    assert "evaluate" in shell(repository, "make").stdout


_HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("agreement.yaml", True),
        ("examples/acme/agreement.yml", True),
        ("acme-agreement-2026.yaml", True),
        ("agreements/acme.yaml", True),
        ("a/agreements/b/acme.yml", True),
        ("acme.yaml", False),
        ("disagreements/acme.yaml", False),
        ("agreements/probes.csv", False),
        ("agreement.yaml.bak", False),
        ("agreement/acme.json", False),
    ],
)
def test_the_hook_takes_agreements_and_nothing_else(path: str, taken: bool) -> None:
    assert bool(re.search(_HOOK["files"], path)) is taken


@pytest.mark.skipif(not has("pre_commit", "hatchling"), reason="pre-commit is not installed")
@pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
def test_pre_commit_installs_the_hook_and_refuses_what_is_wrong(repository: Path) -> None:
    """Nothing comes from a network: what slacheck needs is found where these tests have it from."""
    ours = repository.parent / "ours"
    shutil.copytree(ROOT / "src", ours / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, ours / name)
    env = {
        **bare(repository.parent),
        "PRE_COMMIT_HOME": str(repository.parent / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "A",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "a@example.com",
    }

    def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
        )

    for folder in (ours, repository):
        run(folder, "git", "init", "--quiet")
    run(ours, "git", "add", "--all")
    run(ours, "git", "commit", "--quiet", "--message", "all")
    run(ours, "git", "tag", "v1")
    config = blocks("yaml", "pre-commit")[0].replace("https://git.example.com/you/slacheck", str(ours))
    (repository / ".pre-commit-config.yaml").write_text(config)
    # One probe a minute cannot tell 99.9 % of a day, which lint says: here the promise is that of a month.
    (repository / "agreements" / "acme.yaml").write_text(AGREEMENT.replace("period: day", "period: month"))
    run(repository, "git", "add", "--all")
    pre_commit = (sys.executable, "-m", "pre_commit")
    assert run(ours, *pre_commit, "validate-manifest", ".pre-commit-hooks.yaml").returncode == 0
    hooks = (*pre_commit, "run", "--all-files", "--verbose")
    done = run(repository, *hooks)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "agreements/acme.yaml: valid, 1 service level" in done.stdout
    assert "agreements/acme.yaml: no finding" in done.stdout
    (repository / "agreements" / "broken.yaml").write_text(BROKEN)
    run(repository, "git", "add", "--all")
    done = run(repository, *hooks)
    assert done.returncode == 1
    assert "agreements/broken.yaml:14:41: error[unknown-name]: no source or outage 'prbes'" in done.stdout
