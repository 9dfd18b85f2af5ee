"""What a statement rests on: exclusions and their allowances, the data and what is odd about it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from slacheck.reports.afterwards import allowance_used, disputed, excused_as, excused_of, not_excused
from slacheck.reports.basis import bad_told, rows_told, streams
from slacheck.reports.document.shapes import (
    Badge,
    ExclusionRow,
    Exclusions,
    Meter,
    Quality,
    SourceRow,
    State,
)
from slacheck.reports.document.telling import Telling
from slacheck.reports.figures import instant
from slacheck.reports.layout import Page
from slacheck.reports.wording import more
from slacheck.statement import ExclusionShown, Input, SourceShown, Statement
from slacheck.timeline import zones

_RECORDS = 100
_OF_LEVEL = 10
_METERS = 20
_SOURCES = 100
_BAD_ROWS = 50
_NOTES = 100
_FILES = 100
_LONGEST = 400


def exclusions(page: Telling, statement: Statement) -> Exclusions | None:
    """What was excused and what was not; None where nothing asked to be."""
    records = statement.exclusions
    used = [each for each in statement.allowances if each.used]
    if not records and not used:
        return None
    # What was not excused is what is argued about: where not all fit, it stays.
    order = sorted(range(len(records)), key=lambda at: (not disputed(records[at]), at))
    shown = [records[at] for at in sorted(order[:_RECORDS])]
    fullest = sorted(used, key=lambda each: -Fraction(each.used, max(each.allowed, 1)))[:_METERS]
    names = dict.fromkeys(record.exclusion for record in records)
    left = len(records) - len(shown)
    return Exclusions(
        sums=tuple(excused_of(page, name, [each for each in records if each.exclusion == name]) for name in names),
        meters=tuple(Meter(allowance_used(page, each), Fraction(each.used, max(each.allowed, 1))) for each in fullest),
        rows=tuple(_ruled(page, statement, record) for record in shown),
        left_out=f"and {more(page, left)}; every record is in the JSON" if left else "",
    )


def ruled_for(page: Page, statement: Statement, level: str) -> tuple[ExclusionRow, ...]:
    """The records that were ruled on for one level, those that were not excused first."""
    records = sorted(
        (each for each in statement.exclusions if level in each.levels), key=lambda each: not disputed(each)
    )
    return tuple(_ruled(page, statement, record) for record in records[:_OF_LEVEL])


def _ruled(page: Page, statement: Statement, record: ExclusionShown) -> ExclusionRow:
    zone = zones.zone(statement.period.timezone)
    year = date.fromisoformat(statement.period.first_day).year
    begun, ended = (page.figures.moment(each, zone, year) for each in (record.start, record.end))
    badge = Badge("good", "applied")
    if record.refused:
        badge = Badge("bad", "refused")
    elif disputed(record):
        badge = Badge("open", "in part")
    return ExclusionRow(
        name=excused_as(page, record),
        reason=page.name(record.reason, _LONGEST),
        when=f"{begun} to {ended}",
        lasted=page.figures.duration(instant(record.end) - instant(record.start)),
        badge=badge,
        excused=page.figures.duration(record.excused),
        why=not_excused(page, record),
        place=page.name(record.place, 200),
    )


def quality(page: Telling, statement: Statement) -> Quality | None:
    """Every source with its files, then remarks, those that can matter first; None without either."""
    inputs: dict[str, list[Input]] = {}
    for given in statement.inputs:
        inputs.setdefault(given.source, []).append(given)
    sources = [_source(page, statement, each, inputs.pop(each.source, [])) for each in statement.sources[:_SOURCES]]
    for each in statement.sources[_SOURCES:]:
        inputs.pop(each.source, None)
    # Files that are no source of measures: fees, claims, corrections.
    sources += [_other(page, name, files) for name, files in inputs.items()]
    notes = sorted(statement.data, key=lambda note: note.weight == "info")
    remarks: list[tuple[State, str]] = [
        ("open" if note.weight == "warning" else "idle", page.name(note.text, _LONGEST)) for note in notes[:_NOTES]
    ]
    if not sources and not remarks:
        return None
    counts = ((len(statement.sources) - _SOURCES, "source"), (len(notes) - _NOTES, "note"))
    left_out = tuple(f"and {more(page, left)}; every {what} is in the JSON" for left, what in counts if left > 0)
    return Quality(tuple(sources), tuple(remarks), left_out)


def _source(page: Telling, statement: Statement, source: SourceShown, files: list[Input]) -> SourceRow:
    bad = source.bad_rows[:_BAD_ROWS]
    left = source.rows.bad - len(bad)
    return SourceRow(
        name=page.name(source.source, 60),
        rows=rows_told(page, statement, source),
        known=tuple(block.text for block in page.told_in_words(lambda told: streams(told, statement, source))),
        files=_files(page, files),
        skipped=tuple(page.name(bad_told(page, each), _LONGEST) for each in bad),
        skipped_more=f"and {more(page, left)}" if bad and left > 0 else "",
    )


def _other(page: Telling, name: str, files: list[Input]) -> SourceRow:
    rows = sum(each.rows for each in files)
    return SourceRow(page.name(name, 60), page.figures.counted(rows, "row"), (), _files(page, files))


def _files(page: Telling, files: list[Input]) -> tuple[tuple[str, str, str], ...]:
    shown = [(page.name(each.file, 200), each.sha256, page.figures.count(each.rows)) for each in files[:_FILES]]
    return tuple([*shown, (f"and {more(page, len(files) - _FILES)}", "", "")] if len(files) > _FILES else shown)
