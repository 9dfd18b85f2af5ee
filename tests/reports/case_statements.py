"""A statement of cases and service hours, made by hand: classes, what still runs, days, a period of a level's own."""

from __future__ import annotations

from fractions import Fraction

from slacheck.measures.asking import CaseUnit
from slacheck.statement import (
    Balance,
    CalendarShown,
    CasesCounted,
    CaseShown,
    Counted,
    HolidayShown,
    Line,
    Statement,
)
from tests.reports.statements import HOUR, MINUTE, amount, band, between, line, nothing_owed, statement, step, total


def response(of_class: str, target: str, counted: CasesCounted, *slowest: CaseShown, share: str = "95%") -> Line:
    """Cases within their limit, told by class; where some still run the best and the worst value are not the same."""
    assert counted.within is not None
    edge = Fraction(share.removesuffix("%")) / 100
    best, worst = (Fraction(good, counted.total) for good in (counted.within + counted.open, counted.within))
    return line(
        "Response",
        target,
        "met" if worst >= edge else "breached",
        best,
        worst,
        ((best - edge) * counted.total, (worst - edge) * counted.total),
        of_class=of_class,
        measure="share-within",
        margin_in="cases",
        cases=counted,
        worst_cases=slowest,
        credit=nothing_owed() if worst >= edge else band("< 95%", "5%", "600.00"),
    )


def case(
    name: str, start: str, end: str | None, length: int, paused: int = 0, row: int = 2, unit: CaseUnit = "length"
) -> CaseShown:
    place = f"tickets.csv:{row}"
    return CaseShown(case=name, start=start, end=end, length=length, unit=unit, paused=paused, place=place)


def restoration() -> Line:
    """The mean of 38 cases, two of which still run: 3 h 20 min at least, 4 h are allowed."""
    so_far = Fraction(200 * MINUTE)
    bound = step("bound", "what still runs may take any time: the most that the credit can pay", "100")
    credit = between(amount("0.00", step("measured", "target met")), amount("100.00", bound))
    return line(
        "Restoration",
        "<= 4h",
        "indeterminate",
        so_far,
        so_far,
        (40 * MINUTE, 40 * MINUTE),
        measure="elapsed",
        unit="length",
        open_above=True,
        reason="what still runs could change the answer",
        cases=CasesCounted(total=38, open=2),
        worst_cases=(_slowest()[0],),
        credit=credit,
    )


def _slowest() -> tuple[CaseShown, ...]:
    return (
        case("INC-4711", "2026-10-13T13:02:00Z", None, 340 * MINUTE, HOUR, 17),
        case("INC-4698", "2026-10-12T08:00:30Z", "2026-10-12T13:20:30Z", 320 * MINUTE, 0, 9),
    )


def repair(name: str, days: int, *, runs: bool = False) -> Line:
    """One repair that may take two working days; one that runs has taken so many at least."""
    reason = "more than it has been so far is still possible" if runs else ""
    end = None if runs else "2026-10-09T15:00:00Z"
    return line(
        "Repair",
        "<= 2 working days",
        "met" if days <= 2 else "breached",
        days,
        days,
        (2 - days, 2 - days),
        subject=name,
        measure="elapsed",
        unit="working-days",
        margin_in="days",
        open_above=runs,
        reason=reason,
        cases=CasesCounted(total=1, open=int(runs)),
        worst_cases=(case(name, "2026-10-05T10:00:00Z", end, days, 0, 40 + days, unit="working-days"),),
    )


def office_hours() -> Line:
    """Rolled up from twelve hosts over a year of its own, in service hours: 2,000 h of 8,760 h, 10 h of them down."""
    down, served, year = 10 * HOUR, 2000 * HOUR, 8760 * HOUR
    value = Fraction(served - down, served)
    return line(
        "Branch network",
        ">= 99%",
        "met",
        value,
        value,
        (10 * HOUR, 10 * HOUR),
        period="1 November 2025 to 31 October 2026",
        subjects=12,
        balance=Balance(
            period=year,
            not_in_force=0,
            future=0,
            excluded=0,
            unknown=0,
            up=served - down,
            down=down,
            outside=year - served,
        ),
    )


def batches() -> Line:
    """A mean of rates: no sum of requests stands behind it."""
    counted = Counted(
        total=51_300, good=51_000, rows=None, intervals_expected=8940, intervals_present=8772, intervals_idle=30
    )  # fmt: skip
    return line(
        "Batches", ">= 99%", "met", "0.995", "0.995", ("0.005", "0.005"), measure="success-rate", margin_in="value",
        counted=counted,
    )  # fmt: skip


def visits() -> Line:
    """A count is its value; what unknown time could hide may come on top of it."""
    return line(
        "Visits missed", "<= 3", "breached", 5, 5, (-2, -2), measure="count", unit="number", margin_in="value",
        open_above=True, counted=Counted(total=5, good=0, rows=5, intervals_expected=0, intervals_present=0),
    )  # fmt: skip


def cases() -> Statement:
    """Cases and service hours: classes, what still runs, days, and a period of a level's own."""
    p1 = CasesCounted(total=38, open=2, within=33, late=3, early=1)
    p2 = CasesCounted(total=120, open=0, within=118, late=2, early=0)
    holidays = [HolidayShown(day=f"2026-10-{day:02}", name=f"Fair day {day}") for day in range(12, 26)]
    return statement(
        response("P1", ">= 95%", p1, *_slowest()),
        response("P2", ">= 90%", p2, share="90%"),
        restoration(),
        repair("F-17", 5),
        repair("F-18", 2),
        repair("F-19", 3, runs=True),
        office_hours(),
        batches(),
        visits(),
        total=total("600.00", "700.00", 3),
        calendars=(
            CalendarShown(
                name="office",
                text="Mon-Fri 08:30-17:00; no hours on GB-ENG holidays",
                levels=("response", "restoration"),
                service=187 * HOUR,
                holidays=(HolidayShown(day="2026-10-12", name="Founders' Day"),),
            ),
            CalendarShown(
                name="fair",
                text="daily 06:00-22:00",
                levels=("branch-network",),
                service=496 * HOUR,
                holidays=tuple(holidays),
            ),
        ),
    )
