"""How a period went, for pictures: what of it was not up; and how the periods before it went."""

from __future__ import annotations

from typing import Literal

from slacheck.language.quantities import Kind
from slacheck.statement.parts import DayText, Exact, LineVerdict, NumberText, Part

SpanState = Literal["down", "excluded", "unknown", "outside", "not-in-force", "future"]


class SpanShown(Part):
    """A stretch of time ``[start, end)`` in which one thing holds."""

    state: SpanState
    start: str
    end: str


class CourseShown(Part):
    """What of the period of a line was not up, in the order of time; no two overlap, and the rest of it was up.

    Where there are too many, the shortest of down, excluded and unknown time are ``left_out``, so many of them, of so
    many microseconds together.
    """

    spans: tuple[SpanShown, ...]
    left_out: int = 0
    left_out_time: int = 0


class EarlierLine(Part):
    """A line of an earlier statement: verdict, what was measured, and what it cost (null: no bound, or not known)."""

    level: str
    of_class: str = ""
    subject: str = ""
    period: str = ""
    verdict: LineVerdict
    target: str
    unit: Kind
    best: Exact | None
    worst: Exact | None
    credit_least: NumberText | None = None
    credit_most: NumberText | None = None


class EarlierShown(Part):
    """An earlier period as its statement told it; amounts are null where the agreement pays none."""

    period: str
    title: str
    first_day: DayText
    last_day: DayText
    verdict: str
    least: NumberText | None = None
    most: NumberText | None = None
    lines: tuple[EarlierLine, ...] = ()
