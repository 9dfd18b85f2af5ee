"""What follows from the verdict, in a sentence or two: who owes what, what could still change it, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from slacheck.reports.layout import Page
from slacheck.reports.wording import backwards, line_name
from slacheck.statement import Credit, Line, PeriodShown, Statement, Total
from slacheck.timeline import zones

PARTY = 60
_NAMED = 3
_PAID_AS = {
    "money": "",
    "service-extension": "as an extension of the service",
    "service-units": "in units of the service",
}


def consequences(page: Page, statement: Statement) -> Iterator[str]:
    """The sentences, the amount first."""
    total, period = statement.total, statement.period
    zone = zones.zone(period.timezone)
    if total is None or (total.certain and Decimal(total.least) == 0):
        yield from _without_money(page, statement)
    else:
        yield from _owing(page, statement, total)
    if period.running and period.as_of:
        ends = page.figures.day(period.last_day)
        yield f"as of {page.figures.moment(period.as_of, zone)}; the period ends with {ends}"
        if total and total.owed_anyway is not None and Decimal(total.owed_anyway) >= 0 and Decimal(total.least) > 0:
            yield f"{page.figures.money(total.owed_anyway, total.currency)} of it is owed whatever happens until then"
    if total and total.claim_by:
        yield claim_by(page, statement, total.claim_by)
    if total and total.pay_by:
        yield f"to be paid by {page.figures.day(total.pay_by)}"


def period_name(page: Page, period: PeriodShown) -> str:
    """The title of a period."""
    return page.name(page.figures.period(period.label, period.title), PARTY)


def claims(statement: Statement) -> dict[tuple[str, ...], list[Line]]:
    """The last days of the stages of claims that are not made yet, the earliest first, each with its lines."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in statement.lines:
        credit = line.credit
        if credit is not None and credit.claim_by is not None and credit.claimed != "in-time":
            stages = tuple(sorted(day for day in credit.claim_stages if day)) or (credit.claim_by,)
            found.setdefault(stages, []).append(line)
    return dict(sorted(found.items()))


def claim_by(page: Page, statement: Statement, by: str) -> str:
    """Until when the credits must be claimed, or that they were."""
    days = [stages[0] for stages in claims(statement)]
    if not days and any(line.credit and line.credit.claimed == "in-time" for line in statement.lines):
        return "claimed in time"
    first, last = min(days, default=by), max(days, default=by)
    return f"claim by {page.figures.day(first)}" + (
        "" if first == last else f", the last of them by {page.figures.day(last)}"
    )


def paid_as(credit: Credit) -> str:
    """How a credit is paid where that is not money, else empty."""
    return _PAID_AS[credit.paid_as]


def _owing(page: Page, statement: Statement, total: Total) -> Iterator[str]:
    provider = page.name(statement.agreement.provider, PARTY)
    customer = page.name(statement.agreement.customer, PARTY)
    owes, bonus = f"{provider} owes {customer}", f"{customer} owes {provider}"
    least, most = Decimal(total.least), None if total.most is None else Decimal(total.most)

    def money(amount: Decimal) -> str:
        return page.figures.money(str(abs(amount)), total.currency)

    forms = {paid_as(line.credit) for line in statement.lines if line.credit and Decimal(line.credit.least.amount) > 0}
    how = f" {form}" if len(forms) == 1 and (form := forms.pop()) else ""
    if most is None:
        yield f"{owes} at least {money(least)}{how}" if least >= 0 else f"{bonus} at most {money(least)}"
        yield _no_bound(page, statement, total)
    elif least == most:
        yield f"{owes} {money(least)}{how}" if least > 0 else f"{bonus} {money(least)}"
    elif least > 0:
        yield f"{owes} at least {money(least)}{how}"
        yield f"up to {money(most)} once {_until(page, statement)}"
    elif least == 0 or most <= 0:
        low, high = (least, most) if least == 0 else (most, least)
        yield f"{owes if least == 0 else bonus} between {money(low)} and {money(high)}{how if least == 0 else ''}"
        yield f"open until {_until(page, statement)}"
    else:
        yield f"{bonus} up to {money(least)}, or is owed up to {money(most)}"
        yield f"open until {_until(page, statement)}"


def _until(page: Page, statement: Statement) -> str:
    """What leaves the total open: credits, else verdicts that decide about others, else earlier periods."""
    lines = [line for line in statement.lines if line.credit and not line.credit.certain]
    lines = lines or [line for line in statement.lines if line.verdict == "indeterminate"]
    if lines:
        return f"{named(page, lines)} {'is' if len(lines) == 1 else 'are'} settled"
    return "the credits of earlier periods are known"


def _no_bound(page: Page, statement: Statement, total: Total) -> str:
    """Why nothing bounds the total."""
    lines = [line for line in statement.lines if line.credit and line.credit.most is None]
    if not lines:
        why = [step.text for step in total.steps_most if step.kind in ("unknown", "bound")]
        return f"no upper bound: {page.name('; '.join(why) or 'not all of it is known', 300)}"
    because = {line.credit.open_because for line in lines if line.credit}
    shown = f": {page.name(because.pop(), 300)}" if len(because) == 1 else ""
    return f"no upper bound for {named(page, lines)}{shown}"


def _without_money(page: Page, statement: Statement) -> Iterator[str]:
    binding = [line for line in statement.lines if line.role == "service-level"]
    agreed = any(line.credit for line in binding)
    reached = [line for line in binding if line.verdict == statement.verdict]
    which = reaching(page, statement)
    nothing = "nothing is owed" if agreed else "no credit was agreed"
    match statement.verdict:
        case "breached":
            yield f"{which} missed the target; {nothing}"
        case "indeterminate":
            runs = all(line.cases is not None and line.cases.open for line in reached)
            turned = any(backwards(case) for line in reached for case in line.worst_cases)
            lacks = "cases end before they start" if runs and turned else "data is missing"
            why = "cannot be decided yet, cases still run" if runs and not turned else f"cannot be decided, {lacks}"
            yield f"{which} {why}; {nothing}{' either way' if agreed else ''}"
        case "met":
            yield nothing if agreed else f"{which} met the target; {nothing}"
        case "not-applicable":
            yield f"nothing was measured; {nothing}" if binding else "no service level is binding; nothing is owed"


def reaching(page: Page, statement: Statement) -> str:
    """The binding lines that have the verdict of the statement: by name, or where they are many, how many of all."""
    binding = [line for line in statement.lines if line.role == "service-level"]
    reached = [line for line in binding if line.verdict == statement.verdict]
    many = "service levels" if len({line.level for line in binding}) == len(binding) else "verdicts"
    if len(reached) <= _NAMED:
        return named(page, reached)
    return f"{page.figures.count(len(reached))} of {page.figures.count(len(binding))} {many}"


def named(page: Page, lines: Sequence[Line]) -> str:
    """Up to three lines by name, and how many more: ``a, b and c``, ``a, b, c and 4 more``."""
    names = [line_name(page, line, 40) for line in lines[:_NAMED]]
    if len(lines) > _NAMED:
        names.append(f"{page.figures.count(len(lines) - _NAMED)} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "the data"
