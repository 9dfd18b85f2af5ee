"""Fees: names that lead nowhere or round in a circle, registers that do not hold them, stretches that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps, meant
from slacheck.fees.fee import AmountFee, Fee, GreaterFee, PreviousFee, RegisterFee
from slacheck.language.payments import Cap, Pay
from slacheck.language.quantities import Comparison
from slacheck.sources.forms import ROLES
from slacheck.sources.source import Source


def findings(agreement: Agreement) -> Iterator[Finding]:
    """What is wrong with fees, and with the words that name one."""
    for name, fee in agreement.fees.items():
        yield from _fee(agreement, name, fee)
    yield from _circles(agreement)
    yield from _uses(agreement)


def _fee(agreement: Agreement, name: str, fee: Fee) -> Iterator[Finding]:
    steps: Steps = ("fees", name)
    for named, inside in _named(fee):
        if named not in agreement.fees:
            yield Finding((*steps, *inside), "unknown-name", f"no fee '{named}'", meant(named, agreement.fees))
    if isinstance(fee, PreviousFee):
        other = agreement.fees.get(fee.previous)
        if isinstance(other, (AmountFee, RegisterFee)) and other.for_ == "term":
            message = f"'{fee.previous}' is paid for the whole term, and no period has one before it"
            yield Finding((*steps, "previous"), "no-previous", message, f"name '{fee.previous}' itself")
    if isinstance(fee, (AmountFee, RegisterFee)):
        yield from _stretch(agreement, steps, fee)
    if isinstance(fee, RegisterFee):
        register = agreement.sources.get(fee.from_)
        if register is None:
            help = meant(fee.from_, agreement.sources)
            yield Finding((*steps, "from"), "unknown-name", f"no source '{fee.from_}'", help)
        elif register.shape != "register":
            message = f"a fee is read from a register; '{fee.from_}' holds {register.shape}"
            yield Finding((*steps, "from"), "shape", message, "write shape: register where its rows are amounts")
        else:
            yield from _column(steps, fee, register)
            yield from _taking(agreement, steps, fee, register)


def _named(fee: Fee) -> Iterator[tuple[str, Steps]]:
    """The other fees that a fee is made of, with the keys that lead to each."""
    if isinstance(fee, PreviousFee):
        yield fee.previous, ("previous",)
    if isinstance(fee, GreaterFee):
        for index, each in enumerate(fee.greater_of):
            if isinstance(each, str):
                yield each, ("greater_of", index)


def _stretch(agreement: Agreement, steps: Steps, fee: AmountFee | RegisterFee) -> Iterator[Finding]:
    if fee.for_ == "term" and (agreement.effective is None or agreement.until is None):
        lacking = "effective" if agreement.effective is None else "until"
        yield Finding((*steps, "for"), "dates", f"the term is not said: there is no '{lacking}'", "write both dates")
    of_period = fee.for_ is None or fee.for_ == agreement.period.every
    if "part_period" in fee.model_fields_set and not of_period:
        message = "'part_period' is about a fee for the period; this one is paid for another stretch"
        yield Finding((*steps, "part_period"), "unused", message, "leave it out", "key")


def _column(steps: Steps, fee: RegisterFee, register: Source) -> Iterator[Finding]:
    at: Steps = (*steps, "column")
    others = [word for word in register.columns if word not in (*register.key, *ROLES["register"])]
    if fee.column in register.key:
        message = f"'{fee.column}' is of the key of '{fee.from_}', no amount"
        yield Finding(at, "no-amount", message, meant(fee.column, others))
    elif fee.column in ROLES["register"]:
        message = f"'{fee.column}' says when a row of '{fee.from_}' holds, it is no amount"
        yield Finding(at, "no-amount", message, meant(fee.column, others))
    elif fee.column in register.units:
        message = f"'{fee.column}' is in {register.units[fee.column]}, not in money"
        yield Finding(at, "unit", message, f"take it out of the units of '{fee.from_}'")
    elif fee.column not in register.columns:
        for word, headers in register.columns.items():
            if fee.column in headers:
                message = f"'{fee.from_}' has no word '{fee.column}'"
                help = f"the header '{fee.column}' is called '{word}' in its columns"
                yield Finding(at, "unknown-name", message, help)


def _taking(agreement: Agreement, steps: Steps, fee: RegisterFee, register: Source) -> Iterator[Finding]:
    dated = "at" in register.columns
    if dated and "part_period" in fee.model_fields_set:
        message = f"the rows of '{fee.from_}' hold what was billed; no share of them is taken"
        yield Finding((*steps, "part_period"), "unused", message, "leave it out", "key")
    if "taking" in fee.model_fields_set and not dated:
        message = f"'taking' is about rows of dates ('at'); of '{fee.from_}' one row counts"
        yield Finding((*steps, "taking"), "unused", message, "map 'at' in its columns, or leave 'taking' out", "key")
    elif fee.taking == "mean" and fee.for_ != "day":
        message = "the mean is that of a day"
        help = "write for: day beside it, or leave 'taking' out"
        yield Finding((*steps, "taking"), "taking", message, help)
    elif dated and fee.for_ == "day" and fee.taking == "sum" and agreement.period.every != "day":
        message = "which day of the period is not said"
        yield Finding((*steps, "for"), "taking", message, "write taking: mean beside it for the average day")


def _circles(agreement: Agreement) -> Iterator[Finding]:
    """Fees made of each other; each circle is told at the first of its fees. A period before leads out of none."""
    told: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> Iterator[Finding]:
        if name in way:
            circle = way[way.index(name) :]
            if not told & set(circle):
                told.update(circle)
                message = f"fees that are made of each other: {' -> '.join((*circle, name))}"
                help = "a fee is an amount, a column, or made of others"
                yield Finding(("fees", circle[0]), "circle", message, help, "key")
        elif name in agreement.fees and name not in told:
            for other, _ in _named(agreement.fees[name]):
                yield from visit(other, (*way, name))

    for name in agreement.fees:
        yield from visit(name, ())


@dataclass(frozen=True)
class _Paid:
    """Something that is paid: ``fee`` is what it names, or the ``of`` beside it. ``of_fee``: it is of one."""

    steps: Steps
    fee: str | None
    of_fee: bool


def _uses(agreement: Agreement) -> Iterator[Finding]:
    paid = list(_paid(agreement))
    used = {named for fee in agreement.fees.values() for named, _ in _named(fee)} | {each.fee for each in paid}
    unclear = any(each.of_fee and each.fee not in agreement.fees for each in paid)
    for each in paid:
        if each.fee is not None and each.fee not in agreement.fees:
            yield Finding(each.steps, "unknown-name", f"no fee '{each.fee}'", meant(each.fee, agreement.fees))
    for name in agreement.fees:
        # Where a share is of a fee that there is not, or of none, it may be this one that was meant.
        if name not in used and not unclear:
            help = f"name it in a credit or a cap, such as of: {name}, or leave it out"
            yield Finding(("fees", name), "unused", f"nothing uses the fee '{name}'", help, "key")
    if (paid or agreement.fees) and agreement.currency is None:
        place = ("fees",) if agreement.fees else paid[0].steps
        yield Finding(place, "currency", "there is money and no currency", "write currency: EUR", "key")


def _paid(agreement: Agreement) -> Iterator[_Paid]:
    """Everything that is paid somewhere, in the order it stands."""
    for promised in agreement.promised():
        if promised.promise.credit is not None:
            yield from _within((*promised.steps, "credit"), promised.promise.credit, None)
    yield from _within(("settlement",), agreement.settlement, None)


def _within(steps: Steps, value: Any, of: str | None) -> Iterator[_Paid]:
    """Every amount, share and named fee inside a validated model. Of a table of pairs the first names the row."""
    match value:
        case Cap():
            yield from _within(steps, value.pay, of)
        case Pay():
            if value.needs_fee and (value.fee or of is None):
                yield _Paid(steps, value.fee, of_fee=True)
            elif value.amount is not None:
                yield _Paid(steps, None, of_fee=False)
        case BaseModel():
            own = getattr(value, "of", None)
            if isinstance(own, str):
                of = own
                yield _Paid((*steps, "of"), own, of_fee=True)
            for key, field in type(value).model_fields.items():
                yield from _within((*steps, field.alias or key), getattr(value, key), of)
        case Mapping():
            for key, inside in value.items():
                yield from _within((*steps, str(key)), inside, of)
        case ((Comparison() | None) as row, inside):
            yield from _within((*steps, row.text if row else "else"), inside, of)
        case tuple() | list():
            for index, inside in enumerate(value):
                yield from _within((*steps, index), inside, of)
