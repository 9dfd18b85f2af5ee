"""Names of output files that a run fills in: each statement lands where its agreement and period say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

# 10:00 on 6 October in London, where the 5th is over; 23:00 on the 5th in Honolulu, where the 4th is the last that is.
EARLY = "2026-10-06T09:00:00Z"


def held(path: Path) -> list[tuple[str, str]]:
    """Agreement and period of each statement in a file."""
    statements = json.loads(path.read_text())["statements"]
    return [(each["agreement"]["id"], each["period"]["label"]) for each in statements]


@pytest.fixture
def two(folder: Path) -> Path:
    """Two agreements over the same probes, in zones of different days."""
    (folder / "far.yaml").write_text(AGREEMENT.replace("acme-web", "far").replace("Europe/London", "Pacific/Honolulu"))
    return folder


def test_each_agreement_has_a_file_of_the_day_in_its_own_zone(slacheck: Slacheck, two: Path) -> None:
    ran = slacheck(
        *("evaluate", "agreement.yaml", "far.yaml", "--period", "last-period", "--as-of", EARLY, "--fail-on", "never"),
        *("-o", "{agreement}-{period}.json", "-o", "all.json"),
    )
    assert ran.err.splitlines() == ["wrote acme-web-2026-10-05.json", "wrote far-2026-10-04.json", "wrote all.json"]
    assert held(two / "acme-web-2026-10-05.json") == [("acme-web", "2026-10-05")]
    assert held(two / "far-2026-10-04.json") == [("far", "2026-10-04")]
    assert held(two / "all.json") == [("acme-web", "2026-10-05"), ("far", "2026-10-04")]


def test_a_file_holds_every_statement_that_its_name_names(slacheck: Slacheck, two: Path) -> None:
    slacheck("evaluate", "agreement.yaml", "far.yaml", "--period", "2026-10-04..2026-10-05", "-o", "{period}.json")
    for day in ("2026-10-04", "2026-10-05"):
        assert held(two / f"{day}.json") == [("acme-web", day), ("far", day)]


def test_what_a_file_of_one_statement_holds_is_what_a_run_for_it_alone_writes(slacheck: Slacheck, two: Path) -> None:
    slacheck("evaluate", "agreement.yaml", "far.yaml", "--period", DAY, "-o", "of-{agreement}.json")
    slacheck("evaluate", "agreement.yaml", "--period", DAY, "-o", "alone.json")
    assert (two / "of-acme-web.json").read_bytes() == (two / "alone.json").read_bytes()


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (["{month}.json"], "a name of --output has {agreement} and {period} filled in; not '{month}'"),
        (["json={agreement}", "acme-web.json", "{agreement}.json"], "'acme-web.json' is read or written by this run"),
        (["json={period}-{day}"], "not '{day}'"),
        (["json={agreement}.yaml"], "'acme-web.yaml' is read or written by this run already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_nothing_written(
    slacheck: Slacheck, folder: Path, outputs: list[str], said: str
) -> None:
    (folder / "agreement.yaml").rename(folder / "acme-web.yaml")
    before = sorted(folder.iterdir())
    ran = slacheck("evaluate", "acme-web.yaml", "--period", DAY, *(f"--output={each}" for each in outputs))
    assert ran.code == 2
    assert said in ran.err
    assert sorted(folder.iterdir()) == before


def test_a_folder_that_is_missing_is_told(slacheck: Slacheck, folder: Path) -> None:
    (folder / "probes.csv").write_text(minutes())
    ran = slacheck("evaluate", "agreement.yaml", "--period", DAY, "-o", "{agreement}/{period}.json")
    assert ran.code == 3
    assert "acme-web/2026-10-05.json: error[not-written]" in ran.err
