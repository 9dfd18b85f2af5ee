"""What crosses levels, as people write it: how credits combine, what bounds them, when they are claimed and paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from slacheck.language.payments import Capped, Paid
from slacheck.language.scalars import Civil, Day, Name, Percentage, Text, Whole, listed
from slacheck.language.terms import Terms, refusal
from slacheck.remedies.bands import Bands
from slacheck.remedies.modifiers import Rounding
from slacheck.remedies.per_unit import PerUnit

Names = Annotated[tuple[Name, ...], BeforeValidator(listed), WithJsonSchema({"type": ["string", "array"]})]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), WithJsonSchema({"type": ["string", "array"]})]


def one_or_more(value: object) -> object:
    """A single mapping where a list of them may stand."""
    return [value] if isinstance(value, Mapping) else value


class OnePer(Terms):
    """Of all lines with the same value in a column, an incident or a circuit, the dearest alone is paid."""

    one_per: Text


class Pair(Terms):
    """Levels that are not paid together for one subject: the dearer side is."""

    either: Names
    or_: Names = Field(alias="or")


class AtRisk(Terms):
    """The amount that all credits of a period together may reach, and the pools that it is divided into."""

    amount: Paid
    pools: dict[Name, Percentage]


class SettledRounding(Rounding):
    """How amounts are rounded: each line, or only the total."""

    at: Literal["line", "total"] = "line"


class EarnBack(Terms):
    """What is returned of earlier credits of a level that was met again often enough.

    Where a level was met in ``met`` of the ``of_last`` periods, that of the statement among them, ``returns`` of each
    credit of that level from before these periods is returned, once. ``paid-back`` reduces what is owed now, below zero
    too; ``against-credits`` is kept and reduces later credits only, until ``expires``. ``within`` says how far credits
    may lie back; ``not_for`` names levels whose credits are never returned.
    """

    met: Whole = Field(ge=1, le=1000)
    of_last: Whole = Field(ge=1, le=1000)
    returns: Percentage
    used: Literal["paid-back", "against-credits"] = "paid-back"
    expires: Literal["term-end"] | Civil | None = None
    within: Civil | None = None
    not_for: Names = ()

    @model_validator(mode="after")
    def _possible(self) -> EarnBack:
        if self.met > self.of_last:
            message = f"no level can be met in {self.met} of {self.of_last} periods"
            raise refusal("never", message, "write met no greater than of_last", inside=["met"])
        if not 0 < self.returns <= 1:
            raise refusal("unit", "a credit can be returned in part or whole", "write 1% to 100%", inside=["returns"])
        if self.expires is not None and self.used != "against-credits":
            help = "write used: against-credits, or leave 'expires' out"
            raise refusal("earn-back", "what is paid back at once cannot expire", help, inside=["expires"], at="key")
        return self


Anchor = Literal["incident", "awareness", "eligibility", "ticket-closed", "period-end", "billing-cycle-end"]


class Claim(Terms):
    """When a credit must be claimed.

    ``within`` counts from the day of ``after``: the last day of the period (``period-end``, ``eligibility``), the last
    day of the billing cycle in which the period ends (``billing-cycle-end``), the day on which the record began
    (``incident``), was known (``awareness``, in the column ``known``) or ended (``ticket-closed``). A billing cycle is
    the period unless ``cycle`` says otherwise, any day on which a monthly one begins. ``2 periods`` are those of the
    billing cycle after ``billing-cycle-end``. ``hours`` names the calendar of working days.
    """

    within: Civil
    after: Anchor
    known: Text | None = None
    hours: Name | None = None
    cycle: Day | None = None
    conditions: Texts = ()
    evidence: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if self.within.unit == "working day" and self.hours is None:
            raise refusal("claim", "working days need a calendar", "write hours: CALENDAR beside it", inside=["within"])
        if self.hours is not None and self.within.unit != "working day":
            help = "write within: 20 working days, or leave 'hours' out"
            raise refusal("claim", "'hours' counts working days, and there are none", help, inside=["hours"], at="key")
        if (self.known is not None) != (self.after == "awareness"):
            help = "write after: awareness and known: COLUMN together"
            message = "nothing says when it was known" if self.known is None else "'known' is read for awareness only"
            raise refusal("claim", message, help, inside=["after" if self.known is None else "known"], at="key")
        if self.cycle is not None and self.after != "billing-cycle-end":
            help = "write after: billing-cycle-end, or leave 'cycle' out"
            raise refusal("claim", "'cycle' is read for billing cycles only", help, inside=["cycle"], at="key")
        return self


class Payment(Terms):
    """How and when a credit is paid: by itself or when it is claimed, within so long after the period or the claim."""

    how: Literal["automatic", "on-claim"]
    within: Civil | None = None
    hours: Name | None = None

    @model_validator(mode="after")
    def _countable(self) -> Payment:
        working = self.within is not None and self.within.unit == "working day"
        if working and self.hours is None:
            help = "write hours: CALENDAR beside it"
            raise refusal("pay", "working days need a calendar", help, inside=["within"])
        if self.hours is not None and not working:
            help = "write within: 20 working days, or leave 'hours' out"
            raise refusal("pay", "'hours' counts working days, and there are none", help, inside=["hours"], at="key")
        return self


class Settlement(Terms):
    """What crosses levels.

    In this order: critical levels, exclusive pairs, ``combine``, caps by column, the sum, points, the amount at risk,
    ``cap``, earn-back.
    """

    clause: Text | None = None
    combine: Literal["sum", "highest"] | OnePer = "sum"
    exclusive: tuple[Pair, ...] = ()
    critical: Names = ()
    at_risk: AtRisk | None = None
    points: Annotated[Bands | PerUnit, Field(discriminator="kind")] | None = None
    rounding: SettledRounding = SettledRounding()
    cap: Annotated[
        tuple[Capped, ...], BeforeValidator(listed), WithJsonSchema({"type": ["string", "number", "array"]})
    ] = ()
    earn_back: EarnBack | None = None
    claim: Annotated[
        tuple[Claim, ...], BeforeValidator(one_or_more), WithJsonSchema({"type": ["object", "array"]})
    ] = ()
    claims_made: Annotated[Text | None, Field(description="a file of the claims that were made")] = None
    pay: Payment | None = None
