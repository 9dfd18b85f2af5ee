"""What a credit is written as: a share, an amount, days of a fee, points; and caps with the stretch they bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from slacheck.language.quantities import CivilLength, Unreadable
from slacheck.language.scalars import names_currency, read_amount, read_name, read_percentage, reader, schema

_DAYS = re.compile(r"([0-9]+(?:\.[0-9]+)?) (days?|points?)")
_STRETCHES = ("month", "quarter", "year", "term")


@dataclass(frozen=True)
class Pay:
    """What one row pays; exactly one of ``share``, ``amount``, ``days`` and ``points`` is there.

    ``fee`` names the fee that a share or days are of, None where it is the one that is meant beside it. A ``bonus`` is
    owed the other way round.
    """

    text: str
    share: Fraction | None = None
    amount: Decimal | None = None
    days: Fraction | None = None
    points: Fraction | None = None
    fee: str | None = None
    bonus: bool = False

    @staticmethod
    def read(text: str) -> Pay:
        """Raises Unreadable."""
        whole = text.strip()
        rest = whole.removeprefix("bonus ").strip()
        bonus = rest != whole
        size, _, of = (part.strip() for part in rest.partition(" of "))
        fee = read_name(of) if of else None
        if size.endswith("%"):
            share = read_percentage(size)
            if share < 0:
                raise Unreadable(f"the share {size} is negative", "a share is what is paid; write it without a sign")
            return Pay(whole, share=share, fee=fee, bonus=bonus)
        if names_currency(size) or size.startswith("-"):
            # Said of the amount itself, which is more than that it is no credit.
            return Pay(whole, amount=read_amount(size), bonus=bonus)
        if counted := _DAYS.fullmatch(size):
            number = Fraction(counted[1])
            if counted[2].startswith("day"):
                return Pay(whole, days=number, fee=fee, bonus=bonus)
            if fee:
                raise Unreadable(f"points are of no fee: '{whole}'", f"write {size}")
            return Pay(whole, points=number, bonus=bonus)
        if fee:
            raise Unreadable(f"'{size}' is neither a percentage nor days", f"write {size}% of {fee}")
        try:
            return Pay(whole, amount=read_amount(size), bonus=bonus)
        except Unreadable:
            help = "write 10%, 20% of monthly, 1500.00, 3 days or 2 points"
            raise Unreadable(f"not a credit: '{whole}'", help) from None

    @property
    def unit(self) -> Literal["money", "points"]:
        """Points are no money until a table turns them into some."""
        return "money" if self.points is None else "points"

    @property
    def form(self) -> tuple[str, str | None]:
        """What must be the same of two that are compared without any fee being known."""
        forms = (("share", self.share), ("amount", self.amount), ("days", self.days), ("points", self.points))
        return next(name for name, value in forms if value is not None), self.fee

    @property
    def size(self) -> Fraction:
        """The number that stands there, below zero for a bonus: it orders those of one form."""
        found = next(each for each in (self.share, self.amount, self.days, self.points) if each is not None)
        return -Fraction(found) if self.bonus else Fraction(found)

    @property
    def needs_fee(self) -> bool:
        """Whether it is of a fee."""
        return self.share is not None or self.days is not None


@dataclass(frozen=True)
class Cap:
    """``20% of monthly``, ``8% of subscription per term``, ``100.00 per case``: at most so much, of what.

    ``per`` is empty for the period of the statement, a stretch of the calendar (``month``, ``quarter``, ``year``), the
    ``term`` of the agreement, or a column or record, each of whose values has the cap for itself. ``rolling`` is a
    stretch in words that ends with the period: ``per 12 months``.

    Formula: paid = min(credit, cap - what the lines before it and earlier periods took of it); the cap is cut to the
    minor unit of the currency. Of several caps, written as a list, the least that is left counts.

    Order: in a credit after ``rounding``, for the line, or for all records of a subject in the period; lines take of it
    in the order in which their records began. In the settlement last before ``earn_back``, on the sum; one ``per
    COLUMN`` on the lines of each value, before the sum.

    Clause: "at most half of the monthly bill" (AI search); "at most 8 % of the fees of the subscription period"
    (startup software); "credits of any twelve months do not exceed one month's fee" (content delivery); "at most 100 %
    of the charges for each interruption" (cloud servers).

    Example:

        settlement:
          cap: [20% of monthly, 100% of monthly per 12 months]

    Edge cases: a bonus of a line is not capped and makes no room for others; a cap of the settlement bounds what is
    left when bonuses are taken off. Earlier periods that are not known leave the amount open:
    nothing at least, and at most what the cap leaves if nothing was credited before. Where the fee of a cap is not
    known, nothing is owed at least and it bounds nothing. A cap below the least credit, one that another makes
    unreachable, a cap in points and one for a column that no level has are refused.
    """

    text: str
    pay: Pay
    per: str = ""
    rolling: CivilLength | None = None

    @staticmethod
    def read(text: str) -> Cap:
        """Raises Unreadable."""
        whole, (size, _, per) = text.strip(), (part.strip() for part in text.strip().partition(" per "))
        pay = Pay.read(size)
        if pay.bonus or pay.points is not None:
            raise Unreadable(f"not a cap: '{whole}'", "a cap is an amount, a share of a fee, or days of one")
        if not per:
            return Cap(whole, pay)
        if per[0].isdigit():
            return Cap(whole, pay, rolling=CivilLength.read(per))
        return Cap(whole, pay, per if per in _STRETCHES else read_name(per))

    @property
    def of_stretch(self) -> bool:
        """Whether it bounds more than one period together."""
        return self.rolling is not None or self.per in _STRETCHES


Paid = Annotated[
    Pay,
    reader("a credit", "not-a-credit", Pay.read),
    schema(
        "A share of a fee, an amount of money, days of a fee, or points.",
        "10%",
        "3 days",
        "1 point",
        numbers=True,
        words="a payment",
    ),
]
Capped = Annotated[
    Cap,
    reader("a cap", "not-a-cap", Cap.read),
    schema(
        "At most so much.",
        "20% of monthly",
        "8% of subscription per term",
        "100.00 per case",
        numbers=True,
        words="a cap",
    ),
]
