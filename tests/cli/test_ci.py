"""What slacheck says by itself in continuous integration, and the files that others pick up there."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from slacheck.reports import FORMATS
from tests.binary import AGREEMENT, DAY, Slacheck, minutes

GITHUB = {"GITHUB_ACTIONS": "true"}
EVALUATE = ("evaluate", "agreement.yaml", "--period", DAY)
BREACH = "::error file=agreement.yaml,line=13,title=Availability breached%2C 5 October 2026::measured 99.861%25"


@pytest.fixture
def breach(folder: Path) -> Path:
    """Two minutes down of a day: 1438 of 1440 minutes are 99.861 %."""
    (folder / "probes.csv").write_text(minutes(down=range(600, 602)))
    return folder


def test_a_breach_is_annotated_on_github_and_nowhere_else(slacheck: Slacheck, breach: Path) -> None:
    elsewhere = slacheck(*EVALUATE)
    assert "::" not in elsewhere.out + elsewhere.err
    ran = slacheck(*EVALUATE, **GITHUB)
    assert (ran.code, ran.out) == (1, elsewhere.out)
    assert ran.err.startswith(BREACH)
    assert len(ran.err.splitlines()) == 1


def test_nothing_is_annotated_where_all_is_met(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck(*EVALUATE, **GITHUB)
    assert (ran.code, ran.err) == (0, "")


def test_annotations_disturb_no_output_and_are_said_once(slacheck: Slacheck, breach: Path) -> None:
    ran = slacheck(*EVALUATE, "--format", "json", **GITHUB)
    assert json.loads(ran.out)["statements"][0]["verdict"] == "breached"
    assert ran.err.startswith(BREACH)
    asked = slacheck(*EVALUATE, "--format", "github", **GITHUB)
    assert asked.out.startswith(BREACH)
    assert asked.err == ""
    written = slacheck(*EVALUATE, "-o", "statement.json", **GITHUB)
    assert written.out == ""
    assert written.err.splitlines()[0] == "wrote statement.json"
    assert written.err.splitlines()[1].startswith(BREACH)
    assert slacheck(*EVALUATE, "--quiet", **GITHUB).err == ""


def test_an_agreement_in_a_folder_is_named_from_the_root_of_the_repository(slacheck: Slacheck, breach: Path) -> None:
    inside = {"GITHUB_WORKSPACE": str(breach.parent)}
    assert slacheck(*EVALUATE, **GITHUB, **inside).err.startswith(f"::error file={breach.name}/agreement.yaml,line=13")
    path = str(breach / "agreement.yaml")
    ran = slacheck("evaluate", path, "--period", DAY, "--format", "gitlab", CI_PROJECT_DIR=str(breach.parent))
    assert json.loads(ran.out)[0]["location"] == {"path": f"{breach.name}/agreement.yaml", "lines": {"begin": 13}}


def test_a_level_of_an_amendment_is_marked_where_the_amendment_says_it(slacheck: Slacheck, breach: Path) -> None:
    amended = """\
amendments:
  - effective: 2026-10-03
    service_levels:
      availability: {clause: "4b"}
      second:
        measure: {kind: availability, from: probes}
        target: ">= 99.9%"
"""
    (breach / "agreement.yaml").write_text(AGREEMENT + amended)
    marked = slacheck(*EVALUATE, "--format", "github").out.splitlines()
    assert [line.partition(",title=")[0] for line in marked] == [
        "::error file=agreement.yaml,line=13", "::error file=agreement.yaml,line=21",
    ]  # fmt: skip


def test_what_is_wrong_with_an_agreement_is_annotated_at_its_line_and_column(slacheck: Slacheck, folder: Path) -> None:
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("target:", "taget:"))
    for command in (("validate", "agreement.yaml"), EVALUATE):
        ran = slacheck(*command, **GITHUB)
        assert ran.code == 3
        assert ran.err.splitlines()[0].startswith("agreement.yaml:15:5: error[unknown-key]")
        assert "\n::error file=agreement.yaml,line=15,col=5,title=unknown-key::unknown key 'taget'" in ran.err


def test_what_is_wrong_with_agreements_is_a_document_where_that_is_asked_for(slacheck: Slacheck, folder: Path) -> None:
    (folder / "bad.yaml").write_text(AGREEMENT.replace("target:", "taget:"))
    both = ("validate", "agreement.yaml", "bad.yaml", "--format")
    ran = slacheck(*both, "json")
    (problem,) = json.loads(ran.out)["problems"]
    assert (ran.code, ran.err) == (3, "")
    assert (problem["path"], problem["line"], problem["column"], problem["code"]) == ("bad.yaml", 15, 5, "unknown-key")
    (issue,) = json.loads(slacheck(*both, "gitlab").out)
    assert issue["location"] == {"path": "bad.yaml", "lines": {"begin": 15}}
    assert issue["check_name"] == "unknown-key"
    marked = slacheck(*both, "github", **GITHUB)
    assert marked.out.startswith("::error file=bad.yaml,line=15,col=5,")
    assert marked.err == ""
    assert slacheck(*both, "json", **GITHUB).err == marked.out
    assert slacheck("validate", "agreement.yaml", "--format", "json").out.endswith('"problems": []\n}\n')
    assert slacheck("validate", "agreement.yaml", "--format", "csv").code == 2


def test_what_deserves_a_remark_is_in_the_document_and_fails_nothing(slacheck: Slacheck, folder: Path) -> None:
    head = AGREEMENT[: AGREEMENT.index("    credit:")]
    (folder / "agreement.yaml").write_text(f"{head}    credit: {{kind: lost-time, of: monthly, times: 3}}\n")
    ran = slacheck("validate", "agreement.yaml", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert [each["weight"] for each in json.loads(ran.out)["problems"]] == ["warning"]


def test_what_is_wrong_with_an_export_is_annotated_at_the_file(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text("timestamp,status\nyesterday,up\n")
    ran = slacheck(*EVALUATE, **GITHUB)
    assert ran.code == 3
    assert "\n::error file=probes.csv,title=" in ran.err


def test_no_text_of_a_file_is_a_command_to_the_runner(slacheck: Slacheck, breach: Path) -> None:
    named = AGREEMENT.replace("Web hosting for Acme", "'::warning::web ##[error]x'")
    (breach / "::error::x.yaml").write_text(named)
    elsewhere = slacheck("evaluate", "::error::x.yaml", "--period", DAY)
    assert elsewhere.out.startswith("::warning::web ##[error]x")
    ran = slacheck("evaluate", "::error::x.yaml", "--period", DAY, **GITHUB)
    assert ran.out.startswith(": :warning::web ## [error]x")
    assert ran.err.startswith("::error file=%3A%3Aerror%3A%3Ax.yaml,line=13,")
    (breach / "::error::x.yaml").write_text(named.replace("target", "taget"))
    wrong = slacheck("validate", "::error::x.yaml", **GITHUB).err.splitlines()
    commands = [line for line in wrong if line.lstrip().startswith("::")]
    assert commands == [wrong[-1]]
    assert "##[" not in "".join(wrong)


def test_the_summary_of_a_step_keeps_what_it_says_already(slacheck: Slacheck, breach: Path) -> None:
    summary = breach / "summary.json"
    summary.write_text("before\n")
    told = {"GITHUB_STEP_SUMMARY": str(summary)}
    slacheck(*EVALUATE, "-o", f"csv={summary}", **told)
    once = summary.read_bytes()
    assert once.startswith(b"before\n\nagreement,")
    slacheck(*EVALUATE, "-o", f"csv={summary}", **told)
    assert summary.read_bytes() == once + once.removeprefix(b"before\n")
    other = breach / "other.csv"
    other.write_text("before\n")
    slacheck(*EVALUATE, "-o", str(other), **told)
    assert other.read_bytes().startswith(b"agreement,")


def test_a_summary_that_github_would_not_show_is_told(slacheck: Slacheck, breach: Path) -> None:
    summary = breach / "summary.md"
    summary.write_bytes(b"x" * 1024 * 1024)
    ran = slacheck(*EVALUATE, "-o", str(summary), GITHUB_STEP_SUMMARY=str(summary))
    assert ran.code == 1
    assert f"'{summary}' is larger than the 1 MiB that GitHub shows" in ran.err
    assert "larger" not in slacheck(*EVALUATE, "-o", str(summary)).err


def test_the_summary_may_be_empty_or_not_there(slacheck: Slacheck, breach: Path) -> None:
    summary = breach / "summary.csv"
    for _ in range(2):
        slacheck(*EVALUATE, "-o", f"csv={summary}", GITHUB_STEP_SUMMARY=str(summary))
        assert summary.read_bytes().startswith(b"agreement,")
        summary.write_bytes(b"")


def test_a_new_metrics_file_can_be_read_by_all_and_nothing_lies_beside_it(slacheck: Slacheck, breach: Path) -> None:
    folder = breach / "textfile"
    folder.mkdir()
    before = os.umask(0o022)
    try:
        ran = slacheck(*EVALUATE, "-o", "textfile/acme.prom")
    finally:
        os.umask(before)
    assert ran.code == 1
    assert [each.name for each in folder.iterdir()] == ["acme.prom"]
    assert stat.S_IMODE((folder / "acme.prom").stat().st_mode) == 0o644
    assert (folder / "acme.prom").read_text().endswith("# EOF\n")


@pytest.mark.parametrize("format", [name for name, each in FORMATS.items() if not each.on_screen and not each.needs])
def test_a_format_is_the_same_bytes_on_stdout_in_a_file_and_in_any_locale(
    slacheck: Slacheck, breach: Path, format: str
) -> None:
    (breach / "agreement.yaml").write_text(AGREEMENT.replace("Acme Ltd", "Ärger & Söhne"))
    slacheck(*EVALUATE, "-o", f"{format}=out.file")
    written = (breach / "out.file").read_bytes().decode()
    for locale in ({}, {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "7"}):
        assert slacheck(*EVALUATE, "--format", format, **locale).out == written


def test_the_help_names_every_format(slacheck: Slacheck) -> None:
    told = slacheck("evaluate", "--help", COLUMNS="200").out
    assert not [name for name in FORMATS if name not in told]
