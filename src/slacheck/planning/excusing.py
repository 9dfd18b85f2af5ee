"""Exclusions on the way to a window: their records fetched, ruled, and taken out of the time of a level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw

from slacheck.agreement.agreement import Agreement
from slacheck.calendars.resolving import Calendars
from slacheck.engine.scratch import Scratch
from slacheck.exclusions import Candidate, Exclusion, Ruling, rule, stated
from slacheck.measures.asking import Cut, PauseLog
from slacheck.sources.exempt import Exempt
from slacheck.sources.opening import Export
from slacheck.timeline import intervals, zones
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.windows import Window

Key = tuple[str, ...]

_LISTED = 10_000


def candidates(
    scratch: Scratch, agreement: Agreement, name: str, exports: Mapping[str, Export], as_of: int
) -> tuple[Candidate, ...]:
    """The records of an exclusion's log, seen at ``as_of``; none for one that states its time itself.

    Pauses of cases that are excused as they stand are not listed one by one where there are thousands of them.
    """
    exclusion = agreement.exclusions[name]
    if exclusion.from_ is None:
        return ()
    export = exports[exclusion.from_]
    if export.reading.rows > _LISTED and _of_cases_alone(agreement, name):
        return ()
    keys = [nw.col(export.words[word]).alias(f"key_{index}") for index, word in enumerate(exclusion.columns)]
    if export.source.shape == "register":
        rows = scratch.rows(export.matching(exclusion.where).select("rowid", *keys))
        return tuple(Candidate(0, 0, None, export.place(row), _key(key)) for row, *key in sorted(rows, key=str))
    if export.source.shape == "samples":
        spans = PauseLog(export, exclusion.where).frame(exclusion.columns)
        return tuple(
            Candidate(start, as_of if end is None else end, None, export.files[0].label, _key(key))
            for *key, start, end in sorted(scratch.rows(spans), key=str)
            if start < as_of
        )
    announced = nw.col("r_announced") if "announced" in export.source.columns else nw.lit(None).cast(nw.Int64)
    rows = scratch.rows(
        export.matching(exclusion.where).select("rowid", "r_start", "r_end", *keys, announced=announced)
    )
    begins = _begins(agreement)
    found = []
    for row, start, end, *key, told in rows:
        ends = as_of if end is None else end
        if start < as_of and ends > begins:
            found.append(Candidate(start, ends, told, export.place(row), _key(key) if keys else None))
    return tuple(found)


def _of_cases_alone(agreement: Agreement, name: str) -> bool:
    """Whether an exclusion only pauses cases, record by record as its log stands."""
    exclusion = agreement.exclusions[name]
    users = [promised.promise.measure for promised in agreement.promised() if name in promised.promise.excluding]
    return exclusion.plain_log and bool(exclusion.columns) and all(each.reads == "cases" for each in users)


def _key(cells: Sequence[str | None]) -> Key | None:
    known = tuple(cell for cell in cells if cell is not None)
    return known if len(known) == len(cells) else None


def _begins(agreement: Agreement) -> int:
    """The instant from which the agreement is in force: what lies before it uses up no allowance."""
    return zones.midnight(agreement.effective, agreement.zone) if agreement.effective else -(2**62)


def exempt(exclusion: Exclusion, records: Iterable[Candidate]) -> Exempt:
    """What a register of exemptions names: records that carry one of its keys do not count at all."""
    return Exempt(exclusion.columns, frozenset(record.key for record in records if record.key is not None))


def is_register(agreement: Agreement, exclusion: Exclusion) -> bool:
    """Whether an exclusion names records outright, without any time."""
    return exclusion.from_ is not None and agreement.sources[exclusion.from_].shape == "register"


def ruled(
    agreement: Agreement, name: str, records: Sequence[Candidate], span: tuple[int, int], calendars: Calendars
) -> tuple[Ruling, ...]:
    """What became of the records that touch ``span``."""
    exclusion = agreement.exclusions[name]
    if is_register(agreement, exclusion) or span[0] >= span[1]:
        return ()
    cycle, zone = agreement.period.cycle, agreement.zone
    if exclusion.from_ is None:
        records = stated(exclusion, span, cycle, zone, calendars)
    return tuple(rule(name, exclusion, records, span, cycle, zone, calendars))


def excusing(own: Window, exclusions: Mapping[str, Exclusion], rulings: Sequence[Ruling]) -> Window:
    """``own`` less what ``rulings`` excuse, by the effect of each exclusion."""
    if not rulings:
        return own
    excused: list[Intervals] = []
    forgiven: list[Intervals] = []
    for ruling in rulings:
        effect = exclusions[ruling.exclusion].effect
        (excused if effect == "service-time" else forgiven).append(ruling.excused)
    return own.excusing(
        intervals.union(*excused) if excused else (),
        intervals.union(*(ruling.down for ruling in rulings)),
        intervals.union(*forgiven) if forgiven else (),
    )


def by_key(rulings: Sequence[Ruling]) -> dict[Key, list[Ruling]]:
    """Rulings of records that hold for one value, by that value."""
    found: dict[Key, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.candidate.key is not None and (ruling.excused or ruling.down):
            found.setdefault(ruling.candidate.key, []).append(ruling)
    return found


def cut(exclusion: Exclusion, rulings: Sequence[Ruling]) -> Cut:
    """What is taken out of the records that carry the same values.

    What goes beyond an allowance is not taken out: a record that is open then counts.
    """
    stretches = {
        key: intervals.union(*(ruling.excused for ruling in own)) for key, own in sorted(by_key(rulings).items())
    }
    return Cut(exclusion.columns, tuple(stretches.items()), exclusion.effect != "service-time")
