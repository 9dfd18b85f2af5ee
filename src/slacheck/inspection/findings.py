"""What was seen in exports, as a model; its JSON is versioned.

Lengths of time are integer microseconds. Instants are ISO 8601: with a Z where the file gives an offset or counts from
an epoch, without one where it says no zone, a plain day where it says no more. Numbers are text, so that none loses a
digit. Rows count as a spreadsheet does: the header is row 1; records of JSON and Parquet count from 1.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

FORMAT: Final = 1

Kind = Literal["time", "clock", "number", "yes-no", "words", "empty", "unread"]
Shape = Literal["samples", "counts", "events", "cases", "register"]


class Seen(BaseModel):
    """Frozen, and nothing beside what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(Seen):
    """A text of a column and how many rows have it."""

    text: str
    rows: int


class Suspicion(Seen):
    """Cells or rows that deserve a look: ``count`` of them, in all rows. ``rows`` are where the first three different
    ones stand, ``example`` is the text of the first."""

    code: str
    column: str = ""
    message: str
    count: int
    rows: tuple[int, ...] = ()
    example: str = ""


class ColumnSeen(Seen):
    """One column. ``form`` says how its cells are written: the ``time_format`` of a source, or ISO 8601; ``forms`` has
    more than one where all of them read every cell, and the data does not decide. ``fits`` of the ``filled`` cells are
    read as what the column is; ``nulls`` are words that stand for no value. ``zone`` says what its times carry. Of
    numbers ``decimal`` is the mark, empty where a cell may be read with either; ``unit`` stands in the cells.

    ``distinct`` is exact; where it is null there are too many to count, about ``distinct_estimate``.
    """

    name: str
    position: int
    kind: Kind
    form: str = ""
    forms: tuple[str, ...] = ()
    zone: Literal["", "offset", "none", "day", "mixed"] = ""
    decimal: str = ""
    thousands: str = ""
    unit: str = ""
    places: int = 0
    filled: int = 0
    fits: int = 0
    nulls: tuple[Value, ...] = ()
    distinct: int | None = 0
    distinct_estimate: int = 0
    common: tuple[Value, ...] = ()
    first: str | None = None
    last: str | None = None
    least: str | None = None
    greatest: str | None = None


class StateWord(Seen):
    """A word of a state column and what it would be read as; ``unclear`` is for a person to say."""

    text: str
    rows: int
    reading: Literal["up", "down", "unknown", "unclear"]


class States(Seen):
    """The column that looks like a state."""

    column: str
    words: tuple[StateWord, ...]


class Steps(Seen):
    """Distances between neighbouring times of one subject: the most ``common`` one, to ``grain``, and how many of
    ``distances`` are so. Gaps are longer than one and a half of it; ``longest`` ends at row ``longest_row``."""

    distances: int
    common: int | None
    grain: int
    times: int
    gaps: int
    longest: int
    longest_row: int | None


class Order(Seen):
    """How the rows stand: of neighbours, how many are later, earlier and at the same instant as the row before."""

    kind: Literal["oldest-first", "newest-first", "unsorted", "one-instant"]
    later: int
    earlier: int
    same: int


class Repeated(Seen):
    """Rows that say again what an earlier row says: in every cell, or in the ``columns``."""

    columns: tuple[str, ...]
    count: int
    rows: tuple[int, ...]


class FileSeen(Seen):
    """One export. ``records`` is where the records of a JSON document stand; ``ragged`` are rows with another number
    of cells than the header, which are left out of everything else."""

    file: str
    format: str
    preset: str = ""
    compression: str
    encoding: str = ""
    separator: str = ""
    header_row: int = 0
    records: tuple[str, ...] = ()
    rows: int
    ragged: int = 0
    columns: tuple[ColumnSeen, ...]
    shape: Shape
    at: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    states: States | None = None
    order: Order | None = None
    steps: Steps | None = None
    duplicates: tuple[Repeated, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()


class Between(Seen):
    """How the times of one file meet those of the next: ``length`` is that of the hole or the overlap."""

    earlier: str
    later: str
    kind: Literal["joins", "hole", "overlaps"]
    length: int


class Together(Seen):
    """Files that one source reads; ``between`` is in the order of their first times."""

    files: tuple[str, ...]
    rows: int
    between: tuple[Between, ...] = ()


class Block(Seen):
    """A source to paste into an agreement. ``choices`` are the keys that only a person can fill in; where they are
    ``needed`` the source is refused or measures nothing until they are."""

    name: str
    files: tuple[str, ...]
    text: str
    choices: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


class Inspection(Seen):
    """Everything seen in some exports. ``timezone`` is the zone that times without an offset were held against."""

    slacheck_inspection: int = FORMAT
    timezone: str | None = None
    files: tuple[FileSeen, ...]
    together: tuple[Together, ...] = ()
    sources: tuple[Block, ...] = ()
