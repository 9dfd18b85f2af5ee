"""The settled result of one agreement for one period, as a model; its JSON schema is versioned.

Exact values are text: a fraction as ``numerator/denominator``, its decimal to 18 places, amounts in the currency's
minor unit. Instants are ISO 8601 UTC; lengths of time are integer microseconds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from slacheck.derivation import StepKind
from slacheck.language.quantities import Kind
from slacheck.measures.measure import MarginIn
from slacheck.money import decimal_text
from slacheck.verdicts import Verdict

FORMAT: Final = 1
_LONGEST_BITS: Final = 2000

# Statements are read again as history: what later amounts are worked out with is a number, and no endless one.
FractionText = Annotated[str, Field(pattern="^-?[0-9]{1,700}/[1-9][0-9]{0,699}$")]
NumberText = Annotated[str, Field(pattern="^-?[0-9]{1,400}([.][0-9]{1,100})?$")]
DayText = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Part(BaseModel):
    """Frozen, and nothing beside what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Exact(Part):
    """A number without loss: ``exact`` is a fraction, ``decimal`` is it to 18 places (a share as 0.999).

    The mean of thousands of rates is a fraction of tens of thousands of digits: above 2,000 bits ``exact`` is null.
    Verdicts and amounts are worked out with the fraction all the same.
    """

    exact: FractionText | None
    decimal: NumberText

    @staticmethod
    def of(value: Fraction) -> Exact:
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        exact = f"{value.numerator}/{value.denominator}" if bits <= _LONGEST_BITS else None
        return Exact(exact=exact, decimal=decimal_text(value, 18))

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.exact or self.decimal)


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


class StepShown(Part):
    """One step of a derivation: what was applied and why, and the exact value after it where it has one."""

    kind: StepKind
    text: str
    exact: str | None = None
    clause: str | None = None


class Amount(Part):
    """An amount in minor units of the currency (or points), the exact value before rounding and caps, and its steps.

    As of every value, ``exact`` of an amount and of a step is null above 2,000 bits.
    """

    amount: NumberText
    exact: FractionText | None
    steps: tuple[StepShown, ...] = ()


class Credit(Part):
    """What a level costs: ``least`` and ``most`` differ while missing data could change it; below zero it is a bonus.

    ``most`` is null where nothing bounds it, or where something that it depends on is not known; ``open_because`` says
    what. ``counted_least`` and ``counted_most`` are what is left of it when lines that exclude each other have been
    compared, with ``counted_because``. ``at_cap`` tells whether a cap was reached (null: not known).
    ``claim_by`` is the last day on which it can be claimed; of a claim in several stages ``claim_stages`` are the last
    days of each (null: not known) and ``claim_by`` is the earliest. ``claimed`` is null where no file tells claims.
    """

    unit: Literal["money", "points"] = "money"
    least: Amount
    most: Amount | None
    open_because: str = ""
    counted_least: NumberText
    counted_most: NumberText | None
    counted_because: str = ""
    at_cap: bool | None = False
    paid_as: Literal["money", "service-extension", "service-units"] = "money"
    claim_by: str | None = None
    claim_stages: tuple[str | None, ...] = ()
    claimed: Literal["in-time", "late", "not-claimed"] | None = None

    @property
    def certain(self) -> bool:
        """Whether it is one amount."""
        return self.most is not None and self.least.amount == self.most.amount


LineVerdict = Literal["met", "breached", "missed", "indeterminate", "not-applicable"]


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
    ``facts`` are what credits read of it.
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
    credit: Credit | None = None


class PointsShown(Part):
    """The points of all lines; ``most`` is null where nothing bounds them."""

    least: NumberText
    most: NumberText | None


class ReturnedShown(Part):
    """A part of an earlier credit that is returned because its level was met again."""

    level: str
    of_class: str
    subject: str
    period: str
    least: NumberText
    most: NumberText | None


class BankShown(Part):
    """What was earned back and waits for later credits: when it was earned, how much is left, and until when."""

    earned: str
    left_least: NumberText
    left_most: NumberText | None
    until: DayText | None


class Total(Part):
    """The settled amounts of all lines, after everything that crosses lines; below zero the customer owes a bonus.

    ``most`` is null where nothing bounds it or where it is not known. ``credited_least`` and ``credited_most`` are the
    total before anything of earlier credits was returned. ``at_cap`` tells whether a cap of the settlement
    was reached. ``pay_by`` is the last day on which it must be paid. ``claim_conditions`` and ``claim_evidence`` are
    the agreement's words on what a claim needs, where something may be owed.
    """

    currency: str
    least: NumberText
    most: NumberText | None
    credited_least: NumberText
    credited_most: NumberText | None
    steps_least: tuple[StepShown, ...]
    steps_most: tuple[StepShown, ...]
    points: PointsShown | None = None
    returned: tuple[ReturnedShown, ...] = ()
    bank: tuple[BankShown, ...] = ()
    at_cap: bool | None = False
    claim_by: str | None = None
    claim_conditions: tuple[str, ...] = ()
    claim_evidence: tuple[str, ...] = ()
    pay_by: str | None = None

    @property
    def certain(self) -> bool:
        """Whether it is one amount."""
        return self.least == self.most


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
    """One line of data quality. ``weight`` is ``info``, or ``warning`` where it can matter."""

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
    """What was promised, measured and breached, what is owed, and why."""

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
    history: tuple[HistoryShown, ...] = ()
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
