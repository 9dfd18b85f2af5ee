"""What is left of a period that runs, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from slacheck.reports.layout import Page
from slacheck.reports.left import left
from slacheck.reports.view import View
from slacheck.statement import BudgetShown, BudgetUnit, Exact, LeftShown
from tests.reports.statements import statement

MINUTE = 60_000_000
ENDS, SAFE = "2026-10-26T13:33:00Z", "2026-10-31T22:48:00Z"


def told(unit: BudgetUnit, best: LeftShown, worst: LeftShown | None = None, rate: Fraction | None = None) -> str:
    budget = BudgetShown(unit=unit, best=best, worst=worst or best, rate=None if rate is None else Exact.of(rate))
    period = statement().period.model_copy(
        update={"timezone": "Europe/Berlin", "first_day": "2026-10-01", "last_day": "2026-10-31"}
    )
    return left(Page(View()), budget, period)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            told("time", LeftShown(left=12 * MINUTE, ends_by=ENDS, safe_from=SAFE)),
            (
                "0:12:00 left; an outage that begins now must end by Mon 26 Oct 14:33; "
                "from Sat 31 Oct 23:48 on it may last to the end"
            ),
        ),
        (
            told("time", LeftShown(left=MINUTE, safe_from=ENDS)),
            "0:01:00 left; an outage may last to the end of the period",
        ),
        (told("time", LeftShown(left=-MINUTE)), "lost: 0:01:00 too much"),
        (
            told("time", LeftShown(left=2 * MINUTE, ends_by=SAFE), LeftShown(left=MINUTE, ends_by=ENDS)),
            "0:01:00 left for certain, 0:02:00 at best; an outage that begins now must end by Mon 26 Oct 14:33",
        ),
        (
            told("time", LeftShown(left=MINUTE, ends_by=ENDS), LeftShown(left=-MINUTE)),
            "0:01:00 left; none where what is missing turns out badly",
        ),
        (
            told("requests", LeftShown(left=1404), rate=Fraction(1, 100)),
            "1,404 failed requests left, and 1.000% of whatever else comes in",
        ),
        (told("requests", LeftShown(left=1), rate=Fraction(0)), "1 failed request left"),
        (
            told("cases", LeftShown(left=-1), rate=Fraction(1, 5)),
            "1 late case too many as it stands; what comes in later may make up for it",
        ),
        (told("records", LeftShown(left=2)), "2 left"),
        (told("records", LeftShown(left=-2)), "lost: 2 too many"),
    ],
)
def test_what_is_left_is_told_in_a_sentence(shown: str, said: str) -> None:
    assert shown == said
