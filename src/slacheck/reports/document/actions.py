"""What to do about a statement: claim, pay, send what is missing, wait, decide on rights; each with its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from slacheck.reports.basis import known
from slacheck.reports.consequences import PARTY, claims, named
from slacheck.reports.crediting import between, is_bonus, owed, span
from slacheck.reports.document.shapes import Action
from slacheck.reports.layout import Page
from slacheck.reports.left import left
from slacheck.reports.wording import line_name, more
from slacheck.statement import Line, SourceShown, Statement, StreamShown, Total
from slacheck.timeline import zones

_MOST = 5
_LONGEST = 400


def actions(page: Page, statement: Statement) -> tuple[Action, ...]:
    """In the order in which they press: what lapses first, then what settles what is open, then rights."""
    found = []
    if statement.total:
        found += list(_claims(page, statement, statement.total))
        found += list(_payment(page, statement, statement.total))
    found += list(_missing(page, statement))
    found += list(_running(page, statement))
    found += list(_left(page, statement))
    found += list(_rights(page, statement))
    return tuple(found)


def _claims(page: Page, statement: Statement, total: Total) -> Iterator[Action]:
    if total.claim_by is None or is_bonus(total) or (total.certain and Decimal(total.least) == 0):
        return
    needs = [*total.claim_conditions, *(f"evidence: {text}" for text in total.claim_evidence)]
    told = page.name("; ".join(needs), _LONGEST) if needs else ""
    days = claims(statement)
    if not days and not any(line.credit and line.credit.claimed == "in-time" for line in statement.lines):
        # A statement that was settled by hand may know the day of the total alone.
        day = page.figures.day(total.claim_by)
        yield Action("Claim the credit", f"by {day}", told or owed(page, total), urgent=True)
    for stages, lines in list(days.items())[:_MOST]:
        costs = f"{named(page, lines)}: {_together(page, lines, total)}"
        when = f"by {' and then by '.join(page.figures.day(day) for day in stages)}"
        yield Action("Claim the credit", when, f"{costs}; {told}" if told else costs, urgent=True)
    if len(days) > _MOST:
        last = max(stages[-1] for stages in days)
        yield Action("Claim the other credits", f"the last by {page.figures.day(last)}", "", urgent=True)


def _together(page: Page, lines: list[Line], total: Total) -> str:
    credits = [line.credit for line in lines if line.credit]
    if len(credits) == 1:
        return span(page, credits[0], total.currency)
    least = sum((Decimal(each.counted_least) for each in credits), Decimal(0))
    bounded = [Decimal(each.counted_most) for each in credits if each.counted_most is not None]
    most = str(sum(bounded, Decimal(0))) if len(bounded) == len(credits) else None
    return between(page, str(least), most, credits[0].unit, total.currency)


def _payment(page: Page, statement: Statement, total: Total) -> Iterator[Action]:
    if total.pay_by is None or (total.certain and Decimal(total.least) == 0):
        return
    payer, payee = statement.agreement.provider, statement.agreement.customer
    if is_bonus(total):
        payer, payee = payee, payer
    why = f"{owed(page, total)}, {page.name(payer, PARTY)} to {page.name(payee, PARTY)}"
    yield Action("Pay", f"by {page.figures.day(total.pay_by)}", why)


def _missing(page: Page, statement: Statement) -> Iterator[Action]:
    open_lines: dict[str, list[Line]] = {}
    for line in statement.lines:
        if line.verdict == "indeterminate" or (line.credit and not line.credit.certain):
            open_lines.setdefault(f"{line.level}, {line.of_class}".removesuffix(", "), []).append(line)
    told = 0
    for source in statement.sources:
        for stream in source.streams:
            lines = [line for level in stream.levels for line in open_lines.get(level, [])]
            if lines and stream.gaps is not None and stream.gaps.number and told < _MOST:
                told += 1
                yield _send(page, statement, source, stream, lines)


def _send(page: Page, statement: Statement, source: SourceShown, stream: StreamShown, lines: list[Line]) -> Action:
    longest = stream.gaps.longest if stream.gaps else None
    when = ""
    if longest is not None and stream.gaps is not None:
        zone = zones.zone(statement.period.timezone)
        year = date.fromisoformat(statement.period.first_day).year
        when = f"{page.figures.moment(longest.start, zone, year)} to {page.figures.moment(longest.end, zone, year)}"
        when += " and others" if stream.gaps.number > 1 else ""
    currency = statement.total.currency if statement.total else ""
    costs = [line for line in lines if line.credit and not line.credit.certain and currency]
    open_still = "open until then: the verdict" if not costs else "open until then: "
    if costs:
        shown = costs[:3]
        open_still += ", ".join(
            f"{named(page, [line])} {span(page, line.credit, currency)}" for line in shown if line.credit
        )
        open_still += f" and {len(costs) - 3} more" if len(costs) > 3 else ""
    else:
        open_still += f" of {named(page, lines)}"
    return Action(
        f"Send what is missing of {page.name(source.source, 60)}",
        when,
        f"{known(page, statement, stream)}; {open_still}",
    )


def _running(page: Page, statement: Statement) -> Iterator[Action]:
    """Cases that still run are no missing data: nothing but time settles them."""
    waiting = [line for line in statement.lines if line.verdict == "indeterminate" and line.cases and line.cases.open]
    if waiting:
        count = sum(line.cases.open for line in waiting if line.cases)
        cases = "case" if count == 1 else "cases"
        still = f"{page.figures.count(count)} {cases} of {named(page, waiting)} still open"
        why = f"{still}; the verdict is settled when no more can change it"
        yield Action("Evaluate again", f"when the {cases} {'has' if count == 1 else 'have'} ended", why)


def _left(page: Page, statement: Statement) -> Iterator[Action]:
    """What a period that runs must be kept within; what is lost already can be no aim."""
    when = f"until {page.figures.day(statement.period.last_day)}"
    lines = [line for line in statement.lines if line.role == "service-level" and line.budget]
    aims = [(line, line.budget) for line in lines if line.budget and line.budget.best.left >= 0]
    for line, budget in aims[:_MOST]:
        title = f"Keep {line_name(page, line, 60)} within what is left"
        yield Action(title, when, page.clean(left(page, budget, statement.period)))
    if len(aims) > _MOST:
        yield Action(
            f"Keep {more(page, len(aims) - _MOST)} lines within what is left", when, "it stands with each level"
        )


def _rights(page: Page, statement: Statement) -> Iterator[Action]:
    arisen = [right for right in statement.rights if right.state == "arose"]
    for right in arisen[:_MOST]:
        of = f" ({page.name(right.subject, 60)})" if right.subject else ""
        when = f"by {page.figures.day(right.use_by)}" if right.use_by else ""
        title = f"Decide on the right: {page.name(right.name, 60)}{of}"
        clause = page.name(right.clause, 40) if right.clause else ""
        yield Action(title, when, page.name(right.reason, 600), clause)
    if len(arisen) > _MOST:
        yield Action(f"Decide on {page.figures.count(len(arisen) - _MOST)} more rights", "", "they are listed below")
