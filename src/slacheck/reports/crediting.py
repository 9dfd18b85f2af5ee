"""How the amount comes about, as short as an invoice, and how it is claimed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest

from slacheck.derivation import StepKind
from slacheck.reports.consequences import PARTY, claims, paid_as
from slacheck.reports.layout import Page
from slacheck.reports.steps import Money, Told, amounts, gathered, money_of, told
from slacheck.reports.wording import compared, line_name, measured, more, steps, value
from slacheck.statement import Amount, Credit, Exact, Line, ReturnedShown, Statement, StepShown, Total

DERIVED = 20
_RETURNED = 5
_DAYS = 5
_CONDITIONS = 10
_NO_BOUND = "no bound"


def span(page: Page, credit: Credit, currency: str) -> str:
    """What a credit comes to: one amount, two, or ``at least`` one; points as they stand."""
    most = credit.most.amount if credit.most else None
    return between(page, credit.least.amount, most, credit.unit, currency)


def paid(page: Page, line: Line, currency: str) -> str:
    """What the line costs, empty where nothing was agreed for it."""
    if line.role == "kpi" or line.credit is None or not currency or not steps(line):
        return ""
    return span(page, line.credit, currency)


def between(page: Page, least: str, most: str | None, unit: str, currency: str) -> str:
    """As ``span``, of amounts as a statement holds them."""
    if unit == "points":
        shown = least if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        return f"{shown} {'point' if least == most and least in ('1', '-1') else 'points'}"
    if most is None:
        return f"at least {page.figures.money(least, currency)}"
    return page.figures.money_span(least, most, currency)


def credit(page: Page, statement: Statement, total: Total) -> None:
    """The lines that cost something or may, the dearest first; what crosses them; and the total."""
    derived = costing(statement)
    if not worth_telling(total, derived):
        return
    page.head("Credit")
    for line in derived[:DERIVED]:
        _line(page, line, total.currency)
    others(page, statement, total)
    crossing(page, total)
    returned(page, statement, total)
    customer = page.name(statement.agreement.customer, PARTY)
    page.pair(f"Owed by {customer}" if is_bonus(total) else "Owed", owed(page, total), indent=2, style="bold")
    banked(page, total)


def costing(statement: Statement) -> list[Line]:
    """The lines that cost something or may, the dearest first."""
    lines = (line for line in statement.lines if steps(line) and not _idle(line))
    return sorted(lines, key=_dearest, reverse=True)


def worth_telling(total: Total, derived: Sequence[Line]) -> bool:
    """Whether there is anything to say about money; ``derived`` are the lines that cost something or may."""
    return bool(derived or total.returned or total.bank or not total.certain or Decimal(total.least) != 0)


def is_bonus(total: Total) -> bool:
    """Whether it is the customer who owes."""
    return total.most is not None and Decimal(total.least) < 0 and Decimal(total.most) <= 0


def others(page: Page, statement: Statement, total: Total) -> None:
    """What the lines come to that are not shown one by one, and how many met their targets."""
    derived = costing(statement)
    _rest(page, derived[DERIVED:], total.currency)
    lines = [line for line in statement.lines if steps(line)]
    idle = len(lines) - len(derived)
    if idle:
        met = "1 line met its target" if idle == 1 else f"{page.figures.count(idle)} lines met their targets"
        points = all(line.credit and line.credit.unit == "points" for line in lines)
        page.pair(met, between(page, "0", "0", "points" if points else "money", total.currency), indent=2)


def banked(page: Page, total: Total) -> None:
    """What is kept for later credits."""
    for each in total.bank:
        kept = between(page, each.left_least, each.left_most, "money", total.currency)
        until = f", until {page.figures.day(each.until)}" if each.until else ""
        page.pair(f"Kept for later credits, earned in {page.name(each.earned)}{until}", kept, indent=2, hang=2)


def _idle(line: Line) -> bool:
    """Whether the target was met and nothing is owed either way."""
    return line.credit is not None and line.credit.certain and all(
        step.kind == "measured" and step.text == "target met" for step in steps(line)
    )  # fmt: skip


def _dearest(line: Line) -> tuple[bool, Decimal]:
    assert line.credit is not None
    most = line.credit.most
    return most is None, Decimal(line.credit.least.amount if most is None else most.amount)


def owed(page: Page, total: Total) -> str:
    """What is owed by whoever owes it: one amount, both ends of it, or ``at least`` one."""
    return between(page, *payable(total), "money", total.currency)


def payable(total: Total) -> tuple[str, str | None]:
    """The least and the most that whoever owes has to pay; a bonus has no sign then."""
    if total.most is not None and is_bonus(total):
        return total.most.removeprefix("-"), total.least.removeprefix("-")
    return total.least, total.most


def _rest(page: Page, lines: Sequence[Line], currency: str) -> None:
    """What the lines come to together that are not shown, after what crosses them."""
    for unit in ("money", "points"):
        credits = [line.credit for line in lines if line.credit is not None and line.credit.unit == unit]
        if not credits:
            continue
        least = sum((Decimal(each.counted_least) for each in credits), Decimal(0))
        open_ones = [each for each in credits if each.counted_most is None]
        most = None if open_ones else sum((Decimal(each.counted_most or 0) for each in credits), Decimal(0))
        together = between(page, str(least), None if most is None else str(most), unit, currency)
        page.pair(f"and {more(page, len(credits))}, together; every line is in the JSON", together, indent=2)


def _line(page: Page, line: Line, currency: str) -> None:
    credit = line.credit
    assert credit is not None
    name = line_name(page, line, 60)
    if credit.most is None and [step.text for step in credit.least.steps] == [credit.open_because]:
        why = page.name(credit.open_because, 300)
        page.pair(f"{name} {measured(page, line)}: {why}", span(page, credit, currency), indent=2, hang=2)
        return
    for case, amount in cases(page, line, credit):
        owed = between(page, amount.amount, amount.amount, credit.unit, currency)
        how = f", paid {paid_as(credit)}" if paid_as(credit) else ""
        page.pair(f"{name} {case}: {_derived(page, amount, currency)}{how}", owed, indent=2, hang=2)
    if credit.most is None:
        page.pair(f"{name} at worst: {page.name(credit.open_because, 300)}", _NO_BOUND, indent=2, hang=2)
    counted(page, credit, currency)


def cases(page: Page, line: Line, credit: Credit) -> list[tuple[str, Amount]]:
    """The amount, named by what was measured; both ends of it, each named by its value, where they differ."""
    if credit.certain and credit.least.steps == (credit.most or credit.least).steps:
        return [(measured(page, line), credit.least)]
    # Nothing bounds the worst of a value that is open above.
    worst = "" if line.open_above else _one(page, line, line.worst)
    found = [(f"at best{_one(page, line, line.best)}", credit.least)]
    return [*found, (f"at worst{worst}", credit.most)] if credit.most else found


def _derived(page: Page, amount: Amount, currency: str) -> str:
    """The steps of one amount in a row, each cap with what it took off."""
    words = []
    for step, was in stepwise(page, amount, currency):
        text = step.text
        if step.kind == "combined" and step.exact is not None:
            text += f" {money_of(page, currency)(step.exact)}"
        if step.kind == "cap" and was is not None and step.exact is not None and was > step.exact:
            text += f" instead of {money_of(page, currency)(was)}"
        words.append(text)
    return ", ".join(words) or "nothing"


def stepwise(page: Page, amount: Amount, currency: str) -> list[tuple[Told, Fraction | None]]:
    """The steps of one amount as they are told, each with the amount before it."""
    shown = [step for step in amount.steps if step.kind != "rounding"]
    before = [was for step, was in amounts(shown) if step.kind != "fee"]
    return list(zip(told(page, shown, currency), before, strict=True))


def counted(page: Page, credit: Credit, currency: str) -> None:
    """What is not paid of the line beside others, and why; below zero, so that the column adds up."""
    if not credit.counted_because:
        return
    most = credit.most.amount if credit.most else None
    same = (credit.counted_least, credit.counted_most) == (credit.least.amount, most)
    if same:
        return
    kind: StepKind = "cap" if credit.counted_because.startswith("cap ") else "combined"
    why = next(told(page, [StepShown(kind=kind, text=credit.counted_because)], currency)).text
    if credit.certain and most is not None and credit.counted_least == credit.counted_most:
        off = Decimal(credit.counted_least) - Decimal(most)
        word = "not counted" if Decimal(credit.counted_least) == 0 else "less"
        page.pair(f"{word}: {why}", between(page, str(off), str(off), credit.unit, currency), indent=4, hang=2)
        return
    counts = between(page, credit.counted_least, credit.counted_most, credit.unit, currency)
    page.text(f"of which {counts} counts: {why}", indent=4, hang=2)


def _one(page: Page, line: Line, shown: Exact | None) -> str:
    """One end of the value behind a blank; empty where there is none."""
    if shown is None:
        return ""
    exact = value(line, shown)
    return f" {page.figures.span(exact, exact, line.unit, compared(line))}"


def crossing(page: Page, total: Total) -> None:
    """What crosses lines: one column where the least and the most come about alike, else one after another."""
    low, high = (_rows(page, steps, total.currency) for steps in (total.steps_least, total.steps_most))
    money = money_of(page, total.currency)
    if [row.kind for row, _ in low] == [row.kind for row, _ in high]:
        for (one, from_), (other, to) in zip_longest(low, high, fillvalue=(Told("combined", ""), None)):
            # A cap that is reached only where all of it is owed says more than one that is not.
            row = other if other.reached else one
            _row(page, row, _value(page, row, from_, to, money), indent=2)
        return
    for name, rows in (("At least", low), ("At most", high)):
        page.text(f"{name}:", indent=2)
        for row, after in rows:
            _row(page, row, _value(page, row, after, after, money), indent=4)


def _row(page: Page, row: Told, shown: str, indent: int) -> None:
    page.pair(row.text[:1].upper() + row.text[1:], shown, indent=indent, hang=2)


def _rows(page: Page, shown: Sequence[StepShown], currency: str) -> list[tuple[Told, Fraction | None]]:
    """The steps of a total, each with what the total is after it; None where nothing bounds it."""
    rows: list[tuple[Told, Fraction | None]] = []
    after: Fraction | None = None
    for step in gathered(list(told(page, [each for each in shown if each.kind != "returned"], currency))):
        if step.kind == "combined" and rows and step.exact is not None and step.exact == rows[-1][1]:
            continue
        if step.kind == "combined" and step.text == "sum of 1 line":
            after = step.exact
            continue
        if step.kind == "points":
            rows.append((step, step.exact))
            continue
        after = after if step.kind == "cap" and not step.reached else step.exact
        rows.append((step, after))
    return rows


def _value(page: Page, row: Told, low: Fraction | None, high: Fraction | None, money: Money) -> str:
    if not row.reached or row.kind in ("unknown", "bound"):
        return ""
    if row.kind == "points":
        return _span_of_points(page, low, high)
    if low is None or high is None:
        return _NO_BOUND if low is None else f"at least {money(low)}"
    return money(low) if low == high else f"{money(low)}..{money(high)}"


def _span_of_points(page: Page, low: Fraction | None, high: Fraction | None) -> str:
    if low is None or high is None:
        return _NO_BOUND if low is None else f"at least {page.figures.span(low, low, 'number')} points"
    shown = page.figures.span(low, high, "number")
    return f"{shown} {'point' if shown == '1' else 'points'}"


def returned(page: Page, statement: Statement, total: Total) -> None:
    """What is taken off for earlier credits that were earned back, and which those are."""
    money = money_of(page, total.currency)
    taken = {Fraction(total.credited_least) - Fraction(total.least)}
    if total.most is not None and total.credited_most is not None:
        taken.add(Fraction(total.credited_most) - Fraction(total.most))
    if any(taken):
        low, high = min(taken), max(taken)
        shown = f"-{money(low)}" if low == high else f"-{money(high)}..{'-' if low else ''}{money(low)}"
        page.pair("Less what was earned back", shown, indent=2)
    kept = any(each.earned == statement.period.label for each in total.bank)
    for each in total.returned[:_RETURNED]:
        name = _name(page, statement, each)
        amount = between(page, each.least, each.most, "money", total.currency)
        held = ", kept for later credits" if kept else ""
        page.text(f"{name} in {page.name(each.period, 40)}: {amount} earned back{held}", indent=4, hang=2)
    if len(total.returned) > _RETURNED:
        page.text(f"and {more(page, len(total.returned) - _RETURNED)}; each is in the JSON", indent=4)


def _name(page: Page, statement: Statement, returned: ReturnedShown) -> str:
    key = returned.level, returned.of_class, returned.subject
    lines = (line for line in statement.lines if (line.level, line.of_class, line.subject) == key)
    line = next(lines, None)
    return line_name(page, line, 40) if line else ", ".join(page.name(part, 40) for part in key if part)


def claim(page: Page, statement: Statement, total: Total) -> None:
    """By when, on what conditions and with what evidence; only where there is more to say than one day."""
    days = claims(statement) if total.claim_by else {}
    entries = [*_days(page, days), *_conditions(page, total)]
    if not entries:
        return
    page.head("Claim")
    for text in entries:
        page.text(text, indent=2, hang=2)


def _days(page: Page, days: dict[tuple[str, ...], list[Line]]) -> Iterator[str]:
    if len(days) < 2 and all(len(stages) == 1 for stages in days):
        return
    for stages in list(days)[:_DAYS]:
        lines = days[stages]
        name = line_name(page, lines[0], 60) + (f" and {more(page, len(lines) - 1)}" if lines[1:] else "")
        yield f"by {' and then by '.join(page.figures.day(day) for day in stages)}: {name}"
    if len(days) > _DAYS:
        left = len(days) - _DAYS
        last = max(stages[0] for stages in days)
        yield f"and {more(page, left)} day{'' if left == 1 else 's'}, the last {page.figures.day(last)}"


def _conditions(page: Page, total: Total) -> Iterator[str]:
    for text in total.claim_conditions[:_CONDITIONS]:
        yield f"condition: {page.name(text, 300)}"
    if len(total.claim_conditions) > _CONDITIONS:
        yield f"and {more(page, len(total.claim_conditions) - _CONDITIONS)} conditions"
    for text in total.claim_evidence:
        yield f"evidence: {page.name(text, 300)}"
