"""Objectives of OpenSLO as levels of an agreement, with the sources and outages that they read.

Occurrences are good events among all; Timeslices good slices among all, a slice being good where its share of good
events reaches ``timeSliceTarget``; RatioTimeslices the unweighted mean of the shares of all slices.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import gcd

from slacheck.language.quantities import length
from slacheck.language.written import commented, scalar
from slacheck.language.written import length as written_length
from slacheck.problems import Problem
from slacheck.starting.openslo.documents import Object, Part
from slacheck.starting.openslo.indicators import Indicator
from slacheck.starting.openslo.windows import Window, slice_length

METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")

_OPERATORS = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">"}
# The length of a row where no document says one: an assumption, which a comment in the source tells.
_STEP = "5m"
_EMPTY = "empty_interval: missing  # OpenSLO leaves open what a slice without events is worth: good, skip, bad, missing"


@dataclass
class Source:
    """One export. ``good`` is the condition of a good row where rows are counted; ``slices`` are lengths of slices."""

    name: str
    file: str
    indicator: Indicator
    shape: str
    good: str = ""
    slices: set[int] = field(default_factory=set)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers that an export of its queries must have."""
        reads = self.indicator.reads
        return ("time", "total", reads) if reads in ("good", "bad") else ("time", "value")

    def lines(self) -> Iterator[str]:
        """The source as it stands below ``sources:``."""
        yield f"  {self.name}:"
        for kind, query in self.indicator.queries.items():
            if query:
                yield f"    # {kind}: {commented(query)}"
        if self.indicator.counter:
            yield "    # the counters only grow: export their increase in each row, not their running value"
        if self.shape == "samples" and self.slices:
            yield f"    # one row for each slice of {written_length(gcd(*self.slices))}"
        yield f"    path: {self.file}"
        yield f"    shape: {self.shape}"
        roles = ["at: time", *(f"{column}: {column}" for column in self.columns[1:])]
        yield f"    columns: {{{', '.join(roles)}}}"
        if self.good:
            yield f'    good: {{value: "{self.good}"}}'
        if self.shape == "counts":
            step = written_length(gcd(*self.slices)) if self.slices else _STEP
            yield f"    interval: {step}  # the step of the export" + (
                "" if self.slices else ", which no document says"
            )


@dataclass
class Written:
    """The parts of the agreement, as far as they are written, and what could not be."""

    sources: dict[tuple[str, str, str], Source] = field(default_factory=dict)
    outages: list[str] = field(default_factory=list)
    levels: dict[str, list[str]] = field(default_factory=dict)
    left: list[Problem] = field(default_factory=list)

    def source(self, indicator: Indicator, shape: str, good: str = "") -> Source:
        """The source of an indicator; one that is read in the same way before is taken again."""
        key = (indicator.name, shape, good)
        if key not in self.sources:
            name = named(indicator.name, {each.name for each in self.sources.values()})
            # One query has one export, however its rows are read.
            known = [each.file for each in self.sources.values() if each.indicator.name == indicator.name]
            self.sources[key] = Source(name, known[0] if known else f"{name}.csv", indicator, shape, good)
        return self.sources[key]


def named(text: str, taken: Collection[str]) -> str:
    """``text`` as a name of the language, that is none of ``taken``."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")
    name = name if re.match("[A-Za-z]", name) else f"slo-{name}".rstrip("-")
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


@dataclass(frozen=True)
class Objective:
    """One objective of an SLO, and all that is needed to write it."""

    slo: Object
    place: Part
    indicator: Indicator
    method: str
    window: Window
    name: str
    title: str

    def write(self, into: Written, usual: str) -> str:
        """Add its level, whose name is returned, or tell what keeps it from being one: then the name is empty.

        ``usual`` is the period of the agreement.
        """
        target = self._target(into)
        slices = self._slices(into)
        if target is None or slices is None:
            # What it says further does not matter any more.
            self.place.read()
            return ""
        measure = self._measure(target, slices, into)
        if measure is None:
            self.place.read()
            return ""
        lines = [f"    title: {scalar(self.title)}"] if self.title else []
        if self.window.period and self.window.period != usual:
            lines.append(f"    period: {self.window.period}")
        into.levels[self.name] = [f"  {self.name}:", *lines, *(f"    {line}" for line in measure)]
        return self.name

    def _left(self, into: Written, message: str, help: str = "", key: str = "") -> None:
        place = (self.place.get(key) if key else None) or self.place
        into.left.append(place.problem(f"an objective of '{self.slo.name}' is left out: {message}", help))

    def _target(self, into: Written) -> Decimal | None:
        """The target as a share."""
        share, percent = self.place.text("target"), self.place.text("targetPercent")
        text = share or percent
        number = _decimal(text)
        if number is None:
            said = f"'{text}' is no number" if text else "it has no target"
            self._left(into, said, "write target: 0.99 or targetPercent: 99", "target" if share else "targetPercent")
            return None
        found = number if share else number / 100
        if not 0 <= found <= 1:
            help = "targetPercent is a percentage, target a share" if found > 1 else ""
            self._left(into, f"{text} is no target", help, "target" if share else "targetPercent")
            return None
        return found

    def _slices(self, into: Written) -> str | None:
        """The length of a slice, empty where there are none; None where it cannot be said."""
        text = self.place.text("timeSliceWindow")
        if self.method == "Occurrences":
            return ""
        found = slice_length(text)
        if found is None:
            said = f"'{text}' is no length of a slice" if text else "it has no timeSliceWindow"
            self._left(into, said, "write timeSliceWindow: 5m", "timeSliceWindow")
        return found

    def _measure(self, target: Decimal, slices: str, into: Written) -> list[str] | None:
        """The measure and target of its level."""
        least = None
        if self.method == "Timeslices":
            least = _decimal(self.place.text("timeSliceTarget"))
            if least is None or not 0 < least <= 1:
                self._left(into, "Timeslices need a timeSliceTarget from 0 to 1", "", "timeSliceTarget")
                return None
        promise = f'target: ">= {_plain(100 * target)}%"'
        if self.indicator.reads in ("success", "failure"):
            return self._of_raw(target, promise, slices, least, into)
        good = self._good(into)
        if good is None:
            return None
        source = into.source(self.indicator, "counts", good)
        if slices:
            source.slices.add(length(slices))
        if least is not None:
            outage = named(f"{self.name}-bad", into.levels.keys() | {each.name for each in into.sources.values()})
            share = _plain(100 * (1 - least))
            into.outages.append(
                f'  {outage}: {{from: {source.name}, when: {{bad_share: "> {share}%", each: {slices}}}}}'
            )
            return [f"measure: {{kind: availability, from: {outage}}}", _EMPTY, promise]
        if slices:
            return [f"measure: {{kind: success-rate, from: {source.name}, mean_of_each: {slices}}}", _EMPTY, promise]
        return [f"measure: {{kind: success-rate, from: {source.name}}}", promise]

    def _of_raw(
        self, target: Decimal, promise: str, slices: str, least: Decimal | None, into: Written
    ) -> list[str] | None:
        """A ratio that is worked out already: its rows are averaged, or each is a slice that is good or not."""
        success = self.indicator.reads == "success"
        if least is not None:
            good = f">= {_plain(least)}" if success else f"<= {_plain(1 - least)}"
            source = into.source(self.indicator, "counts", good)
            source.slices.add(length(slices))
            return [f"measure: {{kind: success-rate, from: {source.name}}}", promise]
        source = into.source(self.indicator, "samples")
        if slices:
            source.slices.add(length(slices))
        else:
            message = "a raw ratio does not say how many events stand behind it: its rows are averaged without weights"
            into.left.append(self.indicator.place.problem(message, "export good and total to count events"))
        number = f">= {_plain(target)}" if success else f"<= {_plain(1 - target)}"
        return [f"measure: {{kind: statistic, from: {source.name}, statistic: mean}}", f'target: "{number}"']

    def _good(self, into: Written) -> str | None:
        """The condition of a good row, empty for a ratio, which counts; None where a threshold says none."""
        if self.indicator.reads != "value":
            return ""
        op, value = self.place.text("op"), self.place.text("value")
        number = _decimal(value)
        if op not in _OPERATORS or number is None:
            help = "write op: lte, lt, gte or gt, and value: 0.2"
            self._left(into, "a threshold needs op and value", help, "op" if op else "value")
            return None
        return f"{_OPERATORS[op]} {_plain(number)}"


def _decimal(text: str) -> Decimal | None:
    """A plain number of a size that percentages and comparisons have; None for any other text."""
    if not re.fullmatch(r"[+-]?[0-9]{0,15}(\.[0-9]{0,12})?([eE][+-]?[0-9]{1,2})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plain(number: Decimal) -> str:
    """A number in digits, without zeros that say nothing."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
