"""Per unit: so much for each unit of shortfall, full, started or linear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal, cast

from pydantic import Field, PlainValidator, WithJsonSchema

from slacheck.derivation import Step
from slacheck.language.payments import Paid, Pay
from slacheck.language.quantities import Comparison, Kind, Quantity, Unreadable
from slacheck.language.scalars import reader, schema
from slacheck.language.terms import Terms
from slacheck.money import decimal_text
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices, named, priced
from slacheck.remedies.rates import at_rates, rate_faults
from slacheck.remedies.remedy import Fault, Miss, Remedy, Steps
from slacheck.remedies.tables import ELSE, read_pay, read_table

_POINTS = re.compile(r"([0-9]+(?:\.[0-9]+)?) points?")
_AT_MOST = re.compile(r"([0-9]{1,9}) per (day|period)")

Counting = Literal["full", "started", "linear"]
Rows = tuple[tuple[Comparison | None, Pay], ...]


def _unit(text: str) -> Quantity:
    points = _POINTS.fullmatch(text.strip())
    return Quantity("number", Fraction(points[1]), text.strip()) if points else Quantity.read(text)


def _beyond(text: str) -> Quantity | None:
    return None if text == "target" else Quantity.read(text)


def _pays(value: object) -> Pay | Rows:
    return read_table(value) if isinstance(value, (Mapping, tuple)) else read_pay(value)


@dataclass(frozen=True)
class AtMost:
    """``12 per day``: no more units than that for each civil day of the record, or for the period."""

    count: int
    per: Literal["day", "period"]
    text: str

    @staticmethod
    def read(text: str) -> AtMost:
        """Raises Unreadable."""
        found = _AT_MOST.fullmatch(text.strip())
        if not found:
            raise Unreadable(f"not a number of units: '{text}'", "write 12 per day, or 5 per period")
        return AtMost(int(found[1]), cast(Literal["day", "period"], found[2]), text.strip())


Unit = Annotated[
    Quantity,
    reader("a unit", "not-a-value", _unit),
    schema("The unit that is counted.", "0.1%", "1h", "1 day", "1 point", 1, numbers=True, words="a unit"),
]


class First(Terms):
    """A first unit that differs from those after it: ``{each: 2h, pays: 10%}``."""

    each: Unit = Field(description="How long the first unit is.", examples=["2h"])
    pays: Paid = Field(description="What the first unit costs.", examples=["10%"])


class PerUnit(Remedy):
    """So much for each unit by which the value misses.

    Formula: units = shortfall / each, where the shortfall is measured from the target (or from ``beyond``);
    ``counting: full`` counts complete units, ``started`` counts a begun unit as one, ``linear`` takes the fraction.
    Credit = units x pays. On a share, a percentage in ``each`` counts points of shortfall, a time counts down time
    beyond what the target allows. ``pays`` may be a table that is read by the number of units: with ``scale: slab`` all
    units are paid at the rate reached, with ``marginal`` each at its own. ``first`` is a first unit of its own, and
    ``at_most: 12 per day`` bounds the units for each civil day that the record touches.

    Clause: "credit equal to 100 % less the actual uptime percentage" (licensor clause with a 99 % target: 48 h down
    in 744 h is 93.55 % and 6.45 % of the month's fees); "days 13 to 15 two pounds a day, beyond day 15 four pounds a
    day for the whole period" (a first appointment, slab).

    Example:

        target: ">= 99%"
        credit: {kind: per-unit, of: monthly, each: 1%, beyond: 100%, counting: linear, pays: 1%}

    Edge cases: ``counting`` has no default, since contracts mean all three; a value that meets the target pays
    nothing, whatever lies beyond it. Beside a limit in working days ``each: 1 day`` counts the days of the calendar
    after the day on which the limit ran out.
    """

    kind: Literal["per-unit"]
    each: Unit = Field(description="The unit of shortfall that is counted.", examples=["0.1%", "1h", "1 day"])
    counting: Counting = Field(
        description="Which units count: full ones alone, started ones as whole ones, or linear by their fraction.",
        examples=["full", "started", "linear"],
    )
    pays: Annotated[
        Pay | Rows,
        PlainValidator(_pays),
        WithJsonSchema(
            {
                "type": ["string", "number", "object"],
                "description": "What each unit costs, or a table from comparisons of the number of units.",
                "examples": ["150.00", "1%", {"<= 3": "2.00", "> 3": "4.00"}],
            }
        ),
    ] = Field(
        description="What each unit costs, or a table from comparisons of the number of units.",
        examples=["150.00", "1%", {"<= 3": "2.00", "> 3": "4.00"}],
    )
    scale: Literal["slab", "marginal"] | None = Field(
        None,
        description="Of a table in 'pays': slab pays all units at the rate reached, marginal each at its own.",
        examples=["slab", "marginal"],
    )
    first: First | None = Field(
        None, description="A first unit that differs from those after it.", examples=[{"each": "2h", "pays": "10%"}]
    )
    beyond: Annotated[
        Quantity | None,
        reader("a value", "not-a-value", _beyond),
        schema(
            "Where counting starts: target (the default), or a value.",
            "target",
            "100%",
            5,
            numbers=True,
            words="a value or target",
        ),
    ] = Field(
        None,
        description="Where counting starts: at the target (the default), or at a value.",
        examples=["target", "100%"],
    )
    at_most: (
        Annotated[
            AtMost,
            reader("a number of units", "not-a-count", AtMost.read),
            schema("No more units than that.", "12 per day", "5 per period", words="so many per day or period"),
        ]
        | None
    ) = Field(
        None,
        description="No more units than that, for each civil day of the record or for the period; by default any "
        "number.",
        examples=["12 per day", "5 per period"],
    )

    def owed(self, miss: Miss, prices: Prices) -> Owed:
        shortfall = self._shortfall(miss)
        begun = Owed(Fraction(0))
        if self.first is not None:
            begun = self._first(shortfall, prices)
            shortfall = max(Fraction(0), shortfall - self.first.each.value)
        exact_units = shortfall / self.each.value
        number = decimal_text(exact_units, 6)
        counted = f"{number} unit{'' if number == '1' else 's'} of {self.each.text}"
        units = exact_units
        if self.counting != "linear":
            units = Fraction(ceil(exact_units) if self.counting == "started" else floor(exact_units))
            counted += f", {self.counting}: {units}" if units != exact_units else ""
        steps = [Step("units", counted, units)]
        if self.at_most is not None:
            days = miss.days if self.at_most.per == "day" else 1
            most = Fraction(self.at_most.count * (1 if days is None else days))
            if units > most:
                units = most
                steps.append(Step("units", f"at most {self.at_most.text}: {most}", most))
        paid = self._paid(units, prices)
        both = begun.exact + paid.exact
        together = (Step("combined", "together", both),) if begun.exact and paid.exact else ()
        return Owed(both, (*begun.steps, *steps, *paid.steps, *together))

    def _shortfall(self, miss: Miss) -> Fraction:
        if self.each.kind == "days" and miss.late_days is not None:
            return miss.late_days
        edge = self.beyond.value if self.beyond else miss.target.bounds[0].value
        below = edge - miss.value
        shortfall = max(Fraction(0), below if miss.target.lower_is_worse else -below)
        if self.each.kind == "length" and miss.target.kind == "share":
            shortfall *= miss.scale
        return shortfall

    def _first(self, shortfall: Fraction, prices: Prices) -> Owed:
        assert self.first is not None
        reached = shortfall > 0 if self.counting == "started" else shortfall >= self.first.each.value
        if not reached:
            return Owed(Fraction(0))
        owed = priced(self.first.pays, self.of, prices)
        return Owed(owed.exact, (Step("units", f"the first {self.first.each.text}", Fraction(1)), *owed.steps))

    def _paid(self, units: Fraction, prices: Prices) -> Owed:
        if isinstance(self.pays, Pay):
            each = priced(self.pays, self.of, prices)
            exact = units * each.exact
            shown = f"{decimal_text(units, 6)} x {named(self.pays, self.of)}"
            return Owed(exact, (*each.steps[:-1], Step("rate", shown, exact)))
        return at_rates(self.pays, units, self.scale == "marginal", self.counting != "linear", self.of, prices)

    @property
    def counts_days(self) -> bool:
        return self.at_most is not None or self.each.kind == "days"

    def most(self, prices: Prices) -> Owed | None:
        if self.at_most is None or self.at_most.per == "day" or self.first is not None:
            return None
        return self._paid(Fraction(self.at_most.count), prices)

    def _pays_of(self) -> Iterator[tuple[Steps, Pay]]:
        if isinstance(self.pays, Pay):
            yield ("pays",), self.pays
            return
        for compared, paid in self.pays:
            yield ("pays", compared.text if compared else ELSE), paid

    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        yield from self._pays_of()
        if self.first is not None:
            yield ("first", "pays"), self.first.pays

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if len(target.bounds) != 1 or target.lower_is_worse is None:
            yield Fault("target-shape", "per-unit needs a target with one bound", 'such as ">= 99.9%"', ("kind",))
        yield from self._unit_faults(self.each, ("each",), unit)
        if self.first is not None:
            yield from self._unit_faults(self.first.each, ("first", "each"), unit)
            if self.counting == "linear":
                help = "write counting: full or started, or leave 'first' out"
                yield Fault("per-unit", "a first unit is full or started, never linear", help, ("first",))
        if self.beyond and self.beyond.kind != unit:
            help = _percent(self.beyond) if unit == "share" else ""
            yield Fault("unit", f"'{self.beyond.text}' is not in the unit of the target", help, ("beyond",), "value")
        elif self.beyond and unit == "share" and not 0 <= self.beyond.value <= 1:
            help = "shares lie between 0% and 100%"
            yield Fault("unit", f"no share can be beyond {self.beyond.text}", help, ("beyond",), "value")
        if isinstance(self.pays, Pay):
            if self.scale is not None:
                yield Fault("per-unit", "'scale' reads a table, and there is none", "leave it out", ("scale",))
        elif self.scale is None:
            help = "write scale: slab (all units at the rate reached) or marginal (each unit at its own)"
            yield Fault("per-unit", "nothing says how the table of rates is read", help, ("pays",))
        else:
            yield from rate_faults(self.pays, self.scale == "marginal")
        for steps, paid in self.rates():
            if paid.bonus:
                yield Fault("bonus", "a unit of shortfall earns no bonus", "write it without 'bonus'", steps, "value")

    def _unit_faults(self, each: Quantity, inside: Steps, unit: Kind) -> Iterator[Fault]:
        allowed: dict[Kind, set[Kind]] = {"share": {"share", "length"}, "working-days": {"working-days", "days"}}
        if each.kind not in allowed.get(unit, {unit}):
            help = _percent(each) if unit == "share" else f"the target is a {unit}"
            if unit == "length" and each.kind == "days":
                help = f"write {each.value * 24}h"
            yield Fault("unit", f"'{each.text}' is not in the unit of the measure", help, inside, "value")
        elif each.value <= 0:
            yield Fault("unit", "a unit of nothing cannot be counted", "write a unit above zero", inside, "value")


def _percent(quantity: Quantity) -> str:
    return f"write {quantity.text}%" if quantity.kind == "number" else ""
