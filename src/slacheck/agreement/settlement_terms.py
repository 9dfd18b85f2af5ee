"""What crosses levels, as people write it: how credits combine, what bounds them, when they are claimed and paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from slacheck.language.payments import Capped, Paid
from slacheck.language.quantities import CivilLength
from slacheck.language.scalars import Civil, Day, Name, Names, OneOrMore, Percentage, Text, Texts, Whole, listed
from slacheck.language.terms import Terms, refusal
from slacheck.remedies.bands import Bands
from slacheck.remedies.modifiers import Rounding
from slacheck.remedies.per_unit import PerUnit

WorkingHours = Annotated[
    Name | None,
    Field(description="The calendar that counts working days.", examples=["office"]),
]


def one_or_more(value: object) -> object:
    """A single mapping where a list of them may stand."""
    return [value] if isinstance(value, Mapping) else value


def countable(code: str, key: str, length: CivilLength | None, hours: str | None) -> None:
    """Refuse working days without a calendar, and a calendar without working days; ``key`` holds the length."""
    working = length is not None and length.unit == "working day"
    if working and hours is None:
        help = "write hours: CALENDAR beside it, or calendar days, such as 30 days"
        raise refusal(code, "working days need a calendar", help, inside=[key])
    if hours is not None and not working:
        help = f"write {key}: 20 working days, or leave 'hours' out"
        raise refusal(code, "'hours' counts working days, and there are none", help, inside=["hours"], at="key")


class OnePer(Terms):
    """Of all lines with the same value in a column, an incident or a circuit, the dearest alone is paid."""

    one_per: Text = Field(
        description="The column: of all lines with one value in it the dearest alone is paid.", examples=["incident"]
    )


class Pair(Terms):
    """Levels that are not paid together for one subject: the dearer side is.

    Formula: for each subject max(sum of the credits of ``either``, sum of the credits of ``or``).

    Order: after ``critical``, before ``combine``, pair by pair in the order in which they are written; on rounded lines
    under their own caps.

    Clause: "availability and repair time are credited together, neither of them beside round-trip delay of the same
    network in the same month" (managed network).

    Example:

        settlement:
          exclusive:
            - {either: [delay], or: [availability, repair]}

    Edge cases: where both sides cost the same ``either`` is paid. Lines without subjects are compared with each other.
    A subject with lines on one side only keeps them. Bonuses are neither compared nor dropped. A level that excludes
    itself, that earns no credit, or that pays points where another pays money is refused.
    """

    either: Names = Field(description="The levels of one side.", examples=[["delay"]])
    or_: Names = Field(alias="or", description="The levels of the other side.", examples=[["availability", "repair"]])


class AtRisk(Terms):
    """The amount that all credits of a period together may reach, and the pools that it is divided into.

    Formula: total = min(sum of all credits, ``amount``); a credit of the kind ``pool`` is ``amount`` x the pool's share
    x the level's allocation.

    Order: after the sum of the lines and the points, before ``cap`` and ``earn_back``.

    Clause: "10 % of the monthly invoice is at risk, credits are added, and no month exceeds it" (state data centre:
    each category has a share of the pool, each level an allocation of that).

    Example:

        settlement:
          at_risk: {amount: 10% of monthly, pools: {availability: 50%, service-desk: 50%}}

    Edge cases: credits of other kinds count against the amount too. A pool that no level takes anything of, shares that
    exceed the whole, and allocations that exceed their pool, each subject's or record's counted, are refused. Where the
    fee is not known neither is the amount, and the total has no most. A period that reaches it is one at its cap for
    rights.
    """

    amount: Paid = Field(
        description="The amount that all credits of a period together may reach.",
        examples=["10% of monthly", "5000.00"],
    )
    pools: dict[Name, Percentage] = Field(
        description="The pools that it is divided into, each with its share.",
        examples=[{"availability": "50%", "service-desk": "50%"}],
    )


class SettledRounding(Rounding):
    """How amounts are rounded: each line, or only the total."""

    at: Literal["line", "total"] = Field(
        default="line", description="What is rounded: each line (the default), or the total alone.", examples=["total"]
    )


class EarnBack(Terms):
    """What is returned of earlier credits of a level that was met again often enough.

    Where a level was met in ``met`` of the ``of_last`` periods, that of the statement among them, ``returns`` of each
    credit of that level from before these periods is returned, once. ``paid-back`` reduces what is owed now, below zero
    too; ``against-credits`` is kept and reduces later credits only, until ``expires``. ``within`` says how far credits
    may lie back; ``not_for`` names levels whose credits are never returned.

    Formula: returned = ``returns`` x credit as it counted in its period, rounded like a line; owed = total - returned.

    Order: last of all, after the caps of the settlement. Caps over several periods count what was credited before
    anything was returned.

    Clause: "half of the credit is returned once the target was met in six months running"; "all of it where none fell
    due for three months, against later credits only, and it lapses at the end" (outsourcing).

    Example:

        settlement:
          earn_back: {met: 6, of_last: 6, returns: 50%, used: against-credits, expires: term-end}

    Edge cases: credits of periods that are not known are not returned, and a remark says so. A credit is returned once,
    and never more than its period's total came to. Level, class and subject must be the same; records of
    a subject count together. Before ``of_last``
    periods have passed nothing is returned. Points are not returned. ``met`` above ``of_last``, and ``expires`` on what
    is paid back at once, are refused.
    """

    met: Whole = Field(
        ge=1, le=1000, description="In how many of the last periods the level must have been met.", examples=[6]
    )
    of_last: Whole = Field(
        ge=1, le=1000, description="How many periods are looked at, this one among them.", examples=[6]
    )
    returns: Percentage = Field(description="The share of each earlier credit that is returned.", examples=["50%"])
    used: Literal["paid-back", "against-credits"] = Field(
        "paid-back",
        description="How it is returned: paid-back (the default) reduces what is owed now, against-credits only "
        "later credits.",
        examples=["against-credits"],
    )
    expires: Literal["term-end"] | Civil | None = Field(
        None,
        description="Until when it is kept against later credits: the term-end, or so long; by default without end.",
        examples=["term-end", "12 months"],
    )
    within: Civil | None = Field(
        None, description="How far back the credits may lie; by default any.", examples=["12 months"]
    )
    not_for: Names = Field((), description="Levels whose credits are never returned.", examples=[["security"]])

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

    Formula: last day = day of the anchor + ``within``, in the agreement's zone; working days start with the day after
    the anchor.

    Order: one stage or a list of them; the earliest last day is shown as ``claim_by``, all of them as ``claim_stages``.
    No amount is changed by it.

    Clause: "by the end of the second billing cycle after the incident" (cloud storage); "a ticket within 24 hours of
    awareness and a claim within three business days of the end of the month" (cloud software, two stages); "within 30
    days of the closing of the ticket" (internet access).

    Example:

        settlement:
          claim:
            - {within: 2 working days, after: incident, hours: office, evidence: a ticket}
            - {within: 30 days, after: period-end, conditions: [all invoices are paid]}

    Edge cases: what was claimed, and when, stands in the file ``claims_made``; without one nothing is said of it. A
    claim that is late or missing is a remark, and the amount stays. A day that is not known is not guessed. From the
    last day of a month whole months lead to the last day of a month. A claim that is over before any statement can
    exist, and working days without a calendar, are refused.
    """

    within: Civil = Field(
        description="How long one has to claim, from the day of 'after' on.", examples=["30 days", "2 working days"]
    )
    after: Anchor = Field(
        description="The day from which it counts: when the incident began, was known (awareness) or ended "
        "(ticket-closed), or the last day of the period (period-end, eligibility) or of the "
        "billing-cycle-end.",
        examples=["period-end", "incident"],
    )
    known: Text | None = Field(
        None, description="With after: awareness, the column that says when it was known.", examples=["reported_at"]
    )
    hours: WorkingHours = None
    cycle: Day | None = Field(
        None,
        description="Any day on which a monthly billing cycle begins; by default a cycle is the period.",
        examples=["2026-01-15"],
    )
    conditions: Texts = Field(
        (), description="What else must hold for a claim, for people to check.", examples=[["all invoices are paid"]]
    )
    evidence: Text | None = Field(None, description="What a claim must bring.", examples=["a ticket"])

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        countable("claim", "within", self.within, self.hours)
        if (self.known is not None) != (self.after == "awareness"):
            help = "write after: awareness and known: COLUMN together"
            message = "nothing says when it was known" if self.known is None else "'known' is read for awareness only"
            raise refusal("claim", message, help, inside=["after" if self.known is None else "known"], at="key")
        if self.cycle is not None and self.after != "billing-cycle-end":
            help = "write after: billing-cycle-end, or leave 'cycle' out"
            raise refusal("claim", "'cycle' is read for billing cycles only", help, inside=["cycle"], at="key")
        return self


class Payment(Terms):
    """How and when a credit is paid: by itself or when it is claimed, within so long after the period or the claim.

    Formula: last day to pay = last day of the period + ``within``, of what is paid by itself; shown as ``pay_by``.

    Order: it comes after everything else, and changes no amount.

    Clause: "compensation is paid without being asked for" (consumer broadband); "paid within 60 days" (AI search).

    Example:

        settlement:
          pay: {how: automatic, within: 30 days}

    Edge cases: of what is paid on claim no day is shown, since the day of the claim is what it counts from; it stands
    in the total whether it was claimed or not. Where nothing is owed no day is shown. Working days need ``hours``, and
    ``hours`` needs working days.
    """

    how: Literal["automatic", "on-claim"] = Field(
        description="Whether a credit is paid by itself (automatic) or when it is claimed (on-claim).",
        examples=["automatic", "on-claim"],
    )
    within: Civil | None = Field(
        None, description="How long after the period, or the claim, it must be paid.", examples=["30 days"]
    )
    hours: WorkingHours = None

    @model_validator(mode="after")
    def _countable(self) -> Payment:
        countable("pay", "within", self.within, self.hours)
        return self


class Settlement(Terms):
    """What crosses levels.

    In this order: critical levels, exclusive pairs, ``combine``, caps by column, the sum, points, the amount at risk,
    ``cap``, earn-back.
    """

    clause: Text | None = Field(
        default=None, description="Where the contract says it; the steps of the total name it.", examples=["9"]
    )
    combine: Literal["sum", "highest"] | OnePer = Field(
        default="sum",
        description="How credits of several lines become one amount: their sum (the default), the highest alone, "
        "or the dearest of each value of a column.",
        examples=["sum", {"one_per": "incident"}],
    )
    exclusive: tuple[Pair, ...] = Field(
        default=(),
        description="Pairs of levels that are not paid together: of one subject the dearer side is.",
        examples=[[{"either": ["delay"], "or": ["availability", "repair"]}]],
    )
    critical: Names = Field(
        default=(), description="Levels whose breach replaces the credits of all others.", examples=[["long-outage"]]
    )
    at_risk: AtRisk | None = Field(
        default=None,
        description="The amount that all credits of a period may reach, and the pools that it is divided into.",
        examples=[{"amount": "10% of monthly", "pools": {"availability": "50%", "service-desk": "50%"}}],
    )
    points: Annotated[Bands | PerUnit, Field(discriminator="kind")] | None = Field(
        default=None,
        description="The table that turns the points of all lines into money.",
        examples=[{"kind": "bands", "of": "monthly", "bands": {">= 10": "2%", "else": 0}}],
    )
    rounding: SettledRounding = Field(
        default=SettledRounding(),
        description="How amounts are rounded; by default each line, half up to the minor unit of the currency.",
        examples=[{"to": "1.00", "at": "total"}],
    )
    cap: Annotated[tuple[Capped, ...], BeforeValidator(listed), OneOrMore()] = Field(
        default=(),
        description="At most so much in all, or a list: for the period, or per column, month, quarter, year, 12 "
        "months or term.",
        examples=["20% of monthly", ["20% of monthly", "100% of monthly per 12 months"]],
    )
    earn_back: EarnBack | None = Field(
        default=None,
        description="What is returned of earlier credits once a level was met often enough.",
        examples=[{"met": 6, "of_last": 6, "returns": "50%"}],
    )
    claim: Annotated[tuple[Claim, ...], BeforeValidator(one_or_more), OneOrMore()] = Field(
        default=(),
        description="When a credit must be claimed: one stage, or a list of them.",
        examples=[{"within": "30 days", "after": "period-end"}],
    )
    claims_made: Text | None = Field(
        default=None,
        description="A file of the claims that were made, from the directory of the agreement.",
        examples=["claims.yaml"],
    )
    pay: Payment | None = Field(
        default=None, description="How and when a credit is paid.", examples=[{"how": "automatic", "within": "30 days"}]
    )
