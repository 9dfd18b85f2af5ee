"""The contract of the room: what a measure is given, what it answers, and what it does with what is missing."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal

from slacheck.language.quantities import Kind
from slacheck.language.terms import Terms

Missing = Literal["bounds", "exclude", "up", "down", "breach", "error"]
Reading = Literal["time", "counts", "values"]


@dataclass(frozen=True)
class TimeTally:
    """One subject's time in one window, in microseconds of time that counts.

    ``down`` is certain down time that qualifies as an outage; ``down_at_worst`` is what would qualify if all
    ``unknown`` time were down.
    """

    service: int
    down: int
    down_at_worst: int
    unknown: int
    outages: int = 0
    longest: int = 0


@dataclass(frozen=True)
class CountTally:
    """One subject's counts in one window; ``expected`` intervals against those ``present`` (0 when not gridded)."""

    total: int
    good: int
    expected: int
    present: int


@dataclass(frozen=True)
class ValueTally:
    """The values delivered for one window: how many, the least and the greatest."""

    count: int
    least: Fraction | None
    greatest: Fraction | None


Tally = TimeTally | CountTally | ValueTally


@dataclass(frozen=True)
class Measured:
    """A measured value with its bounds; they differ when something is missing.

    ``best`` and ``worst`` may be reached when the missing part turns out well or badly. ``coverage`` is the known
    share of what should be known. ``scale`` turns a difference of values into the unit of ``margin_in``:
    microseconds of service time, requests, or the value itself.
    """

    best: Fraction
    worst: Fraction
    coverage: Fraction
    scale: Fraction = Fraction(1)
    margin_in: Literal["time", "requests", "value"] = "value"

    @property
    def certain(self) -> bool:
        return self.best == self.worst


class Measure(Terms):
    """A number from records or outages."""

    reads: ClassVar[Reading]
    unit: ClassVar[Kind]
    policies: ClassVar[frozenset[Missing]]

    @abstractmethod
    def measured(self, tally: Tally, missing: Missing) -> Measured | None:
        """The value, or None where there is nothing to measure (no service time, no volume)."""
