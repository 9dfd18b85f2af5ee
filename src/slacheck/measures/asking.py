"""What a promise asks of its records in one period, and what it is answered for each subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.engine.beside import PairedStretch, PairedTally
from slacheck.language.conditions import Condition
from slacheck.measures.measure import (
    CaseTally,
    CountTally,
    EmptyInterval,
    LengthTally,
    Measure,
    Missing,
    OfRecords,
    RateTally,
    RecordTally,
    Tally,
    ValueTally,
)
from slacheck.measures.spans import Course
from slacheck.outages.rule import Outage
from slacheck.outages.wanted import Seen
from slacheck.sources.exempt import Exempt
from slacheck.sources.opening import Export
from slacheck.sources.words import Words
from slacheck.timeline.any_days import Ends
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window

Key = tuple[str, ...]
CaseUnit = Literal["length", "days", "working-days", "late-by"]


class Calendars(Protocol):
    """The calendars of an agreement: time that counts, and the days on which it begins."""

    def service(self, name: str, lo: int, hi: int) -> Intervals: ...

    def days(self, name: str, first: date, end: date) -> tuple[date, ...]: ...

    def zone(self, name: str) -> ZoneInfo: ...


@dataclass(frozen=True, eq=False)
class PauseLog:
    """The records of ``export`` that satisfy ``where`` are pauses, as they stand: of events from start to end, of
    samples from each to the next one of the same key."""

    export: Export
    where: Condition | None

    @property
    def _key(self) -> tuple[object, ...]:
        return id(self.export), self.where

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PauseLog) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def frame(self, columns: tuple[str, ...]) -> nw.LazyFrame[Any]:
        """Rows cut_0, cut_1, ... (the key), cut_start and cut_end (null: goes on; microseconds)."""
        export = self.export
        keys = {f"cut_{index}": nw.col(export.words[word]) for index, word in enumerate(columns)}
        if export.source.shape == "events":
            return export.matching(self.where).select(**keys, cut_start="r_start", cut_end="r_end")
        own = [export.words[word] for word in columns]
        following = nw.col("r_at").shift(-1).over(*own, order_by=["r_at", "rowid"])
        records = export.frame.with_columns(r_next=following)
        if self.where is not None:
            records = records.filter(export.matches(self.where))
        return records.select(**keys, cut_start="r_at", cut_end="r_next")


@dataclass(frozen=True)
class Cut:
    """Time taken out of the records that carry the same values in ``columns``: intervals per key, or a whole log.

    ``forgiven`` time leaves them in: what happens in it is good.
    """

    columns: tuple[str, ...]
    stretches: tuple[tuple[Key, Intervals], ...]
    forgiven: bool = False
    log: PauseLog | None = None


@dataclass(frozen=True)
class Ask:
    """One promise in one period: its records, told apart by ``per``, and the time that counts.

    ``record`` asks for one answer per case, event or outage. ``own`` holds the windows of subjects for which other
    time is taken out than for all. ``whole_clock`` gives the counted time of any stretch, beyond the window too.
    ``lower_is_worse`` says from which side the target bounds the value, if from one; ``above_zero`` that it is a
    ceiling above zero, so that a length below zero can only be a mistake. ``sliding`` asks for the worst
    stretch of a length instead of the whole window, which then begins so much earlier. ``facts`` are the words
    (text and numbers) that each single record is to be answered with.
    """

    measure: Measure
    exports: tuple[Export, ...]
    rule: Outage
    where: tuple[Condition, ...]
    per: str | None
    window: Window
    zone: ZoneInfo
    calendars: Calendars
    as_of: int
    missing: Missing = "bounds"
    empty: EmptyInterval | None = None
    record: Literal["case", "event", "outage"] | None = None
    own: Mapping[str, Window] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    exempt: tuple[Exempt, ...] = ()
    whole_clock: Callable[[int, int], Intervals] | None = None
    unit: str = ""
    lower_is_worse: bool | None = None
    above_zero: bool = False
    sliding: tuple[Ends, ...] = ()
    facts: Words = field(default_factory=Words)

    @property
    def stream(self) -> tuple[object, ...]:
        """What asks that read the same records have in common."""
        exempt = tuple((each.columns, tuple(sorted(each.keys))) for each in self.exempt)
        return (tuple(id(export) for export in self.exports), str(self.where), self.per, exempt)

    @property
    def hours(self) -> str:
        """The calendar in which time counts."""
        return self.measure.hours or "always" if isinstance(self.measure, OfRecords) else "always"

    def window_of(self, subject: str) -> Window:
        """The window of one subject."""
        return self.own.get(subject, self.window)


@dataclass(frozen=True)
class Stretch:
    """One outage, case or unknown stretch: its whole length, the counted part, and the record that shows its start.

    ``counted`` is in ``unit``: microseconds, days, or microseconds past a deadline.
    """

    start: int
    end: int
    counted: int
    place: str = ""
    cause: str = ""
    name: str = ""
    open: bool = False
    paused: int = 0
    unit: CaseUnit = "length"

    @property
    def backwards(self) -> bool:
        """Whether it ends before it starts."""
        return self.end < self.start


@dataclass(frozen=True)
class Answer:
    """One subject's tally in one period, or one record's. ``rows`` is how many records lie in the window, if known.

    ``window`` is the subject's own, where other time was taken out for it than for all. ``of`` is the subject alone,
    where ``subject`` names a record too; empty where nothing tells subjects apart.

    Of one record: ``facts`` and ``figures`` are what it says in the words that were asked for, text as it stands and
    numbers exactly (microseconds of a length, shares of a percentage); None where its cell is empty, no register has
    a row for it, its source has no such column, or records that are one outage differ. ``began`` and ``ended`` are
    its first and last instant as they count, in microseconds UTC (``ended`` None: it still runs; the same where a
    record has one instant only), and ``record`` is the id of a case or the place of the record; empty where no record
    begins when an outage does, since exclusions took its beginning out.
    """

    subject: str
    tally: Tally
    outages: tuple[Stretch, ...] = ()
    unknown: tuple[Stretch, ...] = ()
    dropped: tuple[Stretch, ...] = ()
    remarks: tuple[str, ...] = ()
    rows: int | None = None
    window: Window | None = None
    cases: tuple[Stretch, ...] = ()
    of: str = ""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    figures: Mapping[str, Fraction | None] = field(default_factory=dict)
    moments: Mapping[str, int | None] = field(default_factory=dict)
    began: int | None = None
    ended: int | None = None
    record: str = ""

    @property
    def volume(self) -> int | None:
        """How many requests, cases or values were counted; None where time was."""
        match self.tally:
            case CountTally(total=total) | CaseTally(total=total):
                return total
            case LengthTally(closed=closed, open=running):
                return closed + running
            case ValueTally(count=count) | RecordTally(count=count):
                return count
            case RateTally(busy=busy):
                return busy
        return None


class HasCourses(Protocol):
    """The courses of many subjects of asks at once, while the tables of the run stand."""

    def of(self, lines: Sequence[tuple[Ask, str]]) -> list[Course | None]: ...

    def beside(
        self, pairs: Sequence[tuple[tuple[Ask, str], tuple[Ask, str]]]
    ) -> tuple[list[PairedTally], list[PairedStretch]]: ...

    def shows(self, sought: Sequence[tuple[Ask, str, int]]) -> list[str]: ...


@dataclass(frozen=True)
class Answered:
    """The answers to one ask, in the order of subjects, and the samples behind them where states were read.

    Where time was read ``courses`` are those of all asks of the run.
    """

    answers: tuple[Answer, ...]
    seen: Seen | None = None
    courses: HasCourses | None = None
