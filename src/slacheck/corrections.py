"""Corrections made afterwards: a file of their own, each entry with its author, its date and its reason.

A corrections file is YAML::

    corrections:
      - level: availability
        subject: web-1                     # without it: every line of the level
        period: 2026-10
        author: J. Smith
        date: 2026-11-03
        reason: the probe's own link failed, see ticket 4711
        remove_outage: {start: 2026-10-05 10:00, end: 2026-10-05 10:40}

The agreement and the exports stay as they are, so that the statement can show the value before and after.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, WithJsonSchema, model_validator

from slacheck.exclusions.limits import reader
from slacheck.exclusions.spans import Fault, Stretch
from slacheck.language.entries_file import read_entries
from slacheck.language.quantities import Kind, Quantity
from slacheck.language.scalars import Day, Name, Text
from slacheck.language.terms import Terms, refusal
from slacheck.language.yaml_text import Document
from slacheck.problems import PeriodError, Problem
from slacheck.timeline import intervals
from slacheck.timeline.asking import asked
from slacheck.timeline.intervals import Intervals
from slacheck.timeline.periods import Cycle, Period

What = Literal["remove_outage", "add_outage", "not_counted", "value"]

_STRETCHES: tuple[What, ...] = ("remove_outage", "add_outage", "not_counted")
_KINDS: dict[Kind, str] = {"share": "a percentage", "length": "a length of time", "number": "a number"}
# 1 January 3000: whatever period is named has begun by then.
_LATE = 32_503_680_000_000_000

Value = Annotated[
    Quantity,
    reader(Quantity, "a value", "not-a-value", Quantity.read),
    WithJsonSchema(
        {
            "type": ["string", "number"],
            "description": "A value.",
            "$comment": "a value",
            "examples": ["99.95%", "2h", 4.2],
        }
    ),
]


class Correction(Terms):
    """One entry, which says exactly one thing of a level in a period.

    ``remove_outage``: that stretch is up, whatever was measured. ``add_outage``: it is down. ``not_counted``: it is
    excused, as by an exclusion. ``value``: the measured value is this one. Without ``subject`` it holds for every
    line of the level. ``period`` is the label of one period, as the statement shows it.
    """

    level: Name = Field(description="The level that is corrected.", examples=["availability"])
    subject: Text | None = Field(
        None, description="The subject whose line is corrected; without it every line of the level.", examples=["web-1"]
    )
    period: Text = Field(description="The label of one period, as the statement shows it.", examples=["2026-10"])
    author: Text = Field(description="Who made the correction.", examples=["J. Smith"])
    date: Day = Field(description="The day on which it was made.", examples=["2026-11-03"])
    reason: Text = Field(
        description="Why; the statement shows it beside the value before and after.",
        examples=["the probe's own link failed, see ticket 4711"],
    )
    remove_outage: Stretch | None = Field(
        None,
        description="A stretch that was up, whatever was measured.",
        examples=[{"start": "2026-10-05 10:00", "end": "2026-10-05 10:40"}],
    )
    add_outage: Stretch | None = Field(
        None,
        description="A stretch that was down, whatever was measured.",
        examples=[{"start": "2026-10-05 10:00", "end": "2026-10-05 10:40"}],
    )
    not_counted: Stretch | None = Field(
        None,
        description="A stretch that is excused, as by an exclusion.",
        examples=[{"start": "2026-10-05", "end": "2026-10-05"}],
    )
    value: Value | None = Field(
        None,
        description="The measured value, in place of what was measured; it is rounded and compared like one.",
        examples=["99.95%", "2h"],
    )

    @model_validator(mode="after")
    def _one_thing(self) -> Correction:
        said = self._said()
        if not said:
            help = "write remove_outage, add_outage, not_counted (each {start: ..., end: ...}) or value"
            raise refusal("correction", "nothing says what is corrected", help, at="key")
        if len(said) > 1:
            message = f"'{said[0]}' and '{said[1]}' stand in one correction"
            raise refusal(
                "correction", message, "write one entry for each, with its reason", inside=[said[1]], at="key"
            )
        return self

    def _said(self) -> list[What]:
        every: tuple[What, ...] = (*_STRETCHES, "value")
        return [key for key in every if getattr(self, key) is not None]

    @property
    def what(self) -> What:
        return self._said()[0]

    @property
    def stretch(self) -> Stretch | None:
        """The time that is corrected; None where a value is."""
        return self.remove_outage or self.add_outage or self.not_counted

    def holds_for(self, level: str, subject: str | None, period: str) -> bool:
        """Whether it is about this line of the statement; a line without a subject has none or an empty one."""
        return (self.level, self.period) == (level, period) and self.subject in (None, subject or None)


class Corrections(Terms):
    """A corrections file."""

    corrections: tuple[Correction, ...] = Field(
        description="The corrections, one entry for each thing that is corrected.",
        examples=[
            [
                {
                    "level": "satisfaction",
                    "period": "2026-10",
                    "author": "J. Smith",
                    "date": "2026-11-04",
                    "reason": "last month's score was delivered",
                    "value": "4.4",
                }
            ]
        ],
    )


@dataclass(frozen=True)
class CorrectionsFile:
    """Loaded corrections with the file they stand in; ``digest`` is the SHA-256 of the file's bytes."""

    entries: tuple[Correction, ...]
    document: Document
    label: str
    digest: str

    def place(self, index: int) -> str:
        """``file:line:column`` of an entry, counted from 0."""
        place = self.document.place(("corrections", index))
        return f"{self.label}:{place.line}:{place.column}"


@dataclass(frozen=True)
class Correctable:
    """What a correction must know of a level: its periods, the kind of its value, and whether it measures time."""

    cycle: Cycle
    unit: Kind
    measures_time: bool = True


@dataclass(frozen=True)
class Applied:
    """What the corrections of one line come to, in microseconds UTC; ``value`` replaces the measured one."""

    entries: tuple[Correction, ...]
    removed: Intervals
    added: Intervals
    not_counted: Intervals
    value: Quantity | None

    def down(self, measured: Intervals) -> Intervals:
        """The down time after the corrections: (measured less removed) and added."""
        return intervals.union(intervals.difference(measured, self.removed), self.added)


def load(path: str | Path, label: str | None = None) -> CorrectionsFile:
    """Read a corrections file. Raises AgreementError with every problem of the file that it alone shows."""
    name = str(path) if label is None else label
    read, document, digest = read_entries(Path(path), name, Corrections, "corrections")
    return CorrectionsFile(read.corrections, document, name, digest)


def problems(file: CorrectionsFile, levels: Mapping[str, Correctable], zone: ZoneInfo) -> list[Problem]:
    """Everything that an agreement with these levels, in this zone, finds wrong, in the order of the file."""
    found = [*_one_by_one(file.entries, levels, zone), *_together(file, zone)]
    placed = [(file.document.place(("corrections", *fault.steps)), fault) for fault in found]
    written = (file.document.problem(place, each.code, each.message, each.help) for place, each in placed)
    return sorted(dict.fromkeys(written), key=lambda each: (each.line, each.column, each.code, each.message))


def applied(
    entries: Iterable[Correction], level: str, subject: str | None, period: str, zone: ZoneInfo
) -> Applied | None:
    """What the corrections of one line come to, or None where there are none.

    ``period`` is the label of the period. The entries must have no ``problems``.
    """
    mine = tuple(each for each in entries if each.holds_for(level, subject, period))
    if not mine:
        return None

    def united(what: What) -> Intervals:
        return intervals.union(each.stretch.window(zone) for each in mine if each.stretch and each.what == what)

    value = next((each.value for each in mine if each.value is not None), None)
    return Applied(mine, united("remove_outage"), united("add_outage"), united("not_counted"), value)


def without_a_line(
    entries: Iterable[Correction], lines: Collection[tuple[str, str | None, str]]
) -> tuple[Correction, ...]:
    """The entries for the periods of ``lines`` (level, subject, period) that hold for none of them."""
    settled = {period for _, _, period in lines}
    return tuple(
        each for each in entries if each.period in settled and not any(each.holds_for(*line) for line in lines)
    )


def _one_by_one(entries: Iterable[Correction], levels: Mapping[str, Correctable], zone: ZoneInfo) -> Iterator[Fault]:
    for index, entry in enumerate(entries):
        unclear = list(entry.stretch.faults(zone)) if entry.stretch else []
        for fault in unclear:
            yield replace(fault, steps=(index, entry.what, *fault.steps))
        level = levels.get(entry.level)
        if level is None:
            close = difflib.get_close_matches(entry.level, list(levels), n=1)
            help = f"did you mean '{close[0]}'?" if close else f"there is: {', '.join(levels) or 'nothing'}"
            yield Fault((index, "level"), "unknown-name", f"no service level '{entry.level}'", help)
            continue
        yield from _of_its_kind(entry, level, index)
        try:
            period = period_of(entry, level.cycle, zone)
        except PeriodError as error:
            yield Fault((index, "period"), "period", error.problems[0].message, error.problems[0].help)
            continue
        if entry.date < period.start:
            message = f"the correction is dated {entry.date}, before {entry.period} begins on {period.start}"
            yield Fault((index, "date"), "dates", message, "write the day on which it was made")
        if entry.stretch and not unclear:
            (lo, hi), (start, end) = period.window(zone), entry.stretch.window(zone)
            if start < lo or end > hi:
                message = f"the stretch is not inside {entry.period}"
                yield Fault((index, entry.what), "outside-period", message, "write one entry for each period")


def _of_its_kind(entry: Correction, level: Correctable, index: int) -> Iterator[Fault]:
    if entry.value is None and not level.measures_time:
        message = f"'{entry.level}' does not measure time"
        yield Fault((index, entry.what), "shape", message, "write value: and what it should have been")
    elif entry.value is not None and entry.value.kind != level.unit:
        help = f"write {entry.value.text}%" if (entry.value.kind, level.unit) == ("number", "share") else ""
        message = f"'{entry.level}' is measured as {_KINDS[level.unit]}, not as {_KINDS[entry.value.kind]}"
        yield Fault((index, "value"), "unit", message, help)


def period_of(entry: Correction, cycle: Cycle, zone: ZoneInfo) -> Period:
    """The one period that an entry names by its label. Raises PeriodError."""
    return period_named(entry.period, cycle, zone, "a correction")


def period_named(text: str, cycle: Cycle, zone: ZoneInfo, what: str) -> Period:
    """The one period that is called ``text``; ``what`` is for it. Raises PeriodError."""
    found = asked(text, cycle, zone, _LATE)
    if text.strip().lower().startswith(("last-", "this-")):
        message = f"'{text}' is another period on another day"
        raise PeriodError([Problem("", message=message, help="write the name of the period, such as 2026-10")])
    if len(found) > 1:
        message = f"'{text}' names {len(found)} periods, {what} is for one"
    elif found[0].label != text:
        message = f"'{text}' is not what the period is called"
    else:
        return found[0]
    raise PeriodError([Problem("", message=message, help=f"write {found[0].label}")])


def _together(file: CorrectionsFile, zone: ZoneInfo) -> Iterator[Fault]:
    """Two entries for one line that cannot both be meant, each told at the second."""
    for (one, first), (two, second) in combinations(enumerate(file.entries), 2):
        if (first.level, first.period) != (second.level, second.period):
            continue
        if first.subject != second.subject and None not in (first.subject, second.subject):
            continue
        line = file.document.place(("corrections", one, first.what), "key").line
        help = f"the other stands on line {line}; keep one of the two"
        steps = (two, second.what)
        kinds = {first.what, second.what}
        if kinds == {"value"}:
            yield Fault(steps, "two-values", f"two values for '{second.level}' in {second.period}", help)
        elif "value" in kinds:
            message = "a value replaces what was measured, so a stretch of the same line has no effect"
            yield Fault(steps, "no-effect", message, help)
        elif kinds == {"remove_outage", "add_outage"} and _overlap(first.stretch, second.stretch, zone):
            yield Fault(steps, "contradiction", "the same time is removed from the down time and added to it", help)


def _overlap(first: Stretch | None, second: Stretch | None, zone: ZoneInfo) -> bool:
    if first is None or second is None or any(True for each in (first, second) for _ in each.faults(zone)):
        return False
    one, two = first.window(zone), second.window(zone)
    return one[0] < two[1] and two[0] < one[1]
