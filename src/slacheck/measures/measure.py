"""The contract of the room: what a measure is given, what it answers, and what it does with what is missing."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from slacheck.language.conditions import Where
from slacheck.language.quantities import Kind
from slacheck.language.scalars import Name, Names, Text
from slacheck.language.terms import Terms

Missing = Literal["bounds", "exclude", "up", "down", "breach", "error"]
EmptyInterval = Literal["good", "skip", "bad", "missing"]
Reading = Literal["time", "counts", "values", "cases", "records", "levels"]
MarginIn = Literal["time", "requests", "cases", "subjects", "value", "days"]

Until = Annotated[
    Literal["end-of-day", "same-time"],
    Field(
        description="When a day of a limit in days is over: at its end (the default), or at the same time of day "
        "as the start.",
        examples=["same-time"],
    ),
]
Received = Annotated[
    Literal["at-once", "next-opening"],
    Field(
        description="When a case counts as come that comes outside service hours: at-once (the default), or at "
        "the next-opening.",
        examples=["next-opening"],
    ),
]
Paused = Annotated[
    Text | None,
    Field(description="The column that says how long a case stood still, which is taken off.", examples=["on_hold"]),
]


@dataclass(frozen=True)
class TimeTally:
    """One subject's time in one window, in microseconds of time that counts.

    ``down`` is certain down time that qualifies as an outage; ``down_at_worst`` is what would qualify if all
    ``unknown`` time were down. ``lengths`` are the counted lengths of the outages that are dated in the window, whole,
    where a measure asks for them. ``running``: one of them goes on, and nothing bounds its length.
    """

    service: int
    down: int
    down_at_worst: int
    unknown: int
    outages: int = 0
    longest: int = 0
    longest_at_worst: int = 0
    lengths: tuple[int, ...] = ()
    running: bool = False


@dataclass(frozen=True)
class WeightedTally:
    """Down time weighted by what was affected: per total ``n`` the sum of affected x counted microseconds."""

    service: int
    groups: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CountTally:
    """One subject's counts in one window; ``expected`` intervals against those ``present`` (0 when not gridded)."""

    total: int
    good: int
    expected: int
    present: int


@dataclass(frozen=True)
class RateTally:
    """Per-interval rates of one window: the sum of good/total over ``busy`` intervals, those without any request
    (``idle``) and those without a row (``absent``); ``total`` and ``good`` are the requests themselves."""

    rates: Fraction
    busy: int
    idle: int
    absent: int
    total: int = 0
    good: int = 0


@dataclass(frozen=True)
class ValueTally:
    """The values delivered for one window: how many, their sum, the least, the greatest, and the one asked for."""

    count: int
    least: Fraction | None
    greatest: Fraction | None
    total: Fraction = Fraction(0)
    asked: Fraction | None = None


@dataclass(frozen=True)
class CaseTally:
    """Cases of one window against their limit; ``open_within`` still run and may yet be late."""

    total: int
    within: int
    open_within: int
    late: int
    early: int


@dataclass(frozen=True)
class LengthTally:
    """Lengths of the cases of one window, in microseconds or days: how many are closed, how many still run.

    ``of_closed`` is the statistic that was asked for over the closed ones, ``of_all`` over all of them with those that
    run as long as they have run: as no statistic falls when a length grows, it cannot fall below that.
    """

    closed: int
    open: int
    of_closed: Fraction | None
    of_all: Fraction | None


@dataclass(frozen=True)
class RecordTally:
    """Records counted in one window; ``possible`` more may yet turn out to count, and ``doubtful`` of them not to."""

    count: int
    possible: int = 0
    doubtful: int = 0


@dataclass(frozen=True)
class LevelTally:
    """The values of other lines, with the weight of each; of ``missing`` more the value is not known."""

    values: tuple[tuple[Measured, Fraction], ...]
    missing: int = 0


@dataclass(frozen=True)
class Measured:
    """A measured value with its bounds; they differ when something is missing.

    ``best`` and ``worst`` may be reached when the missing part turns out well or badly. ``coverage`` is the known
    share of what should be known. ``scale`` turns a difference of values into the unit of ``margin_in``:
    microseconds of service time, requests, cases, or the value itself. Where ``open_above`` nothing bounds the value
    from above: what still runs may take any time.
    """

    best: Fraction
    worst: Fraction
    coverage: Fraction
    scale: Fraction = Fraction(1)
    margin_in: MarginIn = "value"
    open_above: bool = False

    @property
    def certain(self) -> bool:
        return self.best == self.worst and not self.open_above


Tally = (
    TimeTally | WeightedTally | CountTally | RateTally | ValueTally | CaseTally | LengthTally | RecordTally | LevelTally
)


class Measure(Terms):
    """A number from records, outages or other levels.

    ``units`` are those its target may have; the target says which it is.
    """

    units: ClassVar[frozenset[Kind]]
    policies: ClassVar[frozenset[Missing]]

    kind: str

    @property
    @abstractmethod
    def reads(self) -> Reading:
        """Which room answers it."""

    @abstractmethod
    def measured(self, tally: Tally, missing: Missing, empty: EmptyInterval | None = None) -> Measured | None:
        """The value, or None where there is nothing to measure (no service time, no volume).

        ``empty`` says what an interval without any request is worth, where the measure has intervals.
        """


class OfRecords(Measure):
    """A measure that reads the records of a source, or the down time of an outage rule.

    ``hours`` names the calendar in which time counts; ``excluding`` the exclusions that are taken out.
    """

    from_: Name = Field(
        alias="from",
        description="What is measured: the name of a source, or of an outage rule.",
        examples=["probes", "site-down"],
    )
    where: Where | None = Field(
        None, description="Which records are measured; by default all.", examples=[{"severity": ["P1", "P2"]}]
    )
    hours: Name | None = Field(
        None, description="The calendar in which time counts; by default all of it.", examples=["desk"]
    )
    excluding: Names = Field(
        (), description="The exclusions that are taken out; by default none.", examples=[["planned"], "planned"]
    )


class Dated(OfRecords):
    """A measure of records that a named instant places in a period, where their shape has no instant of its own."""

    dated_by: Text | None = Field(
        None,
        description="The instant that places a record in a period; by default the start of an event, and the "
        "first of 'between' of a case.",
        examples=["resolved", "end"],
    )
