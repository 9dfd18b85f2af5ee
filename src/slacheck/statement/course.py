"""How a period went, for pictures: what of it was not up; and how the periods before it went."""

from __future__ import annotations

from slacheck.language.quantities import Kind
from slacheck.measures.spans import SpanState
from slacheck.statement.parts import DayText, Exact, LineVerdict, NumberText, Part

MOST_LINES = 50
"""Of a statement of more lines only so many, the gravest, are shown to people and have a course."""


class SpanShown(Part):
    """A stretch of time ``[start, end)`` in which one thing holds."""

    state: SpanState
    start: str
    end: str


class CourseShown(Part):
    """What of the period of a line was not up, in the order of time; no two overlap or touch alike, the rest was up.

    The spans of each state, with those left out, add up to the line's balance exactly: ``down`` with what went beyond
    an allowance, ``excluded`` with time left out of the service time because nothing was asked for in it. Only ``up``
    differs where a nominal length stands for the real one of the period. A line whose time does not add up (a nominal
    length shorter than the time that was down) has no course.

    Where there are too many, the shortest of down, excluded and unknown time are ``left_out``, and of time outside
    service hours by itself: so many of them, of so many microseconds together. ``start`` and ``end`` are those of the
    line's own period, null where that is the statement's.
    """

    spans: tuple[SpanShown, ...]
    left_out: int = 0
    left_out_time: int = 0
    start: str | None = None
    end: str | None = None


class EarlierLine(Part):
    """A line of an earlier statement: verdict, what was measured, and what it cost.

    ``credit_least`` is null where it has no credit in money, ``credit_most`` also where nothing bounds it.
    """

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
    """An earlier period, or a part of one, as its statement told it; the days are those of the part.

    ``least`` and ``most`` are those of its total: null where the agreement pays none, ``most`` also where nothing
    bounds it. Of a statement of more than 200 lines the earlier periods have none.
    """

    period: str
    title: str
    first_day: DayText
    last_day: DayText
    verdict: str
    least: NumberText | None = None
    most: NumberText | None = None
    lines: tuple[EarlierLine, ...] = ()
