"""The contract of the room: what a remedy is given, what it answers, and the keys that all remedies have."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from slacheck.language.payments import Cap, Capped, Pay
from slacheck.language.quantities import Comparison, Kind
from slacheck.language.scalars import Name, OneOrMore, listed
from slacheck.language.terms import Terms
from slacheck.remedies.modifiers import Factor, Minimum, Repeat, Rounding, read_factors
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices
from slacheck.sources.words import Words

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Miss:
    """A value and the target it is compared with. ``scale`` turns a difference of shares into microseconds or requests.

    ``days`` is how many civil days the record, or the period, touches. ``late_days`` is how many calendar days lie
    beyond a limit in working days, where the value is a number of those.
    """

    value: Fraction
    target: Comparison
    scale: Fraction
    days: int | None = None
    late_days: Fraction | None = None


class Remedy(Terms):
    """A credit for the breach of one level.

    ``of`` names the fee that shares and days are of. What stands beside it is applied in this order: ``factors``,
    ``repeat``, ``rounding``, ``cap``, ``minimum``; a credit that is raised to the least is raised before the cap.
    """

    kind: str
    of: Name | None = Field(None, description="The fee that shares and days are of.", examples=["monthly"])
    factors: Annotated[
        tuple[Factor, ...],
        PlainValidator(read_factors),
        WithJsonSchema({"type": "array", "items": {"type": ["string", "object"]}}),
    ] = Field(
        (),
        description="Numbers that the credit is multiplied with: a column of the record, a table of its texts, "
        "or one number as a share of another.",
        examples=[["weight", {"in_use": {"yes": "0.5", "else": 1}}], [{"affected": {"of": "users"}}]],
    )
    repeat: Repeat | None = Field(
        None,
        description="A multiplier for repeated failure; by default there is none.",
        examples=[{"breaches_in": "period", "times": {"> 4": "1.5"}}],
    )
    rounding: Rounding | None = Field(
        None,
        description="How the amount of a line is rounded; by default half up to the minor unit of the currency.",
        examples=[{"to": "1.00", "mode": "half-even"}],
    )
    cap: Annotated[tuple[Capped, ...], BeforeValidator(listed), OneOrMore()] = Field(
        (),
        description="At most so much for the line, or a list: without 'per' for the period, or per case, event, "
        "outage, column, month, quarter, year, 12 months or term.",
        examples=["20% of monthly", "100.00 per case"],
    )
    minimum: Minimum | None = Field(
        None,
        description="The least credit that is paid, and what becomes of a lesser one; by default everything is paid.",
        examples=[{"above": "1.00", "else": "drop"}],
    )
    paid_as: Literal["money", "service-extension", "service-units"] = Field(
        "money",
        description="How the amount is given: as money (the default), as an extension of the service, or as "
        "units of it.",
        examples=["service-extension"],
    )

    @abstractmethod
    def owed(self, miss: Miss, prices: Prices) -> Owed:
        """What ``miss`` costs, exactly, before anything that stands beside it. Raises NotKnown."""

    def earned(self, miss: Miss, prices: Prices) -> Owed | None:
        """What a value that meets its target earns the provider, below zero; None without a bonus. Raises NotKnown."""
        return None

    def turns(self, low: Fraction, high: Fraction, target: Comparison) -> Iterable[Fraction]:
        """Values between ``low`` and ``high`` at which the credit may be less or more than at either end."""
        return ()

    @abstractmethod
    def most(self, prices: Prices) -> Owed | None:
        """What no miss can cost more than; None where nothing bounds it. Raises NotKnown."""

    @abstractmethod
    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        """Every payment that stands in it, caps left out, with the keys that lead to it."""

    def payments(self) -> Iterator[tuple[Steps, Pay]]:
        """Every payment that stands in it, caps among them, with the keys that lead to it."""
        yield from self.rates()
        for index, cap in enumerate(self.cap):
            yield ("cap",) + ((index,) if len(self.cap) > 1 else ()), cap.pay

    @abstractmethod
    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        """What is wrong with the remedy beside ``target``."""

    def least(self, prices: Prices) -> Owed:
        """What no value can cost less than: nothing, or the greatest bonus (below zero). Raises NotKnown."""
        return Owed(Fraction(0))

    @cached_property
    def rewards(self) -> bool:
        """Whether a value that meets its target earns the provider a bonus."""
        return any(pay.bonus for _, pay in self.rates())

    @property
    def counts_days(self) -> bool:
        """Whether it reads the civil days that a record touches."""
        return False

    @cached_property
    def in_points(self) -> bool:
        """Whether it pays points, which a table turns into money."""
        return any(pay.points is not None for _, pay in self.rates())

    def words(self) -> Words:
        """What the credit reads of the record it is for, or of its subject."""
        text = {factor.word for factor in self.factors if factor.table is not None}
        numbers = {factor.word for factor in self.factors if factor.table is None}
        numbers |= {factor.of for factor in self.factors if factor.of}
        same = set(self.repeat.same) if self.repeat else set()
        return Words(text=frozenset(text | same | set(per_columns(self.cap))), numbers=frozenset(numbers))


def per_columns(caps: Iterable[Cap]) -> Iterator[str]:
    """The columns each of whose values has a cap for itself."""
    return (cap.per for cap in caps if cap.per and not cap.of_stretch and cap.per not in ("case", "event", "outage"))


@dataclass(frozen=True)
class Fault:
    """Something that cannot be meant: a code, a message, a help line, and the keys that lead to it."""

    code: str
    message: str
    help: str
    inside: tuple[str | int, ...] = ()
    at: str = "key"
