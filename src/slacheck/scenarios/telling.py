"""What a scenario tells of a source becomes the rows of its export."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, NoReturn

from slacheck.exclusions.spans import Fault
from slacheck.language.quantities import DAY, Unreadable, length
from slacheck.scenarios.cells import Export
from slacheck.scenarios.spans import Span, span
from slacheck.timeline import zones
from slacheck.timeline.zones import day_of

Row = dict[str, str | int]
Steps = tuple[str | int, ...]

_STREAMS = ("samples", "counts")
_OF_STREAMS = ("at", "every", "down", "unknown", "except")
_OF_RECORDS = ("at", "every", "times")
_MOST_ROWS = 5_000_000


class Cover(NamedTuple):
    """The instants ``span`` that a stream has without more, and the ``starts`` of the periods in them."""

    span: Span
    starts: tuple[int, ...]


class Told(Exception):
    """What cannot be meant, all of it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


def rows(export: Export, told: object, cover: Cover) -> list[Row]:
    """The rows of an export of which ``told`` tells; ``cover`` is what a stream has without more. Raises Told."""
    entries: list[tuple[Steps, object]] = (
        [((number,), each) for number, each in enumerate(told)] if isinstance(told, list) else [((), told)]
    )
    wrong: list[Fault] = []
    found: list[Row] = []
    for steps, entry in entries:
        try:
            found += _Entry(export, entry, steps, cover).rows(len(found))
        except Told as refused:
            wrong += refused.faults
    if wrong:
        raise Told(wrong)
    return found


def silent(export: Export, cover: Cover) -> list[Row]:
    """The rows of a source of which a scenario says nothing: states are up all the time, nothing happened in a log.

    Raises Told for one of numbers or facts, which nobody can guess.
    """
    if export.source.is_log:
        return []
    if export.source.shape == "samples" and export.states:
        return rows(export, {}, cover)
    example = {"samples": "{value: 4.2}", "counts": "{total: 1000}"}.get(export.source.shape, "{file: facts.csv}")
    help = f"write data: {{{export.name}: {example}}} here, or once for all scenarios at the top of the file"
    raise Told([Fault((), "nothing-told", f"nothing is told of '{export.name}'", help)])


@dataclass
class _Piece:
    """A stretch of a stream with its cells; ``unknown`` has none."""

    span: Span
    cells: Row = field(default_factory=dict)
    unknown: bool = False


class _Entry:
    """One mapping of what is told."""

    def __init__(self, export: Export, entry: object, steps: Steps, cover: Cover) -> None:
        self.export, self.steps, self.cover = export, steps, cover
        if isinstance(entry, str) and export.source.shape == "events":
            entry = {"at": entry}
        if not isinstance(entry, dict):
            raise Told([Fault(steps, "wrong-shape", "a mapping of what is told is wanted here", "write {word: value}")])
        self.entry: dict[str, Any] = entry
        self.stream = export.source.shape in _STREAMS
        self.reserved = _OF_STREAMS if self.stream else _OF_RECORDS
        self._known_words(entry, ())

    def rows(self, before: int) -> Iterator[Row]:
        return self._streamed() if self.stream else self._records(before)

    # streams

    def _streamed(self) -> Iterator[Row]:
        source = self.export.source
        cells = self._cells(self.entry, None)
        if self.export.states and "state" not in cells:
            cells["state"] = self.export.state("up")
        at = self.entry.get("at")
        within = self._span(at, ("at",)) if at is not None else self.cover.span
        pieces = [_Piece(within, cells)]
        for number, text in enumerate(self._list("down")):
            if not self.export.states:
                self._refuse(
                    ("down",), "shape", f"'{self.export.name}' has no states", "write except: [{at: ..., ...}]"
                )
            pieces.append(_Piece(self._span(text, ("down", number)), {**cells, "state": self.export.state("down")}))
        for number, each in enumerate(self._list("except")):
            inside: Steps = ("except", number)
            if not isinstance(each, dict) or "at" not in each:
                self._refuse(
                    inside, "wrong-shape", "no stretch stands here", "write {at: 2026-03-05 10:00 for 2h, ...}"
                )
            self._known_words(each, inside)
            pieces.append(_Piece(self._span(each["at"], (*inside, "at")), {**cells, **self._cells(each, None, inside)}))
        for number, text in enumerate(self._list("unknown")):
            pieces.append(_Piece(self._span(text, ("unknown", number)), unknown=True))
        laid = _laid(pieces, within)
        return self._counted(laid) if source.shape == "counts" else self._sampled(laid)

    def _sampled(self, laid: Sequence[_Piece]) -> Iterator[Row]:
        source = self.export.source
        word = self.export.state("unknown") if self.export.states else ""
        until = "until" in source.columns
        held = source.held if source.holds else None
        every = self._every(source.held or None if source.holds else None)
        for number, piece in enumerate(laid):
            start, end = piece.span
            cells = piece.cells
            if piece.unknown:
                if word:
                    cells = {"state": word}
                elif source.empty_values == "unknown":
                    cells = {}
                elif held is None and not until and source.holds:
                    help = "give the source a word: states: {unknown: [...]}"
                    self._refuse(("unknown",), "no-word", f"'{self.export.name}' has no word for unknown", help)
                else:
                    continue
            gap = number + 1 < len(laid) and laid[number + 1].unknown and not word
            yield from self._stepped(start, end, cells, every, held, until, gap)

    def _stepped(
        self, start: int, end: int, cells: Row, every: int | None, held: int | None, until: bool, gap: bool
    ) -> Iterator[Row]:
        if until or every is None:
            once = self.export.source.holds
            for at in (start, *(() if once else (each for each in self.cover.starts if start < each < end))):
                yield {"at": at, **({"until": end} if until else {}), **cells}
            return
        if gap and held is not None and not until:
            last = end - held
            if last < start:
                help = "let what is known before it last at least as long"
                self._refuse(("unknown",), "held", "the state before this stretch holds into it", help)
        else:
            last = end - 1
        at = start
        self._few((last - start) // every)
        while at < last:
            yield {"at": at, **cells}
            at += every
        if gap or at == last:
            yield {"at": last, **cells}

    def _counted(self, laid: Sequence[_Piece]) -> Iterator[Row]:
        source = self.export.source
        daily = source.daily and "every" not in self.entry
        every = None if daily else self._every(source.width)
        if every is None and not daily:
            help = "write every: 5m, or the interval of the source"
            self._refuse((), "no-interval", f"nothing says how often '{self.export.name}' counts", help)
        if not any(word in piece.cells for piece in laid for word in ("total", "good", "bad")) and "total" in (
            source.columns
        ):
            self._refuse((), "no-count", "nothing is counted here", "write total: 1000, and bad: 2 or good: 998")
        for piece in laid:
            if piece.unknown:
                continue
            start, end = piece.span
            self._few((end - start) // (every or DAY))
            at = start
            while at < end:
                yield {"at": at, **self._both(piece.cells)}
                at = at + every if every else zones.midnight(_next(day_of(at, self.export.zone)), self.export.zone)

    def _both(self, cells: Row) -> Row:
        """Without a word on what was good or bad, all of it was good."""
        columns = self.export.source.columns
        filled = dict(cells)
        if "bad" in columns and "bad" not in filled:
            filled["bad"] = "0"
        if "good" in columns and "good" not in filled and "total" in filled:
            filled["good"] = filled["total"]
        return filled

    def _every(self, default: int | None) -> int | None:
        text = self.entry.get("every")
        if text is None:
            return default
        try:
            return length(text) or None
        except (Unreadable, AttributeError) as unreadable:
            self._refuse(("every",), "not-a-length", str(unreadable), getattr(unreadable, "help", ""))

    # records

    def _records(self, before: int) -> Iterator[Row]:
        shape = self.export.source.shape
        times = self._times()
        every = self._every(0) or 0
        entry = {key: value for key, value in self.entry.items() if key not in ("times", "every")}
        row: Row = {}
        at = entry.get("at")
        if shape == "events" and at is not None:
            row["start"], row["end"] = self._span(at, ("at",))
            del entry["at"]
        row |= self._cells(entry, row.get("start"), keep=("at",))
        self._few(times)
        for number in range(times):
            moved = {w: c + number * every if isinstance(c, int) else c for w, c in row.items()}
            if shape == "cases" and ("id" not in row or times > 1):
                stem = f"{row['id']}-" if "id" in row else "case-"
                moved["id"] = f"{stem}{before + number + 1}"
            yield moved

    def _times(self) -> int:
        text = self.entry.get("times", "1")
        if not (isinstance(text, str) and text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_ROWS):
            self._refuse(("times",), "count", "a whole number above zero is wanted here", "write times: 40")
        return int(text)

    # what both share

    def _cells(
        self, entry: Mapping[str, Any], begun: str | int | None, inside: Steps = (), keep: Sequence[str] = ()
    ) -> Row:
        found: Row = {}
        for word, text in entry.items():
            if word in self.reserved and word not in keep:
                continue
            if not isinstance(text, str):
                self._refuse((*inside, word), "wrong-shape", "a value is wanted here", "write text or a number")
            try:
                found[word] = self.export.cell(word, text, begun if isinstance(begun, int) else None)
            except Unreadable as unreadable:
                self._refuse((*inside, word), "not-a-cell", str(unreadable), unreadable.help)
            if begun is None and word in self.export.instants:
                begun = found[word]
        return found

    def _known_words(self, entry: Mapping[str, Any], inside: Steps) -> None:
        known = [*self.reserved, *sorted(self.export.words)]
        wrong: list[Fault] = []
        for word in entry:
            if word not in known:
                close = difflib.get_close_matches(word, known, n=1)
                help = f"did you mean '{close[0]}'?" if close else f"words here are: {', '.join(known)}"
                message = f"nothing reads '{word}' of '{self.export.name}'"
                wrong.append(Fault((*self.steps, *inside, word, "[key]"), "unknown-key", message, help))
        if wrong:
            raise Told(wrong)

    def _list(self, key: str) -> list[Any]:
        value = self.entry.get(key, [])
        return value if isinstance(value, list) else [value]

    def _span(self, text: object, inside: Steps) -> Span:
        try:
            return span(text, self.export.zone)
        except Unreadable as unreadable:
            self._refuse(inside, "not-a-stretch", str(unreadable), unreadable.help)

    def _few(self, count: int) -> None:
        if count > _MOST_ROWS:
            self._refuse((), "too-many", f"this is more than {_MOST_ROWS:,} rows", "say a longer every")

    def _refuse(self, inside: Steps, code: str, message: str, help: str) -> NoReturn:
        raise Told([Fault((*self.steps, *inside), code, message, help)])


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _laid(pieces: Sequence[_Piece], within: Span) -> list[_Piece]:
    """The pieces without overlaps, in order, inside ``within``: what stands later covers what stands before it."""
    edges = sorted({edge for piece in pieces for edge in piece.span if within[0] <= edge <= within[1]} | set(within))
    found: list[_Piece] = []
    for start, end in pairwise(edges):
        top = next(each for each in reversed(pieces) if each.span[0] <= start and end <= each.span[1])
        if found and found[-1].cells == top.cells and found[-1].unknown == top.unknown:
            found[-1] = _Piece((found[-1].span[0], end), top.cells, top.unknown)
        else:
            found.append(_Piece((start, end), top.cells, top.unknown))
    return found
