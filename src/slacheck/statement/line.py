"""One line of a statement: a level for one class and subject, what was measured, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from slacheck.language.quantities import Kind
from slacheck.measures.measure import MarginIn
from slacheck.statement.budget import BudgetShown
from slacheck.statement.course import CourseShown
from slacheck.statement.money import Credit
from slacheck.statement.parts import Exact, LineVerdict, Part


class Balance(Part):
    """Where the time of the period went, in microseconds. ``period`` is the sum of the others but ``beyond_allowance``.

    ``outside`` is outside service hours.

    ``beyond_allowance`` is the part of ``down`` that is excused time in excess of an allowance, whatever was measured.
    """

    period: int
    not_in_force: int
    future: int
    excluded: int
    unknown: int
    up: int
    down: int
    beyond_allowance: int = 0
    outside: int = 0


class Counted(Part):
    """Requests or records of the period, in how many rows (null where intervals are counted), and how many of the
    expected intervals they hold (0: no known grid); ``intervals_idle`` had a row and no request."""

    total: int
    good: int
    rows: int | None
    intervals_expected: int
    intervals_present: int
    intervals_idle: int = 0


class CasesCounted(Part):
    """Cases of the period: all of them, those that still run (and may yet be late), and how they stand to the limit.

    ``late`` are all that are outside the limit, those that came too ``early`` among them.
    """

    total: int
    open: int
    within: int | None = None
    late: int | None = None
    early: int | None = None


class CaseShown(Part):
    """One case, ``end`` null while it runs. ``length`` is in ``unit``: microseconds of time that counts, days, or
    microseconds past its deadline (``late-by``); ``paused`` is in microseconds.
    """

    case: str
    start: str
    end: str | None
    length: int
    unit: Literal["length", "days", "working-days", "late-by"] = "length"
    paused: int = 0
    place: str = ""


class StretchShown(Part):
    """An outage or an unknown stretch: the whole of it, and how much of it counted. ``place`` is file:row."""

    start: str
    end: str
    counted: int
    place: str = ""
    cause: str = ""


class CorrectionShown(Part):
    """One correction made afterwards: who, when, why, and what: a stretch of time, or a value."""

    author: str
    date: str
    reason: str
    what: Literal["remove_outage", "add_outage", "not_counted", "value"]
    start: str | None = None
    end: str | None = None
    value: str | None = None


class BeforeCorrections(Part):
    """What a line was without its corrections."""

    verdict: LineVerdict
    best: Exact | None
    worst: Exact | None


class ExpectedShown(Part):
    """The expected level beside a minimum: whether it was met, and how often it was missed of late.

    It was missed in ``missed`` of the ``of`` last periods, ``undecided`` more are not known; from ``default_at`` on
    that is a breach. Both are None where nothing follows from it.
    """

    target: str
    met: bool | None
    missed: int = 0
    undecided: int = 0
    default_at: int | None = None
    of: int | None = None


class Line(Part):
    """One level for one subject, and one class where the level has classes.

    ``best`` and ``worst`` are the same where nothing is missing; with ``open_above`` nothing bounds the value from
    above, since what still runs may take any time. ``period`` names the level's own period where it is another than the
    statement's; ``subjects`` is how many are rolled up into the line.

    A KPI is never breached: where it falls short of its target its verdict is ``missed``. ``dropped`` are records
    that gave way to those of a log named before theirs. Of a line that is one record ``record_of`` is its subject, and
    ``facts`` are what credits read of it. ``course`` is there where ``balance`` is; of many lines, of the gravest.
    ``budget`` is what is left of a period that runs, where that can be told. ``agreement_line`` is the line of the
    agreement's file on which the level, or the row of its class, begins.
    """

    level: str
    of_class: str = ""
    period: str = ""
    title: str
    clause: str | None
    role: Literal["service-level", "kpi"]
    subject: str
    measure: str
    unit: Kind
    target: str
    verdict: LineVerdict
    reason: str
    best: Exact | None
    worst: Exact | None
    open_above: bool = False
    margin_in: MarginIn
    margin_best: Exact | None
    margin_worst: Exact | None
    coverage: Exact | None
    missing: str
    balance: Balance | None = None
    counted: Counted | None = None
    cases: CasesCounted | None = None
    subjects: int = 0
    outages: int = 0
    longest: int = 0
    worst_outages: tuple[StretchShown, ...] = ()
    worst_cases: tuple[CaseShown, ...] = ()
    unknown_stretches: tuple[StretchShown, ...] = ()
    dropped: tuple[StretchShown, ...] = ()
    expected: ExpectedShown | None = None
    corrections: tuple[CorrectionShown, ...] = ()
    before: BeforeCorrections | None = None
    record_of: str = ""
    facts: dict[str, str | None] = {}
    course: CourseShown | None = None
    budget: BudgetShown | None = None
    credit: Credit | None = None
    agreement_line: int = 0


def gravest_first(lines: Sequence[Line], most: int) -> list[int]:
    """The positions of as many lines as are shown: all, in their order, or the gravest of them first."""
    if len(lines) <= most:
        return list(range(len(lines)))
    grave = {"breached": 0, "indeterminate": 1}
    kept = [(grave.get(line.verdict, 2) if line.role == "service-level" else 2, at) for at, line in enumerate(lines)]
    return [at for _, at in sorted(kept)[:most]]
