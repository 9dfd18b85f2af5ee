"""Per unit: so much for each unit of shortfall, full, started or linear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from slacheck.language.quantities import Comparison, Kind, Quantity, Unreadable
from slacheck.language.scalars import Share, ShareOf, scalar_text
from slacheck.language.terms import refusal
from slacheck.money import decimal_text
from slacheck.remedies.remedy import Fault, Miss, Owed, Remedy


def _quantity(value: object) -> Quantity:
    if isinstance(value, Quantity):
        return value
    try:
        return Quantity.read(scalar_text(value, "a value"))
    except Unreadable as unreadable:
        raise refusal("not-a-value", str(unreadable), unreadable.help) from None


def _beyond(value: object) -> Quantity | None:
    return None if value == "target" else _quantity(value)


def _schema(description: str, *examples: object) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "description": description, "examples": list(examples)})


def _percent(quantity: Quantity) -> str:
    return f"write {quantity.text}%" if quantity.kind == "number" else ""


class PerUnit(Remedy):
    """So much for each unit by which the value misses.

    Formula: units = shortfall / each, where the shortfall is measured from the target (or from ``beyond``);
    ``counting: full`` counts complete units, ``started`` counts a begun unit as one, ``linear`` takes the fraction.
    Credit = units x pays. On a share, a percentage in ``each`` counts points of shortfall, a time counts down time
    beyond what the target allows.

    Clause: "credit equal to 100 % less the actual uptime percentage" (licensor clause with a 99 % target: 48 h down
    in 744 h is 93.55 % and 6.45 % of the month's fees).

    Example:

        target: ">= 99%"
        credit: {kind: per-unit, of: monthly, each: 1%, beyond: 100%, counting: linear, pays: 1%}

    Edge cases: ``counting`` has no default, since contracts mean all three; a value that meets the target pays
    nothing, whatever lies beyond it.
    """

    kind: Literal["per-unit"]
    each: Annotated[Quantity, PlainValidator(_quantity), _schema("The unit that is counted.", "0.1%", "1h", 1)]
    counting: Literal["full", "started", "linear"]
    pays: Share
    beyond: Annotated[
        Quantity | None,
        PlainValidator(_beyond),
        _schema("Where counting starts: target (the default), or a value.", "target", "100%", 5),
    ] = None

    def owed(self, miss: Miss, fees: Mapping[str, Fraction]) -> Owed:
        edge = self.beyond.value if self.beyond else miss.target.bounds[0].value
        below = edge - miss.value
        shortfall = max(Fraction(0), below if miss.target.lower_is_worse else -below)
        if self.each.kind == "length" and miss.target.kind == "share":
            shortfall *= miss.scale
        exact_units = shortfall / self.each.value
        units: Fraction | int = exact_units
        if self.counting != "linear":
            units = ceil(exact_units) if self.counting == "started" else floor(exact_units)
        each = self.pays.resolve(dict(fees), self.of)
        counted = f"{decimal_text(exact_units, 6)} units of {self.each.text}"
        if self.counting != "linear":
            counted += f", {self.counting}: {units}"
        return Owed(units * each, (counted, f"{decimal_text(Fraction(units), 6)} x {self._pays_text()}"))

    def turns(self, low: Fraction, high: Fraction, target: Comparison) -> Iterable[Fraction]:
        return ()

    def most(self, fees: Mapping[str, Fraction]) -> Fraction | None:
        return self.cap.resolve(dict(fees), self.of) if self.cap else None

    def _pays_text(self) -> str:
        bare = self.pays.share is not None and self.pays.fee is None
        return f"{self.pays.text} of {self.of}" if bare else self.pays.text

    def shares(self) -> Iterator[tuple[tuple[str | int, ...], ShareOf]]:
        yield ("pays",), self.pays
        if self.cap:
            yield ("cap",), self.cap

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if len(target.bounds) != 1 or target.lower_is_worse is None:
            yield Fault("target-shape", "per-unit needs a target with one bound", 'such as ">= 99.9%"', ("kind",))
        allowed = {"share", "length"} if unit == "share" else {unit}
        if self.each.kind not in allowed:
            help = _percent(self.each) if unit == "share" else ""
            yield Fault("unit", f"'{self.each.text}' is not in the unit of the measure", help, ("each",), "value")
        elif self.each.value <= 0:
            yield Fault("unit", "a unit of nothing cannot be counted", "write a unit above zero", ("each",), "value")
        if self.beyond and self.beyond.kind != unit:
            help = _percent(self.beyond) if unit == "share" else ""
            yield Fault("unit", f"'{self.beyond.text}' is not in the unit of the target", help, ("beyond",), "value")
        elif self.beyond and unit == "share" and not 0 <= self.beyond.value <= 1:
            help = "shares lie between 0% and 100%"
            yield Fault("unit", f"no share can be beyond {self.beyond.text}", help, ("beyond",), "value")
