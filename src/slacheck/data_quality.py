"""What a reader must know of the data: which files, how many rows were used, what was missing and what was odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from zoneinfo import ZoneInfo

import narwhals as nw

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.usage import dating_word, sources_of
from slacheck.engine.scratch import Scratch
from slacheck.measures.asking import Answer
from slacheck.measures.measure import CountTally, OfRecords, RateTally, TimeTally
from slacheck.planning import Asking, Settling
from slacheck.planning.excusing import exempt, is_register
from slacheck.problems import DataError, Problem
from slacheck.sources.exempt import Exempt, only
from slacheck.sources.opening import Export
from slacheck.statement import Input, Line, Note
from slacheck.timeline import zones
from slacheck.timeline.windows import Window

_SHOWN = 5
_OPEN_KEPT = 1000


def check_periods(asking: Sequence[Asking], answered: Sequence[Sequence[Answer]]) -> None:
    """Refuse levels for which no period of the run has a single row: the wrong file, not a bad month."""
    known: dict[tuple[object, ...], bool] = {}
    first: dict[tuple[object, ...], Asking] = {}
    for each, answers in zip(asking, answered, strict=True):
        ask = each.ask
        log = ask.exports[0].source.is_log
        if ask.measure.reads == "values" or log or ask.window.lo == ask.window.hi:
            continue
        # Versions of one agreement share their files: a short part of a period may well have no row.
        key = (id(each.settling.file.first), each.promised.named, ask.exports[0].digests)
        first.setdefault(key, each)
        known[key] = known.get(key, False) or any(_something(answer) for answer in answers)
    problems = [_no_row(first[key]) for key, something in known.items() if not something]
    if problems:
        raise DataError(dict.fromkeys(problems))


def _something(answer: Answer) -> bool:
    match answer.tally:
        case TimeTally(service=service, unknown=unknown):
            return unknown < service or service == 0
        case CountTally(expected=expected):
            return bool(answer.rows) or expected == 0
        case RateTally(busy=busy, idle=idle, absent=absent):
            return bool(busy or idle) or absent == 0
    return True


def _no_row(asking: Asking) -> Problem:
    ask = asking.ask
    export = ask.exports[0]
    reading = export.reading
    column = _instant(asking.settling, export.name, export) or "rowid"
    ((lo, hi),) = reading.scratch.rows(export.frame.select(lo=nw.col(column).min(), hi=nw.col(column).max()))
    zone = asking.settling.agreement.zone
    held = f"it holds {day(lo, zone)} to {day(hi, zone)}" if lo is not None else "it is empty"
    return Problem(
        export.files[0].label,
        code="no-row-of-period",
        message=f"no row of {ask.window.period.label} for '{asking.promised.named}'",
        help=f"{held}; is it the right export?",
    )


def day(instant: int, zone: ZoneInfo) -> str:
    """The civil day of an instant."""
    return zones.day_of(instant, zone).isoformat()


def inputs(settling: Settling) -> tuple[Input, ...]:
    """Every file behind the statement, with the digest of its bytes."""
    claims = settling.file.claims
    made = [Input(source="claims", file=claims.label, sha256=claims.digest, rows=len(claims.entries))] if claims else []
    exports = (
        Input(source=name, file=file.label, sha256=digest, rows=part.rows)
        for name, export in settling.exports.items()
        for file, digest, part in zip(export.files, export.digests, export.reading.parts, strict=True)
    )
    return (*exports, *made)


# The exclusion of an agreement, by the id of its file and by name.
_Exemption = tuple[int, str]


@dataclass(frozen=True)
class Rows:
    """The records of one export that pass its ``where``: how many, how many per window, and those that never end.

    ``exempt`` has how many do not count by an exemption, and the first of them.
    """

    matching: int
    within: Mapping[Window, int]
    first: int | None
    last: int | None
    open_ended: tuple[tuple[int, int], ...]
    exempt: Mapping[_Exemption, tuple[int, tuple[int, ...]]] = field(default_factory=dict)

    def around(self, window: Window) -> bool:
        """Whether there are records both before and after a window."""
        return self.first is not None and self.last is not None and self.first < window.lo and self.last >= window.hi


def check_cases(settlings: Sequence[Settling], rows: Mapping[int, Rows]) -> None:
    """Refuse exports of cases of which not one is dated in any period of the run, nor on both sides of one: it is the
    wrong file sooner than a quiet month.

    A source that says ``absent_rows: empty`` may be quiet for as long as it likes. Raises DataError.
    """
    problems: list[Problem] = []
    # The versions of an agreement may read one file in several ways.
    busy = {
        (id(each.file.first), name, export.digests)
        for each in settlings
        for name, export in each.exports.items()
        if any(rows[id(export)].within.values())
    }
    for settling in settlings:
        for name, export in settling.exports.items():
            counted = rows[id(export)]
            quiet = export.source.shape != "cases" or export.source.absent_rows == "empty" or counted.last is None
            known = (id(settling.file.first), name, export.digests) in busy
            if quiet or known or counted.around(settling.window):
                continue
            last = day(counted.last or 0, settling.agreement.zone)
            held = f"the last one is of {last}; is it the right export? Where it is, write absent_rows: empty"
            message = f"no case of {settling.window.period.label} in '{name}'"
            problems.append(Problem(export.files[0].label, code="no-row-of-period", message=message, help=held))
    if problems:
        raise DataError(dict.fromkeys(problems))


def rows_of(scratch: Scratch, settlings: Sequence[Settling]) -> dict[int, Rows]:
    """Count the records of every export, by its id, for all windows of the run in one pass over each."""
    windows: dict[int, dict[Window, None]] = {}
    exports: dict[int, tuple[Export, str | None]] = {}
    for settling in settlings:
        for name, export in settling.exports.items():
            exports.setdefault(id(export), (export, _instant(settling, name, export)))
            windows.setdefault(id(export), {})[settling.window] = None
    exempt_rows: dict[int, dict[_Exemption, tuple[int, tuple[int, ...]]]] = {key: {} for key in exports}
    # The periods of an agreement have the same register.
    for settling in {id(each.file): each for each in settlings}.values():
        for name, source in _exemptions(settling.agreement):
            exclusion, export = settling.agreement.exclusions[name], settling.exports[source]
            exemption = exempt(exclusion, settling.candidates[name])
            exempt_rows[id(export)][id(settling.file), name] = _exempt_rows(scratch, export, exemption)
    return {
        key: replace(_counted(scratch, export, instant, list(windows[key])), exempt=exempt_rows[key])
        for key, (export, instant) in exports.items()
    }


def _instant(settling: Settling, name: str, export: Export) -> str | None:
    """The column that dates the records of an export; None where nothing does."""
    match export.source.shape:
        case "samples" | "counts":
            return "r_at"
        case "events":
            return "r_start"
        case "cases":
            word = dating_word(settling.agreement, name)
            return export.instants.get(word) if word else None
    return None


def _counted(scratch: Scratch, export: Export, dated: str | None, windows: Sequence[Window]) -> Rows:
    if dated is None:
        ((rows,),) = scratch.rows(export.matching().select(rows=nw.len()))
        return Rows(rows, dict.fromkeys(windows, 0), None, None, ())
    instant = nw.col(dated)
    end = nw.col("r_end") if export.source.shape == "events" else instant
    matching = export.matching()
    sums = {}
    for index, window in enumerate(windows):
        last = nw.when(end.is_null()).then(nw.lit(window.hi)).otherwise(end)
        inside = (instant < window.hi) & ((last > window.lo) | (instant >= window.lo))
        sums[f"w{index}"] = nw.when(inside).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
    ends = {"first": instant.min(), "last": instant.max()}
    ((rows, first, last, *within),) = scratch.rows(matching.select(rows=nw.len(), **ends, **sums))
    open_ended: list[tuple[int, int]] = []
    if export.source.shape == "events":
        open_ended = scratch.rows(
            matching.filter(end.is_null()).select("rowid", "r_start").sort("rowid").head(_OPEN_KEPT)
        )
    counts = {window: int(count or 0) for window, count in zip(windows, within, strict=True)}
    return Rows(rows, counts, first, last, tuple((row, start) for row, start in open_ended))


def notes(
    settling: Settling, rows: Mapping[int, Rows], lines: Sequence[Line], remarks: Sequence[str]
) -> tuple[Note, ...]:
    """The data-quality section of one statement."""
    found: list[Note] = []
    for name, export in settling.exports.items():
        found += _rows(settling, name, export, rows[id(export)])
    found += _exempted(settling, rows)
    found += _missing(settling, lines)
    doubts = [f"{each.place}: {each.message}" for each in settling.file.warnings]
    found += [Note(weight="warning", text=text) for text in dict.fromkeys([*doubts, *settling.remarks, *remarks])]
    return tuple(found)


def _rows(settling: Settling, name: str, export: Export, rows: Rows) -> Iterator[Note]:
    window, stretch = settling.window, "part" if settling.part else "period"
    read, within = export.reading.rows, rows.within[window]
    text = f"{name}: {read:,} {'row' if read == 1 else 'rows'}"
    if rows.last is not None or export.source.shape != "register":
        text += f", {within:,} of the {stretch}"
    dropped = read - export.replaced - rows.matching
    if dropped:
        text += f", {dropped:,} dropped by 'where'"
    if export.replaced:
        text += f", {export.replaced:,} replaced by a later row of the same case"
    yield Note(weight="info", text=text)
    yield from _stale(window, name, export, rows.last)
    if export.source.shape != "events":
        return
    if not within:
        yield Note(weight="info", text=f"{name}: no record of the {stretch}; read as nothing happened")
    running = [row for row, start in rows.open_ended if start < window.hi]
    for row in running[:_SHOWN]:
        yield Note(weight="warning", text=f"{name}: {export.place(row)} never ends; it runs to the as-of instant")
    if len(running) > _SHOWN:
        yield Note(weight="warning", text=f"{name}: {len(running) - _SHOWN} more never end")


def _exempted(settling: Settling, rows: Mapping[int, Rows]) -> Iterator[Note]:
    """The records that a register of exemptions names: they count in no period."""
    for name, source in _exemptions(settling.agreement):
        export = settling.exports[source]
        count, first = rows[id(export)].exempt[id(settling.file), name]
        if count:
            does = "record does" if count == 1 else "records do"
            text = f"{source}: {count:,} {does} not count by '{name}': {export.places(first, count)}"
            yield Note(weight="info", text=text)


def _exemptions(agreement: Agreement) -> Iterable[tuple[str, str]]:
    """The exclusions that name records outright, each with the sources that it is read for."""
    read: dict[tuple[str, str], None] = {}
    for promised in agreement.promised():
        for name in promised.promise.excluding:
            if is_register(agreement, agreement.exclusions[name]):
                read |= dict.fromkeys((name, source) for source in sources_of(agreement, promised))
    return read


def _exempt_rows(scratch: Scratch, export: Export, exemption: Exempt) -> tuple[int, tuple[int, ...]]:
    """How many records are exempt, and the first of them."""
    named = only(scratch, export, export.frame, exemption)
    ((count,),) = scratch.rows(named.select(rows=nw.len()))
    first = scratch.rows(named.select("rowid").sort("rowid").head(_SHOWN)) if count else []
    return count, tuple(row for (row,) in first)


def _missing(settling: Settling, lines: Sequence[Line]) -> Iterator[Note]:
    for line in lines:
        of = f" of {line.subject}" if line.subject else ""
        effect, weight = _effect(line)
        if line.dropped:
            places = ", ".join(each.place for each in line.dropped[:_SHOWN])
            more = f" and {len(line.dropped) - _SHOWN} more" if len(line.dropped) > _SHOWN else ""
            text = f"{line.level}{of}: dropped, since {_covering(settling, line)} covers them: {places}{more}"
            yield Note(weight="info", text=text)
        if line.balance is not None and line.balance.unknown:
            yield Note(weight=weight, text=f"{line.level}{of}: {seconds(line.balance.unknown)} s unknown; {effect}")
        if line.counted is not None and 0 < line.counted.intervals_present < (line.counted.rows or 0):
            rows, present = line.counted.rows, line.counted.intervals_present
            text = f"{line.level}{of}: {rows:,} rows fall into {present:,} intervals; rows of one interval are added up"
            yield Note(weight="info", text=text)
        if line.counted is not None and line.counted.intervals_present < line.counted.intervals_expected:
            missing = line.counted.intervals_expected - line.counted.intervals_present
            text = f"{line.level}{of}: {missing:,} of {line.counted.intervals_expected:,} intervals missing; {effect}"
            yield Note(weight=weight, text=text)


def _covering(settling: Settling, line: Line) -> str:
    """What the rule of a line keeps where records overlap."""
    agreement = settling.agreement
    promises = agreement.service_levels[line.level].promises
    measures = (promise.measure for promise in promises.values())
    rules = {agreement.down_rule(each.from_).overlapping for each in measures if isinstance(each, OfRecords)}
    return "a longer record" if "longest" in rules else "a log named earlier"


def _stale(window: Window, name: str, export: Export, last: int | None) -> Iterator[Note]:
    """A log of changes or outages that ends before the period: it may be quiet, or not exported to the end."""
    held = export.source.shape == "events" or (export.source.shape == "samples" and export.source.held is None)
    if held and last is not None and last < window.lo:
        text = f"{name}: the last record is of {zones.written(last)}, before the period; is the export complete?"
        yield Note(weight="warning", text=text)


def _effect(line: Line) -> tuple[str, Literal["info", "warning"]]:
    """What the missing part of a line changes."""
    if line.verdict == "breached" and line.missing == "breach" and line.reason:
        return "is the breach", "warning"
    if line.verdict not in ("met", "breached", "missed"):
        return "leaves the verdict open", "warning"
    if line.credit is not None and not line.credit.certain:
        return "changes no verdict, but the credit", "warning"
    return "changes no verdict", "info"


def seconds(microseconds: int) -> str:
    """Seconds as text, without a fraction where there is none."""
    whole, rest = divmod(microseconds, 1_000_000)
    return f"{whole:,}" if rest == 0 else f"{whole:,}.{rest:06d}".rstrip("0")
