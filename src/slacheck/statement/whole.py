"""The settled result of one agreement for one period, as a model; its JSON schema is versioned.

Exact values are text: a fraction as ``numerator/denominator``, its decimal to 18 places, amounts in the currency's
minor unit. Instants are ISO 8601 UTC; lengths of time are integer microseconds.
"""

from __future__ import annotations

from typing import Final, Literal

from slacheck.statement.course import EarlierShown
from slacheck.statement.data import SourceShown
from slacheck.statement.line import Line
from slacheck.statement.money import Total
from slacheck.statement.parts import Part
from slacheck.verdicts import Verdict

FORMAT: Final = 1


class RightState(Part):
    """Whether a right stands at the end of the period; of subjects each by itself, where it arose or may have.

    ``undecided``: something that it rests on is missing. ``expired``: the periods that made it arise still count, and
    the time to use it is over. ``arose_on`` is the last day of the period that made it arise, ``periods`` are those
    that it rests on.
    """

    name: str
    subject: str = ""
    state: Literal["arose", "not-arisen", "undecided", "expired"]
    reason: str
    periods: tuple[str, ...] = ()
    arose_on: str | None = None
    use_by: str | None = None
    clause: str | None = None


class ExclusionShown(Part):
    """One record of an exclusion's log inside the period: what was excused, what went beyond, or why it was refused."""

    exclusion: str
    levels: tuple[str, ...]
    start: str
    end: str
    place: str
    refused: str
    excused: int
    excess: int
    outside: int = 0
    partly: tuple[str, ...] = ()
    holds_for: tuple[str, ...] = ()
    reason: str = ""
    effect: Literal["service-time", "downtime", "good"] = "service-time"


class AllowanceShown(Part):
    """How much of an allowance is used in one of its civil stretches: microseconds, or a number of records."""

    exclusion: str
    allowance: str
    stretch: str
    holds_for: tuple[str, ...]
    counts: Literal["time", "records"]
    allowed: int
    used: int


class HolidayShown(Part):
    """One holiday: its civil day and its name."""

    day: str
    name: str


class CalendarShown(Part):
    """A calendar that counts in this statement: what it says, its time in the period (microseconds), its holidays."""

    name: str
    text: str
    levels: tuple[str, ...]
    service: int
    holidays: tuple[HolidayShown, ...] = ()


class Input(Part):
    """One file that the statement was made from."""

    source: str
    file: str
    sha256: str
    rows: int


class HistoryShown(Part):
    """An earlier statement that this one rests on: its period, the days of its part where the period has several.

    ``file`` is where it was read, with the digest of that file, or ``this run``.
    """

    period: str
    part: str | None = None
    file: str
    sha256: str | None = None


class Note(Part):
    """What is odd about the data, in words. ``weight`` is ``info``, or ``warning`` where it can matter."""

    weight: Literal["info", "warning"]
    text: str


class PeriodPartShown(Part):
    """The part of a period that a statement is for: civil days (``last_day`` included) and instants ``[start, end)``.

    ``after`` is the day of the amendment with which it begins, ``before`` that of the one before which it ends; null:
    it begins or ends with the period.
    """

    title: str
    first_day: str
    last_day: str
    start: str
    end: str
    after: str | None = None
    before: str | None = None


class PeriodShown(Part):
    """The period: civil days (``last_day`` included) and instants ``[start, end)``.

    Where an amendment splits it, ``part`` is what the statement is for.
    """

    label: str
    title: str
    first_day: str
    last_day: str
    start: str
    end: str
    timezone: str
    as_of: str | None
    running: bool
    part: PeriodPartShown | None = None


class AgreementShown(Part):
    """The agreement, the digest of its file, and that of its ``terms`` in force, whatever is amended later."""

    id: str
    title: str
    kind: str
    provider: str
    customer: str
    file: str
    sha256: str
    terms: str = ""


class Statement(Part):
    """What was promised, measured and breached, what is owed, and why.

    ``earlier`` are the periods before it that the run knows, at most eleven, in the order of time.
    """

    format: Literal[1] = FORMAT
    agreement: AgreementShown
    period: PeriodShown
    verdict: Verdict
    lines: tuple[Line, ...]
    total: Total | None
    rights: tuple[RightState, ...] = ()
    calendars: tuple[CalendarShown, ...] = ()
    exclusions: tuple[ExclusionShown, ...] = ()
    allowances: tuple[AllowanceShown, ...] = ()
    inputs: tuple[Input, ...]
    sources: tuple[SourceShown, ...] = ()
    history: tuple[HistoryShown, ...] = ()
    earlier: tuple[EarlierShown, ...] = ()
    data: tuple[Note, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def measured_something(self) -> bool:
        """Whether any line, a KPI included, had something to measure."""
        return any(line.verdict != "not-applicable" for line in self.lines)


class Statements(Part):
    """The JSON document: every statement of a run, in the order of agreements and periods."""

    slacheck_statements: Literal[1] = FORMAT
    statements: tuple[Statement, ...]


def overall(lines: tuple[Line, ...]) -> Verdict:
    """The verdict of a statement: the gravest of its binding lines; KPIs are not binding."""
    verdicts = {line.verdict for line in lines if line.role == "service-level"}
    order: tuple[Verdict, ...] = ("breached", "indeterminate", "met")
    return next((verdict for verdict in order if verdict in verdicts), "not-applicable")
