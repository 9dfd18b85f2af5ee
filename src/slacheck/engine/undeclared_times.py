"""A column of times in a form that nobody declared: which form reads all of it, or that the data does not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from slacheck.engine import date_forms
from slacheck.engine.duck import DuckScratch
from slacheck.engine.reading import Part, Reading
from slacheck.engine.scratch import Scratch
from slacheck.engine.text_rules import IsoInstant
from slacheck.problems import Problem


@dataclass(frozen=True)
class _Cell:
    """A cell of the column: its row in the table and its trimmed text."""

    rowid: int
    text: str


@dataclass
class _Seen:
    """What one form makes of the whole column: how many cells it reads, the first that it does not, and the first that
    it reads otherwise than the form tried first."""

    form: str
    read: int = 0
    against: _Cell | None = None
    otherwise: _Cell | None = None


def explained(scratch: Scratch, reading: Reading, index: int) -> Problem | None:
    """What to declare for the column number ``index``, if its rule is that of undeclared times and no cell fits it.

    None where some cell does, or no known form reads the first one. Reads the files again.
    """
    column = reading.columns[index]
    if not isinstance(column.rule, IsoInstant) or any(part.natives[index] for part in reading.parts):
        return None
    if scratch.rows(reading.frame.filter(~nw.col(column.name).is_null()).select("rowid").head(1)):
        return None
    first = _first(scratch.door, reading, index)
    forms = [form for form in date_forms.forms_of(first.text) if form is not None] if first else []
    if first is None or not forms:
        return None
    seen = [_Seen(form) for form in forms]
    cells = sum(_look(scratch.door, part, index, seen) for part in reading.parts)
    field = " ".join(column.headers)
    fitting = [each for each in seen if each.read == cells]
    of_all = "the only cell" if cells == 1 else f"all {cells:,} cells"
    if not fitting:
        best = max(seen, key=lambda each: each.read)
        assert best.against is not None
        message = f"not a time: '{best.against.text}', where others are written as '{first.text}'"
        help = f"{date_forms.written(best.form)} reads {best.read:,} of {cells:,} cells, not this one"
        return reading.problem(best.against.rowid, "bad-time", message, help, field, best.against.text)
    if not date_forms.one_form([each.form for each in fitting]):
        # Where all cells are read alike, such as 03/03/2026, the next export will have one that is not.
        shown = next((each.otherwise for each in fitting if each.otherwise), first)
        readings = dict.fromkeys(_shown(each.form, shown.text) for each in fitting)
        message = f"'{shown.text}' is {' or '.join(readings)}"
        ways = " and ".join(f'"{each.form}"' for each in fitting)
        help = f"{ways} read {of_all}: the data does not decide; write the one that the export uses as time_format"
        return reading.problem(shown.rowid, "two-readings", message, help, field, shown.text)
    told = next((each for each in seen if each not in fitting and each.against), None)
    decides = ""
    if told is not None and told.against is not None:
        label, row = reading.place(told.against.rowid)
        decides = f"; '{told.against.text}' in {label}, row {row}, is not \"{told.form}\""
    message = f"times without a declared form, such as '{first.text}'"
    help = f"write {date_forms.written(fitting[0].form)} on the source: it reads {of_all}{decides}"
    return reading.problem(first.rowid, "bad-time", message, help, field, first.text)


def _shown(form: str, text: str) -> str:
    found = date_forms.rule(form).read(text)
    assert found is not None
    return date_forms.instant_text(int(found[0]))


def _texts(part: Part, index: int) -> str:
    return f"SELECT row_number() OVER () - 1 AS n, {part.texts[index]} AS t FROM {part.source}"


def _first(scratch: DuckScratch, reading: Reading, index: int) -> _Cell | None:
    for part in reading.parts:
        found = scratch.fetch(f"SELECT n, t FROM ({_texts(part, index)}) WHERE t IS NOT NULL LIMIT 1")
        if found:
            return _Cell(part.first + found[0][0], found[0][1])
    return None


def _look(scratch: DuckScratch, part: Part, index: int, seen: Sequence[_Seen]) -> int:
    """Try every form on one file, and return how many cells the column has there."""
    rules = [date_forms.rule(each.form) for each in seen]
    values = ", ".join(f"{rule.values('t')[0]} AS a{i}" for i, rule in enumerate(rules))
    kept = ", ".join(f"CASE WHEN {rule.accepted(f'a{i}')} THEN a{i} END AS v{i}" for i, rule in enumerate(rules))
    told = ", ".join(f"count(v{i}), min(n) FILTER (v{i} IS NULL), min(n) FILTER (v{i} <> v0)" for i in range(len(seen)))
    read = f"SELECT n, t, {kept} FROM (SELECT n, t, {values} FROM ({_texts(part, index)}) WHERE t IS NOT NULL)"
    ((cells, *found),) = scratch.fetch(f"SELECT count(*), {told} FROM ({read})")
    rows = sorted({row for place, row in enumerate(found) if place % 3 and row is not None})
    texts = dict(
        scratch.fetch(f"SELECT n, t FROM ({_texts(part, index)}) WHERE n IN ({', '.join(map(str, rows))})")
        if rows
        else []
    )
    for each, (count, against, otherwise) in zip(seen, zip(*[iter(found)] * 3, strict=True), strict=True):
        each.read += count
        if each.against is None and against is not None:
            each.against = _Cell(part.first + against, texts[against])
        if each.otherwise is None and otherwise is not None:
            each.otherwise = _Cell(part.first + otherwise, texts[otherwise])
    return int(cells)
