"""``slacheck init`` through the real binary: what it writes and prints, that its commands run, and how it ends."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest

from tests.binary import Slacheck, minutes

GOLDEN = Path(__file__).parent / "golden"
OPENSLO = Path(__file__).parents[1] / "starting" / "openslo"


def same(name: str, text: str) -> bool:
    """Whether the text is the one that is kept; SLACHECK_GOLDEN=write keeps it."""
    kept = GOLDEN / name
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        kept.write_text(text, encoding="utf-8")
    return text == kept.read_text(encoding="utf-8")


def commands(printed: str) -> list[list[str]]:
    """The commands that were printed, as a shell would run them."""
    return [shlex.split(line)[1:] for line in printed.split("\n") if line.startswith("  slacheck ")]


def test_without_a_word_it_begins_with_the_commonest_agreement(slacheck: Slacheck, tmp_path: Path) -> None:
    ran = slacheck("init")
    assert (ran.code, ran.err) == (0, "")
    assert same("init.txt", ran.out)
    assert sorted(each.name for each in (tmp_path / "web-hosting").iterdir()) == ["agreement.yaml", "probes.csv"]


def test_the_commands_it_prints_run_and_give_what_it_says(slacheck: Slacheck, tmp_path: Path) -> None:
    ran = slacheck("init", "aws-s3", "my storage/eu", "--customer", "Foo & Söhne")
    assert (ran.code, ran.err) == (0, "")
    validate, evaluate = commands(ran.out)
    assert slacheck(*validate).code == 0
    statement = slacheck(*evaluate)
    assert statement.code == 1
    assert "owes Foo & Söhne $248.00" in statement.out


def test_the_templates_are_listed(slacheck: Slacheck) -> None:
    ran = slacheck("init", "--list")
    assert (ran.code, ran.err) == (0, "")
    assert same("init-list.txt", ran.out)
    assert all(len(line) <= 80 for line in ran.out.split("\n"))


def test_the_list_as_json_has_a_version(slacheck: Slacheck) -> None:
    shown = json.loads(slacheck("init", "--list", "--format", "json").out)
    assert shown["slacheck_templates"] == 1
    schema = json.loads(slacheck("schema", "templates").out)
    assert set(shown) == set(schema["properties"])
    assert set(shown["templates"][0]) == set(schema["$defs"]["Template"]["properties"])


def test_what_is_there_is_never_written_over(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "invoices.csv").write_text("mine\n")
    ran = slacheck("init", "aws-s3", "here")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: here/invoices.csv is there already; nothing was written\n"
    assert [each.name for each in (tmp_path / "here").iterdir()] == ["invoices.csv"]
    assert (tmp_path / "here" / "invoices.csv").read_text() == "mine\n"


def test_a_link_that_leads_nowhere_is_there_too(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (tmp_path / "probes.csv").write_text(minutes())
    assert slacheck("init", "--from", "probes.csv").code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_made_leaves_nothing(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert slacheck("init", "aws-s3", "closed/a/b").code == 3


def test_a_file_in_the_place_of_a_folder_leaves_nothing(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = slacheck("init", "aws-s3", "file/in/it")
    assert ran.code == 3
    assert "error[not-written]" in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aws-s4"], "no template is called 'aws-s4'; did you mean 'aws-s3'?"),
        (["zzz"], "no template is called 'zzz'; slacheck init --list shows all"),
        (["aws-s3", "a", "b"], "a template and a folder are taken, not 3 names"),
        (["aws-s3", "--target", ">= 99%"], "--target goes with --from: a template has its own"),
        (["--from", "-"], "an agreement names its exports: '-' has no name"),
        (["--from", "probes.csv", "--timezone", "Mars/Base"], "Mars/Base"),
        (["--from", "a.csv", "--from-openslo", "b.yaml"], "not with both"),
        (["--from-openslo", "b.yaml", "--target", ">= 99%"], "an OpenSLO document has its own"),
        (["--from-openslo", str(OPENSLO / "old.yaml"), "--timezone", "Mars/Base"], "Mars/Base"),
        (["--list", "--format", "yaml"], "--format takes terminal, json; not 'yaml'"),
        (["--customer", " "], "--customer takes a name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_is_told(slacheck: Slacheck, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "probes.csv").write_text(minutes())
    ran = slacheck("init", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["probes.csv"]


def test_exports_that_say_too_little_leave_choices_where_validate_points(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "probes.csv").write_text(minutes())
    ran = slacheck("init", "--from", "probes.csv")
    assert (ran.code, ran.err) == (0, "")
    assert same("init-from.txt", ran.out)
    assert same("init-from.yaml", (tmp_path / "agreement.yaml").read_text())
    refused = slacheck("validate", "agreement.yaml")
    assert refused.code == 3
    for place, key in (("5:1", "provider"), ("7:1", "customer"), ("9:1", "timezone"), ("27:5", "target")):
        assert f"agreement.yaml:{place}: error[empty]: nothing stands behind '{key}'" in refused.err


def test_exports_with_every_choice_run(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "probes.csv").write_text(minutes(range(60)))
    choices = ["--provider", "P", "--customer", "C", "--timezone", "Europe/London", "--target", ">= 99%"]
    ran = slacheck("init", "--from", "probes.csv", *choices, "-o", "-")
    assert ran.code == 0
    assert "wrote" not in ran.err
    (tmp_path / "agreement.yaml").write_text(ran.out.replace("period: month", "period: day"))
    # An hour of a day of 24.
    evaluated = slacheck("evaluate", "agreement.yaml", "--period", "2026-10-05")
    assert evaluated.code == 1
    assert "95.833%" in evaluated.out


def test_an_export_that_is_not_there_is_told(slacheck: Slacheck, tmp_path: Path) -> None:
    ran = slacheck("init", "--from", "nowhere.csv")
    assert ran.code == 3
    assert "nothing was written" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_openslo_becomes_an_agreement_and_what_is_left_is_told(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text((OPENSLO / "shop.yaml").read_text())
    ran = slacheck("init", "--from-openslo", "shop.yaml", "--provider", "Web", "--customer", "Sales")
    assert ran.code == 0
    assert same("init-openslo.txt", ran.out)
    assert same("init-openslo.err.txt", ran.err)
    assert (tmp_path / "agreement.yaml").read_text() == (OPENSLO / "shop.agreement.yaml").read_text()
    validate, _ = commands(ran.out)
    assert slacheck(*validate).code == 0


def test_openslo_on_standard_output_is_the_agreement_alone(slacheck: Slacheck, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text((OPENSLO / "old.yaml").read_text())
    (tmp_path / "shop.yaml").write_text((OPENSLO / "shop.yaml").read_text())
    ran = slacheck("init", "--from-openslo", "old.yaml", "shop.yaml", "-o", "-")
    assert ran.code == 0
    assert ran.out.startswith("# Begun from old.yaml, shop.yaml (OpenSLO).")
    assert "checkout-requests.csv: time, total, good" in ran.err
    assert {each.name for each in tmp_path.iterdir()} == {"old.yaml", "shop.yaml"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"kind: SLO\n", "slos.yaml:1:1: error[openslo]: no 'apiVersion' at the top level"),
        (b"\xff\xfe", "the file is not UTF-8 text"),
        (b"apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\n", "slos.yaml:2:1: error[openslo]"),
    ],
    ids=["no version", "bytes", "no SLO"],
)
def test_what_is_no_openslo_is_told(slacheck: Slacheck, tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "slos.yaml").write_bytes(text)
    ran = slacheck("init", "--from-openslo", "slos.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert "nothing was written" in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["slos.yaml"]
