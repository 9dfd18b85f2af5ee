"""Many agreements, one scorecard: their statements, made now or kept before, worst first, with totals by currency."""

from slacheck.portfolio.gathering import Gathered, Unsettled, kept, made
from slacheck.portfolio.scorecard import (
    BY,
    FORMAT,
    Arose,
    By,
    Counts,
    Group,
    Owed,
    PeriodScore,
    Row,
    Scorecard,
    Tally,
    Worst,
    Wrong,
)
from slacheck.portfolio.scoring import scorecard

__all__ = [
    "BY",
    "FORMAT",
    "Arose",
    "By",
    "Counts",
    "Gathered",
    "Group",
    "Owed",
    "PeriodScore",
    "Row",
    "Scorecard",
    "Tally",
    "Unsettled",
    "Worst",
    "Wrong",
    "kept",
    "made",
    "scorecard",
]
