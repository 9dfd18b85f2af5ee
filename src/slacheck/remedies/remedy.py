"""The contract of the room: what a remedy is given, and the steps it shows for what it answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from slacheck.language.quantities import Comparison, Kind
from slacheck.language.scalars import Name, Share, ShareOf
from slacheck.language.terms import Terms
from slacheck.sources.words import Words


@dataclass(frozen=True)
class Miss:
    """A value that missed its target. ``scale`` turns a difference of shares into microseconds or requests."""

    value: Fraction
    target: Comparison
    scale: Fraction


@dataclass(frozen=True)
class Owed:
    """An exact amount and how it came about, one step a line."""

    exact: Fraction
    steps: tuple[str, ...]


class Remedy(Terms):
    """A credit for the breach of one level. ``of`` names the fee that percentages are of; ``cap`` bounds the line."""

    of: Name | None = None
    cap: Share | None = None

    def words(self) -> Words:
        """What the credit reads of the record it is for, or of its subject."""
        return Words()

    @abstractmethod
    def owed(self, miss: Miss, fees: Mapping[str, Fraction]) -> Owed:
        """What ``miss`` costs, exactly, before rounding and caps."""

    @abstractmethod
    def turns(self, low: Fraction, high: Fraction, target: Comparison) -> Iterable[Fraction]:
        """Values between ``low`` and ``high`` at which the credit may be less or more than at either end."""

    @abstractmethod
    def most(self, fees: Mapping[str, Fraction]) -> Fraction | None:
        """What no miss can cost more than, before rounding and caps; None where nothing bounds it."""

    @abstractmethod
    def shares(self) -> Iterator[tuple[tuple[str | int, ...], ShareOf]]:
        """Every share or amount that stands in the remedy, with the keys that lead to it."""

    @abstractmethod
    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        """What is wrong with the remedy beside ``target``."""


@dataclass(frozen=True)
class Fault:
    """Something that cannot be meant: a code, a message, a help line, and the keys that lead to it."""

    code: str
    message: str
    help: str
    inside: tuple[str | int, ...] = ()
    at: str = "key"
