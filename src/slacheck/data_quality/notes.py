"""What is odd about the data of a statement, in words: what a reader must know before the numbers are believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from slacheck.data_quality.observing import Data
from slacheck.data_quality.rows import Rows, exemptions
from slacheck.data_quality.streams import Known, Stream
from slacheck.measures.measure import OfRecords
from slacheck.planning import Settling
from slacheck.sources.opening import Export
from slacheck.statement import Line, Note
from slacheck.timeline import zones
from slacheck.timeline.windows import Window

Weight = Literal["info", "warning"]

SHOWN = 5


def notes(settling: Settling, data: Data, lines: Sequence[Line], remarks: Sequence[str]) -> tuple[Note, ...]:
    """What is odd about the data of one statement."""
    found: list[Note] = []
    for name, export in settling.exports.items():
        found += _records(settling, name, export, data.rows[id(export)])
        for stream, known in data.of(settling, export):
            found += _stream(name, stream, known)
        found += _never(name, data.of(settling, export), data.rows[id(export)])
    found += _exempted(settling, data)
    found += _missing(settling, lines)
    doubts = [f"{each.place}: {each.message}" for each in settling.file.warnings]
    found += [_warning(text) for text in dict.fromkeys([*doubts, *settling.remarks, *remarks])]
    return tuple(found)


def _warning(text: str) -> Note:
    return Note(weight="warning", text=text)


def _info(text: str) -> Note:
    return Note(weight="info", text=text)


def _records(settling: Settling, name: str, export: Export, rows: Rows) -> Iterator[Note]:
    window, stretch = settling.window, "part" if settling.part else "period"
    if export.skipped:
        were = "row was" if export.skipped == 1 else "rows were"
        yield _warning(f"{name}: {export.skipped:,} bad {were} skipped; what they would have said is not known")
    yield from _stale(window, name, export, rows.last)
    if export.source.shape != "events":
        return
    if not rows.within[window.lo, window.hi]:
        yield _info(f"{name}: no record of the {stretch}; read as nothing happened")
    running = [row for row, start in rows.open_ended if start < window.hi]
    for row in running[:SHOWN]:
        yield _warning(f"{name}: {export.place(row)} never ends; it runs to the as-of instant")
    if len(running) > SHOWN:
        yield _warning(f"{name}: {len(running) - SHOWN} more never end")


def _stream(name: str, stream: Stream, known: Known) -> Iterator[Note]:
    """What is odd about the records that some levels read."""
    levels = ", ".join(stream.levels[:SHOWN])
    if len(stream.levels) > SHOWN:
        levels += f" and {len(stream.levels) - SHOWN} more"
    if known.duplicates:
        yield _twice(levels, name, stream, known.duplicates)
    if known.conflicts:
        text = (
            f"{levels}: {_so_many(known.conflicts, 'instant')} of '{name}' with values that differ; all of them count"
        )
        yield _warning(text)
    if known.far and known.distances and 2 * known.far > known.distances and known.mean and stream.export.source.held:
        apart, hold = _mean(*known.mean), seconds(stream.export.source.held)
        yield _warning(
            f"{levels}: '{name}' has a sample every {apart} s, and a state holds for {hold} s; "
            f"after {known.far:,} of {known.distances + 1:,} samples it is unknown"
        )


def _never(name: str, streams: Sequence[tuple[Stream, Known]], rows: Rows) -> Iterator[Note]:
    """Levels over cases of which none satisfies the conditions, at any time and in any class: a word may be wrong.

    Of other records it is refused, or told where they are read.
    """
    ever: dict[str, int] = {}
    for stream, known in streams:
        if all(ask.measure.reads == "cases" for ask, _ in stream.asked):
            for level in stream.levels:
                named = level.partition(", ")[0]
                ever[named] = ever.get(named, 0) + known.matching
    for level, records in ever.items():
        if rows.matching and not records:
            yield _warning(f"{level}: no record of '{name}' satisfies the conditions of this level; none is judged")


def _twice(levels: str, name: str, stream: Stream, rows: int) -> Note:
    """Rows that stand twice: what becomes of them depends on what is read."""
    says = "row says" if rows == 1 else "rows say"
    told = f"{levels}: {rows:,} {says} the same as an earlier one of '{name}'"
    match stream.export.source.shape:
        case "samples" if all(ask.measure.reads == "time" for ask, _ in stream.asked):
            return _info(f"{told}; dropped")
        case "events" if all(ask.measure.reads == "time" and ask.record is None for ask, _ in stream.asked):
            return _info(f"{told}; time that several records cover counts once")
        case "counts":
            more = f"{rows:,} {'row' if rows == 1 else 'rows'} more than intervals"
            return _info(f"{levels}: {more} of '{name}'; rows of one interval are added up")
    return _warning(f"{told}; each of them counts")


def _so_many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _mean(length: int, number: int) -> str:
    """A mean of microseconds as seconds; ``about`` where it is not exact to the microsecond."""
    whole, rest = divmod(length, number)
    return f"about {seconds(whole)}" if rest else seconds(whole)


def _exempted(settling: Settling, data: Data) -> Iterator[Note]:
    """The records that a register of exemptions names: they count in no period."""
    for name, source in exemptions(settling.agreement):
        export = settling.exports[source]
        count, first = data.rows[id(export)].exempt[id(settling.file), name]
        if count:
            does = "record does" if count == 1 else "records do"
            yield _info(f"{source}: {count:,} {does} not count by '{name}': {export.places(first, count)}")


def _missing(settling: Settling, lines: Sequence[Line]) -> Iterator[Note]:
    unknown: dict[tuple[str, Weight], list[Line]] = {}
    absent: dict[tuple[str, Weight], list[Line]] = {}
    for line in lines:
        if line.dropped:
            of = f" of {line.subject}" if line.subject else ""
            places = ", ".join(each.place for each in line.dropped[:SHOWN])
            more = f" and {len(line.dropped) - SHOWN} more" if len(line.dropped) > SHOWN else ""
            yield _info(f"{line.level}{of}: dropped, since {_covering(settling, line)} covers them: {places}{more}")
        effect, weight = _effect(line)
        if line.balance is not None and line.balance.unknown:
            unknown.setdefault((effect, weight), []).append(line)
        if line.counted is not None and line.counted.intervals_present < line.counted.intervals_expected:
            absent.setdefault((effect, weight), []).append(line)
    for (effect, weight), mine in unknown.items():
        yield from (Note(weight=weight, text=f"{text}; {effect}") for text in _unknown(mine))
    for (effect, weight), mine in absent.items():
        yield from (Note(weight=weight, text=f"{text}; {effect}") for text in _absent(mine))


def _unknown(lines: Sequence[Line]) -> Iterator[str]:
    """Time that is unknown, line by line where they are few, otherwise level by level."""
    for level, mine in _by_level(lines).items():
        times = [(line.balance.unknown if line.balance else 0, line) for line in mine]
        if len(mine) <= SHOWN:
            yield from (f"{_whose(line)}: {seconds(time)} s unknown" for time, line in times)
            continue
        most, worst = max(times, key=lambda each: each[0])
        together = seconds(sum(time for time, _ in times))
        yield f"{level}: {together} s unknown in {len(mine):,} lines, most of it {_of(worst)} with {seconds(most)} s"


def _absent(lines: Sequence[Line]) -> Iterator[str]:
    """Intervals that are missing, likewise."""
    for level, mine in _by_level(lines).items():
        counted = [(line.counted, line) for line in mine if line.counted is not None]
        missing = [(each.intervals_expected - each.intervals_present, line) for each, line in counted]
        expected = sum(each.intervals_expected for each, _ in counted)
        if len(mine) <= SHOWN:
            for number, line in missing:
                of = line.counted.intervals_expected if line.counted else 0
                yield f"{_whose(line)}: {number:,} of {of:,} intervals missing"
            continue
        most, worst = max(missing, key=lambda each: each[0])
        together = sum(number for number, _ in missing)
        yield (
            f"{level}: {together:,} of {expected:,} intervals missing in {len(mine):,} lines, "
            f"most of them {_of(worst)} with {most:,}"
        )


def _by_level(lines: Sequence[Line]) -> dict[str, list[Line]]:
    levels: dict[str, list[Line]] = {}
    for line in lines:
        levels.setdefault(line.level, []).append(line)
    return levels


def _whose(line: Line) -> str:
    return f"{line.level}{f' of {line.subject}' if line.subject else ''}"


def _of(line: Line) -> str:
    """A line among those of its level."""
    return f"of {line.subject}" if line.subject else f"in {line.of_class or line.period or 'one'}"


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


def _effect(line: Line) -> tuple[str, Weight]:
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
