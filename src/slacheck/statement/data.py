"""What stood in the exports behind a statement: how many rows, which of them counted, and where nothing is known."""

from __future__ import annotations

from typing import Literal

from slacheck.statement.parts import Exact, Part


class RowsShown(Part):
    """How many rows the files of a source have, and what became of them.

    ``read`` is the sum of ``bad`` (skipped as the agreement allows), ``replaced`` (another row stands for the case),
    ``filtered`` (by the source's ``where``), ``undated`` (no instant places them in a period), and of those dated
    ``before``, ``within`` and ``after`` the period, or the part of it that is settled. ``exempt`` are those of the kept
    that an exclusion names outright; ``used`` those that at least one level reads in its own period, null where no
    level reads the source's records.
    """

    read: int
    bad: int = 0
    replaced: int = 0
    filtered: int = 0
    undated: int = 0
    before: int = 0
    within: int = 0
    after: int = 0
    exempt: int = 0
    used: int | None = None


class BadRowShown(Part):
    """Why a row was skipped: ``row`` as a spreadsheet counts it, ``line`` of the text, ``cell`` as it stands."""

    file: str
    row: int
    line: int | None = None
    column: str | None = None
    cell: str | None = None
    reason: str


class GapShown(Part):
    """A stretch of which nothing is known; ``length`` is what of it should be known, in microseconds."""

    subject: str = ""
    start: str
    end: str
    length: int


class GapsShown(Part):
    """All gaps: their number, their length together (microseconds), and of how many subjects they are."""

    number: int
    length: int
    subjects: int
    longest: GapShown | None = None


class SubjectKnown(Part):
    """How much is known of one subject, with the number of its gaps, their length together and the longest."""

    subject: str
    coverage: Exact
    gaps: int
    length: int
    longest: int


class StreamShown(Part):
    """The records of a source that some levels read alike: by the same conditions, subjects, period and hours.

    ``rows`` are those in the period ``[start, end)``, ``matching`` those of any time. ``duplicates`` are rows beyond
    the first that say the same (of counts: that are of one interval), ``conflicts`` instants with values that differ.
    ``cadence`` is the mean distance of samples in microseconds, ``beyond_hold`` how many of the ``distances`` are
    longer than a state holds. ``expected`` is the time that should be known, of all subjects together; ``coverage`` is
    the share of it that is. All of these are null where they say nothing, as coverage does of a log.
    """

    levels: tuple[str, ...]
    start: str
    end: str
    per: tuple[str, ...] = ()
    subjects: int | None = None
    rows: int
    matching: int
    duplicates: int | None = None
    conflicts: int | None = None
    cadence: Exact | None = None
    distances: int | None = None
    beyond_hold: int | None = None
    expected: int | None = None
    coverage: Exact | None = None
    gaps: GapsShown | None = None
    least_known: tuple[SubjectKnown, ...] = ()


class SourceShown(Part):
    """One source: its rows, the ``first`` and ``last`` instant among those kept, and how they are ordered in the files.

    ``out_of_order`` is the number of steps from a row to the next that go against ``order``. ``open_ended`` are records
    without an end that begin before the period is over. ``serves`` says what reads it beside levels: exclusions, fees,
    other sources. ``bad_rows`` are the first of the reasons for which rows were skipped.
    """

    source: str
    shape: Literal["samples", "counts", "events", "cases", "register"]
    rows: RowsShown
    first: str | None = None
    last: str | None = None
    order: Literal["oldest-first", "newest-first"] | None = None
    out_of_order: int | None = None
    open_ended: int | None = None
    serves: tuple[str, ...] = ()
    streams: tuple[StreamShown, ...] = ()
    bad_rows: tuple[BadRowShown, ...] = ()

    @property
    def is_log(self) -> bool:
        """Whether its records are things that happened: nothing is missing where there is none."""
        return self.shape in ("events", "cases")
