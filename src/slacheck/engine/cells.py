"""An export as it stands: every named column of one file kept as text, blanks and all, to be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slacheck.engine import text_rules
from slacheck.engine.duck import DuckScratch
from slacheck.engine.files import ExportFile
from slacheck.engine.headers import Header, header
from slacheck.engine.reading import Column, Reading, read

# A reading marks bad cells in the bits of one integer; more columns are read in turns and put side by side.
_AT_ONCE = 60
_EXAMPLES = 3


@dataclass(frozen=True)
class Cells:
    """The kept table: its rowid is the position of a record, from 0, and ``places`` names the column of a header.

    ``header`` has all names as they stand; those that are empty or stand there twice have no place.
    """

    scratch: DuckScratch
    table: str
    header: Header
    places: Mapping[str, str]
    reading: Reading

    @property
    def rows(self) -> int:
        return self.reading.rows

    @property
    def ragged(self) -> tuple[int, tuple[int, ...]]:
        """How many rows have another number of cells than the header and were left out, and the first of them."""
        told = [problem.row for part in self.reading.parts for problem in part.dropped.problems]
        return self.reading.dropped, tuple(told[:_EXAMPLES])

    def row(self, record: int) -> int:
        """The row of a record as a spreadsheet counts it (JSON and Parquet: from 1)."""
        return self.reading.place(record)[1]

    def text(self, *names: str) -> str:
        """SQL of the trimmed text of a column, NULL where it is empty; several are joined by one blank."""
        known = [f"nullif(trim({self.places[name]}), '')" for name in names]
        return known[0] if len(known) == 1 else "(" + " || ' ' || ".join(known) + ")"


def kept_cells(scratch: DuckScratch, file: ExportFile, records: Sequence[str] = ()) -> Cells:
    """Read one file whole, but for rows with another number of cells than the header.

    Raises DataError like ``reading.read``.
    """
    found = header(file, scratch, (), records)
    times = Counter(found.names)
    names = [name for name in found.names if name and times[name] == 1]
    places = {name: f"c{number}" for number, name in enumerate(names)}
    turns = [names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE)] or [[]]
    readings = [
        read(
            scratch,
            [file],
            [Column(places[name], (name,), text_rules.as_written(), required=False) for name in turn],
            records,
            listed=_EXAMPLES,
        )
        for turn in turns
    ]
    return Cells(scratch, _side_by_side(scratch, readings, turns, places), found, places, readings[0])


def _side_by_side(
    scratch: DuckScratch, readings: Sequence[Reading], turns: Sequence[Sequence[str]], places: Mapping[str, str]
) -> str:
    if len(readings) == 1:
        return readings[0].table
    shown = [f"t{number}.{places[name]}" for number, turn in enumerate(turns) for name in turn]
    # The first reading leads, so that rowids stay the positions of the records.
    joined = " ".join(
        f'JOIN "{reading.table}" t{number} ON t{number}.rowid = t0.rowid'
        for number, reading in enumerate(readings)
        if number
    )
    table = scratch.fresh("cells")
    scratch.store(table, f'SELECT {", ".join(shown)} FROM "{readings[0].table}" t0 {joined} ORDER BY t0.rowid')
    return table
