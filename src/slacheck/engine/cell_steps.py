"""How the times of an export follow each other: distances per subject, gaps, duplicates and the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slacheck.engine.cell_survey import Survey
from slacheck.engine.cells import Cells
from slacheck.engine.duck import DuckScratch
from slacheck.engine.text_rules import EARLIEST, LATEST, TextRule

_GRAINS = (1, 1_000_000, 60_000_000)
# A quarter of all distances, or nothing is called the most common one at this grain.
_SHARE = 4


@dataclass(frozen=True)
class Order:
    """Of neighbouring rows: how many stand later, earlier and at the same instant as the row before."""

    later: int
    earlier: int
    same: int
    first_earlier: int | None
    first_later: int | None


@dataclass(frozen=True)
class Steps:
    """Distances between neighbouring instants of one subject, in microseconds.

    ``common`` is the most common distance rounded to ``grain``; None where no distance is common. ``repeated`` counts
    rows whose subject and instant an earlier row has. Gaps are longer than one and a half common distances.
    """

    distances: int
    common: int | None
    grain: int
    times: int
    repeated: int
    repeated_at: tuple[int, ...]
    gaps: int
    longest: int
    longest_at: int | None


class Walk:
    """The rows that have a time, kept as integers: record, number of the subject, moment."""

    def __init__(self, cells: Cells, at: Survey, rule: TextRule, subjects: Sequence[str]) -> None:
        self._scratch: DuckScratch = cells.scratch
        self._table = cells.scratch.fresh("walk")
        text = cells.text(*at.names)
        subject = " || chr(31) || ".join(f"coalesce({cells.text(name)}, '')" for name in subjects) or "''"
        if at.distinct is not None:
            # Each different text is read once.
            moments = f"(SELECT t, {rule.values('t')[0]} AS m FROM {at.relation})"
            source = (
                f"SELECT c.r, c.k, d.m FROM (SELECT rowid AS r, {subject} AS k, {text} AS t"
                f' FROM "{cells.table}") c JOIN {moments} d ON d.t = c.t'
            )
        else:
            source = (
                f"SELECT r, k, {rule.values('t')[0]} AS m FROM (SELECT rowid AS r, {subject} AS k, {text} AS t"
                f' FROM "{cells.table}")'
            )
        self._scratch.store(self._table, f"SELECT * FROM ({source}) WHERE m >= {EARLIEST} AND m < {LATEST}")

    def order(self) -> Order:
        """How the rows stand in the file."""
        steps = f'SELECT r, m - lag(m) OVER (ORDER BY r) AS d FROM "{self._table}"'
        ((later, earlier, same, first_earlier, first_later),) = self._scratch.fetch(
            f"SELECT count(*) FILTER (d > 0), count(*) FILTER (d < 0), count(*) FILTER (d = 0),"
            f" min(r) FILTER (d < 0), min(r) FILTER (d > 0) FROM ({steps})"
        )
        return Order(later, earlier, same, first_earlier, first_later)

    def repeated_instants(self) -> int:
        """How many rows have an instant, whatever their subject, that another row has before them."""
        ((rows, different),) = self._scratch.fetch(f'SELECT count(*), count(DISTINCT m) FROM "{self._table}"')
        return int(rows - different)

    def steps(self) -> Steps:
        """The distances per subject."""
        table = self._scratch.fresh("distances")
        self._scratch.store(
            table,
            "SELECT d, count(*) AS n, min(r) AS r FROM (SELECT r, m - lag(m) OVER (PARTITION BY k ORDER BY m, r) AS d"
            f' FROM "{self._table}") WHERE d IS NOT NULL GROUP BY d',
        )
        ((total, repeated),) = self._scratch.fetch(
            f'SELECT coalesce(sum(n) FILTER (d > 0), 0), coalesce(sum(n) FILTER (d = 0), 0) FROM "{table}"'
        )
        common, grain, times = self._common(table, int(total))
        gaps, longest, longest_at = 0, 0, None
        if common is not None:
            ((found, longest, longest_at),) = self._scratch.fetch(
                f"SELECT coalesce(sum(n), 0), coalesce(max(d), 0), arg_max(r, (d, -r)) FROM"
                f' "{table}" WHERE d > {3 * common // 2}'
            )
            gaps = int(found)
        elif total:
            ((longest, longest_at),) = self._scratch.fetch(f'SELECT max(d), arg_max(r, (d, -r)) FROM "{table}"')
        return Steps(
            int(total), common, grain, times, int(repeated), self._repeats(int(repeated)), gaps, longest, longest_at
        )

    def _common(self, table: str, total: int) -> tuple[int | None, int, int]:
        for grain in _GRAINS:
            found = self._scratch.fetch(
                f"SELECT g, sum(n) AS s FROM (SELECT (d + {grain // 2}) - (d + {grain // 2}) % {grain} AS g, n"
                f' FROM "{table}" WHERE d > 0) WHERE g > 0 GROUP BY g ORDER BY s DESC, g LIMIT 1'
            )
            if found and _SHARE * found[0][1] >= total:
                return int(found[0][0]), grain, int(found[0][1])
        return None, _GRAINS[-1], 0

    def _repeats(self, repeated: int) -> tuple[int, ...]:
        """The first records whose subject and instant an earlier one has."""
        if not repeated:
            return ()
        found = self._scratch.fetch(
            f"SELECT r FROM (SELECT r, row_number() OVER (PARTITION BY k, m ORDER BY r) AS place"
            f' FROM "{self._table}") WHERE place > 1 ORDER BY r LIMIT 3'
        )
        return tuple(record for (record,) in found)


def repeated_rows(cells: Cells) -> tuple[int, tuple[int, ...]]:
    """How many rows are in every cell as an earlier row, and the first of them.

    Hashes narrow the rows down; what is counted are rows whose cells are equal.
    """
    places = ", ".join(cells.places.values())
    if not places or cells.rows < 2:
        return 0, ()
    hashed = f'SELECT hash({places}) AS h, rowid AS r FROM "{cells.table}"'
    suspects = f"SELECT h FROM ({hashed}) GROUP BY h HAVING count(*) > 1"
    table = cells.scratch.fresh("alike")
    cells.scratch.store(table, f"SELECT r FROM ({hashed}) WHERE h IN ({suspects})")
    numbered = (
        f"SELECT c.rowid AS r, row_number() OVER (PARTITION BY {places} ORDER BY c.rowid) AS place"
        f' FROM "{cells.table}" c WHERE c.rowid IN (SELECT r FROM "{table}")'
    )
    ((count, first),) = cells.scratch.fetch(f"SELECT count(*), min(r, 3) FROM ({numbered}) WHERE place > 1")
    return int(count), tuple(first or ())


def backwards(cells: Cells, start: Sequence[str], end: Sequence[str], rule: TextRule) -> tuple[int, tuple[int, ...]]:
    """How many rows end before they start, both times being of one kind, and the first of them."""
    texts = f'SELECT rowid AS r, {cells.text(*start)} AS a, {cells.text(*end)} AS b FROM "{cells.table}"'
    (a, a_kind), (b, b_kind) = rule.values("a"), rule.values("b")
    read = f"SELECT r, {a} AS m, {a_kind} AS mk, {b} AS e, {b_kind} AS ek FROM ({texts})"
    ((count, first),) = cells.scratch.fetch(f"SELECT count(*), min(r, 3) FROM ({read}) WHERE e < m AND mk = ek")
    return int(count), tuple(first or ())


def repeated_texts(cells: Cells, name: str) -> tuple[int, tuple[int, ...]]:
    """How many rows have in ``name`` a text that an earlier row has, and the first of them."""
    text = f'SELECT rowid AS r, {cells.text(name)} AS t FROM "{cells.table}"'
    ((count, different),) = cells.scratch.fetch(f"SELECT count(t), count(DISTINCT t) FROM ({text})")
    if count == different:
        return 0, ()
    firsts = f"SELECT min(r) FROM ({text}) WHERE t IS NOT NULL GROUP BY t"
    found = cells.scratch.fetch(
        f"SELECT r FROM ({text}) WHERE t IS NOT NULL AND r NOT IN ({firsts}) ORDER BY r LIMIT 3"
    )
    return int(count - different), tuple(record for (record,) in found)


def repeats_with(cells: Cells, at: Sequence[str], subjects: Sequence[Sequence[str]]) -> list[int]:
    """Per choice of subject columns: how many rows have an instant and a subject that another row has before them."""
    if not subjects:
        return []
    when = cells.text(*at)
    asked = [f"count(DISTINCT row({', '.join([when, *map(cells.text, names)])}))" for names in subjects]
    ((*different,),) = cells.scratch.fetch(f'SELECT {", ".join(asked)} FROM "{cells.table}" WHERE {when} IS NOT NULL')
    ((rows,),) = cells.scratch.fetch(f'SELECT count({when}) FROM "{cells.table}"')
    return [int(rows - each) for each in different]
