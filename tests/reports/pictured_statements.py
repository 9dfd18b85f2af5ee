"""A statement that has something to draw: how October went on the clock, and ten of the eleven months before it."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from slacheck.statement import CourseShown, EarlierLine, EarlierShown, Exact, SpanShown, SpanState, Statement
from slacheck.statement.parts import LineVerdict
from tests.reports import statements as made

LONDON = ZoneInfo("Europe/London")

# The outages of the sample, what was excused of it, and a stretch of which nothing is known; times on the clock.
_STRETCHES: tuple[tuple[SpanState, int, int, int, int, int], ...] = (
    ("down", 3, 9, 0, 9, 20),
    ("excluded", 4, 8, 0, 11, 0),
    ("unknown", 12, 11, 3, 11, 25),
    ("down", 13, 14, 2, 15, 31),
    ("down", 22, 21, 10, 21, 52),
    ("down", 28, 23, 52, 24, 0),
)
# March 2026 is not known.
_MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")


def instant(day: int, hour: int, minute: int = 0) -> str:
    """An instant of October 2026 in London; the hour 24 is midnight."""
    at = datetime(2026, 10, day, hour % 24, minute, tzinfo=LONDON)
    if hour == 24:
        at = datetime(2026, 10, day + 1, tzinfo=LONDON)
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def course() -> CourseShown:
    """Nights until six are outside service hours."""
    spans = [SpanShown(state="outside", start=instant(day, 0), end=instant(day, 6)) for day in range(1, 32)]
    spans += [
        SpanShown(state=state, start=instant(day, *begun), end=instant(day, *ended))
        for state, day, *times in _STRETCHES
        for begun, ended in [(times[:2], times[2:])]
    ]
    return CourseShown(spans=tuple(sorted(spans, key=lambda span: span.start)), left_out=3, left_out_time=90_000_000)


def _earlier(month: str) -> EarlierShown:
    year, number = map(int, month.split("-"))
    verdict: LineVerdict = "breached" if month in ("2026-02", "2026-08") else "met"
    up = Exact.of(Fraction(9941 if verdict == "breached" else 9994, 10_000))
    errors = Exact.of(Fraction(12 if month == "2026-06" else 1, 1000))
    owed = {"2026-02": "1200.00", "2026-08": "1200.00", "2026-06": "600.00"}.get(month, "0.00")
    available = "1200.00" if verdict == "breached" else "0.00"
    erring = "600.00" if month == "2026-06" else "0.00"
    return EarlierShown(
        period=month,
        title=month,
        first_day=f"{month}-01",
        last_day=f"{month}-{calendar.monthrange(year, number)[1]}",
        verdict="breached" if owed != "0.00" else "met",
        least=owed,
        most=owed,
        lines=(
            EarlierLine(level="availability", verdict=verdict, target=">= 99.9%", unit="share", best=up, worst=up,
                        credit_least=available, credit_most=available),
            EarlierLine(level="api-errors", verdict="breached" if month == "2026-06" else "met", target="<= 1%",
                        unit="share", best=errors, worst=errors, credit_least=erring, credit_most=erring),
        ),
    )  # fmt: skip


def pictured() -> Statement:
    """As ``statements.whole``, with the course of its first line and the months before it."""
    whole = made.whole()
    first, *others = whole.lines
    lines = (first.model_copy(update={"course": course()}), *others)
    return whole.model_copy(update={"lines": lines, "earlier": tuple(map(_earlier, _MONTHS))})
