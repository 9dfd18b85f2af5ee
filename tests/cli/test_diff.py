"""``slacheck diff`` through the real binary: what it prints, how it ends, and what is wrong with what it is given."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

GOLDEN = Path(__file__).parent / "golden"
# 20 minutes down of a day of 24 hours are 98.611 %: the old table owes 25 % of 400.00, the new none.
NEW = (
    AGREEMENT.replace("monthly: 400.00", "monthly: 500.00")
    .replace('">= 99.9%"', '">= 98.5%"')
    .replace('{"< 99.9%": 10%, "< 99.0%": 25%}', '{"< 98.5%": 10%, "< 97.0%": 25%}')
    .replace("title: Web hosting for Acme\n", "title: Web hosting\n")
)
PERIOD = ("--period", DAY, "--as-of", "2026-10-07T00:00:00Z")


@pytest.fixture(autouse=True)
def agreements(folder: Path) -> None:
    for name, text in (("old.yaml", AGREEMENT), ("new.yaml", NEW), ("probes.csv", minutes(range(600, 620)))):
        (folder / name).write_text(text, encoding="utf-8")


def golden(name: str, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("format", "ending"), [("terminal", "txt"), ("markdown", "md"), ("json", "json")])
def test_terms_and_a_period_under_both_are_printed(slacheck: Slacheck, format: str, ending: str) -> None:
    ran = slacheck("diff", "old.yaml", "new.yaml", *PERIOD, "--format", format)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == golden(f"diff.{ending}", ran.out)


def test_json_is_as_its_schema_says(slacheck: Slacheck) -> None:
    schema = json.loads(slacheck("schema", "diff").out)
    document = json.loads(slacheck("diff", "old.yaml", "new.yaml", *PERIOD, "--format", "json").out)
    pytest.importorskip("jsonschema").Draft202012Validator(schema).validate(document)
    assert document["slacheck_diff"] == 1
    (total,) = document["totals"]
    assert (total["before_least"], total["after_least"]) == ("100.00", "0.00")
    assert (total["more_least"], total["more_most"]) == ("-100.00", "-100.00")


def test_differences_fail_only_where_that_is_asked_for(slacheck: Slacheck, folder: Path) -> None:
    assert slacheck("diff", "old.yaml", "new.yaml").code == 0
    assert slacheck("diff", "old.yaml", "new.yaml", "--exit-code").code == 1
    (folder / "said.yaml").write_text(f"# a comment\n{AGREEMENT}notes: [only said]\n".replace("99.9%", "99.90%"))
    ran = slacheck("diff", "old.yaml", "said.yaml", "--exit-code")
    assert ran.code == 0
    assert "old.yaml -> said.yaml: 1 change of words alone" in ran.out


def test_one_file_is_told_by_its_amendments(slacheck: Slacheck, folder: Path) -> None:
    amended = "amendments:\n  - {effective: 2027-01-01, fees: {monthly: 450.00}}\n"
    (folder / "amended.yaml").write_text(AGREEMENT + amended)
    ran = slacheck("diff", "amended.yaml")
    assert ran.code == 0
    assert "amended.yaml, as amended: 1 change of the terms" in ran.out
    assert "from 1 Jan 2027 on: rises from 400.00 to 450.00, by 50.00" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("old.yaml", "nowhere.yaml"), 3, "nowhere.yaml: error[no-file]: the file does not exist"),
        (("bad.yaml", "worse.yaml"), 3, "2 errors in 2 files; nothing was compared"),
        (("old.yaml",), 2, "old.yaml has no amendments; name the file it is compared with"),
        (("old.yaml", "new.yaml", "--format", "html"), 2, "--format takes terminal, json, markdown; not 'html'"),
        (("old.yaml", "new.yaml", "--data", "probes=x.csv"), 2, "write --period 2026-10 beside them"),
        (("old.yaml", "new.yaml", *PERIOD, "--data", "probes=-"), 2, "standard input can be read once: name a file"),
        (("old.yaml", "new.yaml", *PERIOD, "--data", "probs=probes.csv"), 3, "probs"),
        (("old.yaml", "new.yaml", "--period", "2026-13"), 3, "2026-13"),
    ],
)
def test_what_is_wrong_is_told(
    slacheck: Slacheck, folder: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    for name in ("bad.yaml", "worse.yaml"):
        (folder / name).write_text(AGREEMENT.replace("Europe/London", "Europe/Londn"))
    ran = slacheck("diff", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_git_shows_an_agreement_as_it_was(slacheck: Slacheck, folder: Path) -> None:
    """The old file may stand in another folder, as a worktree of git does; places name both."""
    (folder / "base").mkdir()
    shutil.copy(folder / "old.yaml", folder / "base" / "agreement.yaml")
    ran = slacheck("diff", "base/agreement.yaml", "new.yaml")
    assert "base/agreement.yaml:9 -> new.yaml:9" in ran.out
