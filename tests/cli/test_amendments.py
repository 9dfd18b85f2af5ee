"""Amendments through the binary: what is refused, what is counted, and how a part of a period is told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.binary import AGREEMENT, DAY, Slacheck

AMENDED = AGREEMENT.replace("period: day", "period: week") + (
    "amendments:\n  - {effective: 2026-10-07, fees: {monthly: 500.00}}\n"
)


def test_an_amendment_that_cannot_be_meant_exits_3_and_is_pointed_at(slacheck: Slacheck, folder: Path) -> None:
    (folder / "agreement.yaml").write_text(AMENDED.replace("fees: {monthly: 500.00}}", "timezone: UTC}"))
    for command in (["validate", "agreement.yaml"], ["evaluate", "agreement.yaml", "--period", DAY]):
        ran = slacheck(*command)
        assert (ran.code, ran.out) == (3, "")
        assert "agreement.yaml:18:29: error[amendment]: 'timezone' cannot be amended" in ran.err


def test_validate_counts_amendments(slacheck: Slacheck, folder: Path) -> None:
    (folder / "agreement.yaml").write_text(AMENDED)
    ran = slacheck("validate", "agreement.yaml")
    assert ran.code == 0
    assert "agreement.yaml: valid, 1 service level, 1 amendment\n" in ran.out + ran.err


def test_each_part_of_a_period_has_a_statement_that_names_it(slacheck: Slacheck, folder: Path) -> None:
    (folder / "agreement.yaml").write_text(AMENDED)
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-W41")
    assert "5 October to 6 October 2026, before the amendment of 7 October 2026\n" in ran.out
    assert "Europe/London, 48 h\n" in ran.out
    assert "Europe/London, 120 h\n" in ran.out
    assert "7 October to 11 October 2026, after the amendment of 7 October 2026\n" in ran.out
    ran = slacheck("evaluate", "agreement.yaml", "--period", "2026-W41", "--format", "json")
    shown = [each["period"] for each in json.loads(ran.out)["statements"]]
    assert [(each["label"], each["part"]["first_day"]) for each in shown] == [
        ("2026-W41", "2026-10-05"),
        ("2026-W41", "2026-10-07"),
    ]
