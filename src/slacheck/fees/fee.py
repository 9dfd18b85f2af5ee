"""The terms of a fee: an amount, a column of a register, the same fee a period before, the greater of several."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator

from slacheck.language.quantities import CivilLength, Unreadable
from slacheck.language.scalars import Amount, Name, Text, read_amount, read_name, reader, schema
from slacheck.language.terms import Terms, refusal

Span = Literal["day", "week", "month", "quarter", "year", "term"]
PartPeriod = Literal["pro-rata", "whole"]

_SPANS: tuple[Span, ...] = get_args(Span)
_FORMS = "write day, week, month, quarter, year, term, or a length such as 30 days"


def _stretch(text: str) -> Span | CivilLength:
    stripped = text.strip()
    for span in _SPANS:
        if stripped == span:
            return span
    try:
        civil = CivilLength.read(stripped)
    except Unreadable as unreadable:
        if "longer" in str(unreadable):
            raise
        raise Unreadable(f"no fee is paid for '{text}'", _FORMS) from None
    if civil.unit in ("period", "working day") or civil.count == 0:
        raise Unreadable(f"no fee is paid for '{text}'", _FORMS)
    return civil


def _name_or_amount(text: str) -> str | Decimal:
    try:
        return read_name(text.strip())
    except Unreadable:
        pass
    try:
        return read_amount(text)
    except Unreadable as unreadable:
        help = unreadable.help if "negative" in str(unreadable) else "write the name of a fee, or 500.00"
        raise Unreadable(f"neither a fee nor an amount: '{text}'", help) from None


StretchTerm = Annotated[
    Span | CivilLength,
    reader("a stretch of time", "not-a-stretch", _stretch),
    schema(
        "The stretch that the fee pays for; the period, where nothing is said.",
        "month",
        "term",
        "30 days",
        words="a stretch",
    ),
]
NameOrAmount = Annotated[
    str | Decimal,
    reader("a fee or an amount", "not-a-fee", _name_or_amount),
    schema(
        "The name of another fee, or an amount for the period.",
        "monthly",
        "500.00",
        numbers=True,
        words="a fee or an amount",
    ),
]
PartPeriodTerm = Annotated[
    PartPeriod,
    Field(
        description="What is paid where only a part of the period is in force: the share of its civil days "
        "(pro-rata, the default), or the whole.",
        examples=["whole"],
    ),
]


class AmountFee(Terms):
    """An amount, and the stretch that it pays for.

    ``for`` is the stretch, the period by default; a bare amount says the same as ``{amount: 12000.00}``.
    ``part_period`` says what is paid for a period of which only a part is in force: a share by civil days, or the whole
    amount.

    Formula: amount; of a part of a period amount x days in force / days of the period. An amount for another stretch
    is taken whole, and its stretch says what a day of it costs.

    Clause: "the aggregate maximum of Service Level Credits shall not exceed 8 % of the Subscription Fee" (model
    software contract with an annual fee in advance).

    Example:

        fees:
          monthly: 1000.00
          subscription: {amount: 12000.00, for: term}

    Edge cases: a year begins on the day of ``effective`` where there is one, and has 366 days where a 29 February lies
    in it; months and quarters are those of the period's anchor or of the calendar, weeks begin on Monday, and the one
    counts that holds the first day of the period that is in force. A day is the average day of the period, so that a
    clock change on one of its days changes nothing. With a nominal length of the period its fee pays for that length.
    """

    amount: Amount = Field(description="The amount, in the agreement's currency.", examples=["12000.00"])
    for_: StretchTerm | None = Field(
        None,
        alias="for",
        description="The stretch that is paid for; by default the period.",
        examples=["year", "term", "30 days"],
    )
    part_period: PartPeriodTerm = "pro-rata"


class RegisterFee(Terms):
    """A fee that stands in a column of a register, one of each key: what was billed or is charged for the line.

    The rows that count are those whose key is the line's: its subject, its class, what its conditions say. Where a line
    says nothing about a key the rows of all its values are added up. Where it leaves a key open, further mapped columns
    decide if it says something about them (all circuits of a region).

    Formula: a register with ``at`` holds what was billed, and the rows of the stretch ``for`` are added up. Of one with
    ``valid_from`` the row in force at the last instant of the period counts, of any other the row as it stands: these
    are prices of the stretch, taken pro rata where only a part of the period is in force (``part_period``). ``for: day,
    taking: mean`` is the sum of the days in force divided by their number.

    Clause: "50 times the charge for the time of the interruption, at most what was paid for the server in the last 30
    days" (cloud servers); "a percentage of the charges for the affected storage class" (object storage).

    Example:

        fees:
          class-charges: {from: invoices, column: charges}
          last-30-days: {from: charges, column: amount, for: 30 days}
          daily-consumption: {from: consumption, column: credits, for: day, taking: mean}

    Edge cases: where no row matches, or the cell of one that does is empty, the fee is not known, and neither is the
    credit. Where a line holds several values of a key, those without a row are named in the steps. A row below zero is
    a credit note and is added like any other; a fee below zero in the end is not known. ``30 days`` end with the
    period. In an average a day without a row counts nothing.
    """

    from_: Name = Field(alias="from", description="The register that holds the fee.", examples=["invoices"])
    column: Text = Field(description="The column of the register that holds the amount.", examples=["charges"])
    for_: StretchTerm | None = Field(
        None,
        alias="for",
        description="The stretch that a price is for, or whose rows are added up; by default the period.",
        examples=["month", "30 days"],
    )
    taking: Literal["sum", "mean"] = Field(
        "sum",
        description="Of a register with 'at': the sum of the rows (the default), or with for: day the mean day "
        "of the period.",
        examples=["mean"],
    )
    part_period: PartPeriodTerm = "pro-rata"


class PreviousFee(Terms):
    """The same fee for the period before.

    Formula: the worth of ``previous`` as it was in the period before this one, its part periods included.

    Clause: "a percentage of the fee of the month before the one in which the failure occurred" (carrier contracts that
    bill in arrears).

    Example:

        fees:
          monthly: 1000.00
          last-month: {previous: monthly}

    Edge cases: in the first period of an agreement there is none, and the fee is not known.
    """

    previous: Name = Field(description="The fee whose worth in the period before is meant.", examples=["monthly"])


class GreaterFee(Terms):
    """The greatest of several fees or amounts.

    Formula: max of the exact amounts; of equal ones the first.

    Clause: "the greater of the fee of the preceding month and 500.00" (minimum bases of managed services).

    Example:

        fees:
          monthly: 1000.00
          base: {greater_of: [monthly, 500.00]}

    Edge cases: where one of them is not known neither is the greatest. An amount here is one for the period.
    """

    greater_of: Annotated[tuple[NameOrAmount, ...], Field(json_schema_extra={"minItems": 2})] = Field(
        description="Fees by their names, and amounts for the period, of which the greatest counts.",
        examples=[["monthly", "500.00"]],
    )

    @field_validator("greater_of")
    @classmethod
    def _several(cls, fees: tuple[str | Decimal, ...]) -> tuple[str | Decimal, ...]:
        if len(fees) < 2:
            raise refusal("fee", "the greater of two fees is wanted here", "write greater_of: [monthly, 500.00]")
        return fees


_TAGS: Mapping[str, str] = {"amount": "fixed", "from": "register", "previous": "before", "greater_of": "greatest"}
_OF_MODEL: Mapping[type, str] = {
    AmountFee: "fixed",
    RegisterFee: "register",
    PreviousFee: "before",
    GreaterFee: "greatest",
}


def _known(value: object) -> object:
    """A mapping says with its first key what the fee is made of."""
    if isinstance(value, Mapping) and not _TAGS.keys() & value.keys():
        help = (
            "write {amount: 12000.00, for: year}, {from: SOURCE, column: WORD}, {previous: FEE} or {greater_of: [..]}"
        )
        for key in value:
            if close := difflib.get_close_matches(str(key), _TAGS, n=1):
                message = f"unknown key '{key}' in a fee"
                raise refusal("unknown-key", message, f"did you mean '{close[0]}'?", inside=[key], at="key")
        raise refusal("fee", "nothing here says what the fee is", help, at="key")
    return value


def _tag(value: Any) -> str:
    if isinstance(value, Mapping):
        return next((tag for key, tag in _TAGS.items() if key in value), "fixed")
    return _OF_MODEL.get(type(value), "plain")


Fee = Decimal | AmountFee | RegisterFee | PreviousFee | GreaterFee
FeeTerm = Annotated[
    Annotated[Amount, Tag("plain")]
    | Annotated[AmountFee, Tag("fixed")]
    | Annotated[RegisterFee, Tag("register")]
    | Annotated[PreviousFee, Tag("before")]
    | Annotated[GreaterFee, Tag("greatest")],
    Discriminator(_tag),
    BeforeValidator(_known),
]
