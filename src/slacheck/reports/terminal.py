"""The statement for a terminal: the verdict and the amount first, then every line that a dispute could turn on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from slacheck.money import decimal_text, rounded
from slacheck.reports import figures
from slacheck.reports.evidence import evidence
from slacheck.reports.layout import Page, Row
from slacheck.reports.remarks import signs, under
from slacheck.reports.view import View
from slacheck.reports.wording import backwards, compared, line_name, margin, measured, more, steps, target_text, value
from slacheck.statement import Credit, Exact, Line, Statement, Statements, StepShown, Total
from slacheck.timeline import zones
from slacheck.verdicts import Verdict

_ROWS = 50
_DERIVED = 20
_NAMED = 3
_PARTY = 60

_MARKS: dict[Verdict, tuple[str, str]] = {
    "breached": ("✗", "bad"),
    "met": ("✓", "good"),
    "indeterminate": ("?", "open"),
    "not-applicable": ("–", "dim"),
}
_KPI_MARK = "·"
_WORDS: dict[Verdict, str] = {
    "breached": "BREACHED",
    "met": "MET",
    "indeterminate": "INDETERMINATE",
    "not-applicable": "NOT APPLICABLE",
}


def render(statements: Statements, view: View) -> str:
    """Every statement, 60 to 100 columns wide, one newline at the end."""
    page = Page(view)
    for number, statement in enumerate(statements.statements):
        if number:
            page.blank()
            page.rule("═")
            page.blank()
        _statement(page, statement)
    if not statements.statements:
        page.text("No statement: no agreement was in force.")
    return "\n".join(page.lines) + "\n"


def _statement(page: Page, statement: Statement) -> None:
    _title(page, statement)
    page.blank()
    _verdict(page, statement)
    page.blank()
    _levels(page, statement)
    if statement.total:
        _credit(page, statement, statement.total)
    evidence(page, statement)


def _title(page: Page, statement: Statement) -> None:
    agreement, period = statement.agreement, statement.period
    page.pair(page.name(agreement.title), page.name(period.title, _PARTY), style="bold")
    if period.part:
        page.pair("", page.name(period.part.title), style="bold")
    shown = period.part or period
    hours = figures.length_of_period(shown.start, shown.end)
    parties = f"{page.name(agreement.provider, _PARTY)} for {page.name(agreement.customer, _PARTY)}"
    page.pair(parties, f"{page.clean(period.timezone)}, {hours}")
    changes = figures.clock_changes(shown.start, shown.end, zones.zone(period.timezone))
    if changes:
        page.pair("", f"clocks {', '.join(changes)}", style="dim")


def _verdict(page: Page, statement: Statement) -> None:
    badge = f" {_WORDS[statement.verdict]}{' so far' if statement.period.running else ''} "
    first, *others = _consequences(page, statement)
    page.marked(badge, first, _MARKS[statement.verdict][1], badge=True)
    if others:
        page.text("; ".join(others), indent=len(badge) + 1)


def _consequences(page: Page, statement: Statement) -> Iterator[str]:
    """What follows from the verdict: who owes what, what could still change it, and until when."""
    total, period = statement.total, statement.period
    zone = zones.zone(period.timezone)
    if total is None or (total.certain and Decimal(total.least) == 0):
        yield from _without_money(page, statement)
    else:
        yield from _owing(page, statement, total)
    if period.running and period.as_of:
        yield f"as of {figures.moment(period.as_of, zone)}; the period ends with {figures.day(period.last_day)}"
    if total and total.claim_by:
        yield f"claim by {figures.day(total.claim_by)}"
    if total and total.pay_by:
        yield f"to be paid by {figures.day(total.pay_by)}"


def _owing(page: Page, statement: Statement, total: Total) -> Iterator[str]:
    agreement = statement.agreement
    least = figures.money(total.least, total.currency, ascii=page.ascii)
    owes = f"{page.name(agreement.provider, _PARTY)} owes {page.name(agreement.customer, _PARTY)}"
    if total.certain and Decimal(total.least) < 0:
        bonus = figures.money(total.least.removeprefix("-"), total.currency, ascii=page.ascii)
        yield f"{page.name(agreement.customer, _PARTY)} owes {page.name(agreement.provider, _PARTY)} {bonus}"
        return
    if total.certain:
        yield f"{owes} {least}"
        return
    settled = [line for line in statement.lines if line.credit and not line.credit.certain]
    until = f"{_named(page, settled)} {'is' if len(settled) == 1 else 'are'} settled"
    if total.most is None:
        yield f"{owes} at least {least}"
        yield f"nothing bounds it from above until {until}"
        return
    most = figures.money(total.most, total.currency, ascii=page.ascii)
    nothing = Decimal(total.least) == 0
    yield f"{owes} between {least} and {most}" if nothing else f"{owes} at least {least}"
    yield f"open until {until}" if nothing else f"up to {most} once {until}"


def _without_money(page: Page, statement: Statement) -> Iterator[str]:
    binding = [line for line in statement.lines if line.role == "service-level"]
    agreed = any(line.credit for line in binding)
    reached = [line for line in binding if line.verdict == statement.verdict]
    many = "service levels" if len({line.level for line in binding}) == len(binding) else "verdicts"
    which = _named(page, reached) if len(reached) <= _NAMED else f"{len(reached):,} of {len(binding):,} {many}"
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


def _named(page: Page, lines: Sequence[Line]) -> str:
    names = [line_name(page, line, 40) for line in lines[:_NAMED]]
    if len(lines) > _NAMED:
        names.append(f"{len(lines) - _NAMED:,} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "the data"


def _levels(page: Page, statement: Statement) -> None:
    lines = _chosen(statement.lines)
    if not lines:
        return
    currency = statement.total.currency if statement.total else ""
    rows, clauses = [], set()
    for line in lines:
        clause = line.clause if line.clause and (line.level, line.clause) not in clauses else None
        clauses.add((line.level, line.clause))
        rows.append(_row(page, line, clause, currency))
    page.table(("Level", "Target", "Measured", "Margin", "Credit"), rows, indent=4, rule=True)
    left = len(statement.lines) - len(lines)
    if left:
        page.text(f"and {more(left)}; every line is in the JSON", indent=4)
    page.text(_key(page, lines), indent=2, style="dim")


def _chosen(lines: Sequence[Line]) -> list[Line]:
    """As many lines as are shown, in their order; where they are too many, the gravest of them first."""
    if len(lines) <= _ROWS:
        return list(lines)
    grave = {"breached": 0, "indeterminate": 1}
    kept = [(grave.get(line.verdict, 2) if line.role == "service-level" else 2, at) for at, line in enumerate(lines)]
    return [lines[at] for _, at in sorted(kept)[:_ROWS]]


def _mark(line: Line) -> tuple[str, str]:
    if line.verdict == "missed" or (line.role == "kpi" and line.verdict != "not-applicable"):
        return _KPI_MARK, "dim"
    return _MARKS[line.verdict]


def _key(page: Page, lines: Sequence[Line]) -> str:
    used = {_mark(line)[0] for line in lines}
    words = [(sign, verdict.replace("-", " ")) for verdict, (sign, _) in _MARKS.items()]
    words.append((_KPI_MARK, "tracked only"))
    return "  ".join(f"{page.glyphs(sign)} {word}" for sign, word in words if sign in used)


def _row(page: Page, line: Line, clause: str | None, currency: str) -> Row:
    mark, style = _mark(line)
    name = line_name(page, line, period=False) + (" (KPI)" if line.role == "kpi" else "")
    target = page.glyphs(signs(page.clean(target_text(line))))
    cells = (name, target, measured(line), margin(line), _owed(page, line, currency))
    return Row(cells, page.glyphs(mark), style, under(page, line, clause))


def _owed(page: Page, line: Line, currency: str) -> str:
    if line.role == "kpi" or line.credit is None or not currency or not steps(line):
        return "-"
    return _span(page, line.credit, currency)


def _span(page: Page, credit: Credit, currency: str) -> str:
    """What a credit comes to: one amount, two, or ``at least`` one; points as they stand."""
    if credit.unit == "points":
        least, most = credit.least.amount, credit.most.amount if credit.most else None
        many = "point" if least == most == "1" else "points"
        shown = least if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        return f"{shown} {many}"
    least = credit.least.amount
    if credit.most is None:
        return f"at least {figures.money(least, currency, ascii=page.ascii)}"
    return figures.money_span(least, credit.most.amount, currency, ascii=page.ascii)


def _credit(page: Page, statement: Statement, total: Total) -> None:
    derived = [line for line in statement.lines if steps(line)]
    if not derived:
        return
    page.head("Credit")
    derived.sort(key=_dearest, reverse=True)
    for line in derived[:_DERIVED]:
        _derivation(page, line, total.currency)
    if len(derived) > _DERIVED:
        page.text(f"and {more(len(derived) - _DERIVED)}; every line is in the JSON", indent=2)
    for step in total.steps_most if total.most is not None else total.steps_least:
        if step.kind == "combined" and step.text == "sum of 1 line":
            continue
        page.pair(_capital(_step(page, step)), _exactly(page, step, total.currency), indent=2, hang=2)
    page.pair("Owed", _owed_in_all(page, total), indent=2, style="bold")
    _earned_back(page, statement, total)


def _earned_back(page: Page, statement: Statement, total: Total) -> None:
    """Which earlier credits are returned with this statement, and what of them is kept for later."""
    titles = {line.level: line.title for line in statement.lines}
    for each in total.returned:
        title = titles.get(each.level, each.level)
        whose = ", ".join(page.clean(name) for name in (title, each.of_class, each.subject) if name)
        page.pair(f"Earned back: {whose} of {each.period}", _from_to(page, each.least, each.most, total), indent=2)
    for kept in total.bank:
        until = f", until {figures.day(kept.until)}" if kept.until else ""
        shown = _from_to(page, kept.left_least, kept.left_most, total)
        page.pair(f"Kept for later credits, earned back in {kept.earned}{until}", shown, indent=2)


def _from_to(page: Page, least: str, most: str | None, total: Total) -> str:
    return figures.money_span(least, least if most is None else most, total.currency, ascii=page.ascii)


def _dearest(line: Line) -> tuple[bool, Decimal]:
    assert line.credit is not None
    most = line.credit.most
    return most is None, Decimal(line.credit.least.amount if most is None else most.amount)


def _owed_in_all(page: Page, total: Total) -> str:
    if total.most is None:
        return f"at least {figures.money(total.least, total.currency, ascii=page.ascii)}"
    return figures.money_span(total.least, total.most, total.currency, ascii=page.ascii)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _derivation(page: Page, line: Line, currency: str) -> None:
    credit = line.credit
    assert credit is not None
    name = line_name(page, line, 60)
    cases = [(measured(line), credit.least)]
    if not credit.certain or credit.least.steps != (credit.most or credit.least).steps:
        # Nothing bounds the worst of a value that is open above.
        best, worst = _one(line, line.best), "" if line.open_above else f" {_one(line, line.worst)}"
        cases = [(f"at best {best}", credit.least)]
        cases += [(f"at worst{worst}", credit.most)] if credit.most else []
    for case, amount in cases:
        shown = [_step(page, step) for step in amount.steps if step.kind not in ("fee", "rounding")]
        owed = amount.amount if credit.unit == "points" else figures.money(amount.amount, currency, ascii=page.ascii)
        page.pair(f"{name} {case}: {', '.join(shown) or 'nothing'}", owed, indent=2, hang=2)
    if credit.counted_because:
        page.pair(_capital(page.clean(credit.counted_because)), _counted(page, credit, currency), indent=4, hang=2)
    if credit.most is None:
        page.text(f"{name}: no upper bound, {page.clean(credit.open_because)}", indent=2)


def _counted(page: Page, credit: Credit, currency: str) -> str:
    """What is left of a credit after it was compared with others."""
    least, most = credit.counted_least, credit.counted_most
    if credit.unit == "points":
        return least if least == most else f"at least {least}" if most is None else f"{least} to {most}"
    if most is None:
        return f"at least {figures.money(least, currency, ascii=page.ascii)}"
    return figures.money_span(least, most, currency, ascii=page.ascii)


def _one(line: Line, shown: Exact | None) -> str:
    if shown is None:
        return "not measured"
    exact = value(line, shown)
    return figures.span(exact, exact, line.unit, compared(line))


def _step(page: Page, step: StepShown) -> str:
    return page.glyphs(signs(page.clean(step.text)))


def _exactly(page: Page, step: StepShown, currency: str) -> str:
    """The amount after a step, where it changed one; how many points there are."""
    if step.kind == "points" and step.exact is not None:
        return decimal_text(Fraction(step.exact))
    if step.exact is None or step.kind not in ("combined", "cap", "returned"):
        return ""
    return figures.money(str(rounded(Fraction(step.exact), currency)), currency, ascii=page.ascii)
