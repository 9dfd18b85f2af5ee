"""Lost time: so often the fee for the time that was lost."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from slacheck.derivation import Step
from slacheck.language.payments import Pay
from slacheck.language.quantities import SECOND, Comparison, Kind, Quantity, Unreadable
from slacheck.language.scalars import scalar_text, schema
from slacheck.language.terms import refusal
from slacheck.money import decimal_text
from slacheck.remedies.owed import Owed
from slacheck.remedies.prices import Prices
from slacheck.remedies.remedy import Fault, Miss, Remedy, Steps


def _times(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    try:
        quantity = Quantity.read(scalar_text(value, "a number"))
    except Unreadable as unreadable:
        raise refusal("not-a-number", str(unreadable), unreadable.help) from None
    if quantity.kind not in ("number", "share") or quantity.value <= 0:
        raise refusal("not-a-number", f"'{quantity.text}' times nothing can be owed", "write a number such as 50")
    return quantity.value


class LostTime(Remedy):
    """So often the fee for the time that was lost.

    Formula: credit = times x fee x lost / length, where ``lost`` is the down time, and ``length`` the time that the fee
    pays for. With ``beyond: target`` only the down time beyond what the target allows is lost.

    Clause: "fifty times the charges for the time of the interruption, at most the charges of the 30 days before"
    (cloud servers); "ten times the amount paid for the downtime" (team chat).

    Example:

        target: ">= 99.99%"
        credit: {kind: lost-time, of: monthly, times: 10}

    Edge cases: reads an availability (down time of the service time) or a down time; a month of 31 days has a lower
    price of an hour than one of 30, unless the period has a nominal length.
    """

    kind: Literal["lost-time"]
    times: Annotated[
        Fraction,
        PlainValidator(_times),
        schema("How often the fee is owed; once where nothing is said.", 50, numbers=True, words="a number"),
    ] = Field(
        default_factory=lambda: Fraction(1),
        description="How often the fee for the lost time is owed; once by default.",
        examples=[10],
    )
    beyond: Literal["nothing", "target"] = Field(
        "nothing",
        description="Which down time is lost: all of it (nothing, the default), or what lies beyond the target.",
        examples=["target"],
    )

    def owed(self, miss: Miss, prices: Prices) -> Owed:
        worth = prices.worth(self.of or "")
        bound = miss.target.bounds[0].value
        if miss.target.kind == "share":
            lost = ((bound if self.beyond == "target" else 1) - miss.value) * miss.scale
        else:
            lost = miss.value - (bound if self.beyond == "target" else 0)
        lost = max(Fraction(0), lost)
        exact = self.times * worth.exact * lost / worth.length
        seconds = f"{decimal_text(lost / SECOND, 6)} s"
        whole = f"{decimal_text(Fraction(worth.length, SECOND), 6)} s"
        text = f"{decimal_text(self.times, 6)} x {self.of} x {seconds} of {whole}"
        return Owed(exact, (Step("units", f"{seconds} lost", lost / SECOND), *worth.steps, Step("rate", text, exact)))

    def most(self, prices: Prices) -> Owed | None:
        return None

    def rates(self) -> Iterator[tuple[Steps, Pay]]:
        if self.of is not None:
            yield ("of",), Pay(f"100% of {self.of}", share=Fraction(1))

    def faults(self, target: Comparison, unit: Kind) -> Iterator[Fault]:
        if len(target.bounds) != 1 or target.lower_is_worse is not (unit == "share") or unit not in ("share", "length"):
            help = 'such as ">= 99.9%" of an availability, or "<= 0m" of a down time'
            yield Fault("target-shape", "lost time needs an availability or a down time", help, ("kind",))
