"""What a payment comes to once its fee is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from slacheck.derivation import Step
from slacheck.fees.worth import Worth
from slacheck.language.payments import Pay
from slacheck.money import decimal_text
from slacheck.remedies.owed import Owed


class Prices(Protocol):
    """What fees, the amount at risk and its pools are worth for one line. All raise NotKnown."""

    def worth(self, fee: str) -> Worth: ...

    def at_risk(self) -> Owed: ...

    def pool(self, name: str) -> Owed: ...


def named(pay: Pay, of: str | None) -> str:
    """``pay`` as text with the fee that it is of."""
    return f"{pay.text} of {of}" if pay.needs_fee and pay.fee is None else pay.text


def priced(pay: Pay, of: str | None, prices: Prices) -> Owed:
    """What ``pay`` comes to, exactly; ``of`` names the fee that is meant where it names none. A bonus is below zero.

    N days of a fee are N times its amount by the days that it pays for. Raises NotKnown.
    """
    text = named(pay, of)
    sign = -1 if pay.bonus else 1
    if pay.amount is not None:
        exact = sign * Fraction(pay.amount)
        return Owed(exact, (Step("rate", text, exact),))
    if pay.points is not None:
        exact = sign * pay.points
        return Owed(exact, (Step("points", text, exact),))
    if pay.size == 0:
        return Owed(Fraction(0), (Step("rate", text, Fraction(0)),))
    worth = prices.worth(pay.fee or of or "")
    if pay.share is not None:
        exact = sign * pay.share * worth.exact
    else:
        assert pay.days is not None
        text += f", which pays for {decimal_text(worth.days, 6)} {'day' if worth.days == 1 else 'days'}"
        exact = sign * pay.days * worth.exact / worth.days
    return Owed(exact, (*worth.steps, Step("rate", text, exact)))
