"""Down time built from samples, for many rules at once."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import slacheck

RULES = 23


def test_every_rule_over_one_source_is_measured_on_its_own(tmp_path: Path) -> None:
    """Twenty-three rules take two passes, and the bits of the later rules of a pass lie beyond 32."""
    outages = "".join(f'  above-{rule}: {{from: probes, when: {{load: "> {rule}"}}}}\n' for rule in range(RULES))
    levels = "".join(
        f'  level-{rule}: {{measure: {{kind: availability, from: above-{rule}}}, target: ">= 1%"}}\n'
        for rule in range(RULES)
    )
    header = "slacheck: 1\nid: a\nprovider: P\ncustomer: C\ntimezone: UTC\nperiod: day\n"
    source = "sources:\n  probes: {path: probes.csv, shape: samples, columns: {at: at}, hold: until-next}\n"
    agreement = tmp_path / "agreement.yaml"
    agreement.write_text(f"{header}{source}outages:\n{outages}service_levels:\n{levels}", encoding="utf-8")
    rows = "".join(f"2026-10-05T{hour:02}:00:00Z,{hour}\n" for hour in range(24))
    (tmp_path / "probes.csv").write_text(f"at,load\n{rows}", encoding="utf-8")

    statement = slacheck.evaluate(agreement, period="2026-10-05", as_of=datetime(2026, 10, 7, tzinfo=UTC))

    values = [line.worst.fraction for line in statement.lines if line.worst is not None]
    # The load is the hour of the day: it is above n in all hours but the first n + 1.
    assert values == [Fraction(rule + 1, 24) for rule in range(RULES)]
