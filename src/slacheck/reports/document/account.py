"""How the credit comes about, as an invoice: line by line with its steps, what crosses lines, and the total."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from slacheck.reports.consequences import PARTY, paid_as
from slacheck.reports.crediting import (
    DERIVED,
    banked,
    between,
    cases,
    claim,
    costing,
    counted,
    crossing,
    is_bonus,
    others,
    payable,
    returned,
    stepwise,
    worth_telling,
)
from slacheck.reports.derivation import total_worked_out
from slacheck.reports.document.shapes import Account, Block, CreditCase, CreditLine, StepRow
from slacheck.reports.document.telling import Telling
from slacheck.reports.layout import Page
from slacheck.reports.steps import Told, exactly, money_of
from slacheck.reports.wording import line_name
from slacheck.statement import Amount, Credit, Line, Statement

# What a step's exact value is where it is no amount that a reader could add up.
_SILENT = ("fee", "units", "measured", "points", "bound", "unknown")


def account(page: Telling, statement: Statement, anchors: dict[int, str]) -> Account | None:
    """The invoice; None where there is nothing to say about money. ``anchors`` are the sections of lines, by id()."""
    total = statement.total
    derived = costing(statement)
    if total is None or not worth_telling(total, derived):
        return None
    least, most = payable(total)
    payee = page.name(statement.agreement.provider if is_bonus(total) else statement.agreement.customer, PARTY)

    def afterwards(told: Page) -> None:
        returned(told, statement, total)
        banked(told, total)

    return Account(
        lines=tuple(_line(page, line, total.currency, anchors.get(id(line), "")) for line in derived[:DERIVED]),
        others=page.told_in_words(lambda told: others(told, statement, total)),
        crossing=page.told_in_words(lambda told: crossing(told, total)),
        owed_name=f"Owed to {payee}",
        settled=page.figures.money(least, total.currency),
        still_open=open_amount(page, least, most, "money", total.currency),
        after=page.told_in_words(afterwards),
        claim=page.told_in_words(lambda told: claim(told, statement, total)),
        worked_out=page.told(lambda told: total_worked_out(told, statement, DERIVED)),
    )


def open_amount(page: Telling, least: str, most: str | None, unit: str, currency: str) -> str:
    """What an amount may come to: ``up to £600.00``, ``no upper bound``, or empty where it is certain."""
    if most is None:
        return "no upper bound"
    return "" if Decimal(most) == Decimal(least) else f"up to {between(page, most, most, unit, currency)}"


def _line(page: Telling, line: Line, currency: str, section: str) -> CreditLine:
    credit = line.credit
    assert credit is not None
    least, most = credit.least.amount, credit.most.amount if credit.most else None
    found = [CreditCase(name, _steps(page, amount, credit, currency)) for name, amount in cases(page, line, credit)]
    if credit.most is None:
        found.append(CreditCase("at worst", (StepRow(page.name(credit.open_because, 300), "no bound"),)))
    told = page.told_in_words(lambda told: counted(told, credit, currency))
    paid = f"paid {paid_as(credit)}" if paid_as(credit) else ""
    return CreditLine(
        name=line_name(page, line, 60),
        clause=page.name(line.clause, 40) if line.clause else "",
        settled=between(page, least, least, credit.unit, currency),
        still_open=open_amount(page, least, most, credit.unit, currency),
        cases=tuple(found),
        counted="; ".join([_joined(each) for each in told] + ([paid] if paid else [])),
        section=section,
    )


def _joined(block: Block) -> str:
    return f"{block.text} {block.value}".strip()


def _steps(page: Telling, amount: Amount, credit: Credit, currency: str) -> tuple[StepRow, ...]:
    rows = [StepRow(_text(page, step, was, currency), _value(page, step, credit, currency))
            for step, was in stepwise(page, amount, currency)]  # fmt: skip
    return tuple(rows) or (StepRow("nothing"),)


def _text(page: Telling, step: Told, was: Fraction | None, currency: str) -> str:
    if step.kind == "cap" and was is not None and step.exact is not None and was > step.exact:
        return f"{step.text} instead of {money_of(page, currency)(was)}"
    return step.text


def _value(page: Telling, step: Told, credit: Credit, currency: str) -> str:
    if step.exact is None or step.kind in _SILENT or not step.reached:
        return ""
    if credit.unit == "points":
        return page.figures.local(exactly(step.exact))
    return money_of(page, currency)(step.exact)
