"""Payments as they stand in an agreement, so that two of them can be compared; shares, facts and roundings of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.checks.finding import Finding, Steps
from slacheck.agreement.level import Promised
from slacheck.agreement.usage import subject_registers
from slacheck.language.payments import Pay
from slacheck.money import decimal_text, minor_unit
from slacheck.remedies.modifiers import Rounding
from slacheck.remedies.remedy import Remedy


@dataclass(frozen=True)
class Size:
    """A number and what it is a number of; two of one ``kind`` can be compared."""

    kind: tuple[str, str]
    number: Fraction


def size_of(pay: Pay, of: str | None) -> Size:
    """The number that stands there; below zero for a bonus.

    A share of a fee is never compared with an amount: the clause is the same for customers whose fees are not.
    """
    form, fee = pay.form
    return Size((form, (fee or of or "") if pay.needs_fee else ""), pay.size)


def paying(agreement: Agreement) -> list[Promised]:
    """Every promise that earns a credit."""
    return [
        each for each in agreement.promised() if each.promise.credit is not None and each.level.role == "service-level"
    ]


def share(steps: Steps, pay: Pay, of: str | None, bounds: bool = False) -> Iterator[Finding]:
    """A share of no fee, or of more than there is. What ``bounds`` others may be more than one fee."""
    if not pay.needs_fee or pay.size == 0:
        return
    if pay.fee is None and of is None:
        yield Finding(steps, "no-base", f"'{pay.text}' of what?", f"write of: FEE beside it, or {pay.text} of FEE")
    if pay.share is not None and pay.share > 1 and not bounds:
        yield Finding(steps, "unit", f"'{pay.text}' is more than the whole fee", "write 0% to 100%")


def unread_base(steps: Steps, remedy: Remedy) -> Iterator[Finding]:
    """A fee that is named although nothing is paid of it."""
    if remedy.of is not None and not any(pay.needs_fee and pay.fee is None for _, pay in remedy.payments()):
        message = f"nothing is paid as a share or as days of '{remedy.of}'"
        yield Finding((*steps, "of"), "unused", message, "leave 'of' out, or write a percentage or days", "key")


def fact(agreement: Agreement, promised: Promised, word: str, steps: Steps, at: str = "value") -> Iterator[Finding]:
    """A word that reads a fact of each line: of a subject exactly one register must say it.

    What records say only shows when their files are opened.
    """
    per = promised.level.per
    if per is not None and per.record is not None:
        return
    found = subject_registers(agreement, promised, word)
    if len(found) == 1:
        return
    key = f"with key: {per.column}" if per is not None and per.column else "without a key"
    if found:
        message = f"the registers {' and '.join(found)} have a column '{word}'"
        yield Finding(steps, "unknown-name", message, "map it in one of them", at)
    else:
        whom = f"each {per.column}" if per is not None and per.column else "the level, which has no records of its own"
        help = f"map it in a register {key}, or write per: case for a line for each record"
        yield Finding(steps, "unknown-name", f"no register says '{word}' of {whom}", help, at)


def rounding(agreement: Agreement, steps: Steps, terms: Rounding | None) -> Iterator[Finding]:
    """What no amount can be rounded to: nothing, or what the currency cannot pay."""
    if terms is None or terms.to is None:
        return
    if terms.to == 0:
        yield Finding((*steps, "to"), "rounding", "nothing can be rounded to 0", "write 0.05, or leave 'to' out")
    elif agreement.currency is not None and Fraction(terms.to) % minor_unit(agreement.currency):
        unit = decimal_text(minor_unit(agreement.currency))
        message = f"amounts in {agreement.currency} are multiples of {unit}, and {terms.to} is none"
        yield Finding((*steps, "to"), "rounding", message, f"write {unit}, or leave 'to' out")
