"""``slacheck explain``: a page of the manual, or how every amount of an agreement came about."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

GOLDEN = Path(__file__).parent / "golden"


def test_a_kind_has_its_manual_page(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("explain", "bands")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("bands\n\nA table from comparisons")


@pytest.mark.parametrize("name", ["earn_back", "rights", "amendments", "fees", "critical"])
def test_what_stands_beside_a_credit_has_its_page(slacheck: Slacheck, folder: Path, name: str) -> None:
    ran = slacheck("explain", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{name}\n\n")
    assert "\nEdge cases:" in ran.out


@pytest.mark.parametrize("name", ["sources.columns", "target", "pool"])
def test_a_key_is_explained_by_its_path(slacheck: Slacheck, folder: Path, name: str) -> None:
    ran = slacheck("explain", name)
    assert (ran.code, ran.err) == (0, "")
    file = GOLDEN / f"explain-{name}.txt"
    if os.environ.get("SLACHECK_GOLDEN") == "write":
        file.write_text(ran.out, encoding="utf-8")
    assert ran.out == file.read_text(encoding="utf-8")


def test_a_key_that_is_mistyped_is_guessed(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("explain", "sources.colums")
    assert (ran.code, ran.out) == (2, "")
    assert "called 'sources.colums'; did you mean 'sources.columns'?" in ran.err.replace("\n", " ")


def test_a_file_named_as_a_key_does_not_hide_it(slacheck: Slacheck, folder: Path) -> None:
    (folder / "target").write_text(AGREEMENT)
    assert slacheck("explain", "target").out.startswith("service_levels.target\n")


def test_an_unknown_name_is_told_every_page(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("explain", "xyzzy")
    assert (ran.code, ran.out) == (2, "")
    listed = ran.err.replace("\n", " ")
    assert all(name in listed for name in ("availability", "bands", "fees", "at_risk", "amendments"))


def test_a_file_named_as_a_kind_does_not_hide_its_page(slacheck: Slacheck, folder: Path) -> None:
    (folder / "bands").write_text(AGREEMENT)
    assert slacheck("explain", "bands").out.startswith("bands\n\n")


@pytest.mark.parametrize("name", ["agreement.yaml", "acme.YML", "acme"])
def test_an_agreement_is_worked_out_whatever_the_verdict_is(slacheck: Slacheck, folder: Path, name: str) -> None:
    """11 of 1,440 minutes were down: 99.236 %, 10 % of 400.00."""
    (folder / "probes.csv").write_text(minutes(down=range(600, 611)))
    (folder / name).write_text(AGREEMENT)
    ran = slacheck("explain", name, "--period", DAY)
    assert (ran.code, ran.err) == (0, "")
    assert "  measured  99.236%, exactly 99.236111111111...% = 1429/1440\n" in ran.out
    assert "            of 24:00:00: 23:49:00 up, 0:11:00 down\n" in ran.out
    assert re.search(r"\n    monthly 400\.00 +400\.00\n    10% of monthly +40\.00\n    credit +£40\.00\n", ran.out)
    assert ran.out.endswith("\nNorthwind Hosting owes Acme Ltd £40.00\n")


def test_open_amounts_are_worked_out_at_best_and_at_worst(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(minutes(skip=range(600, 700)))
    ran = slacheck("explain", "agreement.yaml", "--period", DAY)
    assert ran.code == 0
    assert re.search(r"at best\n    target met\n.*at worst\n    band < 99\.0%\n", ran.out, re.DOTALL)
    assert re.search(r"Total at least\n.*Total at most\n", ran.out, re.DOTALL)


def test_data_and_as_of_are_read_as_evaluate_reads_them(slacheck: Slacheck, folder: Path) -> None:
    (folder / "other.csv").write_text(minutes(down=range(600, 611)))
    given = ("agreement.yaml", "-p", DAY, "-d", "probes=other.csv", "--as-of", f"{DAY}T20:00:00Z")
    ran = slacheck("explain", *given)
    assert ran.code == 0
    assert "3:00:00 future" in ran.out
    piped = slacheck(
        "explain", "agreement.yaml", "-p", DAY, "-d", "probes=-", stdin=minutes(down=range(600, 611)).encode()
    )
    assert "1429/1440" in piped.out


def test_one_level_alone(slacheck: Slacheck, folder: Path) -> None:
    ran = slacheck("explain", "agreement.yaml", "--period", DAY, "--level", "availability")
    assert ran.code == 0
    assert "promised  ≥ 99.9%" in ran.out
    assert "Total" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["availabilty"], 2, "did you mean 'availability'?"),
        (["at-risk"], 2, "did you mean 'at_risk'?"),
        (["availability", "--level", "x"], 2, "'availability' is no agreement file"),
        (["agreement.yaml", "-p", DAY, "--level", "availabilty"], 2, "no level 'availabilty' in the period; did you"),
        (["agreement.yaml", "-p", DAY, "--level", "x"], 2, "no level 'x' in the period; there is availability"),
        (["agreement.yaml", "-p", DAY, "-d", "probes"], 2, "--data takes NAME=PATH"),
        (["agreement.yaml", "-p", DAY, "--as-of", "2026-10-05"], 2, "has no offset"),
        (["missing.yaml", "-p", DAY], 3, "missing.yaml"),
        (["agreement.yaml", "-p", "October"], 3, "October"),
    ],
)
def test_what_cannot_be_explained_is_said_and_nothing_is_printed(
    slacheck: Slacheck, folder: Path, arguments: list[str], code: int, said: str
) -> None:
    ran = slacheck("explain", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_number_leads_to_its_rows_and_to_what_was_ruled(slacheck: Slacheck, folder: Path) -> None:
    """Minutes 600 to 610 are down: the probe of 10:00 is the 661st of the file, in its row 662."""
    (folder / "probes.csv").write_text(minutes(down=range(600, 611), skip=range(700, 710)))
    record = "2026-10-05T10:02:00+01:00,2026-10-05T10:06:00+01:00,2026-10-01"
    (folder / "works.csv").write_text(f"start,end,told\n{record}\n")
    columns = "{start: start, end: end, announced: told}"
    source = f"  works: {{path: works.csv, shape: events, columns: {columns}, timezone: UTC}}\n"
    exclusions = "exclusions:\n  works: {from: works, notice: 1h}\n"
    agreement = AGREEMENT.replace("service_levels:", f"{source}{exclusions}service_levels:")
    (folder / "agreement.yaml").write_text(agreement.replace("from: probes}", "from: probes, excluding: [works]}"))
    ran = slacheck("explain", "agreement.yaml", "--period", DAY)
    assert (ran.code, ran.err) == (0, "")
    lines = [re.sub(r" +", " ", line).strip() for line in ran.out.splitlines()]
    at = lines.index("Outages, worst first")
    assert lines[at + 1].startswith("0:07:00 Mon 5 Oct 10:00 to Mon 5 Oct 10:11")
    assert "probes.csv:662" in " ".join(lines[at : at + 4])
    assert "Unknown time, longest first" in lines
    at = lines.index("Exclusions")
    told = " ".join(lines[at + 1 : at + 4])
    assert told.startswith("applied, 0:04:00 excused: works")
    assert "works.csv:2" in told
