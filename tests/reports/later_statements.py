"""A statement with exclusions and corrections, made by hand: for whom, why, how much, and what was before."""

from __future__ import annotations

from typing import Any

from slacheck.statement import (
    AllowanceShown,
    BeforeCorrections,
    CorrectionShown,
    ExclusionShown,
    ExpectedShown,
    Line,
    Statement,
)
from tests.reports.statements import HOUR, MINUTE, exact, line, satisfaction, statement


def corrected() -> Line:
    """Breached at 99.85 % before half an outage was removed; now 99.92 %, the expected level is 99.95 %."""
    removed = CorrectionShown(
        author="J. Smith",
        date="2026-11-03",
        reason="the probe's own link failed, see ticket 4711",
        what="remove_outage",
        start="2026-10-05T09:00:00Z",
        end="2026-10-05T09:40:00Z",
    )
    return line(
        "Availability",
        ">= 99.9%, expected >= 99.95%",
        "met",
        "0.9992",
        "0.9992",
        (10 * MINUTE, 10 * MINUTE),
        subject="web-1",
        expected=ExpectedShown(target=">= 99.95%", met=False, missed=3, undecided=1, default_at=4, of=12),
        corrections=(removed,),
        before=BeforeCorrections(verdict="breached", best=exact("0.9985"), worst=exact("0.9985")),
    )


def excused(**other: Any) -> ExclusionShown:
    """Four hours at night that ask to be excused; ``other`` are further fields of the model."""
    given: dict[str, Any] = {
        "exclusion": "planned",
        "levels": ("availability",),
        "start": "2026-10-03T21:00:00Z",
        "end": "2026-10-04T01:00:00Z",
        "place": "changes.csv:4",
        "refused": "",
        "excused": 4 * HOUR,
        "excess": 0,
    }
    return ExclusionShown(**(given | other))


def afterwards() -> Statement:
    """What was excused and corrected: partly, for whom, why, how much of an allowance, and what it was before."""
    value = CorrectionShown(
        author="A. Jones", date="2026-11-05", reason="typed wrongly", what="value", value="4.3"
    )  # fmt: skip
    satisfied = satisfaction().model_copy(
        update={
            "verdict": "met",
            "best": exact("4.3"),
            "worst": exact("4.3"),
            "margin_best": exact("0.1"),
            "margin_worst": exact("0.1"),
            "corrections": (value,),
            "before": BeforeCorrections(verdict="missed", best=exact("3.4"), worst=exact("3.4")),
        }
    )
    partly = ("outside the window 'nights'", "longer than 3h")
    return statement(
        corrected(),
        satisfied,
        total=None,
        exclusions=(
            excused(
                excused=3 * HOUR, excess=30 * MINUTE, outside=30 * MINUTE, partly=partly, holds_for=("web-1", "eu")
            ),
            excused(exclusion="storm", excused=4 * HOUR, reason="Lightning", effect="downtime", place="spans, item 1"),
        ),
        allowances=(
            AllowanceShown(
                exclusion="planned", allowance="4h per month", stretch="2026-10", holds_for=("web-1", "eu"),
                counts="time", allowed=4 * HOUR, used=210 * MINUTE,
            ),
            AllowanceShown(
                exclusion="planned", allowance="4h per month", stretch="2026-10", holds_for=("web-2", "eu"),
                counts="time", allowed=4 * HOUR, used=0,
            ),
            AllowanceShown(
                exclusion="moves", allowance="12 per year", stretch="2026", holds_for=(),
                counts="records", allowed=12, used=2,
            ),
        ),
    )  # fmt: skip
