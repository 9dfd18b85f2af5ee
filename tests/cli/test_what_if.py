"""``slacheck what-if`` through the real binary: other terms for the same day, the reach of bands, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.binary import AGREEMENT, DAY, Slacheck, minutes

PERIOD = ("--period", DAY, "--as-of", "2026-10-07T00:00:00Z")


@pytest.fixture(autouse=True)
def agreements(folder: Path) -> None:
    excluded = AGREEMENT.replace("service_levels:", "exclusions:\n  planned: {from: log}\nservice_levels:").replace(
        "sources:\n", "sources:\n  log: {path: log.csv, shape: events, columns: {start: from, end: to}}\n"
    )
    (folder / "excluding.yaml").write_text(excluded.replace("from: probes}", "from: probes, excluding: [planned]}"))
    (folder / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    (folder / "probes.csv").write_text(minutes(range(600, 620)), encoding="utf-8")
    (folder / "log.csv").write_text("from,to\n2026-10-05T10:00:00+01:00,2026-10-05T10:20:00+01:00\n")


def test_the_reach_is_told_of_the_target_and_of_every_band(slacheck: Slacheck, folder: Path) -> None:
    """20 of 1,440 minutes are down; 0.1 % are 1:26.4 and 1 % are 14:24."""
    ran = slacheck("what-if", "agreement.yaml", *PERIOD)
    assert (ran.code, ran.err) == (0, "")
    assert "target >= 99.9%: broken; kept with 0:18:33.6 less down" in ran.out
    assert "band < 99.0%: reached; left with 0:05:36 less\n" in ran.out
    assert "25% of monthly = £100.00" in ran.out
    document = json.loads(slacheck("what-if", "agreement.yaml", *PERIOD, "--format", "json").out)
    assert [row["by"] for row in document["lines"][0]["rows"]] == [-1_113_600_000, -1_113_600_000, -336_000_000]


def test_other_terms_are_settled_beside_the_agreed_ones(slacheck: Slacheck) -> None:
    ran = slacheck("what-if", "agreement.yaml", *PERIOD, "--set", "fees.monthly=500")
    assert (ran.code, ran.err) == (0, "")
    assert "rises from 400.00 to 500, by 100.00" in ran.out
    assert "agreement.yaml:9 -> --set fees.monthly=500" in ran.out
    assert "owed: £100.00 before, £125.00 after; £25.00 more" in ran.out


def test_an_exclusion_that_is_taken_out_leaves_its_levels_too(slacheck: Slacheck) -> None:
    ran = slacheck("what-if", "excluding.yaml", *PERIOD, "--without", "exclusions.planned")
    assert (ran.code, ran.err) == (0, "")
    assert "owed: £0.00 before, £100.00 after; £100.00 more" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--set", "fees.monthly"), 2, "--set takes KEY=VALUE"),
        (("--set", "fees.monthly="), 2, "--set takes KEY=VALUE"),
        (("--set", "fees.monthly=many"), 3, "--set fees.monthly=many: error[not-an-amount]"),
        (("--set", "fees.monthly=null"), 3, "write --without fees.monthly to take it out"),
        (("--set", "service_levels.availability.targt=>= 99%"), 3, "did you mean 'target'?"),
        (
            ("--set", "service_levels.availabilty.target=>= 99%"),
            3,
            "did you mean 'service_levels.availability.target'?",
        ),
        (("--set", "fees={monthly: [}"), 3, "--set fees={monthly: [}: error[yaml]"),
        (("--set", "service_levels.availability.target=>= 99.95%"), 3, "error[band-hole]"),
        (("--without", "exclusions.planned"), 3, "there is no 'exclusions.planned' that could be taken out"),
        (("--format", "html"), 2, "--format takes terminal, json here; not 'html'"),
    ],
)
def test_what_is_wrong_is_told_at_its_argument(
    slacheck: Slacheck, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = slacheck("what-if", "agreement.yaml", *PERIOD, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
