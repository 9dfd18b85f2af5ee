"""``slacheck reconcile`` through the real binary: what it prints, how it ends, and what is wrong with its input."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.binary import DAY, Slacheck, minutes

GOLDEN = Path(__file__).parent / "golden"
SHOWN = Path(__file__).parents[1] / "docs" / "reconcile"
MONTH = ("reconcile", "agreement.yaml", "-p", "2026-10", "--as-of", "2026-11-02T00:00:00Z")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """The two exports of the page on reconciling, and what stands beside them."""
    shutil.copytree(SHOWN, tmp_path, dirs_exist_ok=True)
    return tmp_path


def golden(name: str, text: str) -> str:
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
    return (GOLDEN / name).read_bytes().decode()


@pytest.mark.usefixtures("exports")
@pytest.mark.parametrize("format", ["terminal", "json", "csv"])
def test_two_exports_are_printed_side_by_side(slacheck: Slacheck, format: str) -> None:
    ran = slacheck(*MONTH, "--sources", "acme.yaml", "--format", format)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == golden(f"reconcile.{ {'terminal': 'txt'}.get(format, format) }", ran.out)


def test_sides_that_agree_are_a_success_and_missing_data_is_none(slacheck: Slacheck, folder: Path) -> None:
    """Half an hour that the customer did not watch could hold the 87 seconds that 99.9 % of a day allow, and more."""
    (folder / "same.csv").write_text(minutes())
    (folder / "dark.csv").write_text(minutes(skip=range(600, 630)))
    day = ("reconcile", "agreement.yaml", "-p", DAY)
    assert slacheck(*day, "-a", "probes=same.csv").code == 0
    dark = slacheck(*day, "-a", "probes=dark.csv", "--sides", "ours,theirs")
    assert dark.code == 4
    assert "up / unknown" in dark.out
    assert "ours" in dark.out
    assert "provider" not in dark.out.replace("Northwind", "")
    assert slacheck(*day, "-a", "probes=dark.csv", "--fail-on", "disagreement").code == 0


@pytest.mark.usefixtures("exports")
def test_never_lets_a_disagreement_pass(slacheck: Slacheck) -> None:
    assert slacheck(*MONTH, "--sources", "acme.yaml", "--fail-on", "never").code == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what the other side has: --against NAME=PATH, or --sources FILE"),
        (("-a", "probes"), "--against takes NAME=PATH"),
        (("-a", "probes=x.csv", "--sides", "us"), "--sides takes two names with a comma between them"),
        (("-a", "probes=x.csv", "--format", "html"), "--format takes terminal, json, csv; not 'html'"),
        (("-a", "probes=x.csv", "--fail-on", "breach"), "--fail-on takes disagreement, indeterminate"),
        (("-a", "probes=-", "-d", "probes=-"), "standard input can be read once"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(slacheck: Slacheck, arguments: tuple[str, ...], said: str) -> None:
    ran = slacheck("reconcile", "agreement.yaml", "-p", DAY, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Error: {said}")


@pytest.mark.parametrize(
    ("arguments", "sources", "said"),
    [
        (("-a", "prbes=probes.csv"), "", "--against prbes: error[unknown-name]: the agreement has no source 'prbes'"),
        (("-a", "probes=nowhere.csv"), "", "nowhere.csv: error[missing-file]"),
        (("--sources", "nowhere.yaml"), "", "nowhere.yaml: error[no-file]"),
        (
            ("--sources", "s.yaml"),
            "sources: {pings: {path: p, shape: samples, columns: {at: a}, hold: 1m}}",
            "s.yaml:1",
        ),
        (("--sources", "s.yaml"), "sources:\n  probes: {path: p.csv, shape: sample}", "s.yaml:2:"),
        (("--sources", "s.yaml"), "source: {}", "s.yaml:1:1"),
    ],
)
def test_what_is_wrong_with_the_other_side_is_told_at_its_place(
    slacheck: Slacheck, folder: Path, arguments: tuple[str, ...], sources: str, said: str
) -> None:
    (folder / "s.yaml").write_text(sources)
    ran = slacheck("reconcile", "agreement.yaml", "-p", DAY, *arguments)
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert ran.err.endswith("nothing was reconciled\n")


def test_the_json_satisfies_its_schema(slacheck: Slacheck, exports: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(slacheck("schema", "reconciliation").out)
    jsonschema.validate(json.loads((GOLDEN / "reconcile.json").read_text()), schema)
    assert exports.exists()
