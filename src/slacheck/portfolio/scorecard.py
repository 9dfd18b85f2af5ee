"""The scorecard of many agreements, as a model; its JSON schema is versioned.

Values are written as statements write them: exact fractions beside decimals, amounts in the currency's minor unit.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from slacheck.language.quantities import Kind
from slacheck.measures.measure import MarginIn
from slacheck.statement import DayText, Exact, LineVerdict, NumberText, Part

FORMAT: Final = 1

By = Literal["provider", "customer", "kind"]
BY: Final[tuple[By, ...]] = get_args(By)
RowVerdict = Literal["breached", "not-settled", "indeterminate", "met", "not-applicable", "not-in-force"]
VERDICTS: Final[tuple[RowVerdict, ...]] = get_args(RowVerdict)
"""In the order of rows: the worst first."""


class Owed(Part):
    """What is owed in one currency; ``most`` is null where nothing bounds it. Below zero the customer owes a bonus."""

    currency: str
    least: NumberText
    most: NumberText | None


class Tally(Part):
    """How many lines of binding levels have which verdict; a level has a line for each subject and class."""

    met: int = 0
    breached: int = 0
    indeterminate: int = 0
    not_applicable: int = 0

    @property
    def all(self) -> int:
        return self.met + self.breached + self.indeterminate + self.not_applicable


class Counts(Part):
    """How many agreements have which verdict."""

    breached: int = 0
    not_settled: int = 0
    indeterminate: int = 0
    met: int = 0
    not_applicable: int = 0
    not_in_force: int = 0

    @property
    def all(self) -> int:
        return sum(getattr(self, verdict.replace("-", "_")) for verdict in VERDICTS)


class Worst(Part):
    """The line that stands worst, and how far it is from its target (below zero: beyond it)."""

    level: str
    title: str
    of_class: str = ""
    subject: str = ""
    period: str
    verdict: LineVerdict
    target: str
    unit: Kind
    best: Exact | None
    worst: Exact | None
    margin_in: MarginIn
    margin_best: Exact | None
    margin_worst: Exact | None


class Arose(Part):
    """A right that arose, the period at whose end it stands, and the last day on which it can be used."""

    name: str
    subject: str = ""
    period: str
    use_by: str | None = None


class PeriodScore(Part):
    """One period of one agreement, all its parts together.

    ``change`` is against the period before it on the scorecard: null where there is none, or where missing data leave
    it open.
    """

    label: str
    title: str
    first_day: DayText
    last_day: DayText
    running: bool
    verdict: Literal["breached", "indeterminate", "met", "not-applicable"]
    breached: int
    owed: tuple[Owed, ...]
    claim_by: str | None = None
    change: Literal["better", "same", "worse"] | None = None


class Wrong(Part):
    """Why an agreement is not settled: the place, what is wrong there, and what to do."""

    code: str
    place: str
    message: str
    help: str


class Row(Part):
    """One agreement over all its periods: the gravest verdict of them, sums of their lines and of what is owed.

    ``claim_by`` is the soonest last day of a claim. Of an agreement that is not settled ``problems`` say why;
    what could not be read of it is empty.
    """

    agreement: str
    title: str
    kind: str
    provider: str
    customer: str
    file: str
    verdict: RowVerdict
    levels: Tally = Tally()
    kpis: int = 0
    kpis_missed: int = 0
    owed: tuple[Owed, ...] = ()
    claim_by: str | None = None
    rights: tuple[Arose, ...] = ()
    worst: Worst | None = None
    periods: tuple[PeriodScore, ...] = ()
    problems: tuple[Wrong, ...] = ()


class Group(Part):
    """The agreements of one provider, customer or kind (empty: not known), in the order of their rows."""

    name: str
    agreements: Counts
    owed: tuple[Owed, ...]
    rows: tuple[int, ...]


class Scorecard(Part):
    """The document: rows worst first, and totals of each currency by itself.

    ``first_day`` and ``last_day`` are those of the first and the last period of any row. ``groups`` are there where
    they were asked for; their ``rows`` are positions in ``rows``, from 0.
    """

    slacheck_portfolio: Literal[1] = FORMAT
    by: By | None
    first_day: DayText | None
    last_day: DayText | None
    agreements: Counts
    owed: tuple[Owed, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
